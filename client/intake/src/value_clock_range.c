/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Ranges of times of day: start and length. Pure; safe from any thread.
 */
#include "value_clock.h"
#include "value_scan.h"
#include "value_text.h"

#define NOON_HOUR 12

/*
 * What a time without 上午, PM … means beside one that has it: by 24 hours, or in the other's part
 * of the day; whichever keeps start before end. Both, or neither: it is not guessed.
 */
static enum value_fault clock_range_infer(const struct value_time *bare,
                                          const struct value_period *period, uint32_t other,
                                          bool is_end, uint32_t *minute)
{
    uint32_t by_24 = 0;
    uint32_t by_period = 0;
    enum value_fault fault = value_time_minute(bare, NULL, &by_24);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    bool is_by_24 = is_end ? by_24 > other : by_24 < other;
    bool is_by_period = value_time_minute(bare, period, &by_period) == VALUE_GOOD &&
                        (is_end ? by_period > other : by_period < other);
    *minute = is_by_24 ? by_24 : by_period;
    bool is_doubtful = is_by_24 == is_by_period && (!is_by_24 || by_24 != by_period);
    return is_doubtful ? VALUE_HALF_OF_DAY : VALUE_GOOD;
}

/* An end before its start: of the next day, or an afternoon's that somebody wrote by 12 hours? With
 * 12 hours more it would lie behind the start. */
static bool clock_range_may_be_afternoon(const struct value_time *end, uint32_t from, uint32_t to)
{
    return end->hour <= NOON_HOUR && to + LB_DAY_MINUTES / 2 > from;
}

/* Neither has a part of the day: by 24 hours, past midnight only where that alone makes sense. */
static enum value_fault clock_range_plain(const struct value_time *start,
                                          const struct value_time *end, uint32_t *from,
                                          uint32_t *to)
{
    enum value_fault fault = value_time_minute(start, NULL, from);
    if (fault == VALUE_GOOD) {
        fault = value_time_minute(end, NULL, to);
    }
    if (fault == VALUE_GOOD && *to < *from &&
        (start->hour <= NOON_HOUR || clock_range_may_be_afternoon(end, *from, *to))) {
        fault = VALUE_HALF_OF_DAY;
    }
    return fault;
}

static enum value_fault clock_range_ends(const struct value_time *start,
                                         const struct value_time *end, uint32_t *from, uint32_t *to)
{
    if (start->period == NULL && end->period == NULL) {
        return clock_range_plain(start, end, from, to);
    }
    enum value_fault fault = VALUE_GOOD;
    if (start->period != NULL) {
        fault = value_time_minute(start, start->period, from);
    }
    if (fault == VALUE_GOOD && end->period != NULL) {
        fault = value_time_minute(end, end->period, to);
    }
    if (fault == VALUE_GOOD && start->period == NULL) {
        fault = clock_range_infer(start, end->period, *to, false, from);
    }
    if (fault == VALUE_GOOD && end->period == NULL) {
        fault = clock_range_infer(end, start->period, *from, true, to);
    }
    return fault;
}

enum value_fault value_clock_range(const char *text, uint32_t *minute, uint32_t *minutes)
{
    char clean[VALUE_FIGURES_BYTES];
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    const char *at = clean;
    struct value_time start;
    struct value_time end;
    (void)value_take(&at, "从|自");
    if (!value_take_time(&at, &start) || start.hour == 24 || !value_take(&at, "--|-|~|至|到|to") ||
        !value_take_time(&at, &end) || !value_at_end(at)) {
        return VALUE_NOT_A_TIME;
    }
    uint32_t from = 0;
    uint32_t to = 0;
    fault = clock_range_ends(&start, &end, &from, &to);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (from == to) {
        return VALUE_OUT_OF_RANGE; /* nothing, or a whole day */
    }
    *minute = from;
    *minutes = to > from ? to - from : LB_DAY_MINUTES - from + to;
    return VALUE_GOOD;
}
