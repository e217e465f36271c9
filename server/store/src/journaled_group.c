/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups and snapshots of the journaled adapter. A group's changes are packed for the journal as
 * they are put; at the commit they go into the active generation, where the next group reads them,
 * and to the committer. Threads: see store/store.h.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/wire.h"
#include "lmdb_inner.h"

#include <stdlib.h>
#include <string.h>

#define CHANGE_HEAD_BYTES  6 /* table, key's size, value's size */
#define CHANGE_DELETED     0x80u
#define CHANGES_AHEAD      16
#define COMMIT_BYTES_START (64u << 10)
#define COMMIT_BYTES_MAX   (UINT64_C(1) << 31)
#define ALONE_BYTES_MAX    4096 /* of a group that the writer may make durable by itself */
/* What a byte in memory may come to in LMDB's file, with the pages around it. */
#define SPACE_FACTOR     4
#define SPACE_BASE_BYTES (UINT64_C(1) << 20)

struct store_group {
    struct store_journaled *store;
    struct journaled_view view;
    struct journaled_commit *commit; /* being filled */
    bool is_open;
};

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
        generation_undo(store->active, from);
        if (store->frozen != NULL) {
            generation_undo(store->frozen, from);
        }
        store->begun = from - 1;
        store->undo_from = 0;
        LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
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

/* LB_OK, or STORAGE_FULL when the checkpoint cannot go on. */
static enum lb_result group_wait_for_memory(struct store_journaled *store)
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

static enum lb_result journaled_group_begin(struct store *base, struct store_group **out)
{
    struct store_journaled *store = journaled_of(base);
    struct store_group *group = store->group;
    LB_ASSERT(!group->is_open);
    if (store->is_read_only) {
        return LB_STORAGE_FAULT;
    }
    journaled_undo_refused(store);
    enum lb_result result = group_wait_for_memory(store);
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
    group->commit = &store->commits[place]; /* nobody else's until it is counted in */
    group->commit->size = JOURNAL_LENGTH_BYTES;
    group->commit->row_count = 0;
    group->is_open = true;
    *out = group;
    return LB_OK;
}

