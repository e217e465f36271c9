/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Packs a protobuf message directly, from its last field to its first, so that the length of what
 * is nested is known when it is to be written. For the messages of which there is one for each
 * entry; protobuf-c packs all others. Whoever packs so puts fields by falling number, which gives
 * the bytes that protobuf-c would give: tests hold both against each other.
 *
 * Numbers of 0, empty bytes and false are left out, as proto3 does. Pure.
 */
#ifndef ENTRY_PACKER_H
#define ENTRY_PACKER_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of a number with its field, at most: two of the key, ten of a varint. */
#define PACKER_FIELD_BYTES_MAX 12

/* From `at` to `end` stands what is packed. `overflow` is sticky: then there was no room. */
struct packer {
    uint8_t *begin;
    uint8_t *at;
    uint8_t *end;
    bool overflow;
};

static inline struct packer packer_of(uint8_t *buffer, size_t size)
{
    return (struct packer){.begin = buffer, .at = buffer + size, .end = buffer + size};
}

static inline size_t packer_size(const struct packer *packer)
{
    return (size_t)(packer->end - packer->at);
}

/* The place in front of what is there; NULL: no room. */
static inline uint8_t *packer_reserve(struct packer *packer, size_t size)
{
    if (size > (size_t)(packer->at - packer->begin)) {
        packer->overflow = true;
        return NULL;
    }
    packer->at -= size;
    return packer->at;
}

static inline void packer_varint(struct packer *packer, uint64_t value)
{
    size_t size = (size_t)(63 - __builtin_clzll(value | 1)) / 7 + 1;
    uint8_t *place = packer_reserve(packer, size);
    if (place == NULL) {
        return;
    }
    for (size_t i = 0; i + 1 < size; i++) {
        place[i] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    place[size - 1] = (uint8_t)value;
}

static inline void packer_uint(struct packer *packer, unsigned field, uint64_t value)
{
    if (value != 0) {
        packer_varint(packer, value);
        packer_varint(packer, (uint64_t)field << 3);
    }
}

/* int32, int64. */
static inline void packer_int(struct packer *packer, unsigned field, int64_t value)
{
    packer_uint(packer, field, (uint64_t)value);
}

/* sint32, sint64. */
static inline void packer_sint(struct packer *packer, unsigned field, int64_t value)
{
    packer_uint(packer, field, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

/* Ends a nested message that began (was packed from its end on) when `at` was `end`. */
static inline void packer_nest(struct packer *packer, unsigned field, const uint8_t *end)
{
    packer_varint(packer, (uint64_t)(end - packer->at));
    packer_varint(packer, (uint64_t)field << 3 | 2);
}

static inline void packer_bytes(struct packer *packer, unsigned field, struct bytes bytes)
{
    const uint8_t *end = packer->at;
    if (bytes.size == 0) {
        return;
    }
    uint8_t *place = packer_reserve(packer, bytes.size);
    if (place != NULL) {
        memcpy(place, bytes.data, bytes.size);
        packer_nest(packer, field, end);
    }
}

#endif
