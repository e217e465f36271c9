/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The ring of groups under way. They end in any way, but leave in their order: each is published
 * and answered when all before it have been, by whatever thread brought the news. When one fails,
 * those behind it were built on nothing: they are marked to be run again by the writer.
 */
#include "engine_private.h"

#include "base/assert.h"
#include "base/test_point.h"

#include <stdlib.h>

#define RING_ATTEMPTS_MAX 8 /* of one group, when the store keeps seeing conflicts */

enum lb_result ring_init(struct engine *engine)
{
    unsigned size = engine->ports.store->ops->commits_max;
    LB_ASSERT(size > 0 && (size == 1 || !engine->is_shared)); /* see writer_take_along */
    engine->ring = calloc(size, sizeof(engine->ring[0]));
    if (engine->ring == NULL) {
        return LB_MEMORY;
    }
    while (engine->ring_size < size) {
        struct group *group = &engine->ring[engine->ring_size];
        enum lb_result result = group_init(group, &engine->ports, engine->config.zone_east_s);
        if (result != LB_OK) {
            ring_fini(engine);
            return result;
        }
        group->engine = engine;
        engine->ring_size++;
    }
    return LB_OK;
}

void ring_fini(struct engine *engine)
{
    while (engine->ring_size > 0) {
        group_fini(&engine->ring[--engine->ring_size]);
    }
    free(engine->ring);
    engine->ring = NULL;
}

struct group *ring_at(struct engine *engine, unsigned nth)
{
    return &engine->ring[(engine->ring_first + nth) % engine->ring_size];
}

/* ---- leaving the ring ---- */

/* The group's state becomes the one that views and status see. Called with the lock held, and lets
 * it go, as the next two. */
static void ring_publish(struct engine *engine, struct group *group)
{
    const struct others *others = &group->others;
    if (group->name_count > 0 || others->name_count > 0 || others->is_name_lost) {
        pthread_mutex_unlock(&engine->lock);
        others_publish_names(engine, others);
        names_publish(engine, group->names, group->name_count);
        pthread_mutex_lock(&engine->lock);
    }
    engine->groups++;
    if (group->is_committed) {
        engine->durable_entry = group->after.entries;
        engine->durable_ms = group->after.recorded_ms;
        engine->durable_leaves = group->after.stored_leaves;
        engine->entries_written += group->entry_count;
        engine->is_read_only = engine->is_read_only && !group_has_changes(group);
        group->is_published = true;
        if (group->is_hashed) {
            engine->frontier = group->after.frontier;
        }
        pthread_cond_broadcast(&engine->is_published);
    }
    pthread_mutex_unlock(&engine->lock);
    TEST_POINT(group_published);
    others_tell(engine, others);
    reseal_wake(engine);
}

static void ring_fill_answers(struct group *group, enum lb_result why)
{
    for (struct engine_write *each = group->requests; each != NULL; each = each->next) {
        each->verdict = (struct verdict){.code = why, .text = ""};
        each->results = NULL;
    }
}

static void ring_refuse(struct engine *engine, struct group *group, enum lb_result why)
{
    if (why == LB_STORAGE_FULL) { /* until a group finds space again: each one tries */
        engine->is_read_only = true;
    }
    pthread_mutex_unlock(&engine->lock);
    log_warn(engine->ports.log, "group_refused", log_text("why", lb_result_name((int)why)));
    ring_fill_answers(group, why);
}

/* From here on nothing is acknowledged: what the store holds is known after the next start. With
 * the lock held, which it lets go. */
static void ring_stop_all(struct engine *engine, enum lb_result why)
{
    bool is_first = !engine->is_stopped;
    engine->is_stopped = true;
    pthread_cond_broadcast(&engine->is_published);
    pthread_mutex_unlock(&engine->lock);
    if (is_first) {
        log_error(engine->ports.log, "engine_stopped", log_text("why", lb_result_name((int)why)));
        engine->ports.stop(engine->ports.stop_context, why);
    }
}

static void ring_stop(struct engine *engine, struct group *group, enum lb_result why)
{
    ring_fill_answers(group, LB_STORAGE_FAULT);
    ring_stop_all(engine, why);
}

static void ring_answer(struct engine_write *requests)
{
    while (requests != NULL) {
        struct engine_write *next = requests->next; /* `done` may free the request */
        requests->done(requests);
        requests = next;
    }
    TEST_POINT(group_answered);
}

