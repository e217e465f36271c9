/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers of identity documents: GB 11643 (check digit by ISO 7064, MOD 11-2), and others as they
 * are. Not who a person is. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#include "base/date.h"

#include <string.h>

#define ID_DIGITS         18 /* of which the last may be X */
#define ID_DIGITS_OLD     15
#define ID_DIGITS_DOUBT   13 /* so many digits are an ID number meant, rightly written or not */
#define ID_BIRTH_AT       6
#define ID_BIRTH_DIGITS   8
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

static char id_number_check_character(const char *id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < ID_DIGITS - 1; i++) {
        unsigned weight = (1u << (ID_DIGITS - 1 - i)) % 11;
        sum += weight * (unsigned)(id[i] - '0');
    }
    return "10X98765432"[sum % 11];
}

static enum value_fault id_number_check(const char *id, int32_t *birth_day)
{
    if (id[ID_DIGITS - 1] != id_number_check_character(id)) {
        bool is_rounded = strcmp(id + ID_DIGITS_OLD, SPREADSHEET_ZEROS) == 0;
        return is_rounded ? VALUE_ROUNDED : VALUE_ID_CHECK_DIGIT;
    }
    int32_t number = 0;
    for (size_t i = 0; i < ID_BIRTH_DIGITS; i++) {
        number = number * 10 + (id[ID_BIRTH_AT + i] - '0');
    }
    struct date birth = {number / 10000, number / 100 % 100, number % 100};
    if (!date_is_valid(birth)) {
        return VALUE_ID_BIRTH;
    }
    *birth_day = date_to_day(birth);
    return VALUE_GOOD;
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
        return size >= ID_DIGITS_OLD ? VALUE_MASKED : VALUE_GOOD;
    }
    if (digits < ID_DIGITS_DOUBT || (is_figures && digits == ID_DIGITS_OLD && masks == 0)) {
        return VALUE_GOOD;
    }
    return is_figures ? VALUE_ID_LENGTH : VALUE_NOT_A_NUMBER;
}

enum value_fault value_id_number(const char *text, char out[VALUE_ID_NUMBER_BYTES], bool *has_birth,
                                 int32_t *birth_day)
{
    char clean[VALUE_FIGURES_BYTES];
    enum value_fault fault = value_clean_figures(text, clean);
    if (fault == VALUE_GOOD) {
        fault = id_number_compact(clean, out);
    }
    if (fault != VALUE_GOOD) {
        return fault;
    }
    id_number_to_upper(out);
    *has_birth = strlen(out) == ID_DIGITS && strspn(out, "0123456789") >= ID_DIGITS - 1;
    return *has_birth ? id_number_check(out, birth_day) : id_number_check_other(out);
}
