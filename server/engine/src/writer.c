/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The writer's thread: takes the queue as a group, decides it, hands it to the store, hashes it,
 * and goes on, as long as there is room in the ring. How groups end: ring.c.
 */
#include "engine_private.h"

#include <time.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* Moves requests from the queue to the group, up to a group's size, the first one whatever its
 * size. With the lock held. */
static void writer_take(struct engine *engine, struct group *group)
{
    uint64_t commands = 0;
    struct engine_write **end = &group->requests;
    while (*end != NULL) {
        commands += (*end)->command_count;
        end = &(*end)->next;
    }
    struct engine_write *next = engine->queue;
    while (next != NULL && (group->requests == NULL ||
                            commands + next->command_count <= engine->config.group_commands_max)) {
        commands += next->command_count;
        engine->queue_commands -= next->command_count;
        engine->queue = next->next;
        next->next = NULL;
        *end = next;
        end = &next->next;
        next = engine->queue;
    }
    if (engine->queue == NULL) {
        engine->queue_end = &engine->queue;
    }
}

/* The oldest group to be run again, once the store has given back all that were built on it.
 * *is_clear: none has failed. With the lock held. */
static struct group *writer_find_failed(struct engine *engine, bool *is_clear)
{
    struct group *failed = NULL;
    *is_clear = true;
    for (unsigned i = 0; i < engine->ring_count; i++) {
        struct group *group = ring_at(engine, i);
        if (group->is_ended && group->outcome.end == GROUP_STOPPED) {
            *is_clear = false;
            return NULL;
        }
        bool is_failed = group->is_ended && group->outcome.end == GROUP_RETRY;
        *is_clear = *is_clear && !is_failed && !group->is_doomed;
        if (failed != NULL && !group->is_ended) {
            return NULL;
        }
        if (is_failed && failed == NULL) {
            failed = group;
        }
    }
    return failed;
}

/* Nothing is under way any more. With the lock held, as the next two. */
static bool writer_is_idle(const struct engine *engine)
{
    return engine->queue == NULL && engine->ring_count == 0 && !engine->is_settling;
}

/* All groups are over, and the newest one's leaves are not stored. */
static bool writer_is_last_due(const struct engine *engine)
{
    return engine->owes_frontier && writer_is_idle(engine) && !engine->is_stopped &&
           engine->tip.stored_leaves < engine->tip.entries;
}

/* The newest state that is known, durable or not. With the lock held, as the next. */
static void writer_ground(const struct engine *engine, struct group *group)
{
    group->ground = engine->tip;
    group->before = engine->tip;
}

/* The group to be run now, upon what the one before it leaves; NULL: none. */
static struct group *writer_next(struct engine *engine)
{
    bool is_clear = true;
    struct group *group = writer_find_failed(engine, &is_clear);
    const bool is_last = writer_is_last_due(engine);
    const bool is_wanted = engine->queue != NULL || is_last;
    if (is_clear && is_wanted && engine->ring_count < engine->ring_size) {
        engine->owes_frontier = engine->owes_frontier && !is_last;
        group = ring_at(engine, engine->ring_count++);
        group->requests = NULL;
        group->attempts = 0;
        writer_take(engine, group);
    }
    if (group != NULL) {
        writer_ground(engine, group);
        group->is_ended = false;
        group->is_doomed = false;
        group->is_hashed = false;
        group->is_published = false;
    }
    return group;
}

/* Behind the commit: nobody waits for it. */
static void writer_hash(struct engine *engine, struct group *group)
{
    log_tree_append(&engine->tree, group->packed, group->entry_count, &group->after.frontier);
    pthread_mutex_lock(&engine->lock);
    group->is_hashed = true;
    if (!group->is_doomed && (!group->is_ended || group->outcome.end == GROUP_DURABLE)) {
        engine->tip = group->after;
    }
    if (group->is_published) {
        engine->frontier = group->after.frontier;
    }
    pthread_mutex_unlock(&engine->lock);
}

/*
 * A group that was doomed before it was begun reads a state that is not the one it was to be built
 * upon, and the store does not know; of one doomed later, it does. *stored: leaves of the durable
 * frontier.
 */
