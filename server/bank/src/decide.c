/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * bank_decide: sets up the decision, hands it to the act's rule, finishes the entry. And what the
 * rules share. Pure.
 */
#include "decision.h"

#include "base/assert.h"

void decision_refuse(struct decision *decision, struct verdict verdict)
{
    LB_ASSERT(verdict.code != LB_OK);
    size_t precedence = lb_result_precedence((int)verdict.code);
    if (decision_stands(decision) || precedence < decision->precedence) {
        decision->entry->verdict = verdict;
        decision->precedence = precedence;
    }
}

void decision_refuse_with(struct decision *decision, enum lb_result code, int64_t a, int64_t b,
                          int64_t c)
{
    decision_refuse(decision, (struct verdict){.code = code, .a = a, .b = b, .c = c, .text = ""});
}

bool decision_stands(const struct decision *decision)
{
    return decision->entry->verdict.code == LB_OK;
}

void decision_forbid_future(struct decision *decision)
{
    if (decision->day > decision->context->today_day) {
        decision_refuse_with(decision, LB_DATE_IN_FUTURE, decision->day,
                             decision->context->today_day, 0);
    }
}

uint64_t decision_lot_min(const struct decision *decision)
{
    return decision->day > 0 ? (uint64_t)decision->day : 0;
}

void decision_require_org(struct decision *decision, uint64_t org)
{
    struct org_row row;
    bool is_there = org_on(decision->views, org, decision->day, &row);
    if (is_there && !row.is_closed) {
        return;
    }
    if (is_there || dated_exists(decision->views, DATED_ORG, org)) {
        decision_refuse_with(decision, LB_ORG_CLOSED, (int64_t)org, decision->day, 0);
    } else {
        decision_refuse_with(decision, LB_ORG_UNKNOWN, (int64_t)org, 0, 0);
    }
}

bool decision_link_member(struct decision *decision, uint64_t member, struct member_row *row)
{
    struct entry *entry = decision->entry;
    if (!member_get(decision->views, member, row)) {
        return false;
    }
    LB_ASSERT(entry->link_count < ENTRY_LINKS_MAX);
    entry->links[entry->link_count++] =
        (struct member_link){.member = member, .previous_entry = row->last_entry};
    return true;
}

/* Card or number -> number. 0: refused. */
static uint64_t resolve_number(struct decision *decision, struct member_ref ref)
{
    struct card_row card;
    if (ref.card == 0) {
        return ref.member;
    }
    if (!card_get(decision->views, ref.card, &card)) {
        decision_refuse_with(decision, LB_CARD_UNKNOWN, (int64_t)ref.card, 0, 0);
        return 0;
    }
    if (card.status != CARD_ACTIVE) {
        decision_refuse_with(decision, LB_CARD_BLOCKED, (int64_t)ref.card, 0, 0);
    }
    return card.member;
}

