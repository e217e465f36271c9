/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Making proofs: PATH and SUBPROOF of RFC 6962 (2.1.1, 2.1.2), walked from the root downwards with
 * two bounds instead of recursion. Pure; a tree belongs to one thread at a time.
 */
#include "base/assert.h"
#include "merkle_tree.h"

/* The largest power of two below `count`, which is at least 2: where RFC 6962 splits a tree. */
static uint64_t proof_split(uint64_t count)
{
    LB_ASSERT(count >= 2);
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

/* One proof in the making, collected from the root downwards. */
struct proof_walk {
    const struct merkle_tree *tree;
    const struct merkle_reader *reader;
    struct merkle_proof *proof;
    uint64_t begin;
    uint64_t end;
};

static enum merkle_outcome proof_push(struct proof_walk *walk, uint64_t begin, uint64_t end)
{
    struct merkle_proof *proof = walk->proof;
    LB_ASSERT(proof->count < MERKLE_PROOF_HASHES_MAX);
    return merkle_tree_hash_range(walk->tree, walk->reader, begin, end,
                                  &proof->hashes[proof->count++]);
}

/* Goes down into the half with the left or the right leaves; the other half's hash is pushed. */
static enum merkle_outcome proof_descend(struct proof_walk *walk, uint64_t middle, bool to_left)
{
    if (to_left) {
        uint64_t end = walk->end;
        walk->end = middle;
        return proof_push(walk, middle, end);
    }
    uint64_t begin = walk->begin;
    walk->begin = middle;
    return proof_push(walk, begin, middle);
}

/* From root-first, as collected, to leaf-first, as RFC 6962 writes them. */
static void proof_turn(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct merkle_hash kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = kept;
    }
}

enum merkle_outcome merkle_prove_inclusion(const struct merkle_tree *tree,
                                           const struct merkle_reader *reader, uint64_t index,
                                           uint64_t size, struct merkle_proof *proof)
{
    proof->count = 0;
    if (size > tree->size || index >= size) {
        return MERKLE_OUT_OF_RANGE;
    }
    struct proof_walk walk = {tree, reader, proof, 0, size};
    while (walk.end - walk.begin > 1) {
        uint64_t middle = walk.begin + proof_split(walk.end - walk.begin);
        enum merkle_outcome outcome = proof_descend(&walk, middle, index < middle);
        if (outcome != MERKLE_OK) {
            return outcome;
        }
    }
    proof_turn(proof);
    return MERKLE_OK;
}

enum merkle_outcome merkle_prove_consistency(const struct merkle_tree *tree,
                                             const struct merkle_reader *reader, uint64_t old_size,
                                             uint64_t new_size, struct merkle_proof *proof)
{
    proof->count = 0;
    if (new_size > tree->size || old_size > new_size) {
        return MERKLE_OUT_OF_RANGE;
    }
    if (old_size == 0 || old_size == new_size) {
        return MERKLE_OK; /* nothing to show beyond the roots themselves */
    }
    struct proof_walk walk = {tree, reader, proof, 0, new_size};
    while (walk.end > old_size) {
        uint64_t middle = walk.begin + proof_split(walk.end - walk.begin);
        enum merkle_outcome outcome = proof_descend(&walk, middle, old_size <= middle);
        if (outcome != MERKLE_OK) {
            return outcome;
        }
    }
    /* Still at the left end: the old tree is this subtree, and the verifier has its root. */
    enum merkle_outcome outcome =
        walk.begin == 0 ? MERKLE_OK : proof_push(&walk, walk.begin, walk.end);
    proof_turn(proof);
    return outcome;
}
