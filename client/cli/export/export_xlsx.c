/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports as workbooks, by libxlsxwriter: typed cells, headings that stay in sight and filter, what
 * is to be said of the whole on the last sheet. Rows go straight to the library's temporary files,
 * so a board of any size fits in memory. The same content gives the same bytes. One thread.
 */
#include "export_writer.h"

#include "export_text.h"

#include "base/date.h"
#include "base/utf8.h"

#include <errno.h>
#include <xlsxwriter.h>

#define EXPORT_WIDTH_MIN    6
#define EXPORT_WIDTH_MAX    48 /* a longer text shows its beginning; the cell holds all of it */
#define EXPORT_WIDTH_MARGIN 2  /* the arrow of the filter, and the edge */
#define EXPORT_NOTES_WIDTH  90
#define EXPORT_PAPER_A4     9
#define EXPORT_EXACT_MAX    INT64_C(999999999999999) /* Excel keeps 15 digits of a number */
#define EXPORT_MADE_DAY     INT32_C(3652)            /* 1980-01-01, as in the archive's entries */
#define EXPORT_DAY_S        86400

#define EXPORT_TYPE_COUNT (EXPORT_DAY + 1)

/* Everything but the library's own lives in the arena. */
struct export_workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet; /* the one begun */
    lxw_format *title;
    lxw_format *heading;
    lxw_format *note;
    lxw_format *cells[EXPORT_TYPE_COUNT];
    lxw_format *totals[EXPORT_TYPE_COUNT];
    lxw_row_t heading_row;
    lxw_row_t next_row;
    size_t widths[EXPORT_COLUMNS_MAX]; /* by place: of the widest cell so far */
    const struct export_sheet_name *names;
    struct export_xlsx_note *notes; /* the newest first */
    lxw_error error;                /* the first failure */
};

struct export_xlsx_note {
    const char *text;
    struct export_xlsx_note *next;
};

static void export_xlsx_check(struct export *export, lxw_error error)
{
    struct export_workbook *workbook = export->workbook;
    if (error == LXW_NO_ERROR || workbook->error != LXW_NO_ERROR) {
        return;
    }
    workbook->error = error;
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED) {
        export->error = ENOMEM;
    } else if (error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE) {
        export->error = EOVERFLOW; /* more rows than a sheet has */
    } else {
        export->error = errno != 0 ? errno : EIO;
    }
}

