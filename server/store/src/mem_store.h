/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the parts of the memory store share: its structs, its lock and its planned faults.
 * One mutex guards everything; `done` and `ready` are called without it.
 */
#ifndef STORE_SRC_MEM_STORE_H
#define STORE_SRC_MEM_STORE_H

#include "mem_rows.h"
#include "store/mem.h"
#include "store/store.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row that a group changes; each row once. */
struct mem_change {
    struct mem_change *older;
    struct mem_row *row;
};

struct store_group {
    struct store_mem *store;
    struct mem_change *changes;
    uint64_t number;  /* the version it reads */
    bool is_changing; /* a put or delete was tried: nothing is read any more */
    bool is_failed;   /* one of them failed: only abort is left */
    bool is_doomed;   /* the commit below it failed */
};

struct store_snapshot {
    struct store_mem *store;
    struct store_snapshot *next;
    uint64_t number; /* the version it reads */
};

/* A commit in flight. */
struct mem_commit {
    uint64_t number; /* of its versions */
    struct mem_change *changes;
    bool is_failed; /* and was taken back, as it or one before it failed */
    store_done_fn done;
    void *context;
    enum store_outcome outcome;
    enum lb_result why;
    bool is_applied; /* it will be durable when it is complete */
};

/*
 * Invariants: durable <= applied <= durable + commit_count; no version in a chain has a number
 * above applied.
 */
struct store_mem {
    struct store base;
    struct store_ops ops;
    const struct arena_memory *memory;
    pthread_mutex_t lock;
    bool is_async;
    struct mem_rows rows;
    uint64_t durable;
    uint64_t applied;
    struct store_group *group; /* NULL: none open */
    struct store_snapshot *snapshots;
    size_t snapshot_count;
    struct mem_commit commits[STORE_MEM_COMMITS_MAX]; /* in their order */
    size_t commit_count;
    bool is_failing; /* a commit failed, and its `done` has not returned: begun now is doomed */
    struct store_mem_fault fault;
    bool is_fault_planned;
    bool is_fault_met;
    bool is_stopped; /* by a FATAL commit or a crash */
    bool is_lying;
    struct mem_commit lies[STORE_MEM_LIES_MAX]; /* complete, and to be taken back */
    size_t lie_count;
    struct mem_version *buried; /* taken back while a group may hold views of them */
};

struct store_mem *mem_of(struct store *store);
void mem_lock(struct store_mem *mem);
void mem_unlock(struct store_mem *mem);
void *mem_allocate(struct store_mem *mem, size_t bytes);
void mem_release(struct store_mem *mem, void *block);

/* With the lock held: whether the planned fault strikes this call. */
bool mem_meets_fault(struct store_mem *mem, enum store_mem_call call);
/* The same, as the call's result; every call fails after a FATAL commit. */
LB_MUST_CHECK enum lb_result mem_check(struct store_mem *mem, enum store_mem_call call);

/* The group's part of the operations. */
enum lb_result mem_group_begin(struct store *store, struct store_group **out);
enum lb_result mem_group_get(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes *value);
enum lb_result mem_group_seek(struct store_group *group, enum ledger_table table, struct bytes key,
                              bool at_or_after, size_t within, struct bytes *found_key,
                              struct bytes *value);
enum lb_result mem_group_put(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes value);
enum lb_result mem_group_del(struct store_group *group, enum ledger_table table, struct bytes key);
/* Ends a group that has no pending versions any more. With the lock held, as the next two. */
void mem_end_group(struct store_mem *mem, struct store_group *group);
/* Back to rows without pending versions. */
void mem_discard_group(struct store_mem *mem, struct store_group *group);
void mem_drop_changes(struct store_mem *mem, struct mem_change *changes);
void mem_group_commit(struct store_group *group, store_done_fn done, void *context);
void mem_group_abort(struct store_group *group);

#endif
