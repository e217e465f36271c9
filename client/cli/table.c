/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tables by libsmartcols. One thread.
 */
#include "table.h"

#include <libsmartcols.h>
#include <stdlib.h>

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
    *table = (struct table){.cli = cli, .scols = scols_new_table(), .column_count = count};
    table_check(table, table->scols != NULL);
    (void)scols_table_set_stream(table->scols, cli->out);
    for (size_t i = 0; i < count; i++) {
        int flags = (columns[i].is_right ? SCOLS_FL_RIGHT : 0) |
                    (columns[i].may_shrink ? SCOLS_FL_TRUNC : 0);
        table_check(table, scols_table_new_column(table->scols, cli_choose(cli, columns[i].title),
                                                  0, flags) != NULL);
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

void table_end(struct table *table)
{
    (void)scols_print_table(table->scols);
    table_drop(table);
}

void table_drop(struct table *table)
{
    scols_unref_table(table->scols);
    table->scols = NULL;
}
