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

struct mem_commit {
    bool is_in_flight;
    struct mem_change *changes;
    store_done_fn done;
    void *context;
    enum store_outcome outcome;
    enum lb_result why;
    bool is_applied;
};

/*
 * Invariants: durable <= applied <= durable + 1; they differ only while a commit is in flight; no
 * version in a chain has a number above applied.
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
    struct mem_commit commit;
    struct store_mem_fault fault;
    bool is_fault_planned;
    bool is_fault_met;
    bool is_stopped;            /* by a FATAL commit */
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
void mem_group_want(struct store_group *group, const struct store_want *wants, size_t want_count,
                    store_ready_fn ready, void *context);
enum lb_result mem_group_get(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes *value);
enum lb_result mem_group_seek(struct store_group *group, enum ledger_table table, struct bytes key,
                              bool at_or_after, size_t within, struct bytes *found_key,
                              struct bytes *value);
enum lb_result mem_group_put(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes value);
enum lb_result mem_group_del(struct store_group *group, enum ledger_table table, struct bytes key);
void mem_group_commit(struct store_group *group, store_done_fn done, void *context);
void mem_group_abort(struct store_group *group);

#endif
