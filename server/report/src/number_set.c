/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Linear probing; doubles when three quarters are taken. Threading: see number_set.h.
 */
#include "number_set.h"

#include "base/assert.h"

#include <string.h>

#define SLOTS_MIN 1024

void number_set_init(struct number_set *set, const struct arena_memory *memory)
{
    *set = (struct number_set){.memory = memory};
}

void number_set_fini(struct number_set *set)
{
    if (set->slots != NULL) {
        set->memory->release(set->memory->context, set->slots);
    }
    number_set_init(set, set->memory);
}

size_t number_set_slot(uint64_t number, size_t slot_count)
{
    /* Numbers in a row come apart: the upper bits of a product with 2^64 / golden ratio. */
    return (size_t)((number * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (slot_count - 1);
}

/* The slot that holds the number, or the free one where it belongs. */
static uint64_t *set_find(const struct number_set *set, uint64_t number)
{
    size_t at = number_set_slot(number, set->slot_count);
    while (set->slots[at] != 0 && set->slots[at] != number) {
        at = (at + 1) & (set->slot_count - 1);
    }
    return &set->slots[at];
}

static enum lb_result set_grow(struct number_set *set)
{
    struct number_set grown = {
        .memory = set->memory,
        .slot_count = set->slot_count == 0 ? SLOTS_MIN : set->slot_count * 2,
        .count = set->count,
    };
    const size_t bytes = grown.slot_count * sizeof(*grown.slots);
    grown.slots = set->memory->allocate(set->memory->context, bytes);
    if (grown.slots == NULL) {
        return LB_MEMORY;
    }
    memset(grown.slots, 0, bytes);
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] != 0) {
            *set_find(&grown, set->slots[i]) = set->slots[i];
        }
    }
    number_set_fini(set);
    *set = grown;
    return LB_OK;
}

bool number_set_has(const struct number_set *set, uint64_t number)
{
    LB_ASSERT(number != 0);
    return set->slots != NULL && *set_find(set, number) == number;
}

enum lb_result number_set_add(struct number_set *set, uint64_t number, bool *is_new)
{
    LB_ASSERT(number != 0);
    if (set->count >= set->slot_count / 4 * 3) {
        const enum lb_result result = set_grow(set);
        if (result != LB_OK) {
            return result;
        }
    }
    uint64_t *slot = set_find(set, number);
    *is_new = *slot == 0;
    set->count += *is_new;
    *slot = number;
    return LB_OK;
}
