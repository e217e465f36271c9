/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of the till's screen, from the top: the place; who it is and what they have; what is
 * taken; the total; what is said; the line that is typed; the keys. Pure; one thread.
 */
#include "till_screen.h"

#include "till_digits.h"
#include "till_screen_part.h"

#include "amounts.h"

#include "base/checked.h"
#include "base/date.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIST_LINES   9
#define MEMBER_WIDTH 34
#define DIGITS_WIDTH (SCREEN_COLUMNS - MEMBER_WIDTH - 2)

struct layout screen_row(struct screen *screen, size_t row)
{
    struct layout layout;
    layout_init(&layout, screen->rows[row], SCREEN_ROW_BYTES, SCREEN_COLUMNS);
    return layout;
}

void screen_put(struct screen *screen, size_t row, const char *style, const char *text)
{
    struct layout layout = screen_row(screen, row);
    layout_add(&layout, style);
    layout_cell(&layout, text, SCREEN_COLUMNS);
    layout_add(&layout, PLAIN);
}

static void screen_head(const struct till *till, const char *clock, struct screen *screen)
{
    char left[2 * TILL_NAME_BYTES + 8];
    char right[64] = "";
    struct layout layout = screen_row(screen, ROW_HEAD);
    (void)snprintf(left, sizeof(left), " %s  %s", till->counter_name, till->org_name);
    if (till->desk != 0) {
        (void)snprintf(right, sizeof(right),
                       TILL_TEXT(till, "服务台 %" PRIu32 "   ", "desk %" PRIu32 "   "), till->desk);
    }
    const size_t used = strlen(right);
    (void)snprintf(right + used, sizeof(right) - used, "%s ", clock);
    layout_add(&layout, REVERSE);
    layout_cell(&layout, left, SCREEN_COLUMNS - 26);
    layout_cell_right(&layout, right, 26);
    layout_add(&layout, PLAIN);
}

/* --- the member ------------------------------------------------------------------------------- */

static void screen_member_text(const struct till *till, size_t line, char *out, size_t cap)
{
    const struct till_member *member = &till->basket.member;
    char points[AMOUNT_TEXT_BYTES];
    char day[DATE_TEXT_BYTES];
    out[0] = '\0';
    if (member->card == 0 && member->member == 0) {
        return;
    }
    if (line == 0) {
        (void)snprintf(out, cap, "%s", member->name);
    } else if (line == 1 && member->card != 0) {
        const int used =
            snprintf(out, cap, TILL_TEXT(till, "卡尾号 %04" PRIu64, "card ..%04" PRIu64),
                     member->card % 10000);
        if (member->expired_centi > 0) {
            amount_format_points(member->expired_centi, points);
            (void)snprintf(out + used, cap - (size_t)used,
                           TILL_TEXT(till, "  %s 分已过期", "  %s expired"), points);
        }
    } else if (line == 2 && member->debt_centi > 0) {
        amount_format_points(member->debt_centi, points);
        (void)snprintf(out, cap, TILL_TEXT(till, "欠 %s 分，补上才能兑换", "owes %s points"),
                       points);
    } else if (line == 2 && member->lot_centi > 0) {
        amount_format_points(member->lot_centi, points);
        date_format(member->lot_day, day);
        (void)snprintf(out, cap, TILL_TEXT(till, "%s 分用至 %s", "%s points until %s"), points,
                       day);
    } else if (line >= 3 && line - 3 < member->earlier_count && line - 3 < TILL_EARLIER_MAX) {
        const struct till_earlier *earlier = &member->earlier[line - 3];
        amount_format_points(earlier->points_centi, points);
        (void)snprintf(out, cap, TILL_TEXT(till, "今天已兑 %s  %s", "today %s  %s"), points,
                       earlier->what);
    }
}

