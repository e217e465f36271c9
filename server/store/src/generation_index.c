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

#define ORDER_WORDS    2
#define PREFETCH_AHEAD 16

/* A row with the first bytes of its key as numbers, which nearly always decide, so that sorting
 * hardly looks at rows, far apart in memory as they are. */
struct sorted_row {
    uint64_t order[ORDER_WORDS];
    const struct generation_row *row;
};

static uint64_t order_word(struct bytes key, size_t at)
{
    uint64_t word = 0;
    for (size_t i = at; i < at + sizeof(word); i++) {
        word = word << 8 | (i < key.size ? key.data[i] : 0);
    }
    return word;
}

static struct sorted_row sorted_row_of(const struct generation_row *row)
{
    struct bytes key = generation_row_key(row);
    return (struct sorted_row){{order_word(key, 0), order_word(key, sizeof(uint64_t))}, row};
}

static int row_order(const void *left, const void *right)
{
    const struct sorted_row *a = left;
    const struct sorted_row *b = right;
    for (size_t i = 0; i < ORDER_WORDS; i++) {
        if (a->order[i] != b->order[i]) {
            return a->order[i] < b->order[i] ? -1 : 1;
        }
    }
    return bytes_compare(generation_row_key(a->row), generation_row_key(b->row));
}

/* Entries, requests and tiles come in order: then there is nothing to sort. */
static bool rows_are_sorted(const struct sorted_row *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (row_order(&rows[i - 1], &rows[i]) > 0) {
            return false;
        }
    }
    return true;
}

static struct generation_index *index_new(const struct generation_row *newest)
{
    size_t count = newest == NULL ? 0 : newest->place_in_table;
    struct generation_index *index =
        malloc(sizeof(*index) + count * sizeof(struct generation_row *));
    struct sorted_row *rows = malloc((count + 1) * sizeof(*rows));
    if (index == NULL || rows == NULL) {
        free(index);
        free(rows);
        return NULL;
    }
    atomic_init(&index->references, 1);
    index->count = count;
    for (const struct generation_row *row = newest; row != NULL; row = row->older_in_table) {
        __builtin_prefetch(row->older_in_table);
        rows[--count] = sorted_row_of(row);
    }
    LB_ASSERT(count == 0);
    if (!rows_are_sorted(rows, index->count)) {
        qsort(rows, index->count, sizeof(*rows), row_order);
    }
    for (size_t i = 0; i < index->count; i++) {
        index->rows[i] = rows[i].row;
    }
    free(rows);
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
    if (i + PREFETCH_AHEAD < index->count) { /* who takes one takes all, one after the other */
        __builtin_prefetch(index->rows[i + PREFETCH_AHEAD]);
        __builtin_prefetch(atomic_load_explicit(&index->rows[i + PREFETCH_AHEAD / 2]->newest,
                                                memory_order_relaxed));
    }
    return generation_row_place(index->rows[i], UINT64_MAX, place);
}
