/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Cleaning: what is repaired, what is left, what is said of it; and the questions about a text.
 */
#include "text_for_tests.h"

#define CHANGED_ALL                                                                         \
    (TEXT_CHANGED_WIDTH | TEXT_CHANGED_SPACE | TEXT_CHANGED_PINYIN | TEXT_CHANGED_PRIVATE | \
     TEXT_CHANGED_INVISIBLE)

static void assert_cleaned(struct arena *arena, const char *in, const char *expected,
                           unsigned expected_changes)
{
    struct bytes out;
    unsigned changes = CHANGED_ALL;
    assert_true(text_clean(arena, bytes_of_text(in), &out, &changes));
    assert_bytes(out, expected);
    assert_int_equal(changes, expected_changes);
}

static void assert_stays(struct arena *arena, const char *in)
{
    assert_cleaned(arena, in, in, 0);
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void full_width_and_compatibility_forms_become_plain(void **state)
{
    assert_cleaned(*state, "２０１６－０５－０１", "2016-05-01", TEXT_CHANGED_WIDTH);
    assert_cleaned(*state, "（Ａ区）", "(A区)", TEXT_CHANGED_WIDTH);
    assert_cleaned(*state, "㎡", "m2", TEXT_CHANGED_WIDTH);
    assert_cleaned(*state, "①㈠", "1(一)", TEXT_CHANGED_WIDTH);
    assert_cleaned(*state, "\xef\xa4\x8a", "金", TEXT_CHANGED_WIDTH);               /* U+F90A */
    assert_cleaned(*state, "\xe2\xbd\xa3\xe2\xbc\xa9", "生小", TEXT_CHANGED_WIDTH); /* radicals */
}

static void spaces_are_trimmed_single_and_never_between_han_characters(void **state)
{
    assert_cleaned(*state, "  张小明 ", "张小明", TEXT_CHANGED_SPACE);
    assert_cleaned(*state, "张　明", "张明", TEXT_CHANGED_SPACE);
    assert_cleaned(*state, "张 小  明", "张小明", TEXT_CHANGED_SPACE);
    assert_cleaned(*state, "Anna\xc2\xa0Smith", "Anna Smith", TEXT_CHANGED_SPACE);
    assert_cleaned(*state, "Anna \t\r\n Smith", "Anna Smith", TEXT_CHANGED_SPACE);
    assert_cleaned(*state, " \xe3\x80\x80 ", "", TEXT_CHANGED_SPACE);
}

static void pinyin_after_han_characters_is_taken_out(void **state)
{
    assert_cleaned(*state, "社區(qū)", "社區", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "锦绣(jǐn xiù)社区", "锦绣社区", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "锦绣(jǐnxiù)社区", "锦绣社区", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "锦绣（jǐn xiù）社区", "锦绣社区",
                   TEXT_CHANGED_WIDTH | TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "社區qū", "社區", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "社shè區qū办", "社區办", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "社區(qu\xcc\x84)", "社區", TEXT_CHANGED_PINYIN); /* combining macron */
    assert_cleaned(*state, "女(nǚ)绿(lu\xcc\x88\xcc\x80)", "女绿", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "西安(xī'ān)", "西安", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "商(shɑ̄nɡ)店", "商店", TEXT_CHANGED_PINYIN);
}

static void pinyin_without_tones_goes_only_when_it_has_the_initials_before_it(void **state)
{
    assert_cleaned(*state, "社区(qu)", "社区", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "社区(she qu)", "社区", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "平安(an)里", "平安里", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "西安(xian)", "西安", TEXT_CHANGED_PINYIN);
    assert_cleaned(*state, "單(shan)", "單", TEXT_CHANGED_PINYIN);
    assert_stays(*state, "社区(an)");
    assert_stays(*state, "培训(ai)");
    assert_stays(*state, "小(qu xiao)");
}

static void private_and_invisible_characters_are_taken_out(void **state)
{
    assert_cleaned(*state, "张\xee\x80\x80明", "张明", TEXT_CHANGED_PRIVATE); /* U+E000 */
    assert_cleaned(*state, "\xef\xbb\xbf张明", "张明", TEXT_CHANGED_INVISIBLE);
    assert_cleaned(*state, "张\xe2\x80\x8b明", "张明", TEXT_CHANGED_INVISIBLE);
    assert_cleaned(*state,
                   "a\xc2\xad"
                   "b\x01\x7f",
                   "ab", TEXT_CHANGED_INVISIBLE);
    assert_cleaned(*state, "葛\xf3\xa0\x84\x80", "葛", TEXT_CHANGED_INVISIBLE); /* U+E0100 */
    assert_cleaned(*state, "\xef\xbe\xa0", "", TEXT_CHANGED_INVISIBLE);         /* U+FFA0 */
}

static void everything_at_once_is_said_at_once(void **state)
{
    assert_cleaned(*state, " １社(shè)\xee\x80\x80\xe2\x80\x8b", "1社", CHANGED_ALL);
}

static void text_that_is_clean_is_given_back_itself(void **state)
{
    static const char *const clean[] = {"",     "张小明", "Anna Smith",    "13800000000",
                                        "社區", "𠮷田明", "阿卜杜·热西提", "1.5 小时"};
    for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++) {
        struct bytes in = bytes_of_text(clean[i]);
        struct bytes out;
        unsigned changes = CHANGED_ALL;
        assert_true(text_clean(*state, in, &out, &changes));
        assert_ptr_equal(out.data, in.data);
        assert_int_equal(out.size, in.size);
        assert_int_equal(changes, 0);
    }
}

