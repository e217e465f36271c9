/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The writer's thread: takes the queue as a group, runs it until it is durable or refused, then
 * publishes the new state and calls the requests' `done`, in this order.
 */
#include "engine_private.h"

#include "base/assert.h"

#define WRITER_ATTEMPTS_MAX 8 /* of one group, when the store keeps seeing conflicts */

/* Takes requests off the queue up to the group's size, the first one whatever its size. With the
 * lock held. */
static struct engine_write *writer_take(struct engine *engine)
{
    struct engine_write *first = engine->queue;
    uint64_t commands = 0;
    struct engine_write **end = &engine->queue;
    while (*end != NULL && (end == &engine->queue || commands + (*end)->command_count <=
                                                         engine->config.group_commands_max)) {
        commands += (*end)->command_count;
        end = &(*end)->next;
    }
    engine->queue = *end;
    if (engine->queue == NULL) {
        engine->queue_end = &engine->queue;
    }
    *end = NULL;
    engine->queue_commands -= commands;
    return first;
}

/* The group's state becomes the one that views and the next group see. */
static void writer_publish(struct engine *engine)
{
    const struct group *group = &engine->group;
    if (group->entry_count > 0) {
        names_publish(engine, group->entries, group->entry_count);
    }
    struct merkle_hash root;
    merkle_tree_root(group->entry_count > 0 ? &group->next.tree : &engine->state.tree, &root);
    pthread_mutex_lock(&engine->lock);
    engine->groups++;
    if (group->entry_count > 0) {
        engine->state = group->next;
        engine->root = root;
        engine->entries_written += group->entry_count;
        engine->is_read_only = false;
        pthread_cond_broadcast(&engine->is_published);
    }
    pthread_mutex_unlock(&engine->lock);
}

static void writer_refuse(struct engine *engine, struct engine_write *requests, enum lb_result why)
{
    for (struct engine_write *each = requests; each != NULL; each = each->next) {
        each->verdict = (struct verdict){.code = why, .text = ""};
        each->results = NULL;
    }
    log_warn(engine->ports.log, "group_refused", log_text("why", lb_result_name((int)why)));
    if (why == LB_STORAGE_FULL) { /* until a group finds space again: each one tries */
        pthread_mutex_lock(&engine->lock);
        engine->is_read_only = true;
        pthread_mutex_unlock(&engine->lock);
    }
}

/* From here on nothing is acknowledged: what the store holds is known after the next start. */
static void writer_stop(struct engine *engine, struct engine_write *requests, enum lb_result why)
{
    for (struct engine_write *each = requests; each != NULL; each = each->next) {
        each->verdict = (struct verdict){.code = LB_STORAGE_FAULT, .text = ""};
        each->results = NULL;
    }
    pthread_mutex_lock(&engine->lock);
    bool is_first = !engine->is_stopped;
    engine->is_stopped = true;
    pthread_cond_broadcast(&engine->is_published);
    pthread_mutex_unlock(&engine->lock);
    if (is_first) {
        log_error(engine->ports.log, "engine_stopped", log_text("why", lb_result_name((int)why)));
        engine->ports.stop(engine->ports.stop_context, why);
    }
}

static void writer_run(struct engine *engine, struct engine_write *requests)
{
    struct group_outcome outcome = {GROUP_RETRY, LB_OK};
    for (int i = 0; i < WRITER_ATTEMPTS_MAX && outcome.end == GROUP_RETRY; i++) {
        outcome = group_attempt(&engine->group, &engine->state, requests);
    }
    switch (outcome.end) {
    case GROUP_DURABLE:
        writer_publish(engine);
        break;
    case GROUP_RETRY:
        writer_refuse(engine, requests, LB_STORAGE_CONFLICT);
        break;
    case GROUP_REFUSED:
        writer_refuse(engine, requests, outcome.why);
        break;
    case GROUP_STOPPED:
        writer_stop(engine, requests, outcome.why);
        break;
    }
}

void *writer_main(void *context)
{
    struct engine *engine = context;
    for (;;) {
        pthread_mutex_lock(&engine->lock);
        while (engine->queue == NULL && !engine->is_closing) {
            pthread_cond_wait(&engine->writer_wakes, &engine->lock);
        }
        struct engine_write *requests = engine->queue == NULL ? NULL : writer_take(engine);
        bool is_stopped = engine->is_stopped;
        pthread_mutex_unlock(&engine->lock);
        if (requests == NULL) {
            return NULL;
        }
        if (is_stopped) {
            writer_stop(engine, requests, LB_STORAGE_FAULT);
        } else {
            writer_run(engine, requests);
        }
        while (requests != NULL) {
            struct engine_write *next = requests->next; /* `done` may free the request */
            requests->done(requests);
            requests = next;
        }
    }
}
