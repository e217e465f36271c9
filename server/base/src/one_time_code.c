/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Codes as 26 letters of five bits each, the first bits first; the last letter ends in two bits
 * that are 0. Pure.
 */
#include "base/one_time_code.h"

#include <string.h>

#define LETTERS     26 /* 128 bits and two more */
#define GROUP       4
#define LETTER_BITS 5

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void one_time_code_format(const uint8_t code[ONE_TIME_CODE_BYTES],
                          char text[ONE_TIME_CODE_TEXT_BYTES])
{
    unsigned bits = 0;
    unsigned bit_count = 0;
    size_t taken = 0;
    size_t size = 0;
    for (unsigned i = 0; i < LETTERS; i++) {
        if (bit_count < LETTER_BITS) {
            bits = bits << 8 | (taken < ONE_TIME_CODE_BYTES ? code[taken] : 0U);
            taken++;
            bit_count += 8;
        }
        if (i > 0 && i % GROUP == 0) {
            text[size++] = '-';
        }
        bit_count -= LETTER_BITS;
        text[size++] = alphabet[bits >> bit_count & 31];
        bits &= (1U << bit_count) - 1;
    }
    text[size] = '\0';
}

/* -1: not a letter of a code. */
static int letter_value(uint8_t letter)
{
    if (letter >= 'a' && letter <= 'z') {
        letter = (uint8_t)(letter - 'a' + 'A');
    }
    if (letter == 'O') {
        letter = '0';
    } else if (letter == 'I' || letter == 'L') {
        letter = '1';
    }
    const char *found = letter == '\0' ? NULL : strchr(alphabet, letter);
    return found == NULL ? -1 : (int)(found - alphabet);
}

bool one_time_code_parse(struct bytes text, uint8_t code[ONE_TIME_CODE_BYTES])
{
    unsigned bits = 0;
    unsigned bit_count = 0;
    unsigned letters = 0;
    size_t given = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '-' || text.data[i] == ' ') {
            continue;
        }
        const int value = letter_value(text.data[i]);
        if (value < 0 || letters == LETTERS) {
            return false;
        }
        letters++;
        bits = bits << LETTER_BITS | (unsigned)value;
        bit_count += LETTER_BITS;
        if (bit_count >= 8) {
            bit_count -= 8;
            code[given++] = (uint8_t)(bits >> bit_count);
            bits &= (1U << bit_count) - 1;
        }
    }
    return letters == LETTERS && bits == 0;
}
