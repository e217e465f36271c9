/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * bank_apply: the fold. Whatever the bank's views hold came in through here, in the commit path
 * and in verify alike. It trusts the entry (it was decided, or verify checks it) and the views it
 * has folded so far. Pure.
 */
#include "bank/bank.h"

#include "apply.h"
#include "bank/records.h"
#include "records_write.h"

#include "base/assert.h"
#include "base/checked.h"
#include "ledger/book.h"

static void apply_org_open(struct views views, const struct entry *entry)
{
    const struct act_org_open *act = &entry->command.act.org_open;
    org_put(views, &(struct org_row){.org = act->org,
                                     .parent = act->parent,
                                     .kind = act->kind,
                                     .name = act->name,
                                     .from_day = entry->day,
                                     .entry = entry->number});
}

static void change_org(struct org_row *row, const struct act_org_update *change)
{
    row->name = change->name.size > 0 ? change->name : row->name;
    row->parent = change->parent != 0 ? change->parent : row->parent;
    row->is_closed = row->is_closed || change->close;
}

/*
 * A change counts from its day on, until that same thing changes again: rows entered before for
 * later days take over what they only repeated.
 */
static void apply_org_update(struct views views, const struct entry *entry)
{
    struct act_org_update change = entry->command.act.org_update;
    struct org_row before = {.org = change.org};
    (void)org_on(views, change.org, entry->day, &before);
    uint8_t name[LB_NAME_BYTES_MAX]; /* the row's own dies with the first put */
    LB_ASSERT(before.name.size <= sizeof(name));
    if (before.name.size > 0) {
        memcpy(name, before.name.data, before.name.size);
    }
    before.name = bytes_of(name, before.name.size);

    struct org_row row = before;
    change_org(&row, &change);
    row.from_day = entry->day;
    row.entry = entry->number;
    org_put(views, &row);

    struct dated_row later = {.from_day = entry->day};
    while (dated_from(views, DATED_ORG, change.org, 0, later.from_day + 1, &later) &&
           org_on(views, change.org, later.from_day, &row)) {
        if (row.parent != before.parent) {
            change.parent = 0;
        }
        if (!bytes_equal(row.name, before.name)) {
            change.name.size = 0;
        }
        change_org(&row, &change);
        org_put(views, &row);
    }
}

static void apply_activity(struct views views, const struct entry *entry)
{
    activity_put(views, &(struct activity_row){.activity = entry->assigned,
                                               .entry = entry->number,
                                               .org = entry->org,
                                               .day = entry->day});
    sequence_raise(views, SEQUENCE_ACTIVITY, entry->assigned);
}

static void apply_import(struct views views, const struct entry *entry)
{
    import_put(views, entry->assigned, entry->number);
    sequence_raise(views, SEQUENCE_IMPORT, entry->assigned);
}

static void apply_class(struct views views, const struct entry *entry)
{
    const struct act_class_set *act = &entry->command.act.class_set;
    class_put(views,
              &(struct class_row){
                  .class_id = act->class_id, .is_public = act->is_public, .name = act->name},
              entry->number);
}

static void apply_tariff(struct views views, const struct entry *entry)
{
    tariff_put(views, &(struct tariff_row){.tariff = entry->command.act.tariff_set,
                                           .from_day = entry->day,
                                           .entry = entry->number});
}

static void apply_item(struct views views, const struct entry *entry)
{
    item_put(views, &(struct item_row){.item = entry->command.act.item_set,
                                       .from_day = entry->day,
                                       .entry = entry->number});
}

static void apply_counter(struct views views, const struct entry *entry)
{
    const struct act_counter_open *act = &entry->command.act.counter_open;
    counter_put(views,
                &(struct counter_row){.counter = act->counter, .org = act->org, .name = act->name},
                entry->number);
}

static void apply_star_table(struct views views, const struct entry *entry)
{
    star_table_put(views, entry->day, &entry->command.act.star_hours, entry->number);
}

/* What the registry holds beside its orgs. */
static void apply_registry(struct views views, const struct entry *entry)
{
    static void (*const folds[])(struct views views, const struct entry *entry) = {
        [ACT_CLASS_SET] = apply_class,        [ACT_TARIFF_SET] = apply_tariff,
        [ACT_ITEM_SET] = apply_item,          [ACT_COUNTER_OPEN] = apply_counter,
        [ACT_ACTIVITY_OPEN] = apply_activity, [ACT_STAR_TABLE_SET] = apply_star_table,
        [ACT_IMPORT_OPEN] = apply_import,
    };
    folds[entry->command.kind](views, entry);
}

