/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tree over a growing book: roots against the naive recursion of RFC 6962, older sizes, proofs,
 * a restart at every edge; a start on a damaged tail.
 */
#include "rows_fixture.h"

#define ENTRIES 600 /* more than two tiles */

static const struct merkle_hasher hasher = {rows_digest, NULL};

/* RFC 6962, 2.1, word by word. */
static struct merkle_hash naive_root(const struct merkle_hash *leaves, uint64_t count)
{
    struct merkle_hash root;
    if (count == 0) {
        merkle_hash_empty(&hasher, &root);
        return root;
    }
    if (count == 1) {
        return leaves[0];
    }
    uint64_t left = 1;
    while (2 * left < count) {
        left *= 2;
    }
    struct merkle_hash a = naive_root(leaves, left);
    struct merkle_hash b = naive_root(leaves + left, count - left);
    merkle_hash_node(&hasher, &a, &b, &root);
    return root;
}

static struct merkle_hash *read_leaves(struct engine_view *view)
{
    struct merkle_hash *leaves = calloc(view->head_entry, sizeof(*leaves));
    assert_non_null(leaves);
    for (uint64_t number = 1; number <= view->head_entry; number++) {
        struct bytes packed;
        struct entry entry;
        assert_int_equal(engine_view_entry(view, number, &packed, &entry), LB_OK);
        merkle_hash_leaf(&hasher, packed, &leaves[number - 1]);
        arena_reset(view->arena);
    }
    return leaves;
}

static void book_fill(struct book *book, uint64_t entries)
{
    while (book_head(book) < entries) {
        struct command commands[40];
        size_t count = 0;
        for (; count < 40 && book_head(book) + count < entries; count++) {
            commands[count] = record_service(book, 1 + count % 3, 1, TODAY - (int32_t)count);
        }
        book_do(book, commands, count);
    }
}

static void roots_of_all_sizes_are_those_of_the_entries(void **state)
{
    struct book *book = *state;
    book_fill(book, ENTRIES);
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    struct merkle_hash *leaves = read_leaves(&view);
    for (uint64_t size = 0; size <= ENTRIES; size++) {
        struct merkle_hash expected = naive_root(leaves, size);
        struct merkle_hash root;
        assert_int_equal(engine_view_root(&view, size, root.bytes), LB_OK);
        assert_true(merkle_hash_equal(&root, &expected));
    }
    uint8_t root[LB_HASH_BYTES];
    struct engine_status status = book_status(book);
    assert_int_equal(engine_view_root(&view, ENTRIES + 1, root), LB_ENTRY_UNKNOWN);
    assert_int_equal(engine_view_root(&view, ENTRIES, root), LB_OK);
    assert_int_equal(status.tree_size, ENTRIES);
    assert_memory_equal(status.tree_root, root, LB_HASH_BYTES);
    free(leaves);
    engine_view_close(&view);
    arena_fini(&arena);
}

static void proofs_verify_also_in_a_view_that_the_book_has_left_behind(void **state)
{
    struct book *book = *state;
    book_fill(book, 300);
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    book_fill(book, ENTRIES);
    struct merkle_hash *leaves = read_leaves(&view);
    struct merkle_hash root = naive_root(leaves, 300);
    for (uint64_t number = 1; number <= 300; number += 23) {
        uint8_t hashes[64][LB_HASH_BYTES];
        struct merkle_proof proof = {.count = 0};
        assert_int_equal(engine_view_proof(&view, number, 300, hashes, &proof.count), LB_OK);
        memcpy(proof.hashes, hashes, proof.count * LB_HASH_BYTES);
        assert_true(
            merkle_verify_inclusion(&hasher, &leaves[number - 1], number - 1, 300, &root, &proof));
    }
    uint8_t hashes[64][LB_HASH_BYTES];
    size_t count = 0;
    assert_int_equal(engine_view_proof(&view, 0, 300, hashes, &count), LB_ENTRY_UNKNOWN);
    assert_int_equal(engine_view_proof(&view, 301, 300, hashes, &count), LB_ENTRY_UNKNOWN);
    assert_int_equal(engine_view_proof(&view, 1, 301, hashes, &count), LB_ENTRY_UNKNOWN);
    free(leaves);
    engine_view_close(&view);
    arena_fini(&arena);
}

static void tree_goes_on_after_a_restart_at_each_edge(void **state)
{
    struct book *book = *state;
    const uint64_t sizes[] = {255, 256, 257, 511, 512, 513};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        book_fill(book, sizes[i]);
        struct engine_status before = book_status(book);
        book_stop(book);
        book_start(book);
        struct engine_status after;
        engine_status(book->engine, &after);
        assert_int_equal(after.tree_size, sizes[i]);
        assert_memory_equal(before.tree_root, after.tree_root, LB_HASH_BYTES);
    }
    roots_of_all_sizes_are_those_of_the_entries(state);
}

