/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: days, times, ranges and durations. Whatever a cell holds, what is read is in its
 * range, and a day that is read is read again from its own plain writing. One thread.
 */
#include "base/date.h"
#include "base/assert.h"
#include "intake/value.h"
#include "text_of_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_date(const char *text, const struct value_calendar *calendar)
{
    int32_t day = 0;
    int32_t again = 0;
    char plain[DATE_TEXT_BYTES];
    if (value_date(text, calendar, &day) != VALUE_GOOD) {
        return;
    }
    LB_ASSERT(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX);
    date_format(day, plain);
    LB_ASSERT(value_date(plain, calendar, &again) == VALUE_GOOD && again == day);
}

/* A day without a year is never after today when typed, and of the file's year in a file. */
static void fuzz_calendars(const char *text)
{
    const struct value_calendar bare = {0};
    const struct value_calendar file = {.year = 2015};
    const struct value_calendar typed = {.today = 16922, .is_typed = true};
    int32_t day = 0;
    fuzz_date(text, &bare);
    fuzz_date(text, &file);
    fuzz_date(text, &typed);
    if (value_date(text, &bare, &day) == VALUE_NO_YEAR) {
        LB_ASSERT(value_date(text, &file, &day) != VALUE_GOOD || date_year_of_day(day) == 2015);
        LB_ASSERT(value_date(text, &typed, &day) != VALUE_GOOD || day <= typed.today);
    }
}

static void fuzz_times(const char *text)
{
    uint32_t minute = 0;
    uint32_t minutes = 0;
    if (value_clock(text, &minute) == VALUE_GOOD) {
        LB_ASSERT(minute < LB_DAY_MINUTES);
        LB_ASSERT(value_clock_range(text, &minute, &minutes) != VALUE_GOOD);
    }
    if (value_clock_range(text, &minute, &minutes) == VALUE_GOOD) {
        LB_ASSERT(minute < LB_DAY_MINUTES && minutes >= 1 && minutes <= LB_DAY_MINUTES);
    }
}

/* A text that is clear by itself means the same under every heading. */
static void fuzz_minutes(const char *text)
{
    uint32_t by_itself = 0;
    uint32_t minutes = 0;
    bool is_clear = value_minutes(text, VALUE_UNIT_UNKNOWN, &by_itself) == VALUE_GOOD;
    for (enum value_unit unit = VALUE_MINUTES; unit <= VALUE_HOURS; unit++) {
        bool is_good = value_minutes(text, unit, &minutes) == VALUE_GOOD;
        LB_ASSERT(!is_good || minutes <= VALUE_MINUTES_MAX);
        LB_ASSERT(!is_clear || (is_good && minutes == by_itself));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_BYTES_MAX + 1];
    if (!text_of_input(data, size, text)) {
        return 0;
    }
    fuzz_calendars(text);
    fuzz_times(text);
    fuzz_minutes(text);
    return 0;
}
