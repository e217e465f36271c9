/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The reference's rules: what rules share, the registry, members and cards. One thread.
 */
#include "model_rules.h"

#include "base/assert.h"
#include "lovebank/card.h"

void making_refuse(struct making *making, enum lb_result code, int64_t a, int64_t b, int64_t c)
{
    struct ref_answer *answer = &making->entry->answer;
    if (answer->code == LB_OK ||
        lb_result_precedence((int)code) < lb_result_precedence((int)answer->code)) {
        answer->code = code;
        answer->a = a;
        answer->b = b;
        answer->c = c;
    }
}

static void need_no_future(struct making *making)
{
    if (making->entry->day > making->ref->today_day) {
        making_refuse(making, LB_DATE_IN_FUTURE, making->entry->day, making->ref->today_day, 0);
    }
}

void making_need_org(struct making *making, uint64_t org)
{
    if (!ref_exists(making->ref, ACT_ORG_OPEN, org)) {
        making_refuse(making, LB_ORG_UNKNOWN, (int64_t)org, 0, 0);
    } else if (!ref_org_on(making->ref, org, making->entry->day).is_open) {
        making_refuse(making, LB_ORG_CLOSED, (int64_t)org, making->entry->day, 0);
    }
}

static void need_classes(struct making *making, const struct codes *classes)
{
    for (size_t i = 0; i < classes->count; i++) {
        if (!ref_exists(making->ref, ACT_CLASS_SET, classes->items[i])) {
            making_refuse(making, LB_CLASS_UNKNOWN, classes->items[i], 0, 0);
        }
    }
}

void making_concerns(struct making *making, uint64_t member)
{
    making->entry->links[making->entry->link_count++] = member;
}

/* A member of any state. */
static struct ref_member need_member(struct making *making, uint64_t member)
{
    struct ref_member known = ref_member_of(making->ref, member);
    if (!known.exists) {
        making_refuse(making, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
        return known;
    }
    making_concerns(making, member);
    if (known.status == MEMBER_CLOSED) {
        making_refuse(making, LB_MEMBER_CLOSED, (int64_t)member, known.closed_day, 0);
    }
    if (making->entry->day < known.joined_day) {
        making_refuse(making, LB_BEFORE_JOINED, making->entry->day, known.joined_day, 0);
    }
    return known;
}

/* A member who may act, by number or card. 0: there is none. */
uint64_t making_need_acting_member(struct making *making, struct member_ref who)
{
    uint64_t member = who.member;
    if (who.card != 0) {
        struct ref_card card = ref_card_of(making->ref, who.card);
        if (card.member == 0) {
            making_refuse(making, LB_CARD_UNKNOWN, (int64_t)who.card, 0, 0);
            return 0;
        }
        if (card.status != 1) {
            making_refuse(making, LB_CARD_BLOCKED, (int64_t)who.card, 0, 0);
        }
        member = card.member;
    }
    struct ref_member known = need_member(making, member);
    if (known.exists && known.status == MEMBER_BLOCKED) {
        making_refuse(making, LB_MEMBER_BLOCKED, (int64_t)member, 0, 0);
    }
    return known.exists ? member : 0;
}

/* ---- registry ---- */

/* Is `org` the same as `top` or below it on that day? */
static bool is_within(const struct ref *ref, uint64_t org, uint64_t top, int32_t day)
{
    for (int steps = 0; org != 0; steps++) {
        LB_ASSERT(steps < 32); /* else the tree has a circle */
        if (org == top) {
            return true;
        }
        org = ref_org_on(ref, org, day).parent;
    }
    return false;
}

/* On that day, or on a later one on which the tree changes. */
static bool is_within_ever(const struct ref *ref, uint64_t org, uint64_t top, int32_t day)
{
    bool is = is_within(ref, org, top, day);
    for (size_t i = 0; i < ref->entry_count && !is; i++) {
        const struct ref_entry *entry = &ref->entries[i];
        bool changes = ref_did(entry, ACT_ORG_OPEN) || ref_did(entry, ACT_ORG_UPDATE);
        is = changes && entry->day > day && is_within(ref, org, top, entry->day);
    }
    return is;
}

static void decide_org(struct making *making)
{
    const struct act_org_open *open = &making->command->act.org_open;
    const struct act_org_update *update = &making->command->act.org_update;
    if (making->command->kind == ACT_ORG_OPEN) {
        if (ref_exists(making->ref, ACT_ORG_OPEN, open->org)) {
            making_refuse(making, LB_ALREADY_EXISTS, (int64_t)open->org, 0, 0);
        }
        if (open->parent == open->org) {
            making_refuse(making, LB_ORG_CYCLE, (int64_t)open->org, (int64_t)open->parent, 0);
        } else if (open->parent != 0) {
            making_need_org(making, open->parent);
        }
        return;
    }
    making_need_org(making, update->org);
    if (update->parent != 0) {
        making_need_org(making, update->parent);
        if (is_within_ever(making->ref, update->parent, update->org, making->entry->day)) {
            making_refuse(making, LB_ORG_CYCLE, (int64_t)update->org, (int64_t)update->parent, 0);
        }
    }
}

/* An item is what it was first said to be. */
enum item_kind making_kind_of_item(const struct ref *ref, uint32_t item)
{
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (ref_did(&ref->entries[i], ACT_ITEM_SET) &&
            ref->entries[i].command.act.item_set.item == item) {
            return ref->entries[i].command.act.item_set.kind;
        }
    }
    return ITEM_UNSPECIFIED;
}

