/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The reference's rules: service and its points, the counter, services asked for, reversal. One
 * thread.
 */
#include "model_rules.h"

#include "base/date.h"

#include "base/assert.h"

/* ---- service ---- */

struct claim {
    uint64_t member;
    uint32_t category;
    uint32_t minutes;
    int32_t start_minute;
    uint64_t org;
};

static void check_day(struct making *making, const struct claim *claim, uint32_t minutes_max)
{
    int32_t day = making->entry->day;
    int64_t total = 0;
    int64_t begin = (int64_t)day * LB_DAY_MINUTES + claim->start_minute;
    for (int32_t near = day - 1; near <= day + 1; near++) { /* by day, then in order of entry */
        for (size_t i = 0; i < making->ref->entry_count; i++) {
            const struct ref_entry *other = &making->ref->entries[i];
            const struct command *command = &other->command;
            if (other->answer.code != LB_OK || other->day != near ||
                other->answer.earning.member != claim->member ||
                ref_reversed_by(making->ref, i + 1) != 0) {
                continue;
            }
            int32_t start = command->kind == ACT_SERVICE_GIVE
                                ? command->act.service_give.start_minute
                                : command->act.service_record.start_minute;
            int64_t other_begin = (int64_t)near * LB_DAY_MINUTES + start;
            uint32_t other_minutes = other->answer.earning.minutes;
            if (claim->start_minute >= 0 && start >= 0 && begin < other_begin + other_minutes &&
                other_begin < begin + claim->minutes) {
                making_refuse(making, LB_OVERLAP, (int64_t)i + 1, start, other_minutes);
            }
            total += near == day ? other_minutes : 0;
        }
    }
    if (total + claim->minutes > minutes_max) {
        making_refuse(making, LB_OVER_DAY, total, claim->minutes, minutes_max);
    }
}

static uint64_t expiry_of(const struct act_tariff_set *tariff, int32_t day)
{
    struct date date = date_from_day(day);
    date.year += (int32_t)tariff->expiry_years;
    if (tariff->expiry_kind == EXPIRY_NEVER) {
        return LOT_NEVER;
    }
    if (tariff->expiry_kind == EXPIRY_YEAR_END) {
        date.month = 12;
        date.day = 31;
    } else if (!date_is_valid(date)) { /* 29 February */
        date.day = 28;
    }
    return (uint64_t)date_to_day(date);
}

/* What was just credited pays debt first, the oldest lot before the others. */
static void pay_debt(struct making *making, struct account from, uint64_t member, uint64_t new_lot,
                     int64_t left)
{
    static struct ref_lots debts;
    struct account own = {ACCOUNT_MEMBER, member};
    struct account debt = {ACCOUNT_DEBT, member};
    ref_lots_of(making->ref, debt, ASSET_OF_POINTS, making->entry->move_first, &debts);
    for (size_t i = 0; i < debts.count && left > 0; i++) {
        int64_t pays = -debts.items[i].amount < left ? -debts.items[i].amount : left;
        uint64_t lot = debts.items[i].lot;
        ref_move(making->ref, making->entry, own, ASSET_OF_POINTS, new_lot, -pays);
        ref_move(making->ref, making->entry, from, ASSET_OF_POINTS, new_lot, pays);
        ref_move(making->ref, making->entry, from, ASSET_OF_POINTS, lot, -pays);
        ref_move(making->ref, making->entry, debt, ASSET_OF_POINTS, lot, pays);
        left -= pays;
    }
}

