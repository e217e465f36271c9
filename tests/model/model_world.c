/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The world's life and its rounds: requests of every kind, faults of the store, reopening.
 */
#include "model_world.h"

#include "base/assert.h"
#include "store/journaled.h"
#include "store/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONE_EAST_S     28800
#define DAY_MS          INT64_C(86400000)
#define ARENA_BYTES_MAX (UINT64_C(16) << 20)
#define FIRST_TODAY     (GENERATE_FIRST_DAY + 200)
/* Refusals have a budget that fills up again in twenty seconds. */
#define ROUND_MONOTONIC_MS 20000

void world_fail(const struct world *world, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fprintf(stderr,
                  "model: seed %llu, step %llu, entry %zu: ", (unsigned long long)world->seed,
                  (unsigned long long)world->steps, world->ref.entry_count);
    (void)vfprintf(stderr, format, arguments);
    (void)fprintf(stderr, "\n");
    va_end(arguments);
    exit(EXIT_FAILURE);
}

/* ---- life ---- */

static int64_t world_now_ms(void *context)
{
    return atomic_load(&((struct world *)context)->now_ms);
}

static int64_t world_monotonic_ms(void *context)
{
    return atomic_load(&((struct world *)context)->monotonic_ms);
}

static void world_is_stopped(void *context, enum lb_result why)
{
    (void)why;
    atomic_store(&((struct world *)context)->is_stopped, true);
}

static void world_log(void *context, struct bytes line)
{
    (void)context;
    (void)line; /* the engine complains about the faults that are planned for it */
}

static void world_open_store(struct world *world)
{
    struct store_journaled_options journaled = store_journaled_options_default(world->directory);
    const struct store_mem_options memory = {.is_async = false};
    journaled.lmdb.book = generate_id(&world->generate);
    enum lb_result result = world->kind == WORLD_IN_LMDB
                                ? store_journaled_open(&journaled, &world->store)
                                : store_mem_open(arena_memory_heap(), &memory, &world->store);
    if (result != LB_OK) {
        world_fail(world, "the store does not open: %s", lb_result_name((int)result));
    }
}

static void world_open_engine(struct world *world)
{
    const struct engine_config config = {.zone_east_s = ZONE_EAST_S,
                                         .queue_commands_max = 10000,
                                         .group_commands_max = 40,
                                         .work_queue_max = 16};
    const struct engine_ports ports = {.store = world->store,
                                       .people = world->people,
                                       .clock = &world->clock,
                                       .log = &world->log,
                                       .stop = world_is_stopped,
                                       .stop_context = world};
    atomic_store(&world->is_stopped, false);
    enum lb_result result = engine_open(&config, &ports, &world->engine);
    if (result != LB_OK) {
        world_fail(world, "the engine does not open: %s", lb_result_name((int)result));
    }
}

void world_open(struct world *world, enum world_store kind, uint64_t seed, const char *directory)
{
    memset(world, 0, sizeof(*world));
    world->seed = seed;
    world->kind = kind;
    (void)snprintf(world->directory, sizeof(world->directory), "%s/book", directory);
    generate_init(&world->generate, seed);
    ref_init(&world->ref);
    pthread_mutex_init(&world->lock, NULL);
    pthread_cond_init(&world->changed, NULL);
    world->clock = (struct clock){world_now_ms, world_monotonic_ms, world};
    world->log = (struct log){LOG_ERROR, &world->clock, world_log, NULL};
    atomic_store(&world->now_ms, FIRST_TODAY * DAY_MS);
    for (size_t i = 0; i < WORLD_REQUESTS_MAX; i++) {
        arena_init(&world->requests[i].arena, arena_memory_heap(), ARENA_BYTES_MAX);
    }
    char key_path[PATH_MAX + 16];
    (void)snprintf(key_path, sizeof(key_path), "%s/epoch.key", directory);
    enum lb_result result = people_open(key_path, true, random_system(), &world->people);
    if (result != LB_OK) {
        world_fail(world, "no people: %s", lb_result_name((int)result));
    }
    world_open_store(world);
    world_open_engine(world);
}

void world_close(struct world *world)
{
    engine_close(world->engine);
    world->store->ops->close(world->store);
    people_close(world->people);
    for (size_t i = 0; i < WORLD_REQUESTS_MAX; i++) {
        arena_fini(&world->requests[i].arena);
    }
    ref_fini(&world->ref);
    pthread_cond_destroy(&world->changed);
    pthread_mutex_destroy(&world->lock);
}

void world_reopen(struct world *world)
{
    engine_close(world->engine);
    if (world->kind == WORLD_IN_LMDB) {
        world->store->ops->close(world->store);
        world_open_store(world);
    }
    world_open_engine(world);
}

/* ---- requests ---- */