static void decide_item(struct making *making)
{
    const struct act_item_set *act = &making->command->act.item_set;
    enum item_kind kind = making_kind_of_item(making->ref, act->item);
    if (kind != ITEM_UNSPECIFIED && kind != act->kind) {
        making_refuse(making, LB_WRONG_ITEM_KIND, act->item, 0, 0);
    }
}

static void decide_counter(struct making *making)
{
    const struct act_counter_open *act = &making->command->act.counter_open;
    if (ref_exists(making->ref, ACT_COUNTER_OPEN, act->counter)) {
        making_refuse(making, LB_ALREADY_EXISTS, act->counter, 0, 0);
    }
    making_need_org(making, act->org);
}

/* ---- members and cards ---- */

static void give_card(struct making *making, uint64_t wanted, uint64_t member)
{
    struct ref_card card = ref_card_of(making->ref, wanted);
    if (wanted == 0) {
        making->entry->answer.assigned_card = lb_card_of_serial(ref_last_serial(making->ref) + 1);
    } else if (card.member == 0) {
        making->entry->answer.assigned_card = wanted;
    } else if (card.member == member && card.status != 1) {
        making_refuse(making, LB_CARD_BLOCKED, (int64_t)wanted, 0, 0);
    } else {
        making_refuse(making, LB_CARD_ASSIGNED, (int64_t)wanted, (int64_t)card.member, 0);
    }
}

static void decide_register(struct making *making)
{
    const struct act_member_register *act = &making->command->act.member_register;
    uint64_t member = act->member == 0 ? ref_last_member(making->ref) + 1 : act->member;
    if (ref_member_of(making->ref, member).exists) {
        making_refuse(making, LB_ALREADY_EXISTS, (int64_t)member, 0, 0);
    }
    making_need_org(making, act->org);
    need_classes(making, &act->class_ids);
    if (act->card != 0) {
        give_card(making, act->card, member);
    }
    making->entry->answer.assigned = member;
    if (making->entry->answer.code == LB_OK) {
        making_concerns(making, member);
    }
}

static void decide_update(struct making *making)
{
    const struct act_member_update *act = &making->command->act.member_update;
    if (act->org != 0) {
        making_need_org(making, act->org);
    }
    need_classes(making, &act->class_ids_add);
    need_classes(making, &act->class_ids_remove);
    if (act->status != MEMBER_UNSPECIFIED) {
        need_no_future(making);
    }
    struct ref_member member = need_member(making, act->member);
    if (member.exists && act->status != MEMBER_UNSPECIFIED && act->status == member.status) {
        making_refuse(making, LB_STATUS_UNCHANGED, (int64_t)act->member, 0, 0);
    }
}

/* Points that can no longer be spent on the day are no obstacle. */
static void decide_close(struct making *making)
{
    static struct ref_lots lots;
    uint64_t member = making->command->act.member_close;
    int64_t held = ref_balances_of(making->ref, member).held_centi;
    int64_t points = 0;
    ref_lots_of(making->ref, (struct account){ACCOUNT_MEMBER, member}, ASSET_OF_POINTS,
                making->ref->move_count, &lots);
    for (size_t i = 0; i < lots.count; i++) {
        bool can_be_spent = (int64_t)lots.items[i].lot >= making->entry->day;
        points += can_be_spent ? lots.items[i].amount : 0;
    }
    if (need_member(making, member).exists && (points != 0 || held != 0)) {
        making_refuse(making, LB_MEMBER_HAS_BALANCE, (int64_t)member, points, held);
    }
}

