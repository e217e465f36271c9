/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Working days: against a count day by day that asks the calendar itself.
 */
#include "working_days.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_to_day((struct date){year, month, day});
}

/* accepts */

static void a_week_has_five_and_a_weekend_none(void **state)
{
    (void)state;
    const int32_t friday = day_of(2016, 5, 6);
    assert_int_equal(working_days_between(friday, friday), 0);
    assert_int_equal(working_days_between(friday, friday + 2), 0);
    assert_int_equal(working_days_between(friday, friday + 3), 1);
    assert_int_equal(working_days_between(friday, friday + 7), 5);
    assert_int_equal(working_days_between(friday, friday + 14), WORKING_DAYS_ALLOWED);
    assert_int_equal(working_days_between(friday, friday + 17), WORKING_DAYS_ALLOWED + 1);
}

static void every_span_counts_as_the_calendar_says(void **state)
{
    (void)state;
    static const int32_t starts[] = {-25567, -400, -1, 0, 1, 16922, 83900};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        for (int32_t from = starts[i]; from < starts[i] + 8; from++) {
            int64_t count = 0;
            for (int32_t to = from + 1; to <= from + 40; to++) {
                struct tm calendar;
                const time_t seconds = (time_t)to * 86400;
                assert_non_null(gmtime_r(&seconds, &calendar));
                count += calendar.tm_wday != 0 && calendar.tm_wday != 6;
                assert_int_equal(working_days_between(from, to), count);
            }
        }
    }
}

/* rejects */

static void a_day_that_is_not_later_is_no_working_day_later(void **state)
{
    (void)state;
    assert_int_equal(working_days_between(100, 99), 0);
    assert_int_equal(working_days_between(INT32_MAX, INT32_MIN), 0);
    assert_true(working_days_between(INT32_MIN, INT32_MAX) > INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_has_five_and_a_weekend_none),
        cmocka_unit_test(every_span_counts_as_the_calendar_says),
        cmocka_unit_test(a_day_that_is_not_later_is_no_working_day_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
