/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where a command counts: the orgs that its sender must have the right over. Pure.
 */
#include "power.h"

/* A command while it is looked at. */
struct asked {
    const struct bank *bank;
    const struct command *command;
    uint32_t principal; /* who asks */
    int32_t day;
    int32_t today_day;
};

/* ---- orgs of what commands name; 0 where there is none to be found ---- */

/* On the day; before it joined, the newest one, so that it can be told. */
static uint64_t member_scope(struct views views, struct member_ref ref, int32_t day)
{
    struct card_row card = {.member = ref.member};
    struct member_row row;
    if ((ref.card != 0 && !card_get(views, ref.card, &card)) ||
        !member_get(views, card.member, &row)) {
        return 0;
    }
    uint64_t org = member_row_org_on(views, &row, day);
    return org != 0 ? org : row.org;
}

static uint64_t counter_scope(struct views views, uint32_t counter)
{
    struct counter_row row;
    return counter_get(views, counter, &row) ? row.org : 0;
}

static const struct entry *entry_find(const struct bank *bank, const struct entry_ref *ref)
{
    const struct entry_log *log = &bank->log;
    uint64_t number = ref->entry != 0 ? ref->entry : log->find_request(log->context, &ref->request);
    return number == 0 ? NULL : log->get(log->context, number);
}

/* The same, but the id of what was proposed and confirmed stands for the entry that did it. */
static const struct entry *entry_find_done(const struct bank *bank, const struct entry_ref *ref)
{
    const struct entry *entry = entry_find(bank, ref);
    struct proposal_row row;
    bool is_confirmed = ref->entry == 0 && entry != NULL &&
                        proposal_get(bank->views, entry->number, &row) && row.is_confirmed;
    return is_confirmed ? bank->log.get(bank->log.context, row.decided_by) : entry;
}

uint64_t bank_entry_org(struct views views, const struct entry *entry)
{
    const struct command *command = &entry->command;
    const struct chain_link *link = entry_chain(entry, CHAIN_COUNTER);
    if (entry->org != 0) {
        return entry->org;
    }
    if (link != NULL) {
        return counter_scope(views, (uint32_t)link->key);
    }
    if (command->kind == ACT_SERVICE_RECORD && command->act.service_record.org != 0) {
        return command->act.service_record.org;
    }
    struct member_ref member = {.member = entry->link_count > 0 ? entry->links[0].member : 0};
    return member_scope(views, member, entry->day);
}

/* ---- what each act requires ---- */

static void require_org(struct power *power, const struct asked *asked, uint64_t org)
{
    power_require(power, asked->bank->views, org, asked->day);
}

static void require_member(struct power *power, const struct asked *asked, struct member_ref ref)
{
    if (!power->is_whole) {
        require_org(power, asked, member_scope(asked->bank->views, ref, asked->day));
    }
}

static void require_counter(struct power *power, const struct asked *asked, uint32_t counter)
{
    if (!power->is_whole) {
        require_org(power, asked, counter_scope(asked->bank->views, counter));
    }
}

static void require_entry(struct power *power, const struct asked *asked,
                          const struct entry_ref *ref)
{
    if (!power->is_whole) {
        const struct entry *entry = entry_find_done(asked->bank, ref);
        require_org(power, asked, entry == NULL ? 0 : bank_entry_org(asked->bank->views, entry));
    }
}

static void require_org_open(struct power *power, const struct asked *asked)
{
    require_org(power, asked, asked->command->act.org_open.parent);
}

static void require_org_update(struct power *power, const struct asked *asked)
{
    const struct act_org_update *act = &asked->command->act.org_update;
    struct asked today = *asked; /* it holds from its day on: a parent that was is not asked */
    today.day = asked->day < asked->today_day ? asked->today_day : asked->day;
    require_org(power, &today, act->org);
    if (act->parent != 0) {
        require_org(power, &today, act->parent);
    }
}

static void require_counter_open(struct power *power, const struct asked *asked)
{
    require_org(power, asked, asked->command->act.counter_open.org);
}

static void require_activity_open(struct power *power, const struct asked *asked)
{
    require_org(power, asked, asked->command->act.activity_open.org);
}

/* Imports and operators are of no org: their rows and their roles are. */
static void require_nothing(struct power *power, const struct asked *asked)
{
    (void)power;
    (void)asked;
}

static void require_member_register(struct power *power, const struct asked *asked)
{
    require_org(power, asked, asked->command->act.member_register.org);
}

