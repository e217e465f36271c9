/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups of the memory store, up to their commit (mem_commit.c). A put allocates all it needs, so
 * that a commit cannot fail by itself. The writer's thread.
 */
#include "mem_store.h"

#include "base/assert.h"

enum lb_result mem_group_begin(struct store *store, struct store_group **out)
{
    struct store_mem *mem = mem_of(store);
    mem_lock(mem);
    LB_ASSERT(mem->group == NULL);
    LB_ASSERT(mem->commit_count < mem->ops.commits_max);
    /* The newest commit is one of those that came to nothing, and its caller does not know yet. */
    const bool is_on_nothing =
        mem->is_failing || (mem->commit_count > 0 && mem->commits[mem->commit_count - 1].is_failed);
    struct store_group *group = NULL;
    enum lb_result result = mem_check(mem, STORE_MEM_BEGIN);
    if (result == LB_OK) {
        group = mem_allocate(mem, sizeof(*group));
        result = group == NULL ? LB_MEMORY : LB_OK;
    }
    if (result == LB_OK) {
        *group =
            (struct store_group){.store = mem, .number = mem->applied, .is_doomed = is_on_nothing};
        mem->group = group;
        *out = group;
    }
    mem_unlock(mem);
    return result;
}

enum lb_result mem_group_get(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes *value)
{
    struct store_mem *mem = group->store;
    LB_ASSERT(!group->is_changing);
    mem_lock(mem);
    enum lb_result result = mem_check(mem, STORE_MEM_READ);
    if (result == LB_OK) {
        result = mem_rows_get(&mem->rows, group->number, table, key, value);
    }
    mem_unlock(mem);
    return result;
}

enum lb_result mem_group_seek(struct store_group *group, enum ledger_table table, struct bytes key,
                              bool at_or_after, size_t within, struct bytes *found_key,
                              struct bytes *value)
{
    struct store_mem *mem = group->store;
    LB_ASSERT(!group->is_changing);
    mem_lock(mem);
    enum lb_result result = mem_check(mem, STORE_MEM_READ);
    if (result == LB_OK) {
        result = mem_rows_seek(&mem->rows, group->number, table, key, at_or_after, within,
                               found_key, value);
    }
    mem_unlock(mem);
    return result;
}

/* With the lock held. A row made here for nothing is invisible, and trimmed when next changed. */
static enum lb_result mem_add_change(struct store_group *group, enum ledger_table table,
                                     struct bytes key, struct bytes value, bool is_deleted)
{
    struct store_mem *mem = group->store;
    enum lb_result result = mem_check(mem, STORE_MEM_PUT);
    if (result != LB_OK) {
        return result;
    }
    struct mem_row *row = mem_rows_acquire(&mem->rows, table, key);
    struct mem_version *version = mem_version_new(&mem->rows, value, is_deleted);
    if (row == NULL || version == NULL) {
        mem_version_free(&mem->rows, version);
        return LB_MEMORY;
    }
    if (row->pending != NULL) {
        mem_version_free(&mem->rows, row->pending);
        row->pending = version;
        return LB_OK;
    }
    struct mem_change *change = mem_allocate(mem, sizeof(*change));
    if (change == NULL) {
        mem_version_free(&mem->rows, version);
        return LB_MEMORY;
    }
    row->pending = version;
    *change = (struct mem_change){group->changes, row};
    group->changes = change;
    return LB_OK;
}

static enum lb_result mem_group_change(struct store_group *group, enum ledger_table table,
                                       struct bytes key, struct bytes value, bool is_deleted)
{
    LB_ASSERT(!group->is_failed);
    mem_lock(group->store);
    group->is_changing = true;
    enum lb_result result = mem_add_change(group, table, key, value, is_deleted);
    group->is_failed = result != LB_OK;
    mem_unlock(group->store);
    return result;
}

enum lb_result mem_group_put(struct store_group *group, enum ledger_table table, struct bytes key,
                             struct bytes value)
{
    return mem_group_change(group, table, key, value, false);
}

enum lb_result mem_group_del(struct store_group *group, enum ledger_table table, struct bytes key)
{
    return mem_group_change(group, table, key, (struct bytes){NULL, 0}, true);
}

void mem_end_group(struct store_mem *mem, struct store_group *group)
{
    LB_ASSERT(mem->group == group);
    mem->group = NULL;
    mem_release(mem, group);
    while (mem->buried != NULL) {
        struct mem_version *version = mem->buried;
        mem->buried = version->older;
        mem_version_free(&mem->rows, version);
    }
}

void mem_drop_changes(struct store_mem *mem, struct mem_change *changes)
{
    while (changes != NULL) {
        struct mem_change *older = changes->older;
        mem_release(mem, changes);
        changes = older;
    }
}

void mem_discard_group(struct store_mem *mem, struct store_group *group)
{
    for (struct mem_change *each = group->changes; each != NULL; each = each->older) {
        mem_version_free(&mem->rows, each->row->pending);
        each->row->pending = NULL;
    }
    mem_drop_changes(mem, group->changes);
    mem_end_group(mem, group);
}

void mem_group_abort(struct store_group *group)
{
    struct store_mem *mem = group->store;
    mem_lock(mem);
    mem_discard_group(mem, group);
    mem_unlock(mem);
}