/* What can be spent, large on the right. */
static void screen_member(const struct till *till, struct screen *screen)
{
    static const char *const styles[DIGITS_ROWS] = {BOLD, "", "", DIM, DIM};
    const struct till_member *member = &till->basket.member;
    char balance[AMOUNT_TEXT_BYTES] = "";
    if (member->card != 0 || member->member != 0) {
        amount_format_points(member->points_centi, balance);
    }
    for (size_t line = 0; line < DIGITS_ROWS; line++) {
        char text[TILL_MESSAGE_BYTES];
        struct layout layout = screen_row(screen, ROW_MEMBER + line);
        screen_member_text(till, line, text, sizeof(text));
        layout_add(&layout, line == 2 && member->debt_centi > 0 ? RED : styles[line]);
        layout_add(&layout, "  ");
        layout_cell(&layout, text, MEMBER_WIDTH - 2);
        layout_add(&layout, PLAIN);
        till_digits_add(&layout, balance, line, DIGITS_WIDTH);
    }
}

/* --- lists ------------------------------------------------------------------------------------ */

struct screen_line {
    const char *count;
    const char *what;
    const char *price;
    const char *cost;
};

static void screen_line(struct screen *screen, size_t row, const char *style,
                        const struct screen_line *line)
{
    struct layout layout = screen_row(screen, row);
    layout_add(&layout, style);
    layout_cell_right(&layout, line->count, 12);
    layout_add(&layout, "  ");
    layout_cell(&layout, line->what, 40);
    layout_cell_right(&layout, line->price, 11);
    layout_cell_right(&layout, line->cost, 13);
    layout_add(&layout, "  " PLAIN);
}

static void screen_scan(const struct till *till, const struct till_scan *scan, size_t row,
                        bool is_newest, struct screen *screen)
{
    const struct till_goods *goods = till_find_item(till, scan->item);
    char count[TILL_NAME_BYTES + AMOUNT_TEXT_BYTES];
    char what[TILL_NAME_BYTES + AMOUNT_TEXT_BYTES];
    char price[AMOUNT_TEXT_BYTES] = "?";
    char cost[AMOUNT_TEXT_BYTES] = "?";
    int64_t cost_centi = 0;
    (void)snprintf(count, sizeof(count), "%" PRId64 " %s", scan->quantity,
                   goods == NULL ? "" : goods->unit);
    if (goods != NULL && checked_mul_i64(scan->quantity, goods->price_centi, &cost_centi)) {
        amount_format_points(goods->price_centi, price);
        amount_format_points(cost_centi, cost);
    }
    /* With its number: refusals name goods by it. */
    const char *name = goods == NULL ? "?" : goods->name;
    (void)snprintf(what, sizeof(what), "%.*s  %" PRIu32, (int)layout_fit(name, 28), name,
                   scan->item);
    const struct screen_line line = {count, what, price, cost};
    screen_line(screen, row, is_newest ? BOLD : "", &line);
}

static void screen_basket(const struct till *till, struct screen *screen)
{
    const struct till_basket *basket = &till->basket;
    const struct screen_line heading = {
        TILL_TEXT(till, "数量", "QTY"), TILL_TEXT(till, "商品", "GOODS"),
        TILL_TEXT(till, "单价", "EACH"), TILL_TEXT(till, "积分", "POINTS")};
    screen_line(screen, ROW_LIST, DIM UNDER, &heading);
    for (size_t i = 0; i < LIST_LINES && i < basket->scan_count; i++) {
        const size_t at = basket->scan_count - 1 - i;
        const size_t row = ROW_LIST + 1 + i;
        if (i == LIST_LINES - 1 && at > 0) {
            char more[64];
            (void)snprintf(more, sizeof(more),
                           TILL_TEXT(till, "            还有 %zu 行", "            %zu more"),
                           at + 1);
            screen_put(screen, row, DIM, more);
        } else {
            screen_scan(till, &basket->scans[at], row, i == 0 && !till->is_booked, screen);
        }
    }
}

static void screen_picks(const struct till *till, struct screen *screen)
{
    const struct screen_line heading = {TILL_TEXT(till, "序号", "NUMBER"),
                                        TILL_TEXT(till, "商品", "GOODS"),
                                        TILL_TEXT(till, "单价", "EACH"), ""};
    screen_line(screen, ROW_LIST, DIM UNDER, &heading);
    for (size_t i = 0; i < till->pick_count; i++) {
        const struct till_goods *goods = till_find_item(till, till->picks[i]);
        char number[24];
        char price[AMOUNT_TEXT_BYTES] = "?";
        (void)snprintf(number, sizeof(number), "%zu", i + 1);
        if (goods != NULL) {
            amount_format_points(goods->price_centi, price);
        }
        const struct screen_line line = {number, goods == NULL ? "?" : goods->name, price, ""};
        screen_line(screen, ROW_LIST + 1 + i, "", &line);
    }
}

