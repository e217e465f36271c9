/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The ledger's Merkle tree (RFC 6962, kept as the tiles of C2SP tlog-tiles): roots, inclusion and
 * consistency proofs, and their verification. Not a store: full tiles go out through a sink and
 * come back through a reader. The hash function is passed in; nothing here allocates.
 * Pure; a tree belongs to one thread at a time.
 */
#ifndef LEDGER_MERKLE_H
#define LEDGER_MERKLE_H

#include "base/bytes.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERKLE_TILE_HEIGHT      8
#define MERKLE_TILE_HASHES      256
#define MERKLE_TILE_LEVELS      8  /* 256^8 leaves: more than a uint64_t counts */
#define MERKLE_PEAKS_MAX        64 /* complete subtrees a size is made of: its one bits */
#define MERKLE_PROOF_HASHES_MAX 65

/* Leaves a tree may have; frontiers and proofs keep to it too. */
#define MERKLE_SIZE_MAX ((uint64_t)INT64_MAX)

_Static_assert(1 << MERKLE_TILE_HEIGHT == MERKLE_TILE_HASHES, "a tile is a complete subtree");
_Static_assert(MERKLE_TILE_HEIGHT *MERKLE_TILE_LEVELS >= 64, "any size fits");

struct merkle_hash {
    uint8_t bytes[LB_HASH_BYTES];
};

/* SHA-256 of the parts, one after the other. Must not fail. */
typedef void merkle_digest_fn(void *context, const struct bytes *parts, size_t count,
                              struct merkle_hash *out);

struct merkle_hasher {
    merkle_digest_fn *digest;
    void *context;
};

bool merkle_hash_equal(const struct merkle_hash *a, const struct merkle_hash *b);
/* H(0x00 || entry): what the tree holds for one stored entry. */
void merkle_hash_leaf(const struct merkle_hasher *hasher, struct bytes entry,
                      struct merkle_hash *out);
/* H(0x01 || left || right). `out` may be one of them. */
void merkle_hash_node(const struct merkle_hasher *hasher, const struct merkle_hash *left,
                      const struct merkle_hash *right, struct merkle_hash *out);
/* The root of no leaves: H(). */
void merkle_hash_empty(const struct merkle_hasher *hasher, struct merkle_hash *out);

/*
 * The frontier (a compact range from leaf 0): enough to append and to give the root, in at most
 * 2 KiB; for who only folds the log. It has no tiles and proves nothing.
 */
struct merkle_frontier {
    uint64_t size;                              /* leaves */
    struct merkle_hash peaks[MERKLE_PEAKS_MAX]; /* popcount(size) are set, the largest first */
};

#define MERKLE_FRONTIER_BYTES_MAX (8 + MERKLE_PEAKS_MAX * LB_HASH_BYTES)

void merkle_frontier_init(struct merkle_frontier *frontier);
void merkle_frontier_append(struct merkle_frontier *frontier, const struct merkle_hasher *hasher,
                            const struct merkle_hash *leaf);
void merkle_frontier_root(const struct merkle_frontier *frontier,
                          const struct merkle_hasher *hasher, struct merkle_hash *root);
/* Size as 8 bytes big-endian, then the peaks. Returns the bytes written. */
size_t merkle_frontier_pack(const struct merkle_frontier *frontier,
                            uint8_t out[MERKLE_FRONTIER_BYTES_MAX]);
/* false: not a packed frontier; then *frontier is unspecified. */
LB_MUST_CHECK bool merkle_frontier_unpack(struct bytes packed, struct merkle_frontier *frontier);

/* What can stand in the way of an answer about the tree. */
enum merkle_outcome {
    MERKLE_OK = 0,
    MERKLE_OUT_OF_RANGE, /* a size beyond the tree or MERKLE_SIZE_MAX, or a leaf beyond the size */
    MERKLE_UNREADABLE,   /* the reader did not give a tile or leaf, or the sink refused one */
};

/*
 * Tile `index` of tile level L holds the hashes of the nodes of height 8L numbered 256*index and
 * on. All callbacks speak of full tiles only: 256 hashes.
 */

/* Takes a tile that has just become full, once. false: it could not be kept. */
typedef bool merkle_tile_full_fn(void *context, unsigned level, uint64_t index,
                                 const struct merkle_hash hashes[MERKLE_TILE_HASHES]);