/* ---- rejects ---- */

static enum lb_result try_start(struct book *book)
{
    enum lb_result result = book_try_start(book);
    engine_close(result == LB_OK ? book->engine : NULL);
    book->engine = NULL;
    return result;
}

static void start_refuses_a_log_whose_tail_is_not_what_the_head_says(void **state)
{
    struct book *book = *state;
    book_stop(book);
    struct bytes head_key = BYTES_LITERAL("head");
    struct row_copy head;
    assert_true(row_seek(book, TABLE_META, head_key, &head));
    struct row_copy last = row_copy_number(book, TABLE_ENTRY, 5);
    struct row_copy hashed = row_copy_number(book, TABLE_ENTRY, 4); /* below the head's frontier */
    struct row_copy altered = hashed;
    altered.data[altered.size - 1] ^= 1;

    row_put_number(book, TABLE_ENTRY, 4, bytes_of(altered.data, altered.size));
    assert_int_equal(try_start(book), LB_STORAGE_CORRUPT);
    row_put_number(book, TABLE_ENTRY, 4, bytes_of(hashed.data, hashed.size));
    row_put_number(book, TABLE_ENTRY, 5, (struct bytes){NULL, 0});
    assert_int_equal(try_start(book), LB_STORAGE_CORRUPT);
    row_put_number(book, TABLE_ENTRY, 5, bytes_of(last.data, last.size));
    row_put_number(book, TABLE_ENTRY, 6, bytes_of(last.data, last.size));
    assert_int_equal(try_start(book), LB_STORAGE_CORRUPT);
    row_put_number(book, TABLE_ENTRY, 6, (struct bytes){NULL, 0});
    row_put(book, TABLE_META, head_key, (struct bytes){NULL, 0});
    assert_int_equal(try_start(book), LB_STORAGE_CORRUPT);
    struct row_copy newer = head;
    newer.data[3]++;
    row_put(book, TABLE_META, head_key, bytes_of(newer.data, newer.size));
    assert_int_equal(try_start(book), LB_FORMAT_NEWER);
    row_put(book, TABLE_META, head_key, bytes_of(head.data, head.size - 1));
    assert_int_equal(try_start(book), LB_STORAGE_CORRUPT);
    row_put(book, TABLE_META, head_key, bytes_of(head.data, head.size));
    assert_int_equal(try_start(book), LB_OK);
}

/* Leaves the engine stopped. */
static void assert_start_refuses_another_key(struct book *book)
{
    book_stop(book);
    struct people *right = book->people;
    char path[96];
    snprintf(path, sizeof(path), "%s-other", book->key_path);
    assert_int_equal(people_open(path, true, random_system(), &book->people), LB_OK);
    assert_int_equal(try_start(book), LB_KEY_MISSING);
    people_close(book->people);
    unlink(path);
    book->people = right;
}

static void start_refuses_a_key_that_is_not_the_book_s(void **state)
{
    struct book *book = *state;
    assert_start_refuses_another_key(book);
    row_put_number(book, TABLE_PERSON, 1, BYTES_LITERAL("altered: verify's business"));
    assert_int_equal(try_start(book), LB_OK);
}

/* A book that has but its first administrator. */
static void start_refuses_a_key_that_opens_no_credential(void **state)
{
    struct book *book = *state;
    static const uint8_t code[LB_HASH_BYTES] = {7};
    struct command command = command_of(book, ACT_OPERATOR_OPEN);
    command.act.operator_open = (struct act_operator_open){
        .login = BYTES_LITERAL("admin"),
        .credential = {CREDENTIAL_ONE_TIME, {code, sizeof(code)}, START_MS + 1000}};
    book_do(book, &command, 1);
    assert_start_refuses_another_key(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_BOOK(roots_of_all_sizes_are_those_of_the_entries),
        TEST_WITH_BOOK(proofs_verify_also_in_a_view_that_the_book_has_left_behind),
        TEST_WITH_BOOK(tree_goes_on_after_a_restart_at_each_edge),
        TEST_WITH_BOOK(start_refuses_a_log_whose_tail_is_not_what_the_head_says),
        TEST_WITH_BOOK(start_refuses_a_key_that_is_not_the_book_s),
        cmocka_unit_test_setup_teardown(start_refuses_a_key_that_opens_no_credential, book_set_up,
                                        book_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