/* Makes the next command and moves the reference on, so that later ones can point to it. */
static void request_add(struct world *world, struct world_request *request)
{
    struct ref_answer ignored;
    struct model_command *sent = &request->sent[request->count++];
    generate_next(&world->generate, &world->ref, sent);
    if (generate_chance(&world->generate, 1)) {
        sent->command.id = world->failed_batch.write.batch_id;
    }
    ref_run(&world->ref, sent, &ignored);
}

/* One of the two operators, or the server itself. */
static struct actor request_actor(struct generate *generate)
{
    if (generate_chance(generate, 40)) {
        return (struct actor){.principal = 1 + (uint32_t)generate_below(generate, 2)};
    }
    return (struct actor){.peer = (uint32_t)generate_below(generate, 3), .is_trusted = true};
}

static void request_make(struct world *world, struct world_request *request)
{
    struct generate *generate = &world->generate;
    bool is_whole = generate_chance(generate, 15);
    request->count = 0;
    request->entries_before = world->ref.entry_count;
    request->write = (struct engine_write){.all_or_nothing = is_whole,
                                           .dry_run = generate_chance(generate, 15),
                                           .actor = request_actor(generate)};
    world->ref.principal = request->write.actor.principal;
    if (is_whole && world->failed_batch.count > 0 && generate_chance(generate, 25)) {
        request->write.batch_id = world->failed_batch.write.batch_id;
        request->count = world->failed_batch.count;
        memcpy(request->sent, world->failed_batch.sent, sizeof(request->sent));
        if (generate_chance(generate, 25)) {
            generate_change_day(&request->sent[generate_below(generate, request->count)]);
        }
        return;
    }
    size_t count = 1 + generate_below(generate, is_whole ? 5 : WORLD_COMMANDS_MAX);
    for (size_t i = 0; i < count; i++) {
        request_add(world, request);
    }
    ref_forget(&world->ref, request->entries_before);
    if (is_whole) {
        request->write.batch_id =
            generate_chance(generate, 2) ? request->sent[0].command.id : generate_id(generate);
        memcpy(world->failed_batch.sent, request->sent, sizeof(request->sent));
        world->failed_batch.count = count;
        world->failed_batch.write.batch_id = request->write.batch_id;
    }
}

/* The beginning of the world, in one request. */
static void request_make_beginning(struct world *world, struct world_request *request)
{
    request->count = 0;
    request->write = (struct engine_write){.actor = {.is_trusted = true}};
    while (generate_beginning(&world->generate, request->count, &request->sent[request->count])) {
        request->count++;
    }
}

/* Under the batch's id stands its refusal, under the others the commands. */
static bool has_own_batch_id(const struct world_request *request)
{
    const struct id *id = &request->write.batch_id;
    bool is_own = !id_is_zero(id);
    for (size_t i = 0; i < request->count; i++) {
        is_own = is_own && !id_equal(id, &request->sent[i].command.id);
    }
    return is_own;
}

void world_expect(struct world *world, struct world_request *request)
{
    struct ref *ref = &world->ref;
    ref->principal = request->write.actor.principal;
    request->entries_before = ref->entry_count;
    request->verdict = (struct ref_answer){.code = LB_OK};
    if (request->write.all_or_nothing && !has_own_batch_id(request)) {
        request->verdict.code = LB_FIELD_MISSING;
    } else if (request->write.all_or_nothing) {
        request->verdict = ref_run_batch(ref, &request->write.batch_id, request->sent,
                                         request->count, request->answers);
    } else {
        for (size_t i = 0; i < request->count; i++) {
            ref_run(ref, &request->sent[i], &request->answers[i]);
        }
    }
    if (request->write.dry_run) {
        ref_forget(ref, request->entries_before);
        for (size_t i = 0; i < request->count; i++) { /* numbers of entries that are not made */
            if (request->answers[i].entry > ref->entry_count) {
                request->answers[i].entry = 0;
            }
        }
    }
}

static void request_is_done(struct engine_write *write)
{
    struct world *world = write->context;
    pthread_mutex_lock(&world->lock);
    world->waiting_for--;
    pthread_cond_signal(&world->changed);
    pthread_mutex_unlock(&world->lock);
}

static void world_send(struct world *world, size_t count)
{
    pthread_mutex_lock(&world->lock);
    world->waiting_for = count;
    pthread_mutex_unlock(&world->lock);
    for (size_t i = 0; i < count; i++) {
        struct world_request *request = &world->requests[i];
        arena_reset(&request->arena);
        for (size_t line = 0; line < request->count; line++) {
            request->commands[line] = request->sent[line].command;
        }
        request->write.commands = request->commands;
        request->write.command_count = request->count;
        request->write.arena = &request->arena;
        request->write.done = request_is_done;
        request->write.context = world;
        request->write.results = NULL;
        enum lb_result result = engine_write_submit(world->engine, &request->write);
        if (result != LB_OK) {
            world_fail(world, "not taken: %s", lb_result_name((int)result));
        }
    }
    pthread_mutex_lock(&world->lock);
    while (world->waiting_for > 0) {
        pthread_cond_wait(&world->changed, &world->lock);
    }
    pthread_mutex_unlock(&world->lock);
}

