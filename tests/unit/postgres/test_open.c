/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening a log in PostgreSQL: tables made and refused, URLs, names, and settings of the server
 * that could lose what was acknowledged.
 */
#include "fixture.h"

#define MIGRATIONS 4

static enum lb_result try_open(const struct postgres_options *options)
{
    struct shared_log *log = NULL;
    struct id book;
    enum lb_result result = postgres_log_open(options, &book, &log);
    if (result == LB_OK) {
        log->ops->close(log);
    }
    return result;
}

static enum lb_result try_url(struct fixture *fixture, const char *url)
{
    struct postgres_options options = fixture_options(fixture);
    options.url = url;
    fixture->reported[0] = '\0';
    return try_open(&options);
}

/* A database of its own, without tables. */
static void new_database(struct fixture *fixture, char url[URL_BYTES], const char *name)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "CREATE DATABASE %s", name);
    sql(fixture, text);
    (void)snprintf(url, URL_BYTES, "%s&dbname=%s", fixture->url, name);
}

static void drop_database(struct fixture *fixture, const char *name)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "DROP DATABASE %s WITH (FORCE)", name);
    sql(fixture, text);
}

/* ---- tables ---- */

static void migrating_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    server_open(fixture, &a);
    server_go(&a);
    assert_int_equal(postgres_migrate(&options), LB_OK);
    server_go(&a);
    assert_int_equal(a.known.number, 2);
    server_close(&a);
    assert_int_equal(fixture->reports, 0);
}

struct migration {
    pthread_t thread;
    const struct postgres_options *options;
    enum lb_result result;
};

static void *migration_main(void *context)
{
    struct migration *migration = context;
    migration->result = postgres_migrate(migration->options);
    return NULL;
}

static void migrations_at_the_same_moment_make_the_tables_once(void **state)
{
    struct fixture *fixture = *state;
    char url[URL_BYTES];
    for (unsigned round = 0; round < 3; round++) {
        new_database(fixture, url, "crowded");
        struct postgres_options options = fixture_options(fixture);
        options.url = url;
        struct migration migrations[MIGRATIONS];
        for (unsigned i = 0; i < MIGRATIONS; i++) {
            migrations[i] = (struct migration){.options = &options};
            assert_int_equal(
                pthread_create(&migrations[i].thread, NULL, migration_main, &migrations[i]), 0);
        }
        for (unsigned i = 0; i < MIGRATIONS; i++) {
            assert_int_equal(pthread_join(migrations[i].thread, NULL), 0);
            assert_int_equal(migrations[i].result, LB_OK);
        }
        assert_int_equal(try_open(&options), LB_OK);
        drop_database(fixture, "crowded");
    }
}

static void a_database_without_tables_is_refused_with_the_remedy(void **state)
{
    struct fixture *fixture = *state;
    char url[URL_BYTES];
    new_database(fixture, url, "empty");
    assert_int_equal(try_url(fixture, url), LB_STORAGE_FAULT);
    assert_true(fixture_was_told(fixture, "lovebankd migrate"));
    drop_database(fixture, "empty");
}

static void tables_of_another_version_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    sql(fixture, "UPDATE lovebank_schema SET version = 2");
    assert_int_equal(try_open(&options), LB_FORMAT_NEWER);
    assert_true(fixture_was_told(fixture, "version 2"));
    assert_int_equal(postgres_migrate(&options), LB_FORMAT_NEWER);
    assert_int_equal(sql_number(fixture, "SELECT version FROM lovebank_schema"), 2);
    sql(fixture, "UPDATE lovebank_schema SET version = 0");
    assert_int_equal(try_open(&options), LB_STORAGE_FAULT);
    assert_true(fixture_was_told(fixture, "lovebankd migrate"));
    sql(fixture, "UPDATE lovebank_schema SET version = 1");
    assert_int_equal(try_open(&options), LB_OK);
}

static void who_may_not_make_tables_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    char empty[URL_BYTES];
    char url[URL_BYTES + 16];
    new_database(fixture, empty, "guarded");
    sql(fixture, "CREATE ROLE guest LOGIN");
    (void)snprintf(url, sizeof(url), "%s&user=guest", empty);
    struct postgres_options options = fixture_options(fixture);
    options.url = url;
    int64_t before_ns = clock_system_monotonic_ns();
    assert_int_equal(postgres_migrate(&options), LB_STORAGE_FAULT);
    assert_true(clock_system_monotonic_ns() - before_ns < REACH_MS / 2 * INT64_C(1000000));
    assert_true(fixture_was_told(fixture, "42501"));
    drop_database(fixture, "guarded");
}

