/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups and snapshots of the journaled adapter. A group's changes are packed for the journal as
 * they are put; at the commit they go into the active generation, where the next group reads them,
 * and to the committer. Over a shared log groups begin and end otherwise: journaled_shared.c.
 * Threads: see store/store.h.
 */
#include "journaled.h"

#include "base/assert.h"
#include "lmdb_inner.h"

#include <stdlib.h>

#define ALONE_BYTES_MAX 4096 /* of a group that the writer may make durable by itself */
/* What a byte in memory may come to in LMDB's file, with the pages around it. */
#define SPACE_FACTOR     4
#define SPACE_BASE_BYTES (UINT64_C(1) << 20)

struct store_snapshot {
    struct journaled_view view;
};

struct store_group *journaled_group_new(struct store_journaled *store)
{
    struct store_group *group = calloc(1, sizeof(*group));
    if (group != NULL) {
        group->store = store;
    }
    return group;
}

void journaled_group_free(struct store_group *group)
{
    free(group);
}

/* ---- beginning ---- */

void journaled_undo(struct store_journaled *store, uint64_t from)
{
    generation_undo(store->active, from);
    if (store->frozen != NULL) {
        generation_undo(store->frozen, from);
    }
    store->begun = from - 1;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
}

/* What was begun before the refusal was answered is refused too: so that is waited for. */
void journaled_undo_refused(struct store_journaled *store)
{
    journaled_lock(store);
    while (store->undo_from != 0 && store->is_answering) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    uint64_t from = store->undo_from;
    if (from != 0) {
        LB_ASSERT(store->commit_count == 0);
        journaled_undo(store, from);
        store->undo_from = 0;
    }
    journaled_unlock(store);
}

/* With the lock held. Whether groups are too far ahead of the checkpoint: half of the memory is
 * theirs, and of the other half as much as has been written of what is frozen. So they wait often
 * and shortly, rather than once for a whole checkpoint. */
static bool group_is_ahead(const struct store_journaled *store)
{
    uint64_t half = store->options.recent_bytes_max / 2;
    uint64_t written =
        store->frozen_rows == 0 ? 0 : half * store->frozen_rows_written / store->frozen_rows;
    return store->frozen != NULL && generation_bytes(store->active) >= half + written;
}

enum lb_result journaled_wait_for_memory(struct store_journaled *store)
{
    journaled_lock(store);
    while (group_is_ahead(store) && !store->is_full && !atomic_load(&store->is_broken)) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    bool is_full = store->frozen != NULL && store->is_full &&
                   generation_bytes(store->active) >= store->options.recent_bytes_max;
    journaled_unlock(store);
    return is_full ? LB_STORAGE_FULL : LB_OK;
}

void journaled_group_start(struct store_group *group, struct journaled_commit *commit)
{
    group->commit = commit;
    commit->size = JOURNAL_LENGTH_BYTES;
    commit->row_count = 0;
    commit->entry_count = 0;
    group->is_open = true;
}

static enum lb_result journaled_group_begin(struct store *base, struct store_group **out)
{
    struct store_journaled *store = journaled_of(base);
    struct store_group *group = store->group;
    LB_ASSERT(!group->is_open);
    if (store->is_read_only) {
        return LB_STORAGE_FAULT;
    }
    journaled_undo_refused(store);
    enum lb_result result = journaled_wait_for_memory(store);
    if (result == LB_OK) {
        result = journaled_view_open(store, true, &group->view);
    }
    if (result != LB_OK) {
        return result;
    }
    journaled_lock(store);
    LB_ASSERT(store->commit_count < STORE_JOURNALED_COMMITS_MAX);
    unsigned place = (store->commit_first + store->commit_count) % STORE_JOURNALED_COMMITS_MAX;
    journaled_unlock(store);
    journaled_group_start(group, &store->commits[place]); /* nobody else's until it is counted in */
    *out = group;
    return LB_OK;
}

static void journaled_group_hint(struct store_group *group, enum ledger_table table,
                                 struct bytes key)
{
    journaled_view_hint(&group->view, &group->hints, table, key);
}

