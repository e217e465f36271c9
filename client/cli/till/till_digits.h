/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Large digits for the till's screen, five rows high, of reversed spaces. Pure; safe from any
 * thread.
 */
#ifndef CLI_TILL_DIGITS_H
#define CLI_TILL_DIGITS_H

#include "layout.h"

#define DIGITS_ROWS 5

/* Adds one of the five rows of a number ("-1234.56") at the right of so many columns: as large as
 * fits, in plain characters on the middle row when nothing else does. */
void till_digits_add(struct layout *layout, const char *number, size_t row, size_t columns);

#endif
