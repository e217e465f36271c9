/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's lines: one function for each mode. Keys are in till_press.c, what the server answers
 * in till_answer.c. Pure; one thread.
 */
#include "till.h"

#include "layout.h"
#include "till_basket.h"
#include "till_word.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TILL_CUT_COLUMNS 30
#define TILL_CUT_BYTES   (4 * TILL_CUT_COLUMNS + 4)

static const struct till_request till_nothing = {.want = TILL_NOTHING};

void till_init(struct till *till)
{
    till->mode = TILL_SELL;
    till_tell(till, TILL_QUIET, "%s", TILL_TEXT(till, "请扫积分卡。", "Scan a card."));
}

void till_tell(struct till *till, enum till_tone tone, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(till->message, sizeof(till->message), format, arguments);
    va_end(arguments);
    till->tone = tone;
    till->rings = till->rings || tone == TILL_BAD;
}

bool till_is_open(const struct till *till)
{
    return !till->is_booked && (till->basket.member.card != 0 || till->basket.scan_count > 0);
}

void till_stop(struct till *till)
{
    if (till->basket.scan_count == 0 || till->is_booked) {
        till->basket = (struct till_basket){0};
        till->is_booked = false;
    } else {
        till->is_stopped = till->basket.member.card != 0;
    }
}

static void till_begin_basket(struct till *till)
{
    if (till->is_booked) {
        till->basket = (struct till_basket){0};
        till->is_booked = false;
    }
}

/* What was typed may be a page that was pasted: its beginning is enough to know it by. */
static const char *till_cut(const char *text, char shown[TILL_CUT_BYTES])
{
    const size_t fit = layout_fit(text, TILL_CUT_COLUMNS);
    (void)snprintf(shown, TILL_CUT_BYTES, "%.*s%s", (int)fit, text, text[fit] == '\0' ? "" : "…");
    return shown;
}

/* --- selling ---------------------------------------------------------------------------------- */

static void till_tell_stopped(struct till *till)
{
    till_tell(till, TILL_BAD,
              TILL_TEXT(till, "%s还没有记账。请先回车记账，或 h 挂单，或按两次 Esc 清空。",
                        "%s is not entered yet: Enter books it, h holds it, Esc twice clears it."),
              till->basket.member.name);
}

static struct till_request till_on_card(struct till *till, uint64_t card)
{
    till_begin_basket(till);
    if (till->basket.member.card != 0 && till->basket.member.card != card &&
        till->basket.scan_count > 0) {
        till_stop(till);
        till_tell_stopped(till);
        return till_nothing;
    }
    till->is_stopped = false;
    return (struct till_request){.want = TILL_WANT_MEMBER, .card = card};
}

static struct till_request till_add(struct till *till, const struct till_goods *goods)
{
    const struct till_scan scan = {goods->item, till->quantity == 0 ? 1 : till->quantity};
    till->mode = TILL_SELL;
    if (goods->is_service) {
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till, "“%s”是服务，不在柜台兑换；预约请用 lovebank service ask。",
                            "%s is a service: ask for it with lovebank service ask."),
                  goods->name);
        return till_nothing;
    }
    till_begin_basket(till);
    if (!till_basket_add(&till->basket, &scan)) {
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "一单放不下更多商品。请先回车记账，再扫其余的。",
                            "No more goods fit in one redemption: press Enter, then go on."));
        return till_nothing;
    }
    till->quantity = 0;
    till_tell(till, TILL_QUIET, "%s",
              till->basket.member.card == 0 ? TILL_TEXT(till, "请扫积分卡。", "Scan a card.") : "");
    return till_nothing;
}

/* The server may know it by now: the catalogue is asked for once, then the line is read again. */
static struct till_request till_on_unknown(struct till *till, const char *line)
{
    if (!till->has_reloaded) {
        (void)snprintf(till->input_again, sizeof(till->input_again), "%s", line);
        return (struct till_request){.want = TILL_WANT_CATALOGUE};
    }
    char shown[TILL_CUT_BYTES];
    till->has_reloaded = false;
    till_tell(till, TILL_BAD,
              TILL_TEXT(till, "没有商品“%s”。请核对，或写品名、拼音首字母；数量请写成 3*。",
                        "There are no goods \"%s\": check it, or write a name or pinyin initials; "
                        "a quantity is written 3*."),
              till_cut(line, shown));
    return till_nothing;
}

