/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an operator reads when the server does not start.
 */
#include "app/complain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT_BYTES 2048

typedef void complain_fn(enum lb_result result, const char *thing, const char *detail);

/* What one of them writes on standard error. */
static void complaint_by(complain_fn *say, enum lb_result result, const char *thing,
                         const char *detail, char text[static TEXT_BYTES])
{
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stderr);
    const int before = dup(STDERR_FILENO);
    assert_true(before >= 0);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    say(result, thing, detail);
    (void)fflush(stderr);
    assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
    assert_int_equal(close(before), 0);
    rewind(file);
    text[fread(text, 1, TEXT_BYTES - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

static void complaint(enum lb_result result, const char *thing, const char *detail,
                      char text[static TEXT_BYTES])
{
    complaint_by(complain, result, thing, detail, text);
}

/* --- accepts --- */

static void the_thing_stands_in_the_sentence(void **state)
{
    char text[TEXT_BYTES];
    (void)state;
    complaint(LB_ENTRY_UNKNOWN, "/var/book", "", text);
    assert_string_equal(
        text, "lovebankd: 目录 /var/book 里没有账本。请核对 --data-dir，或先运行 lovebankd init\n"
              "lovebankd: there is no book in /var/book; check --data-dir, or run lovebankd init "
              "first\n");
}

static void the_detail_stands_behind_the_english_sentence(void **state)
{
    char text[TEXT_BYTES];
    (void)state;
    complaint(LB_STORAGE_FAULT, "/var/book", "Permission denied", text);
    assert_non_null(strstr(text, "请看它的权限和磁盘\n"));
    assert_non_null(strstr(text, "the disk (Permission denied)\n"));
}

static void a_sentence_without_a_place_has_the_thing_behind_it(void **state)
{
    char text[TEXT_BYTES];
    (void)state;
    complaint(LB_MEMORY, "http", "", text);
    const char *second = strchr(text, '\n');
    assert_non_null(second);
    assert_int_equal(strncmp(second - strlen("(http)"), "(http)", strlen("(http)")), 0);
    assert_string_equal(second + strlen(second) - strlen(" (http)\n"), " (http)\n");
}

/* What the start may fail with. */
static const enum lb_result results[] = {
    LB_FORMAT_NEWER,       LB_STORAGE_FAULT, LB_STORAGE_FULL,      LB_STORAGE_CORRUPT,
    LB_DIRECTORY_LOCKED,   LB_KEY_MISSING,   LB_DIRECTORY_NETWORK, LB_CONFIG_INVALID,
    LB_DIRECTORY_UNUSABLE, LB_MEMORY,        LB_ALREADY_EXISTS,    LB_INTERNAL,
};
#define RESULTS (sizeof(results) / sizeof(results[0]))

static void whatever_ends_a_start_is_told_in_both_languages(void **state)
{
    complain_fn *const saying[] = {complain, complain_of_database};
    (void)state;
    for (size_t i = 0; i < 2 * RESULTS; i++) {
        char text[TEXT_BYTES];
        complaint_by(saying[i / RESULTS], results[i % RESULTS], "THING", "DETAIL", text);
        const char *second = strchr(text, '\n');
        assert_non_null(second);
        assert_non_null(strstr(second, "DETAIL"));
        assert_non_null(strstr(second, "THING"));
        assert_ptr_equal(strchr(second + 1, '\n'), text + strlen(text) - 1);
        assert_true(strstr(text, "THING") < second);
        assert_null(strchr(text, '{'));
    }
}

static void a_database_is_never_called_a_data_directory(void **state)
{
    (void)state;
    for (size_t i = 0; i < RESULTS; i++) {
        char text[TEXT_BYTES];
        complaint_by(complain_of_database, results[i], "postgres://", "", text);
        assert_null(strstr(text, "数据目录 postgres://"));
        assert_null(strstr(text, "the data directory postgres://"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thing_stands_in_the_sentence),
        cmocka_unit_test(the_detail_stands_behind_the_english_sentence),
        cmocka_unit_test(a_sentence_without_a_place_has_the_thing_behind_it),
        cmocka_unit_test(whatever_ends_a_start_is_told_in_both_languages),
        cmocka_unit_test(a_database_is_never_called_a_data_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