static void questions_about_a_text_are_answered(void **state)
{
    (void)state;
    assert_true(text_is_han(BYTES_LITERAL("张小明")));
    assert_true(text_is_han(BYTES_LITERAL("阿卜杜·热西提")));
    assert_true(text_is_han(BYTES_LITERAL("𠮷")));
    assert_true(text_is_letters(BYTES_LITERAL("zXm")));
    assert_true(text_has_private(BYTES_LITERAL("张\xee\x80\x80")));
    assert_true(text_has_private(BYTES_LITERAL("\xf4\x80\x80\x80")));
}

/* -- rejects ---------------------------------------------------------------------------------- */

static void brackets_that_mean_something_stay(void **state)
{
    assert_stays(*state, "社区(A区)");
    assert_stays(*state, "维修(B)");
    assert_stays(*state, "培训(app)");
    assert_stays(*state, "培训(pc)");
    assert_stays(*state, "培训(Qū)");
    assert_stays(*state, "培训()");
    assert_stays(*state, "社区(qū1)");
    assert_stays(*state, "社区(qū");
    assert_stays(*state, "简历(résumé)"); /* more syllables than characters */
    assert_stays(*state, "咖啡(café)");
    assert_stays(*state, "Li(lǐ)");
    assert_stays(*state, "(qū)社区");
}

static void letters_without_brackets_stay_unless_they_bear_a_tone_mark(void **state)
{
    assert_stays(*state, "社区qu");
    assert_stays(*state, "社区éclair");
    assert_stays(*state, "社区qūA");
    assert_stays(*state, "维修pc");
}

static void raised_digits_and_fractions_do_not_run_into_their_neighbours(void **state)
{
    assert_stays(*state, "5²");
    assert_stays(*state, "2½小时");
    assert_stays(*state, "10⁻³");
    assert_stays(*state, "H₂O");
}

static void accents_that_stand_alone_and_traditional_characters_stay(void **state)
{
    assert_stays(*state, "´");
    assert_stays(*state, "張國華");
    assert_stays(*state, "José");
}

static void texts_of_another_kind_are_told_apart(void **state)
{
    (void)state;
    assert_false(text_is_han(BYTES_LITERAL("")));
    assert_false(text_is_han(BYTES_LITERAL("张A")));
    assert_false(text_is_han(BYTES_LITERAL("·张")));
    assert_false(text_is_han(BYTES_LITERAL("张·")));
    assert_false(text_is_han(BYTES_LITERAL("张··明")));
    assert_false(text_is_han(BYTES_LITERAL("张\xff")));
    assert_false(text_is_letters(BYTES_LITERAL("")));
    assert_false(text_is_letters(BYTES_LITERAL("z1")));
    assert_false(text_is_letters(BYTES_LITERAL("zé")));
    assert_false(text_is_letters(BYTES_LITERAL("[")));
    assert_false(text_has_private(BYTES_LITERAL("张A1")));
}

/* -- faults ----------------------------------------------------------------------------------- */

static void without_memory_nothing_is_promised_but_the_answer(void **state)
{
    (void)state;
    const struct bytes in = BYTES_LITERAL("２０１６社區(qū)");
    bool is_done = false;
    size_t cap = 0;
    for (; !is_done && cap < 1024; cap += 16) {
        struct arena arena;
        struct bytes out;
        unsigned changes = 0;
        arena_init(&arena, arena_memory_heap(), cap);
        is_done = text_clean(&arena, in, &out, &changes);
        assert_int_equal(is_done, !arena.exhausted);
        if (is_done) {
            assert_bytes(out, "2016社區");
        }
        arena_fini(&arena);
    }
    assert_true(is_done);
    assert_true(cap > 16);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, text_set_up, text_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(full_width_and_compatibility_forms_become_plain),
        TEST(spaces_are_trimmed_single_and_never_between_han_characters),
        TEST(pinyin_after_han_characters_is_taken_out),
        TEST(pinyin_without_tones_goes_only_when_it_has_the_initials_before_it),
        TEST(private_and_invisible_characters_are_taken_out),
        TEST(everything_at_once_is_said_at_once),
        TEST(text_that_is_clean_is_given_back_itself),
        TEST(questions_about_a_text_are_answered),
        TEST(brackets_that_mean_something_stay),
        TEST(letters_without_brackets_stay_unless_they_bear_a_tone_mark),
        TEST(raised_digits_and_fractions_do_not_run_into_their_neighbours),
        TEST(accents_that_stand_alone_and_traditional_characters_stay),
        TEST(texts_of_another_kind_are_told_apart),
        TEST(without_memory_nothing_is_promised_but_the_answer),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