static struct till_request till_on_name(struct till *till, const char *text, const char *line)
{
    const size_t found = till_find_name(till, text);
    if (found == 0) {
        return till_on_unknown(till, line);
    }
    if (found == 1) {
        const struct till_goods *goods = till_find_item(till, till->picks[0]);
        LB_ASSERT(goods != NULL); /* found in the same catalogue */
        return till_add(till, goods);
    }
    till->mode = TILL_PICK;
    till_tell(till, found > TILL_PICKS_MAX ? TILL_BAD : TILL_QUIET,
              TILL_TEXT(till, "有 %zu 种，请按序号选，或写得更全。",
                        "There are %zu: choose one by its number, or write more of the name."),
              found);
    return till_nothing;
}

static struct till_request till_on_goods(struct till *till, const struct till_word *word,
                                         const char *line)
{
    const struct till_goods *goods = NULL;
    if (till->is_stopped) {
        till_tell_stopped(till);
        return till_nothing;
    }
    if (word->quantity != 0) {
        till->quantity = word->quantity;
    }
    if (word->kind == TILL_WORD_TEXT) {
        return till_on_name(till, word->text, line);
    }
    goods = word->kind == TILL_WORD_BARCODE ? till_find_barcode(till, word->number)
                                            : till_find_item(till, (uint32_t)word->number);
    return goods == NULL ? till_on_unknown(till, line) : till_add(till, goods);
}

static struct till_request till_on_minus(struct till *till)
{
    if (till->is_booked || till->basket.scan_count == 0) {
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "没有可删的。", "There is nothing to remove."));
        return till_nothing;
    }
    till->basket.scan_count--;
    till_tell(till, TILL_QUIET, "%s", TILL_TEXT(till, "已删去一行。", "Removed."));
    return till_nothing;
}

static struct till_request till_book(struct till *till)
{
    const char *missing = NULL;
    if (till->is_booked) {
        missing = TILL_TEXT(till, "这一单已经记账。请扫下一张卡。",
                            "This one is entered. Scan the next card.");
    } else if (till->basket.member.card == 0) {
        missing = TILL_TEXT(till, "请先扫积分卡。", "Scan the card first.");
    } else if (till->basket.scan_count == 0) {
        missing = TILL_TEXT(till, "请先扫商品。", "Scan the goods first.");
    }
    if (missing != NULL) {
        till_tell(till, TILL_BAD, "%s", missing);
        return till_nothing;
    }
    return (struct till_request){.want = TILL_WANT_BOOK};
}

/* --- commands --------------------------------------------------------------------------------- */

static struct till_request till_hold(struct till *till)
{
    if (!till_is_open(till) || till->held_count == TILL_HELD_MAX) {
        till_tell(till, TILL_BAD, "%s",
                  till->held_count == TILL_HELD_MAX
                      ? TILL_TEXT(till, "挂单已满 9 张，请先取一张。",
                                  "Nine are held already: recall one first.")
                      : TILL_TEXT(till, "没有可挂的单。", "There is nothing to hold."));
        return till_nothing;
    }
    till->held[till->held_count++] = till->basket;
    till->is_stopped = false;
    till->quantity = 0;
    till->basket = (struct till_basket){0};
    till_tell(till, TILL_GOOD, TILL_TEXT(till, "已挂单，共 %zu 张。", "Held; %zu in all."),
              till->held_count);
    return till_nothing;
}

/* The balance may have changed meanwhile: it is asked for again. */
static struct till_request till_recall_at(struct till *till, size_t at)
{
    till->basket = till->held[at];
    till->is_booked = false;
    till->mode = TILL_SELL;
    till->held_count--;
    memmove(&till->held[at], &till->held[at + 1], (till->held_count - at) * sizeof(till->held[0]));
    till_tell(till, TILL_QUIET, "%s", "");
    return till->basket.member.card == 0
               ? till_nothing
               : (struct till_request){TILL_WANT_MEMBER, till->basket.member.card, 0, false};
}

