/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The command line and the values of forms, without a server: what is read, what is refused, and
 * with which exit code.
 */
#include "cli_for_tests.h"
#include "command.h"
#include "form.h"
#include "forms.h"

#include "lovebank/card.h"

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
    struct cli cli;
    struct cli_arguments arguments;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_for_tests_init(&fixture->cli);
    (void)unsetenv("LOVEBANK_COUNTER");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    cli_for_tests_fini(&fixture->cli);
    free(fixture);
    return 0;
}

/* Up to ten words after the program's name. */
#define PARSE(fixture, ...) parse((fixture), (const char *const[]){__VA_ARGS__, NULL})

static enum cli_exit parse(struct fixture *fixture, const char *const *words)
{
    char copies[12][64];
    char *argv[13] = {copies[0]};
    int argc = 1;
    (void)snprintf(copies[0], sizeof(copies[0]), "lovebank");
    for (; words[argc - 1] != NULL; argc++) {
        assert_true(argc < 12);
        (void)snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc - 1]);
        argv[argc] = copies[argc];
    }
    /* Values point into argv, so they are kept as long as the fixture. */
    for (int i = 0; i < argc; i++) {
        argv[i] = cli_copy(&fixture->cli, argv[i]);
    }
    return arguments_parse(&fixture->cli, argc, argv, &fixture->arguments);
}

/* `record` has options besides its form's columns, which come first. */
static const struct form *form_of(const struct cli_command *command)
{
    return command->form != NULL ? command->form : &record_form;
}

static struct form_build build(struct fixture *fixture)
{
    struct form_build build = {.cli = &fixture->cli,
                               .form = form_of(fixture->arguments.command),
                               .values = fixture->arguments.values};
    form_build(&build);
    return build;
}

static const Lovebank__V1__Command *build_good(struct fixture *fixture)
{
    struct form_build built = build(fixture);
    assert_false(built.complaint.is_set);
    return built.command;
}

static struct complaint build_bad(struct fixture *fixture)
{
    struct form_build built = build(fixture);
    assert_true(built.complaint.is_set);
    assert_true(strlen(complaint_sentence(&fixture->cli, &built.complaint)) > 0);
    return built.complaint;
}

/* accepts */

static void every_command_is_found_and_has_its_words(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = cli_commands[i];
        size_t count = 0;
        const struct cli_option *options = command_options(command, &count);
        assert_true(count <= COMMAND_OPTIONS_MAX);
        assert_true(strlen(command->summary.zh) > 0 && strlen(command->summary.en) > 0);
        for (size_t k = 0; k < count; k++) {
            assert_true(strlen(options[k].help.zh) > 0 && strlen(options[k].help.en) > 0);
        }
        char name[64];
        (void)snprintf(name, sizeof(name), "%s", command->name);
        char *second = strchr(name, ' ');
        if (second != NULL) {
            *second++ = '\0';
        }
        const char *const words[] = {name, second == NULL ? "--help" : second, "--help", NULL};
        assert_int_equal(parse(fixture, words), CLI_DONE);
        assert_ptr_equal(fixture->arguments.command, command);
        assert_true(fixture->arguments.wants_help);
    }
}

static void a_redemption_takes_several_goods(void **state)
{
    struct fixture *fixture = *state;
    char card[16];
    (void)snprintf(card, sizeof(card), "%010llu", (unsigned long long)lb_card_of_serial(675033798));
    assert_int_equal(PARSE(fixture, "redeem", card, "101=1", "102", "103=2", "--counter", "3"),
                     CLI_DONE);
    const Lovebank__V1__Command *command = build_good(fixture);
    assert_int_equal(command->act_case, LOVEBANK__V1__COMMAND__ACT_REDEEM);
    assert_int_equal(command->redeem->member->card, lb_card_of_serial(675033798));
    assert_int_equal(command->redeem->counter, 3);
    assert_int_equal(command->redeem->n_lines, 3);
    assert_int_equal(command->redeem->lines[1]->item, 102);
    assert_int_equal(command->redeem->lines[1]->quantity, 1);
    assert_int_equal(command->redeem->lines[2]->quantity, 2);
    assert_false(command->has_day);
}

