/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The log in PostgreSQL in use: turns, groups, proofs, readers, rivals, books side by side. */
#include "fixture.h"

#define MIB              (1u << 20)
#define RIVALS           2
#define GROUPS_OF_RIVALS 60

/* ---- accepts ---- */

static void a_book_is_made_once_and_keeps_its_id(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct shared_log *log = NULL;
    struct id made;
    struct id found;
    assert_int_equal(postgres_log_open(&options, &made, &log), LB_OK);
    log->ops->close(log);
    assert_true(id_equal(&made, &options.book));
    options.book.bytes[15] = 99;
    assert_int_equal(postgres_log_open(&options, &found, &log), LB_OK);
    log->ops->close(log);
    assert_true(id_equal(&made, &found));
    options.create = false;
    assert_int_equal(postgres_log_open(&options, &found, &log), LB_OK);
    log->ops->close(log);
    assert_true(id_equal(&made, &found));
    assert_int_equal(fixture->reports, 0);
}

static void groups_come_to_the_other_server_in_order_and_whole(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 0);
    assert_int_equal(server_write_more(&a, 1, 0), LB_OK); /* as little as can be */
    server_go(&a);
    server_go(&a);
    assert_int_equal(server_turn(&b), LB_OK); /* server_take compares chains, made of the bytes */
    assert_int_equal(b.taken, 3);
    assert_int_equal(b.bytes, 1 + 2 * GROUP_BYTES);
    assert_int_equal(server_write(&b), LB_OK);
    server_go(&a);
    assert_int_equal(a.taken, 1);
    server_go(&b);
    assert_int_equal(b.taken, 1);
    server_close(&a);
    server_close(&b);
    assert_int_equal(fixture->reports, 0);
}

static void the_head_counts_the_entries(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 3), LB_OK);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 8190), LB_OK);
    server_go(&a);
    assert_int_equal(
        sql_number(fixture, "SELECT entry_number FROM lovebank_book WHERE name = '%s'"), 8193);
    assert_int_equal(
        sql_number(fixture, "SELECT group_number FROM lovebank_book WHERE name = '%s'"), 3);
    server_close(&a);
}

static void a_turn_that_is_left_writes_nothing_and_lets_the_other_have_it(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    a.log->ops->leave(a.log);
    server_go(&b);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 1);
    a.log->ops->leave(a.log);
    a.log->ops->leave(a.log); /* there is none: nothing happens */
    server_go(&b);
    server_close(&a);
    server_close(&b);
}

static void proofs_are_counted_and_are_no_groups(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    long before = sql_number(fixture, "SELECT proofs FROM lovebank_book WHERE name = '%s'");
    assert_int_equal(a.log->ops->prove(a.log, a.known), LB_OK); /* of nothing yet */
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.log->ops->write(a.log, NULL), LB_OK);
    assert_int_equal(a.log->ops->prove(a.log, a.known), LB_OK);
    assert_int_equal(sql_number(fixture, "SELECT proofs FROM lovebank_book WHERE name = '%s'"),
                     before + 3);
    assert_int_equal(
        sql_number(fixture, "SELECT group_number FROM lovebank_book WHERE name = '%s'"), 1);
    server_close(&a);
}

static void readers_need_no_turn_and_get_some_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    bool is_all = false;
    assert_int_equal(server_read(&b, 1, &is_all), LB_OK);
    assert_true(is_all && b.taken == 0);
    for (unsigned i = 0; i < 5; i++) {
        server_go(&a);
    }
    assert_int_equal(server_turn(&a), LB_OK); /* and holds it */
    assert_int_equal(server_read(&b, 1, &is_all), LB_OK);
    assert_true(!is_all && b.taken == 1);
    assert_int_equal(server_read(&b, 2 * GROUP_BYTES, &is_all), LB_OK);
    assert_true(!is_all && b.taken == 2);
    assert_int_equal(server_read(&b, 10 * GROUP_BYTES, &is_all), LB_OK);
    assert_true(is_all && b.taken == 2);
    a.log->ops->leave(a.log);
    server_close(&a);
    server_close(&b);
}

