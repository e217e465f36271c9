/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports without a server: the bytes of each format, what stands where, files that are replaced
 * when they are complete and not before. Workbooks are opened by tests/integration/exports.py.
 */
#include "export.h"

#include "intake/heading.h"
#include "intake/rows.h"
#include "intake/value.h"

#include "base/date.h"

#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY_2016_05_01 16922

static const struct export_column columns[] = {
    {.name = "day", .title = {"日期", "DATE"}, .type = EXPORT_DAY},
    {.name = "member", .title = {"编号", "MEMBER"}, .type = EXPORT_IDENTIFIER},
    {.name = "org",
     .title = {"组织编号", "ORG"},
     .type = EXPORT_IDENTIFIER,
     .place = EXPORT_IN_FILES},
    {.name = "name", .title = {"姓名", "NAME"}, .place = EXPORT_WITH_NAMES},
    {.name = "count", .title = {"人次", "TIMES"}, .type = EXPORT_COUNT},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS, .is_change = true},
    {.name = "minutes", .title = {"时长", "TIME"}, .type = EXPORT_MINUTES},
    {.name = "place", .title = {"地点", "PLACE"}, .place = EXPORT_ON_TERMINAL},
};

static const struct cli_option options[] = {EXPORT_OPTIONS};
static const struct cli_command command = {.name = "test", COMMAND_OPTIONS(options)};

struct fixture {
    struct cli cli;
    struct cli_arguments arguments; /* format, output */
    struct export export;
    char *text; /* standard output, after finish() */
    size_t size;
    char *errors;
    size_t error_size;
    char dir[32];
    char path[48];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    cli_init(&fixture->cli, false);
    fixture->cli.out = open_memstream(&fixture->text, &fixture->size);
    fixture->cli.err = open_memstream(&fixture->errors, &fixture->error_size);
    assert_true(fixture->cli.out != NULL && fixture->cli.err != NULL);
    fixture->arguments.command = &command;
    (void)snprintf(fixture->dir, sizeof(fixture->dir), "/tmp/lovebank-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/file", fixture->dir);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    assert_int_equal(rmdir(fixture->dir), 0); /* nothing else was left in it */
    (void)fclose(fixture->cli.out);
    (void)fclose(fixture->cli.err);
    free(fixture->text);
    free(fixture->errors);
    cli_fini(&fixture->cli);
    free(fixture);
    return 0;
}

static bool begin(struct fixture *fixture, const char *format, const char *path,
                  enum cli_exit *exit)
{
    fixture->arguments.values[0] = format;
    fixture->arguments.values[1] = path;
    return export_open(&fixture->export, &fixture->cli, &fixture->arguments, exit);
}

static void put_row(struct fixture *fixture, const char *name, int64_t points_centi)
{
    const struct export_cell cells[] = {
        export_number(DAY_2016_05_01),
        export_identifier(&fixture->cli, 42, EXPORT_MEMBER_DIGITS),
        export_identifier(&fixture->cli, 310101001001, EXPORT_ORG_DIGITS),
        export_text(name),
        export_number(3),
        export_number(points_centi),
        export_number(90),
        export_none(),
    };
    export_row(&fixture->export, cells, NULL);
}

static void put_sheet(struct fixture *fixture)
{
    const struct export_sheet sheet = {.name = "All", .title = "A board", EXPORT_COLUMNS(columns)};
    const struct export_cell totals[sizeof(columns) / sizeof(columns[0])] = {
        [0] = export_text("total"), [5] = export_number(825)};
    export_sheet_begin(&fixture->export, &sheet);
    put_row(fixture, "=1,\"a\"", 1250);
    put_row(fixture, "", -425);
    export_sheet_end(&fixture->export, totals);
    export_note(&fixture->export, "As of entry 7.");
}

/* A whole export; its exit code. */
static enum cli_exit write_all(struct fixture *fixture, const char *format, const char *path)
{
    enum cli_exit exit = CLI_DONE;
    if (!begin(fixture, format, path, &exit)) {
        return exit;
    }
    fixture->export.with_names = true;
    put_sheet(fixture);
    return export_close(&fixture->export, CLI_DONE);
}

