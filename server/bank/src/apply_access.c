/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold of acts on operators, devices, credentials and roles. Pure.
 */
#include "apply.h"

void apply_access(struct views views, const struct entry *entry)
{
    (void)views;
    (void)entry;
}