static void decide_card(struct making *making)
{
    const struct act_card *act = &making->command->act.card;
    if (making->command->kind == ACT_CARD_ISSUE) {
        struct member_ref who = {.member = act->member};
        if (making_need_acting_member(making, who) != 0) {
            uint64_t has = ref_member_of(making->ref, act->member).card;
            if (has != 0) {
                making_refuse(making, LB_MEMBER_HAS_CARD, (int64_t)act->member, (int64_t)has, 0);
            }
            give_card(making, act->card, act->member);
        }
        return;
    }
    struct ref_card card = ref_card_of(making->ref, act->card);
    if (card.member == 0) {
        making_refuse(making, LB_CARD_UNKNOWN, (int64_t)act->card, 0, 0);
        return;
    }
    making_concerns(making, card.member);
    if (card.status != 1) {
        making_refuse(making, LB_CARD_BLOCKED, (int64_t)act->card, 0, 0);
    }
    if (making->command->kind == ACT_CARD_REPLACE) {
        struct ref_member member = ref_member_of(making->ref, card.member);
        if (member.status == MEMBER_CLOSED) {
            making_refuse(making, LB_MEMBER_CLOSED, (int64_t)card.member, member.closed_day, 0);
        }
        give_card(making, act->new_card, card.member);
    }
}

/* ---- all ---- */

static void need_import(struct making *making)
{
    const uint64_t import = making->command->import;
    if (import != 0 && ref_import(making->ref, import) == 0) {
        making_refuse(making, LB_IMPORT_UNKNOWN, (int64_t)import, 0, 0);
    }
}

void ref_decide(struct ref *ref, const struct command *command, struct ref_entry *entry)
{
    struct making making = {ref, command, entry};
    bool may_be_ahead = command->kind == ACT_ORG_OPEN || command->kind == ACT_ORG_UPDATE ||
                        command->kind == ACT_TARIFF_SET || command->kind == ACT_ITEM_SET ||
                        command->kind == ACT_STAR_TABLE_SET || command->kind == ACT_MEMBER_UPDATE ||
                        command->kind == ACT_ROLE_SET || command->kind == ACT_POLICY_SET;
    if (!may_be_ahead) {
        need_no_future(&making);
    }
    need_import(&making);
    switch (command->kind) {
    case ACT_NONE:
    case ACT_CLASS_SET:
    case ACT_TARIFF_SET:
    case ACT_STAR_TABLE_SET:
    case ACT_DEVICE_OPEN:
    case ACT_PRINCIPAL_SET:
    case ACT_CREDENTIAL_SET:
    case ACT_ROLE_SET:
    case ACT_POLICY_SET:
    case ACT_REVEAL:
    case ACT_MEMBER_ERASE:
    case ACT_CONSENT_SET:
    case ACT_KEY_ROTATE:
        break;
    case ACT_OPERATOR_OPEN: /* of the beginning: "a", "b" */
        entry->answer.assigned = (uint64_t)(command->act.operator_open.login.data[0] - 'a') + 1;
        break;
    case ACT_PROPOSAL_DECIDE:
        making_decide_proposal(&making);
        break;
    case ACT_ORG_OPEN:
    case ACT_ORG_UPDATE:
        decide_org(&making);
        break;
    case ACT_ITEM_SET:
        decide_item(&making);
        break;
    case ACT_COUNTER_OPEN:
        decide_counter(&making);
        break;
    case ACT_ACTIVITY_OPEN:
        making_need_org(&making, command->act.activity_open.org);
        entry->answer.assigned = ref_last_activity(ref) + 1;
        break;
    case ACT_IMPORT_OPEN:
        entry->answer.assigned = ref_last_import(ref) + 1;
        break;
    case ACT_MEMBER_REGISTER:
        decide_register(&making);
        break;
    case ACT_MEMBER_UPDATE:
        decide_update(&making);
        break;
    case ACT_MEMBER_CLOSE:
        decide_close(&making);
        break;
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
        decide_card(&making);
        break;
    case ACT_STOCK_RECEIVE:
        making_stock(&making);
        break;
    case ACT_SERVICE_RECORD:
        making_record(&making);
        break;
    case ACT_REDEEM:
        making_redeem(&making);
        break;
    case ACT_SERVICE_ASK:
        making_ask(&making);
        break;
    case ACT_SERVICE_GIVE:
        making_give(&making);
        break;
    case ACT_SERVICE_RELEASE:
        making_release(&making);
        break;
    case ACT_REVERSE:
        making_reverse(&making);
        break;
    case ACT_OPENING_BALANCE:
        making_opening(&making);
        break;
    }
}