static enum lb_result journaled_group_get(struct store_group *group, enum ledger_table table,
                                          struct bytes key, struct bytes *value)
{
    return journaled_view_get(&group->view, table, key, value);
}

static enum lb_result journaled_group_seek(struct store_group *group, enum ledger_table table,
                                           struct bytes key, bool at_or_after, size_t within,
                                           struct bytes *found_key, struct bytes *value)
{
    return journaled_view_seek(&group->view, table, key, at_or_after, within, found_key, value);
}

/* ---- the end ---- */

void journaled_group_close(struct store_group *group)
{
    LB_ASSERT(group->is_open);
    journaled_view_close(&group->view);
    group->is_open = false;
}

bool journaled_has_space(struct store_journaled *store, const struct journaled_commit *commit)
{
    journaled_lock(store);
    uint64_t bytes = generation_bytes(store->active) + commit->size;
    bytes += store->frozen == NULL ? 0 : generation_bytes(store->frozen);
    journaled_unlock(store);
    return lmdb_inner_has_space(store->inner, bytes * SPACE_FACTOR + SPACE_BASE_BYTES);
}

/* Room in the journal and in memory, so that from here on nothing but the disk can fail. */
static enum lb_result group_reserve(struct store_journaled *store, struct journaled_commit *commit)
{
    if (commit->row_count > 0 && !journaled_has_space(store, commit)) {
        return LB_STORAGE_FULL;
    }
    if (commit->cap == 0 && !journaled_commit_grow(commit, 0)) { /* a group without changes */
        return LB_MEMORY;
    }
    enum lb_result result =
        journal_reserve(&store->journal, commit->number, commit->size, &commit->segment);
    if (result == LB_OK && !generation_reserve(store->active, commit->row_count, commit->size)) {
        result = LB_MEMORY; /* what was reserved of the journal stays empty */
    }
    return result;
}

/* LB_OK: the committer has it. Where a group before it was refused meanwhile, its rows will be
 * taken back with that one's. */
static enum lb_result group_hand_over(struct store_journaled *store,
                                      struct journaled_commit *commit, bool *is_alone)
{
    LB_ASSERT(pthread_mutex_lock(&store->put_lock) == 0);
    commit->number = store->begun + 1; /* only this thread moves it */
    enum lb_result result = group_reserve(store, commit);
    if (result == LB_OK) {
        journaled_put_reserved(
            store->active, commit->number,
            bytes_of(commit->bytes + JOURNAL_LENGTH_BYTES, commit->size - JOURNAL_LENGTH_BYTES));
        journaled_lock(store);
        if (store->undo_from != 0) {
            result = LB_STORAGE_CONFLICT;
        } else {
            store->begun = commit->number;
            store->commit_count++;
            *is_alone =
                store->commit_count == 1 && !store->is_answering && commit->size <= ALONE_BYTES_MAX;
        }
        journaled_unlock(store);
        if (result == LB_OK && !*is_alone) { /* unlocked, lest who is woken wait for the lock */
            LB_ASSERT(pthread_cond_signal(&store->committer_wakes) == 0);
        }
        if (generation_bytes(store->active) >= store->options.recent_bytes_max) {
            LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
        }
    }
    LB_ASSERT(pthread_mutex_unlock(&store->put_lock) == 0);
    return result;
}

/* The groups before this one are answered first. */
static void group_refuse(struct store_journaled *store, const struct journaled_commit *commit,
                         enum lb_result why)
{
    store_done_fn done = commit->done;
    void *context = commit->context;
    if (why == LB_STORAGE_FAULT) {
        journaled_break(store);
    }
    journaled_lock(store);
    while (store->commit_count > 0 || store->is_answering) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    journaled_unlock(store);
    done(why == LB_STORAGE_FAULT ? STORE_FATAL : STORE_RETRY, why, context);
}

