/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Amounts as people write and read them, beyond base/amount.h: reading, changes, durations. Whole
 * numbers of the smallest unit inside, never floating point. Pure; safe from any thread.
 */
#ifndef CLI_AMOUNTS_H
#define CLI_AMOUNTS_H

#include "base/amount.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

/* Digits only, from min to max. */
LB_MUST_CHECK bool amount_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out);
/* Digits, perhaps with a minus sign in front. */
LB_MUST_CHECK bool amount_parse_integer(const char *text, int64_t *out);
/* "12.5" as 1250 with 2 decimals, 12500 with 3; more digits than that only if they are zeros. */
LB_MUST_CHECK bool amount_parse_decimal(const char *text, unsigned decimals, int64_t *out);
/* "08:30" or "8:30" as minutes after midnight. */
LB_MUST_CHECK bool amount_parse_clock(const char *text, uint32_t *minute);

/* "+12.5" or "-3"; "0". */
void amount_format_points_signed(int64_t centi, char out[AMOUNT_TEXT_BYTES]);
/* "3 小时 30 分钟" or "3 h 30 min". */
void amount_format_minutes(bool is_chinese, int64_t minutes, char out[AMOUNT_TEXT_BYTES]);

#endif
