/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the till does with an answer. Pure; one thread.
 */
#include "till.h"

#include "amounts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct till_request till_nothing = {.want = TILL_NOTHING};

static void till_refused(struct till *till, const struct till_answer *answer)
{
    till_tell(till, TILL_BAD, TILL_TEXT(till, "%s。", "%s."), answer->sentence);
}

/* The command stays as it is, under its id; the scans that come wait. */
static void till_unsettled(struct till *till, const struct till_answer *answer)
{
    till->mode = TILL_UNSETTLED;
    till_tell(till, TILL_BAD,
              TILL_TEXT(till,
                        "没有收到答复，不知道记上没有（%s）。按回车再问一次：同一笔不会记两次。",
                        "No answer: it may or may not be entered (%s). Enter asks again; it is "
                        "never entered twice."),
              answer->sentence);
}

/* Nothing is left to do here, and nothing may be handed out: the basket goes, so that Enter does
 * not ask for the same once more. */
static void till_waits(struct till *till, const struct till_answer *answer, bool is_reversal)
{
    till->mode = TILL_SELL;
    if (!is_reversal) {
        till->basket = (struct till_basket){0};
        till->is_booked = false;
        till->quantity = 0;
    }
    till_tell(till, TILL_BAD,
              TILL_TEXT(till, "没有记账，东西先不要给：%s（第 %" PRIu64 " 号事项）。",
                        "Not entered, hand nothing out: %s (proposal %" PRIu64 ")."),
              answer->sentence, answer->entry);
}

static struct till_request till_booked(struct till *till, const struct till_answer *answer)
{
    char total[AMOUNT_TEXT_BYTES];
    char left[AMOUNT_TEXT_BYTES];
    amount_format_points(answer->total_centi, total);
    till->mode = TILL_SELL;
    till->quantity = 0;
    till->is_booked = true;
    till->last_entry = answer->entry;
    if (answer->member != NULL && answer->member->member != till->basket.member.member) {
        till->basket = (struct till_basket){.member = *answer->member}; /* of an earlier run */
    }
    till->basket.member.points_centi = answer->balance_centi - till->basket.member.expired_centi;
    till->basket.member.lot_centi = 0; /* no longer known */
    amount_format_points(till->basket.member.points_centi, left);
    till_tell(till, TILL_GOOD,
              TILL_TEXT(till, "已记账：第 %" PRIu64 " 号，用去 %s 分，余 %s 分。",
                        "Entered as %" PRIu64 ": %s points taken, %s left."),
              answer->entry, total, left);
    return till->has_printer ? (struct till_request){.want = TILL_WANT_PRINT,
                                                     .entry = answer->entry,
                                                     .is_original = true}
                             : till_nothing;
}

static struct till_request till_undone(struct till *till, const struct till_answer *answer)
{
    const struct till_member *member = answer->member; /* NULL: it was about nobody */
    char left[AMOUNT_TEXT_BYTES];
    till->mode = TILL_SELL;
    till->last_entry = 0;
    till_tell(till, TILL_GOOD,
              TILL_TEXT(till, "已撤销（第 %" PRIu64 " 号）。", "Undone (entry %" PRIu64 ")."),
              answer->entry);
    if (member == NULL) {
        return till_nothing; /* nor is there a receipt */
    }
    /* A basket that is open keeps its member, who may be the same one. */
    if (till->basket.scan_count == 0 || till->is_booked) {
        till->basket = (struct till_basket){.member = *member};
        till->is_booked = true;
    } else if (till->basket.member.member == member->member) {
        till->basket.member.points_centi = member->points_centi;
        till->basket.member.expired_centi = member->expired_centi;
    }
    amount_format_points(member->points_centi, left);
    till_tell(till, TILL_GOOD,
              TILL_TEXT(till, "已撤销（第 %" PRIu64 " 号）。%s 现有 %s 分。",
                        "Undone (entry %" PRIu64 "). %s has %s points."),
              answer->entry, member->name, left);
    return till->has_printer ? (struct till_request){.want = TILL_WANT_PRINT,
                                                     .entry = answer->entry,
                                                     .is_original = true}
                             : till_nothing;
}

