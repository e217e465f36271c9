/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Keys of headings by text_fold, on memory of the stack: a key is small, and folding it cannot
 * fail for want of memory. Pure; safe from any thread.
 */
#include "heading_key.h"

#include "intake/heading.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "text/text.h"

#include <stdint.h>

#define HEADING_MEMORY_BYTES (64u << 10) /* several times what text_fold needs for one heading */

/* What marks a column that must, or need not, be filled in. */
static const struct bytes heading_remarks[] = {
    BYTES_LITERAL("必填"),
    BYTES_LITERAL("选填"),
    BYTES_LITERAL("required"),
    BYTES_LITERAL("optional"),
};

static const struct heading_brackets {
    struct bytes open;
    struct bytes close;
} heading_brackets[] = {
    {BYTES_LITERAL("("), BYTES_LITERAL(")")},
    {BYTES_LITERAL("["), BYTES_LITERAL("]")},
    {BYTES_LITERAL("【"), BYTES_LITERAL("】")},
};

struct heading_memory {
    size_t used;
    _Alignas(16) uint8_t bytes[HEADING_MEMORY_BYTES];
};

static void *heading_memory_allocate(void *context, size_t bytes)
{
    struct heading_memory *memory = context;
    size_t padded = (bytes + 15) / 16 * 16;
    if (padded > sizeof(memory->bytes) - memory->used) {
        return NULL;
    }
    void *block = memory->bytes + memory->used;
    memory->used += padded;
    return block;
}

static void heading_memory_release(void *context, void *block)
{
    (void)context;
    (void)block;
}

/* The first place of `part`, or NULL. */
static const char *find(struct bytes text, struct bytes part)
{
    return memmem(text.data, text.size, part.data, part.size);
}

static bool is_remark(struct bytes text)
{
    for (size_t i = 0; i < sizeof(heading_remarks) / sizeof(heading_remarks[0]); i++) {
        if (find(text, heading_remarks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* How many bytes at the front are brackets with 必填 or the like in them. */
static size_t remark_bytes(struct bytes text)
{
    for (size_t i = 0; i < sizeof(heading_brackets) / sizeof(heading_brackets[0]); i++) {
        const struct heading_brackets *brackets = &heading_brackets[i];
        if (!bytes_has_prefix(text, brackets->open)) {
            continue;
        }
        const char *close = find(text, brackets->close);
        if (close == NULL) {
            return 0;
        }
        size_t size = (size_t)(close - (const char *)text.data);
        return is_remark(bytes_of(text.data, size)) ? size + brackets->close.size : 0;
    }
    return 0;
}

/* Takes off what does not matter. */
static void heading_key_set(struct heading_key *key, struct bytes folded)
{
    key->size = 0;
    while (folded.size > 0) {
        size_t skipped = remark_bytes(folded);
        if (skipped == 0) {
            char c = (char)folded.data[0];
            skipped = 1;
            if (c == '\0' || strchr(" _-:*", c) == NULL) {
                if (key->size == HEADING_BYTES_MAX) {
                    key->size = SIZE_MAX;
                    return;
                }
                key->text[key->size++] = c;
            }
        }
        folded = bytes_of(folded.data + skipped, folded.size - skipped);
    }
}

static bool is_well_formed(struct bytes text)
{
    uint32_t code_point = 0;
    while (utf8_next(&text, &code_point)) {
    }
    return text.size == 0;
}

void heading_key_init_bytes(struct heading_key *key, struct bytes text)
{
    key->size = SIZE_MAX;
    if (text.size == 0) {
        key->size = 0;
        return;
    }
    if (text.size > HEADING_BYTES_MAX || !is_well_formed(text)) {
        return;
    }
    struct heading_memory memory;
    memory.used = 0;
    const struct arena_memory port = {heading_memory_allocate, heading_memory_release, &memory};
    struct arena arena;
    arena_init(&arena, &port, HEADING_MEMORY_BYTES);
    struct bytes folded;
    if (text_fold(&arena, text, &folded)) {
        heading_key_set(key, folded);
    }
    arena_fini(&arena);
}

void heading_key_init(struct heading_key *key, const char *text)
{
    heading_key_init_bytes(key, bytes_of_text(text));
}

bool heading_key_equal(const struct heading_key *a, const struct heading_key *b)
{
    return a->size == b->size && a->size != 0 && a->size != SIZE_MAX &&
           memcmp(a->text, b->text, a->size) == 0;
}

bool heading_key_is_blank(const struct heading_key *key)
{
    return key->size == 0;
}

bool heading_is(const char *heading, const char *spelling)
{
    struct heading_key a;
    struct heading_key b;
    heading_key_init(&a, heading);
    heading_key_init(&b, spelling);
    return heading_key_equal(&a, &b);
}
