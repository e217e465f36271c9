/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * How amounts are written for people, everywhere the same. Pure; safe from any thread.
 */
#ifndef BASE_AMOUNT_H
#define BASE_AMOUNT_H

#include <stdint.h>

#define AMOUNT_TEXT_BYTES   64
#define AMOUNT_DECIMALS_MAX 6

/* 1250 as "12.5"; no zeros at the end, no decimal point without decimals. */
void amount_format_decimal(int64_t value, unsigned decimals, char out[AMOUNT_TEXT_BYTES]);
/* 1/100 points. */
void amount_format_points(int64_t centi, char out[AMOUNT_TEXT_BYTES]);
/* "08:30"; "?" when it is not a minute of the day. */
void amount_format_clock(int64_t minute, char out[AMOUNT_TEXT_BYTES]);

#endif
