/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files to rows, and refused rows back to files, without a server.
 */
#include "forms.h"
#include "import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct cli cli;
    struct cli_arguments arguments;
    struct import import;
    char dir[64];
    char path[128];
    FILE *err;
    FILE *out;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_init(&fixture->cli, true);
    (void)snprintf(fixture->dir, sizeof(fixture->dir), "/tmp/lovebank-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/签到.csv", fixture->dir);
    fixture->err = tmpfile();
    fixture->out = tmpfile();
    assert_true(fixture->err != NULL && fixture->out != NULL);
    fixture->cli.err = fixture->err;
    fixture->cli.out = fixture->out;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    cli_fini(&fixture->cli);
    (void)fclose(fixture->err);
    (void)fclose(fixture->out);
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf %s", fixture->dir);
    assert_int_equal(system(command), 0);
    free(fixture);
    return 0;
}

/* Reads a file of that kind with that text, and up to four more words on the command line. */
static enum cli_exit read_text(struct fixture *fixture, const char *kind, const char *text,
                               const char *const more[4])
{
    char *argv[8] = {cli_copy(&fixture->cli, "lovebank"), cli_copy(&fixture->cli, "import"),
                     cli_copy(&fixture->cli, kind), cli_copy(&fixture->cli, fixture->path)};
    int argc = 4;
    if (text != NULL) {
        FILE *file = fopen(fixture->path, "we");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
        assert_int_equal(fclose(file), 0);
    }
    for (; more != NULL && more[argc - 4] != NULL; argc++) {
        argv[argc] = cli_copy(&fixture->cli, more[argc - 4]);
    }
    assert_int_equal(arguments_parse(&fixture->cli, argc, argv, &fixture->arguments), CLI_DONE);
    fixture->import = (struct import){.cli = &fixture->cli,
                                      .arguments = &fixture->arguments,
                                      .form = fixture->arguments.command->rows,
                                      .kind = kind};
    enum cli_exit exit = import_read_options(&fixture->import);
    return exit == CLI_DONE ? import_read(&fixture->import) : exit;
}

static const char *value(const struct fixture *fixture, size_t row, const char *column)
{
    return import_value(&fixture->import, &fixture->import.rows[row], column);
}

static const char *told(FILE *file)
{
    static char text[4096];
    (void)fflush(file);
    (void)fseek(file, 0, SEEK_SET);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    return text;
}

/* accepts */

/* Each spelling of each column's headings finds that column, and no other. */
static void check_headings(struct fixture *fixture, const struct form *form)
{
    struct heading_column columns[COMMAND_OPTIONS_MAX];
    for (size_t c = 0; c < form->column_count; c++) {
        columns[c] = (struct heading_column){form->columns[c].name, form->columns[c].spellings};
    }
    for (size_t c = 0; c < form->column_count; c++) {
        const char *spellings = form->columns[c].spellings;
        const char *name = form->columns[c].name;
        char *rest = cli_copy(&fixture->cli, cli_format(&fixture->cli, "%s|%s", name,
                                                        spellings == NULL ? name : spellings));
        char *spelling;
        while ((spelling = strsep(&rest, "|")) != NULL) {
            /* A second column, so that the row is one of headings. */
            const size_t other = c == 0 ? 1 : 0;
            const char *cells[2] = {spelling, form->columns[other].name};
            struct row row = {.line = 1, .cell_count = 2, .cells = cells};
            struct rows rows = {.items = &row, .count = 1};
            struct headings found;
            headings_find(&rows, columns, form->column_count, NULL, 0, &found);
            assert_int_equal(found.row, 0);
            assert_int_equal(found.twice, HEADING_NONE);
            if (found.places[c] != 0) {
                fail_msg("%s: \"%s\" is not the column %s", form->kind, spelling,
                         form->columns[c].name);
            }
        }
    }
}

static void every_usual_heading_finds_its_column(void **state)
{
    const struct form *const forms[] = {
        &org_form,   &class_form,  &category_form, &item_form,    &counter_form, &member_form,
        &stock_form, &record_form, &redeem_form,   &service_form, &undo_form,    &opening_form};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        check_headings(*state, forms[i]);
    }
}

static void titles_headings_notes_and_totals_are_no_records(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet",
                               "春晖街道签到表\n"
                               "姓名,服务类别,日期,分钟\n"
                               "张三,家政,2016-05-01,60\n"
                               "姓名,服务类别,日期,分钟\n"
                               "李四,家政,2016-05-01,30\n"
                               "合计,,,90\n"
                               "填表人：老李\n",
                               NULL),
                     CLI_DONE);
    const struct import_file *file = &fixture->import.files[0];
    assert_int_equal(fixture->import.row_count, 2);
    assert_int_equal(file->others[ROW_NOTE], 2);
    assert_int_equal(file->others[ROW_HEADING], 2);
    assert_int_equal(file->others[ROW_TOTAL], 1);
    assert_string_equal(value(fixture, 1, "name"), "李四");
    import_check_totals(&fixture->import, file);
    assert_string_equal(told(fixture->err), "");
}

static void cells_are_cleaned_and_ditto_takes_the_row_above(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet",
                               "姓名,社区,服务类别,日期,小时\n"
                               " 张　三 ,锦绣社區(qū),家政,２０１６-05-01,2\n"
                               "李四,〃,同上,同上,1\n",
                               NULL),
                     CLI_DONE);
    assert_string_equal(value(fixture, 0, "name"), "张三");
    assert_string_equal(value(fixture, 0, "date"), "2016-05-01");
    assert_string_equal(value(fixture, 1, "category"), "家政");
    assert_string_equal(value(fixture, 1, "org"), value(fixture, 0, "org"));
    assert_null(strchr(value(fixture, 0, "org"), '('));
    assert_int_equal(fixture->import.dittos, 3);
    assert_int_equal(fixture->import.cleaning[0].cells, 1); /* width */
    assert_int_equal(fixture->import.cleaning[1].cells, 1); /* space */
    assert_int_equal(fixture->import.cleaning[2].cells, 1); /* pinyin */
}

