/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * UTF-8 as people's input needs it: is it text, one code point after the other, how wide on a
 * terminal. Not normalisation, not collation. Pure; safe from any thread.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_ALLOW_NEWLINE 1u /* flag of utf8_is_text: U+000A may occur */

/*
 * Takes the first code point off `left`. false: `left` is empty, or does not begin with a code
 * point (cut short, overlong, a surrogate, beyond U+10FFFF), and is left as it was.
 */
LB_MUST_CHECK bool utf8_next(struct bytes *left, uint32_t *code_point);

/*
 * Well-formed throughout and without characters that control a terminal or hide what is written:
 * C0, DEL, C1, line and paragraph separators, bidirectional overrides and isolates.
 */
LB_MUST_CHECK bool utf8_is_text(struct bytes text, unsigned flags);

/* Columns on a terminal: East Asian wide and emoji 2, combining 0, the rest 1. A byte that begins
 * no code point counts 1, as terminals show a replacement for it. */
size_t utf8_width(struct bytes text);

#endif
