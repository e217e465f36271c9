/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The checkpointer: freezes what is in memory, writes it into LMDB in small sorted parts, says how
 * far LMDB is, and gives the journal's segments back. Small, and with pauses while there is time,
 * so that the journal's syncs, which people wait for, hardly notice.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/clock.h"
#include "base/test_point.h"
#include "lmdb_inner.h"

#include <stdlib.h>

/* A part while there is time, and while groups wait: larger ones have less to sync in all. */
#define PART_ROWS     512
#define PART_BYTES    (256u << 10)
#define PART_BUSY     8    /* times as large */
#define FULL_RETRY_MS 1000 /* how often to try again when there is no space */
#define SPARES_BUSY   16   /* segments kept while groups come */
#define SPARES_IDLE   1
#define TABLE_COUNT   (LEDGER_TABLE_NUMBER_MAX + 1)
#define NS_PER_MS     INT64_C(1000000)
#define NS_PER_S      INT64_C(1000000000)

/* The rows of a generation in order. */
struct frozen_rows {
    struct generation_index *indexes[TABLE_COUNT];
};

/* What is to be told once they are in LMDB, the last of all. */
struct frozen_goal {
    uint64_t number; /* of the newest group */
    uint64_t chain;  /* its; with a shared log */
    uint64_t entry;  /* the newest; 0: none */
};

/* A place among them. */
struct frozen_place {
    size_t table;
    size_t row;
    size_t count; /* of rows before it, in all tables */
};

/* ---- writing a generation ---- */

struct inner_outcome {
    enum store_outcome outcome;
    enum lb_result why;
};

static void inner_done(enum store_outcome outcome, enum lb_result why, void *context)
{
    struct inner_outcome *result = context;
    *result = (struct inner_outcome){outcome, why};
}

static enum lb_result inner_commit(struct store_journaled *store, struct store_group *inner)
{
    struct inner_outcome result = {STORE_FATAL, LB_INTERNAL};
    store->inner->ops->group_commit(inner, inner_done, &result); /* done when it returns */
    if (result.outcome == STORE_COMMITTED) {
        return LB_OK;
    }
    return result.outcome == STORE_RETRY ? result.why : LB_STORAGE_FAULT;
}

/* With or without the lock. Half of the memory is full again already: there is no time for pauses.
 */
static bool groups_wait(struct store_journaled *store)
{
    return generation_bytes(store->active) >= store->options.recent_bytes_max / 2;
}

/* Puts rows from *place on until the part is full; *is_end: there are no more. */
static enum lb_result part_put(struct store_journaled *store, struct store_group *inner,
                               const struct frozen_rows *rows, struct frozen_place *place,
                               bool *is_end)
{
    const struct store_ops *ops = store->inner->ops;
    size_t factor = groups_wait(store) ? PART_BUSY : 1;
    size_t row_count = 0;
    size_t bytes = 0;
    enum lb_result result = LB_OK;
    while (result == LB_OK && place->table < TABLE_COUNT && row_count < PART_ROWS * factor &&
           bytes < PART_BYTES * factor) {
        const struct generation_index *index = rows->indexes[place->table];
        struct generation_place row;
        if (index == NULL || place->row == generation_index_count(index)) {
            place->table++;
            place->row = 0;
        } else if (generation_index_at(index, place->row++, &row)) {
            enum ledger_table table = (enum ledger_table)place->table;
            result = row.is_deleted ? ops->group_del(inner, table, row.key)
                                    : ops->group_put(inner, table, row.key, row.value);
            row_count++;
            place->count++;
            bytes += row.key.size + row.value.size;
        }
    }
    *is_end = place->table == TABLE_COUNT;
    return result;
}

/* What LMDB has with this part. Until a cache is whole its rows are of different groups, so it also
 * says which group the log must have at least: no row is of a later one. */
static enum lb_result part_put_applied(struct store_journaled *store, struct store_group *inner,
                                       const struct frozen_goal *goal, bool is_end,
                                       uint8_t row[JOURNALED_APPLIED_BYTES_MAX])
{
    struct journaled_applied applied = {.number = goal->number};
    if (store->has_journal) {
        applied.serial_needed = journal_serial_needed(&store->journal, goal->number);
    } else { /* only this thread moves what is applied */
        applied.is_shared = true;
        applied.number = is_end ? goal->number : store->applied;
        applied.chain = is_end ? goal->chain : store->shared.applied_chain;
        applied.entry = is_end && goal->entry != 0 ? goal->entry : store->checkpoint_entry;
        applied.touch = (struct shared_log_mark){goal->number, goal->chain};
        if (goal->number < store->shared.touch.number) { /* rows of that are still there */
            applied.touch = store->shared.touch;
        }
    }
    return journaled_applied_put(store->inner, inner, &applied, row);
}