static void a_record_takes_member_category_and_minutes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "--desk=7", "record", "10010001", "4", "90",
                           "--date=2016-05-01", "--start", "08:30", "--dry-run"),
                     CLI_DONE);
    assert_true(fixture->cli.is_dry_run);
    const Lovebank__V1__Command *command = build_good(fixture);
    assert_int_equal(command->desk, 7);
    assert_int_equal(command->day, 16922);
    assert_int_equal(command->service_record->member->member, 10010001);
    assert_int_equal(command->service_record->category, 4);
    assert_int_equal(command->service_record->minutes, 90);
    assert_true(command->service_record->has_start);
    assert_int_equal(command->service_record->start_minute, 510);
}

static void a_tariff_is_read_with_its_expiry(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "category", "set", "1", "家政", "11.00", "--coefficient=1.1",
                           "--rounding-minutes=30", "--expires=year-end+1"),
                     CLI_DONE);
    const Lovebank__V1__TariffSet *tariff = build_good(fixture)->tariff_set;
    assert_int_equal(tariff->points_per_hour_centi, 1100);
    assert_int_equal(tariff->coefficient_permille, 1100);
    assert_int_equal(tariff->rounding_minutes, 30);
    assert_int_equal(tariff->expiry_kind, LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEAR_END);
    assert_int_equal(tariff->expiry_years, 1);
    assert_int_equal(tariff->day_minutes_max, LB_DAY_MINUTES);
}

static void the_registry_takes_number_name_and_figure_by_their_places(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(
        PARSE(fixture, "org", "open", "310104001001", "春晖社区", "--kind", "community"), CLI_DONE);
    assert_string_equal(build_good(fixture)->org_open->name, "春晖社区");
    assert_int_equal(PARSE(fixture, "class", "set", "1", "党员"), CLI_DONE);
    assert_string_equal(build_good(fixture)->class_set->name, "党员");
    assert_int_equal(PARSE(fixture, "category", "set", "1", "家政", "12.50"), CLI_DONE);
    assert_int_equal(build_good(fixture)->tariff_set->points_per_hour_centi, 1250);
    assert_int_equal(PARSE(fixture, "item", "set", "101", "大米", "60"), CLI_DONE);
    assert_int_equal(build_good(fixture)->item_set->price_centi, 6000);
    assert_int_equal(PARSE(fixture, "item", "set", "--item", "101", "--name", "大米", "60"),
                     CLI_DONE);
    assert_int_equal(build_good(fixture)->item_set->price_centi, 6000);
    assert_int_equal(PARSE(fixture, "counter", "open", "1", "310104001001", "爱心超市"), CLI_DONE);
    assert_string_equal(build_good(fixture)->counter_open->name, "爱心超市");
}

static void the_counter_of_the_place_is_the_default(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(setenv("LOVEBANK_COUNTER", "5", 1), 0);
    assert_int_equal(PARSE(fixture, "redeem", "10010001", "101=1"), CLI_DONE);
    assert_int_equal(build_good(fixture)->redeem->counter, 5);
}

static void the_language_is_the_options_then_the_locales(void **state)
{
    (void)state;
    char program[] = "lovebank";
    char chinese[] = "--lang=zh";
    char *plain[] = {program, NULL};
    char *asked[] = {program, chinese, NULL};
    assert_int_equal(setenv("LC_ALL", "", 1), 0);
    assert_int_equal(setenv("LC_MESSAGES", "zh_CN.UTF-8", 1), 0);
    assert_int_equal(setenv("LANG", "en_GB.UTF-8", 1), 0);
    assert_true(arguments_language_is_chinese(1, plain));
    assert_int_equal(setenv("LC_ALL", "en_US.UTF-8", 1), 0);
    assert_false(arguments_language_is_chinese(1, plain));
    assert_true(arguments_language_is_chinese(2, asked));
}

