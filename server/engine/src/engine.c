/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The engine's life: opening, submitting, status, closing. Threading: see engine/engine.h.
 */
#include "engine_private.h"

#include "base/assert.h"
#include "base/date.h"
#include "snapshot_views.h"
#include "tree_rows.h"

#include <stdlib.h>
#include <time.h>

static void engine_locks_init(struct engine *engine)
{
    pthread_condattr_t attributes;
    int failed = pthread_condattr_init(&attributes) |
                 pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) |
                 pthread_mutex_init(&engine->lock, NULL) |
                 pthread_mutex_init(&engine->names_lock, NULL) |
                 pthread_cond_init(&engine->writer_wakes, &attributes) |
                 pthread_cond_init(&engine->worker_wakes, NULL) |
                 pthread_cond_init(&engine->is_published, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fail with these attributes */
    (void)pthread_condattr_destroy(&attributes);
}

static void engine_free(struct engine *engine)
{
    ring_fini(engine);
    others_fini(&engine->others);
    log_tree_fini(&engine->tree);
    pthread_cond_destroy(&engine->is_published);
    pthread_cond_destroy(&engine->worker_wakes);
    pthread_cond_destroy(&engine->writer_wakes);
    pthread_mutex_destroy(&engine->names_lock);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

void engine_finish(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->is_closing = true;
    engine->owes_frontier = true;
    pthread_cond_signal(&engine->writer_wakes);
    pthread_mutex_unlock(&engine->lock);
}

/* The threads end when everything submitted is done. */
static void engine_close_writer(struct engine *engine)
{
    engine_finish(engine);
    pthread_join(engine->writer, NULL);
}

static void engine_close_worker(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->is_closing = true;
    pthread_cond_signal(&engine->worker_wakes);
    pthread_mutex_unlock(&engine->lock);
    pthread_join(engine->worker, NULL);
}

static enum lb_result engine_start_threads(struct engine *engine)
{
    if (engine->config.is_stepped) {
        return LB_OK;
    }
    if (pthread_create(&engine->writer, NULL, writer_main, engine) != 0) {
        return LB_MEMORY;
    }
    if (pthread_create(&engine->worker, NULL, work_main, engine) != 0) {
        engine_close_writer(engine);
        return LB_MEMORY;
    }
    return LB_OK;
}

enum lb_result engine_open(const struct engine_config *config, const struct engine_ports *ports,
                           struct engine **out)
{
    LB_ASSERT(config->group_commands_max > 0 && config->queue_commands_max > 0);
    struct engine *engine = calloc(1, sizeof(*engine));
    if (engine == NULL) {
        return LB_MEMORY;
    }
    engine->config = *config;
    if (config->look_ms == 0) {
        engine->config.look_ms = ENGINE_LOOK_MS;
    }
    engine->ports = *ports;
    engine->is_shared = ports->store->ops->is_shared;
    engine->queue_end = &engine->queue;
    engine->works_end = &engine->works;
    engine->started_ms = clock_now_ms(ports->clock);
    engine->is_index_due = true;
    engine_locks_init(engine);
    others_init(&engine->others);
    log_tree_init(&engine->tree);
    enum lb_result result =
        start_read_state(ports->store, ports->people, &engine->tree, &engine->tip);
    if (result == LB_OK) {
        engine->durable_entry = engine->tip.entries;
        engine->durable_ms = engine->tip.recorded_ms;
        engine->durable_leaves = engine->tip.stored_leaves;
        engine->frontier = engine->tip.frontier;
        result = ring_init(engine);
    }
    if (result == LB_OK) {
        result = engine_start_threads(engine);
    }
    if (result != LB_OK) {
        engine_free(engine);
        return result;
    }
    reseal_wake(engine);
    *out = engine;
    return LB_OK;
}

bool engine_step(struct engine *engine)
{
    LB_ASSERT(engine->config.is_stepped);
    return writer_step(engine) || work_step(engine);
}

void engine_look(struct engine *engine)
{
    LB_ASSERT(engine->config.is_stepped && engine->ring_count == 0);
    if (engine->is_shared && !engine->is_stopped) {
        (void)!others_look(engine); /* what there is to say is told */
    }
}

uint64_t engine_follow(struct engine *engine, engine_followed_fn *followed, void *context)
{
    pthread_mutex_lock(&engine->lock);
    engine->followed = followed;
    engine->followed_context = context;
    const uint64_t newest = engine->durable_entry;
    pthread_mutex_unlock(&engine->lock);
    return newest;
}

static void engine_close_stepped(struct engine *engine)
{
    engine->is_closing = true;
    while (engine_step(engine)) {
    }
    LB_ASSERT(engine->ring_count == 0); /* the caller's: to complete commits before it closes */
}

void engine_close(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    if (engine->config.is_stepped) {
        engine_close_stepped(engine);
    } else {
        engine_close_writer(engine);
        engine_close_worker(engine);
    }
    engine_free(engine);
}

enum lb_result engine_write_queue(struct engine *engine, struct engine_write *write)
{
    enum lb_result result = LB_OK;
    pthread_mutex_lock(&engine->lock);
    if (engine->is_closing || engine->is_stopped) {
        result = LB_SHUTTING_DOWN;
    } else if (engine->queue != NULL &&
               engine->queue_commands + write->command_count > engine->config.queue_commands_max) {
        result = LB_TRY_LATER;
    } else {
        write->next = NULL;
        *engine->queue_end = write;
        engine->queue_end = &write->next;
        engine->queue_commands += write->command_count;
    }
    pthread_mutex_unlock(&engine->lock);
    return result;
}

void engine_look_soon(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->is_look_due = true;
    pthread_mutex_unlock(&engine->lock);
    pthread_cond_signal(&engine->writer_wakes);
}

/* Without the lock, which the writer would have to wait for at once. */
void engine_write_wake(struct engine *engine)
{
    pthread_cond_signal(&engine->writer_wakes);
}

enum lb_result engine_write_submit(struct engine *engine, struct engine_write *write)
{
    enum lb_result result = engine_write_queue(engine, write);
    if (result == LB_OK) {
        engine_write_wake(engine);
    }
    return result;
}

void engine_status(struct engine *engine, struct engine_status *status)
{
    *status = (struct engine_status){
        .zone_east_s = engine->config.zone_east_s,
        .started_ms = engine->started_ms,
    };
    int64_t now_ms = clock_now_ms(engine->ports.clock);
    pthread_mutex_lock(&engine->lock);
    int64_t durable_ms = engine->durable_ms;
    struct merkle_frontier frontier = engine->frontier;
    status->durable_entry = engine->durable_entry;
    status->groups = engine->groups;
    status->entries_written = engine->entries_written;
    status->read_only = engine->is_read_only;
    pthread_mutex_unlock(&engine->lock);
    struct merkle_hasher hasher = tree_hasher();
    struct merkle_hash root;
    merkle_frontier_root(&frontier, &hasher, &root);
    status->tree_size = frontier.size;
    memcpy(status->tree_root, root.bytes, sizeof(status->tree_root));
    status->today_day =
        date_day_of_ms(now_ms > durable_ms ? now_ms : durable_ms, engine->config.zone_east_s);
    status->key_epoch = people_epoch(engine->ports.people);
    status->is_rotating = people_is_rotating(engine->ports.people);
    engine->ports.store->ops->stats(engine->ports.store, &status->store);
}

enum lb_result engine_backup(struct engine *engine, const struct store_backup *backup)
{
    struct store *store = engine->ports.store;
    return store->ops->backup == NULL ? LB_METHOD_UNKNOWN : store->ops->backup(store, backup);
}

enum lb_result engine_read_key(struct engine *engine, struct book_key *key)
{
    struct snapshot_views snapshot;
    enum lb_result result = snapshot_views_open(&snapshot, engine->ports.store);
    *key = (struct book_key){.epoch = 0};
    if (result == LB_OK) {
        result = book_key_read(snapshot_views_port(&snapshot), key);
        snapshot_views_close(&snapshot);
    }
    return result;
}

enum lb_result engine_check_key(struct engine *engine)
{
    struct book_key key;
    const enum lb_result result = engine_read_key(engine, &key);
    const bool is_here = book_key_is_here(&key, engine->ports.people);
    return result == LB_OK && !is_here ? LB_KEY_OUTDATED : result;
}

struct people *engine_people(struct engine *engine)
{
    return engine->ports.people;
}
