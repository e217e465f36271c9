/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Services for points: asked for, given, released, and the reversal of each. */
#include "street_for_tests.h"

#define DAY 16900 /* 2016-04-09 */

/* Member 1 has 50 points and asks for service 2 (15 points); gives the entry. */
static uint64_t asked(void)
{
    (void)done(test_record(test, 1, 1, 300, -1, DAY));
    return done(test_ask(test, 1, 1, 2, 1, DAY));
}

static int64_t redeemed(void)
{
    return book_total(street_views(), (struct account){ACCOUNT_REDEEMED, 1}, ASSET_OF_POINTS, 0);
}

static void assert_settled_by(uint64_t ask, uint64_t expected)
{
    uint64_t settled_by = 99;
    assert_true(ask_get(street_views(), ask, &settled_by));
    assert_int_equal(settled_by, expected);
}

static void asking_sets_points_aside(void **state)
{
    (void)state;
    uint64_t ask = asked();
    assert_int_equal(test->last.balances[0].points_centi, 3500);
    assert_int_equal(test->last.balances[0].held_centi, 1500);
    assert_int_equal(test->last.lines[0].price_centi, 1500);
    assert_int_equal(test->last.org, 1);
    assert_settled_by(ask, 0);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.redeemed_centi, 0);
}

static void asking_is_refused_for_goods_and_without_points(void **state)
{
    (void)state;
    assert_refusal(test_ask(test, 1, 1, 2, 1, DAY), LB_POINTS_INSUFFICIENT, 0, 1500, 0);
    assert_refusal(test_ask(test, 1, 1, 1, 1, DAY), LB_WRONG_ITEM_KIND, 1, 0, 0);
    assert_refusal(test_ask(test, 1, 9, 2, 1, DAY), LB_COUNTER_UNKNOWN, 9, 0, 0);
    assert_refusal(test_ask(test, 9, 1, 2, 1, DAY), LB_MEMBER_UNKNOWN, 9, 0, 0);
}

static void giving_takes_the_points_and_records_the_givers_hours(void **state)
{
    (void)state;
    uint64_t ask = asked();
    const struct entry *give = test_give(test, ask, 2, 60, DAY + 1);
    assert_code(give, LB_OK);
    assert_int_equal(give->target_entry, ask);
    assert_int_equal(give->link_count, 2);
    assert_int_equal(give->links[0].member, 1);
    assert_int_equal(give->links[1].member, 2);
    assert_int_equal(give->balances[0].points_centi, 3500);
    assert_int_equal(give->balances[0].held_centi, 0);
    assert_int_equal(give->balances[1].points_centi, 1000);
    assert_int_equal(give->balances[1].minutes, 60);
    assert_int_equal(give->lines[0].price_centi, 1500);
    assert_settled_by(ask, give->number);
    assert_int_equal(redeemed(), 1500);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.services_received, 1);
    assert_int_equal(year.redeemed_centi, 1500);
    assert_int_equal(year.redemptions, 0);
    year_get(street_views(), 2016, 2, &year);
    assert_int_equal(year.services, 1);
    assert_int_equal(year.earned_centi, 1000);
}

static void giving_without_a_giver_only_takes_the_points(void **state)
{
    (void)state;
    uint64_t ask = asked();
    const struct entry *give = test_give(test, ask, 0, 0, DAY);
    assert_code(give, LB_OK);
    assert_int_equal(give->link_count, 1);
    assert_int_equal(give->earning.member, 0);
    assert_int_equal(test_held(test, 1), 0);
    assert_int_equal(redeemed(), 1500);
}

static void a_service_is_named_by_the_request_that_asked_for_it(void **state)
{
    (void)state;
    uint64_t ask = asked();
    struct command give = {.kind = ACT_SERVICE_GIVE, .day = DAY};
    give.act.service_give = (struct act_service_give){
        .ask = {.request = test->log[ask]->command.id}, .start_minute = -1};
    const struct entry *entry = test_do(test, give);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->target_entry, ask);
    give.act.service_give.ask.request = (struct id){{0xee}};
    assert_refusal(test_do(test, give), LB_REQUEST_UNKNOWN, 0, 0, 0);
}