static void ten_digits_are_a_card_and_up_to_eight_a_member(void **state)
{
    (void)state;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    assert_true(member_ref_parse("0000000023", &ref));
    assert_int_equal(ref.card, 23);
    assert_int_equal(ref.member, 0);
    lovebank__v1__member_ref__init(&ref);
    assert_true(member_ref_parse("00000042", &ref));
    assert_int_equal(ref.member, 42);
    assert_int_equal(ref.card, 0);
    static const char *const bad[] = {"", "0", "123456789", "12345678901", "12a", "-1", "6.7E+09"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(member_ref_parse(bad[i], &ref));
    }
}

static void an_import_takes_files_and_what_their_rows_leave_out(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "import", "sheet", "a.csv", "b;c.csv", "--category", "家政",
                           "--map", "工时=hours", "--map=备注=-"),
                     CLI_DONE);
    const struct cli_arguments *arguments = &fixture->arguments;
    assert_int_equal(arguments->word_count, 2);
    assert_string_equal(arguments->words[1], "b;c.csv");
    assert_string_equal(arguments_get(arguments, "map"), "工时=hours,备注=-");
    const size_t category = form_find_column(arguments->command->rows, "category");
    assert_string_equal(arguments->defaults[category], "家政");
}

static void a_duration_may_have_its_unit(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "record", "1", "1", "1.5小时"), CLI_DONE);
    assert_int_equal(build_good(fixture)->service_record->minutes, 90);
    assert_int_equal(PARSE(fixture, "record", "1", "1", "2h"), CLI_DONE);
    assert_int_equal(build_good(fixture)->service_record->minutes, 120);
}

static void days_are_read_as_people_write_them(void **state)
{
    struct fixture *fixture = *state;
    static const char *const days[] = {"2016/5/1", "2016.5.1", "2016年5月1日", "20160501"};
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        assert_int_equal(PARSE(fixture, "record", "1", "1", "90", "--date", days[i]), CLI_DONE);
        assert_int_equal(build_good(fixture)->day, 16922);
    }
}

/* rejects */

static void a_wrong_check_digit_is_refused_here(void **state)
{
    struct fixture *fixture = *state;
    char card[16];
    unsigned long long wrong = lb_card_of_serial(675033798) ^ 1;
    (void)snprintf(card, sizeof(card), "%010llu", wrong);
    assert_int_equal(PARSE(fixture, "card", "block", card), CLI_DONE);
    const struct complaint complaint = build_bad(fixture);
    assert_int_equal(complaint.result, LB_CARD_CHECK_DIGIT);
    assert_int_equal(complaint.numbers[0], wrong);
    assert_int_equal(fixture->arguments.command->run(&fixture->cli, &fixture->arguments),
                     CLI_REFUSED);
}

static void minutes_outside_a_day_are_refused_with_their_result(void **state)
{
    struct fixture *fixture = *state;
    static const char *const bad[] = {"0", "-30", "1441"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(PARSE(fixture, "record", "1", "1", "--minutes", bad[i]), CLI_DONE);
        assert_int_equal(build_bad(fixture).result, LB_MINUTES_INVALID);
    }
    assert_int_equal(PARSE(fixture, "record", "1", "1", "25h"), CLI_DONE);
    assert_int_equal(build_bad(fixture).numbers[0], 1500);
    assert_int_equal(PARSE(fixture, "record", "1", "1", "ninety"), CLI_DONE);
    assert_string_equal(build_bad(fixture).column, "minutes");
}

static void a_day_that_does_not_exist_is_refused_with_its_text(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "record", "1", "1", "90", "--date", "2015-02-29"), CLI_DONE);
    const struct complaint complaint = build_bad(fixture);
    assert_int_equal(complaint.result, LB_DATE_INVALID);
    assert_string_equal(complaint_sentence(&fixture->cli, &complaint),
                        "2015-02-29 is not a valid date; write it like 2016-05-01");
}

