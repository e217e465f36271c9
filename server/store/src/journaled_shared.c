/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups where a shared log has the journal's place. The turn shows what others wrote: their rows
 * go into memory as begun, the group is decided upon them, and one write makes all of it durable.
 * Where that fails, or is not known, all after what is known to be durable is taken back, and the
 * next turn shows what became of it. So nothing is published, checkpointed or answered that could
 * still vanish. Threads: the writer's.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/test_point.h"

#define TURN_BYTES (UINT64_C(8) << 20) /* at most so much is taken while others wait */
#define FILL_BYTES (UINT64_C(8) << 20) /* read at once while nobody reads here */
#define LOOK_BYTES (UINT64_C(2) << 20) /* and while somebody does */

/* What is taken from the log in one go. */
struct taking {
    struct store_journaled *store;
    uint64_t bytes;
    uint64_t bytes_max; /* beyond it TRY_LATER */
};

static struct shared_log_mark shared_durable(const struct store_journaled *store)
{
    return (struct shared_log_mark){store->durable, store->shared.durable_chain};
}

static struct shared_log_mark shared_begun(const struct store_journaled *store)
{
    return (struct shared_log_mark){store->begun, store->shared.begun_chain};
}

/* All that was begun is durable, and is to be seen. */
static void shared_settle(struct store_journaled *store)
{
    store->shared.readings = 0;
    journaled_lock(store);
    store->durable = store->begun;
    store->shared.durable_chain = store->shared.begun_chain;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    journaled_unlock(store);
}

/* What was begun and is not known to be durable never was. A generation that was frozen meanwhile
 * waits for that, too: none is written into LMDB before all of it is durable. */
static void shared_undo(struct store_journaled *store)
{
    journaled_lock(store);
    if (store->begun != store->durable) {
        if (store->frozen != NULL && generation_newest(store->frozen) > store->durable) {
            store->shared.frozen_chain = store->shared.durable_chain;
        }
        journaled_undo(store, store->durable + 1);
        store->shared.begun_chain = store->shared.durable_chain;
    }
    journaled_unlock(store);
}

/* The log does not hold what was durable: nothing more is answered. */
static enum lb_result shared_failed(struct store_journaled *store, enum lb_result result)
{
    shared_undo(store);
    if (result == LB_STORAGE_CORRUPT) {
        journaled_break(store);
    }
    return result;
}

/* With put_lock held, after the group's rows were put. */
static void shared_set_begun(struct store_journaled *store, struct shared_log_mark mark)
{
    journaled_lock(store);
    store->begun = mark.number;
    store->shared.begun_chain = mark.chain;
    journaled_unlock(store);
    if (generation_bytes(store->active) >= store->options.recent_bytes_max) {
        LB_ASSERT(pthread_cond_signal(&store->checkpointer_wakes) == 0);
    }
}

/* ---- taking ---- */

/* Whether it is the next one, and the one that was there when rows of LMDB were of it. */
static bool shared_follows(const struct store_journaled *store,
                           const struct shared_log_group *group)
{
    const struct shared_log_mark before = shared_begun(store);
    const struct shared_log_mark *touch = &store->shared.touch;
    return group->mark.number == before.number + 1 &&
           group->mark.chain == shared_log_chain(before.chain, group->changes) &&
           (group->mark.number != touch->number || group->mark.chain == touch->chain);
}

static enum lb_result shared_take(void *context, const struct shared_log_group *group)
{
    struct taking *taking = context;
    struct store_journaled *store = taking->store;
    if (!shared_follows(store, group)) {
        journaled_report(store, "group %llu of the log does not follow what is known here",
                         (unsigned long long)group->mark.number);
        return LB_STORAGE_CORRUPT;
    }
    if (taking->bytes >= taking->bytes_max) {
        return LB_TRY_LATER;
    }
    taking->bytes += group->changes.size;
    LB_ASSERT(pthread_mutex_lock(&store->put_lock) == 0);
    enum lb_result result =
        journaled_put_changes(store->active, group->mark.number, group->changes);
    if (result == LB_OK) {
        shared_set_begun(store, group->mark);
    }
    LB_ASSERT(pthread_mutex_unlock(&store->put_lock) == 0);
    return result;
}