static void much_that_is_lacking_comes_before_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(server_turn(&a), LB_OK);
        assert_int_equal(server_write_more(&a, 5 * MIB, 0), LB_OK);
    }
    assert_int_equal(server_turn(&b), LB_OK);
    assert_int_equal(b.taken, 5);
    assert_int_equal(server_write(&b), LB_OK);
    server_close(&a);
    server_close(&b);
}

/* Of a large group nothing is kept: neither its connection, where libpq has the bytes, nor what
 * they were packed or unpacked in. */
static void assert_small(const struct server *server, bool is_connected)
{
    const struct postgres_log *log = postgres_log_of(server->log);
    assert_true(log->packing.cap <= POSTGRES_KEPT_BYTES_MAX);
    assert_true((log->connection != NULL) == is_connected);
}

static void a_large_group_goes_and_comes(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    struct server b;
    options.reach_ms = 120000; /* sanitizers take their time for the chain, with the turn held */
    server_open_as(&a, &options);
    server_open_as(&b, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, POSTGRES_KEPT_BYTES_MAX + MIB, 0), LB_OK);
    assert_small(&a, false);
    server_go(&a);
    bool is_all = false;
    assert_int_equal(server_read(&b, MIB, &is_all), LB_OK);
    assert_int_equal(b.bytes, POSTGRES_KEPT_BYTES_MAX + MIB);
    assert_small(&b, false);
    server_go(&b);
    server_close(&a);
    server_close(&b);
}

/* It takes memory here, and little there. */
static void a_large_group_of_like_bytes_goes_in_a_small_row(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    struct server b;
    const size_t size = POSTGRES_KEPT_BYTES_MAX + MIB;
    uint8_t *changes = calloc(1, size);
    assert_non_null(changes);
    options.reach_ms = 120000;
    server_open_as(&a, &options);
    server_open_as(&b, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_group(&a, bytes_of(changes, size), 0), LB_OK);
    free(changes);
    assert_small(&a, true);
    assert_true(sql_number(fixture, "SELECT octet_length(changes) FROM lovebank_group "
                                    "WHERE size > 64 * 1024 * 1024 "
                                    "ORDER BY octet_length(changes) LIMIT 1") < 100000);
    bool is_all = false;
    assert_int_equal(server_read(&b, MIB, &is_all), LB_OK);
    assert_true(is_all);
    assert_int_equal(b.bytes, size);
    assert_small(&b, true);
    server_close(&a);
    server_close(&b);
}

static void *rival_main(void *context)
{
    struct server *server = context;
    for (unsigned i = 0; i < GROUPS_OF_RIVALS; i++) {
        server_go(server);
    }
    return NULL;
}

static void rivals_write_one_chain(void **state)
{
    struct fixture *fixture = *state;
    struct server servers[RIVALS];
    pthread_t threads[RIVALS];
    for (unsigned i = 0; i < RIVALS; i++) {
        server_open(fixture, &servers[i]);
        assert_int_equal(pthread_create(&threads[i], NULL, rival_main, &servers[i]), 0);
    }
    for (unsigned i = 0; i < RIVALS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        server_close(&servers[i]);
    }
    struct server last;
    server_open(fixture, &last);
    assert_int_equal(server_turn(&last), LB_OK); /* server_take checks the chain */
    assert_int_equal(last.taken, RIVALS * GROUPS_OF_RIVALS);
    server_close(&last);
}

static void books_do_not_wait_for_each_other(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    (void)setup_book(state);
    server_open(fixture, &b);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK); /* and holds it */
    server_go(&b);
    server_go(&b);
    assert_int_equal(b.taken, 0);
    assert_int_equal(server_write(&a), LB_OK);
    assert_int_equal(a.known.number, 2);
    server_close(&a);
    server_close(&b);
}

