/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The one masking policy for names. Characters are code points; a byte that begins none counts as
 * one and is never shown. Pure.
 */
#include "base/utf8.h"
#include "people/people.h"

#define MIDDLE_DOT        0x00b7
#define IDEOGRAPHIC_SPACE 0x3000

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