/* Gives a card to a member; member_row.card is the caller's to set. */
static void give_card(struct views views, uint64_t card, uint64_t member)
{
    card_put(views, &(struct card_row){.card = card, .member = member, .status = CARD_ACTIVE});
    sequence_raise(views, SEQUENCE_CARD, card / 10);
}

static void apply_register(struct views views, const struct entry *entry)
{
    const struct act_member_register *act = &entry->command.act.member_register;
    member_put(views, &(struct member_row){.member = entry->assigned,
                                           .joined_day = entry->day,
                                           .status = MEMBER_ACTIVE,
                                           .card = entry->assigned_card,
                                           .org = act->org,
                                           .org_from_day = entry->day});
    member_org_put(views, entry->assigned, entry->day, act->org, entry->number);
    for (size_t i = 0; i < act->class_ids.count; i++) {
        member_class_put(views, entry->assigned, act->class_ids.items[i], entry->day, true,
                         entry->number);
    }
    if (entry->assigned_card != 0) {
        give_card(views, entry->assigned_card, entry->assigned);
    }
    sequence_raise(views, SEQUENCE_MEMBER, entry->assigned);
}

static void apply_update(struct views views, const struct entry *entry)
{
    const struct act_member_update *act = &entry->command.act.member_update;
    for (size_t i = 0; i < act->class_ids_add.count; i++) {
        member_class_put(views, act->member, act->class_ids_add.items[i], entry->day, true,
                         entry->number);
    }
    for (size_t i = 0; i < act->class_ids_remove.count; i++) {
        member_class_put(views, act->member, act->class_ids_remove.items[i], entry->day, false,
                         entry->number);
    }
    struct member_row row;
    if (!member_get(views, act->member, &row)) {
        return;
    }
    if (act->org != 0) {
        member_org_put(views, act->member, entry->day, act->org, entry->number);
    }
    if (act->org != 0 && entry->day >= row.org_from_day) {
        row.org = act->org;
        row.org_from_day = entry->day;
    }
    if (act->status != MEMBER_UNSPECIFIED) {
        row.status = act->status;
    }
    member_put(views, &row);
}

static void apply_close(struct views views, const struct entry *entry)
{
    struct member_row row;
    if (member_get(views, entry->command.act.member_close, &row)) {
        row.status = MEMBER_CLOSED;
        row.closed_day = entry->day;
        member_put(views, &row);
    }
}

static void apply_card(struct views views, const struct entry *entry)
{
    const struct act_card *act = &entry->command.act.card;
    struct member_row row;
    struct card_row card;
    if (entry->command.kind != ACT_CARD_ISSUE && card_get(views, act->card, &card)) {
        card.status = entry->command.kind == ACT_CARD_BLOCK ? CARD_IS_BLOCKED : CARD_REPLACED;
        card.replacement = entry->assigned_card;
        card_put(views, &card);
    }
    if (entry->link_count > 0 && member_get(views, entry->links[0].member, &row)) {
        row.card = entry->assigned_card;
        member_put(views, &row);
        if (entry->assigned_card != 0) {
            give_card(views, entry->assigned_card, row.member);
        }
    }
}

static void apply_stock(struct views views, const struct entry *entry)
{
    const struct act_stock_receive *act = &entry->command.act.stock_receive;
    for (size_t i = 0; i < act->line_count; i++) {
        delivery_put(views, &(struct delivery_row){.delivery = (uint32_t)(entry->assigned + i),
                                                   .entry = entry->number,
                                                   .counter = act->counter,
                                                   .item = act->lines[i].item});
    }
    sequence_raise(views, SEQUENCE_DELIVERY, entry->assigned + act->line_count - 1);
}

