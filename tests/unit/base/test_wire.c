/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/wire.h: the bytes written, the order of keys, and both bounds.
 */
#include "base/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* accepts */

static void numbers_are_written_big_endian_and_read_back(void **state)
{
    (void)state;
    uint8_t buffer[64];
    struct wire_writer writer = {.data = buffer, .cap = sizeof(buffer)};
    wire_put_u8(&writer, 0x01);
    wire_put_u16(&writer, 0x0203);
    wire_put_u32(&writer, 0x04050607);
    wire_put_u64(&writer, UINT64_C(0x08090a0b0c0d0e0f));
    wire_put_i64(&writer, -2);
    wire_put_i32_ordered(&writer, -25567);
    wire_put_bytes(&writer, BYTES_LITERAL("end"));
    assert_false(writer.overflow);
    assert_int_equal(writer.size, 30);
    for (size_t i = 0; i < 15; i++) {
        assert_int_equal(buffer[i], i + 1);
    }
    struct wire_reader reader = {.left = bytes_of(buffer, writer.size)};
    assert_int_equal(wire_get_u8(&reader), 0x01);
    assert_int_equal(wire_get_u16(&reader), 0x0203);
    assert_int_equal(wire_get_u32(&reader), 0x04050607);
    assert_true(wire_get_u64(&reader) == UINT64_C(0x08090a0b0c0d0e0f));
    assert_true(wire_get_i64(&reader) == -2);
    assert_int_equal(wire_get_i32_ordered(&reader), -25567);
    assert_false(wire_reader_is_done(&reader));
    assert_true(bytes_equal(wire_get_bytes(&reader, 3), BYTES_LITERAL("end")));
    assert_true(wire_reader_is_done(&reader));
}

static void ordered_integers_sort_as_numbers(void **state)
{
    (void)state;
    const int32_t rising[] = {INT32_MIN, INT32_MIN + 1, -256, -1, 0, 1, 255, 256, INT32_MAX};
    uint8_t before[4] = {0};
    for (size_t i = 0; i < sizeof(rising) / sizeof(rising[0]); i++) {
        uint8_t key[4];
        struct wire_writer writer = {.data = key, .cap = sizeof(key)};
        wire_put_i32_ordered(&writer, rising[i]);
        assert_true(i == 0 || memcmp(before, key, 4) < 0);
        memcpy(before, key, 4);
        struct wire_reader reader = {.left = bytes_of(key, 4)};
        assert_int_equal(wire_get_i32_ordered(&reader), rising[i]);
    }
}

static void empty_views_may_have_no_address(void **state)
{
    (void)state;
    struct wire_writer writer = {.data = NULL, .cap = 0};
    wire_put_bytes(&writer, (struct bytes){NULL, 0});
    assert_false(writer.overflow);
    struct wire_reader reader = {.left = {NULL, 0}};
    assert_int_equal(wire_get_bytes(&reader, 0).size, 0);
    assert_true(wire_reader_is_done(&reader));
}

/* rejects */

static void writer_never_writes_past_its_end_and_overflow_sticks(void **state)
{
    (void)state;
    uint8_t buffer[8];
    memset(buffer, 0xee, sizeof(buffer));
    struct wire_writer writer = {.data = buffer, .cap = 5};
    wire_put_u32(&writer, 1);
    wire_put_u16(&writer, 2);
    assert_true(writer.overflow);
    wire_put_u8(&writer, 3);
    assert_true(writer.overflow);
    assert_int_equal(writer.size, 4);
    assert_int_equal(buffer[4], 0xee);
}

static void reader_never_reads_past_its_end_and_then_gives_zero(void **state)
{
    (void)state;
    const uint8_t data[] = {0xff, 0xff, 0xff};
    struct wire_reader reader = {.left = bytes_of(data, sizeof(data))};
    assert_int_equal(wire_get_i32_ordered(&reader), 0);
    assert_true(reader.bad);
    assert_int_equal(wire_get_u8(&reader), 0);
    assert_int_equal(wire_get_bytes(&reader, 0).size, 0);
    assert_false(wire_reader_is_done(&reader));
    struct wire_reader huge = {.left = bytes_of(data, sizeof(data))};
    assert_int_equal(wire_get_bytes(&huge, SIZE_MAX).size, 0);
    assert_true(huge.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_big_endian_and_read_back),
        cmocka_unit_test(ordered_integers_sort_as_numbers),
        cmocka_unit_test(empty_views_may_have_no_address),
        cmocka_unit_test(writer_never_writes_past_its_end_and_overflow_sticks),
        cmocka_unit_test(reader_never_reads_past_its_end_and_then_gives_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
