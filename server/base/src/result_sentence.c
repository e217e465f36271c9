/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fills the places of a result's text. Pure; safe from any thread.
 */
#include "base/result_sentence.h"

#include "base/amount.h"
#include "base/assert.h"
#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct sentence {
    char *out;
    size_t cap;
    size_t size;
};

static void sentence_add(struct sentence *sentence, const char *text, size_t size)
{
    size_t room = sentence->cap - 1 - sentence->size;
    if (size > room) {
        size = room;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--; /* not in the middle of a character */
        }
        sentence->cap = sentence->size + size + 1; /* what follows must not close the gap */
    }
    memcpy(sentence->out + sentence->size, text, size);
    sentence->size += size;
    sentence->out[sentence->size] = '\0';
}

static void sentence_add_day(struct sentence *sentence, int64_t day)
{
    char text[DATE_TEXT_BYTES] = "?";
    if (day >= DATE_DAY_MIN && day <= DATE_DAY_MAX) {
        date_format((int32_t)day, text);
    }
    sentence_add(sentence, text, strlen(text));
}

static void sentence_add_number(struct sentence *sentence, char kind, int64_t number)
{
    char text[AMOUNT_TEXT_BYTES];
    switch (kind) {
    case 'd':
        sentence_add_day(sentence, number);
        return;
    case 'p':
        amount_format_points(number, text);
        break;
    case 't':
        amount_format_clock(number, text);
        break;
    case 'c':
        (void)snprintf(text, sizeof(text), "%010" PRId64, number);
        break;
    case 'm':
        (void)snprintf(text, sizeof(text), "%08" PRId64, number);
        break;
    default:
        (void)snprintf(text, sizeof(text), "%" PRId64, number);
        break;
    }
    sentence_add(sentence, text, strlen(text));
}

/* After the bracket that closes the part left out: one whose first number is 0. */
static const char *sentence_skip_part(const char *part, const int64_t numbers[static 3])
{
    const char *number = strchr(part, '{');
    const char *end = strchr(part, ']');
    bool is_left_out = number != NULL && end != NULL && number < end && number[1] >= 'a' &&
                       number[1] <= 'c' && numbers[number[1] - 'a'] == 0;
    return is_left_out ? end + 1 : part;
}

bool result_sentence_format(char *out, size_t cap, bool is_chinese, int result,
                            const int64_t numbers[static 3], const char *thing)
{
    LB_ASSERT(cap > 0);
    struct sentence sentence = {.out = out, .cap = cap};
    const char *text = lb_result_text(result, is_chinese);
    const char *kinds = lb_result_number_kinds(result);
    const char *word = thing[0] != '\0' ? thing : is_chinese ? "某一项" : "a field";
    out[0] = '\0';
    if (text == NULL) {
        return false;
    }
    while (*text != '\0') {
        size_t plain = strcspn(text, "{[]");
        sentence_add(&sentence, text, plain);
        text += plain;
        if (*text == '[') {
            text = sentence_skip_part(text + 1, numbers);
        } else if (*text == ']') {
            text++;
        } else if (*text == '{' && text[1] >= 'a' && text[1] <= 'c') {
            sentence_add_number(&sentence, kinds[text[1] - 'a'], numbers[text[1] - 'a']);
            text += strlen("{a}");
        } else if (*text == '{') {
            sentence_add(&sentence, word, strlen(word));
            text += strlen("{s}");
        }
    }
    return true;
}
