/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Big-endian integers. All of them go through one put and one get, which keep the bounds.
 * Pure; safe from any thread.
 */
#include "base/wire.h"

#define WIRE_I32_OFFSET UINT32_C(0x80000000)

/* The place for `size` bytes, or NULL when they do not fit. */
static uint8_t *wire_reserve(struct wire_writer *writer, size_t size)
{
    if (writer->overflow || size > writer->cap - writer->size) {
        writer->overflow = true;
        return NULL;
    }
    uint8_t *place = writer->data + writer->size;
    writer->size += size;
    return place;
}

static void wire_put_unsigned(struct wire_writer *writer, uint64_t value, size_t size)
{
    uint8_t *place = wire_reserve(writer, size);
    if (place == NULL) {
        return;
    }
    for (size_t i = size; i > 0; i--) {
        place[i - 1] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}

void wire_put_u8(struct wire_writer *writer, uint8_t value)
{
    wire_put_unsigned(writer, value, 1);
}

void wire_put_u16(struct wire_writer *writer, uint16_t value)
{
    wire_put_unsigned(writer, value, 2);
}

void wire_put_u32(struct wire_writer *writer, uint32_t value)
{
    wire_put_unsigned(writer, value, 4);
}

void wire_put_u64(struct wire_writer *writer, uint64_t value)
{
    wire_put_unsigned(writer, value, 8);
}

void wire_put_i32_ordered(struct wire_writer *writer, int32_t value)
{
    wire_put_u32(writer, (uint32_t)value ^ WIRE_I32_OFFSET);
}

void wire_put_i64(struct wire_writer *writer, int64_t value)
{
    wire_put_u64(writer, (uint64_t)value);
}

void wire_put_bytes(struct wire_writer *writer, struct bytes bytes)
{
    if (bytes.size == 0) { /* no arithmetic on a pointer that may be NULL */
        return;
    }
    uint8_t *place = wire_reserve(writer, bytes.size);
    if (place != NULL) {
        memcpy(place, bytes.data, bytes.size);
    }
}

struct bytes wire_get_bytes(struct wire_reader *reader, size_t size)
{
    if (reader->bad || size > reader->left.size) {
        reader->bad = true;
        return (struct bytes){NULL, 0};
    }
    if (size == 0) { /* no arithmetic on a pointer that may be NULL */
        return bytes_of(reader->left.data, 0);
    }
    struct bytes taken = bytes_of(reader->left.data, size);
    reader->left = bytes_of(reader->left.data + size, reader->left.size - size);
    return taken;
}

static uint64_t wire_get_unsigned(struct wire_reader *reader, size_t size)
{
    struct bytes taken = wire_get_bytes(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < taken.size; i++) {
        value = value << 8 | taken.data[i];
    }
    return value;
}

uint8_t wire_get_u8(struct wire_reader *reader)
{
    return (uint8_t)wire_get_unsigned(reader, 1);
}

uint16_t wire_get_u16(struct wire_reader *reader)
{
    return (uint16_t)wire_get_unsigned(reader, 2);
}

uint32_t wire_get_u32(struct wire_reader *reader)
{
    return (uint32_t)wire_get_unsigned(reader, 4);
}

uint64_t wire_get_u64(struct wire_reader *reader)
{
    return wire_get_unsigned(reader, 8);
}

int32_t wire_get_i32_ordered(struct wire_reader *reader)
{
    uint32_t value = wire_get_u32(reader);
    /* After a bad read the value is zero, not the smallest number. */
    return reader->bad ? 0 : (int32_t)(value ^ WIRE_I32_OFFSET);
}

int64_t wire_get_i64(struct wire_reader *reader)
{
    return (int64_t)wire_get_u64(reader);
}

bool wire_reader_is_done(const struct wire_reader *reader)
{
    return !reader->bad && reader->left.size == 0;
}
