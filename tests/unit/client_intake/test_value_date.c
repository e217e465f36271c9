/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Days as people write them: each style, each way to be doubtful.
 */
#include "intake/value.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct value_calendar file_without_year = {0};
static const struct value_calendar file_of_2016 = {.year = 2016};

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(date_parse(bytes_of_text(text), &day));
    return day;
}

static void assert_date(const char *text, const struct value_calendar *calendar,
                        const char *expected)
{
    int32_t day = 0;
    enum value_fault fault = value_date(text, calendar, &day);
    if (fault != VALUE_GOOD) {
        fail_msg("%s: %s", text, value_fault_text(fault, false));
    }
    char found[DATE_TEXT_BYTES];
    date_format(day, found);
    assert_string_equal(found, expected);
}

static void assert_no_date(const char *text, const struct value_calendar *calendar,
                           enum value_fault expected)
{
    int32_t day = 0;
    enum value_fault fault = value_date(text, calendar, &day);
    if (fault != expected) {
        fail_msg("%s: fault %d, expected %d", text, (int)fault, (int)expected);
    }
}

/* accepts */

static void a_day_is_read_in_every_style_of_a_desk(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2016/5/1",
        "2016.5.1",
        "2016-5-1",
        "2016-05-01",
        "2016年5月1日",
        "2016年5月1号",
        "2016年05月01日",
        "2016 年 5 月 1 日",
        "2016年5月1",
        "二〇一六年五月一日",
        "20160501",
        "20160501.0",
        "42491",
        "42491.0",
        "２０１６／５／１",
        "2016。5。1",
        "2016—5—1",
        " 2016/5/1 ",
        "'2016-05-01",
        "=\"2016-05-01\"",
        "2016.5.1.",
        "2016年5月1日。",
        "2016-05-01 00:00:00",
        "2016-05-01 00:00:00.0",
        "2016-05-01T00:00:00",
        "2016/5/1 0:00",
        "2016/5/1 星期日",
        "2016年5月1日(周日)",
        "2016年5月1日 星期天 0:00",
        "2016-05-01 Sun",
        "2016/5/1 12:00:00 AM",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_date(texts[i], &file_without_year, "2016-05-01");
    }
}

static void a_day_without_a_year_takes_that_of_the_file(void **state)
{
    (void)state;
    static const char *const texts[] = {"5月1日", "5月1号",   "5/1",
                                        "05-01",  "五月一日", "5月1日 周日"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_date(texts[i], &file_of_2016, "2016-05-01");
    }
    assert_date("5.10", &file_of_2016, "2016-05-10");
    assert_date("5.4", &file_of_2016, "2016-05-04");
    assert_date("2月29日", &file_of_2016, "2016-02-29");
    assert_date("十二月二十五日", &file_of_2016, "2016-12-25");
}

static void a_year_at_the_end_is_read_where_day_and_month_can_be_told_apart(void **state)
{
    (void)state;
    assert_date("13/5/2016", &file_without_year, "2016-05-13");
    assert_date("5/13/2016", &file_without_year, "2016-05-13");
    assert_date("5/5/2016", &file_without_year, "2016-05-05");
}

static void a_typed_day_without_a_year_is_the_last_one_up_to_today(void **state)
{
    (void)state;
    struct value_calendar typed = {.today = day_of("2017-03-15"), .is_typed = true};
    assert_date("3/15", &typed, "2017-03-15");
    assert_date("3/16", &typed, "2016-03-16");
    assert_date("5.1", &typed, "2016-05-01");
    assert_date("2月29日", &typed, "2016-02-29");
    assert_date("2016-05-01", &typed, "2016-05-01");
    typed.today = day_of("1904-02-28");
    assert_no_date("2/29", &typed, VALUE_NOT_A_DATE);
}

static void words_for_days_are_read_when_typed(void **state)
{
    (void)state;
    struct value_calendar typed = {.today = day_of("2016-03-01"), .is_typed = true};
    assert_date("今天", &typed, "2016-03-01");
    assert_date("昨天", &typed, "2016-02-29");
    assert_date("前天", &typed, "2016-02-28");
    assert_date("Today", &typed, "2016-03-01");
    assert_date("yesterday", &typed, "2016-02-29");
    typed.today = DATE_DAY_MIN;
    assert_no_date("昨天", &typed, VALUE_NOT_A_DATE);
}

static void every_day_of_a_century_is_read_back_in_every_style(void **state)
{
    (void)state;
    static const struct {
        const char *after_year;
        const char *after_month;
        const char *after_day;
        int width;
    } styles[] = {{"-", "-", "", 2},
                  {"/", "/", "", 1},
                  {".", ".", "", 1},
                  {"年", "月", "日", 1},
                  {"", "", "", 2}};
    for (int32_t day = day_of("2000-01-01"); day <= day_of("2099-12-31"); day++) {
        struct date date = date_from_day(day);
        char text[64];
        int32_t found = 0;
        for (size_t i = 0; i < COUNT(styles); i++) {
            (void)snprintf(text, sizeof(text), "%04d%s%0*d%s%0*d%s", date.year,
                           styles[i].after_year, styles[i].width, date.month, styles[i].after_month,
                           styles[i].width, date.day, styles[i].after_day);
            assert_int_equal(value_date(text, &file_without_year, &found), VALUE_GOOD);
            assert_int_equal(found, day);
        }
        (void)snprintf(text, sizeof(text), "%d", day + 25569);
        assert_int_equal(value_date(text, &file_without_year, &found), VALUE_GOOD);
        assert_int_equal(found, day);
        struct value_calendar year = {.year = date.year};
        (void)snprintf(text, sizeof(text), "%d月%d日", date.month, date.day);
        assert_int_equal(value_date(text, &year, &found), VALUE_GOOD);
        assert_int_equal(found, day);
    }
}