static const char *complaints_since(struct fixture *fixture, long from)
{
    static char text[2048];
    (void)fflush(fixture->cli.err);
    (void)fseek(fixture->cli.err, from, SEEK_SET);
    text[fread(text, 1, sizeof(text) - 1, fixture->cli.err)] = '\0';
    (void)fseek(fixture->cli.err, 0, SEEK_END);
    return text;
}

/* The words are wrong usage, and what is told begins so. */
#define CHECK_USAGE(fixture, told, ...)                                               \
    do {                                                                              \
        long from = ftell((fixture)->cli.err);                                        \
        assert_int_equal(PARSE((fixture), __VA_ARGS__), CLI_USAGE);                   \
        assert_memory_equal(complaints_since((fixture), from), (told), strlen(told)); \
    } while (0)

static void an_option_given_twice_is_wrong_usage(void **state)
{
    struct fixture *fixture = *state;
    CHECK_USAGE(fixture, "--all is given twice", "history", "42", "--all", "--all");
    CHECK_USAGE(fixture, "--member is given twice", "history", "42", "--member", "42");
    CHECK_USAGE(fixture, "--at-least is given twice", "stars", "--at_least", "1", "--at-least=1");
    CHECK_USAGE(fixture, "--desk is given twice", "--desk", "1", "status", "--desk", "1");
}

static void an_option_is_no_value_and_a_negative_number_is(void **state)
{
    struct fixture *fixture = *state;
    CHECK_USAGE(fixture, "--member needs a value.", "record", "--member", "--category=1");
    CHECK_USAGE(fixture, "--desk needs a value.", "--desk", "--json", "status");
    assert_int_equal(PARSE(fixture, "record", "1", "1", "--minutes", "-30"), CLI_DONE);
    assert_int_equal(PARSE(fixture, "undo", "1", "--reason=--x"), CLI_DONE);
    assert_string_equal(arguments_get(&fixture->arguments, "reason"), "--x");
}

static void a_word_of_several_commands_lists_them(void **state)
{
    struct fixture *fixture = *state;
    CHECK_USAGE(fixture, "Commands of card:\n  card issue ", "card");
    CHECK_USAGE(fixture, "Commands of org:\n  org open ", "org", "--json");
    CHECK_USAGE(fixture, "There is no command \"org frob\".", "org", "--json", "frob");
    assert_int_equal(PARSE(fixture, "org", "--json", "list"), CLI_DONE);
    assert_string_equal(fixture->arguments.command->name, "org list");
    assert_int_equal(PARSE(fixture, "org", "--help"), CLI_DONE);
    assert_string_equal(fixture->arguments.group, "org");
}

static void a_bad_value_is_told_with_what_is_wanted(void **state)
{
    struct fixture *fixture = *state;
    CHECK_USAGE(fixture, "--lang \"fr\": write zh or en.", "--lang", "fr", "status");
    CHECK_USAGE(fixture, "--id \"12\": give a request id, like ", "--id", "12", "status");
    CHECK_USAGE(fixture, "--desk \"0\": give a whole number from 1 to 999999.", "--desk", "0");
    assert_int_equal(PARSE(fixture, "category", "set", "1", "x", "abc"), CLI_DONE);
    long from = ftell(fixture->cli.err);
    assert_int_equal(fixture->arguments.command->run(&fixture->cli, &fixture->arguments),
                     CLI_USAGE);
    assert_non_null(strstr(complaints_since(fixture, from), "--points-per-hour \"abc\": "));
    assert_int_equal(PARSE(fixture, "category", "set", "0", "x", "1"), CLI_DONE);
    const struct complaint complaint = build_bad(fixture);
    assert_string_equal(complaint_sentence(&fixture->cli, &complaint),
                        "give a whole number from 1 to 999999");
}

static void a_long_value_is_cut_between_characters(void **state)
{
    struct fixture *fixture = *state;
    char text[61 * 3 + 1] = "";
    for (size_t i = 0; i < 60; i++) {
        memcpy(text + 3 * i, "长", sizeof("长"));
    }
    assert_string_equal(cli_cut(&fixture->cli, text), text);
    memcpy(text + 180, "长", sizeof("长"));
    const char *cut = cli_cut(&fixture->cli, text);
    assert_int_equal(strlen(cut), 180 + strlen("…"));
    assert_memory_equal(cut, text, 180);
    assert_string_equal(cut + 180, "…");
}

