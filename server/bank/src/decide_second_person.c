/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of the second person: the policy, what waits and why, and how a proposal is decided
 * (docs/decisions/confirmed-proposals.md). Pure.
 */
#include "decision.h"

#include "bank/roles.h"

#define PROPOSAL_DAYS_WITHOUT_POLICY 14
#define MINUTE_MS                    60000

void decide_policy_set(struct decision *decision)
{
    (void)decision; /* dates new thresholds: nothing can stand against it */
}

/* ---- who ---- */

/* The operator's own member record; 0: none. */
static uint64_t member_of_principal(struct views views, uint32_t principal)
{
    struct principal_row row;
    return principal_get(views, principal, &row) ? row.member : 0;
}

static bool is_linked(const struct entry *entry, uint64_t member)
{
    bool is_found = false;
    for (size_t i = 0; i < entry->link_count && !is_found; i++) {
        is_found = entry->links[i].member == member;
    }
    return is_found;
}

bool bank_is_second_person(const struct bank *bank, const struct entry *proposal,
                           uint32_t principal)
{
    if (principal == 0 || principal == proposal->actor.principal ||
        principal == proposal->actor.device) {
        return false;
    }
    uint64_t own = member_of_principal(bank->views, principal);
    return own == 0 || (own != member_of_principal(bank->views, proposal->actor.principal) &&
                        !is_linked(proposal, own));
}

/* ---- what waits ---- */

/* To which record an account belongs, of the actor's own accounts: or a second one would be made
 * to look like another person's. */
static bool links_own_account(const struct decision *decision, uint64_t own)
{
    const struct act_principal_set *act = &decision->command->act.principal_set;
    return act->member != 0 &&
           (act->principal == decision->context->actor.principal ||
            (own != 0 && own == member_of_principal(decision->views, act->principal)));
}

/* Of the actor's own member record, or to which record an account of its own belongs. */
static bool concerns_oneself(const struct decision *decision)
{
    uint64_t own = member_of_principal(decision->views, decision->context->actor.principal);
    if (decision->command->kind == ACT_PRINCIPAL_SET) {
        return links_own_account(decision, own);
    }
    return own != 0 && is_linked(decision->entry, own);
}

static bool is_over(int64_t value, int64_t threshold)
{
    return threshold != 0 && value > threshold;
}

/* Points earned, brought along, or taken for what is redeemed or asked for; what is given was asked
 * for before. */
static int64_t points_moved_centi(const struct entry *entry)
{
    int64_t points_centi = entry->earning.points_centi;
    bool is_taken = entry->command.kind == ACT_REDEEM || entry->command.kind == ACT_SERVICE_ASK;
    for (size_t i = 0; is_taken && i < entry->line_count; i++) {
        points_centi += entry->lines[i].quantity * entry->lines[i].price_centi;
    }
    if (entry->command.kind == ACT_OPENING_BALANCE) {
        points_centi += entry->command.act.opening_balance.points_centi;
    }
    return points_centi;
}

/* The target is the newest thing that happened to its members, or at its counter if it has none;
 * by the same principal alone, and not long ago. */
static bool undoes_own_last_act(const struct decision *decision, uint32_t undo_minutes)
{
    const struct entry_log *log = &decision->bank->log;
    const struct entry *entry = decision->entry;
    const struct entry *target = log->get(log->context, entry->target_entry);
    if (target == NULL || target->actor.principal != decision->context->actor.principal ||
        target->proposal != 0 ||
        decision->context->now_ms - target->recorded_ms > (int64_t)undo_minutes * MINUTE_MS) {
        return false;
    }
    if (entry->link_count == 0) {
        const struct chain_link *link = entry_chain(entry, CHAIN_COUNTER);
        return link != NULL && link->previous_entry == target->number;
    }
    bool is_last = true;
    for (size_t i = 0; i < entry->link_count; i++) {
        is_last = is_last && entry->links[i].previous_entry == target->number;
    }
    return is_last;
}

static bool policy_demands(const struct decision *decision, const struct act_policy_set *policy)
{
    const struct command *command = decision->command;
    const struct entry *entry = decision->entry;
    int64_t back_days = (int64_t)decision->context->today_day - decision->day;
    if (is_over(entry->earning.minutes, policy->service_minutes) ||
        is_over(points_moved_centi(entry), policy->points_centi) ||
        is_over(back_days, policy->back_days)) {
        return true;
    }
    if (command->kind == ACT_IMPORT_OPEN) {
        return is_over(command->act.import_open.rows, policy->import_rows);
    }
    if (command->kind == ACT_OPENING_BALANCE) {
        return policy->opening_balances;
    }
    return command->kind == ACT_REVERSE && policy->reversals &&
           !undoes_own_last_act(decision, policy->undo_minutes);
}

