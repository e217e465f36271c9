/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Durations as people write them.
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

static void assert_minutes(const char *text, enum value_unit unit, uint32_t expected)
{
    uint32_t minutes = 0;
    enum value_fault fault = value_minutes(text, unit, &minutes);
    if (fault != VALUE_GOOD || minutes != expected) {
        fail_msg("%s: fault %d, %u minutes", text, (int)fault, minutes);
    }
}

static void assert_no_minutes(const char *text, enum value_unit unit, enum value_fault expected)
{
    uint32_t minutes = 0;
    enum value_fault fault = value_minutes(text, unit, &minutes);
    if (fault != expected) {
        fail_msg("%s: fault %d, expected %d", text, (int)fault, (int)expected);
    }
}

/* accepts */

static void an_hour_and_a_half_is_read_in_every_style(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "90分钟",     "90 分",       "1.5小时",    "1.50 小时",
        "1小时30分",  "1小时30分钟", "1小时30",    "1h30",
        "1h30m",      "1.5h",        "1小时半",    "一小时半",
        "一个半小时", "1个半小时",   "1个半钟头",  "一小时三十分钟",
        "九十分钟",   "90 min",      "90 minutes", "1 hour 30 min",
        "1.5 hours",  "１．５小时",  "1 h 30 min", "1 hour and 30 minutes"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_minutes(texts[i], VALUE_UNIT_UNKNOWN, 90);
        assert_minutes(texts[i], VALUE_HOURS, 90);
        assert_minutes(texts[i], VALUE_MINUTES, 90);
    }
}

static void other_ways_to_say_a_duration(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t minutes;
    } cases[] = {{"半小时", 30},       {"半个小时", 30},  {"半个钟头", 30},    {"两小时", 120},
                 {"两个小时", 120},    {"2个小时", 120},  {"2 hours", 120},    {"45 min", 45},
                 {"一刻钟", 15},       {"三刻钟", 45},    {"十分钟", 10},      {"1小时零5分", 65},
                 {"一小时一刻钟", 75}, {"0.5小时", 30},   {"1,440分钟", 1440}, {"0分钟", 0},
                 {"两个半小时", 150},  {"100小时", 6000}, {"2時", 120}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_minutes(cases[i].text, VALUE_UNIT_UNKNOWN, cases[i].minutes);
    }
}

static void a_number_alone_takes_the_unit_of_its_column(void **state)
{
    (void)state;
    assert_minutes("90", VALUE_MINUTES, 90);
    assert_minutes("90.0", VALUE_MINUTES, 90);
    assert_minutes("1.5", VALUE_HOURS, 90);
    assert_minutes("2", VALUE_HOURS, 120);
    assert_minutes("两", VALUE_HOURS, 120);
    assert_minutes("1:30", VALUE_HOURS, 90);
    assert_minutes("01:30:00", VALUE_HOURS, 90);
    assert_minutes("1,000,000", VALUE_MINUTES, VALUE_MINUTES_MAX);
}

static void every_length_up_to_a_day_is_read_back_in_every_style(void **state)
{
    (void)state;
    for (uint32_t minutes = 1; minutes <= LB_DAY_MINUTES; minutes++) {
        char text[64];
        (void)snprintf(text, sizeof(text), "%u", minutes);
        assert_minutes(text, VALUE_MINUTES, minutes);
        (void)snprintf(text, sizeof(text), "%u分钟", minutes);
        assert_minutes(text, VALUE_UNIT_UNKNOWN, minutes);
        (void)snprintf(text, sizeof(text), "%u min", minutes);
        assert_minutes(text, VALUE_UNIT_UNKNOWN, minutes);
        (void)snprintf(text, sizeof(text), "%u小时%u分", minutes / 60, minutes % 60);
        assert_minutes(text, VALUE_UNIT_UNKNOWN, minutes);
        (void)snprintf(text, sizeof(text), "%uh%02u", minutes / 60, minutes % 60);
        assert_minutes(text, VALUE_UNIT_UNKNOWN, minutes);
        (void)snprintf(text, sizeof(text), "%u:%02u", minutes / 60, minutes % 60);
        assert_minutes(text, VALUE_HOURS, minutes);
        if (minutes % 3 == 0) { /* two decimals hold three minutes */
            (void)snprintf(text, sizeof(text), "%u.%02u小时", minutes / 60, minutes % 60 * 5 / 3);
            assert_minutes(text, VALUE_UNIT_UNKNOWN, minutes);
        }
    }
}

/* rejects */

static void what_is_no_duration_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "半天",   "一天",        "2天",       "2课时",      "约2小时",    "2小时左右", "2-3小时",
        "-2小时", "1.5小时30分", "1小时75分", "1,5小时",    "一百五分钟", "小时",      "abc",
        "1..5h",  ".5小时",      "二三小时",  "1小时2小时", "半",         "一个半",    "2个"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_no_minutes(texts[i], VALUE_UNIT_UNKNOWN, VALUE_NOT_A_DURATION);
    }
    assert_no_minutes("90:00", VALUE_MINUTES, VALUE_NOT_A_DURATION);
    assert_no_minutes("1:75", VALUE_HOURS, VALUE_NOT_A_DURATION);
}

/* faults */

static void what_is_doubtful_or_destroyed_has_its_own_fault(void **state)
{
    (void)state;
    assert_no_minutes("2", VALUE_UNIT_UNKNOWN, VALUE_NO_UNIT);
    assert_no_minutes("1.5", VALUE_UNIT_UNKNOWN, VALUE_NO_UNIT);
    assert_no_minutes("1:30", VALUE_UNIT_UNKNOWN, VALUE_NO_UNIT);
    assert_no_minutes("90.5", VALUE_MINUTES, VALUE_PART_OF_MINUTE);
    assert_no_minutes("0.33小时", VALUE_UNIT_UNKNOWN, VALUE_PART_OF_MINUTE);
    assert_no_minutes("0.3333333333", VALUE_HOURS, VALUE_PART_OF_MINUTE);
    assert_no_minutes("1000001", VALUE_MINUTES, VALUE_OUT_OF_RANGE);
    assert_no_minutes("16666小时41分", VALUE_UNIT_UNKNOWN, VALUE_OUT_OF_RANGE);
    assert_no_minutes("99999999999999999999分钟", VALUE_UNIT_UNKNOWN, VALUE_OUT_OF_RANGE);
    assert_no_minutes("18446744073709551615", VALUE_HOURS, VALUE_OUT_OF_RANGE);
    assert_no_minutes("###", VALUE_HOURS, VALUE_HASHES);
    assert_no_minutes("2½", VALUE_HOURS, VALUE_SPECIAL_DIGITS);
    assert_no_minutes("", VALUE_HOURS, VALUE_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_and_a_half_is_read_in_every_style),
        cmocka_unit_test(other_ways_to_say_a_duration),
        cmocka_unit_test(a_number_alone_takes_the_unit_of_its_column),
        cmocka_unit_test(every_length_up_to_a_day_is_read_back_in_every_style),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(what_is_doubtful_or_destroyed_has_its_own_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
