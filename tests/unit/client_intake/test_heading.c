/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Headings in the ways people write them, where they stand, and what below them is no record.
 */
#include "arena_for_tests.h"
#include "intake/heading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum column { DATE, MEMBER, NAME, MINUTES, MEMO, COLUMNS };

static const struct heading_column columns[] = {
    [DATE] = {"date", "日期|服务日期|活动日期"},
    [MEMBER] = {"member", "志愿者编号|编号"},
    [NAME] = {"name", "姓名"},
    [MINUTES] = {"minutes", "分钟|时长"},
    [MEMO] = {"memo", NULL},
};

struct fixture {
    struct arena arena;
    struct rows rows;
    struct headings headings;
};

static int set_up(void **state)
{
    *state = fixture_new(sizeof(struct fixture), 4 << 20);
    return *state == NULL;
}

static void find_with(struct fixture *fixture, const char *text,
                      const struct heading_alias *aliases, size_t alias_count)
{
    assert_int_equal(rows_read(&fixture->arena, bytes_of_text(text), ROWS_UTF8, &fixture->rows),
                     LB_OK);
    headings_find(&fixture->rows, columns, COLUMNS, aliases, alias_count, &fixture->headings);
}

static void find(struct fixture *fixture, const char *text)
{
    find_with(fixture, text, NULL, 0);
}

/* accepts */

static void what_does_not_matter_in_a_heading_is_left_out(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"志愿者 编号（必填）*", "志愿者编号"},
        {"志願者編號", "志愿者编号"},
        {"Points per hour", "points_per_hour"},
        {"ＭＥＭＢＥＲ：", "member"},
        {"＊日　期", "日期"},
        {"日期【必填，如 2016-05-01】", "日期"},
        {"(optional) Best-Before [YYYY]", "best_before[yyyy]"},
        {"服务\n时长", "服务时长"},
        {"\xef\xbb\xbf日期", "日期"},
        {"时长（小时）", "时长(小时)"},
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        assert_true(heading_is(same[i][0], same[i][1]));
        assert_true(heading_is(same[i][1], same[i][0]));
    }
}

static void columns_are_found_in_any_order_and_spelling(void **state)
{
    struct fixture *fixture = *state;
    find(fixture, "姓 名*,备注,服务日期,,MEMBER\n张明,,2016-05-01,,7\n");
    const struct headings *headings = &fixture->headings;
    assert_int_equal(headings->row, 0);
    assert_int_equal(headings->places[NAME], 0);
    assert_int_equal(headings->places[DATE], 2);
    assert_int_equal(headings->places[MEMBER], 4);
    assert_int_equal(headings->places[MINUTES], HEADING_NONE);
    assert_int_equal(headings->twice, HEADING_NONE);
    assert_int_equal(headings->unused_count, 1);
    assert_int_equal(headings->unused[0], 1);
}

static void the_heading_row_names_most_columns_and_is_the_first_of_equals(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        size_t row;
    } cases[] = {
        {"签到表,,\n日期,2016-05-01,姓名,王芳\n编号,姓名,分钟\n7,张明,60\n", 2},
        {"编号,姓名\n7,张明\n编号,姓名\n", 0},
        {"\"坏\"行,1\n编号,姓名\n7,张明\n", 1}, /* a bad row is none */
        {"姓名\n张明\n李红\n", 0},              /* a file of one column */
        {"1,2\n3,4\n", HEADING_NONE},
        {"姓名,张明\n1,2\n", HEADING_NONE}, /* one of two may be chance */
        {"", HEADING_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        find(fixture, cases[i].text);
        assert_int_equal(fixture->headings.row, cases[i].row);
    }
}

static void one_column_is_enough_when_only_one_is_looked_for(void **state)
{
    struct fixture *fixture = *state;
    find(fixture, "回执号,别的\n1,2\n");
    assert_int_equal(fixture->headings.row, HEADING_NONE);
    static const struct heading_column receipt = {"receipt", "回执号"};
    headings_find(&fixture->rows, &receipt, 1, NULL, 0, &fixture->headings);
    assert_int_equal(fixture->headings.row, 0);
    assert_int_equal(fixture->headings.places[0], 0);
}

static void an_alias_goes_before_the_spellings(void **state)
{
    struct fixture *fixture = *state;
    static const struct heading_alias aliases[] = {
        {"实际 时长", MINUTES}, {"编号", HEADING_NONE}, {"工号", MEMBER}};
    find_with(fixture, "编号,时长,实际时长,工号\n1,2,3,4\n", aliases, COUNT_OF(aliases));
    const struct headings *headings = &fixture->headings;
    assert_int_equal(headings->places[MINUTES], 2);
    assert_int_equal(headings->places[MEMBER], 3);
    assert_int_equal(headings->twice, HEADING_NONE);
    assert_int_equal(headings->unused_count, 1); /* 时长; 编号 is so on purpose */
    assert_int_equal(headings->unused[0], 1);
}

