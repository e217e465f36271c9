/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows by family, versions by group. Threading: see generation.h: each pointer that readers follow
 * is published once its target is complete.
 */
#include "generation_private.h"

#include "base/assert.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES_LEAST (64u << 10)
#define BLOCK_BYTES_MOST  (1u << 20)
#define ALIGNMENT         8u
#define ROW_OVERHEAD_BYTES                                              \
    (sizeof(struct generation_family) + sizeof(struct generation_row) + \
     sizeof(struct generation_version) + 3 * ALIGNMENT)

static struct bytes family_prefix(enum ledger_table table, struct bytes key)
{
    size_t bytes = ledger_family_bytes(table);
    return bytes_of(key.data, bytes == 0 || bytes > key.size ? key.size : bytes);
}

/* ---- life ---- */

void generation_pool_init(struct generation_pool *pool)
{
    *pool = (struct generation_pool){.blocks = NULL};
    LB_ASSERT(pthread_mutex_init(&pool->lock, NULL) == 0);
}

void generation_pool_trim(struct generation_pool *pool)
{
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    struct generation_block *block = pool->blocks;
    pool->blocks = NULL;
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
    while (block != NULL) {
        struct generation_block *next = block->next;
        free(block);
        block = next;
    }
}

void generation_pool_fini(struct generation_pool *pool)
{
    generation_pool_trim(pool);
    (void)pthread_mutex_destroy(&pool->lock);
}

/* NULL: there is none. */
static struct generation_block *pool_take(struct generation_pool *pool)
{
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    struct generation_block *block = pool->blocks;
    if (block != NULL) {
        pool->blocks = block->next;
    }
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
    return block;
}

static void pool_give(struct generation_pool *pool, struct generation_block *block)
{
    LB_ASSERT(pthread_mutex_lock(&pool->lock) == 0);
    block->next = pool->blocks;
    pool->blocks = block;
    LB_ASSERT(pthread_mutex_unlock(&pool->lock) == 0);
}

struct generation *generation_new(struct generation_pool *pool)
{
    struct generation *generation = calloc(1, sizeof(*generation));
    if (generation == NULL) {
        return NULL;
    }
    generation->buckets = calloc(GENERATION_BUCKETS, sizeof(generation->buckets[0]));
    generation->seen = calloc(GENERATION_SEEN_WORDS, sizeof(generation->seen[0]));
    if (generation->buckets == NULL || generation->seen == NULL ||
        pthread_mutex_init(&generation->index_lock, NULL) != 0) {
        free(generation->buckets);
        free(generation->seen);
        free(generation);
        return NULL;
    }
    generation->pool = pool;
    atomic_init(&generation->references, 1);
    return generation;
}

void generation_take(struct generation *generation)
{
    (void)atomic_fetch_add_explicit(&generation->references, 1, memory_order_relaxed);
}

