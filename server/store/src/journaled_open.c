/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journaled adapter's opening, with its recovery, and its closing. One thread.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/test_point.h"
#include "base/wire.h"
#include "lmdb_inner.h"
#include "store/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#define SEGMENT_BYTES_DEFAULT (8u << 20)
#define RECENT_BYTES_DEFAULT  (UINT64_C(48) << 20)
#define CHECKPOINT_MS_DEFAULT 5000
#define IDLE_MS_DEFAULT       50
#define NS_PER_S              INT64_C(1000000000)

struct store_journaled_options store_journaled_options_default(const char *directory)
{
    return (struct store_journaled_options){
        .lmdb = store_lmdb_options_default(directory),
        .segment_bytes = SEGMENT_BYTES_DEFAULT,
        .recent_bytes_max = RECENT_BYTES_DEFAULT,
        .checkpoint_ms = CHECKPOINT_MS_DEFAULT,
        .idle_ms = IDLE_MS_DEFAULT,
    };
}

struct id store_journaled_book(const struct store *store)
{
    return store_lmdb_book(((const struct store_journaled *)store)->inner);
}

void journaled_lock(struct store_journaled *store)
{
    LB_ASSERT(pthread_mutex_lock(&store->lock) == 0);
}

void journaled_unlock(struct store_journaled *store)
{
    LB_ASSERT(pthread_mutex_unlock(&store->lock) == 0);
}

bool journaled_wait_until(struct store_journaled *store, pthread_cond_t *condition, int64_t ns)
{
    struct timespec time = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    int error = pthread_cond_timedwait(condition, &store->lock, &time);
    LB_ASSERT(error == 0 || error == ETIMEDOUT);
    return error == 0;
}

void journaled_break(struct store_journaled *store)
{
    atomic_store(&store->is_broken, true);
    journaled_lock(store);
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
    journaled_unlock(store);
}

/* ---- recovery ---- */

struct applied_row {
    uint64_t applied;
    uint64_t serial_needed;
};

