/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A memory port for tests: counts what is out, and fails the nth allocation. Single thread.
 */
#ifndef TESTS_UNIT_BASE_FAULTY_MEMORY_H
#define TESTS_UNIT_BASE_FAULTY_MEMORY_H

#include "base/arena.h"

#include <stdlib.h>

#define FAULTY_NEVER SIZE_MAX

struct faulty_memory {
    size_t until_failure; /* allocations that still succeed before one fails */
    size_t blocks_out;
    bool has_failed;
};

static inline void *faulty_allocate(void *context, size_t bytes)
{
    struct faulty_memory *faulty = context;
    if (faulty->until_failure == 0) {
        faulty->has_failed = true;
        faulty->until_failure = FAULTY_NEVER;
        return NULL;
    }
    if (faulty->until_failure != FAULTY_NEVER) {
        faulty->until_failure--;
    }
    faulty->blocks_out++;
    return malloc(bytes);
}

static inline void faulty_release(void *context, void *block)
{
    struct faulty_memory *faulty = context;
    faulty->blocks_out--;
    free(block);
}

static inline struct arena_memory faulty_memory_port(struct faulty_memory *faulty)
{
    return (struct arena_memory){faulty_allocate, faulty_release, faulty};
}

#endif
