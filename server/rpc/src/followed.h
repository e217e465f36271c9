/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What follows in memory from entries that this server does not know as its own, where several
 * servers write one book: sessions end, and the counts of members and cards go on, as after its own
 * writes (write.c). Not rights: those are looked up in the views at each request.
 *
 * The engine tells of them on its threads; they are followed on the loop's.
 */
#ifndef RPC_FOLLOWED_H
#define RPC_FOLLOWED_H

#include "bank/command.h"
#include "base/arena.h"

#include <pthread.h>
#include <stdint.h>

#define FOLLOWED_RANGES_MAX 32
#define FOLLOWED_AGAIN_MS   200

struct rpc;

struct followed_range {
    uint64_t first;
    uint64_t last;
};

/* The ranges are under the lock; the arena is the loop's. */
struct rpc_followed {
    pthread_mutex_t lock;
    struct followed_range ranges[FOLLOWED_RANGES_MAX]; /* oldest first, not empty */
    size_t range_count;
    struct arena arena;
};

/* From here on entries after `counted`, the newest of those that members were counted in, are
 * followed. */
void rpc_followed_init(struct rpc *rpc, uint64_t counted);
void rpc_followed_fini(struct rpc *rpc);
/* Some of what there is to follow; asks to be woken for more, at once or, if it could not be read,
 * in FOLLOWED_AGAIN_MS. Within rpc_complete. */
void rpc_followed_run(struct rpc *rpc);

/* Whom the act logs out: who is locked, closed or given another credential. 0: nobody. */
uint32_t followed_logs_out(const struct command *command);

#endif
