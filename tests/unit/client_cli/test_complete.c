/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Completion over a source of fixed names: commands, options, values, and what may stay in a
 * history file. No server.
 */
#include "complete.h"
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct cli cli;
    struct complete_source source;
    struct candidates found;
};

static bool fixed_name(void *context, enum registry_kind kind, size_t i, uint64_t *number,
                       const char **name)
{
    static const struct {
        enum registry_kind kind;
        uint64_t number;
        const char *name;
    } names[] = {
        {REGISTRY_CATEGORY, 1, "家政"},       {REGISTRY_CATEGORY, 2, "家电维修"},
        {REGISTRY_CATEGORY, 12, "咨询"},      {REGISTRY_ITEM, 101, "大米"},
        {REGISTRY_ITEM, 102, "食盐"},         {REGISTRY_ORG, 310104001001, "锦绣社区"},
        {REGISTRY_ORG, 310104001002, "东湖"}, {REGISTRY_ORG, 310104002001, "东湖"},
        {REGISTRY_CLASS, 1, "党员"},          {REGISTRY_COUNTER, 1, "春晖 超市"},
    };
    (void)context;
    for (size_t at = 0; at < sizeof(names) / sizeof(names[0]); at++) {
        if (names[at].kind == kind && i-- == 0) {
            *number = names[at].number;
            *name = names[at].name;
            return true;
        }
    }
    return false;
}

static bool fixed_member(void *context, const char *typed, size_t i, uint64_t *number,
                         const char **note)
{
    (void)context;
    if (i > 1 || (strcmp(typed, "zxm") != 0 && (i > 0 || strcmp(typed, "10010001") != 0))) {
        return false;
    }
    *number = 10010001 + i;
    *note = i == 0 ? "张*明 锦绣社区" : "曾*明 东湖";
    return true;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_init(&fixture->cli, true);
    fixture->source = (struct complete_source){.name = fixed_name, .member = fixed_member};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    cli_fini(&fixture->cli);
    free(fixture);
    return 0;
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    return count;
}

static struct candidates *complete(void **state, const char *const *words)
{
    struct fixture *fixture = *state;
    complete_words(&fixture->cli, &fixture->source, words, count_words(words), &fixture->found);
    return &fixture->found;
}
#define COMPLETE(...) complete(state, (const char *const[]){__VA_ARGS__, NULL})

/* Exactly these, in this order. */
static void expect(const struct candidates *found, const char *const *texts)
{
    assert_int_equal(found->count, count_words(texts));
    for (size_t i = 0; i < found->count; i++) {
        assert_string_equal(found->items[i].text, texts[i]);
    }
}
#define EXPECT(found, ...)    expect(found, (const char *const[]){__VA_ARGS__, NULL})
#define EXPECT_NOTHING(found) expect(found, (const char *const[]){NULL})