static enum lb_result shared_prove(struct store_journaled *store)
{
    struct shared_log *log = store->shared.log;
    const enum lb_result result = log->ops->prove(log, shared_begun(store));
    /* What was read may have vanished since: that is told by the next reading. */
    return result == LB_STORAGE_CONFLICT || result == LB_STORAGE_CORRUPT ? LB_STORE_UNREACHABLE
                                                                         : result;
}

/* Nothing is new, or who was asked does not hear of it. Until a proof that is due went through,
 * nobody can tell. */
static enum lb_result shared_prove_in_time(struct store_journaled *store)
{
    struct journaled_shared *shared = &store->shared;
    if (shared->log->readings_per_proof == 0 ||
        ++shared->readings < shared->log->readings_per_proof) {
        return LB_OK;
    }
    const enum lb_result result = shared_prove(store);
    shared->readings = result == LB_OK ? 0 : shared->log->readings_per_proof;
    return result;
}

/* One page of what is new is begun, and durable, though not to be seen yet. */
static enum lb_result shared_read(struct store_journaled *store, uint64_t bytes_max, bool *is_all)
{
    const struct shared_log_ops *ops = store->shared.log->ops;
    struct taking taking = {.store = store, .bytes_max = UINT64_MAX};
    enum lb_result result = atomic_load(&store->is_broken) ? LB_STORAGE_FAULT : LB_OK;
    if (result == LB_OK) {
        result = journaled_wait_for_memory(store);
    }
    if (result != LB_OK) {
        return result;
    }
    result = ops->read(store->shared.log, shared_durable(store), bytes_max, shared_take, &taking,
                       is_all);
    if (result != LB_OK) {
        return shared_failed(store, result);
    }
    if (store->begun == store->durable) {
        *is_all = true;
        return shared_prove_in_time(store);
    }
    result = shared_prove(store);
    if (result != LB_OK) {
        shared_undo(store);
    }
    return result;
}

enum lb_result journaled_shared_fill(struct store_journaled *store)
{
    enum lb_result result = LB_OK;
    bool is_all = false;
    while (result == LB_OK && !is_all) {
        result = shared_read(store, FILL_BYTES, &is_all);
        if (result == LB_OK) {
            shared_settle(store);
        }
    }
    return result;
}

/* The view of all that was begun, for the writer; it is given back if there is none. */
static enum lb_result shared_open(struct store_journaled *store, bool is_look,
                                  struct store_group **out)
{
    struct store_group *group = store->group;
    const enum lb_result result = journaled_view_open(store, true, &group->view);
    if (result == LB_OK) {
        group->is_look = is_look;
        journaled_group_start(group, &store->commits[0]);
        *out = group;
    }
    return result;
}

enum lb_result journaled_shared_look(struct store *base, struct store_group **out, bool *is_all)
{
    struct store_journaled *store = journaled_of(base);
    LB_ASSERT(!store->group->is_open);
    *out = NULL;
    enum lb_result result = shared_read(store, LOOK_BYTES, is_all);
    if (result != LB_OK || store->begun == store->durable) {
        return result;
    }
    result = shared_open(store, true, out);
    if (result != LB_OK) {
        shared_undo(store);
    }
    return result;
}

/* ---- a group ---- */

/* While a server has the turn nobody else writes: so it is not for taking much. */
static enum lb_result shared_turn(struct store_journaled *store)
{
    struct shared_log *log = store->shared.log;
    struct taking taking = {.store = store, .bytes_max = TURN_BYTES};
    enum lb_result result = log->ops->turn(log, shared_durable(store), shared_take, &taking);
    return result == LB_OK ? LB_OK : shared_failed(store, result);
}

