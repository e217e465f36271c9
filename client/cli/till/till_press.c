/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's keys: typing a line, leaving, moving in the day's list. Pure; one thread.
 */
#include "till.h"

#include <string.h>

static const struct till_request till_nothing = {.want = TILL_NOTHING};

/* Esc leaves what is open, one step at a time; a basket goes only with the second. */
static void till_escape(struct till *till)
{
    if (till->input[0] != '\0' || till->mode == TILL_UNSETTLED) {
        till->input[0] = '\0';
        return;
    }
    if (till->mode != TILL_SELL) {
        till->mode = TILL_SELL;
        till_tell(till, TILL_QUIET, "%s", "");
        return;
    }
    till->quantity = 0;
    if (till_is_open(till) && till->sure != TILL_SURE_TO_CLEAR) {
        till->sure = TILL_SURE_TO_CLEAR;
        till_tell(till, TILL_BAD, "%s",
                  TILL_TEXT(till, "再按一次 Esc 清空。", "Esc once more clears it all."));
        return;
    }
    till->basket = (struct till_basket){0};
    till->is_booked = false;
    till->sure = TILL_UNSURE;
    till->is_stopped = false;
    till_tell(till, TILL_QUIET, "%s", TILL_TEXT(till, "请扫积分卡。", "Scan a card."));
}

static void till_backspace(struct till *till)
{
    size_t size = strlen(till->input);
    while (size > 0 && ((unsigned char)till->input[--size] & 0xc0) == 0x80) {
    }
    till->input[size] = '\0';
}

/* Keys of the list, as long as nothing is typed. false: it is none of them. */
static bool till_day_key(struct till *till, const struct till_key *key,
                         struct till_request *request)
{
    const size_t last = till->day.row_count == 0 ? 0 : till->day.row_count - 1;
    size_t *at = &till->day_at;
    switch (key->kind) {
    case TILL_KEY_UP:
        *at -= *at > 0 ? 1 : 0;
        return true;
    case TILL_KEY_DOWN:
        *at += *at < last ? 1 : 0;
        return true;
    case TILL_KEY_PAGE_UP:
        *at -= *at < TILL_DAY_PAGE_ROWS ? *at : TILL_DAY_PAGE_ROWS;
        return true;
    case TILL_KEY_PAGE_DOWN:
        *at = last - *at < TILL_DAY_PAGE_ROWS ? last : *at + TILL_DAY_PAGE_ROWS;
        return true;
    case TILL_KEY_CHARACTER:
        break;
    case TILL_KEY_ENTER:
    case TILL_KEY_ESCAPE:
    case TILL_KEY_BACKSPACE:
        return false;
    }
    if (till->input[0] != '\0' || till->day.row_count == 0) {
        return false;
    }
    const char letter = (char)(key->text[0] | 0x20); /* capitals, too */
    if (letter == 'p') {
        *request = till_reprint(till, till->day.rows[*at].entry);
        return true;
    }
    if (letter == 'u') {
        const struct till_answer answer = {
            .to = TILL_WANT_LAST, .is_done = true, .row = &till->day.rows[*at]};
        till->is_for_reprint = false;
        *request = till_take(till, &answer);
        return true;
    }
    return false;
}

static void till_type(struct till *till, const char *text)
{
    const size_t size = strlen(till->input);
    if (size + strlen(text) < sizeof(till->input)) {
        memcpy(till->input + size, text, strlen(text) + 1);
    }
}

struct till_request till_press(struct till *till, const struct till_key *key)
{
    struct till_request request = till_nothing;
    char line[TILL_INPUT_BYTES];
    if (till->mode == TILL_DAY && till_day_key(till, key, &request)) {
        return request;
    }
    if (key->kind != TILL_KEY_ESCAPE && till->sure == TILL_SURE_TO_CLEAR) {
        till->sure = TILL_UNSURE;
    }
    switch (key->kind) {
    case TILL_KEY_CHARACTER:
        till_type(till, key->text);
        break;
    case TILL_KEY_ENTER:
        memcpy(line, till->input, sizeof(line));
        till->input[0] = '\0';
        till->has_reloaded = false;
        return till_line(till, line);
    case TILL_KEY_ESCAPE:
        till_escape(till);
        break;
    case TILL_KEY_BACKSPACE:
        till_backspace(till);
        break;
    case TILL_KEY_UP:
    case TILL_KEY_DOWN:
    case TILL_KEY_PAGE_UP:
    case TILL_KEY_PAGE_DOWN:
        break;
    }
    return request;
}
