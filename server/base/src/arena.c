/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Arena of blocks. Ordinary blocks have one size and are cut from the front; a request too large
 * for one gets a block to itself. One arena belongs to one thread at a time.
 */
#include "base/arena.h"

#include "base/assert.h"
#include "base/checked.h"

#include <stdint.h>
#include <stdlib.h>

#define ARENA_ALIGNMENT_BYTES 16
#define ARENA_BLOCK_BYTES     (16u << 10)

struct arena_block {
    struct arena_block *next;
    size_t size; /* of data */
    size_t used; /* a multiple of the alignment */
    _Alignas(ARENA_ALIGNMENT_BYTES) uint8_t data[];
};

static void *heap_allocate(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void heap_release(void *context, void *block)
{
    (void)context;
    free(block);
}

const struct arena_memory *arena_memory_heap(void)
{
    static const struct arena_memory heap = {heap_allocate, heap_release, NULL};
    return &heap;
}

void arena_init(struct arena *arena, const struct arena_memory *memory, size_t cap_bytes)
{
    LB_ASSERT(memory != NULL);
    *arena = (struct arena){.memory = memory, .cap_bytes = cap_bytes};
}

static void arena_release_blocks(struct arena *arena, struct arena_block *kept)
{
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        if (block != kept) {
            arena->memory->release(arena->memory->context, block);
        }
        block = next;
    }
    arena->blocks = kept;
    arena->used_bytes = 0;
    arena->exhausted = false;
}

void arena_fini(struct arena *arena)
{
    arena_release_blocks(arena, NULL);
}

void arena_reset(struct arena *arena)
{
    /* Never an oversize block: an idle connection must not keep the memory of its largest frame. */
    struct arena_block *kept = arena->blocks;
    while (kept != NULL && kept->size != ARENA_BLOCK_BYTES) {
        kept = kept->next;
    }
    arena_release_blocks(arena, kept);
    if (kept != NULL) {
        kept->next = NULL;
        kept->used = 0;
    }
}

void arena_wipe(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks; block != NULL; block = block->next) {
        explicit_bzero(block->data, block->used);
    }
}

/* A block with room for `bytes`, linked where later small requests still find the best room. */
static struct arena_block *arena_add_block(struct arena *arena, size_t bytes)
{
    size_t data_bytes = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
    size_t block_bytes = 0;
    if (!checked_add_size(data_bytes, sizeof(struct arena_block), &block_bytes)) {
        return NULL;
    }
    struct arena_block *block = arena->memory->allocate(arena->memory->context, block_bytes);
    if (block == NULL) {
        return NULL;
    }
    block->size = data_bytes;
    block->used = 0;
    bool is_oversize = data_bytes > ARENA_BLOCK_BYTES;
    struct arena_block **link =
        is_oversize && arena->blocks != NULL ? &arena->blocks->next : &arena->blocks;
    block->next = *link;
    *link = block;
    return block;
}

static void *arena_fail(struct arena *arena)
{
    arena->exhausted = true;
    return NULL;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    LB_ASSERT(arena->used_bytes <= arena->cap_bytes);
    size_t padded = 0;
    if (!checked_add_size(bytes == 0 ? 1 : bytes, ARENA_ALIGNMENT_BYTES - 1, &padded)) {
        return arena_fail(arena);
    }
    padded -= padded % ARENA_ALIGNMENT_BYTES;
    if (padded > arena->cap_bytes - arena->used_bytes) {
        return arena_fail(arena);
    }
    struct arena_block *block = arena->blocks;
    if (block == NULL || padded > block->size - block->used) {
        block = arena_add_block(arena, padded);
        if (block == NULL) {
            return arena_fail(arena);
        }
    }
    void *taken = block->data + block->used;
    block->used += padded;
    arena->used_bytes += padded;
    return taken;
}

void *arena_take_zeroed(struct arena *arena, size_t count, size_t bytes)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, bytes, &total)) {
        return arena_fail(arena);
    }
    void *taken = arena_take(arena, total);
    if (taken != NULL) {
        memset(taken, 0, total);
    }
    return taken;
}

bool arena_copy(struct arena *arena, struct bytes from, struct bytes *out)
{
    *out = (struct bytes){NULL, 0};
    if (from.size == 0) {
        return true;
    }
    uint8_t *copy = arena_take(arena, from.size);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, from.data, from.size);
    *out = bytes_of(copy, from.size);
    return true;
}
