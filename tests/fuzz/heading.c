/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: any bytes as a file whose headings are looked for. What is found is a good row among
 * the first, each column has one place, and each place is used, unused or blank, never two of
 * these. One thread.
 */
#include "intake/heading.h"

#include "base/assert.h"

#define FUZZ_ARENA_BYTES (256u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct heading_column fuzz_columns[] = {
    {"date", "日期|服务日期"},
    {"member", "志愿者编号|编号"},
    {"name", "姓名"},
    {"minutes", "时长|分钟"},
    {"memo", NULL},
};
#define FUZZ_COLUMNS (sizeof(fuzz_columns) / sizeof(fuzz_columns[0]))

static const struct heading_alias fuzz_aliases[] = {{"备注", 4}, {"序号", HEADING_NONE}};

static size_t fuzz_count_used(const struct headings *headings, size_t place)
{
    size_t count = 0;
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        LB_ASSERT(c < FUZZ_COLUMNS || headings->places[c] == HEADING_NONE);
        count += headings->places[c] == place;
    }
    return count;
}

static void fuzz_check_found(const struct rows *rows, const struct headings *headings)
{
    const struct row *row = &rows->items[headings->row];
    LB_ASSERT(headings->row < rows->count && row->fault == ROW_GOOD);
    LB_ASSERT(headings->twice == HEADING_NONE || headings->places[headings->twice] != HEADING_NONE);
    size_t used = 0;
    for (size_t place = 0; place < row->cell_count; place++) {
        size_t count = fuzz_count_used(headings, place);
        LB_ASSERT(count <= 1 && (count == 0 || row->cells[place][0] != '\0'));
        used += count;
    }
    LB_ASSERT(used >= 1);
    for (size_t i = 0; i < headings->unused_count; i++) {
        size_t place = headings->unused[i];
        LB_ASSERT(place < row->cell_count && fuzz_count_used(headings, place) == 0);
        LB_ASSERT(i == 0 || headings->unused[i - 1] < place);
    }
    for (size_t i = headings->row + 1; i < rows->count; i++) {
        enum row_kind kind = heading_row_kind(rows, headings, i);
        LB_ASSERT(kind <= ROW_NOTE);
        LB_ASSERT(kind == ROW_RECORD || rows->items[i].fault == ROW_GOOD);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct rows rows;
    arena_init(&arena, arena_memory_heap(), FUZZ_ARENA_BYTES);
    if (rows_read(&arena, bytes_of(data, size), ROWS_DETECT, &rows) == LB_OK) {
        struct headings headings;
        headings_find(&rows, fuzz_columns, FUZZ_COLUMNS, fuzz_aliases, 2, &headings);
        if (headings.row != HEADING_NONE) {
            fuzz_check_found(&rows, &headings);
        } else {
            LB_ASSERT(headings.unused_count == 0 && headings.twice == HEADING_NONE);
        }
    }
    arena_fini(&arena);
    return 0;
}
