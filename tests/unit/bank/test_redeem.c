/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The counter: goods redeemed, which lots of points and of goods go, and stock received. */
#include "street_for_tests.h"

#define DAY      16900 /* 2016-04-09 */
#define YEAR_END 17166 /* 2016-12-31, the last day of points in category 5 */

/* Member 1 earns points: category 1 gives 10 an hour without end, 5 the same until the year's end.
 */
static void earn(uint32_t category, uint32_t hours)
{
    static const struct act_tariff_set until_year_end = {.category = 5,
                                                         .name = BYTES_LITERAL("科普"),
                                                         .points_per_hour_centi = 1000,
                                                         .coefficient_permille = 1000,
                                                         .rounding_minutes = 1,
                                                         .expiry_kind = EXPIRY_YEAR_END,
                                                         .day_minutes_max = 1440};
    (void)done(test_do(test, (struct command){.kind = ACT_TARIFF_SET,
                                              .day = TEST_START,
                                              .act.tariff_set = until_year_end}));
    (void)done(test_record(test, 1, category, hours * 60, -1, DAY));
}

static const struct entry *redeem_lines(const struct redeem_line *lines, size_t count, int32_t day)
{
    struct command command = {.kind = ACT_REDEEM, .day = day};
    command.act.redeem =
        (struct act_redeem){.member = {.member = 1}, .counter = 1, .line_count = count};
    memcpy(command.act.redeem.lines, lines, count * sizeof(lines[0]));
    return test_do(test, command);
}

static int64_t points_in_lot(uint64_t lot)
{
    return book_balance(street_views(), (struct account){ACCOUNT_MEMBER, 1}, ASSET_OF_POINTS, lot);
}

static int64_t stock_of_delivery(uint64_t best_before_day, uint32_t delivery)
{
    return book_balance(street_views(), (struct account){ACCOUNT_STOCK, 1},
                        (struct asset){ASSET_GOODS, 1}, lot_of_goods(best_before_day, delivery));
}

static void several_lines_take_points_and_goods_in_one_entry(void **state)
{
    (void)state;
    const struct redeem_line lines[] = {{1, 2}, {3, 3}};
    (void)done(test_set_item(test, 3, ITEM_GOODS, 150, TEST_START));
    (void)done(test_receive(test, 1, 3, 5, DAY_NONE, DAY));
    earn(1, 5);
    const struct entry *entry = redeem_lines(lines, 2, DAY);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->line_count, 2);
    assert_int_equal(entry->lines[0].price_centi, 2000);
    assert_int_equal(entry->lines[0].price_entry, 3);
    assert_int_equal(entry->lines[1].quantity, 3);
    assert_int_equal(entry->balances[0].points_centi, 550);
    assert_int_equal(entry->org, 1);
    assert_int_equal(test_stock(test, 1, 1), 8);
    assert_int_equal(test_stock(test, 1, 3), 2);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.redemptions, 1);
    assert_int_equal(year.redeemed_centi, 4450);
}

static void the_same_item_on_two_lines_takes_both(void **state)
{
    (void)state;
    const struct redeem_line lines[] = {{1, 1}, {1, 1}};
    earn(1, 4);
    (void)done(redeem_lines(lines, 2, DAY));
    assert_int_equal(test_stock(test, 1, 1), 8);
    assert_int_equal(test_points(test, 1), 0);
}

static void points_that_expire_first_go_first(void **state)
{
    (void)state;
    earn(1, 3);
    earn(5, 1);
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    assert_int_equal(points_in_lot(YEAR_END), 0);
    assert_int_equal(points_in_lot(LOT_NEVER), 2000);
}

static void goods_with_the_nearest_best_before_go_first(void **state)
{
    (void)state;
    earn(1, 8);
    (void)done(test_receive(test, 1, 1, 2, 17500, DAY)); /* delivery 2 */
    (void)done(test_receive(test, 1, 1, 2, 17400, DAY)); /* delivery 3 */
    (void)done(test_redeem(test, 1, 1, 1, 3, DAY));
    assert_int_equal(stock_of_delivery(17400, 3), 0);
    assert_int_equal(stock_of_delivery(17500, 2), 1);
    assert_int_equal(stock_of_delivery(LOT_NEVER, 1), 10);
}

static void expired_points_cannot_be_spent_though_a_date_before_still_can(void **state)
{
    (void)state;
    earn(5, 2);
    test->today_day = YEAR_END + 1;
    assert_refusal(test_redeem(test, 1, 1, 1, 1, YEAR_END + 1), LB_POINTS_INSUFFICIENT, 0, 2000, 0);
    assert_int_equal(test_points(test, 1), 2000); /* until the expiry run books them */
    (void)done(test_redeem(test, 1, 1, 1, 1, YEAR_END));
}

