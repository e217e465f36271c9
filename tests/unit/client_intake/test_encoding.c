/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files in the encodings that desks hand in, detected and told; what is no text at all.
 */
#include "arena_for_tests.h"
#include "intake/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
    struct arena arena;
    struct rows rows;
};

static int set_up(void **state)
{
    *state = fixture_new(sizeof(struct fixture), 4 << 20);
    return *state == NULL;
}

static enum lb_result read_bytes(struct fixture *fixture, struct bytes file,
                                 enum rows_encoding encoding)
{
    return rows_read(&fixture->arena, file, encoding, &fixture->rows);
}

#define READ(fixture, text) read_bytes((fixture), BYTES_LITERAL(text), ROWS_DETECT)

static const char *cell(const struct fixture *fixture, size_t row, size_t place)
{
    assert_true(row < fixture->rows.count);
    assert_true(place < fixture->rows.items[row].cell_count);
    return fixture->rows.items[row].cells[place];
}

/* 姓名,编号 and 张明,7 on two lines, in each way a spreadsheet saves them. */
#define NAMES_UTF8 "姓名,编号\r\n张明,7\r\n"
#define NAMES_GBK  "\xd0\xd5\xc3\xfb,\xb1\xe0\xba\xc5\r\n\xd5\xc5\xc3\xf7,7\r\n"
#define NAMES_16LE                                                   \
    "\xd3\x59\x0d\x54,\0\x16\x7f\xf7\x53\r\0\n\0\x20\x5f\x0e\x66,\0" \
    "7\0"
#define NAMES_16BE                                                     \
    "\x59\xd3\x54\x0d\0,\x7f\x16\x53\xf7\0\r\0\n\x5f\x20\x66\x0e\0,\0" \
    "7"

/* accepts */

static void each_encoding_is_detected_and_told(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        struct bytes file;
        enum rows_encoding encoding;
    } cases[] = {
        {BYTES_LITERAL(NAMES_UTF8), ROWS_UTF8},
        {BYTES_LITERAL("\xef\xbb\xbf" NAMES_UTF8), ROWS_UTF8_MARK},
        {BYTES_LITERAL("\xef\xbb\xbf\xef\xbb\xbf" NAMES_UTF8), ROWS_UTF8_MARK},
        {BYTES_LITERAL(NAMES_GBK), ROWS_GB18030},
        {BYTES_LITERAL("\x84\x31\x95\x33" NAMES_GBK), ROWS_GB18030},
        {BYTES_LITERAL("\xff\xfe" NAMES_16LE), ROWS_UTF16},
        {BYTES_LITERAL("\xfe\xff" NAMES_16BE), ROWS_UTF16},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_bytes(fixture, cases[i].file, ROWS_DETECT), LB_OK);
        assert_int_equal(fixture->rows.encoding, cases[i].encoding);
        assert_int_equal(fixture->rows.count, 2);
        assert_string_equal(cell(fixture, 0, 0), "姓名");
        assert_string_equal(cell(fixture, 0, 1), "编号");
        assert_string_equal(cell(fixture, 1, 0), "张明");
        assert_string_equal(cell(fixture, 1, 1), "7");
    }
}

static void ascii_and_an_empty_file_are_utf8(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "a,b\n1,2\n"), LB_OK);
    assert_int_equal(fixture->rows.encoding, ROWS_UTF8);
    static const struct bytes empty[] = {
        {NULL, 0}, BYTES_LITERAL("\n\r\n"), BYTES_LITERAL("\xef\xbb\xbf"), BYTES_LITERAL("\x1a")};
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        assert_int_equal(read_bytes(fixture, empty[i], ROWS_DETECT), LB_OK);
        assert_int_equal(fixture->rows.count, 0);
        assert_int_not_equal(fixture->rows.encoding, ROWS_DETECT);
    }
}

static void the_end_of_file_of_dos_is_no_text(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "a,b\r\n1,2\r\n\x1a"), LB_OK);
    assert_int_equal(fixture->rows.count, 2);
}

