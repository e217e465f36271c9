/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The life of a generation and its memory: blocks of one size, which the next generation uses
 * again. Threading: see generation.h.
 */
#include "generation_private.h"

#include "base/assert.h"
#include "store/store.h"

#include <stdlib.h>

#define BLOCK_BYTES (UINT64_C(512) << 10)
#define ALIGNMENT   8u
/* A row, beside its key and value: with its family and slots, and what alignment takes. */
#define ROW_OVERHEAD_BYTES                                              \
    (sizeof(struct generation_family) + sizeof(struct generation_row) + \
     sizeof(struct generation_version) + 3 * ALIGNMENT)
#define ROW_BYTES_MAX (UINT64_C(192) << 10) /* so much of each block may be left empty */

_Static_assert(STORE_VALUE_BYTES_MAX < ROW_BYTES_MAX, "a value and what belongs to it fit");

/* ---- the pool ---- */

void generation_pool_init(struct generation_pool *pool)
{
    *pool = (struct generation_pool){.slot_count = GENERATION_SLOTS_LEAST};
    LB_ASSERT(pthread_mutex_init(&pool->lock, NULL) == 0);
}

static void blocks_free(struct generation_block *block)
{
    while (block != NULL) {
        struct generation_block *next = block->next;
        free(block);
        block = next;
    }
}

void generation_pool_trim(struct generation_pool *pool)
{
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    struct generation_block *blocks = pool->blocks;
    pool->blocks = NULL;
    pool->slot_count = GENERATION_SLOTS_LEAST;
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
    blocks_free(blocks);
}

void generation_pool_fini(struct generation_pool *pool)
{
    generation_pool_trim(pool);
    (void)pthread_mutex_destroy(&pool->lock);
}

/* One of the pool's, or a new one. NULL: no memory. */
static struct generation_block *pool_take(struct generation_pool *pool)
{
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    struct generation_block *block = pool->blocks;
    if (block != NULL) {
        pool->blocks = block->next;
    }
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
    return block != NULL ? block : malloc(sizeof(*block) + BLOCK_BYTES);
}

static void pool_give_all(struct generation_pool *pool, struct generation_block *blocks)
{
    struct generation_block *last = blocks;
    if (blocks == NULL) {
        return;
    }
    while (last->next != NULL) {
        last = last->next;
    }
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    last->next = pool->blocks;
    pool->blocks = blocks;
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
}

/* ---- life ---- */

struct generation *generation_new(struct generation_pool *pool)
{
    struct generation *generation = calloc(1, sizeof(*generation));
    if (generation == NULL) {
        return NULL;
    }
    generation->pool = pool;
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    size_t slot_count = pool->slot_count;
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
    struct generation_slots *slots = generation_slots_new(slot_count);
    if (slots == NULL || pthread_mutex_init(&generation->index_lock, NULL) != 0) {
        free(slots);
        free(generation);
        return NULL;
    }
    atomic_init(&generation->slots, slots);
    atomic_init(&generation->references, 1);
    return generation;
}

void generation_take(struct generation *generation)
{
    (void)atomic_fetch_add_explicit(&generation->references, 1, memory_order_relaxed);
}

void generation_give(struct generation *generation)
{
    if (generation == NULL || atomic_fetch_sub(&generation->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < GENERATION_TABLES; i++) {
        generation_index_give(generation->tables[i].index);
    }
    struct generation_slots *slots = atomic_load(&generation->slots);
    LB_ASSERT(pthread_mutex_lock(&generation->pool->lock) == 0);
    if (slots->count > generation->pool->slot_count) { /* the next needs as many: none to move */
        generation->pool->slot_count = slots->count;
    }
    LB_ASSERT(pthread_mutex_unlock(&generation->pool->lock) == 0);
    while (slots != NULL) {
        struct generation_slots *older = slots->older;
        free(slots);
        slots = older;
    }
    pool_give_all(generation->pool, generation->blocks);
    pool_give_all(generation->pool, generation->blocks_ahead);
    (void)pthread_mutex_destroy(&generation->index_lock);
    free(generation);
}

size_t generation_bytes(const struct generation *generation)
{
    return atomic_load_explicit(&generation->bytes, memory_order_relaxed);
}

uint64_t generation_newest(const struct generation *generation)
{
    return atomic_load_explicit(&generation->newest, memory_order_acquire);
}

/* ---- memory ---- */

/* What is sure to fit into what was reserved: a row goes into one block. */
static size_t bytes_reserved(const struct generation *generation)
{
    size_t left = generation->block_left;
    left = left > ROW_BYTES_MAX ? left - ROW_BYTES_MAX : 0;
    return left + generation->ahead_count * (BLOCK_BYTES - ROW_BYTES_MAX);
}

bool generation_reserve(struct generation *generation, size_t rows, size_t bytes)
{
    size_t wanted = rows * ROW_OVERHEAD_BYTES + bytes;
    if (!generation_slots_reserve(generation, rows)) {
        return false;
    }
    while (bytes_reserved(generation) < wanted) {
        struct generation_block *block = pool_take(generation->pool);
        if (block == NULL) {
            return false; /* what was taken so far is for the next group */
        }
        block->next = generation->blocks_ahead;
        generation->blocks_ahead = block;
        generation->ahead_count++;
        (void)atomic_fetch_add_explicit(&generation->bytes, BLOCK_BYTES, memory_order_relaxed);
    }
    return true;
}

void *generation_allocate(struct generation *generation, size_t bytes)
{
    size_t taken = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    LB_ASSERT(taken <= ROW_BYTES_MAX);
    if (taken > generation->block_left) {
        struct generation_block *block = generation->blocks_ahead;
        LB_ASSERT(block != NULL); /* generation_reserve came before */
        generation->blocks_ahead = block->next;
        generation->ahead_count--;
        block->next = generation->blocks;
        generation->blocks = block;
        generation->block_at = block->data;
        generation->block_left = BLOCK_BYTES;
    }
    void *at = generation->block_at;
    generation->block_at += taken;
    generation->block_left -= taken;
    return at;
}