static void a_refusal_tells_what_is_there_needed_and_first_to_expire(void **state)
{
    (void)state;
    earn(1, 2);
    earn(5, 1);
    const struct entry *refused = test_redeem(test, 1, 1, 1, 2, DAY);
    assert_refusal(refused, LB_POINTS_INSUFFICIENT, 3000, 4000, 1000);
    assert_int_equal(refused->postings.count, 0);
    assert_int_equal(refused->line_count, 0);
    assert_int_equal(refused->links[0].member, 1);
    assert_int_equal(refused->balances[0].points_centi, 3000);
    assert_int_equal(test_stock(test, 1, 1), 10);
}

static void points_without_end_are_not_called_expiring(void **state)
{
    (void)state;
    earn(1, 1);
    assert_refusal(test_redeem(test, 1, 1, 1, 1, DAY), LB_POINTS_INSUFFICIENT, 1000, 2000, 0);
}

static void the_price_is_that_of_the_day(void **state)
{
    (void)state;
    earn(1, 6);
    uint64_t dearer = done(test_set_item(test, 1, ITEM_GOODS, 3000, DAY + 10));
    assert_int_equal(test_redeem(test, 1, 1, 1, 1, DAY + 9)->lines[0].price_centi, 2000);
    const struct entry *entry = test_redeem(test, 1, 1, 1, 1, DAY + 10);
    assert_int_equal(entry->lines[0].price_centi, 3000);
    assert_int_equal(entry->lines[0].price_entry, dearer);
}

static void goods_may_cost_nothing(void **state)
{
    (void)state;
    (void)done(test_set_item(test, 1, ITEM_GOODS, 0, DAY));
    const struct entry *entry = test_redeem(test, 1, 1, 1, 2, DAY);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->postings.count, 2);
    assert_int_equal(test_stock(test, 1, 1), 8);
}

static void more_than_the_stock_is_refused_with_what_is_there(void **state)
{
    (void)state;
    earn(1, 10);
    assert_refusal(test_redeem(test, 1, 1, 1, 11, DAY), LB_POINTS_INSUFFICIENT, 10000, 22000, 0);
    (void)done(test_set_item(test, 1, ITEM_GOODS, 10, DAY));
    assert_refusal(test_redeem(test, 1, 1, 1, 11, DAY), LB_STOCK_INSUFFICIENT, 1, 10, 11);
    const struct redeem_line lines[] = {{1, 6}, {1, 5}};
    assert_refusal(redeem_lines(lines, 2, DAY), LB_STOCK_INSUFFICIENT, 1, 4, 5);
    assert_int_equal(test_stock(test, 1, 1), 10);
}

