/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts as they are written for people.
 */
#include "base/amount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* accepts */

static void points_are_shown_without_zeros_at_the_end(void **state)
{
    (void)state;
    static const struct {
        int64_t centi;
        const char *text;
    } cases[] = {{1250, "12.5"},
                 {1200, "12"},
                 {1, "0.01"},
                 {0, "0"},
                 {-320, "-3.2"},
                 {-5, "-0.05"},
                 {INT64_MIN, "-92233720368547758.08"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[AMOUNT_TEXT_BYTES];
        amount_format_points(cases[i].centi, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void as_many_decimals_are_shown_as_there_are(void **state)
{
    (void)state;
    char text[AMOUNT_TEXT_BYTES];
    amount_format_decimal(1250, 3, text);
    assert_string_equal(text, "1.25");
    amount_format_decimal(7, AMOUNT_DECIMALS_MAX, text);
    assert_string_equal(text, "0.000007");
    amount_format_decimal(-7, 0, text);
    assert_string_equal(text, "-7");
}

static void minutes_of_a_day_are_shown_as_on_a_clock(void **state)
{
    (void)state;
    char text[AMOUNT_TEXT_BYTES];
    amount_format_clock(0, text);
    assert_string_equal(text, "00:00");
    amount_format_clock(485, text);
    assert_string_equal(text, "08:05");
    amount_format_clock(1439, text);
    assert_string_equal(text, "23:59");
}

/* rejects */

static void what_is_no_minute_of_a_day_is_a_question_mark(void **state)
{
    (void)state;
    static const int64_t minutes[] = {-1, 1440, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
        char text[AMOUNT_TEXT_BYTES];
        amount_format_clock(minutes[i], text);
        assert_string_equal(text, "?");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_shown_without_zeros_at_the_end),
        cmocka_unit_test(as_many_decimals_are_shown_as_there_are),
        cmocka_unit_test(minutes_of_a_day_are_shown_as_on_a_clock),
        cmocka_unit_test(what_is_no_minute_of_a_day_is_a_question_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
