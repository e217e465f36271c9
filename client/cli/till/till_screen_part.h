/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Between the parts of the till's screen: its rows and styles. Pure; one thread.
 */
#ifndef CLI_TILL_SCREEN_PART_H
#define CLI_TILL_SCREEN_PART_H

#include "layout.h"
#include "till_screen.h"

#define PLAIN   "\x1b[0m"
#define BOLD    "\x1b[1m"
#define DIM     "\x1b[2m"
#define UNDER   "\x1b[4m"
#define REVERSE "\x1b[7m"
#define RED     "\x1b[1;31m"
#define GREEN   "\x1b[1;32m"

enum screen_row {
    ROW_HEAD = 0,
    ROW_MEMBER = 2, /* to 6, beside the large digits */
    ROW_LIST = 8,   /* its heading; the lines follow */
    ROW_TOTAL = 18,
    ROW_MESSAGE = 20, /* and 21 */
    ROW_INPUT = 22,
    ROW_KEYS = 23,
};

/* An empty row to add to. */
struct layout screen_row(struct screen *screen, size_t row);
/* A row of one text in one style. */
void screen_put(struct screen *screen, size_t row, const char *style, const char *text);
/* The day's list with its totals, in the place of member, basket and total. */
void screen_paint_day(const struct till *till, struct screen *screen);

#endif
