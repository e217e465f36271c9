/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the reference knows: each fact is found by going through the list of acts. One thread.
 */
#include "model_reference.h"

#include "base/date.h"

#include "base/assert.h"
#include <string.h>

bool ref_did(const struct ref_entry *entry, enum act_kind kind)
{
    return entry->answer.code == LB_OK && entry->command.kind == kind;
}

/* The number of what a registry act is about. */
static uint64_t subject_of(const struct ref_entry *entry)
{
    const struct command *command = &entry->command;
    switch ((int)command->kind) {
    case ACT_ORG_OPEN:
        return command->act.org_open.org;
    case ACT_ORG_UPDATE:
        return command->act.org_update.org;
    case ACT_CLASS_SET:
        return command->act.class_set.class_id;
    case ACT_TARIFF_SET:
        return command->act.tariff_set.category;
    case ACT_ITEM_SET:
        return command->act.item_set.item;
    case ACT_COUNTER_OPEN:
        return command->act.counter_open.counter;
    case ACT_ACTIVITY_OPEN:
    case ACT_IMPORT_OPEN:
    case ACT_MEMBER_REGISTER:
        return entry->answer.assigned;
    case ACT_MEMBER_UPDATE:
        return command->act.member_update.member;
    case ACT_MEMBER_CLOSE:
        return command->act.member_close;
    default:
        return 0;
    }
}

uint64_t ref_dated(const struct ref *ref, enum act_kind kind, uint64_t id, int32_t day)
{
    uint64_t best = 0;
    for (uint64_t number = 1; number <= ref->entry_count; number++) {
        const struct ref_entry *entry = ref_entry_at(ref, number);
        if (ref_did(entry, kind) && subject_of(entry) == id && entry->day <= day &&
            (best == 0 || entry->day >= ref_entry_at(ref, best)->day)) {
            best = number;
        }
    }
    return best;
}

bool ref_exists(const struct ref *ref, enum act_kind kind, uint64_t id)
{
    return ref_dated(ref, kind, id, INT32_MAX) != 0;
}

/* An org from a day on. */
struct org_version {
    int32_t from_day;
    struct ref_org org;
};

#define VERSIONS_MAX 512

/* The version in force on that day, or -1. */
static int version_on(const struct org_version *versions, int count, int32_t day)
{
    int found = -1;
    for (int i = 0; i < count; i++) {
        if (versions[i].from_day <= day &&
            (found < 0 || versions[i].from_day > versions[found].from_day)) {
            found = i;
        }
    }
    return found;
}

/* From its day on, until the parent changes again to another; closing is for ever. */
static int version_change(struct org_version *versions, int count, int32_t day,
                          const struct act_org_update *act)
{
    struct org_version changed = versions[version_on(versions, count, day)];
    uint64_t parent_before = changed.org.parent;
    int at = 0;
    while (at < count && versions[at].from_day < day) {
        at++;
    }
    if (at == count || versions[at].from_day != day) {
        LB_ASSERT(count < VERSIONS_MAX);
        memmove(&versions[at + 1], &versions[at], (size_t)(count - at) * sizeof(versions[0]));
        count++;
    }
    changed.from_day = day;
    versions[at] = changed;
    bool moves = act->parent != 0;
    for (int i = at; i < count; i++) {
        moves = moves && versions[i].org.parent == parent_before;
        versions[i].org.parent = moves ? act->parent : versions[i].org.parent;
        versions[i].org.is_open = versions[i].org.is_open && !act->close;
    }
    return count;
}

struct ref_org ref_org_on(const struct ref *ref, uint64_t org, int32_t day)
{
    struct org_version versions[VERSIONS_MAX]; /* by day */
    int count = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        if (ref_did(entry, ACT_ORG_OPEN) && subject_of(entry) == org) {
            versions[count++] = (struct org_version){
                entry->day, {.is_open = true, .parent = entry->command.act.org_open.parent}};
        } else if (ref_did(entry, ACT_ORG_UPDATE) && subject_of(entry) == org) {
            count = version_change(versions, count, entry->day, &entry->command.act.org_update);
        }
    }
    int found = version_on(versions, count, day);
    return found < 0 ? (struct ref_org){.is_open = false} : versions[found].org;
}

