/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Durations. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#define MINUTES_PER_HOUR    60
#define MINUTES_PER_QUARTER 15
#define DECIMALS_MAX        9

#define HOUR_WORDS   "小时|小時|个小时|個小時|钟头|鐘頭|个钟头|個鐘頭|时|時|hours|hour|hrs|hr|h"
#define MINUTE_WORDS "分钟|分鐘|分|minutes|minute|mins|min|m"

/* figures · unit / 10^decimals, when that is whole. */
static enum value_fault duration_scale(const struct value_quantity *quantity, uint32_t unit,
                                       uint32_t *minutes)
{
    uint64_t scale = 1;
    uint64_t product = 0;
    if (quantity->decimals > DECIMALS_MAX) {
        return VALUE_PART_OF_MINUTE;
    }
    for (unsigned i = 0; i < quantity->decimals; i++) {
        scale *= 10;
    }
    if (__builtin_mul_overflow(quantity->figures, (uint64_t)unit, &product) ||
        product / scale > VALUE_MINUTES_MAX) {
        return VALUE_OUT_OF_RANGE;
    }
    *minutes = (uint32_t)(product / scale);
    return product % scale == 0 ? VALUE_GOOD : VALUE_PART_OF_MINUTE;
}

/* In digits, perhaps with decimals; or a Chinese count. */
static enum value_fault duration_take_quantity(const char **at, struct value_quantity *quantity)
{
    struct value_count count;
    enum value_fault fault = value_take_quantity(at, quantity);
    if (fault != VALUE_NOT_A_NUMBER) {
        return fault;
    }
    const char *here = *at;
    if (!value_take_count(&here, &count) || count.is_row || value_at_digit(*at)) {
        return VALUE_NOT_A_DURATION;
    }
    *at = here;
    *quantity = (struct value_quantity){.figures = count.number};
    return VALUE_GOOD;
}

/* What may follow whole hours: 半, 一刻, 30分, 零5分, 30. Nothing is 0. */
static uint32_t duration_take_past_hour(const char **at)
{
    struct value_count count;
    if (value_take(at, "半")) {
        return 30;
    }
    const char *here = *at;
    (void)value_take(&here, "零|〇|and");
    if (!value_take_count(&here, &count) || count.is_row || count.number >= MINUTES_PER_HOUR) {
        return 0;
    }
    bool is_quarters = (count.number == 1 || count.number == 3) && value_take(&here, "刻钟|刻");
    if (!is_quarters) {
        (void)value_take(&here, MINUTE_WORDS);
    }
    *at = here;
    return (uint32_t)count.number * (is_quarters ? MINUTES_PER_QUARTER : 1);
}

/* After a quantity: its unit, and what follows the hours. */
static enum value_fault duration_take_unit(const char **at, const struct value_quantity *quantity,
                                           enum value_unit unit, uint32_t *minutes)
{
    uint32_t past_hour = 0;
    enum value_fault fault = VALUE_GOOD;
    if (value_take(at, "个半|個半")) {
        past_hour = 30;
        fault = value_take(at, HOUR_WORDS) ? VALUE_GOOD : VALUE_NOT_A_DURATION;
    } else if (value_take(at, HOUR_WORDS)) {
        past_hour = duration_take_past_hour(at);
    } else if (value_take(at, MINUTE_WORDS)) {
        return duration_scale(quantity, 1, minutes);
    } else if (unit == VALUE_UNIT_UNKNOWN) {
        return value_at_end(*at) ? VALUE_NO_UNIT : VALUE_NOT_A_DURATION;
    } else {
        return duration_scale(quantity, unit == VALUE_HOURS ? MINUTES_PER_HOUR : 1, minutes);
    }
    if (fault == VALUE_GOOD && past_hour > 0 && quantity->decimals > 0) {
        fault = VALUE_NOT_A_DURATION; /* 1.5小时30分 */
    }
    if (fault == VALUE_GOOD) {
        fault = duration_scale(quantity, MINUTES_PER_HOUR, minutes);
    }
    *minutes += past_hour;
    return fault == VALUE_GOOD && *minutes > VALUE_MINUTES_MAX ? VALUE_OUT_OF_RANGE : fault;
}

/* 1:30, 1:30:00: hours and minutes. */
static bool duration_take_colons(const char **at, uint32_t *minutes)
{
    struct value_count hours;
    struct value_count past;
    const char *here = *at;
    if (!value_take_count(&here, &hours) || hours.is_row || *here != ':' ||
        !value_at_digit(here + 1)) {
        return false;
    }
    here++;
    if (!value_take_count(&here, &past) || past.figures != 2 || past.number >= MINUTES_PER_HOUR ||
        hours.number >= VALUE_MINUTES_MAX / MINUTES_PER_HOUR) {
        return false;
    }
    (void)value_take(&here, ":00");
    *minutes = (uint32_t)(hours.number * MINUTES_PER_HOUR + past.number);
    *at = here;
    return true;
}

/* 半小时, 三刻钟. */
static bool duration_take_parts(const char **at, uint32_t *minutes)
{
    const char *here = *at;
    struct value_count count;
    if (value_take(&here, "半") && value_take(&here, HOUR_WORDS)) {
        *minutes = MINUTES_PER_HOUR / 2;
        *at = here;
        return true;
    }
    here = *at;
    if (value_take_count(&here, &count) && (count.number == 1 || count.number == 3) &&
        value_take(&here, "刻钟|刻")) {
        *minutes = (uint32_t)count.number * MINUTES_PER_QUARTER;
        *at = here;
        return true;
    }
    return false;
}

enum value_fault value_minutes(const char *text, enum value_unit unit, uint32_t *minutes)
{
    char clean[VALUE_FIGURES_BYTES];
    uint32_t found = 0;
    struct value_quantity quantity;
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    const char *at = clean;
    if (duration_take_colons(&at, &found)) {
        fault = unit == VALUE_UNIT_UNKNOWN ? VALUE_NO_UNIT : VALUE_GOOD;
        fault = unit == VALUE_MINUTES ? VALUE_NOT_A_DURATION : fault;
    } else if (!duration_take_parts(&at, &found)) {
        fault = duration_take_quantity(&at, &quantity);
        if (fault == VALUE_GOOD) {
            fault = duration_take_unit(&at, &quantity, unit, &found);
        }
    }
    if (fault == VALUE_NOT_A_NUMBER || (fault != VALUE_OUT_OF_RANGE && !value_at_end(at))) {
        return VALUE_NOT_A_DURATION;
    }
    if (fault == VALUE_GOOD) {
        *minutes = found;
    }
    return fault;
}