static void assert_output(struct fixture *fixture, const char *wanted)
{
    assert_int_equal(fflush(fixture->cli.out), 0);
    assert_string_equal(fixture->text, wanted);
}

static void assert_error(struct fixture *fixture, const char *part)
{
    assert_int_equal(fflush(fixture->cli.err), 0);
    assert_non_null(strstr(fixture->errors, part));
}

static size_t read_file(const char *path, char *content, size_t cap)
{
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t size = fread(content, 1, cap - 1, file);
    (void)fclose(file);
    content[size] = '\0';
    return size;
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* accepts */

static void csv_is_one_table_that_excel_opens_right(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(write_all(fixture, "csv", NULL), CLI_DONE);
    assert_output(fixture,
                  "\xef\xbb\xbf"
                  "DATE,MEMBER,ORG,NAME,TIMES,POINTS,TIME (MINUTES)\r\n"
                  "2016-05-01,\"00000042\t\",\"310101001001\t\",\"'=1,\"\"a\"\"\",3,12.5,90\r\n"
                  "2016-05-01,\"00000042\t\",\"310101001001\t\",,3,-4.25,90\r\n");
    assert_error(fixture, "As of entry 7.\n");
}

static void a_terminal_shows_titles_signs_totals_and_notes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(write_all(fixture, NULL, NULL), CLI_DONE);
    assert_output(fixture, "A board\n"
                           "DATE       MEMBER   NAME   TIMES POINTS       TIME PLACE\n"
                           "2016-05-01 00000042 =1,\"a\"     3 +12.50 1 h 30 min \n"
                           "2016-05-01 00000042            3  -4.25 1 h 30 min \n"
                           "total                             +8.25            \n"
                           "As of entry 7.\n");
}

static void json_has_the_names_of_columns_and_leaves_out_empty_cells(void **state)
{
    struct fixture *fixture = *state;
    fixture->cli.is_json = true;
    assert_int_equal(write_all(fixture, NULL, NULL), CLI_DONE);
    assert_output(fixture, "{\"day\":\"2016-05-01\",\"member\":\"00000042\",\"org\":"
                           "\"310101001001\",\"name\":\"=1,\\\"a\\\"\",\"count\":3,"
                           "\"points_centi\":1250,\"minutes\":90}\n"
                           "{\"day\":\"2016-05-01\",\"member\":\"00000042\",\"org\":"
                           "\"310101001001\",\"count\":3,\"points_centi\":-425,"
                           "\"minutes\":90}\n");
}

static void a_row_that_is_an_object_already_is_printed_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    enum cli_exit exit = CLI_DONE;
    assert_true(begin(fixture, "json", NULL, &exit));
    export_row(&fixture->export, NULL, json_pack("{s:i}", "rank", 1));
    export_object(&fixture->export, json_pack("{s:i}", "persons", 1));
    assert_int_equal(export_close(&fixture->export, CLI_DONE), CLI_DONE);
    assert_output(fixture, "{\"rank\":1}\n{\"persons\":1}\n");
}

static void names_stand_in_files_only_when_asked_for(void **state)
{
    struct fixture *fixture = *state;
    enum cli_exit exit = CLI_DONE;
    assert_true(begin(fixture, "csv", NULL, &exit));
    put_sheet(fixture);
    assert_int_equal(export_close(&fixture->export, CLI_DONE), CLI_DONE);
    assert_int_equal(fflush(fixture->cli.out), 0);
    assert_null(strstr(fixture->text, "NAME"));
    assert_null(strstr(fixture->text, "=1"));
}

static const char *cell(const struct rows *rows, const struct headings *headings, size_t row,
                        size_t column)
{
    return rows->items[headings->row + 1 + row].cells[headings->places[column]];
}

