/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: stored entries and persons. No bytes crash the codec, and what is taken is stable:
 * packing it, unpacking that and packing again gives the same bytes. One thread.
 */
#include "base/assert.h"
#include "entry/codec.h"

#define ARENA_BYTES (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_entry(struct bytes input, struct arena *arena)
{
    struct entry entry;
    struct bytes packed;
    struct bytes again;
    if (entry_unpack(input, arena, &entry) != LB_OK) {
        return;
    }
    /* What is packed otherwise than we would may become larger than an entry may be. */
    enum lb_result result = entry_pack(&entry, arena, &packed);
    LB_ASSERT(result == LB_OK || (result == LB_INTERNAL && packed.size > input.size));
    if (result == LB_OK) {
        LB_ASSERT(entry_unpack(packed, arena, &entry) == LB_OK);
        LB_ASSERT(entry_pack(&entry, arena, &again) == LB_OK);
        LB_ASSERT(bytes_equal(packed, again));
    }
}

static void fuzz_person(struct bytes input, struct arena *arena)
{
    struct person person;
    struct bytes packed;
    struct bytes again;
    if (entry_unpack_person(input, arena, &person) == LB_OK) {
        LB_ASSERT(entry_pack_person(&person, arena, &packed) == LB_OK);
        LB_ASSERT(entry_unpack_person(packed, arena, &person) == LB_OK);
        LB_ASSERT(entry_pack_person(&person, arena, &again) == LB_OK);
        LB_ASSERT(bytes_equal(packed, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    if (size > LB_ENTRY_BYTES_MAX) {
        return 0;
    }
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    fuzz_entry(bytes_of(data, size), &arena);
    arena_reset(&arena);
    fuzz_person(bytes_of(data, size), &arena);
    arena_fini(&arena);
    return 0;
}
