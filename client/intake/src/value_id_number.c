/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers of identity documents as they are typed: identity cards by the rules of base/id_number.h,
 * and others as they are. Not who a person is. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#include "base/id_number.h"

#include <string.h>

#define ID_DIGITS_DOUBT   13    /* so many digits are an ID number meant, rightly written or not */
#define SPREADSHEET_ZEROS "000" /* 18 digits of which a spreadsheet kept 15 */

/* Without spaces. VALUE_TOO_LONG: does not fit; VALUE_NOT_A_NUMBER: holds what no document's number
 * has. */
static enum value_fault id_number_compact(const char *clean, char out[VALUE_ID_NUMBER_BYTES])
{
    size_t size = 0;
    for (const char *from = clean; *from != '\0'; from++) {
        bool is_letter = *from >= 'a' && *from <= 'z';
        bool is_foreign = (unsigned char)*from >= 0x80; /* 军字第…号 */
        if (*from == ' ') {
            continue;
        }
        if (!is_letter && !is_foreign && !value_at_digit(from) && strchr("-()/", *from) == NULL) {
            return VALUE_NOT_A_NUMBER;
        }
        if (size == VALUE_ID_NUMBER_BYTES - 1) {
            return VALUE_TOO_LONG;
        }
        out[size++] = *from;
    }
    out[size] = '\0';
    return value_is_exponent_form(out) ? VALUE_EXCEL_NUMBER : VALUE_GOOD;
}

static void id_number_to_upper(char *id)
{
    for (; *id != '\0'; id++) {
        bool is_lower = *id >= 'a' && *id <= 'z';
        *id = is_lower ? (char)(*id - 'a' + 'A') : *id;
    }
}

static enum value_fault id_number_check(const char *id, enum id_number_form form)
{
    switch (form) {
    case ID_NUMBER_SOUND:
    case ID_NUMBER_OTHER:
        return VALUE_GOOD;
    case ID_NUMBER_BIRTH_WRONG:
        return VALUE_ID_BIRTH;
    case ID_NUMBER_CHECK_WRONG:
        break;
    }
    bool is_rounded = strcmp(id + ID_NUMBER_DIGITS_OLD, SPREADSHEET_ZEROS) == 0;
    return is_rounded ? VALUE_ROUNDED : VALUE_ID_CHECK_DIGIT;
}

/* What is no ID number, by what it has: a document of another kind, or an ID number gone wrong. */
static enum value_fault id_number_check_other(const char *id)
{
    size_t size = strlen(id);
    size_t digits = 0;
    size_t masks = 0;
    for (size_t i = 0; i < size; i++) {
        digits += value_at_digit(id + i) ? 1 : 0;
        masks += id[i] == 'X' ? 1 : 0;
    }
    if (digits == 0) {
        return VALUE_NOT_A_NUMBER;
    }
    bool is_figures = digits + masks == size;
    if (is_figures && (masks > 1 || (masks == 1 && id[size - 1] != 'X'))) {
        return size >= ID_NUMBER_DIGITS_OLD ? VALUE_MASKED : VALUE_GOOD;
    }
    if (digits < ID_DIGITS_DOUBT || (is_figures && digits == ID_NUMBER_DIGITS_OLD && masks == 0)) {
        return VALUE_GOOD;
    }
    return is_figures ? VALUE_ID_LENGTH : VALUE_NOT_A_NUMBER;
}

enum value_fault value_id_number(const char *text, char out[VALUE_ID_NUMBER_BYTES], bool *has_birth,
                                 int32_t *birth_day)
{
    char clean[VALUE_FIGURES_BYTES];
    const char *from = text;
    /* Twice: what a space stood before may be inserted pinyin without it. */
    for (int i = 0; i < 2; i++) {
        enum value_fault fault = value_clean_figures(from, clean);
        if (fault == VALUE_GOOD) {
            fault = id_number_compact(clean, out);
        }
        if (fault != VALUE_GOOD) {
            return fault;
        }
        from = out;
    }
    id_number_to_upper(out);
    const enum id_number_form form = id_number_form(bytes_of_text(out), birth_day);
    *has_birth = form != ID_NUMBER_OTHER;
    return *has_birth ? id_number_check(out, form) : id_number_check_other(out);
}
