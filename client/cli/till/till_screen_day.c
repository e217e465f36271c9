/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The day's list on the till's screen: a page of entries, what they come to. Pure; one thread.
 */
#include "till_screen_part.h"

#include "amounts.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_LIST            2  /* the heading of the day's list */
#define SCREEN_REST_COLUMNS 16 /* "  and 4096 more" */

static void screen_day_cells(struct screen *screen, size_t row, const char *style,
                             const char *const cells[6])
{
    static const size_t widths[5] = {5, 9, 14, 28, 10};
    struct layout layout = screen_row(screen, row);
    layout_add(&layout, style);
    for (size_t i = 0; i < 5; i++) {
        const bool is_right = i == 1 || i == 4;
        layout_add(&layout, i == 0 ? " " : "  ");
        if (is_right) {
            layout_cell_right(&layout, cells[i], widths[i]);
        } else {
            layout_cell(&layout, cells[i], widths[i]);
        }
    }
    layout_add(&layout, " ");
    layout_cell(&layout, cells[5], 4);
    layout_add(&layout, PLAIN);
}

static void screen_day_row(const struct till *till, size_t at, size_t row, struct screen *screen)
{
    const struct till_row *entry = &till->day.rows[at];
    const bool stands = entry->reversed_by == 0 && !entry->is_refused;
    char clock[AMOUNT_TEXT_BYTES];
    char number[24];
    char points[AMOUNT_TEXT_BYTES];
    const char *mark = "";
    amount_format_clock(entry->minute, clock);
    (void)snprintf(number, sizeof(number), "%" PRIu64, entry->entry);
    amount_format_points_signed(entry->points_centi, points);
    if (entry->reversed_by != 0) {
        mark = TILL_TEXT(till, "已撤", "void");
    } else if (entry->is_waiting) {
        mark = TILL_TEXT(till, "待审", "2nd");
    } else if (entry->is_refused) {
        mark = TILL_TEXT(till, "拒绝", "ref.");
    }
    const char *const cells[6] = {clock, number, entry->name, entry->what, points, mark};
    screen_day_cells(screen, row, at == till->day_at ? REVERSE : stands ? "" : DIM, cells);
}

/* "大米 79 袋" of the totals; longer names and units are cut. */
static void screen_day_good(const struct till *till, const struct till_scan *total,
                            char out[TILL_MESSAGE_BYTES])
{
    const struct till_goods *goods = till_find_item(till, total->item);
    const char *name = goods == NULL ? "?" : goods->name;
    const char *unit = goods == NULL ? "" : goods->unit;
    (void)snprintf(out, TILL_MESSAGE_BYTES, "  %.*s %" PRId64 "%s%.*s", (int)layout_fit(name, 30),
                   name, total->quantity, unit[0] == '\0' ? "" : " ", (int)layout_fit(unit, 20),
                   unit);
}

/* On two rows, a kind of goods never on both; what has no room is counted. */
static void screen_day_goods(const struct till *till, struct screen *screen)
{
    const struct till_totals *totals = &till->day.totals;
    size_t at = 0;
    for (size_t i = 0; i < 2; i++) {
        char row[TILL_MESSAGE_BYTES];
        char good[TILL_MESSAGE_BYTES];
        struct layout layout;
        size_t used = 0;
        layout_init(&layout, row, sizeof(row), SCREEN_COLUMNS);
        for (; at < totals->goods_count; at++) {
            screen_day_good(till, &totals->goods[at], good);
            const size_t width = utf8_width(bytes_of_text(good));
            const bool has_rest = i == 1 && at + 1 < totals->goods_count;
            if (used + width > SCREEN_COLUMNS - (has_rest ? SCREEN_REST_COLUMNS : 0)) {
                break;
            }
            layout_add(&layout, good);
            used += width;
        }
        if (i == 1 && at < totals->goods_count) {
            (void)snprintf(good, sizeof(good), TILL_TEXT(till, "  还有 %zu 种", "  and %zu more"),
                           totals->goods_count - at);
            layout_add(&layout, good);
        }
        screen_put(screen, ROW_TOTAL + 1 + i, DIM, row);
    }
}

static void screen_day_totals(const struct till *till, struct screen *screen)
{
    const struct till_totals *totals = &till->day.totals;
    char text[TILL_MESSAGE_BYTES];
    char points[AMOUNT_TEXT_BYTES];
    amount_format_points(totals->points_centi, points);
    (void)snprintf(text, sizeof(text),
                   TILL_TEXT(till, "  兑换 %" PRIu64 " 人次，%" PRIu64 " 人；用去 %s 分",
                             "  %" PRIu64 " redemptions, %" PRIu64 " persons; %s points"),
                   totals->redemptions, totals->persons, points);
    screen_put(screen, ROW_TOTAL, BOLD, text);
    screen_day_goods(till, screen);
}

void screen_paint_day(const struct till *till, struct screen *screen)
{
    const char *const heading[6] = {
        TILL_TEXT(till, "时间", "TIME"),     TILL_TEXT(till, "号", "ENTRY"),
        TILL_TEXT(till, "志愿者", "MEMBER"), TILL_TEXT(till, "事项", "WHAT"),
        TILL_TEXT(till, "积分", "POINTS"),   ""};
    const size_t first = till->day_at / TILL_DAY_PAGE_ROWS * TILL_DAY_PAGE_ROWS;
    screen_day_cells(screen, DAY_LIST, DIM UNDER, heading);
    for (size_t i = 0; i < TILL_DAY_PAGE_ROWS && first + i < till->day.row_count; i++) {
        screen_day_row(till, first + i, DAY_LIST + 1 + i, screen);
    }
    screen_day_totals(till, screen);
}
