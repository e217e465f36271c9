/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two servers with their threads write one book at the same time, while it is read and verified;
 * who does not write sees the other's entries by looking.
 */
#include "shared_fixture.h"

#define WRITES       100
#define TURN_WAIT_MS 5000

static int threaded_set_up(void **state)
{
    struct shared *shared = calloc(1, sizeof(*shared));
    assert_non_null(shared);
    shared->memory = shared_log_memory_new();
    shared->memory->turn_wait_ms = TURN_WAIT_MS;
    shared->memory->read_bytes_max = 1; /* each group is a page */
    shared->is_threaded = true;
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        shared_server_open(shared, i);
    }
    book_furnish(shared->servers[0].book, 3);
    *state = shared;
    return 0;
}

/* ---- waiting for entries ---- */

struct follower {
    struct book *book;
    uint64_t last; /* under the book's lock */
};

static void take_followed(void *context, uint64_t first, uint64_t last)
{
    struct follower *follower = context;
    (void)first;
    pthread_mutex_lock(&follower->book->lock);
    follower->last = last;
    pthread_cond_broadcast(&follower->book->changed);
    pthread_mutex_unlock(&follower->book->lock);
}

static void follow_until(struct follower *follower, uint64_t entry)
{
    pthread_mutex_lock(&follower->book->lock);
    while (follower->last < entry) {
        pthread_cond_wait(&follower->book->changed, &follower->book->lock);
    }
    pthread_mutex_unlock(&follower->book->lock);
}

static void begin_following(struct follower *follower, struct book *book)
{
    *follower = (struct follower){.book = book};
    const uint64_t newest = engine_follow(book->engine, take_followed, follower);
    pthread_mutex_lock(&book->lock);
    follower->last = follower->last > newest ? follower->last : newest;
    pthread_mutex_unlock(&book->lock);
}

/* ---- tests ---- */

static void who_only_reads_sees_what_the_other_writes(void **state)
{
    struct shared *shared = *state;
    struct book *first = shared->servers[0].book;
    struct follower follower;
    begin_following(&follower, shared->servers[1].book);
    follow_until(&follower, FURNISHED);
    for (int i = 0; i < 3; i++) {
        struct command command = record_service(first, 1, 30, TODAY - i);
        book_do(first, &command, 1);
        follow_until(&follower, book_head(first));
    }
    const struct engine_status status = book_status(shared->servers[1].book);
    assert_int_equal(status.durable_entry, FURNISHED + 3);
    assert_memory_equal(status.tree_root, book_status(first).tree_root, LB_HASH_BYTES);
}

static void *write_many(void *context)
{
    struct book *book = context;
    for (int i = 0; i < WRITES; i++) {
        struct command command = record_service(book, 1 + (uint64_t)i % 3, 1, TODAY - i);
        book_do(book, &command, 1);
    }
    return NULL;
}

static void both_write_while_the_book_is_verified(void **state)
{
    struct shared *shared = *state;
    pthread_t writers[SHARED_SERVERS];
    struct follower followers[SHARED_SERVERS];
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        begin_following(&followers[i], shared->servers[i].book);
    }
    follow_until(&followers[1], FURNISHED);
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        assert_int_equal(pthread_create(&writers[i], NULL, write_many, shared->servers[i].book), 0);
    }
    for (unsigned i = 0; i < 6; i++) {
        assert_verify_finds(shared->servers[i % SHARED_SERVERS].book, "");
    }
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    }
    const uint64_t end = FURNISHED + WRITES * SHARED_SERVERS;
    const unsigned behind = book_head(shared->servers[0].book) < end ? 0 : 1;
    if (book_head(shared->servers[behind].book) < end) {
        follow_until(&followers[behind], end);
    }
    struct engine_status statuses[SHARED_SERVERS];
    for (unsigned i = 0; i < SHARED_SERVERS; i++) {
        statuses[i] = book_status(shared->servers[i].book);
        assert_int_equal(statuses[i].durable_entry, end);
        assert_verify_finds(shared->servers[i].book, "");
    }
    assert_memory_equal(statuses[0].tree_root, statuses[1].tree_root, LB_HASH_BYTES);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, threaded_set_up, shared_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_only_reads_sees_what_the_other_writes),
        TEST(both_write_while_the_book_is_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
