/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of a table in order: made anew when there are more rows than in the last one, and shared
 * meanwhile. Threading: see generation.h.
 */
#include "generation_private.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

static int row_order(const void *left, const void *right)
{
    const struct generation_row *const *a = left;
    const struct generation_row *const *b = right;
    return bytes_compare(generation_row_key(*a), generation_row_key(*b));
}

/* Entries, requests and tiles come in order: then there is nothing to sort. */
static bool index_is_sorted(const struct generation_index *index)
{
    for (size_t i = 1; i < index->count; i++) {
        if (row_order(&index->rows[i - 1], &index->rows[i]) > 0) {
            return false;
        }
    }
    return true;
}

static struct generation_index *index_new(const struct generation_row *newest)
{
    size_t count = newest == NULL ? 0 : newest->place_in_table;
    struct generation_index *index = malloc(sizeof(*index) + count * sizeof(index->rows[0]));
    if (index == NULL) {
        return NULL;
    }
    atomic_init(&index->references, 1);
    index->count = count;
    for (const struct generation_row *row = newest; row != NULL; row = row->older_in_table) {
        index->rows[--count] = row;
    }
    LB_ASSERT(count == 0);
    if (!index_is_sorted(index)) {
        qsort(index->rows, index->count, sizeof(index->rows[0]), row_order);
    }
    return index;
}

struct generation_index *generation_index_take(struct generation *generation,
                                               enum ledger_table table)
{
    struct generation_table *of = &generation->tables[table];
    LB_ASSERT(pthread_mutex_lock(&generation->index_lock) == 0);
    const struct generation_row *newest = atomic_load_explicit(&of->newest, memory_order_acquire);
    size_t count = newest == NULL ? 0 : newest->place_in_table;
    if (of->index == NULL || of->index->count != count) {
        struct generation_index *made = index_new(newest);
        if (made != NULL) {
            generation_index_give(of->index);
        }
        of->index = made == NULL ? of->index : made;
        if (made == NULL) {
            LB_ASSERT(pthread_mutex_unlock(&generation->index_lock) == 0);
            return NULL;
        }
    }
    struct generation_index *index = of->index;
    (void)atomic_fetch_add_explicit(&index->references, 1, memory_order_relaxed);
    LB_ASSERT(pthread_mutex_unlock(&generation->index_lock) == 0);
    return index;
}

void generation_index_give(struct generation_index *index)
{
    if (index != NULL && atomic_fetch_sub(&index->references, 1) == 1) {
        free(index);
    }
}

size_t generation_index_count(const struct generation_index *index)
{
    return index->count;
}

bool generation_index_at(const struct generation_index *index, size_t i,
                         struct generation_place *place)
{
    LB_ASSERT(i < index->count);
    return generation_row_place(index->rows[i], UINT64_MAX, place);
}
