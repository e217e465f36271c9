/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Receipts. Pure; safe from any thread.
 */
#include "receipt.h"

#include "amounts.h"
#include "layout.h"

#include "base/assert.h"
#include "base/checked.h"
#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RECEIPT_TEAR_OFF   "\n\n\n\n"
#define RECEIPT_TEXT_BYTES 256

#define RECEIPT_TEXT(receipt, zh, en) ((receipt)->is_chinese ? (zh) : (en))

/* "60 分", "1 point". */
static void receipt_points(const struct receipt *receipt, int64_t centi, bool is_signed,
                           char out[RECEIPT_TEXT_BYTES])
{
    char points[AMOUNT_TEXT_BYTES];
    if (is_signed) {
        amount_format_points_signed(centi, points);
    } else {
        amount_format_points(centi, points);
    }
    (void)snprintf(
        out, RECEIPT_TEXT_BYTES,
        RECEIPT_TEXT(receipt, "%s 分", centi == 100 || centi == -100 ? "%s point" : "%s points"),
        points);
}

static void receipt_pair_points(struct layout *paper, const struct receipt *receipt,
                                const char *left, int64_t centi, bool is_signed)
{
    char points[RECEIPT_TEXT_BYTES];
    receipt_points(receipt, centi, is_signed, points);
    layout_pair(paper, left, points);
}

static void receipt_head(struct layout *paper, const struct receipt *receipt)
{
    char text[RECEIPT_TEXT_BYTES];
    if (receipt->org[0] != '\0') {
        layout_middle(paper, receipt->org);
    }
    if (receipt->place[0] != '\0') {
        layout_middle(paper, receipt->place);
    }
    (void)snprintf(text, sizeof(text), "%s%s", receipt->act,
                   !receipt->is_reprint ? "" : RECEIPT_TEXT(receipt, "（补打）", " (reprint)"));
    layout_middle(paper, text);
    layout_rule(paper, '-');
    layout_pair(paper, RECEIPT_TEXT(receipt, "时间", "Recorded"), receipt->when);
    if (strncmp(receipt->when, receipt->day, strlen(receipt->day)) != 0) {
        layout_pair(paper, RECEIPT_TEXT(receipt, "业务日期", "Day of business"), receipt->day);
    }
    if (receipt->desk != 0) {
        (void)snprintf(text, sizeof(text), "%" PRIu32, receipt->desk);
        layout_pair(paper, RECEIPT_TEXT(receipt, "服务台", "Desk"), text);
    }
    (void)snprintf(text, sizeof(text), "%08" PRIu64, receipt->member);
    layout_pair(paper, RECEIPT_TEXT(receipt, "志愿者", "Member"),
                receipt->name[0] != '\0' ? receipt->name : text);
    if (receipt->card != 0) {
        (void)snprintf(text, sizeof(text), RECEIPT_TEXT(receipt, "尾号 %04" PRIu64, "..%04" PRIu64),
                       receipt->card % 10000);
        layout_pair(paper, RECEIPT_TEXT(receipt, "积分卡", "Card"), text);
    }
}

/* "大米" and below it "  3 袋 x 60" and what that makes. */
static void receipt_goods(struct layout *paper, const struct receipt_line *line)
{
    char text[RECEIPT_TEXT_BYTES];
    char price[AMOUNT_TEXT_BYTES];
    char cost[AMOUNT_TEXT_BYTES] = "?";
    int64_t cost_centi = 0;
    amount_format_points(line->price_centi, price);
    if (checked_mul_i64(line->quantity, line->price_centi, &cost_centi)) {
        amount_format_points(cost_centi, cost);
    }
    layout_line(paper, line->name);
    (void)snprintf(text, sizeof(text), "  %" PRId64 "%s%s x %s", line->quantity,
                   line->unit[0] == '\0' ? "" : " ", line->unit, price);
    layout_pair(paper, text, cost);
}

static void receipt_body(struct layout *paper, const struct receipt *receipt)
{
    char minutes[AMOUNT_TEXT_BYTES] = "";
    layout_rule(paper, '-');
    for (size_t i = 0; i < receipt->line_count; i++) {
        receipt_goods(paper, &receipt->lines[i]);
    }
    if (receipt->minutes != 0) {
        amount_format_minutes(receipt->is_chinese, receipt->minutes, minutes);
    }
    if (receipt->what[0] != '\0' || minutes[0] != '\0') {
        layout_pair(paper, receipt->what, minutes);
    }
    layout_rule(paper, '-');
    receipt_pair_points(paper, receipt, RECEIPT_TEXT(receipt, "合计", "Total"),
                        receipt->points_centi, true);
    receipt_pair_points(paper, receipt, RECEIPT_TEXT(receipt, "余额", "Balance"),
                        receipt->balance_centi, false);
    if (receipt->expired_centi != 0) {
        receipt_pair_points(paper, receipt,
                            RECEIPT_TEXT(receipt, "  其中已过期", "  of it expired"),
                            receipt->expired_centi, false);
    }
    if (receipt->held_centi != 0) {
        receipt_pair_points(paper, receipt, RECEIPT_TEXT(receipt, "另有预占", "Held besides"),
                            receipt->held_centi, false);
    }
    if (receipt->debt_centi != 0) {
        receipt_pair_points(paper, receipt, RECEIPT_TEXT(receipt, "还欠", "Owed"),
                            receipt->debt_centi, false);
    }
}