static struct till_request till_on_write(struct till *till, const struct till_answer *answer,
                                         bool is_reversal)
{
    if (answer->is_unsettled) {
        till_unsettled(till, answer);
        return till_nothing;
    }
    if (answer->is_waiting) {
        till_waits(till, answer, is_reversal);
        return till_nothing;
    }
    if (!answer->is_done) {
        till->mode = TILL_SELL;
        till_refused(till, answer);
        return till_nothing;
    }
    return is_reversal ? till_undone(till, answer) : till_booked(till, answer);
}

static void till_on_member(struct till *till, const struct till_answer *answer)
{
    if (!answer->is_done) {
        till_stop(till);
        till_refused(till, answer);
        return;
    }
    till->basket.member = *answer->member;
    till_tell(till, TILL_QUIET, "%s",
              till->basket.scan_count == 0 ? TILL_TEXT(till, "请扫商品。", "Scan the goods.")
                                           : TILL_TEXT(till, "回车记账。", "Enter books it."));
}

static struct till_request till_on_catalogue(struct till *till, const struct till_answer *answer)
{
    if (!answer->is_done) {
        till_refused(till, answer);
        return till_nothing;
    }
    till->catalogue = *answer->catalogue;
    till->has_reloaded = true;
    return till->input_again[0] == '\0' ? till_nothing : till_line(till, till->input_again);
}

static struct till_request till_on_last(struct till *till, const struct till_answer *answer)
{
    const struct till_row *row = answer->row;
    if (!answer->is_done) {
        till_refused(till, answer);
        return till_nothing;
    }
    if (row == NULL) {
        till_tell(till, TILL_BAD, "%s",
                  till->is_for_reprint
                      ? TILL_TEXT(till, "今天这里还没有可补打的兑换。",
                                  "There is no redemption of today to print again.")
                      : TILL_TEXT(till, "今天这里还没有可撤销的兑换。",
                                  "No redemption of today is left to undo here."));
        return till_nothing;
    }
    if (till->is_for_reprint) {
        return (struct till_request){.want = TILL_WANT_PRINT, .entry = row->entry};
    }
    if (row->reversed_by != 0 || row->target_entry != 0 || row->is_refused) {
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till,
                            "第 %" PRIu64 " 号不能撤销：它本身就是撤销，或没有记成，或已经撤销过。",
                            "Entry %" PRIu64
                            " cannot be undone: it is an undo itself, was refused, or is undone "
                            "already."),
                  row->entry);
        return till_nothing;
    }
    till->undo = *row;
    (void)snprintf(till->undo_name, sizeof(till->undo_name), "%s", row->name);
    (void)snprintf(till->undo_what, sizeof(till->undo_what), "%s", row->what);
    till->mode = TILL_REASON;
    till_tell(till, TILL_QUIET, "%s",
              TILL_TEXT(till, "撤销的原因？写完回车；Esc 不撤销。",
                        "Why is it undone? Enter when written; Esc leaves it."));
    return till_nothing;
}

static void till_on_day(struct till *till, const struct till_answer *answer)
{
    if (!answer->is_done) {
        till_refused(till, answer);
        return;
    }
    till->day = *answer->day;
    till->day_at = 0;
    till->mode = TILL_DAY;
    till_tell(till, TILL_QUIET, "%s",
              till->day.row_count > 0 ? ""
                                      : TILL_TEXT(till, "今天还没有记账。", "Nothing today yet."));
}

/* A receipt that does not come out changes nothing on the books. */
static void till_on_print(struct till *till, const struct till_answer *answer)
{
    if (!answer->is_done) {
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till, "账已记好，收据没有打出（%s）。按 p 补打。",
                            "It is entered, but the receipt did not print (%s). p prints it."),
                  answer->sentence);
    }
}

struct till_request till_take(struct till *till, const struct till_answer *answer)
{
    switch (answer->to) {
    case TILL_WANT_CATALOGUE:
        return till_on_catalogue(till, answer);
    case TILL_WANT_MEMBER:
        till_on_member(till, answer);
        break;
    case TILL_WANT_BOOK:
    case TILL_WANT_UNDO:
        return till_on_write(till, answer, answer->to == TILL_WANT_UNDO);
    case TILL_WANT_SETTLE:
        return till_on_write(till, answer, answer->is_reversal);
    case TILL_WANT_LAST:
        return till_on_last(till, answer);
    case TILL_WANT_DAY:
        till_on_day(till, answer);
        break;
    case TILL_WANT_PRINT:
        till_on_print(till, answer);
        break;
    case TILL_NOTHING:
    case TILL_WANT_QUIT:
        break;
    }
    return till_nothing;
}