static void releasing_gives_the_points_back_to_their_lot(void **state)
{
    (void)state;
    uint64_t ask = asked();
    const struct entry *release = test_release(test, ask, DAY);
    assert_code(release, LB_OK);
    assert_int_equal(release->balances[0].points_centi, 5000);
    assert_int_equal(release->balances[0].held_centi, 0);
    assert_settled_by(ask, release->number);
    assert_int_equal(redeemed(), 0);
}

static void an_ask_is_settled_once(void **state)
{
    (void)state;
    uint64_t given = asked();
    uint64_t give = done(test_give(test, given, 2, 60, DAY));
    assert_refusal(test_give(test, given, 2, 60, DAY), LB_ASK_CLOSED, given, give, 0);
    assert_refusal(test_release(test, given, DAY), LB_ASK_CLOSED, given, give, 0);
    assert_refusal(test_reverse(test, given, DAY), LB_ASK_CLOSED, given, give, 0);
    uint64_t released = done(test_ask(test, 1, 1, 2, 1, DAY));
    uint64_t release = done(test_release(test, released, DAY));
    const struct entry *refused = test_give(test, released, 2, 60, DAY);
    assert_refusal(refused, LB_ASK_CLOSED, released, release, 0);
    assert_int_equal(refused->links[0].member, 1);
    assert_int_equal(refused->line_count, 0);
    assert_int_equal(redeemed(), 1500);
}

static void nobody_serves_oneself_for_points(void **state)
{
    (void)state;
    uint64_t ask = asked();
    assert_refusal(test_give(test, ask, 1, 60, DAY), LB_GIVER_IS_ASKER, 1, 0, 0);
    assert_int_equal(test->last.link_count, 1);
    assert_settled_by(ask, 0);
}

