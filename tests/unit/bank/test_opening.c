/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Opening balances: what is taken over from paper, what it counts for, who must confirm it. */
#include "second_for_tests.h"

static const struct act_opening_balance passbook = {
    .member = {.member = 1},
    .points_centi = 12050,
    .last_day = DAY + 600,
    .minutes = 7200,
    .year = 2015,
};

static const struct entry *open_with(struct act_opening_balance act, int32_t day)
{
    return test_do(test, (struct command){
                             .kind = ACT_OPENING_BALANCE, .day = day, .act.opening_balance = act});
}

static int64_t opening_total(struct asset asset)
{
    return book_total(street_views(), (struct account){ACCOUNT_OPENING, 1}, asset, 0);
}

/* accepts */

static void points_and_hours_come_from_the_opening_account(void **state)
{
    (void)state;
    const struct entry *entry = open_with(passbook, DAY);
    (void)done(entry);
    assert_int_equal(entry->org, 1);
    assert_int_equal(entry->balances[0].points_centi, 12050);
    assert_int_equal(entry->balances[0].minutes, 7200);
    assert_int_equal(opening_total(ASSET_OF_POINTS), -12050);
    assert_int_equal(opening_total(ASSET_OF_MINUTES), -7200);
    const struct account own = {ACCOUNT_MEMBER, 1};
    assert_int_equal(book_balance(street_views(), own, ASSET_OF_POINTS, DAY + 600), 12050);
    assert_int_equal(book_balance(street_views(), own, ASSET_OF_MINUTES, 2015), 7200);
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
}

static void points_without_an_end_never_end(void **state)
{
    (void)state;
    struct act_opening_balance act = {
        .member = {.card = lb_card_of_serial(1)}, .points_centi = 500, .last_day = DAY_NONE};
    (void)done(open_with(act, DAY));
    const struct account own = {ACCOUNT_MEMBER, 1};
    assert_int_equal(book_balance(street_views(), own, ASSET_OF_POINTS, LOT_NEVER), 500);
    act.last_day = DAY; /* to be spent today */
    (void)done(open_with(act, DAY));
    assert_int_equal(book_balance(street_views(), own, ASSET_OF_POINTS, DAY), 500);
}

static void nothing_of_it_is_earned_in_any_year(void **state)
{
    (void)state;
    const struct entry *entry = open_with(passbook, DAY);
    (void)done(entry);
    assert_int_equal(entry->earning.member, 0);
    for (int32_t year = 2015; year <= 2016; year++) {
        struct year_row row;
        year_get(street_views(), year, 1, &row);
        assert_int_equal(row.earned_centi, 0);
        assert_int_equal(row.minutes, 0);
        assert_int_equal(row.services, 0);
    }
}

static void hours_taken_over_leave_the_day_free_for_service(void **state)
{
    (void)state;
    (void)done(open_with(passbook, DAY));
    (void)done(test_record(test, 1, 1, 600, -1, DAY));
}

static void it_settles_debt_first(void **state)
{
    (void)state;
    const uint64_t record = done(test_record(test, 1, 1, 180, -1, DAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    (void)done(test_reverse(test, record, DAY));
    assert_int_equal(test->last.balances[0].debt_centi, 2000);
    (void)done(open_with(passbook, DAY));
    assert_int_equal(test->last.balances[0].debt_centi, 0);
    assert_int_equal(test->last.balances[0].points_centi, 10050);
    assert_int_equal(opening_total(ASSET_OF_POINTS), -12050);
}

static void it_is_undone_once_and_what_was_spent_is_owed(void **state)
{
    (void)state;
    const uint64_t number = done(open_with(passbook, DAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    const uint64_t by = done(test_reverse(test, number, DAY));
    assert_int_equal(test->last.balances[0].points_centi, 0);
    assert_int_equal(test->last.balances[0].debt_centi, 2000);
    assert_int_equal(test->last.balances[0].minutes, 0);
    assert_int_equal(opening_total(ASSET_OF_MINUTES), 0);
    assert_refusal(test_reverse(test, number, DAY), LB_ALREADY_REVERSED, (int64_t)number,
                   (int64_t)by, 0);
}

static void it_waits_where_the_policy_says_so(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.opening_balances = true}, DAY);
    const uint64_t proposal = waits(open_with(passbook, DAY));
    assert_int_equal(test_points(test, 1), 0);
    (void)done(confirm_as(CLARA, proposal));
    assert_int_equal(test->last.command.kind, ACT_OPENING_BALANCE);
    assert_int_equal(test->last.approver, CLARA);
    assert_int_equal(test_points(test, 1), 12050);
}

static void more_points_than_the_threshold_wait_whatever_is_said_of_openings(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.points_centi = 12049}, DAY);
    (void)waits(open_with(passbook, TEST_TODAY));
    set_policy((struct act_policy_set){.points_centi = 12050}, DAY + 1);
    (void)done(open_with(passbook, TEST_TODAY));
}

