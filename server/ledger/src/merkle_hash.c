/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The three hashes of RFC 6962 (leaf, node, empty tree) and the frontier built of them.
 * Pure; safe from any thread.
 */
#include "base/assert.h"
#include "base/wire.h"
#include "ledger/merkle.h"
#include "merkle_tree.h"

/* The prefixes that keep a leaf from ever passing for a node. */
#define MERKLE_PREFIX_LEAF BYTES_LITERAL("\x00")
#define MERKLE_PREFIX_NODE BYTES_LITERAL("\x01")

bool merkle_hash_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void merkle_hash_leaf(const struct merkle_hasher *hasher, struct bytes entry,
                      struct merkle_hash *out)
{
    const struct bytes parts[] = {MERKLE_PREFIX_LEAF, entry};
    hasher->digest(hasher->context, parts, 2, out);
}

void merkle_hash_node(const struct merkle_hasher *hasher, const struct merkle_hash *left,
                      const struct merkle_hash *right, struct merkle_hash *out)
{
    const struct bytes parts[] = {
        MERKLE_PREFIX_NODE,
        bytes_of(left->bytes, sizeof(left->bytes)),
        bytes_of(right->bytes, sizeof(right->bytes)),
    };
    struct merkle_hash node; /* out may be left or right */
    hasher->digest(hasher->context, parts, 3, &node);
    *out = node;
}

void merkle_hash_empty(const struct merkle_hasher *hasher, struct merkle_hash *out)
{
    hasher->digest(hasher->context, NULL, 0, out);
}

static size_t frontier_peak_count(uint64_t size)
{
    return (size_t)__builtin_popcountll(size);
}

void merkle_frontier_init(struct merkle_frontier *frontier)
{
    *frontier = (struct merkle_frontier){.size = 0};
}

/* Like adding one to a binary number: each one bit at the low end is a peak to merge with. */
void merkle_frontier_append_tiles(struct merkle_frontier *frontier,
                                  const struct merkle_hasher *hasher,
                                  const struct merkle_hash *leaf,
                                  struct merkle_hash tiles[MERKLE_TILE_LEVELS])
{
    LB_ASSERT(frontier->size < MERKLE_SIZE_MAX);
    size_t count = frontier_peak_count(frontier->size);
    struct merkle_hash peak = *leaf;
    unsigned height = 0;
    for (uint64_t rest = frontier->size; (rest & 1) == 1; rest >>= 1) {
        count--;
        merkle_hash_node(hasher, &frontier->peaks[count], &peak, &peak);
        height++;
        if (height % MERKLE_TILE_HEIGHT == 0) {
            tiles[height / MERKLE_TILE_HEIGHT - 1] = peak;
        }
    }
    frontier->peaks[count] = peak;
    frontier->size++;
}

void merkle_frontier_root(const struct merkle_frontier *frontier,
                          const struct merkle_hasher *hasher, struct merkle_hash *root)
{
    size_t count = frontier_peak_count(frontier->size);
    if (count == 0) {
        merkle_hash_empty(hasher, root);
        return;
    }
    *root = frontier->peaks[count - 1];
    for (size_t i = count - 1; i > 0; i--) {
        merkle_hash_node(hasher, &frontier->peaks[i - 1], root, root);
    }
}

void merkle_frontier_append(struct merkle_frontier *frontier, const struct merkle_hasher *hasher,
                            const struct merkle_hash *leaf)
{
    struct merkle_hash tiles[MERKLE_TILE_LEVELS];
    merkle_frontier_append_tiles(frontier, hasher, leaf, tiles);
}

size_t merkle_frontier_pack(const struct merkle_frontier *frontier,
                            uint8_t out[MERKLE_FRONTIER_BYTES_MAX])
{
    struct wire_writer writer = {.data = out, .cap = MERKLE_FRONTIER_BYTES_MAX};
    wire_put_u64(&writer, frontier->size);
    size_t count = frontier_peak_count(frontier->size);
    wire_put_bytes(&writer, bytes_of(frontier->peaks, count * sizeof(frontier->peaks[0])));
    LB_ASSERT(!writer.overflow);
    return writer.size;
}

bool merkle_frontier_unpack(struct bytes packed, struct merkle_frontier *frontier)
{
    struct wire_reader reader = {.left = packed};
    merkle_frontier_init(frontier);
    frontier->size = wire_get_u64(&reader);
    size_t bytes = frontier_peak_count(frontier->size) * sizeof(frontier->peaks[0]);
    struct bytes peaks = wire_get_bytes(&reader, bytes);
    if (!wire_reader_is_done(&reader) || frontier->size > MERKLE_SIZE_MAX) {
        return false;
    }
    if (peaks.size > 0) {
        memcpy(frontier->peaks, peaks.data, peaks.size);
    }
    return true;
}