struct ref_member ref_member_of(const struct ref *ref, uint64_t member)
{
    struct ref_member known = {.exists = false};
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        bool is_linked = (entry->link_count > 0 && entry->links[0] == member) ||
                         (entry->link_count > 1 && entry->links[1] == member);
        if (!is_linked) {
            continue;
        }
        known.last_entry = i + 1;
        if (ref_did(entry, ACT_MEMBER_REGISTER)) {
            known.exists = true;
            known.joined_day = entry->day;
            known.status = MEMBER_ACTIVE;
            known.card = entry->answer.assigned_card;
        } else if (ref_did(entry, ACT_MEMBER_UPDATE) &&
                   entry->command.act.member_update.status != MEMBER_UNSPECIFIED) {
            known.status = entry->command.act.member_update.status;
        } else if (ref_did(entry, ACT_MEMBER_CLOSE)) {
            known.status = MEMBER_CLOSED;
            known.closed_day = entry->day;
        } else if (ref_did(entry, ACT_CARD_ISSUE) || ref_did(entry, ACT_CARD_REPLACE) ||
                   ref_did(entry, ACT_CARD_BLOCK)) {
            known.card = entry->answer.assigned_card;
        }
    }
    return known;
}

uint64_t ref_member_org_on(const struct ref *ref, uint64_t member, int32_t day)
{
    uint64_t org = 0;
    int32_t since_day = INT32_MIN;
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        uint64_t to = 0;
        if (ref_did(entry, ACT_MEMBER_REGISTER)) {
            to = entry->command.act.member_register.org;
        } else if (ref_did(entry, ACT_MEMBER_UPDATE)) {
            to = entry->command.act.member_update.org;
        }
        if (to != 0 && subject_of(entry) == member && entry->day <= day &&
            entry->day >= since_day) {
            org = to;
            since_day = entry->day;
        }
    }
    return org;
}

static bool codes_have(const struct codes *codes, uint32_t code)
{
    for (size_t i = 0; i < codes->count; i++) {
        if (codes->items[i] == code) {
            return true;
        }
    }
    return false;
}

bool ref_member_has_class_on(const struct ref *ref, uint64_t member, uint32_t class_id, int32_t day)
{
    bool has = false;
    int32_t since_day = INT32_MIN;
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        const struct act_member_update *update = &entry->command.act.member_update;
        bool registers = ref_did(entry, ACT_MEMBER_REGISTER);
        bool updates = ref_did(entry, ACT_MEMBER_UPDATE);
        bool gets =
            (registers && codes_have(&entry->command.act.member_register.class_ids, class_id)) ||
            (updates && codes_have(&update->class_ids_add, class_id));
        bool loses = updates && codes_have(&update->class_ids_remove, class_id);
        if ((gets || loses) && subject_of(entry) == member && entry->day <= day &&
            entry->day >= since_day) {
            has = !loses;
            since_day = entry->day;
        }
    }
    return has;
}

struct ref_card ref_card_of(const struct ref *ref, uint64_t card)
{
    struct ref_card known = {.member = 0};
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        if (entry->answer.code != LB_OK) {
            continue;
        }
        if (entry->answer.assigned_card == card) {
            known = (struct ref_card){.member = entry->links[0], .status = 1};
        } else if (entry->command.kind == ACT_CARD_BLOCK && entry->command.act.card.card == card) {
            known.status = 2;
        } else if (entry->command.kind == ACT_CARD_REPLACE &&
                   entry->command.act.card.card == card) {
            known.status = 3;
        }
    }
    return known;
}

uint64_t ref_reversed_by(const struct ref *ref, uint64_t entry)
{
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (ref_did(&ref->entries[i], ACT_REVERSE) && ref->entries[i].target == entry) {
            return i + 1;
        }
    }
    return 0;
}

uint64_t ref_settled_by(const struct ref *ref, uint64_t ask)
{
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        bool settles = ref_did(entry, ACT_SERVICE_GIVE) || ref_did(entry, ACT_SERVICE_RELEASE) ||
                       ref_did(entry, ACT_REVERSE);
        if (settles && entry->target == ask && ref_reversed_by(ref, i + 1) == 0) {
            return i + 1;
        }
    }
    return 0;
}

uint64_t ref_last_member(const struct ref *ref)
{
    uint64_t last = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (ref_did(&ref->entries[i], ACT_MEMBER_REGISTER) &&
            ref->entries[i].answer.assigned > last) {
            last = ref->entries[i].answer.assigned;
        }
    }
    return last;
}

uint64_t ref_last_serial(const struct ref *ref)
{
    uint64_t last = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (ref->entries[i].answer.assigned_card / 10 > last) {
            last = ref->entries[i].answer.assigned_card / 10;
        }
    }
    return last;
}

uint64_t ref_last_activity(const struct ref *ref)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        count += ref_did(&ref->entries[i], ACT_ACTIVITY_OPEN);
    }
    return count;
}

uint64_t ref_last_import(const struct ref *ref)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        count += ref_did(&ref->entries[i], ACT_IMPORT_OPEN);
    }
    return count;
}