static void journaled_group_want(struct store_group *group, const struct store_want *wants,
                                 size_t want_count, store_ready_fn ready, void *context)
{
    (void)group;
    (void)wants;
    (void)want_count;
    ready(LB_OK, context);
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

/* ---- changing ---- */

static LB_MUST_CHECK bool commit_grow(struct journaled_commit *commit, size_t bytes)
{
    size_t wanted = commit->size + bytes;
    if (wanted <= commit->cap) {
        return true;
    }
    size_t cap = commit->cap == 0 ? COMMIT_BYTES_START : commit->cap;
    while (cap < wanted) {
        cap *= 2;
    }
    uint8_t *grown = cap > COMMIT_BYTES_MAX ? NULL : realloc(commit->bytes, cap);
    if (grown == NULL) {
        return false;
    }
    commit->bytes = grown;
    commit->cap = cap;
    return true;
}

static enum lb_result group_change(struct store_group *group, enum ledger_table table,
                                   struct bytes key, struct bytes value, bool is_deleted)
{
    struct journaled_commit *commit = group->commit;
    LB_ASSERT(group->is_open && key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX);
    LB_ASSERT(value.size <= STORE_VALUE_BYTES_MAX);
    if (!commit_grow(commit, CHANGE_HEAD_BYTES + key.size + value.size)) {
        return LB_MEMORY;
    }
    struct wire_writer writer = {.data = commit->bytes, .size = commit->size, .cap = commit->cap};
    wire_put_u8(&writer, (uint8_t)((unsigned)table | (is_deleted ? CHANGE_DELETED : 0)));
    wire_put_u8(&writer, (uint8_t)key.size);
    wire_put_u32(&writer, (uint32_t)value.size);
    wire_put_bytes(&writer, key);
    wire_put_bytes(&writer, value);
    LB_ASSERT(!writer.overflow);
    commit->size = writer.size;
    commit->row_count++;
    return LB_OK;
}

static enum lb_result journaled_group_put(struct store_group *group, enum ledger_table table,
                                          struct bytes key, struct bytes value)
{
    return group_change(group, table, key, value, false);
}

static enum lb_result journaled_group_del(struct store_group *group, enum ledger_table table,
                                          struct bytes key)
{
    return group_change(group, table, key, (struct bytes){NULL, 0}, true);
}

static bool table_is_known(unsigned table)
{
#define X(symbol, number, name, kind) | UINT64_C(1) << (number)
    const uint64_t known = 0 LEDGER_TABLE_LIST(X);
#undef X
    return table <= LEDGER_TABLE_NUMBER_MAX && (known >> table & 1) != 0;
}

struct change {
    enum ledger_table table;
    bool is_deleted;
    struct bytes key;
    struct bytes value;
};

/* false: the bytes are not a change. */
static bool change_next(struct wire_reader *reader, struct change *change)
{
    uint8_t table_number = wire_get_u8(reader);
    uint8_t key_bytes = wire_get_u8(reader);
    uint32_t value_bytes = wire_get_u32(reader);
    change->key = wire_get_bytes(reader, key_bytes);
    change->value = wire_get_bytes(reader, value_bytes);
    change->is_deleted = (table_number & CHANGE_DELETED) != 0;
    change->table = (enum ledger_table)(table_number & ~CHANGE_DELETED);
    return !reader->bad && table_is_known((unsigned)change->table) && change->key.size > 0 &&
           change->key.size <= LEDGER_KEY_BYTES_MAX && change->value.size <= STORE_VALUE_BYTES_MAX;
}

/* A few at a time: the places of all are asked for before the first is used. */
static void put_changes(struct generation *generation, uint64_t number, struct bytes changes)
{
    struct change ahead[CHANGES_AHEAD];
    struct wire_reader reader = {.left = changes};
    generation_reach(generation, number);
    while (reader.left.size > 0) {
        size_t count = 0;
        while (count < CHANGES_AHEAD && reader.left.size > 0) {
            LB_ASSERT(change_next(&reader, &ahead[count]));
            generation_prefetch(generation, ahead[count].table, ahead[count].key);
            count++;
        }
        for (size_t i = 0; i < count; i++) {
            generation_put(generation, number, ahead[i].table, ahead[i].key, ahead[i].value,
                           ahead[i].is_deleted);
        }
    }
}

enum lb_result journaled_put_changes(struct generation *generation, uint64_t number,
                                     struct bytes changes)
{
    struct wire_reader reader = {.left = changes};
    size_t row_count = 0;
    while (reader.left.size > 0) {
        struct change change;
        if (!change_next(&reader, &change)) {
            return LB_STORAGE_CORRUPT;
        }
        row_count++;
    }
    if (!generation_reserve(generation, row_count, changes.size)) {
        return LB_MEMORY;
    }
    put_changes(generation, number, changes);
    return LB_OK;
}

/* ---- the end ---- */

static void group_close(struct store_group *group)
{
    LB_ASSERT(group->is_open);
    journaled_view_close(&group->view);
    group->is_open = false;
}

/* Whether the checkpoint of all that is in memory, and of this, will find space. */
static bool group_has_space(struct store_journaled *store, const struct journaled_commit *commit)
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
    if (commit->row_count > 0 && !group_has_space(store, commit)) {
        return LB_STORAGE_FULL;
    }
    if (commit->cap == 0 && !commit_grow(commit, 0)) { /* a group without changes */
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
        put_changes(
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
    group_close(group);
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
    group_close(group);
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
    stats->journal_bytes = journal_bytes(&store->journal);
}

const struct store_ops journaled_ops = {
    .name = "journaled",
    .commits_max = STORE_JOURNALED_COMMITS_MAX,
    .group_begin = journaled_group_begin,
    .group_want = journaled_group_want,
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
