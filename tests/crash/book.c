/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Opening a book, and requests on their way. See book.h. */
#include "book.h"

#include "base/assert.h"
#include "shim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_EAST_S     28800
#define DAY_MS          INT64_C(86400000)
#define ARENA_BYTES_MAX (UINT64_C(16) << 20)
#define MAP_BYTES       (UINT64_C(1) << 18) /* small, so that it grows while the book is used */
#define MAP_BYTES_MAX   (UINT64_C(1) << 28)
/* Refusals have a budget that fills up again in twenty seconds. */
#define SEND_MONOTONIC_MS 20000

/* ---- ports ---- */

static int64_t book_now_ms(void *context)
{
    (void)context;
    return HISTORY_TODAY * DAY_MS;
}

static int64_t book_monotonic_ms(void *context)
{
    return atomic_load(&((struct book *)context)->monotonic_ms);
}

static void book_log(void *context, struct bytes line)
{
    (void)context;
    if (getenv("LOVEBANK_TRACE") != NULL) {
        (void)fprintf(stderr, "%.*s", (int)line.size, (const char *)line.data);
    }
}

static void book_report(void *context, const char *message)
{
    (void)context;
    if (getenv("LOVEBANK_TRACE") != NULL) {
        (void)fprintf(stderr, "store: %s\n", message);
    }
}

static void book_is_stopped(void *context, enum lb_result why)
{
    struct book *book = context;
    (void)why;
    (void)pthread_mutex_lock(&book->lock);
    book->stops++;
    (void)pthread_mutex_unlock(&book->lock);
}

/* ---- life ---- */

/* Everything that happens seldom in a server happens often: segments end and are used again,
 * checkpoints come, the map grows. */
static void book_choose_options(struct store_journaled_options *options, const char *directory,
                                uint64_t seed)
{
    static const uint32_t segments[] = {8192, 16384, 65536, 1 << 20};
    static const uint64_t recent[] = {8192, 65536, 1 << 20};
    struct random_seeded random = {.state = seed};
    *options = store_journaled_options_default(directory);
    options->segment_bytes = segments[random_seeded_next(&random) % 4];
    options->recent_bytes_max = recent[random_seeded_next(&random) % 3];
    options->checkpoint_ms = 1 + (uint32_t)(random_seeded_next(&random) % 30);
    options->idle_ms = 1 + (uint32_t)(random_seeded_next(&random) % 10);
    options->lmdb.book = (struct id){{0x42}};
    options->lmdb.map_bytes = MAP_BYTES;
    options->lmdb.map_bytes_max = MAP_BYTES_MAX;
    options->lmdb.free_bytes_min = 0;
    options->lmdb.report = book_report;
}

struct book *book_new(const char *directory, const char *key_path, uint64_t seed)
{
    struct book *book = calloc(1, sizeof(*book));
    LB_ASSERT(book != NULL);
    book_choose_options(&book->options, directory, seed);
    book->clock = (struct clock){book_now_ms, book_monotonic_ms, book};
    book->log = (struct log){LOG_DEBUG, &book->clock, book_log, NULL};
    enum lb_result result = people_open(key_path, true, random_system(), &book->people);
    LB_ASSERT(result == LB_OK);
    LB_ASSERT(pthread_mutex_init(&book->lock, NULL) == 0);
    LB_ASSERT(pthread_cond_init(&book->changed, NULL) == 0);
    for (size_t i = 0; i < BOOK_FLIGHTS_MAX; i++) {
        book->flights[i].book = book;
        arena_init(&book->flights[i].arena, arena_memory_heap(), ARENA_BYTES_MAX);
    }
    return book;
}

void book_free(struct book *book)
{
    for (size_t i = 0; i < BOOK_FLIGHTS_MAX; i++) {
        arena_fini(&book->flights[i].arena);
    }
    people_close(book->people);
    (void)pthread_cond_destroy(&book->changed);
    (void)pthread_mutex_destroy(&book->lock);
    free(book);
}