/* Gives a full tile's hashes, valid until the next call; NULL: it cannot be read. */
typedef const struct merkle_hash *merkle_tile_read_fn(void *context, unsigned level,
                                                      uint64_t index);
/* Gives the leaf hash of entry number `index` (0 first). false: it cannot be read. */
typedef bool merkle_leaf_read_fn(void *context, uint64_t index, struct merkle_hash *leaf);

struct merkle_sink {
    merkle_tile_full_fn *tile_full;
    void *context;
};

struct merkle_reader {
    merkle_tile_read_fn *tile_read;
    merkle_leaf_read_fn *leaf_read; /* used by merkle_tree_rebuild only */
    void *context;
};

/*
 * The tree with its right edge. Of edge[L] the first (size >> 8L) mod 256 hashes are set: the tile
 * of that level that is not full yet. 64 KiB; a plain copy is a savepoint.
 */
struct merkle_tree {
    struct merkle_hasher hasher;
    uint64_t size; /* leaves */
    struct merkle_hash edge[MERKLE_TILE_LEVELS][MERKLE_TILE_HASHES];
};

void merkle_tree_init(struct merkle_tree *tree, struct merkle_hasher hasher);
/* The tree of the first `size` leaves of a store: reads at most 255 tiles a level and 255 leaves.
 */
LB_MUST_CHECK enum merkle_outcome merkle_tree_rebuild(struct merkle_tree *tree,
                                                      struct merkle_hasher hasher, uint64_t size,
                                                      const struct merkle_reader *reader);
/* Adds one leaf. MERKLE_UNREADABLE: the sink refused a tile, and the tree is as before. */
LB_MUST_CHECK enum merkle_outcome merkle_tree_append(struct merkle_tree *tree,
                                                     const struct merkle_hash *leaf,
                                                     const struct merkle_sink *sink);
/* The same, to the frontier of the same size too: the nodes of both are hashed once. After
 * MERKLE_UNREADABLE the frontier is unspecified. */
LB_MUST_CHECK enum merkle_outcome merkle_tree_append_both(struct merkle_tree *tree,
                                                          struct merkle_frontier *frontier,
                                                          const struct merkle_hash *leaf,
                                                          const struct merkle_sink *sink);
/* The root at the tree's own size: needs no reader. */
void merkle_tree_root(const struct merkle_tree *tree, struct merkle_hash *root);
/* The root the tree had when it was `size` leaves large. */
LB_MUST_CHECK enum merkle_outcome merkle_tree_root_at(const struct merkle_tree *tree,
                                                      const struct merkle_reader *reader,
                                                      uint64_t size, struct merkle_hash *root);

/* Hashes in the order of RFC 6962: from the leaf (or the old root) upwards. */
struct merkle_proof {
    size_t count;
    struct merkle_hash hashes[MERKLE_PROOF_HASHES_MAX];
};

/* That leaf `index` is in the tree of `size` leaves. */
LB_MUST_CHECK enum merkle_outcome merkle_prove_inclusion(const struct merkle_tree *tree,
                                                         const struct merkle_reader *reader,
                                                         uint64_t index, uint64_t size,
                                                         struct merkle_proof *proof);
/* That the tree of `old_size` leaves is the beginning of that of `new_size`. */
LB_MUST_CHECK enum merkle_outcome merkle_prove_consistency(const struct merkle_tree *tree,
                                                           const struct merkle_reader *reader,
                                                           uint64_t old_size, uint64_t new_size,
                                                           struct merkle_proof *proof);

/* Verification needs no tree: only what stands on the notice board and the proof. */
LB_MUST_CHECK bool merkle_verify_inclusion(const struct merkle_hasher *hasher,
                                           const struct merkle_hash *leaf, uint64_t index,
                                           uint64_t size, const struct merkle_hash *root,
                                           const struct merkle_proof *proof);

/* A root and the number of leaves below it. */
struct merkle_checkpoint {
    uint64_t size;
    struct merkle_hash root;
};

LB_MUST_CHECK bool merkle_verify_consistency(const struct merkle_hasher *hasher,
                                             const struct merkle_checkpoint *old_checkpoint,
                                             const struct merkle_checkpoint *new_checkpoint,
                                             const struct merkle_proof *proof);

#endif
