/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * May the caller read that? Asks the bank's table of roles (bank/roles.h) and decides nothing by
 * role itself. A method's right is looked at three times, each before more is read:
 *   - rpc_is_admitted, before the request is unpacked: is there a log-in at all;
 *   - rpc_authorise_anywhere, before the handler: is the right had in any scope;
 *   - rpc_authorise, by the handler, once it knows which org the answer is about.
 * What a principal may do can change while a long read runs: what counts is its start. Not for
 * writes, which the engine's writer authorises. On the call's thread.
 */
#ifndef RPC_AUTHORISE_H
#define RPC_AUTHORISE_H

#include "bank/entry.h"
#include "call.h"

bool rpc_is_admitted(const struct rpc_method *method, const struct actor *actor);
LB_MUST_CHECK enum lb_result rpc_authorise_anywhere(struct rpc_call *call);

/* The right for that org, as the tree is on that day; org 0: the whole book. Under the call's view.
 * Else the failure of the call: LB_LOGIN_REQUIRED, LB_PRINCIPAL_LOCKED, LB_UNAUTHORISED,
 * LB_OUT_OF_SCOPE. */
LB_MUST_CHECK enum lb_result rpc_authorise(struct rpc_call *call, enum right right, uint64_t org,
                                           int32_t day);
/* The same as a question: for lists that leave out what is out of scope. */
bool rpc_may(struct rpc_call *call, enum right right, uint64_t org, int32_t day);

/* An entry, with the right read_entry in any scope at all: the caller's own, and those whose org is
 * in its scope on their day. As rpc_authorise and as rpc_may. */
LB_MUST_CHECK enum lb_result rpc_authorise_entry(struct rpc_call *call, const struct entry *entry);
bool rpc_may_read_entry(struct rpc_call *call, const struct entry *entry);

/* For methods with RPC_LONG, which have no view of their own yet. */
LB_MUST_CHECK enum lb_result rpc_authorise_long(struct rpc_call *call);
/* The method's right for an org and a report's year. */
LB_MUST_CHECK enum lb_result rpc_authorise_year(struct rpc_call *call, uint64_t org, int32_t year);

/* Was the entry made by the caller? Trusted callers are nobody. */
bool rpc_is_own(const struct rpc_call *call, const struct entry *entry);

/* Is that entry the caller's own Reveal of the member, done and at most 15 minutes old? Trusted
 * callers need none. LB_OK, LB_UNAUTHORISED, STORAGE_*. */
LB_MUST_CHECK enum lb_result rpc_reveal_check(struct rpc_call *call, uint64_t member,
                                              uint64_t reveal_entry);

#endif
