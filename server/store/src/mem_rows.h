/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows of the memory store: ordered maps from keys to chains of versions. It knows nothing of
 * groups, faults or locks: its caller, mem.c, holds the lock.
 */
#ifndef STORE_SRC_MEM_ROWS_H
#define STORE_SRC_MEM_ROWS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/ordered.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem_version {
    struct mem_version *older;
    uint64_t number; /* of the commit that made it */
    bool is_deleted;
    size_t size;
    uint8_t data[];
};

struct mem_row {
    struct mem_version *newest;  /* numbers fall along the chain; NULL: never committed */
    struct mem_version *pending; /* of the open group; owned by it */
    enum ledger_table table;
    size_t key_size;
    uint8_t key[LEDGER_KEY_BYTES_MAX];
};

struct mem_rows {
    const struct arena_memory *memory;
    struct ordered tables[LEDGER_TABLE_NUMBER_MAX + 1]; /* key -> pointer to struct mem_row */
};

void mem_rows_init(struct mem_rows *rows, const struct arena_memory *memory);
void mem_rows_fini(struct mem_rows *rows);

/* The row of that key, made without versions if there is none. NULL: no memory. It stays in its
 * place until mem_row_trim takes it out. */
LB_MUST_CHECK struct mem_row *mem_rows_acquire(struct mem_rows *rows, enum ledger_table table,
                                               struct bytes key);
/* LB_OK or ENTRY_UNKNOWN, as seen at version `number`. */
LB_MUST_CHECK enum lb_result mem_rows_get(const struct mem_rows *rows, uint64_t number,
                                          enum ledger_table table, struct bytes key,
                                          struct bytes *value);
LB_MUST_CHECK enum lb_result mem_rows_seek(const struct mem_rows *rows, uint64_t number,
                                           enum ledger_table table, struct bytes key,
                                           bool at_or_after, size_t within, struct bytes *found_key,
                                           struct bytes *value);

/* A version not yet in a chain. NULL: no memory. */
LB_MUST_CHECK struct mem_version *mem_version_new(const struct mem_rows *rows, struct bytes value,
                                                  bool is_deleted);
void mem_version_free(const struct mem_rows *rows, struct mem_version *version);
/* The pending version becomes the newest. */
void mem_row_push(struct mem_row *row, uint64_t number);
/* Takes the newest version, which has that number, out of the chain; the caller frees it. */
LB_MUST_CHECK struct mem_version *mem_row_pop(struct mem_row *row, uint64_t number);
/* Drops what no reader at version `oldest` or later can see. With can_remove (no view of any row's
 * key is held) also the row, when nothing is left of it; it is then gone. */
void mem_row_trim(struct mem_rows *rows, struct mem_row *row, uint64_t oldest, bool can_remove);

#endif
