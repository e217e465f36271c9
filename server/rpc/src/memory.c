/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * malloc with a counter. Safe from any thread.
 */
#include "memory.h"

#include <malloc.h>
#include <stdlib.h>

static void *memory_allocate(void *context, size_t bytes)
{
    struct rpc_memory *memory = context;
    if (bytes > memory->bytes_max || atomic_load(&memory->used_bytes) > memory->bytes_max - bytes) {
        return NULL;
    }
    void *block = malloc(bytes);
    if (block != NULL) {
        atomic_fetch_add(&memory->used_bytes, malloc_usable_size(block));
    }
    return block;
}

static void memory_release(void *context, void *block)
{
    struct rpc_memory *memory = context;
    if (block != NULL) {
        atomic_fetch_sub(&memory->used_bytes, malloc_usable_size(block));
        free(block);
    }
}

void rpc_memory_init(struct rpc_memory *memory, size_t bytes_max)
{
    atomic_init(&memory->used_bytes, 0);
    memory->bytes_max = bytes_max;
    memory->port = (struct arena_memory){
        .allocate = memory_allocate,
        .release = memory_release,
        .context = memory,
    };
}
