/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The rows that a group changes, in memory: found by hashing their family (ledger/views.h), a
 * family in ascending order. What a seek beyond a family costs is a walk over all rows: no rule
 * that decides or applies a command does that. Not the undo list nor the store below: see
 * overlay.c. One thread at a time.
 */
#ifndef STORE_SRC_WRITE_SET_H
#define STORE_SRC_WRITE_SET_H

#include "base/arena.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#define WRITE_SET_BUCKETS_LEAST 64

enum write_state {
    WRITE_ABSENT, /* not changed here, or no more: as if there were no such row */
    WRITE_DELETED,
    WRITE_PRESENT,
};

/* Lives as long as the arena; its key never changes. */
struct write_row {
    struct write_row *after; /* of its family, ascending */
    struct write_row *newer; /* of all, as they came */
    struct bytes value;
    enum write_state state;
    uint8_t table;
    uint8_t key_bytes;
    uint8_t key[];
};

struct write_family;

/* Invariant: bucket_count is a power of two; all rows of a family are in one list. */
struct write_set {
    struct arena *arena;
    struct write_family **buckets;
    struct write_family *buckets_least[WRITE_SET_BUCKETS_LEAST];
    size_t bucket_count;
    size_t family_count;
    struct write_row *oldest;
    struct write_row *newest;
};

/* Empty; everything it had is given up with the arena. */
void write_set_reset(struct write_set *set, struct arena *arena);

static inline struct bytes write_row_key(const struct write_row *row)
{
    return bytes_of(row->key, row->key_bytes);
}

/* The row, of any state. NULL: there is none. */
const struct write_row *write_set_find(const struct write_set *set, enum ledger_table table,
                                       struct bytes key);
/* The row, made absent if there is none. NULL: no memory. */
struct write_row *write_set_take(struct write_set *set, enum ledger_table table, struct bytes key);

/* First row at or after, last row at or before the key (with is_beyond: after, before) among those
 * that share its first `within` bytes and are not absent. NULL: none. */
struct write_seek {
    enum ledger_table table;
    struct bytes key;
    size_t within;
    bool at_or_after;
    bool is_beyond;
};
const struct write_row *write_set_seek(const struct write_set *set, const struct write_seek *seek);

#endif
