/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/date.h: every day of the range against counting them one by one.
 */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS_PER_DAY INT64_C(86400000)

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(date_parse(bytes_of_text(text), &day));
    return day;
}

/* accepts */

/* The next day, by the rules a child learns. */
static struct date naive_tomorrow(struct date date)
{
    struct date next = {date.year, date.month, date.day + 1};
    if (!date_is_valid(next)) {
        next = (struct date){date.year, date.month + 1, 1};
    }
    if (!date_is_valid(next)) {
        next = (struct date){date.year + 1, 1, 1};
    }
    return next;
}

static void every_day_of_the_range_follows_the_one_before(void **state)
{
    (void)state;
    struct date date = {1900, 1, 1};
    for (int32_t day = DATE_DAY_MIN; day <= DATE_DAY_MAX; day++) {
        assert_int_equal(date_to_day(date), day);
        struct date back = date_from_day(day);
        assert_memory_equal(&back, &date, sizeof(date));
        char text[DATE_TEXT_BYTES];
        date_format(day, text);
        assert_int_equal(day_of(text), day);
        date = naive_tomorrow(date);
    }
    assert_int_equal(date.year, 2200);
}

static void known_days_have_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2000-02-29"), 11016);
    assert_int_equal(day_of("2016-05-01"), 16922);
    assert_int_equal(day_of("1900-01-01"), DATE_DAY_MIN);
    assert_int_equal(day_of("2199-12-31"), DATE_DAY_MAX);
    assert_int_equal(date_year_of_day(day_of("2016-12-31")), 2016);
    assert_int_equal(date_year_of_day(day_of("2017-01-01")), 2017);
}

static void years_are_added_with_leap_days_pulled_in_and_the_range_kept(void **state)
{
    (void)state;
    assert_int_equal(date_add_years(day_of("2016-05-01"), 3), day_of("2019-05-01"));
    assert_int_equal(date_add_years(day_of("2016-02-29"), 1), day_of("2017-02-28"));
    assert_int_equal(date_add_years(day_of("2016-02-29"), 4), day_of("2020-02-29"));
    assert_int_equal(date_add_years(day_of("2016-02-29"), -1), day_of("2015-02-28"));
    assert_int_equal(date_add_years(day_of("2016-05-01"), 1000), DATE_DAY_MAX);
    assert_int_equal(date_add_years(day_of("2016-05-01"), INT32_MAX), DATE_DAY_MAX);
    assert_int_equal(date_add_years(day_of("2016-05-01"), INT32_MIN), DATE_DAY_MIN);
}

static void the_day_of_a_moment_depends_on_the_zone(void **state)
{
    (void)state;
    const int32_t china_east_s = 8 * 3600;
    assert_int_equal(date_day_of_ms(0, 0), 0);
    assert_int_equal(date_day_of_ms(-1, 0), -1);
    assert_int_equal(date_day_of_ms(16 * 3600000 - 1, china_east_s), 0);
    assert_int_equal(date_day_of_ms(16 * 3600000, china_east_s), 1);
    assert_int_equal(date_day_of_ms(0, -1), -1);
    assert_int_equal(date_day_of_ms(16922 * MS_PER_DAY, 0), 16922);
    assert_int_equal(date_day_of_ms(INT64_MAX, china_east_s), DATE_DAY_MAX);
    assert_int_equal(date_day_of_ms(INT64_MIN, -china_east_s), DATE_DAY_MIN);
}

/* rejects */

static void texts_of_another_form_and_days_that_are_not_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "2016-5-1",   "2016/05/01", "20160501",   "2016-05-01 ", "2016-05-0a",
        "2016-13-01", "2016-00-01", "2016-04-31", "2015-02-29", "1900-02-29",  "2016-01-00",
        "1899-12-31", "2200-01-01", "+016-05-01", "2016-05-1 ", "２０１６-05",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int32_t day = 0;
        assert_false(date_parse(bytes_of_text(wrong[i]), &day));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_range_follows_the_one_before),
        cmocka_unit_test(known_days_have_their_numbers),
        cmocka_unit_test(years_are_added_with_leap_days_pulled_in_and_the_range_kept),
        cmocka_unit_test(the_day_of_a_moment_depends_on_the_zone),
        cmocka_unit_test(texts_of_another_form_and_days_that_are_not_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