/* The server keeps the tables as its own second check: what no program of ours would write. */
static void the_tables_refuse_what_cannot_be(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wrong[] = {
        "INSERT INTO lovebank_schema (version) VALUES (3)",
        "INSERT INTO lovebank_book (book, name) VALUES ('too short', 'x')",
        "INSERT INTO lovebank_book (book, name) VALUES ('0123456789abcdef', '')",
        "INSERT INTO lovebank_group (book, number, chain, size, changes) "
        "VALUES ('0123456789abcdef', 1, 1, 1, '')",
        "INSERT INTO lovebank_group (book, number, chain, size, changes) "
        "SELECT book, 0, 1, 1, '' FROM lovebank_book LIMIT 1",
        "INSERT INTO lovebank_group (book, number, chain, size, changes) "
        "SELECT book, 1000, 1, 536870913, '' FROM lovebank_book LIMIT 1",
        "INSERT INTO lovebank_group (book, number, chain, size, changes) "
        "SELECT book, 1000, 1, 0, '' FROM lovebank_book LIMIT 1",
        "INSERT INTO lovebank_group (book, number, chain, size, changes) "
        "SELECT book, 1000, 1, 1, repeat('x', 66)::bytea FROM lovebank_book LIMIT 1",
        "UPDATE lovebank_book SET group_number = -1",
        "UPDATE lovebank_book SET group_number = NULL",
        "UPDATE lovebank_book SET entry_number = -1",
        "UPDATE lovebank_book SET entry_number = NULL",
    };
    struct server a;
    server_open(fixture, &a); /* there is a book */
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        PGresult *result = PQexec(fixture->admin, wrong[i]);
        const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        assert_non_null(sqlstate);
        assert_memory_equal(sqlstate, "23", 2); /* a constraint */
        PQclear(result);
    }
    server_close(&a);
}

/* ---- URLs and names ---- */

static void a_password_in_the_url_is_refused_and_not_repeated(void **state)
{
    struct fixture *fixture = *state;
    static const char *const urls[] = {
        "postgres://lovebank:sesame@localhost/lovebank",
        "host=localhost password=sesame",
        "postgres://localhost/?sslpassword=sesame",
        "postgres://lovebank:sesame@localhost/lovebank?nonsense=1", /* which libpq would quote */
        "postgres://lovebank:sesame@[localhost/lovebank",
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_int_equal(try_url(fixture, urls[i]), LB_CONFIG_INVALID);
        assert_true(fixture_was_told(fixture, "the URL of the database"));
        assert_null(strstr(fixture->reported, "sesame"));
    }
}

static void urls_that_cannot_be_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const urls[] = {
        "",
        "mysql://localhost/",
        "postgres://a,b/?hostaddr=127.0.0.1",
        "postgres://a:1,b:2,c:3/?host=a,b",
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_int_equal(try_url(fixture, urls[i]), LB_CONFIG_INVALID);
        assert_true(fixture_was_told(fixture, "the URL of the database"));
    }
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url), "host=%0600d", 1);
    assert_int_equal(try_url(fixture, url), LB_CONFIG_INVALID);
}

static void whom_the_database_does_not_know_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    char url[URL_BYTES];
    int64_t before_ns = clock_system_monotonic_ns();
    (void)snprintf(url, sizeof(url), "%s&user=stranger", fixture->url);
    assert_int_equal(try_url(fixture, url), LB_STORAGE_FAULT);
    assert_true(fixture_was_told(fixture, "28000"));
    (void)snprintf(url, sizeof(url), "%s&dbname=elsewhere", fixture->url);
    assert_int_equal(try_url(fixture, url), LB_STORAGE_FAULT);
    assert_true(fixture_was_told(fixture, "3D000"));
    assert_true(clock_system_monotonic_ns() - before_ns < REACH_MS / 2 * INT64_C(1000000));
}

