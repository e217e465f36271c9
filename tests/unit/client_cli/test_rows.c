/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sheets as tables: lines, faults, quotes.
 */
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct rows rows;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    arena_init(&fixture->arena, arena_memory_heap(), 1 << 20);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    free(fixture);
    return 0;
}

static enum lb_result read_text(struct fixture *fixture, const char *text, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    rewind(file);
    enum lb_result result = rows_read(&fixture->arena, file, &fixture->rows);
    (void)fclose(file);
    return result;
}

#define READ(fixture, text) read_text((fixture), (text), sizeof(text) - 1)

static void rows_keep_the_line_they_began_on(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "a,b\n1,2\n\n\"x\ny\",4\n5,6"), LB_OK);
    assert_int_equal(fixture->rows.column_count, 2);
    assert_int_equal(fixture->rows.count, 3);
    assert_int_equal(fixture->rows.items[0].line, 2);
    assert_int_equal(fixture->rows.items[1].line, 4);
    assert_int_equal(fixture->rows.items[2].line, 6);
    assert_string_equal(fixture->rows.items[2].cells[1], "6");
}

static void commas_and_quotes_inside_quotes_are_text(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "\xef\xbb\xbf"
                                   "a,b\r\n\"x, \"\"y\"\"\",\r\n"),
                     LB_OK);
    assert_string_equal(fixture->rows.header[0], "a");
    assert_string_equal(fixture->rows.items[0].cells[0], "x, \"y\"");
    assert_string_equal(fixture->rows.items[0].cells[1], "");
}

static void a_bad_row_is_marked_and_the_others_are_good(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "a,b\n1\n1,2,3\n\xff,2\n1,\x07\n\"1\"x,2\n7,8\n"), LB_OK);
    static const enum row_fault faults[] = {ROW_TOO_SHORT, ROW_TOO_LONG, ROW_TEXT,
                                            ROW_TEXT,      ROW_QUOTES,   ROW_GOOD};
    assert_int_equal(fixture->rows.count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(fixture->rows.items[i].fault, faults[i]);
        assert_int_equal(fixture->rows.items[i].line, i + 2);
    }
    assert_string_equal(fixture->rows.items[5].cells[0], "7");
}

static void a_quotation_mark_that_is_never_closed_is_told_at_its_line(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, "a,b\n1,2\n3,\"x\n5,6\n"), LB_OK);
    assert_int_equal(fixture->rows.count, 2);
    assert_int_equal(fixture->rows.items[1].fault, ROW_QUOTES);
    assert_int_equal(fixture->rows.items[1].line, 3);
}

static void a_file_without_a_header_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(READ(fixture, ""), LB_TEXT_INVALID);
    assert_int_equal(READ(fixture, "\n\n"), LB_TEXT_INVALID);
    assert_int_equal(READ(fixture, "\xff\xfe,b\n"), LB_TEXT_INVALID);
}

static void many_rows_are_kept_in_order(void **state)
{
    struct fixture *fixture = *state;
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fprintf(file, "n\n");
    for (int i = 0; i < 1000; i++) {
        (void)fprintf(file, "%d\n", i);
    }
    rewind(file);
    assert_int_equal(rows_read(&fixture->arena, file, &fixture->rows), LB_OK);
    (void)fclose(file);
    assert_int_equal(fixture->rows.count, 1000);
    assert_string_equal(fixture->rows.items[999].cells[0], "999");
    assert_int_equal(fixture->rows.items[999].line, 1001);
}

/* faults */

static void a_full_arena_is_told(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    arena_init(&fixture->arena, arena_memory_heap(), 64);
    assert_int_equal(READ(fixture, "a,b\n1,2\n3,4\n5,6\n"), LB_MEMORY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(rows_keep_the_line_they_began_on),
        TEST(commas_and_quotes_inside_quotes_are_text),
        TEST(a_bad_row_is_marked_and_the_others_are_good),
        TEST(a_quotation_mark_that_is_never_closed_is_told_at_its_line),
        TEST(a_file_without_a_header_is_refused),
        TEST(many_rows_are_kept_in_order),
        TEST(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
