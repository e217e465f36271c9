/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/id.h: UUIDv7's form, rising order under every clock, text and back.
 */
#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t random_ones[10] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const uint8_t random_zeros[10];

/* accepts */

static void id_has_the_form_of_rfc_9562_version_7(void **state)
{
    (void)state;
    struct id_maker maker = {0};
    struct id id = id_make(&maker, UINT64_C(0x017f22e279b0), random_ones);
    char text[ID_TEXT_BYTES];
    id_format(&id, text);
    assert_string_equal(text, "017f22e2-79b0-77ff-bfff-ffffffffffff");
}

static void ids_of_one_maker_rise_while_the_clock_stands_or_steps_back(void **state)
{
    (void)state;
    struct id_maker maker = {0};
    struct id before = id_make(&maker, 1000, random_ones);
    for (int i = 0; i < 10000; i++) {
        uint64_t now_ms = i % 3 == 0 ? 10 : 1000;
        struct id id = id_make(&maker, now_ms, i % 2 == 0 ? random_ones : random_zeros);
        assert_true(memcmp(before.bytes, id.bytes, sizeof(id.bytes)) < 0);
        before = id;
    }
}

static void text_goes_both_ways_with_and_without_hyphens_and_in_capitals(void **state)
{
    (void)state;
    struct id_maker maker = {0};
    struct id id = id_make(&maker, UINT64_C(1462060800000), random_zeros);
    char text[ID_TEXT_BYTES];
    id_format(&id, text);
    struct id back;
    assert_true(id_parse(bytes_of_text(text), &back));
    assert_true(id_equal(&id, &back));
    assert_true(id_parse(BYTES_LITERAL("000102030405060708090A0B0C0D0E0F"), &back));
    assert_int_equal(back.bytes[0], 0);
    assert_int_equal(back.bytes[10], 10);
    assert_int_equal(back.bytes[15], 15);
    assert_false(id_equal(&id, &back));
}

static void only_sixteen_zero_bytes_are_zero(void **state)
{
    (void)state;
    struct id id = {{0}};
    assert_true(id_is_zero(&id));
    id.bytes[15] = 1;
    assert_false(id_is_zero(&id));
}

/* rejects */

static void texts_of_another_form_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "017f22e2-79b0-77ff-bfff-fffffffffff",
        "017f22e2-79b0-77ff-bfff-fffffffffffff",
        "017f22e279b077ffbfffffffffffffffx",
        "017f22e279b077ffbffffffffffffffg",
        "017f22e27-9b0-77ff-bfff-ffffffffffff",
        "017f22e2-79b0-77ff-bfff-ffffffffff-f",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct id id;
        assert_false(id_parse(bytes_of_text(wrong[i]), &id));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_has_the_form_of_rfc_9562_version_7),
        cmocka_unit_test(ids_of_one_maker_rise_while_the_clock_stands_or_steps_back),
        cmocka_unit_test(text_goes_both_ways_with_and_without_hyphens_and_in_capitals),
        cmocka_unit_test(only_sixteen_zero_bytes_are_zero),
        cmocka_unit_test(texts_of_another_form_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
