/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of acts on the policy, proposals and personal data. Pure.
 */
#include "check.h"

void check_person_act(struct check *check, const struct command *command)
{
    (void)check;
    (void)command;
}
