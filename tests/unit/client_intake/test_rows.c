/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files as rows: lines, delimiters, quotation marks, limits; a bad row among good ones. Random
 * tables are in test_rows_random.c, encodings in test_encoding.c.
 */
#include "arena_for_tests.h"
#include "intake/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
    struct arena arena;
    struct rows rows;
};

static int set_up(void **state)
{
    *state = fixture_new(sizeof(struct fixture), 256 << 20);
    return *state == NULL;
}

static void read_bytes(struct fixture *fixture, const void *text, size_t size)
{
    arena_reset(&fixture->arena);
    assert_int_equal(rows_read(&fixture->arena, bytes_of(text, size), ROWS_DETECT, &fixture->rows),
                     LB_OK);
}

#define READ(fixture, text) read_bytes((fixture), (text), sizeof(text) - 1)

/* All rows on one line: number:cell|cell, a bad one as number!fault. */
static const char *rows_text(const struct fixture *fixture, char *out, size_t cap)
{
    size_t size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < fixture->rows.count; i++) {
        const struct row *row = &fixture->rows.items[i];
        static const char *const faults[] = {"good", "quotes", "text", "long"};
        size += (size_t)snprintf(out + size, cap - size, "%s%zu%s", i > 0 ? " " : "", row->line,
                                 row->fault == ROW_GOOD ? ":" : "!");
        if (row->fault != ROW_GOOD) {
            assert_int_equal(row->cell_count, 0);
            size += (size_t)snprintf(out + size, cap - size, "%s", faults[row->fault]);
        }
        for (size_t c = 0; c < row->cell_count; c++) {
            size +=
                (size_t)snprintf(out + size, cap - size, "%s%s", c > 0 ? "|" : "", row->cells[c]);
        }
        assert_true(size < cap);
    }
    return out;
}

struct text_case {
    struct bytes file;
    const char *rows;
};

static void check_cases(struct fixture *fixture, const struct text_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[1024];
        read_bytes(fixture, cases[i].file.data, cases[i].file.size);
        assert_string_equal(rows_text(fixture, text, sizeof(text)), cases[i].rows);
    }
}

/* accepts */

