/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The growable buffer of a connection's input and output. It does no I/O and has no upper bound of
 * its own: its users bound what they put in. Passwords and tokens come this way: no copy of what
 * was read stays behind. Loop's thread only.
 */
#include "buffer.h"

#include "base/assert.h"
#include "base/checked.h"

#include <string.h>

#define BUFFER_BYTES_MIN  ((size_t)4 << 10)
#define BUFFER_BYTES_KEPT ((size_t)64 << 10) /* an idle connection may hold this much */

void net_buffer_init(struct net_buffer *buffer, const struct net_memory *memory)
{
    *buffer = (struct net_buffer){.memory = memory};
}

void net_buffer_fini(struct net_buffer *buffer)
{
    LB_ASSERT(net_buffer_is_valid(buffer));
    if (buffer->data != NULL) {
        explicit_bzero(buffer->data + buffer->begin, net_buffer_size(buffer));
        (void)buffer->memory->resize(buffer->memory->ctx, buffer->data, 0);
    }
    net_buffer_init(buffer, buffer->memory);
}

bool net_buffer_is_valid(const struct net_buffer *buffer)
{
    return buffer->begin <= buffer->end && buffer->end <= buffer->capacity &&
           (buffer->data == NULL) == (buffer->capacity == 0) &&
           (buffer->begin < buffer->end || buffer->end == 0);
}

const uint8_t *net_buffer_bytes(const struct net_buffer *buffer)
{
    return buffer->data == NULL ? NULL : buffer->data + buffer->begin;
}

size_t net_buffer_size(const struct net_buffer *buffer)
{
    return buffer->end - buffer->begin;
}

void net_buffer_consume(struct net_buffer *buffer, size_t size)
{
    LB_ASSERT(size <= net_buffer_size(buffer));
    if (size > 0) {
        explicit_bzero(buffer->data + buffer->begin, size);
    }
    buffer->begin += size;
    if (buffer->begin == buffer->end) {
        buffer->begin = 0;
        buffer->end = 0;
    }
}

/* Moves what is unread to the front. */
static void buffer_compact(struct net_buffer *buffer)
{
    const size_t size = net_buffer_size(buffer);
    if (buffer->begin > 0) {
        const size_t left = size > buffer->begin ? size : buffer->begin;
        memmove(buffer->data, buffer->data + buffer->begin, size);
        explicit_bzero(buffer->data + left, buffer->end - left);
        buffer->begin = 0;
        buffer->end = size;
    }
}

/* A new block, as one that is made larger in its place may be moved and leave its bytes. */
static enum lb_result buffer_grow(struct net_buffer *buffer, size_t capacity)
{
    const size_t size = net_buffer_size(buffer);
    uint8_t *data = buffer->memory->resize(buffer->memory->ctx, NULL, capacity);
    if (data == NULL) {
        return LB_MEMORY;
    }
    if (size > 0) {
        memcpy(data, buffer->data + buffer->begin, size);
    }
    net_buffer_fini(buffer);
    buffer->data = data;
    buffer->capacity = capacity;
    buffer->end = size;
    return LB_OK;
}

enum lb_result net_buffer_reserve(struct net_buffer *buffer, size_t size)
{
    LB_ASSERT(net_buffer_is_valid(buffer));
    if (size <= buffer->capacity - buffer->end) {
        return LB_OK;
    }
    size_t needed = 0;
    if (!checked_add_size(net_buffer_size(buffer), size, &needed) || needed > SIZE_MAX / 8) {
        return LB_MEMORY;
    }
    /* Bytes are moved only when as many were read since: each byte is moved once on average. */
    if (needed > buffer->capacity || buffer->begin < net_buffer_size(buffer)) {
        size_t capacity = buffer->capacity == 0 ? BUFFER_BYTES_MIN : 2 * buffer->capacity;
        while (capacity < needed) {
            capacity *= 2;
        }
        return buffer_grow(buffer, capacity);
    }
    buffer_compact(buffer);
    LB_ASSERT(size <= buffer->capacity - buffer->end);
    return LB_OK;
}

uint8_t *net_buffer_room(struct net_buffer *buffer, size_t *room)
{
    *room = buffer->capacity - buffer->end;
    return buffer->data == NULL ? NULL : buffer->data + buffer->end;
}

void net_buffer_produce(struct net_buffer *buffer, size_t size)
{
    LB_ASSERT(size <= buffer->capacity - buffer->end);
    buffer->end += size;
}

void net_buffer_trim(struct net_buffer *buffer)
{
    if (net_buffer_size(buffer) == 0 && buffer->capacity > BUFFER_BYTES_KEPT) {
        net_buffer_fini(buffer);
    }
}
