/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Cleaning in two passes over the code points: each alone (form, privacy, visibility), then each
 * after those already kept (spaces, pinyin). The second decides by what is kept before and what
 * is unread behind, and takes out only what follows a Han character directly: that is why a second
 * cleaning finds nothing. Pure; safe from any thread.
 */
#include "clean.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "pinyin.h"
#include "tables.h"
#include "text/text.h"

/* Appends a code point as far as it is to stay, and says what was done. */
static void clean_add(struct code_points *points, uint32_t point, bool is_same, unsigned *changes)
{
    if (code_point_is_space(point)) {
        *changes |= is_same && point == ' ' ? 0u : TEXT_CHANGED_SPACE;
        points->items[points->count++] = ' ';
    } else if (code_point_is_private(point)) {
        *changes |= TEXT_CHANGED_PRIVATE;
    } else if (code_point_is_invisible(point)) {
        *changes |= TEXT_CHANGED_INVISIBLE;
    } else {
        *changes |= is_same ? 0u : TEXT_CHANGED_WIDTH;
        points->items[points->count++] = point;
    }
}

/* false: no memory. */
static bool clean_forms(struct arena *arena, struct bytes in, struct code_points *points,
                        unsigned *changes)
{
    *points = (struct code_points){
        .items = arena_take_zeroed(arena, in.size, TEXT_COMPAT_GROWTH * sizeof(uint32_t)),
    };
    if (points->items == NULL) {
        return false;
    }
    uint32_t point = 0;
    while (utf8_next(&in, &point)) {
        uint32_t self = 0;
        size_t count = 0;
        const uint32_t *forms = table_compat(point, &self, &count);
        for (size_t i = 0; i < count; i++) {
            clean_add(points, forms[i], forms == &self, changes);
        }
    }
    LB_ASSERT(in.size == 0); /* well-formed */
    return true;
}

/* Keeps a point after those kept; returns how many are kept then. */
static size_t clean_keep(uint32_t *kept, size_t count, uint32_t point, unsigned *changes)
{
    const bool is_after_space = count == 0 || kept[count - 1] == ' ';
    if (point == ' ' && is_after_space) {
        *changes |= TEXT_CHANGED_SPACE;
        return count;
    }
    const bool is_between_han = count >= 2 && is_after_space && code_point_is_han(point) &&
                                code_point_is_han(kept[count - 2]);
    if (is_between_han) {
        *changes |= TEXT_CHANGED_SPACE;
        count--;
    }
    kept[count] = point;
    return count + 1;
}

static void clean_sequence(struct code_points *points, unsigned *changes)
{
    uint32_t *items = points->items;
    size_t kept = 0;
    for (size_t at = 0; at < points->count;) {
        const size_t pinyin = pinyin_inserted(&items[at], points->count - at, items, kept);
        if (pinyin > 0) {
            *changes |= TEXT_CHANGED_PINYIN;
            at += pinyin;
        } else {
            kept = clean_keep(items, kept, items[at], changes);
            at++;
        }
    }
    if (kept > 0 && items[kept - 1] == ' ') {
        *changes |= TEXT_CHANGED_SPACE;
        kept--;
    }
    points->count = kept;
}

bool clean_code_points(struct arena *arena, struct bytes in, struct code_points *points,
                       unsigned *changes)
{
    *changes = 0;
    if (!clean_forms(arena, in, points, changes)) {
        return false;
    }
    clean_sequence(points, changes);
    return true;
}

/* How many bytes of a plain character begin here; 0: none. Plain: printable ASCII but the bracket
 * that pinyin stands in, the common Han block, the middle dot. */
static size_t clean_plain_bytes(const uint8_t *at, size_t left)
{
    if (at[0] >= ' ' && at[0] < 0x7f) {
        return at[0] == '(' ? 0 : 1;
    }
    if (left >= 3 && at[0] >= 0xe4 && at[0] <= 0xe9) {
        return at[0] == 0xe4 && at[1] < 0xb8 ? 0 : 3; /* from U+4E00 */
    }
    return left >= 2 && at[0] == 0xc2 && at[1] == 0xb7 ? 2 : 0;
}

/*
 * Most of what comes needs no second look: plain characters only, no space at the ends, beside
 * another or beside a Han character. true: text_clean would change nothing. A third of the time of
 * an import went into finding that out code point by code point.
 */
static bool clean_is_plain(struct bytes in)
{
    bool may_be_space = false; /* the character before is ASCII, no space */
    size_t at = 0;
    while (at < in.size) {
        const size_t bytes = clean_plain_bytes(in.data + at, in.size - at);
        const bool is_space = in.data[at] == ' ';
        if (bytes == 0 || (is_space && (!may_be_space || at + 1 == in.size)) ||
            (bytes > 1 && at > 0 && in.data[at - 1] == ' ')) {
            return false;
        }
        may_be_space = bytes == 1 && !is_space;
        at += bytes;
    }
    return true;
}

bool text_clean(struct arena *arena, struct bytes in, struct bytes *out, unsigned *changes)
{
    struct code_points points;
    *out = in;
    *changes = 0;
    if (clean_is_plain(in)) {
        return true;
    }
    return clean_code_points(arena, in, &points, changes) &&
           (*changes == 0 || code_points_encode(arena, points, out));
}
