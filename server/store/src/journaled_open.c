/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journaled adapter's opening, with its recovery, and its closing. One thread.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/test_point.h"
#include "lmdb_inner.h"
#include "store/report.h"

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

bool store_journaled_is_cache(const struct store *store)
{
    return !((const struct store_journaled *)store)->has_journal;
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

void journaled_report(const struct store_journaled *store, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    store_report_line(store->options.lmdb.report, store->options.lmdb.report_context, format,
                      arguments);
    va_end(arguments);
}

/* ---- recovery ---- */

static void open_refused(const struct store_journaled *store, const char *what)
{
    journaled_report(store, "%s %s", store->options.lmdb.directory, what);
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

static enum lb_result recover(struct store_journaled *store,
                              const struct journaled_applied *applied)
{
    const struct journal_options options = {
        .directory_fd = lmdb_inner_directory_fd(store->inner),
        .book = store_journaled_book(&store->base),
        .segment_bytes = store->options.segment_bytes,
        .is_read_only = store->is_read_only,
        .applied = applied->number,
        .serial_needed = applied->serial_needed,
        .report = store->options.lmdb.report,
        .report_context = store->options.lmdb.report_context,
        .replay = on_replay,
        .replay_context = store,
    };
    store->applied = applied->number;
    enum lb_result result = journal_open(&options, &store->journal, &store->durable);
    if (result == LB_OK) {
        store->has_journal = true;
        store->begun = store->durable;
        TEST_POINT(recovery_replayed);
    }
    return result;
}

/* The first row says which segment must be there from now on. */
static enum lb_result write_first_applied(struct store_journaled *store)
{
    const struct journaled_applied first = {
        .number = store->applied,
        .serial_needed = journal_serial_needed(&store->journal, store->applied),
    };
    return journaled_applied_put_alone(store->inner, &first);
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

/* What is open is closed; the threads have ended. */
static void journaled_free(struct store_journaled *store)
{
    if (store->has_journal) {
        journal_close(&store->journal);
    }
    if (store->inner != NULL) {
        store->inner->ops->close(store->inner);
    }
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

static void stop_checkpointer(struct store_journaled *store)
{
    journaled_lock(store);
    store->is_ending = true;
    LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    journaled_unlock(store);
    LB_ASSERT(pthread_join(store->checkpointer, NULL) == 0); /* it makes its last one */
}

static enum lb_result start_checkpointer(struct store_journaled *store)
{
    return pthread_create(&store->checkpointer, NULL, journaled_checkpointer_main, store) == 0
               ? LB_OK
               : LB_MEMORY;
}

static enum lb_result start_threads(struct store_journaled *store)
{
    if (pthread_create(&store->committer, NULL, journaled_committer_main, store) != 0) {
        return LB_MEMORY;
    }
    if (start_checkpointer(store) != LB_OK) {
        stop_committer(store);
        return LB_MEMORY;
    }
    return LB_OK;
}

/* With LMDB open below it, and what LMDB has. NULL: *result says why not. */
static struct store_journaled *journaled_new(const struct store_journaled_options *options,
                                             const struct store_ops *ops,
                                             struct journaled_applied *applied,
                                             enum lb_result *result)
{
    LB_ASSERT(options->lmdb.mode != STORE_LMDB_SCRATCH);
    *result = LB_MEMORY;
    struct store_journaled *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return NULL;
    }
    store->base.ops = ops;
    store->options = *options;
    store->is_read_only = options->lmdb.mode == STORE_LMDB_READ_ONLY;
    sync_init(store);
    generation_pool_init(&store->pool);
    store->group = journaled_group_new(store);
    store->active = generation_new(&store->pool);
    if (store->group != NULL && store->active != NULL) {
        *result = store_lmdb_open(&options->lmdb, &store->inner);
    }
    if (*result == LB_OK) {
        *result = journaled_applied_read(store->inner, applied);
    }
    if (*result != LB_OK) {
        journaled_free(store);
        return NULL;
    }
    return store;
}

/* What a server left that keeps its book elsewhere, for a look: LMDB alone, if that is the state of
 * one group. */
static enum lb_result open_cache(struct store_journaled *store,
                                 const struct journaled_applied *applied)
{
    if (!store->is_read_only) {
        open_refused(store, "is the cache of a book that is kept in a database; give the database "
                            "in the setting store, or use another directory");
        return LB_DIRECTORY_EXISTS;
    }
    if (applied->touch.number != applied->number) {
        open_refused(store, "is a cache that was being written when its server ended; start that "
                            "server once, then look again");
        return LB_STORAGE_FAULT;
    }
    store->applied = applied->number;
    store->durable = applied->number;
    store->begun = applied->number;
    store->checkpoint_entry = applied->entry;
    return LB_OK;
}

static enum lb_result open_files(struct store_journaled *store,
                                 const struct journaled_applied *applied)
{
    enum lb_result result = recover(store, applied);
    if (result == LB_OK) {
        result = find_checkpoint_entry(store);
    }
    if (result == LB_OK && !store->is_read_only && applied->serial_needed == 0) { /* new */
        result = write_first_applied(store);
    }
    if (result == LB_OK && !store->is_read_only) {
        result = start_threads(store);
    }
    return result;
}

enum lb_result store_journaled_open(const struct store_journaled_options *options,
                                    struct store **out)
{
    struct journaled_applied applied;
    enum lb_result result = LB_OK;
    struct store_journaled *store = journaled_new(options, &journaled_ops, &applied, &result);
    if (store == NULL) {
        return result;
    }
    result = applied.is_shared ? open_cache(store, &applied) : open_files(store, &applied);
    if (result != LB_OK) {
        journaled_free(store);
        return result;
    }
    *out = &store->base;
    return LB_OK;
}

/* ---- with a shared log ---- */

static enum lb_result shared_check_kind(struct store_journaled *store,
                                        const struct journaled_applied *applied)
{
    bool is_ours = applied->is_shared;
    enum lb_result result = LB_OK;
    if (!applied->is_there) {
        result = journaled_applied_is_empty(store->inner, &is_ours);
    }
    if (result == LB_OK && !is_ours) {
        open_refused(store,
                     "holds a book of its own, kept in files; a server whose book is kept in "
                     "a database needs another directory");
        result = LB_DIRECTORY_EXISTS;
    }
    const struct id book = store_journaled_book(&store->base);
    if (result == LB_OK && !id_equal(&book, &store->options.lmdb.book)) {
        open_refused(store, "is the cache of another book; use another directory");
        result = LB_DIRECTORY_EXISTS;
    }
    return result;
}

/* Says that it is a cache before there is anything in it. */
static enum lb_result shared_begin_cache(struct store_journaled *store,
                                         const struct journaled_applied *applied)
{
    store->shared.touch = applied->touch;
    store->applied = applied->number;
    store->durable = applied->number;
    store->begun = applied->number;
    store->shared.applied_chain = applied->chain;
    store->shared.durable_chain = applied->chain;
    store->shared.begun_chain = applied->chain;
    store->checkpoint_entry = applied->entry;
    const struct journaled_applied first = {.is_shared = true};
    return applied->is_there ? LB_OK : journaled_applied_put_alone(store->inner, &first);
}

static enum lb_result shared_catch_up(struct store_journaled *store)
{
    enum lb_result result = journaled_shared_fill(store);
    if (result == LB_OK && store->durable < store->shared.touch.number) {
        journaled_report(store, "the log ends at group %llu, but %llu was durable",
                         (unsigned long long)store->durable,
                         (unsigned long long)store->shared.touch.number);
        result = LB_STORAGE_CORRUPT;
    }
    if (result == LB_OK) {
        TEST_POINT(recovery_replayed);
    }
    return result;
}

enum lb_result store_shared_open(const struct store_journaled_options *options,
                                 struct shared_log *log, struct store **out)
{
    LB_ASSERT(options->lmdb.mode == STORE_LMDB_SERVER);
    struct journaled_applied applied;
    enum lb_result result = LB_OK;
    struct store_journaled *store =
        journaled_new(options, &journaled_shared_ops, &applied, &result);
    if (store == NULL) {
        return result;
    }
    result = shared_check_kind(store, &applied);
    if (result == LB_OK) {
        result = shared_begin_cache(store, &applied);
    }
    if (result == LB_OK) {
        result = start_checkpointer(store);
    }
    if (result == LB_OK) {
        store->shared.log = log;
        result = shared_catch_up(store);
        if (result != LB_OK) { /* as far as it came is kept */
            stop_checkpointer(store);
        }
    }
    if (result != LB_OK) {
        journaled_free(store);
        return result;
    }
    *out = &store->base;
    return LB_OK;
}

/* ---- closing ---- */

void journaled_close(struct store *base)
{
    struct store_journaled *store = journaled_of(base);
    if (store->has_journal && !store->is_read_only) {
        stop_committer(store); /* which answers what is under way */
        journaled_undo_refused(store);
    }
    if (!store->is_read_only) {
        stop_checkpointer(store);
    }
    if (store->shared.log != NULL) {
        store->shared.log->ops->close(store->shared.log);
    }
    journaled_free(store);
}
