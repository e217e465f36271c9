/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Set-up and tear-down of a fixture whose first member is its arena. One thread.
 */
#ifndef ARENA_FOR_TESTS_H
#define ARENA_FOR_TESTS_H

#include "base/arena.h"

#include <stdlib.h>

/* A zeroed fixture of so many bytes, its arena ready; NULL: no memory. */
static inline void *fixture_new(size_t fixture_bytes, size_t arena_bytes_max)
{
    struct arena *arena = calloc(1, fixture_bytes);
    if (arena != NULL) {
        arena_init(arena, arena_memory_heap(), arena_bytes_max);
    }
    return arena;
}

static inline int fixture_tear_down(void **state)
{
    arena_fini(*state);
    free(*state);
    return 0;
}

#endif
