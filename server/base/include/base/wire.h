/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Big-endian integers in keys and records, and a reader that cannot run past its end.
 * Signed 32-bit values in keys are offset by 2^31, so that they sort as numbers. Pure.
 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

/* Writes into a caller's buffer; `overflow` is sticky and then nothing more is written. */
struct wire_writer {
    uint8_t *data;
    size_t size; /* written so far */
    size_t cap;
    bool overflow;
};

/* Reads a view; `bad` is sticky, and a read after it gives zero. */
struct wire_reader {
    struct bytes left;
    bool bad;
};

void wire_put_u8(struct wire_writer *writer, uint8_t value);
void wire_put_u16(struct wire_writer *writer, uint16_t value);
void wire_put_u32(struct wire_writer *writer, uint32_t value);
void wire_put_u64(struct wire_writer *writer, uint64_t value);
void wire_put_i32_ordered(struct wire_writer *writer, int32_t value);
void wire_put_i64(struct wire_writer *writer, int64_t value); /* two's complement; for values */
void wire_put_bytes(struct wire_writer *writer, struct bytes bytes); /* no length in front */

uint8_t wire_get_u8(struct wire_reader *reader);
uint16_t wire_get_u16(struct wire_reader *reader);
uint32_t wire_get_u32(struct wire_reader *reader);
uint64_t wire_get_u64(struct wire_reader *reader);
int32_t wire_get_i32_ordered(struct wire_reader *reader);
int64_t wire_get_i64(struct wire_reader *reader);
/* A view into the bytes read; size more than is left sets bad and gives an empty view. */
struct bytes wire_get_bytes(struct wire_reader *reader, size_t size);
/* Everything was read and nothing was bad. */
bool wire_reader_is_done(const struct wire_reader *reader);

#endif
