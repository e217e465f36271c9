/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Collects the year's rows, sorts, ranks, cuts. Two passes over the year's rows: one counts, so
 * that the board takes no more memory than it needs. No state.
 */
#include "report/board.h"

#include "bank/records.h"
#include "base/checked.h"
#include "ledger/book.h"
#include "scope.h"

#include <stdlib.h>

static int64_t board_value(const struct board_query *query, const struct year_row *year)
{
    return query->order == BOARD_BY_MINUTES ? year->minutes : year->earned_centi;
}

/* The next row of the year that belongs on the board, from that member on. */
static bool board_next(struct views views, const struct board_query *query,
                       const struct scope *scope, uint64_t *member, struct year_row *year,
                       uint64_t *org)
{
    while (year_next(views, query->year, *member, year)) {
        const int64_t value = board_value(query, year);
        *member = year->member + 1;
        if (value > 0 && value >= query->at_least && scope_holds(scope, views, year->member, org)) {
            return true;
        }
    }
    return false;
}

/* Minutes of all services given up to the end of that year. */
static int64_t lifetime_minutes(struct views views, uint64_t member, int32_t year)
{
    const struct account account = {ACCOUNT_MEMBER, member};
    struct book_row row;
    int64_t sum = 0;
    uint64_t lot = 0;
    while (book_next_lot(views, account, ASSET_OF_MINUTES, lot, &row) &&
           row.lot <= (uint64_t)year) {
        if (!checked_add_i64(sum, row.amount, &sum)) {
            return INT64_MAX;
        }
        lot = row.lot + 1;
    }
    return sum;
}

static int compare_by(int64_t a_value, int64_t b_value, const struct board_row *a,
                      const struct board_row *b)
{
    if (a_value != b_value) {
        return a_value > b_value ? -1 : 1;
    }
    return a->member < b->member ? -1 : a->member > b->member;
}

static int compare_by_points(const void *left, const void *right)
{
    const struct board_row *a = left;
    const struct board_row *b = right;
    return compare_by(a->points_centi, b->points_centi, a, b);
}

static int compare_by_minutes(const void *left, const void *right)
{
    const struct board_row *a = left;
    const struct board_row *b = right;
    return compare_by(a->minutes, b->minutes, a, b);
}

static bool board_is_tie(const struct board_query *query, const struct board_row *a,
                         const struct board_row *b)
{
    return query->order == BOARD_BY_MINUTES ? a->minutes == b->minutes
                                            : a->points_centi == b->points_centi;
}

/* Ranks the sorted rows. Returns how many of them the board keeps. */
static size_t board_rank(const struct board_query *query, struct board_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const bool tie = i > 0 && board_is_tie(query, &rows[i - 1], &rows[i]);
        rows[i].rank = tie ? rows[i - 1].rank : (uint32_t)i + 1;
        if (query->top != 0 && rows[i].rank > query->top) {
            return i;
        }
    }
    return count;
}

static void board_fill(struct views views, const struct board_query *query,
                       const struct scope *scope, struct board_row *rows, size_t count)
{
    struct year_row year;
    uint64_t member = 0;
    uint64_t org = 0;
    for (size_t i = 0; i < count; i++) {
        if (!board_next(views, query, scope, &member, &year, &org)) {
            return; /* a fault, which views_fault tells: the first pass found them all */
        }
        rows[i] = (struct board_row){
            .services = year.services,
            .member = year.member,
            .org = org,
            .points_centi = year.earned_centi,
            .minutes = year.minutes,
        };
    }
}

/* What only those who are on the board need. */
static void board_complete(struct views views, const struct scope *scope, struct board_row *rows,
                           struct board *board)
{
    struct codes star_hours;
    const bool has_stars = star_table_on(views, scope->last_day, &star_hours);
    for (size_t i = 0; i < board->count; i++) {
        struct board_row *row = &rows[i];
        row->lifetime_minutes = lifetime_minutes(views, row->member, scope->year);
        row->stars = has_stars ? star_level(&star_hours, row->lifetime_minutes) : 0;
        board->person_times += row->services;
    }
}

static bool class_is_public(struct views views, uint32_t class_id)
{
    struct class_row row;
    return class_id == 0 || (class_get(views, class_id, &row) && row.is_public);
}

struct verdict board_make(struct views views, const struct board_query *query, struct arena *arena,
                          struct board *board)
{
    struct scope scope;
    const struct verdict verdict =
        scope_make(views, query->year, query->org, query->class_id, arena, &scope);
    if (verdict.code != LB_OK) {
        return verdict;
    }
    if (!class_is_public(views, query->class_id)) {
        return (struct verdict){.code = LB_UNAUTHORISED, .text = "class"};
    }
    struct year_row year;
    uint64_t member = 0;
    uint64_t org = 0;
    size_t count = 0;
    while (board_next(views, query, &scope, &member, &year, &org)) {
        count++;
    }
    *board = (struct board){0};
    if (count == 0) {
        return verdict;
    }
    struct board_row *rows = arena_take_zeroed(arena, count, sizeof(*rows));
    if (rows == NULL) {
        return (struct verdict){.code = LB_MEMORY, .text = ""};
    }
    board_fill(views, query, &scope, rows, count);
    qsort(rows, count, sizeof(*rows),
          query->order == BOARD_BY_MINUTES ? compare_by_minutes : compare_by_points);
    board->rows = rows;
    board->count = board_rank(query, rows, count);
    board_complete(views, &scope, rows, board);
    return verdict;
}