static void earn(struct making *making, const struct claim *claim)
{
    struct ref_entry *entry = making->entry;
    uint64_t org = claim->org;
    if (org == 0) {
        org = ref_member_org_on(making->ref, claim->member, entry->day);
    }
    if (org != 0) {
        making_need_org(making, org);
    }
    uint64_t number = ref_dated(making->ref, ACT_TARIFF_SET, claim->category, entry->day);
    if (number == 0) {
        bool exists = ref_exists(making->ref, ACT_TARIFF_SET, claim->category);
        making_refuse(making, exists ? LB_TARIFF_UNKNOWN : LB_CATEGORY_UNKNOWN, claim->category,
                      exists ? entry->day : 0, 0);
        return;
    }
    const struct act_tariff_set *tariff =
        &ref_entry_at(making->ref, number)->command.act.tariff_set;
    check_day(making, claim, tariff->day_minutes_max);
    if (entry->answer.code != LB_OK) {
        return;
    }
    uint32_t counted = claim->minutes / tariff->rounding_minutes * tariff->rounding_minutes;
    struct earning earning = {.member = claim->member,
                              .category = claim->category,
                              .tariff_entry = number,
                              .minutes = claim->minutes,
                              .counted_minutes = counted,
                              .points_centi = tariff->points_per_hour_centi *
                                              tariff->coefficient_permille * counted / 60 / 1000,
                              .lot = expiry_of(tariff, entry->day)};
    struct account issuer = {ACCOUNT_ISSUER, org};
    struct account own = {ACCOUNT_MEMBER, claim->member};
    uint64_t year = (uint64_t)date_from_day(entry->day).year;
    ref_move(making->ref, entry, issuer, ASSET_OF_MINUTES, year, -(int64_t)claim->minutes);
    ref_move(making->ref, entry, own, ASSET_OF_MINUTES, year, claim->minutes);
    ref_move(making->ref, entry, issuer, ASSET_OF_POINTS, earning.lot, -earning.points_centi);
    ref_move(making->ref, entry, own, ASSET_OF_POINTS, earning.lot, earning.points_centi);
    pay_debt(making, issuer, claim->member, earning.lot, earning.points_centi);
    entry->answer.earning = earning;
}

void making_record(struct making *making)
{
    const struct act_service_record *act = &making->command->act.service_record;
    if (act->activity > ref_last_activity(making->ref)) {
        making_refuse(making, LB_ACTIVITY_UNKNOWN, (int64_t)act->activity, 0, 0);
    }
    if (act->org != 0) {
        making_need_org(making, act->org);
    }
    uint64_t member = making_need_acting_member(making, act->member);
    if (member != 0) {
        struct claim claim = {member, act->category, act->minutes, act->start_minute, act->org};
        earn(making, &claim);
    }
}

/* What comes from the opening account is nobody's earning. */
void making_opening(struct making *making)
{
    const struct act_opening_balance *act = &making->command->act.opening_balance;
    struct ref_entry *entry = making->entry;
    uint64_t member = making_need_acting_member(making, act->member);
    uint64_t org = member == 0 ? 0 : ref_member_org_on(making->ref, member, entry->day);
    if (org != 0) {
        making_need_org(making, org);
    }
    if (act->last_day != DAY_NONE && act->last_day < entry->day) {
        making_refuse(making, LB_POINTS_ENDED, act->last_day, entry->day, 0);
    }
    if (act->minutes != 0 && (int32_t)act->year > date_from_day(entry->day).year) {
        struct date begins = {(int32_t)act->year, 1, 1};
        making_refuse(making, LB_DATE_IN_FUTURE, date_to_day(begins), entry->day, 0);
    }
    if (entry->answer.code != LB_OK) {
        return;
    }
    struct account opening = {ACCOUNT_OPENING, org};
    struct account own = {ACCOUNT_MEMBER, member};
    uint64_t lot = act->last_day == DAY_NONE ? LOT_NEVER : (uint64_t)act->last_day;
    ref_move(making->ref, entry, opening, ASSET_OF_MINUTES, act->year, -(int64_t)act->minutes);
    ref_move(making->ref, entry, own, ASSET_OF_MINUTES, act->year, act->minutes);
    ref_move(making->ref, entry, opening, ASSET_OF_POINTS, lot, -act->points_centi);
    ref_move(making->ref, entry, own, ASSET_OF_POINTS, lot, act->points_centi);
    pay_debt(making, opening, member, lot, act->points_centi);
}

/* ---- counter ---- */

static void need_counter(struct making *making, uint32_t counter)
{
    if (!ref_exists(making->ref, ACT_COUNTER_OPEN, counter)) {
        making_refuse(making, LB_COUNTER_UNKNOWN, counter, 0, 0);
    }
    making->entry->counter = counter;
}

