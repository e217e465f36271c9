/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A shelf of full tiles in memory for the Merkle tests, which can refuse the nth access; test
 * leaves; and RFC 6962's root by plain recursion. Single thread.
 */
#ifndef TESTS_UNIT_LEDGER_MERKLE_SHELF_H
#define TESTS_UNIT_LEDGER_MERKLE_SHELF_H

#include "sha256_for_tests.h"

#include <stdio.h>

#define SHELF_TILES_MAX 280
#define SHELF_LEVELS    2
#define SHELF_NEVER     UINT64_MAX

struct shelf {
    struct merkle_hash tiles[SHELF_LEVELS][SHELF_TILES_MAX][MERKLE_TILE_HASHES];
    uint64_t tile_counts[SHELF_LEVELS];
    uint64_t until_failure; /* accesses that still succeed before one fails */
    bool has_failed;
};

static inline void leaf_of(uint64_t index, struct merkle_hash *leaf)
{
    char text[32];
    int size = snprintf(text, sizeof(text), "leaf %llu", (unsigned long long)index);
    merkle_hash_leaf(&sha256_hasher, bytes_of(text, (size_t)size), leaf);
}

static inline bool shelf_may_go_on(struct shelf *shelf)
{
    if (shelf->until_failure == 0) {
        shelf->has_failed = true;
        shelf->until_failure = SHELF_NEVER;
        return false;
    }
    if (shelf->until_failure != SHELF_NEVER) {
        shelf->until_failure--;
    }
    return true;
}

/* Refuses, too, a tile that is not the next of its level: each must come once and in order. */
static inline bool shelf_put(void *context, unsigned level, uint64_t index,
                             const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    struct shelf *shelf = context;
    bool is_next = level < SHELF_LEVELS && index < SHELF_TILES_MAX &&
                   (index == shelf->tile_counts[level] || index + 1 == shelf->tile_counts[level]);
    if (!is_next || !shelf_may_go_on(shelf)) {
        return false;
    }
    memcpy(shelf->tiles[level][index], hashes, sizeof(shelf->tiles[level][index]));
    shelf->tile_counts[level] = index + 1;
    return true;
}

static inline const struct merkle_hash *shelf_read(void *context, unsigned level, uint64_t index)
{
    struct shelf *shelf = context;
    if (level >= SHELF_LEVELS || index >= shelf->tile_counts[level] || !shelf_may_go_on(shelf)) {
        return NULL;
    }
    return shelf->tiles[level][index];
}

static inline bool shelf_read_leaf(void *context, uint64_t index, struct merkle_hash *leaf)
{
    leaf_of(index, leaf);
    return shelf_may_go_on(context);
}

static inline struct merkle_sink shelf_sink(struct shelf *shelf)
{
    return (struct merkle_sink){shelf_put, shelf};
}

static inline struct merkle_reader shelf_reader(struct shelf *shelf)
{
    return (struct merkle_reader){shelf_read, shelf_read_leaf, shelf};
}

static inline void shelf_clear(struct shelf *shelf)
{
    memset(shelf->tile_counts, 0, sizeof(shelf->tile_counts));
    shelf->until_failure = SHELF_NEVER;
    shelf->has_failed = false;
}

/* Appends test leaves until the tree has `size`. false: the shelf refused a tile. */
static inline bool shelf_grow(struct shelf *shelf, struct merkle_tree *tree, uint64_t size)
{
    struct merkle_sink sink = shelf_sink(shelf);
    while (tree->size < size) {
        struct merkle_hash leaf;
        leaf_of(tree->size, &leaf);
        if (merkle_tree_append(tree, &leaf, &sink) != MERKLE_OK) {
            return false;
        }
    }
    return true;
}

/* MTH of RFC 6962, 2.1: the definition itself. */
static inline void naive_root(const struct merkle_hash *leaves, uint64_t count,
                              struct merkle_hash *root)
{
    if (count == 0) {
        merkle_hash_empty(&sha256_hasher, root);
        return;
    }
    if (count == 1) {
        *root = leaves[0];
        return;
    }
    uint64_t split = 1;
    while (split * 2 < count) {
        split *= 2;
    }
    struct merkle_hash left;
    struct merkle_hash right;
    naive_root(leaves, split, &left);
    naive_root(leaves + split, count - split, &right);
    merkle_hash_node(&sha256_hasher, &left, &right, root);
}

static inline void hash_to_text(const struct merkle_hash *hash, char text[65])
{
    for (size_t i = 0; i < sizeof(hash->bytes); i++) {
        snprintf(text + 2 * i, 3, "%02x", hash->bytes[i]);
    }
}

#endif