/*
 * Members and cards are kept by the org of today, whatever day the command gives: a name, a state
 * and a card hold at once, and one that a member has left must not reach them by an earlier day.
 */
static void require_keeper(struct power *power, const struct asked *asked, struct member_ref ref)
{
    struct asked today = *asked;
    today.day = asked->today_day;
    require_member(power, &today, ref);
}

static void require_member_act(struct power *power, const struct asked *asked)
{
    const struct command *command = asked->command;
    struct member_ref ref = {.member = 0};
    if (command->kind == ACT_MEMBER_UPDATE) {
        ref.member = command->act.member_update.member;
    } else if (command->kind == ACT_MEMBER_CLOSE) {
        ref.member = command->act.member_close;
    } else if (command->kind == ACT_CONSENT_SET) {
        ref.member = command->act.consent_set.member;
    } else if (command->kind == ACT_REVEAL) {
        ref.member = command->act.reveal;
    } else if (command->kind == ACT_MEMBER_ERASE) {
        ref.member = command->act.member_erase;
    } else if (command->kind == ACT_CARD_ISSUE) {
        ref.member = command->act.card.member;
    } else {
        ref.card = command->act.card.card;
    }
    require_keeper(power, asked, ref);
}

/* A desk may record for anybody at its own org. */
static void require_service_record(struct power *power, const struct asked *asked)
{
    const struct act_service_record *act = &asked->command->act.service_record;
    if (act->org != 0) {
        require_org(power, asked, act->org);
    } else {
        require_member(power, asked, act->member);
    }
}

static void require_stock_receive(struct power *power, const struct asked *asked)
{
    require_counter(power, asked, asked->command->act.stock_receive.counter);
}

static void require_redeem(struct power *power, const struct asked *asked)
{
    require_counter(power, asked, asked->command->act.redeem.counter);
}

static void require_service_ask(struct power *power, const struct asked *asked)
{
    require_counter(power, asked, asked->command->act.service_ask.counter);
}

static void require_service_give(struct power *power, const struct asked *asked)
{
    require_entry(power, asked, &asked->command->act.service_give.ask);
}

static void require_service_release(struct power *power, const struct asked *asked)
{
    require_entry(power, asked, &asked->command->act.service_release);
}

static void require_reverse(struct power *power, const struct asked *asked)
{
    require_entry(power, asked, &asked->command->act.reverse);
}

static void require_opening_balance(struct power *power, const struct asked *asked)
{
    require_member(power, asked, asked->command->act.opening_balance.member);
}

/* ---- accounts: they act from today on, so a day that has passed says nothing ---- */

static void require_roles(struct power *power, const struct asked *asked, const struct roles *roles,
                          int32_t day)
{
    for (size_t i = 0; i < roles->count; i++) {
        power_require(power, asked->bank->views, roles->items[i].org, day);
    }
}

/* 0: the server itself. */
static uint32_t opener_of(const struct asked *asked, const struct principal_row *row)
{
    const struct entry_log *log = &asked->bank->log;
    const struct entry *entry = log->get(log->context, row->entry);
    return entry == NULL ? 0 : entry->actor.principal;
}

/*
 * Over all the roles that the account has or is to have: else an administrator of one org could
 * make itself one of the whole book by setting a new code for the account of such a one. One that
 * is still to have any is its opener's, so that nobody lies in wait in it.
 */
static void require_principal(struct power *power, const struct asked *asked, uint32_t principal)
{
    struct views views = asked->bank->views;
    struct principal_row row;
    struct roles roles;
    bool is_of_roles = false;
    if (!principal_get(views, principal, &row)) {
        power_require(power, views, 0, asked->today_day);
        return;
    }
    if (row.kind == PRINCIPAL_DEVICE) {
        is_of_roles = true;
        power_require(power, views, row.org, asked->today_day);
    }
    roles_on(views, principal, asked->today_day, &roles);
    is_of_roles = is_of_roles || roles.count > 0;
    require_roles(power, asked, &roles, asked->today_day);
    struct dated_row later = {.from_day = asked->today_day};
    while (dated_from(views, DATED_ROLES, principal, 0, later.from_day + 1, &later)) {
        int32_t day = later.from_day;
        roles_on(views, principal, day, &roles);
        is_of_roles = is_of_roles || roles.count > 0;
        require_roles(power, asked, &roles, day);
        later.from_day = day;
    }
    if (!is_of_roles && opener_of(asked, &row) != asked->principal) {
        power_require(power, views, 0, asked->today_day);
    }
}

