/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Reversal through the bank: what it gives back, what it refuses, and debt. */
#include "street_for_tests.h"

#define DAY 16900 /* 2016-04-09 */

static uint64_t earned(uint64_t member, uint32_t minutes, int32_t day)
{
    const struct entry *entry = test_record(test, member, 1, minutes, -1, day);
    assert_int_equal(entry->verdict.code, LB_OK);
    return entry->number;
}

static void reversing_a_redemption_returns_points_and_goods(void **state)
{
    (void)state;
    (void)earned(1, 180, DAY);
    const struct entry *redeem = test_redeem(test, 1, 1, 1, 1, DAY);
    assert_int_equal(redeem->verdict.code, LB_OK);
    assert_int_equal(test_points(test, 1), 1000);
    const struct entry *reverse = test_reverse(test, redeem->number, DAY);
    assert_int_equal(reverse->verdict.code, LB_OK);
    assert_int_equal(test_points(test, 1), 3000);
    assert_int_equal(book_total(test_bank_port(test).views, (struct account){ACCOUNT_STOCK, 1},
                                (struct asset){ASSET_GOODS, 1}, 0),
                     10);
    struct year_row year;
    year_get(test_bank_port(test).views, 2016, 1, &year);
    assert_int_equal(year.redemptions, 0);
    assert_int_equal(year.redeemed_centi, 0);
}

static void reversing_spent_earnings_leaves_a_debt_that_later_earnings_settle(void **state)
{
    (void)state;
    uint64_t first = earned(1, 180, DAY);
    assert_int_equal(test_redeem(test, 1, 1, 1, 1, DAY)->verdict.code, LB_OK);
    const struct entry *reverse = test_reverse(test, first, DAY);
    assert_int_equal(reverse->verdict.code, LB_OK);
    assert_int_equal(reverse->balances[0].points_centi, 0);
    assert_int_equal(reverse->balances[0].debt_centi, 2000);
    assert_int_equal(reverse->balances[0].minutes, 0);
    assert_int_equal(test_redeem(test, 1, 1, 1, 1, DAY)->verdict.code, LB_IN_DEBT);
    uint64_t later = earned(1, 300, DAY + 1);
    assert_int_equal(test->last.balances[0].points_centi, 3000);
    assert_int_equal(test->last.balances[0].debt_centi, 0);
    assert_int_equal(test_reverse(test, later, DAY + 1)->verdict.code, LB_OK);
    assert_int_equal(test->last.balances[0].debt_centi, 2000);
}

static void a_reversal_cannot_be_repeated_nor_reversed(void **state)
{
    (void)state;
    uint64_t first = earned(1, 60, DAY);
    const struct entry *reverse = test_reverse(test, first, DAY);
    assert_int_equal(reverse->verdict.code, LB_OK);
    uint64_t reversal = reverse->number;
    const struct entry *again = test_reverse(test, first, DAY);
    assert_int_equal(again->verdict.code, LB_ALREADY_REVERSED);
    assert_int_equal(again->verdict.b, reversal);
    assert_int_equal(test_reverse(test, reversal, DAY)->verdict.code, LB_NOT_REVERSIBLE);
}

static void reversing_earnings_that_are_held_is_refused_until_released(void **state)
{
    (void)state;
    uint64_t first = earned(1, 120, DAY);
    const struct entry *ask = test_ask(test, 1, 1, 2, 1, DAY);
    assert_int_equal(ask->verdict.code, LB_OK);
    uint64_t ask_number = ask->number;
    const struct entry *refused = test_reverse(test, first, DAY);
    assert_int_equal(refused->verdict.code, LB_POINTS_HELD);
    assert_int_equal(refused->verdict.a, 1500);
    assert_int_equal(refused->verdict.b, 1500);
    assert_int_equal(test_do(test, (struct command){.kind = ACT_SERVICE_RELEASE,
                                                    .day = DAY,
                                                    .act.service_release = {.entry = ask_number}})
                         ->verdict.code,
                     LB_OK);
    assert_int_equal(test_reverse(test, first, DAY)->verdict.code, LB_OK);
    assert_int_equal(test_points(test, 1), 0);
}

static void reversing_a_delivery_is_refused_when_its_goods_have_gone_on(void **state)
{
    (void)state;
    (void)earned(1, 180, DAY);
    assert_int_equal(test_redeem(test, 1, 1, 1, 1, DAY)->verdict.code, LB_OK);
    const struct entry *refused = test_reverse(test, 6, DAY);
    assert_int_equal(refused->verdict.code, LB_GOODS_GONE);
    assert_int_equal(refused->verdict.a, 1);
    assert_int_equal(refused->verdict.b, 9);
    assert_int_equal(refused->verdict.c, 10);
}

static void overlap_ignores_a_reversed_service(void **state)
{
    (void)state;
    const struct entry *entry = test_record(test, 1, 1, 60, 540, DAY);
    assert_int_equal(entry->verdict.code, LB_OK);
    uint64_t number = entry->number;
    assert_int_equal(test_record(test, 1, 1, 60, 570, DAY)->verdict.code, LB_OVERLAP);
    assert_int_equal(test_reverse(test, number, DAY)->verdict.code, LB_OK);
    assert_int_equal(test_record(test, 1, 1, 60, 570, DAY)->verdict.code, LB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREET_TEST(reversing_a_redemption_returns_points_and_goods),
        STREET_TEST(reversing_spent_earnings_leaves_a_debt_that_later_earnings_settle),
        STREET_TEST(a_reversal_cannot_be_repeated_nor_reversed),
        STREET_TEST(reversing_earnings_that_are_held_is_refused_until_released),
        STREET_TEST(reversing_a_delivery_is_refused_when_its_goods_have_gone_on),
        STREET_TEST(overlap_ignores_a_reversed_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
