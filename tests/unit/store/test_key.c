/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Neighbours of keys. */
#include "store/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint8_t full[LEDGER_KEY_BYTES_MAX]; /* a key of the greatest length, set by each test */

static void assert_neighbours(struct bytes lower, struct bytes upper)
{
    struct key_buffer buffer;
    struct bytes found;
    assert_true(bytes_compare(lower, upper) < 0);
    assert_true(key_after(lower, &buffer, &found));
    assert_true(bytes_equal(found, upper));
    assert_true(key_before(upper, &buffer, &found));
    assert_true(bytes_equal(found, lower));
}

static void the_key_after_a_short_one_is_it_and_a_zero(void **state)
{
    (void)state;
    assert_neighbours(BYTES_LITERAL(""), bytes_of("\0", 1));
    assert_neighbours(BYTES_LITERAL("a"), bytes_of("a\0", 2));
    assert_neighbours(BYTES_LITERAL("\xff"), bytes_of("\xff\0", 2));
}

static void the_key_after_one_of_the_greatest_length_is_raised_and_cut(void **state)
{
    (void)state;
    memset(full, 'a', sizeof(full));
    uint8_t next[sizeof(full)];
    memcpy(next, full, sizeof(full));
    next[sizeof(next) - 1]++;
    assert_neighbours(bytes_of(full, sizeof(full)), bytes_of(next, sizeof(next)));
    memset(full + 1, 0xff, sizeof(full) - 1);
    assert_neighbours(bytes_of(full, sizeof(full)), BYTES_LITERAL("b"));
}

static void the_first_key_has_none_before_and_the_last_none_after(void **state)
{
    (void)state;
    struct key_buffer buffer;
    struct bytes found;
    assert_false(key_before(BYTES_LITERAL(""), &buffer, &found));
    memset(full, 0xff, sizeof(full));
    assert_false(key_after(bytes_of(full, sizeof(full)), &buffer, &found));
}

static void a_neighbour_can_be_made_in_the_buffer_of_its_key(void **state)
{
    (void)state;
    struct key_buffer buffer;
    struct bytes key = BYTES_LITERAL("b");
    assert_true(key_before(key, &buffer, &key));
    assert_int_equal(key.size, LEDGER_KEY_BYTES_MAX);
    assert_true(key_before(key, &buffer, &key));
    assert_int_equal(key.data[LEDGER_KEY_BYTES_MAX - 1], 0xfe);
    assert_true(key_after(key, &buffer, &key));
    assert_true(key_after(key, &buffer, &key));
    assert_true(bytes_equal(key, BYTES_LITERAL("b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_after_a_short_one_is_it_and_a_zero),
        cmocka_unit_test(the_key_after_one_of_the_greatest_length_is_raised_and_cut),
        cmocka_unit_test(the_first_key_has_none_before_and_the_last_none_after),
        cmocka_unit_test(a_neighbour_can_be_made_in_the_buffer_of_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
