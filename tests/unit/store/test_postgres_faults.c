/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The log in PostgreSQL when something goes wrong: connections lost in every phase, commits of
 * which nobody knows, servers that stand still, hosts that do not answer, no space, no rights.
 */
#include "postgres_fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

#define CUT                                                                     \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND state = 'idle in transaction'"
#define CUT_IDLE                                                                \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND state = 'idle'"
#define CUT_WAITING                                                             \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event_type = 'Lock'"
#define COMMIT_WAITS \
    "SELECT count(*) FROM pg_stat_activity WHERE " OURS " AND wait_event = 'SyncRep'"
#define COMMIT_CUT                                                              \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event = 'SyncRep'"
#define COMMIT_CANCEL                                                        \
    "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event = 'SyncRep'"
#define NOBODY_LEFT "SELECT (count(*) = 0)::int FROM pg_stat_activity WHERE " OURS

/* A standby that is not there: commits wait for it for ever. */
static void set_standby(struct fixture *fixture, const char *names)
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

static enum lb_result act_write(struct server *server)
{
    return server_write(server);
}

static enum lb_result act_prove(struct server *server)
{
    return server->log->ops->prove(server->log, server->known);
}

/* ---- connections ---- */

static void a_connection_lost_between_turns_is_made_again(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    server_go(&a);
    assert_int_equal(sql_number(fixture, CUT_IDLE), 1);
    sql_until(fixture, NOBODY_LEFT);
    server_go(&a);
    assert_int_equal(sql_number(fixture, CUT_IDLE), 1);
    sql_until(fixture, NOBODY_LEFT);
    bool is_all = false;
    assert_int_equal(server_read(&a, 1, &is_all), LB_OK);
    assert_int_equal(sql_number(fixture, CUT_IDLE), 1);
    sql_until(fixture, NOBODY_LEFT);
    assert_int_equal(act_prove(&a), LB_OK);
    assert_int_equal(a.known.number, 2);
    assert_true(fixture_was_told(fixture, "can be used again"));
    server_close(&a);
}

static void a_connection_lost_with_the_turn_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(sql_number(fixture, CUT), 1);
    sql_until(fixture, NOBODY_LEFT);
    assert_int_equal(server_write(&a), LB_STORAGE_CONFLICT);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 0); /* it never was */
    assert_int_equal(sql_number(fixture, CUT), 1);
    sql_until(fixture, NOBODY_LEFT);
    a.log->ops->leave(a.log); /* of a turn that is gone */
    server_go(&a);
    assert_int_equal(a.known.number, 2);
    server_close(&a);
}

static void a_connection_lost_while_it_waits_for_the_turn_waits_again(void **state)
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
    assert_int_equal(sql_number(fixture, CUT_WAITING), 1);
    sql_until(fixture, "SELECT (count(*) > 1)::int FROM pg_stat_activity WHERE " OURS);
    sql_until(fixture, WAITS_FOR_LOCK);
    assert_int_equal(server_write(&a), LB_OK);
    assert_int_equal(waiter_join(&waiter), LB_OK);
    assert_int_equal(b.taken, 1);
    b.log->ops->leave(b.log);
    server_close(&a);
    server_close(&b);
}

static void a_server_that_stands_still_with_the_turn_loses_it(void **state)
{
    struct fixture *fixture = *state;
    struct store_postgres_options options = fixture_options(fixture);
    struct server a;
    struct server b;
    server_open(fixture, &b);
    options.reach_ms = 3000;
    server_open_as(&a, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    int64_t before_ns = clock_system_monotonic_ns();
    server_go(&b); /* waits, and has it */
    assert_in_range((clock_system_monotonic_ns() - before_ns) / 1000000, 500, 10000);
    assert_int_equal(server_write(&a), LB_STORAGE_CONFLICT);
    server_go(&a);
    assert_int_equal(a.taken, 1);
    server_close(&a);
    server_close(&b);
}

/* ---- commits ---- */

/* In each case the group is there afterwards, as the next turn shows; nobody knew. */
static void commit_ended_by(struct fixture *fixture, const char *how, const char *why)
{
    struct server a;
    struct server b;
    struct waiter waiter;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    set_standby(fixture, "nobody");
    waiter_start(&waiter, &a, act_write);
    sql_until(fixture, COMMIT_WAITS);
    assert_int_equal(sql_number(fixture, how), 1);
    assert_int_equal(waiter_join(&waiter), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "whether it is durable is not known"));
    assert_true(fixture_was_told(fixture, why));
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 1);
    waiter_start(&waiter, &a, act_write); /* which does not get through either */
    sql_until(fixture, COMMIT_WAITS);
    set_standby(fixture, "");
    assert_int_equal(waiter_join(&waiter), LB_OK);
    assert_int_equal(server_turn(&b), LB_OK);
    assert_int_equal(b.taken, 3);
    b.log->ops->leave(b.log);
    server_close(&a);
    server_close(&b);
}

static void a_commit_that_no_standby_confirmed_is_not_known(void **state)
{
    commit_ended_by(*state, COMMIT_CANCEL, "canceling wait for synchronous replication");
}