static void names_of_books_are_text_and_found_only_if_they_are_there(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    char name[POSTGRES_NAME_BYTES_MAX + 2];
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    options.name = name;
    assert_int_equal(try_open(&options), LB_CONFIG_INVALID);
    name[sizeof(name) - 2] = '\0';
    assert_int_equal(try_open(&options), LB_OK);
    options.name = "";
    assert_int_equal(try_open(&options), LB_CONFIG_INVALID);
    options.name = "a\nb";
    assert_int_equal(try_open(&options), LB_CONFIG_INVALID);
    options.create = false;
    options.name = "爱心银行";
    assert_int_equal(try_open(&options), LB_CONFIG_INVALID);
    assert_true(fixture_was_told(fixture, "there is no book \"爱心银行\""));
    options.create = true;
    options.book.bytes[0] = 77;
    assert_int_equal(try_open(&options), LB_OK);
    options.create = false;
    assert_int_equal(try_open(&options), LB_OK);
}

/* ---- settings ---- */

static void set_setting(struct fixture *fixture, const char *name, const char *value)
{
    char text[256];
    (void)snprintf(text, sizeof(text), "ALTER SYSTEM SET %s = '%s'", name, value);
    sql(fixture, text);
    sql(fixture, "SELECT pg_reload_conf()");
    (void)snprintf(text, sizeof(text), "SELECT (current_setting('%s') = '%s')::int", name, value);
    sql_until(fixture, text);
}

/* The server's command line beats ALTER SYSTEM, so these are set for the role. */
static void set_for_role(struct fixture *fixture, const char *name, const char *value)
{
    char text[256];
    (void)snprintf(text, sizeof(text), "ALTER ROLE lovebank SET %s = '%s'", name, value);
    sql(fixture, text);
}

static void assert_unsafe(struct fixture *fixture, const struct postgres_options *options,
                          const char *setting, const char *value)
{
    fixture->reported[0] = '\0';
    assert_int_equal(try_open(options), LB_STORE_UNSAFE);
    assert_true(fixture_was_told(fixture, setting));
    assert_true(fixture_was_told(fixture, value));
    assert_int_equal(postgres_migrate(options), LB_STORE_UNSAFE);
}

static void without_a_second_machine_a_commit_must_still_be_on_this_ones_disk(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    set_for_role(fixture, "synchronous_commit", "off");
    assert_unsafe(fixture, &options, "synchronous_commit", "\"off\"");
    set_for_role(fixture, "synchronous_commit", "local");
    assert_int_equal(try_open(&options), LB_OK);
    sql(fixture, "ALTER ROLE lovebank RESET ALL");
}

static void with_one_it_must_have_come_there(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    assert_int_equal(try_open(&options), LB_OK); /* makes the book */
    options.is_ha = true;
    options.create = false;
    assert_unsafe(fixture, &options, "synchronous_standby_names", "\"\"");
    set_setting(fixture, "synchronous_standby_names", "ANY 1 (a, b)");
    assert_int_equal(try_open(&options), LB_OK);
    set_for_role(fixture, "synchronous_commit", "remote_write");
    assert_unsafe(fixture, &options, "synchronous_commit", "\"remote_write\"");
    set_for_role(fixture, "synchronous_commit", "remote_apply");
    assert_int_equal(try_open(&options), LB_OK);
    sql(fixture, "ALTER ROLE lovebank RESET ALL");
    set_setting(fixture, "synchronous_standby_names", "");
    options.is_ha = false;
    assert_int_equal(try_open(&options), LB_OK);
}

static void a_setting_that_becomes_unsafe_is_noticed_by_the_next_commit(void **state)
{
    struct fixture *fixture = *state;
    struct postgres_options options = fixture_options(fixture);
    struct server a;
    assert_int_equal(try_open(&options), LB_OK);
    options.create = false;
    options.is_ha = true;
    set_setting(fixture, "synchronous_standby_names", "nobody");
    server_open_as(&a, &options);
    set_setting(fixture, "synchronous_standby_names", "");
    sql_until(fixture, "SELECT (pg_conf_load_time() < clock_timestamp() - interval '100 ms')::int");
    assert_int_equal(server_turn(&a), LB_OK);
    assert_int_equal(server_write(&a), LB_STORAGE_CONFLICT);
    assert_true(fixture_was_told(fixture, "synchronous_standby_names"));
    assert_int_equal(server_turn(&a), LB_STORE_UNSAFE);
    server_close(&a);
}

/* What the server's owner set for its sessions does not end our commits, nor keep warnings back. */
static void sessions_are_set_as_they_must_be(void **state)
{
    struct fixture *fixture = *state;
    struct server a;
    set_for_role(fixture, "statement_timeout", "7");
    set_for_role(fixture, "client_min_messages", "error");
    set_for_role(fixture, "default_transaction_isolation", "serializable");
    set_for_role(fixture, "default_transaction_read_only", "on");
    server_open(fixture, &a);
    server_go(&a);
    server_close(&a);
    sql(fixture, "ALTER ROLE lovebank RESET ALL");
}