static enum cli_exit item_with_barcode(struct fixture *fixture, const char *barcode)
{
    return PARSE(fixture, "item", "set", "1", "盐", "5", "--barcode", barcode);
}

static void a_barcode_has_its_digits_and_check_digit(void **state)
{
    struct fixture *fixture = *state;
    static const char *const good[] = {"6901234567892", "036000291452", "96385074"};
    static const char *const bad[] = {"123",          "6901234567893",  "036000291453",
                                      "96385075",     "16901234567899", "690123456789x",
                                      "000000000000", "-90123456789",   "-9012345"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(item_with_barcode(fixture, good[i]), CLI_DONE);
        assert_int_equal(build_good(fixture)->item_set->barcode, strtoull(good[i], NULL, 10));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(item_with_barcode(fixture, bad[i]), CLI_DONE);
        assert_string_equal(build_bad(fixture).column, "barcode");
    }
}

static void a_birth_is_from_1900_to_today(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "member", "add", "李", "1", "--birth", "1900-01-01"), CLI_DONE);
    assert_int_equal(build_good(fixture)->member_register->person->birth_day, -25567);
    static const char *const bad[] = {"1899-12-31", "2199-12-31", "1950-02-30"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(PARSE(fixture, "member", "add", "李", "1", "--birth", bad[i]), CLI_DONE);
        assert_string_equal(build_bad(fixture).column, "birth");
    }
}

static void wrong_usage_ends_with_2(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "dance"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "org"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "status", "--loud"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "status", "more"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "import", "sheet"), CLI_USAGE);
    assert_int_equal(
        PARSE(fixture, "import", "sheet", "x.csv", "--id", "01a20044-6022-77fa-9c97-b848ab9dbc42"),
        CLI_USAGE);
    assert_int_equal(PARSE(fixture, "record", "1", "1", "90", "--hours", "2"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "redeem", "10010001"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "undo", "12"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "status", "--id", "12"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "status", "--desk"), CLI_USAGE);
    assert_int_equal(PARSE(fixture, "service"), CLI_USAGE);
}

/* faults */

static void a_server_that_is_not_there_ends_with_3(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(PARSE(fixture, "status"), CLI_DONE);
    assert_int_equal(fixture->arguments.command->run(&fixture->cli, &fixture->arguments),
                     CLI_TRY_LATER);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_command_is_found_and_has_its_words),
        TEST(a_redemption_takes_several_goods),
        TEST(a_record_takes_member_category_and_minutes),
        TEST(a_tariff_is_read_with_its_expiry),
        TEST(the_registry_takes_number_name_and_figure_by_their_places),
        TEST(the_counter_of_the_place_is_the_default),
        TEST(the_language_is_the_options_then_the_locales),
        TEST(ten_digits_are_a_card_and_up_to_eight_a_member),
        TEST(an_import_takes_files_and_what_their_rows_leave_out),
        TEST(a_duration_may_have_its_unit),
        TEST(days_are_read_as_people_write_them),
        TEST(a_wrong_check_digit_is_refused_here),
        TEST(minutes_outside_a_day_are_refused_with_their_result),
        TEST(a_day_that_does_not_exist_is_refused_with_its_text),
        TEST(an_option_given_twice_is_wrong_usage),
        TEST(an_option_is_no_value_and_a_negative_number_is),
        TEST(a_word_of_several_commands_lists_them),
        TEST(a_bad_value_is_told_with_what_is_wanted),
        TEST(a_long_value_is_cut_between_characters),
        TEST(a_barcode_has_its_digits_and_check_digit),
        TEST(a_birth_is_from_1900_to_today),
        TEST(wrong_usage_ends_with_2),
        TEST(a_server_that_is_not_there_ends_with_3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
