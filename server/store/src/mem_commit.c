/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Commits of the memory store. One that is asked for gives the group's versions their number: the
 * groups begun after it see them, snapshots do once it is complete. They complete in their order,
 * when the test says so; of one that fails, and of those built upon it, nothing stays. Asked for on
 * the writer's thread; completion and crashes on any.
 */
#include "mem_store.h"

#include "base/assert.h"

#include <string.h>

static uint64_t mem_oldest_needed(const struct store_mem *mem)
{
    uint64_t oldest = mem->durable;
    for (const struct store_snapshot *each = mem->snapshots; each != NULL; each = each->next) {
        oldest = each->number < oldest ? each->number : oldest;
    }
    return oldest;
}

/* ---- what becomes of it; with the lock held ---- */

/* The open group can still hold views of the values, so they are kept until it ends. */
static void mem_take_back(struct store_mem *mem, struct mem_commit *commit)
{
    for (struct mem_change *each = commit->changes; each != NULL; each = each->older) {
        struct mem_version *version = mem_row_pop(each->row, commit->number);
        if (mem->group == NULL) {
            mem_version_free(&mem->rows, version);
        } else {
            version->older = mem->buried;
            mem->buried = version;
        }
    }
}

static void mem_trim(struct store_mem *mem, struct mem_commit *commit)
{
    uint64_t oldest = mem_oldest_needed(mem);
    bool can_remove = mem->snapshots == NULL && mem->group == NULL && mem->commit_count == 1;
    for (struct mem_change *each = commit->changes; each != NULL; each = each->older) {
        mem_row_trim(&mem->rows, each->row, oldest, can_remove);
    }
    mem_drop_changes(mem, commit->changes);
    commit->changes = NULL;
}

/* The oldest commit failed: it and all that was built upon it come to nothing. */
static void mem_fail_all(struct store_mem *mem)
{
    for (size_t i = mem->commit_count; i > 0; i--) {
        mem_take_back(mem, &mem->commits[i - 1]);
    }
    mem->applied = mem->durable;
    if (mem->group != NULL) {
        mem->group->is_doomed = true;
    }
    for (size_t i = 0; i < mem->commit_count; i++) {
        struct mem_commit *commit = &mem->commits[i];
        mem_drop_changes(mem, commit->changes);
        commit->changes = NULL;
        commit->is_applied = false;
        commit->is_failed = true;
        if (i > 0) {
            commit->outcome = STORE_RETRY;
            commit->why = LB_STORAGE_CONFLICT;
        }
    }
}

/* Takes the oldest commit off the list, durable or failed. */
static struct mem_commit mem_settle_oldest(struct store_mem *mem)
{
    struct mem_commit *oldest = &mem->commits[0];
    if (oldest->is_applied) {
        mem->durable = oldest->number;
        if (mem->is_lying) {
            LB_ASSERT(mem->lie_count < STORE_MEM_LIES_MAX);
            mem->lies[mem->lie_count++] = *oldest; /* what was before stays */
        } else {
            mem_trim(mem, oldest);
        }
    } else if (!oldest->is_failed) {
        mem_fail_all(mem);
    }
    if (mem->is_stopped) {
        oldest->outcome = STORE_FATAL;
        oldest->why = LB_STORAGE_FAULT;
    }
    mem->is_stopped = mem->is_stopped || oldest->outcome == STORE_FATAL;
    struct mem_commit settled = *oldest;
    mem->commit_count--;
    memmove(&mem->commits[0], &mem->commits[1], mem->commit_count * sizeof(mem->commits[0]));
    return settled;
}

bool store_mem_complete(struct store *store)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    bool is_there = mem->commit_count > 0;
    struct mem_commit commit = {.number = 0};
    if (is_there) {
        commit = mem_settle_oldest(mem);
        mem->is_failing = commit.is_failed;
    }
    mem_unlock(mem);
    if (is_there) {
        commit.done(commit.outcome, commit.why, commit.context);
    }
    if (commit.is_failed) {
        mem_lock(mem);
        mem->is_failing = false;
        mem_unlock(mem);
    }
    return is_there;
}

