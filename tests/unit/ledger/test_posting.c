/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of ledger/posting.h: merging, moving, balance of every asset and lot, and the two ways a
 * list fails. Needs no book.
 */
#include "acts_for_tests.h"

#define LIST_CAP 4

struct small_list {
    struct posting items[LIST_CAP];
    struct posting_list list;
};

static void small_list_init(struct small_list *small)
{
    posting_list_init(&small->list, small->items, LIST_CAP);
}

static void add(struct posting_list *list, struct posting row)
{
    posting_list_add(list, row.account, row.asset, row.lot, row.amount);
}

/* accepts */

static void postings_of_the_same_account_asset_and_lot_merge(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, END_2016, 30));
    add(&small.list, POINTS(MEMBER, WANG, END_2016, 12));
    assert_int_equal(small.list.count, 1);
    assert_int_equal(small.items[0].amount, 42);
}

static void postings_that_differ_in_one_part_stay_apart(void **state)
{
    (void)state;
    struct small_list small;
    const struct posting base = GOODS(STOCK, COUNTER, RICE, 7, 1);
    const struct posting others[] = {
        GOODS(HANDED_OUT, COUNTER, RICE, 7, 1),
        GOODS(STOCK, OTHER_COUNTER, RICE, 7, 1),
        GOODS(STOCK, COUNTER, OIL, 7, 1),
        GOODS(STOCK, COUNTER, RICE, 8, 1),
        {{ACCOUNT_STOCK, COUNTER}, ASSET_OF_POINTS, 7, 1},
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        small_list_init(&small);
        add(&small.list, base);
        add(&small.list, others[i]);
        assert_int_equal(small.list.count, 2);
    }
}

static void a_posting_that_becomes_zero_is_dropped_and_the_others_keep_their_order(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, 1, 5));
    add(&small.list, POINTS(MEMBER, LI, 1, 6));
    add(&small.list, POINTS(MEMBER, ZHAO, 1, 7));
    add(&small.list, POINTS(MEMBER, WANG, 1, -5));
    assert_int_equal(small.list.count, 2);
    assert_int_equal(small.items[0].account.owner, LI);
    assert_int_equal(small.items[1].account.owner, ZHAO);
}

static void adding_zero_adds_no_posting(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, 1, 0));
    assert_int_equal(small.list.count, 0);
    assert_false(small.list.failed);
}

static void a_move_is_balanced_and_pending_tells_both_sides(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    struct account from = account_of(ACCOUNT_MEMBER, WANG);
    struct account to = account_of(ACCOUNT_HELD, WANG);
    posting_list_move(&small.list, from, to, ASSET_OF_POINTS, END_2016, 20);
    posting_list_move(&small.list, from, to, ASSET_OF_POINTS, END_2017, 5);
    assert_true(posting_list_is_balanced(&small.list));
    assert_int_equal(posting_list_pending(&small.list, from, ASSET_OF_POINTS, END_2016), -20);
    assert_int_equal(posting_list_pending(&small.list, to, ASSET_OF_POINTS, END_2017), 5);
    assert_int_equal(posting_list_pending(&small.list, to, ASSET_OF_MINUTES, END_2017), 0);
}

static void an_empty_list_is_balanced(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    assert_true(posting_list_is_balanced(&small.list));
}

static void lots_of_goods_sort_by_best_before_then_delivery(void **state)
{
    (void)state;
    assert_true(lot_of_goods(17000, 9) < lot_of_goods(17001, 1));
    assert_true(lot_of_goods(17001, 1) < lot_of_goods(17001, 2));
    assert_true(lot_of_goods(17001, 2) < lot_of_goods(LOT_NEVER, 1));
    assert_int_equal(lot_of_goods(LOT_NEVER, UINT32_MAX), UINT64_MAX);
}

static void every_kind_of_the_list_is_known_and_keeps_its_number_and_sign(void **state)
{
    (void)state;
    /* Stored: a change here is a change of the format. */
    static const enum account_sign signs[] = {
        [1] = NOT_NEGATIVE, [2] = NOT_NEGATIVE,  [3] = NOT_POSITIVE,  [4] = NOT_POSITIVE,
        [5] = NOT_NEGATIVE, [6] = NOT_NEGATIVE,  [7] = NOT_NEGATIVE,  [8] = NOT_POSITIVE,
        [9] = NOT_NEGATIVE, [10] = NOT_POSITIVE, [11] = NOT_NEGATIVE, [12] = NOT_NEGATIVE,
        [13] = EITHER_SIGN, [14] = EITHER_SIGN,
    };
    for (int number = 1; number <= 14; number++) {
        assert_true(account_kind_is_known(number));
        assert_int_equal(account_kind_sign((enum account_kind)number), signs[number]);
    }
    assert_int_equal(ACCOUNT_MEMBER, 1);
    assert_int_equal(ACCOUNT_CLEARING, 14);
    assert_false(account_kind_is_known(0));
    assert_false(account_kind_is_known(15));
    assert_false(account_kind_is_known(-1));
}

/* rejects */

static void a_list_is_unbalanced_when_one_asset_is_though_amounts_sum_to_zero(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, 2016, 5));
    add(&small.list, MINUTES(ISSUER, COMMUNITY, 2016, -5));
    assert_false(posting_list_is_balanced(&small.list));
    small_list_init(&small);
    add(&small.list, GOODS(STOCK, COUNTER, RICE, 7, -1));
    add(&small.list, GOODS(HANDED_OUT, COUNTER, OIL, 7, 1));
    assert_false(posting_list_is_balanced(&small.list));
}