static bool has(const struct candidates *found, const char *text)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->items[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

/* --- accepts --- */

static void commands_and_groups_are_offered_with_what_they_do(void **state)
{
    const struct candidates *found = COMPLETE("rec");
    EXPECT(found, "record", "receipt");
    assert_non_null(strstr(found->items[0].note, "记服务时长"));
    found = COMPLETE("car");
    EXPECT(found, "card");
    assert_string_equal(found->items[0].note, "issue、block、replace");
    EXPECT(COMPLETE("card", ""), "issue", "block", "replace");
    assert_true(COMPLETE("import", "")->count >= 11);
    assert_true(has(COMPLETE(""), "member"));
}

static void a_word_that_is_a_command_and_a_group_has_both(void **state)
{
    assert_true(has(COMPLETE("counter", ""), "open"));
    assert_true(has(COMPLETE("counter", "--c"), "--counter"));
    EXPECT(COMPLETE("counter", "open", "1", "锦"), "锦绣社区");
}

static void names_are_offered_by_beginning_initials_and_number(void **state)
{
    EXPECT(COMPLETE("record", "10010001", "家"), "家政", "家电维修");
    EXPECT(COMPLETE("record", "10010001", "jz"), "家政");
    EXPECT(COMPLETE("record", "10010001", "j"), "家政", "家电维修");
    EXPECT(COMPLETE("record", "10010001", "1"), "1", "12");
    EXPECT(COMPLETE("record", "10010001", ""), "家政", "家电维修", "咨询");
}

static void two_of_one_name_are_offered_by_their_numbers(void **state)
{
    const struct candidates *found = COMPLETE("org", "list", "dh");
    EXPECT(found, "310104001002", "310104002001");
    assert_string_equal(found->items[0].note, "东湖");
    assert_string_equal(found->items[1].note, "东湖");
}

static void members_are_offered_as_numbers_with_masked_names(void **state)
{
    const struct candidates *found = COMPLETE("balance", "zxm");
    EXPECT(found, "10010001", "10010002");
    assert_string_equal(found->items[0].note, "张*明 锦绣社区");
    EXPECT(COMPLETE("balance", "10010001"), "10010001");
}

static void options_not_given_yet_are_offered(void **state)
{
    EXPECT(COMPLETE("record", "1", "2", "3", "--da"), "--date");
    EXPECT_NOTHING(COMPLETE("record", "1", "2", "3", "--date", "2016-05-01", "--da"));
    EXPECT(COMPLETE("category", "set", "1", "家政", "10", "--round"), "--rounding-minutes");
    EXPECT(COMPLETE("import", "sheet", "--cat"), "--category");
    EXPECT(COMPLETE("--js"), "--json");
    assert_true(has(COMPLETE("record", "1", "2", "3", ""), "--date"));
}

static void values_of_options_are_offered_by_what_they_hold(void **state)
{
    EXPECT(COMPLETE("stock", "receive", "da", "--counter"), "--counter");
    EXPECT(COMPLETE("redeem", "1", "dm"), "大米");
    EXPECT(COMPLETE("redeem", "1", "101=1;s"), "101=1;食盐");
    EXPECT(COMPLETE("redeem", "1", "--counter", "c"), "春晖 超市");
    EXPECT(COMPLETE("redeem", "1", "--counter=c"), "--counter=春晖 超市");
    EXPECT(COMPLETE("member", "add", "李四", "锦", "--classes", "d"), "党员");
    EXPECT(COMPLETE("record", "1", "2", "3", "--date", "昨"), "昨天");
    EXPECT(COMPLETE("record", "1", "2", "3", "--date", "j"), "今天");
    EXPECT(COMPLETE("stars", "--format=c"), "--format=csv");
    EXPECT(COMPLETE("completion", ""), "bash", "zsh", "fish");
}

static void names_of_files_are_left_to_the_caller(void **state)
{
    assert_true(COMPLETE("import", "sheet", "五月")->wants_files);
    assert_true(COMPLETE("stars", "--output", "")->wants_files);
    assert_true(COMPLETE("--socket", "/run")->wants_files);
    assert_false(COMPLETE("record", "")->wants_files);
}

static void global_options_may_stand_anywhere(void **state)
{
    EXPECT(COMPLETE("--desk", "3", "--json", "record", "1", "--lang", "en", "jz"), "家政");
    EXPECT(COMPLETE("card", "--json", "b"), "block");
}

static void lines_that_name_nobody_may_stay(void **state)
{
    (void)state;
    static const char *const lines[][8] = {
        {"record", "10010001", "家政", "90", "--date", "昨天", NULL},
        {"import", "sheet", "五月.csv", "--yes", NULL},
        {"--desk", "3", "balance", "0000000014", NULL},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_true(complete_is_impersonal(lines[i], count_words(lines[i])));
    }
}

/* --- rejects --- */

static void what_cannot_be_guessed_is_not_offered(void **state)
{
    EXPECT_NOTHING(COMPLETE("balance", ""));
    EXPECT_NOTHING(COMPLETE("record", "1", "jz", "9"));
    EXPECT_NOTHING(COMPLETE("member", "add", "张"));
    EXPECT_NOTHING(COMPLETE("record", "1", "\xff"));
    EXPECT_NOTHING(COMPLETE("redeem", "1", "大米="));
}

static void after_a_word_that_is_not_understood_nothing_is_offered(void **state)
{
    EXPECT_NOTHING(COMPLETE("recrod", ""));
    EXPECT_NOTHING(COMPLETE("record", "--nothing", ""));
    EXPECT_NOTHING(COMPLETE("record", "--json=1", ""));
    EXPECT_NOTHING(COMPLETE("status", "one-too-many", ""));
}

static void programs_own_commands_are_not_offered(void **state)
{
    assert_false(has(COMPLETE("comp"), "complete"));
    assert_true(has(COMPLETE("comp"), "completion"));
}

static void lines_that_may_name_somebody_do_not_stay(void **state)
{
    (void)state;
    static const char *const lines[][8] = {
        {"record", "张小明", "家政", "90", NULL},
        {"record", "zxm", "家政", "90", NULL},
        {"member", "find", "张", NULL},
        {"member", "add", "张小明", "锦绣社区", NULL},
        {"member", "update", "1", "--phone", "13800000000", NULL},
        {"undo", "7", "--reason", "张小明没来", NULL},
        {"recrod", "张小明", NULL},
        {"status", "张小明", NULL},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_false(complete_is_impersonal(lines[i], count_words(lines[i])));
    }
}

static void names_match_by_the_better_reason(void **state)
{
    struct fixture *fixture = *state;
    struct cli *cli = &fixture->cli;
    assert_int_equal(name_compare(cli, "家政", "家政"), NAME_IS);
    assert_int_equal(name_compare(cli, "社區", "社区服务"), NAME_BEGINS);
    assert_int_equal(name_compare(cli, "JZ", "家政"), NAME_INITIALS);
    assert_int_equal(name_compare(cli, "j", "家政"), NAME_INITIALS_BEGIN);
    assert_int_equal(name_compare(cli, "政", "家政"), NAME_DIFFERS);
    assert_int_equal(name_compare(cli, "z", "家政"), NAME_DIFFERS);
    assert_int_equal(name_compare(cli, "", "家政"), NAME_BEGINS);
    assert_int_equal(name_compare(cli, "\xe5\xae", "家政"), NAME_DIFFERS);
    assert_int_equal(name_compare(cli, "·", "家政"), NAME_DIFFERS);
}

/* --- faults --- */

static bool no_name(void *context, enum registry_kind kind, size_t i, uint64_t *number,
                    const char **name)
{
    (void)context, (void)kind, (void)i, (void)number, (void)name;
    return false;
}

static void without_a_server_commands_and_options_are_still_offered(void **state)
{
    struct fixture *fixture = *state;
    fixture->source.name = no_name;
    EXPECT_NOTHING(COMPLETE("record", "1", "jz"));
    EXPECT(COMPLETE("bal"), "balance");
    EXPECT(COMPLETE("record", "--sta"), "--start");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(commands_and_groups_are_offered_with_what_they_do),
        TEST(a_word_that_is_a_command_and_a_group_has_both),
        TEST(names_are_offered_by_beginning_initials_and_number),
        TEST(two_of_one_name_are_offered_by_their_numbers),
        TEST(members_are_offered_as_numbers_with_masked_names),
        TEST(options_not_given_yet_are_offered),
        TEST(values_of_options_are_offered_by_what_they_hold),
        TEST(names_of_files_are_left_to_the_caller),
        TEST(global_options_may_stand_anywhere),
        TEST(lines_that_name_nobody_may_stay),
        TEST(what_cannot_be_guessed_is_not_offered),
        TEST(after_a_word_that_is_not_understood_nothing_is_offered),
        TEST(programs_own_commands_are_not_offered),
        TEST(lines_that_may_name_somebody_do_not_stay),
        TEST(names_match_by_the_better_reason),
        TEST(without_a_server_commands_and_options_are_still_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