/* One LMDB transaction. The last one says that all groups up to the goal are there. */
static enum lb_result part_write(struct store_journaled *store, const struct frozen_rows *rows,
                                 const struct frozen_goal *goal, struct frozen_place *place,
                                 bool *is_end)
{
    const struct store_ops *ops = store->inner->ops;
    struct frozen_place next = *place;
    struct store_group *inner = NULL;
    uint8_t row[JOURNALED_APPLIED_BYTES_MAX];
    bool is_first = place->count == 0;
    enum lb_result result = ops->group_begin(store->inner, &inner);
    if (result != LB_OK) {
        return result;
    }
    result = part_put(store, inner, rows, &next, is_end);
    if (result == LB_OK && (*is_end || (is_first && !store->has_journal))) {
        result = part_put_applied(store, inner, goal, *is_end, row);
    }
    if (result != LB_OK) {
        ops->group_abort(inner);
        return result;
    }
    result = inner_commit(store, inner);
    if (result == LB_OK) {
        *place = next;
    }
    return result;
}

/* While there is time, a part is followed by a pause as long as three of it. */
static void part_pause(struct store_journaled *store, int64_t begun_ns)
{
    int64_t now = clock_system_monotonic_ns();
    int64_t until = now + 3 * (now - begun_ns);
    journaled_lock(store);
    bool is_awaited = false;
    do {
        is_awaited =
            store->is_ending || store->checkpoint_wanted > store->applied || groups_wait(store);
    } while (!is_awaited && journaled_wait_until(store, &store->checkpointer_wakes, until));
    journaled_unlock(store);
}

/* There was no space: says so, and waits a while. false: it is no use to go on. */
static bool wait_for_space(struct store_journaled *store)
{
    int64_t until = clock_system_monotonic_ns() + FULL_RETRY_MS * NS_PER_MS;
    journaled_lock(store);
    store->is_full = true;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    while (!store->is_ending && journaled_wait_until(store, &store->checkpointer_wakes, until)) {
    }
    bool is_ending = store->is_ending;
    journaled_unlock(store);
    return !is_ending;
}

/* Groups that wait may go on by as much. */
static void set_written(struct store_journaled *store, const struct frozen_place *place)
{
    journaled_lock(store);
    store->is_full = false;
    store->frozen_rows_written = place->count;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    journaled_unlock(store);
}

/* How many rows there are to be written. */
static void set_counted(struct store_journaled *store, const struct frozen_rows *rows)
{
    uint64_t count = 0;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        count += generation_index_count(rows->indexes[i]);
    }
    journaled_lock(store);
    store->frozen_rows = count;
    store->frozen_rows_written = 0;
    journaled_unlock(store);
}

static enum lb_result rows_write(struct store_journaled *store, const struct frozen_rows *rows,
                                 const struct frozen_goal *goal)
{
    struct frozen_place place = {.table = 0};
    bool is_end = false;
    while (!is_end) {
        int64_t begun_ns = clock_system_monotonic_ns();
        enum lb_result result = part_write(store, rows, goal, &place, &is_end);
        if (result == LB_OK) {
            set_written(store, &place);
            TEST_POINT(checkpoint_part);
            if (!is_end) {
                part_pause(store, begun_ns);
            }
            continue;
        }
        is_end = false;
        if (result == LB_STORAGE_FAULT || result == LB_STORAGE_CORRUPT ||
            atomic_load(&store->is_broken) || !wait_for_space(store)) {
            return result;
        }
    }
    return LB_OK;
}

uint64_t journaled_entry_at(const struct generation_index *entries, size_t i)
{
    struct generation_place row;
    if (i >= generation_index_count(entries) || !generation_index_at(entries, i, &row)) {
        return 0;
    }
    struct wire_reader reader = {.left = row.key};
    const uint64_t number = wire_get_u64(&reader);
    return wire_reader_is_done(&reader) ? number : 0;
}

/* Rows at the end may have been taken back. */
static uint64_t newest_entry_of(const struct generation_index *entries)
{
    uint64_t newest = 0;
    for (size_t i = generation_index_count(entries); newest == 0 && i > 0; i--) {
        newest = journaled_entry_at(entries, i - 1);
    }
    return newest;
}

/* Also sets the goal's entry. */
static enum lb_result frozen_write(struct store_journaled *store, struct frozen_goal *goal)
{
    struct frozen_rows rows = {{NULL}};
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < TABLE_COUNT && result == LB_OK; i++) {
        rows.indexes[i] = generation_index_take(store->frozen, (enum ledger_table)i);
        result = rows.indexes[i] == NULL ? LB_MEMORY : LB_OK;
    }
    if (result == LB_OK) {
        set_counted(store, &rows);
        goal->entry = newest_entry_of(rows.indexes[TABLE_ENTRY]);
        result = rows_write(store, &rows, goal);
    }
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        generation_index_give(rows.indexes[i]);
    }
    return result;
}

/* ---- a checkpoint ---- */

/* What is active becomes frozen, all its groups durable. false: there is nothing, or the store is
 * broken. */