static void a_list_is_unbalanced_when_one_lot_is_though_amounts_sum_to_zero(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, END_2016, -5));
    add(&small.list, POINTS(REDEEMED, COUNTER, END_2017, 5));
    assert_false(posting_list_is_balanced(&small.list));
}

static void a_list_with_a_zero_or_an_unknown_kind_is_not_balanced(void **state)
{
    (void)state;
    struct posting items[2] = {POINTS(MEMBER, WANG, 1, 0)};
    struct posting_list list = {.items = items, .count = 1, .cap = 2};
    assert_false(posting_list_is_balanced(&list));

    items[0] = POINTS(MEMBER, WANG, 1, 5);
    items[1] = POINTS(ISSUER, COMMUNITY, 1, -5);
    list.count = 2;
    assert_true(posting_list_is_balanced(&list));
    items[0].account.kind = (enum account_kind)15;
    assert_false(posting_list_is_balanced(&list));
}

static void a_list_with_an_unknown_asset_is_not_balanced(void **state)
{
    (void)state;
    struct posting items[2] = {POINTS(MEMBER, WANG, 1, 5), POINTS(ISSUER, COMMUNITY, 1, -5)};
    struct posting_list list = {.items = items, .count = 2, .cap = 2};
    for (int kind = 0; kind <= 4; kind += 4) {
        items[0].asset.kind = (enum asset_kind)kind;
        items[1].asset.kind = (enum asset_kind)kind;
        assert_false(posting_list_is_balanced(&list));
    }
}

static void an_item_stands_with_goods_and_only_with_goods(void **state)
{
    (void)state;
    struct posting items[2] = {GOODS(STOCK, COUNTER, 0, 7, 1), GOODS(DONOR, COUNTER, 0, 7, -1)};
    struct posting_list list = {.items = items, .count = 2, .cap = 2};
    assert_false(posting_list_is_balanced(&list));
    items[0] = (struct posting){{ACCOUNT_MEMBER, WANG}, {ASSET_POINTS, RICE}, 7, 1};
    items[1] = (struct posting){{ACCOUNT_ISSUER, COMMUNITY}, {ASSET_POINTS, RICE}, 7, -1};
    assert_false(posting_list_is_balanced(&list));
}

/* faults */

static void a_full_list_fails_and_stays_failed(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    for (uint64_t member = 1; member <= LIST_CAP; member++) {
        add(&small.list, POINTS(MEMBER, member, 1, 1));
    }
    assert_false(small.list.failed);
    add(&small.list, POINTS(MEMBER, 1, 1, 1)); /* merges: needs no room */
    assert_false(small.list.failed);
    add(&small.list, POINTS(ISSUER, COMMUNITY, 1, -5));
    assert_true(small.list.failed);
    assert_int_equal(small.list.count, LIST_CAP);
    add(&small.list, POINTS(MEMBER, 1, 1, -2)); /* would make room */
    assert_int_equal(small.list.count, LIST_CAP);
    assert_false(posting_list_is_balanced(&small.list));
}

static void an_amount_that_overflows_fails_the_list(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, 1, INT64_MAX));
    add(&small.list, POINTS(MEMBER, WANG, 1, 1));
    assert_true(small.list.failed);
    small_list_init(&small);
    add(&small.list, POINTS(DEBT, WANG, 1, INT64_MIN));
    add(&small.list, POINTS(DEBT, WANG, 1, -1));
    assert_true(small.list.failed);
}

static void a_sum_that_overflows_is_not_balanced(void **state)
{
    (void)state;
    struct small_list small;
    small_list_init(&small);
    add(&small.list, POINTS(MEMBER, WANG, 1, INT64_MAX));
    add(&small.list, POINTS(MEMBER, LI, 1, INT64_MAX));
    add(&small.list, POINTS(MEMBER, ZHAO, 1, 2));
    assert_false(posting_list_is_balanced(&small.list)); /* wrapped, it would be zero */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postings_of_the_same_account_asset_and_lot_merge),
        cmocka_unit_test(postings_that_differ_in_one_part_stay_apart),
        cmocka_unit_test(a_posting_that_becomes_zero_is_dropped_and_the_others_keep_their_order),
        cmocka_unit_test(adding_zero_adds_no_posting),
        cmocka_unit_test(a_move_is_balanced_and_pending_tells_both_sides),
        cmocka_unit_test(an_empty_list_is_balanced),
        cmocka_unit_test(lots_of_goods_sort_by_best_before_then_delivery),
        cmocka_unit_test(every_kind_of_the_list_is_known_and_keeps_its_number_and_sign),
        cmocka_unit_test(a_list_is_unbalanced_when_one_asset_is_though_amounts_sum_to_zero),
        cmocka_unit_test(a_list_is_unbalanced_when_one_lot_is_though_amounts_sum_to_zero),
        cmocka_unit_test(a_list_with_a_zero_or_an_unknown_kind_is_not_balanced),
        cmocka_unit_test(a_list_with_an_unknown_asset_is_not_balanced),
        cmocka_unit_test(an_item_stands_with_goods_and_only_with_goods),
        cmocka_unit_test(a_full_list_fails_and_stays_failed),
        cmocka_unit_test(an_amount_that_overflows_fails_the_list),
        cmocka_unit_test(a_sum_that_overflows_is_not_balanced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
