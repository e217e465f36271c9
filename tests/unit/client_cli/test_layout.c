/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lines of a fixed width.
 */
#include "layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COLUMNS 10

struct paper {
    char text[256];
    struct layout layout;
};

static struct layout *paper_init(struct paper *paper)
{
    layout_init(&paper->layout, paper->text, sizeof(paper->text), COLUMNS);
    return &paper->layout;
}

/* accepts */

static void chinese_characters_take_two_columns(void **state)
{
    (void)state;
    struct paper paper;
    layout_pair(paper_init(&paper), "余额", "45.5");
    assert_string_equal(paper.text, "余额  45.5\n");
    layout_middle(paper_init(&paper), "春晖");
    assert_string_equal(paper.text, "   春晖\n");
    assert_int_equal(layout_fit("大米食盐", 5), 6);
}

static void what_does_not_fit_beside_goes_below(void **state)
{
    (void)state;
    struct paper paper;
    layout_pair(paper_init(&paper), "大米食盐油", "180");
    assert_string_equal(paper.text, "大米食盐油\n       180\n");
    layout_line(paper_init(&paper), "一二三四五六七");
    assert_string_equal(paper.text, "一二三四五\n六七\n");
}

static void a_cell_has_exactly_its_columns(void **state)
{
    (void)state;
    struct paper paper;
    layout_cell(paper_init(&paper), "大米食盐", 5);
    layout_cell_right(&paper.layout, "60", 4);
    assert_string_equal(paper.text, "大米   60");
}

static void a_pair_without_a_right_side_ends_with_its_text(void **state)
{
    (void)state;
    struct paper paper;
    layout_pair(paper_init(&paper), "大米", "");
    assert_string_equal(paper.text, "大米\n");
}

/* rejects */

static void a_full_buffer_ends_with_a_whole_character(void **state)
{
    (void)state;
    char text[8];
    struct layout layout;
    layout_init(&layout, text, sizeof(text), COLUMNS);
    layout_add(&layout, "大米食盐");
    assert_string_equal(text, "大米");
    layout_line(&layout, "abcdef");
    assert_string_equal(text, "大米a");
}

static void bytes_that_are_no_text_are_passed_over(void **state)
{
    (void)state;
    struct paper paper;
    layout_line(paper_init(&paper), "\xff\xfe大米\xe5\xa4");
    assert_int_equal(strlen(paper.text), 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_characters_take_two_columns),
        cmocka_unit_test(what_does_not_fit_beside_goes_below),
        cmocka_unit_test(a_cell_has_exactly_its_columns),
        cmocka_unit_test(a_pair_without_a_right_side_ends_with_its_text),
        cmocka_unit_test(a_full_buffer_ends_with_a_whole_character),
        cmocka_unit_test(bytes_that_are_no_text_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
