/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's screen: its state as 24 rows of 80 columns, painted whole. Plain ANSI: bold, dim,
 * reverse and two colours; large digits are made of reversed spaces, so no font matters. Pure; one
 * thread.
 */
#ifndef CLI_TILL_SCREEN_H
#define CLI_TILL_SCREEN_H

#include "till.h"

#define SCREEN_ROWS      24
#define SCREEN_COLUMNS   80
#define SCREEN_ROW_BYTES 1024

/* Each row is text of exactly 80 columns or fewer, with the sequences that colour it. */
struct screen {
    char rows[SCREEN_ROWS][SCREEN_ROW_BYTES];
    size_t cursor_row; /* from 0 */
    size_t cursor_column;
};

/* `clock` is what the header shows, "08:30"; `wait_s` above 0: so long no answer has come. */
void till_screen_paint(const struct till *till, const char *clock, unsigned wait_s,
                       struct screen *screen);

#endif
