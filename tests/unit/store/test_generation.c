/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Rows in memory with their versions: finding, seeking, undoing, lifetime. */
#include "generation_fixture.h"

#define VALUE_BYTES (64u << 10)
#define VALUES      64u
#define NEWEST      UINT64_MAX

static void put(struct generation *generation, uint64_t number, enum ledger_table table,
                const char *key, const char *value)
{
    struct bytes bytes = bytes_of_text(value == NULL ? "" : value);
    put_bytes(generation, number, table, bytes_of_text(key), value == NULL ? NULL : &bytes);
}

static void assert_place(const struct generation_place *place, const char *key, const char *value)
{
    assert_true(bytes_equal(place->key, bytes_of_text(key)));
    assert_int_equal(place->is_deleted, value == NULL);
    if (value != NULL) {
        assert_true(bytes_equal(place->value, bytes_of_text(value)));
    }
}

static void assert_get(struct generation *generation, uint64_t number, const char *key,
                       const char *value)
{
    struct generation_place place;
    assert_true(generation_get(generation, number, TABLE_META, bytes_of_text(key), &place));
    assert_place(&place, key, value);
}

static void assert_not_there(struct generation *generation, uint64_t number, const char *key)
{
    struct generation_place place;
    assert_false(generation_get(generation, number, TABLE_META, bytes_of_text(key), &place));
}

