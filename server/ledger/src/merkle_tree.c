/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tree as tiles: appending, rebuilding the right edge, and reading the hash of any range of
 * leaves, from which roots and proofs are made. Pure; a tree belongs to one thread at a time.
 */
#include "merkle_tree.h"

#include "base/assert.h"

/* How many hashes of a level's right-edge tile are set at this size. */
static unsigned tree_edge_count(uint64_t size, unsigned level)
{
    return (unsigned)(size >> (level * MERKLE_TILE_HEIGHT)) & (MERKLE_TILE_HASHES - 1);
}

/* The hash over `count` neighbouring hashes, a power of two, at most a tile. */
static void tree_fold(const struct merkle_hasher *hasher, const struct merkle_hash *hashes,
                      size_t count, struct merkle_hash *out)
{
    LB_ASSERT(count >= 1 && count <= MERKLE_TILE_HASHES && (count & (count - 1)) == 0);
    struct merkle_hash row[MERKLE_TILE_HASHES];
    memcpy(row, hashes, count * sizeof(row[0]));
    for (size_t width = count / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++) {
            merkle_hash_node(hasher, &row[2 * i], &row[2 * i + 1], &row[i]);
        }
    }
    *out = row[0];
}

void merkle_tree_init(struct merkle_tree *tree, struct merkle_hasher hasher)
{
    LB_ASSERT(hasher.digest != NULL);
    memset(tree, 0, sizeof(*tree));
    tree->hasher = hasher;
}

/* `tiles`: the roots of the tiles that become full, where they are known already; else NULL. */
static enum merkle_outcome tree_append(struct merkle_tree *tree, const struct merkle_hash *leaf,
                                       const struct merkle_hash *tiles,
                                       const struct merkle_sink *sink)
{
    LB_ASSERT(tree->size < MERKLE_SIZE_MAX);
    struct merkle_hash hash = *leaf;
    /* What is written beyond a level's count is not part of the tree until size says so. */
    for (unsigned level = 0; level < MERKLE_TILE_LEVELS; level++) {
        unsigned count = tree_edge_count(tree->size, level);
        tree->edge[level][count] = hash;
        if (count < MERKLE_TILE_HASHES - 1) {
            break;
        }
        uint64_t index = tree->size >> ((level + 1) * MERKLE_TILE_HEIGHT);
        if (!sink->tile_full(sink->context, level, index, tree->edge[level])) {
            return MERKLE_UNREADABLE;
        }
        if (tiles != NULL) {
            hash = tiles[level];
        } else {
            tree_fold(&tree->hasher, tree->edge[level], MERKLE_TILE_HASHES, &hash);
        }
    }
    tree->size++;
    return MERKLE_OK;
}

enum merkle_outcome merkle_tree_append(struct merkle_tree *tree, const struct merkle_hash *leaf,
                                       const struct merkle_sink *sink)
{
    return tree_append(tree, leaf, NULL, sink);
}

enum merkle_outcome merkle_tree_append_both(struct merkle_tree *tree,
                                            struct merkle_frontier *frontier,
                                            const struct merkle_hash *leaf,
                                            const struct merkle_sink *sink)
{
    LB_ASSERT(frontier->size == tree->size);
    struct merkle_hash tiles[MERKLE_TILE_LEVELS];
    merkle_frontier_append_tiles(frontier, &tree->hasher, leaf, tiles);
    return tree_append(tree, leaf, tiles, sink);
}

static enum merkle_outcome tree_rebuild_leaves(struct merkle_tree *tree,
                                               const struct merkle_reader *reader)
{
    unsigned count = tree_edge_count(tree->size, 0);
    for (unsigned i = 0; i < count; i++) {
        if (!reader->leaf_read(reader->context, tree->size - count + i, &tree->edge[0][i])) {
            return MERKLE_UNREADABLE;
        }
    }
    return MERKLE_OK;
}

