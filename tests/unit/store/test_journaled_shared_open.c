/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening over a shared log: caches that are behind, empty or cut off, and directories of the wrong
 * kind.
 */
#include "shared_fixture.h"

#define ROWS           10000 /* several parts of a checkpoint */
#define SMALL_MAP      (256u << 10)
#define ROW_TEXT_BYTES 64

static void row_key(unsigned number, char key[ROW_TEXT_BYTES])
{
    (void)snprintf(key, ROW_TEXT_BYTES, "row %05u, with a key of some length", number);
}

/* One group of many rows. */
static void write_rows(struct server *server, const char *value)
{
    static char keys[ROWS][ROW_TEXT_BYTES];
    struct store_group *group = server_begin(server);
    for (unsigned i = 0; i < ROWS; i++) {
        row_key(i, keys[i]);
        server_put(server, group, keys[i], value);
    }
    assert_int_equal(server_commit(server, group), LB_OK);
}

static void assert_rows(struct server *server, const char *value)
{
    char key[ROW_TEXT_BYTES];
    for (unsigned i = 0; i < ROWS; i += 100) {
        row_key(i, key);
        assert_server_row(server, key, value);
    }
}

/* ---- accepts ---- */

static void a_cache_that_is_behind_catches_up(void **state)
{
    struct shared_fixture *fixture = *state;
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    server_write(&fixture->servers[1], "b", "2");
    server_close(&fixture->servers[1]);
    write_rows(&fixture->servers[0], "x");
    server_write(&fixture->servers[0], "a", "3");
    server_open(fixture, 1);
    assert_server_row(&fixture->servers[1], "a", "3");
    assert_server_row(&fixture->servers[1], "b", "2");
    assert_rows(&fixture->servers[1], "x");
    server_write(&fixture->servers[1], "c", "4");
}

static void an_empty_cache_is_filled(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    server_open(fixture, 0);
    write_rows(one, "x");
    server_write(one, "a", "1");
    server_close(one);
    remove_directory(one->directory);
    server_open(fixture, 0);
    assert_server_row(one, "a", "1");
    assert_rows(one, "x");
    server_open(fixture, 1);
    assert_rows(&fixture->servers[1], "x");
}

/* The checkpoint finds no space in the map halfway: what it wrote stays. */
static void cut_off_a_checkpoint(struct shared_fixture *fixture, unsigned number)
{
    struct server *server = &fixture->servers[number];
    struct store_stats stats;
    server_close(server);
    server->options.lmdb.map_bytes = SMALL_MAP;
    server->options.lmdb.map_bytes_max = SMALL_MAP;
    server_open(fixture, number);
    server_write(server, "b", "before");
    write_rows(server, "cut off");
    assert_int_equal(server->ops->checkpoint(server->store), LB_STORAGE_FULL);
    server->ops->stats(server->store, &stats);
    assert_int_equal(stats.checkpoints, 0);
    server_close(server);
    server->options = shared_options(fixture, server->directory);
    fixture->reports = 0;
}

static void a_checkpoint_that_was_cut_off_is_made_whole_by_the_log(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    server_open(fixture, 0);
    server_write(one, "a", "1");
    cut_off_a_checkpoint(fixture, 0);
    server_open(fixture, 1);
    write_rows(&fixture->servers[1], "later");
    server_open(fixture, 0);
    assert_rows(one, "later");
    assert_int_equal(one->ops->checkpoint(one->store), LB_OK);
    server_close(one);
    server_open(fixture, 0);
    assert_rows(one, "later");
    assert_server_row(one, "a", "1");
}

static void a_cache_is_looked_at_as_of_its_checkpoint(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct store_group *group = NULL;
    struct store_stats stats;
    server_open(fixture, 0);
    server_write(one, "a", "1");
    server_close(one);
    struct store_journaled_options options = one->options;
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(store_journaled_open(&options, &one->store), LB_OK);
    assert_server_row(one, "a", "1");
    assert_int_equal(one->store->ops->group_begin(one->store, &group), LB_STORAGE_FAULT);
    one->store->ops->stats(one->store, &stats);
    assert_int_equal(stats.journal_bytes, 0);
    one->store->ops->close(one->store);
    one->store = NULL;
    cut_off_a_checkpoint(fixture, 0);
    assert_int_equal(store_journaled_open(&options, &one->store), LB_STORAGE_FAULT);
    assert_int_equal(fixture->reports, 1);
}

/* ---- rejects ---- */

static void a_log_that_lacks_what_a_cut_off_checkpoint_wrote_is_refused(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_write(&fixture->servers[0], "a", "1");
    cut_off_a_checkpoint(fixture, 0);
    shared_log_memory_cut(fixture->memory, 2);
    for (unsigned i = 0; i < 2; i++) { /* it ends before; to have tried does not make it good */
        assert_int_equal(server_try_open(fixture, 0), LB_STORAGE_CORRUPT);
    }
    server_open(fixture, 1);
    server_write(two, "c", "2");
    server_write(two, "c", "3");
    assert_int_equal(server_try_open(fixture, 0), LB_STORAGE_CORRUPT); /* it is another group */
    assert_int_equal(fixture->reports, 3);
}

