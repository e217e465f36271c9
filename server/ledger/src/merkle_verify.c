/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Verifying proofs, as RFC 9162 (2.1.3.2, 2.1.4.2) spells it out for the trees of RFC 6962. Shares
 * nothing with the making of proofs but the node hash. Pure; safe from any thread.
 */
#include "ledger/merkle.h"

/*
 * The way from a node up to the root: `node` is its number in its row, `last` that of the row's
 * last node; both halve on each row.
 */
struct verify_climb {
    uint64_t node;
    uint64_t last;
};

static void verify_climb_up(struct verify_climb *climb)
{
    climb->node >>= 1;
    climb->last >>= 1;
}

/*
 * Where the next hash of the proof stands. A right child has its sibling at the left; a last node
 * without a sibling rises until it is a right child, which changes no hash.
 */
static bool verify_sibling_is_left(struct verify_climb *climb)
{
    bool is_left = (climb->node & 1) == 1 || climb->node == climb->last;
    while (is_left && (climb->node & 1) == 0 && climb->node != 0) {
        verify_climb_up(climb);
    }
    verify_climb_up(climb);
    return is_left;
}

bool merkle_verify_inclusion(const struct merkle_hasher *hasher, const struct merkle_hash *leaf,
                             uint64_t index, uint64_t size, const struct merkle_hash *root,
                             const struct merkle_proof *proof)
{
    if (index >= size || proof->count > MERKLE_PROOF_HASHES_MAX) {
        return false;
    }
    struct verify_climb climb = {index, size - 1};
    struct merkle_hash hash = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (climb.last == 0) {
            return false; /* longer than the tree is high */
        }
        if (verify_sibling_is_left(&climb)) {
            merkle_hash_node(hasher, &proof->hashes[i], &hash, &hash);
        } else {
            merkle_hash_node(hasher, &hash, &proof->hashes[i], &hash);
        }
    }
    return climb.last == 0 && merkle_hash_equal(&hash, root);
}

/* Old size 0 or the same size: the roots alone decide, and the proof must be empty. */
static bool verify_consistency_trivial(const struct merkle_hasher *hasher,
                                       const struct merkle_checkpoint *old_checkpoint,
                                       const struct merkle_checkpoint *new_checkpoint,
                                       const struct merkle_proof *proof)
{
    if (proof->count != 0) {
        return false;
    }
    if (old_checkpoint->size == new_checkpoint->size &&
        !merkle_hash_equal(&old_checkpoint->root, &new_checkpoint->root)) {
        return false;
    }
    if (old_checkpoint->size > 0) {
        return true;
    }
    struct merkle_hash empty;
    merkle_hash_empty(hasher, &empty);
    return merkle_hash_equal(&old_checkpoint->root, &empty);
}

bool merkle_verify_consistency(const struct merkle_hasher *hasher,
                               const struct merkle_checkpoint *old_checkpoint,
                               const struct merkle_checkpoint *new_checkpoint,
                               const struct merkle_proof *proof)
{
    uint64_t old_size = old_checkpoint->size;
    if (old_size > new_checkpoint->size || proof->count > MERKLE_PROOF_HASHES_MAX) {
        return false;
    }
    if (old_size == 0 || old_size == new_checkpoint->size) {
        return verify_consistency_trivial(hasher, old_checkpoint, new_checkpoint, proof);
    }
    /* A complete old tree is itself a node of the new one; the proof then leaves it out. */
    bool old_is_complete = (old_size & (old_size - 1)) == 0;
    size_t used = old_is_complete ? 0 : 1;
    if (proof->count < used) {
        return false;
    }
    struct merkle_hash old_hash = old_is_complete ? old_checkpoint->root : proof->hashes[0];
    struct merkle_hash new_hash = old_hash;
    struct verify_climb climb = {old_size - 1, new_checkpoint->size - 1};
    while ((climb.node & 1) == 1) {
        verify_climb_up(&climb);
    }
    for (size_t i = used; i < proof->count; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (verify_sibling_is_left(&climb)) {
            merkle_hash_node(hasher, &proof->hashes[i], &old_hash, &old_hash);
            merkle_hash_node(hasher, &proof->hashes[i], &new_hash, &new_hash);
        } else {
            merkle_hash_node(hasher, &new_hash, &proof->hashes[i], &new_hash);
        }
    }
    return climb.last == 0 && merkle_hash_equal(&old_hash, &old_checkpoint->root) &&
           merkle_hash_equal(&new_hash, &new_checkpoint->root);
}
