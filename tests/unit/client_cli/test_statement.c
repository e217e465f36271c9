/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A member's account over a period, worked out from entries: what leads from the opening to the
 * closing, and what does not add up.
 */
#include "statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MEMBER UINT64_C(42)
#define OTHER  UINT64_C(43)
#define NEVER  UINT64_C(0xffffffff)

#define IN_MEMBER LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER
#define IN_HELD   LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HELD
#define IN_DEBT   LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DEBT
#define IN_ISSUER LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_ISSUER
#define POINTS    LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS
#define MINUTES   LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES

struct fixture {
    struct cli cli;
    struct statement statement;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_init(&fixture->cli, false);
    fixture->statement =
        (struct statement){.cli = &fixture->cli, .member = MEMBER, .from_day = 100, .to_day = 200};
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

struct posting {
    Lovebank__V1__AccountKind account;
    Lovebank__V1__AssetKind asset;
    uint64_t owner;
    uint64_t lot;
    int64_t amount;
};

/* A reversal, the act whose words need no registry. */
static bool add(struct fixture *fixture, uint64_t number, int32_t day, uint64_t reversed_by,
                const struct posting *postings, size_t count)
{
    Lovebank__V1__Command command;
    Lovebank__V1__StoredEntry stored;
    Lovebank__V1__Entry entry = LOVEBANK__V1__ENTRY__INIT;
    Lovebank__V1__Posting items[4];
    Lovebank__V1__Posting *pointers[4];
    assert_true(count <= 4);
    lovebank__v1__command__init(&command);
    lovebank__v1__stored_entry__init(&stored);
    for (size_t i = 0; i < count; i++) {
        lovebank__v1__posting__init(&items[i]);
        items[i].account = postings[i].account;
        items[i].asset = postings[i].asset;
        items[i].owner = postings[i].owner;
        items[i].lot = postings[i].lot;
        items[i].amount = postings[i].amount;
        pointers[i] = &items[i];
    }
    command.act_case = LOVEBANK__V1__COMMAND__ACT_REVERSE;
    entry.command = &command;
    entry.number = number;
    entry.day = day;
    entry.target_entry = 1;
    entry.postings = pointers;
    entry.n_postings = count;
    stored.reversed_by = reversed_by;
    return statement_add(&fixture->statement, &stored, &entry);
}

#define ADD(fixture, number, day, reversed_by, ...)                                       \
    add((fixture), (number), (day), (reversed_by), (const struct posting[]){__VA_ARGS__}, \
        sizeof((const struct posting[]){__VA_ARGS__}) / sizeof(struct posting))

static Lovebank__V1__Balances balances(int64_t points, int64_t held, int64_t debt, int64_t minutes)
{
    Lovebank__V1__Balances all = LOVEBANK__V1__BALANCES__INIT;
    all.points_centi = points;
    all.held_centi = held;
    all.debt_centi = debt;
    all.minutes = minutes;
    return all;
}

/* Before, in and after the period; number 5 was entered late. */
static void add_five(struct fixture *fixture)
{
    assert_true(ADD(fixture, 5, 150, 0, {IN_MEMBER, POINTS, MEMBER, 300, 50},
                    {IN_MEMBER, POINTS, OTHER, 300, 999}, {IN_ISSUER, POINTS, MEMBER, 300, -50}));
    assert_true(ADD(fixture, 4, 201, 0, {IN_MEMBER, POINTS, MEMBER, NEVER, -10},
                    {IN_HELD, POINTS, MEMBER, NEVER, 10}));
    assert_true(ADD(fixture, 3, 200, 0, {IN_MEMBER, POINTS, MEMBER, NEVER, -100},
                    {IN_DEBT, POINTS, MEMBER, NEVER, -7}));
    assert_true(ADD(fixture, 2, 100, 3, {IN_MEMBER, POINTS, MEMBER, NEVER, 200},
                    {IN_MEMBER, MINUTES, MEMBER, 1970, 60}));
    assert_true(ADD(fixture, 1, 99, 0, {IN_MEMBER, POINTS, MEMBER, NEVER, 1000},
                    {IN_MEMBER, MINUTES, MEMBER, 1970, 30}));
}

/* accepts */

static void entries_stand_by_day_between_opening_and_closing(void **state)
{
    struct fixture *fixture = *state;
    const struct statement *statement = &fixture->statement;
    static const uint64_t numbers[] = {2, 5, 3};
    const struct statement_line *line;
    size_t count = 0;
    add_five(fixture);
    for (line = statement->lines; line != NULL; line = line->next) {
        assert_true(count < 3);
        assert_int_equal(line->number, numbers[count++]);
        assert_string_equal(line->what, "undo 1");
    }
    assert_int_equal(count, 3);
    assert_string_equal(statement->lines->note, "undone by 3");
    assert_int_equal(statement->opening.points_centi, 1000);
    assert_int_equal(statement->opening.minutes, 30);
    assert_int_equal(statement->closing.points_centi, 1150);
    assert_int_equal(statement->closing.minutes, 90);
    assert_int_equal(statement->closing.held_centi, 0);
    assert_int_equal(statement->closing.debt_centi, -7);
}

static void points_of_the_closing_stand_by_last_day(void **state)
{
    struct fixture *fixture = *state;
    add_five(fixture);
    const struct statement_lot *lot = fixture->statement.lots;
    assert_int_equal(lot->lot, 300);
    assert_int_equal(lot->points_centi, 50);
    assert_int_equal(lot->next->lot, NEVER);
    assert_int_equal(lot->next->points_centi, 1100);
    assert_null(lot->next->next);
}

static void all_entries_make_what_the_server_says(void **state)
{
    struct fixture *fixture = *state;
    const Lovebank__V1__Balances now = balances(1140, 10, 7, 90);
    add_five(fixture);
    assert_true(statement_adds_up(&fixture->statement, &now));
}

static void a_member_without_postings_has_nothing(void **state)
{
    struct fixture *fixture = *state;
    const Lovebank__V1__Balances now = balances(0, 0, 0, 0);
    assert_true(ADD(fixture, 1, 150, 0, {IN_MEMBER, POINTS, OTHER, NEVER, 1}));
    assert_null(fixture->statement.lines);
    assert_true(statement_adds_up(&fixture->statement, &now));
}

/* rejects */

static void any_tally_that_differs_is_found(void **state)
{
    struct fixture *fixture = *state;
    const Lovebank__V1__Balances wrong[] = {balances(1141, 10, 7, 90), balances(1140, 11, 7, 90),
                                            balances(1140, 10, 8, 90), balances(1140, 10, 7, 91)};
    add_five(fixture);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(statement_adds_up(&fixture->statement, &wrong[i]));
    }
}

