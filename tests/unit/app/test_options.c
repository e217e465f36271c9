/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The setting of a database: what is taken, and what is refused without being shown.
 */
#include "app/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_BYTES 2048

/* As it is given on the command line; what is complained of. */
static bool load(const char *store, struct options *options, char complaints[static TEXT_BYTES])
{
    char program[] = "lovebankd";
    char no_file[] = "--config=";
    char setting[TEXT_BYTES];
    (void)snprintf(setting, sizeof(setting), "--store=%s", store);
    char *const arguments[] = {program, no_file, setting, NULL};
    char *const environment[] = {NULL};
    FILE *file = tmpfile();
    assert_non_null(file);
    const bool is_taken = options_load(3, arguments, environment, options, file);
    rewind(file);
    complaints[fread(complaints, 1, TEXT_BYTES - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    return is_taken;
}

/* --- accepts --- */

static void a_url_without_a_password_is_taken(void **state)
{
    static const char *const urls[] = {
        "",
        "postgres://lovebank@db.example/lovebank",
        "postgresql://lovebank@db1,db2:5433/lovebank?sslmode=verify-full",
        "postgres://lovebank@%2Frun%2Fpostgresql/lovebank?passfile=%2Fetc%2Fpass",
    };
    struct options options;
    char complaints[TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_true(load(urls[i], &options, complaints));
        assert_string_equal(options.store, urls[i]);
        assert_string_equal(complaints, "");
    }
}

/* --- rejects --- */

static void a_password_is_refused_wherever_it_stands_and_is_not_shown(void **state)
{
    static const char *const urls[] = {
        "postgres://lovebank:sesame@db.example/lovebank",
        "postgres://db.example/lovebank?password=sesame",
        "postgres://db.example/lovebank?pass%77ord=sesame",
        "postgres://db.example/lovebank?sslpassword=sesame",
        "host=db password=sesame",
    };
    struct options options;
    char complaints[TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_false(load(urls[i], &options, complaints));
        assert_non_null(strstr(complaints, "store 里不可写密码"));
        assert_non_null(strstr(complaints, "PGPASSFILE"));
        assert_null(strstr(complaints, "sesame"));
    }
}

static void what_is_not_understood_is_not_shown(void **state)
{
    static const char *const urls[] = {
        "postgress://lovebank:sesame@db.example/lovebank",
        "postgres://lovebank:sesame@[db.example/lovebank",
        "postgres://lovebank:sesame@db.example/lovebank?nonsense=1",
        "lovebank:sesame@db.example",
        "host=db user=sesame",
    };
    struct options options;
    char complaints[TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        assert_false(load(urls[i], &options, complaints));
        assert_non_null(strstr(complaints, "store 看不懂"));
        assert_non_null(strstr(complaints, "postgres://USER@HOST/DATABASE"));
        assert_null(strstr(complaints, "sesame"));
    }
}

static void one_that_is_too_long_is_not_shown(void **state)
{
    struct options options;
    char url[CONFIG_TEXT_BYTES + 64];
    char complaints[TEXT_BYTES];
    (void)state;
    (void)snprintf(url, sizeof(url), "postgres://u:sesame@h/%0*d", CONFIG_TEXT_BYTES, 0);
    assert_false(load(url, &options, complaints));
    assert_null(strstr(complaints, "sesame"));
    assert_true(load("", &options, complaints));
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_false(options_set_store(&options, url, file));
    rewind(file);
    complaints[fread(complaints, 1, TEXT_BYTES - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_non_null(strstr(complaints, "store"));
    assert_null(strstr(complaints, "sesame"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_without_a_password_is_taken),
        cmocka_unit_test(a_password_is_refused_wherever_it_stands_and_is_not_shown),
        cmocka_unit_test(what_is_not_understood_is_not_shown),
        cmocka_unit_test(one_that_is_too_long_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
