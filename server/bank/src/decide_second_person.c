/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of the second person: the policy, and proposals decided. Pure.
 */
#include "decision.h"

void decide_policy_set(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_proposal_decide(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}