/* The entry that set its price on that day; 0: refused. */
static uint64_t need_item(struct making *making, uint32_t item, enum item_kind kind)
{
    uint64_t price = ref_dated(making->ref, ACT_ITEM_SET, item, making->entry->day);
    if (!ref_exists(making->ref, ACT_ITEM_SET, item)) {
        making_refuse(making, LB_ITEM_UNKNOWN, item, 0, 0);
        return 0;
    }
    if (price == 0) {
        making_refuse(making, LB_PRICE_UNKNOWN, item, making->entry->day, 0);
        return 0;
    }
    if (making_kind_of_item(making->ref, item) != kind) {
        making_refuse(making, LB_WRONG_ITEM_KIND, item, 0, 0);
        return 0;
    }
    return price;
}

void making_stock(struct making *making)
{
    const struct act_stock_receive *act = &making->command->act.stock_receive;
    uint64_t delivery = ref_last_delivery(making->ref);
    need_counter(making, act->counter);
    for (size_t i = 0; i < act->line_count; i++) {
        const struct stock_line *line = &act->lines[i];
        struct asset goods = {ASSET_GOODS, line->item};
        uint64_t best_before =
            line->best_before_day == DAY_NONE ? LOT_NEVER : (uint64_t)line->best_before_day;
        uint64_t lot = best_before * (UINT64_C(1) << 32) + delivery + i + 1;
        struct account donor = {ACCOUNT_DONOR, act->counter};
        struct account stock = {ACCOUNT_STOCK, act->counter};
        if (need_item(making, line->item, ITEM_GOODS) != 0) {
            ref_move(making->ref, making->entry, donor, goods, lot, -line->quantity);
            ref_move(making->ref, making->entry, stock, goods, lot, line->quantity);
        }
    }
    making->entry->answer.assigned = delivery + 1;
}

/* Takes what is there out of the lots from `lot_min` on, in order. Returns what was missing. */
static int64_t take(struct making *making, struct account from, struct account to,
                    struct asset asset, uint64_t lot_min, int64_t amount)
{
    static struct ref_lots lots;
    ref_lots_of(making->ref, from, asset, making->ref->move_count, &lots);
    for (size_t i = 0; i < lots.count && amount > 0; i++) {
        int64_t taken = lots.items[i].amount < amount ? lots.items[i].amount : amount;
        if (lots.items[i].lot >= lot_min) {
            ref_move(making->ref, making->entry, from, asset, lots.items[i].lot, -taken);
            ref_move(making->ref, making->entry, to, asset, lots.items[i].lot, taken);
            amount -= taken;
        }
    }
    return amount;
}

static void pay(struct making *making, uint64_t member, struct account to, int64_t price_centi)
{
    static struct ref_lots lots;
    struct account own = {ACCOUNT_MEMBER, member};
    struct member_balances has = ref_balances_of(making->ref, member);
    uint64_t today = making->entry->day > 0 ? (uint64_t)making->entry->day : 0;
    int64_t first = 0;
    if (has.debt_centi > 0) {
        making_refuse(making, LB_IN_DEBT, has.debt_centi, 0, 0);
    }
    ref_lots_of(making->ref, own, ASSET_OF_POINTS, making->ref->move_count, &lots);
    for (size_t i = lots.count; i > 0; i--) {
        bool expires = lots.items[i - 1].lot < LOT_NEVER;
        first = lots.items[i - 1].lot < today ? first : expires ? lots.items[i - 1].amount : 0;
    }
    int64_t missing = take(making, own, to, ASSET_OF_POINTS, today, price_centi);
    if (missing > 0) {
        making_refuse(making, LB_POINTS_INSUFFICIENT, price_centi - missing, price_centi, first);
    }
}

