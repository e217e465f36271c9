/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words, counts and quantities. Pure; safe from any thread.
 */
#include "value_scan.h"

#include <string.h>

#define COUNT_FIGURES_MAX 18 /* fits in uint64_t */
#define HAN_NUMERALS_MAX  8
#define GROUP_DIGITS      3

static const char *value_skip_spaces(const char *at)
{
    return at + strspn(at, " ");
}

bool value_take(const char **at, const char *words)
{
    const char *here = value_skip_spaces(*at);
    size_t longest = 0;
    if (*here == '\0') {
        return false;
    }
    for (const char *word = words; *word != '\0'; word += *word == '|' ? 1 : 0) {
        size_t size = strcspn(word, "|");
        if (size > longest && *word == *here && strncmp(here, word, size) == 0) {
            longest = size;
        }
        word += size;
    }
    if (longest == 0) {
        return false;
    }
    *at = here + longest;
    return true;
}

bool value_at_end(const char *at)
{
    return *value_skip_spaces(at) == '\0';
}

bool value_at_digit(const char *at)
{
    return *at >= '0' && *at <= '9';
}

/* Numerals of one character; 10 and 100 are units. Also the forms that cannot be forged (壹). */
static bool value_take_han_numeral(const char **at, unsigned *numeral)
{
    static const struct {
        char written[4];
        uint8_t value;
    } numerals[] = {{"〇", 0},  {"零", 0},   {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3},
                    {"四", 4},  {"五", 5},   {"六", 6}, {"七", 7}, {"八", 8}, {"九", 9},
                    {"十", 10}, {"百", 100}, {"兩", 2}, {"壹", 1}, {"贰", 2}, {"叁", 3},
                    {"肆", 4},  {"伍", 5},   {"陆", 6}, {"柒", 7}, {"捌", 8}, {"玖", 9},
                    {"拾", 10}, {"佰", 100}};
    size_t size = strlen(numerals[0].written); /* of all of them */
    for (size_t i = 0; i < sizeof(numerals) / sizeof(numerals[0]); i++) {
        if (strncmp(*at, numerals[i].written, size) == 0) {
            *numeral = numerals[i].value;
            *at += size;
            return true;
        }
    }
    return false;
}

/* 十二, 一百零五, from numerals of which one is a unit. Not 一百五, which may be 105 or 150. */
static bool value_han_sum(const unsigned *numerals, size_t size, uint64_t *sum)
{
    unsigned unit = 1000; /* the one before */
    unsigned digit = 0;   /* waits for its unit; 0: none does */
    bool has_zero = false;
    *sum = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned numeral = numerals[i];
        if (numeral >= 10) {
            bool is_bare_ten = digit == 0 && numeral == 10 && i == 0;
            if (numeral >= unit || (digit == 0 && !is_bare_ten)) {
                return false;
            }
            *sum += is_bare_ten ? 10 : digit * numeral;
            unit = numeral;
            digit = 0;
            has_zero = false;
        } else if (digit != 0 || (numeral == 0 && (has_zero || unit != 100))) {
            return false;
        } else {
            has_zero = has_zero || numeral == 0;
            digit = numeral;
        }
    }
    bool is_doubtful = unit == 100 && ((digit != 0) != has_zero);
    *sum += digit;
    return !is_doubtful;
}

static bool value_take_han_count(const char **at, struct value_count *count)
{
    unsigned numerals[HAN_NUMERALS_MAX];
    size_t size = 0;
    bool has_unit = false;
    const char *here = *at;
    unsigned numeral = 0;
    while ((unsigned char)*here >= 0x80 && value_take_han_numeral(&here, &numeral)) {
        if (size == HAN_NUMERALS_MAX) {
            return false;
        }
        has_unit = has_unit || numeral >= 10;
        numerals[size++] = numeral;
    }
    *count = (struct value_count){.figures = size, .is_row = !has_unit && size > 1};
    if (size == 0 || (has_unit && !value_han_sum(numerals, size, &count->number))) {
        return false;
    }
    if (has_unit) {
        count->figures = count->number >= 100 ? 3 : 2;
    } else {
        for (size_t i = 0; i < size; i++) {
            count->number = count->number * 10 + numerals[i];
        }
    }
    *at = here;
    return true;
}

bool value_take_count(const char **at, struct value_count *count)
{
    const char *here = value_skip_spaces(*at);
    if (!value_at_digit(here)) {
        bool is_found = value_take_han_count(&here, count);
        *at = is_found ? here : *at;
        return is_found;
    }
    *count = (struct value_count){.figures = strspn(here, "0123456789")};
    if (count->figures > COUNT_FIGURES_MAX) {
        return false;
    }
    for (size_t i = 0; i < count->figures; i++) {
        count->number = count->number * 10 + (uint64_t)(here[i] - '0');
    }
    *at = here + count->figures;
    return true;
}

static bool value_add_figure(uint64_t *figures, char digit)
{
    return !__builtin_mul_overflow(*figures, 10, figures) &&
           !__builtin_add_overflow(*figures, (uint64_t)(digit - '0'), figures);
}

/* How long the part before the decimal point is, commas included; 0: they are out of place. */
static size_t value_whole_size(const char *at)
{
    size_t size = strspn(at, "0123456789");
    if (at[size] != ',') {
        return size;
    }
    bool is_good = size > 0 && size <= GROUP_DIGITS;
    while (is_good && at[size] == ',') {
        is_good = strspn(at + size + 1, "0123456789") == GROUP_DIGITS;
        size += GROUP_DIGITS + 1;
    }
    return is_good ? size : 0;
}

enum value_fault value_take_quantity(const char **at, struct value_quantity *quantity)
{
    const char *here = value_skip_spaces(*at);
    size_t whole = value_whole_size(here);
    const char *point = here + whole;
    if (whole == 0) {
        return VALUE_NOT_A_NUMBER;
    }
    size_t fraction = *point == '.' ? strspn(point + 1, "0123456789") : 0;
    if (*point == '.' && fraction == 0) {
        return VALUE_NOT_A_NUMBER;
    }
    const char *end = fraction > 0 ? point + 1 + fraction : point;
    const char *last = end; /* without the zeros at the end of the fraction */
    while (last > point + 1 && last[-1] == '0') {
        last--;
    }
    *quantity = (struct value_quantity){0};
    for (; here < last; here++) {
        if (value_at_digit(here) && !value_add_figure(&quantity->figures, *here)) {
            return VALUE_OUT_OF_RANGE;
        }
    }
    quantity->decimals = last > point ? (unsigned)(last - point - 1) : 0;
    *at = end;
    return VALUE_GOOD;
}
