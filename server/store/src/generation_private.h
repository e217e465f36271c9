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

#define GENERATION_SLOTS_LEAST 4096
#define GENERATION_TABLES      (LEDGER_TABLE_NUMBER_MAX + 1)

struct generation_block {
    struct generation_block *next;
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
    uint64_t hash;
    _Atomic(struct generation_row *) rows;
    uint8_t table;
    uint8_t prefix_bytes;
};

/* An open hash table of families; a larger one takes its place, and it lives as long as that. */
struct generation_slots {
    struct generation_slots *older;
    size_t count; /* a power of two */
    _Atomic uint64_t slots[];
};

struct generation_table {
    _Atomic(struct generation_row *) newest;
    size_t count;                   /* the putting thread's */
    struct generation_index *index; /* the newest made; under index_lock */
};

struct generation {
    struct generation_pool *pool;
    atomic_uint references;
    _Atomic(struct generation_slots *) slots;
    size_t family_count; /* the putting thread's, as those below up to block_left */
    struct generation_block *blocks;
    struct generation_block *blocks_ahead; /* reserved */
    size_t ahead_count;
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

struct generation_slots *generation_slots_new(size_t count); /* NULL: no memory */
LB_MUST_CHECK bool generation_slots_reserve(struct generation *generation, size_t more);
/* Out of what was reserved. */
void *generation_allocate(struct generation *generation, size_t bytes);
/* The row as group `number` saw it. false: not changed by groups up to that number. */
bool generation_row_place(const struct generation_row *row, uint64_t number,
                          struct generation_place *place);

#endif
