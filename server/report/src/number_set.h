/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A set of numbers other than 0: open addressing, 8 bytes a slot, at most three quarters full.
 * Its memory comes from the port and is given back when the set grows. One thread at a time.
 */
#ifndef REPORT_NUMBER_SET_H
#define REPORT_NUMBER_SET_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_set {
    const struct arena_memory *memory;
    uint64_t *slots;   /* slot_count of them, 0: free; NULL: nothing was added yet */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

void number_set_init(struct number_set *set, const struct arena_memory *memory);
void number_set_fini(struct number_set *set);
bool number_set_has(const struct number_set *set, uint64_t number);
/* LB_OK: it is in the set now, and *is_new says whether it was not. LB_MEMORY: nothing changed. */
LB_MUST_CHECK enum lb_result number_set_add(struct number_set *set, uint64_t number, bool *is_new);

/* Where to begin to look for a key among slot_count slots (a power of two). */
size_t number_set_slot(uint64_t number, size_t slot_count);

#endif
