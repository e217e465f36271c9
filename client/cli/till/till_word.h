/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a line at the till means: a card, a barcode, a number, a quantity, a command, a word. By its
 * form alone; no catalogue is asked. Pure; safe from any thread.
 */
#ifndef CLI_TILL_WORD_H
#define CLI_TILL_WORD_H

#include "till.h"

enum till_word_kind {
    TILL_WORD_EMPTY,
    TILL_WORD_CARD,     /* 10 digits with a right check digit */
    TILL_WORD_BAD_CARD, /* 10 digits with a wrong one */
    TILL_WORD_BARCODE,  /* 8, 12, 13 or 14 digits */
    TILL_WORD_NUMBER,   /* 1 to 6 digits: an item number, never a quantity */
    TILL_WORD_BAD_SCAN, /* digits, but of a length that nothing has */
    TILL_WORD_MINUS,
    TILL_WORD_LETTER, /* one letter: a command */
    TILL_WORD_TEXT,
};

struct till_word {
    enum till_word_kind kind;
    int64_t quantity; /* "3*" in front of it; 0: none. What is no quantity makes a TEXT */
    uint64_t number;  /* of digits */
    char letter;      /* lower case */
    char text[TILL_INPUT_BYTES];
};

/*
 * Reads a line as it was typed or scanned: full-width forms, spaces, control characters and a
 * scanner's symbology prefix ("]E0") are cleaned away first. The arena is only used meanwhile.
 */
void till_word_read(struct arena *scratch, const char *line, struct till_word *word);
/* It can be a reason: it has letters or characters of any script, and is no scan and no command. */
bool till_word_is_reason(const struct till_word *word);

#endif
