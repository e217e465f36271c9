/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports as CSV that Excel opens right in Chinese: UTF-8 with a byte order mark, CRLF. One table:
 * headings and rows, nothing above and nothing below. One thread.
 */
#include "export_writer.h"

#include "export_text.h"

#define EXPORT_CSV_BYTE_ORDER_MARK "\xef\xbb\xbf"

static void export_csv_separate(struct export *export, size_t place)
{
    (void)fputs(place + 1 < export->place_count ? "," : "\r\n", export->out);
}

static void export_csv_sheet_begin(struct export *export)
{
    if (export->sheet_count > 1) {
        return;
    }
    (void)fputs(EXPORT_CSV_BYTE_ORDER_MARK, export->out);
    for (size_t i = 0; i < export->place_count; i++) {
        export_text_write_csv(export->out, export_heading(export, export_column_at(export, i)));
        export_csv_separate(export, i);
    }
}

/* Our own numbers are no formulas, negative ones included. The tab behind an identifier keeps it a
 * text in a spreadsheet; readers that trim blanks, ours too, do not see it. */
static void export_csv_cell(struct export *export, const struct export_column *column,
                            const struct export_cell *cell)
{
    char buffer[AMOUNT_TEXT_BYTES];
    const char *shown = export_cell_shown(export, column, cell, buffer);
    if (column->type == EXPORT_IDENTIFIER && cell->is_set) {
        (void)fprintf(export->out, "\"%s\t\"", shown);
    } else if (cell->text != NULL) {
        export_text_write_csv(export->out, shown);
    } else {
        (void)fputs(shown, export->out);
    }
}

static void export_csv_row(struct export *export, const struct export_cell *cells, json_t *object)
{
    (void)object;
    if (export->sheet_count > 1) {
        return;
    }
    for (size_t i = 0; i < export->place_count; i++) {
        export_csv_cell(export, export_column_at(export, i), export_cell_at(export, cells, i));
        export_csv_separate(export, i);
    }
}

static void export_csv_note(struct export *export, const char *text)
{
    cli_complain(export->cli, "%s", text);
}

const struct export_writer export_writer_csv = {
    .sheet_begin = export_csv_sheet_begin,
    .row = export_csv_row,
    .note = export_csv_note,
};
