/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Folding and initials: what is the same, what is not, how names shorten.
 */
#include "text_for_tests.h"

static bool is_same(struct arena *arena, const char *a, const char *b)
{
    struct bytes folded_a;
    struct bytes folded_b;
    assert_true(text_fold(arena, bytes_of_text(a), &folded_a));
    assert_true(text_fold(arena, bytes_of_text(b), &folded_b));
    return bytes_equal(folded_a, folded_b);
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void spellings_of_one_name_fold_to_one_key(void **state)
{
    assert_folded(*state, "張國華", "张国华");
    assert_folded(*state, " 張 國 華 ", "张国华");
    assert_folded(*state, "阿卜杜・热西提", "阿卜杜热西提");
    assert_folded(*state, "Anna SMITH", "annasmith");
    assert_folded(*state, "ＡＮＮＡ　smith", "annasmith");
    assert_folded(*state, "ÉMILE", "émile");
    assert_folded(*state, "", "");
    assert_true(is_same(*state, "阿卜杜·热西提", "阿卜杜•热西提"));
    assert_true(is_same(*state, "苧麻", "苎麻"));
}

static void community_has_one_name_in_all_its_spellings(void **state)
{
    assert_folded(*state, "锦绣社群", "锦绣社区");
    assert_folded(*state, "錦繡社區(qū)", "锦绣社区");
    assert_folded(*state, "锦绣社 群", "锦绣社区");
}

static void initials_are_those_of_the_name_as_it_is_read(void **state)
{
    assert_initials(*state, "张小明", "zxm");
    assert_initials(*state, "張曉明", "zxm");
    assert_initials(*state, "单小明", "sxm");
    assert_initials(*state, "單小明", "sxm");
    assert_initials(*state, "曾长江", "zcj");
    assert_initials(*state, "解放", "xf");
    assert_initials(*state, "仇英", "qy");
    assert_initials(*state, "查良镛", "zly");
    assert_initials(*state, "区小明", "oxm");
    assert_initials(*state, "盖叫天", "gjt");
    assert_initials(*state, "尉迟恭", "ycg");
    assert_initials(*state, "欧阳小明", "oyxm");
    assert_initials(*state, "重庆", "cq");
    assert_initials(*state, "王曾", "wc"); /* no surname where it stands */
    assert_initials(*state, "阿卜杜·热西提", "abdrxt");
    assert_initials(*state, "〇𠀀", "lh");
}

static void letters_and_digits_are_their_own_initials(void **state)
{
    assert_initials(*state, "Anna Smith", "annasmith");
    assert_initials(*state, "３号楼A座", "3hlaz");
    assert_initials(*state, "?!—", "");
    assert_initials(*state, "", "");
}

/* -- rejects ---------------------------------------------------------------------------------- */

static void different_names_stay_different(void **state)
{
    assert_false(is_same(*state, "张明", "章明"));
    assert_false(is_same(*state, "刘乾", "刘干"));
    assert_false(is_same(*state, "於梅", "于梅"));
    assert_false(is_same(*state, "李昇", "李升"));
    assert_false(is_same(*state, "李陞", "李昇"));
    assert_false(is_same(*state, "氾明", "泛明"));
    assert_false(is_same(*state, "5²", "52"));
    assert_false(is_same(*state, "社群", "群社"));
    assert_false(is_same(*state, "人群", "人区"));
    assert_false(is_same(*state, "张明1", "张明2"));
    assert_false(is_same(*state, "培训(A)", "培训(B)"));
}

/* -- faults ----------------------------------------------------------------------------------- */

static void sweep(bool (*call)(struct arena *, struct bytes, struct bytes *), const char *expected)
{
    bool is_done = false;
    size_t cap = 0;
    for (; !is_done && cap < 1024; cap += 16) {
        struct arena arena;
        struct bytes out;
        arena_init(&arena, arena_memory_heap(), cap);
        is_done = call(&arena, BYTES_LITERAL("單小明"), &out);
        assert_int_equal(is_done, !arena.exhausted);
        if (is_done) {
            assert_bytes(out, expected);
        }
        arena_fini(&arena);
    }
    assert_true(is_done);
    assert_true(cap > 16);
}

static void without_memory_nothing_is_promised_but_the_answer(void **state)
{
    (void)state;
    sweep(text_fold, "单小明");
    sweep(text_initials, "sxm");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, text_set_up, text_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(spellings_of_one_name_fold_to_one_key),
        TEST(community_has_one_name_in_all_its_spellings),
        TEST(initials_are_those_of_the_name_as_it_is_read),
        TEST(letters_and_digits_are_their_own_initials),
        TEST(different_names_stay_different),
        TEST(without_memory_nothing_is_promised_but_the_answer),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