/* ---- rejects ---- */

static void who_takes_no_more_has_no_turn(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    server_go(&a);
    b.refuse_at = 2;
    assert_int_equal(server_turn(&b), LB_TRY_LATER);
    server_go(&a); /* it is free */
    b.refuse_at = 0;
    assert_int_equal(server_turn(&b), LB_OK);
    assert_int_equal(b.taken, 2);
    b.log->ops->leave(b.log);
    server_close(&a);
    server_close(&b);
}

static void a_group_that_is_too_large_is_refused_before_anything_is_sent(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    struct shared_log_group group = {.mark = {.number = 1},
                                     .changes = bytes_of(&group, (size_t)POSTGRES_CHANGES_MAX + 1)};
    assert_int_equal(a.log->ops->write(a.log, &group), LB_STORAGE_FULL);
    assert_true(fixture_was_told(fixture, "larger than the 512 MiB"));
    server_go(&a);
    server_close(&a);
}

static void whoever_knows_another_past_is_told_that_it_is_not_there(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    server_go(&a);
    struct shared_log_mark known = a.known;
    a.known.chain++;
    assert_int_equal(server_turn(&a), LB_STORAGE_CORRUPT);
    assert_int_equal(a.log->ops->prove(a.log, a.known), LB_STORAGE_CORRUPT);
    a.known = (struct shared_log_mark){.number = 7, .chain = 7};
    bool is_all = false;
    assert_int_equal(server_turn(&a), LB_STORAGE_CORRUPT);
    assert_int_equal(server_read(&a, 1, &is_all), LB_STORAGE_CORRUPT);
    assert_true(fixture_was_told(fixture, "group 7"));
    a.known = known;
    server_go(&a);
    server_close(&a);
}

/* It knows no more than that there was no time left: the tries before it have said why. */
static void a_try_that_is_cut_off_by_the_deadline_does_not_say_why(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    struct postgres_log *log = postgres_log_of(a.log);
    struct postgres_trying trying = postgres_try(log);
    postgres_why(log, "the reason");
    assert_int_equal(postgres_again(log, LB_STORE_UNREACHABLE, &trying), LB_OK);
    trying.deadline_ns = postgres_deadline(0);
    postgres_why(log, "no time was left");
    assert_int_equal(postgres_again(log, LB_STORE_UNREACHABLE, &trying), LB_STORE_UNREACHABLE);
    assert_true(fixture_was_told(fixture, "could not be used within"));
    assert_true(fixture_was_told(fixture, "the reason"));
    assert_false(fixture_was_told(fixture, "no time was left"));
    server_close(&a);
}

static void a_gap_in_the_log_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    server_go(&b);
    server_go(&a);
    server_go(&a);
    b.known = (struct shared_log_mark){.number = 0};
    char text[256];
    (void)snprintf(text, sizeof(text),
                   "DELETE FROM lovebank_group WHERE number = 3 AND book = "
                   "(SELECT book FROM lovebank_book WHERE name = '%s')",
                   fixture->book);
    sql(fixture, text);
    assert_int_equal(server_turn(&b), LB_STORAGE_CORRUPT);
    assert_true(fixture_was_told(fixture, "group 3"));
    server_close(&a);
    server_close(&b);
}

/* A group that is handed down upon another head than the turn showed: no lock of the database was
 * worth anything. */
static void a_head_that_has_moved_takes_no_group_upon_it(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct postgres_batch batch;
    char text[256];
    server_open(fixture, &a);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    struct postgres_log *log = postgres_log_of(a.log);
    (void)snprintf(text, sizeof(text),
                   "UPDATE lovebank_book SET group_number = 7 WHERE name = '%s'", fixture->book);
    postgres_batch_begin(log, &batch);
    postgres_send_text(log, &batch, text, NULL); /* others would wait for the lock */
    assert_int_equal(postgres_receive(log, &batch, postgres_deadline(REACH_MS)), LB_OK);
    postgres_batch_clear(&batch);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 2), LB_STORAGE_CONFLICT);
    assert_int_equal(sql_number(fixture, "SELECT count(*) FROM lovebank_group JOIN lovebank_book "
                                         "USING (book) WHERE name = '%s'"),
                     1);
    server_go(&a);
    assert_int_equal(a.taken, 0);
    server_close(&a);
}

