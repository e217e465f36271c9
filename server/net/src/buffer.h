/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A contiguous, growable buffer of bytes with a cursor for reading and one for writing. Not a
 * queue of chunks: a frame in it is one piece of memory. Loop's thread only.
 */
#ifndef NET_SRC_BUFFER_H
#define NET_SRC_BUFFER_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where memory comes from; see net_ops.resize. */
struct net_memory {
    void *(*resize)(void *ctx, void *block, size_t bytes);
    void *ctx;
};

/* begin <= end <= capacity; data is NULL if and only if capacity is 0. What has been written and
 * not read lies in [begin, end). An empty buffer has begin == end == 0. */
struct net_buffer {
    const struct net_memory *memory; /* outlives the buffer */
    uint8_t *data;
    size_t capacity;
    size_t begin;
    size_t end;
};

void net_buffer_init(struct net_buffer *buffer, const struct net_memory *memory);
/* Gives the memory back; the buffer is then empty and usable. */
void net_buffer_fini(struct net_buffer *buffer);
bool net_buffer_is_valid(const struct net_buffer *buffer);

/* Unread bytes, and how many; the pointer lives until the next reserve or fini. */
const uint8_t *net_buffer_bytes(const struct net_buffer *buffer);
size_t net_buffer_size(const struct net_buffer *buffer);
/* Marks the first size unread bytes as read. */
void net_buffer_consume(struct net_buffer *buffer, size_t size);

/* Room for at least size bytes at the write cursor. LB_OK or LB_MEMORY (nothing changed). */
LB_MUST_CHECK enum lb_result net_buffer_reserve(struct net_buffer *buffer, size_t size);
/* The write cursor and the room behind it; what was written there is then announced. */
uint8_t *net_buffer_room(struct net_buffer *buffer, size_t *room);
void net_buffer_produce(struct net_buffer *buffer, size_t size);

/* An empty buffer that has grown gives its memory back. */
void net_buffer_trim(struct net_buffer *buffer);

#endif
