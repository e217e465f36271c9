/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of the tree of ledger/merkle.h: known values, every size against plain recursion, the
 * frontier, rebuilding, and a shelf that refuses each access in turn.
 */
#include "merkle_shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NAIVE_SIZE_MAX 600

static struct shelf shelf;
static struct merkle_tree tree;

static void assert_hash_is(const struct merkle_hash *hash, const char *expected)
{
    char text[65];
    hash_to_text(hash, text);
    assert_string_equal(text, expected);
}

static void assert_same_hash(const struct merkle_hash *a, const struct merkle_hash *b)
{
    assert_memory_equal(a->bytes, b->bytes, sizeof(a->bytes));
}

static int start_with_an_empty_tree(void **state)
{
    (void)state;
    shelf_clear(&shelf);
    merkle_tree_init(&tree, sha256_hasher);
    return 0;
}

/* accepts */

static void empty_tree_and_empty_leaf_have_the_known_hashes(void **state)
{
    (void)state;
    struct merkle_hash hash;
    merkle_tree_root(&tree, &hash);
    assert_hash_is(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    merkle_hash_leaf(&sha256_hasher, (struct bytes){NULL, 0}, &hash);
    assert_hash_is(&hash, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void certificate_transparency_leaves_have_the_known_root(void **state)
{
    (void)state;
    static const struct bytes entries[] = {
        BYTES_LITERAL(""),
        BYTES_LITERAL("\x00"),
        BYTES_LITERAL("\x10"),
        BYTES_LITERAL("\x20\x21"),
        BYTES_LITERAL("\x30\x31"),
        BYTES_LITERAL("\x40\x41\x42\x43"),
        BYTES_LITERAL("\x50\x51\x52\x53\x54\x55\x56\x57"),
        BYTES_LITERAL("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
    };
    struct merkle_sink sink = shelf_sink(&shelf);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        struct merkle_hash leaf;
        merkle_hash_leaf(&sha256_hasher, entries[i], &leaf);
        assert_int_equal(merkle_tree_append(&tree, &leaf, &sink), MERKLE_OK);
    }
    struct merkle_hash root;
    merkle_tree_root(&tree, &root);
    assert_hash_is(&root, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

static void every_size_has_the_root_that_the_definition_gives(void **state)
{
    (void)state;
    static struct merkle_hash leaves[NAIVE_SIZE_MAX];
    static struct merkle_hash roots[NAIVE_SIZE_MAX + 1];
    struct merkle_frontier frontier;
    merkle_frontier_init(&frontier);
    for (uint64_t size = 0; size <= NAIVE_SIZE_MAX; size++) {
        struct merkle_hash root;
        naive_root(leaves, size, &roots[size]);
        merkle_tree_root(&tree, &root);
        assert_same_hash(&root, &roots[size]);
        merkle_frontier_root(&frontier, &sha256_hasher, &root);
        assert_same_hash(&root, &roots[size]);
        if (size < NAIVE_SIZE_MAX) {
            leaf_of(size, &leaves[size]);
            merkle_frontier_append(&frontier, &sha256_hasher, &leaves[size]);
            assert_true(shelf_grow(&shelf, &tree, size + 1));
        }
    }
    struct merkle_reader reader = shelf_reader(&shelf);
    for (uint64_t size = 0; size <= NAIVE_SIZE_MAX; size++) {
        struct merkle_hash root;
        assert_int_equal(merkle_tree_root_at(&tree, &reader, size, &root), MERKLE_OK);
        assert_same_hash(&root, &roots[size]);
    }
}

static void large_trees_have_the_roots_computed_in_another_language(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        const char *root;
    } known[] = {
#define MERKLE_ROOT(size, root) {(size), (root)},
#include "merkle_known_roots.h"
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct merkle_hash root;
        assert_true(shelf_grow(&shelf, &tree, known[i].size));
        merkle_tree_root(&tree, &root);
        assert_hash_is(&root, known[i].root);
    }
    assert_int_equal(shelf.tile_counts[0], tree.size / 256);
    assert_int_equal(shelf.tile_counts[1], tree.size / 65536);
    struct merkle_reader reader = shelf_reader(&shelf);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct merkle_hash root;
        assert_int_equal(merkle_tree_root_at(&tree, &reader, known[i].size, &root), MERKLE_OK);
        assert_hash_is(&root, known[i].root);
    }
}

static void rebuilt_tree_has_the_same_root_and_grows_the_same_way(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 255, 256, 257, 600, 65535, 65536, 65537, 66000};
    static struct merkle_tree rebuilt;
    assert_true(shelf_grow(&shelf, &tree, 66000));
    struct merkle_reader reader = shelf_reader(&shelf);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct merkle_hash root;
        struct merkle_hash expected;
        assert_int_equal(merkle_tree_rebuild(&rebuilt, sha256_hasher, sizes[i], &reader),
                         MERKLE_OK);
        merkle_tree_root(&rebuilt, &root);
        assert_int_equal(merkle_tree_root_at(&tree, &reader, sizes[i], &expected), MERKLE_OK);
        assert_same_hash(&root, &expected);
    }
    struct merkle_hash root;
    struct merkle_hash expected;
    assert_true(shelf_grow(&shelf, &rebuilt, 66300));
    assert_true(shelf_grow(&shelf, &tree, 66300));
    merkle_tree_root(&rebuilt, &root);
    merkle_tree_root(&tree, &expected);
    assert_same_hash(&root, &expected);
}

static void a_leaf_for_tree_and_frontier_at_once_gives_what_it_gives_each(void **state)
{
    (void)state;
    static struct shelf other_shelf;
    static struct merkle_tree both;
    struct merkle_frontier frontier;
    struct merkle_frontier alone;
    struct merkle_sink sink = shelf_sink(&other_shelf);
    const uint64_t size = 65536 + 300;
    merkle_tree_init(&both, sha256_hasher);
    merkle_frontier_init(&frontier);
    merkle_frontier_init(&alone);
    shelf_clear(&other_shelf);
    assert_true(shelf_grow(&shelf, &tree, size));
    while (both.size < size) {
        struct merkle_hash leaf;
        leaf_of(both.size, &leaf);
        merkle_frontier_append(&alone, &sha256_hasher, &leaf);
        assert_int_equal(merkle_tree_append_both(&both, &frontier, &leaf, &sink), MERKLE_OK);
    }
    assert_memory_equal(other_shelf.tile_counts, shelf.tile_counts, sizeof(shelf.tile_counts));
    for (unsigned level = 0; level < SHELF_LEVELS; level++) {
        assert_memory_equal(other_shelf.tiles[level], shelf.tiles[level],
                            shelf.tile_counts[level] * sizeof(shelf.tiles[level][0]));
    }
    struct merkle_hash root;
    struct merkle_hash expected;
    merkle_tree_root(&both, &root);
    merkle_tree_root(&tree, &expected);
    assert_same_hash(&root, &expected);
    uint8_t packed[MERKLE_FRONTIER_BYTES_MAX];
    uint8_t wanted[MERKLE_FRONTIER_BYTES_MAX];
    size_t bytes = merkle_frontier_pack(&frontier, packed);
    assert_int_equal(merkle_frontier_pack(&alone, wanted), bytes);
    assert_memory_equal(packed, wanted, bytes);
}

static void frontier_survives_packing_at_every_size(void **state)
{
    (void)state;
    struct merkle_frontier frontier;
    merkle_frontier_init(&frontier);
    for (uint64_t size = 0; size < 300; size++) {
        uint8_t packed[MERKLE_FRONTIER_BYTES_MAX];
        size_t bytes = merkle_frontier_pack(&frontier, packed);
        assert_int_equal(bytes, 8 + 32 * (size_t)__builtin_popcountll(size));
        struct merkle_frontier back;
        assert_true(merkle_frontier_unpack(bytes_of(packed, bytes), &back));
        struct merkle_hash leaf;
        leaf_of(size, &leaf);
        merkle_frontier_append(&back, &sha256_hasher, &leaf);
        merkle_frontier_append(&frontier, &sha256_hasher, &leaf);
        struct merkle_hash root;
        struct merkle_hash expected;
        merkle_frontier_root(&back, &sha256_hasher, &root);
        merkle_frontier_root(&frontier, &sha256_hasher, &expected);
        assert_same_hash(&root, &expected);
    }
}

/* rejects */

static void packed_frontier_of_another_length_is_refused(void **state)
{
    (void)state;
    uint8_t packed[MERKLE_FRONTIER_BYTES_MAX] = {[7] = 3};
    struct merkle_frontier back;
    assert_true(merkle_frontier_unpack(bytes_of(packed, 72), &back));
    assert_false(merkle_frontier_unpack(bytes_of(packed, 71), &back));
    assert_false(merkle_frontier_unpack(bytes_of(packed, 73), &back));
    assert_false(merkle_frontier_unpack(bytes_of(packed, 7), &back));
    memset(packed, 0xff, 8); /* 2^64 - 1 leaves: more than a tree may have */
    assert_false(merkle_frontier_unpack(bytes_of(packed, sizeof(packed)), &back));
}

static void sizes_beyond_the_tree_are_out_of_range(void **state)
{
    (void)state;
    struct merkle_reader reader = shelf_reader(&shelf);
    struct merkle_hash root;
    assert_true(shelf_grow(&shelf, &tree, 5));
    assert_int_equal(merkle_tree_root_at(&tree, &reader, 6, &root), MERKLE_OUT_OF_RANGE);
    static struct merkle_tree rebuilt;
    assert_int_equal(merkle_tree_rebuild(&rebuilt, sha256_hasher, MERKLE_SIZE_MAX + 1, &reader),
                     MERKLE_OUT_OF_RANGE);
}

/* faults */

static void refused_tile_leaves_the_tree_as_it_was_and_a_retry_succeeds(void **state)
{
    (void)state;
    assert_true(shelf_grow(&shelf, &tree, 65536 - 1));
    struct merkle_hash before;
    struct merkle_hash after;
    merkle_tree_root(&tree, &before);
    for (uint64_t n = 0; n < 2; n++) { /* the tile of level 0, then that of level 1 */
        shelf.until_failure = n;
        assert_false(shelf_grow(&shelf, &tree, 65536));
        assert_int_equal(tree.size, 65536 - 1);
        merkle_tree_root(&tree, &after);
        assert_same_hash(&after, &before);
    }
    assert_true(shelf_grow(&shelf, &tree, 65536));
    struct merkle_frontier frontier;
    merkle_frontier_init(&frontier);
    for (uint64_t i = 0; i < 65536; i++) {
        struct merkle_hash leaf;
        leaf_of(i, &leaf);
        merkle_frontier_append(&frontier, &sha256_hasher, &leaf);
    }
    merkle_tree_root(&tree, &after);
    merkle_frontier_root(&frontier, &sha256_hasher, &before);
    assert_same_hash(&after, &before);
}

static void every_unreadable_tile_or_leaf_stops_a_rebuild(void **state)
{
    (void)state;
    static struct merkle_tree rebuilt;
    assert_true(shelf_grow(&shelf, &tree, 259));
    struct merkle_reader reader = shelf_reader(&shelf);
    for (uint64_t n = 0;; n++) {
        shelf.until_failure = n;
        shelf.has_failed = false;
        enum merkle_outcome outcome = merkle_tree_rebuild(&rebuilt, sha256_hasher, 259, &reader);
        assert_int_equal(outcome, shelf.has_failed ? MERKLE_UNREADABLE : MERKLE_OK);
        if (!shelf.has_failed) {
            assert_int_equal(n, 4); /* three leaves, one tile */
            return;
        }
    }
}

static void unreadable_tile_stops_an_earlier_root(void **state)
{
    (void)state;
    assert_true(shelf_grow(&shelf, &tree, 600));
    struct merkle_reader reader = shelf_reader(&shelf);
    struct merkle_hash root;
    shelf.until_failure = 0;
    assert_int_equal(merkle_tree_root_at(&tree, &reader, 300, &root), MERKLE_UNREADABLE);
    assert_int_equal(merkle_tree_root_at(&tree, &reader, 300, &root), MERKLE_OK);
}

#define TREE_TEST(test) cmocka_unit_test_setup(test, start_with_an_empty_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(empty_tree_and_empty_leaf_have_the_known_hashes),
        TREE_TEST(certificate_transparency_leaves_have_the_known_root),
        TREE_TEST(every_size_has_the_root_that_the_definition_gives),
        TREE_TEST(large_trees_have_the_roots_computed_in_another_language),
        TREE_TEST(rebuilt_tree_has_the_same_root_and_grows_the_same_way),
        TREE_TEST(a_leaf_for_tree_and_frontier_at_once_gives_what_it_gives_each),
        TREE_TEST(frontier_survives_packing_at_every_size),
        TREE_TEST(packed_frontier_of_another_length_is_refused),
        TREE_TEST(sizes_beyond_the_tree_are_out_of_range),
        TREE_TEST(refused_tile_leaves_the_tree_as_it_was_and_a_retry_succeeds),
        TREE_TEST(every_unreadable_tile_or_leaf_stops_a_rebuild),
        TREE_TEST(unreadable_tile_stops_an_earlier_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
