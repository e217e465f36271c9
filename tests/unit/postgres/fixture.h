/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of the log in PostgreSQL share: a cluster of the program's own
 * (tests/postgres/cluster.sh), a connection beside those that are tested, logs and groups.
 */
#ifndef TESTS_UNIT_POSTGRES_FIXTURE_H
#define TESTS_UNIT_POSTGRES_FIXTURE_H

#include "../../../server/postgres/src/postgres_private.h"

#include "base/clock.h"
#include "base/random.h"
#include "cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define URL_BYTES   1024
#define REACH_MS    20000 /* what is awaited comes at once; slow machines have time */
#define PATIENCE_MS 20000
#define GROUP_BYTES 100

struct fixture {
    struct cluster cluster;
    const char *url; /* its */
    PGconn *admin;
    unsigned books;
    char book[32]; /* a new one for each test */
    pthread_mutex_t lock;
    char reported[1024]; /* the last one */
    unsigned reports;
};

/* ---- SQL beside what is tested ---- */

static inline PGresult *sql_try(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        print_error("%s: %s", sql, PQerrorMessage(connection));
        fail();
    }
    return result;
}

static inline void sql(struct fixture *fixture, const char *text)
{
    PQclear(sql_try(fixture->admin, text));
}

/* The number that a query gives; %s in it is the test's book. */
static inline long sql_number(struct fixture *fixture, const char *format)
{
    char text[1024];
    const char *mark = strstr(format, "%s");
    int before = mark == NULL ? (int)strlen(format) : (int)(mark - format);
    (void)snprintf(text, sizeof(text), "%.*s%s%s", before, format,
                   mark == NULL ? "" : fixture->book, mark == NULL ? "" : mark + 2);
    PGresult *result = sql_try(fixture->admin, text);
    assert_int_equal(PQntuples(result), 1);
    long number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

/* Until a query gives another number than 0. */
static inline void sql_until(struct fixture *fixture, const char *format)
{
    int64_t end_ns = postgres_deadline(PATIENCE_MS);
    while (sql_number(fixture, format) == 0) {
        assert_true(clock_system_monotonic_ns() < end_ns);
        sql(fixture, "SELECT pg_sleep(0.01)");
    }
}

/* ---- the cluster ---- */

/* option: of cluster.sh; NULL: none. */
static inline void database_start(struct fixture *fixture, const char *option)
{
    cluster_start(&fixture->cluster, option);
    fixture->url = fixture->cluster.url;
    fixture->admin = PQconnectdb(fixture->url);
    assert_int_equal(PQstatus(fixture->admin), CONNECTION_OK);
    sql(fixture, "SET synchronous_commit = local"); /* this one waits for no standby */
}

static inline void database_stop(struct fixture *fixture)
{
    PQfinish(fixture->admin);
    cluster_stop(&fixture->cluster);
}

static inline void fixture_report(void *context, const char *message)
{
    struct fixture *fixture = context;
    pthread_mutex_lock(&fixture->lock);
    (void)snprintf(fixture->reported, sizeof(fixture->reported), "%s", message);
    fixture->reports++;
    print_message("  reported: %s\n", message);
    pthread_mutex_unlock(&fixture->lock);
}

/* Until this is what was reported last. */
static inline void fixture_until_told(struct fixture *fixture, const char *words)
{
    int64_t end_ns = postgres_deadline(PATIENCE_MS);
    for (bool is_told = false; !is_told;) {
        assert_true(clock_system_monotonic_ns() < end_ns);
        sql(fixture, "SELECT pg_sleep(0.001)");
        pthread_mutex_lock(&fixture->lock);
        is_told = strstr(fixture->reported, words) != NULL;
        pthread_mutex_unlock(&fixture->lock);
    }
}

static inline bool fixture_was_told(struct fixture *fixture, const char *words)
{
    bool was_told = strstr(fixture->reported, words) != NULL;
    if (!was_told) {
        print_error("what was reported: %s\n", fixture->reported);
    }
    return was_told;
}

static inline struct postgres_options fixture_options(struct fixture *fixture)
{
    return (struct postgres_options){
        .stop_fd = -1,
        .url = fixture->url,
        .name = fixture->book,
        .book = {.bytes = {1, 2, 3, (uint8_t)fixture->books}},
        .reach_ms = REACH_MS,
        .create = true,
        .report = fixture_report,
        .report_context = fixture,
    };
}

static inline int setup_cluster(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    assert_int_equal(pthread_mutex_init(&fixture->lock, NULL), 0);
    database_start(fixture, NULL);
    const struct postgres_options options = fixture_options(fixture);
    assert_int_equal(postgres_migrate(&options), LB_OK);
    *state = fixture;
    return 0;
}

static inline int teardown_cluster(void **state)
{
    struct fixture *fixture = *state;
    database_stop(fixture);
    (void)pthread_mutex_destroy(&fixture->lock);
    free(fixture);
    return 0;
}

/* Each test has a book of its own. */
static inline int setup_book(void **state)
{
    struct fixture *fixture = *state;
    fixture->books++;
    (void)snprintf(fixture->book, sizeof(fixture->book), "book %u", fixture->books);
    fixture->reported[0] = '\0';
    fixture->reports = 0;
    return 0;
}

#define ON_BOOK(name) cmocka_unit_test_setup(name, setup_book)

/* ---- logs and what is known of them ---- */

/* A server: its log, and how far it knows it. */
struct server {
    struct shared_log *log;
    const struct postgres_options *options; /* where a test needs them */
    struct shared_log_mark known;
    uint64_t entries; /* the newest */
    size_t taken;     /* groups, in the last turn or reading */
    size_t bytes;     /* of them */
    size_t refuse_at; /* this group is not taken; 0: all are */
};

static inline void server_open_as(struct server *server, const struct postgres_options *options)
{
    struct id book;
    *server = (struct server){.log = NULL};
    assert_int_equal(postgres_log_open(options, &book, &server->log), LB_OK);
}

static inline void server_open(struct fixture *fixture, struct server *server)
{
    const struct postgres_options options = fixture_options(fixture);
    server_open_as(server, &options);
}

static inline void server_close(struct server *server)
{
    server->log->ops->close(server->log);
}

static inline enum lb_result server_take(void *context, const struct shared_log_group *group)
{
    struct server *server = context;
    assert_int_equal(group->mark.number, server->known.number + 1);
    assert_true(group->mark.chain == shared_log_chain(server->known.chain, group->changes));
    if (group->mark.number == server->refuse_at) {
        return LB_TRY_LATER;
    }
    server->known = group->mark;
    server->taken++;
    server->bytes += group->changes.size;
    return LB_OK;
}

static inline enum lb_result server_turn(struct server *server)
{
    server->taken = 0;
    server->bytes = 0;
    return server->log->ops->turn(server->log, server->known, server_take, server);
}

static inline enum lb_result server_read(struct server *server, uint64_t bytes_max, bool *is_all)
{
    server->taken = 0;
    server->bytes = 0;
    return server->log->ops->read(server->log, server->known, bytes_max, server_take, server,
                                  is_all);
}

/* Ends the turn with a group, and entries that follow those this server wrote. */
static inline enum lb_result server_write_group(struct server *server, struct bytes changes,
                                                size_t entries)
{
    struct shared_log_group group = {.changes = changes,
                                     .entry_count = entries,
                                     .entry = entries == 0 ? 0 : server->entries + entries};
    group.mark.number = server->known.number + 1;
    group.mark.chain = shared_log_chain(server->known.chain, group.changes);
    enum lb_result result = server->log->ops->write(server->log, &group);
    if (result == LB_OK) {
        server->known = group.mark;
        server->entries += entries;
    }
    return result;
}

/* The same with so many bytes, which packed are no fewer. */
static inline enum lb_result server_write_more(struct server *server, size_t bytes, size_t entries)
{
    uint8_t *changes = malloc(bytes);
    assert_non_null(changes);
    struct random_seeded seeded = {.state = server->known.number};
    const struct random_source noise = random_of_seeded(&seeded);
    assert_true(random_fill(&noise, changes, bytes));
    const enum lb_result result = server_write_group(server, bytes_of(changes, bytes), entries);
    free(changes);
    return result;
}

static inline enum lb_result server_write(struct server *server)
{
    return server_write_more(server, GROUP_BYTES, 0);
}

/* A whole turn that writes a group. */
static inline void server_go(struct server *server)
{
    assert_int_equal(server_turn(server), LB_OK);
    assert_int_equal(server_write(server), LB_OK);
}

/* Something that waits, on a thread of its own. */
struct waiter {
    pthread_t thread;
    struct server *server;
    enum lb_result (*act)(struct server *server);
    enum lb_result result;
};

static inline void *waiter_main(void *context)
{
    struct waiter *waiter = context;
    waiter->result = waiter->act(waiter->server);
    return NULL;
}

static inline void waiter_start(struct waiter *waiter, struct server *server,
                                enum lb_result (*act)(struct server *server))
{
    *waiter = (struct waiter){.server = server, .act = act};
    assert_int_equal(pthread_create(&waiter->thread, NULL, waiter_main, waiter), 0);
}

static inline enum lb_result waiter_join(struct waiter *waiter)
{
    assert_int_equal(pthread_join(waiter->thread, NULL), 0);
    return waiter->result;
}

#define OURS "application_name = 'lovebankd'"
#define WAITS_FOR_LOCK \
    "SELECT count(*) FROM pg_stat_activity WHERE " OURS " AND wait_event_type = 'Lock'"

#define CUT_IDLE                                                                \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND state = 'idle'"
#define NOBODY_LEFT "SELECT (count(*) = 0)::int FROM pg_stat_activity WHERE " OURS

/* A standby that is not there: commits wait for it for ever. */
static inline void set_standby(struct fixture *fixture, const char *names)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "ALTER SYSTEM SET synchronous_standby_names = '%s'", names);
    sql(fixture, text);
    sql(fixture, "SELECT pg_reload_conf()");
    sql_until(fixture, *names == '\0'
                           ? "SELECT (current_setting('synchronous_standby_names') = '')::int"
                           : "SELECT (current_setting('synchronous_standby_names') <> '')::int");
    if (*names != '\0') { /* the checkpointer is the one that tells the others */
        sql_until(fixture,
                  "SELECT (pg_conf_load_time() < clock_timestamp() - interval '300 ms')::int");
    }
}

static inline enum lb_result act_write(struct server *server)
{
    return server_write(server);
}

static inline enum lb_result act_prove(struct server *server)
{
    return server->log->ops->prove(server->log, server->known);
}

#endif
