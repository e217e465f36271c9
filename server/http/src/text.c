/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Writing text into a piece of memory. One thread at a time.
 */
#include "text.h"

#include <string.h>

struct http_text http_text_of(char *data, size_t room)
{
    return (struct http_text){.data = data, .room = room};
}

struct bytes http_text_bytes(const struct http_text *text)
{
    return bytes_of(text->data, text->size);
}

void http_text_add_bytes(struct http_text *text, struct bytes bytes)
{
    if (bytes.size > text->room - text->size) {
        text->is_cut = true;
        return;
    }
    if (bytes.size > 0) {
        memcpy(text->data + text->size, bytes.data, bytes.size);
        text->size += bytes.size;
    }
}

void http_text_add(struct http_text *text, const char *string)
{
    http_text_add_bytes(text, bytes_of_text(string));
}

void http_text_add_digits(struct http_text *text, uint64_t number, int digits)
{
    char reversed[20];
    char out[20];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count < digits && count < (int)sizeof(reversed)) {
        reversed[count++] = '0';
    }
    for (int i = 0; i < count; i++) {
        out[i] = reversed[count - 1 - i];
    }
    http_text_add_bytes(text, bytes_of(out, (size_t)count));
}

void http_text_add_u64(struct http_text *text, uint64_t number)
{
    http_text_add_digits(text, number, 1);
}

void http_text_add_i64(struct http_text *text, int64_t number)
{
    if (number < 0) {
        http_text_add(text, "-");
    }
    http_text_add_u64(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void http_text_add_hex(struct http_text *text, struct bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        const char pair[2] = {digits[bytes.data[i] >> 4], digits[bytes.data[i] & 15]};
        http_text_add_bytes(text, bytes_of(pair, sizeof(pair)));
    }
}

void http_text_add_base64(struct http_text *text, struct bytes bytes)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        const size_t left = bytes.size - i;
        const uint32_t group = (uint32_t)bytes.data[i] << 16 |
                               (left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0) |
                               (left > 2 ? (uint32_t)bytes.data[i + 2] : 0);
        const char four[4] = {letters[group >> 18], letters[group >> 12 & 63],
                              letters[group >> 6 & 63], letters[group & 63]};
        http_text_add_bytes(text, bytes_of(four, left > 2 ? 4 : left + 1));
    }
}

/* The rest of a string up to something that must be escaped. */
static size_t json_plain_size(struct bytes left)
{
    size_t size = 0;
    while (size < left.size && left.data[size] >= 0x20 && left.data[size] != '"' &&
           left.data[size] != '\\') {
        size++;
    }
    return size;
}

static void json_add_escaped(struct http_text *text, uint8_t byte)
{
    if (byte == '"' || byte == '\\') {
        const uint8_t pair[2] = {'\\', byte};
        http_text_add_bytes(text, bytes_of(pair, sizeof(pair)));
        return;
    }
    http_text_add(text, "\\u00");
    http_text_add_hex(text, bytes_of(&byte, 1));
}

void http_text_add_json(struct http_text *text, struct bytes string)
{
    http_text_add(text, "\"");
    while (string.size > 0) {
        const size_t plain = json_plain_size(string);
        http_text_add_bytes(text, bytes_of(string.data, plain));
        string = bytes_of(string.data + plain, string.size - plain);
        if (string.size > 0) {
            json_add_escaped(text, string.data[0]);
            string = bytes_of(string.data + 1, string.size - 1);
        }
    }
    http_text_add(text, "\"");
}