static void totals_notes_and_headings_again_are_told_from_records(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *row;
        enum row_kind kind;
    } cases[] = {
        {"2016-05-01,7,张明,60,", ROW_RECORD},
        {"日期,编号,姓名,时长,备注", ROW_HEADING},
        {"日 期：,編號,姓名,時長(必填),", ROW_HEADING},
        {"日期,编号,姓名,60,", ROW_RECORD},
        {"合计,,,120,", ROW_TOTAL},
        {",,合 计：,120,", ROW_TOTAL},
        {"31,总计,,120,", ROW_TOTAL},
        {"本页小计,,,120,", ROW_TOTAL},
        {"總計（小时）,,,2,", ROW_TOTAL},
        {"合计人数,3,,,", ROW_TOTAL},
        {"共计：45人,,,,", ROW_TOTAL},
        {"Grand Total,,,120,", ROW_TOTAL},
        {"小计算器,1,,,", ROW_RECORD},
        {"小计时器,1,,,", ROW_RECORD},
        {"总计划会议,1,,,", ROW_RECORD},
        {"2016-05-01,7,合计,60,", ROW_RECORD},
        {"填表人：王芳,,,,", ROW_NOTE},
        {",,第 1 页,,", ROW_NOTE},
        {"以上数据属实,,,,", ROW_NOTE},
        {",7,,,", ROW_RECORD}, /* merged cells: only the person differs */
        {",,张 明,,", ROW_RECORD},
        {",,阿卜杜·热西提,,", ROW_RECORD},
        {",,阿卜杜•热西提,,", ROW_RECORD},
        {",,Anna Smith,,", ROW_RECORD},
        {",,,,张明", ROW_NOTE}, /* that column is not used */
        {"\"坏\"行,1", ROW_RECORD},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[256] = "日期,编号,姓名,时长,备注\n";
        strncat(text, cases[i].row, sizeof(text) - strlen(text) - 1);
        find(fixture, text);
        assert_int_equal(fixture->headings.row, 0);
        assert_int_equal(fixture->rows.count, 2);
        assert_int_equal(heading_row_kind(&fixture->rows, &fixture->headings, 1), cases[i].kind);
    }
}

static void in_a_file_of_two_columns_one_cell_is_a_record(void **state)
{
    struct fixture *fixture = *state;
    find(fixture, "编号,姓名\n填表人：王芳,\n");
    assert_int_equal(heading_row_kind(&fixture->rows, &fixture->headings, 1), ROW_RECORD);
}

/* rejects */

static void other_words_are_other_headings(void **state)
{
    (void)state;
    static const char *const different[][2] = {
        {"日期", "时间"},       {"时长（小时）", "时长"}, {"", ""},          {" * ", "*"},
        {"日期（必填", "日期"}, {"\xff", "\xff"},         {"dates", "date"},
    };
    for (size_t i = 0; i < COUNT_OF(different); i++) {
        assert_false(heading_is(different[i][0], different[i][1]));
    }
    char text[200];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(heading_is(text, text)); /* too long for one */
}

static void a_column_that_two_headings_name_is_told(void **state)
{
    struct fixture *fixture = *state;
    find(fixture, "编号,日期,服务日期,活动日期\n1,2,3,4\n");
    assert_int_equal(fixture->headings.twice, DATE);
    assert_int_equal(fixture->headings.places[DATE], 1);
    assert_int_equal(fixture->headings.unused_count, 0);
    static const struct heading_alias aliases[] = {{"甲", DATE}, {"乙", DATE}};
    find_with(fixture, "编号,甲,日期,乙\n1,2,3,4\n", aliases, COUNT_OF(aliases));
    assert_int_equal(fixture->headings.twice, DATE);
    static const struct heading_alias one[] = {{"活动日期", DATE}};
    find_with(fixture, "编号,日期,服务日期,活动日期\n1,2,3,4\n", one, 1);
    assert_int_equal(fixture->headings.twice, HEADING_NONE);
    assert_int_equal(fixture->headings.places[DATE], 3);
    assert_int_equal(fixture->headings.unused_count, 2);
}

static void headings_below_the_first_rows_are_not_found(void **state)
{
    struct fixture *fixture = *state;
    char text[1024] = "";
    for (size_t i = 0; i < HEADING_ROWS_MAX; i++) {
        strncat(text, "签到表,,,\n", sizeof(text) - strlen(text) - 1);
    }
    char *after_title = strchr(text, '\n') + 1;
    strncat(text, "编号,姓名\n", sizeof(text) - strlen(text) - 1);
    find(fixture, text);
    assert_int_equal(fixture->headings.row, HEADING_NONE);
    find(fixture, after_title);
    assert_int_equal(fixture->headings.row, HEADING_ROWS_MAX - 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_does_not_matter_in_a_heading_is_left_out),
        TEST(columns_are_found_in_any_order_and_spelling),
        TEST(the_heading_row_names_most_columns_and_is_the_first_of_equals),
        TEST(one_column_is_enough_when_only_one_is_looked_for),
        TEST(an_alias_goes_before_the_spellings),
        TEST(totals_notes_and_headings_again_are_told_from_records),
        TEST(in_a_file_of_two_columns_one_cell_is_a_record),
        TEST(other_words_are_other_headings),
        TEST(a_column_that_two_headings_name_is_told),
        TEST(headings_below_the_first_rows_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