/* ---- crashes ---- */

void store_mem_crash(struct store *store, size_t durable_count)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    mem->is_stopped = true;
    for (size_t i = 0; i < mem->commit_count; i++) {
        struct mem_commit *commit = &mem->commits[i];
        commit->is_applied = i < durable_count && !commit->is_failed;
    }
    mem_unlock(mem);
    while (store_mem_complete(store)) {
    }
}

void store_mem_lie(struct store *store)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    mem->is_lying = true;
    mem_unlock(mem);
}

/* The newest first. With the lock held. */
static void mem_take_back_lies(struct store_mem *mem)
{
    while (mem->lie_count > 0) {
        struct mem_commit *lie = &mem->lies[--mem->lie_count];
        mem_take_back(mem, lie);
        mem_drop_changes(mem, lie->changes);
        mem->durable = mem->applied = lie->number - 1;
    }
    mem->is_lying = false;
}

void store_mem_restart(struct store *store)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    LB_ASSERT(mem->group == NULL && mem->snapshots == NULL && mem->commit_count == 0);
    mem_take_back_lies(mem);
    mem->is_stopped = false;
    mem->is_fault_planned = false;
    mem_unlock(mem);
}

/* ---- asking for it ---- */

/* What the commit will answer, decided when it is asked for. With the lock held. */
static struct mem_commit mem_plan_commit(struct store_mem *mem)
{
    struct mem_commit commit = {.outcome = STORE_COMMITTED, .why = LB_OK, .is_applied = true};
    if (mem->is_stopped) {
        commit.outcome = STORE_FATAL;
        commit.why = LB_STORAGE_FAULT;
        commit.is_applied = false;
    } else if (mem_meets_fault(mem, STORE_MEM_COMMIT)) {
        commit.outcome = mem->fault.outcome;
        commit.why = mem->fault.result;
        commit.is_applied = mem->fault.outcome == STORE_UNKNOWN && mem->fault.is_applied;
    }
    return commit;
}

static void mem_add_commit(struct store_mem *mem, struct store_group *group, store_done_fn done,
                           void *context)
{
    LB_ASSERT(mem->commit_count < mem->ops.commits_max);
    struct mem_commit *commit = &mem->commits[mem->commit_count++];
    *commit = mem_plan_commit(mem);
    commit->number = ++mem->applied;
    commit->done = done;
    commit->context = context;
    commit->changes = group->changes;
    for (struct mem_change *each = group->changes; each != NULL; each = each->older) {
        mem_row_push(each->row, commit->number);
    }
    mem_end_group(mem, group);
}

/* It was built upon one that failed: it only waits for its turn. */
static void mem_add_doomed(struct store_mem *mem, struct store_group *group, store_done_fn done,
                           void *context)
{
    LB_ASSERT(mem->commit_count < mem->ops.commits_max);
    mem->commits[mem->commit_count++] = (struct mem_commit){.outcome = STORE_RETRY,
                                                            .why = LB_STORAGE_CONFLICT,
                                                            .is_failed = true,
                                                            .done = done,
                                                            .context = context};
    mem_discard_group(mem, group);
}

void mem_group_commit(struct store_group *group, store_done_fn done, void *context)
{
    struct store_mem *mem = group->store;
    LB_ASSERT(!group->is_failed);
    mem_lock(mem);
    bool is_doomed = group->is_doomed;
    if (is_doomed) {
        mem_add_doomed(mem, group, done, context);
    } else {
        mem_add_commit(mem, group, done, context);
    }
    /* One that is doomed too, unless the `done` of one before it is still to come. */
    bool is_at_once = !mem->is_async || ((mem->is_stopped || is_doomed) && mem->commit_count == 1 &&
                                         !mem->is_failing);
    mem_unlock(mem);
    if (is_at_once) {
        (void)store_mem_complete(&mem->base);
    }
}
