/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which column of a file is which: headings in their usual spellings, where the heading row is, and
 * what else stands in a file that is no record: titles, repeated headings, totals. Pure.
 */
#ifndef INTAKE_HEADING_H
#define INTAKE_HEADING_H

#include "intake/rows.h"

#include <stdbool.h>

#define HEADING_COLUMNS_MAX 32
#define HEADING_ROWS_MAX    20 /* the heading row is one of the first so many */
#define HEADING_NONE        SIZE_MAX

/* A column that is looked for. */
struct heading_column {
    const char *name;      /* "date": always recognised */
    const char *spellings; /* "日期|服务日期|活动日期", compared by heading_is; NULL: none */
};

/* --map HEADING=COLUMN: goes before the spellings. */
struct heading_alias {
    const char *heading;
    size_t column; /* into the columns; HEADING_NONE: not used on purpose */
};

struct headings {
    size_t row;                         /* into rows->items; HEADING_NONE: no heading row found */
    size_t places[HEADING_COLUMNS_MAX]; /* by column: the cell's place, or HEADING_NONE */
    size_t twice;                       /* a column that two headings name; or HEADING_NONE */
    /* Places whose heading is not blank and names no column, or one that an alias gave to another
     * heading; without those that are not used on purpose. */
    size_t unused[ROWS_CELLS_MAX];
    size_t unused_count;
};

/*
 * The heading row is the one among the first HEADING_ROWS_MAX good rows that names most columns,
 * the first of equals, and names at least two (one, if the file or `columns` has only one).
 */
void headings_find(const struct rows *rows, const struct heading_column *columns,
                   size_t column_count, const struct heading_alias *aliases, size_t alias_count,
                   struct headings *out);

/* Case, width, traditional forms (as text_fold), spaces, underscores, hyphens, colons, asterisks,
 * and what brackets hold with 必填, 选填, required or optional do not matter: "志愿者
 * 編號（必填）*" is "志愿者编号", "Points per hour" is "points_per_hour". Blank ones, and texts of
 * more than 180 bytes, are equal to none. */
bool heading_is(const char *heading, const char *spelling);

enum row_kind {
    ROW_RECORD,
    ROW_HEADING, /* the headings again, as on a second page */
    ROW_TOTAL, /* 合计, 总计, 小计, 共计, total in its first cell that is not blank, or behind the
                  row's number: 本页合计, 总计（小时）, but not 小计算器 */
    ROW_NOTE, /* one cell only, in a file of at least three columns: 填表人：…, 第 1 页; but not a
                 number or what may be a name, below a heading that is used */
};

/* What a row after the heading row (which there must be) is. A bad row is a record. */
enum row_kind heading_row_kind(const struct rows *rows, const struct headings *headings, size_t i);

#endif
