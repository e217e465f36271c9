/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of operators, devices, credentials and roles. Who may give which role is decided before
 * (authorise.c). Pure.
 */
#include "decision.h"

/* The next free one. */
static void assign_principal(struct decision *decision)
{
    uint64_t principal = sequence_last(decision->views, SEQUENCE_PRINCIPAL) + 1;
    if (principal > LB_PRINCIPAL_MAX) {
        decision_refuse(decision, (struct verdict){.code = LB_FIELD_INVALID,
                                                   .a = (int64_t)principal,
                                                   .b = 1,
                                                   .c = LB_PRINCIPAL_MAX,
                                                   .text = "principal"});
    }
    decision->entry->assigned = principal;
}

static void require_member(struct decision *decision, uint64_t member)
{
    struct member_row row;
    if (member != 0 && !member_get(decision->views, member, &row)) {
        decision_refuse_with(decision, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
    }
}

/* A password is known to its operator alone: the server sets it, others give a code to set one. */
static void require_one_time(struct decision *decision)
{
    const struct credential *credential = bank_command_credential(decision->command);
    if (credential != NULL && credential->kind != CREDENTIAL_ONE_TIME &&
        !decision->context->actor.is_trusted) {
        decision_refuse(decision,
                        (struct verdict){.code = LB_UNAUTHORISED, .text = "credential.kind"});
    }
}

/* The account named, and not closed. false: refused. */
static bool resolve_principal(struct decision *decision, uint32_t principal,
                              struct principal_row *row)
{
    if (!principal_get(decision->views, principal, row)) {
        decision_refuse_with(decision, LB_PRINCIPAL_UNKNOWN, principal, 0, 0);
        return false;
    }
    if (row->state == PRINCIPAL_CLOSED) {
        decision_refuse_with(decision, LB_PRINCIPAL_LOCKED, principal, 0, 0);
        return false;
    }
    return true;
}

void decide_operator_open(struct decision *decision)
{
    const struct act_operator_open *act = &decision->command->act.operator_open;
    uint32_t other = principal_of_login(decision->views, act->login);
    if (other != 0) {
        decision_refuse_with(decision, LB_LOGIN_TAKEN, other, 0, 0);
    }
    require_member(decision, act->member);
    require_one_time(decision);
    assign_principal(decision);
}

void decide_device_open(struct decision *decision)
{
    const struct act_device_open *act = &decision->command->act.device_open;
    uint32_t other = principal_of_token(decision->views, act->token_hash);
    struct counter_row counter;
    if (other != 0) {
        decision_refuse_with(decision, LB_ALREADY_EXISTS, other, 0, 0);
    }
    decision_require_org(decision, act->org);
    if (act->counter != 0 && !counter_get(decision->views, act->counter, &counter)) {
        decision_refuse_with(decision, LB_COUNTER_UNKNOWN, act->counter, 0, 0);
    }
    decision->entry->org = act->org;
    assign_principal(decision);
}

/* ---- somebody must be left who may do everything ---- */

static bool roles_hold_everything(const struct roles *roles)
{
    for (size_t i = 0; i < roles->count; i++) {
        if (roles->items[i].role == ROLE_ADMINISTRATOR && roles->items[i].org == 0) {
            return true;
        }
    }
    return false;
}

enum span { ON_SOME_DAY, FOR_GOOD };

/* Is the operator an administrator of the whole book on the day or a later one; or on all? */
static bool is_administrator(struct views views, const struct principal_row *row, int32_t day,
                             enum span span)
{
    struct roles roles;
    if (row->kind != PRINCIPAL_OPERATOR || row->state != PRINCIPAL_ACTIVE) {
        return false;
    }
    roles_on(views, row->principal, day, &roles);
    bool is_one = roles_hold_everything(&roles);
    struct dated_row later = {.from_day = day};
    while (is_one == (span == FOR_GOOD) &&
           dated_from(views, DATED_ROLES, row->principal, 0, later.from_day + 1, &later)) {
        roles_on(views, row->principal, later.from_day, &roles);
        is_one = roles_hold_everything(&roles);
    }
    return is_one;
}

/* The operator stops being one from that day on: refused unless another stays one. */
static void require_another(struct decision *decision, const struct principal_row *leaving,
                            int32_t day)
{
    struct views views = decision->views;
    struct principal_row row = {.principal = 0};
    bool is_left = !is_administrator(views, leaving, day, ON_SOME_DAY);
    while (!is_left && principal_next(views, row.principal + 1, &row)) {
        is_left =
            row.principal != leaving->principal && is_administrator(views, &row, day, FOR_GOOD);
    }
    if (!is_left) {
        decision_refuse_with(decision, LB_LAST_ADMINISTRATOR, leaving->principal, 0, 0);
    }
}

void decide_principal_set(struct decision *decision)
{
    const struct act_principal_set *act = &decision->command->act.principal_set;
    struct principal_row row;
    if (!resolve_principal(decision, act->principal, &row)) {
        return;
    }
    if (act->member != 0 && row.kind != PRINCIPAL_OPERATOR) {
        decision_refuse(decision, (struct verdict){.code = LB_FIELD_INVALID,
                                                   .a = (int64_t)act->member,
                                                   .text = "member"});
    }
    require_member(decision, act->member);
    if (act->state == row.state) {
        decision_refuse_with(decision, LB_STATUS_UNCHANGED, act->principal, 0, 0);
    } else if (act->state != PRINCIPAL_UNSPECIFIED && act->state != PRINCIPAL_ACTIVE) {
        require_another(decision, &row, decision->context->today_day);
    }
}

void decide_credential_set(struct decision *decision)
{
    uint32_t principal = decision->command->act.credential_set.principal;
    struct principal_row row;
    require_one_time(decision);
    if (resolve_principal(decision, principal, &row) && row.kind != PRINCIPAL_OPERATOR) {
        decision_refuse_with(decision, LB_PRINCIPAL_UNKNOWN, principal, 0, 0); /* has a token */
    }
}

void decide_role_set(struct decision *decision)
{
    const struct act_role_set *act = &decision->command->act.role_set;
    int32_t today_day = decision->context->today_day;
    struct principal_row row;
    for (size_t i = 0; i < act->roles.count; i++) {
        uint64_t org = act->roles.items[i].org;
        if (org != 0 && !dated_exists(decision->views, DATED_ORG, org)) {
            decision_refuse_with(decision, LB_ORG_UNKNOWN, (int64_t)org, 0, 0);
        }
    }
    if (resolve_principal(decision, act->principal, &row) && !roles_hold_everything(&act->roles)) {
        require_another(decision, &row, decision->day > today_day ? decision->day : today_day);
    }
}
