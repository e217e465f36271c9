/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Civil days of the proleptic Gregorian calendar. Years are counted from March, so that the leap
 * day is the last of its year and month lengths follow one formula; 400 years are one era.
 * Pure; safe from any thread.
 */
#include "base/date.h"

#include "base/assert.h"

#define DATE_YEAR_MIN           1900
#define DATE_YEAR_MAX           2199
#define DAYS_PER_ERA            146097
#define DAYS_FROM_ERA_0_TO_1970 719468 /* 0000-03-01 to 1970-01-01 */
#define MS_PER_DAY              INT64_C(86400000)

static bool date_is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t date_month_days(int32_t year, int32_t month)
{
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && date_is_leap(year) ? 29 : days[month - 1];
}

static int32_t date_clamp(int64_t day)
{
    if (day < DATE_DAY_MIN) {
        return DATE_DAY_MIN;
    }
    return day > DATE_DAY_MAX ? DATE_DAY_MAX : (int32_t)day;
}

bool date_is_valid(struct date date)
{
    return date.year >= DATE_YEAR_MIN && date.year <= DATE_YEAR_MAX && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 && date.day <= date_month_days(date.year, date.month);
}

/* Valid dates are after year 0, so every quotient below is of non-negative numbers. */
int32_t date_to_day(struct date date)
{
    LB_ASSERT(date_is_valid(date));
    int32_t year = date.month > 2 ? date.year : date.year - 1;
    int32_t month_from_march = (date.month + 9) % 12;
    int32_t era = year / 400;
    int32_t year_of_era = year % 400;
    int32_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_FROM_ERA_0_TO_1970;
}

struct date date_from_day(int32_t day)
{
    LB_ASSERT(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX);
    int32_t days = day + DAYS_FROM_ERA_0_TO_1970;
    int32_t era = days / DAYS_PER_ERA;
    int32_t day_of_era = days % DAYS_PER_ERA;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t month_from_march = (5 * day_of_year + 2) / 153;
    int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct date){
        .year = era * 400 + year_of_era + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

int32_t date_year_of_day(int32_t day)
{
    return date_from_day(day).year;
}

int32_t date_add_years(int32_t day, int32_t years)
{
    struct date date = date_from_day(day);
    int64_t year = (int64_t)date.year + years;
    if (year > DATE_YEAR_MAX) {
        return DATE_DAY_MAX;
    }
    if (year < DATE_YEAR_MIN) {
        return DATE_DAY_MIN;
    }
    date.year = (int32_t)year;
    int32_t month_days = date_month_days(date.year, date.month);
    date.day = date.day < month_days ? date.day : month_days;
    return date_to_day(date);
}

/* Clamped to the days we can write: a clock that is wrong by ages must not overflow. */
int32_t date_day_of_ms(int64_t unix_ms, int32_t zone_east_s)
{
    int64_t day = unix_ms / MS_PER_DAY;
    int64_t ms_of_day = unix_ms % MS_PER_DAY + zone_east_s * INT64_C(1000);
    day += ms_of_day / MS_PER_DAY;
    if (ms_of_day % MS_PER_DAY < 0) {
        day--;
    }
    return date_clamp(day);
}

/* Exactly `count` ASCII digits. */
static bool date_parse_digits(const uint8_t *text, size_t count, int32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

bool date_parse(struct bytes text, int32_t *day)
{
    struct date date;
    if (text.size != DATE_TEXT_BYTES - 1 || text.data[4] != '-' || text.data[7] != '-' ||
        !date_parse_digits(text.data, 4, &date.year) ||
        !date_parse_digits(text.data + 5, 2, &date.month) ||
        !date_parse_digits(text.data + 8, 2, &date.day) || !date_is_valid(date)) {
        return false;
    }
    *day = date_to_day(date);
    return true;
}

void date_format(int32_t day, char text[DATE_TEXT_BYTES])
{
    struct date date = date_from_day(day);
    text[0] = (char)('0' + date.year / 1000);
    text[1] = (char)('0' + date.year / 100 % 10);
    text[2] = (char)('0' + date.year / 10 % 10);
    text[3] = (char)('0' + date.year % 10);
    text[4] = '-';
    text[5] = (char)('0' + date.month / 10);
    text[6] = (char)('0' + date.month % 10);
    text[7] = '-';
    text[8] = (char)('0' + date.day / 10);
    text[9] = (char)('0' + date.day % 10);
    text[10] = '\0';
}