static void the_euro_sign_of_windows_and_private_characters_of_gbk_are_read(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "\xc3\xfb,\x80"
                                   "5\n\xaa\xa1,\x95\x32\x82\x36\n"),
                     LB_OK);
    assert_int_equal(fixture->rows.encoding, ROWS_GB18030);
    assert_string_equal(cell(fixture, 0, 1), "€5");
    assert_string_equal(cell(fixture, 1, 0), "\xee\x80\x80");     /* U+E000 */
    assert_string_equal(cell(fixture, 1, 1), "\xf0\xa0\x80\x80"); /* U+20000, four bytes */
}

static void a_characters_second_byte_is_no_delimiter_and_no_quotation_mark(void **state)
{
    struct fixture *fixture = *state;
    /* 乗乣乶 end in 0x5c, 0x7c, 0x76; 丂 in 0x40. */
    assert_int_equal(READ(fixture, "\x81\x5c\x81\x7c,\x81\x40\n\xd0\xd5\xc3\xfb,1\n"), LB_OK);
    assert_int_equal(fixture->rows.items[0].cell_count, 2);
    assert_string_equal(cell(fixture, 0, 1), "丂");
}

static void an_encoding_can_be_told_instead_of_detected(void **state)
{
    struct fixture *fixture = *state;
    /* 小 in GBK is also UTF-8, for a Cyrillic letter. */
    struct bytes file = BYTES_LITERAL("\xd0\xa1,1\n");
    assert_int_equal(read_bytes(fixture, file, ROWS_DETECT), LB_OK);
    assert_int_equal(fixture->rows.encoding, ROWS_UTF8);
    assert_int_equal(read_bytes(fixture, file, ROWS_GB18030), LB_OK);
    assert_int_equal(fixture->rows.encoding, ROWS_GB18030);
    assert_string_equal(cell(fixture, 0, 0), "小");
    assert_int_equal(read_bytes(fixture, BYTES_LITERAL(NAMES_16LE), ROWS_UTF16), LB_OK);
    assert_string_equal(cell(fixture, 0, 0), "姓名");
    assert_int_equal(read_bytes(fixture, BYTES_LITERAL("\xef\xbb\xbf" NAMES_UTF8), ROWS_UTF8),
                     LB_OK);
    assert_string_equal(cell(fixture, 0, 0), "姓名");
    assert_int_equal(read_bytes(fixture, BYTES_LITERAL(NAMES_UTF8), ROWS_UTF8_MARK), LB_OK);
    assert_int_equal(fixture->rows.encoding, ROWS_UTF8); /* there is no mark */
}

static void encodings_are_found_by_their_usual_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum rows_encoding encoding;
    } cases[] = {
        {"auto", ROWS_DETECT},    {"utf-8", ROWS_UTF8},          {"UTF8", ROWS_UTF8},
        {"utf_8", ROWS_UTF8},     {"utf-8-sig", ROWS_UTF8_MARK}, {"gbk", ROWS_GB18030},
        {"GB2312", ROWS_GB18030}, {"gb18030", ROWS_GB18030},     {"cp936", ROWS_GB18030},
        {"utf-16le", ROWS_UTF16}, {"Unicode", ROWS_UTF16},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum rows_encoding encoding = ROWS_DETECT;
        assert_true(rows_encoding_find(cases[i].name, &encoding));
        assert_int_equal(encoding, cases[i].encoding);
    }
    for (enum rows_encoding encoding = ROWS_DETECT; encoding <= ROWS_UTF16; encoding++) {
        enum rows_encoding found = ROWS_DETECT;
        assert_true(rows_encoding_find(rows_encoding_name(encoding), &found));
        assert_int_equal(found, encoding);
    }
}

/* rejects */

static void one_bad_byte_makes_one_bad_row(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        struct bytes file;
        enum rows_encoding encoding;
    } cases[] = {
        /* Two good lines of UTF-8, and 张 cut short. */
        {BYTES_LITERAL("姓名,1\n\xe5\xbc,2\n张明,3\n"), ROWS_UTF8},
        /* 0xff is never GB18030; 0xd5 is the first half of 张. */
        {BYTES_LITERAL("\xd0\xd5\xc3\xfb,1\n\xd5,\xff"
                       "2\n\xd5\xc5\xc3\xf7,3\n"),
         ROWS_GB18030},
        /* Half a surrogate pair. */
        {BYTES_LITERAL("\xff\xfe\xd3\x59\x0d\x54,\0"
                       "1\0\n\0\x00\xd8,\0"
                       "2\0\n\0"
                       "\x20\x5f\x0e\x66,\0"
                       "3\0\n\0"),
         ROWS_UTF16},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_bytes(fixture, cases[i].file, ROWS_DETECT), LB_OK);
        assert_int_equal(fixture->rows.encoding, cases[i].encoding);
        assert_int_equal(fixture->rows.count, 3);
        assert_string_equal(cell(fixture, 0, 0), "姓名");
        assert_int_equal(fixture->rows.items[1].fault, ROW_TEXT);
        assert_int_equal(fixture->rows.items[1].line, 2);
        struct bytes raw = fixture->rows.items[1].raw;
        assert_true(bytes_has_prefix(raw, BYTES_LITERAL("\xef\xbf\xbd")));
        assert_int_equal(raw.data[raw.size - 1], '2');
        assert_string_equal(cell(fixture, 2, 0), "张明");
    }
}

