/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Requests that ask for a later state than this server has (at_least_entry), where several servers
 * write one book: copies of them wait a moment for what the others wrote, and are then dispatched,
 * or refused with STATE_BEHIND.
 *
 * Loop's thread only.
 */
#ifndef RPC_PARKED_H
#define RPC_PARKED_H

#include "lovebank/result.h"

#include <stddef.h>
#include <stdint.h>

/* The engine looks at once, which takes some milliseconds: longer, and something is wrong. */
#define PARKED_MS            2000
#define PARKED_MAX           256
#define PARKED_GUESTS_MAX    32   /* of those without a log-in: they shall not crowd out others */
#define PARKED_SHARE_MAX     32   /* of one account or device: neither shall it */
#define PARKED_PAYLOAD_BYTES 4096 /* reads are short */
#define PARKED_AHEAD_MAX     (UINT64_C(1) << 32) /* nobody writes so much in that time */

struct rpc;
struct rpc_call;
struct parked_request;

/* All wait equally long: the oldest is due first. */
struct rpc_parked {
    struct parked_request *oldest;
    struct parked_request **end;
    size_t count;
    size_t guests;
};

void rpc_parked_init(struct rpc *rpc);
/* Nobody hears of those that still wait. */
void rpc_parked_fini(struct rpc *rpc);

/*
 * Of an unpacked request, before its handler. LB_OK: the state at hand is late enough, or
 * call->is_parked: it goes on later, by a copy, and this call is over without a reply.
 * STATE_BEHIND, SHUTTING_DOWN; STORAGE_*, LB_MEMORY: no view.
 */
LB_MUST_CHECK enum lb_result rpc_parked_check(struct rpc_call *call);

/* Those that may go on now, and those whose time is over. Within rpc_complete. */
void rpc_parked_run(struct rpc *rpc);

#endif
