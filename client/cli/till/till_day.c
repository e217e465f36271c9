/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Totals of the day. Pure; one thread.
 */
#include "till_day.h"

#include "base/checked.h"

#include <stdlib.h>

static bool till_row_counts(const struct till_row *row)
{
    return row->is_redemption && !row->is_refused && row->reversed_by == 0;
}

/* Whether an earlier row of the list was the same person's: then they are counted. */
static bool till_day_has_met(const struct till_day *day, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (till_row_counts(&day->rows[i]) && day->rows[i].member == day->rows[at].member) {
            return true;
        }
    }
    return false;
}

static bool till_totals_add(struct till_totals *totals, const struct till_scan *line)
{
    for (size_t i = 0; i < totals->goods_count; i++) {
        if (totals->goods[i].item == line->item) {
            return checked_add_i64(totals->goods[i].quantity, line->quantity,
                                   &totals->goods[i].quantity);
        }
    }
    totals->goods[totals->goods_count++] = *line;
    return true;
}

static int till_totals_order(const void *left, const void *right)
{
    const struct till_scan *a = left;
    const struct till_scan *b = right;
    return (a->item > b->item) - (a->item < b->item);
}

bool till_day_count(struct till_day *day, struct arena *arena)
{
    struct till_totals *totals = &day->totals;
    size_t lines = 0;
    for (size_t i = 0; i < day->row_count; i++) {
        lines += day->rows[i].line_count;
    }
    *totals =
        (struct till_totals){.goods = arena_take_zeroed(arena, lines + 1, sizeof(*totals->goods))};
    if (totals->goods == NULL) {
        return false;
    }
    for (size_t i = 0; i < day->row_count; i++) {
        const struct till_row *row = &day->rows[i];
        if (!till_row_counts(row)) {
            continue;
        }
        totals->redemptions++;
        totals->persons += till_day_has_met(day, i) ? 0 : 1;
        if (!checked_sub_i64(totals->points_centi, row->points_centi, &totals->points_centi)) {
            return false;
        }
        for (size_t j = 0; j < row->line_count; j++) {
            if (!till_totals_add(totals, &row->lines[j])) {
                return false;
            }
        }
    }
    qsort(totals->goods, totals->goods_count, sizeof(*totals->goods), till_totals_order);
    return true;
}