/* Adds what an entry gave and took to the members' years; sign -1 takes it back. */
static void apply_years(struct views views, const struct entry *entry, int sign)
{
    int32_t year = date_year_of_day(entry->day);
    struct year_row row;
    if (entry->earning.member != 0) {
        year_get(views, year, entry->earning.member, &row);
        row.earned_centi += sign * entry->earning.points_centi;
        row.minutes += sign * (int64_t)entry->earning.minutes;
        row.services += (uint32_t)sign;
        year_put(views, &row);
    }
    bool is_redeem = entry->command.kind == ACT_REDEEM;
    if ((is_redeem || entry->command.kind == ACT_SERVICE_GIVE) && entry->link_count > 0) {
        year_get(views, year, entry->links[0].member, &row);
        for (size_t i = 0; i < entry->line_count; i++) {
            row.redeemed_centi += sign * entry->lines[i].quantity * entry->lines[i].price_centi;
        }
        row.redemptions += is_redeem ? (uint32_t)sign : 0;
        row.services_received += is_redeem ? 0 : (uint32_t)sign;
        year_put(views, &row);
    }
}

static int32_t start_minute_of(const struct command *command)
{
    return command->kind == ACT_SERVICE_GIVE ? command->act.service_give.start_minute
                                             : command->act.service_record.start_minute;
}

static void apply_service(struct views views, const struct entry *entry)
{
    if (entry->earning.member != 0) {
        service_put(views, &(struct service_row){.member = entry->earning.member,
                                                 .day = entry->day,
                                                 .entry = entry->number,
                                                 .start_minute = start_minute_of(&entry->command),
                                                 .minutes = entry->earning.minutes});
    }
    if (entry->command.kind == ACT_SERVICE_GIVE) {
        ask_put(views, entry->target_entry, entry->number);
    }
    apply_years(views, entry, 1);
}

/* The target's postings are mirrored by this entry's own; here go its marks. */
static enum lb_result apply_reverse(const struct bank *bank, const struct entry *entry)
{
    const struct entry *target = bank->log.get(bank->log.context, entry->target_entry);
    if (target == NULL) {
        return LB_INTERNAL;
    }
    reversed_put(bank->views, entry->target_entry, entry->number);
    if (target->earning.member != 0) {
        service_del(bank->views, target->earning.member, target->day, target->number);
    }
    if (target->command.kind == ACT_SERVICE_ASK) {
        ask_put(bank->views, target->number, entry->number);
    } else if (target->command.kind == ACT_SERVICE_GIVE) {
        ask_put(bank->views, target->target_entry, 0); /* open again */
    }
    apply_years(bank->views, target, -1);
    return LB_OK;
}

static enum lb_result apply_act(const struct bank *bank, const struct entry *entry)
{
    struct views views = bank->views;
    switch (entry->command.kind) {
    case ACT_NONE:
        return LB_INTERNAL;
    case ACT_ORG_OPEN:
        apply_org_open(views, entry);
        break;
    case ACT_ORG_UPDATE:
        apply_org_update(views, entry);
        break;
    case ACT_CLASS_SET:
    case ACT_TARIFF_SET:
    case ACT_ITEM_SET:
    case ACT_COUNTER_OPEN:
    case ACT_ACTIVITY_OPEN:
    case ACT_STAR_TABLE_SET:
    case ACT_IMPORT_OPEN:
        apply_registry(views, entry);
        break;
    case ACT_MEMBER_REGISTER:
        apply_register(views, entry);
        break;
    case ACT_MEMBER_UPDATE:
        apply_update(views, entry);
        break;
    case ACT_MEMBER_CLOSE:
        apply_close(views, entry);
        break;
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
        apply_card(views, entry);
        break;
    case ACT_STOCK_RECEIVE:
        apply_stock(views, entry);
        break;
    case ACT_REDEEM:
        apply_years(views, entry, 1);
        break;
    case ACT_SERVICE_RECORD:
    case ACT_SERVICE_GIVE:
        apply_service(views, entry);
        break;
    case ACT_SERVICE_ASK:
        ask_put(views, entry->number, 0);
        break;
    case ACT_SERVICE_RELEASE:
        ask_put(views, entry->target_entry, entry->number);
        break;
    case ACT_OPENING_BALANCE: /* not earned, so of no year and no day: its postings are all */
        break;
    case ACT_REVERSE:
        return apply_reverse(bank, entry);
    case ACT_OPERATOR_OPEN:
    case ACT_DEVICE_OPEN:
    case ACT_PRINCIPAL_SET:
    case ACT_CREDENTIAL_SET:
    case ACT_ROLE_SET:
        apply_access(bank, entry);
        break;
    case ACT_POLICY_SET:
    case ACT_PROPOSAL_DECIDE:
    case ACT_REVEAL:
    case ACT_MEMBER_ERASE:
    case ACT_CONSENT_SET:
    case ACT_KEY_ROTATE:
        return apply_person_act(bank, entry);
    }
    return LB_OK;
}

