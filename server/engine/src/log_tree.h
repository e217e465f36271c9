/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The book's Merkle tree in memory. It grows behind the groups: the writer hashes the entries of a
 * group when it has handed it to the store, and the next group puts the tiles that became full.
 * Until they are durable they are kept here, and with them the tree can be cut back.
 *
 * The writer's thread alone; log_tree_copy from any thread.
 */
#ifndef ENGINE_SRC_LOG_TREE_H
#define ENGINE_SRC_LOG_TREE_H

#include "ledger/merkle.h"
#include "ledger/views.h"

#include <pthread.h>

/* A tile that became full. */
struct log_tile {
    struct log_tile *next;
    uint64_t full_at; /* the tree's size then */
    unsigned level;
    uint64_t index;
    struct merkle_hash hashes[MERKLE_TILE_HASHES];
};

/* Invariant: `tiles` holds every tile that became full after the newest durable frontier. */
struct log_tree {
    pthread_mutex_t lock; /* of tree: the writer changes it, views copy it */
    struct merkle_tree tree;
    struct log_tile *tiles; /* oldest first */
    struct log_tile **tiles_end;
    struct log_tile *spare;
    size_t spare_count;
};

void log_tree_init(struct log_tree *tree);
void log_tree_fini(struct log_tree *tree);

/* Takes memory for growing by so many leaves, which then cannot fail. */
LB_MUST_CHECK bool log_tree_reserve(struct log_tree *tree, size_t leaves);
/* Hashes the entries and grows tree and frontier, which have the same size, by them. */
void log_tree_append(struct log_tree *tree, const struct bytes *packed, size_t count,
                     struct merkle_frontier *frontier);
/* Puts the tiles that became full after the tree had `stored` leaves. */
void log_tree_put(const struct log_tree *tree, uint64_t stored, struct views views);
/* Forgets the tiles that were full with `stored` leaves: they are durable. */
void log_tree_forget(struct log_tree *tree, uint64_t stored);
/* Back to `size` leaves, not fewer than the newest durable frontier has. */
void log_tree_cut(struct log_tree *tree, uint64_t size);

void log_tree_copy(struct log_tree *tree, struct merkle_tree *copy);

#endif
