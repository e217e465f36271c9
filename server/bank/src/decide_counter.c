/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of the counter: stock received, goods redeemed; and of services asked for, given and
 * released, whose points are held in between. Pure.
 */
#include "decision.h"

#include "base/checked.h"

/* The counter where it happens: the entry becomes the newest of its chain, also when refused. */
static struct counter_row require_counter(struct decision *decision, uint32_t counter)
{
    struct counter_row row = {.counter = counter};
    if (counter_get(decision->views, counter, &row)) {
        decision_link_chain(decision, CHAIN_COUNTER, counter);
    } else {
        decision_refuse_with(decision, LB_COUNTER_UNKNOWN, counter, 0, 0);
    }
    return row;
}

/* The item with the price of that day, and of the kind wanted. false: refused. */
static bool resolve_item(struct decision *decision, uint32_t item, enum item_kind kind,
                         struct item_row *row)
{
    if (!item_on(decision->views, item, decision->day, row)) {
        if (dated_exists(decision->views, DATED_ITEM, item)) {
            decision_refuse_with(decision, LB_PRICE_UNKNOWN, item, decision->day, 0);
        } else {
            decision_refuse_with(decision, LB_ITEM_UNKNOWN, item, 0, 0);
        }
        return false;
    }
    if (row->item.kind != kind) {
        decision_refuse_with(decision, LB_WRONG_ITEM_KIND, item, 0, 0);
        return false;
    }
    return true;
}

void decide_stock_receive(struct decision *decision)
{
    const struct act_stock_receive *act = &decision->command->act.stock_receive;
    struct entry *entry = decision->entry;
    struct counter_row counter = require_counter(decision, act->counter);
    struct account donor = {ACCOUNT_DONOR, act->counter};
    struct account stock = {ACCOUNT_STOCK, act->counter};
    entry->org = counter.org;
    entry->assigned = sequence_last(decision->views, SEQUENCE_DELIVERY) + 1;
    if (entry->assigned + act->line_count > UINT32_MAX) {
        decision_refuse_with(decision, LB_AMOUNT_OVERFLOW, 0, 0, 0);
    }
    for (size_t i = 0; i < act->line_count; i++) {
        const struct stock_line *line = &act->lines[i];
        struct item_row item;
        if (!resolve_item(decision, line->item, ITEM_GOODS, &item)) {
            continue;
        }
        uint64_t best_before =
            line->best_before_day == DAY_NONE ? LOT_NEVER : (uint64_t)line->best_before_day;
        uint64_t lot = lot_of_goods(best_before, (uint32_t)(entry->assigned + i));
        posting_list_move(&entry->postings, donor, stock, (struct asset){ASSET_GOODS, line->item},
                          lot, line->quantity);
    }
}

/* Adds a line at the price of the day. false: refused. */
static bool price_line(struct decision *decision, uint32_t item, int64_t quantity,
                       enum item_kind kind, int64_t *total_centi)
{
    struct entry *entry = decision->entry;
    struct item_row row;
    int64_t cost;
    if (!resolve_item(decision, item, kind, &row)) {
        return false;
    }
    if (!checked_mul_i64(quantity, row.item.price_centi, &cost) ||
        !checked_add_i64(*total_centi, cost, total_centi)) {
        decision_refuse_with(decision, LB_AMOUNT_OVERFLOW, 0, 0, 0);
        return false;
    }
    entry->lines[entry->line_count++] = (struct priced_line){.item = item,
                                                             .quantity = quantity,
                                                             .price_centi = row.item.price_centi,
                                                             .price_entry = row.entry};
    return true;
}

/* Takes points that can be spent on the business day, first to expire first. */
static void take_points(struct decision *decision, const struct member_row *row, struct account to,
                        int64_t total_centi)
{
    struct account own = {ACCOUNT_MEMBER, row->member};
    uint64_t lot_min = decision_lot_min(decision);
    if (row->balances.debt_centi > 0) {
        decision_refuse_with(decision, LB_IN_DEBT, row->balances.debt_centi, 0, 0);
    }
    int64_t missing = book_spend(decision->views, &decision->entry->postings, own, to,
                                 ASSET_OF_POINTS, lot_min, total_centi);
    if (missing > 0) {
        struct book_row first = {.amount = 0};
        (void)book_next_lot(decision->views, own, ASSET_OF_POINTS, lot_min, &first);
        decision_refuse_with(decision, LB_POINTS_INSUFFICIENT, total_centi - missing, total_centi,
                             first.lot < LOT_NEVER ? first.amount : 0);
    }
}