static void journaled_group_commit(struct store_group *group, store_done_fn done, void *context)
{
    struct store_journaled *store = group->store;
    struct journaled_commit *commit = group->commit;
    journaled_group_close(group);
    commit->done = done;
    commit->context = context;
    bool is_alone = false;
    enum lb_result result = atomic_load(&store->is_broken)
                                ? LB_STORAGE_FAULT
                                : group_hand_over(store, commit, &is_alone);
    if (result != LB_OK) {
        group_refuse(store, commit, result);
    } else if (is_alone) {
        journaled_commit_alone(store);
    }
}

static void journaled_group_abort(struct store_group *group)
{
    journaled_group_close(group);
}

/* ---- snapshots ---- */

static enum lb_result journaled_snapshot_open(struct store *base, struct store_snapshot **out)
{
    struct store_snapshot *snapshot = malloc(sizeof(*snapshot));
    if (snapshot == NULL) {
        return LB_MEMORY;
    }
    enum lb_result result = journaled_view_open(journaled_of(base), false, &snapshot->view);
    if (result != LB_OK) {
        free(snapshot);
        return result;
    }
    *out = snapshot;
    return LB_OK;
}

static enum lb_result journaled_snapshot_get(struct store_snapshot *snapshot,
                                             enum ledger_table table, struct bytes key,
                                             struct bytes *value)
{
    return journaled_view_get(&snapshot->view, table, key, value);
}

static enum lb_result journaled_snapshot_seek(struct store_snapshot *snapshot,
                                              enum ledger_table table, struct bytes key,
                                              bool at_or_after, size_t within,
                                              struct bytes *found_key, struct bytes *value)
{
    return journaled_view_seek(&snapshot->view, table, key, at_or_after, within, found_key, value);
}

static void journaled_snapshot_close(struct store_snapshot *snapshot)
{
    journaled_view_close(&snapshot->view);
    free(snapshot);
}

static void journaled_stats(struct store *base, struct store_stats *stats)
{
    struct store_journaled *store = journaled_of(base);
    store->inner->ops->stats(store->inner, stats);
    journaled_lock(store);
    stats->recent_bytes = generation_bytes(store->active);
    stats->recent_bytes += store->frozen == NULL ? 0 : generation_bytes(store->frozen);
    stats->checkpoints = store->drops;
    stats->checkpoint_entry = store->checkpoint_entry;
    stats->checkpoint_ms = store->checkpoint_ms;
    journaled_unlock(store);
    stats->journal_bytes = store->has_journal ? journal_bytes(&store->journal) : 0;
}

const struct store_ops journaled_ops = {
    .name = "journaled",
    .commits_max = STORE_JOURNALED_COMMITS_MAX,
    .group_begin = journaled_group_begin,
    .group_hint = journaled_group_hint,
    .group_get = journaled_group_get,
    .group_seek = journaled_group_seek,
    .group_put = journaled_group_put,
    .group_del = journaled_group_del,
    .group_commit = journaled_group_commit,
    .group_abort = journaled_group_abort,
    .snapshot_open = journaled_snapshot_open,
    .snapshot_get = journaled_snapshot_get,
    .snapshot_seek = journaled_snapshot_seek,
    .snapshot_close = journaled_snapshot_close,
    .checkpoint = journaled_checkpoint,
    .backup = journaled_backup,
    .stats = journaled_stats,
    .close = journaled_close,
};

const struct store_ops journaled_shared_ops = {
    .name = "journaled-shared",
    .commits_max = 1,
    .is_shared = true,
    .group_begin = journaled_shared_begin,
    .group_hint = journaled_group_hint,
    .group_get = journaled_group_get,
    .group_seek = journaled_group_seek,
    .group_put = journaled_group_put,
    .group_del = journaled_group_del,
    .group_commit = journaled_shared_commit,
    .group_abort = journaled_shared_abort,
    .snapshot_open = journaled_snapshot_open,
    .snapshot_get = journaled_snapshot_get,
    .snapshot_seek = journaled_snapshot_seek,
    .snapshot_close = journaled_snapshot_close,
    .look = journaled_shared_look,
    .stop = journaled_shared_stop,
    .checkpoint = journaled_checkpoint,
    .stats = journaled_stats,
    .close = journaled_close,
};
