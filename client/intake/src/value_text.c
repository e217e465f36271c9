/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Texts of values, cleaned. The working memory is on the stack; only a text of several thousand
 * bytes asks the heap. Pure; safe from any thread.
 */
#include "value_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "text/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VALUE_STACK_BYTES (17u << 10) /* room for one block of an arena */
#define VALUE_ARENA_BYTES (1u << 20)
#define VALUE_HASHES_MIN  3 /* fewer are digits that somebody masked */

struct value_memory {
    bool is_taken;
    _Alignas(max_align_t) uint8_t stack[VALUE_STACK_BYTES];
};

static void *value_memory_allocate(void *context, size_t bytes)
{
    struct value_memory *memory = context;
    if (memory->is_taken || bytes > sizeof(memory->stack)) {
        return malloc(bytes);
    }
    memory->is_taken = true;
    return memory->stack;
}

static void value_memory_release(void *context, void *block)
{
    struct value_memory *memory = context;
    if (block != memory->stack) {
        free(block);
    }
}

/* Well-formed, and nothing in it stands for a character that was lost. */
static enum value_fault value_check_characters(struct bytes text)
{
    struct bytes left = text;
    uint32_t code_point = 0;
    bool is_lost = text_has_private(text);
    while (utf8_next(&left, &code_point)) {
        is_lost = is_lost || code_point == 0xfffd;
    }
    if (left.size > 0) {
        return VALUE_NOT_TEXT;
    }
    return is_lost ? VALUE_PRIVATE : VALUE_GOOD;
}

static bool value_is_formula_error(const char *text)
{
    static const char *const errors[] = {"#N/A",    "#REF!",  "#VALUE!", "#NAME?",
                                         "#DIV/0!", "#NULL!", "#NUM!"};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (strcasecmp(text, errors[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum value_fault value_check_cell(const char *text)
{
    if (text[0] == '\0') {
        return VALUE_EMPTY;
    }
    size_t hashes = strspn(text, "#");
    if (text[hashes] == '\0') {
        return hashes >= VALUE_HASHES_MIN ? VALUE_HASHES : VALUE_MASKED;
    }
    return text[0] == '#' && value_is_formula_error(text) ? VALUE_FORMULA : VALUE_GOOD;
}

enum value_fault value_clean(const char *text, char *out, size_t cap)
{
    struct bytes raw = bytes_of_text(text);
    enum value_fault fault = value_check_characters(raw);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    struct value_memory memory;
    memory.is_taken = false;
    const struct arena_memory port = {value_memory_allocate, value_memory_release, &memory};
    struct arena arena;
    arena_init(&arena, &port, VALUE_ARENA_BYTES);
    struct bytes cleaned;
    unsigned changes = 0;
    bool fits = text_clean(&arena, raw, &cleaned, &changes) && cleaned.size < cap;
    if (fits) {
        if (cleaned.size > 0) {
            memcpy(out, cleaned.data, cleaned.size);
        }
        out[cleaned.size] = '\0';
    }
    arena_fini(&arena);
    return fits ? value_check_cell(out) : VALUE_TOO_LONG;
}

enum value_fault value_check_digits(const char *text)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } special[] = {
        {0xb2, 0xb3},       {0xb9, 0xb9},     {0x2070, 0x2089}, /* raised and lowered */
        {0xbc, 0xbe},       {0x2150, 0x215f}, {0x2189, 0x2189}, /* fractions */
        {0x2460, 0x24ff},   {0x3248, 0x325f}, {0x32b1, 0x32bf}, /* encircled, in brackets */
        {0x32c0, 0x32cb},   {0x3358, 0x3370}, {0x33e0, 0x33fe}, /* months, hours, days */
        {0x1f100, 0x1f10c},
    };
    struct bytes left = bytes_of_text(text);
    uint32_t code_point = 0;
    while (utf8_next(&left, &code_point)) {
        for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
            if (code_point >= special[i].first && code_point <= special[i].last) {
                return VALUE_SPECIAL_DIGITS;
            }
        }
    }
    return VALUE_GOOD;
}

/* What Chinese input methods and word processors write for ASCII punctuation. */
static size_t value_punctuation(const char *text, char *ascii)
{
    static const struct {
        char written[4];
        char ascii;
    } marks[] = {{"‐", '-'}, {"‒", '-'},  {"–", '-'},  {"—", '-'}, {"―", '-'},
                 {"−", '-'}, {"〜", '~'}, {"∼", '~'},  {"∶", ':'}, {"。", '.'},
                 {"∕", '/'}, {"’", '\''}, {"‘", '\''}, {"“", '"'}, {"”", '"'}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t size = strlen(marks[i].written);
        if (*text == *marks[i].written && strncmp(text, marks[i].written, size) == 0) {
            *ascii = marks[i].ascii;
            return size;
        }
    }
    return 0;
}

static void value_to_ascii(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        size_t size = (unsigned char)*from >= 0x80 ? value_punctuation(from, to) : 0;
        if (size == 0) {
            bool is_upper = *from >= 'A' && *from <= 'Z';
            *to = is_upper ? (char)(*from - 'A' + 'a') : *from;
            size = 1;
        }
        from += size;
    }
    *to = '\0';
}

static void value_drop_front(char *text, size_t size)
{
    size += strspn(text + size, " ");
    memmove(text, text + size, strlen(text + size) + 1);
}

static void value_drop_end(char *text, const char *characters)
{
    size_t size = strlen(text);
    while (size > 0 && strchr(characters, text[size - 1]) != NULL) {
        size--;
    }
    text[size] = '\0';
}

static void value_unwrap(char *text)
{
    if (strncmp(text, "=\"", 2) == 0) {
        value_drop_front(text, 2);
        value_drop_end(text, " \"");
    }
    value_drop_front(text, strspn(text, "' "));
    value_drop_end(text, " .");
}

bool value_is_exponent_form(const char *text)
{
    size_t size = strspn(text, "0123456789.");
    if (size == 0 || text[size] != 'e') {
        return false;
    }
    const char *exponent = text + size + 1;
    bool has_sign = *exponent == '+' || *exponent == '-';
    exponent += has_sign ? 1 : 0;
    size_t digits = strspn(exponent, "0123456789");
    bool is_all = digits > 0 && exponent[digits] == '\0';
    return is_all && (has_sign || memchr(text, '.', size) != NULL);
}

enum value_fault value_clean_figures(const char *text, char out[VALUE_FIGURES_BYTES])
{
    enum value_fault fault = value_clean(text, out, VALUE_FIGURES_BYTES);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    fault = value_check_digits(text);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    value_to_ascii(out);
    value_unwrap(out);
    if (out[0] == '\0') {
        return VALUE_EMPTY;
    }
    if (strpbrk(out, "*#") != NULL) {
        return VALUE_MASKED;
    }
    return value_is_exponent_form(out) ? VALUE_EXCEL_NUMBER : VALUE_GOOD;
}