static void lines_are_counted_as_editors_count_them(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("a,b\n1,2\n"), "1:a|b 2:1|2"},
        {BYTES_LITERAL("a,b\r\n1,2\r\n"), "1:a|b 2:1|2"},
        {BYTES_LITERAL("a,b\r1,2\r"), "1:a|b 2:1|2"},
        {BYTES_LITERAL("a,b\n1,2"), "1:a|b 2:1|2"},
        {BYTES_LITERAL("a,b\r1,2\n3,4\r\n\r5,6"), "1:a|b 2:1|2 3:3|4 5:5|6"},
        {BYTES_LITERAL("\n \t\n\f\na,b"), "4:a|b"},
        {BYTES_LITERAL("\"x\ny\",4\n5,6"), "1:x\ny|4 3:5|6"},
        {BYTES_LITERAL("\"x\r\n\r\ny\",4\r\n5,6"), "1:x\n\ny|4 4:5|6"},
        {BYTES_LITERAL("\"x\ry\",4\r5,6\r"), "1:x\ny|4 3:5|6"},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void cells_are_as_in_the_file(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("a,\"x, \"\"y\"\"\",\n"), "1:a|x, \"y\"|"},
        {BYTES_LITERAL(" a , \" b \" ,c\n"), "1:a| b |c"},
        {BYTES_LITERAL("1,2\n1\n1,2,3\n"), "1:1|2 2:1 3:1|2|3"},
        {BYTES_LITERAL("大米，食盐,２\n"), "1:大米，食盐|２"},
        {BYTES_LITERAL("\"12345678901\t\",1\n"), "1:12345678901\t|1"},
        {BYTES_LITERAL("\xe2\x80\xad"
                       "13800000000\xe2\x80\xac,1"),
         "1:\xe2\x80\xad"
         "13800000000\xe2\x80\xac|1"}, /* cleaning takes direction marks out */
        {BYTES_LITERAL("\"\",\"\"\"\"\n"), "1:|\""},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void the_text_in_a_formula_that_guards_it_is_the_cell(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("=\"0012\",x\n"), "1:0012|x"},
        {BYTES_LITERAL("x, =\"0012\"\n"), "1:x|0012"},
        {BYTES_LITERAL("x,=\"a,b\",\"=\"\"0013\"\"\"\n"), "1:x|a,b|0013"},
        {BYTES_LITERAL("x,=\"\",=\"a\nb\",\"c=\"\"d\"\"\"\n"), "1:x||a\nb|c=\"d\""},
        {BYTES_LITERAL("\"a\n,=\"\"x\"\"\",=\"1\"\n"), "1:a\n,=\"x\"|1"},
        {BYTES_LITERAL("=1+1,==\n"), "1:=1+1|=="},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void rows_of_blank_cells_are_left_out(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL(",,\n1,2,3\n , ,\"\"\n4,5,6\n"), "2:1|2|3 4:4|5|6"},
        {BYTES_LITERAL("\xe3\x80\x80,\xc2\xa0,\xef\xbb\xbf,\"\n\"\n1,2\n"), "3:1|2"},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void the_delimiter_is_detected(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        struct bytes file;
        char delimiter;
        size_t cells; /* of the last row */
    } cases[] = {
        {BYTES_LITERAL(""), ',', 0},
        {BYTES_LITERAL("a\nb\n"), ',', 1},
        {BYTES_LITERAL("a,b\n1,2\n"), ',', 2},
        {BYTES_LITERAL("a\tb\n1\t2\n"), '\t', 2},
        {BYTES_LITERAL("a;b\n1,5;2,5\n3,5;4,5\n"), ';', 2},
        {BYTES_LITERAL("卡号,物品\n101,大米=1;食盐=2;油=1\n102,大米=1;油=2;盐=1\n"), ',', 2},
        {BYTES_LITERAL("卡号\t物品\n101\t大米,食盐,油\n102\t大米,油,盐\n"), '\t', 2},
        {BYTES_LITERAL("活动签到表\n地点：社区，广场\na;b;c\n1;2;3\n4;5;6\n"), ';', 3},
        {BYTES_LITERAL("编号,姓名\n2016050100001\t,张明\n2016050100002\t,李红\n"), ',', 2},
        {BYTES_LITERAL("a;b\n\"x,y,z\";\"p,q,r\"\n"), ';', 2},
        {BYTES_LITERAL("a，b\n1，2\n"), ',', 1},
        {BYTES_LITERAL("sep=;\na,b;c,d\n"), ';', 2},
        {BYTES_LITERAL("\"sep=\t\"\r\na,b\tc,d\r\n"), '\t', 2},
        {BYTES_LITERAL("\xef\xbb\xbfSEP=,\na,b;c,d\n"), ',', 3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        read_bytes(fixture, cases[i].file.data, cases[i].file.size);
        const struct rows *rows = &fixture->rows;
        assert_int_equal(rows->delimiter, cases[i].delimiter);
        assert_int_equal(rows->count > 0 ? rows->items[rows->count - 1].cell_count : 0,
                         cases[i].cells);
    }
}

static void the_line_that_tells_the_delimiter_is_counted_and_no_row(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("sep=;\r\na;b\r\n1;2\r\n"), "2:a|b 3:1|2"},
        {BYTES_LITERAL("a,b\nsep=,\n"), "1:a|b 2:sep=|"}, /* elsewhere it is one */
        {BYTES_LITERAL("sep=|\na,b\n"), "1:sep=| 2:a|b"},
    };
    struct fixture *fixture = *state;
    check_cases(fixture, cases, COUNT_OF(cases));
    assert_int_equal(fixture->rows.items[0].cell_count, 1); /* sep=| is of another program */
}

static void the_raw_text_is_the_rows_own_lines(void **state)
{
    struct fixture *fixture = *state;
    READ(fixture, "a,b\r\n\r\n \"x\r\ny\" ,\"2\"\r\n,\r\n3,\"4\n5,6");
    static const char *const raws[] = {"a,b", " \"x\r\ny\" ,\"2\"", "3,\"4", "5,6"};
    assert_int_equal(fixture->rows.count, COUNT_OF(raws));
    for (size_t i = 0; i < COUNT_OF(raws); i++) {
        assert_true(bytes_equal(fixture->rows.items[i].raw, bytes_of_text(raws[i])));
    }
}

static void columns_that_only_ever_had_a_format_do_not_count(void **state)
{
    struct fixture *fixture = *state;
    char line[600];
    memset(line, ',', sizeof(line));
    line[0] = 'a';
    read_bytes(fixture, line, sizeof(line));
    assert_int_equal(fixture->rows.items[0].fault, ROW_GOOD);
    assert_int_equal(fixture->rows.items[0].cell_count, ROWS_CELLS_MAX);
}

