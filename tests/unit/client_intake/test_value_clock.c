/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Times of day and ranges of them.
 */
#include "intake/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void assert_clock(const char *text, uint32_t hour, uint32_t past)
{
    uint32_t minute = 0;
    enum value_fault fault = value_clock(text, &minute);
    if (fault != VALUE_GOOD || minute != hour * 60 + past) {
        fail_msg("%s: fault %d, minute %u", text, (int)fault, minute);
    }
}

static void assert_no_clock(const char *text, enum value_fault expected)
{
    uint32_t minute = 0;
    enum value_fault fault = value_clock(text, &minute);
    if (fault != expected) {
        fail_msg("%s: fault %d, expected %d", text, (int)fault, (int)expected);
    }
}

static void assert_range(const char *text, uint32_t start, uint32_t length)
{
    uint32_t minute = 0;
    uint32_t minutes = 0;
    enum value_fault fault = value_clock_range(text, &minute, &minutes);
    if (fault != VALUE_GOOD || minute != start || minutes != length) {
        fail_msg("%s: fault %d, %u for %u", text, (int)fault, minute, minutes);
    }
}

static void assert_no_range(const char *text, enum value_fault expected)
{
    uint32_t minute = 0;
    uint32_t minutes = 0;
    enum value_fault fault = value_clock_range(text, &minute, &minutes);
    if (fault != expected) {
        fail_msg("%s: fault %d, expected %d", text, (int)fault, (int)expected);
    }
}

/* accepts */

static void half_past_eight_is_read_in_every_style(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "8:30",       "08:30",          "08:30:00",     "8点半",       "8时30分",
        "8点30",      "上午8:30",       "八点半",       "早上8点半",   "8：30",
        "8∶30",       "8:30 AM",        "8:30:00 a.m.", "0.354166667", "0.3541666666666667",
        "八点三十分", "上午八时三十分", "08:30:00.000"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_clock(texts[i], 8, 30);
    }
}

static void parts_of_the_day_set_the_hour(void **state)
{
    (void)state;
    assert_clock("下午2:30", 14, 30);
    assert_clock("下午14:30", 14, 30);
    assert_clock("2:30 PM", 14, 30);
    assert_clock("2 pm", 14, 0);
    assert_clock("上午9点", 9, 0);
    assert_clock("上午9", 9, 0);
    assert_clock("中午12点", 12, 0);
    assert_clock("中午1点", 13, 0);
    assert_clock("晚上7点一刻", 19, 15);
    assert_clock("傍晚六点", 18, 0);
    assert_clock("凌晨0点", 0, 0);
    assert_clock("12:30 AM", 0, 30);
    assert_clock("12:30 PM", 12, 30);
    assert_clock("下午两点三刻", 14, 45);
    assert_clock("9点钟", 9, 0);
    assert_clock("9点整", 9, 0);
    assert_clock("八点零五分", 8, 5);
}

static void every_minute_of_a_day_is_read_back_in_every_style(void **state)
{
    (void)state;
    for (uint32_t minute = 0; minute < LB_DAY_MINUTES; minute++) {
        uint32_t hour = minute / 60;
        uint32_t past = minute % 60;
        char text[64];
        (void)snprintf(text, sizeof(text), "%u:%02u", hour, past);
        assert_clock(text, hour, past);
        (void)snprintf(text, sizeof(text), "%02u:%02u:00", hour, past);
        assert_clock(text, hour, past);
        (void)snprintf(text, sizeof(text), "%u点%u分", hour, past);
        assert_clock(text, hour, past);
        (void)snprintf(text, sizeof(text), "%u:%02u %s", (hour + 11) % 12 + 1, past,
                       hour < 12 ? "AM" : "PM");
        assert_clock(text, hour, past);
        (void)snprintf(text, sizeof(text), "%.9f", minute / 1440.0);
        if (minute > 0) {
            assert_clock(text, hour, past);
        }
    }
}

