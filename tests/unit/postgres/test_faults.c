/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The log in PostgreSQL when something goes wrong: connections lost in every phase, commits of
 * which nobody knows, servers that stand still, no space, no rights.
 */
#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#define CUT                                                                     \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND state = 'idle in transaction'"
#define CUT_WAITING                                                             \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event_type = 'Lock'"
#define COMMIT_WAITS \
    "SELECT count(*) FROM pg_stat_activity WHERE " OURS " AND wait_event = 'SyncRep'"
#define COMMIT_WAITS_ALONE \
    "SELECT (count(*) = 1)::int FROM pg_stat_activity WHERE " OURS " AND wait_event = 'SyncRep'"
#define COMMIT_CUT                                                              \
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event = 'SyncRep'"
#define COMMIT_CANCEL                                                        \
    "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE " OURS \
    " AND wait_event = 'SyncRep'"

#define LARGE_BYTES (1u << 20) /* of a group that is not sent in one piece */

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
    struct postgres_options options = fixture_options(fixture);
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

/* Between a log and its server: passes on so many bytes to the server, and then, as if the log's
 * machine stood still, none any more; all that the server says. */
struct narrows {
    pthread_t thread;
    int ours;   /* the other end of what the log has for its connection */
    int server; /* the connection */
    size_t left;
};

static void *narrows_main(void *context)
{
    struct narrows *narrows = context;
    uint8_t bytes[4096];
    for (;;) {
        struct pollfd waits[] = {{.fd = narrows->left > 0 ? narrows->ours : -1, .events = POLLIN},
                                 {.fd = narrows->server, .events = POLLIN}};
        assert_true(poll(waits, 2, -1) > 0);
        for (unsigned i = 0; i < 2; i++) {
            size_t cap = i == 0 && narrows->left < sizeof(bytes) ? narrows->left : sizeof(bytes);
            ssize_t size = waits[i].revents == 0 ? 0 : read(waits[i].fd, bytes, cap);
            if (waits[i].revents != 0 && size <= 0) {
                return NULL; /* the server threw us out */
            }
            narrows->left -= i == 0 ? (size_t)size : 0;
            const int to = i == 0 ? narrows->server : narrows->ours;
            if (size > 0 && send(to, bytes, (size_t)size, MSG_NOSIGNAL) != size) {
                return NULL;
            }
        }
    }
}

static void narrows_begin(struct narrows *narrows, struct server *server, size_t bytes)
{
    const int socket = PQsocket(postgres_log_of(server->log)->connection);
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    *narrows = (struct narrows){.ours = ends[1], .server = dup(socket), .left = bytes};
    assert_true(narrows->server >= 0);
    const int flags = fcntl(narrows->server, F_GETFL);
    assert_int_equal(fcntl(narrows->server, F_SETFL, flags & ~O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(dup2(ends[0], socket), socket);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(pthread_create(&narrows->thread, NULL, narrows_main, narrows), 0);
}

static void narrows_end(struct narrows *narrows)
{
    assert_int_equal(pthread_join(narrows->thread, NULL), 0);
    assert_int_equal(close(narrows->ours), 0);
    assert_int_equal(close(narrows->server), 0);
}

static enum lb_result act_write_large(struct server *server)
{
    return server_write_more(server, LARGE_BYTES, 2);
}

static void a_server_that_stands_still_while_it_writes_loses_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    struct server b;
    struct narrows narrows;
    struct waiter waiter;
    server_open(fixture, &b);
    options.reach_ms = 3000;
    server_open_as(&a, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    narrows_begin(&narrows, &a, LARGE_BYTES / 2); /* half the group */
    waiter_start(&waiter, &a, act_write_large);
    server_go(&b); /* waits, and has it */
    assert_int_equal(waiter_join(&waiter), LB_STORAGE_CONFLICT);
    narrows_end(&narrows);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 1);
    assert_int_equal(act_write_large(&a), LB_OK);
    assert_int_equal(
        sql_number(fixture, "SELECT entry_number FROM lovebank_book WHERE name = '%s'"), 2);
    server_close(&a);
    server_close(&b);
}

/* The first statement that failed says why, not those that failed because of it. */
static void a_large_group_that_is_refused_leaves_nothing_and_says_why(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 3), LB_OK);
    a.entries = 2;
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(act_write_large(&a), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "23514"));
    assert_int_equal(server_turn(&a), LB_STORAGE_FAULT);
    a.entries = 3;
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 0);
    assert_int_equal(act_write_large(&a), LB_OK);
    server_close(&a);
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

