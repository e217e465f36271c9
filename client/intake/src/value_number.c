/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole numbers and amounts. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#include "base/assert.h"
#include "base/checked.h"

#define DECIMALS_MAX 6

/* A quantity in digits, or a Chinese count; nothing after it. */
static enum value_fault value_read_quantity(const char *at, struct value_quantity *quantity)
{
    struct value_count count;
    enum value_fault fault = value_take_quantity(&at, quantity);
    if (fault == VALUE_NOT_A_NUMBER && !value_at_digit(at) && value_take_count(&at, &count) &&
        !count.is_row) {
        *quantity = (struct value_quantity){.figures = count.number};
        fault = VALUE_GOOD;
    }
    return fault == VALUE_GOOD && !value_at_end(at) ? VALUE_NOT_A_NUMBER : fault;
}

enum value_fault value_number(const char *text, uint64_t max, uint64_t *number)
{
    char clean[VALUE_FIGURES_BYTES];
    struct value_quantity quantity;
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    bool is_negative = clean[0] == '-';
    fault = value_read_quantity(clean + (is_negative ? 1 : 0), &quantity);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (quantity.decimals > 0) {
        return VALUE_NOT_WHOLE;
    }
    if (is_negative || quantity.figures > max) {
        return VALUE_OUT_OF_RANGE;
    }
    *number = quantity.figures;
    return VALUE_GOOD;
}

enum value_fault value_decimal(const char *text, unsigned decimals, int64_t *value)
{
    LB_ASSERT(decimals <= DECIMALS_MAX);
    char clean[VALUE_FIGURES_BYTES];
    struct value_quantity quantity;
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    bool is_negative = clean[0] == '-';
    const char *at = clean + (is_negative ? 1 : 0);
    fault = value_take_quantity(&at, &quantity);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    (void)value_take(&at, "分|积分|元|points|point");
    if (!value_at_end(at)) {
        return VALUE_NOT_A_NUMBER;
    }
    if (quantity.decimals > decimals) {
        return decimals == 0 ? VALUE_NOT_WHOLE : VALUE_TOO_PRECISE;
    }
    if (quantity.figures > INT64_MAX) {
        return VALUE_OUT_OF_RANGE;
    }
    int64_t found = (int64_t)quantity.figures;
    for (unsigned i = quantity.decimals; i < decimals; i++) {
        if (!checked_mul_i64(found, 10, &found)) {
            return VALUE_OUT_OF_RANGE;
        }
    }
    *value = is_negative ? -found : found;
    return VALUE_GOOD;
}
