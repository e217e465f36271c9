/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lines as words: quoting as in a shell, and back.
 */
#include "cli_for_tests.h"
#include "words_split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Of as many words as `expected` has before its NULL. */
static void expect_words(void **state, const char *line, const char *const *expected)
{
    struct split split;
    size_t count = 0;
    split_line(*state, line, &split);
    for (; expected[count] != NULL; count++) {
        assert_true(count < split.count);
        assert_string_equal(split.words[count], expected[count]);
    }
    assert_int_equal(split.count, count);
    assert_null(split.words[count]);
    assert_false(split.is_open);
}
#define EXPECT_WORDS(line, ...) expect_words(state, line, (const char *const[]){__VA_ARGS__, NULL})

/* --- accepts --- */

static void spaces_part_words(void **state)
{
    EXPECT_WORDS("  record\t10010001  家政 90\n", "record", "10010001", "家政", "90");
}

static void quotes_keep_spaces_and_can_stand_inside_a_word(void **state)
{
    EXPECT_WORDS("org open 5 '春 晖' --parent=\"Old Town\"", "org", "open", "5", "春 晖",
                 "--parent=Old Town");
    EXPECT_WORDS("''", "");
    EXPECT_WORDS("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d");
    EXPECT_WORDS("'a\\b'", "a\\b");
}

static void a_backslash_takes_the_next_character_as_it_is(void **state)
{
    EXPECT_WORDS("a\\ b \\'c \\\\", "a b", "'c", "\\");
}

static void a_comment_ends_the_line(void **state)
{
    EXPECT_WORDS("record 1 # 2 3", "record", "1");
    EXPECT_WORDS("a#b", "a#b");
}

static void the_unfinished_word_is_known_with_its_place(void **state)
{
    struct split split;
    split_line(*state, "record '张 三", &split);
    assert_true(split.is_in_word);
    assert_true(split.is_open);
    assert_int_equal(split.last_at, 7);
    assert_string_equal(split.words[1], "张 三");
    split_line(*state, "record ", &split);
    assert_false(split.is_in_word);
}

static void what_is_quoted_is_read_back(void **state)
{
    static const char letters[] = "ab '\"\\#=\xe5\xae\xb6 ";
    const unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    for (size_t round = 0; round < 2000; round++) {
        char word[12] = "";
        const size_t size = (size_t)rand() % (sizeof(word) - 1);
        for (size_t i = 0; i < size; i++) {
            word[i] = letters[(size_t)rand() % (sizeof(letters) - 1)];
        }
        word[size] = '\0';
        EXPECT_WORDS(cli_format(*state, "x %s y", split_quote(*state, word)), "x", word, "y");
    }
}

static void words_that_need_no_quotes_get_none(void **state)
{
    assert_string_equal(split_quote(*state, "大米=2"), "大米=2");
    assert_string_equal(split_quote(*state, ""), "''");
    assert_string_equal(split_quote(*state, "it's"), "'it'\\''s'");
}

/* --- rejects --- */

static void an_open_quote_is_told(void **state)
{
    static const char *const lines[] = {"'a", "\"a", "\"a\\\"", "a\\"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct split split;
        split_line(*state, lines[i], &split);
        assert_true(split.is_open);
    }
}

static void too_many_words_are_told(void **state)
{
    char line[2 * (SPLIT_WORDS_MAX + 1) + 1];
    struct split split;
    for (size_t i = 0; i <= SPLIT_WORDS_MAX; i++) {
        memcpy(line + 2 * i, "a ", 3);
    }
    split_line(*state, line, &split);
    assert_true(split.is_too_long);
    assert_int_equal(split.count, SPLIT_WORDS_MAX);
    line[2 * SPLIT_WORDS_MAX] = '\0';
    split_line(*state, line, &split);
    assert_false(split.is_too_long);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(spaces_part_words, cli_set_up, cli_tear_down),
        cmocka_unit_test_setup_teardown(quotes_keep_spaces_and_can_stand_inside_a_word, cli_set_up,
                                        cli_tear_down),
        cmocka_unit_test_setup_teardown(a_backslash_takes_the_next_character_as_it_is, cli_set_up,
                                        cli_tear_down),
        cmocka_unit_test_setup_teardown(a_comment_ends_the_line, cli_set_up, cli_tear_down),
        cmocka_unit_test_setup_teardown(the_unfinished_word_is_known_with_its_place, cli_set_up,
                                        cli_tear_down),
        cmocka_unit_test_setup_teardown(what_is_quoted_is_read_back, cli_set_up, cli_tear_down),
        cmocka_unit_test_setup_teardown(words_that_need_no_quotes_get_none, cli_set_up,
                                        cli_tear_down),
        cmocka_unit_test_setup_teardown(an_open_quote_is_told, cli_set_up, cli_tear_down),
        cmocka_unit_test_setup_teardown(too_many_words_are_told, cli_set_up, cli_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
