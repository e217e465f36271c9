/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The Merkle tree's tiles in the table TILE (key: level u8, index u64; value: 256 hashes), and its
 * leaves from the table ENTRY. One thread at a time.
 */
#ifndef ENGINE_SRC_TREE_ROWS_H
#define ENGINE_SRC_TREE_ROWS_H

#include "ledger/merkle.h"
#include "ledger/views.h"

#define TREE_TILE_KEY_BYTES 9

/* SHA-256, the hash of the book. Needs no context. */
struct merkle_hasher tree_hasher(void);
size_t tree_tile_key(unsigned level, uint64_t index, uint8_t key[TREE_TILE_KEY_BYTES]);

/* The views must outlive what is made of them. */
struct merkle_reader tree_reader(struct views *views);
struct merkle_sink tree_sink(struct views *views);
/* MERKLE_UNREADABLE becomes the views' fault, or STORAGE_CORRUPT when a row is missing or has
 * another size. */
enum lb_result tree_result(enum merkle_outcome outcome, struct views views);

#endif
