/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The log in PostgreSQL where the URL names several hosts, or none that can be used: silent ones,
 * standbys, and one that was left behind when another took over.
 */
#include "fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

/* ---- hosts that do not answer, or may not be written to ---- */

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
    struct postgres_options options = fixture_options(fixture);
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
    assert_int_equal(postgres_log_open(&options, &book, &log), LB_STORE_UNREACHABLE);
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
    struct postgres_options options = fixture_options(fixture);
    options.url = "postgres://nobody@/nothing?host=/nothing/here";
    options.reach_ms = 300;
    struct shared_log *log = NULL;
    struct id book;
    int64_t before_ns = clock_system_monotonic_ns();
    assert_int_equal(postgres_log_open(&options, &book, &log), LB_STORE_UNREACHABLE);
    assert_in_range((clock_system_monotonic_ns() - before_ns) / 1000000, 300, 5000);
    assert_true(fixture_was_told(fixture, "/nothing/here"));
    assert_int_equal(postgres_migrate(&options), LB_STORE_UNREACHABLE);
}

static enum lb_result act_migrate(struct server *server)
{
    const struct postgres_options *options = server->options;
    return postgres_migrate(options);
}

static void a_standby_is_waited_for_until_it_has_taken_over(void **state)
{
    struct fixture *fixture = *state;
    struct fixture standby = {.admin = NULL};
    database_start(&standby, "--standby");
    struct postgres_options options = fixture_options(fixture);
    options.url = standby.url;
    struct server a = {.options = &options};
    struct waiter waiter;
    waiter_start(&waiter, &a, act_migrate);
    fixture_until_told(fixture, "is a standby");
    sql(&standby, "SELECT pg_promote()");
    assert_int_equal(waiter_join(&waiter), LB_OK);
    assert_int_equal(fixture->reports, 1);
    database_stop(&standby);
}

/* ---- hosts that were left behind ---- */

/* A cluster that holds a book of the same name and id, with the first groups that the other has. */
static void copy_begin(struct fixture *fixture, struct fixture *copy, unsigned groups)
{
    struct server server;
    *copy = (struct fixture){.books = fixture->books};
    assert_int_equal(pthread_mutex_init(&copy->lock, NULL), 0);
    memcpy(copy->book, fixture->book, sizeof(copy->book));
    database_start(copy, NULL);
    const struct postgres_options options = fixture_options(copy);
    assert_int_equal(postgres_migrate(&options), LB_OK);
    server_open(copy, &server);
    for (unsigned i = 0; i < groups; i++) {
        server_go(&server);
    }
    server_close(&server);
}

static void copy_end(struct fixture *copy)
{
    database_stop(copy);
    (void)pthread_mutex_destroy(&copy->lock);
}

static struct postgres_options options_of_both(struct fixture *first, struct fixture *second,
                                               char url[URL_BYTES])
{
    struct postgres_options options = fixture_options(second);
    (void)snprintf(url, URL_BYTES, "host=%s,%s user=lovebank dbname=postgres", PQhost(first->admin),
                   PQhost(second->admin));
    options.url = url;
    return options;
}

#define GROUPS "SELECT group_number FROM lovebank_book WHERE name = '%s'"

static void a_host_that_lacks_what_is_known_is_passed_over(void **state)
{
    struct fixture *fixture = *state;
    struct fixture old;
    struct server new;
    struct server a;
    char url[URL_BYTES];
    bool is_all = false;
    copy_begin(fixture, &old, 1);
    const struct postgres_options options = options_of_both(&old, fixture, url);
    server_open(fixture, &new);
    for (unsigned i = 0; i < 3; i++) {
        server_go(&new);
    }
    server_open_as(&a, &options); /* each of them asks the old one first */
    a.known = new.known;
    assert_int_equal(act_prove(&a), LB_OK);
    server_close(&a);
    server_open_as(&a, &options);
    a.known = new.known;
    assert_int_equal(server_read(&a, 1, &is_all), LB_OK);
    server_close(&a);
    server_open_as(&a, &options);
    a.known = new.known;
    server_go(&a);
    assert_int_equal(a.known.number, 4);
    assert_true(fixture_was_told(fixture, "can be used again"));
    assert_int_equal(sql_number(&old, GROUPS), 1);
    assert_int_equal(sql_number(fixture, GROUPS), 4);
    server_close(&a);
    server_close(&new);
    copy_end(&old);
}

