/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Request ids: 128 bits made by the client. Ideally UUIDv7 (RFC 9562), whose first 48 bits are
 * the time in ms, so that new ids go to the end of the index. Pure: time and randomness come in.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/bytes.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

#define ID_TEXT_BYTES 37 /* 8-4-4-4-12 hex digits and NUL */

struct id {
    uint8_t bytes[LB_REQUEST_ID_BYTES];
};

/* State for ids that rise within one maker even when the clock stands still or steps back. */
struct id_maker {
    uint64_t last_ms;
    uint16_t counter; /* 12 bits used; reseeded with randomness each new ms */
};

struct id id_make(struct id_maker *maker, uint64_t now_ms, const uint8_t random[10]);
bool id_is_zero(const struct id *id);
bool id_equal(const struct id *a, const struct id *b);
void id_format(const struct id *id, char text[ID_TEXT_BYTES]);
/* 32 hex digits, with or without the four hyphens in their places. */
LB_MUST_CHECK bool id_parse(struct bytes text, struct id *id);

#endif
