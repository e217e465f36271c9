/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The star board, 明星榜: who served most in a year, in an org and all below it. Worked out over
 * the bank's views alone, so that views folded up to an entry give the board as of that entry.
 * Not paging, not names: those are for whoever shows it. One thread at a time.
 *
 * What a row says is as of the year, so that what is entered for the next one changes nothing:
 *   - org, class and star table are those of 31 December;
 *   - points and minutes are earned by service in the year, net of reversals;
 *   - lifetime minutes are those of services given up to that year (the lots are years).
 * Members who earned nothing in the year are left out. Standard competition ranking ("1, 2, 2, 4");
 * within a rank by member number.
 */
#ifndef REPORT_BOARD_H
#define REPORT_BOARD_H

#include "bank/entry.h"
#include "base/arena.h"
#include "ledger/views.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum board_order {
    BOARD_BY_POINTS = 1,
    BOARD_BY_MINUTES = 2,
};

struct board_query {
    int32_t year;
    uint64_t org;      /* 0: the whole book */
    uint32_t class_id; /* 0: all members */
    enum board_order order;
    uint32_t top;     /* ranks up to this; 0: no such limit */
    int64_t at_least; /* 1/100 points, or minutes */
};

static inline bool board_query_equal(const struct board_query *a, const struct board_query *b)
{
    return a->year == b->year && a->org == b->org && a->class_id == b->class_id &&
           a->order == b->order && a->top == b->top && a->at_least == b->at_least;
}

struct board_row {
    uint32_t rank;
    uint32_t services; /* 人次 */
    uint64_t member;
    uint64_t org; /* the member's own */
    int64_t points_centi;
    int64_t minutes;
    int64_t lifetime_minutes;
    uint32_t stars;
};

struct board {
    const struct board_row *rows; /* in the arena */
    size_t count;                 /* 人 */
    uint64_t person_times;        /* 人次: their services in the year */
};

/* LB_OK; LB_FIELD_INVALID: the year; LB_ORG_UNKNOWN, LB_CLASS_UNKNOWN; LB_UNAUTHORISED: the class
 * is not public; LB_MEMORY: the arena is exhausted. Look at views_fault() first. */
LB_MUST_CHECK struct verdict board_make(struct views views, const struct board_query *query,
                                        struct arena *arena, struct board *board);

#endif
