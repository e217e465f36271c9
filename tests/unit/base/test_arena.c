/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/arena.h: what is handed out, the cap, and every allocation failing in turn.
 */
#include "base/arena.h"
#include "faulty_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* accepts */

static void blocks_are_aligned_and_do_not_overlap(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 1u << 20);
    uint8_t *taken[500];
    for (size_t i = 0; i < 500; i++) {
        taken[i] = arena_take(&arena, i);
        assert_non_null(taken[i]);
        assert_int_equal((uintptr_t)taken[i] % 16, 0);
        memset(taken[i], (int)(i & 0xff), i);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t at = 0; at < i; at++) {
            assert_int_equal(taken[i][at], i & 0xff);
        }
    }
    arena_fini(&arena);
}

static void request_larger_than_a_block_is_served_and_leaves_the_block_in_use(void **state)
{
    (void)state;
    struct faulty_memory faulty = {.until_failure = FAULTY_NEVER};
    struct arena_memory memory = faulty_memory_port(&faulty);
    struct arena arena;
    arena_init(&arena, &memory, 1u << 20);
    assert_non_null(arena_take(&arena, 16));
    assert_non_null(arena_take(&arena, 100000));
    assert_non_null(arena_take(&arena, 16));
    assert_int_equal(faulty.blocks_out, 2);
    arena_fini(&arena);
    assert_int_equal(faulty.blocks_out, 0);
}

static void wipe_overwrites_all_that_was_handed_out(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 1u << 20);
    uint8_t *small = arena_take(&arena, 40);
    uint8_t *large = arena_take(&arena, 100000);
    assert_non_null(small);
    assert_non_null(large);
    memset(small, 0xee, 40);
    memset(large, 0xee, 100000);
    arena_wipe(&arena);
    for (size_t i = 0; i < 100000; i++) {
        assert_int_equal(large[i], 0);
        assert_int_equal(small[i % 40], 0);
    }
    arena_fini(&arena);
}

static void reset_keeps_one_ordinary_block_and_counts_from_zero(void **state)
{
    (void)state;
    struct faulty_memory faulty = {.until_failure = FAULTY_NEVER};
    struct arena_memory memory = faulty_memory_port(&faulty);
    struct arena arena;
    arena_init(&arena, &memory, 1u << 20);
    assert_non_null(arena_take(&arena, 200000));
    for (int i = 0; i < 100; i++) {
        assert_non_null(arena_take(&arena, 1000));
    }
    arena_reset(&arena);
    assert_int_equal(faulty.blocks_out, 1);
    assert_int_equal(arena.used_bytes, 0);
    assert_non_null(arena_take(&arena, 1000));
    assert_int_equal(faulty.blocks_out, 1);
    arena_fini(&arena);
}

static void zeroed_memory_is_zero_even_after_reuse(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 4096);
    void *dirty = arena_take(&arena, 320);
    assert_non_null(dirty);
    memset(dirty, 0xff, 320);
    arena_reset(&arena);
    const uint8_t *clean = arena_take_zeroed(&arena, 10, 32);
    assert_non_null(clean);
    for (size_t i = 0; i < 320; i++) {
        assert_int_equal(clean[i], 0);
    }
    arena_fini(&arena);
}

static void copy_equals_its_source_and_an_empty_view_needs_no_memory(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 64);
    struct bytes copy;
    assert_true(arena_copy(&arena, BYTES_LITERAL("rice"), &copy));
    assert_true(bytes_equal(copy, BYTES_LITERAL("rice")));
    size_t used_bytes = arena.used_bytes;
    assert_true(arena_copy(&arena, BYTES_LITERAL(""), &copy));
    assert_null(copy.data);
    assert_int_equal(arena.used_bytes, used_bytes);
    arena_fini(&arena);
}

/* rejects */

static void cap_is_kept_to_the_byte_and_exhaustion_sticks_until_reset(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 64);
    assert_non_null(arena_take(&arena, 48));
    assert_non_null(arena_take(&arena, 16));
    assert_false(arena.exhausted);
    assert_null(arena_take(&arena, 1));
    assert_true(arena.exhausted);
    arena_reset(&arena);
    assert_false(arena.exhausted);
    assert_null(arena_take(&arena, 65));
    arena_fini(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), SIZE_MAX);
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take(&arena, SIZE_MAX - 31));
    assert_null(arena_take_zeroed(&arena, SIZE_MAX / 2, 3));
    assert_true(arena.exhausted);
    arena_fini(&arena);
}

/* faults */

/* Takes a mixture of sizes; false at the first that fails. */
static bool take_mixture(struct arena *arena)
{
    for (size_t i = 0; i < 40; i++) {
        if (arena_take(arena, i % 5 == 0 ? 30000 : 3000) == NULL) {
            return false;
        }
    }
    return true;
}

static void every_failing_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    for (size_t n = 0;; n++) {
        struct faulty_memory faulty = {.until_failure = n};
        struct arena_memory memory = faulty_memory_port(&faulty);
        struct arena arena;
        arena_init(&arena, &memory, 1u << 20);
        bool took_all = take_mixture(&arena);
        assert_int_equal(took_all, !faulty.has_failed);
        assert_int_equal(arena.exhausted, faulty.has_failed);
        arena_reset(&arena);
        faulty.until_failure = FAULTY_NEVER;
        assert_true(take_mixture(&arena));
        arena_fini(&arena);
        assert_int_equal(faulty.blocks_out, 0);
        if (took_all) {
            assert_true(n > 10);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_do_not_overlap),
        cmocka_unit_test(request_larger_than_a_block_is_served_and_leaves_the_block_in_use),
        cmocka_unit_test(wipe_overwrites_all_that_was_handed_out),
        cmocka_unit_test(reset_keeps_one_ordinary_block_and_counts_from_zero),
        cmocka_unit_test(zeroed_memory_is_zero_even_after_reuse),
        cmocka_unit_test(copy_equals_its_source_and_an_empty_view_needs_no_memory),
        cmocka_unit_test(cap_is_kept_to_the_byte_and_exhaustion_sticks_until_reset),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(every_failing_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
