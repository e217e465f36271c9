/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A sheet as a table in memory: a UTF-8 CSV file whose first row names the columns. Every row keeps
 * the number of the line it began on. A row that cannot be read is marked, the others are good.
 * Knows no column's meaning. One thread.
 */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "base/arena.h"
#include "lovebank/result.h"

#include <stddef.h>
#include <stdio.h>

enum row_fault {
    ROW_GOOD,
    ROW_QUOTES,    /* a quotation mark is out of place or not closed */
    ROW_TEXT,      /* not UTF-8, or a control character */
    ROW_TOO_SHORT, /* fewer cells than the header */
    ROW_TOO_LONG,  /* more */
};

struct row {
    size_t line; /* 1 is the header's */
    enum row_fault fault;
    const char **cells; /* as many as the header has; "" when empty. Unset in a bad row. */
};

struct rows {
    const char **header;
    size_t column_count;
    struct row *items;
    size_t count;
};

/*
 * Reads the whole file into memory of the arena. LB_OK; LB_TEXT_INVALID: there is no readable
 * header; LB_MEMORY; LB_STORAGE_FAULT: the file cannot be read (errno).
 */
LB_MUST_CHECK enum lb_result rows_read(struct arena *arena, FILE *file, struct rows *rows);

#endif