static void a_service_cannot_be_settled_before_it_was_asked_for(void **state)
{
    (void)state;
    uint64_t ask = asked();
    assert_refusal(test_give(test, ask, 2, 60, DAY - 1), LB_BEFORE_ASKED, DAY - 1, DAY, 0);
    assert_refusal(test_release(test, ask, DAY - 1), LB_BEFORE_ASKED, DAY - 1, DAY, 0);
    assert_refusal(test_give(test, ask, 2, 60, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
}

static void the_givers_hours_follow_the_rules_of_service(void **state)
{
    (void)state;
    uint64_t ask = asked();
    (void)done(test_record(test, 2, 1, 600, -1, DAY));
    assert_refusal(test_give(test, ask, 2, 60, DAY), LB_OVER_DAY, 600, 60, 600);
    assert_int_equal(test->last.link_count, 2);
    assert_refusal(test_give(test, ask, 9, 60, DAY), LB_MEMBER_UNKNOWN, 9, 0, 0);
    assert_settled_by(ask, 0);
    assert_int_equal(test_held(test, 1), 1500);
}

static void a_blocked_asker_may_still_be_given_what_was_asked(void **state)
{
    (void)state;
    uint64_t ask = asked();
    (void)done(test_do(
        test, (struct command){.kind = ACT_MEMBER_UPDATE,
                               .day = DAY,
                               .act.member_update = {.member = 1, .status = MEMBER_BLOCKED}}));
    (void)done(test_give(test, ask, 2, 60, DAY));
}

static void held_points_may_be_taken_after_their_last_day(void **state)
{
    (void)state;
    (void)done(test_do(test, (struct command){.kind = ACT_TARIFF_SET,
                                              .day = TEST_START,
                                              .act.tariff_set = {.category = 5,
                                                                 .name = BYTES_LITERAL("科普"),
                                                                 .points_per_hour_centi = 1500,
                                                                 .coefficient_permille = 1000,
                                                                 .rounding_minutes = 1,
                                                                 .expiry_kind = EXPIRY_YEAR_END,
                                                                 .day_minutes_max = 480}}));
    (void)done(test_record(test, 1, 5, 60, -1, DAY));
    uint64_t ask = done(test_ask(test, 1, 1, 2, 1, TEST_TODAY));
    test->today_day = TEST_TODAY + 20;
    (void)done(test_give(test, ask, 0, 0, TEST_TODAY + 20));
}

static void only_an_ask_that_was_accepted_can_be_settled(void **state)
{
    (void)state;
    const struct entry *refused = test_ask(test, 1, 1, 2, 1, DAY);
    assert_code(refused, LB_POINTS_INSUFFICIENT);
    uint64_t recorded = refused->number;
    assert_int_equal(test->head, recorded);
    assert_refusal(test_give(test, recorded, 0, 0, DAY), LB_NOT_AN_ASK, recorded, 0, 0);
    assert_refusal(test_release(test, 1, DAY), LB_NOT_AN_ASK, 1, 0, 0);
    assert_refusal(test_give(test, 999, 0, 0, DAY), LB_ENTRY_UNKNOWN, 999, 0, 0);
    assert_refusal(test_release(test, 999, DAY), LB_ENTRY_UNKNOWN, 999, 0, 0);
}

/* Reversal. */

static void reversing_a_giving_opens_the_ask_again_and_takes_the_hours_back(void **state)
{
    (void)state;
    uint64_t ask = asked();
    uint64_t give = done(test_give(test, ask, 2, 60, DAY));
    const struct entry *reverse = test_reverse(test, give, DAY);
    assert_code(reverse, LB_OK);
    assert_int_equal(reverse->balances[0].held_centi, 1500);
    assert_int_equal(reverse->balances[1].minutes, 0);
    assert_int_equal(reverse->balances[1].points_centi, 0);
    assert_settled_by(ask, 0);
    assert_int_equal(redeemed(), 0);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.services_received, 0);
    assert_false(year_next(street_views(), 2016, 2, &year));
    (void)done(test_give(test, ask, 2, 60, DAY));
}

static void reversing_an_open_ask_gives_the_points_back_for_good(void **state)
{
    (void)state;
    uint64_t ask = asked();
    uint64_t reverse = done(test_reverse(test, ask, DAY));
    assert_int_equal(test->last.balances[0].points_centi, 5000);
    assert_settled_by(ask, reverse);
    assert_refusal(test_give(test, ask, 2, 60, DAY), LB_ASK_CLOSED, ask, reverse, 0);
    assert_refusal(test_reverse(test, ask, DAY), LB_ALREADY_REVERSED, ask, reverse, 0);
}

static void a_release_cannot_be_reversed_but_the_service_asked_for_again(void **state)
{
    (void)state;
    uint64_t ask = asked();
    uint64_t release = done(test_release(test, ask, DAY));
    assert_refusal(test_reverse(test, release, DAY), LB_NOT_REVERSIBLE, release, 0, 0);
    (void)done(test_ask(test, 1, 1, 2, 1, DAY));
}

static void a_giver_who_spent_the_points_owes_them_when_the_giving_is_reversed(void **state)
{
    (void)state;
    uint64_t ask = asked();
    uint64_t give = done(test_give(test, ask, 2, 120, DAY));
    (void)done(test_redeem(test, 2, 1, 1, 1, DAY));
    (void)done(test_reverse(test, give, DAY));
    assert_int_equal(test->last.balances[1].debt_centi, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(asking_sets_points_aside),
        STREET_TEST(giving_takes_the_points_and_records_the_givers_hours),
        STREET_TEST(giving_without_a_giver_only_takes_the_points),
        STREET_TEST(a_service_is_named_by_the_request_that_asked_for_it),
        STREET_TEST(releasing_gives_the_points_back_to_their_lot),
        STREET_TEST(a_blocked_asker_may_still_be_given_what_was_asked),
        STREET_TEST(held_points_may_be_taken_after_their_last_day),
        STREET_TEST(reversing_a_giving_opens_the_ask_again_and_takes_the_hours_back),
        STREET_TEST(reversing_an_open_ask_gives_the_points_back_for_good),
        STREET_TEST(a_giver_who_spent_the_points_owes_them_when_the_giving_is_reversed),
        /* rejects */
        STREET_TEST(asking_is_refused_for_goods_and_without_points),
        STREET_TEST(an_ask_is_settled_once),
        STREET_TEST(nobody_serves_oneself_for_points),
        STREET_TEST(a_service_cannot_be_settled_before_it_was_asked_for),
        STREET_TEST(the_givers_hours_follow_the_rules_of_service),
        STREET_TEST(only_an_ask_that_was_accepted_can_be_settled),
        STREET_TEST(a_release_cannot_be_reversed_but_the_service_asked_for_again),
    };
    return cmocka_run_group_tests_name("bank ask", tests, NULL, NULL);
}
