/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts as text, both ways. Pure; safe from any thread.
 */
#include "amounts.h"

#include "base/assert.h"
#include "base/checked.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool amount_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool amount_take_digit(int64_t *value, char digit)
{
    return amount_is_digit(digit) && checked_mul_i64(*value, 10, value) &&
           checked_add_i64(*value, digit - '0', value);
}

bool amount_parse_integer(const char *text, int64_t *out)
{
    return amount_parse_decimal(text, 0, out) && strchr(text, '.') == NULL;
}

bool amount_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    int64_t value = 0;
    if (text[0] == '-' || !amount_parse_integer(text, &value)) {
        return false;
    }
    *out = (uint64_t)value;
    return *out >= min && *out <= max;
}

bool amount_parse_decimal(const char *text, unsigned decimals, int64_t *out)
{
    LB_ASSERT(decimals <= AMOUNT_DECIMALS_MAX);
    bool is_negative = *text == '-';
    text += is_negative ? 1 : 0;
    if (!amount_is_digit(*text)) {
        return false;
    }
    int64_t value = 0;
    for (; amount_is_digit(*text); text++) {
        if (!amount_take_digit(&value, *text)) {
            return false;
        }
    }
    if (*text == '.' && !amount_is_digit(*++text)) {
        return false;
    }
    for (unsigned i = 0; i < decimals; i++) {
        if (!amount_take_digit(&value, amount_is_digit(*text) ? *text++ : '0')) {
            return false;
        }
    }
    text += strspn(text, "0");
    *out = is_negative ? -value : value;
    return *text == '\0';
}

bool amount_parse_clock(const char *text, uint32_t *minute)
{
    size_t hour_digits = strspn(text, "0123456789");
    if (hour_digits < 1 || hour_digits > 2 || text[hour_digits] != ':' ||
        strspn(text + hour_digits + 1, "0123456789") != 2 || text[hour_digits + 3] != '\0') {
        return false;
    }
    unsigned hour = (unsigned)(text[0] - '0');
    if (hour_digits == 2) {
        hour = hour * 10 + (unsigned)(text[1] - '0');
    }
    const char *rest = text + hour_digits + 1;
    unsigned past = (unsigned)(rest[0] - '0') * 10 + (unsigned)(rest[1] - '0');
    *minute = hour * 60 + past;
    return hour < 24 && past < 60;
}

void amount_format_points_signed(int64_t centi, char out[AMOUNT_TEXT_BYTES])
{
    out[0] = '+';
    amount_format_decimal(centi, 2, out);
    if (centi > 0) {
        memmove(out + 1, out, strlen(out) + 1);
        out[0] = '+';
    }
}

void amount_format_minutes(bool is_chinese, int64_t minutes, char out[AMOUNT_TEXT_BYTES])
{
    const char *sign = minutes < 0 ? "-" : "";
    uint64_t size = minutes < 0 ? -(uint64_t)minutes : (uint64_t)minutes;
    uint64_t hours = size / 60;
    uint64_t rest = size % 60;
    if (hours == 0) {
        (void)snprintf(out, AMOUNT_TEXT_BYTES,
                       is_chinese ? "%s%" PRIu64 " 分钟" : "%s%" PRIu64 " min", sign, rest);
    } else if (rest == 0) {
        (void)snprintf(out, AMOUNT_TEXT_BYTES,
                       is_chinese ? "%s%" PRIu64 " 小时" : "%s%" PRIu64 " h", sign, hours);
    } else {
        (void)snprintf(out, AMOUNT_TEXT_BYTES,
                       is_chinese ? "%s%" PRIu64 " 小时 %" PRIu64 " 分钟"
                                  : "%s%" PRIu64 " h %" PRIu64 " min",
                       sign, hours, rest);
    }
}