/* ---- faults ---- */

static void plan_fault(struct world *world, struct store_mem_fault *fault)
{
    static const struct store_mem_fault faults[] = {
        {STORE_MEM_COMMIT, 0, LB_STORAGE_CONFLICT, STORE_RETRY, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FULL, STORE_RETRY, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FAULT, STORE_UNKNOWN, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FAULT, STORE_UNKNOWN, true},
        {STORE_MEM_PUT, 0, LB_STORAGE_FULL, STORE_COMMITTED, false},
        {STORE_MEM_PUT, 0, LB_STORAGE_FAULT, STORE_COMMITTED, false},
        {STORE_MEM_BEGIN, 0, LB_MEMORY, STORE_COMMITTED, false},
    };
    *fault = faults[generate_below(&world->generate, sizeof(faults) / sizeof(faults[0]))];
    if (fault->call == STORE_MEM_PUT) {
        fault->nth = generate_below(&world->generate, 40);
    }
    store_mem_plan_fault(world->store, fault);
}

/* What a fault may do to a request: nothing that shows, or all of it comes to nothing and the same
 * request is sent again; after a fault that stops the engine, to a new one. */
static void world_round_with_fault(struct world *world)
{
    struct world_request *request = &world->requests[0];
    struct store_mem_fault fault;
    request_make(world, request);
    world_expect(world, request);
    plan_fault(world, &fault);
    world_send(world, 1);
    bool was_met = store_mem_fault_was_met(world->store);
    store_mem_plan_fault(world->store, NULL);
    enum lb_result code = request->write.verdict.code;
    bool is_hidden = fault.call == STORE_MEM_COMMIT && fault.result == LB_STORAGE_CONFLICT;
    if (!was_met || is_hidden) {
        world_compare_request(world, request);
        return;
    }
    world->faults++;
    bool stops = fault.result == LB_STORAGE_FAULT;
    if (code != fault.result || atomic_load(&world->is_stopped) != stops) {
        world_fail(world, "a fault (%s) was answered with %s", lb_result_name((int)fault.result),
                   lb_result_name((int)code));
    }
    if (!fault.is_applied) {
        ref_forget(&world->ref, request->entries_before);
    }
    if (stops) {
        world_reopen(world);
    }
    world_expect(world, request);
    world_send(world, 1);
    world_compare_request(world, request);
}

/* ---- rounds ---- */

/* Days pass; sometimes the wall clock jumps back, but never the book's time before its newest
 * entry. */
static void world_step_clock(struct world *world)
{
    struct generate *generate = &world->generate;
    int64_t step_ms = (int64_t)generate_below(generate, 8 * DAY_MS);
    if (generate_chance(generate, 5)) {
        step_ms = -step_ms;
    }
    int64_t now_ms = atomic_load(&world->now_ms) + step_ms;
    atomic_store(&world->now_ms, now_ms);
    atomic_fetch_add(&world->monotonic_ms, ROUND_MONOTONIC_MS);
    if (world->ref.entry_count > world->entries_seen) {
        world->entries_seen = world->ref.entry_count;
        world->head_ms = world->book_ms;
    }
    world->book_ms = now_ms > world->head_ms ? now_ms : world->head_ms;
    world->ref.now_ms = world->book_ms;
    world->ref.today_day = (int32_t)((world->book_ms + ZONE_EAST_S * INT64_C(1000)) / DAY_MS);
}

void world_round(struct world *world)
{
    struct generate *generate = &world->generate;
    size_t count = 1;
    world_step_clock(world);
    if (world->steps == 0) {
        request_make_beginning(world, &world->requests[0]);
        world_expect(world, &world->requests[0]);
    } else if (world->kind == WORLD_IN_MEMORY && generate_chance(generate, 15)) {
        world_round_with_fault(world);
        return;
    } else {
        count += generate_below(generate, WORLD_REQUESTS_MAX);
        for (size_t i = 0; i < count; i++) {
            request_make(world, &world->requests[i]);
            world_expect(world, &world->requests[i]);
        }
    }
    world_send(world, count);
    for (size_t i = 0; i < count; i++) {
        world_compare_request(world, &world->requests[i]);
    }
    for (size_t i = 0; i < count; i++) {
        world_compare_touched(world, &world->requests[i]);
    }
    if (generate_chance(generate, 1)) {
        world_reopen(world);
    }
}
