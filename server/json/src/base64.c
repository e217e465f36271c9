/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Base64. Pure.
 */
#include "base64.h"

#define BASE64_NONE 64u /* not a digit */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct bytes from, uint8_t *text)
{
    for (size_t i = 0; i < from.size; i += 3) {
        const size_t left = from.size - i;
        const uint32_t group = (uint32_t)from.data[i] << 16 |
                               (left > 1 ? (uint32_t)from.data[i + 1] << 8 : 0) |
                               (left > 2 ? (uint32_t)from.data[i + 2] : 0);
        *text++ = (uint8_t)base64_digits[group >> 18];
        *text++ = (uint8_t)base64_digits[group >> 12 & 63];
        *text++ = (uint8_t)(left > 1 ? base64_digits[group >> 6 & 63] : '=');
        *text++ = (uint8_t)(left > 2 ? base64_digits[group & 63] : '=');
    }
}

static uint32_t base64_digit_value(uint8_t digit)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - (uint32_t)'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - (uint32_t)'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - (uint32_t)'0' + 52;
    }
    if (digit == '+' || digit == '-') {
        return 62;
    }
    return digit == '/' || digit == '_' ? 63 : BASE64_NONE;
}

/* Without padding, which may be there only to fill the last group of four. */
static struct bytes base64_without_padding(struct bytes text)
{
    if (text.size % 4 == 0) {
        for (int i = 0; i < 2 && text.size > 0 && text.data[text.size - 1] == '='; i++) {
            text.size--;
        }
    }
    return text;
}

bool base64_decode(struct bytes text, uint8_t *data, size_t *size)
{
    const struct bytes digits = base64_without_padding(text);
    uint32_t bits = 0; /* the lowest `count` of them are not written yet */
    unsigned count = 0;
    *size = 0;
    for (size_t i = 0; i < digits.size; i++) {
        const uint32_t value = base64_digit_value(digits.data[i]);
        if (value == BASE64_NONE) {
            return false;
        }
        bits = bits << 6 | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            data[(*size)++] = (uint8_t)(bits >> count);
        }
    }
    return count < 6 && (bits & ((1u << count) - 1)) == 0;
}
