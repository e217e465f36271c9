/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the contract tests share: the adapters, each opened anew for each test, and short words for
 * groups, rows and commits. A test written with EACH runs against every adapter; those
 * over a shared log (in memory, and in a PostgreSQL of the program's own) are alone at it.
 */
#ifndef TESTS_CONTRACT_FIXTURE_H
#define TESTS_CONTRACT_FIXTURE_H

#include "../unit/postgres/cluster.h"
#include "../unit/store/shared_log_memory.h"
#include "base/random.h"
#include "postgres/postgres.h"
#include "store/journaled.h"
#include "store/lmdb.h"
#include "store/mem.h"
#include "store/shared.h"
#include "store/store.h"
#include "store/wait.h"

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct store *store; /* NULL: closed by the test */
    const struct store_ops *ops;
    char directory[PATH_MAX]; /* of LMDB; it is there, empty at first */
    struct store_lmdb_options lmdb;
    struct shared_log_memory *memory; /* NULL: the store has no shared log */
};

/* How a commit ended. */
struct ending {
    unsigned calls;
    enum store_outcome outcome;
    enum lb_result why;
};

/* ---- opening ---- */

static inline void fixture_report(void *context, const char *message)
{
    (void)context;
    print_message("  store says: %s\n", message);
}

static inline int fixture_remove_one(const char *path, const struct stat *about, int kind,
                                     struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void fixture_make_directory(struct fixture *fixture)
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(fixture->directory, sizeof(fixture->directory), "%s/lovebank-test-XXXXXX",
                   parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->lmdb = store_lmdb_options_default(fixture->directory);
    fixture->lmdb.book = (struct id){{1, 2, 3}};
    fixture->lmdb.map_bytes = 64u << 20;
    fixture->lmdb.report = fixture_report;
}

static inline void fixture_use(struct fixture *fixture, struct store *store)
{
    fixture->store = store;
    fixture->ops = store->ops;
}

static inline void fixture_open_lmdb(struct fixture *fixture)
{
    struct store *store = NULL;
    assert_int_equal(store_lmdb_open(&fixture->lmdb, &store), LB_OK);
    fixture_use(fixture, store);
}

static inline struct store_journaled_options fixture_journaled_options(struct fixture *fixture)
{
    struct store_journaled_options options = store_journaled_options_default(fixture->directory);
    options.lmdb = fixture->lmdb;
    options.segment_bytes = 64u << 10;
    return options;
}

static inline void fixture_open_journaled(struct fixture *fixture)
{
    struct store_journaled_options options = fixture_journaled_options(fixture);
    struct store *store = NULL;
    assert_int_equal(store_journaled_open(&options, &store), LB_OK);
    fixture_use(fixture, store);
}

static inline void fixture_open_shared(struct fixture *fixture)
{
    struct store_journaled_options options = fixture_journaled_options(fixture);
    struct shared_log *log = shared_log_memory_connect(fixture->memory);
    struct store *store = NULL;
    assert_int_equal(store_shared_open(&options, log, &store), LB_OK);
    fixture_use(fixture, store);
}

static inline void fixture_close(struct fixture *fixture)
{
    if (fixture->store != NULL) {
        fixture->ops->close(fixture->store);
        fixture->store = NULL;
    }
}

static inline struct fixture *fixture_new(void)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    return fixture;
}

static inline int setup_memory(void **state)
{
    struct fixture *fixture = fixture_new();
    struct store *store = NULL;
    struct store_mem_options options = {.is_async = false};
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &store), LB_OK);
    fixture_use(fixture, store);
    *state = fixture;
    return 0;
}

static inline int setup_directory(void **state)
{
    struct fixture *fixture = fixture_new();
    fixture_make_directory(fixture);
    *state = fixture;
    return 0;
}

static inline int setup_lmdb(void **state)
{
    (void)setup_directory(state);
    fixture_open_lmdb(*state);
    return 0;
}

static inline int setup_journaled(void **state)
{
    (void)setup_directory(state);
    fixture_open_journaled(*state);
    return 0;
}

static inline int setup_shared(void **state)
{
    (void)setup_directory(state);
    struct fixture *fixture = *state;
    fixture->memory = shared_log_memory_new();
    fixture_open_shared(fixture);
    return 0;
}

/* ---- PostgreSQL ---- */

static inline int setup_cluster(void **state)
{
    struct cluster *cluster = calloc(1, sizeof(*cluster));
    assert_non_null(cluster);
    cluster_start(cluster, NULL);
    const struct postgres_options options = {
        .url = cluster->url, .reach_ms = 20000, .stop_fd = -1, .report = fixture_report};
    assert_int_equal(postgres_migrate(&options), LB_OK);
    *state = cluster;
    return 0;
}