static void many_rows_are_kept_in_order(void **state)
{
    struct fixture *fixture = *state;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    for (int i = 0; i < 20000; i++) {
        (void)fprintf(file, "%d,x\n", i);
    }
    (void)fclose(file);
    read_bytes(fixture, text, size);
    free(text);
    assert_int_equal(fixture->rows.count, 20000);
    for (size_t i = 0; i < 20000; i++) {
        assert_int_equal(strtoul(fixture->rows.items[i].cells[0], NULL, 10), i);
        assert_int_equal(fixture->rows.items[i].line, i + 1);
    }
}

/* rejects */

static void a_bad_row_is_marked_and_the_others_are_good(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("a,b\n1,\x07\n\"1\"x,2\n5\" 管,2\n7,8\n"),
         "1:a|b 2!text 3!quotes 4!quotes 5:7|8"},
        {BYTES_LITERAL("a,b\n\"x\ny\x1b\",2\n7,8\n"), "1:a|b 2!text 4:7|8"},
        {BYTES_LITERAL("a,b\n\xc2\x85,\x7f\n7,8\n"), "1:a|b 2!text 3:7|8"},
        {BYTES_LITERAL("=\"1\"&\"2\",b\n7,8\n"), "1!quotes 2:7|8"},
        {BYTES_LITERAL("=\"1,b\n7,8\n"), "1!quotes 2:7|8"},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void a_quotation_mark_that_is_not_closed_takes_its_line_only(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("a,b\n1,\"x\n3,4\n5,6\n"), "1:a|b 2!quotes 3:3|4 4:5|6"},
        {BYTES_LITERAL("1,\"x\n3,\"y\n5,\"z\n"), "1!quotes 2!quotes 3!quotes"},
        {BYTES_LITERAL("1,\"x\n\n3,\"y\"\n5,6\n"), "1!quotes 3:3|y 4:5|6"},
        {BYTES_LITERAL("1,\""), "1!quotes"},
        {BYTES_LITERAL("\""), "1!quotes"},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void two_marks_that_are_not_closed_do_not_swallow_what_is_between(void **state)
{
    static const struct text_case cases[] = {
        {BYTES_LITERAL("1,2,\"x\n3,4,5\n6,7,8\"\n9,9,9\n"), "1!quotes 2:3|4|5 3!quotes 4:9|9|9"},
        /* A remark over several lines with a comma or two is one. */
        {BYTES_LITERAL("1,2,\"x\na, b\nc\"\n9,9,9\n"), "1:1|2|x\na, b\nc 4:9|9|9"},
    };
    check_cases(*state, cases, COUNT_OF(cases));
}

static void a_mark_that_closes_far_away_does_not_swallow_the_file(void **state)
{
    struct fixture *fixture = *state;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    (void)fprintf(file, "1,\"x\n");
    for (int i = 0; i < 3000; i++) {
        (void)fprintf(file, "20160501\n");
    }
    (void)fprintf(file, "9,y\"\n");
    (void)fclose(file);
    read_bytes(fixture, text, size);
    free(text);
    assert_int_equal(fixture->rows.count, 3002);
    assert_int_equal(fixture->rows.items[0].fault, ROW_QUOTES);
    assert_int_equal(fixture->rows.items[3000].fault, ROW_GOOD);
    assert_int_equal(fixture->rows.items[3001].fault, ROW_QUOTES);
}

static void rows_and_cells_have_limits(void **state)
{
    struct fixture *fixture = *state;
    size_t size = ROWS_CELL_BYTES_MAX;
    char *text = malloc(size + 16);
    assert_non_null(text);
    memset(text, 'x', size);
    memcpy(text + size, ",1\n2,3\n", 7);
    read_bytes(fixture, text, size + 7);
    assert_int_equal(fixture->rows.items[0].fault, ROW_GOOD);
    assert_int_equal(strlen(fixture->rows.items[0].cells[0]), size);
    memcpy(text + size, "x,1\n2,3\n", 8);
    read_bytes(fixture, text, size + 8);
    assert_int_equal(fixture->rows.count, 2);
    assert_int_equal(fixture->rows.items[0].fault, ROW_TOO_LONG);
    assert_int_equal(fixture->rows.items[1].fault, ROW_GOOD);
    free(text);

    char cells[2 * ROWS_CELLS_MAX + 1];
    for (size_t i = 0; i < ROWS_CELLS_MAX; i++) {
        memcpy(cells + 2 * i, "1,", 2);
    }
    read_bytes(fixture, cells, 2 * ROWS_CELLS_MAX - 1);
    assert_int_equal(fixture->rows.items[0].cell_count, ROWS_CELLS_MAX);
    cells[2 * ROWS_CELLS_MAX] = '1';
    read_bytes(fixture, cells, 2 * ROWS_CELLS_MAX + 1);
    assert_int_equal(fixture->rows.items[0].fault, ROW_TOO_LONG);
}

