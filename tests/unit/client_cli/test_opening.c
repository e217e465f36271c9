/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of opening balances, without a server: what a passbook may say, typed or in a file, and
 * what is refused before anything is sent.
 */
#include "cli_for_tests.h"
#include "command.h"
#include "forms.h"
#include "identify.h"
#include "people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Cells by column; the member is 10010001. */
struct passbook {
    const char *points;
    const char *until;
    const char *hours;
    const char *minutes;
    const char *duration;
    const char *year;
    const char *date;
    const char *memo;
};

static struct form_build build(struct cli *cli, const struct passbook *passbook, bool is_file)
{
    static const struct form_file file = {.org = 1};
    const struct {
        const char *column;
        const char *value;
    } cells[] = {
        {"member", "10010001"},         {"points", passbook->points},
        {"until", passbook->until},     {"hours", passbook->hours},
        {"minutes", passbook->minutes}, {"duration", passbook->duration},
        {"year", passbook->year},       {"date", passbook->date},
        {"memo", passbook->memo},
    };
    const char **values = cli_take(cli, COMMAND_OPTIONS_MAX, sizeof(*values));
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        const size_t column = form_find_column(&opening_form, cells[i].column);
        assert_true(column < opening_form.column_count);
        values[column] = cells[i].value;
    }
    struct form_build made = {
        .cli = cli, .form = &opening_form, .values = values, .file = is_file ? &file : NULL};
    form_build(&made);
    return made;
}

static const Lovebank__V1__Command *build_good(struct cli *cli, struct passbook passbook,
                                               bool is_file)
{
    const struct form_build made = build(cli, &passbook, is_file);
    if (made.complaint.is_set) {
        fail_msg("%s: %s", made.complaint.column, complaint_sentence(cli, &made.complaint));
    }
    return made.command;
}

/* Refused for that column, typed and in a file. */
static void check_bad(struct cli *cli, struct passbook passbook, const char *column,
                      const char *words)
{
    for (int is_file = 0; is_file <= 1; is_file++) {
        const struct form_build made = build(cli, &passbook, is_file != 0);
        assert_true(made.complaint.is_set);
        assert_string_equal(made.complaint.column, column);
        const char *sentence = complaint_sentence(cli, &made.complaint);
        if (strstr(sentence, words) == NULL) {
            fail_msg("\"%s\" is not in \"%s\"", words, sentence);
        }
    }
}

/* accepts */

static void points_with_their_end_and_hours_of_a_year_are_read(void **state)
{
    const Lovebank__V1__Command *command = build_good(*state,
                                                      (struct passbook){.points = "120.5",
                                                                        .until = "2026-12-31",
                                                                        .hours = "30.5",
                                                                        .year = "2015",
                                                                        .date = "2016-05-01",
                                                                        .memo = "旧折"},
                                                      false);
    const Lovebank__V1__OpeningBalance *act = command->opening_balance;
    assert_int_equal(act->member->member, 10010001);
    assert_int_equal(act->points_centi, 12050);
    assert_true(act->has_last_day);
    assert_int_equal(act->last_day, 20818);
    assert_int_equal(act->minutes, 1830);
    assert_int_equal(act->year, 2015);
    assert_int_equal(command->day, 16922);
    assert_string_equal(command->memo, "旧折");
}

static void points_without_an_end_never_end(void **state)
{
    static const char *const never[] = {NULL, "永久", "长期有效", "不限期", "never"};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        const struct passbook passbook = {.points = "120", .until = never[i]};
        const Lovebank__V1__OpeningBalance *act =
            build_good(*state, passbook, i % 2 == 1)->opening_balance;
        assert_false(act->has_last_day);
        assert_int_equal(act->last_day, 0);
        assert_int_equal(act->year, 0);
    }
}

static void time_is_read_with_its_unit_and_may_be_more_than_a_day(void **state)
{
    const struct passbook passbooks[] = {
        {.hours = "100", .year = "2015"},
        {.minutes = "6000", .year = "2015年"},
        {.minutes = "100小时", .year = "2015 年度"},
        {.duration = "100 h", .year = "２０１５"},
        {.hours = "100", .minutes = "6000", .year = "2015.0"},
    };
    for (size_t i = 0; i < sizeof(passbooks) / sizeof(passbooks[0]); i++) {
        const Lovebank__V1__OpeningBalance *act =
            build_good(*state, passbooks[i], true)->opening_balance;
        assert_int_equal(act->minutes, 6000);
        assert_int_equal(act->year, 2015);
        assert_int_equal(act->points_centi, 0);
    }
}

