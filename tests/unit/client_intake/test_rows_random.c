/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random tables, written in each encoding, delimiter, quoting style and line end, are read back
 * cell for cell; with broken lines among them, no line is lost. The seed is printed; LB_TEST_SEED
 * repeats a run.
 */
#include "intake/rows.h"

#include "base/random.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define TABLES      400
#define ROWS_CAP    40
#define COLUMNS_CAP 8
#define CELL_CAP    64

struct table {
    size_t row_count;
    size_t column_count;
    char cells[ROWS_CAP][COLUMNS_CAP][CELL_CAP];
    bool is_broken[ROWS_CAP]; /* one line that cannot be read stands there instead */
    size_t lines[ROWS_CAP];   /* where the row was written */
    bool has_line_ends;       /* in cells */
};

struct style {
    enum rows_encoding encoding;
    enum rows_encoding told; /* or ROWS_DETECT */
    char delimiter;
    const char *line_end;
    bool is_big_endian;
    bool quotes_all;
    bool tells_delimiter;
    bool ends_last_line;
};

static size_t pick(struct random_seeded *random, size_t count)
{
    return (size_t)(random_seeded_next(random) % count);
}

/* Their GBK bytes are no UTF-8, so that detection has no excuse. */
static const char *const plain_parts[] = {"张", "明", "李", "红", "社", "区", "务", "长", "𠀀",
                                          "，", "；", "a",  "Z",  "0",  "9",  ".",  "-",  "="};
static const char *const marks[] = {",", ";", "\t", "\"", "\"\"", " ", "'"};

static void cell_fill(struct random_seeded *random, char *cell, bool *has_line_ends)
{
    /* Line ends and delimiters not in one cell: that may look like rows that were swallowed. */
    bool is_over_lines = pick(random, 12) == 0;
    size_t parts = pick(random, 9);
    size_t size = 0;
    cell[0] = '\0';
    for (size_t i = 0; i < parts; i++) {
        const char *part = plain_parts[pick(random, COUNT_OF(plain_parts))];
        if (i > 0 && is_over_lines && pick(random, 3) == 0) {
            part = "\n";
            *has_line_ends = true;
        } else if (i > 0 && !is_over_lines && pick(random, 5) == 0) {
            part = marks[pick(random, COUNT_OF(marks))];
        } else if (i == 0 && *part == '=') {
            part = "x"; /* ="…" would be taken for a guarded text */
        }
        size += (size_t)snprintf(cell + size, CELL_CAP - size, "%s", part);
        assert_true(size < CELL_CAP);
    }
}

static void table_fill(struct random_seeded *random, struct table *table)
{
    memset(table, 0, sizeof(*table));
    table->row_count = 1 + pick(random, ROWS_CAP);
    table->column_count = 1 + pick(random, COLUMNS_CAP);
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t c = 0; c < table->column_count; c++) {
            cell_fill(random, table->cells[r][c], &table->has_line_ends);
        }
        /* Never blank, and never ASCII only. */
        (void)snprintf(table->cells[r][0], CELL_CAP, "编号%zu", r);
    }
}

static void style_fill(struct random_seeded *random, const struct table *table, struct style *style)
{
    static const enum rows_encoding encodings[] = {ROWS_UTF8, ROWS_UTF8_MARK, ROWS_GB18030,
                                                   ROWS_UTF16};
    static const char delimiters[] = {',', ';', '\t'};
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    style->encoding = encodings[pick(random, COUNT_OF(encodings))];
    style->told = pick(random, 2) == 0 ? ROWS_DETECT : style->encoding;
    style->delimiter = delimiters[pick(random, COUNT_OF(delimiters))];
    style->line_end = line_ends[pick(random, COUNT_OF(line_ends))];
    style->is_big_endian = pick(random, 2) == 0;
    style->quotes_all = pick(random, 2) == 0;
    style->tells_delimiter =
        table->has_line_ends || table->column_count == 1 || pick(random, 2) == 0;
    style->ends_last_line = pick(random, 2) == 0;
}

static void write_cell(FILE *file, const struct style *style, const char *cell)
{
    size_t size = strlen(cell);
    bool has_space = size > 0 && (cell[size - 1] == ' ' || cell[size - 1] == '\t');
    if (!style->quotes_all && !has_space && strpbrk(cell, ",;\t\"\n") == NULL) {
        (void)fputs(cell, file);
        return;
    }
    (void)fputc('"', file);
    for (const char *c = cell; *c != '\0'; c++) {
        (void)fprintf(file, *c == '"' ? "\"\"" : "%c", *c);
    }
    (void)fputc('"', file);
}

