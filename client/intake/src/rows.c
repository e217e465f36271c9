/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * CSV by libcsv, fed one line at a time, so that lines can be counted and reading can start afresh
 * behind a broken one. What libcsv does not know is done around it: ="0012", a quotation mark that
 * swallows other rows, limits. One thread.
 */
#include "intake/rows.h"

#include "cell.h"
#include "delimiter.h"
#include "encoding.h"
#include "lines.h"

#include <csv.h>

/* A cell of so many bytes in the file is too long, even if all are doubled quotation marks. */
#define READER_CELL_BYTES_MAX (2 * (size_t)ROWS_CELL_BYTES_MAX + 2)
#define READER_LINE_BYTES_MAX (ROWS_CELLS_MAX * (READER_CELL_BYTES_MAX + 1))
#define READER_BLOCK_BYTES    4096 /* by which libcsv's buffer grows */

enum reader_step {
    READER_BETWEEN, /* the row ended with the line */
    READER_OPEN,    /* it goes on in the next line, inside quotation marks */
    READER_BROKEN,
};

struct reader {
    struct arena *arena;
    struct rows *rows;
    struct csv_parser parser;
    bool is_out_of_memory;

    /* Every cell's text and its NUL lie here: never more than the file's bytes and one. */
    char *texts;
    size_t texts_used;

    /* The row being read. */
    enum reader_step step;
    size_t line; /* where it began */
    struct bytes first_line;
    struct bytes after_first;
    size_t quoted_bytes; /* of the lines since a cell ended */
    size_t texts_begin;
    const char *cells[ROWS_CELLS_MAX];
    size_t cell_count; /* may pass the maximum */
    bool has_cell;     /* one that is not blank */
    bool is_too_long;
    bool is_bad_text;
};

static void reader_on_cell(void *text, size_t size, void *context)
{
    struct reader *reader = context;
    struct bytes cell = cell_unwrap_formula(bytes_of(text, size));
    size_t place = reader->cell_count++;
    reader->quoted_bytes = 0;
    bool is_blank = cell_is_blank(cell);
    if (is_blank && place >= ROWS_CELLS_MAX) {
        return; /* spreadsheets write all columns that ever had a format */
    }
    reader->has_cell |= !is_blank;
    reader->is_too_long |= place >= ROWS_CELLS_MAX || cell.size > ROWS_CELL_BYTES_MAX;
    reader->is_bad_text |= !cell_is_text(cell);
    if (reader->is_too_long) {
        return;
    }
    char *copy = reader->texts + reader->texts_used;
    if (cell.size > 0) {
        memcpy(copy, cell.data, cell.size);
    }
    copy[cell.size] = '\0';
    reader->texts_used += cell.size + 1;
    reader->cells[place] = copy;
}

static void reader_on_row(int terminator, void *context)
{
    (void)terminator;
    struct reader *reader = context;
    reader->step = READER_BETWEEN;
}

static void reader_begin_row(struct reader *reader, size_t number, struct bytes line,
                             struct bytes after)
{
    reader->step = READER_OPEN;
    reader->line = number;
    reader->first_line = line;
    reader->after_first = after;
    reader->quoted_bytes = 0;
    reader->texts_begin = reader->texts_used;
    reader->cell_count = 0;
    reader->has_cell = false;
    reader->is_too_long = false;
    reader->is_bad_text = false;
}

static bool reader_start_parser(struct reader *reader)
{
    if (csv_init(&reader->parser, CSV_STRICT) != 0) {
        return false;
    }
    csv_set_delim(&reader->parser, (unsigned char)reader->rows->delimiter);
    csv_set_blk_size(&reader->parser, READER_BLOCK_BYTES);
    return true;
}

static bool reader_parse(struct reader *reader, const void *text, size_t size)
{
    if (csv_parse(&reader->parser, text, size, reader_on_cell, reader_on_row, reader) == size) {
        return true;
    }
    reader->is_out_of_memory |= csv_error(&reader->parser) == CSV_ENOMEM;
    reader->step = READER_BROKEN;
    return false;
}

