/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports as tables for people (table.h). One thread.
 */
#include "export_writer.h"

/* Of a column here; amounts have their decimal points below each other. */
static struct table_column export_table_column(const struct export_column *column)
{
    return (struct table_column){
        .title = column->title,
        .is_right = column->type == EXPORT_COUNT || column->type == EXPORT_MINUTES,
        .is_amount = column->type == EXPORT_POINTS,
        .may_shrink = column->may_shrink,
        .share = column->share,
    };
}

static void export_table_sheet_begin(struct export *export)
{
    struct cli *cli = export->cli;
    struct table_column *columns = cli_take(cli, EXPORT_COLUMNS_MAX, sizeof(*columns));
    for (size_t i = 0; i < export->place_count; i++) {
        columns[i] = export_table_column(export_column_at(export, i));
    }
    if (export->sheet_count > 1) {
        (void)fputc('\n', export->out);
    }
    if (export->sheet.title != NULL) {
        (void)fprintf(export->out, "%s\n", export->sheet.title);
    }
    table_begin(&export->table, cli, columns, export->place_count);
    export->table.out = export->out;
}

static void export_table_row(struct export *export, const struct export_cell *cells, json_t *object)
{
    char buffers[EXPORT_COLUMNS_MAX][AMOUNT_TEXT_BYTES];
    const char *shown[EXPORT_COLUMNS_MAX];
    (void)object;
    for (size_t i = 0; i < export->place_count; i++) {
        shown[i] = export_cell_shown(export, export_column_at(export, i),
                                     export_cell_at(export, cells, i), buffers[i]);
    }
    table_row(&export->table, shown);
}

static void export_table_sheet_end(struct export *export, const struct export_cell *totals)
{
    if (totals != NULL) {
        export_table_row(export, totals, NULL);
    }
    table_end(&export->table);
}

static void export_table_note(struct export *export, const char *text)
{
    (void)fprintf(export->out, "%s\n", text);
}

/* After a failure a sheet may not have ended. */
static void export_table_end(struct export *export, bool is_good)
{
    if (!is_good && export->table.scols != NULL) {
        table_drop(&export->table);
    }
}

const struct export_writer export_writer_table = {
    .sheet_begin = export_table_sheet_begin,
    .row = export_table_row,
    .sheet_end = export_table_sheet_end,
    .note = export_table_note,
    .end = export_table_end,
};
