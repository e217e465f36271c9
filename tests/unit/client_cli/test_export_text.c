/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Texts as spreadsheets want them: cells of CSV that run nothing, names of sheets that Excel takes.
 */
#include "cli_for_tests.h"
#include "export_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_cell(const char *text, const char *wanted)
{
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    export_text_write_csv(out, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(written, wanted);
    free(written);
}

/* accepts */

static void plain_texts_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const texts[] = {"",          "张小明", "a-b=c", "3+4",   "'quoted",
                                        "你好 世界", "12.50",  "“＝”",  "大米×2"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(export_text_is_formula(texts[i]));
        assert_cell(texts[i], texts[i]);
    }
}

static void separators_quotes_and_line_ends_stand_in_quotation_marks(void **state)
{
    (void)state;
    assert_cell("a,b", "\"a,b\"");
    assert_cell("a;b", "\"a;b\"");
    assert_cell("说\"好\"", "\"说\"\"好\"\"\"");
    assert_cell("一\n二", "\"一\n二\"");
    assert_cell(" x", "\" x\"");
    assert_cell("x ", "\"x \"");
}

static void names_of_sheets_that_fit_stay_as_they_are(void **state)
{
    assert_string_equal(export_text_sheet_name(*state, "春晖社区", NULL), "春晖社区");
    assert_string_equal(export_text_sheet_name(*state, "O'Neil", NULL), "O'Neil");
    assert_string_equal(export_text_sheet_name(*state, "1234567890123456789012345678901", NULL),
                        "1234567890123456789012345678901");
}

/* rejects */

static void what_could_be_a_formula_gets_an_apostrophe(void **state)
{
    (void)state;
    static const char *const texts[] = {"=1+1",
                                        "+8613900000000",
                                        "-2",
                                        "@SUM(A1)",
                                        "＝1+1",
                                        "＋1",
                                        "－1",
                                        "＠x",
                                        "==1",
                                        " =1",
                                        "\xc2\xa0=1",
                                        "　=1",
                                        "'=1",
                                        "'\xef\xbb\xbf-1",
                                        "\xe2\x80\x8b@x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char wanted[64];
        bool is_quoted = texts[i][0] == ' ';
        (void)snprintf(wanted, sizeof(wanted), is_quoted ? "\"'%s\"" : "'%s", texts[i]);
        assert_true(export_text_is_formula(texts[i]));
        assert_cell(texts[i], wanted);
    }
    assert_cell("\t=1", "\"'\t=1\"");
    assert_cell("\r1", "\"'\r1\"");
    assert_cell("\n1", "\"'\n1\"");
    assert_cell("\"=1", "\"'\"\"=1\"");
    assert_cell("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
}

static void text_that_is_no_utf8_is_not_looked_beyond(void **state)
{
    (void)state;
    assert_false(export_text_is_formula("\xff=1"));
    assert_cell("\xff", "\xff");
}

static void names_of_sheets_lose_what_excel_forbids(void **state)
{
    assert_string_equal(export_text_sheet_name(*state, "[a]:b*c?d/e\\f", NULL), "_a__b_c_d_e_f");
    assert_string_equal(export_text_sheet_name(*state, "'a'", NULL), "a");
    assert_string_equal(export_text_sheet_name(*state, "a\nb", NULL), "a_b");
    assert_string_equal(export_text_sheet_name(*state, "", NULL), "Sheet");
    assert_string_equal(export_text_sheet_name(*state, "' '", NULL), "Sheet");
    assert_string_equal(export_text_sheet_name(*state, "History", NULL), "History_");
}

static void long_names_of_sheets_are_cut_at_a_character(void **state)
{
    assert_string_equal(export_text_sheet_name(*state, "12345678901234567890123456789012", NULL),
                        "1234567890123456789012345678901");
    assert_string_equal(
        export_text_sheet_name(
            *state, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二", NULL),
        "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一");
    /* Excel counts 𠮷 as two. */
    assert_string_equal(export_text_sheet_name(*state, "123456789012345678901234567890𠮷", NULL),
                        "123456789012345678901234567890");
    assert_string_equal(export_text_sheet_name(*state, "12345678901234567890123456789𠮷x", NULL),
                        "12345678901234567890123456789𠮷");
}

static void names_of_sheets_in_use_get_a_number(void **state)
{
    const struct export_sheet_name first = {.text = "East"};
    const struct export_sheet_name second = {.text = "EAST 2", .next = &first};
    const struct export_sheet_name longest = {.text = "1234567890123456789012345678901",
                                              .next = &second};
    assert_string_equal(export_text_sheet_name(*state, "east", &longest), "east 3");
    assert_string_equal(
        export_text_sheet_name(*state, "1234567890123456789012345678901X", &longest),
        "12345678901234567890123456789 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_texts_stay_as_they_are),
        cmocka_unit_test(separators_quotes_and_line_ends_stand_in_quotation_marks),
        cmocka_unit_test(names_of_sheets_that_fit_stay_as_they_are),
        cmocka_unit_test(what_could_be_a_formula_gets_an_apostrophe),
        cmocka_unit_test(text_that_is_no_utf8_is_not_looked_beyond),
        cmocka_unit_test(names_of_sheets_lose_what_excel_forbids),
        cmocka_unit_test(long_names_of_sheets_are_cut_at_a_character),
        cmocka_unit_test(names_of_sheets_in_use_get_a_number),
    };
    return cmocka_run_group_tests(tests, cli_set_up, cli_tear_down);
}
