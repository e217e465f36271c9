/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names, and what stands for the row above.
 */
#include "intake/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum value_fault read_name(const char *text, char out[LB_NAME_BYTES_MAX + 1])
{
    return value_name(text, out, LB_NAME_BYTES_MAX + 1);
}

/* accepts */

static void names_come_out_cleaned(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *name;
    } cases[] = {{"张小明", "张小明"},
                 {" 张 小 明 ", "张小明"},
                 {"张\u3000明", "张明"},
                 {"社區(qū)", "社區"},
                 {"爱心超市（一店）", "爱心超市(一店)"},
                 {"买买提·艾力", "买买提·艾力"},
                 {"John Smith", "John Smith"},
                 {"O'Neil", "O'Neil"},
                 {"Max Fox", "Max Fox"},
                 {"第３网格", "第3网格"},
                 {"张\u200b明", "张明"},
                 {"A区X光室", "A区X光室"},
                 {"𠮷田", "𠮷田"},
                 {"Ünal", "Ünal"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char name[LB_NAME_BYTES_MAX + 1];
        enum value_fault fault = read_name(cases[i].text, name);
        if (fault != VALUE_GOOD) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
        assert_string_equal(name, cases[i].name);
    }
}

static void marks_for_the_row_above_are_known(void **state)
{
    (void)state;
    static const char *const marks[] = {"同上", " 同 上 ", "同左", "同前",  "〃",
                                        "″",    "\"",      "''",   "ditto", "Ditto"};
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (!value_is_ditto(marks[i])) {
            fail_msg("%s", marks[i]);
        }
    }
    static const char *const others[] = {"", "同上同上", "张三", "-", "上", "\xff"};
    for (size_t i = 0; i < COUNT(others); i++) {
        if (value_is_ditto(others[i])) {
            fail_msg("%s", others[i]);
        }
    }
}

/* faults */

static void names_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {{"张*明", VALUE_MASKED},
                 {"张＊＊", VALUE_MASKED},
                 {"张某", VALUE_MASKED},
                 {"张某某", VALUE_MASKED},
                 {"李XX", VALUE_MASKED},
                 {"李ｘｘ", VALUE_MASKED},
                 {"张×明", VALUE_MASKED},
                 {"张○明", VALUE_MASKED},
                 {"张#明", VALUE_MASKED},
                 {"张?", VALUE_PRIVATE},
                 {"张？明", VALUE_PRIVATE},
                 {"张□", VALUE_PRIVATE},
                 {"张\xee\x80\x80", VALUE_PRIVATE},
                 {"张\xef\xbf\xbd", VALUE_PRIVATE},
                 {"张\xe5", VALUE_NOT_TEXT},
                 {"", VALUE_EMPTY},
                 {"  ", VALUE_EMPTY},
                 {"-", VALUE_EMPTY},
                 {"/", VALUE_EMPTY},
                 {"——", VALUE_EMPTY},
                 {"####", VALUE_HASHES},
                 {"#REF!", VALUE_FORMULA},
                 {"#张明", VALUE_MASKED}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char name[LB_NAME_BYTES_MAX + 1];
        enum value_fault fault = read_name(cases[i].text, name);
        if (fault != cases[i].fault) {
            fail_msg("%s: fault %d, expected %d", cases[i].text, (int)fault, (int)cases[i].fault);
        }
    }
}

static void a_name_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char name[7];
    assert_int_equal(value_name("张明", name, sizeof(name)), VALUE_GOOD);
    assert_int_equal(value_name("张小明", name, sizeof(name)), VALUE_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_out_cleaned),
        cmocka_unit_test(marks_for_the_row_above_are_known),
        cmocka_unit_test(names_that_cannot_be_used_are_refused),
        cmocka_unit_test(a_name_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