/* As `lovebank import` does. */
static void csv_is_read_back_by_our_own_import_with_the_same_values(void **state)
{
    static const struct heading_column wanted[] = {
        {"date", "日期|DATE"}, {"member", "编号|MEMBER"}, {"org", "组织编号|ORG"},
        {"name", "姓名|NAME"}, {"points", "积分|POINTS"}, {"minutes", "TIME (MINUTES)"},
    };
    struct fixture *fixture = *state;
    const struct value_calendar calendar = {0};
    struct rows rows;
    struct headings headings;
    uint64_t number = 0;
    size_t digits = 0;
    int64_t points_centi = 0;
    uint32_t minutes = 0;
    int32_t day = 0;
    char name[64];
    enum cli_exit exit = CLI_DONE;
    assert_true(begin(fixture, "csv", NULL, &exit));
    fixture->export.with_names = true;
    const struct export_sheet sheet = {.name = "All", EXPORT_COLUMNS(columns)};
    export_sheet_begin(&fixture->export, &sheet);
    put_row(fixture, "张小明", 1250);
    put_row(fixture, "Lee, \"Bo\" John", -425);
    export_sheet_end(&fixture->export, NULL);
    assert_int_equal(export_close(&fixture->export, CLI_DONE), CLI_DONE);
    assert_int_equal(fflush(fixture->cli.out), 0);

    assert_int_equal(
        rows_read(&fixture->cli.arena, bytes_of(fixture->text, fixture->size), ROWS_DETECT, &rows),
        LB_OK);
    assert_int_equal(rows.encoding, ROWS_UTF8_MARK);
    assert_int_equal(rows.count, 3);
    headings_find(&rows, wanted, sizeof(wanted) / sizeof(wanted[0]), NULL, 0, &headings);
    assert_int_equal(headings.row, 0);
    for (size_t row = 0; row < 2; row++) {
        assert_int_equal(value_date(cell(&rows, &headings, row, 0), &calendar, &day), VALUE_GOOD);
        assert_int_equal(day, DAY_2016_05_01);
        assert_int_equal(
            value_identifier(cell(&rows, &headings, row, 1), LB_MEMBER_MAX, &number, &digits),
            VALUE_GOOD);
        assert_int_equal(number, 42);
        assert_int_equal(digits, EXPORT_MEMBER_DIGITS);
        assert_int_equal(value_identifier(cell(&rows, &headings, row, 2), UINT64_C(999999999999),
                                          &number, &digits),
                         VALUE_GOOD);
        assert_int_equal(number, 310101001001);
        assert_int_equal(value_decimal(cell(&rows, &headings, row, 4), 2, &points_centi),
                         VALUE_GOOD);
        assert_int_equal(points_centi, row == 0 ? 1250 : -425);
        assert_int_equal(value_minutes(cell(&rows, &headings, row, 5), VALUE_MINUTES, &minutes),
                         VALUE_GOOD);
        assert_int_equal(minutes, 90);
        assert_int_equal(value_name(cell(&rows, &headings, row, 3), name, sizeof(name)),
                         VALUE_GOOD);
        assert_string_equal(name, row == 0 ? "张小明" : "Lee, \"Bo\" John");
    }
}

static void a_file_is_replaced_by_the_complete_one(void **state)
{
    struct fixture *fixture = *state;
    char content[512];
    write_file(fixture->path, "before");
    assert_int_equal(write_all(fixture, "csv", fixture->path), CLI_DONE);
    assert_true(read_file(fixture->path, content, sizeof(content)) > 6);
    assert_memory_equal(content,
                        "\xef\xbb\xbf"
                        "DATE,",
                        8);
    assert_output(fixture, "");
}

static void a_link_keeps_pointing_to_its_file(void **state)
{
    struct fixture *fixture = *state;
    char link_path[64];
    char content[512];
    (void)snprintf(link_path, sizeof(link_path), "%s/link", fixture->dir);
    write_file(fixture->path, "before");
    assert_int_equal(symlink("file", link_path), 0);
    assert_int_equal(write_all(fixture, "csv", link_path), CLI_DONE);
    assert_true(read_file(fixture->path, content, sizeof(content)) > 6);
    assert_int_equal(readlink(link_path, content, sizeof(content)), 4);
    assert_int_equal(unlink(link_path), 0);
}

static void a_device_is_written_to_and_stays(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(write_all(fixture, "csv", "/dev/null"), CLI_DONE);
    assert_int_equal(write_all(fixture, "csv", "/dev/null"), CLI_DONE);
    assert_int_equal(access("/dev/null", W_OK), 0);
}