/* The check itself, for settings that a cluster cannot change while it runs. */
static void each_unsafe_setting_is_named(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *row;
        bool is_ha;
        enum lb_result result;
        const char *named;
    } cases[] = {
        {"'on', 'on', 'on', '', '0', 'false'", false, LB_OK, ""},
        {"'off', 'on', 'on', 'x', '9', 'false'", false, LB_STORE_UNSAFE, "fsync"},
        {"'on', 'off', 'on', 'x', '9', 'false'", false, LB_STORE_UNSAFE, "full_page_writes"},
        {"'on', 'on', 'off', 'x', '9', 'false'", false, LB_STORE_UNSAFE, "synchronous_commit"},
        {"'on', 'on', 'on', 'x', '9', 'false'", true, LB_OK, ""},
        {"'on', 'on', 'local', 'x', '9', 'false'", true, LB_STORE_UNSAFE, "synchronous_commit"},
        {"'on', 'on', 'on', 'x', '0', 'false'", true, LB_STORE_UNSAFE, "max_wal_senders"},
        {"NULL, NULL, NULL, NULL, NULL, NULL", false, LB_STORE_UNSAFE, "fsync"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct postgres_log log = {.is_ha = cases[i].is_ha};
        char text[256];
        (void)snprintf(text, sizeof(text), "SELECT %s", cases[i].row);
        PGresult *settings = sql_try(fixture->admin, text);
        assert_int_equal(postgres_check_settings(&log, settings), cases[i].result);
        assert_non_null(strstr(log.why, cases[i].named));
        PQclear(settings);
    }
}

/* With a second machine nothing may have been set anew while it was committed: who knows what? */
static void settings_hold_from_before_a_commit_until_after_it(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *after;
        bool is_ha;
        enum lb_result result;
    } cases[] = {
        {"'on', 'on', 'on', 'x', '9', 'false', 'then'", true, LB_OK},
        {"'on', 'on', 'on', 'x', '9', 'false', 'later'", true, LB_STORE_UNREACHABLE},
        {"'on', 'on', 'on', 'x', '9', 'false', 'later'", false, LB_OK},
        {"'on', 'on', 'on', '', '9', 'false', 'later'", true, LB_STORE_UNSAFE},
        {"'off', 'on', 'on', 'x', '9', 'false', 'later'", false, LB_STORE_UNSAFE},
    };
    PGresult *before =
        sql_try(fixture->admin, "SELECT 'on', 'on', 'on', 'x', '9', 'false', 'then'");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct postgres_log log = {.is_ha = cases[i].is_ha};
        char text[256];
        (void)snprintf(text, sizeof(text), "SELECT %s", cases[i].after);
        PGresult *after = sql_try(fixture->admin, text);
        assert_int_equal(postgres_check_settings_around(&log, before, after), cases[i].result);
        PQclear(after);
    }
    PQclear(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOOK(migrating_again_changes_nothing),
        ON_BOOK(migrations_at_the_same_moment_make_the_tables_once),
        ON_BOOK(a_database_without_tables_is_refused_with_the_remedy),
        ON_BOOK(tables_of_another_version_are_refused),
        ON_BOOK(who_may_not_make_tables_is_told_at_once),
        ON_BOOK(the_tables_refuse_what_cannot_be),
        ON_BOOK(a_password_in_the_url_is_refused_and_not_repeated),
        ON_BOOK(urls_that_cannot_be_are_refused),
        ON_BOOK(whom_the_database_does_not_know_is_told_at_once),
        ON_BOOK(names_of_books_are_text_and_found_only_if_they_are_there),
        ON_BOOK(without_a_second_machine_a_commit_must_still_be_on_this_ones_disk),
        ON_BOOK(with_one_it_must_have_come_there),
        ON_BOOK(a_setting_that_becomes_unsafe_is_noticed_by_the_next_commit),
        ON_BOOK(sessions_are_set_as_they_must_be),
        ON_BOOK(each_unsafe_setting_is_named),
        ON_BOOK(settings_hold_from_before_a_commit_until_after_it),
    };
    return cmocka_run_group_tests(tests, setup_cluster, teardown_cluster);
}
