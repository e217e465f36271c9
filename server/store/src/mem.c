/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The memory store: opening and closing, planned faults, snapshots. Groups are in mem_group.c,
 * their commits in mem_commit.c.
 * Any thread.
 */
#include "store/mem.h"

#include "base/assert.h"
#include "mem_store.h"

struct store_mem *mem_of(struct store *store)
{
    return (struct store_mem *)store;
}

void mem_lock(struct store_mem *mem)
{
    LB_ASSERT(pthread_mutex_lock(&mem->lock) == 0);
}

void mem_unlock(struct store_mem *mem)
{
    LB_ASSERT(pthread_mutex_unlock(&mem->lock) == 0);
}

void *mem_allocate(struct store_mem *mem, size_t bytes)
{
    return mem->memory->allocate(mem->memory->context, bytes);
}

void mem_release(struct store_mem *mem, void *block)
{
    mem->memory->release(mem->memory->context, block);
}

/* ---- planned faults ---- */

bool mem_meets_fault(struct store_mem *mem, enum store_mem_call call)
{
    if (!mem->is_fault_planned || mem->fault.call != call) {
        return false;
    }
    if (mem->fault.nth > 0) {
        mem->fault.nth--;
        return false;
    }
    mem->is_fault_planned = false;
    mem->is_fault_met = true;
    return true;
}

enum lb_result mem_check(struct store_mem *mem, enum store_mem_call call)
{
    if (mem->is_stopped) {
        return LB_STORAGE_FAULT;
    }
    return mem_meets_fault(mem, call) ? mem->fault.result : LB_OK;
}

void store_mem_plan_fault(struct store *store, const struct store_mem_fault *fault)
{
    struct store_mem *mem = mem_of(store);
    LB_ASSERT(fault == NULL || fault->result != LB_OK);
    LB_ASSERT(fault == NULL ||
              (fault->call == STORE_MEM_COMMIT) == (fault->outcome != STORE_COMMITTED));
    mem_lock(mem);
    mem->is_fault_planned = fault != NULL;
    mem->is_fault_met = false;
    if (fault != NULL) {
        mem->fault = *fault;
    }
    mem_unlock(mem);
}

bool store_mem_fault_was_met(struct store *store)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    bool is_met = mem->is_fault_met;
    mem_unlock(mem);
    return is_met;
}

/* ---- snapshots ---- */

static enum lb_result mem_snapshot_open(struct store *store, struct store_snapshot **out)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    struct store_snapshot *snapshot = NULL;
    enum lb_result result = mem_check(mem, STORE_MEM_SNAPSHOT);
    if (result == LB_OK) {
        snapshot = mem_allocate(mem, sizeof(*snapshot));
        result = snapshot == NULL ? LB_MEMORY : LB_OK;
    }
    if (result == LB_OK) {
        *snapshot = (struct store_snapshot){mem, mem->snapshots, mem->durable};
        mem->snapshots = snapshot;
        mem->snapshot_count++;
        *out = snapshot;
    }
    mem_unlock(mem);
    return result;
}

static enum lb_result mem_snapshot_get(struct store_snapshot *snapshot, enum ledger_table table,
                                       struct bytes key, struct bytes *value)
{
    struct store_mem *mem = snapshot->store;
    mem_lock(mem);
    enum lb_result result = mem_check(mem, STORE_MEM_READ);
    if (result == LB_OK) {
        result = mem_rows_get(&mem->rows, snapshot->number, table, key, value);
    }
    mem_unlock(mem);
    return result;
}

static enum lb_result mem_snapshot_seek(struct store_snapshot *snapshot, enum ledger_table table,
                                        struct bytes key, bool at_or_after, size_t within,
                                        struct bytes *found_key, struct bytes *value)
{
    struct store_mem *mem = snapshot->store;
    mem_lock(mem);
    enum lb_result result = mem_check(mem, STORE_MEM_READ);
    if (result == LB_OK) {
        result = mem_rows_seek(&mem->rows, snapshot->number, table, key, at_or_after, within,
                               found_key, value);
    }
    mem_unlock(mem);
    return result;
}

static void mem_snapshot_close(struct store_snapshot *snapshot)
{
    struct store_mem *mem = snapshot->store;
    mem_lock(mem);
    struct store_snapshot **link = &mem->snapshots;
    while (*link != snapshot) {
        LB_ASSERT(*link != NULL);
        link = &(*link)->next;
    }
    *link = snapshot->next;
    mem->snapshot_count--;
    mem_release(mem, snapshot);
    mem_unlock(mem);
}

/* ---- the store ---- */

static void mem_stats(struct store *store, struct store_stats *stats)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    *stats = (struct store_stats){.readers = mem->snapshot_count, .checkpoint_entry = UINT64_MAX};
    mem_unlock(mem);
}

static void mem_close(struct store *store)
{
    struct store_mem *mem = mem_of(store);
    LB_ASSERT(mem->group == NULL && mem->snapshots == NULL && mem->commit_count == 0);
    while (mem->lie_count > 0) {
        mem_drop_changes(mem, mem->lies[--mem->lie_count].changes);
    }
    mem_rows_fini(&mem->rows);
    LB_ASSERT(pthread_mutex_destroy(&mem->lock) == 0);
    mem_release(mem, mem);
}

enum lb_result store_mem_open(const struct arena_memory *memory,
                              const struct store_mem_options *options, struct store **store)
{
    LB_ASSERT(options->commits_max <= (options->is_async ? STORE_MEM_COMMITS_MAX : 1));
    struct store_mem *mem = memory->allocate(memory->context, sizeof(*mem));
    if (mem == NULL) {
        return LB_MEMORY;
    }
    *mem = (struct store_mem){
        .ops = {.name = "memory",
                .commits_max = options->commits_max == 0 ? 1 : options->commits_max,
                .group_begin = mem_group_begin,
                .group_get = mem_group_get,
                .group_seek = mem_group_seek,
                .group_put = mem_group_put,
                .group_del = mem_group_del,
                .group_commit = mem_group_commit,
                .group_abort = mem_group_abort,
                .snapshot_open = mem_snapshot_open,
                .snapshot_get = mem_snapshot_get,
                .snapshot_seek = mem_snapshot_seek,
                .snapshot_close = mem_snapshot_close,
                .stats = mem_stats,
                .close = mem_close},
        .memory = memory,
        .is_async = options->is_async,
    };
    if (pthread_mutex_init(&mem->lock, NULL) != 0) {
        mem_release(mem, mem);
        return LB_MEMORY;
    }
    mem->base.ops = &mem->ops;
    mem_rows_init(&mem->rows, memory);
    *store = &mem->base;
    return LB_OK;
}