static void require_device_open(struct power *power, const struct asked *asked)
{
    power_require(power, asked->bank->views, asked->command->act.device_open.org, asked->today_day);
}

static void require_principal_set(struct power *power, const struct asked *asked)
{
    require_principal(power, asked, asked->command->act.principal_set.principal);
}

static void require_credential_set(struct power *power, const struct asked *asked)
{
    require_principal(power, asked, asked->command->act.credential_set.principal);
}

static void require_role_set(struct power *power, const struct asked *asked)
{
    const struct act_role_set *act = &asked->command->act.role_set;
    require_principal(power, asked, act->principal);
    require_roles(power, asked, &act->roles,
                  asked->day > asked->today_day ? asked->day : asked->today_day);
}

static void require_asked(struct power *power, const struct asked *asked);

/* Where what was proposed counts. */
static void require_proposal_decide(struct power *power, const struct asked *asked)
{
    const struct entry *entry =
        entry_find(asked->bank, &asked->command->act.proposal_decide.proposal);
    if (entry == NULL || entry->command.kind == ACT_PROPOSAL_DECIDE) {
        require_org(power, asked, 0);
        return;
    }
    const struct command proposed = entry->command; /* the entry's own dies with the next one */
    const struct asked other = {.bank = asked->bank,
                                .command = &proposed,
                                .principal = asked->principal,
                                .day = entry->day,
                                .today_day = asked->today_day};
    require_asked(power, &other);
}

/* Acts without a rule count for the whole book. */
static void require_asked(struct power *power, const struct asked *asked)
{
    static void (*const rules[])(struct power *, const struct asked *) = {
        [ACT_ORG_OPEN] = require_org_open,
        [ACT_ORG_UPDATE] = require_org_update,
        [ACT_COUNTER_OPEN] = require_counter_open,
        [ACT_ACTIVITY_OPEN] = require_activity_open,
        [ACT_IMPORT_OPEN] = require_nothing,
        [ACT_MEMBER_REGISTER] = require_member_register,
        [ACT_MEMBER_UPDATE] = require_member_act,
        [ACT_MEMBER_CLOSE] = require_member_act,
        [ACT_CARD_ISSUE] = require_member_act,
        [ACT_CARD_BLOCK] = require_member_act,
        [ACT_CARD_REPLACE] = require_member_act,
        [ACT_STOCK_RECEIVE] = require_stock_receive,
        [ACT_SERVICE_RECORD] = require_service_record,
        [ACT_REDEEM] = require_redeem,
        [ACT_SERVICE_ASK] = require_service_ask,
        [ACT_SERVICE_GIVE] = require_service_give,
        [ACT_SERVICE_RELEASE] = require_service_release,
        [ACT_REVERSE] = require_reverse,
        [ACT_OPENING_BALANCE] = require_opening_balance,
        [ACT_OPERATOR_OPEN] = require_nothing,
        [ACT_DEVICE_OPEN] = require_device_open,
        [ACT_PRINCIPAL_SET] = require_principal_set,
        [ACT_CREDENTIAL_SET] = require_credential_set,
        [ACT_ROLE_SET] = require_role_set,
        [ACT_PROPOSAL_DECIDE] = require_proposal_decide,
        [ACT_REVEAL] = require_member_act,
        [ACT_MEMBER_ERASE] = require_member_act,
        [ACT_CONSENT_SET] = require_member_act,
    };
    size_t kind = (size_t)asked->command->kind;
    if (kind < sizeof(rules) / sizeof(rules[0]) && rules[kind] != NULL) {
        rules[kind](power, asked);
    } else {
        power_require(power, asked->bank->views, 0, asked->day);
    }
}

struct verdict bank_authorise_command(const struct bank *bank, const struct bank_context *context,
                                      const struct command *command)
{
    const struct asked asked = {.bank = bank,
                                .command = command,
                                .principal = context->actor.principal,
                                .day = command->day == DAY_NONE ? context->today_day : command->day,
                                .today_day = context->today_day};
    struct power power;
    if (command->kind == ACT_NONE &&
        !context->actor.is_trusted) { /* not the right of that number */
        return (struct verdict){.code = LB_UNAUTHORISED, .text = "act"};
    }
    power_init(&power, bank, &context->actor, context->today_day, (enum right)command->kind);
    if (power.verdict.code == LB_OK && !power.is_whole) {
        require_asked(&power, &asked);
    }
    return power.verdict;
}