enum lb_result book_open(struct book *book)
{
    const struct engine_config config = {.zone_east_s = ZONE_EAST_S,
                                         .queue_commands_max = 10000,
                                         .group_commands_max = 20,
                                         .work_queue_max = 4};
    enum lb_result result = store_journaled_open(&book->options, &book->store);
    if (result != LB_OK) {
        book->store = NULL;
        return result;
    }
    const struct engine_ports ports = {.store = book->store,
                                       .people = book->people,
                                       .clock = &book->clock,
                                       .log = &book->log,
                                       .stop = book_is_stopped,
                                       .stop_context = book};
    book->stops = 0;
    result = engine_open(&config, &ports, &book->engine);
    if (result != LB_OK) {
        book->engine = NULL;
        book->store->ops->close(book->store);
        book->store = NULL;
    }
    return result;
}

void book_close(struct book *book)
{
    book_wait(book, 0);
    engine_close(book->engine);
    book->store->ops->close(book->store);
    book->engine = NULL;
    book->store = NULL;
}

void book_complain(struct book *book, enum book_problem kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)pthread_mutex_lock(&book->lock);
    if (book->problem[0] == '\0') {
        book->kind = kind;
        (void)vsnprintf(book->problem, sizeof(book->problem), format, arguments);
    }
    (void)pthread_mutex_unlock(&book->lock);
    va_end(arguments);
}

/* ---- requests ---- */

static void flight_note_line(struct book_flight *flight, size_t line)
{
    const struct engine_result *result = &flight->write.results[line];
    struct history_answer *known = flight->answers[line];
    struct history_answer now;
    history_answer_of(result, &now);
    if (known->entry == 0) {
        *known = now;
        return;
    }
    if (now.digest != known->digest || !result->replayed) {
        book_complain(flight->book, BOOK_WRONG,
                      "request %llu, line %zu: the first answer was %s with entry %llu, "
                      "and now it is %s with entry %llu%s",
                      (unsigned long long)flight->request->number, line,
                      lb_result_name((int)known->code), (unsigned long long)known->entry,
                      lb_result_name((int)now.code), (unsigned long long)now.entry,
                      result->replayed ? ", otherwise" : ", done again");
    }
}

/* All of a batch was there before, or nothing of it. */
static void flight_check_whole(struct book_flight *flight)
{
    const struct engine_write *write = &flight->write;
    for (size_t line = 1; write->all_or_nothing && line < write->command_count; line++) {
        if (write->results[line].replayed != write->results[0].replayed) {
            book_complain(flight->book, BOOK_WRONG,
                          "request %llu, all or nothing, was there in part",
                          (unsigned long long)flight->request->number);
        }
    }
}

/* On a thread of the engine or the store. The position is taken before anybody hears of it. */
static void flight_is_over(struct engine_write *write)
{
    struct book_flight *flight = write->context;
    struct book *book = flight->book;
    uint64_t position = shim_position();
    enum lb_result code = write->verdict.code;
    if (code == LB_OK) {
        flight_check_whole(flight);
        for (size_t line = 0; line < write->command_count; line++) {
            flight_note_line(flight, line);
        }
        if (atomic_load(&flight->request->answered_at) == HISTORY_NEVER) {
            atomic_store(&flight->request->answered_at, position);
        }
    }
    (void)pthread_mutex_lock(&book->lock);
    book->answered += code == LB_OK;
    book->answered_after_stop += code == LB_OK && book->stops > 0;
    bool is_fault = lb_result_class((int)code) == LB_CLASS_FAULT;
    book->full += code == LB_STORAGE_FULL;
    book->stopped += is_fault && code != LB_STORAGE_FULL;
    book->refused += code != LB_OK && code != LB_STORAGE_FULL && !is_fault;
    flight->is_flying = false;
    book->flying--;
    (void)pthread_cond_broadcast(&book->changed);
    (void)pthread_mutex_unlock(&book->lock);
}

void book_wait(struct book *book, unsigned flying_max)
{
    (void)pthread_mutex_lock(&book->lock);
    while (book->flying > flying_max) {
        (void)pthread_cond_wait(&book->changed, &book->lock);
    }
    (void)pthread_mutex_unlock(&book->lock);
}

