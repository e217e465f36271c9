/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Memory for the rows of a group is refused where a test says so. For tests that are linked with
 * --wrap=generation_reserve (cmake/LoveBankTests.cmake). Threads: groups are of one.
 */
#ifndef TESTS_UNIT_STORE_SHARED_MEMORY_LACK_H
#define TESTS_UNIT_STORE_SHARED_MEMORY_LACK_H

#include "../../../server/store/src/generation.h"

bool __real_generation_reserve(struct generation *generation, size_t rows, size_t bytes);
bool __wrap_generation_reserve(struct generation *generation, size_t rows, size_t bytes);

static unsigned memory_lacks; /* so often from now on */

bool __wrap_generation_reserve(struct generation *generation, size_t rows, size_t bytes)
{
    if (memory_lacks > 0) {
        memory_lacks--;
        return false;
    }
    return __real_generation_reserve(generation, rows, bytes);
}

#endif
