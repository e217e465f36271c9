/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The store over a log in PostgreSQL: two servers on one book, a cache that is taken away, a
 * directory that belongs elsewhere. What the log does is tested beside, and what the store does
 * over a log in memory.
 */
#include "fixture.h"

#include "store/wait.h"

#include <ftw.h>
#include <limits.h>
#include <sys/eventfd.h>

struct machine {
    char directory[PATH_MAX];
    struct store *store;
};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void machine_make(struct machine *machine)
{
    const char *parent = getenv("TMPDIR");
    int size = snprintf(machine->directory, PATH_MAX, "%s/lovebank-test-XXXXXX",
                        parent != NULL ? parent : "/tmp");
    assert_true(size > 0 && size < PATH_MAX);
    assert_non_null(mkdtemp(machine->directory));
}

static void machine_remove(struct machine *machine)
{
    assert_int_equal(nftw(machine->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static enum lb_result machine_try_open(struct fixture *fixture, struct machine *machine)
{
    const struct postgres_options options = fixture_options(fixture);
    struct store_journaled_options cache = store_journaled_options_default(machine->directory);
    cache.lmdb.map_bytes = 64u << 20;
    cache.lmdb.report = fixture_report;
    cache.lmdb.report_context = fixture;
    return postgres_open(&options, &cache, &machine->store);
}

static void machine_open(struct fixture *fixture, struct machine *machine)
{
    assert_int_equal(machine_try_open(fixture, machine), LB_OK);
}

static void machine_close(struct machine *machine)
{
    machine->store->ops->close(machine->store);
}

static void machine_put(struct machine *machine, const char *key, const char *value)
{
    const struct store_ops *ops = machine->store->ops;
    struct store_group *group = NULL;
    struct store_wait wait;
    enum lb_result why = LB_OK;
    store_wait_init(&wait);
    assert_int_equal(ops->group_begin(machine->store, &group), LB_OK);
    assert_int_equal(ops->group_put(group, TABLE_META, bytes_of_text(key), bytes_of_text(value)),
                     LB_OK);
    assert_int_equal(store_wait_commit(&wait, ops, group, &why), STORE_COMMITTED);
    store_wait_fini(&wait);
}

static void machine_look(struct machine *machine)
{
    const struct store_ops *ops = machine->store->ops;
    bool is_all = false;
    while (!is_all) {
        struct store_group *group = NULL;
        struct store_wait wait;
        enum lb_result why = LB_OK;
        assert_int_equal(ops->look(machine->store, &group, &is_all), LB_OK);
        store_wait_init(&wait);
        if (group != NULL) {
            assert_int_equal(store_wait_commit(&wait, ops, group, &why), STORE_COMMITTED);
        }
        store_wait_fini(&wait);
    }
}

static void assert_row(struct machine *machine, const char *key, const char *value)
{
    const struct store_ops *ops = machine->store->ops;
    struct store_snapshot *snapshot = NULL;
    struct bytes found;
    machine_look(machine);
    assert_int_equal(ops->snapshot_open(machine->store, &snapshot), LB_OK);
    assert_int_equal(ops->snapshot_get(snapshot, TABLE_META, bytes_of_text(key), &found), LB_OK);
    assert_true(bytes_equal(found, bytes_of_text(value)));
    ops->snapshot_close(snapshot);
}

/* ---- accepts ---- */

static void two_machines_write_one_book_and_a_cache_may_be_lost(void **state)
{
    struct fixture *fixture = *state;
    struct machine a;
    struct machine b;
    machine_make(&a);
    machine_make(&b);
    machine_open(fixture, &a);
    machine_open(fixture, &b);
    machine_put(&a, "one", "by a");
    assert_row(&b, "one", "by a");
    machine_put(&b, "two", "by b");
    machine_put(&a, "one", "again");
    assert_row(&a, "two", "by b");
    machine_close(&a);
    machine_remove(&a);
    machine_make(&a);
    machine_open(fixture, &a);
    assert_row(&a, "one", "again");
    assert_row(&b, "one", "again");
    machine_close(&a);
    machine_close(&b);
    machine_open(fixture, &b);
    assert_row(&b, "two", "by b");
    machine_close(&b);
    machine_remove(&a);
    machine_remove(&b);
}

/* ---- rejects ---- */

static void the_cache_of_another_book_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct machine full;
    struct machine empty;
    machine_make(&full);
    machine_make(&empty);
    machine_open(fixture, &empty);
    machine_close(&empty);
    machine_open(fixture, &full);
    machine_put(&full, "key", "value");
    machine_close(&full);
    (void)setup_book(state);
    assert_int_equal(machine_try_open(fixture, &full), LB_DIRECTORY_EXISTS);
    assert_int_equal(machine_try_open(fixture, &empty), LB_DIRECTORY_EXISTS);
    assert_true(fixture_was_told(fixture, "another book"));
    machine_remove(&full);
    machine_remove(&empty);
}

/* ---- stopping, and proving ---- */

/* The database is there: so it is the stop that is obeyed. */
static void an_opening_that_is_told_to_stop_gives_up(void **state)
{
    struct postgres_options options = fixture_options(*state);
    struct shared_log *log = NULL;
    struct id book;
    const uint64_t one = 1;
    options.stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_true(options.stop_fd >= 0);
    assert_int_equal(postgres_log_open(&options, &book, &log), LB_OK);
    log->ops->close(log);
    assert_int_equal(write(options.stop_fd, &one, sizeof(one)), sizeof(one));
    assert_int_equal(postgres_log_open(&options, &book, &log), LB_SHUTTING_DOWN);
    assert_int_equal(close(options.stop_fd), 0); /* it is not the log's */
}

/* It connects nowhere. */
static void who_reads_proves_now_and_then_where_there_are_copies(void **state)
{
    for (int i = 0; i < 2; i++) {
        struct postgres_options options = fixture_options(*state);
        struct postgres_log *log = NULL;
        options.is_ha = i == 1;
        assert_int_equal(postgres_log_new(&options, &log), LB_OK);
        assert_int_equal(log->base.readings_per_proof > 0, options.is_ha);
        postgres_log_close(&log->base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(two_machines_write_one_book_and_a_cache_may_be_lost),
        ON_BOOK(the_cache_of_another_book_is_refused),
        ON_BOOK(an_opening_that_is_told_to_stop_gives_up),
        ON_BOOK(who_reads_proves_now_and_then_where_there_are_copies),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
