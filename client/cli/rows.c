/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * CSV by libcsv, fed one line at a time, so that the lines can be counted and reading can start
 * afresh after a broken one. One thread.
 */
#include "rows.h"

#include "base/utf8.h"

#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_CELLS_MAX 64

struct reader {
    struct arena *arena;
    struct rows *rows;
    size_t cap; /* of rows->items */
    const char *cells[ROWS_CELLS_MAX];
    size_t cell_count; /* of the row being read; may pass the maximum */
    bool is_bad_text;
    size_t row_line; /* where the row being read began; 0: between rows */
    bool is_out_of_memory;
};

static void reader_on_cell(void *text, size_t size, void *context)
{
    struct reader *reader = context;
    char *cell = arena_take(reader->arena, size + 1);
    if (cell == NULL) {
        reader->is_out_of_memory = true;
        return;
    }
    if (size > 0) {
        memcpy(cell, text, size);
    }
    cell[size] = '\0';
    reader->is_bad_text |= !utf8_is_text(bytes_of(cell, size), 0);
    if (reader->cell_count < ROWS_CELLS_MAX) {
        reader->cells[reader->cell_count] = cell;
    }
    reader->cell_count++;
}

static enum row_fault reader_fault(const struct reader *reader)
{
    if (reader->is_bad_text) {
        return ROW_TEXT;
    }
    if (reader->cell_count != reader->rows->column_count) {
        return reader->cell_count < reader->rows->column_count ? ROW_TOO_SHORT : ROW_TOO_LONG;
    }
    return ROW_GOOD;
}

static void reader_add_row(struct reader *reader, enum row_fault fault)
{
    struct rows *rows = reader->rows;
    if (rows->count == reader->cap) {
        size_t cap = reader->cap == 0 ? 256 : reader->cap * 2;
        struct row *items = arena_take_zeroed(reader->arena, cap, sizeof(*items));
        if (items == NULL) {
            reader->is_out_of_memory = true;
            return;
        }
        if (rows->count > 0) {
            memcpy(items, rows->items, rows->count * sizeof(*items));
        }
        rows->items = items;
        reader->cap = cap;
    }
    struct row *row = &rows->items[rows->count++];
    *row = (struct row){.line = reader->row_line, .fault = fault};
    if (fault == ROW_GOOD) {
        row->cells = arena_take_zeroed(reader->arena, rows->column_count, sizeof(*row->cells));
        if (row->cells == NULL) {
            reader->is_out_of_memory = true;
            return;
        }
        memcpy(row->cells, reader->cells, rows->column_count * sizeof(*row->cells));
    }
}

static void reader_add_header(struct reader *reader)
{
    struct rows *rows = reader->rows;
    if (reader->is_bad_text || reader->cell_count == 0 || reader->cell_count > ROWS_CELLS_MAX) {
        return; /* rows_read sees that there is no header */
    }
    rows->header = arena_take_zeroed(reader->arena, reader->cell_count, sizeof(*rows->header));
    if (rows->header == NULL) {
        reader->is_out_of_memory = true;
        return;
    }
    memcpy(rows->header, reader->cells, reader->cell_count * sizeof(*rows->header));
    rows->column_count = reader->cell_count;
}

static void reader_end_row(struct reader *reader, enum row_fault fault)
{
    if (reader->rows->header == NULL) {
        reader_add_header(reader);
    } else {
        reader_add_row(reader, fault == ROW_GOOD ? reader_fault(reader) : fault);
    }
    reader->cell_count = 0;
    reader->is_bad_text = false;
    reader->row_line = 0;
}

static void reader_on_row(int terminator, void *context)
{
    (void)terminator;
    reader_end_row(context, ROW_GOOD);
}

/* One line with its end. A row may go on in the next one, inside quotation marks. */
static void reader_take_line(struct reader *reader, struct csv_parser *parser, const char *line,
                             size_t size, size_t number)
{
    bool is_blank = strspn(line, "\r\n") == size;
    if (reader->row_line == 0) {
        if (is_blank) {
            return;
        }
        reader->row_line = number;
    }
    if (csv_parse(parser, line, size, reader_on_cell, reader_on_row, reader) == size) {
        return;
    }
    if (csv_error(parser) == CSV_ENOMEM) {
        reader->is_out_of_memory = true;
        return;
    }
    reader_end_row(reader, ROW_QUOTES);
    csv_free(parser);
    if (csv_init(parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        reader->is_out_of_memory = true;
    }
}

static void reader_finish(struct reader *reader, struct csv_parser *parser)
{
    if (csv_fini(parser, reader_on_cell, reader_on_row, reader) != 0) {
        reader_end_row(reader, ROW_QUOTES);
    }
}

enum lb_result rows_read(struct arena *arena, FILE *file, struct rows *rows)
{
    struct reader reader = {.arena = arena, .rows = rows};
    struct csv_parser parser;
    char *line = NULL;
    size_t line_cap = 0;
    size_t number = 0;
    ssize_t size;
    *rows = (struct rows){0};
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return LB_MEMORY;
    }
    while (!reader.is_out_of_memory && (size = getline(&line, &line_cap, file)) > 0) {
        static const char mark[] = "\xef\xbb\xbf"; /* some programs put it in front of UTF-8 */
        size_t skip = number == 0 && strncmp(line, mark, 3) == 0 ? 3 : 0;
        number++;
        reader_take_line(&reader, &parser, line + skip, (size_t)size - skip, number);
    }
    if (!reader.is_out_of_memory && reader.row_line != 0) {
        reader_finish(&reader, &parser);
    }
    free(line);
    csv_free(&parser);
    if (reader.is_out_of_memory) {
        return LB_MEMORY;
    }
    if (ferror(file)) {
        return LB_STORAGE_FAULT;
    }
    return rows->header == NULL ? LB_TEXT_INVALID : LB_OK;
}