static size_t line_ends_in(const struct table *table, size_t r)
{
    size_t count = 0;
    for (size_t c = 0; c < table->column_count; c++) {
        for (const char *at = table->cells[r][c]; *at != '\0'; at++) {
            count += *at == '\n';
        }
    }
    return count;
}

static void write_table(FILE *file, struct table *table, const struct style *style)
{
    size_t line = 1;
    if (style->tells_delimiter) {
        (void)fprintf(file, "sep=%c%s", style->delimiter, style->line_end);
        line++;
    }
    for (size_t r = 0; r < table->row_count; r++) {
        table->lines[r] = line;
        if (table->is_broken[r]) {
            (void)fprintf(file, "\"张\"明%c\"", style->delimiter);
            line++;
        } else {
            line += 1 + line_ends_in(table, r);
        }
        for (size_t c = 0; c < table->column_count && !table->is_broken[r]; c++) {
            if (c > 0) {
                (void)fputc(style->delimiter, file);
            }
            write_cell(file, style, table->cells[r][c]);
        }
        if (style->ends_last_line || r + 1 < table->row_count) {
            (void)fputs(style->line_end, file);
        }
    }
}

static struct bytes encode(const char *text, size_t size, const struct style *style, char *out,
                           size_t cap)
{
    size_t used = 0;
    const char *charset = "UTF-8";
    if (style->encoding == ROWS_UTF8_MARK) {
        memcpy(out, "\xef\xbb\xbf", 3);
        used = 3;
    } else if (style->encoding == ROWS_GB18030) {
        charset = "GB18030";
    } else if (style->encoding == ROWS_UTF16) {
        charset = style->is_big_endian ? "UTF-16BE" : "UTF-16LE";
        memcpy(out, style->is_big_endian ? "\xfe\xff" : "\xff\xfe", 2);
        used = 2;
    }
    iconv_t converter = iconv_open(charset, "UTF-8");
    assert_true(converter != (iconv_t)-1);
    char *from = (char *)(uintptr_t)text;
    char *to = out + used;
    size_t left = cap - used;
    assert_int_equal(iconv(converter, &from, &size, &to, &left), 0);
    (void)iconv_close(converter);
    return bytes_of(out, cap - left);
}

static void check_row(const struct table *table, size_t r, const struct row *row)
{
    assert_int_equal(row->line, table->lines[r]);
    if (table->is_broken[r]) {
        assert_int_equal(row->fault, ROW_QUOTES);
        return;
    }
    assert_int_equal(row->fault, ROW_GOOD);
    assert_int_equal(row->cell_count, table->column_count);
    for (size_t c = 0; c < row->cell_count; c++) {
        assert_string_equal(row->cells[c], table->cells[r][c]);
    }
}

static void check_table(struct table *table, const struct style *style)
{
    static char encoded[1 << 20];
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    write_table(file, table, style);
    (void)fclose(file);

    struct arena arena;
    struct rows rows;
    arena_init(&arena, arena_memory_heap(), 8 << 20);
    struct bytes bytes = encode(text, size, style, encoded, sizeof(encoded));
    assert_int_equal(rows_read(&arena, bytes, style->told, &rows), LB_OK);
    assert_int_equal(rows.encoding, style->encoding);
    assert_int_equal(rows.delimiter, style->delimiter);
    assert_int_equal(rows.count, table->row_count);
    for (size_t r = 0; r < rows.count; r++) {
        check_row(table, r, &rows.items[r]);
    }
    arena_fini(&arena);
    free(text);
}

static uint64_t seed_for_tables(void)
{
    const char *told = getenv("LB_TEST_SEED");
    uint64_t seed = told != NULL ? strtoull(told, NULL, 10) : (uint64_t)time(NULL);
    print_message("LB_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* accepts */

static void a_table_is_read_back_cell_for_cell(void **state)
{
    (void)state;
    static struct table table;
    struct random_seeded random = {seed_for_tables()};
    for (size_t i = 0; i < TABLES; i++) {
        struct style style;
        table_fill(&random, &table);
        style_fill(&random, &table, &style);
        check_table(&table, &style);
    }
}

/* rejects */

static void broken_lines_are_told_and_nothing_else_is_lost(void **state)
{
    (void)state;
    static struct table table;
    struct random_seeded random = {seed_for_tables()};
    for (size_t i = 0; i < TABLES; i++) {
        struct style style;
        table_fill(&random, &table);
        style_fill(&random, &table, &style);
        style.tells_delimiter = true; /* broken lines may mislead who counts marks */
        for (size_t r = 0; r < table.row_count; r++) {
            table.is_broken[r] = pick(&random, 4) == 0;
        }
        check_table(&table, &style);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read_back_cell_for_cell),
        cmocka_unit_test(broken_lines_are_told_and_nothing_else_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