/* No row: a new book, or one from before there was a journal. */
static enum lb_result read_applied(struct store *inner, struct applied_row *row)
{
    struct store_snapshot *snapshot = NULL;
    *row = (struct applied_row){0};
    enum lb_result result = inner->ops->snapshot_open(inner, &snapshot);
    if (result != LB_OK) {
        return result;
    }
    struct bytes value;
    result = inner->ops->snapshot_get(snapshot, LMDB_OWN_TABLE, JOURNALED_APPLIED_KEY, &value);
    if (result == LB_OK) {
        struct wire_reader reader = {.left = value};
        row->applied = wire_get_u64(&reader);
        row->serial_needed = wire_get_u64(&reader);
        result = wire_reader_is_done(&reader) ? LB_OK : LB_STORAGE_CORRUPT;
    }
    inner->ops->snapshot_close(snapshot);
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

/* The newest entry in LMDB; 0: there is none. */
static enum lb_result read_newest_entry(struct store *inner, uint64_t *entry)
{
    static const uint8_t last[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct store_snapshot *snapshot = NULL;
    struct bytes key;
    struct bytes value;
    *entry = 0;
    enum lb_result result = inner->ops->snapshot_open(inner, &snapshot);
    if (result != LB_OK) {
        return result;
    }
    result = inner->ops->snapshot_seek(snapshot, TABLE_ENTRY, bytes_of(last, sizeof(last)), false,
                                       0, &key, &value);
    if (result == LB_OK) {
        struct wire_reader reader = {.left = key};
        *entry = wire_get_u64(&reader);
    }
    inner->ops->snapshot_close(snapshot);
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

/* A checkpoint that was cut off may have left entries of groups that the journal has to give. */
static enum lb_result find_checkpoint_entry(struct store_journaled *store)
{
    struct generation_index *entries = generation_index_take(store->active, TABLE_ENTRY);
    if (entries == NULL) {
        return LB_MEMORY;
    }
    const uint64_t oldest = journaled_entry_at(entries, 0);
    generation_index_give(entries);
    if (oldest != 0) {
        store->checkpoint_entry = oldest - 1;
        return LB_OK;
    }
    return read_newest_entry(store->inner, &store->checkpoint_entry);
}

static enum lb_result on_replay(void *context, uint64_t number, struct bytes group)
{
    struct store_journaled *store = context;
    return journaled_put_changes(store->active, number, group);
}

static enum lb_result recover(struct store_journaled *store, bool *is_new)
{
    struct applied_row row;
    enum lb_result result = read_applied(store->inner, &row);
    if (result != LB_OK) {
        return result;
    }
    const struct journal_options options = {
        .directory_fd = lmdb_inner_directory_fd(store->inner),
        .book = store_journaled_book(&store->base),
        .segment_bytes = store->options.segment_bytes,
        .is_read_only = store->is_read_only,
        .applied = row.applied,
        .serial_needed = row.serial_needed,
        .report = store->options.lmdb.report,
        .report_context = store->options.lmdb.report_context,
        .replay = on_replay,
        .replay_context = store,
    };
    store->applied = row.applied;
    *is_new = row.serial_needed == 0;
    result = journal_open(&options, &store->journal, &store->durable);
    if (result == LB_OK) {
        store->begun = store->durable;
        TEST_POINT(recovery_replayed);
    }
    return result;
}

/* The first row says which segment must be there from now on. */
static enum lb_result write_first_applied(struct store_journaled *store)
{
    struct store_group *inner = NULL;
    uint8_t row[16];
    const struct store_ops *ops = store->inner->ops;
    enum lb_result result = ops->group_begin(store->inner, &inner);
    if (result != LB_OK) {
        return result;
    }
    result = journaled_put_applied(store, inner, store->applied, row);
    if (result != LB_OK) {
        ops->group_abort(inner);
        return result;
    }
    struct store_wait wait;
    store_wait_init(&wait);
    enum lb_result why = LB_OK;
    bool is_done = store_wait_commit(&wait, ops, inner, &why) == STORE_COMMITTED;
    store_wait_fini(&wait);
    return is_done ? LB_OK : why;
}

/* ---- life ---- */

static void sync_init(struct store_journaled *store)
{
    pthread_condattr_t attributes;
    int failed =
        pthread_condattr_init(&attributes) |
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) |
        pthread_mutex_init(&store->lock, NULL) | pthread_mutex_init(&store->put_lock, NULL) |
        pthread_cond_init(&store->committer_wakes, &attributes) |
        pthread_cond_init(&store->checkpointer_wakes, &attributes) |
        pthread_cond_init(&store->moved, &attributes) | pthread_condattr_destroy(&attributes);
    LB_ASSERT(failed == 0); /* glibc's never fail with these attributes */
}

static void journaled_free(struct store_journaled *store)
{
    for (size_t i = 0; i < STORE_JOURNALED_COMMITS_MAX; i++) {
        free(store->commits[i].bytes);
    }
    generation_give(store->active);
    generation_give(store->frozen);
    generation_pool_fini(&store->pool);
    journaled_group_free(store->group);
    (void)pthread_cond_destroy(&store->moved);
    (void)pthread_cond_destroy(&store->checkpointer_wakes);
    (void)pthread_cond_destroy(&store->committer_wakes);
    (void)pthread_mutex_destroy(&store->put_lock);
    (void)pthread_mutex_destroy(&store->lock);
    free(store);
}

static void stop_committer(struct store_journaled *store)
{
    journaled_lock(store);
    store->is_closing = true;
    LB_ASSERT(pthread_cond_signal(&store->committer_wakes) == 0);
    journaled_unlock(store);
    LB_ASSERT(pthread_join(store->committer, NULL) == 0);
}

static enum lb_result start_threads(struct store_journaled *store)
{
    if (pthread_create(&store->committer, NULL, journaled_committer_main, store) != 0) {
        return LB_MEMORY;
    }
    if (pthread_create(&store->checkpointer, NULL, journaled_checkpointer_main, store) != 0) {
        stop_committer(store);
        return LB_MEMORY;
    }
    return LB_OK;
}

enum lb_result store_journaled_open(const struct store_journaled_options *options,
                                    struct store **out)
{
    LB_ASSERT(options->lmdb.mode != STORE_LMDB_SCRATCH);
    struct store_journaled *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return LB_MEMORY;
    }
    store->base.ops = &journaled_ops;
    store->options = *options;
    store->is_read_only = options->lmdb.mode == STORE_LMDB_READ_ONLY;
    sync_init(store);
    generation_pool_init(&store->pool);
    store->group = journaled_group_new(store);
    store->active = generation_new(&store->pool);
    enum lb_result result = store->group == NULL || store->active == NULL
                                ? LB_MEMORY
                                : store_lmdb_open(&options->lmdb, &store->inner);
    if (result != LB_OK) {
        journaled_free(store);
        return result;
    }
    bool is_new = false;
    result = recover(store, &is_new);
    bool is_journal_open = result == LB_OK;
    if (result == LB_OK) {
        result = find_checkpoint_entry(store);
    }
    if (result == LB_OK && !store->is_read_only && is_new) {
        result = write_first_applied(store);
    }
    if (result == LB_OK && !store->is_read_only) {
        result = start_threads(store);
    }
    if (result != LB_OK) {
        if (is_journal_open) {
            journal_close(&store->journal);
        }
        store->inner->ops->close(store->inner);
        journaled_free(store);
        return result;
    }
    *out = &store->base;
    return LB_OK;
}

void journaled_close(struct store *base)
{
    struct store_journaled *store = journaled_of(base);
    if (!store->is_read_only) {
        stop_committer(store); /* which answers what is under way */
        journaled_undo_refused(store);
        journaled_lock(store);
        store->is_ending = true;
        LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
        LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
        journaled_unlock(store);
        LB_ASSERT(pthread_join(store->checkpointer, NULL) == 0); /* it makes its last one */
    }
    journal_close(&store->journal);
    store->inner->ops->close(store->inner);
    journaled_free(store);
}
