/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of personal data: revealing, erasing, consent, keys. Pure.
 */
#include "decision.h"

void decide_reveal(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_member_erase(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_consent_set(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}

void decide_key_rotate(struct decision *decision)
{
    decision_refuse_with(decision, LB_INTERNAL, 0, 0, 0);
}
