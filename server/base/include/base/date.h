/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Civil days and how they are written. A day is a count of days since 1970-01-01 in the book's
 * time zone (proleptic Gregorian); which day it is now is passed in. Pure; safe from any thread.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

#define DATE_DAY_MIN    INT32_C(-25567) /* 1900-01-01 */
#define DATE_DAY_MAX    INT32_C(84005)  /* 2199-12-31 */
#define DATE_TEXT_BYTES 11              /* "2016-05-01" and NUL */

struct date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

bool date_is_valid(struct date date);   /* a day of the calendar within DATE_DAY_MIN..MAX */
int32_t date_to_day(struct date date);  /* date must be valid */
struct date date_from_day(int32_t day); /* day within DATE_DAY_MIN..MAX */
int32_t date_year_of_day(int32_t day);
/* Same month and day some years later; 29 February becomes 28 February. Saturates at DATE_DAY_MAX.
 */
int32_t date_add_years(int32_t day, int32_t years);
/* The day, in a zone so many seconds east of Greenwich, of a time in ms since the epoch. */
int32_t date_day_of_ms(int64_t unix_ms, int32_t zone_east_s);

/* Exactly "YYYY-MM-DD". false: not of that form, or no such day. */
LB_MUST_CHECK bool date_parse(struct bytes text, int32_t *day);
void date_format(int32_t day, char text[DATE_TEXT_BYTES]);

#endif
