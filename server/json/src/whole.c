/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole numbers of JSON. A text is read by its digits, never through floating point. Pure.
 */
#include "whole.h"

#include "base/assert.h"
#include "base/bytes.h"

#define WHOLE_REAL_MAX     0x1p53
#define WHOLE_EXPONENT_MAX 1000 /* far beyond 64 bits: no number needs more */

static bool is_digit(uint8_t character)
{
    return character >= '0' && character <= '9';
}

/* Takes digits off `left` and says which. */
static struct bytes take_digits(struct bytes *left)
{
    struct bytes digits = {left->data, 0};
    while (digits.size < left->size && is_digit(left->data[digits.size])) {
        digits.size++;
    }
    left->data += digits.size;
    left->size -= digits.size;
    return digits;
}

static bool take_one_of(struct bytes *left, uint8_t a, uint8_t b)
{
    if (left->size == 0 || (left->data[0] != a && left->data[0] != b)) {
        return false;
    }
    left->data++;
    left->size--;
    return true;
}

static bool append_digit(uint64_t *magnitude, uint8_t digit)
{
    return !__builtin_mul_overflow(*magnitude, UINT64_C(10), magnitude) &&
           !__builtin_add_overflow(*magnitude, (uint64_t)(digit - '0'), magnitude);
}

/* "", "e3", "E+3", "e-3". */
static bool exponent_of_text(struct bytes left, int *exponent)
{
    *exponent = 0;
    if (left.size == 0) {
        return true;
    }
    if (!take_one_of(&left, 'e', 'E')) {
        return false;
    }
    const bool is_negative = take_one_of(&left, '-', '-');
    if (!is_negative) {
        (void)take_one_of(&left, '+', '+');
    }
    const struct bytes digits = take_digits(&left);
    if (digits.size == 0 || left.size > 0) {
        return false;
    }
    for (size_t i = 0; i < digits.size && *exponent <= WHOLE_EXPONENT_MAX; i++) {
        *exponent = *exponent * 10 + (digits.data[i] - '0');
    }
    *exponent = is_negative ? -*exponent : *exponent;
    return *exponent >= -WHOLE_EXPONENT_MAX && *exponent <= WHOLE_EXPONENT_MAX;
}

/* The digits before the point and those after it, the point moved by the exponent: what stands
 * behind it then must be zeros. */
static bool whole_of_digits(struct bytes before, struct bytes after, int exponent,
                            uint64_t *magnitude)
{
    const size_t count = before.size + after.size;
    if (count > WHOLE_EXPONENT_MAX) {
        return false;
    }
    const long whole_count = (long)before.size + exponent;
    *magnitude = 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t digit = i < before.size ? before.data[i] : after.data[i - before.size];
        const bool is_whole = (long)i < whole_count;
        if (is_whole ? !append_digit(magnitude, digit) : digit != '0') {
            return false;
        }
    }
    for (long i = (long)count; i < whole_count; i++) {
        if (!append_digit(magnitude, '0')) {
            return false;
        }
    }
    return true;
}

static bool whole_of_text(struct bytes left, struct whole *whole)
{
    int exponent = 0;
    whole->is_negative = take_one_of(&left, '-', '-');
    const struct bytes before = take_digits(&left);
    struct bytes after = {left.data, 0};
    if (take_one_of(&left, '.', '.')) {
        after = take_digits(&left);
        if (after.size == 0) {
            return false;
        }
    }
    return before.size > 0 && exponent_of_text(left, &exponent) &&
           whole_of_digits(before, after, exponent, &whole->magnitude);
}

static struct whole whole_of_signed(int64_t number)
{
    const bool is_negative = number < 0;
    return (struct whole){is_negative, is_negative ? -(uint64_t)number : (uint64_t)number};
}

/* The only floating point there is: what jansson made of the text, and no further. */
static bool whole_of_real(const json_t *value, struct whole *whole)
{
    const __auto_type real = json_real_value(value);
    if (real < -WHOLE_REAL_MAX || real > WHOLE_REAL_MAX) {
        return false;
    }
    const int64_t number = (int64_t)real;
    *whole = whole_of_signed(number);
    return (__typeof__(real))number == real;
}

bool whole_of_json(const json_t *value, struct whole *whole)
{
    if (json_is_integer(value)) {
        *whole = whole_of_signed(json_integer_value(value));
        return true;
    }
    if (json_is_real(value)) {
        return whole_of_real(value, whole);
    }
    return json_is_string(value) &&
           whole_of_text(bytes_of(json_string_value(value), json_string_length(value)), whole);
}

bool whole_is_within(struct whole whole, struct whole_range range)
{
    return whole.magnitude <= (whole.is_negative ? range.below : range.above);
}

int64_t whole_to_signed(struct whole whole)
{
    LB_ASSERT(whole_is_within(whole, (struct whole_range){UINT64_C(1) << 63, INT64_MAX}));
    /* Of the least number the magnitude has no sign to be given. */
    return (int64_t)(whole.is_negative ? -whole.magnitude : whole.magnitude);
}

uint64_t whole_to_unsigned(struct whole whole)
{
    LB_ASSERT(!whole.is_negative || whole.magnitude == 0);
    return whole.magnitude;
}
