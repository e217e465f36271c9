/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book for engine tests: memory store, key file, stepped clock, an engine that can be stopped
 * and started again; commands of a small street; requests that can be waited for.
 */
#ifndef TESTS_UNIT_ENGINE_FIXTURE_H
#define TESTS_UNIT_ENGINE_FIXTURE_H

#include "base/wire.h"
#include "engine/engine.h"
#include "people/people.h"
#include "store/mem.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define TODAY         17166 /* 2016-12-31 */
#define ZONE_EAST_S   28800
#define START_MS      (TODAY * INT64_C(86400000))
#define ORG           UINT64_C(990101001010)
#define CATEGORY      7
#define COUNTER       3
#define RICE          11
#define HELP          12
#define WRITE_BYTES   (UINT64_C(64) << 20)
#define BATCH_ID_BASE UINT64_C(1000000000)

struct book {
    struct store *store;
    struct people *people;
    char key_path[64];
    struct clock_stepper stepper;
    struct clock clock;
    struct log log;
    struct engine_config config;
    struct engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned stops;
    enum lb_result stopped_why;
    uint64_t next_id;
};

static inline void book_log_nothing(void *context, struct bytes line)
{
    (void)context;
    (void)line;
}

static inline void book_is_stopped(void *context, enum lb_result why)
{
    struct book *book = context;
    pthread_mutex_lock(&book->lock);
    book->stops++;
    book->stopped_why = why;
    pthread_cond_broadcast(&book->changed);
    pthread_mutex_unlock(&book->lock);
}

static inline enum lb_result book_try_start(struct book *book)
{
    const struct engine_ports ports = {
        .store = book->store,
        .people = book->people,
        .clock = &book->clock,
        .log = &book->log,
        .stop = book_is_stopped,
        .stop_context = book,
    };
    return engine_open(&book->config, &ports, &book->engine);
}

static inline void book_start(struct book *book)
{
    assert_int_equal(book_try_start(book), LB_OK);
}

static inline void book_stop(struct book *book)
{
    engine_close(book->engine);
    book->engine = NULL;
}

static inline struct book *book_new(const struct store_mem_options *options)
{
    struct book *book = calloc(1, sizeof(*book));
    assert_non_null(book);
    snprintf(book->key_path, sizeof(book->key_path), "/tmp/lovebank-engine-XXXXXX");
    int file = mkstemp(book->key_path);
    assert_true(file >= 0);
    close(file);
    unlink(book->key_path);
    assert_int_equal(people_open(book->key_path, true, random_system(), &book->people), LB_OK);
    assert_int_equal(store_mem_open(arena_memory_heap(), options, &book->store), LB_OK);
    book->stepper.now_ms = START_MS;
    book->clock = clock_of_stepper(&book->stepper);
    book->log = (struct log){LOG_DEBUG, &book->clock, book_log_nothing, NULL};
    book->config = (struct engine_config){.zone_east_s = ZONE_EAST_S,
                                          .queue_commands_max = 10000,
                                          .group_commands_max = 8190,
                                          .work_queue_max = 8};
    book->next_id = 1;
    pthread_mutex_init(&book->lock, NULL);
    pthread_cond_init(&book->changed, NULL);
    book_start(book);
    return book;
}

static inline void book_free(struct book *book)
{
    engine_close(book->engine);
    book->store->ops->close(book->store);
    people_close(book->people);
    unlink(book->key_path);
    pthread_cond_destroy(&book->changed);
    pthread_mutex_destroy(&book->lock);
    free(book);
}

static inline int book_set_up(void **state)
{
    const struct store_mem_options options = {.is_async = false};
    *state = book_new(&options);
    return 0;
}

static inline int book_tear_down(void **state)
{
    book_free(*state);
    return 0;
}

struct work_wait {
    struct book *book;
    bool is_done;
};

static inline void work_is_done(struct engine *engine, void *context)
{
    struct work_wait *wait = context;
    (void)engine;
    pthread_mutex_lock(&wait->book->lock);
    wait->is_done = true;
    pthread_cond_broadcast(&wait->book->changed);
    pthread_mutex_unlock(&wait->book->lock);
}

