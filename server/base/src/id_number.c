/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rules of GB 11643. Pure.
 */
#include "base/id_number.h"

#include "base/date.h"

#define REGION_DIGITS    6
#define BIRTH_DIGITS     8
#define OLD_YEAR_AT      REGION_DIGITS
#define OLD_SERIAL_AT    12
#define OLD_CENTENARIANS "996" /* serials from here on are of those born before 1900 */

static size_t digits_at_start(const char *text, size_t size)
{
    size_t count = 0;
    while (count < size && text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

static char to_upper(char character)
{
    bool is_lower = character >= 'a' && character <= 'z';
    return is_lower ? (char)(character - 'a' + 'A') : character;
}

static char check_character(const char *number)
{
    unsigned sum = 0;
    for (size_t i = 0; i < ID_NUMBER_DIGITS - 1; i++) {
        unsigned weight = (1u << (ID_NUMBER_DIGITS - 1 - i)) % 11;
        sum += weight * (unsigned)(number[i] - '0');
    }
    return "10X98765432"[sum % 11];
}

static bool birth_of(const char *number, int32_t *birth_day)
{
    int32_t figures = 0;
    for (size_t i = 0; i < BIRTH_DIGITS; i++) {
        figures = figures * 10 + (number[REGION_DIGITS + i] - '0');
    }
    struct date birth = {figures / 10000, figures / 100 % 100, figures % 100};
    if (!date_is_valid(birth)) {
        return false;
    }
    *birth_day = date_to_day(birth);
    return true;
}

enum id_number_form id_number_form(struct bytes number, int32_t *birth_day)
{
    const char *text = (const char *)number.data;
    if (number.size != ID_NUMBER_DIGITS ||
        digits_at_start(text, number.size) < ID_NUMBER_DIGITS - 1) {
        return ID_NUMBER_OTHER;
    }
    if (to_upper(text[ID_NUMBER_DIGITS - 1]) != check_character(text)) {
        return ID_NUMBER_CHECK_WRONG;
    }
    return birth_of(text, birth_day) ? ID_NUMBER_SOUND : ID_NUMBER_BIRTH_WRONG;
}

/* 15 digits to 18, where they have a birth date of the 1900s. */
static void lengthen(struct id_number *normal)
{
    char longer[ID_NUMBER_DIGITS];
    int32_t birth_day = 0;
    if (normal->size != ID_NUMBER_DIGITS_OLD ||
        digits_at_start(normal->text, normal->size) != normal->size ||
        memcmp(normal->text + OLD_SERIAL_AT, OLD_CENTENARIANS, 3) >= 0) {
        return;
    }
    memcpy(longer, normal->text, REGION_DIGITS);
    memcpy(longer + REGION_DIGITS, "19", 2);
    memcpy(longer + REGION_DIGITS + 2, normal->text + OLD_YEAR_AT,
           ID_NUMBER_DIGITS_OLD - OLD_YEAR_AT);
    if (birth_of(longer, &birth_day)) {
        longer[ID_NUMBER_DIGITS - 1] = check_character(longer);
        memcpy(normal->text, longer, sizeof(longer));
        normal->size = sizeof(longer);
    }
}

struct id_number id_number_normal(struct bytes number)
{
    struct id_number normal = {.size = 0};
    for (size_t i = 0; i < number.size && normal.size < sizeof(normal.text); i++) {
        if (number.data[i] != ' ') {
            normal.text[normal.size++] = to_upper((char)number.data[i]);
        }
    }
    lengthen(&normal);
    return normal;
}