static void a_line_or_lot_that_is_missing_is_found(void **state)
{
    struct fixture *fixture = *state;
    const Lovebank__V1__Balances now = balances(1140, 10, 7, 90);
    add_five(fixture);
    struct statement_line *lines = fixture->statement.lines;
    fixture->statement.lines = lines->next;
    assert_false(statement_adds_up(&fixture->statement, &now));
    fixture->statement.lines = lines;
    fixture->statement.lots = fixture->statement.lots->next;
    assert_false(statement_adds_up(&fixture->statement, &now));
}

/* faults */

static void sums_beyond_64_bits_are_told(void **state)
{
    struct fixture *fixture = *state;
    assert_false(ADD(fixture, 3, 150, 0, {IN_MEMBER, POINTS, MEMBER, 1, INT64_MAX},
                     {IN_MEMBER, POINTS, MEMBER, 2, 1}));
    assert_true(ADD(fixture, 2, 150, 0, {IN_HELD, POINTS, MEMBER, 1, INT64_MAX}));
    assert_false(ADD(fixture, 1, 150, 0, {IN_HELD, POINTS, MEMBER, 1, 1}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entries_stand_by_day_between_opening_and_closing),
        TEST(points_of_the_closing_stand_by_last_day),
        TEST(all_entries_make_what_the_server_says),
        TEST(a_member_without_postings_has_nothing),
        TEST(any_tally_that_differs_is_found),
        TEST(a_line_or_lot_that_is_missing_is_found),
        TEST(sums_beyond_64_bits_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
