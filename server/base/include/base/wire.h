/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Big-endian integers in keys and records, and a reader that cannot run past its end.
 * Signed 32-bit values in keys are offset by 2^31, so that they sort as numbers. Every key
 * and row goes through these, hence inline. Pure; safe from any thread.
 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include "base/bytes.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WIRE_I32_OFFSET UINT32_C(0x80000000)

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

/* The place for `size` bytes, or NULL when they do not fit. */
static inline uint8_t *wire_reserve(struct wire_writer *writer, size_t size)
{
    if (writer->overflow || size > writer->cap - writer->size) {
        writer->overflow = true;
        return NULL;
    }
    uint8_t *place = writer->data + writer->size;
    writer->size += size;
    return place;
}

/* No length in front. */
static inline void wire_put_bytes(struct wire_writer *writer, struct bytes bytes)
{
    if (bytes.size == 0) { /* no arithmetic on a pointer that may be NULL */
        return;
    }
    uint8_t *place = wire_reserve(writer, bytes.size);
    if (place != NULL) {
        memcpy(place, bytes.data, bytes.size);
    }
}

static inline void wire_put_u8(struct wire_writer *writer, uint8_t value)
{
    wire_put_bytes(writer, bytes_of(&value, sizeof(value)));
}

static inline void wire_put_u16(struct wire_writer *writer, uint16_t value)
{
    const uint16_t big = htobe16(value);
    wire_put_bytes(writer, bytes_of(&big, sizeof(big)));
}

static inline void wire_put_u32(struct wire_writer *writer, uint32_t value)
{
    const uint32_t big = htobe32(value);
    wire_put_bytes(writer, bytes_of(&big, sizeof(big)));
}

static inline void wire_put_u64(struct wire_writer *writer, uint64_t value)
{
    const uint64_t big = htobe64(value);
    wire_put_bytes(writer, bytes_of(&big, sizeof(big)));
}

static inline void wire_put_i32_ordered(struct wire_writer *writer, int32_t value)
{
    wire_put_u32(writer, (uint32_t)value ^ WIRE_I32_OFFSET);
}

/* Two's complement; for values. */
static inline void wire_put_i64(struct wire_writer *writer, int64_t value)
{
    wire_put_u64(writer, (uint64_t)value);
}

/* A view into the bytes read; size more than is left sets bad and gives an empty view. */
static inline struct bytes wire_get_bytes(struct wire_reader *reader, size_t size)
{
    if (reader->bad || size > reader->left.size) {
        reader->bad = true;
        return (struct bytes){NULL, 0};
    }
    if (size == 0) { /* no arithmetic on a pointer that may be NULL */
        return bytes_of(reader->left.data, 0);
    }
    const struct bytes taken = bytes_of(reader->left.data, size);
    reader->left = bytes_of(reader->left.data + size, reader->left.size - size);
    return taken;
}

static inline uint8_t wire_get_u8(struct wire_reader *reader)
{
    const struct bytes taken = wire_get_bytes(reader, 1);
    return taken.size == 0 ? 0 : taken.data[0];
}

static inline uint16_t wire_get_u16(struct wire_reader *reader)
{
    const struct bytes taken = wire_get_bytes(reader, sizeof(uint16_t));
    uint16_t big = 0;
    if (taken.size > 0) {
        memcpy(&big, taken.data, sizeof(big));
    }
    return be16toh(big);
}

static inline uint32_t wire_get_u32(struct wire_reader *reader)
{
    const struct bytes taken = wire_get_bytes(reader, sizeof(uint32_t));
    uint32_t big = 0;
    if (taken.size > 0) {
        memcpy(&big, taken.data, sizeof(big));
    }
    return be32toh(big);
}

static inline uint64_t wire_get_u64(struct wire_reader *reader)
{
    const struct bytes taken = wire_get_bytes(reader, sizeof(uint64_t));
    uint64_t big = 0;
    if (taken.size > 0) {
        memcpy(&big, taken.data, sizeof(big));
    }
    return be64toh(big);
}

static inline int32_t wire_get_i32_ordered(struct wire_reader *reader)
{
    const uint32_t value = wire_get_u32(reader);
    /* After a bad read the value is zero, not the smallest number. */
    return reader->bad ? 0 : (int32_t)(value ^ WIRE_I32_OFFSET);
}

static inline int64_t wire_get_i64(struct wire_reader *reader)
{
    return (int64_t)wire_get_u64(reader);
}

/* Everything was read and nothing was bad. */
static inline bool wire_reader_is_done(const struct wire_reader *reader)
{
    return !reader->bad && reader->left.size == 0;
}

#endif