void decide_redeem(struct decision *decision)
{
    const struct act_redeem *act = &decision->command->act.redeem;
    struct entry *entry = decision->entry;
    struct account stock = {ACCOUNT_STOCK, act->counter};
    struct account out = {ACCOUNT_HANDED_OUT, act->counter};
    struct member_row row;
    int64_t total_centi = 0;
    entry->org = require_counter(decision, act->counter).org;
    bool is_member = decision_resolve_member(decision, act->member, &row);
    for (size_t i = 0; i < act->line_count; i++) {
        const struct redeem_line *line = &act->lines[i];
        struct asset goods = {ASSET_GOODS, line->item};
        if (!price_line(decision, line->item, line->quantity, ITEM_GOODS, &total_centi)) {
            continue;
        }
        int64_t missing =
            book_spend(decision->views, &entry->postings, stock, out, goods, 0, line->quantity);
        if (missing > 0) {
            decision_refuse_with(decision, LB_STOCK_INSUFFICIENT, line->item,
                                 line->quantity - missing, line->quantity);
        }
    }
    if (is_member) {
        take_points(decision, &row, (struct account){ACCOUNT_REDEEMED, act->counter}, total_centi);
    }
}

void decide_service_ask(struct decision *decision)
{
    const struct act_service_ask *act = &decision->command->act.service_ask;
    struct member_row row;
    int64_t total_centi = 0;
    decision->entry->org = require_counter(decision, act->counter).org;
    bool is_member = decision_resolve_member(decision, act->member, &row);
    (void)price_line(decision, act->item, act->quantity, ITEM_SERVICE, &total_centi);
    if (is_member) {
        take_points(decision, &row, (struct account){ACCOUNT_HELD, row.member}, total_centi);
    }
}

/* Moves what the ask holds, lot by lot, to where it goes now; copies its lines and its member. */
static bool settle_ask(struct decision *decision, const struct entry_ref *ref, bool is_given)
{
    struct entry *entry = decision->entry;
    const struct entry *ask = decision_resolve_entry(decision, ref);
    uint64_t settled_by = 0;
    if (ask == NULL) {
        return false;
    }
    if (!ask_get(decision->views, entry->target_entry, &settled_by)) {
        decision_refuse_with(decision, LB_NOT_AN_ASK, (int64_t)entry->target_entry, 0, 0);
        return false;
    }
    decision_follow_counter(decision, ask);
    uint64_t member = ask->links[0].member;
    struct account held = {ACCOUNT_HELD, member};
    struct account to =
        is_given ? (struct account){ACCOUNT_REDEEMED, ask->command.act.service_ask.counter}
                 : (struct account){ACCOUNT_MEMBER, member};
    for (size_t i = 0; i < ask->postings.count; i++) {
        const struct posting *posting = &ask->postings.items[i];
        if (account_equal(posting->account, held)) {
            posting_list_move(&entry->postings, held, to, posting->asset, posting->lot,
                              posting->amount);
        }
    }
    for (size_t i = 0; is_given && i < ask->line_count; i++) {
        entry->lines[entry->line_count++] = ask->lines[i];
    }
    entry->org = ask->org;
    if (decision->day < ask->day) {
        decision_refuse_with(decision, LB_BEFORE_ASKED, decision->day, ask->day, 0);
    }
    if (settled_by != 0) {
        decision_refuse_with(decision, LB_ASK_CLOSED, (int64_t)entry->target_entry,
                             (int64_t)settled_by, 0);
    }
    struct member_row row;
    return decision_link_member(decision, member, &row);
}

void decide_service_give(struct decision *decision)
{
    const struct act_service_give *act = &decision->command->act.service_give;
    bool has_giver = act->giver.member != 0 || act->giver.card != 0;
    struct member_row row;
    bool is_ask = settle_ask(decision, &act->ask, true);
    if (!has_giver || !decision_resolve_member(decision, act->giver, &row)) {
        return;
    }
    if (is_ask && row.member == decision->entry->links[0].member) {
        decision_refuse_with(decision, LB_GIVER_IS_ASKER, (int64_t)row.member, 0, 0);
        decision->entry->link_count = 1; /* both are the same */
    }
    const struct service_claim claim = {
        .category = act->category, .minutes = act->minutes, .start_minute = act->start_minute};
    decide_service_earn(decision, &row, &claim);
}

void decide_service_release(struct decision *decision)
{
    (void)settle_ask(decision, &decision->command->act.service_release, false);
}
