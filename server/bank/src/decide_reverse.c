/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of reversal: what can be reversed, once, and what it takes back. The postings are the
 * book's mirror (ledger/book.h). Pure.
 */
#include "decision.h"

static bool kind_is_reversible(enum act_kind kind)
{
    return kind == ACT_SERVICE_RECORD || kind == ACT_REDEEM || kind == ACT_SERVICE_ASK ||
           kind == ACT_SERVICE_GIVE || kind == ACT_STOCK_RECEIVE || kind == ACT_OPENING_BALANCE;
}

static void refuse_obstacle(struct decision *decision, const struct book_obstacle *obstacle)
{
    if (obstacle->code == LB_POINTS_HELD) {
        decision_refuse_with(decision, LB_POINTS_HELD, obstacle->has, obstacle->needs, 0);
    } else if (obstacle->code == LB_GOODS_GONE) {
        decision_refuse_with(decision, LB_GOODS_GONE, obstacle->item, obstacle->has,
                             obstacle->needs);
    } else if (obstacle->code != LB_OK) {
        decision_refuse_with(decision, LB_NOT_REVERSIBLE, (int64_t)decision->entry->target_entry, 0,
                             0);
    }
}

/* An ask can be taken back while it is open. */
static void check_ask_is_open(struct decision *decision, uint64_t ask)
{
    uint64_t settled_by = 0;
    if (ask_get(decision->views, ask, &settled_by) && settled_by != 0) {
        decision_refuse_with(decision, LB_ASK_CLOSED, (int64_t)ask, (int64_t)settled_by, 0);
    }
}

void decide_reverse(struct decision *decision)
{
    struct entry *entry = decision->entry;
    const struct entry *target = decision_resolve_entry(decision, &decision->command->act.reverse);
    if (target == NULL) {
        return;
    }
    uint64_t number = entry->target_entry;
    if (target->verdict.code != LB_OK || !kind_is_reversible(target->command.kind)) {
        decision_refuse_with(decision, LB_NOT_REVERSIBLE, (int64_t)number, 0, 0);
        return;
    }
    for (size_t i = 0; i < target->link_count; i++) {
        struct member_row row;
        (void)decision_link_member(decision, target->links[i].member, &row);
    }
    decision_follow_counter(decision, target);
    entry->org = target->org;
    uint64_t by = reversed_by(decision->views, number);
    if (by != 0) {
        decision_refuse_with(decision, LB_ALREADY_REVERSED, (int64_t)number, (int64_t)by, 0);
        return;
    }
    if (target->command.kind == ACT_SERVICE_ASK) {
        check_ask_is_open(decision, number);
    }
    if (decision_stands(decision)) {
        struct book_obstacle obstacle = book_mirror(decision->views, &entry->postings,
                                                    target->postings.items, target->postings.count);
        refuse_obstacle(decision, &obstacle);
    }
}