static void options_give_what_rows_leave_out(void **state)
{
    struct fixture *fixture = *state;
    const char *const more[4] = {"--date=2016-05-01", "--category", "家政", NULL};
    assert_int_equal(read_text(fixture, "sheet", "编号,服务类别,分钟\n1,,30\n2,培训,30\n", more),
                     CLI_DONE);
    assert_string_equal(value(fixture, 0, "category"), "家政");
    assert_string_equal(value(fixture, 1, "category"), "培训");
    assert_string_equal(value(fixture, 1, "date"), "2016-05-01");
}

static void a_heading_is_mapped(void **state)
{
    struct fixture *fixture = *state;
    const char *const more[4] = {"--map", "出勤=hours,编号=-", NULL, NULL};
    assert_int_equal(read_text(fixture, "sheet",
                               "编号,姓名,服务类别,日期,出勤\n7,张三,家政,2016-05-01,2\n", more),
                     CLI_DONE);
    assert_string_equal(value(fixture, 0, "hours"), "2");
    assert_string_equal(value(fixture, 0, "member"), "");
}

static void refused_rows_come_back_as_they_were(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet",
                               "姓名,备注,服务类别,日期,分钟\n"
                               "张三,\"他说\"\"好\"\",\n走了\",同上,2016-05-01,３０\n"
                               "李\"四,家政,2016-05-01,60\n",
                               NULL),
                     CLI_DONE);
    struct import *import = &fixture->import;
    assert_int_equal(import->row_count, 2);
    assert_true(import->rows[0].complaint.is_set && import->rows[1].complaint.is_set);
    assert_int_equal(import_write_rejects(import), CLI_DONE);
    const char *first = import->files[0].rejects;
    assert_int_equal(import_write_rejects(import), CLI_DONE);
    assert_string_not_equal(import->files[0].rejects, first); /* nothing is overwritten */
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s", first);
    assert_int_equal(read_text(fixture, "sheet", NULL, NULL), CLI_DONE);
    const struct rows *rows = &import->files[0].rows;
    assert_int_equal(rows->encoding, ROWS_UTF8_MARK);
    assert_string_equal(rows->items[1].cells[1], "他说\"好\",\n走了");
    assert_string_equal(rows->items[1].cells[2],
                        "同上？"); /* it had no row above, and has none now */
    assert_string_equal(rows->items[1].cells[4], "３０");
    assert_string_equal(rows->items[1].cells[5], "2");
    assert_string_equal(rows->items[2].cells[0], "李\"四,家政,2016-05-01,60");
    /* The columns it had added are no others, and do not come twice. */
    assert_int_equal(import->files[0].headings.unused_count, 1);
    const struct complaint refused = {
        .is_set = true, .result = LB_FIELD_INVALID, .column = "category", .value = "同上？"};
    import->rows[0].complaint = refused;
    import->rows[1].complaint = refused;
    assert_int_equal(import_write_rejects(import), CLI_DONE);
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s", import->files[0].rejects);
    assert_int_equal(read_text(fixture, "sheet", NULL, NULL), CLI_DONE);
    assert_int_equal(import->files[0].rows.items[0].cell_count, 9);
}

/* rejects */

static void a_total_that_differs_is_told_with_both_figures(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet",
                               "姓名,服务类别,日期,小时\n"
                               "张三,家政,2016-05-01,2\n"
                               "李四,家政,2016-05-01,1.5\n"
                               "共 3 人,,,\n"
                               "合计（共 3 人）,,,4\n",
                               NULL),
                     CLI_DONE);
    import_check_totals(&fixture->import, &fixture->import.files[0]);
    const char *text = told(fixture->err);
    assert_non_null(strstr(text, "4 小时，各行相加是 3 小时 30 分钟"));
    assert_non_null(strstr(text, "3 人次，各行相加是 2 人次"));
}

static void a_required_column_that_is_missing_shows_the_headings(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(
        read_text(fixture, "sheet", "姓名,服务类别,分钟,哪天\n张三,家政,60,2016-05-01\n", NULL),
        CLI_USAGE);
    const char *text = told(fixture->err);
    assert_non_null(strstr(text, "--map 表头=date"));
    assert_non_null(strstr(text, "姓名、服务类别、分钟、哪天"));
}

static void a_heading_that_is_there_twice_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet",
                               "姓名,服务类别,日期,活动日期,分钟\n张三,家政,2016-05-01,,60\n",
                               NULL),
                     CLI_USAGE);
    assert_non_null(strstr(told(fixture->err), "表头=-"));
}

static void a_file_that_is_none_stops_everything(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "sheet", "", NULL), CLI_USAGE);
    (void)unlink(fixture->path);
    assert_int_equal(read_text(fixture, "sheet", NULL, NULL), CLI_USAGE);
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s", fixture->dir);
    assert_int_equal(read_text(fixture, "sheet", NULL, NULL), CLI_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_usual_heading_finds_its_column),
        TEST(titles_headings_notes_and_totals_are_no_records),
        TEST(cells_are_cleaned_and_ditto_takes_the_row_above),
        TEST(options_give_what_rows_leave_out),
        TEST(a_heading_is_mapped),
        TEST(refused_rows_come_back_as_they_were),
        TEST(a_total_that_differs_is_told_with_both_figures),
        TEST(a_required_column_that_is_missing_shows_the_headings),
        TEST(a_heading_that_is_there_twice_is_told),
        TEST(a_file_that_is_none_stops_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
