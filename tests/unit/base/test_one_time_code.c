/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* One-time codes: written, read back as people type them, refused when they are something else. */
#include "base/one_time_code.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool parse(const char *text, uint8_t code[ONE_TIME_CODE_BYTES])
{
    return one_time_code_parse(bytes_of_text(text), code);
}

/* accepts */

static void a_code_is_written_in_groups_of_four(void **state)
{
    (void)state;
    char text[ONE_TIME_CODE_TEXT_BYTES];
    const uint8_t zeros[ONE_TIME_CODE_BYTES] = {0};
    uint8_t ones[ONE_TIME_CODE_BYTES];
    memset(ones, 0xff, sizeof(ones));
    one_time_code_format(zeros, text);
    assert_string_equal(text, "0000-0000-0000-0000-0000-0000-00");
    one_time_code_format(ones, text);
    assert_string_equal(text, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZW");
}

static void every_code_is_read_back(void **state)
{
    (void)state;
    struct random_seeded seeded = {.state = 5};
    const struct random_source random = random_of_seeded(&seeded);
    for (int i = 0; i < 1000; i++) {
        uint8_t code[ONE_TIME_CODE_BYTES];
        uint8_t read[ONE_TIME_CODE_BYTES];
        char text[ONE_TIME_CODE_TEXT_BYTES];
        assert_true(random_fill(&random, code, sizeof(code)));
        one_time_code_format(code, text);
        assert_int_equal(strlen(text), sizeof(text) - 1);
        assert_true(parse(text, read));
        assert_memory_equal(read, code, sizeof(code));
    }
}

static void a_code_may_be_typed_in_small_letters_without_hyphens_and_with_look_alikes(void **state)
{
    (void)state;
    uint8_t code[ONE_TIME_CODE_BYTES];
    uint8_t typed[ONE_TIME_CODE_BYTES];
    assert_true(parse("0011-00AB-CDEF-GHJK-MNPQ-RSTV-W0", code));
    assert_true(parse(" oOiL 0oab cdefghjkmnpqrstvwO", typed));
    assert_memory_equal(typed, code, sizeof(code));
}

/* rejects */

static void what_is_not_a_code_is_refused(void **state)
{
    (void)state;
    uint8_t code[ONE_TIME_CODE_BYTES];
    assert_false(parse("", code));
    assert_false(parse("0000-0000-0000-0000-0000-0000-0", code));
    assert_false(parse("0000-0000-0000-0000-0000-0000-000", code));
    assert_false(parse("0000-0000-0000-0000-0000-0000-01", code)); /* bits beyond the 128 */
    assert_false(parse("U000-0000-0000-0000-0000-0000-00", code));
    assert_false(parse("correct horse battery staple", code));
    assert_false(one_time_code_parse(bytes_of("0000-0000\0000-0000-0000-0000-00", 31), code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        cmocka_unit_test(a_code_is_written_in_groups_of_four),
        cmocka_unit_test(every_code_is_read_back),
        cmocka_unit_test(a_code_may_be_typed_in_small_letters_without_hyphens_and_with_look_alikes),
        /* rejects */
        cmocka_unit_test(what_is_not_a_code_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
