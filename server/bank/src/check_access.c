/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of acts on operators, devices, credentials and roles. Pure.
 */
#include "check.h"

void check_access(struct check *check, const struct command *command)
{
    (void)check;
    (void)command;
}
