/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Days. Pure; safe from any thread.
 */
#include "value_clock.h"
#include "value_scan.h"
#include "value_text.h"

#include "base/assert.h"
#include "base/date.h"

#include <string.h>

#define EXCEL_DAY_OF_1970    25569
#define EXCEL_DAY_FIRST      36526 /* 2000-01-01 */
#define EXCEL_DAY_LAST       73050 /* 2099-12-31 */
#define LEAP_YEAR            2000  /* has every day of a year */
#define LEAP_YEARS_APART_MAX 8     /* 1896, 1904 */
#define MONTHS               12
#define WEEKDAYS             7
#define WEEKDAY_OF_1970      4 /* 1 January was a Thursday; Sunday is 0 */

static bool value_day_of(struct date date, int32_t *day)
{
    if (!date_is_valid(date)) {
        return false;
    }
    *day = date_to_day(date);
    return true;
}

static bool value_is_short(const struct value_count *count)
{
    return count->figures <= 2 && !count->is_row;
}

static enum value_fault value_full_date(const struct value_count *year,
                                        const struct value_count *month,
                                        const struct value_count *of_month, int32_t *day)
{
    if (!value_is_short(month) || !value_is_short(of_month)) {
        return VALUE_NOT_A_DATE;
    }
    if (year->figures == 2) {
        return VALUE_SHORT_YEAR;
    }
    struct date date = {(int32_t)year->number, (int32_t)month->number, (int32_t)of_month->number};
    return year->figures == 4 && value_day_of(date, day) ? VALUE_GOOD : VALUE_NOT_A_DATE;
}

/* The last such day up to today; 29 February may be years ago. */
static enum value_fault value_last_day(struct date date, int32_t today, int32_t *day)
{
    int32_t year = date_year_of_day(today);
    for (int32_t back = 0; back <= LEAP_YEARS_APART_MAX; back++) {
        date.year = year - back;
        if (value_day_of(date, day) && *day <= today) {
            return VALUE_GOOD;
        }
    }
    return VALUE_NOT_A_DATE;
}

static enum value_fault value_yearless_date(const struct value_calendar *calendar,
                                            const struct value_count *month,
                                            const struct value_count *of_month, int32_t *day)
{
    struct date date = {LEAP_YEAR, (int32_t)month->number, (int32_t)of_month->number};
    if (!value_is_short(month) || !value_is_short(of_month) || !date_is_valid(date)) {
        return VALUE_NOT_A_DATE;
    }
    if (calendar->is_typed) {
        return value_last_day(date, calendar->today, day);
    }
    if (calendar->year == 0) {
        return VALUE_NO_YEAR;
    }
    date.year = calendar->year;
    return value_day_of(date, day) ? VALUE_GOOD : VALUE_NOT_A_DATE;
}

/* 1/5/2016: the year is the third. */
static enum value_fault value_year_last(const struct value_count *first,
                                        const struct value_count *second,
                                        const struct value_count *year, int32_t *day)
{
    if (!value_is_short(first) || !value_is_short(second) || year->is_row) {
        return VALUE_NOT_A_DATE;
    }
    bool may_be_month = first->number <= MONTHS;
    if (may_be_month && second->number <= MONTHS && first->number != second->number) {
        return VALUE_DAY_OR_MONTH;
    }
    return may_be_month ? value_full_date(year, first, second, day)
                        : value_full_date(year, second, first, day);
}

/* After the first count of 2016/5/1, 5/1, 1/5/2016: the rest, by one kind of sign. */
static enum value_fault value_take_signed(const char **at, const struct value_count *first,
                                          const struct value_calendar *calendar, int32_t *day)
{
    static const char signs[] = "-/.";
    char sign[2] = {**at == ' ' ? (*at)[1] : **at, '\0'};
    struct value_count second;
    struct value_count third;
    if (sign[0] == '\0' || strchr(signs, sign[0]) == NULL || !value_take(at, sign) ||
        !value_take_count(at, &second)) {
        return VALUE_NOT_A_DATE;
    }
    if (value_take(at, sign)) {
        if (!value_take_count(at, &third)) {
            return VALUE_NOT_A_DATE;
        }
        if (first->figures == 4) {
            return value_full_date(first, &second, &third, day);
        }
        if (third.figures == 4) {
            return value_year_last(first, &second, &third, day);
        }
        bool is_short = value_is_short(first) && value_is_short(&second) && value_is_short(&third);
        return is_short ? VALUE_SHORT_YEAR : VALUE_NOT_A_DATE;
    }
    enum value_fault fault = value_yearless_date(calendar, first, &second, day);
    bool may_be_cut = sign[0] == '.' && second.figures == 1 && second.number <= 3;
    return fault == VALUE_GOOD && may_be_cut && !calendar->is_typed ? VALUE_DAY_CUT : fault;
}