/* With the lock held, which it lets go in between. */
static void ring_settle_group(struct engine *engine, struct group *group)
{
    struct group_outcome outcome = group->outcome;
    if (engine->is_stopped) {
        outcome = (struct group_outcome){GROUP_STOPPED, LB_STORAGE_FAULT};
    }
    switch (outcome.end) {
    case GROUP_DURABLE:
        ring_publish(engine, group);
        break;
    case GROUP_REFUSED:
        ring_refuse(engine, group, outcome.why);
        break;
    case GROUP_RETRY: /* never: it stays until it was run again */
    case GROUP_STOPPED:
        ring_stop(engine, group, outcome.why);
        break;
    }
    ring_answer(group->requests);
    pthread_mutex_lock(&engine->lock);
}

/* The same. One thread at a time answers; what ends meanwhile it finds before it leaves. */
static void ring_settle(struct engine *engine)
{
    if (engine->is_settling) {
        return;
    }
    engine->is_settling = true;
    while (engine->ring_count > 0) {
        struct group *group = ring_at(engine, 0);
        bool is_over = group->is_ended && (group->outcome.end != GROUP_RETRY || engine->is_stopped);
        if (!is_over) {
            break;
        }
        ring_settle_group(engine, group);
        engine->ring_first = (engine->ring_first + 1) % engine->ring_size;
        engine->ring_count--;
        pthread_cond_signal(&engine->writer_wakes);
    }
    engine->is_settling = false;
    pthread_cond_signal(&engine->writer_wakes);
}

/* ---- ends ---- */

/* What was decided upon the failed group was decided upon nothing. */
static void ring_doom_behind(struct engine *engine, const struct group *failed)
{
    bool is_behind = false;
    for (unsigned i = 0; i < engine->ring_count; i++) {
        struct group *group = ring_at(engine, i);
        if (is_behind) {
            group->is_doomed = true;
            group->outcome = (struct group_outcome){GROUP_RETRY, LB_STORAGE_CONFLICT};
        }
        is_behind = is_behind || group == failed;
    }
}

/* With the lock held. */
static void ring_fail(struct engine *engine, struct group *group)
{
    struct group_outcome *outcome = &group->outcome;
    if (outcome->end == GROUP_RETRY && ++group->attempts >= RING_ATTEMPTS_MAX) {
        *outcome = (struct group_outcome){GROUP_REFUSED, LB_STORAGE_CONFLICT};
    }
    if (engine->is_shared && outcome->end == GROUP_REFUSED && group->attempts > 0) {
        outcome->why = LB_STORE_UNREACHABLE; /* an attempt before may have got through */
    }
    engine->tip = group->ground;
    if (outcome->end != GROUP_STOPPED) { /* then all end there, in their turn */
        ring_doom_behind(engine, group);
    }
}

void ring_end(struct engine *engine, struct group *group, struct group_outcome outcome)
{
    pthread_mutex_lock(&engine->lock);
    LB_ASSERT(!group->is_ended);
    group->is_ended = true;
    group->outcome = outcome;
    if (group->is_doomed) {
        /* An adapter that kept it would have a log with a gap. */
        LB_ASSERT(outcome.end != GROUP_DURABLE || group->entry_count == 0);
        group->outcome = (struct group_outcome){GROUP_RETRY, LB_STORAGE_CONFLICT};
    } else if (outcome.end != GROUP_DURABLE) {
        ring_fail(engine, group);
    }
    ring_settle(engine);
    pthread_mutex_unlock(&engine->lock);
}

void ring_halt(struct engine *engine, enum lb_result why)
{
    pthread_mutex_lock(&engine->lock);
    ring_stop_all(engine, why);
    pthread_mutex_lock(&engine->lock);
    ring_settle(engine);
    pthread_mutex_unlock(&engine->lock);
}

static struct group_outcome ring_outcome_of(enum store_outcome outcome, enum lb_result why)
{
    switch (outcome) {
    case STORE_COMMITTED:
        return (struct group_outcome){GROUP_DURABLE, LB_OK};
    case STORE_RETRY:
        return group_outcome_of(why);
    case STORE_UNKNOWN:
    case STORE_FATAL:
        return (struct group_outcome){GROUP_STOPPED, why};
    }
    return (struct group_outcome){GROUP_STOPPED, LB_INTERNAL};
}

static void ring_is_committed(enum store_outcome outcome, enum lb_result why, void *context)
{
    struct group *group = context;
    ring_end(group->engine, group, ring_outcome_of(outcome, why));
}

void ring_commit(struct engine *engine, struct group *group)
{
    engine->ports.store->ops->group_commit(group->store_group, ring_is_committed, group);
}
