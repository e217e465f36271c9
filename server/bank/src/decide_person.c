/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of personal data: revealing, erasing, consent, keys. What is destroyed and sealed anew is
 * the engine's. Pure.
 */
#include "decision.h"

/* It stands in the member's history, so that the member can be told who looked, and why. */
void decide_reveal(struct decision *decision)
{
    uint64_t member = decision->command->act.reveal;
    struct member_row row;
    if (!decision_link_member(decision, member, &row)) {
        decision_refuse_with(decision, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
    }
}

void decide_member_erase(struct decision *decision)
{
    uint64_t member = decision->command->act.member_erase;
    struct member_row row;
    if (!decision_link_member(decision, member, &row)) {
        decision_refuse_with(decision, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
    } else if (row.status == MEMBER_ERASED) {
        decision_refuse_with(decision, LB_MEMBER_ERASED, (int64_t)member, 0, 0);
    } else if (row.status != MEMBER_CLOSED) {
        decision_refuse_with(decision, LB_MEMBER_NOT_CLOSED, (int64_t)member, 0, 0);
    }
}

void decide_consent_set(struct decision *decision)
{
    struct member_row row;
    (void)decision_resolve_open_member(decision, decision->command->act.consent_set.member, &row);
}

void decide_key_rotate(struct decision *decision)
{
    (void)decision; /* recorded; the engine acts on it */
}
