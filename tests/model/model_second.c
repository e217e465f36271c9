/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The reference's rules of the second person: what waits, who may decide it, what became of it.
 * Accounts 1 and 2 are there from the beginning; the first is member 1. One thread.
 */
#include "model_rules.h"

#include <string.h>

#define DAYS_WITHOUT_POLICY 14
#define ACCOUNT_OF_A_MEMBER 1 /* whose record is member 1 */

bool ref_waited(const struct ref_entry *entry)
{
    return entry->answer.code == LB_WAITING && entry->answer.failed_line == 0;
}

uint64_t ref_decided_by(const struct ref *ref, uint64_t proposal)
{
    for (uint64_t number = proposal + 1; number <= ref->entry_count; number++) {
        const struct ref_entry *entry = ref_entry_at(ref, number);
        bool refuses = ref_did(entry, ACT_PROPOSAL_DECIDE) && entry->target == proposal;
        if (entry->proposal == proposal || refuses) {
            return number;
        }
    }
    return 0;
}

uint64_t ref_done_by(const struct ref *ref, uint64_t number)
{
    const struct ref_entry *entry = ref_entry_at(ref, number);
    if (entry == NULL || !ref_waited(entry)) {
        return number;
    }
    uint64_t by = ref_decided_by(ref, number);
    return by != 0 && ref_entry_at(ref, by)->proposal == number ? by : number;
}

void ref_tell_end(const struct ref *ref, uint64_t number, struct ref_answer *answer)
{
    const struct ref_entry *entry = ref_entry_at(ref, number);
    uint64_t by = ref_decided_by(ref, number);
    uint64_t done_by = ref_done_by(ref, number);
    if (done_by != number) {
        *answer = ref_entry_at(ref, done_by)->answer;
    } else if (by != 0) {
        answer->code = LB_PROPOSAL_REFUSED;
        answer->a = (int64_t)by;
    } else if (ref->today_day > entry->answer.a) {
        answer->code = LB_PROPOSAL_EXPIRED;
        answer->a = (int64_t)number;
        answer->b = entry->answer.a;
    }
}

static bool is_about(const struct ref_entry *entry, uint64_t member)
{
    return (entry->link_count > 0 && entry->links[0] == member) ||
           (entry->link_count > 1 && entry->links[1] == member);
}

/* ---- what waits ---- */

static bool is_last_act(const struct ref *ref, const struct ref_entry *entry, uint32_t minutes)
{
    const struct ref_entry *target = ref_entry_at(ref, entry->target);
    if (target->principal != ref->principal || target->proposal != 0 ||
        ref->now_ms - target->recorded_ms > (int64_t)minutes * 60000) {
        return false;
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        if (ref_member_of(ref, entry->links[i]).last_entry != entry->target) {
            return false;
        }
    }
    return entry->link_count > 0 ||
           ref_chain_below(ref, CHAIN_COUNTER, entry->counter, ref->entry_count + 1).last_entry ==
               entry->target;
}

static int64_t points_of(const struct ref_entry *entry)
{
    int64_t points_centi = entry->answer.earning.points_centi;
    if (entry->command.kind == ACT_REDEEM || entry->command.kind == ACT_SERVICE_ASK) {
        for (size_t i = 0; i < entry->answer.line_count; i++) {
            points_centi += entry->answer.lines[i].quantity * entry->answer.lines[i].price_centi;
        }
    }
    if (entry->command.kind == ACT_OPENING_BALANCE) {
        points_centi = entry->command.act.opening_balance.points_centi;
    }
    return points_centi;
}

