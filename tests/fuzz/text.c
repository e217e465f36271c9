/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: texts as people write them. Bytes that are not well-formed UTF-8 never reach the
 * module and are left out here too. Any other text keeps the properties of its unit test. One
 * thread.
 */
#include "../unit/text/text_properties.h"
#include "base/assert.h"

#define ARENA_BYTES (4u << 20)
#define INPUT_BYTES (16u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = bytes_of(data, size);
    if (size > INPUT_BYTES || !text_is_well_formed(in)) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    const char *broken = text_broken_property(&arena, in);
    LB_ASSERT(broken == NULL);
    arena_fini(&arena);
    return 0;
}