/* expected NULL: none. */
static void assert_seek(struct generation *generation, struct generation_seek seek,
                        const char *expected, const char *value)
{
    struct generation_index *index = NULL;
    struct generation_place place;
    enum lb_result result = generation_seek(generation, &seek, &index, &place);
    assert_int_equal(result, expected == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (expected != NULL) {
        assert_place(&place, expected, value);
    }
    generation_index_give(index);
}

/* ---- accepts ---- */

static void a_row_is_found_as_each_group_left_it(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put(generation, 3, TABLE_META, "key", "three");
    put(generation, 5, TABLE_META, "key", NULL);
    put(generation, 9, TABLE_META, "key", "nine");
    assert_int_equal(generation_newest(generation), 9);
    assert_not_there(generation, 2, "key");
    assert_get(generation, 3, "key", "three");
    assert_get(generation, 4, "key", "three");
    assert_get(generation, 5, "key", NULL);
    assert_get(generation, 8, "key", NULL);
    assert_get(generation, NEWEST, "key", "nine");
    assert_not_there(generation, NEWEST, "ke");
    assert_not_there(generation, NEWEST, "key2");
}

static void of_a_row_put_twice_by_one_group_the_last_counts(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put(generation, 1, TABLE_META, "key", "first");
    put(generation, 1, TABLE_META, "key", "last");
    put(generation, 1, TABLE_META, "gone", "first");
    put(generation, 1, TABLE_META, "gone", NULL);
    assert_get(generation, 1, "key", "last");
    assert_get(generation, 1, "gone", NULL);
}

static void the_same_key_in_two_tables_is_two_rows(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put(generation, 1, TABLE_META, "key", "meta");
    put(generation, 1, TABLE_MEMBER, "key", "member");
    struct generation_place place;
    assert_true(generation_get(generation, 1, TABLE_MEMBER, BYTES_LITERAL("key"), &place));
    assert_place(&place, "key", "member");
    assert_get(generation, 1, "key", "meta");
    assert_false(generation_get(generation, 1, TABLE_CARD, BYTES_LITERAL("key"), &place));
}

/* A family of `dated` is 13 bytes; here of three, with rows at both ends and in between. */
static void put_families(struct generation *generation)
{
    put(generation, 1, TABLE_DATED, "aaaaaaaaaaaaa9", "a9");
    put(generation, 1, TABLE_DATED, "bbbbbbbbbbbbb5", "b5");
    put(generation, 1, TABLE_DATED, "bbbbbbbbbbbbb1", "b1");
    put(generation, 1, TABLE_DATED, "bbbbbbbbbbbbb3", "b3");
    put(generation, 2, TABLE_DATED, "bbbbbbbbbbbbb3", NULL);
    put(generation, 3, TABLE_DATED, "bbbbbbbbbbbbb7", "b7");
    put(generation, 1, TABLE_DATED, "ccccccccccccc1", "c1");
    put(generation, 1, TABLE_DATED, "bbbb", "short");
}

static void seeks_within_a_family_find_the_nearest_row_and_no_other_familys(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put_families(generation);
    struct generation_seek seek = {NEWEST, TABLE_DATED, BYTES_LITERAL("bbbbbbbbbbbbb2"),
                                   13,     true,        false};
    assert_seek(generation, seek, "bbbbbbbbbbbbb3", NULL);
    seek.number = 1;
    assert_seek(generation, seek, "bbbbbbbbbbbbb3", "b3");
    seek.at_or_after = false;
    assert_seek(generation, seek, "bbbbbbbbbbbbb1", "b1");
    seek.key = BYTES_LITERAL("bbbbbbbbbbbbb1");
    assert_seek(generation, seek, "bbbbbbbbbbbbb1", "b1");
    seek.is_beyond = true;
    assert_seek(generation, seek, NULL, NULL); /* "aaa…" is another family's */
    seek.at_or_after = true;
    assert_seek(generation, seek, "bbbbbbbbbbbbb3", "b3");
    seek.key = BYTES_LITERAL("bbbbbbbbbbbbb5");
    assert_seek(generation, seek, NULL, NULL); /* "…7" came later */
    seek.number = 3;
    assert_seek(generation, seek, "bbbbbbbbbbbbb7", "b7");
    seek.key = BYTES_LITERAL("xxxxxxxxxxxxx1");
    assert_seek(generation, seek, NULL, NULL);
}

static void seeks_over_a_whole_table_cross_families_in_both_directions(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put_families(generation);
    struct generation_seek seek = {1, TABLE_DATED, BYTES_LITERAL("bbbbbbbbbbbbb6"), 0, true, false};
    assert_seek(generation, seek, "ccccccccccccc1", "c1"); /* "…7" came later */
    seek.at_or_after = false;
    assert_seek(generation, seek, "bbbbbbbbbbbbb5", "b5");
    seek.key = BYTES_LITERAL("bbbb");
    assert_seek(generation, seek, "bbbb", "short");
    seek.is_beyond = true;
    assert_seek(generation, seek, "aaaaaaaaaaaaa9", "a9");
    seek.within = 1;
    assert_seek(generation, seek, NULL, NULL);
    seek = (struct generation_seek){NEWEST, TABLE_DATED, {NULL, 0}, 0, true, false};
    assert_seek(generation, seek, "aaaaaaaaaaaaa9", "a9");
    seek.at_or_after = false;
    assert_seek(generation, seek, NULL, NULL); /* the empty key is before all others */
    seek = (struct generation_seek){0, TABLE_DATED, BYTES_LITERAL("b"), 0, true, false};
    assert_seek(generation, seek, NULL, NULL); /* of a group before all rows */
    seek = (struct generation_seek){NEWEST, TABLE_CARD, BYTES_LITERAL("b"), 0, true, false};
    assert_seek(generation, seek, NULL, NULL); /* a table without rows */
}

static void an_index_stays_as_it_was_taken_and_the_next_has_the_new_rows(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put(generation, 1, TABLE_META, "b", "1");
    struct generation_index *index = generation_index_take(generation, TABLE_META);
    struct generation_index *same = generation_index_take(generation, TABLE_META);
    assert_non_null(index);
    assert_ptr_equal(index, same);
    put(generation, 2, TABLE_META, "a", "2");
    struct generation_index *next = generation_index_take(generation, TABLE_META);
    assert_int_equal(generation_index_count(index), 1);
    assert_int_equal(generation_index_count(next), 2);
    struct generation_place place;
    assert_true(generation_index_at(next, 0, &place));
    assert_place(&place, "a", "2");
    assert_true(generation_index_at(next, 1, &place));
    assert_place(&place, "b", "1");
    generation_index_give(index);
    generation_index_give(same);
    generation_index_give(next);
}

static void what_is_undone_never_was_and_its_numbers_can_be_used_again(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    put(generation, 1, TABLE_META, "old", "1");
    put(generation, 2, TABLE_META, "old", "2");
    put(generation, 2, TABLE_META, "new", "2");
    put(generation, 3, TABLE_META, "old", NULL);
    generation_undo(generation, 2);
    assert_int_equal(generation_newest(generation), 1);
    assert_get(generation, NEWEST, "old", "1");
    assert_not_there(generation, NEWEST, "new");
    struct generation_seek seek = {NEWEST, TABLE_META, BYTES_LITERAL("a"), 0, true, false};
    assert_seek(generation, seek, "old", "1");
    struct generation_index *index = generation_index_take(generation, TABLE_META);
    struct generation_place place;
    assert_int_equal(generation_index_count(index), 2);
    assert_false(generation_index_at(index, 0, &place)); /* "new": all of it was taken back */
    generation_index_give(index);
    put(generation, 2, TABLE_META, "new", "2 again");
    assert_get(generation, 1, "old", "1");
    assert_not_there(generation, 1, "new");
    assert_get(generation, 2, "new", "2 again");
    generation_undo(generation, 9); /* beyond all: nothing happens */
    assert_int_equal(generation_newest(generation), 2);
    assert_get(generation, 2, "new", "2 again");
}

static void it_lives_until_the_last_reference_and_the_pool_gets_its_memory(void **state)
{
    struct fixture *fixture = *state;
    struct generation *generation = generation_new(&fixture->pool);
    assert_non_null(generation);
    assert_int_equal(generation_bytes(generation), 0);
    static uint8_t value[VALUE_BYTES];
    struct bytes whole = bytes_of(value, sizeof(value));
    for (uint8_t i = 0; i < VALUES; i++) {
        put_bytes(generation, 1, TABLE_TILE, bytes_of(&i, 1), &whole);
    }
    assert_in_range(generation_bytes(generation), VALUES * VALUE_BYTES, 3 * VALUES * VALUE_BYTES);
    generation_take(generation);
    generation_give(generation);
    struct generation_place place;
    assert_true(generation_get(generation, 1, TABLE_TILE, BYTES_LITERAL("\x07"), &place));
    assert_true(bytes_equal(place.value, whole));
    assert_null(fixture->pool.blocks);
    generation_give(generation);
    assert_non_null(fixture->pool.blocks);
    generation_pool_trim(&fixture->pool);
    assert_null(fixture->pool.blocks);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_GENERATION(a_row_is_found_as_each_group_left_it),
        ON_GENERATION(of_a_row_put_twice_by_one_group_the_last_counts),
        ON_GENERATION(the_same_key_in_two_tables_is_two_rows),
        ON_GENERATION(seeks_within_a_family_find_the_nearest_row_and_no_other_familys),
        ON_GENERATION(seeks_over_a_whole_table_cross_families_in_both_directions),
        ON_GENERATION(an_index_stays_as_it_was_taken_and_the_next_has_the_new_rows),
        ON_GENERATION(what_is_undone_never_was_and_its_numbers_can_be_used_again),
        ON_GENERATION(it_lives_until_the_last_reference_and_the_pool_gets_its_memory),
    };
    return cmocka_run_group_tests_name("generation", tests, NULL, NULL);
}
