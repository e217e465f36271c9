/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The forms of lines. Pure; safe from any thread.
 */
#include "till_word.h"

#include "base/utf8.h"
#include "lovebank/card.h"
#include "text/text.h"

#include <stdio.h>
#include <string.h>

#define TILL_DIGITS         "0123456789"
#define TILL_PREFIX_BYTES   3  /* "]E0" */
#define TILL_DIGITS_ANY_MAX 18 /* fits in 64 bits */

static bool till_word_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Without what a scanner sends around its digits, and in half-width forms. */
static void till_word_clean(struct arena *scratch, const char *line, char out[TILL_INPUT_BYTES])
{
    struct bytes clean = bytes_of_text(line);
    unsigned changes = 0;
    arena_reset(scratch);
    if (!text_clean(scratch, clean, &clean, &changes)) {
        clean = bytes_of_text(line);
    }
    if (clean.size > TILL_PREFIX_BYTES && clean.data[0] == ']' &&
        till_word_is_alpha((char)clean.data[1])) {
        clean = bytes_of(clean.data + TILL_PREFIX_BYTES, clean.size - TILL_PREFIX_BYTES);
    }
    (void)snprintf(out, TILL_INPUT_BYTES, "%.*s", (int)clean.size, (const char *)clean.data);
}

/* Takes "3*" off the front; 0: there is none. */
static int64_t till_word_take_quantity(const char **text)
{
    static const char *const marks[] = {"*", "x", "X", "×"};
    const size_t digits = strspn(*text, TILL_DIGITS);
    int64_t quantity = 0;
    if (digits == 0 || digits > 3) {
        return 0;
    }
    for (size_t i = 0; i < digits; i++) {
        quantity = quantity * 10 + ((*text)[i] - '0');
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strncmp(*text + digits, marks[i], strlen(marks[i])) == 0 && quantity > 0) {
            *text += digits + strlen(marks[i]);
            *text += strspn(*text, " ");
            return quantity;
        }
    }
    return 0;
}

static void till_word_read_digits(struct till_word *word, const char *text, size_t digits)
{
    word->number = 0;
    for (size_t i = 0; i < digits && digits <= TILL_DIGITS_ANY_MAX; i++) {
        word->number = word->number * 10 + (uint64_t)(text[i] - '0');
    }
    if (digits == 10) {
        word->kind = lb_card_is_valid(word->number) ? TILL_WORD_CARD : TILL_WORD_BAD_CARD;
    } else if (digits == 8 || (digits >= 12 && digits <= 14)) {
        word->kind = TILL_WORD_BARCODE;
    } else if (digits <= 6 && word->number > 0) {
        word->kind = TILL_WORD_NUMBER;
    } else {
        word->kind = TILL_WORD_BAD_SCAN;
    }
}

void till_word_read(struct arena *scratch, const char *line, struct till_word *word)
{
    char clean[TILL_INPUT_BYTES];
    const char *text = clean;
    *word = (struct till_word){.kind = TILL_WORD_TEXT};
    till_word_clean(scratch, line, clean);
    word->quantity = till_word_take_quantity(&text);
    (void)snprintf(word->text, sizeof(word->text), "%s", text);
    const size_t digits = strspn(text, TILL_DIGITS);
    if (text[0] == '\0') {
        word->kind = TILL_WORD_EMPTY;
    } else if (text[digits] == '\0') {
        till_word_read_digits(word, text, digits);
    } else if (strcmp(text, "-") == 0) {
        word->kind = TILL_WORD_MINUS;
    } else if (till_word_is_alpha(text[0]) && text[1] == '\0') {
        word->kind = TILL_WORD_LETTER;
        word->letter = (char)(text[0] | 0x20);
    }
}

bool till_word_is_reason(const struct till_word *word)
{
    struct bytes left = bytes_of_text(word->text);
    uint32_t code_point;
    while (word->kind == TILL_WORD_TEXT && utf8_next(&left, &code_point)) {
        if (code_point >= 0x2e80 || (code_point < 0x80 && till_word_is_alpha((char)code_point))) {
            return true;
        }
    }
    return false;
}