static void a_line_beyond_all_limits_is_one_bad_row(void **state)
{
    struct fixture *fixture = *state;
    size_t size = 2 << 20;
    char *text = malloc(size + 8);
    assert_non_null(text);
    memset(text, '"', size); /* an even number: closed */
    memcpy(text + size, "\n1,2\n", 5);
    read_bytes(fixture, text, size + 5);
    free(text);
    assert_int_equal(fixture->rows.count, 2);
    assert_int_equal(fixture->rows.items[0].fault, ROW_TOO_LONG);
    assert_int_equal(fixture->rows.items[1].line, 2);
}

static void more_rows_than_the_limit_are_refused(void **state)
{
    struct fixture *fixture = *state;
    size_t size = 2 * ((size_t)ROWS_MAX + 1);
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2) {
        memcpy(text + i, "1\n", 2);
    }
    read_bytes(fixture, text, size - 2);
    assert_int_equal(fixture->rows.count, ROWS_MAX);
    arena_reset(&fixture->arena);
    assert_int_equal(rows_read(&fixture->arena, bytes_of(text, size), ROWS_DETECT, &fixture->rows),
                     LB_LINES_TOO_MANY);
    free(text);
}

/* faults */

struct failing_memory {
    size_t left; /* allocations until one fails */
    size_t held; /* blocks not given back */
};

static void *failing_allocate(void *context, size_t bytes)
{
    struct failing_memory *memory = context;
    if (memory->left == 0) {
        return NULL;
    }
    memory->left--;
    memory->held++;
    return malloc(bytes);
}

static void failing_release(void *context, void *block)
{
    struct failing_memory *memory = context;
    memory->held--;
    free(block);
}

/* Fails the nth allocation for n = 0, 1, 2 … until reading needs no more. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    for (int i = 0; i < 500; i++) { /* GBK, so that both encodings are tried */
        (void)fprintf(file, "%d,\xd5\xc5\xc3\xf7,\"open\n%d,=\"1\",\"a\nb\"\n", i, i);
    }
    (void)fclose(file);
    struct failing_memory memory = {0};
    const struct arena_memory port = {failing_allocate, failing_release, &memory};
    enum lb_result result = LB_MEMORY;
    size_t failures = 0;
    for (size_t n = 0; result == LB_MEMORY; n++) {
        struct arena arena;
        struct rows rows;
        memory.left = n;
        arena_init(&arena, &port, 16 << 20);
        result = rows_read(&arena, bytes_of(text, size), ROWS_DETECT, &rows);
        assert_true(result == LB_OK || result == LB_MEMORY);
        assert_int_equal(arena.exhausted, result == LB_MEMORY);
        failures += result == LB_MEMORY;
        if (result == LB_OK) {
            assert_int_equal(rows.count, 1000);
        }
        arena_fini(&arena);
        assert_int_equal(memory.held, 0);
    }
    assert_int_equal(result, LB_OK);
    assert_true(failures >= 4);
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_are_counted_as_editors_count_them),
        TEST(cells_are_as_in_the_file),
        TEST(the_text_in_a_formula_that_guards_it_is_the_cell),
        TEST(rows_of_blank_cells_are_left_out),
        TEST(the_delimiter_is_detected),
        TEST(the_line_that_tells_the_delimiter_is_counted_and_no_row),
        TEST(the_raw_text_is_the_rows_own_lines),
        TEST(columns_that_only_ever_had_a_format_do_not_count),
        TEST(many_rows_are_kept_in_order),
        TEST(a_bad_row_is_marked_and_the_others_are_good),
        TEST(a_quotation_mark_that_is_not_closed_takes_its_line_only),
        TEST(two_marks_that_are_not_closed_do_not_swallow_what_is_between),
        TEST(a_mark_that_closes_far_away_does_not_swallow_the_file),
        TEST(rows_and_cells_have_limits),
        TEST(a_line_beyond_all_limits_is_one_bad_row),
        TEST(more_rows_than_the_limit_are_refused),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
