/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tables by libsmartcols. One thread.
 */
#include "table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

static void table_check(const struct table *table, bool is_good)
{
    if (!is_good) {
        cli_complain(table->cli, "%s", lb_result_text(LB_MEMORY, table->cli->is_chinese));
        exit(CLI_FAULT);
    }
}

void table_begin(struct table *table, struct cli *cli, const struct table_column *columns,
                 size_t count)
{
    *table = (struct table){.cli = cli,
                            .scols = scols_new_table(),
                            .columns = columns,
                            .column_count = count,
                            .out = cli->out};
    table_check(table, table->scols != NULL);
    for (size_t i = 0; i < count; i++) {
        int flags = (columns[i].is_right || columns[i].is_amount ? SCOLS_FL_RIGHT : 0) |
                    (columns[i].may_shrink ? SCOLS_FL_TRUNC : 0);
        table_check(table, scols_table_new_column(table->scols, cli_choose(cli, columns[i].title),
                                                  columns[i].share, flags) != NULL);
    }
}

void table_row(struct table *table, const char *const *cells)
{
    struct libscols_line *line = scols_table_new_line(table->scols, NULL);
    table_check(table, line != NULL);
    for (size_t i = 0; i < table->column_count; i++) {
        table_check(table, scols_line_set_data(line, i, cells[i]) == 0);
    }
}

static struct libscols_cell *table_cell(const struct table *table, size_t row, size_t column)
{
    return scols_line_get_cell(scols_table_get_line(table->scols, row), column);
}

static size_t table_decimals(const char *amount)
{
    const char *point = amount == NULL ? NULL : strchr(amount, '.');
    return point == NULL ? 0 : strlen(point + 1);
}

/* "12" and "3.5" become "12.0" and "3.5". An empty cell stays empty. */
static void table_align_amounts(const struct table *table, size_t column)
{
    size_t row_count = scols_table_get_nlines(table->scols);
    size_t most = 0;
    for (size_t row = 0; row < row_count; row++) {
        size_t decimals = table_decimals(scols_cell_get_data(table_cell(table, row, column)));
        most = decimals > most ? decimals : most;
    }
    for (size_t row = 0; row < row_count; row++) {
        struct libscols_cell *cell = table_cell(table, row, column);
        const char *amount = scols_cell_get_data(cell);
        size_t decimals = table_decimals(amount);
        if (amount == NULL || amount[0] == '\0' || decimals == most) {
            continue;
        }
        const char *longer = cli_format(table->cli, "%s%s%.*s", amount, decimals == 0 ? "." : "",
                                        (int)(most - decimals), "000000");
        table_check(table, scols_cell_set_data(cell, longer) == 0);
    }
}

void table_end(struct table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_amount) {
            table_align_amounts(table, i);
        }
    }
    (void)scols_table_set_stream(table->scols, table->out);
    (void)scols_print_table(table->scols);
    table_drop(table);
}

void table_drop(struct table *table)
{
    scols_unref_table(table->scols);
    table->scols = NULL;
}