void generation_give(struct generation *generation)
{
    if (generation == NULL || atomic_fetch_sub(&generation->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < GENERATION_TABLES; i++) {
        generation_index_give(generation->tables[i].index);
    }
    struct generation_block *block = generation->blocks;
    while (block != NULL) {
        struct generation_block *next = block->next;
        if (block->bytes == BLOCK_BYTES_MOST) {
            pool_give(generation->pool, block);
        } else {
            free(block);
        }
        block = next;
    }
    (void)pthread_mutex_destroy(&generation->index_lock);
    free(generation->buckets);
    free(generation->seen);
    free(generation);
}

size_t generation_bytes(const struct generation *generation)
{
    return atomic_load_explicit(&generation->bytes, memory_order_relaxed);
}

uint64_t generation_newest(const struct generation *generation)
{
    return atomic_load_explicit(&generation->newest, memory_order_acquire);
}

/* ---- memory ---- */

bool generation_reserve(struct generation *generation, size_t rows, size_t bytes)
{
    size_t wanted = rows * ROW_OVERHEAD_BYTES + bytes;
    if (generation->block_left >= wanted) {
        return true;
    }
    size_t usual =
        generation_bytes(generation) < BLOCK_BYTES_MOST ? BLOCK_BYTES_LEAST : BLOCK_BYTES_MOST;
    size_t data_bytes = wanted > usual ? wanted : usual;
    struct generation_block *block =
        data_bytes == BLOCK_BYTES_MOST ? pool_take(generation->pool) : NULL;
    if (block == NULL) {
        block = malloc(sizeof(*block) + data_bytes);
    }
    if (block == NULL) {
        return false;
    }
    block->bytes = data_bytes;
    block->next = generation->blocks;
    generation->blocks = block;
    generation->block_at = block->data;
    generation->block_left = data_bytes;
    (void)atomic_fetch_add_explicit(&generation->bytes, data_bytes, memory_order_relaxed);
    return true;
}

static void *generation_allocate(struct generation *generation, size_t bytes)
{
    size_t taken = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    LB_ASSERT(taken <= generation->block_left); /* generation_reserve came before */
    void *at = generation->block_at;
    generation->block_at += taken;
    generation->block_left -= taken;
    return at;
}

/* ---- finding ---- */

/* The bits above those that choose the bucket. */
static uint64_t seen_bit(uint64_t hash)
{
    return hash / GENERATION_BUCKETS % GENERATION_SEEN_BITS;
}

static bool family_is_seen(const struct generation *generation, uint64_t hash)
{
    uint64_t bit = seen_bit(hash);
    uint64_t word = atomic_load_explicit(&generation->seen[bit / 64], memory_order_relaxed);
    return (word >> (bit % 64) & 1) != 0;
}

/* Before the family can be found by others. */
static void family_set_seen(struct generation *generation, uint64_t hash)
{
    uint64_t bit = seen_bit(hash);
    uint64_t word = atomic_load_explicit(&generation->seen[bit / 64], memory_order_relaxed);
    atomic_store_explicit(&generation->seen[bit / 64], word | UINT64_C(1) << (bit % 64),
                          memory_order_relaxed);
}

static struct generation_family *family_find(const struct generation *generation, uint64_t hash,
                                             enum ledger_table table, struct bytes prefix)
{
    if (!family_is_seen(generation, hash)) {
        return NULL;
    }
    struct generation_family *family =
        atomic_load_explicit(&generation->buckets[hash % GENERATION_BUCKETS], memory_order_acquire);
    for (; family != NULL; family = family->next) {
        if (family->hash != hash || family->table != table) {
            continue;
        }
        const struct generation_row *row =
            atomic_load_explicit(&family->rows, memory_order_acquire);
        if (bytes_has_prefix(generation_row_key(row), prefix) &&
            family->prefix_bytes == prefix.size) {
            return family;
        }
    }
    return NULL;
}

static struct generation_family *family_of(const struct generation *generation,
                                           enum ledger_table table, struct bytes key)
{
    struct bytes prefix = family_prefix(table, key);
    return family_find(generation, hash_family(table, prefix), table, prefix);
}

bool generation_row_place(const struct generation_row *row, uint64_t number,
                          struct generation_place *place)
{
    const struct generation_version *version =
        atomic_load_explicit(&row->newest, memory_order_acquire);
    while (version != NULL && version->number > number) {
        version = version->older;
    }
    if (version == NULL) {
        return false;
    }
    *place = (struct generation_place){
        .key = generation_row_key(row),
        .value = bytes_of(version->data, version->size),
        .is_deleted = version->is_deleted,
    };
    return true;
}

bool generation_get(const struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct generation_place *place)
{
    const struct generation_family *family = family_of(generation, table, key);
    if (family == NULL) {
        return false;
    }
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    for (; row != NULL; row = atomic_load_explicit(&row->next, memory_order_acquire)) {
        int order = bytes_compare(generation_row_key(row), key);
        if (order >= 0) {
            return order == 0 && generation_row_place(row, number, place);
        }
    }
    return false;
}

/* ---- putting ---- */

static struct generation_row *row_new(struct generation *generation, enum ledger_table table,
                                      struct bytes key)
{
    struct generation_row *row = generation_allocate(generation, sizeof(*row) + key.size);
    atomic_init(&row->newest, NULL);
    atomic_init(&row->next, NULL);
    row->key_bytes = (uint8_t)key.size;
    memcpy(row->key, key.data, key.size);
    struct generation_table *of = &generation->tables[table];
    row->older_in_table = atomic_load_explicit(&of->newest, memory_order_relaxed);
    return row;
}

/* Once the row is in its family: an index made from here on has it. */
static void row_list(struct generation *generation, enum ledger_table table,
                     struct generation_row *row)
{
    struct generation_table *of = &generation->tables[table];
    row->place_in_table = ++of->count;
    atomic_store_explicit(&of->newest, row, memory_order_release);
}

/* The row of the key, made if there is none. */
static struct generation_row *row_get(struct generation *generation, enum ledger_table table,
                                      struct bytes key)
{
    struct bytes prefix = family_prefix(table, key);
    uint64_t hash = hash_family(table, prefix);
    struct generation_family *family = family_find(generation, hash, table, prefix);
    if (family == NULL) {
        family = generation_allocate(generation, sizeof(*family));
        *family = (struct generation_family){
            .hash = hash, .table = (uint8_t)table, .prefix_bytes = (uint8_t)prefix.size};
        struct generation_row *row = row_new(generation, table, key);
        atomic_init(&family->rows, row);
        _Atomic(struct generation_family *) *bucket =
            &generation->buckets[hash % GENERATION_BUCKETS];
        family->next = atomic_load_explicit(bucket, memory_order_relaxed);
        family_set_seen(generation, hash);
        atomic_store_explicit(bucket, family, memory_order_release);
        row_list(generation, table, row);
        return row;
    }
    _Atomic(struct generation_row *) *link = &family->rows;
    struct generation_row *next = atomic_load_explicit(link, memory_order_relaxed);
    while (next != NULL) {
        int order = bytes_compare(generation_row_key(next), key);
        if (order == 0) {
            return next;
        }
        if (order > 0) {
            break;
        }
        link = &next->next;
        next = atomic_load_explicit(link, memory_order_relaxed);
    }
    struct generation_row *row = row_new(generation, table, key);
    atomic_init(&row->next, next);
    atomic_store_explicit(link, row, memory_order_release);
    row_list(generation, table, row);
    return row;
}

void generation_put(struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct bytes value, bool is_deleted)
{
    LB_ASSERT(key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX && value.size <= UINT32_MAX);
    struct generation_row *row = row_get(generation, table, key);
    struct generation_version *version =
        generation_allocate(generation, sizeof(*version) + value.size);
    version->older = atomic_load_explicit(&row->newest, memory_order_relaxed);
    LB_ASSERT(version->older == NULL || version->older->number <= number);
    version->number = number;
    version->size = (uint32_t)value.size;
    version->is_deleted = is_deleted;
    if (value.size > 0) {
        memcpy(version->data, value.data, value.size);
    }
    atomic_store_explicit(&row->newest, version, memory_order_release);
}

void generation_reach(struct generation *generation, uint64_t number)
{
    atomic_store_explicit(&generation->newest, number, memory_order_release);
}

/* Readers of earlier groups pass these versions by; the bytes stay until the generation goes. */
void generation_undo(struct generation *generation, uint64_t from)
{
    if (generation_newest(generation) < from) {
        return;
    }
    for (size_t i = 0; i < GENERATION_TABLES; i++) {
        struct generation_row *row =
            atomic_load_explicit(&generation->tables[i].newest, memory_order_relaxed);
        for (; row != NULL; row = row->older_in_table) {
            struct generation_version *version =
                atomic_load_explicit(&row->newest, memory_order_relaxed);
            while (version != NULL && version->number >= from) {
                version = version->older;
            }
            atomic_store_explicit(&row->newest, version, memory_order_release);
        }
    }
    atomic_store_explicit(&generation->newest, from - 1, memory_order_release);
}

/* ---- seeking ---- */

static bool seek_fits(const struct generation_seek *seek, struct bytes found)
{
    int order = bytes_compare(found, seek->key);
    return order == 0 ? !seek->is_beyond : (order > 0) == seek->at_or_after;
}

static bool seek_in_family(const struct generation *generation, const struct generation_seek *seek,
                           struct generation_place *place)
{
    const struct generation_family *family = family_of(generation, seek->table, seek->key);
    if (family == NULL) {
        return false;
    }
    bool is_found = false;
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    for (; row != NULL; row = atomic_load_explicit(&row->next, memory_order_acquire)) {
        struct generation_place here;
        if (!generation_row_place(row, seek->number, &here)) {
            continue;
        }
        bool fits = seek_fits(seek, here.key);
        if (fits) {
            *place = here;
            is_found = true;
        }
        if (fits == seek->at_or_after) { /* the first that fits; the first that does not any more */
            break;
        }
    }
    return is_found;
}

/* The first row at or after the key, or after it. */
static size_t index_bound(const struct generation_index *index, struct bytes key, bool is_after)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = bytes_compare(generation_row_key(index->rows[middle]), key);
        bool is_before = is_after ? order <= 0 : order < 0;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

static bool seek_in_index(const struct generation_index *index, const struct generation_seek *seek,
                          struct generation_place *place)
{
    size_t at = index_bound(index, seek->key, seek->at_or_after == seek->is_beyond);
    if (seek->at_or_after) {
        while (at < index->count && !generation_row_place(index->rows[at], seek->number, place)) {
            at++;
        }
        return at < index->count;
    }
    while (at > 0 && !generation_row_place(index->rows[at - 1], seek->number, place)) {
        at--;
    }
    return at > 0;
}

enum lb_result generation_seek(struct generation *generation, const struct generation_seek *seek,
                               struct generation_index **index, struct generation_place *place)
{
    size_t family_bytes = ledger_family_bytes(seek->table);
    bool is_found = false;
    if (seek->key.size > 0 && family_bytes > 0 && seek->within >= family_bytes) {
        is_found = seek_in_family(generation, seek, place);
    } else {
        if (*index == NULL) {
            *index = generation_index_take(generation, seek->table);
        }
        if (*index == NULL) {
            return LB_MEMORY;
        }
        is_found = seek_in_index(*index, seek, place);
    }
    bool is_within =
        is_found && bytes_has_prefix(place->key, bytes_of(seek->key.data, seek->within));
    return is_within ? LB_OK : LB_ENTRY_UNKNOWN;
}
