/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of opening balances: what a member brings along from paper. It comes from the opening
 * account of the member's org, is not earned, and pays debt first, as what is earned does. Pure.
 */
#include "decision.h"

#include "base/assert.h"

static void check_days(struct decision *decision, const struct act_opening_balance *act)
{
    int32_t day = decision->day;
    if (act->last_day != DAY_NONE && act->last_day < day) {
        decision_refuse_with(decision, LB_POINTS_ENDED, act->last_day, day, 0);
    }
    if (act->minutes > 0 && (int32_t)act->year > date_year_of_day(day)) {
        int32_t begins = date_to_day((struct date){(int32_t)act->year, 1, 1});
        decision_refuse_with(decision, LB_DATE_IN_FUTURE, begins, day, 0);
    }
}

void decide_opening_balance(struct decision *decision)
{
    const struct act_opening_balance *act = &decision->command->act.opening_balance;
    struct posting_list *postings = &decision->entry->postings;
    struct member_row row;
    check_days(decision, act);
    if (!decision_resolve_member(decision, act->member, &row)) {
        return;
    }
    uint64_t org = member_row_org_on(decision->views, &row, decision->day);
    if (org != 0) { /* 0: not joined yet on that day, which is refused already */
        decision_require_org(decision, org);
    }
    if (!decision_stands(decision)) {
        return;
    }
    LB_ASSERT(org != 0);
    const struct account opening = {ACCOUNT_OPENING, org};
    const struct account own = {ACCOUNT_MEMBER, row.member};
    decision->entry->org = org;
    if (act->minutes > 0) {
        posting_list_move(postings, opening, own, ASSET_OF_MINUTES, act->year, act->minutes);
    }
    if (act->points_centi > 0) {
        uint64_t lot = act->last_day == DAY_NONE ? LOT_NEVER : (uint64_t)act->last_day;
        posting_list_move(postings, opening, own, ASSET_OF_POINTS, lot, act->points_centi);
        if (row.balances.debt_centi > 0) {
            book_settle_debt(decision->views, postings, row.member, opening, lot);
        }
    }
}
