/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The masking policy of people/mask.h. Characters are code points; a byte that begins none counts
 * as one and is never shown. Pure.
 */
#include "people/mask.h"

#include "base/date.h"
#include "base/utf8.h"

#include <stdio.h>

#define MIDDLE_DOT        0x00b7
#define IDEOGRAPHIC_SPACE 0x3000

#define ID_NUMBER_SHOWN   5
#define PHONE_DIGITS      11
#define PHONE_FIRST_SHOWN 3
#define PHONE_LAST_SHOWN  4

struct mask_writer {
    char *out;
    size_t size; /* without the NUL */
    size_t cap;
};

static void mask_write(struct mask_writer *writer, struct bytes character)
{
    if (character.size >= writer->cap - writer->size) {
        writer->cap = writer->size + 1; /* full: nothing shorter may follow either */
        return;
    }
    memcpy(writer->out + writer->size, character.data, character.size);
    writer->size += character.size;
}

/* Takes the next character off `left`; *is_shown: it is a code point. */
static struct bytes mask_take(struct bytes *left, uint32_t *code_point, bool *is_shown)
{
    struct bytes character = *left;
    *code_point = 0;
    *is_shown = utf8_next(left, code_point);
    if (!*is_shown) {
        *left = bytes_of(left->data + 1, left->size - 1);
    }
    character.size -= left->size;
    return character;
}

static bool mask_is_separator(uint32_t code_point)
{
    return code_point == ' ' || code_point == MIDDLE_DOT || code_point == IDEOGRAPHIC_SPACE;
}

/* Whether a word ends where `left` begins. */
static bool mask_word_ends(struct bytes left)
{
    uint32_t code_point = 0;
    return left.size == 0 || (utf8_next(&left, &code_point) && mask_is_separator(code_point));
}

void people_mask_name(struct bytes name, char *masked, size_t cap)
{
    if (cap == 0) {
        return;
    }
    struct mask_writer writer = {.out = masked, .cap = cap};
    size_t position = 0; /* within the word */
    while (name.size > 0) {
        uint32_t code_point = 0;
        bool is_shown = false;
        struct bytes character = mask_take(&name, &code_point, &is_shown);
        if (is_shown && mask_is_separator(code_point)) {
            mask_write(&writer, character);
            position = 0;
            continue;
        }
        bool is_last = mask_word_ends(name);
        bool is_clear = is_shown && (position == 0 ? !is_last : is_last && position >= 2);
        mask_write(&writer, is_clear ? character : BYTES_LITERAL("*"));
        position++;
    }
    masked[writer.size] = '\0';
}

/* ---- numbers ---- */

static size_t mask_count(struct bytes text)
{
    size_t count = 0;
    for (; text.size > 0; count++) {
        uint32_t code_point = 0;
        bool is_shown = false;
        (void)mask_take(&text, &code_point, &is_shown);
    }
    return count;
}

/* Shows the first and the last characters, the others as stars. */
static void mask_middle(struct bytes text, size_t count, size_t first, size_t last, char *masked,
                        size_t cap)
{
    if (cap == 0) {
        return;
    }
    struct mask_writer writer = {.out = masked, .cap = cap};
    for (size_t i = 0; i < count; i++) {
        uint32_t code_point = 0;
        bool is_shown = false;
        struct bytes character = mask_take(&text, &code_point, &is_shown);
        bool is_clear = is_shown && (i < first || i + last >= count);
        mask_write(&writer, is_clear ? character : BYTES_LITERAL("*"));
    }
    masked[writer.size] = '\0';
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void people_mask_id_number(struct bytes number, char *masked, size_t cap)
{
    const size_t count = mask_count(number);
    const size_t shown = smaller(ID_NUMBER_SHOWN, count / 3);
    const size_t first = (shown + 1) / 2;
    mask_middle(number, count, first, shown - first, masked, cap);
}

void people_mask_phone(struct bytes phone, char *masked, size_t cap)
{
    const size_t count = mask_count(phone);
    const bool is_long = count >= PHONE_DIGITS;
    mask_middle(phone, count, is_long ? PHONE_FIRST_SHOWN : 0,
                is_long ? PHONE_LAST_SHOWN : smaller(PHONE_LAST_SHOWN, count / 2), masked, cap);
}

/* ---- address and birth date ---- */

static bool mask_is_before(struct bytes address, const uint8_t *at, const char *word)
{
    const size_t size = strlen(word);
    return (size_t)(at - address.data) >= size && memcmp(at - size, word, size) == 0;
}

/* 小区, 社区 and 园区 are somebody's address, no district. */
static bool mask_is_district(struct bytes address, const uint8_t *at)
{
    return !mask_is_before(address, at, "小") && !mask_is_before(address, at, "社") &&
           !mask_is_before(address, at, "园");
}

/* How many bytes end with the first such word; 0: it is not there. */
static size_t mask_find_division(struct bytes address, const char *word)
{
    struct bytes left = address;
    const size_t size = strlen(word);
    const uint8_t *at = memmem(left.data, left.size, word, size);
    while (at != NULL && !mask_is_district(address, at)) {
        left = bytes_of(at + size, address.size - (size_t)(at + size - address.data));
        at = memmem(left.data, left.size, word, size);
    }
    return at == NULL ? 0 : (size_t)(at - address.data) + size;
}

/* The first of the divisions; a city only where none is named. */
static size_t mask_address_shown(struct bytes address)
{
    static const char *const divisions[] = {"区", "县", "旗", "街道"};
    size_t shown = 0;
    for (size_t i = 0; i < sizeof(divisions) / sizeof(divisions[0]); i++) {
        const size_t found = mask_find_division(address, divisions[i]);
        if (found != 0 && (shown == 0 || found < shown)) {
            shown = found;
        }
    }
    return shown != 0 ? shown : mask_find_division(address, "市");
}

void people_mask_address(struct bytes address, char *masked, size_t cap)
{
    if (cap == 0) {
        return;
    }
    struct mask_writer writer = {.out = masked, .cap = cap};
    struct bytes shown = bytes_of(address.data, mask_address_shown(address));
    while (shown.size > 0) {
        uint32_t code_point = 0;
        bool is_shown = false;
        struct bytes character = mask_take(&shown, &code_point, &is_shown);
        mask_write(&writer, is_shown ? character : BYTES_LITERAL("*"));
    }
    if (address.size > 0) {
        mask_write(&writer, BYTES_LITERAL("***"));
    }
    masked[writer.size] = '\0';
}

void people_mask_birth_day(int32_t birth_day, char *masked, size_t cap)
{
    const bool is_day = birth_day >= DATE_DAY_MIN && birth_day <= DATE_DAY_MAX;
    if (cap > 0) {
        masked[0] = '\0';
    }
    if (cap > 0 && is_day) {
        (void)snprintf(masked, cap, "%d", (int)date_year_of_day(birth_day));
    }
}