/* Leaves the = of ="0012" out, which libcsv would take for a quotation mark out of place. */
static bool reader_parse_formulas(struct reader *reader, struct bytes line)
{
    bool is_quoted = line.data != reader->first_line.data;
    bool is_cell_start = !is_quoted;
    size_t from = 0;
    for (size_t i = 0; i < line.size; i++) {
        char c = (char)line.data[i];
        if (is_cell_start && c == '=' && line.size - i > 1 && line.data[i + 1] == '"') {
            if (!reader_parse(reader, line.data + from, i - from)) {
                return false;
            }
            from = i + 1;
        }
        is_quoted ^= c == '"';
        bool is_delimiter = c == reader->rows->delimiter;
        is_cell_start = !is_quoted && (is_delimiter || (is_cell_start && (c == ' ' || c == '\t')));
    }
    return reader_parse(reader, line.data + from, line.size - from);
}

static void reader_feed(struct reader *reader, struct bytes line)
{
    reader->quoted_bytes += line.size + 1;
    bool has_formula = memmem(line.data, line.size, "=\"", 2) != NULL;
    bool is_parsed = has_formula ? reader_parse_formulas(reader, line)
                                 : reader_parse(reader, line.data, line.size);
    if (!is_parsed || !reader_parse(reader, "\n", 1)) {
        return;
    }
    bool is_first = line.data == reader->first_line.data;
    if (reader->step == READER_OPEN && !is_first && reader->quoted_bytes > READER_CELL_BYTES_MAX) {
        reader->step = READER_BROKEN;
    }
}

/* How many times `c` occurs. */
static size_t text_count(const char *text, size_t size, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += text[i] == c;
    }
    return count;
}

/*
 * A cell over several lines of which one looks like a whole row of this file: two marks that were
 * not closed have met, and the rows between them are not to be lost in a remark.
 */
static bool reader_has_swallowed_rows(const struct reader *reader)
{
    if (reader->cell_count < 3 || reader->is_too_long) {
        return false;
    }
    for (size_t i = 0; i < reader->cell_count && i < ROWS_CELLS_MAX; i++) {
        const char *end = strchr(reader->cells[i], '\n');
        while (end != NULL) {
            const char *line = end + 1;
            end = strchr(line, '\n');
            size_t size = end != NULL ? (size_t)(end - line) : strlen(line);
            if (text_count(line, size, reader->rows->delimiter) == reader->cell_count - 1) {
                return true;
            }
        }
    }
    return false;
}

static enum lb_result reader_add(struct reader *reader, enum row_fault fault, struct bytes raw)
{
    struct rows *rows = reader->rows;
    if (fault != ROW_GOOD || !reader->has_cell) {
        reader->texts_used = reader->texts_begin;
    }
    if (fault == ROW_GOOD && !reader->has_cell) {
        return LB_OK;
    }
    if (rows->count == ROWS_MAX) {
        return LB_LINES_TOO_MANY;
    }
    struct row *row = &rows->items[rows->count++];
    *row = (struct row){.line = reader->line, .fault = fault, .raw = raw};
    if (fault == ROW_GOOD) {
        size_t count = reader->cell_count < ROWS_CELLS_MAX ? reader->cell_count : ROWS_CELLS_MAX;
        row->cells = arena_take_zeroed(reader->arena, count, sizeof(*row->cells));
        if (row->cells == NULL) {
            return LB_MEMORY;
        }
        memcpy(row->cells, reader->cells, count * sizeof(*row->cells));
        row->cell_count = count;
    }
    return LB_OK;
}

/* The row ended with `last`. */
static enum lb_result reader_end_row(struct reader *reader, struct bytes last)
{
    const uint8_t *begin = reader->first_line.data;
    struct bytes raw = bytes_of(begin, (size_t)(last.data + last.size - begin));
    enum row_fault fault = ROW_GOOD;
    if (reader->is_too_long) {
        fault = ROW_TOO_LONG;
    } else if (reader->is_bad_text) {
        fault = ROW_TEXT;
    }
    return reader_add(reader, fault, raw);
}

