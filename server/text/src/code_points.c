/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Kinds of characters after the Unicode Character Database, as ranges, and the way back to UTF-8.
 * Pure; safe from any thread.
 */
#include "code_points.h"

#include "base/utf8.h"
#include "text/text.h"

#define UTF8_BYTES_MAX 4 /* of one code point */

struct code_point_range {
    uint32_t first;
    uint32_t last;
};

/* Script=Han without radicals, brush strokes and what else is not written as text. */
static const struct code_point_range han[] = {
    {0x3005, 0x3005},   /* 々 */
    {0x3007, 0x3007},   /* 〇 */
    {0x3021, 0x3029},   /* Suzhou numerals */
    {0x3400, 0x4dbf},   /* extension A */
    {0x4e00, 0x9fff},   /* the first block */
    {0xf900, 0xfaff},   /* compatibility ideographs */
    {0x20000, 0x3fffd}, /* extensions B and on */
};

static const struct code_point_range spaces[] = {
    {0x0009, 0x000d}, /* tab and line ends */
    {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00a0, 0x00a0}, {0x1680, 0x1680}, {0x2000, 0x200a},
    {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

static const struct code_point_range privates[] = {
    {0xe000, 0xf8ff},
    {0xf0000, 0xffffd},
    {0x100000, 0x10fffd},
};

/* Default_Ignorable_Code_Point and General_Category=Cc. */
static const struct code_point_range invisibles[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},
    {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x202a, 0x202e},
    {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

/* ·, the bullets and dots that stand for it, and the katakana one. */
static const struct code_point_range middle_dots[] = {
    {0x00b7, 0x00b7}, {0x2022, 0x2022}, {0x2027, 0x2027}, {0x2219, 0x2219},
    {0x22c5, 0x22c5}, {0x30fb, 0x30fb}, {0xff65, 0xff65},
};

#define IS_IN(code_point, table) is_in((code_point), (table), sizeof(table) / sizeof((table)[0]))

static bool is_in(uint32_t code_point, const struct code_point_range *table, size_t count)
{
    for (size_t i = 0; i < count && code_point >= table[i].first; i++) {
        if (code_point <= table[i].last) {
            return true;
        }
    }
    return false;
}

bool code_point_is_han(uint32_t code_point)
{
    return IS_IN(code_point, han);
}

bool code_point_is_space(uint32_t code_point)
{
    return IS_IN(code_point, spaces);
}

bool code_point_is_private(uint32_t code_point)
{
    return IS_IN(code_point, privates);
}

bool code_point_is_invisible(uint32_t code_point)
{
    return IS_IN(code_point, invisibles) && !code_point_is_space(code_point);
}

bool code_point_is_middle_dot(uint32_t code_point)
{
    return IS_IN(code_point, middle_dots);
}

static size_t encode_one(uint32_t point, uint8_t *out)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xc0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (point & 0x3f));
    return UTF8_BYTES_MAX;
}

bool code_points_encode(struct arena *arena, struct code_points points, struct bytes *out)
{
    uint8_t *data = arena_take_zeroed(arena, points.count, UTF8_BYTES_MAX);
    if (data == NULL) {
        return false;
    }
    size_t size = 0;
    for (size_t i = 0; i < points.count; i++) {
        size += encode_one(points.items[i], data + size);
    }
    *out = bytes_of(data, size);
    return true;
}

bool text_is_han(struct bytes text)
{
    bool is_after_han = false;
    uint32_t point = 0;
    while (utf8_next(&text, &point)) {
        const bool is_han = code_point_is_han(point);
        if (!is_han && !(is_after_han && code_point_is_middle_dot(point))) {
            return false;
        }
        is_after_han = is_han;
    }
    return text.size == 0 && is_after_han;
}

bool text_is_letters(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t lower = text.data[i] | 0x20;
        if (lower < 'a' || lower > 'z') {
            return false;
        }
    }
    return text.size > 0;
}

bool text_has_private(struct bytes text)
{
    uint32_t point = 0;
    while (utf8_next(&text, &point)) {
        if (code_point_is_private(point)) {
            return true;
        }
    }
    return false;
}
