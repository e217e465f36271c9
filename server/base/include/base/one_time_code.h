/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One-time codes: 128 random bits, told to a person to set the first password with. Written in
 * Crockford's base32 in groups of four, 7 of them; read back in capitals or small letters, with or
 * without what parts the groups, O for 0 and I or L for 1. A credential holds the SHA-256 of the 16
 * bytes. Not a token: those are never typed. Pure.
 */
#ifndef BASE_ONE_TIME_CODE_H
#define BASE_ONE_TIME_CODE_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

#define ONE_TIME_CODE_BYTES      16
#define ONE_TIME_CODE_TEXT_BYTES 33 /* 26 characters, 6 hyphens, NUL */
#define ONE_TIME_CODE_HOURS      72 /* that it can be used */

void one_time_code_format(const uint8_t code[ONE_TIME_CODE_BYTES],
                          char text[ONE_TIME_CODE_TEXT_BYTES]);
/* false: not such a code. */
LB_MUST_CHECK bool one_time_code_parse(struct bytes text, uint8_t code[ONE_TIME_CODE_BYTES]);

#endif
