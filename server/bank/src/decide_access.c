/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of operators, devices, credentials and roles. Pure.
 */
#include "decision.h"

void decide_operator_open(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_device_open(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_principal_set(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_credential_set(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_role_set(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}