static void the_same_workbook_has_the_same_bytes(void **state)
{
    struct fixture *fixture = *state;
    static char first[1 << 16];
    static char second[1 << 16];
    assert_int_equal(write_all(fixture, "xlsx", fixture->path), CLI_DONE);
    size_t size = read_file(fixture->path, first, sizeof(first));
    assert_int_equal(write_all(fixture, "xlsx", fixture->path), CLI_DONE);
    assert_int_equal(read_file(fixture->path, second, sizeof(second)), size);
    assert_memory_equal(first, second, size);
    assert_memory_equal(first, "PK", 2);
}

/* rejects */

static void an_unknown_format_is_a_usage_error(void **state)
{
    struct fixture *fixture = *state;
    enum cli_exit exit = CLI_DONE;
    assert_false(begin(fixture, "xls", fixture->path, &exit));
    assert_int_equal(exit, CLI_USAGE);
    assert_error(fixture, "write table, csv, xlsx or json");
}

static void a_workbook_needs_a_file(void **state)
{
    struct fixture *fixture = *state;
    enum cli_exit exit = CLI_DONE;
    assert_false(begin(fixture, "xlsx", NULL, &exit));
    assert_int_equal(exit, CLI_USAGE);
    assert_error(fixture, "-o board.xlsx");
    assert_false(begin(fixture, "xlsx", "/dev/null", &exit));
    assert_int_equal(exit, CLI_FAULT);
    assert_error(fixture, "Cannot write /dev/null");
}

static void a_refusal_leaves_the_file_as_it_was(void **state)
{
    static const char *const formats[] = {"table", "csv", "xlsx", "json"};
    struct fixture *fixture = *state;
    char content[16];
    write_file(fixture->path, "before");
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        enum cli_exit exit = CLI_DONE;
        assert_true(begin(fixture, formats[i], fixture->path, &exit));
        put_sheet(fixture);
        assert_int_equal(export_close(&fixture->export, CLI_REFUSED), CLI_REFUSED);
        (void)read_file(fixture->path, content, sizeof(content));
        assert_string_equal(content, "before");
    }
}

/* faults */

static void a_folder_that_does_not_exist_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(write_all(fixture, "csv", "/nonexistent/file"), CLI_FAULT);
    assert_int_equal(write_all(fixture, "xlsx", "/nonexistent/file"), CLI_FAULT);
    assert_error(fixture, "Cannot write /nonexistent/file: No such file or directory.");
}

static void a_full_device_is_told(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(write_all(fixture, "csv", "/dev/full"), CLI_FAULT);
    assert_error(fixture, "Cannot write /dev/full: No space left on device.");
}

static void a_file_that_cannot_be_completed_leaves_the_one_before(void **state)
{
    static const char *const formats[] = {"table", "csv", "xlsx", "json"};
    struct fixture *fixture = *state;
    char content[16];
    struct rlimit before;
    write_file(fixture->path, "before");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const struct rlimit few = {.rlim_cur = 10, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
        enum cli_exit exit = write_all(fixture, formats[i], fixture->path);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(exit, CLI_FAULT);
        (void)read_file(fixture->path, content, sizeof(content));
        assert_string_equal(content, "before");
    }
    assert_error(fixture, "Cannot write ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(csv_is_one_table_that_excel_opens_right),
        TEST(a_terminal_shows_titles_signs_totals_and_notes),
        TEST(json_has_the_names_of_columns_and_leaves_out_empty_cells),
        TEST(a_row_that_is_an_object_already_is_printed_as_it_is),
        TEST(names_stand_in_files_only_when_asked_for),
        TEST(csv_is_read_back_by_our_own_import_with_the_same_values),
        TEST(a_file_is_replaced_by_the_complete_one),
        TEST(a_link_keeps_pointing_to_its_file),
        TEST(a_device_is_written_to_and_stays),
        TEST(the_same_workbook_has_the_same_bytes),
        TEST(an_unknown_format_is_a_usage_error),
        TEST(a_workbook_needs_a_file),
        TEST(a_refusal_leaves_the_file_as_it_was),
        TEST(a_folder_that_does_not_exist_is_told),
        TEST(a_full_device_is_told),
        TEST(a_file_that_cannot_be_completed_leaves_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
