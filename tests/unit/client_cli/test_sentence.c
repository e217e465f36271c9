/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences of results, in both languages.
 */
#include "sentence.h"

#include "lovebank/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(bool is_chinese, int result, int64_t a, int64_t b, int64_t c, const char *thing,
                  const char *expected)
{
    const int64_t numbers[3] = {a, b, c};
    char text[SENTENCE_BYTES_MAX];
    sentence_format(text, sizeof(text), is_chinese, result, numbers, thing);
    assert_string_equal(text, expected);
}

static void numbers_are_shown_by_their_kinds(void **state)
{
    (void)state;
    check(true, LB_POINTS_INSUFFICIENT, 3000, 5000, 2050, "",
          "积分不够：需 50，现有 30（其中 20.5 最先到期）。请少兑一些");
    check(false, LB_POINTS_INSUFFICIENT, 3000, 5000, 2050, "",
          "not enough points: needs 50, has 30 (of which 20.5 expire first); redeem less");
    check(true, LB_POINTS_INSUFFICIENT, 3000, 5000, 0, "", "积分不够：需 50，现有 30。请少兑一些");
    check(false, LB_POINTS_INSUFFICIENT, 3000, 5000, 0, "",
          "not enough points: needs 50, has 30; redeem less");
    check(false, LB_BEFORE_JOINED, 16800, 16801, 0, "",
          "the date 2015-12-31 is before the member joined on 2016-01-01; correct the date");
    check(false, LB_CARD_ASSIGNED, 23, 42, 0, "",
          "card 0000000023 already belongs to member 00000042; use another card");
    check(false, LB_OVERLAP, 7, 510, 90, "",
          "the service overlaps entry 7 (from 08:30, 90 minutes); correct the start, or undo that "
          "entry first");
}

static void fields_are_named_in_the_readers_words(void **state)
{
    (void)state;
    check(true, LB_FIELD_MISSING, 0, 0, 0, "person.name", "缺少“姓名”。请填写");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "points_per_hour",
          "points per hour is missing; fill it in");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "something", "something is missing; fill it in");
    check(true, LB_FIELD_MISSING, 0, 0, 0, "", "缺少“某一项”。请填写");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "", "a field is missing; fill it in");
}

static void a_result_that_is_not_in_the_list_gets_a_sentence(void **state)
{
    (void)state;
    check(false, 9999, 0, 0, 0, "",
          "this program does not know the server's answer 9999; update it");
}

static void every_result_leaves_no_place_open(void **state)
{
    (void)state;
    static const int results[] = {
#define X(symbol, number, name, class, recorded, zh, en) (number),
        LB_RESULT_LIST(X)
#undef X
    };
    const int64_t numbers[3] = {1, 2, 3};
    char text[SENTENCE_BYTES_MAX];
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        for (int chinese = 0; chinese < 2; chinese++) {
            sentence_format(text, sizeof(text), chinese != 0, results[i], numbers, "name");
            assert_true(strlen(text) > 0);
            assert_null(strpbrk(text, "{}"));
        }
    }
}

static void a_sentence_that_does_not_fit_is_cut_between_characters(void **state)
{
    (void)state;
    const int64_t numbers[3] = {0};
    for (size_t cap = 1; cap < 40; cap++) {
        char text[40];
        sentence_format(text, cap, true, LB_MEMORY, numbers, "");
        assert_true(strlen(text) < cap);
        assert_int_equal(strlen(text) % 3, 0); /* 内存不足: three bytes a character */
    }
}

static void a_remedy_is_cut_off(void **state)
{
    (void)state;
    char two_parts[] = "60 are recorded; 500 more would exceed the limit; check the minutes";
    char chinese[] = "积分不够：需 60，现有 0。请少兑一些";
    char none[] = "已经是这个状态，不必再改";
    sentence_cut_remedy(two_parts, false);
    assert_string_equal(two_parts, "60 are recorded; 500 more would exceed the limit");
    sentence_cut_remedy(chinese, true);
    assert_string_equal(chinese, "积分不够：需 60，现有 0");
    sentence_cut_remedy(none, true);
    assert_string_equal(none, "已经是这个状态，不必再改");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_shown_by_their_kinds),
        cmocka_unit_test(fields_are_named_in_the_readers_words),
        cmocka_unit_test(a_result_that_is_not_in_the_list_gets_a_sentence),
        cmocka_unit_test(every_result_leaves_no_place_open),
        cmocka_unit_test(a_sentence_that_does_not_fit_is_cut_between_characters),
        cmocka_unit_test(a_remedy_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