static void screen_held(const struct till *till, struct screen *screen)
{
    const struct screen_line heading = {TILL_TEXT(till, "序号", "NUMBER"),
                                        TILL_TEXT(till, "挂单", "HELD"),
                                        TILL_TEXT(till, "行数", "LINES"), ""};
    screen_line(screen, ROW_LIST, DIM UNDER, &heading);
    for (size_t i = 0; i < till->held_count; i++) {
        const struct till_basket *held = &till->held[i];
        char number[24];
        char lines[24];
        (void)snprintf(number, sizeof(number), "%zu", i + 1);
        (void)snprintf(lines, sizeof(lines), "%zu", held->scan_count);
        const struct screen_line line = {number,
                                         held->member.card == 0
                                             ? TILL_TEXT(till, "（还没有扫卡）", "(no card yet)")
                                             : held->member.name,
                                         lines, ""};
        screen_line(screen, ROW_LIST + 1 + i, "", &line);
    }
}

static void screen_undo(const struct till *till, struct screen *screen)
{
    char text[TILL_MESSAGE_BYTES];
    char points[AMOUNT_TEXT_BYTES];
    amount_format_points_signed(till->undo.points_centi, points);
    (void)snprintf(text, sizeof(text),
                   TILL_TEXT(till, "  撤销第 %" PRIu64 " 号", "  Undo entry %" PRIu64),
                   till->undo.entry);
    screen_put(screen, ROW_LIST + 1, BOLD, text);
    (void)snprintf(text, sizeof(text), "  %s  %s  %s", till->undo_name, till->undo_what, points);
    screen_put(screen, ROW_LIST + 3, "", text);
}

/* --- below ------------------------------------------------------------------------------------ */

static void screen_total(const struct till *till, struct screen *screen)
{
    char total[AMOUNT_TEXT_BYTES];
    char left[AMOUNT_TEXT_BYTES];
    char text[TILL_MESSAGE_BYTES] = "";
    char held[64] = "";
    int64_t total_centi = 0;
    int64_t left_centi = 0;
    struct layout layout = screen_row(screen, ROW_TOTAL);
    const bool has_total = till->basket.scan_count > 0 && till_total(till, &total_centi);
    if (has_total) {
        amount_format_points(total_centi, total);
        (void)snprintf(text, sizeof(text), TILL_TEXT(till, "合计 %s 分", "Total %s points"), total);
    }
    if (has_total && !till->is_booked && till->basket.member.card != 0 &&
        checked_sub_i64(till->basket.member.points_centi, total_centi, &left_centi)) {
        const size_t used = strlen(text);
        amount_format_points(left_centi < 0 ? -left_centi : left_centi, left);
        (void)snprintf(text + used, sizeof(text) - used,
                       left_centi < 0 ? TILL_TEXT(till, "   还差 %s 分", "   %s points short")
                                      : TILL_TEXT(till, "   兑后余 %s 分", "   %s will be left"),
                       left);
    }
    if (till->held_count > 0) {
        (void)snprintf(held, sizeof(held), TILL_TEXT(till, "  挂单 %zu", "  %zu held"),
                       till->held_count);
    }
    layout_add(&layout, DIM);
    layout_cell(&layout, held, 12);
    layout_add(&layout, PLAIN);
    layout_add(&layout, left_centi < 0 ? RED : BOLD);
    layout_cell_right(&layout, text, SCREEN_COLUMNS - 14);
    layout_add(&layout, "  " PLAIN);
}

/* As much of a sentence as fits on a row, not in the middle of a word. */
static size_t screen_fit(const char *text)
{
    const size_t fit = layout_fit(text, SCREEN_COLUMNS - 4);
    size_t at = fit;
    while (text[fit] != '\0' && at > 0 && text[at - 1] != ' ' && (text[at] & 0x80) == 0) {
        at--;
    }
    return at == 0 ? fit : at;
}

