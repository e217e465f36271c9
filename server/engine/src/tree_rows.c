/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tiles and leaves through views. Threading: see tree_rows.h.
 */
#include "tree_rows.h"

#include "base/wire.h"
#include "people/people.h"
#include "rows.h"

#define TILE_BYTES (MERKLE_TILE_HASHES * LB_HASH_BYTES)

_Static_assert(sizeof(struct merkle_hash) == LB_HASH_BYTES, "a tile's value is an array of them");

static void tree_digest(void *context, const struct bytes *parts, size_t count,
                        struct merkle_hash *out)
{
    (void)context;
    people_sha256(parts, count, out->bytes);
}

struct merkle_hasher tree_hasher(void)
{
    return (struct merkle_hasher){tree_digest, NULL};
}

size_t tree_tile_key(unsigned level, uint64_t index, uint8_t key[TREE_TILE_KEY_BYTES])
{
    struct wire_writer writer = {.data = key, .cap = TREE_TILE_KEY_BYTES};
    wire_put_u8(&writer, (uint8_t)level);
    wire_put_u64(&writer, index);
    return writer.size;
}

uint64_t tree_tile_index(uint64_t size, unsigned level)
{
    return size >> (level * MERKLE_TILE_HEIGHT) >> MERKLE_TILE_HEIGHT;
}

uint64_t tree_tile_full_at(unsigned level, uint64_t index)
{
    return (index + 1) << (level * MERKLE_TILE_HEIGHT) << MERKLE_TILE_HEIGHT;
}

void tree_tile_put(struct views views, unsigned level, uint64_t index,
                   const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    uint8_t key[TREE_TILE_KEY_BYTES];
    size_t key_bytes = tree_tile_key(level, index, key);
    views_put(views, TABLE_TILE, bytes_of(key, key_bytes), bytes_of(hashes, TILE_BYTES));
}

const struct merkle_hash *tree_tile_stored(struct views views, unsigned level, uint64_t index)
{
    uint8_t key[TREE_TILE_KEY_BYTES];
    size_t key_bytes = tree_tile_key(level, index, key);
    struct bytes value;
    if (!views_get(views, TABLE_TILE, bytes_of(key, key_bytes), &value) ||
        value.size != TILE_BYTES) {
        return NULL;
    }
    return (const struct merkle_hash *)value.data;
}

static bool tree_leaf_hash(struct views views, uint64_t index, struct merkle_hash *leaf)
{
    struct rows_key key = rows_key_of(index + 1);
    struct bytes packed;
    if (!views_get(views, TABLE_ENTRY, rows_key_bytes(&key), &packed)) {
        return false;
    }
    struct merkle_hasher hasher = tree_hasher();
    merkle_hash_leaf(&hasher, packed, leaf);
    return true;
}

/* The hash over a full tile. */
static void tree_tile_root(const struct merkle_hash *hashes, struct merkle_hash *root)
{
    struct merkle_hasher hasher = tree_hasher();
    struct merkle_frontier frontier;
    merkle_frontier_init(&frontier);
    for (size_t i = 0; i < MERKLE_TILE_HASHES; i++) {
        merkle_frontier_append(&frontier, &hasher, &hashes[i]);
    }
    merkle_frontier_root(&frontier, &hasher, root);
}

/* One hash of a tile: a leaf's, or that over the tile below. */
static bool tree_tile_hash(struct views views, unsigned level, uint64_t number,
                           struct merkle_hash *out)
{
    if (level == 0) {
        return tree_leaf_hash(views, number, out);
    }
    struct merkle_hash computed[MERKLE_TILE_HASHES];
    const struct merkle_hash *below = tree_tile_stored(views, level - 1, number);
    if (below == NULL) {
        if (!tree_tile_compute(views, level - 1, number, computed)) {
            return false;
        }
        below = computed;
    }
    tree_tile_root(below, out);
    return true;
}

/* Goes one level down for each tile that is not stored: at most MERKLE_TILE_LEVELS deep. */
bool tree_tile_compute(struct views views, unsigned level, uint64_t index,
                       struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    for (uint64_t i = 0; i < MERKLE_TILE_HASHES; i++) {
        if (!tree_tile_hash(views, level, index * MERKLE_TILE_HASHES + i, &hashes[i])) {
            return false;
        }
    }
    return true;
}

static const struct merkle_hash *tree_tile_read(void *context, unsigned level, uint64_t index)
{
    struct tree_source *source = context;
    const struct merkle_hash *stored = tree_tile_stored(source->views, level, index);
    if (stored != NULL) {
        return stored;
    }
    bool is_computed = views_fault(source->views) == LB_OK &&
                       tree_tile_compute(source->views, level, index, source->computed);
    return is_computed ? source->computed : NULL;
}

static bool tree_leaf_read(void *context, uint64_t index, struct merkle_hash *leaf)
{
    const struct tree_source *source = context;
    return tree_leaf_hash(source->views, index, leaf);
}

struct merkle_reader tree_reader(struct tree_source *source)
{
    return (struct merkle_reader){tree_tile_read, tree_leaf_read, source};
}

static bool tree_ignore_tile(void *context, unsigned level, uint64_t index,
                             const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    (void)context;
    (void)level;
    (void)index;
    (void)hashes;
    return true;
}

/* Where the edge has gone on to another tile, what it held is made again. */
static enum merkle_outcome tree_shrink(struct merkle_tree *tree, uint64_t size, struct views views)
{
    for (unsigned level = 0; level < MERKLE_TILE_LEVELS; level++) {
        uint64_t first = tree_tile_index(size, level) * MERKLE_TILE_HASHES;
        uint64_t end = size >> (level * MERKLE_TILE_HEIGHT);
        if (tree_tile_index(tree->size, level) == tree_tile_index(size, level)) {
            continue;
        }
        for (uint64_t number = first; number < end; number++) {
            if (!tree_tile_hash(views, level, number, &tree->edge[level][number - first])) {
                return MERKLE_UNREADABLE;
            }
        }
    }
    tree->size = size;
    return MERKLE_OK;
}

enum merkle_outcome tree_resize(struct merkle_tree *tree, uint64_t size, struct views views)
{
    if (size < tree->size) {
        return tree_shrink(tree, size, views);
    }
    const struct merkle_sink sink = {tree_ignore_tile, NULL};
    enum merkle_outcome outcome = MERKLE_OK;
    while (tree->size < size && outcome == MERKLE_OK) {
        struct merkle_hash leaf;
        outcome = tree_leaf_hash(views, tree->size, &leaf) ? merkle_tree_append(tree, &leaf, &sink)
                                                           : MERKLE_UNREADABLE;
    }
    return outcome;
}

enum lb_result tree_result(enum merkle_outcome outcome, struct views views)
{
    switch (outcome) {
    case MERKLE_OK:
        return LB_OK;
    case MERKLE_OUT_OF_RANGE:
        return LB_ENTRY_UNKNOWN;
    case MERKLE_UNREADABLE:
        return views_fault(views) != LB_OK ? views_fault(views) : LB_STORAGE_CORRUPT;
    }
    return LB_INTERNAL;
}
