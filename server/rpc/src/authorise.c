/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The questions to the table of roles, and the one rule of reading that is not in it: what a Reveal
 * opens. No state.
 */
#include "authorise.h"

#include "bank/records.h"
#include "bank/roles.h"
#include "base/clock.h"
#include "base/date.h"

#define REVEAL_LASTS_MS (15 * INT64_C(60000))

bool rpc_is_admitted(const struct rpc_method *method, const struct actor *actor)
{
    return (method->flags & RPC_OPEN) != 0 || actor->is_trusted || actor->principal != 0;
}

/* Had the caller that right a moment ago, under the same view? */
static bool grant_is_of(const struct rpc_call *call, enum right right)
{
    const struct rpc_grant *grant = &call->grant;
    return grant->is_set && grant->right == right && grant->principal == call->actor.principal &&
           grant->device == call->actor.device;
}

enum lb_result rpc_authorise_anywhere(struct rpc_call *call)
{
    if (call->method->right == RIGHT_NONE || call->actor.is_trusted ||
        grant_is_of(call, call->method->right)) {
        return LB_OK;
    }
    return rpc_call_fail(call, bank_authorise_anywhere(&call->view.bank, &call->actor,
                                                       rpc_today(call), call->method->right));
}

static struct verdict authorise(struct rpc_call *call, enum right right, uint64_t org, int32_t day)
{
    const bool is_granted =
        grant_is_of(call, right) && call->grant.org == org && call->grant.day == day;
    if (call->actor.is_trusted || is_granted) {
        return (struct verdict){.code = LB_OK, .text = ""};
    }
    const struct verdict verdict =
        bank_authorise(&call->view.bank, &call->actor, rpc_today(call), right, org, day);
    if (verdict.code == LB_OK) {
        call->grant =
            (struct rpc_grant){true, call->actor.principal, call->actor.device, right, org, day};
    }
    return verdict;
}

enum lb_result rpc_authorise(struct rpc_call *call, enum right right, uint64_t org, int32_t day)
{
    return rpc_call_fail(call, authorise(call, right, org, day));
}

bool rpc_may(struct rpc_call *call, enum right right, uint64_t org, int32_t day)
{
    return authorise(call, right, org, day).code == LB_OK;
}

enum lb_result rpc_authorise_entry(struct rpc_call *call, const struct entry *entry)
{
    if (rpc_is_own(call, entry)) {
        return LB_OK;
    }
    return rpc_authorise(call, RIGHT_READ_ENTRY, bank_entry_org(call->view.bank.views, entry),
                         entry->day);
}

bool rpc_may_read_entry(struct rpc_call *call, const struct entry *entry)
{
    return rpc_is_own(call, entry) ||
           rpc_may(call, RIGHT_READ_ENTRY, bank_entry_org(call->view.bank.views, entry),
                   entry->day);
}

static enum lb_result long_open(struct rpc_call *call)
{
    rpc_view_begin(call);
    return engine_view_open(call->rpc->ports.engine, &call->arena, &call->view);
}

static enum lb_result long_close(struct rpc_call *call, enum lb_result result)
{
    const enum lb_result fault = views_fault(call->view.bank.views);
    engine_view_close(&call->view);
    return fault != LB_OK ? fault : result;
}

enum lb_result rpc_authorise_long(struct rpc_call *call)
{
    const enum lb_result opened = long_open(call);
    return opened != LB_OK ? opened : long_close(call, rpc_authorise_anywhere(call));
}

enum lb_result rpc_authorise_year(struct rpc_call *call, uint64_t org, int32_t year)
{
    const struct date last = {.year = year, .month = 12, .day = 31};
    const enum lb_result opened = long_open(call);
    if (opened != LB_OK) {
        return opened;
    }
    /* Of a year that there is not the report says so itself. */
    const int32_t day = date_is_valid(last) ? date_to_day(last) : rpc_today(call);
    return long_close(call, rpc_authorise(call, call->method->right, org, day));
}

bool rpc_is_own(const struct rpc_call *call, const struct entry *entry)
{
    return call->actor.principal != 0 && entry->actor.principal == call->actor.principal;
}

static bool reveal_opens(const struct rpc_call *call, const struct entry *entry, uint64_t member)
{
    /* A clock that was put back makes no Reveal last longer. */
    const int64_t age_ms = clock_now_ms(call->rpc->ports.clock) - entry->recorded_ms;
    return entry->command.kind == ACT_REVEAL && entry->verdict.code == LB_OK &&
           entry->command.act.reveal == member && entry->actor.principal == call->actor.principal &&
           age_ms >= -REVEAL_LASTS_MS && age_ms <= REVEAL_LASTS_MS;
}

enum lb_result rpc_reveal_check(struct rpc_call *call, uint64_t member, uint64_t reveal_entry)
{
    struct bytes packed;
    struct entry entry;
    if (call->actor.is_trusted) {
        return LB_OK;
    }
    const enum lb_result result = engine_view_entry(&call->view, reveal_entry, &packed, &entry);
    if (result != LB_OK) {
        return result == LB_ENTRY_UNKNOWN ? LB_UNAUTHORISED : result;
    }
    return reveal_opens(call, &entry, member) ? LB_OK : LB_UNAUTHORISED;
}
