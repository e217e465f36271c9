/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * An arena: memory for one request or one group, given back at once, with a cap in bytes.
 * Blocks are 16-byte aligned. The source of memory is a port, so that tests can make it fail.
 * One arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena_memory {
    void *(*allocate)(void *context, size_t bytes); /* NULL when there is none */
    void (*release)(void *context, void *block);
    void *context;
};

/* malloc and free. Static. */
const struct arena_memory *arena_memory_heap(void);

struct arena {
    const struct arena_memory *memory;
    struct arena_block *blocks; /* newest first; the first block is kept by arena_reset */
    size_t used_bytes;          /* handed out since the last reset */
    size_t cap_bytes;
    bool exhausted; /* sticky: an allocation failed, by cap or by the memory port */
};

void arena_init(struct arena *arena, const struct arena_memory *memory, size_t cap_bytes);
void arena_fini(struct arena *arena);
/* Everything handed out dies; one block is kept for the next use. */
void arena_reset(struct arena *arena);
/* Overwrites everything handed out since the last reset: for secrets, before it dies. */
void arena_wipe(struct arena *arena);

/* Uninitialised bytes that live until the arena is reset, or NULL (then exhausted is set). */
LB_MUST_CHECK void *arena_take(struct arena *arena, size_t bytes);
/* The same, zeroed, for count objects of size bytes; NULL also when the product overflows. */
LB_MUST_CHECK void *arena_take_zeroed(struct arena *arena, size_t count, size_t bytes);
/* A copy in the arena. false: no memory. An empty view copies to {NULL, 0}. */
LB_MUST_CHECK bool arena_copy(struct arena *arena, struct bytes from, struct bytes *out);

#endif