static void ranges_have_start_and_length(void **state)
{
    (void)state;
    assert_range("9:00-11:30", 540, 150);
    assert_range("9:00至11:30", 540, 150);
    assert_range("9：00—11：30", 540, 150);
    assert_range("9:00——11:30", 540, 150);
    assert_range("9:00～11:30", 540, 150);
    assert_range("从9:00到11:30", 540, 150);
    assert_range("上午9点到11点半", 540, 150);
    assert_range("9:00 to 11:30", 540, 150);
    assert_range("22:00-6:00", 1320, 480);
    assert_range("22:00-24:00", 1320, 120);
    assert_range("18:00-6:00", 1080, 720);
    assert_range("20:00-13:00", 1200, 1020);
    assert_range("晚上10点到凌晨6点", 1320, 480);
}

static void the_part_of_the_day_carries_over_where_only_that_makes_sense(void **state)
{
    (void)state;
    assert_range("下午2:00-4:00", 840, 120);
    assert_range("下午2:00-16:00", 840, 120);
    assert_range("上午9:00-12:00", 540, 180);
    assert_range("中午11:30-1:00", 690, 90);
    assert_range("9:00到下午2:30", 540, 330);
    assert_range("9:00-11:00 AM", 540, 120);
    assert_range("9:00-5:00 PM", 540, 480);
}

/* rejects */

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"9",    "24:00", "25:00", "8:5",       "8:60", "0830",
                                        "8.30", "abc",   "8:30x", "0.",        "1.5",  "0.9999999",
                                        "下午", "8点70", "-8:30", "08:30:00.5"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_no_clock(texts[i], VALUE_NOT_A_TIME);
    }
    static const char *const ranges[] = {"9:00", "9-11", "9:00-", "24:00-2:00", "9:00-11:30-12:00"};
    for (size_t i = 0; i < COUNT(ranges); i++) {
        assert_no_range(ranges[i], VALUE_NOT_A_TIME);
    }
}

/* faults */

static void what_may_be_morning_or_afternoon_is_not_guessed(void **state)
{
    (void)state;
    assert_no_clock("晚上12点", VALUE_HALF_OF_DAY);
    assert_no_clock("上午12:00", VALUE_HALF_OF_DAY);
    assert_no_clock("13:00 AM", VALUE_HALF_OF_DAY);
    static const char *const ranges[] = {"9:00-5:00",    "12:30-2:00",     "2:00-4:00 PM",
                                         "14:00-5:00",   "13:30-4:30",     "19:00-9:00",
                                         "上午9点到2点", "晚上8:00-12:00", "晚上10点-6点"};
    for (size_t i = 0; i < COUNT(ranges); i++) {
        assert_no_range(ranges[i], VALUE_HALF_OF_DAY);
    }
}

static void seconds_and_fractions_between_minutes_are_named(void **state)
{
    (void)state;
    assert_no_clock("08:30:15", VALUE_PART_OF_MINUTE);
    assert_no_clock("0.354", VALUE_PART_OF_MINUTE);
    assert_no_clock("0.354340278", VALUE_PART_OF_MINUTE);
    assert_no_range("08:30:15-9:00", VALUE_PART_OF_MINUTE);
    assert_no_range("下午2:00-4:00:15", VALUE_PART_OF_MINUTE);
}

static void other_faults_of_times(void **state)
{
    (void)state;
    assert_no_clock("", VALUE_EMPTY);
    assert_no_clock("####", VALUE_HASHES);
    assert_no_clock("8:3*", VALUE_MASKED);
    assert_no_clock("3.54E-01", VALUE_EXCEL_NUMBER);
    assert_no_range("9:00-9:00", VALUE_OUT_OF_RANGE);
    assert_no_range("", VALUE_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_past_eight_is_read_in_every_style),
        cmocka_unit_test(parts_of_the_day_set_the_hour),
        cmocka_unit_test(every_minute_of_a_day_is_read_back_in_every_style),
        cmocka_unit_test(ranges_have_start_and_length),
        cmocka_unit_test(the_part_of_the_day_carries_over_where_only_that_makes_sense),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(what_may_be_morning_or_afternoon_is_not_guessed),
        cmocka_unit_test(seconds_and_fractions_between_minutes_are_named),
        cmocka_unit_test(other_faults_of_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