static void only_its_own_weekday_fits_a_day(void **state)
{
    (void)state;
    static const char *const names[] = {"日", "一", "二", "三", "四", "五", "六"};
    for (int32_t day = day_of("1969-12-01"); day < day_of("1970-02-01"); day++) {
        struct date date = date_from_day(day);
        size_t good = 0;
        for (size_t i = 0; i < COUNT(names); i++) {
            char text[64];
            int32_t found = 0;
            (void)snprintf(text, sizeof(text), "%d-%d-%d 星期%s", date.year, date.month, date.day,
                           names[i]);
            enum value_fault fault = value_date(text, &file_without_year, &found);
            assert_true(fault == VALUE_GOOD || fault == VALUE_WEEKDAY);
            good += fault == VALUE_GOOD ? 1 : 0;
        }
        assert_int_equal(good, 1);
    }
    assert_date("1970-01-01 星期四", &file_without_year, "1970-01-01");
}

/* rejects */

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"2016/2/30",
                                        "2016/5/",
                                        "100/5/2016",
                                        "一二三四五六七八九",
                                        "2016/13/1",
                                        "2015-02-29",
                                        "May-16",
                                        "16-May",
                                        "2016",
                                        "2016-05",
                                        "201605",
                                        "160501",
                                        "2016年5月",
                                        "36525",
                                        "73051",
                                        "五一",
                                        "2016年5月1日前后",
                                        "2016-5/1",
                                        "2016-05-01-02",
                                        "5月1-3日",
                                        "1899-12-31",
                                        "2200-1-1",
                                        "2016-05-01T",
                                        "0/0/2016",
                                        "2016年一二月1日",
                                        "今天",
                                        "昨天",
                                        "abc",
                                        "-",
                                        "2016-05-01 (周日",
                                        "2016-5-1 99"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_no_date(texts[i], &file_of_2016, VALUE_NOT_A_DATE);
    }
    static const struct value_calendar file_of_2015 = {.year = 2015};
    assert_no_date("2月29日", &file_of_2015, VALUE_NOT_A_DATE);
}

/* faults */

static void what_is_doubtful_or_destroyed_has_its_own_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {
        {"5月1日", VALUE_NO_YEAR},
        {"5/1", VALUE_NO_YEAR},
        {"5.1", VALUE_NO_YEAR},
        {"2/30", VALUE_NOT_A_DATE},
        {"16.5.1", VALUE_SHORT_YEAR},
        {"1/5/16", VALUE_SHORT_YEAR},
        {"16年5月1日", VALUE_SHORT_YEAR},
        {"1/5/2016", VALUE_DAY_OR_MONTH},
        {"5.1.2016", VALUE_DAY_OR_MONTH},
        {"2016/5/1 星期一", VALUE_WEEKDAY},
        {"2016-05-01 Mon", VALUE_WEEKDAY},
        {"2016-05-01 08:30", VALUE_WITH_TIME},
        {"2016-05-01 00:00:01", VALUE_WITH_TIME},
        {"42491.354166667", VALUE_WITH_TIME},
        {"2016/5/1 9点", VALUE_WITH_TIME},
        {"2.016E+7", VALUE_EXCEL_NUMBER},
        {"########", VALUE_HASHES},
        {"2016-**-01", VALUE_MASKED},
        {"2016\ue0005\ue0001", VALUE_PRIVATE},
        {"2016/5/1\xff", VALUE_NOT_TEXT},
        {"2016/5/①", VALUE_SPECIAL_DIGITS},
        {"  ", VALUE_EMPTY},
        {"", VALUE_EMPTY},
        {"#VALUE!", VALUE_FORMULA},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_no_date(cases[i].text, &file_without_year, cases[i].fault);
    }
}

static void a_day_that_a_spreadsheet_may_have_cut_is_not_guessed(void **state)
{
    (void)state;
    assert_no_date("5.1", &file_of_2016, VALUE_DAY_CUT);
    assert_no_date("5.2", &file_of_2016, VALUE_DAY_CUT);
    assert_no_date("5.3", &file_of_2016, VALUE_DAY_CUT);
}

static void a_very_long_text_is_refused(void **state)
{
    (void)state;
    char text[20000];
    memset(text, '1', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_no_date(text, &file_without_year, VALUE_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_read_in_every_style_of_a_desk),
        cmocka_unit_test(a_day_without_a_year_takes_that_of_the_file),
        cmocka_unit_test(a_year_at_the_end_is_read_where_day_and_month_can_be_told_apart),
        cmocka_unit_test(a_typed_day_without_a_year_is_the_last_one_up_to_today),
        cmocka_unit_test(words_for_days_are_read_when_typed),
        cmocka_unit_test(every_day_of_a_century_is_read_back_in_every_style),
        cmocka_unit_test(only_its_own_weekday_fits_a_day),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(what_is_doubtful_or_destroyed_has_its_own_fault),
        cmocka_unit_test(a_day_that_a_spreadsheet_may_have_cut_is_not_guessed),
        cmocka_unit_test(a_very_long_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
