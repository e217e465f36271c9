/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The memory adapter of the store port: for tests and for scratch work, with planned faults and
 * with commits that complete when the test says so. Nothing survives its close.
 *
 * Each row is a chain of versions, newest first; a snapshot is a version number, so opening one
 * costs nothing and committing copies no row. Versions that nobody can see any more are dropped
 * when their row is next changed.
 *
 * Threads: as store/store.h; everything here may be called from any thread.
 */
#ifndef STORE_MEM_H
#define STORE_MEM_H

#include "base/arena.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct store_mem_options {
    bool is_async; /* commits wait for store_mem_complete; else `done` comes in the call */
    /* Under way at once, at most STORE_MEM_COMMITS_MAX; 0 is 1. More than 1 needs is_async. */
    unsigned commits_max;
};
#define STORE_MEM_COMMITS_MAX 4

/* The memory must outlive the store. The store is closed by its ops; then no group, commit or
 * snapshot may be left. */
LB_MUST_CHECK enum lb_result store_mem_open(const struct arena_memory *memory,
                                            const struct store_mem_options *options,
                                            struct store **store);

/* Completes the oldest commit in flight: its `done` is called within. false: none is in flight. */
bool store_mem_complete(struct store *store);

/*
 * The process that uses the store dies, and another comes. Of the commits in flight the first
 * `durable_count` become durable, the others never were; their `done`s come within, with FATAL,
 * and from then on every call fails, so that what is left of the process does nothing more. After
 * the restart what was durable is there again; then no group or snapshot may be left.
 */
void store_mem_crash(struct store *store, size_t durable_count);
void store_mem_restart(struct store *store);

/* From now on the disk lies: the next restart takes back every commit that completes until then,
 * whatever was answered. Not more than STORE_MEM_LIES_MAX of them. For tests of tests. */
void store_mem_lie(struct store *store);
#define STORE_MEM_LIES_MAX 64

enum store_mem_call {
    STORE_MEM_BEGIN,
    STORE_MEM_READ, /* gets and seeks, of groups and snapshots */
    STORE_MEM_PUT,  /* puts and deletes */
    STORE_MEM_COMMIT,
    STORE_MEM_SNAPSHOT,
};

/* The nth call of that kind from now on (0: the next) fails, once. */
struct store_mem_fault {
    enum store_mem_call call;
    uint64_t nth;
    enum lb_result result; /* what the call answers; for a commit, the `why` */
    /* For commits only. UNKNOWN: is_applied says what became of the group; looking again needs no
     * reopening here. RETRY: nothing is applied. FATAL: nothing is applied, and from then on every
     * call fails. COMMITTED is not a fault. */
    enum store_outcome outcome;
    bool is_applied;
};

/* Replaces the fault planned before; NULL plans none. */
void store_mem_plan_fault(struct store *store, const struct store_mem_fault *fault);
/* Whether the fault planned last was met: a sweep over nth ends when it was not. */
bool store_mem_fault_was_met(struct store *store);

#endif