static struct till_request till_recall(struct till *till)
{
    if (till_is_open(till)) {
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "手上还有一单。请先回车记账，或 h 挂单。",
                            "There is one at hand: book it with Enter, or hold it with h."));
    } else if (till->held_count == 0) {
        till_tell(till, TILL_BAD, "%s", TILL_TEXT(till, "没有挂单。", "Nothing is held."));
    } else if (till->held_count == 1) {
        return till_recall_at(till, 0);
    } else {
        till->mode = TILL_RECALL;
        till_tell(till, TILL_QUIET, "%s",
                  TILL_TEXT(till, "取哪一张？请输入序号。", "Which one? Give its number."));
    }
    return till_nothing;
}

static struct till_request till_quit(struct till *till)
{
    if ((till_is_open(till) || till->held_count > 0) && till->sure != TILL_SURE_TO_QUIT) {
        till->sure = TILL_SURE_TO_QUIT;
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "还有没记账的单，退出就没有了。再按 q 回车退出。",
                            "What is not entered will be lost. q once more quits."));
        return till_nothing;
    }
    return (struct till_request){.want = TILL_WANT_QUIT};
}

struct till_request till_reprint(struct till *till, uint64_t entry)
{
    if (!till->has_printer) {
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "没有打印机：启动时请加 --printer。",
                            "There is no printer: start the till with --printer."));
        return till_nothing;
    }
    if (entry == 0) {
        till->is_for_reprint = true;
        return (struct till_request){.want = TILL_WANT_LAST};
    }
    return (struct till_request){.want = TILL_WANT_PRINT, .entry = entry};
}

static struct till_request till_on_letter(struct till *till, char letter)
{
    switch (letter) {
    case 'u':
        till->is_for_reprint = false;
        return (struct till_request){.want = TILL_WANT_LAST};
    case 'h':
        return till_hold(till);
    case 'r':
        return till_recall(till);
    case 'l':
        return (struct till_request){.want = TILL_WANT_DAY};
    case 'p':
        return till_reprint(till, till->last_entry);
    case 'q':
        return till_quit(till);
    default:
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till, "没有命令 %c。按首字母找商品请写两个以上。",
                            "There is no command %c; initials of goods are two letters or more."),
                  letter);
        return till_nothing;
    }
}

/* --- lines ------------------------------------------------------------------------------------ */

static struct till_request till_sell(struct till *till, const struct till_word *word,
                                     const char *line)
{
    char shown[TILL_CUT_BYTES];
    switch (word->kind) {
    case TILL_WORD_EMPTY:
        if (word->quantity == 0) {
            till->is_stopped = false;
            return till_book(till);
        }
        till->quantity = word->quantity;
        till_tell(till, TILL_QUIET, "%s", "");
        return till_nothing;
    case TILL_WORD_CARD:
        return till_on_card(till, word->number);
    case TILL_WORD_BAD_CARD:
        till_stop(till);
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till, "卡号 %010" PRIu64 " 的校验位不对。请再扫一次。",
                            "The check digit of card %010" PRIu64 " is wrong. Scan it again."),
                  word->number);
        return till_nothing;
    case TILL_WORD_BARCODE:
    case TILL_WORD_NUMBER:
    case TILL_WORD_TEXT:
        return till_on_goods(till, word, line);
    case TILL_WORD_BAD_SCAN:
        till_tell(till, TILL_BAD,
                  TILL_TEXT(till, "“%s”既不是卡号也不是条码。请再扫一次。",
                            "%s is neither a card nor a barcode. Scan it again."),
                  till_cut(word->text, shown));
        return till_nothing;
    case TILL_WORD_MINUS:
        return till_on_minus(till);
    case TILL_WORD_LETTER:
        return till_on_letter(till, word->letter);
    }
    return till_nothing;
}

