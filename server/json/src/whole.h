/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole numbers as JSON may write them: 12, "12", 1.2e1. Pure.
 */
#ifndef JSON_WHOLE_H
#define JSON_WHOLE_H

#include "lovebank/result.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Sign and magnitude: every number of 64 bits, with sign or without. */
struct whole {
    bool is_negative;
    uint64_t magnitude;
};

/* What a type holds: -below to above. */
struct whole_range {
    uint64_t below;
    uint64_t above;
};

/* false: not a whole number, or beyond 64 bits. jansson reads a number with a point or an exponent
 * as a floating one: beyond 2^53, where these skip whole numbers, it is refused. In a string every
 * number is exact. */
LB_MUST_CHECK bool whole_of_json(const json_t *value, struct whole *whole);

bool whole_is_within(struct whole whole, struct whole_range range);

/* Within the range of a type with sign, or without. */
int64_t whole_to_signed(struct whole whole);
uint64_t whole_to_unsigned(struct whole whole);

#endif