/* Adds a line to the bill. Returns what it costs. */
static int64_t bill(struct making *making, uint32_t item, int64_t quantity, enum item_kind kind)
{
    struct ref_answer *answer = &making->entry->answer;
    uint64_t price_entry = need_item(making, item, kind);
    if (price_entry == 0) {
        return 0;
    }
    int64_t price = ref_entry_at(making->ref, price_entry)->command.act.item_set.price_centi;
    LB_ASSERT(answer->line_count < REF_LINES_MAX);
    answer->lines[answer->line_count++] = (struct priced_line){item, quantity, price, price_entry};
    return price * quantity;
}

void making_redeem(struct making *making)
{
    const struct act_redeem *act = &making->command->act.redeem;
    int64_t price_centi = 0;
    need_counter(making, act->counter);
    uint64_t member = making_need_acting_member(making, act->member);
    for (size_t i = 0; i < act->line_count; i++) {
        const struct redeem_line *line = &act->lines[i];
        price_centi += bill(making, line->item, line->quantity, ITEM_GOODS);
        int64_t missing = take(making, (struct account){ACCOUNT_STOCK, act->counter},
                               (struct account){ACCOUNT_HANDED_OUT, act->counter},
                               (struct asset){ASSET_GOODS, line->item}, 0, line->quantity);
        if (missing > 0) {
            making_refuse(making, LB_STOCK_INSUFFICIENT, line->item, line->quantity - missing,
                          line->quantity);
        }
    }
    if (member != 0) {
        pay(making, member, (struct account){ACCOUNT_REDEEMED, act->counter}, price_centi);
    }
}

void making_ask(struct making *making)
{
    const struct act_service_ask *act = &making->command->act.service_ask;
    need_counter(making, act->counter);
    uint64_t member = making_need_acting_member(making, act->member);
    int64_t price_centi = bill(making, act->item, act->quantity, ITEM_SERVICE);
    if (member != 0) {
        pay(making, member, (struct account){ACCOUNT_HELD, member}, price_centi);
    }
}

const struct ref_entry *making_need_entry(struct making *making, const struct entry_ref *which)
{
    uint64_t number = which->entry;
    if (number == 0) {
        number = ref_entry_of_id(making->ref, &which->request);
        bool means_proposal = making->command->kind == ACT_PROPOSAL_DECIDE;
        number = means_proposal ? number : ref_done_by(making->ref, number);
    }
    const struct ref_entry *entry = ref_entry_at(making->ref, number);
    if (number == 0) {
        making_refuse(making, LB_REQUEST_UNKNOWN, 0, 0, 0);
    } else if (entry == NULL) {
        making_refuse(making, LB_ENTRY_UNKNOWN, (int64_t)number, 0, 0);
    } else {
        making->entry->target = number;
    }
    return entry;
}

/* The ask is over: what it holds goes to the counter, or back. 0: refused. Else who asked. */
static uint64_t settle(struct making *making, const struct entry_ref *which)
{
    const struct ref_entry *ask = making_need_entry(making, which);
    if (ask == NULL) {
        return 0;
    }
    uint64_t number = making->entry->target;
    if (!ref_did(ask, ACT_SERVICE_ASK)) {
        making_refuse(making, LB_NOT_AN_ASK, (int64_t)number, 0, 0);
        return 0;
    }
    struct ref_entry asked = *ask;
    making->entry->counter = asked.counter;
    uint64_t member = asked.links[0];
    struct account to = {ACCOUNT_MEMBER, member};
    if (making->command->kind == ACT_SERVICE_GIVE) {
        to = (struct account){ACCOUNT_REDEEMED, asked.command.act.service_ask.counter};
        making->entry->answer.lines[0] = asked.answer.lines[0];
        making->entry->answer.line_count = asked.answer.line_count;
    }
    for (size_t i = asked.move_first; i < asked.move_first + asked.move_count; i++) {
        struct posting move = making->ref->moves[i];
        if (move.account.kind == ACCOUNT_HELD) {
            ref_move(making->ref, making->entry, move.account, move.asset, move.lot, -move.amount);
            ref_move(making->ref, making->entry, to, move.asset, move.lot, move.amount);
        }
    }
    uint64_t by = ref_settled_by(making->ref, number);
    if (making->entry->day < asked.day) {
        making_refuse(making, LB_BEFORE_ASKED, making->entry->day, asked.day, 0);
    }
    if (by != 0) {
        making_refuse(making, LB_ASK_CLOSED, (int64_t)number, (int64_t)by, 0);
    }
    making_concerns(making, member);
    return member;
}