/* Only the row's first line is bad; what follows it is read again, as rows of its own. */
static enum lb_result reader_break_row(struct reader *reader, size_t *number, struct bytes *left)
{
    *number = reader->line;
    *left = reader->after_first;
    reader->step = READER_BETWEEN;
    csv_free(&reader->parser);
    if (reader->is_out_of_memory || !reader_start_parser(reader)) {
        return LB_MEMORY;
    }
    return reader_add(reader, ROW_QUOTES, reader->first_line);
}

/* One line, which begins a row or goes on with the one that is open. */
static enum lb_result reader_take_line(struct reader *reader, size_t *number, struct bytes line,
                                       struct bytes *left)
{
    ++*number;
    if (reader->step == READER_BETWEEN) {
        if (line_is_blank(line)) {
            return LB_OK;
        }
        reader_begin_row(reader, *number, line, *left);
        if (line.size > READER_LINE_BYTES_MAX) {
            reader->step = READER_BETWEEN;
            return reader_add(reader, ROW_TOO_LONG, line);
        }
    }
    reader_feed(reader, line);
    bool is_over_lines = line.data != reader->first_line.data;
    if (reader->step == READER_BETWEEN && is_over_lines && reader_has_swallowed_rows(reader)) {
        reader->step = READER_BROKEN;
    }
    switch (reader->step) {
    case READER_BETWEEN:
        return reader_end_row(reader, line);
    case READER_OPEN:
        return LB_OK;
    case READER_BROKEN:
        return reader_break_row(reader, number, left);
    }
    return LB_OK;
}

static enum lb_result reader_read(struct reader *reader, struct bytes left)
{
    size_t number = 0;
    struct bytes line;
    bool is_first = true;
    enum lb_result result = LB_OK;
    while (result == LB_OK && (left.size > 0 || reader->step == READER_OPEN)) {
        if (!line_next(&left, &line)) {
            result = reader_break_row(reader, &number, &left); /* a mark is never closed */
        } else if (is_first && delimiter_read_line(line, &reader->rows->delimiter)) {
            csv_set_delim(&reader->parser, (unsigned char)reader->rows->delimiter);
            number++;
        } else {
            result = reader_take_line(reader, &number, line, &left);
        }
        is_first = false;
    }
    return result;
}

/* Room for all rows there can be: one for each line that is not blank. */
static enum lb_result reader_take_room(struct reader *reader, struct bytes text)
{
    size_t count = 0;
    struct bytes left = text;
    struct bytes line;
    while (count < ROWS_MAX && line_next(&left, &line)) {
        count += !line_is_blank(line);
    }
    reader->texts = arena_take(reader->arena, text.size + 1);
    reader->rows->items = arena_take_zeroed(reader->arena, count, sizeof(*reader->rows->items));
    return reader->texts != NULL && reader->rows->items != NULL ? LB_OK : LB_MEMORY;
}

enum lb_result rows_read(struct arena *arena, struct bytes file, enum rows_encoding encoding,
                         struct rows *rows)
{
    struct bytes text = {NULL, 0};
    struct reader reader = {.arena = arena, .rows = rows, .step = READER_BETWEEN};
    *rows = (struct rows){0};
    enum lb_result result = encoding_decode(arena, file, encoding, &text, &rows->encoding);
    if (result != LB_OK) {
        return result;
    }
    rows->delimiter = delimiter_detect(text);
    result = reader_take_room(&reader, text);
    if (result == LB_OK && !reader_start_parser(&reader)) {
        result = LB_MEMORY;
    }
    if (result != LB_OK) {
        return result;
    }
    result = reader_read(&reader, text);
    csv_free(&reader.parser);
    return result;
}