static void screen_message(const struct till *till, unsigned wait_s, struct screen *screen)
{
    static const char *const styles[] = {[TILL_QUIET] = "", [TILL_GOOD] = GREEN, [TILL_BAD] = RED};
    const char *message = till->message;
    char wait[64];
    if (wait_s > 0) {
        (void)snprintf(wait, sizeof(wait),
                       TILL_TEXT(till, "正在等服务器答复，已 %u 秒 …",
                                 "Waiting for the server, %u s so far ..."),
                       wait_s);
        message = wait;
    }
    for (size_t i = 0; i < 2; i++) {
        char text[TILL_MESSAGE_BYTES + 2];
        const size_t fit = screen_fit(message);
        (void)snprintf(text, sizeof(text), "  %.*s", (int)fit, message);
        /* The day's goods may stand on the first of the rows. */
        if (till->mode != TILL_DAY || i == 1 || message[0] != '\0') {
            screen_put(screen, ROW_MESSAGE + i, wait_s > 0 ? BOLD : styles[till->tone], text);
        }
        message += fit;
    }
}

static void screen_input(const struct till *till, struct screen *screen)
{
    char left[32] = "  > ";
    struct layout layout = screen_row(screen, ROW_INPUT);
    const char *text = till->input;
    if (till->quantity != 0) {
        (void)snprintf(left, sizeof(left), "  %" PRId64 " * ", till->quantity);
    }
    /* The end of a long line is what is being typed. */
    while (utf8_width(bytes_of_text(text)) > SCREEN_COLUMNS - 14) {
        text += layout_fit(text, 2) == 0 ? 1 : layout_fit(text, 2);
    }
    layout_add(&layout, BOLD);
    layout_add(&layout, left);
    layout_add(&layout, text);
    layout_add(&layout, PLAIN);
    screen->cursor_row = ROW_INPUT;
    screen->cursor_column = strlen(left) + utf8_width(bytes_of_text(text));
}

static const char *screen_keys(const struct till *till)
{
    switch (till->mode) {
    case TILL_SELL:
        return TILL_TEXT(
            till, " 回车 记账  3* 数量  - 删行  u 撤销  h 挂单  r 取单  l 今日  p 补打  q 退出",
            " Enter book  3* qty  - remove  u undo  h hold  r recall  l day  p print"
            "  q quit");
    case TILL_PICK:
    case TILL_RECALL:
        return TILL_TEXT(till, " 序号 回车 选定   Esc 返回", " number, Enter: choose   Esc back");
    case TILL_REASON:
        return TILL_TEXT(till, " 回车 撤销这一笔   Esc 返回", " Enter undoes it   Esc back");
    case TILL_DAY:
        return TILL_TEXT(till, " ↑ ↓ PgUp PgDn 翻看   p 补打   u 撤销   Esc 返回",
                         " Up Down PgUp PgDn   p print   u undo   Esc back");
    case TILL_UNSETTLED:
        return TILL_TEXT(till, " 回车 再问一次   q 退出（下次打开时接着问）",
                         " Enter asks again   q quit (asked again at the next start)");
    }
    return "";
}

void till_screen_paint(const struct till *till, const char *clock, unsigned wait_s,
                       struct screen *screen)
{
    *screen = (struct screen){.cursor_row = ROW_INPUT};
    screen_head(till, clock, screen);
    switch (till->mode) {
    case TILL_DAY:
        screen_paint_day(till, screen);
        break;
    case TILL_SELL:
    case TILL_UNSETTLED:
        screen_member(till, screen);
        screen_basket(till, screen);
        screen_total(till, screen);
        break;
    case TILL_PICK:
        screen_member(till, screen);
        screen_picks(till, screen);
        break;
    case TILL_RECALL:
        screen_held(till, screen);
        break;
    case TILL_REASON:
        screen_undo(till, screen);
        break;
    }
    screen_message(till, wait_s, screen);
    screen_input(till, screen);
    screen_put(screen, ROW_KEYS, DIM, screen_keys(till));
}