uint64_t ref_import(const struct ref *ref, uint64_t import)
{
    return ref_dated(ref, ACT_IMPORT_OPEN, import, INT32_MAX);
}

struct ref_chain ref_chain_below(const struct ref *ref, enum chain_kind kind, uint64_t key,
                                 uint64_t number)
{
    struct ref_chain chain = {0};
    for (uint64_t at = 1; at <= ref->entry_count && at < number; at++) {
        const struct ref_entry *entry = ref_entry_at(ref, at);
        if (key == (kind == CHAIN_IMPORT ? entry->command.import : entry->counter)) {
            chain.last_entry = at;
            chain.count++;
        }
    }
    return chain;
}

uint64_t ref_last_delivery(const struct ref *ref)
{
    uint64_t count = 0;
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (ref_did(&ref->entries[i], ACT_STOCK_RECEIVE)) {
            count += ref->entries[i].command.act.stock_receive.line_count;
        }
    }
    return count;
}

static bool same_place(const struct posting *move, struct account account, struct asset asset)
{
    return move->account.kind == account.kind && move->account.owner == account.owner &&
           move->asset.kind == asset.kind && move->asset.item == asset.item;
}

void ref_lots_of(const struct ref *ref, struct account account, struct asset asset, size_t move_end,
                 struct ref_lots *lots)
{
    lots->count = 0;
    for (size_t i = 0; i < move_end; i++) {
        const struct posting *move = &ref->moves[i];
        if (!same_place(move, account, asset)) {
            continue;
        }
        size_t at = 0;
        while (at < lots->count && lots->items[at].lot < move->lot) {
            at++;
        }
        if (at == lots->count || lots->items[at].lot != move->lot) {
            LB_ASSERT(lots->count < REF_LOTS_MAX);
            memmove(&lots->items[at + 1], &lots->items[at],
                    (lots->count - at) * sizeof(lots->items[0]));
            lots->items[at] = (struct ref_lot){.lot = move->lot};
            lots->count++;
        }
        lots->items[at].amount += move->amount;
    }
    size_t kept = 0;
    for (size_t i = 0; i < lots->count; i++) {
        if (lots->items[i].amount != 0) {
            lots->items[kept++] = lots->items[i];
        }
    }
    lots->count = kept;
}

int64_t ref_balance(const struct ref *ref, struct account account, struct asset asset, uint64_t lot)
{
    int64_t balance = 0;
    for (size_t i = 0; i < ref->move_count; i++) {
        if (ref->moves[i].lot == lot && same_place(&ref->moves[i], account, asset)) {
            balance += ref->moves[i].amount;
        }
    }
    return balance;
}

struct member_balances ref_balances_of(const struct ref *ref, uint64_t member)
{
    struct member_balances sums = {.member = member};
    for (size_t i = 0; i < ref->move_count; i++) {
        const struct posting *move = &ref->moves[i];
        if (move->account.owner != member) {
            continue;
        }
        bool is_points = move->asset.kind == ASSET_POINTS;
        if (move->account.kind == ACCOUNT_MEMBER && is_points) {
            sums.points_centi += move->amount;
        } else if (move->account.kind == ACCOUNT_MEMBER && move->asset.kind == ASSET_MINUTES) {
            sums.minutes += move->amount;
        } else if (move->account.kind == ACCOUNT_HELD && is_points) {
            sums.held_centi += move->amount;
        } else if (move->account.kind == ACCOUNT_DEBT && is_points) {
            sums.debt_centi -= move->amount;
        }
    }
    return sums;
}

struct ref_year ref_year_of(const struct ref *ref, int32_t year, uint64_t member)
{
    struct ref_year sums = {0};
    for (size_t i = 0; i < ref->entry_count; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        bool redeems = ref_did(entry, ACT_REDEEM);
        bool gives = ref_did(entry, ACT_SERVICE_GIVE);
        if ((!redeems && !gives && !ref_did(entry, ACT_SERVICE_RECORD)) ||
            date_year_of_day(entry->day) != year || ref_reversed_by(ref, i + 1) != 0) {
            continue;
        }
        if (entry->answer.earning.member == member) {
            sums.earned_centi += entry->answer.earning.points_centi;
            sums.minutes += entry->answer.earning.minutes;
            sums.services++;
        }
        if ((redeems || gives) && entry->links[0] == member) {
            for (size_t line = 0; line < entry->answer.line_count; line++) {
                sums.redeemed_centi +=
                    entry->answer.lines[line].quantity * entry->answer.lines[line].price_centi;
            }
            sums.redemptions += redeems;
            sums.services_received += gives;
        }
    }
    return sums;
}