static void a_member_in_debt_redeems_nothing_not_even_for_nothing(void **state)
{
    (void)state;
    uint64_t service = done(test_record(test, 1, 1, 120, -1, DAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    (void)done(test_reverse(test, service, DAY));
    (void)done(test_set_item(test, 1, ITEM_GOODS, 0, DAY));
    assert_refusal(test_redeem(test, 1, 1, 1, 1, DAY), LB_IN_DEBT, 2000, 0, 0);
    assert_refusal(test_ask(test, 1, 1, 2, 1, DAY), LB_IN_DEBT, 2000, 0, 0);
}

static void a_redemption_needs_a_counter_a_member_and_goods_that_have_a_price(void **state)
{
    (void)state;
    earn(1, 10);
    assert_refusal(test_redeem(test, 1, 9, 1, 1, DAY), LB_COUNTER_UNKNOWN, 9, 0, 0);
    assert_refusal(test_redeem(test, 9, 1, 1, 1, DAY), LB_MEMBER_UNKNOWN, 9, 0, 0);
    assert_refusal(test_redeem(test, 1, 1, 9, 1, DAY), LB_ITEM_UNKNOWN, 9, 0, 0);
    assert_refusal(test_redeem(test, 1, 1, 2, 1, DAY), LB_WRONG_ITEM_KIND, 2, 0, 0);
    (void)done(test_set_item(test, 4, ITEM_GOODS, 100, DAY));
    assert_refusal(test_redeem(test, 1, 1, 4, 1, DAY - 1), LB_PRICE_UNKNOWN, 4, DAY - 1, 0);
    assert_refusal(test_redeem(test, 1, 1, 1, 1, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
}

static void the_dearest_redemption_there_can_be_is_only_a_matter_of_points(void **state)
{
    (void)state;
    struct redeem_line lines[LB_COMMAND_LINES_MAX];
    (void)done(test_set_item(test, 1, ITEM_GOODS, LB_POINTS_CENTI_MAX, DAY));
    for (size_t i = 0; i < LB_COMMAND_LINES_MAX; i++) {
        lines[i] = (struct redeem_line){1, LB_QUANTITY_MAX};
    }
    assert_refusal(redeem_lines(lines, LB_COMMAND_LINES_MAX, DAY), LB_POINTS_INSUFFICIENT, 0,
                   LB_COMMAND_LINES_MAX * LB_QUANTITY_MAX * LB_POINTS_CENTI_MAX, 0);
}

/* More lots than an entry has room for: refused as a whole. */
static void goods_scattered_over_too_many_lots_are_refused(void **state)
{
    (void)state;
    (void)done(test_set_item(test, 1, ITEM_GOODS, 0, DAY));
    for (int i = 0; i < LB_ENTRY_POSTINGS_MAX / 2; i++) {
        (void)done(test_receive(test, 1, 1, 1, DAY_NONE, DAY));
    }
    const struct entry *refused = test_redeem(test, 1, 1, 1, LB_ENTRY_POSTINGS_MAX / 2 + 10, DAY);
    assert_refusal(refused, LB_AMOUNT_OVERFLOW, 0, 0, 0);
    assert_int_equal(refused->postings.count, 0);
    (void)done(test_redeem(test, 1, 1, 1, 10, DAY));
}

/* Stock received. */

static void a_delivery_gives_every_line_a_lot_of_its_own(void **state)
{
    (void)state;
    struct delivery_row row;
    struct command command = {.kind = ACT_STOCK_RECEIVE, .day = DAY};
    command.act.stock_receive = (struct act_stock_receive){
        .counter = 1, .lines = {{1, 5, 17400}, {1, 7, 17400}}, .line_count = 2};
    const struct entry *entry = test_do(test, command);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->assigned, 2);
    assert_int_equal(entry->org, 1);
    assert_int_equal(stock_of_delivery(17400, 2), 5);
    assert_int_equal(stock_of_delivery(17400, 3), 7);
    assert_true(delivery_get(street_views(), 3, &row));
    assert_int_equal(row.entry, entry->number);
    assert_int_equal(row.counter, 1);
    assert_int_equal(row.item, 1);
    assert_false(delivery_get(street_views(), 4, &row));
    assert_int_equal(test_receive(test, 1, 1, 1, DAY_NONE, DAY)->assigned, 4);
}

static void only_known_goods_are_received_at_a_known_counter(void **state)
{
    (void)state;
    assert_refusal(test_receive(test, 9, 1, 1, DAY_NONE, DAY), LB_COUNTER_UNKNOWN, 9, 0, 0);
    assert_refusal(test_receive(test, 1, 9, 1, DAY_NONE, DAY), LB_ITEM_UNKNOWN, 9, 0, 0);
    assert_refusal(test_receive(test, 1, 2, 1, DAY_NONE, DAY), LB_WRONG_ITEM_KIND, 2, 0, 0);
    assert_refusal(test_receive(test, 1, 1, 1, DAY_NONE, TEST_START - 1), LB_PRICE_UNKNOWN, 1,
                   TEST_START - 1, 0);
}

static void stock_of_one_counter_is_not_that_of_another(void **state)
{
    (void)state;
    earn(1, 4);
    (void)done(test_do(
        test, (struct command){
                  .kind = ACT_COUNTER_OPEN,
                  .day = DAY,
                  .act.counter_open = {.counter = 2, .org = 1, .name = BYTES_LITERAL("二店")}}));
    assert_refusal(test_redeem(test, 1, 2, 1, 1, DAY), LB_STOCK_INSUFFICIENT, 1, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(several_lines_take_points_and_goods_in_one_entry),
        STREET_TEST(the_same_item_on_two_lines_takes_both),
        STREET_TEST(points_that_expire_first_go_first),
        STREET_TEST(goods_with_the_nearest_best_before_go_first),
        STREET_TEST(the_price_is_that_of_the_day),
        STREET_TEST(goods_may_cost_nothing),
        STREET_TEST(a_delivery_gives_every_line_a_lot_of_its_own),
        /* rejects */
        STREET_TEST(expired_points_cannot_be_spent_though_a_date_before_still_can),
        STREET_TEST(a_refusal_tells_what_is_there_needed_and_first_to_expire),
        STREET_TEST(points_without_end_are_not_called_expiring),
        STREET_TEST(more_than_the_stock_is_refused_with_what_is_there),
        STREET_TEST(a_member_in_debt_redeems_nothing_not_even_for_nothing),
        STREET_TEST(a_redemption_needs_a_counter_a_member_and_goods_that_have_a_price),
        STREET_TEST(the_dearest_redemption_there_can_be_is_only_a_matter_of_points),
        STREET_TEST(goods_scattered_over_too_many_lots_are_refused),
        STREET_TEST(only_known_goods_are_received_at_a_known_counter),
        STREET_TEST(stock_of_one_counter_is_not_that_of_another),
    };
    return cmocka_run_group_tests_name("bank redeem", tests, NULL, NULL);
}
