/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Servers that write one book: an engine each over a store of its own in front of one log in
 * memory. Unless a test wants their threads they are stepped: everything happens on the test's
 * thread, in the order in which it is written. Each has a key file of its own; all begin with the
 * same key.
 */
#ifndef TESTS_UNIT_ENGINE_SHARED_FIXTURE_H
#define TESTS_UNIT_ENGINE_SHARED_FIXTURE_H

#include "../store/shared_log_memory.h"
#include "rows_fixture.h"
#include "store/shared.h"

#include <ftw.h>
#include <string.h>

#define SHARED_SERVERS 2
#define SHARED_STEPS   100 /* more than anything takes */
#define SHARED_IDS     UINT64_C(1000000)

struct shared_server {
    struct book *book;
    char directory[64];
    unsigned unreached; /* lines of its log that say so */
    unsigned reached;
};

struct shared {
    struct shared_log_memory *memory;
    bool is_threaded;
    struct shared_server servers[SHARED_SERVERS];
};

static inline void shared_log_line(void *context, struct bytes line)
{
    struct shared_server *server = context;
    char text[512];
    snprintf(text, sizeof(text), "%.*s", (int)line.size, (const char *)line.data);
    server->unreached += strstr(text, "store_not_reached") != NULL;
    server->reached += strstr(text, "store_reached") != NULL;
}

/* ---- opening ---- */

static inline void shared_store_open(struct shared *shared, struct shared_server *server)
{
    struct store_journaled_options options = store_journaled_options_default(server->directory);
    options.lmdb.book = (struct id){{1, 2, 3}};
    options.lmdb.map_bytes = 64u << 20;
    options.checkpoint_ms = 3600000;
    options.idle_ms = 3600000;
    struct shared_log *log = shared_log_memory_connect(shared->memory);
    assert_int_equal(store_shared_open(&options, log, &server->book->store), LB_OK);
}

/* The keys of one server go to another, as an operator copies the file; it does not look yet. */
static inline void shared_copy_keys(const struct book *from, const struct book *to)
{
    char text[4096];
    FILE *file = fopen(from->key_path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof(text), file);
    fclose(file);
    file = fopen(to->key_path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    fclose(file);
}

static inline void shared_engine_open(struct shared_server *server)
{
    struct book *book = server->book;
    assert_int_equal(people_open(book->key_path, false, random_system(), &book->people), LB_OK);
    book_start(book);
    if (book->config.is_stepped) {
        assert_true(engine_step(book->engine)); /* the index of names */
    }
}

static inline void shared_server_open(struct shared *shared, unsigned number)
{
    static const struct store_mem_options options = {.is_async = false};
    struct shared_server *server = &shared->servers[number];
    struct book *book = book_new(&options);
    book_stop(book);
    book->store->ops->close(book->store);
    people_close(book->people);
    server->book = book;
    if (number > 0) {
        shared_copy_keys(shared->servers[0].book, book);
    }
    snprintf(server->directory, sizeof(server->directory), "/tmp/lovebank-shared-XXXXXX");
    assert_non_null(mkdtemp(server->directory));
    book->log.sink = shared_log_line;
    book->log.context = server;
    book->config.is_stepped = !shared->is_threaded;
    book->next_id = 1 + SHARED_IDS * number;
    shared_store_open(shared, server);
    shared_engine_open(server);
}

/* The server ends, and begins again with what it has. */
static inline void shared_server_restart(struct shared *shared, unsigned number)
{
    struct shared_server *server = &shared->servers[number];
    struct book *book = server->book;
    book_stop(book);
    book->store->ops->close(book->store);
    people_close(book->people);
    shared_store_open(shared, server);
    shared_engine_open(server);
}

static inline int shared_remove(const char *path, const struct stat *about, int kind,
                                struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int shared_set_up(void **state)
{
    struct shared *shared = calloc(1, sizeof(*shared));
    assert_non_null(shared);
    shared->memory = shared_log_memory_new();
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        shared_server_open(shared, i);
    }
    *state = shared;
    return 0;
}

static inline int shared_tear_down(void **state)
{
    struct shared *shared = *state;
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        book_free(shared->servers[i].book);
        (void)nftw(shared->servers[i].directory, shared_remove, 8, FTW_DEPTH | FTW_PHYS);
    }
    shared_log_memory_free(shared->memory);
    free(shared);
    return 0;
}

/* ---- acts ---- */

/* Until it is answered; the engine may have more to do after that. */
static inline void shared_run(struct request *request)
{
    request_submit(request);
    for (int i = 0; i < SHARED_STEPS && request->done == 0; i++) {
        assert_true(engine_step(request->book->engine));
    }
    assert_int_equal(request->done, 1);
}

static inline void shared_settle(struct book *book)
{
    int steps = 0;
    while (engine_step(book->engine)) {
        assert_true(++steps < SHARED_STEPS);
    }
}

struct shared_answer {
    enum lb_result whole; /* of the request */
    struct engine_result result;
};

static inline struct shared_answer shared_try_by(struct book *book, struct actor actor,
                                                 const struct command *command)
{
    struct request request;
    request_init(&request, book, command, 1);
    request.write.actor = actor;
    shared_run(&request);
    struct shared_answer answer = {.whole = request.write.verdict.code};
    if (answer.whole == LB_OK) {
        answer.result = request.write.results[0];
        answer.result.lines = NULL;
    }
    request_fini(&request);
    return answer;
}

static inline struct shared_answer shared_try(struct book *book, struct command command)
{
    return shared_try_by(book, BOOK_TRUSTED, &command);
}

/* Its entry. */
static inline uint64_t shared_do(struct book *book, struct command command)
{
    const struct shared_answer answer = shared_try(book, command);
    assert_int_equal(answer.whole, LB_OK);
    assert_int_equal(answer.result.verdict.code, LB_OK);
    return answer.result.entry;
}

/* An org, a tariff and members 1 to 3: FURNISHED entries, which all have seen. */
#define FURNISHED 5
static inline int furnished_shared_set_up(void **state)
{
    (void)shared_set_up(state);
    struct shared *shared = *state;
    struct book *book = shared->servers[0].book;
    (void)shared_do(book, open_org(book));
    (void)shared_do(book, set_tariff(book));
    for (uint64_t member = 1; member <= 3; member++) {
        (void)shared_do(book, register_member(book, member, "张小明"));
    }
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        engine_look(shared->servers[i].book->engine);
    }
    return 0;
}

#define TEST_SHARED(name) \
    cmocka_unit_test_setup_teardown(name, furnished_shared_set_up, shared_tear_down)

/* ---- what they say ---- */

static inline struct engine_status shared_status(struct book *book)
{
    struct engine_status status;
    engine_status(book->engine, &status);
    return status;
}

/* Both, when they have looked, know the same book to its end, and verify finds nothing. */
static inline void assert_shared_agree(struct shared *shared)
{
    struct engine_status first;
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        struct book *book = shared->servers[i].book;
        engine_look(book->engine);
        const struct engine_status status = shared_status(book);
        first = i == 0 ? status : first;
        assert_int_equal(status.durable_entry, first.durable_entry);
        assert_int_equal(status.tree_size, status.durable_entry);
        assert_memory_equal(status.tree_root, first.tree_root, sizeof(first.tree_root));
        assert_verify_finds(book, "");
    }
}

#endif