void making_give(struct making *making)
{
    const struct act_service_give *act = &making->command->act.service_give;
    uint64_t asker = settle(making, &act->ask);
    if (act->giver.member == 0 && act->giver.card == 0) {
        return;
    }
    uint64_t giver = making_need_acting_member(making, act->giver);
    if (giver == 0) {
        return;
    }
    if (giver == asker) {
        making_refuse(making, LB_GIVER_IS_ASKER, (int64_t)giver, 0, 0);
        making->entry->link_count = 1;
    }
    struct claim claim = {giver, act->category, act->minutes, act->start_minute, 0};
    earn(making, &claim);
}

void making_release(struct making *making)
{
    (void)settle(making, &making->command->act.service_release);
}

/* ---- reversal ---- */

/* A lot of a member's points that would go below zero: held points must be released first; what
 * has expired comes next, and the rest is owed. */
static void bridge(struct making *making, uint64_t member, uint64_t lot, int64_t missing)
{
    struct account own = {ACCOUNT_MEMBER, member};
    int64_t held =
        ref_balance(making->ref, (struct account){ACCOUNT_HELD, member}, ASSET_OF_POINTS, lot);
    if (held > 0) {
        making_refuse(making, LB_POINTS_HELD, held, missing, 0);
        return;
    }
    ref_move(making->ref, making->entry, (struct account){ACCOUNT_DEBT, member}, ASSET_OF_POINTS,
             lot, -missing);
    ref_move(making->ref, making->entry, own, ASSET_OF_POINTS, lot, missing);
}

void making_reverse(struct making *making)
{
    const struct ref_entry *found = making_need_entry(making, &making->command->act.reverse);
    if (found == NULL) {
        return;
    }
    struct ref_entry target = *found;
    uint64_t number = making->entry->target;
    bool can_be = ref_did(&target, ACT_SERVICE_RECORD) || ref_did(&target, ACT_REDEEM) ||
                  ref_did(&target, ACT_SERVICE_ASK) || ref_did(&target, ACT_SERVICE_GIVE) ||
                  ref_did(&target, ACT_STOCK_RECEIVE) || ref_did(&target, ACT_OPENING_BALANCE);
    if (!can_be) {
        making_refuse(making, LB_NOT_REVERSIBLE, (int64_t)number, 0, 0);
        return;
    }
    for (size_t i = 0; i < target.link_count; i++) {
        making_concerns(making, target.links[i]);
    }
    making->entry->counter = target.counter;
    uint64_t by = ref_reversed_by(making->ref, number);
    if (by != 0) {
        making_refuse(making, LB_ALREADY_REVERSED, (int64_t)number, (int64_t)by, 0);
        return;
    }
    by = target.command.kind == ACT_SERVICE_ASK ? ref_settled_by(making->ref, number) : 0;
    if (by != 0) {
        making_refuse(making, LB_ASK_CLOSED, (int64_t)number, (int64_t)by, 0);
        return;
    }
    size_t end = target.move_first + target.move_count;
    for (size_t i = target.move_first; i < end; i++) {
        struct posting move = making->ref->moves[i];
        ref_move(making->ref, making->entry, move.account, move.asset, move.lot, -move.amount);
    }
    for (size_t i = target.move_first; i < end; i++) {
        struct posting move = making->ref->moves[i];
        int64_t left = ref_balance(making->ref, move.account, move.asset, move.lot);
        if (left < 0 && move.account.kind == ACCOUNT_STOCK) {
            making_refuse(making, LB_GOODS_GONE, move.asset.item, left + move.amount, move.amount);
        } else if (left < 0 && move.account.kind == ACCOUNT_MEMBER &&
                   move.asset.kind == ASSET_POINTS) {
            bridge(making, move.account.owner, move.lot, -left);
        }
    }
}
