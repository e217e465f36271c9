/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of the proofs of ledger/merkle.h: every pair at small sizes, proofs computed in another
 * language at large ones, and every tampering refused.
 */
#include "merkle_shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SMALL_SIZE_MAX 40
#define LARGE_SIZE     70001

static struct shelf shelf;
static struct merkle_tree tree;
static struct merkle_reader reader;

static int build_tree(void **state)
{
    (void)state;
    shelf_clear(&shelf);
    merkle_tree_init(&tree, sha256_hasher);
    reader = shelf_reader(&shelf);
    return shelf_grow(&shelf, &tree, LARGE_SIZE) ? 0 : -1;
}

static struct merkle_checkpoint checkpoint_at(uint64_t size)
{
    struct merkle_checkpoint checkpoint = {.size = size};
    assert_int_equal(merkle_tree_root_at(&tree, &reader, size, &checkpoint.root), MERKLE_OK);
    return checkpoint;
}

static struct merkle_proof inclusion_of(uint64_t index, uint64_t size)
{
    struct merkle_proof proof;
    assert_int_equal(merkle_prove_inclusion(&tree, &reader, index, size, &proof), MERKLE_OK);
    return proof;
}

static struct merkle_proof consistency_of(uint64_t old_size, uint64_t new_size)
{
    struct merkle_proof proof;
    assert_int_equal(merkle_prove_consistency(&tree, &reader, old_size, new_size, &proof),
                     MERKLE_OK);
    return proof;
}

/* Is leaf `leaf_index` shown to be at `index` by this proof? */
static bool is_included(uint64_t leaf_index, uint64_t index,
                        const struct merkle_checkpoint *checkpoint,
                        const struct merkle_proof *proof)
{
    struct merkle_hash leaf;
    leaf_of(leaf_index, &leaf);
    return merkle_verify_inclusion(&sha256_hasher, &leaf, index, checkpoint->size,
                                   &checkpoint->root, proof);
}

static bool is_consistent(const struct merkle_checkpoint *old_checkpoint,
                          const struct merkle_checkpoint *new_checkpoint,
                          const struct merkle_proof *proof)
{
    return merkle_verify_consistency(&sha256_hasher, old_checkpoint, new_checkpoint, proof);
}

static void assert_proof_is(const struct merkle_proof *proof, size_t count, const char *expected)
{
    struct merkle_hash hash;
    struct bytes all = bytes_of(proof->hashes, proof->count * sizeof(proof->hashes[0]));
    char text[65];
    sha256_digest(NULL, &all, 1, &hash);
    hash_to_text(&hash, text);
    assert_int_equal(proof->count, count);
    assert_string_equal(text, expected);
}

/* accepts */

static void every_leaf_of_every_small_tree_is_proven_and_only_at_its_place(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= SMALL_SIZE_MAX; size++) {
        struct merkle_checkpoint checkpoint = checkpoint_at(size);
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof = inclusion_of(index, size);
            for (uint64_t other = 0; other < size; other++) {
                assert_int_equal(is_included(index, other, &checkpoint, &proof), other == index);
            }
        }
    }
}

static void every_pair_of_small_trees_is_proven_consistent(void **state)
{
    (void)state;
    for (uint64_t new_size = 0; new_size <= SMALL_SIZE_MAX; new_size++) {
        struct merkle_checkpoint new_checkpoint = checkpoint_at(new_size);
        for (uint64_t old_size = 0; old_size <= new_size; old_size++) {
            struct merkle_checkpoint old_checkpoint = checkpoint_at(old_size);
            struct merkle_proof proof = consistency_of(old_size, new_size);
            assert_true(is_consistent(&old_checkpoint, &new_checkpoint, &proof));
        }
    }
}

