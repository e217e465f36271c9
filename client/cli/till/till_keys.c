/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Keys. Pure; one thread.
 */
#include "till_keys.h"

#include "base/utf8.h"

#include <string.h>

#define KEY_ESCAPE     0x1b
#define KEY_DELETE     0x7f
#define SEQUENCE_BYTES 16 /* longer ones are no keys */

uint8_t *till_keys_room(struct till_keys *keys, size_t *room)
{
    memmove(keys->bytes, keys->bytes + keys->at, keys->size - keys->at);
    keys->size -= keys->at;
    keys->at = 0;
    *room = sizeof(keys->bytes) - keys->size;
    return keys->bytes + keys->size;
}

void till_keys_came(struct till_keys *keys, size_t size)
{
    keys->size += size;
}

bool till_keys_are_begun(const struct till_keys *keys)
{
    return keys->at < keys->size;
}

/* "[A" and the like, after Esc. */
static bool till_key_of_sequence(const uint8_t *text, size_t size, struct till_key *key)
{
    static const struct {
        const char *text;
        enum till_key_kind kind;
    } sequences[] = {{"[A", TILL_KEY_UP},   {"OA", TILL_KEY_UP},       {"[B", TILL_KEY_DOWN},
                     {"OB", TILL_KEY_DOWN}, {"[5~", TILL_KEY_PAGE_UP}, {"[6~", TILL_KEY_PAGE_DOWN}};
    for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
        if (strlen(sequences[i].text) == size && memcmp(sequences[i].text, text, size) == 0) {
            key->kind = sequences[i].kind;
            return true;
        }
    }
    return false;
}

/* How long the sequence after Esc is; 0: its end has not come. */
static size_t till_sequence_size(const uint8_t *text, size_t size)
{
    for (size_t i = 1; i < size; i++) {
        if (text[i] >= 0x40 && text[i] <= 0x7e) {
            return i + 1;
        }
    }
    return size < SEQUENCE_BYTES ? 0 : size;
}

enum till_step { STEP_KEY, STEP_PASSED, STEP_NEEDS_MORE };

static enum till_step till_keys_escape(struct till_keys *keys, bool is_all, struct till_key *key)
{
    const uint8_t *rest = keys->bytes + keys->at + 1;
    const size_t left = keys->size - keys->at - 1;
    /* Esc and then a scan, come together: not a digit of it may be lost. */
    const bool is_alone = left > 0 && rest[0] != '[' && rest[0] != 'O';
    const size_t size = is_alone ? 0 : till_sequence_size(rest, left);
    if (size == 0 && !is_all && !is_alone) {
        return STEP_NEEDS_MORE;
    }
    keys->at += 1 + size;
    if (size == 0) {
        key->kind = TILL_KEY_ESCAPE;
        return STEP_KEY;
    }
    return till_key_of_sequence(rest, size, key) ? STEP_KEY : STEP_PASSED;
}

static enum till_step till_keys_character(struct till_keys *keys, bool is_all, struct till_key *key)
{
    struct bytes left = bytes_of(keys->bytes + keys->at, keys->size - keys->at);
    const struct bytes before = left;
    uint32_t code_point;
    if (!utf8_next(&left, &code_point)) {
        if (before.size < 4 && before.data[0] >= 0xc2 && !is_all) {
            return STEP_NEEDS_MORE;
        }
        keys->at++;
        return STEP_PASSED;
    }
    const size_t size = before.size - left.size;
    keys->at += size;
    if (!utf8_is_text(bytes_of(before.data, size), 0)) {
        return STEP_PASSED;
    }
    key->kind = TILL_KEY_CHARACTER;
    memcpy(key->text, before.data, size);
    return STEP_KEY;
}

static enum till_step till_keys_step(struct till_keys *keys, bool is_all, struct till_key *key)
{
    const uint8_t byte = keys->bytes[keys->at];
    const bool is_line_feed_of_cr = byte == '\n' && keys->is_after_cr;
    keys->is_after_cr = byte == '\r';
    if (byte == KEY_ESCAPE) {
        return till_keys_escape(keys, is_all, key);
    }
    if (byte >= 0x20 && byte != KEY_DELETE) {
        return till_keys_character(keys, is_all, key);
    }
    keys->at++;
    if ((byte == '\r' || byte == '\n') && !is_line_feed_of_cr) {
        key->kind = TILL_KEY_ENTER;
        return STEP_KEY;
    }
    if (byte == '\b' || byte == KEY_DELETE) {
        key->kind = TILL_KEY_BACKSPACE;
        return STEP_KEY;
    }
    return STEP_PASSED;
}

bool till_keys_next(struct till_keys *keys, bool is_all, struct till_key *key)
{
    *key = (struct till_key){0};
    while (keys->at < keys->size) {
        switch (till_keys_step(keys, is_all, key)) {
        case STEP_KEY:
            return true;
        case STEP_NEEDS_MORE:
            return false;
        case STEP_PASSED:
            break;
        }
    }
    return false;
}