static struct book_flight *flight_take(struct book *book)
{
    struct book_flight *flight = NULL;
    book_wait(book, BOOK_FLIGHTS_MAX - 1);
    (void)pthread_mutex_lock(&book->lock);
    for (size_t i = 0; i < BOOK_FLIGHTS_MAX && flight == NULL; i++) {
        flight = book->flights[i].is_flying ? NULL : &book->flights[i];
    }
    LB_ASSERT(flight != NULL);
    flight->is_flying = true;
    book->flying++;
    (void)pthread_mutex_unlock(&book->lock);
    return flight;
}

/* Of an answered request what was not recorded is left out: it might be done now. */
static size_t flight_fill(struct book_flight *flight, struct history_request *request)
{
    bool is_answered = atomic_load(&request->answered_at) != HISTORY_NEVER;
    size_t count = 0;
    bool has_entry = false;
    for (size_t line = 0; line < request->count; line++) {
        has_entry = has_entry || request->answers[line].entry != 0;
        if (!is_answered || request->is_whole || request->answers[line].entry != 0) {
            flight->commands[count] = request->commands[line];
            flight->answers[count++] = &request->answers[line];
        }
    }
    return is_answered && !has_entry ? 0 : count;
}

void book_send(struct book *book, struct history_request *request)
{
    struct book_flight *flight = flight_take(book);
    size_t count = flight_fill(flight, request);
    if (count == 0) {
        (void)pthread_mutex_lock(&book->lock);
        flight->is_flying = false;
        book->flying--;
        (void)pthread_mutex_unlock(&book->lock);
        return;
    }
    if (request->sent_at == HISTORY_NEVER) {
        request->sent_at = shim_position();
    }
    atomic_fetch_add(&book->monotonic_ms, SEND_MONOTONIC_MS);
    arena_reset(&flight->arena);
    flight->request = request;
    flight->write = (struct engine_write){.commands = flight->commands,
                                          .command_count = count,
                                          .all_or_nothing = request->is_whole,
                                          .batch_id = request->batch_id,
                                          .actor = {.peer = 1001, .is_trusted = true},
                                          .arena = &flight->arena,
                                          .done = flight_is_over,
                                          .context = flight};
    if (!request->is_whole) {
        memset(&flight->write.batch_id, 0, sizeof(flight->write.batch_id));
    }
    enum lb_result result = engine_write_submit(book->engine, &flight->write);
    if (result != LB_OK) { /* the engine has stopped, or is busy */
        flight->write.verdict.code = result;
        flight_is_over(&flight->write);
    }
}

/* ---- between two crashes ---- */

bool book_has_stopped(struct book *book)
{
    (void)pthread_mutex_lock(&book->lock);
    bool has_stopped = book->stops > 0 || book->engine == NULL;
    (void)pthread_mutex_unlock(&book->lock);
    return has_stopped;
}

void book_restart(struct book *book)
{
    book_close(book);
    enum lb_result result = book_open(book);
    if (result != LB_OK && !shim_fault_was_met()) {
        book_complain(book, BOOK_FAULT, "it does not open after a restart: %s",
                      lb_result_name((int)result));
    }
}

void book_checkpoint(struct book *book)
{
    if (book->store->ops->checkpoint == NULL) {
        return;
    }
    enum lb_result result = book->store->ops->checkpoint(book->store);
    if (result != LB_OK && !shim_fault_was_met()) {
        book_complain(book, BOOK_FAULT, "a checkpoint fails: %s", lb_result_name((int)result));
    }
}

void book_live(struct book *book, struct history *history, struct random_seeded *random,
               size_t requests)
{
    for (size_t i = 0; i < history->count; i++) {
        if (atomic_load(&history->requests[i].answered_at) == HISTORY_NEVER) {
            book_send(book, &history->requests[i]);
        }
    }
    unsigned flying_max = 0;
    for (size_t i = 0; i < requests && !book_has_stopped(book); i++) {
        struct history_request *request = history_make(history);
        if (request == NULL) {
            break;
        }
        book_send(book, request);
        uint64_t chance = random_seeded_next(random) % 100;
        if (chance < 10) {
            flying_max = (unsigned)(random_seeded_next(random) % BOOK_FLIGHTS_MAX);
        } else if (chance < 12) {
            book_restart(book);
        } else if (chance < 16) {
            book_checkpoint(book);
        }
        if (!book_has_stopped(book)) {
            book_wait(book, flying_max);
        }
    }
    book_wait(book, 0);
}
