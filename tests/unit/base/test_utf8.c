/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/utf8.h: well-formedness at every border, refused characters, columns.
 */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_line(const char *text)
{
    return utf8_is_text(bytes_of_text(text), 0);
}

static size_t naive_encode(uint32_t code_point, uint8_t out[4])
{
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    out[0] = (uint8_t)((0xf00 >> size & 0xff) | code_point);
    return size;
}

/* accepts */

static void every_code_point_is_read_back_and_surrogates_are_not(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10ffff; code_point++) {
        uint8_t encoded[4];
        struct bytes left = bytes_of(encoded, naive_encode(code_point, encoded));
        uint32_t read = 0;
        bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
        if (utf8_next(&left, &read) == is_surrogate) {
            fail_msg("code point %x", code_point);
        }
        if (!is_surrogate && (read != code_point || left.size != 0)) {
            fail_msg("code point %x read as %x", code_point, read);
        }
    }
}

static void plain_text_of_any_script_is_text(void **state)
{
    (void)state;
    assert_true(is_line(""));
    assert_true(is_line("rice, oil & salt"));
    assert_true(is_line("爱心储蓄银行 社區(qū) １２３"));
    assert_true(is_line("𠮷 é \U0001F600"));
}

static void newline_is_text_only_when_allowed(void **state)
{
    (void)state;
    assert_false(is_line("a\nb"));
    assert_true(utf8_is_text(BYTES_LITERAL("a\nb"), UTF8_ALLOW_NEWLINE));
    assert_false(utf8_is_text(BYTES_LITERAL("a\r\nb"), UTF8_ALLOW_NEWLINE));
}

static void width_counts_columns_not_characters(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(BYTES_LITERAL("")), 0);
    assert_int_equal(utf8_width(BYTES_LITERAL("abc")), 3);
    assert_int_equal(utf8_width(BYTES_LITERAL("爱心银行")), 8);
    assert_int_equal(utf8_width(BYTES_LITERAL("（１）")), 6);
    assert_int_equal(utf8_width(BYTES_LITERAL("e\xcc\x81")), 1);
    assert_int_equal(utf8_width(BYTES_LITERAL("\U00020BB7")), 2);
    assert_int_equal(utf8_width(BYTES_LITERAL("a\xff\xe7\x88")), 4);
}

/* rejects */

static void malformed_sequences_are_refused_and_nothing_is_taken(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x80",             /* continuation first */
        "\xc3",             /* cut short */
        "\xe7\x88",         /* cut short */
        "\xc0\x80",         /* overlong NUL */
        "\xc1\xbf",         /* overlong */
        "\xe0\x9f\xbf",     /* overlong */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xed\xa0\x80",     /* surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf8\x88\x80\x80\x80",
        "\xff",
        "\xe7\x88\x41",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct bytes left = bytes_of_text(wrong[i]);
        uint32_t code_point = 0;
        assert_false(utf8_next(&left, &code_point));
        assert_ptr_equal(left.data, wrong[i]);
        assert_false(is_line(wrong[i]));
    }
}

static void controlling_characters_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "a\tb",   "\x1b[2J",    "\x7f",       "\xc2\x80",   "\xc2\x9f", "a\u2028b",
        "\u2029", "\u202Atext", "\u202Etext", "\u2066text", "\u2069",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(is_line(wrong[i]));
    }
    assert_false(utf8_is_text(BYTES_LITERAL("a\0b"), 0));
    assert_true(is_line("\u2027\u202F\u2065\u206A"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_read_back_and_surrogates_are_not),
        cmocka_unit_test(plain_text_of_any_script_is_text),
        cmocka_unit_test(newline_is_text_only_when_allowed),
        cmocka_unit_test(width_counts_columns_not_characters),
        cmocka_unit_test(malformed_sequences_are_refused_and_nothing_is_taken),
        cmocka_unit_test(controlling_characters_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