static lxw_format *export_xlsx_format(struct export *export, const char *number_format,
                                      bool is_bold)
{
    lxw_format *format = workbook_add_format(export->workbook->book);
    if (format == NULL) {
        export_xlsx_check(export, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    if (number_format != NULL) {
        format_set_num_format(format, number_format);
    }
    if (is_bold) {
        format_set_bold(format);
    }
    return format;
}

static void export_xlsx_formats(struct export *export)
{
    static const char *const number_formats[EXPORT_TYPE_COUNT] = {
        [EXPORT_IDENTIFIER] = "@", [EXPORT_COUNT] = "0",        [EXPORT_POINTS] = "0.00",
        [EXPORT_MINUTES] = "0",    [EXPORT_DAY] = "yyyy-mm-dd",
    };
    struct export_workbook *workbook = export->workbook;
    workbook->title = export_xlsx_format(export, NULL, true);
    workbook->heading = export_xlsx_format(export, NULL, true);
    workbook->note = export_xlsx_format(export, NULL, false);
    for (size_t i = 0; i < EXPORT_TYPE_COUNT; i++) {
        workbook->cells[i] = export_xlsx_format(export, number_formats[i], false);
        workbook->totals[i] = export_xlsx_format(export, number_formats[i], true);
    }
    if (export->error == 0) {
        format_set_font_size(workbook->title, 14);
        format_set_bottom(workbook->heading, LXW_BORDER_THIN);
        format_set_text_wrap(workbook->note);
    }
}

static void export_xlsx_begin(struct export *export)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    export->workbook = cli_take(export->cli, 1, sizeof(*export->workbook));
    export->workbook->book = workbook_new_opt(export->temporary, &options);
    if (export->workbook->book == NULL) {
        export_xlsx_check(export, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    export_xlsx_formats(export);
}

/* A sheet whose name is made to fit. */
static void export_xlsx_add_sheet(struct export *export, const char *wanted)
{
    struct export_workbook *workbook = export->workbook;
    struct export_sheet_name *name = cli_take(export->cli, 1, sizeof(*name));
    name->text = export_text_sheet_name(export->cli, wanted, workbook->names);
    name->next = workbook->names;
    workbook->names = name;
    workbook->next_row = 0;
    errno = 0;
    workbook->sheet = workbook_add_worksheet(workbook->book, name->text);
    if (workbook->sheet == NULL) {
        export_xlsx_check(export, LXW_ERROR_CREATING_TMPFILE);
        return;
    }
    worksheet_set_paper(workbook->sheet, EXPORT_PAPER_A4);
    worksheet_fit_to_pages(workbook->sheet, 1, 0); /* as wide as the paper, as long as it takes */
}

static void export_xlsx_widen(struct export *export, size_t place, const char *shown)
{
    size_t width = utf8_width(bytes_of_text(shown));
    if (width > export->workbook->widths[place]) {
        export->workbook->widths[place] = width;
    }
}

static void export_xlsx_sheet_begin(struct export *export)
{
    struct export_workbook *workbook = export->workbook;
    if (export->error == 0) {
        export_xlsx_add_sheet(export, export->sheet.name);
    }
    if (export->error != 0) {
        return;
    }
    if (export->sheet.title != NULL) {
        export_xlsx_check(export, worksheet_write_string(workbook->sheet, workbook->next_row++, 0,
                                                         export->sheet.title, workbook->title));
    }
    workbook->heading_row = workbook->next_row++;
    for (size_t i = 0; i < export->place_count; i++) {
        const char *heading = export_heading(export, export_column_at(export, i));
        workbook->widths[i] = EXPORT_WIDTH_MIN;
        export_xlsx_widen(export, i, heading);
        export_xlsx_check(export, worksheet_write_string(workbook->sheet, workbook->heading_row,
                                                         (lxw_col_t)i, heading, workbook->heading));
    }
}

static lxw_error export_xlsx_day(const struct export_workbook *workbook, lxw_col_t place,
                                 int64_t day, lxw_format *format)
{
    struct date date = date_from_day((int32_t)day);
    lxw_datetime datetime = {.year = date.year, .month = date.month, .day = date.day};
    return worksheet_write_datetime(workbook->sheet, workbook->next_row, place, &datetime, format);
}

/* What a number of a spreadsheet cannot hold exactly, or no day at all, stays a text. */
static lxw_error export_xlsx_cell(struct export *export, size_t place,
                                  const struct export_cell *cell, lxw_format *format)
{
    const struct export_workbook *workbook = export->workbook;
    const struct export_column *column = export_column_at(export, place);
    char buffer[AMOUNT_TEXT_BYTES];
    const char *shown = export_cell_shown(export, column, cell, buffer);
    const int64_t number = cell->number;
    export_xlsx_widen(export, place, shown);
    const bool is_day = column->type == EXPORT_DAY;
    if (cell->text == NULL && is_day && number >= DATE_DAY_MIN && number <= DATE_DAY_MAX) {
        return export_xlsx_day(workbook, (lxw_col_t)place, number, format);
    }
    if (cell->text != NULL || is_day || number > EXPORT_EXACT_MAX || number < -EXPORT_EXACT_MAX) {
        return worksheet_write_string(workbook->sheet, workbook->next_row, (lxw_col_t)place, shown,
                                      format);
    }
    return worksheet_write_number(
        workbook->sheet, workbook->next_row, (lxw_col_t)place,
        column->type == EXPORT_POINTS ? (double)number / 100 : (double)number, format);
}

static void export_xlsx_cells(struct export *export, const struct export_cell *cells,
                              lxw_format *const formats[EXPORT_TYPE_COUNT])
{
    for (size_t i = 0; i < export->place_count && export->error == 0; i++) {
        const struct export_cell *cell = export_cell_at(export, cells, i);
        if (cell->is_set) {
            errno = 0;
            export_xlsx_check(export, export_xlsx_cell(export, i, cell,
                                                       formats[export_column_at(export, i)->type]));
        }
    }
    export->workbook->next_row++;
}

static void export_xlsx_row(struct export *export, const struct export_cell *cells, json_t *object)
{
    (void)object;
    export_xlsx_cells(export, cells, export->workbook->cells);
}

static void export_xlsx_sheet_end(struct export *export, const struct export_cell *totals)
{
    struct export_workbook *workbook = export->workbook;
    if (export->error != 0) {
        return;
    }
    /* Before the totals, which the filter leaves where they are. */
    export_xlsx_check(export, worksheet_autofilter(workbook->sheet, workbook->heading_row, 0,
                                                   workbook->next_row - 1,
                                                   (lxw_col_t)(export->place_count - 1)));
    if (totals != NULL) {
        export_xlsx_cells(export, totals, workbook->totals);
    }
    for (size_t i = 0; i < export->place_count; i++) {
        size_t width =
            workbook->widths[i] < EXPORT_WIDTH_MAX ? workbook->widths[i] : EXPORT_WIDTH_MAX;
        export_xlsx_check(export,
                          worksheet_set_column(workbook->sheet, (lxw_col_t)i, (lxw_col_t)i,
                                               (double)(width + EXPORT_WIDTH_MARGIN), NULL));
    }
    worksheet_freeze_panes(workbook->sheet, workbook->heading_row + 1, 0);
    export_xlsx_check(export, worksheet_repeat_rows(workbook->sheet, workbook->heading_row,
                                                    workbook->heading_row));
}

static void export_xlsx_note(struct export *export, const char *text)
{
    struct export_xlsx_note *note = cli_take(export->cli, 1, sizeof(*note));
    note->text = cli_copy(export->cli, text);
    note->next = export->workbook->notes;
    export->workbook->notes = note;
}

/* They come newest first: written from the last row up would break the order of rows. */
static void export_xlsx_write_notes(struct export *export)
{
    struct export_workbook *workbook = export->workbook;
    struct export_xlsx_note *notes = NULL;
    while (workbook->notes != NULL) {
        struct export_xlsx_note *note = workbook->notes;
        workbook->notes = note->next;
        note->next = notes;
        notes = note;
    }
    if (notes == NULL || export->error != 0) {
        return;
    }
    export_xlsx_add_sheet(export, TEXT(export->cli, "说明", "Notes"));
    if (export->error != 0) {
        return;
    }
    export_xlsx_check(export,
                      worksheet_set_column(workbook->sheet, 0, 0, EXPORT_NOTES_WIDTH, NULL));
    for (; notes != NULL; notes = notes->next) {
        export_xlsx_check(export, worksheet_write_string(workbook->sheet, workbook->next_row++, 0,
                                                         notes->text, workbook->note));
    }
}

static void export_xlsx_end(struct export *export, bool is_good)
{
    struct export_workbook *workbook = export->workbook;
    if (workbook->book == NULL) {
        return;
    }
    if (is_good) {
        export_xlsx_write_notes(export);
    }
    if (!is_good || export->error != 0) {
        lxw_workbook_free(workbook->book);
        return;
    }
    int32_t day = export->made_day > 0 ? export->made_day : EXPORT_MADE_DAY;
    lxw_doc_properties properties = {.created = (time_t)day * EXPORT_DAY_S};
    export_xlsx_check(export, workbook_set_properties(workbook->book, &properties));
    errno = 0;
    export_xlsx_check(export, workbook_close(workbook->book));
}

const struct export_writer export_writer_xlsx = {
    .begin = export_xlsx_begin,
    .sheet_begin = export_xlsx_sheet_begin,
    .row = export_xlsx_row,
    .sheet_end = export_xlsx_sheet_end,
    .note = export_xlsx_note,
    .end = export_xlsx_end,
};
