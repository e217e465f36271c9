/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sentences of results as the terminal says them: beyond the engine's test, words for fields, and
 * remedies cut off. The pages' test reads the checks of this file, too.
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

static void fields_are_named_in_the_readers_words(void **state)
{
    (void)state;
    check(true, LB_FIELD_MISSING, 0, 0, 0, "person.name", "缺少“姓名”。请填写");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "points_per_hour",
          "points per hour is missing; fill it in");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "something", "something is missing; fill it in");
    check(false, LB_FIELD_MISSING, 0, 0, 0, "", "a field is missing; fill it in");
}

static void check_of_the_terminal_alone(bool is_chinese, int result, const char *expected)
{
    check(is_chinese, result, 5, 0, 0, "/backup", expected);
}

static void a_remedy_names_the_command_for_it(void **state)
{
    (void)state;
    check_of_the_terminal_alone(true, LB_LOGIN_REQUIRED, "请先登录（lovebank login）");
    check_of_the_terminal_alone(false, LB_LOGIN_REQUIRED, "log in first (lovebank login)");
    check_of_the_terminal_alone(false, LB_SESSION_EXPIRED,
                                "the session has ended, or the token is not known; log in again "
                                "(lovebank login)");
    check_of_the_terminal_alone(true, LB_IMPORT_UNKNOWN,
                                "没有第 5 号导入。请核对编号（lovebank import list）");
    check_of_the_terminal_alone(false, LB_PRINCIPAL_UNKNOWN,
                                "there is no account 5; check the number (lovebank operator list)");
    check_of_the_terminal_alone(false, LB_NOT_A_PROPOSAL,
                                "entry 5 waits for nobody; check the number "
                                "(lovebank proposal list)");
    check_of_the_terminal_alone(true, LB_BACKUP_DAMAGED,
                                "副本没有通过核对，不能当备份用；有问题的副本在 /backup。"
                                "请检查磁盘，核对账本（lovebank verify）");
}

static void a_result_that_is_not_in_the_list_gets_a_sentence(void **state)
{
    (void)state;
    check(false, 9999, 0, 0, 0, "",
          "this program does not know the server's answer 9999; update it");
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
        cmocka_unit_test(fields_are_named_in_the_readers_words),
        cmocka_unit_test(a_remedy_names_the_command_for_it),
        cmocka_unit_test(a_result_that_is_not_in_the_list_gets_a_sentence),
        cmocka_unit_test(a_remedy_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