/* The hashes of a higher edge are the roots of the full tiles below it. */
static enum merkle_outcome tree_rebuild_level(struct merkle_tree *tree, unsigned level,
                                              const struct merkle_reader *reader)
{
    unsigned count = tree_edge_count(tree->size, level);
    uint64_t first = (tree->size >> (level * MERKLE_TILE_HEIGHT)) - count;
    for (unsigned i = 0; i < count; i++) {
        const struct merkle_hash *tile = reader->tile_read(reader->context, level - 1, first + i);
        if (tile == NULL) {
            return MERKLE_UNREADABLE;
        }
        tree_fold(&tree->hasher, tile, MERKLE_TILE_HASHES, &tree->edge[level][i]);
    }
    return MERKLE_OK;
}

enum merkle_outcome merkle_tree_rebuild(struct merkle_tree *tree, struct merkle_hasher hasher,
                                        uint64_t size, const struct merkle_reader *reader)
{
    merkle_tree_init(tree, hasher);
    if (size > MERKLE_SIZE_MAX) {
        return MERKLE_OUT_OF_RANGE;
    }
    tree->size = size;
    enum merkle_outcome outcome = tree_rebuild_leaves(tree, reader);
    for (unsigned level = 1; level < MERKLE_TILE_LEVELS && outcome == MERKLE_OK; level++) {
        outcome = tree_rebuild_level(tree, level, reader);
    }
    return outcome;
}

/* The hash of the complete subtree of this height; its leaves all lie in the tree. */
static enum merkle_outcome tree_read_node(const struct merkle_tree *tree,
                                          const struct merkle_reader *reader, unsigned height,
                                          uint64_t index, struct merkle_hash *out)
{
    unsigned level = height / MERKLE_TILE_HEIGHT;
    unsigned height_in_tile = height % MERKLE_TILE_HEIGHT;
    uint64_t first = index << height_in_tile;
    uint64_t tile_index = first / MERKLE_TILE_HASHES;
    const struct merkle_hash *tile = tree->edge[level];
    uint64_t edge_index = (tree->size >> (level * MERKLE_TILE_HEIGHT)) / MERKLE_TILE_HASHES;
    if (tile_index < edge_index) {
        tile = reader->tile_read(reader->context, level, tile_index);
    }
    if (tile == NULL) {
        return MERKLE_UNREADABLE;
    }
    tree_fold(&tree->hasher, tile + first % MERKLE_TILE_HASHES, (size_t)1 << height_in_tile, out);
    return MERKLE_OK;
}

/*
 * The smallest complete subtree is at the right end, and each further one to its left is twice as
 * large or more: so the hash is folded from the right.
 */
enum merkle_outcome merkle_tree_hash_range(const struct merkle_tree *tree,
                                           const struct merkle_reader *reader, uint64_t begin,
                                           uint64_t end, struct merkle_hash *out)
{
    LB_ASSERT(begin < end && end <= tree->size);
    bool has_right = false;
    for (uint64_t right = end; right > begin;) {
        unsigned height = (unsigned)__builtin_ctzll(right - begin);
        uint64_t left = right - (UINT64_C(1) << height);
        struct merkle_hash peak;
        enum merkle_outcome outcome = tree_read_node(tree, reader, height, left >> height, &peak);
        if (outcome != MERKLE_OK) {
            return outcome;
        }
        if (has_right) {
            merkle_hash_node(&tree->hasher, &peak, out, out);
        } else {
            *out = peak;
        }
        has_right = true;
        right = left;
    }
    return MERKLE_OK;
}

enum merkle_outcome merkle_tree_root_at(const struct merkle_tree *tree,
                                        const struct merkle_reader *reader, uint64_t size,
                                        struct merkle_hash *root)
{
    if (size > tree->size) {
        return MERKLE_OUT_OF_RANGE;
    }
    if (size == 0) {
        merkle_hash_empty(&tree->hasher, root);
        return MERKLE_OK;
    }
    return merkle_tree_hash_range(tree, reader, 0, size, root);
}

/* The peaks of the whole tree all lie in its edge, so nothing is ever read. */
void merkle_tree_root(const struct merkle_tree *tree, struct merkle_hash *root)
{
    static const struct merkle_reader no_reader;
    enum merkle_outcome outcome = merkle_tree_root_at(tree, &no_reader, tree->size, root);
    LB_ASSERT(outcome == MERKLE_OK);
}
