/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * UTF-8 after Unicode's table 3-7 (well-formed byte sequences). The width table holds whole blocks
 * rather than each character: it is meant for Chinese and Latin text. Pure; safe from any thread.
 */
#include "base/utf8.h"

struct utf8_range {
    uint32_t first;
    uint32_t last;
};

/* Refused in text. U+000A is among the C0 controls; the flag lets it through. */
static const struct utf8_range utf8_controls[] = {
    {0x0000, 0x001f}, /* C0 */
    {0x007f, 0x009f}, /* DEL, C1 */
    {0x2028, 0x2029}, /* line and paragraph separator */
    {0x202a, 0x202e}, /* bidirectional embeddings and overrides */
    {0x2066, 0x2069}, /* bidirectional isolates */
};

static const struct utf8_range utf8_zero_width[] = {
    {0x0300, 0x036f}, /* combining marks */
    {0x200b, 0x200f}, /* zero-width space, joiners, direction marks */
    {0x20d0, 0x20ff}, /* combining marks for symbols */
    {0xfe00, 0xfe0f}, /* variation selectors */
    {0xfeff, 0xfeff}, /* byte order mark */
};

/* Blocks with East Asian Width W or F (Unicode Standard Annex 11). */
static const struct utf8_range utf8_double_width[] = {
    {0x1100, 0x115f},   /* Hangul initials */
    {0x2e80, 0x303e},   /* radicals, CJK punctuation */
    {0x3041, 0x33ff},   /* kana, bopomofo, enclosed CJK */
    {0x3400, 0x4dbf},   /* CJK extension A */
    {0x4e00, 0x9fff},   /* CJK */
    {0xa000, 0xa4cf},   /* Yi */
    {0xa960, 0xa97f},   /* Hangul initials, extended */
    {0xac00, 0xd7a3},   /* Hangul */
    {0xf900, 0xfaff},   /* CJK compatibility */
    {0xfe30, 0xfe6f},   /* vertical and small forms */
    {0xff00, 0xff60},   /* full-width forms */
    {0xffe0, 0xffe6},   /* full-width signs */
    {0x1f300, 0x1f64f}, /* pictographs, faces */
    {0x1f680, 0x1f6ff}, /* transport */
    {0x1f900, 0x1f9ff}, /* more pictographs */
    {0x20000, 0x2fffd}, /* CJK extensions B to F */
    {0x30000, 0x3fffd}, /* CJK extensions G on */
};

#define UTF8_IS_IN(code_point, table) \
    utf8_is_in((code_point), (table), sizeof(table) / sizeof((table)[0]))

static bool utf8_is_in(uint32_t code_point, const struct utf8_range *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code_point >= table[i].first && code_point <= table[i].last) {
            return true;
        }
    }
    return false;
}

/* What a first byte promises; length 0: it cannot be a first byte. */
struct utf8_lead {
    size_t length;
    uint32_t bits;
    uint32_t smallest; /* below it the sequence is overlong */
};

static struct utf8_lead utf8_read_lead(uint8_t byte)
{
    if (byte < 0x80) {
        return (struct utf8_lead){1, byte, 0};
    }
    if ((byte & 0xe0) == 0xc0) {
        return (struct utf8_lead){2, byte & 0x1fu, 0x80};
    }
    if ((byte & 0xf0) == 0xe0) {
        return (struct utf8_lead){3, byte & 0x0fu, 0x800};
    }
    if ((byte & 0xf8) == 0xf0) {
        return (struct utf8_lead){4, byte & 0x07u, 0x10000};
    }
    return (struct utf8_lead){0, 0, 0};
}

bool utf8_next(struct bytes *left, uint32_t *code_point)
{
    if (left->size == 0) {
        return false;
    }
    struct utf8_lead lead = utf8_read_lead(left->data[0]);
    if (lead.length == 0 || lead.length > left->size) {
        return false;
    }
    uint32_t value = lead.bits;
    for (size_t i = 1; i < lead.length; i++) {
        if ((left->data[i] & 0xc0) != 0x80) {
            return false;
        }
        value = value << 6 | (left->data[i] & 0x3fu);
    }
    bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < lead.smallest || is_surrogate || value > 0x10ffff) {
        return false;
    }
    *left = bytes_of(left->data + lead.length, left->size - lead.length);
    *code_point = value;
    return true;
}

bool utf8_is_text(struct bytes text, unsigned flags)
{
    uint32_t code_point = 0;
    while (utf8_next(&text, &code_point)) {
        bool is_allowed_newline = code_point == '\n' && (flags & UTF8_ALLOW_NEWLINE) != 0;
        if (!is_allowed_newline && UTF8_IS_IN(code_point, utf8_controls)) {
            return false;
        }
    }
    return text.size == 0;
}

static size_t utf8_code_point_width(uint32_t code_point)
{
    if (UTF8_IS_IN(code_point, utf8_zero_width)) {
        return 0;
    }
    return UTF8_IS_IN(code_point, utf8_double_width) ? 2 : 1;
}

size_t utf8_width(struct bytes text)
{
    size_t width = 0;
    while (text.size > 0) {
        uint32_t code_point = 0;
        if (utf8_next(&text, &code_point)) {
            width += utf8_code_point_width(code_point);
        } else {
            width++;
            text = bytes_of(text.data + 1, text.size - 1);
        }
    }
    return width;
}