static void a_connection_lost_while_the_commit_waits_is_not_known(void **state)
{
    commit_ended_by(*state, COMMIT_CUT, "the connection");
}

static void a_proof_is_tried_until_it_is_one(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct waiter waiter;
    server_open(fixture, &a);
    server_go(&a);
    set_standby(fixture, "nobody");
    waiter_start(&waiter, &a, act_prove);
    sql_until(fixture, COMMIT_WAITS);
    assert_int_equal(sql_number(fixture, COMMIT_CANCEL), 1);
    sql_until(fixture, COMMIT_WAITS); /* the next try */
    assert_int_equal(sql_number(fixture, COMMIT_CUT), 1);
    sql_until(fixture, COMMIT_WAITS);
    set_standby(fixture, "");
    assert_int_equal(waiter_join(&waiter), LB_OK);
    server_close(&a);
}

static void a_commit_that_takes_too_long_is_given_up_and_still_holds_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct store_postgres_options options = fixture_options(fixture);
    struct server a;
    struct waiter waiter;
    server_open_as(&a, &options);
    server_close(&a);
    options.reach_ms = 500;
    server_open_as(&a, &options);
    server_go(&a);
    assert_int_equal(server_turn(&a), LB_OK);
    set_standby(fixture, "nobody");
    assert_int_equal(server_write(&a), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "does not answer"));
    assert_int_equal(server_turn(&a), LB_STORE_UNREACHABLE); /* it waits for that commit's lock */
    assert_int_equal(act_prove(&a), LB_STORE_UNREACHABLE);
    bool is_all = false;
    assert_int_equal(server_read(&a, 1, &is_all), LB_OK); /* but reading goes on */
    assert_int_equal(a.taken, 0);
    set_standby(fixture, "");
    sql_until(fixture, "SELECT (group_number = 2)::int FROM lovebank_book WHERE name = '%s'");
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 1);
    waiter_start(&waiter, &a, act_write);
    assert_int_equal(waiter_join(&waiter), LB_OK);
    server_close(&a);
}

static void a_stop_leaves_a_commit_a_moment_and_no_more(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct waiter waiter;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    set_standby(fixture, "nobody");
    waiter_start(&waiter, &a, act_write);
    sql_until(fixture, COMMIT_WAITS);
    int64_t before_ns = clock_system_monotonic_ns();
    a.log->ops->stop(a.log);
    assert_int_equal(waiter_join(&waiter), LB_STORAGE_CONFLICT);
    assert_in_range((clock_system_monotonic_ns() - before_ns) / 1000000, 900, 10000);
    assert_int_equal(server_turn(&a), LB_SHUTTING_DOWN);
    set_standby(fixture, "");
    server_close(&a);
}

/* ---- hosts ---- */

/* A socket where the kernel takes connections, and nobody says anything. */
static int listen_silently(const char *directory)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int size = snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.5432", directory);
    assert_true(size > 0 && (size_t)size < sizeof(address.sun_path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void the_next_host_is_tried_when_one_does_not_answer(void **state)
{
    struct fixture *fixture = *state;
    char silent[64];
    const char *parent = getenv("TMPDIR");
    (void)snprintf(silent, sizeof(silent), "%s/lovebank-test-XXXXXX",
                   parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(silent));
    int fd = listen_silently(silent);
    struct store_postgres_options options = fixture_options(fixture);
    PQconninfoOption *parts = PQconninfoParse(fixture->url, NULL);
    assert_non_null(parts);
    const char *directory = NULL;
    for (const PQconninfoOption *each = parts; each->keyword != NULL; each++) {
        directory = strcmp(each->keyword, "host") == 0 ? each->val : directory;
    }
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url),
                   "host=/nothing/here,%s,%s user=lovebank dbname=postgres connect_timeout=3",
                   silent, directory);
    options.url = url;
    struct server a;
    server_open_as(&a, &options); /* one is not there, one is silent, one is good */
    server_go(&a);
    assert_int_equal(sql_number(fixture, CUT_IDLE), 1);
    sql_until(fixture, NOBODY_LEFT);
    int64_t before_ns = clock_system_monotonic_ns();
    server_go(&a); /* the good one is tried first now */
    assert_true(clock_system_monotonic_ns() - before_ns < 2500 * INT64_C(1000000));
    server_close(&a);
    (void)snprintf(url, sizeof(url), "host=%s user=lovebank dbname=postgres", silent);
    options.reach_ms = 300;
    struct shared_log *log = NULL;
    struct id book;
    assert_int_equal(store_postgres_log_open(&options, &book, &log), LB_STORE_UNREACHABLE);
    assert_true(fixture_was_told(fixture, "does not answer"));
    PQconninfoFree(parts);
    assert_int_equal(close(fd), 0);
    (void)snprintf(url, sizeof(url), "%s/.s.PGSQL.5432", silent);
    assert_int_equal(unlink(url), 0);
    assert_int_equal(rmdir(silent), 0);
}

