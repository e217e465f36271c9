/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What an entry says about itself: every planted damage is found, and nothing else. */
#include "samples_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct test_bank *test;

static int set_up(void **state)
{
    (void)state;
    test = sample_bank_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_bank_free(test);
    return 0;
}

#define PROBLEM_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* A good entry of that kind, to be damaged. Its postings are test->scratch. */
static struct entry good(enum act_kind kind)
{
    struct command command = sample_command(kind);
    test->no_apply = true;
    struct entry entry = *test_do(test, command);
    assert_int_equal(entry.verdict.code, LB_OK);
    assert_null(bank_entry_problem(&entry));
    return entry;
}

static void add(struct entry *entry, enum account_kind from, enum account_kind to,
                enum asset_kind asset, int64_t amount)
{
    posting_list_move(&entry->postings, (struct account){from, 1}, (struct account){to, 1},
                      (struct asset){asset, asset == ASSET_GOODS ? 1 : 0}, 77, amount);
}

static void assert_problem(const struct entry *entry, const char *expected)
{
    const char *problem = bank_entry_problem(entry);
    assert_non_null(problem);
    assert_string_equal(problem, expected);
}

static void entries_of_every_kind_are_without_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        (void)good(sample_kinds[i]);
    }
}

static void postings_that_do_not_sum_to_zero(void **state)
{
    (void)state;
    const char *expected = "the postings do not sum to zero for each asset and lot";
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        struct entry entry = good(sample_kinds[i]);
        if (entry.postings.count > 0) {
            entry.postings.items[0].amount++;
            assert_problem(&entry, expected);
            entry.postings.items[0].amount--;
            entry.postings.items[0].lot++;
            assert_problem(&entry, expected);
        }
    }
}

static void hours_and_points_that_no_service_gave(void **state)
{
    (void)state;
    struct entry entry = good(ACT_REDEEM);
    add(&entry, ACCOUNT_ISSUER, ACCOUNT_MEMBER, ASSET_MINUTES, 60);
    assert_problem(&entry, "hours grow though no service was given");
    entry = good(ACT_REDEEM);
    add(&entry, ACCOUNT_MEMBER, ACCOUNT_ISSUER, ASSET_MINUTES, 60);
    assert_problem(&entry, "hours shrink though nothing was reversed");
    entry = good(ACT_REDEEM);
    add(&entry, ACCOUNT_ISSUER, ACCOUNT_MEMBER, ASSET_POINTS, 60);
    assert_problem(&entry, "the points issued are not those of the earning");
}

static void a_service_whose_earning_is_not_what_was_posted(void **state)
{
    (void)state;
    const enum act_kind kinds[] = {ACT_SERVICE_RECORD, ACT_SERVICE_GIVE};
    for (size_t i = 0; i < 2; i++) {
        struct entry entry = good(kinds[i]);
        entry.earning.minutes++;
        assert_problem(&entry, "the hours posted are not the minutes given");
        entry = good(kinds[i]);
        entry.earning.points_centi--;
        assert_problem(&entry, "the points issued are not those of the earning");
    }
}

static void a_redemption_whose_lines_are_not_what_was_posted(void **state)
{
    (void)state;
    struct entry entry = good(ACT_REDEEM);
    entry.lines[0].quantity++;
    assert_problem(&entry, "the goods handed out are not those of the lines");
    entry = good(ACT_REDEEM);
    entry.lines[0].price_centi--;
    assert_problem(&entry, "the points taken are not the price of the lines");
    entry = good(ACT_REDEEM);
    add(&entry, ACCOUNT_STOCK, ACCOUNT_HANDED_OUT, ASSET_GOODS, 1);
    assert_problem(&entry, "the goods handed out are not those of the lines");
}

static void a_service_asked_given_or_released_for_another_amount(void **state)
{
    (void)state;
    struct entry entry = good(ACT_SERVICE_ASK);
    entry.lines[0].price_centi++;
    assert_problem(&entry, "the points held are not the price of the lines");
    entry = good(ACT_SERVICE_GIVE);
    entry.line_count = 0;
    assert_problem(&entry, "the points taken are not those held");
    entry = good(ACT_SERVICE_GIVE);
    add(&entry, ACCOUNT_MEMBER, ACCOUNT_HELD, ASSET_POINTS, 5);
    assert_problem(&entry, "the points taken are not those held");
    entry = good(ACT_SERVICE_RELEASE);
    add(&entry, ACCOUNT_HELD, ACCOUNT_REDEEMED, ASSET_POINTS, 5);
    assert_problem(&entry, "points are taken though nothing was redeemed");
    entry = good(ACT_SERVICE_RECORD);
    add(&entry, ACCOUNT_MEMBER, ACCOUNT_REDEEMED, ASSET_POINTS, 5);
    assert_problem(&entry, "points are taken though nothing was redeemed");
}

static void a_delivery_that_is_not_what_was_posted(void **state)
{
    (void)state;
    struct entry entry = good(ACT_STOCK_RECEIVE);
    entry.command.act.stock_receive.lines[0].quantity++;
    assert_problem(&entry, "the stock received is not that of the lines");
}

