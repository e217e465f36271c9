/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The first step of every value: the text cleaned, and what was destroyed before it came named.
 * Not the meaning of any value. Pure; safe from any thread.
 */
#ifndef INTAKE_VALUE_TEXT_H
#define INTAKE_VALUE_TEXT_H

#include "intake/value.h"

#include <stdbool.h>
#include <stddef.h>

#define VALUE_FIGURES_BYTES 160 /* dates, times, durations and numbers are shorter */

/*
 * Cleaned (text/text.h), with a NUL, in `out` of `cap` bytes. VALUE_NOT_TEXT, VALUE_PRIVATE,
 * VALUE_EMPTY, VALUE_HASHES, VALUE_FORMULA; VALUE_TOO_LONG: does not fit.
 */
LB_MUST_CHECK enum value_fault value_clean(const char *text, char *out, size_t cap);

/* Digits that cleaning would run into their neighbours: 5² is not 52, 2½ is not 21/2. Well-formed
 * text. VALUE_SPECIAL_DIGITS. */
LB_MUST_CHECK enum value_fault value_check_digits(const char *text);

/*
 * The same for values made of figures, in lower case. Dashes, colons and stops of Chinese writing
 * become ASCII; what forces a spreadsheet to keep a text (' in front, ="…") and stops at the end
 * go. Also VALUE_SPECIAL_DIGITS, VALUE_MASKED, VALUE_EXCEL_NUMBER.
 */
LB_MUST_CHECK enum value_fault value_clean_figures(const char *text, char out[VALUE_FIGURES_BYTES]);

/* 3.2e+17, the whole text. Not 12e345, without point or sign: it may be a document's number. */
bool value_is_exponent_form(const char *text);

#endif
