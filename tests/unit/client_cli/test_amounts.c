/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts as people write and read them.
 */
#include "amounts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* accepts */

static void decimals_are_read_in_the_smallest_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        int64_t value;
    } cases[] = {{"12.5", 2, 1250}, {"12.50", 2, 1250},
                 {"12", 2, 1200},   {"0.01", 2, 1},
                 {"-3.2", 2, -320}, {"1.5", 3, 1500},
                 {"1.100", 2, 110}, {"007", 0, 7},
                 {"0", 2, 0},       {"92233720368547758.07", 2, INT64_MAX}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t value = -1;
        assert_true(amount_parse_decimal(cases[i].text, cases[i].decimals, &value));
        assert_int_equal(value, cases[i].value);
    }
}

static void changes_are_shown_with_their_sign(void **state)
{
    (void)state;
    char text[AMOUNT_TEXT_BYTES];
    amount_format_points_signed(1250, text);
    assert_string_equal(text, "+12.5");
    amount_format_points_signed(-300, text);
    assert_string_equal(text, "-3");
    amount_format_points_signed(0, text);
    assert_string_equal(text, "0");
}

static void times_are_shown_in_hours_and_minutes(void **state)
{
    (void)state;
    char text[AMOUNT_TEXT_BYTES];
    amount_format_minutes(true, 210, text);
    assert_string_equal(text, "3 小时 30 分钟");
    amount_format_minutes(false, 210, text);
    assert_string_equal(text, "3 h 30 min");
    amount_format_minutes(true, 120, text);
    assert_string_equal(text, "2 小时");
    amount_format_minutes(false, -45, text);
    assert_string_equal(text, "-45 min");
}

static void clock_times_go_both_ways(void **state)
{
    (void)state;
    uint32_t minute = 0;
    char text[AMOUNT_TEXT_BYTES];
    assert_true(amount_parse_clock("08:30", &minute));
    assert_int_equal(minute, 510);
    assert_true(amount_parse_clock("8:05", &minute));
    assert_int_equal(minute, 485);
    amount_format_clock(485, text);
    assert_string_equal(text, "08:05");
}

/* rejects */

static void what_is_no_decimal_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",   "-",  ".5", "1.", "1.234", "1e3",   "1,5",
        " 1", "1 ", "一", "+1", "--1",   "1.2.3", "92233720368547758.08"};
    int64_t value = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(amount_parse_decimal(bad[i], 2, &value));
    }
}

static void numbers_outside_their_range_are_refused(void **state)
{
    (void)state;
    uint64_t number = 0;
    assert_true(amount_parse_number("10", 1, 10, &number));
    assert_int_equal(number, 10);
    static const char *const bad[] = {"0", "11", "-1", "1.0", "x", "", "18446744073709551616"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(amount_parse_number(bad[i], 1, 10, &number));
    }
}

static void what_is_no_clock_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "24:00", "8", "8:5", "08:60", "8:300", "008:30", "a:10"};
    uint32_t minute = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(amount_parse_clock(bad[i], &minute));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_in_the_smallest_unit),
        cmocka_unit_test(changes_are_shown_with_their_sign),
        cmocka_unit_test(times_are_shown_in_hours_and_minutes),
        cmocka_unit_test(clock_times_go_both_ways),
        cmocka_unit_test(what_is_no_decimal_is_refused),
        cmocka_unit_test(numbers_outside_their_range_are_refused),
        cmocka_unit_test(what_is_no_clock_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
