/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Values of forms: numbers, amounts, days, times. How they may be written is in intake/value.h;
 * here is what a command allows of them. One thread.
 */
#include "form.h"

#include "amounts.h"
#include "typed.h"

#include <inttypes.h>
#include <string.h>

#define FORM_YEAR_MIN 1900 /* of days, see base/date.h */
#define FORM_YEAR_MAX 2199

/* What is no number, or none in the range, is told with the range. */
static uint64_t form_check_number(struct form_build *build, const char *column,
                                  enum value_fault fault, uint64_t number, uint64_t min,
                                  uint64_t max)
{
    if (fault == VALUE_NOT_A_NUMBER || fault == VALUE_NOT_WHOLE || fault == VALUE_OUT_OF_RANGE ||
        (fault == VALUE_GOOD && number < min)) {
        form_complain(build, column, range_wanted(build->cli, min, max));
        return 0;
    }
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        return 0;
    }
    return number;
}

uint64_t form_number(struct form_build *build, const char *column, uint64_t min, uint64_t max)
{
    uint64_t number = 0;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    const enum value_fault fault = value_number(value, max, &number);
    return form_check_number(build, column, fault, number, min, max);
}

uint64_t form_identifier(struct form_build *build, const char *column, uint64_t min, uint64_t max)
{
    uint64_t number = 0;
    size_t digits;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    const enum value_fault fault = value_identifier(value, max, &number, &digits);
    return form_check_number(build, column, fault, number, min, max);
}

int64_t form_decimal(struct form_build *build, const char *column, unsigned decimals)
{
    int64_t number = 0;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    enum value_fault fault = value_decimal(value, decimals, &number);
    if (fault == VALUE_GOOD && number >= 0 && number <= LB_POINTS_CENTI_MAX) {
        return number;
    }
    if (fault == VALUE_EXCEL_NUMBER || fault == VALUE_HASHES) {
        form_complain_fault(build, column, fault);
    } else if (decimals == 2) {
        form_complain(
            build, column,
            (struct cli_text){"不是数额。请写成 12 或 12.50", "not an amount; write 12 or 12.50"});
    } else {
        form_complain(
            build, column,
            (struct cli_text){"不是系数。请写成 1 或 1.5", "not a factor; write 1 or 1.5"});
    }
    return 0;
}

bool form_day(struct form_build *build, const char *column, int32_t *day)
{
    const char *value = form_given(build, column);
    if (value == NULL) {
        return false;
    }
    enum value_fault fault;
    bool is_told = false;
    if (build->file == NULL) {
        fault = typed_day(build->cli, value, day, &is_told);
    } else {
        const struct value_calendar calendar = {.year = build->file->year};
        fault = value_date(value, &calendar, day);
    }
    if (is_told) {
        form_complain_result(build, column, LB_TRY_LATER, 0, 0);
        return false;
    }
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        return false;
    }
    return true;
}

uint32_t form_year(struct form_build *build, const char *column)
{
    uint64_t year = 0;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    const char *word = strstr(value, "年");
    if (word != NULL && (strcmp(word, "年") == 0 || strcmp(word, "年度") == 0)) {
        value = cli_format(build->cli, "%.*s", (int)(word - value), value);
    }
    const enum value_fault fault = value_number(value, FORM_YEAR_MAX, &year);
    return (uint32_t)form_check_number(build, column, fault, year, FORM_YEAR_MIN, FORM_YEAR_MAX);
}

void form_command_day(struct form_build *build, const char *column)
{
    build->command->has_day = form_day(build, column, &build->command->day);
}

/* How much time may be given, in minutes. */
struct form_bounds {
    int64_t min;
    int64_t max;
};

static const struct form_bounds form_of_day = {1, LB_DAY_MINUTES};

static uint32_t form_check_minutes(struct form_build *build, const char *column, int64_t minutes,
                                   struct form_bounds bounds)
{
    if (minutes < bounds.min || minutes > bounds.max) {
        form_complain_result(build, column, LB_MINUTES_INVALID, minutes, bounds.max);
        return 0;
    }
    return (uint32_t)minutes;
}

/* Of one column; 0: not given, or a complaint. */
static uint32_t form_read_minutes(struct form_build *build, const char *column,
                                  enum value_unit unit, struct form_bounds bounds)
{
    uint32_t minutes = 0;
    int64_t number = 0;
    const char *value = form_value(build, column);
    if (value[0] == '\0') {
        return 0;
    }
    if (unit == VALUE_MINUTES && amount_parse_integer(value, &number)) {
        return form_check_minutes(build, column, number, bounds);
    }
    enum value_fault fault = value_minutes(value, unit, &minutes);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        return 0;
    }
    return form_check_minutes(build, column, minutes, bounds);
}

