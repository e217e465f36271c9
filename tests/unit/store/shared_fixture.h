/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of the journaled store over a shared log have in common: a log in memory, some
 * servers at it, each with a directory of its own, and short words for their groups and rows.
 */
#ifndef TESTS_UNIT_STORE_SHARED_FIXTURE_H
#define TESTS_UNIT_STORE_SHARED_FIXTURE_H

#include "../../../server/store/src/journaled.h"
#include "shared_log_memory.h"
#include "store/wait.h"

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SERVERS  3
#define NEVER_MS (60u * 60 * 1000)

struct server {
    struct store *store; /* NULL: it does not run */
    const struct store_ops *ops;
    char directory[PATH_MAX];
    struct store_journaled_options options;
};

struct shared_fixture {
    struct shared_log_memory *memory;
    struct server servers[SERVERS];
    unsigned reports;
};

/* ---- directories ---- */

static inline int remove_one(const char *path, const struct stat *about, int kind,
                             struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void remove_directory(const char *path)
{
    (void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void make_directory(char path[PATH_MAX])
{
    const char *parent = getenv("TMPDIR");
    int size =
        snprintf(path, PATH_MAX, "%s/lovebank-test-XXXXXX", parent != NULL ? parent : "/tmp");
    assert_true(size > 0 && size < PATH_MAX);
    assert_non_null(mkdtemp(path));
}

/* ---- servers ---- */

static inline void count_report(void *context, const char *message)
{
    struct shared_fixture *fixture = context;
    fixture->reports++;
    print_message("  store says: %s\n", message);
}

/* Checkpoints only when they are asked for, or when memory is full. */
static inline struct store_journaled_options shared_options(struct shared_fixture *fixture,
                                                            const char *directory)
{
    struct store_journaled_options options = store_journaled_options_default(directory);
    options.lmdb.book = (struct id){{1, 2, 3}};
    options.lmdb.map_bytes = 64u << 20;
    options.lmdb.report = count_report;
    options.lmdb.report_context = fixture;
    options.checkpoint_ms = NEVER_MS;
    options.idle_ms = NEVER_MS;
    return options;
}

static inline enum lb_result server_try_open(struct shared_fixture *fixture, unsigned number)
{
    struct server *server = &fixture->servers[number];
    struct shared_log *log = shared_log_memory_connect(fixture->memory);
    enum lb_result result = store_shared_open(&server->options, log, &server->store);
    if (result != LB_OK) {
        log->ops->close(log); /* it is the store's from a successful opening on */
        return result;
    }
    server->ops = server->store->ops;
    return LB_OK;
}

static inline void server_open(struct shared_fixture *fixture, unsigned number)
{
    assert_int_equal(server_try_open(fixture, number), LB_OK);
}

static inline void server_close(struct server *server)
{
    if (server->store != NULL) {
        server->ops->close(server->store);
        server->store = NULL;
    }
}

/* ---- groups and rows ---- */

static inline struct store_group *server_begin(struct server *server)
{
    struct store_group *group = NULL;
    assert_int_equal(server->ops->group_begin(server->store, &group), LB_OK);
    return group;
}

static inline void server_put(struct server *server, struct store_group *group, const char *key,
                              const char *value)
{
    assert_int_equal(
        server->ops->group_put(group, TABLE_META, bytes_of_text(key), bytes_of_text(value)), LB_OK);
}

/* LB_OK, or why it was not committed. */
static inline enum lb_result server_commit(struct server *server, struct store_group *group)
{
    struct store_wait wait;
    enum lb_result why = LB_OK;
    store_wait_init(&wait);
    enum store_outcome outcome = store_wait_commit(&wait, server->ops, group, &why);
    store_wait_fini(&wait);
    assert_true((outcome == STORE_COMMITTED) == (why == LB_OK));
    return why;
}

/* One row, in a group by itself. */
static inline enum lb_result server_try_write(struct server *server, const char *key,
                                              const char *value)
{
    struct store_group *group = NULL;
    enum lb_result result = server->ops->group_begin(server->store, &group);
    if (result != LB_OK) {
        return result;
    }
    server_put(server, group, key, value);
    return server_commit(server, group);
}

static inline void server_write(struct server *server, const char *key, const char *value)
{
    assert_int_equal(server_try_write(server, key, value), LB_OK);
}

/* All that others wrote. LB_OK, or why not; what came before that is seen. */
static inline enum lb_result server_look(struct server *server)
{
    enum lb_result result = LB_OK;
    bool is_all = false;
    while (result == LB_OK && !is_all) {
        struct store_group *group = NULL;
        result = server->ops->look(server->store, &group, &is_all);
        if (group != NULL) {
            assert_int_equal(result, LB_OK);
            result = server_commit(server, group);
        }
    }
    return result;
}

/* As a snapshot sees it; NULL: no such row. */
static inline void assert_server_row(struct server *server, const char *key, const char *value)
{
    struct store_snapshot *snapshot = NULL;
    struct bytes found;
    assert_int_equal(server->ops->snapshot_open(server->store, &snapshot), LB_OK);
    enum lb_result result =
        server->ops->snapshot_get(snapshot, TABLE_META, bytes_of_text(key), &found);
    assert_int_equal(result, value == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (value != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(value)));
    }
    server->ops->snapshot_close(snapshot);
}

static inline void assert_group_row(struct server *server, struct store_group *group,
                                    const char *key, const char *value)
{
    struct bytes found;
    enum lb_result result = server->ops->group_get(group, TABLE_META, bytes_of_text(key), &found);
    assert_int_equal(result, value == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (value != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(value)));
    }
}

/* ---- a test ---- */

static inline int shared_setup(void **state)
{
    struct shared_fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->memory = shared_log_memory_new();
    for (unsigned i = 0; i < SERVERS; i++) {
        struct server *server = &fixture->servers[i];
        make_directory(server->directory);
        server->options = shared_options(fixture, server->directory);
    }
    *state = fixture;
    return 0;
}

static inline int shared_teardown(void **state)
{
    struct shared_fixture *fixture = *state;
    for (unsigned i = 0; i < SERVERS; i++) {
        server_close(&fixture->servers[i]);
        remove_directory(fixture->servers[i].directory);
    }
    shared_log_memory_free(fixture->memory);
    free(fixture);
    return 0;
}

#define WITH_SERVERS(test) cmocka_unit_test_setup_teardown(test, shared_setup, shared_teardown)

#endif
