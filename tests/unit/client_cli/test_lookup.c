/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Keys to numbers, and which spellings are one key.
 */
#include "lookup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    static struct cli cli; /* one test at a time */
    cli_init(&cli, false);
    *state = &cli;
    return 0;
}

static int tear_down(void **state)
{
    cli_fini(*state);
    return 0;
}

/* accepts */

static void the_last_number_of_a_key_counts(void **state)
{
    struct lookup lookup = {0};
    uint64_t number = 7;
    assert_false(lookup_get(&lookup, BYTES_LITERAL("a"), &number));
    assert_int_equal(number, 7);
    lookup_put(*state, &lookup, BYTES_LITERAL("a"), 1);
    lookup_put(*state, &lookup, BYTES_LITERAL("b"), 2);
    lookup_put(*state, &lookup, BYTES_LITERAL("a"), 3);
    assert_true(lookup_get(&lookup, BYTES_LITERAL("a"), &number));
    assert_int_equal(number, 3);
    assert_true(lookup_get(&lookup, BYTES_LITERAL("b"), &number));
    assert_int_equal(number, 2);
    lookup_fini(&lookup);
    assert_false(lookup_get(&lookup, BYTES_LITERAL("a"), &number));
}

static void spellings_of_a_name_have_one_key(void **state)
{
    static const char *const spellings[] = {"东湖社区", "東湖社區", "东湖社區(qū)", " 东 湖 社 区 ",
                                            "东湖社群"};
    const struct bytes key = lookup_name(*state, spellings[0]);
    for (size_t i = 1; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        assert_true(bytes_equal(lookup_name(*state, spellings[i]), key));
    }
}

/* rejects */

static void other_names_have_other_keys(void **state)
{
    assert_false(bytes_equal(lookup_name(*state, "东湖社区"), lookup_name(*state, "西湖社区")));
}

/* faults */

static void what_is_no_text_is_its_own_key(void **state)
{
    assert_true(bytes_equal(lookup_name(*state, "\xff\xfe"), BYTES_LITERAL("\xff\xfe")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_last_number_of_a_key_counts),
        TEST(spellings_of_a_name_have_one_key),
        TEST(other_names_have_other_keys),
        TEST(what_is_no_text_is_its_own_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