static bool demands(const struct ref *ref, const struct act_policy_set *policy,
                    const struct ref_entry *entry)
{
    const struct command *command = &entry->command;
    const struct {
        int64_t value;
        int64_t most;
    } limits[] = {
        {entry->answer.earning.minutes, policy->service_minutes},
        {points_of(entry), policy->points_centi},
        {ref->today_day - entry->day, policy->back_days},
        {command->kind == ACT_IMPORT_OPEN ? command->act.import_open.rows : 0, policy->import_rows},
    };
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (limits[i].most > 0 && limits[i].value > limits[i].most) {
            return true;
        }
    }
    if (command->kind == ACT_OPENING_BALANCE && policy->opening_balances) {
        return true;
    }
    return command->kind == ACT_REVERSE && policy->reversals &&
           !is_last_act(ref, entry, policy->undo_minutes);
}

void ref_second_person(struct ref *ref, struct ref_entry *entry)
{
    const struct command *command = &entry->command;
    struct making making = {ref, command, entry};
    bool is_own = ref->principal == ACCOUNT_OF_A_MEMBER && is_about(entry, 1);
    bool has_person = command->kind == ACT_MEMBER_REGISTER ||
                      (command->kind == ACT_MEMBER_UPDATE && command->act.member_update.has_person);
    if (ref->principal == 0 || command->kind == ACT_PROPOSAL_DECIDE || entry->proposal != 0) {
        return;
    }
    if (has_person) {
        if (is_own) {
            making_refuse(&making, LB_UNAUTHORISED, 0, 0, 0);
        }
        return;
    }
    uint64_t set = ref_dated(ref, ACT_POLICY_SET, 0, ref->today_day);
    const struct act_policy_set *policy =
        set == 0 ? NULL : &ref_entry_at(ref, set)->command.act.policy_set;
    if (is_own || (policy != NULL && demands(ref, policy, entry))) {
        uint32_t days = policy == NULL ? DAYS_WITHOUT_POLICY : policy->proposal_days;
        making_refuse(&making, LB_WAITING, (int64_t)ref->today_day + days, 0, 0);
    }
}

/* ---- deciding ---- */

/* The entry becomes what was proposed. */
static void confirm(struct making *making, uint64_t number, const struct ref_entry *proposed)
{
    struct ref_entry *entry = making->entry;
    *entry = (struct ref_entry){.command = proposed->command,
                                .content = entry->content,
                                .day = proposed->day,
                                .principal = proposed->principal,
                                .recorded_ms = entry->recorded_ms,
                                .proposal = number,
                                .approver = making->ref->principal,
                                .move_first = entry->move_first};
    entry->command.id = making->command->id;
    ref_decide(making->ref, &entry->command, entry);
}

void making_decide_proposal(struct making *making)
{
    const struct act_proposal_decide *act = &making->command->act.proposal_decide;
    const struct ref_entry *found = making_need_entry(making, &act->proposal);
    const struct ref *ref = making->ref;
    if (found == NULL) {
        return;
    }
    const struct ref_entry proposed = *found;
    uint64_t number = making->entry->target;
    if (!ref_waited(&proposed)) {
        making_refuse(making, LB_NOT_A_PROPOSAL, (int64_t)number, 0, 0);
        return;
    }
    for (size_t i = 0; i < proposed.link_count; i++) {
        making_concerns(making, proposed.links[i]);
    }
    making->entry->counter = proposed.counter;
    uint64_t by = ref_decided_by(ref, number);
    bool is_own = ref->principal == ACCOUNT_OF_A_MEMBER && is_about(&proposed, 1);
    if (by != 0) {
        making_refuse(making, LB_PROPOSAL_DECIDED, (int64_t)number, (int64_t)by, 0);
    } else if (ref->today_day > proposed.answer.a) {
        making_refuse(making, LB_PROPOSAL_EXPIRED, (int64_t)number, proposed.answer.a, 0);
    }
    if (ref->principal == 0 || ref->principal == proposed.principal || is_own) {
        making_refuse(making, LB_SECOND_PERSON, (int64_t)number, 0, 0);
    }
    if (making->entry->answer.code == LB_OK && act->confirm) {
        confirm(making, number, &proposed);
    }
}