/* Until the work thread has done all that was submitted so far. */
static inline void book_wait_work(struct book *book)
{
    struct work_wait wait = {.book = book};
    assert_int_equal(engine_work_submit(book->engine, work_is_done, &wait), LB_OK);
    pthread_mutex_lock(&book->lock);
    while (!wait.is_done) {
        pthread_cond_wait(&book->changed, &book->lock);
    }
    pthread_mutex_unlock(&book->lock);
}

/* Who asks, unless a test says otherwise. */
#define BOOK_TRUSTED ((struct actor){.peer = 1001, .is_trusted = true})

/* ---- commands ---- */

static inline struct id id_of(uint64_t number)
{
    struct id id = {{0xee}};
    struct wire_writer writer = {.data = id.bytes + 8, .cap = 8};
    wire_put_u64(&writer, number);
    return id;
}

static inline struct command command_of(struct book *book, enum act_kind kind)
{
    return (struct command){.id = id_of(book->next_id++), .day = DAY_NONE, .kind = kind};
}

static inline struct command open_org(struct book *book)
{
    struct command command = command_of(book, ACT_ORG_OPEN);
    command.day = TODAY - 365;
    command.act.org_open =
        (struct act_org_open){.org = ORG, .kind = ORG_COMMUNITY, .name = BYTES_LITERAL("幸福社区")};
    return command;
}

static inline struct command set_tariff(struct book *book)
{
    struct command command = command_of(book, ACT_TARIFF_SET);
    command.day = TODAY - 365;
    command.act.tariff_set = (struct act_tariff_set){.category = CATEGORY,
                                                     .name = BYTES_LITERAL("家政"),
                                                     .points_per_hour_centi = 100,
                                                     .coefficient_permille = 1000,
                                                     .rounding_minutes = 30,
                                                     .expiry_kind = EXPIRY_YEAR_END,
                                                     .day_minutes_max = 480};
    return command;
}

static inline struct command register_member(struct book *book, uint64_t member, const char *name)
{
    struct command command = command_of(book, ACT_MEMBER_REGISTER);
    command.day = TODAY - 300;
    command.act.member_register = (struct act_member_register){
        .member = member,
        .org = ORG,
        .person = {.name = bytes_of_text(name), .birth_day = DAY_NONE}};
    return command;
}

static inline struct command rename_member(struct book *book, uint64_t member, const char *name)
{
    struct command command = command_of(book, ACT_MEMBER_UPDATE);
    command.act.member_update =
        (struct act_member_update){.member = member,
                                   .has_person = true,
                                   .person = {.name = bytes_of_text(name), .birth_day = DAY_NONE}};
    return command;
}

static inline struct command record_service(struct book *book, uint64_t member, uint32_t minutes,
                                            int32_t day)
{
    struct command command = command_of(book, ACT_SERVICE_RECORD);
    command.day = day;
    command.act.service_record = (struct act_service_record){
        .member = {.member = member}, .category = CATEGORY, .minutes = minutes, .start_minute = -1};
    return command;
}

/* Refused, and recorded: before the member joined. */
static inline struct command record_too_early(struct book *book, uint64_t member)
{
    return record_service(book, member, 60, TODAY - 301);
}

static inline struct command reverse_request(struct book *book, struct id request)
{
    struct command command = command_of(book, ACT_REVERSE);
    command.memo = BYTES_LITERAL("记错了");
    command.act.reverse = (struct entry_ref){.request = request};
    return command;
}

static inline struct command set_item(struct book *book, uint32_t item, enum item_kind kind)
{
    struct command command = command_of(book, ACT_ITEM_SET);
    command.day = TODAY - 365;
    command.act.item_set = (struct act_item_set){.item = item,
                                                 .kind = kind,
                                                 .name = BYTES_LITERAL("大米"),
                                                 .unit = BYTES_LITERAL("袋"),
                                                 .price_centi = 10};
    return command;
}

static inline struct command open_counter(struct book *book)
{
    struct command command = command_of(book, ACT_COUNTER_OPEN);
    command.day = TODAY - 300;
    command.act.counter_open = (struct act_counter_open){
        .counter = COUNTER, .org = ORG, .name = BYTES_LITERAL("爱心超市")};
    return command;
}

