/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Digits that name something: cards, members, orgs, barcodes. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#include <string.h>

#define SPREADSHEET_DIGITS 15 /* a spreadsheet keeps so many and writes 0 for the rest */
#define DIGITS_MAX         19 /* fit in uint64_t */
#define JOINED_DIGITS_MIN  9  /* in groups: 10-12 may be two numbers, 2016-05-01 is a day */

/* 12xx34. */
static bool identifier_is_masked(const char *text)
{
    return strchr(text, 'x') != NULL && text[strspn(text, "0123456789x -")] == '\0';
}

/* Takes out single spaces and hyphens between digits, and ".0" at the end. false: what is left is
 * not digits only, or too few for groups. */
static bool identifier_join(char *text)
{
    size_t size = 0;
    size_t gaps = 0;
    const char *from = text;
    while (value_at_digit(from)) {
        text[size++] = *from++;
        bool is_gap = (*from == ' ' || *from == '-') && value_at_digit(from + 1);
        from += is_gap ? 1 : 0;
        gaps += is_gap ? 1 : 0;
    }
    if (*from == '.' && from[1] == '0') {
        from += 1 + strspn(from + 1, "0");
    }
    bool is_all = size > 0 && *from == '\0';
    text[size] = '\0';
    return is_all && (gaps == 0 || size >= JOINED_DIGITS_MIN);
}

enum value_fault value_identifier(const char *text, uint64_t max, uint64_t *number, size_t *digits)
{
    char clean[VALUE_FIGURES_BYTES];
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (identifier_is_masked(clean)) {
        return VALUE_MASKED;
    }
    if (!identifier_join(clean)) {
        return VALUE_NOT_A_NUMBER;
    }
    size_t size = strlen(clean);
    if (size > SPREADSHEET_DIGITS &&
        strspn(clean + SPREADSHEET_DIGITS, "0") == size - SPREADSHEET_DIGITS) {
        return VALUE_ROUNDED;
    }
    uint64_t found = 0;
    if (size > DIGITS_MAX) {
        return VALUE_OUT_OF_RANGE;
    }
    for (size_t i = 0; i < size; i++) {
        found = found * 10 + (uint64_t)(clean[i] - '0');
    }
    if (found > max) {
        return VALUE_OUT_OF_RANGE;
    }
    *number = found;
    *digits = size;
    return VALUE_GOOD;
}
