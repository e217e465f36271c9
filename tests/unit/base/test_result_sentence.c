/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences of results, in both languages. The pages' test reads the checks of this file, too.
 */
#include "base/result_sentence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const int all_results[] = {
#define X(symbol, number, name, class, recorded, zh, en) (number),
    LB_RESULT_LIST(X)
#undef X
};

#define RESULT_COUNT (sizeof(all_results) / sizeof(all_results[0]))

static void check(bool is_chinese, int result, int64_t a, int64_t b, int64_t c, const char *thing,
                  const char *expected)
{
    const int64_t numbers[3] = {a, b, c};
    char text[RESULT_SENTENCE_BYTES_MAX];
    assert_true(result_sentence_format(text, sizeof(text), is_chinese, result, numbers, thing));
    assert_string_equal(text, expected);
}

/* accepts */

static void points_are_shown_without_zeros_at_the_end(void **state)
{
    (void)state;
    check(true, LB_POINTS_INSUFFICIENT, 3000, 5000, 2050, "",
          "积分不够：需 50，现有 30（其中 20.5 最先到期）。请少兑一些");
    check(false, LB_POINTS_INSUFFICIENT, 3000, 5001, 2050, "",
          "not enough points: needs 50.01, has 30 (of which 20.5 expire first); redeem less");
    check(false, LB_IN_DEBT, 1205, 0, 0, "",
          "the member owes 12.05 points; they must be earned back before redeeming");
}

static void a_part_whose_number_is_zero_is_left_out(void **state)
{
    (void)state;
    check(true, LB_POINTS_INSUFFICIENT, 3000, 5000, 0, "", "积分不够：需 50，现有 30。请少兑一些");
    check(false, LB_POINTS_INSUFFICIENT, 3000, 5000, 0, "",
          "not enough points: needs 50, has 30; redeem less");
}

static void days_clock_times_cards_and_members_are_shown_as_such(void **state)
{
    (void)state;
    check(false, LB_BEFORE_JOINED, 16800, 16801, 0, "",
          "the date 2015-12-31 is before the member joined on 2016-01-01; correct the date");
    check(false, LB_CARD_ASSIGNED, 23, 42, 0, "",
          "card 0000000023 already belongs to member 00000042; use another card");
    check(false, LB_OVERLAP, 7, 510, 90, "",
          "the service overlaps entry 7 (from 08:30, 90 minutes); correct the start, or undo that "
          "entry first");
}

static void the_thing_at_fault_is_named_as_given_or_as_a_field(void **state)
{
    (void)state;
    check(true, LB_DATE_INVALID, 0, 0, 0, "5/32", "“5/32”不是有效日期。请写成 2016-05-01 的样子");
    check(true, LB_FIELD_MISSING, 0, 0, 0, "", "缺少“某一项”。请填写");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "", "a field is missing; fill it in");
}

static void every_result_leaves_no_place_open(void **state)
{
    (void)state;
    static const int64_t numbers[][3] = {
        {0, 0, 0}, {1, 2, 3}, {INT64_MIN, INT64_MAX, -1}, {INT64_MAX, INT64_MIN, INT64_MIN}};
    for (size_t i = 0; i < RESULT_COUNT; i++) {
        for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
            for (int chinese = 0; chinese < 2; chinese++) {
                char text[RESULT_SENTENCE_BYTES_MAX];
                assert_true(result_sentence_format(text, sizeof(text), chinese != 0, all_results[i],
                                                   numbers[n], "name"));
                assert_true(strlen(text) > 0);
                assert_null(strpbrk(text, "{}[]"));
            }
        }
    }
}

/* rejects */

static void what_is_no_day_and_no_minute_of_a_day_is_a_question_mark(void **state)
{
    (void)state;
    check(false, LB_DATE_IN_FUTURE, 84006, -25568, 0, "",
          "the date ? is in the future (today is ?); correct the date");
    check(false, LB_OVERLAP, 7, 1440, 90, "",
          "the service overlaps entry 7 (from ?, 90 minutes); correct the start, or undo that "
          "entry first");
}

static void a_number_that_is_not_in_the_list_has_no_sentence(void **state)
{
    (void)state;
    static const int unknown[] = {-1, 12, 9999};
    const int64_t numbers[3] = {0};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        char text[8] = "before";
        assert_false(
            result_sentence_format(text, sizeof(text), false, unknown[i], numbers, "name"));
        assert_string_equal(text, "");
    }
}

/* faults */

static void a_sentence_that_does_not_fit_is_a_beginning_of_whole_characters(void **state)
{
    (void)state;
    const int64_t numbers[3] = {3000, 5000, 2050};
    char whole[RESULT_SENTENCE_BYTES_MAX];
    assert_true(
        result_sentence_format(whole, sizeof(whole), true, LB_POINTS_INSUFFICIENT, numbers, ""));
    for (size_t cap = 1; cap <= strlen(whole); cap++) {
        char text[RESULT_SENTENCE_BYTES_MAX];
        assert_true(result_sentence_format(text, cap, true, LB_POINTS_INSUFFICIENT, numbers, ""));
        const size_t size = strlen(text);
        assert_in_range(size, cap < 3 ? 0 : cap - 3, cap - 1);
        assert_memory_equal(text, whole, size);
        assert_int_not_equal((unsigned char)whole[size] & 0xc0, 0x80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_shown_without_zeros_at_the_end),
        cmocka_unit_test(a_part_whose_number_is_zero_is_left_out),
        cmocka_unit_test(days_clock_times_cards_and_members_are_shown_as_such),
        cmocka_unit_test(the_thing_at_fault_is_named_as_given_or_as_a_field),
        cmocka_unit_test(every_result_leaves_no_place_open),
        cmocka_unit_test(what_is_no_day_and_no_minute_of_a_day_is_a_question_mark),
        cmocka_unit_test(a_number_that_is_not_in_the_list_has_no_sentence),
        cmocka_unit_test(a_sentence_that_does_not_fit_is_a_beginning_of_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