static bool checkpoint_freeze(struct store_journaled *store)
{
    bool is_wanted = store->frozen == NULL; /* only this thread moves it */
    struct generation *fresh = is_wanted ? generation_new(&store->pool) : NULL;
    if (is_wanted && fresh == NULL) {
        (void)wait_for_space(store);
        return false;
    }
    LB_ASSERT(pthread_mutex_lock(&store->put_lock) == 0);
    journaled_lock(store);
    if (store->frozen == NULL && generation_newest(store->active) > 0) {
        store->frozen = store->active;
        store->shared.frozen_chain = store->shared.begun_chain;
        store->active = fresh;
        fresh = NULL;
    }
    journaled_unlock(store);
    LB_ASSERT(pthread_mutex_unlock(&store->put_lock) == 0);
    generation_give(fresh);
    journaled_lock(store);
    while (store->frozen != NULL && store->durable < generation_newest(store->frozen) &&
           !store->is_ending && !atomic_load(&store->is_broken)) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    bool is_ready = store->frozen != NULL && !atomic_load(&store->is_broken) &&
                    store->durable >= generation_newest(store->frozen);
    journaled_unlock(store);
    return is_ready;
}

static struct frozen_goal checkpoint_goal(struct store_journaled *store)
{
    journaled_lock(store);
    uint64_t newest = generation_newest(store->frozen);
    struct frozen_goal goal = {.number = store->applied, .chain = store->shared.applied_chain};
    if (newest > store->applied) {
        goal = (struct frozen_goal){.number = newest, .chain = store->shared.frozen_chain};
    }
    journaled_unlock(store);
    return goal;
}

/* Memory gives the generation up: LMDB has all of it. */
static void checkpoint_drop(struct store_journaled *store, const struct frozen_goal *goal)
{
    const int64_t now_ms = clock_now_ms(clock_system());
    journaled_lock(store);
    struct generation *frozen = store->frozen;
    store->frozen = NULL;
    store->frozen_rows = 0;
    store->frozen_rows_written = 0;
    store->applied = goal->number;
    store->shared.applied_chain = goal->chain;
    store->checkpoint_entry = goal->entry != 0 ? goal->entry : store->checkpoint_entry;
    store->checkpoint_ms = now_ms;
    store->drops++;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    journaled_unlock(store);
    generation_give(frozen);
}

static void checkpoint_run(struct store_journaled *store, bool is_busy)
{
    if (!checkpoint_freeze(store)) {
        return;
    }
    TEST_POINT(checkpoint_begun);
    struct frozen_goal goal = checkpoint_goal(store);
    enum lb_result result = frozen_write(store, &goal);
    if (result == LB_OK) {
        TEST_POINT(checkpoint_complete);
        checkpoint_drop(store, &goal);
        if (store->has_journal) {
            result =
                journal_free(&store->journal, goal.number, is_busy ? SPARES_BUSY : SPARES_IDLE);
        }
        if (!is_busy) {
            generation_pool_trim(&store->pool);
        }
    }
    if (result == LB_STORAGE_FAULT || result == LB_STORAGE_CORRUPT) {
        journaled_break(store);
    } else if (result == LB_MEMORY) {
        (void)wait_for_space(store);
    }
}

/* With the lock held. Waits for a reason to make a checkpoint; true: it is that memory is full. */
static bool checkpointer_wait(struct store_journaled *store)
{
    int64_t until = 0;
    while (!store->is_ending && store->checkpoint_wanted <= store->applied) {
        if (generation_bytes(store->active) >= store->options.recent_bytes_max) {
            return true;
        }
        int64_t now = clock_system_monotonic_ns();
        if (until != 0 && now >= until && generation_newest(store->active) > 0) {
            return false;
        }
        if (now >= until) {
            until = now + (int64_t)store->options.checkpoint_ms * NS_PER_MS;
        }
        (void)journaled_wait_until(store, &store->checkpointer_wakes, until);
    }
    return false;
}

void *journaled_checkpointer_main(void *context)
{
    struct store_journaled *store = context;
    (void)pthread_setname_np(pthread_self(), "checkpointer");
    for (;;) {
        journaled_lock(store);
        bool is_busy = checkpointer_wait(store);
        bool is_ending = store->is_ending;
        journaled_unlock(store);
        if (atomic_load(&store->is_broken)) {
            return NULL;
        }
        if (!is_ending && store->has_journal &&
            journal_prepare(&store->journal) == LB_STORAGE_FAULT) {
            journaled_break(store);
            return NULL;
        }
        checkpoint_run(store, is_busy);
        if (is_ending) {
            return NULL;
        }
    }
}

enum lb_result journaled_checkpoint(struct store *base)
{
    struct store_journaled *store = journaled_of(base);
    if (store->is_read_only) {
        return LB_STORAGE_FAULT;
    }
    journaled_lock(store);
    uint64_t wanted = store->durable;
    if (wanted > store->checkpoint_wanted) {
        store->checkpoint_wanted = wanted;
    }
    LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
    while (store->applied < wanted && !store->is_full && store->undo_from == 0 &&
           !store->is_ending && !atomic_load(&store->is_broken)) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    enum lb_result result = LB_OK;
    if (store->applied < wanted) {
        result = store->is_ending ? LB_SHUTTING_DOWN : LB_STORAGE_FULL;
        result = atomic_load(&store->is_broken) ? LB_STORAGE_FAULT : result;
    }
    journaled_unlock(store);
    return result;
}
