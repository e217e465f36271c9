/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The committer: takes all groups that wait, makes them durable with one write and one sync, and
 * answers them in order. When nothing comes for a while it confirms the last ones. Its part is done
 * by one thread at a time, is_answering says: its own, or the writer's for a group alone.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/clock.h"

struct batch {
    struct journaled_commit *commits[STORE_JOURNALED_COMMITS_MAX];
    size_t count;
};

/* With the lock held. The groups that wait, as far as they lie in one segment. */
static struct batch batch_take(struct store_journaled *store)
{
    struct batch batch = {.count = 0};
    while (batch.count < store->commit_count) {
        size_t place = (store->commit_first + batch.count) % STORE_JOURNALED_COMMITS_MAX;
        struct journaled_commit *commit = &store->commits[place];
        if (batch.count > 0 && commit->segment != batch.commits[0]->segment) {
            break;
        }
        batch.commits[batch.count++] = commit;
    }
    LB_ASSERT(batch.count > 0);
    return batch;
}

static enum lb_result batch_write(struct store_journaled *store, const struct batch *batch)
{
    struct journal_group groups[STORE_JOURNALED_COMMITS_MAX];
    for (size_t i = 0; i < batch->count; i++) {
        const struct journaled_commit *commit = batch->commits[i];
        groups[i] = (struct journal_group){commit->segment, commit->bytes, commit->size};
    }
    return journal_write(&store->journal, batch->commits[0]->number, groups, batch->count);
}

struct answer {
    store_done_fn done;
    void *context;
    enum store_outcome outcome;
    enum lb_result why;
};

/* Gives the places of the groups back, and what is to be told. All that wait are refused with those
 * that failed: they were begun upon them. */
static size_t batch_end(struct store_journaled *store, const struct batch *batch,
                        enum lb_result result, struct answer answers[STORE_JOURNALED_COMMITS_MAX])
{
    journaled_lock(store);
    size_t count = result == LB_OK ? batch->count : store->commit_count;
    uint64_t first = batch->commits[0]->number;
    for (size_t i = 0; i < count; i++) {
        size_t place = (store->commit_first + i) % STORE_JOURNALED_COMMITS_MAX;
        const struct journaled_commit *commit = &store->commits[place];
        struct answer *answer = &answers[i];
        *answer = (struct answer){commit->done, commit->context, STORE_COMMITTED, LB_OK};
        if (result == LB_STORAGE_FULL) {
            answer->outcome = STORE_RETRY;
            answer->why = i < batch->count ? LB_STORAGE_FULL : LB_STORAGE_CONFLICT;
        } else if (result != LB_OK) {
            answer->outcome = i < batch->count ? STORE_UNKNOWN : STORE_FATAL;
            answer->why = LB_STORAGE_FAULT;
        }
    }
    if (result == LB_OK) {
        store->durable = first + batch->count - 1;
        if (store->is_marked) { /* to begin the period after which it is confirmed */
            store->is_marked = false;
            LB_ASSERT(pthread_cond_signal(&store->committer_wakes) == 0);
        }
    } else if (result == LB_STORAGE_FULL) {
        store->undo_from = first;
    }
    store->commit_first = (unsigned)((store->commit_first + count) % STORE_JOURNALED_COMMITS_MAX);
    store->commit_count -= (unsigned)count;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
    journaled_unlock(store);
    return count;
}

static void batch_run(struct store_journaled *store, const struct batch *batch)
{
    enum lb_result result =
        atomic_load(&store->is_broken) ? LB_STORAGE_FAULT : batch_write(store, batch);
    if (result != LB_OK && result != LB_STORAGE_FULL) {
        journaled_break(store);
    }
    struct answer answers[STORE_JOURNALED_COMMITS_MAX];
    size_t count = batch_end(store, batch, result, answers);
    for (size_t i = 0; i < count; i++) {
        answers[i].done(answers[i].outcome, answers[i].why, answers[i].context);
    }
}

/* With the lock held, and held again when it returns. */
static void committer_answer(struct store_journaled *store)
{
    struct batch batch = batch_take(store);
    store->is_answering = true;
    journaled_unlock(store);
    batch_run(store, &batch);
    journaled_lock(store);
    store->is_answering = false;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
}

/*
 * A small group that nothing waits beside is written by the writer itself: a person's single act
 * spares two threads' waking, and there is nothing to be decided meanwhile.
 */
void journaled_commit_alone(struct store_journaled *store)
{
    journaled_lock(store);
    if (store->commit_count == 1 && !store->is_answering) {
        committer_answer(store);
    }
    journaled_unlock(store);
}

/* ---- the thread ---- */

static int64_t committer_period_end(const struct store_journaled *store)
{
    return clock_system_monotonic_ns() + (int64_t)store->options.idle_ms * 1000000;
}

/* With the lock held, and held again when it returns. */
static void committer_mark(struct store_journaled *store)
{
    uint64_t next = store->durable + 1;
    store->is_answering = true;
    journaled_unlock(store);
    enum lb_result result = journal_mark(&store->journal, next);
    if (result != LB_OK && result != LB_STORAGE_FULL) {
        journaled_break(store);
    }
    journaled_lock(store);
    store->is_answering = false;
    store->is_marked = true;
    LB_ASSERT(pthread_cond_broadcast(&store->moved) == 0);
}

/* With the lock held. Waits for groups; meanwhile confirms the last ones when for a whole period
 * none became durable. false: closing, and all is answered. */
static bool committer_wait(struct store_journaled *store)
{
    uint64_t durable = store->durable;
    int64_t until = committer_period_end(store);
    while (store->commit_count == 0 || store->is_answering) {
        if (store->is_closing && !store->is_answering) {
            return false;
        }
        if (store->is_marked) {
            LB_ASSERT(pthread_cond_wait(&store->committer_wakes, &store->lock) == 0);
            until = committer_period_end(store);
            continue;
        }
        if (!journaled_wait_until(store, &store->committer_wakes, until)) {
            if (durable == store->durable && !store->is_answering &&
                !atomic_load(&store->is_broken)) {
                committer_mark(store);
            }
            durable = store->durable;
            until = committer_period_end(store);
        }
    }
    return true;
}

void *journaled_committer_main(void *context)
{
    struct store_journaled *store = context;
    (void)pthread_setname_np(pthread_self(), "committer");
    journaled_lock(store);
    while (committer_wait(store)) {
        committer_answer(store);
    }
    journaled_unlock(store);
    return NULL;
}
