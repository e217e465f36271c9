/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A file as a desk hands it in, as rows of cells: CSV or tab-separated, in UTF-8, GB18030 or UTF-16
 * with a mark. Every row keeps the number of the line it began on. A row that cannot be read is
 * marked, the others are good. Knows no column's meaning: headings are in intake/heading.h. One
 * thread.
 */
#ifndef INTAKE_ROWS_H
#define INTAKE_ROWS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <stddef.h>

#define ROWS_CELLS_MAX      64
#define ROWS_CELL_BYTES_MAX 8192u
#define ROWS_MAX            1000000u

enum rows_encoding {
    ROWS_DETECT, /* for rows_read: by what the file holds */
    ROWS_UTF8,
    ROWS_UTF8_MARK, /* with a byte order mark in front */
    ROWS_GB18030,   /* and its subsets GBK, GB2312 */
    ROWS_UTF16,     /* with a mark: Excel's "Unicode text" */
};

enum row_fault {
    ROW_GOOD,
    ROW_QUOTES,   /* a quotation mark is out of place or not closed; it is this line only, reading
                     starts afresh at the next */
    ROW_TEXT,     /* bytes that are no text in the file's encoding, U+FFFD, a control character */
    ROW_TOO_LONG, /* a cell above ROWS_CELL_BYTES_MAX, or something in a cell beyond the first
                     ROWS_CELLS_MAX */
};

struct row {
    size_t line; /* 1 first, counted as editors do */
    enum row_fault fault;
    size_t cell_count; /* 0 in a bad row */
    /* UTF-8, as in the file, except: no spaces around what is not in quotation marks, "\n" for any
     * line end, the text itself of ="0012". "" when empty. */
    const char **cells;
    /* The row's own bytes in the file as UTF-8 (bad bytes as U+FFFD), without its line end. */
    struct bytes raw;
};

struct rows {
    struct row *items; /* those with at least one cell that is not blank */
    size_t count;
    enum rows_encoding encoding; /* never ROWS_DETECT */
    char delimiter;              /* ',', ';' or '\t' */
};

/*
 * Reads a whole file. Everything lives in the arena: three to nine times the file, up to fifty
 * times where cells are empty. LB_OK, also for an empty file; LB_TEXT_INVALID: no known encoding (a
 * spreadsheet or an archive, not a text); LB_LINES_TOO_MANY: more than ROWS_MAX rows; LB_MEMORY;
 * LB_INTERNAL: this system's iconv lacks the encoding. ROWS_UTF16 without a mark is read in
 * Windows' order.
 */
LB_MUST_CHECK enum lb_result rows_read(struct arena *arena, struct bytes file,
                                       enum rows_encoding encoding, struct rows *rows);

/* "UTF-8", "GB18030" …; static. */
const char *rows_encoding_name(enum rows_encoding encoding);
/* By that name or a usual other one ("gbk", "utf-8"), any case; "auto" is ROWS_DETECT. */
LB_MUST_CHECK bool rows_encoding_find(const char *name, enum rows_encoding *encoding);

#endif
