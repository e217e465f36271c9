/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A generation: the rows that groups changed since a checkpoint, in memory, each with its versions.
 * Not durable by itself: the journal is.
 *
 * Rows are found by their family (the first bytes of the key that hot seeks stay within), by
 * hashing; an order of a whole table is made when somebody seeks beyond a family.
 *
 * Threads: one puts (generation_reserve, generation_put); any may read at the same time, without a
 * lock, what was put before a number was made known to it. Rows and versions never move or go away
 * before the generation does, when its last reference is given back.
 */
#ifndef STORE_SRC_GENERATION_H
#define STORE_SRC_GENERATION_H

#include "base/bytes.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct generation;
struct generation_index;

/* Memory of generations gone, for those to come: what the system gives anew it has to clear first.
 * Any thread. */
struct generation_block;
struct generation_pool {
    pthread_mutex_t lock;
    struct generation_block *blocks;
    size_t slot_count; /* of the largest generation since it was trimmed */
};
void generation_pool_init(struct generation_pool *pool);
void generation_pool_trim(struct generation_pool *pool); /* gives what is not in use back */
void generation_pool_fini(struct generation_pool *pool); /* after the last generation */

/* With one reference. The pool outlives it. NULL: no memory. */
struct generation *generation_new(struct generation_pool *pool);
void generation_take(struct generation *generation);
void generation_give(struct generation *generation);

/* Memory for so many rows of so many bytes of keys and values together (none above 128 KiB), so
 * that putting them cannot fail. false: there is none, and nothing changed. */
LB_MUST_CHECK bool generation_reserve(struct generation *generation, size_t rows, size_t bytes);
/* What is met on the way to a row, each where the one before points to. */
enum generation_step {
    GENERATION_STEP_SLOT,
    GENERATION_STEP_FAMILY,
    GENERATION_STEP_ROW,
    GENERATION_STEP_VERSION,
    GENERATION_STEPS, /* how many */
};

/* Asks the processor for what is met at that step, when the steps before have had time to come: for
 * rows that will soon be looked for or put. hash: generation_hash of the key. */
void generation_prefetch(const struct generation *generation, uint64_t hash,
                         enum generation_step step);
uint64_t generation_hash(enum ledger_table table, struct bytes key);
/* From here on rows of that group may be put; numbers never fall. */
void generation_reach(struct generation *generation, uint64_t number);
/* The row as that group leaves it. Key and value are copied. */
void generation_put(struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct bytes value, bool is_deleted);

size_t generation_bytes(const struct generation *generation);    /* of memory */
uint64_t generation_newest(const struct generation *generation); /* group reached; 0: none */

/* A row found. The bytes live as long as the generation. */
struct generation_place {
    struct bytes key;
    struct bytes value;
    bool is_deleted;
};

/* The row as group `number` saw it. false: no group up to that changed it here. */
bool generation_get(const struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct generation_place *place);

/* First row changed at or after, last row at or before the key (with is_beyond: after, before)
 * among those that share its first `within` bytes, deleted ones too, as group `number` saw them.
 * *index, NULL at first, is kept by the reader from one seek in the table to the next, and given
 * back at the end. LB_OK, ENTRY_UNKNOWN, MEMORY. */
struct generation_seek {
    uint64_t number;
    enum ledger_table table;
    struct bytes key;
    size_t within;
    bool at_or_after;
    bool is_beyond;
};
LB_MUST_CHECK enum lb_result generation_seek(struct generation *generation,
                                             const struct generation_seek *seek,
                                             struct generation_index **index,
                                             struct generation_place *place);

/* Takes back what groups from that number on put. The putting thread's. */
void generation_undo(struct generation *generation, uint64_t from);

/* The rows of a table in ascending order. */
struct generation_index *generation_index_take(struct generation *generation,
                                               enum ledger_table table); /* NULL: no memory */
void generation_index_give(struct generation_index *index);
size_t generation_index_count(const struct generation_index *index);
/* As the newest group left it. false: all that was put there was taken back. */
bool generation_index_at(const struct generation_index *index, size_t i,
                         struct generation_place *place);

#endif