void decide_second_person(struct decision *decision)
{
    const struct command *command = decision->command;
    const struct bank_context *context = decision->context;
    if (context->actor.is_trusted || command->kind == ACT_PROPOSAL_DECIDE) {
        return;
    }
    bool is_own = concerns_oneself(decision);
    if (bank_command_person(command) != NULL || bank_command_credential(command) != NULL) {
        if (is_own) { /* a proposal keeps no person, so this one cannot wait */
            decision_refuse(decision,
                            (struct verdict){.code = LB_UNAUTHORISED, .text = "own record"});
        }
        return;
    }
    struct act_policy_set policy = {.proposal_days = PROPOSAL_DAYS_WITHOUT_POLICY};
    bool has_policy = policy_on(decision->views, context->today_day, &policy);
    if (is_own || (has_policy && policy_demands(decision, &policy))) {
        decision_refuse_with(decision, LB_WAITING,
                             (int64_t)context->today_day + policy.proposal_days, 0, 0);
    }
}

/* ---- deciding ---- */

/* It stands in the history of what it concerns. */
static void link_as_proposed(struct decision *decision, const struct entry *proposal)
{
    for (size_t i = 0; i < proposal->link_count; i++) {
        struct member_row row;
        (void)decision_link_member(decision, proposal->links[i].member, &row);
    }
    decision_follow_counter(decision, proposal);
}

/* Who proposed it must have the right to it still: its account may have been closed for a reason.
 */
static void require_proposer(struct decision *decision, const struct entry *proposal)
{
    struct bank_context context = *decision->context;
    struct command command = proposal->command;
    context.actor = proposal->actor;
    command.day = proposal->day;
    struct verdict verdict = bank_authorise_command(decision->bank, &context, &command);
    if (verdict.code == LB_PRINCIPAL_LOCKED) {
        decision_refuse(decision, verdict);
    } else if (verdict.code != LB_OK) { /* its own words would sound as if the approver's lacked */
        decision_refuse(decision, (struct verdict){.code = LB_UNAUTHORISED, .text = "proposer"});
    }
}

/* Makes the entry that of the proposed command, decided now as its proposer's. */
static void confirm(struct decision *decision, const struct entry *proposal)
{
    const struct decision second = *decision;
    struct command command = proposal->command;
    struct bank_context context = *second.context;
    struct entry *entry = decision->entry;
    command.id = second.command->id;
    context.actor = proposal->actor;
    *entry = (struct entry){
        .number = entry->number,
        .recorded_ms = entry->recorded_ms,
        .day = proposal->day,
        .actor = proposal->actor,
        .command = command,
        .verdict = {.code = LB_OK, .text = ""},
        .postings = entry->postings,
        .proposal = proposal->number,
        .approver = second.context->actor.principal,
    };
    decision->day = proposal->day;
    decision->command = &command;
    decision->context = &context;
    decide_linked_act(decision);
    decision->command = second.command;
    decision->context = second.context;
}

void decide_proposal_decide(struct decision *decision)
{
    const struct act_proposal_decide *act = &decision->command->act.proposal_decide;
    const struct bank_context *context = decision->context;
    const struct entry_log *log = &decision->bank->log;
    const struct entry *proposal = decision_resolve_entry(decision, &act->proposal);
    struct proposal_row row;
    if (proposal == NULL) {
        return;
    }
    if (!proposal_get(decision->views, proposal->number, &row)) {
        decision_refuse_with(decision, LB_NOT_A_PROPOSAL, (int64_t)proposal->number, 0, 0);
        return;
    }
    link_as_proposed(decision, proposal);
    if (row.decided_by != 0) {
        decision_refuse_with(decision, LB_PROPOSAL_DECIDED, (int64_t)row.entry,
                             (int64_t)row.decided_by, 0);
    } else if (context->today_day > row.expires_day) {
        decision_refuse_with(decision, LB_PROPOSAL_EXPIRED, (int64_t)row.entry, row.expires_day, 0);
    }
    if (!bank_is_second_person(decision->bank, proposal, context->actor.principal)) {
        decision_refuse_with(decision, LB_SECOND_PERSON, (int64_t)row.entry, 0, 0);
    }
    if (decision_stands(decision) && act->confirm) {
        require_proposer(decision, proposal);
        proposal = log->get(log->context, row.entry); /* that may have looked at other entries */
        if (decision_stands(decision) && proposal != NULL) {
            confirm(decision, proposal);
        }
    }
}
