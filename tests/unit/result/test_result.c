/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of the result list: numbers and names are unique, and each sentence has exactly the places
 * that its number kinds announce.
 */
#include "lovebank/result.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int numbers[] = {
#define X(symbol, number, name, class, recorded, zh, en) (number),
    LB_RESULT_LIST(X)
#undef X
};

#define COUNT (sizeof(numbers) / sizeof(numbers[0]))

/* accepts */

static void numbers_and_names_are_unique_and_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(lb_result_precedence(numbers[i]), i);
        assert_true(i == 0 || numbers[i - 1] < numbers[i]);
        for (size_t other = 0; other < i; other++) {
            assert_string_not_equal(lb_result_name(numbers[i]), lb_result_name(numbers[other]));
        }
    }
}

static bool has_place(const char *text, char letter)
{
    const char place[] = {'{', letter, '}', '\0'};
    return strstr(text, place) != NULL;
}

static void every_sentence_has_the_places_of_its_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        const char *kinds = lb_result_number_kinds(numbers[i]);
        assert_int_equal(strlen(kinds), 3);
        assert_int_equal(strspn(kinds, "-npdtcm"), 3);
        const char *zh = lb_result_text(numbers[i], true);
        const char *en = lb_result_text(numbers[i], false);
        for (int place = 0; place < 3; place++) {
            char letter = (char)('a' + place);
            bool is_announced = kinds[place] != '-';
            if (has_place(zh, letter) != is_announced || has_place(en, letter) != is_announced) {
                fail_msg("%s: {%c} and kinds %s", lb_result_name(numbers[i]), letter, kinds);
            }
        }
        assert_int_equal(has_place(zh, 's'), has_place(en, 's'));
    }
}

static void no_sentence_names_a_command_of_the_terminal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        assert_null(strstr(lb_result_text(numbers[i], true), "lovebank"));
        assert_null(strstr(lb_result_text(numbers[i], false), "lovebank"));
    }
}

static void only_refusals_that_are_final_and_what_waits_are_recorded(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        if (lb_result_is_recorded(numbers[i]) && numbers[i] != LB_WAITING) {
            assert_int_equal(lb_result_class(numbers[i]), LB_CLASS_REJECTED);
        }
    }
    assert_true(
        lb_result_is_recorded(LB_WAITING)); /* it stands in the ledger until it is decided */
    assert_int_equal(lb_result_class(LB_WAITING), LB_CLASS_WAITING);
    assert_true(lb_result_is_recorded(LB_POINTS_INSUFFICIENT));
    assert_false(lb_result_is_recorded(LB_MEMBER_UNKNOWN));
}

static void classes_and_kinds_are_those_of_the_list(void **state)
{
    (void)state;
    assert_int_equal(lb_result_class(LB_OK), LB_CLASS_DONE);
    assert_int_equal(lb_result_class(LB_TRY_LATER), LB_CLASS_RETRYABLE);
    assert_int_equal(lb_result_class(LB_STORAGE_FAULT), LB_CLASS_FAULT);
    assert_string_equal(lb_result_name(LB_POINTS_INSUFFICIENT), "points_insufficient");
    assert_string_equal(lb_result_number_kinds(LB_POINTS_INSUFFICIENT), "ppp");
    assert_string_equal(lb_result_number_kinds(LB_MEMBER_HAS_CARD), "mc-");
    assert_string_equal(lb_result_number_kinds(LB_OK), "---");
}

/* rejects */

static void unknown_numbers_are_bugs_without_a_name(void **state)
{
    (void)state;
    static const int unknown[] = {-1, 12, 199, 1000};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_null(lb_result_name(unknown[i]));
        assert_null(lb_result_text(unknown[i], true));
        assert_int_equal(lb_result_class(unknown[i]), LB_CLASS_BUG);
        assert_false(lb_result_is_recorded(unknown[i]));
        assert_true(lb_result_precedence(unknown[i]) == SIZE_MAX);
        assert_string_equal(lb_result_number_kinds(unknown[i]), "nnn");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_names_are_unique_and_in_order),
        cmocka_unit_test(every_sentence_has_the_places_of_its_numbers),
        cmocka_unit_test(no_sentence_names_a_command_of_the_terminal),
        cmocka_unit_test(only_refusals_that_are_final_and_what_waits_are_recorded),
        cmocka_unit_test(classes_and_kinds_are_those_of_the_list),
        cmocka_unit_test(unknown_numbers_are_bugs_without_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