static void an_opening_balance_that_is_not_what_was_posted(void **state)
{
    (void)state;
    const char *expected = "the points and hours taken over are not those of the command";
    struct entry entry = good(ACT_OPENING_BALANCE);
    entry.command.act.opening_balance.points_centi++;
    assert_problem(&entry, expected);
    entry = good(ACT_OPENING_BALANCE);
    entry.command.act.opening_balance.minutes--;
    assert_problem(&entry, expected);
    entry = good(ACT_OPENING_BALANCE);
    add(&entry, ACCOUNT_ISSUER, ACCOUNT_MEMBER, ASSET_POINTS, 60);
    assert_problem(&entry, "an opening balance earns or redeems points");
    entry = good(ACT_OPENING_BALANCE);
    add(&entry, ACCOUNT_MEMBER, ACCOUNT_REDEEMED, ASSET_POINTS, 60);
    assert_problem(&entry, "an opening balance earns or redeems points");
}

static void an_act_of_the_registry_moves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT && sample_kinds[i] < ACT_STOCK_RECEIVE; i++) {
        struct entry entry = good(sample_kinds[i]);
        add(&entry, ACCOUNT_OPENING, ACCOUNT_MEMBER, ASSET_POINTS, 100);
        assert_problem(&entry, "an act of the registry has postings");
    }
}

static void a_refusal_moves_nothing_and_is_of_a_kind_that_is_recorded(void **state)
{
    (void)state;
    struct entry entry = good(ACT_REDEEM);
    entry.verdict.code = LB_POINTS_INSUFFICIENT;
    assert_problem(&entry, "a refusal has postings");
    entry.postings.count = 0;
    assert_null(bank_entry_problem(&entry));
    entry.verdict.code = LB_ITEM_UNKNOWN;
    assert_problem(&entry, "a refusal of this kind is never recorded");
}

static void an_approval_without_a_second_person(void **state)
{
    (void)state;
    struct entry entry = good(ACT_REDEEM);
    entry.number = 9;
    entry.actor.principal = 3;
    entry.approver = 4;
    assert_problem(&entry, "it is approved though nothing was proposed");
    entry.proposal = 8;
    assert_null(bank_entry_problem(&entry));
    entry.approver = 3;
    assert_problem(&entry, "who proposed it approved it as well");
    entry.approver = 0;
    assert_problem(&entry, "who proposed it approved it as well");
    entry.approver = 4;
    entry.proposal = 9;
    assert_problem(&entry, "it was proposed after it was done");
}

static void a_decision_that_is_no_act_or_a_proposal_that_moves_something(void **state)
{
    (void)state;
    struct entry entry = good(ACT_REDEEM);
    entry.verdict.code = LB_WAITING;
    assert_problem(&entry, "a refusal has postings");
    entry.postings.count = 0;
    assert_null(bank_entry_problem(&entry));
    entry.number = 9;
    entry.proposal = 8;
    entry.approver = 4;
    assert_problem(&entry, "what was proposed is no act that could wait");
    entry = (struct entry){.number = 9, .command = {.kind = ACT_PROPOSAL_DECIDE}};
    assert_null(bank_entry_problem(&entry));
    entry.command.act.proposal_decide.confirm = true;
    assert_problem(&entry, "a proposal is confirmed without the act proposed");
    entry.verdict.code = LB_SECOND_PERSON;
    assert_null(bank_entry_problem(&entry));
    entry.proposal = 8;
    entry.approver = 4;
    assert_problem(&entry, "what was proposed is no act that could wait");
}

/* An entry read from a damaged disk may hold any number. */
static void amounts_that_cannot_be_summed(void **state)
{
    (void)state;
    const char *expected = "the amounts are beyond what the ledger can hold";
    struct entry entry = good(ACT_SERVICE_ASK);
    for (uint64_t lot = 1; lot <= 2; lot++) {
        posting_list_move(&entry.postings, (struct account){ACCOUNT_ISSUER, 1},
                          (struct account){ACCOUNT_HELD, 1}, ASSET_OF_POINTS, lot, INT64_MAX);
    }
    assert_problem(&entry, expected);
    entry = good(ACT_REDEEM);
    entry.lines[0].quantity = INT64_MAX;
    assert_problem(&entry, expected);
    entry = good(ACT_REDEEM);
    entry.lines[entry.line_count++] = (struct priced_line){.quantity = INT64_MAX};
    assert_problem(&entry, expected);
    entry = good(ACT_REDEEM);
    entry.lines[entry.line_count++] = (struct priced_line){.quantity = 1, .price_centi = INT64_MAX};
    assert_problem(&entry, expected);
    entry = good(ACT_STOCK_RECEIVE);
    entry.command.act.stock_receive.lines[1].quantity = INT64_MAX;
    assert_problem(&entry, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        PROBLEM_TEST(entries_of_every_kind_are_without_problem),
        /* rejects */
        PROBLEM_TEST(postings_that_do_not_sum_to_zero),
        PROBLEM_TEST(hours_and_points_that_no_service_gave),
        PROBLEM_TEST(a_service_whose_earning_is_not_what_was_posted),
        PROBLEM_TEST(a_redemption_whose_lines_are_not_what_was_posted),
        PROBLEM_TEST(a_service_asked_given_or_released_for_another_amount),
        PROBLEM_TEST(a_delivery_that_is_not_what_was_posted),
        PROBLEM_TEST(an_opening_balance_that_is_not_what_was_posted),
        PROBLEM_TEST(an_act_of_the_registry_moves_nothing),
        PROBLEM_TEST(a_refusal_moves_nothing_and_is_of_a_kind_that_is_recorded),
        PROBLEM_TEST(an_approval_without_a_second_person),
        PROBLEM_TEST(a_decision_that_is_no_act_or_a_proposal_that_moves_something),
        PROBLEM_TEST(amounts_that_cannot_be_summed),
    };
    return cmocka_run_group_tests_name("bank problem", tests, NULL, NULL);
}
