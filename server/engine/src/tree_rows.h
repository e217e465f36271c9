/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The Merkle tree's tiles in the table TILE (key: level u8, index u64; value: 256 hashes), and its
 * leaves from the table ENTRY. Stored are the full tiles below the head record's frontier. One
 * thread at a time.
 */
#ifndef ENGINE_SRC_TREE_ROWS_H
#define ENGINE_SRC_TREE_ROWS_H

#include "ledger/merkle.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#define TREE_TILE_KEY_BYTES 9

/* SHA-256, the hash of the book. Needs no context. */
struct merkle_hasher tree_hasher(void);
size_t tree_tile_key(unsigned level, uint64_t index, uint8_t key[TREE_TILE_KEY_BYTES]);
/* The tile of that level in which the tree of `size` leaves has its right edge. */
uint64_t tree_tile_index(uint64_t size, unsigned level);
/* How many leaves the tree has when the tile is full. */
uint64_t tree_tile_full_at(unsigned level, uint64_t index);

void tree_tile_put(struct views views, unsigned level, uint64_t index,
                   const struct merkle_hash hashes[MERKLE_TILE_HASHES]);
/* NULL: there is no such row, it has another size, or a fault of the views. */
const struct merkle_hash *tree_tile_stored(struct views views, unsigned level, uint64_t index);
/* The tile as it follows from the entries, or from the tiles below where they are stored. false: a
 * row is missing, or a fault of the views. */
LB_MUST_CHECK bool tree_tile_compute(struct views views, unsigned level, uint64_t index,
                                     struct merkle_hash hashes[MERKLE_TILE_HASHES]);

/* Where a tree's tiles are read: one that is not stored yet is computed. */
struct tree_source {
    struct views views;
    struct merkle_hash computed[MERKLE_TILE_HASHES];
};

/* The source must outlive what is made of it. */
struct merkle_reader tree_reader(struct tree_source *source);
/* Makes of a tree that of `size` leaves, more or fewer; the views have so many entries. */
LB_MUST_CHECK enum merkle_outcome tree_resize(struct merkle_tree *tree, uint64_t size,
                                              struct views views);
/* MERKLE_UNREADABLE becomes the views' fault, or STORAGE_CORRUPT when a row is missing or has
 * another size. */
enum lb_result tree_result(enum merkle_outcome outcome, struct views views);

#endif
