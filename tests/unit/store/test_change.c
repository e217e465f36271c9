/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Changes as bytes. */
#include "store/change.h"

#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint8_t zeros[STORE_VALUE_BYTES_MAX + 1];

/* As docs/storage-format.md has it: a person's row is put, a card's is deleted. */
static const uint8_t golden[] = {
    0x1e, 1, 0, 0, 0, 3, 'm', 'r', 'o', 'w', /* */
    0x8d, 2, 0, 0, 0, 0, 'c', 'd',
};

static bool is_change(uint8_t table, size_t key_bytes, size_t value_bytes)
{
    static uint8_t bytes[sizeof(zeros) + 512];
    struct wire_writer writer = {.data = bytes, .cap = sizeof(bytes)};
    wire_put_u8(&writer, table);
    wire_put_u8(&writer, (uint8_t)key_bytes);
    wire_put_u32(&writer, (uint32_t)value_bytes);
    wire_put_bytes(&writer, bytes_of(zeros, key_bytes));
    wire_put_bytes(&writer, bytes_of(zeros, value_bytes));
    assert_false(writer.overflow);
    struct wire_reader reader = {.left = bytes_of(bytes, writer.size)};
    struct store_change change;
    return store_change_next(&reader, &change);
}

/* ---- accepts ---- */

static void changes_are_put_one_after_the_other(void **state)
{
    (void)state;
    uint8_t bytes[sizeof(golden)];
    struct wire_writer writer = {.data = bytes, .cap = sizeof(bytes)};
    store_change_put(&writer, &(struct store_change){TABLE_PERSON, false, BYTES_LITERAL("m"),
                                                     BYTES_LITERAL("row")});
    store_change_put(&writer, &(struct store_change){.table = TABLE_CARD,
                                                     .is_deleted = true,
                                                     .key = BYTES_LITERAL("cd")});
    assert_false(writer.overflow);
    assert_int_equal(writer.size, sizeof(golden));
    assert_memory_equal(bytes, golden, sizeof(golden));
    assert_int_equal(sizeof(golden), 2 * STORE_CHANGE_HEAD_BYTES + 6);
}

static void they_are_read_as_they_were_put(void **state)
{
    (void)state;
    struct wire_reader reader = {.left = bytes_of(golden, sizeof(golden))};
    struct store_change change;
    assert_true(store_change_next(&reader, &change));
    assert_int_equal(change.table, TABLE_PERSON);
    assert_false(change.is_deleted);
    assert_true(bytes_equal(change.key, BYTES_LITERAL("m")));
    assert_true(bytes_equal(change.value, BYTES_LITERAL("row")));
    assert_true(store_change_next(&reader, &change));
    assert_int_equal(change.table, TABLE_CARD);
    assert_true(change.is_deleted);
    assert_true(bytes_equal(change.key, BYTES_LITERAL("cd")));
    assert_int_equal(change.value.size, 0);
    assert_true(wire_reader_is_done(&reader));
}

static void keys_and_values_have_the_sizes_of_the_port(void **state)
{
    (void)state;
    assert_true(is_change(TABLE_ENTRY, 1, 0));
    assert_true(is_change(TABLE_ENTRY, LEDGER_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX));
    assert_false(is_change(TABLE_ENTRY, 0, 1));
    assert_false(is_change(TABLE_ENTRY, LEDGER_KEY_BYTES_MAX + 1, 1));
    assert_false(is_change(TABLE_ENTRY, 1, STORE_VALUE_BYTES_MAX + 1));
}

/* ---- rejects ---- */

static void a_table_that_there_is_not_is_refused(void **state)
{
    (void)state;
    assert_false(is_change(0, 1, 1));
    assert_false(is_change(TABLE_REVERSED + 1, 1, 1)); /* a number between others */
    assert_true(is_change(LEDGER_TABLE_NUMBER_MAX, 1, 1));
    assert_false(is_change(LEDGER_TABLE_NUMBER_MAX + 1, 1, 1));
    assert_false(is_change(0x7f, 1, 1));
}

static void a_deleted_row_has_no_value(void **state)
{
    (void)state;
    assert_true(is_change(TABLE_ENTRY | 0x80, 1, 0));
    assert_false(is_change(TABLE_ENTRY | 0x80, 1, 1));
}

static void a_change_that_is_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < 10; size++) { /* of the first one's bytes */
        struct wire_reader reader = {.left = bytes_of(golden, size)};
        struct store_change change;
        assert_false(store_change_next(&reader, &change));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_put_one_after_the_other),
        cmocka_unit_test(they_are_read_as_they_were_put),
        cmocka_unit_test(keys_and_values_have_the_sizes_of_the_port),
        cmocka_unit_test(a_table_that_there_is_not_is_refused),
        cmocka_unit_test(a_deleted_row_has_no_value),
        cmocka_unit_test(a_change_that_is_cut_off_anywhere_is_refused),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
