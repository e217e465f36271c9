/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What generation.c and generation_index.c share. Threading: see generation.h.
 */
#ifndef STORE_SRC_GENERATION_PRIVATE_H
#define STORE_SRC_GENERATION_PRIVATE_H

#include "generation.h"

#include <pthread.h>
#include <stdatomic.h>

#define GENERATION_BUCKETS (UINT64_C(1) << 18)
/* One bit for each hash of a family here, in a few hundred KiB that stay in the processor's cache:
 * most families that are looked for are not here, and need no further look. */
#define GENERATION_SEEN_BITS  (UINT64_C(1) << 21)
#define GENERATION_SEEN_WORDS (GENERATION_SEEN_BITS / 64)
#define GENERATION_TABLES     (LEDGER_TABLE_NUMBER_MAX + 1)

struct generation_block {
    struct generation_block *next;
    size_t bytes;
    _Alignas(8) uint8_t data[];
};

/* What a group left of a row. */
struct generation_version {
    struct generation_version *older;
    uint64_t number;
    uint32_t size;
    bool is_deleted;
    uint8_t data[];
};

struct generation_row {
    _Atomic(struct generation_version *) newest; /* NULL: being made */
    _Atomic(struct generation_row *) next;       /* of the family, ascending */
    struct generation_row *older_in_table;
    size_t place_in_table; /* 1: the first row of its table */
    uint8_t key_bytes;
    uint8_t key[];
};

struct generation_family {
    struct generation_family *next; /* of the bucket */
    _Atomic(struct generation_row *) rows;
    uint64_t hash;
    uint8_t table;
    uint8_t prefix_bytes;
};

struct generation_table {
    _Atomic(struct generation_row *) newest;
    size_t count;                   /* the putting thread's */
    struct generation_index *index; /* the newest made; under index_lock */
};

struct generation {
    struct generation_pool *pool;
    atomic_uint references;
    _Atomic(struct generation_family *) *buckets;
    _Atomic uint64_t *seen;
    struct generation_block *blocks; /* the putting thread's, as the two below */
    uint8_t *block_at;
    size_t block_left;
    atomic_size_t bytes;
    _Atomic uint64_t newest;
    pthread_mutex_t index_lock;
    struct generation_table tables[GENERATION_TABLES];
};

struct generation_index {
    atomic_uint references;
    size_t count;
    const struct generation_row *rows[];
};

static inline struct bytes generation_row_key(const struct generation_row *row)
{
    return bytes_of(row->key, row->key_bytes);
}

/* The row as group `number` saw it. false: not changed by groups up to that number. */
bool generation_row_place(const struct generation_row *row, uint64_t number,
                          struct generation_place *place);

#endif
