/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: any bytes as a file of rows. Whatever they are, every line belongs to one row or is
 * blank, rows stand in the order of the file, and what is good is text within the limits. One
 * thread.
 */
#include "intake/rows.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <stdlib.h>

#define FUZZ_ARENA_BYTES (256u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool fuzz_is_text(struct bytes text)
{
    uint32_t code_point = 0;
    while (utf8_next(&text, &code_point)) {
        bool is_control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
        if (is_control && code_point != '\t' && code_point != '\n') {
            return false;
        }
    }
    return text.size == 0;
}

static bool fuzz_is_well_formed(struct bytes text)
{
    uint32_t code_point = 0;
    while (utf8_next(&text, &code_point)) {
    }
    return text.size == 0;
}

static size_t fuzz_count_line_ends(const uint8_t *from, const uint8_t *to)
{
    size_t count = 0;
    for (; from < to; from++) {
        bool is_pair = *from == '\r' && to - from > 1 && from[1] == '\n';
        count += *from == '\n' || (*from == '\r' && !is_pair);
    }
    return count;
}

/* What stands between two rows: line ends and rows of blank cells, nothing that says something. */
static void fuzz_check_gap(const uint8_t *from, const uint8_t *to, char delimiter)
{
    struct bytes left = bytes_of(from, (size_t)(to - from));
    uint32_t point = 0;
    while (utf8_next(&left, &point)) {
        bool is_blank =
            point <= ' ' || point == 0xa0 || point == 0x3000 || point == 0x200b || point == 0xfeff;
        LB_ASSERT(is_blank || point == (uint32_t)delimiter || point == '"' || point == '=');
    }
    LB_ASSERT(left.size == 0);
}

static void fuzz_check_row(const struct row *row)
{
    LB_ASSERT(row->raw.size > 0 && fuzz_is_well_formed(row->raw));
    LB_ASSERT((row->fault == ROW_GOOD) == (row->cell_count > 0));
    LB_ASSERT(row->cell_count <= ROWS_CELLS_MAX);
    for (size_t i = 0; i < row->cell_count; i++) {
        struct bytes cell = bytes_of_text(row->cells[i]);
        LB_ASSERT(cell.size <= ROWS_CELL_BYTES_MAX && fuzz_is_text(cell));
    }
}

static void fuzz_check_rows(const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->items[i];
        fuzz_check_row(row);
        if (i == 0) {
            continue;
        }
        const struct row *before = &rows->items[i - 1];
        const uint8_t *before_end = before->raw.data + before->raw.size;
        LB_ASSERT(before_end < row->raw.data);
        LB_ASSERT(row->line ==
                  before->line + fuzz_count_line_ends(before->raw.data, row->raw.data));
        fuzz_check_gap(before_end, row->raw.data, rows->delimiter);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The first byte says which encoding is told. */
    enum rows_encoding told = size > 0 ? (enum rows_encoding)(data[0] % 8) : ROWS_DETECT;
    struct bytes file = size > 0 ? bytes_of(data + 1, size - 1) : bytes_of(NULL, 0);
    struct arena arena;
    struct rows rows;
    arena_init(&arena, arena_memory_heap(), FUZZ_ARENA_BYTES);
    enum lb_result result = rows_read(&arena, file, told > ROWS_UTF16 ? ROWS_DETECT : told, &rows);
    LB_ASSERT(result == LB_OK || result == LB_TEXT_INVALID);
    if (result == LB_OK) {
        LB_ASSERT(rows.encoding > ROWS_DETECT && rows.encoding <= ROWS_UTF16);
        LB_ASSERT(memchr(",;\t", rows.delimiter, 3) != NULL);
        fuzz_check_rows(&rows);
    }
    arena_fini(&arena);
    return 0;
}
