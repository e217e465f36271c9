/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A cursor over a text from value_clean_figures: words, counts, quantities. Each function skips
 * spaces first and moves the cursor only when it finds what it looks for. Pure; safe from any
 * thread.
 */
#ifndef INTAKE_VALUE_SCAN_H
#define INTAKE_VALUE_SCAN_H

#include "intake/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of "小时|钟头|h": the longest that fits. */
bool value_take(const char **at, const char *words);
bool value_at_end(const char *at);
/* A digit 0 to 9 right here, no space before it. */
bool value_at_digit(const char *at);

/* A count: 12, 十二, 两; or figures in a row, 二〇一六, as years are written. */
struct value_count {
    uint64_t number;
    size_t figures; /* of 12 and 二〇一六 as written, of 十二 as it would be in digits */
    bool is_row;    /* 二〇一六: not a count in the everyday sense */
};
/* At most 18 figures. */
bool value_take_count(const char **at, struct value_count *count);

/* 1,234.50 is 12345 with one decimal: zeros at the end of a fraction are dropped. */
struct value_quantity {
    uint64_t figures;
    unsigned decimals;
};
/* VALUE_NOT_A_NUMBER, also for commas that do not part thousands; VALUE_OUT_OF_RANGE: too many
 * figures to be held. */
LB_MUST_CHECK enum value_fault value_take_quantity(const char **at,
                                                   struct value_quantity *quantity);

#endif
