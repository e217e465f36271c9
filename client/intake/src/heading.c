/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Headings: which row they are in, which column each names. The first rows' cells are folded once,
 * then every spelling is folded once and looked for among them. Pure; safe from any thread.
 */
#include "intake/heading.h"

#include "heading_key.h"

#include "base/assert.h"

#define HEADING_IGNORED (SIZE_MAX - 1) /* a claim: not used on purpose */

/* The first good rows, as keys, and what each cell claims to be. */
struct heading_grid {
    size_t row_count;
    size_t rows[HEADING_ROWS_MAX];        /* into the file's */
    size_t cell_counts[HEADING_ROWS_MAX]; /* beyond them all keys are blank */
    struct heading_key keys[HEADING_ROWS_MAX][ROWS_CELLS_MAX];
    struct heading_claim {
        size_t column; /* or HEADING_NONE, HEADING_IGNORED */
        bool is_alias;
    } claims[HEADING_ROWS_MAX][ROWS_CELLS_MAX];
};

static void grid_init(struct heading_grid *grid, const struct rows *rows)
{
    grid->row_count = 0;
    for (size_t i = 0; i < rows->count && grid->row_count < HEADING_ROWS_MAX; i++) {
        const struct row *row = &rows->items[i];
        if (row->fault != ROW_GOOD) {
            continue;
        }
        size_t r = grid->row_count++;
        grid->rows[r] = i;
        grid->cell_counts[r] = row->cell_count;
        for (size_t place = 0; place < ROWS_CELLS_MAX; place++) {
            heading_key_init(&grid->keys[r][place],
                             place < row->cell_count ? row->cells[place] : "");
            grid->claims[r][place] = (struct heading_claim){.column = HEADING_NONE};
        }
    }
}

/* Every cell that says `spelling` and claims nothing yet claims to be that column. */
static void grid_claim(struct heading_grid *grid, const char *spelling, size_t size,
                       struct heading_claim claim)
{
    struct heading_key key;
    heading_key_init_bytes(&key, bytes_of(spelling, size));
    for (size_t r = 0; r < grid->row_count; r++) {
        for (size_t place = 0; place < grid->cell_counts[r]; place++) {
            if (grid->claims[r][place].column == HEADING_NONE &&
                heading_key_equal(&grid->keys[r][place], &key)) {
                grid->claims[r][place] = claim;
            }
        }
    }
}

static void grid_claim_column(struct heading_grid *grid, const struct heading_column *column,
                              size_t number)
{
    struct heading_claim claim = {.column = number};
    grid_claim(grid, column->name, strlen(column->name), claim);
    const char *spelling = column->spellings;
    while (spelling != NULL && *spelling != '\0') {
        size_t size = strcspn(spelling, "|");
        grid_claim(grid, spelling, size, claim);
        spelling += size + (spelling[size] == '|');
    }
}

static void headings_clear(struct headings *headings)
{
    headings->row = HEADING_NONE;
    headings->twice = HEADING_NONE;
    headings->unused_count = 0;
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        headings->places[c] = HEADING_NONE;
    }
}

/* Gives places to the columns that cells of row `r` claim to be: those by an alias, or the others,
 * which do not take a column away that an alias named. */
static void headings_place(struct headings *headings, const struct heading_grid *grid, size_t r,
                           bool is_alias)
{
    bool is_taken[HEADING_COLUMNS_MAX] = {false};
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        is_taken[c] = headings->places[c] != HEADING_NONE;
    }
    for (size_t place = 0; place < ROWS_CELLS_MAX; place++) {
        const struct heading_claim *claim = &grid->claims[r][place];
        if (claim->column >= HEADING_COLUMNS_MAX || claim->is_alias != is_alias ||
            is_taken[claim->column]) {
            continue;
        }
        if (headings->places[claim->column] == HEADING_NONE) {
            headings->places[claim->column] = place;
        } else if (headings->twice == HEADING_NONE) {
            headings->twice = claim->column;
        }
    }
}

static void headings_collect_unused(struct headings *headings, const struct heading_grid *grid,
                                    size_t r)
{
    for (size_t place = 0; place < ROWS_CELLS_MAX; place++) {
        size_t column = grid->claims[r][place].column;
        bool is_twice = column == headings->twice && column != HEADING_NONE;
        bool is_used = column == HEADING_IGNORED || is_twice ||
                       (column < HEADING_COLUMNS_MAX && headings->places[column] == place);
        if (!is_used && !heading_key_is_blank(&grid->keys[r][place])) {
            headings->unused[headings->unused_count++] = place;
        }
    }
}

/* As if row `r` of the grid were the heading row; how many columns it names. */
static size_t headings_try(struct headings *headings, const struct heading_grid *grid, size_t r)
{
    headings_clear(headings);
    headings->row = grid->rows[r];
    headings_place(headings, grid, r, true);
    headings_place(headings, grid, r, false);
    headings_collect_unused(headings, grid, r);
    size_t count = 0;
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        count += headings->places[c] != HEADING_NONE;
    }
    return count;
}

/* No row has more than one cell that is not blank. */
static bool grid_has_one_column(const struct heading_grid *grid)
{
    for (size_t r = 0; r < grid->row_count; r++) {
        size_t count = 0;
        for (size_t place = 0; place < ROWS_CELLS_MAX; place++) {
            count += !heading_key_is_blank(&grid->keys[r][place]);
        }
        if (count > 1) {
            return false;
        }
    }
    return true;
}

void headings_find(const struct rows *rows, const struct heading_column *columns,
                   size_t column_count, const struct heading_alias *aliases, size_t alias_count,
                   struct headings *out)
{
    LB_ASSERT(column_count <= HEADING_COLUMNS_MAX);
    struct heading_grid grid;
    grid_init(&grid, rows);
    for (size_t i = 0; i < alias_count; i++) {
        bool is_ignored = aliases[i].column == HEADING_NONE;
        LB_ASSERT(is_ignored || aliases[i].column < column_count);
        struct heading_claim claim = {is_ignored ? HEADING_IGNORED : aliases[i].column, true};
        grid_claim(&grid, aliases[i].heading, strlen(aliases[i].heading), claim);
    }
    for (size_t c = 0; c < column_count; c++) {
        grid_claim_column(&grid, &columns[c], c);
    }
    size_t best = column_count == 1 || grid_has_one_column(&grid) ? 0 : 1; /* to be exceeded */
    headings_clear(out);
    for (size_t r = 0; r < grid.row_count; r++) {
        struct headings tried;
        size_t count = headings_try(&tried, &grid, r);
        if (count > best) {
            best = count;
            *out = tried;
        }
    }
}