static uint32_t form_minutes_within(struct form_build *build, struct form_bounds bounds)
{
    static const struct {
        const char *column;
        enum value_unit unit;
    } columns[] = {
        {"minutes", VALUE_MINUTES}, {"hours", VALUE_HOURS}, {"duration", VALUE_UNIT_UNKNOWN}};
    uint32_t minutes = 0;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        uint32_t more = form_read_minutes(build, columns[i].column, columns[i].unit, bounds);
        if (more != 0 && minutes != 0 && more != minutes) {
            form_complain(build, columns[i].column,
                          (struct cli_text){"与另一列的时长不一致。请核对",
                                            "the columns say two different times; check them"});
        }
        minutes = more != 0 ? more : minutes;
    }
    return minutes;
}

uint32_t form_minutes(struct form_build *build)
{
    return form_minutes_within(build, form_of_day);
}

uint32_t form_minutes_of_year(struct form_build *build)
{
    return form_minutes_within(build, (struct form_bounds){0, VALUE_MINUTES_MAX});
}

static bool form_clock(struct form_build *build, const char *column, uint32_t *minute)
{
    const char *value = form_value(build, column);
    if (value[0] == '\0') {
        return false;
    }
    enum value_fault fault = value_clock(value, minute);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
    }
    return fault == VALUE_GOOD;
}

/* From start to end, if the row says so: its length, and *start. */
static uint32_t form_range(struct form_build *build, bool *has_start, uint32_t *start)
{
    uint32_t end = 0;
    uint32_t range_start = 0;
    uint32_t minutes = 0;
    const bool has_end = form_clock(build, "end", &end);
    const char *column = has_end ? "end" : "time";
    *has_start = form_clock(build, "start", start);
    if (has_end && !*has_start) {
        form_complain_result(build, "start", LB_FIELD_MISSING, 0, 0);
        return 0;
    }
    const char *range = has_end ? cli_format(build->cli, "%s-%s", form_value(build, "start"),
                                             form_value(build, "end"))
                                : form_value(build, "time");
    if (range[0] == '\0') {
        return 0;
    }
    enum value_fault fault = value_clock_range(range, &range_start, &minutes);
    if (fault != VALUE_GOOD) {
        form_complain_fault(build, column, fault);
        return 0;
    }
    if (*has_start && *start != range_start) {
        form_complain(build, column,
                      (struct cli_text){"与开始时间不一致。请核对",
                                        "it does not begin at the start that is given; check it"});
    }
    *has_start = true;
    *start = range_start;
    return form_check_minutes(build, column, minutes, form_of_day);
}

uint32_t form_minutes_and_start(struct form_build *build, protobuf_c_boolean *has_start,
                                uint32_t *start_minute)
{
    bool is_started = false;
    const uint32_t range = form_range(build, &is_started, start_minute);
    const uint32_t minutes = form_minutes(build);
    *has_start = is_started;
    /* Less than from start to end: there was a pause. More cannot be. */
    if (range != 0 && minutes > range) {
        form_complain(
            build, "time",
            (struct cli_text){cli_format(build->cli,
                                         "起止时间只有 %" PRIu32 " 分钟，写的时长是 %" PRIu32
                                         " 分钟。请核对",
                                         range, minutes),
                              cli_format(build->cli,
                                         "it is %" PRIu32 " minutes from start to end, but %" PRIu32
                                         " are given; check them",
                                         range, minutes)});
    }
    if (minutes == 0 && range == 0) {
        (void)form_given(build, "minutes");
    }
    return minutes != 0 ? minutes : range;
}

int64_t form_quantity(struct form_build *build, const char *column)
{
    int64_t quantity = 0;
    uint64_t number = 0;
    const char *value = form_given(build, column);
    if (value == NULL) {
        return 0;
    }
    if (!amount_parse_integer(value, &quantity)) {
        enum value_fault fault = value_number(value, INT64_MAX, &number);
        if (fault != VALUE_GOOD) {
            form_complain_fault(build, column, fault);
            return 0;
        }
        quantity = (int64_t)number;
    }
    return form_check_quantity(build, column, quantity);
}

int64_t form_check_quantity(struct form_build *build, const char *column, int64_t quantity)
{
    if (quantity < 1 || quantity > LB_QUANTITY_MAX) {
        form_complain_result(build, column, LB_QUANTITY_INVALID, quantity, LB_QUANTITY_MAX);
        return 0;
    }
    return quantity;
}
