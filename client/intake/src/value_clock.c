/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Times of day. Pure; safe from any thread.
 */
#include "value_clock.h"

#include "value_scan.h"
#include "value_text.h"

#include <string.h>

#define MINUTES_PER_HOUR    60
#define HALF_DAY_HOURS      12
#define FRACTION_DIGITS_MAX 12 /* beyond them a spreadsheet's numbers are noise */
#define FRACTION_DIGITS_MIN 6  /* from here on a fraction tells one minute from the next */

/* A part of the day: its hours as written that stay as they are, and those that mean 12 more. An
 * hour in neither (晚上12点, 上午12点: midnight or noon?) is not guessed. */
struct value_period {
    const char *words;
    uint8_t stays_first;
    uint8_t stays_last;
    uint8_t adds_first; /* 0: none */
    uint8_t adds_last;
};

static const struct value_period value_periods[] = {
    {"凌晨", 0, 6, 0, 0},
    {"早上|早晨|清晨|早", 4, 11, 0, 0},
    {"上午", 0, 11, 0, 0},
    {"中午", 11, 14, 1, 2},
    {"下午|午后", 12, 23, 1, 11},
    {"傍晚", 16, 20, 4, 8},
    {"晚上|夜里|夜间|晚", 17, 23, 5, 11},
    {"pm|p.m.|p.m", 12, 23, 1, 11},
};
/* 12:30 AM is half past midnight: the one hour that means 12 fewer. */
static const struct value_period value_period_am = {"am|a.m.|a.m", 0, 11, 0, 0};

static const struct value_period *value_take_period(const char **at)
{
    for (size_t i = 0; i < sizeof(value_periods) / sizeof(value_periods[0]); i++) {
        if (value_take(at, value_periods[i].words)) {
            return &value_periods[i];
        }
    }
    return value_take(at, value_period_am.words) ? &value_period_am : NULL;
}

/* ":30" or ":00": two digits, no space. */
static bool value_take_sixtieths(const char **at, uint32_t *number)
{
    const char *here = *at;
    if (here[0] != ':' || strspn(here + 1, "0123456789") != 2) {
        return false;
    }
    *number = (uint32_t)(here[1] - '0') * 10 + (uint32_t)(here[2] - '0');
    *at = here + 3;
    return true;
}

/* After the hour: ":30", ":30:00", ":30:00.0". */
static bool value_take_colon_minutes(const char **at, struct value_time *time)
{
    if (!value_take_sixtieths(at, &time->minute)) {
        return false;
    }
    const char *here = *at;
    if (value_take_sixtieths(&here, &time->second)) {
        size_t zeros = here[0] == '.' ? strspn(here + 1, "0") : 0;
        *at = here + (zeros > 0 ? zeros + 1 : 0);
    }
    return true;
}

/* After the hour: "点", "点半", "点一刻", "时30分". */
static bool value_take_word_minutes(const char **at, struct value_time *time)
{
    struct value_count count;
    if (!value_take(at, "点|點|时|時")) {
        return false;
    }
    if (value_take(at, "钟|鐘|整")) {
        return true;
    }
    if (value_take(at, "半")) {
        time->minute = 30;
        return true;
    }
    const char *here = *at;
    (void)value_take(&here, "零|〇"); /* 八点零五分 */
    if (value_take_count(&here, &count) && count.figures <= 2 && !count.is_row) {
        bool is_quarters = (count.number == 1 || count.number == 3) && value_take(&here, "刻");
        time->minute = (uint32_t)count.number * (is_quarters ? 15 : 1);
        if (!is_quarters) {
            (void)value_take(&here, "分");
        }
        *at = here;
    }
    return true;
}

bool value_take_time(const char **at, struct value_time *time)
{
    const char *here = *at;
    struct value_count hour;
    *time = (struct value_time){.period = value_take_period(&here)};
    if (!value_take_count(&here, &hour) || hour.figures > 2 || hour.is_row) {
        return false;
    }
    time->hour = (uint32_t)hour.number;
    bool has_minutes =
        value_take_colon_minutes(&here, time) || value_take_word_minutes(&here, time);
    if (time->period == NULL) {
        time->period = value_take_period(&here);
    }
    if ((!has_minutes && time->period == NULL) || time->hour > 24 || time->minute > 59 ||
        time->second > 59 || (time->hour == 24 && time->minute + time->second > 0)) {
        return false;
    }
    *at = here;
    return true;
}

enum value_fault value_time_minute(const struct value_time *time, const struct value_period *period,
                                   uint32_t *minute)
{
    uint32_t hour = time->hour;
    if (period == &value_period_am && hour == HALF_DAY_HOURS) {
        hour = 0;
    } else if (period != NULL && period->adds_first != 0 && hour >= period->adds_first &&
               hour <= period->adds_last) {
        hour += HALF_DAY_HOURS;
    } else if (period != NULL && (hour < period->stays_first || hour > period->stays_last)) {
        return VALUE_HALF_OF_DAY;
    }
    *minute = hour * MINUTES_PER_HOUR + time->minute;
    return time->second == 0 ? VALUE_GOOD : VALUE_PART_OF_MINUTE;
}

/* Excel's part of a day: 0.354166667 is 8:30. A short fraction must be a minute exactly. */
static enum value_fault value_clock_of_fraction(const char *text, uint32_t *minute)
{
    size_t digits = strncmp(text, "0.", 2) == 0 ? strspn(text + 2, "0123456789") : 0;
    if (digits == 0 || text[2 + digits] != '\0') {
        return VALUE_NOT_A_TIME;
    }
    uint64_t fraction = 0;
    uint64_t scale = 1;
    for (size_t i = 0; i < digits && i < FRACTION_DIGITS_MAX; i++) {
        fraction = fraction * 10 + (uint64_t)(text[2 + i] - '0');
        scale *= 10;
    }
    uint64_t exact = fraction * LB_DAY_MINUTES; /* in 1/scale minutes */
    uint64_t nearest = (exact + scale / 2) / scale;
    uint64_t off = exact > nearest * scale ? exact - nearest * scale : nearest * scale - exact;
    uint64_t rounding = digits >= FRACTION_DIGITS_MIN ? LB_DAY_MINUTES : 0; /* of the last digit */
    if (nearest >= LB_DAY_MINUTES) {
        return VALUE_NOT_A_TIME;
    }
    *minute = (uint32_t)nearest;
    return off <= rounding ? VALUE_GOOD : VALUE_PART_OF_MINUTE;
}

enum value_fault value_clock(const char *text, uint32_t *minute)
{
    char clean[VALUE_FIGURES_BYTES];
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    const char *at = clean;
    struct value_time time;
    if (!value_take_time(&at, &time)) {
        return value_clock_of_fraction(clean, minute);
    }
    if (!value_at_end(at) || time.hour == 24) {
        return VALUE_NOT_A_TIME;
    }
    return value_time_minute(&time, time.period, minute);
}