static void receipt_lots(struct layout *paper, const struct receipt *receipt)
{
    for (size_t i = 0; i < receipt->lot_count; i++) {
        char day[DATE_TEXT_BYTES];
        char text[RECEIPT_TEXT_BYTES];
        date_format(receipt->lots[i].day, day);
        (void)snprintf(text, sizeof(text), RECEIPT_TEXT(receipt, "  用至 %s", "  use by %s"), day);
        receipt_pair_points(paper, receipt, text, receipt->lots[i].points_centi, false);
    }
}

static void receipt_foot(struct layout *paper, const struct receipt *receipt)
{
    char text[RECEIPT_TEXT_BYTES];
    layout_rule(paper, '-');
    (void)snprintf(text, sizeof(text), RECEIPT_TEXT(receipt, "第 %" PRIu64 " 号", "No. %" PRIu64),
                   receipt->entry);
    layout_pair(paper, RECEIPT_TEXT(receipt, "记账", "Entry"), text);
    layout_pair(paper, RECEIPT_TEXT(receipt, "校验码", "Proof code"), receipt->code);
    if (receipt->reversed_by != 0) {
        (void)snprintf(text, sizeof(text),
                       RECEIPT_TEXT(receipt, "已由第 %" PRIu64 " 号撤销，本单作废",
                                    "Void: undone by entry %" PRIu64),
                       receipt->reversed_by);
        layout_line(paper, text);
    }
}

void receipt_format(const struct receipt *receipt, size_t columns, char text[RECEIPT_BYTES_MAX])
{
    struct layout paper;
    LB_ASSERT(receipt->line_count <= LB_COMMAND_LINES_MAX);
    LB_ASSERT(receipt->lot_count <= RECEIPT_LOTS_MAX);
    layout_init(&paper, text, RECEIPT_BYTES_MAX, columns);
    receipt_head(&paper, receipt);
    receipt_body(&paper, receipt);
    receipt_lots(&paper, receipt);
    receipt_foot(&paper, receipt);
    layout_add(&paper, RECEIPT_TEAR_OFF);
}

/* "兑换商品 大米x3 食盐x1"; cut to its column by the caller. */
static void receipt_content(const struct receipt *receipt, struct layout *out)
{
    layout_add(out, receipt->act);
    if (receipt->is_reprint) {
        layout_add(out, RECEIPT_TEXT(receipt, "(补打)", "(reprint)"));
    }
    if (receipt->what[0] != '\0') {
        layout_add(out, " ");
        layout_add(out, receipt->what);
    }
    for (size_t i = 0; i < receipt->line_count; i++) {
        char count[AMOUNT_TEXT_BYTES];
        (void)snprintf(count, sizeof(count), "x%" PRId64, receipt->lines[i].quantity);
        layout_add(out, " ");
        layout_add(out, receipt->lines[i].name);
        layout_add(out, count);
    }
}

/* Whole when it fits; else its beginning and a mark that there was more. */
static void receipt_content_cell(const struct receipt *receipt, struct layout *line, size_t columns)
{
    char text[RECEIPT_TEXT_BYTES];
    struct layout content;
    layout_init(&content, text, sizeof(text), columns);
    receipt_content(receipt, &content);
    const size_t fit = layout_fit(text, columns);
    if (text[fit] != '\0') {
        text[layout_fit(text, columns - 2)] = '\0';
        content.size = strlen(text);
        layout_add(&content, RECEIPT_TEXT(receipt, "等", ".."));
    }
    layout_cell(line, text, columns);
}

/* The amounts and numbers of a passbook line, one space between them. */
static void receipt_passbook_numbers(const struct receipt *receipt, char out[RECEIPT_TEXT_BYTES])
{
    char hours[AMOUNT_TEXT_BYTES] = "-";
    char points[AMOUNT_TEXT_BYTES];
    char balance[AMOUNT_TEXT_BYTES];
    if (receipt->minutes != 0) {
        (void)snprintf(hours, sizeof(hours), "%s%" PRId64 ":%02" PRId64,
                       receipt->minutes < 0 ? "-" : "",
                       receipt->minutes < 0 ? -receipt->minutes / 60 : receipt->minutes / 60,
                       receipt->minutes < 0 ? -receipt->minutes % 60 : receipt->minutes % 60);
    }
    amount_format_points_signed(receipt->points_centi, points);
    amount_format_points(receipt->balance_centi, balance);
    (void)snprintf(out, RECEIPT_TEXT_BYTES, "%5s %7s %7s %6" PRIu64 " %s", hours, points, balance,
                   receipt->entry, receipt->code);
}

void receipt_format_passbook(const struct receipt *receipt, char text[RECEIPT_BYTES_MAX])
{
    char numbers[RECEIPT_TEXT_BYTES];
    struct layout line;
    layout_init(&line, text, RECEIPT_BYTES_MAX, RECEIPT_PASSBOOK_COLUMNS);
    receipt_passbook_numbers(receipt, numbers);
    layout_add(&line, receipt->day);
    layout_add(&line, " ");
    /* Large numbers take their room from the content: no number is ever cut. */
    const size_t taken = line.size + 1 + strlen(numbers);
    receipt_content_cell(receipt, &line,
                         taken + 2 <= RECEIPT_PASSBOOK_COLUMNS ? RECEIPT_PASSBOOK_COLUMNS - taken
                                                               : 2);
    layout_add(&line, " ");
    layout_add(&line, numbers);
    layout_add(&line, "\n");
}
