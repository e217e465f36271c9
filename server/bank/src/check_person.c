/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of acts on the policy, proposals and personal data. Pure.
 */
#include "check.h"

#define BACK_DAYS_MAX 36500

static void check_policy(struct check *check, const struct act_policy_set *act)
{
    check_range(check, "service_minutes", act->service_minutes, 0, LB_DAY_MINUTES);
    check_range(check, "points", act->points_centi, 0, LB_POINTS_CENTI_MAX);
    check_range(check, "back_days", act->back_days, 0, BACK_DAYS_MAX);
    check_range(check, "undo_minutes", act->undo_minutes, 0, LB_DAY_MINUTES);
    check_number(check, "proposal_days", act->proposal_days, LB_PROPOSAL_DAYS_MAX);
}

static void check_memo_is_given(struct check *check, const struct command *command)
{
    if (command->memo.size == 0) {
        check_complain_missing(check, "memo");
    }
}

void check_person_act(struct check *check, const struct command *command)
{
    if (command->kind == ACT_POLICY_SET) {
        check_policy(check, &command->act.policy_set);
    } else if (command->kind == ACT_PROPOSAL_DECIDE) {
        check_entry_ref(check, "proposal", &command->act.proposal_decide.proposal);
        if (!command->act.proposal_decide.confirm) { /* who is refused is told why */
            check_memo_is_given(check, command);
        }
    } else if (command->kind == ACT_REVEAL) {
        check_number(check, "member", command->act.reveal, LB_MEMBER_MAX);
        check_memo_is_given(check, command);
    } else if (command->kind == ACT_MEMBER_ERASE) {
        check_number(check, "member", command->act.member_erase, LB_MEMBER_MAX);
    } else if (command->kind == ACT_CONSENT_SET) {
        check_number(check, "member", command->act.consent_set.member, LB_MEMBER_MAX);
    }
}
