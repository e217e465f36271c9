/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold of acts on the policy, proposals and personal data. Pure.
 */
#include "apply.h"

enum lb_result apply_person_act(const struct bank *bank, const struct entry *entry)
{
    (void)bank;
    (void)entry;
    return LB_INTERNAL;
}
