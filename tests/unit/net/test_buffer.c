/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The growable buffer, against a plain array.
 */
#include "../../../server/net/src/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct heap {
    bool fails;
    size_t bytes_max; /* the largest block asked for */
    bool leaks;       /* a block was given back with a SECRET in it */
};

#define SECRET        'Z'
#define WATCHED_BYTES ((size_t)64 << 10)

static void *heap_resize(void *ctx, void *block, size_t bytes)
{
    struct heap *heap = ctx;

    if (bytes == 0) {
        free(block);
        return NULL;
    }
    heap->bytes_max = bytes > heap->bytes_max ? bytes : heap->bytes_max;
    return heap->fails ? NULL : realloc(block, bytes);
}

/* Blocks of zeros, all of one size, which are looked at when they are given back. */
static void *watched_resize(void *ctx, void *block, size_t bytes)
{
    struct heap *heap = ctx;

    if (block == NULL) {
        assert_true(bytes <= WATCHED_BYTES);
        return calloc(1, WATCHED_BYTES);
    }
    heap->leaks = heap->leaks || memchr(block, SECRET, WATCHED_BYTES) != NULL;
    if (bytes > 0) {
        return block;
    }
    free(block);
    return NULL;
}

static enum lb_result append(struct net_buffer *buffer, const void *data, size_t size)
{
    size_t room = 0;
    enum lb_result result = net_buffer_reserve(buffer, size);
    if (result == LB_OK && size > 0) {
        memcpy(net_buffer_room(buffer, &room), data, size);
        assert_true(room >= size);
        net_buffer_produce(buffer, size);
    }
    return result;
}

static void what_goes_in_comes_out_in_order(void **state)
{
    struct heap heap = {0};
    const struct net_memory memory = {heap_resize, &heap};
    struct net_buffer buffer;
    uint8_t chunk[5000];
    uint8_t next_in = 0;
    uint8_t next_out = 0;
    const uint64_t seed = 20161231;
    uint64_t random = seed;
    (void)state;

    print_message("seed %llu\n", (unsigned long long)seed);
    net_buffer_init(&buffer, &memory);
    for (int step = 0; step < 20000; step++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const size_t size = (random >> 33) % sizeof(chunk);
        if ((random >> 60) % 2 == 0 && net_buffer_size(&buffer) < 100000) {
            for (size_t i = 0; i < size; i++) {
                chunk[i] = next_in++;
            }
            assert_int_equal(append(&buffer, chunk, size), LB_OK);
        } else {
            const size_t there = net_buffer_size(&buffer);
            const size_t taken = size < there ? size : there;
            for (size_t i = 0; i < taken; i++) {
                assert_int_equal(net_buffer_bytes(&buffer)[i], next_out++);
            }
            net_buffer_consume(&buffer, taken);
        }
        assert_true(net_buffer_is_valid(&buffer));
    }
    assert_true(heap.bytes_max <= (size_t)512 << 10); /* it does not grow without need */
    net_buffer_fini(&buffer);
}

static void no_copy_of_what_was_in_it_stays(void **state)
{
    struct heap heap = {0};
    const struct net_memory memory = {watched_resize, &heap};
    struct net_buffer buffer;
    uint8_t secret[3000];
    (void)state;

    memset(secret, SECRET, sizeof(secret));
    net_buffer_init(&buffer, &memory);
    assert_int_equal(append(&buffer, secret, sizeof(secret)), LB_OK);
    net_buffer_consume(&buffer, 2000);
    assert_int_equal(append(&buffer, secret, sizeof(secret)), LB_OK); /* to the front */
    net_buffer_consume(&buffer, 2500);
    assert_int_equal(append(&buffer, secret, sizeof(secret)), LB_OK); /* to another block */
    assert_int_equal(append(&buffer, secret, sizeof(secret)), LB_OK);
    assert_int_equal(net_buffer_size(&buffer), 4 * sizeof(secret) - 4500);
    net_buffer_fini(&buffer);
    assert_false(heap.leaks);
}

static void an_empty_buffer_gives_a_large_block_back(void **state)
{
    struct heap heap = {0};
    const struct net_memory memory = {heap_resize, &heap};
    struct net_buffer buffer;
    (void)state;

    net_buffer_init(&buffer, &memory);
    assert_int_equal(net_buffer_reserve(&buffer, 1000000), LB_OK);
    size_t room = 0;
    memset(net_buffer_room(&buffer, &room), 'x', 10);
    assert_true(room >= 1000000);
    net_buffer_produce(&buffer, 10);
    net_buffer_trim(&buffer);
    assert_int_equal(net_buffer_size(&buffer), 10);
    net_buffer_consume(&buffer, 10);
    net_buffer_trim(&buffer);
    assert_null(net_buffer_bytes(&buffer));
    assert_true(net_buffer_is_valid(&buffer));
    net_buffer_fini(&buffer);
}

static void without_memory_nothing_changes(void **state)
{
    struct heap heap = {0};
    const struct net_memory memory = {heap_resize, &heap};
    struct net_buffer buffer;
    static const uint8_t large[10000];
    (void)state;

    net_buffer_init(&buffer, &memory);
    assert_int_equal(append(&buffer, "kept", 4), LB_OK);
    heap.fails = true;
    assert_int_equal(append(&buffer, large, sizeof(large)), LB_MEMORY);
    assert_int_equal(net_buffer_reserve(&buffer, SIZE_MAX), LB_MEMORY);
    assert_int_equal(net_buffer_size(&buffer), 4);
    assert_memory_equal(net_buffer_bytes(&buffer), "kept", 4);
    heap.fails = false;
    assert_int_equal(append(&buffer, large, sizeof(large)), LB_OK);
    assert_int_equal(net_buffer_size(&buffer), 4 + sizeof(large));
    net_buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out_in_order),
        cmocka_unit_test(no_copy_of_what_was_in_it_stays),
        cmocka_unit_test(an_empty_buffer_gives_a_large_block_back),
        cmocka_unit_test(without_memory_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