static inline struct command receive_stock(struct book *book)
{
    struct command command = command_of(book, ACT_STOCK_RECEIVE);
    command.act.stock_receive = (struct act_stock_receive){
        .counter = COUNTER,
        .lines = {{.item = RICE, .quantity = 100, .best_before_day = DAY_NONE}},
        .line_count = 1};
    return command;
}

static inline struct command open_import(struct book *book)
{
    struct command command = command_of(book, ACT_IMPORT_OPEN);
    command.memo = BYTES_LITERAL("签到表.csv");
    command.act.import_open = (struct act_import_open){.kind = BYTES_LITERAL("sheet"), .rows = 2};
    return command;
}

static inline struct command redeem(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_REDEEM);
    command.act.redeem = (struct act_redeem){.member = {.member = member},
                                             .counter = COUNTER,
                                             .lines = {{.item = RICE, .quantity = 1}},
                                             .line_count = 1};
    return command;
}

/* ---- requests ---- */

struct request {
    struct engine_write write;
    struct arena arena;
    struct book *book;
    unsigned done;
};

static inline void request_is_done(struct engine_write *write)
{
    struct request *request = write->context;
    pthread_mutex_lock(&request->book->lock);
    request->done++;
    pthread_cond_broadcast(&request->book->changed);
    pthread_mutex_unlock(&request->book->lock);
}

static inline void request_init(struct request *request, struct book *book,
                                const struct command *commands, size_t count)
{
    *request = (struct request){.book = book};
    arena_init(&request->arena, arena_memory_heap(), WRITE_BYTES);
    request->write = (struct engine_write){.commands = commands,
                                           .command_count = count,
                                           .actor = BOOK_TRUSTED,
                                           .arena = &request->arena,
                                           .done = request_is_done,
                                           .context = request};
}

static inline void request_fini(struct request *request)
{
    arena_fini(&request->arena);
}

static inline void request_submit(struct request *request)
{
    request->done = 0;
    assert_int_equal(engine_write_submit(request->book->engine, &request->write), LB_OK);
}

static inline void request_wait(struct request *request)
{
    pthread_mutex_lock(&request->book->lock);
    while (request->done == 0) {
        pthread_cond_wait(&request->book->changed, &request->book->lock);
    }
    pthread_mutex_unlock(&request->book->lock);
    assert_int_equal(request->done, 1);
}

static inline void request_do(struct request *request)
{
    request_submit(request);
    request_wait(request);
}

/* Each command by itself; all must be done. */
static inline void book_do(struct book *book, const struct command *commands, size_t count)
{
    struct request request;
    request_init(&request, book, commands, count);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(request.write.results[i].verdict.code, LB_OK);
    }
    request_fini(&request);
}

/* One command by that actor; its result without the lines. */
static inline struct engine_result book_try_by(struct book *book, struct actor actor,
                                               const struct command *command)
{
    struct request request;
    request_init(&request, book, command, 1);
    request.write.actor = actor;
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_OK);
    struct engine_result result = request.write.results[0];
    result.lines = NULL;
    request_fini(&request);
    return result;
}

static inline struct engine_result book_try(struct book *book, const struct command *command)
{
    return book_try_by(book, BOOK_TRUSTED, command);
}

static inline uint64_t book_head(struct book *book)
{
    struct engine_status status;
    engine_status(book->engine, &status);
    return status.durable_entry;
}

/* The status once the tree has caught up with the entries, which it does by itself. */
static inline struct engine_status book_status(struct book *book)
{
    struct engine_status status;
    do {
        engine_status(book->engine, &status);
        assert_true(status.tree_size <= status.durable_entry);
    } while (status.tree_size < status.durable_entry);
    return status;
}

/* An org, a tariff and members 1 to `members`. */
static inline void book_furnish(struct book *book, uint64_t members)
{
    const struct command settings[] = {open_org(book), set_tariff(book)};
    book_do(book, settings, 2);
    for (uint64_t member = 1; member <= members; member++) {
        struct command command = register_member(book, member, "张小明");
        book_do(book, &command, 1);
    }
}

static inline int furnished_set_up(void **state)
{
    (void)book_set_up(state);
    book_furnish(*state, 3);
    return 0;
}

#define TEST_WITH_BOOK(name) cmocka_unit_test_setup_teardown(name, furnished_set_up, book_tear_down)

#endif