static void who_waits_is_told_when_the_log_is_stopped(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    struct waiter waiter;
    server_open(fixture, &a);
    server_open(fixture, &b);
    assert_int_equal(server_turn(&a), LB_OK);
    waiter_start(&waiter, &b, server_turn);
    sql_until(fixture, WAITS_FOR_LOCK);
    b.log->ops->stop(b.log);
    assert_int_equal(waiter_join(&waiter), LB_SHUTTING_DOWN);
    assert_int_equal(server_turn(&b), LB_SHUTTING_DOWN);
    assert_int_equal(server_write(&a), LB_OK);
    server_close(&a);
    server_close(&b);
}

/* Each turn leaves a dead version of the book's row, so going through all of the table would cost
 * more and more. What a connection did is in the statistics once it has ended. */
static void rows_are_found_by_their_keys(void **state)
{
    static const char through_all[] = "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables "
                                      "WHERE relname IN ('lovebank_book', 'lovebank_group')";
    static const char by_key[] = "SELECT sum(idx_scan)::bigint FROM pg_stat_user_tables "
                                 "WHERE relname = 'lovebank_book'";
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    sql(fixture, "VACUUM ANALYZE lovebank_book"); /* it is known how few rows there are */
    server_open(fixture, &a);
    server_open(fixture, &b);
    sql(fixture, "SELECT pg_stat_force_next_flush()");
    const long before = sql_number(fixture, through_all);
    const long keys_before = sql_number(fixture, by_key);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(server_turn(&a), LB_OK);
        assert_int_equal(server_write(&a), LB_OK);
        assert_int_equal(server_turn(&b), LB_OK);
        assert_int_equal(server_write(&b), LB_OK);
    }
    server_close(&a);
    server_close(&b);
    char both_ended[256];
    (void)snprintf(both_ended, sizeof(both_ended), "SELECT ((%s) >= %ld)::int", by_key,
                   keys_before + 80);
    sql_until(fixture, both_ended);
    assert_int_equal(sql_number(fixture, through_all), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(a_book_is_made_once_and_keeps_its_id),
        ON_BOOK(groups_come_to_the_other_server_in_order_and_whole),
        ON_BOOK(the_head_counts_the_entries),
        ON_BOOK(a_turn_that_is_left_writes_nothing_and_lets_the_other_have_it),
        ON_BOOK(proofs_are_counted_and_are_no_groups),
        ON_BOOK(readers_need_no_turn_and_get_some_at_a_time),
        ON_BOOK(much_that_is_lacking_comes_before_the_turn),
        ON_BOOK(a_large_group_goes_and_comes),
        ON_BOOK(a_large_group_of_like_bytes_goes_in_a_small_row),
        ON_BOOK(rivals_write_one_chain),
        ON_BOOK(books_do_not_wait_for_each_other),
        ON_BOOK(who_takes_no_more_has_no_turn),
        ON_BOOK(a_group_that_is_too_large_is_refused_before_anything_is_sent),
        ON_BOOK(whoever_knows_another_past_is_told_that_it_is_not_there),
        ON_BOOK(a_try_that_is_cut_off_by_the_deadline_does_not_say_why),
        ON_BOOK(a_gap_in_the_log_is_found),
        ON_BOOK(a_head_that_has_moved_takes_no_group_upon_it),
        ON_BOOK(rows_are_found_by_their_keys),
        ON_BOOK(who_waits_is_told_when_the_log_is_stopped),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
