/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What drives the engine: steps on the caller's thread, in their order; threads, with a store that
 * completes its commits on one of its own.
 */
#include "stepped_fixture.h"

#include <sched.h>

/* ---- accepts: steps ---- */

static void note_work(struct engine *engine, void *context)
{
    unsigned *runs = context;
    (void)engine;
    ++*runs;
}

static void step_does_one_thing_and_says_when_there_was_none(void **state)
{
    struct book *book = *state;
    unsigned runs = 0;
    struct command command = record_service(book, 1, 60, TODAY);
    struct request request;
    assert_false(engine_step(book->engine));
    request_init(&request, book, &command, 1);
    assert_int_equal(engine_work_submit(book->engine, note_work, &runs), LB_OK);
    assert_int_equal(engine_work_submit(book->engine, note_work, &runs), LB_OK);
    request_submit(&request);
    assert_true(engine_step(book->engine)); /* the queue goes first */
    assert_int_equal(runs, 0);
    assert_true(engine_step(book->engine));
    assert_int_equal(runs, 1);
    assert_true(engine_step(book->engine));
    assert_int_equal(runs, 2);
    assert_false(engine_step(book->engine));
    complete(book);
    assert_entry(&request, FURNISHED + 1);
    request_fini(&request);
}

static void close_does_what_was_submitted(void **state)
{
    struct book *book = *state;
    unsigned runs = 0;
    struct command command = record_service(book, 1, 60, TODAY);
    struct request preview;
    request_init(&preview, book, &command, 1);
    preview.write.dry_run = true;
    assert_int_equal(engine_work_submit(book->engine, note_work, &runs), LB_OK);
    request_submit(&preview);
    book_stop(book);
    assert_int_equal(preview.done, 1);
    assert_int_equal(preview.write.results[0].verdict.code, LB_OK);
    assert_int_equal(runs, 1);
    book_start(book);
    assert_true(engine_step(book->engine)); /* the index of names, again */
    assert_false(engine_step(book->engine));
    request_fini(&preview);
}

/* How many members have that name. */
static size_t named(struct book *book, const char *name)
{
    const struct people_query query = {.text = bytes_of_text(name), .is_whole = true, .limit = 9};
    struct people_found found;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    size_t count = found.count;
    arena_fini(&arena);
    return count;
}

static void index_of_names_follows_groups_in_flight(void **state)
{
    struct book *book = *state;
    struct command command = rename_member(book, 1, "李明");
    struct request request;
    request_init(&request, book, &command, 1);
    request_step(&request);
    assert_int_equal(named(book, "李明"), 0);
    complete(book);
    assert_int_equal(named(book, "李明"), 1);
    request_fini(&request);
}

static const struct store_backup *backed_up;

static enum lb_result note_backup(struct store *store, const struct store_backup *backup)
{
    (void)store;
    backed_up = backup;
    return LB_STORAGE_FULL;
}

static void backup_is_the_store_s(void **state)
{
    struct book *book = *state;
    const struct store_ops *real = book->store->ops;
    struct store_ops with_backup = *real;
    with_backup.backup = note_backup;
    const struct store_backup backup = {.directory = "/copy"};
    assert_int_equal(engine_backup(book->engine, &backup), LB_METHOD_UNKNOWN);
    book->store->ops = &with_backup;
    assert_int_equal(engine_backup(book->engine, &backup), LB_STORAGE_FULL);
    assert_ptr_equal(backed_up, &backup);
    book->store->ops = real;
}

/* ---- accepts: threads ---- */

enum { CLIENTS = 3, CLIENT_REQUESTS = 60 };

struct completer {
    struct book *book;
    bool is_over; /* under the book's lock */
};

/* The store's thread: completes commits, and plans a conflict now and then. */
static void *completer_main(void *context)
{
    struct completer *completer = context;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    bool is_over = false;
    for (unsigned i = 1; !is_over; i++) {
        if (!store_mem_complete(completer->book->store)) {
            sched_yield();
        }
        if (i % 16 == 0) {
            store_mem_plan_fault(completer->book->store, &fault);
        }
        pthread_mutex_lock(&completer->book->lock);
        is_over = completer->is_over;
        pthread_mutex_unlock(&completer->book->lock);
    }
    return NULL;
}

struct client {
    struct book *book;
    struct command commands[CLIENT_REQUESTS];
    pthread_t thread;
    unsigned done;
};

/* One request in flight at a time; every fourth is a preview. */
static void *client_main(void *context)
{
    struct client *client = context;
    for (int i = 0; i < CLIENT_REQUESTS; i++) {
        struct request request;
        request_init(&request, client->book, &client->commands[i], 1);
        request.write.dry_run = i % 4 == 3;
        do {
            request_do(&request);
        } while (request.write.verdict.code == LB_STORAGE_CONFLICT);
        client->done +=
            request.write.verdict.code == LB_OK && request.write.results[0].verdict.code == LB_OK;
        request_fini(&request);
    }
    return NULL;
}

static void clients_are_all_answered_once_while_the_store_completes_on_its_thread(void **state)
{
    struct book *book = *state;
    static struct client clients[CLIENTS];
    memset(clients, 0, sizeof(clients));
    book_stop(book);
    book->config.is_stepped = false;
    book_start(book);
    struct completer completer = {.book = book};
    pthread_t store_thread;
    assert_int_equal(pthread_create(&store_thread, NULL, completer_main, &completer), 0);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].book = book;
        for (int j = 0; j < CLIENT_REQUESTS; j++) {
            clients[i].commands[j] = record_service(book, 1 + (uint64_t)i, 1, TODAY - j);
        }
        assert_int_equal(pthread_create(&clients[i].thread, NULL, client_main, &clients[i]), 0);
    }
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    for (int i = 0; i < CLIENTS; i++) {
        struct engine_view view; /* readers go on meanwhile */
        uint8_t root[LB_HASH_BYTES];
        assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
        assert_int_equal(engine_view_root(&view, view.head_entry, root), LB_OK);
        engine_view_close(&view);
        pthread_join(clients[i].thread, NULL);
        assert_int_equal(clients[i].done, CLIENT_REQUESTS);
    }
    arena_fini(&arena);
    assert_int_equal(book_status(book).tree_size,
                     FURNISHED + CLIENTS * (CLIENT_REQUESTS - CLIENT_REQUESTS / 4));
    book_stop(book);
    pthread_mutex_lock(&book->lock);
    completer.is_over = true;
    pthread_mutex_unlock(&book->lock);
    pthread_join(store_thread, NULL);
    store_mem_plan_fault(book->store, NULL);
    assert_verify_finds(book, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FURNISHED_OVERLAP(step_does_one_thing_and_says_when_there_was_none),
        TEST_FURNISHED_OVERLAP(close_does_what_was_submitted),
        TEST_FURNISHED_OVERLAP(index_of_names_follows_groups_in_flight),
        TEST_FURNISHED_OVERLAP(backup_is_the_store_s),
        TEST_FURNISHED_OVERLAP(
            clients_are_all_answered_once_while_the_store_completes_on_its_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