static void proofs_across_tiles_are_those_computed_in_another_language(void **state)
{
    (void)state;
    static const struct {
        uint64_t index, size;
        size_t count;
        const char *hash;
    } inclusions[] = {
#define MERKLE_INCLUSION(index, size, count, hash) {(index), (size), (count), (hash)},
#include "merkle_known_roots.h"
    };
    for (size_t i = 0; i < sizeof(inclusions) / sizeof(inclusions[0]); i++) {
        struct merkle_checkpoint checkpoint = checkpoint_at(inclusions[i].size);
        struct merkle_proof proof = inclusion_of(inclusions[i].index, inclusions[i].size);
        assert_proof_is(&proof, inclusions[i].count, inclusions[i].hash);
        assert_true(is_included(inclusions[i].index, inclusions[i].index, &checkpoint, &proof));
    }
    static const struct {
        uint64_t old_size, new_size;
        size_t count;
        const char *hash;
    } consistencies[] = {
#define MERKLE_CONSISTENCY(old_size, new_size, count, hash) \
    {(old_size), (new_size), (count), (hash)},
#include "merkle_known_roots.h"
    };
    for (size_t i = 0; i < sizeof(consistencies) / sizeof(consistencies[0]); i++) {
        struct merkle_checkpoint old_checkpoint = checkpoint_at(consistencies[i].old_size);
        struct merkle_checkpoint new_checkpoint = checkpoint_at(consistencies[i].new_size);
        struct merkle_proof proof = consistency_of(old_checkpoint.size, new_checkpoint.size);
        assert_proof_is(&proof, consistencies[i].count, consistencies[i].hash);
        assert_true(is_consistent(&old_checkpoint, &new_checkpoint, &proof));
    }
}

/* rejects */

/* Each of: a bit turned in each hash, the last hash missing, one too many. */
static void tampered_inclusion_proofs_are_refused(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= SMALL_SIZE_MAX; size += 3) {
        struct merkle_checkpoint checkpoint = checkpoint_at(size);
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof = inclusion_of(index, size);
            for (size_t i = 0; i < proof.count; i++) {
                proof.hashes[i].bytes[i % 32] ^= 1;
                assert_false(is_included(index, index, &checkpoint, &proof));
                proof.hashes[i].bytes[i % 32] ^= 1;
            }
            proof.hashes[proof.count] = checkpoint.root;
            proof.count++;
            assert_false(is_included(index, index, &checkpoint, &proof));
            proof.count--;
            assert_true(is_included(index, index, &checkpoint, &proof));
            assert_false(is_included(index + 1, index, &checkpoint, &proof));
            if (proof.count > 0) {
                proof.count--;
                assert_false(is_included(index, index, &checkpoint, &proof));
            }
        }
    }
}

static void tampered_consistency_proofs_are_refused(void **state)
{
    (void)state;
    for (uint64_t new_size = 2; new_size <= SMALL_SIZE_MAX; new_size += 3) {
        struct merkle_checkpoint new_checkpoint = checkpoint_at(new_size);
        for (uint64_t old_size = 1; old_size < new_size; old_size++) {
            struct merkle_checkpoint old_checkpoint = checkpoint_at(old_size);
            struct merkle_proof proof = consistency_of(old_size, new_size);
            for (size_t i = 0; i < proof.count; i++) {
                proof.hashes[i].bytes[i % 32] ^= 1;
                assert_false(is_consistent(&old_checkpoint, &new_checkpoint, &proof));
                proof.hashes[i].bytes[i % 32] ^= 1;
            }
            proof.hashes[proof.count] = new_checkpoint.root;
            proof.count++;
            assert_false(is_consistent(&old_checkpoint, &new_checkpoint, &proof));
            proof.count -= 2;
            assert_false(is_consistent(&old_checkpoint, &new_checkpoint, &proof));
        }
    }
}

static void ledger_that_was_changed_has_no_consistency_proof(void **state)
{
    (void)state;
    struct merkle_checkpoint new_checkpoint = checkpoint_at(30);
    for (uint64_t old_size = 0; old_size <= 30; old_size++) {
        struct merkle_checkpoint forged = checkpoint_at(old_size);
        forged.root.bytes[0] ^= 1;
        struct merkle_proof proof = consistency_of(old_size, 30);
        assert_false(is_consistent(&forged, &new_checkpoint, &proof));
    }
}

/* A root made to fit a proof with one hash more than the tree is high. */
static void proof_longer_than_the_tree_is_high_is_refused_even_if_the_hashes_fit(void **state)
{
    (void)state;
    struct merkle_hash extra = {{1}};
    struct merkle_checkpoint higher = checkpoint_at(8);
    merkle_hash_node(&sha256_hasher, &extra, &higher.root, &higher.root);
    struct merkle_proof proof = inclusion_of(3, 8);
    proof.hashes[proof.count++] = extra;
    assert_false(is_included(3, 3, &higher, &proof));

    struct merkle_checkpoint old_checkpoint = checkpoint_at(3);
    merkle_hash_node(&sha256_hasher, &extra, &old_checkpoint.root, &old_checkpoint.root);
    proof = consistency_of(3, 8);
    proof.hashes[proof.count++] = extra;
    assert_false(is_consistent(&old_checkpoint, &higher, &proof));
}

