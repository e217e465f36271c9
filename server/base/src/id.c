/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * UUIDv7: 48 bits of time, the version, a 12-bit counter, the variant, 62 random bits. The counter
 * starts low each new millisecond; when it is used up the maker's time runs ahead by one.
 * Pure; a maker belongs to one thread.
 */
#include "base/id.h"

#define ID_MS_MASK            UINT64_C(0xffffffffffff)
#define ID_COUNTER_MAX        0x0fff
#define ID_COUNTER_START_MASK 0x07ff /* leaves half the counter for ids of the same ms */

static void id_advance(struct id_maker *maker, uint64_t now_ms, uint16_t seed)
{
    if (now_ms > maker->last_ms) {
        maker->last_ms = now_ms;
        maker->counter = seed;
    } else if (maker->counter < ID_COUNTER_MAX) {
        maker->counter++;
    } else {
        maker->last_ms++;
        maker->counter = seed;
    }
}

struct id id_make(struct id_maker *maker, uint64_t now_ms, const uint8_t random[10])
{
    uint16_t seed = (uint16_t)((random[0] << 8 | random[1]) & ID_COUNTER_START_MASK);
    id_advance(maker, now_ms & ID_MS_MASK, seed);
    struct id id;
    for (int i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(maker->last_ms >> (40 - 8 * i));
    }
    id.bytes[6] = (uint8_t)(0x70 | maker->counter >> 8);
    id.bytes[7] = (uint8_t)(maker->counter & 0xff);
    memcpy(id.bytes + 8, random + 2, 8);
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

bool id_is_zero(const struct id *id)
{
    static const struct id zero;
    return id_equal(id, &zero);
}

bool id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static bool id_hyphen_is_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void id_format(const struct id *id, char text[ID_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    char *out = text;
    for (size_t i = 0; i < sizeof(id->bytes); i++) {
        if (id_hyphen_is_before(i)) {
            *out++ = '-';
        }
        *out++ = digits[id->bytes[i] >> 4];
        *out++ = digits[id->bytes[i] & 0x0f];
    }
    *out = '\0';
}

/* The value of a hex digit, or -1. */
static int id_digit_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    uint8_t lower = digit | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool id_parse(struct bytes text, struct id *id)
{
    bool has_hyphens = text.size == ID_TEXT_BYTES - 1;
    if (!has_hyphens && text.size != 2 * sizeof(id->bytes)) {
        return false;
    }
    const uint8_t *at = text.data;
    for (size_t i = 0; i < sizeof(id->bytes); i++) {
        if (has_hyphens && id_hyphen_is_before(i) && *at++ != '-') {
            return false;
        }
        int high = id_digit_value(*at++);
        int low = id_digit_value(*at++);
        if (high < 0 || low < 0) {
            return false;
        }
        id->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