/* After the first count of 2016年5月1日 or 5月1日. */
static enum value_fault value_take_worded(const char **at, const struct value_count *first,
                                          const struct value_calendar *calendar, int32_t *day)
{
    struct value_count month = *first;
    struct value_count of_month;
    bool has_year = value_take(at, "年");
    if ((has_year && !value_take_count(at, &month)) || !value_take(at, "月") ||
        !value_take_count(at, &of_month)) {
        return VALUE_NOT_A_DATE;
    }
    (void)value_take(at, "日|号|號");
    return has_year ? value_full_date(first, &month, &of_month, day)
                    : value_yearless_date(calendar, &month, &of_month, day);
}

/* After 20160501 or 42491, which spreadsheets also write with ".0". */
static enum value_fault value_take_solid(const char **at, const struct value_count *count,
                                         int32_t *day)
{
    uint64_t number = count->number;
    bool is_excel_day = count->figures == 5 && !count->is_row && number >= EXCEL_DAY_FIRST;
    size_t fraction = **at == '.' ? strspn(*at + 1, "0123456789") : 0;
    bool is_midnight = fraction == 0 || strspn(*at + 1, "0") == fraction;
    *at += fraction > 0 ? fraction + 1 : 0;
    if (is_excel_day && number <= EXCEL_DAY_LAST) {
        *day = (int32_t)number - EXCEL_DAY_OF_1970;
        return is_midnight ? VALUE_GOOD : VALUE_WITH_TIME;
    }
    struct date date = {(int32_t)(number / 10000), (int32_t)(number / 100 % 100),
                        (int32_t)(number % 100)};
    bool is_date = count->figures == 8 && !count->is_row && is_midnight;
    return is_date && value_day_of(date, day) ? VALUE_GOOD : VALUE_NOT_A_DATE;
}

static enum value_fault value_take_date(const char **at, const struct value_calendar *calendar,
                                        int32_t *day)
{
    struct value_count first;
    if (!value_take_count(at, &first)) {
        return VALUE_NOT_A_DATE;
    }
    if (first.figures > 4) {
        return value_take_solid(at, &first, day);
    }
    const char *here = *at;
    if (value_take(&here, "年|月")) {
        return value_take_worded(at, &first, calendar, day);
    }
    return value_take_signed(at, &first, calendar, day);
}

/* 今天, yesterday. */
static bool value_take_day_word(const char **at, int32_t today, int32_t *day)
{
    static const char *const words[] = {"今天|今日|today", "昨天|昨日|yesterday", "前天|前日"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (value_take(at, words[i])) {
            *day = today - (int32_t)i;
            return *day >= DATE_DAY_MIN;
        }
    }
    return false;
}

/* 星期日, (周日), Sun. false: what stands there is none. */
static bool value_take_weekday(const char **at, int32_t *weekday)
{
    static const char *const names[WEEKDAYS] = {"星期日|星期天|周日|周天|礼拜日|礼拜天|sunday|sun",
                                                "星期一|周一|礼拜一|monday|mon",
                                                "星期二|周二|礼拜二|tuesday|tue",
                                                "星期三|周三|礼拜三|wednesday|wed",
                                                "星期四|周四|礼拜四|thursday|thu",
                                                "星期五|周五|礼拜五|friday|fri",
                                                "星期六|周六|礼拜六|saturday|sat"};
    const char *here = *at;
    bool is_in_brackets = value_take(&here, "(");
    for (int32_t i = 0; i < WEEKDAYS; i++) {
        if (value_take(&here, names[i])) {
            *weekday = i;
            *at = !is_in_brackets || value_take(&here, ")") ? here : *at;
            return *at == here;
        }
    }
    return false;
}

/* What may follow a date: its day of the week, and midnight. */
static enum value_fault value_take_rest(const char **at, int32_t day)
{
    int32_t weekday = 0;
    struct value_time time;
    uint32_t minute = 0;
    /* Days before 1970 are negative; the range of days allows for this shift. */
    int32_t actual =
        ((day - DATE_DAY_MIN) % WEEKDAYS + WEEKDAY_OF_1970 + (DATE_DAY_MIN % WEEKDAYS + WEEKDAYS)) %
        WEEKDAYS;
    if (value_take_weekday(at, &weekday) && weekday != actual) {
        return VALUE_WEEKDAY;
    }
    bool must_have_time = value_take(at, "t"); /* 2016-05-01T00:00:00 */
    bool has_time = value_take_time(at, &time);
    if (has_time && (value_time_minute(&time, time.period, &minute) != VALUE_GOOD || minute != 0)) {
        return VALUE_WITH_TIME;
    }
    return value_at_end(*at) && (has_time || !must_have_time) ? VALUE_GOOD : VALUE_NOT_A_DATE;
}

enum value_fault value_date(const char *text, const struct value_calendar *calendar, int32_t *day)
{
    LB_ASSERT(!calendar->is_typed ||
              (calendar->today >= DATE_DAY_MIN && calendar->today <= DATE_DAY_MAX));
    char clean[VALUE_FIGURES_BYTES];
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    const char *at = clean;
    if (!calendar->is_typed || !value_take_day_word(&at, calendar->today, day)) {
        fault = value_take_date(&at, calendar, day);
    }
    return fault == VALUE_GOOD ? value_take_rest(&at, *day) : fault;
}