static void trivial_consistency_needs_an_empty_proof(void **state)
{
    (void)state;
    struct merkle_checkpoint none = checkpoint_at(0);
    struct merkle_checkpoint some = checkpoint_at(7);
    struct merkle_proof proof = {.count = 1};
    assert_false(is_consistent(&none, &some, &proof));
    assert_false(is_consistent(&some, &some, &proof));
    proof.count = 0;
    assert_true(is_consistent(&none, &some, &proof));
    assert_true(is_consistent(&some, &some, &proof));
    assert_false(is_consistent(&some, &none, &proof));
}

static void impossible_counts_and_places_are_refused(void **state)
{
    (void)state;
    struct merkle_checkpoint old_checkpoint = checkpoint_at(3);
    struct merkle_checkpoint checkpoint = checkpoint_at(8);
    struct merkle_proof proof = inclusion_of(0, 8);
    assert_false(is_included(0, 8, &checkpoint, &proof));
    proof.count = MERKLE_PROOF_HASHES_MAX + 1;
    assert_false(is_included(0, 0, &checkpoint, &proof));
    assert_false(is_consistent(&old_checkpoint, &checkpoint, &proof));
    proof.count = 0;
    assert_false(is_consistent(&old_checkpoint, &checkpoint, &proof));
}

static void proofs_beyond_the_tree_are_out_of_range(void **state)
{
    (void)state;
    struct merkle_proof proof;
    assert_int_equal(merkle_prove_inclusion(&tree, &reader, 0, LARGE_SIZE + 1, &proof),
                     MERKLE_OUT_OF_RANGE);
    assert_int_equal(merkle_prove_inclusion(&tree, &reader, 8, 8, &proof), MERKLE_OUT_OF_RANGE);
    assert_int_equal(merkle_prove_consistency(&tree, &reader, 9, 8, &proof), MERKLE_OUT_OF_RANGE);
    assert_int_equal(merkle_prove_consistency(&tree, &reader, 1, LARGE_SIZE + 1, &proof),
                     MERKLE_OUT_OF_RANGE);
}

/* faults */

static void every_unreadable_tile_stops_a_proof(void **state)
{
    (void)state;
    struct merkle_proof proof;
    bool is_done = false;
    for (uint64_t n = 0; !is_done; n++) {
        shelf.until_failure = n;
        shelf.has_failed = false;
        enum merkle_outcome outcome = merkle_prove_inclusion(&tree, &reader, 300, 65800, &proof);
        assert_int_equal(outcome, shelf.has_failed ? MERKLE_UNREADABLE : MERKLE_OK);
        is_done = !shelf.has_failed;
        assert_true(!is_done || n > 8);
    }
    is_done = false;
    for (uint64_t n = 0; !is_done; n++) {
        shelf.until_failure = n;
        shelf.has_failed = false;
        enum merkle_outcome outcome = merkle_prove_consistency(&tree, &reader, 300, 65800, &proof);
        assert_int_equal(outcome, shelf.has_failed ? MERKLE_UNREADABLE : MERKLE_OK);
        is_done = !shelf.has_failed;
        assert_true(!is_done || n > 8);
    }
    shelf.until_failure = SHELF_NEVER;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_leaf_of_every_small_tree_is_proven_and_only_at_its_place),
        cmocka_unit_test(every_pair_of_small_trees_is_proven_consistent),
        cmocka_unit_test(proofs_across_tiles_are_those_computed_in_another_language),
        cmocka_unit_test(tampered_inclusion_proofs_are_refused),
        cmocka_unit_test(tampered_consistency_proofs_are_refused),
        cmocka_unit_test(ledger_that_was_changed_has_no_consistency_proof),
        cmocka_unit_test(proof_longer_than_the_tree_is_high_is_refused_even_if_the_hashes_fit),
        cmocka_unit_test(trivial_consistency_needs_an_empty_proof),
        cmocka_unit_test(impossible_counts_and_places_are_refused),
        cmocka_unit_test(proofs_beyond_the_tree_are_out_of_range),
        cmocka_unit_test(every_unreadable_tile_stops_a_proof),
    };
    return cmocka_run_group_tests(tests, build_tree, NULL);
}
