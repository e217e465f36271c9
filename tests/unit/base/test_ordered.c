/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/ordered.h against a sorted array, with seeded random operations, and with every
 * allocation failing in turn.
 */
#include "base/ordered.h"
#include "faulty_memory.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define NAIVE_ROWS_MAX 600

/* The reference: rows sorted by key, moved by hand. */
struct naive_row {
    uint8_t key[8];
    size_t key_size;
    uint8_t value[16];
    size_t value_size;
    bool is_tombstone;
};

struct naive {
    struct naive_row rows[NAIVE_ROWS_MAX];
    size_t count;
};

static struct bytes row_key(const struct naive_row *row)
{
    return bytes_of(row->key, row->key_size);
}

/* The first row at or after the key. */
static size_t naive_seek(const struct naive *naive, struct bytes key)
{
    size_t i = 0;
    while (i < naive->count && bytes_compare(row_key(&naive->rows[i]), key) < 0) {
        i++;
    }
    return i;
}

static bool naive_has(const struct naive *naive, size_t at, struct bytes key)
{
    return at < naive->count && bytes_equal(row_key(&naive->rows[at]), key);
}

static void naive_put(struct naive *naive, const struct naive_row *row)
{
    size_t at = naive_seek(naive, row_key(row));
    if (!naive_has(naive, at, row_key(row))) {
        assert_true(naive->count < NAIVE_ROWS_MAX);
        memmove(&naive->rows[at + 1], &naive->rows[at], (naive->count - at) * sizeof(*row));
        naive->count++;
    }
    naive->rows[at] = *row;
}

static void naive_remove(struct naive *naive, struct bytes key)
{
    size_t at = naive_seek(naive, key);
    if (naive_has(naive, at, key)) {
        naive->count--;
        memmove(&naive->rows[at], &naive->rows[at + 1],
                (naive->count - at) * sizeof(naive->rows[0]));
    }
}

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Few different keys, of 0 to 3 bytes, so that they meet often. */
static struct naive_row draw_row(uint64_t *seed)
{
    struct naive_row row = {.key_size = draw(seed) % 4, .value_size = draw(seed) % 17};
    for (size_t i = 0; i < row.key_size; i++) {
        row.key[i] = (uint8_t)(draw(seed) % 8 * 36);
    }
    for (size_t i = 0; i < row.value_size; i++) {
        row.value[i] = (uint8_t)draw(seed);
    }
    return row;
}

static void assert_place_is_row(const struct ordered_place *place, const struct naive_row *row)
{
    assert_true(bytes_equal(place->key, row_key(row)));
    assert_true(bytes_equal(place->value, bytes_of(row->value, row->value_size)));
    assert_int_equal(place->is_tombstone, row->is_tombstone);
}

static void assert_same_contents(const struct ordered *map, const struct naive *naive)
{
    assert_int_equal(map->count, naive->count);
    struct ordered_place place;
    bool found = ordered_seek_ge(map, BYTES_LITERAL(""), &place);
    for (size_t i = 0; i < naive->count; i++) {
        assert_true(found);
        assert_place_is_row(&place, &naive->rows[i]);
        found = ordered_next(&place);
    }
    assert_false(found);
}

static void assert_same_searches(const struct ordered *map, const struct naive *naive,
                                 struct bytes key)
{
    struct ordered_place place;
    size_t at = naive_seek(naive, key);
    bool is_there = naive_has(naive, at, key);
    assert_int_equal(ordered_get(map, key, &place), is_there);
    assert_int_equal(ordered_seek_ge(map, key, &place), at < naive->count);
    if (at < naive->count) {
        assert_place_is_row(&place, &naive->rows[at]);
    }
    bool has_before = is_there || at > 0;
    assert_int_equal(ordered_seek_le(map, key, &place), has_before);
    if (has_before) {
        assert_place_is_row(&place, &naive->rows[is_there ? at : at - 1]);
    }
}

/* The same random act on both. */
static void act_on_both(struct ordered *map, struct naive *naive, uint64_t *seed)
{
    struct naive_row row = draw_row(seed);
    switch (draw(seed) % 4) {
    case 0:
        ordered_remove(map, row_key(&row));
        naive_remove(naive, row_key(&row));
        return;
    case 1:
        row.is_tombstone = true;
        row.value_size = 0;
        assert_true(ordered_put_tombstone(map, row_key(&row)));
        naive_put(naive, &row);
        return;
    default:
        assert_true(ordered_put(map, row_key(&row), bytes_of(row.value, row.value_size)));
        naive_put(naive, &row);
        return;
    }
}

/* accepts */