bool decision_resolve_member(struct decision *decision, struct member_ref ref,
                             struct member_row *row)
{
    uint64_t member = resolve_number(decision, ref);
    if (member == 0) {
        return false;
    }
    if (!decision_link_member(decision, member, row)) {
        decision_refuse_with(decision, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
        return false;
    }
    if (member_is_closed(row)) {
        decision_refuse_with(decision, LB_MEMBER_CLOSED, (int64_t)member, row->closed_day, 0);
    } else if (row->status == MEMBER_BLOCKED) {
        decision_refuse_with(decision, LB_MEMBER_BLOCKED, (int64_t)member, 0, 0);
    }
    if (decision->day < row->joined_day) {
        decision_refuse_with(decision, LB_BEFORE_JOINED, decision->day, row->joined_day, 0);
    }
    return true;
}

static void link_chain(struct views views, struct entry *entry, enum chain_kind kind, uint64_t key)
{
    struct chain_row row;
    LB_ASSERT(entry->chain_count < ENTRY_CHAINS_MAX);
    LB_ASSERT(entry->chain_count == 0 || entry->chains[0].kind < kind);
    chain_get(views, kind, key, &row);
    entry->chains[entry->chain_count++] =
        (struct chain_link){.kind = kind, .key = key, .previous_entry = row.last_entry};
}

void decision_link_chain(struct decision *decision, enum chain_kind kind, uint64_t key)
{
    link_chain(decision->views, decision->entry, kind, key);
}

void decision_follow_counter(struct decision *decision, const struct entry *target)
{
    const struct chain_link *link = entry_chain(target, CHAIN_COUNTER);
    if (link != NULL) {
        decision_link_chain(decision, CHAIN_COUNTER, link->key);
    }
}

bool bank_link_import(const struct bank *bank, struct entry *entry)
{
    uint64_t import = entry->command.import;
    if (import == 0) {
        return true;
    }
    if (import_get(bank->views, import) == 0) {
        return false;
    }
    link_chain(bank->views, entry, CHAIN_IMPORT, import);
    return true;
}

/* The entry made under the id; of what waited and was confirmed, the one that did it. 0: none. */
static uint64_t resolve_request(const struct decision *decision, const struct id *request)
{
    const struct entry_log *log = &decision->bank->log;
    uint64_t number = log->find_request(log->context, request);
    struct proposal_row row;
    bool follows = decision->command->kind != ACT_PROPOSAL_DECIDE; /* that one means the proposal */
    if (follows && number != 0 && proposal_get(decision->views, number, &row) && row.is_confirmed) {
        return row.decided_by;
    }
    return number;
}

const struct entry *decision_resolve_entry(struct decision *decision, const struct entry_ref *ref)
{
    const struct entry_log *log = &decision->bank->log;
    uint64_t number = ref->entry;
    if (number == 0) {
        number = resolve_request(decision, &ref->request);
        if (number == 0) {
            decision_refuse_with(decision, LB_REQUEST_UNKNOWN, 0, 0, 0);
            return NULL;
        }
    }
    const struct entry *target = log->get(log->context, number);
    if (target == NULL) {
        decision_refuse_with(decision, LB_ENTRY_UNKNOWN, (int64_t)number, 0, 0);
        return NULL;
    }
    decision->entry->target_entry = number;
    return target;
}

static void decide_act(struct decision *decision)
{
    static const struct {
        enum act_kind kind;
        void (*decide)(struct decision *decision);
        bool may_be_ahead; /* the business day may lie in the future */
    } acts[] = {
        {ACT_ORG_OPEN, decide_org_open, true},
        {ACT_ORG_UPDATE, decide_org_update, true},
        {ACT_CLASS_SET, decide_class_set, false},
        {ACT_TARIFF_SET, decide_tariff_set, true},
        {ACT_ITEM_SET, decide_item_set, true},
        {ACT_COUNTER_OPEN, decide_counter_open, false},
        {ACT_ACTIVITY_OPEN, decide_activity_open, false},
        {ACT_STAR_TABLE_SET, decide_star_table_set, true},
        {ACT_IMPORT_OPEN, decide_import_open, false},
        {ACT_MEMBER_REGISTER, decide_member_register, false},
        {ACT_MEMBER_UPDATE, decide_member_update, true},
        {ACT_MEMBER_CLOSE, decide_member_close, false},
        {ACT_CARD_ISSUE, decide_card_issue, false},
        {ACT_CARD_BLOCK, decide_card_block, false},
        {ACT_CARD_REPLACE, decide_card_replace, false},
        {ACT_STOCK_RECEIVE, decide_stock_receive, false},
        {ACT_SERVICE_RECORD, decide_service_record, false},
        {ACT_REDEEM, decide_redeem, false},
        {ACT_SERVICE_ASK, decide_service_ask, false},
        {ACT_SERVICE_GIVE, decide_service_give, false},
        {ACT_SERVICE_RELEASE, decide_service_release, false},
        {ACT_REVERSE, decide_reverse, false},
        {ACT_OPENING_BALANCE, decide_opening_balance, false},
        {ACT_OPERATOR_OPEN, decide_operator_open, false},
        {ACT_DEVICE_OPEN, decide_device_open, false},
        {ACT_PRINCIPAL_SET, decide_principal_set, false},
        {ACT_CREDENTIAL_SET, decide_credential_set, false},
        {ACT_ROLE_SET, decide_role_set, true},
        {ACT_POLICY_SET, decide_policy_set, true},
        {ACT_PROPOSAL_DECIDE, decide_proposal_decide, false},
        {ACT_REVEAL, decide_reveal, false},
        {ACT_MEMBER_ERASE, decide_member_erase, false},
        {ACT_CONSENT_SET, decide_consent_set, true},
        {ACT_KEY_ROTATE, decide_key_rotate, false},
    };
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (acts[i].kind == decision->command->kind) {
            if (!acts[i].may_be_ahead) {
                decision_forbid_future(decision);
            }
            acts[i].decide(decision);
            return;
        }
    }
    LB_ASSERT(false); /* bank_command_check lets only known acts through */
}

void decide_linked_act(struct decision *decision)
{
    const struct command *command = decision->command;
    if (!bank_link_import(decision->bank, decision->entry)) {
        decision_refuse_with(decision, LB_IMPORT_UNKNOWN, (int64_t)command->import, 0, 0);
    }
    decide_act(decision);
}

/* A refusal keeps who it concerns and why, and nothing of what would have been. */
static void decision_strip_refusal(struct entry *entry)
{
    entry->postings.count = 0;
    entry->postings.failed = false;
    entry->line_count = 0;
    entry->earning = (struct earning){0};
    entry->assigned = 0;
    entry->assigned_card = 0;
    entry->org = 0;
}

void bank_decide(const struct bank *bank, const struct bank_context *context,
                 const struct command *command, struct entry *entry)
{
    struct posting_list postings = entry->postings;
    LB_ASSERT(postings.items != NULL && postings.count == 0);
    *entry = (struct entry){
        .number = context->next_entry,
        .recorded_ms = context->now_ms,
        .day = command->day == DAY_NONE ? context->today_day : command->day,
        .actor = context->actor,
        .command = *command,
        .verdict = {.code = LB_OK, .text = ""},
        .postings = postings,
    };
    entry->command.memo = (struct bytes){0};
    bank_command_clear_sealed(&entry->command);
    struct decision decision = {.bank = bank,
                                .views = bank->views,
                                .context = context,
                                .command = command,
                                .entry = entry,
                                .day = entry->day};
    decide_linked_act(&decision);
    if (decision_stands(&decision) && entry->postings.failed) {
        decision_refuse_with(&decision, LB_AMOUNT_OVERFLOW, 0, 0, 0);
    }
    if (decision_stands(&decision)) { /* only what would happen waits */
        decide_second_person(&decision);
    }
    if (!decision_stands(&decision)) {
        decision_strip_refusal(entry);
    }
}