static void what_no_host_has_is_lost(void **state)
{
    struct fixture *fixture = *state;
    struct fixture old;
    struct server a;
    char url[URL_BYTES];
    copy_begin(fixture, &old, 1);
    struct postgres_options options = options_of_both(&old, fixture, url);
    server_open_as(&a, &options);
    server_close(&a);
    server_open(fixture, &a); /* the book is there, too */
    server_close(&a);
    options.reach_ms = 3000;
    server_open_as(&a, &options);
    a.known = (struct shared_log_mark){.number = 9, .chain = 9};
    assert_int_equal(server_turn(&a), LB_STORAGE_CORRUPT);
    assert_true(fixture_was_told(fixture, "group 9"));
    server_close(&a);
    copy_end(&old);
}

static void a_host_whose_commits_do_not_end_is_not_the_first_any_more(void **state)
{
    struct fixture *fixture = *state;
    struct fixture old;
    struct server a;
    char url[URL_BYTES];
    copy_begin(fixture, &old, 1);
    server_open(fixture, &a);
    server_go(&a);
    server_close(&a);
    struct postgres_options options = options_of_both(&old, fixture, url);
    options.reach_ms = 3000;
    server_open_as(&a, &options);
    assert_int_equal(server_turn(&a), LB_OK);
    set_standby(&old, "nobody");
    int64_t end_ns = postgres_deadline(PATIENCE_MS);
    bool has_turn = true; /* at the old one */
    while (!has_turn || server_write(&a) != LB_OK) {
        assert_true(clock_system_monotonic_ns() < end_ns);
        has_turn = server_turn(&a) == LB_OK;
    }
    assert_int_equal(sql_number(fixture, GROUPS), 2);
    assert_int_equal(sql_number(&old, GROUPS), 1);
    server_close(&a);
    copy_end(&old);
}

/* It shows nothing new; what no COMMIT there confirms is asked of another. */
static void who_only_reads_does_not_stay_with_a_host_that_was_left_behind(void **state)
{
    struct fixture *fixture = *state;
    struct fixture old;
    struct server new;
    struct server a;
    char url[URL_BYTES];
    copy_begin(fixture, &old, 1);
    server_open(fixture, &new);
    server_go(&new);
    struct postgres_options options = options_of_both(&old, fixture, url);
    options.reach_ms = 3000;
    server_open_as(&a, &options);
    bool is_all = false;
    assert_int_equal(server_read(&a, 1, &is_all), LB_OK);
    assert_int_equal(a.taken, 1);
    set_standby(&old, "nobody"); /* the new one had been it */
    server_go(&new);
    int64_t end_ns = postgres_deadline(PATIENCE_MS);
    assert_true(a.log->readings_per_proof > 0); /* as the store makes them */
    while (a.known.number < 2) {
        assert_true(clock_system_monotonic_ns() < end_ns);
        (void)!server_read(&a, 1, &is_all);
        (void)!act_prove(&a);
    }
    server_close(&a);
    server_close(&new);
    copy_end(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(the_next_host_is_tried_when_one_does_not_answer),
        ON_BOOK(a_database_that_is_not_there_is_waited_for_so_long_and_no_longer),
        ON_BOOK(a_standby_is_waited_for_until_it_has_taken_over),
        ON_BOOK(a_host_that_lacks_what_is_known_is_passed_over),
        ON_BOOK(what_no_host_has_is_lost),
        ON_BOOK(a_host_whose_commits_do_not_end_is_not_the_first_any_more),
        ON_BOOK(who_only_reads_does_not_stay_with_a_host_that_was_left_behind),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