static void random_operations_agree_with_a_sorted_array(void **state)
{
    (void)state;
    static struct naive naive;
    for (uint64_t seed_first = 1; seed_first <= 3; seed_first++) {
        print_message("seed %" PRIu64 "\n", seed_first);
        uint64_t seed = seed_first;
        struct faulty_memory faulty = {.until_failure = FAULTY_NEVER};
        struct arena_memory memory = faulty_memory_port(&faulty);
        struct ordered map;
        ordered_init(&map, &memory);
        naive.count = 0;
        for (int step = 0; step < 20000; step++) {
            act_on_both(&map, &naive, &seed);
            struct naive_row sought = draw_row(&seed);
            assert_same_searches(&map, &naive, row_key(&sought));
            assert_int_equal(faulty.blocks_out, naive.count);
            if (step % 500 == 0) {
                assert_same_contents(&map, &naive);
            }
        }
        assert_same_contents(&map, &naive);
        ordered_clear(&map);
        assert_int_equal(map.count, 0);
        assert_true(ordered_put(&map, BYTES_LITERAL("a"), BYTES_LITERAL("again")));
        ordered_fini(&map);
        assert_int_equal(faulty.blocks_out, 0);
    }
}

static void value_taken_from_the_map_can_be_put_back_under_the_same_key(void **state)
{
    (void)state;
    struct ordered map;
    struct ordered_place place;
    ordered_init(&map, arena_memory_heap());
    assert_true(ordered_put(&map, BYTES_LITERAL("key"), BYTES_LITERAL("value")));
    assert_true(ordered_get(&map, BYTES_LITERAL("key"), &place));
    assert_true(ordered_put(&map, place.key, bytes_of(place.value.data + 1, 4)));
    assert_true(ordered_get(&map, BYTES_LITERAL("key"), &place));
    assert_true(bytes_equal(place.value, BYTES_LITERAL("alue")));
    ordered_fini(&map);
}

static void tombstone_hides_nothing_by_itself_and_a_put_lifts_it(void **state)
{
    (void)state;
    struct ordered map;
    struct ordered_place place;
    ordered_init(&map, arena_memory_heap());
    assert_true(ordered_put_tombstone(&map, BYTES_LITERAL("k")));
    assert_true(ordered_get(&map, BYTES_LITERAL("k"), &place));
    assert_true(place.is_tombstone);
    assert_true(ordered_put(&map, BYTES_LITERAL("k"), BYTES_LITERAL("")));
    assert_true(ordered_get(&map, BYTES_LITERAL("k"), &place));
    assert_false(place.is_tombstone);
    assert_int_equal(map.count, 1);
    ordered_fini(&map);
}

/* rejects */

static void empty_map_has_no_places(void **state)
{
    (void)state;
    struct ordered map;
    struct ordered_place place;
    ordered_init(&map, arena_memory_heap());
    assert_false(ordered_get(&map, BYTES_LITERAL(""), &place));
    assert_false(ordered_seek_ge(&map, BYTES_LITERAL(""), &place));
    assert_false(ordered_seek_le(&map, BYTES_LITERAL("zzz"), &place));
    assert_null(place.node);
    ordered_remove(&map, BYTES_LITERAL("a"));
    assert_int_equal(map.count, 0);
    ordered_fini(&map);
}

/* faults */

static void failed_put_leaves_the_map_as_it_was_and_a_retry_succeeds(void **state)
{
    (void)state;
    static struct naive naive;
    for (size_t n = 0;; n++) {
        struct faulty_memory faulty = {.until_failure = n};
        struct arena_memory memory = faulty_memory_port(&faulty);
        struct ordered map;
        uint64_t seed = 7;
        ordered_init(&map, &memory);
        naive.count = 0;
        for (int step = 0; step < 100; step++) {
            struct naive_row row = draw_row(&seed);
            struct bytes value = bytes_of(row.value, row.value_size);
            if (!ordered_put(&map, row_key(&row), value)) {
                assert_true(faulty.has_failed);
                assert_same_contents(&map, &naive);
                assert_true(ordered_put(&map, row_key(&row), value));
            }
            naive_put(&naive, &row);
        }
        assert_same_contents(&map, &naive);
        ordered_fini(&map);
        assert_int_equal(faulty.blocks_out, 0);
        if (!faulty.has_failed) {
            assert_true(n > 50);
            return;
        }
    }
}

static void failed_tombstone_keeps_the_value(void **state)
{
    (void)state;
    struct faulty_memory faulty = {.until_failure = 1};
    struct arena_memory memory = faulty_memory_port(&faulty);
    struct ordered map;
    struct ordered_place place;
    ordered_init(&map, &memory);
    assert_true(ordered_put(&map, BYTES_LITERAL("k"), BYTES_LITERAL("kept")));
    assert_false(ordered_put_tombstone(&map, BYTES_LITERAL("k")));
    assert_true(ordered_get(&map, BYTES_LITERAL("k"), &place));
    assert_true(bytes_equal(place.value, BYTES_LITERAL("kept")));
    assert_false(place.is_tombstone);
    ordered_fini(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree_with_a_sorted_array),
        cmocka_unit_test(value_taken_from_the_map_can_be_put_back_under_the_same_key),
        cmocka_unit_test(tombstone_hides_nothing_by_itself_and_a_put_lifts_it),
        cmocka_unit_test(empty_map_has_no_places),
        cmocka_unit_test(failed_put_leaves_the_map_as_it_was_and_a_retry_succeeds),
        cmocka_unit_test(failed_tombstone_keeps_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