static void a_zero_in_a_list_takes_its_day_or_year_along_to_nothing(void **state)
{
    const struct passbook hours = {
        .points = "0", .until = "2026-12-31", .hours = "30", .year = "2015"};
    const Lovebank__V1__OpeningBalance *act = build_good(*state, hours, true)->opening_balance;
    assert_false(act->has_last_day);
    assert_int_equal(act->last_day, 0);
    assert_int_equal(act->minutes, 1800);
    const struct passbook points = {.points = "12", .hours = "0", .year = "2015"};
    act = build_good(*state, points, true)->opening_balance;
    assert_int_equal(act->year, 0);
    assert_int_equal(act->points_centi, 1200);
}

static void a_passbook_has_one_id_on_whatever_day_it_is_taken_over(void **state)
{
    const struct passbook passbooks[] = {
        {.points = "120", .until = "2026-12-31", .date = "2016-05-01"},
        {.points = "120.00", .until = "2026/12/31", .date = "2016-06-01", .memo = "x"},
        {.points = "120", .until = "2026-12-31"},
        {.points = "120", .until = "2027-12-31"},
    };
    struct id ids[4];
    for (size_t i = 0; i < 4; i++) {
        const Lovebank__V1__Command *command = build_good(*state, passbooks[i], true);
        const bool has_day = command->has_day;
        assert_true(identify_content("opening", command, NULL, "", &ids[i]));
        assert_int_equal(command->has_day, has_day); /* the command itself is left alone */
    }
    assert_true(id_equal(&ids[0], &ids[1]));
    assert_true(id_equal(&ids[0], &ids[2]));
    assert_false(id_equal(&ids[0], &ids[3]));
}

/* rejects */

static void neither_points_nor_time_is_refused(void **state)
{
    check_bad(*state, (struct passbook){0}, "points", "neither points nor time");
    check_bad(*state, (struct passbook){.until = "2026-12-31"}, "points", "neither");
    check_bad(*state, (struct passbook){.points = "0"}, "points", "nothing to take over");
    check_bad(*state, (struct passbook){.hours = "0", .year = "2015"}, "hours", "nothing");
}

static void time_and_its_year_go_together(void **state)
{
    check_bad(*state, (struct passbook){.hours = "30"}, "year", "of which year are the 30 h");
    check_bad(*state, (struct passbook){.points = "1", .minutes = "90"}, "year", "1 h 30 min");
    check_bad(*state, (struct passbook){.points = "120", .year = "2015"}, "year", "not given");
}

static void an_end_without_points_is_refused(void **state)
{
    check_bad(*state, (struct passbook){.hours = "30", .year = "2015", .until = "2026-12-31"},
              "until", "no points are given");
}

static void figures_that_are_none_are_refused(void **state)
{
    check_bad(*state, (struct passbook){.points = "-5"}, "points", "not an amount");
    check_bad(*state, (struct passbook){.points = "一百"}, "points", "not an amount");
    check_bad(*state, (struct passbook){.points = "12.345"}, "points", "not an amount");
    check_bad(*state, (struct passbook){.points = "1", .until = "2026-02-30"}, "until",
              "2026-02-30 is not a valid date");
    check_bad(*state, (struct passbook){.hours = "many", .year = "2015"}, "hours",
              "not a duration");
    check_bad(*state, (struct passbook){.minutes = "-90", .year = "2015"}, "minutes", "-90");
    check_bad(*state, (struct passbook){.minutes = "1000001", .year = "2015"}, "minutes",
              "1000000");
    check_bad(*state, (struct passbook){.hours = "2", .minutes = "90", .year = "2015"}, "hours",
              "two different times");
    static const char *const years[] = {"0", "15", "2013-2015", "1899", "2200", "去年"};
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        check_bad(*state, (struct passbook){.hours = "30", .year = years[i]}, "year",
                  "from 1900 to 2199");
    }
}

static void a_number_without_its_unit_is_refused_in_a_file(void **state)
{
    const struct passbook passbook = {.duration = "30", .year = "2015"};
    const struct form_build made = build(*state, &passbook, true);
    assert_true(made.complaint.is_set);
    assert_string_equal(made.complaint.column, "duration");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cli_set_up, cli_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(points_with_their_end_and_hours_of_a_year_are_read),
        TEST(points_without_an_end_never_end),
        TEST(time_is_read_with_its_unit_and_may_be_more_than_a_day),
        TEST(a_zero_in_a_list_takes_its_day_or_year_along_to_nothing),
        TEST(a_passbook_has_one_id_on_whatever_day_it_is_taken_over),
        TEST(neither_points_nor_time_is_refused),
        TEST(time_and_its_year_go_together),
        TEST(an_end_without_points_is_refused),
        TEST(figures_that_are_none_are_refused),
        TEST(a_number_without_its_unit_is_refused_in_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