static void a_file_cut_short_keeps_its_good_rows(void **state)
{
    struct fixture *fixture = *state;
    static const struct bytes cases[] = {
        BYTES_LITERAL("姓名,1\n张明,2\n张\xe6\x98"),
        BYTES_LITERAL("\xd0\xd5\xc3\xfb,1\n\xd5\xc5\xc3\xf7,2\n\xd5\xc5\xc3"),
        BYTES_LITERAL("\xfe\xff\x59\xd3\x54\x0d\0,\0"
                      "1\0\n\x5f\x20\x66\x0e\0,\0"
                      "2\0\n\x5f"),
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_bytes(fixture, cases[i], ROWS_DETECT), LB_OK);
        assert_int_equal(fixture->rows.count, 3);
        assert_string_equal(cell(fixture, 0, 0), "姓名");
        assert_string_equal(cell(fixture, 1, 0), "张明");
        assert_int_equal(fixture->rows.items[2].fault, ROW_TEXT);
    }
}

static void a_character_that_was_lost_before_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "姓名,1\n张\xef\xbf\xbd,2\n"), LB_OK);
    assert_int_equal(fixture->rows.items[1].fault, ROW_TEXT);
}

static void what_is_no_text_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const struct bytes cases[] = {
        BYTES_LITERAL("PK\x03\x04\x14\0\x06\0"),
        BYTES_LITERAL("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        BYTES_LITERAL("%PDF-1.7\n"),
        BYTES_LITERAL("{\\rtf1\\ansi}"),
        BYTES_LITERAL("<html><table><tr><td>1</td></tr></table></html>"),
        BYTES_LITERAL("\xef\xbb\xbf\r\n <!DOCTYPE html>\n"),
        BYTES_LITERAL("<?xml version=\"1.0\"?><Workbook/>"),
        BYTES_LITERAL("\xff\xfe<\0t\0"
                      "a\0"
                      "b\0l\0"
                      "e\0>\0"),
        BYTES_LITERAL("a,b\n1,\0\n"),
        BYTES_LITERAL(NAMES_16LE), /* no mark */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_bytes(fixture, cases[i], ROWS_DETECT), LB_TEXT_INVALID);
    }
    assert_int_equal(read_bytes(fixture, cases[0], ROWS_UTF8), LB_TEXT_INVALID);
    assert_int_equal(read_bytes(fixture, BYTES_LITERAL("\xff\xfe" NAMES_16LE), ROWS_UTF8),
                     LB_TEXT_INVALID);
}

static void an_unknown_name_of_an_encoding_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "utf", "utf-80", "big5", "gb"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        enum rows_encoding encoding = ROWS_UTF16;
        assert_false(rows_encoding_find(names[i], &encoding));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_encoding_is_detected_and_told),
        TEST(ascii_and_an_empty_file_are_utf8),
        TEST(the_end_of_file_of_dos_is_no_text),
        TEST(the_euro_sign_of_windows_and_private_characters_of_gbk_are_read),
        TEST(a_characters_second_byte_is_no_delimiter_and_no_quotation_mark),
        TEST(an_encoding_can_be_told_instead_of_detected),
        TEST(encodings_are_found_by_their_usual_names),
        TEST(one_bad_byte_makes_one_bad_row),
        TEST(a_file_cut_short_keeps_its_good_rows),
        TEST(a_character_that_was_lost_before_is_told),
        TEST(what_is_no_text_is_refused),
        TEST(an_unknown_name_of_an_encoding_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