static void ones_own_passbook_needs_another(void **state)
{
    (void)state;
    as(ANNE);
    const uint64_t proposal = waits(open_with(passbook, DAY));
    assert_code(confirm_as(ANNE_2, proposal), LB_SECOND_PERSON);
    (void)done(confirm_as(BEN, proposal));
}

/* Or the policies of books from before there were opening balances would no longer be read. */
static void a_policy_that_lets_them_pass_is_stored_as_before_there_were_any(void **state)
{
    (void)state;
    struct dated_row row;
    set_policy((struct act_policy_set){.points_centi = 1}, DAY);
    assert_true(dated_on(street_views(), DATED_POLICY, 0, 0, DAY, &row));
    assert_int_equal(row.content.size, 29);
    struct act_policy_set policy;
    assert_true(policy_on(street_views(), DAY, &policy));
    assert_false(policy.opening_balances);
    assert_int_equal(policy.proposal_days, 7);
    set_policy((struct act_policy_set){.opening_balances = true}, DAY + 1);
    assert_true(policy_on(street_views(), DAY + 1, &policy));
    assert_true(policy.opening_balances);
}

/* rejects */

static void points_that_have_ended_are_not_taken_over(void **state)
{
    (void)state;
    struct act_opening_balance act = passbook;
    act.last_day = DAY - 1;
    assert_refusal(open_with(act, DAY), LB_POINTS_ENDED, DAY - 1, DAY, 0);
}

static void hours_of_a_year_to_come_are_not_taken_over(void **state)
{
    (void)state;
    struct act_opening_balance act = passbook;
    act.year = 2017;
    assert_refusal(open_with(act, DAY), LB_DATE_IN_FUTURE, date_to_day((struct date){2017, 1, 1}),
                   DAY, 0);
    act.year = 2016;
    (void)done(open_with(act, DAY));
}

static void who_cannot_act_has_no_opening_balance(void **state)
{
    (void)state;
    struct act_opening_balance act = passbook;
    assert_refusal(open_with(act, TEST_START - 1), LB_BEFORE_JOINED, TEST_START - 1, TEST_START, 0);
    act.member.member = 99;
    assert_refusal(open_with(act, DAY), LB_MEMBER_UNKNOWN, 99, 0, 0);
    assert_refusal(open_with(passbook, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPERATORS_TEST(points_and_hours_come_from_the_opening_account),
        OPERATORS_TEST(points_without_an_end_never_end),
        OPERATORS_TEST(nothing_of_it_is_earned_in_any_year),
        OPERATORS_TEST(hours_taken_over_leave_the_day_free_for_service),
        OPERATORS_TEST(it_settles_debt_first),
        OPERATORS_TEST(it_is_undone_once_and_what_was_spent_is_owed),
        OPERATORS_TEST(it_waits_where_the_policy_says_so),
        OPERATORS_TEST(more_points_than_the_threshold_wait_whatever_is_said_of_openings),
        OPERATORS_TEST(ones_own_passbook_needs_another),
        OPERATORS_TEST(a_policy_that_lets_them_pass_is_stored_as_before_there_were_any),
        OPERATORS_TEST(points_that_have_ended_are_not_taken_over),
        OPERATORS_TEST(hours_of_a_year_to_come_are_not_taken_over),
        OPERATORS_TEST(who_cannot_act_has_no_opening_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
