/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What a group's bytes become on their way to the database and back, and bytes that are no such. */
#include "../../../server/postgres/src/postgres_private.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SIZE_MAX_TRIED (1u << 20)

static uint8_t *copy_of(struct bytes bytes)
{
    uint8_t *copy = malloc(bytes.size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes.data, bytes.size);
    return copy;
}

/* Rows that are alike, or noise that cannot be made smaller. */
static void fill(uint8_t *bytes, size_t size, bool is_noise)
{
    struct random_seeded seeded = {.state = size};
    const struct random_source noise = random_of_seeded(&seeded);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i % 40);
    }
    if (is_noise) {
        assert_true(random_fill(&noise, bytes, size));
    }
}

static void assert_back(struct postgres_packing *packing, struct bytes from)
{
    struct bytes to;
    assert_int_equal(postgres_pack(packing, from, &to), LB_OK);
    assert_true(to.size <= ZSTD_compressBound(from.size));
    uint8_t *row = copy_of(to);
    struct bytes back;
    assert_int_equal(postgres_unpack(packing, bytes_of(row, to.size), from.size, &back), LB_OK);
    assert_true(bytes_equal(back, from));
    free(row);
}

static void what_was_packed_comes_back(void **state)
{
    (void)state;
    struct postgres_packing packing = {.cap = 0};
    uint8_t *bytes = malloc(SIZE_MAX_TRIED);
    assert_non_null(bytes);
    for (size_t size = 1; size <= SIZE_MAX_TRIED; size = size * 3 + 1) {
        for (int is_noise = 0; is_noise < 2; is_noise++) {
            fill(bytes, size, is_noise != 0);
            assert_back(&packing, bytes_of(bytes, size));
        }
    }
    fill(bytes, SIZE_MAX_TRIED, false);
    assert_back(&packing, bytes_of(bytes, SIZE_MAX_TRIED)); /* the largest */
    assert_back(&packing, bytes_of(bytes, 1));              /* and in its memory a small one */
    struct bytes to;
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes, SIZE_MAX_TRIED), &to), LB_OK);
    assert_true(to.size < SIZE_MAX_TRIED / 100);
    free(bytes);
    postgres_packing_fini(&packing);
}

/* Each byte changed, each end cut off, another size, another frame behind: never more than the size
 * is written, and what comes back as good has it. */
static void damage_is_refused_or_has_the_size(void **state)
{
    (void)state;
    struct postgres_packing packing = {.cap = 0};
    uint8_t bytes[300];
    fill(bytes, sizeof(bytes), false);
    struct bytes to;
    struct bytes back;
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes, sizeof(bytes)), &to), LB_OK);
    const size_t size = to.size;
    uint8_t *row = copy_of(to);
    for (size_t at = 0; at < size; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            row[at] = (uint8_t)(row[at] ^ (1u << bit));
            const enum lb_result result =
                postgres_unpack(&packing, bytes_of(row, size), sizeof(bytes), &back);
            assert_true(result == LB_STORAGE_CORRUPT ||
                        (result == LB_OK && back.size == sizeof(bytes)));
            row[at] = (uint8_t)(row[at] ^ (1u << bit));
        }
        assert_int_equal(postgres_unpack(&packing, bytes_of(row, at), sizeof(bytes), &back),
                         LB_STORAGE_CORRUPT);
    }
    const uint64_t wrong[] = {0,
                              1,
                              sizeof(bytes) - 1,
                              sizeof(bytes) + 1,
                              2 * sizeof(bytes),
                              (uint64_t)POSTGRES_CHANGES_MAX + 1,
                              UINT64_MAX};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(postgres_unpack(&packing, bytes_of(row, size), wrong[i], &back),
                         LB_STORAGE_CORRUPT);
    }
    assert_int_equal(postgres_unpack(&packing, bytes_of(row, size), sizeof(bytes), &back), LB_OK);
    assert_true(bytes_equal(back, bytes_of(bytes, sizeof(bytes))));
    free(row);
    postgres_packing_fini(&packing);
}

/* zstd itself takes what these unpack to for good. */
static void what_is_not_one_frame_is_refused(void **state)
{
    (void)state;
    static const uint8_t skippable[] = {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 'x'};
    struct postgres_packing packing = {.cap = 0};
    uint8_t bytes[300];
    uint8_t row[2 * sizeof(bytes)];
    struct bytes to;
    struct bytes back;
    fill(bytes, sizeof(bytes), false);
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes, sizeof(bytes)), &to), LB_OK);
    const size_t size = to.size;
    memcpy(row, to.data, size);
    memcpy(row + size, skippable, sizeof(skippable));
    assert_int_equal(
        postgres_unpack(&packing, bytes_of(row, size + sizeof(skippable)), sizeof(bytes), &back),
        LB_STORAGE_CORRUPT); /* one behind it */
    memcpy(row, skippable, sizeof(skippable));
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes, sizeof(bytes)), &to), LB_OK);
    memcpy(row + sizeof(skippable), to.data, size);
    assert_int_equal(
        postgres_unpack(&packing, bytes_of(row, size + sizeof(skippable)), sizeof(bytes), &back),
        LB_STORAGE_CORRUPT); /* one before it */
    for (uint64_t claimed = 0; claimed <= 1; claimed++) {
        assert_int_equal(
            postgres_unpack(&packing, bytes_of(skippable, sizeof(skippable)), claimed, &back),
            LB_STORAGE_CORRUPT); /* nothing else */
        assert_int_equal(postgres_unpack(&packing, bytes_of(row, 0), claimed, &back),
                         LB_STORAGE_CORRUPT);
    }
    size_t first = 0; /* the content in two */
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes, 100), &to), LB_OK);
    memcpy(row, to.data, to.size);
    first = to.size;
    assert_int_equal(postgres_pack(&packing, bytes_of(bytes + 100, 200), &to), LB_OK);
    memcpy(row + first, to.data, to.size);
    assert_int_equal(
        postgres_unpack(&packing, bytes_of(row, first + to.size), sizeof(bytes), &back),
        LB_STORAGE_CORRUPT);
    postgres_packing_fini(&packing);
}

static void memory_of_a_large_group_is_given_back(void **state)
{
    (void)state;
    struct postgres_packing packing = {.cap = 0};
    struct bytes to;
    const size_t size = (size_t)POSTGRES_KEPT_BYTES_MAX + 1;
    uint8_t *large = calloc(1, size);
    assert_non_null(large);
    assert_int_equal(postgres_pack(&packing, bytes_of(large, 100), &to), LB_OK);
    const uint8_t *kept = packing.memory;
    postgres_packing_trim(&packing);
    assert_ptr_equal(packing.memory, kept);
    assert_int_equal(postgres_pack(&packing, bytes_of(large, size), &to), LB_OK);
    postgres_packing_trim(&packing);
    assert_null(packing.memory);
    assert_back(&packing, bytes_of(large, 100));
    free(large);
    postgres_packing_fini(&packing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(damage_is_refused_or_has_the_size),
        cmocka_unit_test(what_is_not_one_frame_is_refused),
        cmocka_unit_test(memory_of_a_large_group_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
