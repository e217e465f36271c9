/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts as text. Reading them is the client's. Pure; safe from any thread.
 */
#include "base/amount.h"

#include "base/assert.h"
#include "lovebank/limits.h"

#include <inttypes.h>
#include <stdio.h>

void amount_format_decimal(int64_t value, unsigned decimals, char out[AMOUNT_TEXT_BYTES])
{
    LB_ASSERT(decimals <= AMOUNT_DECIMALS_MAX);
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++) {
        unit *= 10;
    }
    int used = snprintf(out, AMOUNT_TEXT_BYTES, "%s%" PRIu64, value < 0 ? "-" : "", size / unit);
    uint64_t rest = size % unit;
    if (rest == 0) {
        return;
    }
    while (rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }
    (void)snprintf(out + used, AMOUNT_TEXT_BYTES - (size_t)used, ".%0*" PRIu64, (int)decimals,
                   rest);
}

void amount_format_points(int64_t centi, char out[AMOUNT_TEXT_BYTES])
{
    amount_format_decimal(centi, 2, out);
}

void amount_format_clock(int64_t minute, char out[AMOUNT_TEXT_BYTES])
{
    if (minute < 0 || minute >= LB_DAY_MINUTES) {
        (void)snprintf(out, AMOUNT_TEXT_BYTES, "?");
        return;
    }
    (void)snprintf(out, AMOUNT_TEXT_BYTES, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}
