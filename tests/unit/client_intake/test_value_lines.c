/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lists of goods with quantities.
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

#define LINES_MAX LB_COMMAND_LINES_MAX

static enum value_fault read_one(const char *text, struct value_line *line)
{
    struct value_line lines[LINES_MAX];
    size_t count = 0;
    enum value_fault fault = value_lines(text, lines, LINES_MAX, &count);
    if (fault == VALUE_GOOD) {
        assert_int_equal(count, 1);
        *line = lines[0];
    }
    return fault;
}

/* accepts */

static void one_of_the_goods_is_read_in_every_style(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *name;
        int64_t quantity;
        const char *unit;
    } cases[] = {{"大米2袋", "大米", 2, "袋"},
                 {"大米两袋", "大米", 2, "袋"},
                 {"大米 2 袋", "大米", 2, "袋"},
                 {"食盐三包", "食盐", 3, "包"},
                 {"食盐十二包", "食盐", 12, "包"},
                 {"大米×2", "大米", 2, ""},
                 {"大米*2", "大米", 2, ""},
                 {"大米x2", "大米", 2, ""},
                 {"大米Ｘ2", "大米", 2, ""},
                 {"大米＝2", "大米", 2, ""},
                 {"大米：2", "大米", 2, ""},
                 {"大米×2袋", "大米", 2, "袋"},
                 {"大米=两袋", "大米", 2, "袋"},
                 {"101=2", "101", 2, ""},
                 {"101 = 2", "101", 2, ""},
                 {"RICE=1", "RICE", 1, ""},
                 {"食盐", "食盐", 1, ""},
                 {"101", "101", 1, ""},
                 {"大米5kg", "大米5kg", 1, ""},
                 {"大米5kg×2", "大米5kg", 2, ""},
                 {"大米5kg2袋", "大米5kg", 2, "袋"},
                 {"RICEx2", "RICEx2", 1, ""},
                 {"A4纸 2包", "A4纸", 2, "包"},
                 {"大米(5kg)x2", "大米(5kg)", 2, ""},
                 {"大米=1000000", "大米", 1000000, ""},
                 {"大米2.0袋", "大米", 2, "袋"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct value_line line = {0};
        enum value_fault fault = read_one(cases[i].text, &line);
        if (fault != VALUE_GOOD) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
        assert_string_equal(line.name, cases[i].name);
        assert_int_equal(line.quantity, cases[i].quantity);
        assert_string_equal(line.unit, cases[i].unit);
    }
}

static void parts_are_split_at_every_usual_sign(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "大米=2;食盐=1",        "大米2袋；食盐1袋", "大米=2,食盐=1", "大米=2，食盐",
        "大米两袋、食盐一袋",   "大米×2+食盐",      "大米×2＋食盐",  "大米=2\n食盐=1",
        "大米=2\r\n食盐=1\r\n", ";大米=2;;食盐=1;"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct value_line lines[LINES_MAX];
        size_t count = 0;
        assert_int_equal(value_lines(texts[i], lines, LINES_MAX, &count), VALUE_GOOD);
        assert_int_equal(count, 2);
        assert_string_equal(lines[0].name, "大米");
        assert_int_equal(lines[0].quantity, 2);
        assert_string_equal(lines[1].name, "食盐");
        assert_int_equal(lines[1].quantity, 1);
    }
}

static void numbers_after_commas_are_goods_of_their_own(void **state)
{
    (void)state;
    struct value_line lines[LINES_MAX];
    size_t count = 0;
    assert_int_equal(value_lines("101,102", lines, LINES_MAX, &count), VALUE_GOOD);
    assert_int_equal(count, 2);
    assert_int_equal(value_lines("101=1,102=2", lines, LINES_MAX, &count), VALUE_GOOD);
    assert_int_equal(count, 2);
    assert_int_equal(lines[1].quantity, 2);
    assert_int_equal(value_lines("101=1;102", lines, LINES_MAX, &count), VALUE_GOOD);
    assert_int_equal(count, 2);
}

/* rejects */

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "大米=",    "=2",      "2袋",        "两袋",        "大米=a",    "大米=2kg",  "大米**",
        "大米=1=2", "大米=-1", "大米=1,200", "大米1,200袋", "大米=二三", "大米=2袋袋"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct value_line line = {0};
        enum value_fault fault = read_one(texts[i], &line);
        if (fault != VALUE_NOT_A_LIST) {
            fail_msg("%s: fault %d", texts[i], (int)fault);
        }
    }
    struct value_line lines[2];
    size_t count = 0;
    assert_int_equal(value_lines("1;2;3", lines, 2, &count), VALUE_NOT_A_LIST);
}

/* faults */

static void what_is_wrong_with_a_part_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {{"大米=1.5", VALUE_NOT_WHOLE},
                 {"大米1.5袋", VALUE_NOT_WHOLE},
                 {"大米=0", VALUE_OUT_OF_RANGE},
                 {"大米0袋", VALUE_OUT_OF_RANGE},
                 {"大米=1000001", VALUE_OUT_OF_RANGE},
                 {"大米=99999999999999999999", VALUE_OUT_OF_RANGE},
                 {"", VALUE_EMPTY},
                 {" ; ", VALUE_EMPTY},
                 {"#####", VALUE_HASHES},
                 {"\xee\x80\x80", VALUE_PRIVATE},
                 {"大米=2²", VALUE_SPECIAL_DIGITS},
                 {"大米\xff", VALUE_NOT_TEXT}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct value_line line = {0};
        enum value_fault fault = read_one(cases[i].text, &line);
        if (fault != cases[i].fault) {
            fail_msg("%s: fault %d, expected %d", cases[i].text, (int)fault, (int)cases[i].fault);
        }
    }
}

static void names_and_lists_that_are_too_long_are_refused(void **state)
{
    (void)state;
    char text[9000];
    struct value_line line = {0};
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(read_one(text, &line), VALUE_TOO_LONG);
    text[LB_NAME_BYTES_MAX + 1] = '\0';
    assert_int_equal(read_one(text, &line), VALUE_TOO_LONG);
    text[LB_NAME_BYTES_MAX] = '\0';
    assert_int_equal(read_one(text, &line), VALUE_GOOD);
    assert_int_equal(strlen(line.name), LB_NAME_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_the_goods_is_read_in_every_style),
        cmocka_unit_test(parts_are_split_at_every_usual_sign),
        cmocka_unit_test(numbers_after_commas_are_goods_of_their_own),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(what_is_wrong_with_a_part_is_named),
        cmocka_unit_test(names_and_lists_that_are_too_long_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