static bool till_is_scan(const struct till_word *word)
{
    return word->kind == TILL_WORD_CARD || word->kind == TILL_WORD_BAD_CARD ||
           word->kind == TILL_WORD_BARCODE || word->kind == TILL_WORD_BAD_SCAN;
}

/* A number from a list on the screen. A scan leaves the list. */
static struct till_request till_choose(struct till *till, const struct till_word *word,
                                       const char *line)
{
    const size_t count = till->mode == TILL_PICK ? till->pick_count : till->held_count;
    if (word->kind == TILL_WORD_NUMBER && word->number <= count) {
        if (till->mode == TILL_RECALL) {
            return till_recall_at(till, (size_t)word->number - 1);
        }
        const struct till_goods *goods = till_find_item(till, till->picks[word->number - 1]);
        till->quantity = word->quantity != 0 ? word->quantity : till->quantity;
        LB_ASSERT(goods != NULL); /* the catalogue does not change while it is chosen from */
        return till_add(till, goods);
    }
    if (till_is_scan(word) || (word->kind == TILL_WORD_TEXT && till->mode == TILL_PICK)) {
        till->mode = TILL_SELL;
        return till_sell(till, word, line);
    }
    till_tell(till, TILL_BAD,
              TILL_TEXT(till, "请按 1 到 %zu 选；Esc 返回。",
                        "Give a number from 1 to %zu; Esc "
                        "goes back."),
              count);
    return till_nothing;
}

static struct till_request till_on_reason(struct till *till, const struct till_word *word,
                                          const char *line)
{
    if (!till_word_is_reason(word)) {
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "请用文字写明撤销的原因；Esc 不撤销。",
                            "Say in words why it is undone; Esc leaves it."));
        return till_nothing;
    }
    (void)snprintf(till->reason, sizeof(till->reason), "%s", line);
    return (struct till_request){.want = TILL_WANT_UNDO, .entry = till->undo.entry};
}

static struct till_request till_on_unsettled(struct till *till, const struct till_word *word,
                                             const char *line)
{
    if (word->kind == TILL_WORD_EMPTY) {
        return (struct till_request){.want = TILL_WANT_SETTLE};
    }
    if (word->kind == TILL_WORD_LETTER && word->letter == 'q') {
        return (struct till_request){.want = TILL_WANT_QUIT}; /* it is on disk */
    }
    till->rings = true;
    if (till->queue_count < TILL_QUEUE_MAX) {
        (void)snprintf(till->queue[till->queue_count++], TILL_INPUT_BYTES, "%s", line);
    } else {
        till_tell(
            till, TILL_BAD, "%s",
            TILL_TEXT(till,
                      "前一笔还没有答复，后面排的已经满了，这一行没有收下。请按回车再问一次。",
                      "The one before has no answer, and too much waits: this line is not "
                      "taken. Enter asks again."));
    }
    return till_nothing;
}

struct till_request till_line(struct till *till, const char *line)
{
    struct till_word word;
    till_word_read(till->scratch, line, &word);
    if (word.kind != TILL_WORD_LETTER || word.letter != 'q') {
        till->sure = TILL_UNSURE;
    }
    switch (till->mode) {
    case TILL_SELL:
        return till_sell(till, &word, line);
    case TILL_PICK:
    case TILL_RECALL:
        return till_choose(till, &word, line);
    case TILL_REASON:
        return till_on_reason(till, &word, line);
    case TILL_DAY:
        till->mode = TILL_SELL;
        return word.kind == TILL_WORD_EMPTY ? till_nothing : till_sell(till, &word, line);
    case TILL_UNSETTLED:
        return till_on_unsettled(till, &word, line);
    }
    return till_nothing;
}

struct till_request till_next(struct till *till)
{
    char line[TILL_INPUT_BYTES];
    if (till->mode == TILL_UNSETTLED || till->queue_count == 0) {
        return till_nothing;
    }
    memcpy(line, till->queue[0], sizeof(line));
    till->queue_count--;
    memmove(till->queue[0], till->queue[1], till->queue_count * sizeof(till->queue[0]));
    return till_line(till, line);
}