static void a_database_that_is_not_there_is_waited_for_so_long_and_no_longer(void **state)
{
    struct fixture *fixture = *state;
    struct store_postgres_options options = fixture_options(fixture);
    options.url = "postgres://nobody@/nothing?host=/nothing/here";
    options.reach_ms = 300;
    struct shared_log *log = NULL;
    struct id book;
    int64_t before_ns = clock_system_monotonic_ns();
    assert_int_equal(store_postgres_log_open(&options, &book, &log), LB_STORE_UNREACHABLE);
    assert_in_range((clock_system_monotonic_ns() - before_ns) / 1000000, 300, 5000);
    assert_true(fixture_was_told(fixture, "/nothing/here"));
    assert_int_equal(store_postgres_migrate(&options), LB_STORE_UNREACHABLE);
}

static enum lb_result act_migrate(struct server *server)
{
    const struct store_postgres_options *options = server->options;
    return store_postgres_migrate(options);
}

static void a_standby_is_waited_for_until_it_has_taken_over(void **state)
{
    struct fixture *fixture = *state;
    struct fixture standby = {.admin = NULL};
    cluster_start(&standby, "--standby");
    struct store_postgres_options options = fixture_options(fixture);
    options.url = standby.url;
    struct server a = {.options = &options};
    struct waiter waiter;
    waiter_start(&waiter, &a, act_migrate);
    sql_until(&standby, "SELECT count(*) FROM pg_stat_activity WHERE " OURS);
    sql(&standby, "SELECT pg_promote()");
    assert_int_equal(waiter_join(&waiter), LB_OK);
    assert_true(fixture_was_told(fixture, "is a standby"));
    assert_int_equal(fixture->reports, 1);
    cluster_stop(&standby);
}

/* ---- what the database refuses ---- */

/* The disk cannot be filled here: a trigger says what the server would. */
static void without_space_nothing_is_written_and_the_turn_is_over(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_open(fixture, &b);
    server_go(&a);
    sql(fixture, "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
                 "EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = "
                 "'53100'; END $$");
    sql(fixture, "CREATE TRIGGER full_disk BEFORE INSERT ON lovebank_group "
                 "FOR EACH ROW EXECUTE FUNCTION full_disk()");
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 2), LB_STORAGE_FULL);
    assert_true(fixture_was_told(fixture, "No space left"));
    assert_int_equal(server_turn(&b), LB_OK);
    assert_int_equal(b.taken, 1);
    b.log->ops->leave(b.log);
    sql(fixture, "DROP TRIGGER full_disk ON lovebank_group");
    sql(fixture, "DROP FUNCTION full_disk()");
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 2), LB_OK);
    server_close(&a);
    server_close(&b);
}

static void what_will_not_go_away_is_said_by_the_next_turn(void **state)
{
    struct fixture *fixture = *state;
    char url[URL_BYTES];
    struct store_postgres_options options = fixture_options(fixture);
    struct server a;
    struct server b;
    server_open(fixture, &a);
    server_go(&a);
    sql(fixture, "CREATE ROLE reader LOGIN");
    sql(fixture, "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO reader");
    sql(fixture, "REVOKE INSERT ON lovebank_group FROM reader");
    (void)snprintf(url, sizeof(url), "%s&user=reader", fixture->url);
    options.url = url;
    server_open_as(&b, &options);
    assert_int_equal(server_turn(&b), LB_OK);
    assert_int_equal(server_write(&b), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "42501"));
    assert_int_equal(server_turn(&b), LB_STORAGE_FAULT);
    sql(fixture, "GRANT INSERT ON lovebank_group TO reader");
    server_go(&b);
    assert_int_equal(b.known.number, 2);
    server_close(&a);
    server_close(&b);
}

static void an_entry_that_is_there_already_is_never_written_over(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 3), LB_OK);
    a.entries = 2;
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 1), LB_STORAGE_CONFLICT);
    assert_int_equal(server_turn(&a), LB_STORAGE_FAULT);
    a.entries = 3;
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 1), LB_OK);
    assert_int_equal(a.known.number, 2);
    server_close(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(a_connection_lost_between_turns_is_made_again),
        ON_BOOK(a_connection_lost_with_the_turn_leaves_nothing),
        ON_BOOK(a_connection_lost_while_it_waits_for_the_turn_waits_again),
        ON_BOOK(a_server_that_stands_still_with_the_turn_loses_it),
        ON_BOOK(a_commit_that_no_standby_confirmed_is_not_known),
        ON_BOOK(a_connection_lost_while_the_commit_waits_is_not_known),
        ON_BOOK(a_proof_is_tried_until_it_is_one),
        ON_BOOK(a_commit_that_takes_too_long_is_given_up_and_still_holds_the_turn),
        ON_BOOK(a_stop_leaves_a_commit_a_moment_and_no_more),
        ON_BOOK(the_next_host_is_tried_when_one_does_not_answer),
        ON_BOOK(a_database_that_is_not_there_is_waited_for_so_long_and_no_longer),
        ON_BOOK(a_standby_is_waited_for_until_it_has_taken_over),
        ON_BOOK(without_space_nothing_is_written_and_the_turn_is_over),
        ON_BOOK(what_will_not_go_away_is_said_by_the_next_turn),
        ON_BOOK(an_entry_that_is_there_already_is_never_written_over),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
