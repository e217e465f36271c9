/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Arithmetic that says when it overflows. Amounts are int64_t in the smallest unit (1/100 point,
 * minute, piece); every sum of amounts goes through here. Pure; safe from any thread.
 */
#ifndef BASE_CHECKED_H
#define BASE_CHECKED_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

/* Each returns false on overflow and then leaves *out unspecified. */
static inline LB_MUST_CHECK bool checked_add_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static inline LB_MUST_CHECK bool checked_sub_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}

static inline LB_MUST_CHECK bool checked_mul_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static inline LB_MUST_CHECK bool checked_add_size(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

#endif