static void shared_leave(struct store_journaled *store)
{
    store->shared.log->ops->leave(store->shared.log);
    shared_undo(store);
}

enum lb_result journaled_shared_begin(struct store *base, struct store_group **out)
{
    struct store_journaled *store = journaled_of(base);
    LB_ASSERT(!store->group->is_open);
    enum lb_result result = atomic_load(&store->is_broken) ? LB_STORAGE_FAULT : LB_OK;
    if (result == LB_OK) {
        result = journaled_wait_for_memory(store);
    }
    if (result == LB_OK) {
        result = shared_turn(store);
    }
    if (result != LB_OK) {
        return result;
    }
    result = shared_open(store, false, out);
    if (result != LB_OK) {
        shared_leave(store);
    }
    return result;
}

void journaled_shared_abort(struct store_group *group)
{
    journaled_group_close(group);
    if (group->is_look) {
        shared_undo(group->store);
    } else {
        shared_leave(group->store);
    }
}

/* ---- writing ---- */

/* What the log has now. Without memory for it, it is taken from there by the next turn. */
static enum lb_result shared_put(struct store_journaled *store,
                                 const struct journaled_commit *commit,
                                 const struct shared_log_group *group)
{
    enum lb_result result = LB_OK;
    LB_ASSERT(pthread_mutex_lock(&store->put_lock) == 0);
    if (!generation_reserve(store->active, commit->row_count, commit->size)) {
        result = LB_STORAGE_CONFLICT;
    } else {
        journaled_put_reserved(store->active, group->mark.number, group->changes);
        shared_set_begun(store, group->mark);
    }
    LB_ASSERT(pthread_mutex_unlock(&store->put_lock) == 0);
    return result;
}

/* Rows are put when the turn has ended: nobody else waits for that. */
static enum lb_result shared_write_rows(struct store_journaled *store,
                                        const struct journaled_commit *commit)
{
    struct shared_log *log = store->shared.log;
    if (!journaled_has_space(store, commit)) {
        log->ops->leave(log);
        return LB_STORAGE_FULL;
    }
    const struct bytes changes =
        bytes_of(commit->bytes + JOURNAL_LENGTH_BYTES, commit->size - JOURNAL_LENGTH_BYTES);
    const struct shared_log_group group = {
        .mark = {store->begun + 1, shared_log_chain(store->shared.begun_chain, changes)},
        .changes = changes,
        .entry_count = commit->entry_count,
        .entry = commit->entry,
    };
    const enum lb_result result = log->ops->write(log, &group);
    if (result != LB_OK) {
        return result;
    }
    TEST_POINT(journal_synced);
    return shared_put(store, commit, &group);
}

static enum lb_result shared_write(struct store_journaled *store,
                                   const struct journaled_commit *commit)
{
    struct shared_log *log = store->shared.log;
    if (atomic_load(&store->is_broken)) {
        log->ops->leave(log);
        return LB_STORAGE_FAULT;
    }
    TEST_POINT(journal_before);
    return commit->row_count > 0 ? shared_write_rows(store, commit) : log->ops->write(log, NULL);
}

void journaled_shared_commit(struct store_group *group, store_done_fn done, void *context)
{
    struct store_journaled *store = group->store;
    journaled_group_close(group);
    LB_ASSERT(!group->is_look || group->commit->row_count == 0);
    enum lb_result result = group->is_look ? LB_OK : shared_write(store, group->commit);
    if (result == LB_OK) {
        shared_settle(store);
        done(STORE_COMMITTED, LB_OK, context);
        return;
    }
    shared_undo(store);
    done(result == LB_STORAGE_FAULT ? STORE_FATAL : STORE_RETRY, result, context);
}

void journaled_shared_stop(struct store *base)
{
    struct shared_log *log = journaled_of(base)->shared.log;
    log->ops->stop(log);
}