/* The sum of the member's that a posting changes; NULL: it is none of them. */
static int64_t *sum_of_posting(const struct posting *posting, struct member_balances *sums)
{
    bool is_points = posting->asset.kind == ASSET_POINTS;
    if (posting->account.owner != sums->member) {
        return NULL;
    }
    if (posting->account.kind == ACCOUNT_MEMBER) {
        return is_points ? &sums->points_centi : &sums->minutes;
    }
    if (posting->account.kind == ACCOUNT_HELD) {
        return &sums->held_centi;
    }
    return posting->account.kind == ACCOUNT_DEBT ? &sums->debt_centi : NULL;
}

static enum lb_result apply_sums(const struct posting_list *postings, struct member_balances *sums)
{
    for (size_t i = 0; i < postings->count; i++) {
        const struct posting *posting = &postings->items[i];
        int64_t *sum = sum_of_posting(posting, sums);
        bool is_debt = posting->account.kind == ACCOUNT_DEBT; /* told as what is owed */
        if (sum != NULL && !(is_debt ? checked_sub_i64(*sum, posting->amount, sum)
                                     : checked_add_i64(*sum, posting->amount, sum))) {
            return LB_AMOUNT_OVERFLOW;
        }
    }
    return LB_OK;
}

/* The entry becomes the newest of its members, whose sums it changes. */
static enum lb_result apply_members(struct views views, const struct entry *entry)
{
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < entry->link_count && result == LB_OK; i++) {
        struct member_row row;
        if (member_get(views, entry->links[i].member, &row)) {
            result = apply_sums(&entry->postings, &row.balances);
            row.last_entry = entry->number;
            member_put(views, &row);
        }
    }
    return result;
}

/* And the newest of its import and its counter. */
static void apply_chains(struct views views, const struct entry *entry)
{
    for (size_t i = 0; i < entry->chain_count; i++) {
        struct chain_row row;
        chain_get(views, entry->chains[i].kind, entry->chains[i].key, &row);
        row.last_entry = entry->number;
        row.count++;
        chain_put(views, &row);
    }
}

static bool posting_is_of_members(const struct posting *posting)
{
    return posting->account.kind == ACCOUNT_MEMBER || posting->account.kind == ACCOUNT_HELD ||
           posting->account.kind == ACCOUNT_DEBT;
}

/* An entry is linked to every member whose sums it changes. */
static bool entry_links_its_members(const struct entry *entry)
{
    for (size_t i = 0; i < entry->postings.count; i++) {
        const struct posting *posting = &entry->postings.items[i];
        bool is_linked = !posting_is_of_members(posting);
        for (size_t k = 0; k < entry->link_count && !is_linked; k++) {
            is_linked = entry->links[k].member == posting->account.owner;
        }
        if (!is_linked) {
            return false;
        }
    }
    return true;
}

enum lb_result bank_apply(const struct bank *bank, const struct entry *entry)
{
    enum lb_result result = entry_links_its_members(entry) ? LB_OK : LB_INTERNAL;
    if (entry->verdict.code == LB_OK && result == LB_OK) {
        result = apply_act(bank, entry);
    }
    if (result == LB_OK) {
        apply_proposal(bank->views, entry);
    }
    if (result == LB_OK && entry->postings.count > 0) {
        result = book_apply(bank->views, entry->postings.items, entry->postings.count);
    }
    if (result == LB_OK) {
        result = apply_members(bank->views, entry);
    }
    if (result == LB_OK) {
        apply_chains(bank->views, entry);
    }
    return result;
}

void bank_fill_balances(const struct bank *bank, struct entry *entry)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        struct member_row row;
        uint64_t member = entry->links[i].member;
        bool is_there = member_get(bank->views, member, &row);
        entry->balances[i] = is_there ? row.balances : (struct member_balances){.member = member};
    }
}
