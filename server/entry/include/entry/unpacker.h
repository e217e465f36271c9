/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reads packed protobuf field by field, without a message in between. The counterpart of packer.h,
 * for requests of thousands of commands. Every read keeps to the bytes there are. Pure.
 */
#ifndef ENTRY_UNPACKER_H
#define ENTRY_UNPACKER_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNPACKER_VARINT_BYTES_MAX 10

enum unpacker_wire {
    UNPACKER_VARINT = 0,
    UNPACKER_64BIT = 1,
    UNPACKER_LENGTH = 2,
    UNPACKER_32BIT = 5,
};

/* `bad` is sticky: the bytes are no message; then a read gives zero. */
struct unpacker {
    struct bytes left;
    bool bad;
};

/* The key of a field: its number and its wire type. */
#define UNPACKER_KEY(field, wire) ((uint64_t)(field) << 3 | (uint64_t)(wire))

static inline bool unpacker_has_more(const struct unpacker *unpacker)
{
    return !unpacker->bad && unpacker->left.size > 0;
}

static inline uint64_t unpacker_varint(struct unpacker *unpacker)
{
    struct bytes *left = &unpacker->left;
    uint64_t value = 0;
    for (size_t i = 0; i < left->size && i < UNPACKER_VARINT_BYTES_MAX; i++) {
        value |= (uint64_t)(left->data[i] & 0x7f) << (7 * i);
        if (left->data[i] < 0x80) {
            *left = bytes_of(left->data + i + 1, left->size - i - 1);
            return value;
        }
    }
    unpacker->bad = true;
    left->size = 0;
    return 0;
}

/* The next so many bytes: a view. */
static inline struct bytes unpacker_take(struct unpacker *unpacker, uint64_t size)
{
    struct bytes *left = &unpacker->left;
    if (size > left->size) {
        unpacker->bad = true;
        left->size = 0;
        return (struct bytes){NULL, 0};
    }
    struct bytes taken = bytes_of(left->data, (size_t)size);
    *left = bytes_of(left->data + size, left->size - (size_t)size);
    return taken;
}

/* What has its length in front: bytes, texts, messages. */
static inline struct bytes unpacker_bytes(struct unpacker *unpacker)
{
    return unpacker_take(unpacker, unpacker_varint(unpacker));
}

/* Steps over a value. */
static inline void unpacker_skip(struct unpacker *unpacker, uint64_t key)
{
    switch (key & 7) {
    case UNPACKER_VARINT:
        (void)unpacker_varint(unpacker);
        break;
    case UNPACKER_64BIT:
        (void)unpacker_take(unpacker, 8);
        break;
    case UNPACKER_LENGTH:
        (void)unpacker_bytes(unpacker);
        break;
    case UNPACKER_32BIT:
        (void)unpacker_take(unpacker, 4);
        break;
    default: /* groups, and types that do not exist */
        unpacker->bad = true;
        break;
    }
}

#endif