static inline int teardown_cluster(void **state)
{
    cluster_stop(*state);
    free(*state);
    return 0;
}

/* Of a program with setup_cluster. Each test has a book of its own. */
static inline int setup_postgres(void **state)
{
    const struct cluster *cluster = *state;
    (void)setup_directory(state);
    struct fixture *fixture = *state;
    const struct store_journaled_options cache = fixture_journaled_options(fixture);
    struct postgres_options options = {.url = cluster->url,
                                       .name = fixture->directory,
                                       .reach_ms = 20000,
                                       .stop_fd = -1,
                                       .create = true,
                                       .report = fixture_report};
    assert_true(random_fill(random_system(), options.book.bytes, sizeof(options.book.bytes)));
    struct store *store = NULL;
    assert_int_equal(postgres_open(&options, &cache, &store), LB_OK);
    fixture_use(fixture, store);
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    if (fixture->memory != NULL) {
        shared_log_memory_free(fixture->memory);
    }
    if (fixture->directory[0] != '\0') {
        (void)nftw(fixture->directory, fixture_remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    free(fixture);
    return 0;
}

#define ON_MEMORY(test)                                       \
    {                                                         \
#test " [memory]", test, setup_memory, teardown, NULL \
    }
#define ON_LMDB(test)                                     \
    {                                                     \
#test " [lmdb]", test, setup_lmdb, teardown, NULL \
    }
#define ON_DIRECTORY(test)                                     \
    {                                                          \
#test " [lmdb]", test, setup_directory, teardown, NULL \
    }
#define ON_JOURNALED(test)                                          \
    {                                                               \
#test " [journaled]", test, setup_journaled, teardown, NULL \
    }
#define ON_SHARED(test)                                       \
    {                                                         \
#test " [shared]", test, setup_shared, teardown, NULL \
    }
#define ON_POSTGRES(test)                                         \
    {                                                             \
#test " [postgres]", test, setup_postgres, teardown, NULL \
    }
#define EACH(test) \
    ON_MEMORY(test), ON_LMDB(test), ON_JOURNALED(test), ON_SHARED(test), ON_POSTGRES(test)

/* ---- groups ---- */

static inline struct store_group *begin(struct fixture *fixture)
{
    struct store_group *group = NULL;
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_OK);
    return group;
}

static inline void put(struct fixture *fixture, struct store_group *group, enum ledger_table table,
                       const char *key, const char *value)
{
    assert_int_equal(
        fixture->ops->group_put(group, table, bytes_of_text(key), bytes_of_text(value)), LB_OK);
}

static inline void del(struct fixture *fixture, struct store_group *group, enum ledger_table table,
                       const char *key)
{
    assert_int_equal(fixture->ops->group_del(group, table, bytes_of_text(key)), LB_OK);
}

static inline void note_ending(enum store_outcome outcome, enum lb_result why, void *context)
{
    struct ending *ending = context;
    ending->calls++;
    ending->outcome = outcome;
    ending->why = why;
}

static inline void commit(struct fixture *fixture, struct store_group *group)
{
    struct store_wait wait;
    enum lb_result why = LB_INTERNAL;
    store_wait_init(&wait);
    assert_int_equal(store_wait_commit(&wait, fixture->ops, group, &why), STORE_COMMITTED);
    store_wait_fini(&wait);
    assert_int_equal(why, LB_OK);
}

/* One row, committed by itself. */
static inline void commit_row(struct fixture *fixture, enum ledger_table table, const char *key,
                              const char *value)
{
    struct store_group *group = begin(fixture);
    put(fixture, group, table, key, value);
    commit(fixture, group);
}

/* ---- snapshots ---- */

static inline struct store_snapshot *snapshot_open(struct fixture *fixture)
{
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(fixture->ops->snapshot_open(fixture->store, &snapshot), LB_OK);
    return snapshot;
}

/* value NULL: no such row. */
static inline void assert_row_in(struct fixture *fixture, struct store_snapshot *snapshot,
                                 enum ledger_table table, const char *key, const char *value)
{
    struct bytes found;
    enum lb_result result = fixture->ops->snapshot_get(snapshot, table, bytes_of_text(key), &found);
    assert_int_equal(result, value == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (value != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(value)));
    }
}

static inline void assert_row(struct fixture *fixture, enum ledger_table table, const char *key,
                              const char *value)
{
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_row_in(fixture, snapshot, table, key, value);
    fixture->ops->snapshot_close(snapshot);
}

#endif
