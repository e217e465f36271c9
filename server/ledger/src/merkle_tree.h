/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the proofs need of the tree. Private to the Merkle files of this module.
 * Pure; a tree belongs to one thread at a time.
 */
#ifndef LEDGER_SRC_MERKLE_TREE_H
#define LEDGER_SRC_MERKLE_TREE_H

#include "ledger/merkle.h"

/*
 * The hash of the leaves [begin, end), of which there is at least one and all are in the tree.
 * They must be a subtree of some size: begin a multiple of a power of two not less than end-begin.
 */
LB_MUST_CHECK enum merkle_outcome merkle_tree_hash_range(const struct merkle_tree *tree,
                                                         const struct merkle_reader *reader,
                                                         uint64_t begin, uint64_t end,
                                                         struct merkle_hash *out);

/* merkle_frontier_append, which tells the roots of the tiles that the leaf made full: tiles[L] of
 * tile level L. */
void merkle_frontier_append_tiles(struct merkle_frontier *frontier,
                                  const struct merkle_hasher *hasher,
                                  const struct merkle_hash *leaf,
                                  struct merkle_hash tiles[MERKLE_TILE_LEVELS]);

#endif
