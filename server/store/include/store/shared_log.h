/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A shared log: groups in one order, kept durably where several servers write them. The journaled
 * adapter uses one in its journal's place (journaled_shared.c); adapters: a database
 * (postgres/postgres.h), memory (tests).
 *
 * It knows groups as numbers, 1 and on, with bytes, and of the entries in them how many there are.
 * To write, a server takes the TURN, which shows it all groups that it lacks and keeps everybody
 * else from writing; it ends with one write, or is left. What a turn shows is not known to be
 * durable: where the log is copied to other machines, the newest groups may be gone after one of
 * them took over. They are durable, all of them, once a write of the same turn was, even one that
 * holds no group: a PROOF.
 *
 * Each group has a chain value, made of its bytes and the group's before it, so that who knows
 * groups up to a number can tell whether these are the ones in the log. It is a quick hash of 64
 * bits, which finds mistakes and mix-ups, and not who computes it anew: against forgers there is
 * the tree over the entries.
 *
 * Threads: one at a time, but for `stop`.
 */
#ifndef STORE_SHARED_LOG_H
#define STORE_SHARED_LOG_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far somebody knows the log. 0, 0: not at all. */
struct shared_log_mark {
    uint64_t number;
    uint64_t chain;
};

struct shared_log_group {
    struct shared_log_mark mark; /* its own */
    struct bytes changes;
    uint64_t entry_count; /* for a write: how many entries are among the changes */
    uint64_t entry;       /* and the newest of them, if there are any */
};

struct shared_log;

struct shared_log_ops {
    const char *name;
    /* Takes the turn. `take` gets the groups after `known`, in order; their bytes live until it
     * returns. Anything but LB_OK from it gives the turn up, and is the answer. LB_OK;
     * STORE_UNREACHABLE: not within the time set, and no turn is held; STORE_UNSAFE: what is there
     * could lose groups; STORAGE_CORRUPT: the log does not hold the groups up to `known`;
     * SHUTTING_DOWN: it was stopped; MEMORY. All but the first were reported. */
    LB_MUST_CHECK enum lb_result (*turn)(
        struct shared_log *log, struct shared_log_mark known,
        enum lb_result (*take)(void *context, const struct shared_log_group *group), void *context);
    /* Ends the turn with the next group, or with NULL as a proof. LB_OK: that, and all that the
     * turn showed, is durable. STORAGE_FULL: there is no space, and nothing was written. Otherwise
     * STORAGE_CONFLICT: it may be durable or not; take the turn again and look. */
    LB_MUST_CHECK enum lb_result (*write)(struct shared_log *log,
                                          const struct shared_log_group *group);
    /* Ends the turn with nothing. */
    void (*leave)(struct shared_log *log);
    /* Without a turn: gives `take` groups after `known`, in order, some `bytes_max` of them and at
     * least one if there is one; *is_all: there were no more. As turn. */
    LB_MUST_CHECK enum lb_result (*read)(
        struct shared_log *log, struct shared_log_mark known, uint64_t bytes_max,
        enum lb_result (*take)(void *context, const struct shared_log_group *group), void *context,
        bool *is_all);
    /* Without a turn: the groups up to `known` are in the log, and durable. As turn; also
     * STORAGE_CONFLICT: not known. */
    LB_MUST_CHECK enum lb_result (*prove)(struct shared_log *log, struct shared_log_mark known);
    /* Any thread: from here on who waits for the log is told SHUTTING_DOWN. */
    void (*stop)(struct shared_log *log);
    void (*close)(struct shared_log *log);
};

/* Every adapter's struct begins with this. */
struct shared_log {
    const struct shared_log_ops *ops;
    /* Where it is copied to other machines, whoever answers may have been left behind by them, and
     * show what was for ever: every so many readings that show nothing new there is a proof. 0:
     * never. */
    unsigned readings_per_proof;
};

/* The chain value of a group with these changes after one with that; before the first: 0. */
uint64_t shared_log_chain(uint64_t before, struct bytes changes);

#endif