static bool writer_may_go_on(struct engine *engine, const struct group *group, uint64_t *stored)
{
    pthread_mutex_lock(&engine->lock);
    bool may_go_on = !engine->is_stopped && !group->is_doomed;
    *stored = engine->durable_leaves;
    pthread_mutex_unlock(&engine->lock);
    return may_go_on;
}

/* What came while other servers had their turn goes with the group that waited for its own, but not
 * with one whose attempts may have got through: of that no refusal says that nothing was recorded.
 */
static void writer_take_along(struct engine *engine, struct group *group)
{
    if (!engine->is_shared) {
        return;
    }
    pthread_mutex_lock(&engine->lock);
    if (group->attempts == 0) {
        writer_take(engine, group);
    }
    pthread_mutex_unlock(&engine->lock);
}

/* If others wrote much, that is followed and published first, which keeps nobody else waiting. */
static enum lb_result writer_begin(struct engine *engine, struct group *group)
{
    enum lb_result result = group_begin(group);
    while (result == LB_TRY_LATER && engine->is_shared) {
        result = others_look(engine);
        if (result == LB_OK) {
            pthread_mutex_lock(&engine->lock);
            writer_ground(engine, group);
            pthread_mutex_unlock(&engine->lock);
            result = group_begin(group);
        }
    }
    return result;
}

static void writer_run(struct engine *engine, struct group *group)
{
    uint64_t stored = 0;
    struct group_outcome outcome;
    enum lb_result result = writer_begin(engine, group);
    if (result != LB_OK) {
        ring_end(engine, group, group_outcome_of(result));
        return;
    }
    if (!writer_may_go_on(engine, group, &stored)) {
        engine->ports.store->ops->group_abort(group->store_group);
        ring_end(engine, group, (struct group_outcome){GROUP_RETRY, LB_STORAGE_CONFLICT});
        return;
    }
    writer_take_along(engine, group);
    log_tree_forget(&engine->tree, stored);
    if (!group_attempt(group, &engine->tree, &outcome)) {
        ring_end(engine, group, outcome);
        return;
    }
    ring_commit(engine, group);
    writer_hash(engine, group);
}

bool writer_step(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    struct group *group = writer_next(engine);
    pthread_mutex_unlock(&engine->lock);
    if (group != NULL) {
        writer_run(engine, group);
    }
    return group != NULL;
}

static bool writer_may_end(const struct engine *engine)
{
    return engine->is_closing && writer_is_idle(engine) && !writer_is_last_due(engine);
}

/* With the lock held, as the next two. */
static bool writer_may_look(const struct engine *engine)
{
    return engine->is_shared && !engine->is_closing && !engine->is_stopped &&
           writer_is_idle(engine);
}

/* false: the time has come before somebody woke the writer. */
static bool writer_wait_until(struct engine *engine, int64_t ns)
{
    struct timespec time = {.tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S};
    return pthread_cond_timedwait(&engine->writer_wakes, &engine->lock, &time) == 0;
}

static int64_t writer_next_look(const struct engine *engine)
{
    return clock_system_monotonic_ns() + engine->config.look_ms * NS_PER_MS;
}

/* There is no group to run: waits, and looks what others wrote. */
static void writer_rest(struct engine *engine)
{
    if (!writer_may_look(engine)) {
        pthread_cond_wait(&engine->writer_wakes, &engine->lock);
    } else if (engine->is_look_due || !writer_wait_until(engine, engine->look_ns)) {
        engine->is_look_due = false;
        pthread_mutex_unlock(&engine->lock);
        (void)!others_look(engine); /* what there is to say is told */
        engine->look_ns = writer_next_look(engine);
        pthread_mutex_lock(&engine->lock);
    }
}

void *writer_main(void *context)
{
    struct engine *engine = context;
    (void)pthread_setname_np(pthread_self(), "writer");
    pthread_mutex_lock(&engine->lock);
    engine->look_ns = writer_next_look(engine);
    while (!writer_may_end(engine)) {
        struct group *group = writer_next(engine);
        if (group == NULL) {
            writer_rest(engine);
            continue;
        }
        pthread_mutex_unlock(&engine->lock);
        writer_run(engine, group);
        if (engine->is_shared) { /* its turn showed all there was */
            engine->look_ns = writer_next_look(engine);
        }
        pthread_mutex_lock(&engine->lock);
    }
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}