/* The server lets go all that wait when it is to wait for nobody any more, and says nothing. */
static void a_commit_that_was_let_go_without_its_standby_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    struct waiter waiter;
    server_open_as(&a, &options); /* makes the book */
    server_close(&a);
    set_standby(fixture, "nobody");
    options.create = false;
    options.is_ha = true;
    server_open_as(&a, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    waiter_start(&waiter, &a, act_write);
    sql_until(fixture, COMMIT_WAITS);
    set_standby(fixture, "");
    assert_int_equal(waiter_join(&waiter), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "whether it is durable is not known"));
    assert_true(fixture_was_told(fixture, "synchronous_standby_names"));
    assert_int_equal(server_turn(&a), LB_STORE_UNSAFE);
    assert_int_equal(act_prove(&a), LB_STORE_UNSAFE);
    server_close(&a);
    options.is_ha = false;
    server_open_as(&a, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(a.taken, 1); /* on one machine it was there */
    a.log->ops->leave(a.log);
    server_close(&a);
}

static void a_proof_that_was_let_go_without_its_standby_is_none(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    struct waiter waiter;
    server_open_as(&a, &options);
    server_close(&a);
    set_standby(fixture, "nobody");
    options.create = false;
    options.is_ha = true;
    server_open_as(&a, &options);
    waiter_start(&waiter, &a, act_prove);
    sql_until(fixture, COMMIT_WAITS);
    set_standby(fixture, "");
    assert_int_equal(waiter_join(&waiter), LB_STORE_UNSAFE);
    server_close(&a);
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
    char next[256];
    (void)snprintf(next, sizeof(next), COMMIT_WAITS " AND pid <> %ld",
                   sql_number(fixture, "SELECT min(pid) FROM pg_stat_activity WHERE " OURS
                                       " AND wait_event = 'SyncRep'"));
    assert_int_equal(sql_number(fixture, COMMIT_CANCEL), 1);
    sql_until(fixture, next);
    sql_until(fixture, COMMIT_WAITS_ALONE);
    assert_int_equal(sql_number(fixture, COMMIT_CUT), 1);
    sql_until(fixture, COMMIT_WAITS);
    set_standby(fixture, "");
    assert_int_equal(waiter_join(&waiter), LB_OK);
    server_close(&a);
}

static void a_commit_that_takes_too_long_is_given_up_and_still_holds_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
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
    struct postgres_options options = fixture_options(fixture);
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

/* The head row counts them itself. */
static void entries_that_do_not_follow_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    server_open(fixture, &a);
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write_more(&a, GROUP_BYTES, 3), LB_OK);
    for (uint64_t wrong = 2; wrong <= 4; wrong += 2) { /* a number twice, one left out */
        a.entries = wrong;
        assert_int_equal(server_turn(&a), LB_OK);
        assert_int_equal(server_write_more(&a, GROUP_BYTES, 1), LB_STORAGE_CONFLICT);
        assert_int_equal(server_turn(&a), LB_STORAGE_FAULT);
    }
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
        ON_BOOK(a_server_that_stands_still_while_it_writes_loses_the_turn),
        ON_BOOK(a_large_group_that_is_refused_leaves_nothing_and_says_why),
        ON_BOOK(a_commit_that_no_standby_confirmed_is_not_known),
        ON_BOOK(a_commit_that_was_let_go_without_its_standby_is_not_known),
        ON_BOOK(a_proof_that_was_let_go_without_its_standby_is_none),
        ON_BOOK(a_connection_lost_while_the_commit_waits_is_not_known),
        ON_BOOK(a_proof_is_tried_until_it_is_one),
        ON_BOOK(a_commit_that_takes_too_long_is_given_up_and_still_holds_the_turn),
        ON_BOOK(a_stop_leaves_a_commit_a_moment_and_no_more),
        ON_BOOK(without_space_nothing_is_written_and_the_turn_is_over),
        ON_BOOK(what_will_not_go_away_is_said_by_the_next_turn),
        ON_BOOK(entries_that_do_not_follow_are_refused),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
