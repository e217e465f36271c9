/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tables for people, by libsmartcols: wide characters stay aligned, numbers stand on the right, and
 * amounts have their decimal points below each other.
 * One thread; the locale's character type must be UTF-8.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli.h"

#include <stddef.h>

struct table_column {
    struct cli_text title;
    bool is_right;
    bool is_amount;  /* on the right; every cell gets as many decimals as the longest has */
    bool may_shrink; /* cut with an ellipsis when the terminal is too narrow */
    double share;    /* of the terminal's width, what it keeps of it then (0.25); 0: no matter */
};

struct table {
    struct cli *cli;
    struct libscols_table *scols;
    const struct table_column *columns;
    size_t column_count;
    FILE *out; /* cli->out, unless the caller sets another */
};

/* Ends the program with CLI_FAULT and a sentence when there is no memory, as cli_take does. The
 * columns must outlive the table. */
void table_begin(struct table *table, struct cli *cli, const struct table_column *columns,
                 size_t count);
/* As many cells as columns; they are copied. */
void table_row(struct table *table, const char *const *cells);
/* Prints to table->out and frees. */
void table_end(struct table *table);
/* Frees without printing. */
void table_drop(struct table *table);

#define TABLE_BEGIN(table, cli, columns) \
    table_begin((table), (cli), (columns), sizeof(columns) / sizeof((columns)[0]))

#endif