static void a_log_that_lacks_what_a_checkpoint_has_is_refused(void **state)
{
    struct shared_fixture *fixture = *state;
    server_open(fixture, 0);
    server_write(&fixture->servers[0], "a", "1");
    server_write(&fixture->servers[0], "a", "2");
    server_close(&fixture->servers[0]);
    shared_log_memory_cut(fixture->memory, 1);
    assert_int_equal(server_try_open(fixture, 0), LB_STORAGE_CORRUPT);
    server_open(fixture, 1);
    server_write(&fixture->servers[1], "b", "3");
    assert_int_equal(server_try_open(fixture, 0), LB_STORAGE_CORRUPT);
}

static enum lb_result try_open_files(struct server *server)
{
    enum lb_result result = store_journaled_open(&server->options, &server->store);
    if (result == LB_OK) {
        server->ops = server->store->ops;
    }
    return result;
}

static void a_directory_of_the_other_kind_is_refused(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *files = &fixture->servers[0];
    struct server *cache = &fixture->servers[1];
    assert_int_equal(try_open_files(files), LB_OK); /* both hold nothing at first */
    server_close(files);
    server_open(fixture, 1);
    server_close(cache);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(server_try_open(fixture, 0), LB_DIRECTORY_EXISTS);
        assert_int_equal(try_open_files(cache), LB_DIRECTORY_EXISTS);
        assert_int_equal(try_open_files(files), LB_OK); /* neither is the worse for it */
        server_write(files, "a", "in files");
        server_close(files);
        server_open(fixture, 1);
        server_write(cache, "a", "in the log");
        server_close(cache);
    }
    assert_int_equal(fixture->reports, 4);
    assert_int_equal(try_open_files(files), LB_OK);
    assert_server_row(files, "a", "in files");
}

static void a_cache_of_another_book_is_refused_though_empty(void **state)
{
    struct shared_fixture *fixture = *state;
    server_open(fixture, 0);
    server_close(&fixture->servers[0]);
    server_open(fixture, 1);
    server_write(&fixture->servers[1], "a", "1");
    fixture->servers[0].options.lmdb.book = (struct id){{4, 5, 6}};
    assert_int_equal(server_try_open(fixture, 0), LB_DIRECTORY_EXISTS);
    assert_int_equal(fixture->reports, 1);
}

/* As one from before there was a journal. */
static void a_directory_that_holds_rows_and_does_not_say_of_what_is_refused(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    assert_int_equal(store_lmdb_open(&one->options.lmdb, &one->store), LB_OK);
    one->ops = one->store->ops;
    server_write(one, "a", "1");
    server_close(one);
    assert_int_equal(server_try_open(fixture, 0), LB_DIRECTORY_EXISTS);
}

/* ---- faults ---- */

/* At each call of the log in turn, until an opening meets none. */
static void an_opening_that_fails_anywhere_leaves_a_cache_for_the_next(void **state)
{
    struct shared_fixture *fixture = *state;
    static const enum shared_log_memory_fault faults[] = {MEMORY_FAULT_UNREACHABLE,
                                                          MEMORY_FAULT_WRITE_LOST};
    server_open(fixture, 0);
    write_rows(&fixture->servers[0], "x");
    server_write(&fixture->servers[0], "a", "1");
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        unsigned failed = 0;
        for (unsigned call = 1; call <= 10; call++) {
            shared_log_memory_fail(fixture->memory, faults[i], call);
            if (server_try_open(fixture, 1) != LB_OK) {
                failed++;
                continue;
            }
            assert_server_row(&fixture->servers[1], "a", "1");
            assert_rows(&fixture->servers[1], "x");
            server_close(&fixture->servers[1]);
            remove_directory(fixture->servers[1].directory);
        }
        assert_true(failed > 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_SERVERS(a_cache_that_is_behind_catches_up),
        WITH_SERVERS(an_empty_cache_is_filled),
        WITH_SERVERS(a_checkpoint_that_was_cut_off_is_made_whole_by_the_log),
        WITH_SERVERS(a_cache_is_looked_at_as_of_its_checkpoint),
        WITH_SERVERS(a_log_that_lacks_what_a_cut_off_checkpoint_wrote_is_refused),
        WITH_SERVERS(a_log_that_lacks_what_a_checkpoint_has_is_refused),
        WITH_SERVERS(a_directory_of_the_other_kind_is_refused),
        WITH_SERVERS(a_cache_of_another_book_is_refused_though_empty),
        WITH_SERVERS(a_directory_that_holds_rows_and_does_not_say_of_what_is_refused),
        WITH_SERVERS(an_opening_that_fails_anywhere_leaves_a_cache_for_the_next),
    };
    return cmocka_run_group_tests_name("store over a shared log, opening", tests, NULL, NULL);
}
