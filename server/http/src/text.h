/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A text being written into memory of the caller's, with a flag instead of an overflow. Not a
 * string type. One thread at a time.
 */
#ifndef HTTP_SRC_TEXT_H
#define HTTP_SRC_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_text {
    char *data; /* not ended by a NUL */
    size_t size;
    size_t room;
    bool is_cut; /* something did not fit; what stands is of no use */
};

struct http_text http_text_of(char *data, size_t room);
struct bytes http_text_bytes(const struct http_text *text);

void http_text_add_bytes(struct http_text *text, struct bytes bytes);
void http_text_add(struct http_text *text, const char *string);
void http_text_add_u64(struct http_text *text, uint64_t number);
void http_text_add_i64(struct http_text *text, int64_t number);
/* At least so many digits, with zeros in front. */
void http_text_add_digits(struct http_text *text, uint64_t number, int digits);
/* Lower case. */
void http_text_add_hex(struct http_text *text, struct bytes bytes);
/* Without padding, as the Connect protocol has it. */
void http_text_add_base64(struct http_text *text, struct bytes bytes);
/* With quotes; what is not UTF-8 in it stays so. */
void http_text_add_json(struct http_text *text, struct bytes string);

#endif
