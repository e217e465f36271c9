/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of book_mirror: exact mirrors, the two bridges, and what stands in the way of a reversal.
 */
#include "acts_for_tests.h"

/* An entry kept aside, to be reversed later. */
struct kept_entry {
    struct posting items[16];
    size_t count;
};

static struct kept_entry keep_last(const struct test_book *book)
{
    struct kept_entry kept = {.count = book->last_count};
    assert_true(book->last_count <= sizeof(kept.items) / sizeof(kept.items[0]));
    for (size_t i = 0; i < kept.count; i++) {
        kept.items[i] = book->last[i];
    }
    return kept;
}

static struct book_obstacle mirror(struct test_book *book, const struct kept_entry *kept)
{
    return book_mirror(book->views, entry_begin(book), kept->items, kept->count);
}

static void mirror_and_book(struct test_book *book, const struct kept_entry *kept)
{
    assert_int_equal(mirror(book, kept).code, LB_OK);
    entry_book(book);
}

static void spend(struct test_book *book, uint64_t lot, int64_t centi)
{
    entry_of(book, ROWS(POINTS(MEMBER, WANG, lot, -centi), POINTS(REDEEMED, COUNTER, lot, centi)));
}

static void hold(struct test_book *book, uint64_t lot, int64_t centi)
{
    entry_of(book, ROWS(POINTS(MEMBER, WANG, lot, -centi), POINTS(HELD, WANG, lot, centi)));
}

static void expire(struct test_book *book, uint64_t lot, int64_t centi)
{
    entry_of(book, ROWS(POINTS(MEMBER, WANG, lot, -centi), POINTS(EXPIRED, WANG, lot, centi)));
}

/* Wang earns 100 that end in 2016. */
static struct kept_entry earn_100(struct test_book *book)
{
    entry_earn(book, WANG, END_2016, 100);
    return keep_last(book);
}

/* accepts */

static void an_earning_still_there_is_mirrored_exactly(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    assert_int_equal(mirror(book, &earning).code, LB_OK);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, 100), POINTS(MEMBER, WANG, END_2016, -100)));
    entry_book(book);
    assert_int_equal(book->map.tables[TABLE_BALANCE].count, 0);
}

static void a_mirror_takes_from_all_points_of_the_lot_not_only_its_own(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    entry_earn(book, WANG, END_2016, 50);
    spend(book, END_2016, 40);
    mirror_and_book(book, &earning);
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2016, 10), POINTS(DEBT, WANG, END_2016, 0)));
}

static void what_expired_comes_back_first(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    expire(book, END_2016, 100);
    assert_int_equal(mirror(book, &earning).code, LB_OK);
    /* Points in and out of the member cancel: the expired account pays the issuer. */
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, 100), POINTS(EXPIRED, WANG, END_2016, -100)));
    entry_book(book);
}

static void what_neither_points_nor_expired_cover_becomes_debt_in_that_lot(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    entry_earn(book, WANG, END_2017, 500); /* another lot is left alone */
    spend(book, END_2016, 60);
    expire(book, END_2016, 30);
    assert_int_equal(mirror(book, &earning).code, LB_OK);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, 100), POINTS(MEMBER, WANG, END_2016, -10),
                  POINTS(EXPIRED, WANG, END_2016, -30), POINTS(DEBT, WANG, END_2016, -60)));
    entry_book(book);
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2017, 500)));
}

static void hours_come_back_though_the_points_are_spent(void **state)
{
    struct test_book *book = *state;
    entry_of(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, -100), POINTS(MEMBER, WANG, END_2016, 100),
                  MINUTES(ISSUER, COMMUNITY, 2016, -60), MINUTES(MEMBER, WANG, 2016, 60)));
    struct kept_entry service = keep_last(book);
    spend(book, END_2016, 100);
    mirror_and_book(book, &service);
    balances_are(book, ROWS(MINUTES(MEMBER, WANG, 2016, 0), POINTS(DEBT, WANG, END_2016, -100)));
}

static void a_redemption_gives_back_the_same_lots(void **state)
{
    struct test_book *book = *state;
    (void)earn_100(book);
    entry_earn(book, WANG, END_2017, 100);
    uint64_t old_rice = lot_of_goods(17000, 1);
    uint64_t new_rice = lot_of_goods(17100, 2);
    entry_of(book, ROWS(GOODS(DONOR, COUNTER, RICE, old_rice, -1),
                        GOODS(STOCK, COUNTER, RICE, old_rice, 1),
                        GOODS(DONOR, COUNTER, RICE, new_rice, -5),
                        GOODS(STOCK, COUNTER, RICE, new_rice, 5)));
    struct posting_list *list = entry_begin(book);
    assert_int_equal(book_spend(book->views, list, account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, 0, 150),
                     0);
    assert_int_equal(book_spend(book->views, list, account_of(ACCOUNT_STOCK, COUNTER),
                                account_of(ACCOUNT_HANDED_OUT, COUNTER),
                                (struct asset){ASSET_GOODS, RICE}, 0, 2),
                     0);
    entry_book(book);
    struct kept_entry redemption = keep_last(book);
    mirror_and_book(book, &redemption);
    balances_are(
        book, ROWS(POINTS(MEMBER, WANG, END_2016, 100), POINTS(MEMBER, WANG, END_2017, 100),
                   POINTS(REDEEMED, COUNTER, END_2016, 0), GOODS(STOCK, COUNTER, RICE, old_rice, 1),
                   GOODS(STOCK, COUNTER, RICE, new_rice, 5)));
}

static void a_gift_already_spent_puts_its_receiver_in_debt(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, LI, END_2016, 80);
    entry_of(book, ROWS(POINTS(MEMBER, LI, END_2016, -80), POINTS(MEMBER, WANG, END_2016, 80)));
    struct kept_entry gift = keep_last(book);
    spend(book, END_2016, 80);
    mirror_and_book(book, &gift);
    balances_are(book, ROWS(POINTS(MEMBER, LI, END_2016, 80), POINTS(DEBT, WANG, END_2016, -80)));
}

static void an_earning_that_settled_debt_of_another_lot_brings_that_debt_back(void **state)
{
    struct test_book *book = *state;
    struct kept_entry first = earn_100(book);
    spend(book, END_2016, 100);
    mirror_and_book(book, &first);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    struct posting_list *list = entry_begin(book);
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2017,
                      130);
    book_settle_debt(book->views, list, WANG, issuer, END_2017);
    entry_book(book);
    struct kept_entry second = keep_last(book);
    balances_are(book, ROWS(POINTS(DEBT, WANG, END_2016, 0), POINTS(MEMBER, WANG, END_2017, 30)));
    mirror_and_book(book, &second);
    balances_are(book, ROWS(POINTS(DEBT, WANG, END_2016, -100), POINTS(MEMBER, WANG, END_2017, 0)));
}

static void an_entry_without_postings_has_an_empty_mirror(void **state)
{
    struct test_book *book = *state;
    struct kept_entry nothing = {.count = 0};
    assert_int_equal(mirror(book, &nothing).code, LB_OK);
    assert_int_equal(book->list.count, 0);
}

/* rejects */

static void held_points_must_be_released_first(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    hold(book, END_2016, 70);
    struct book_obstacle obstacle = mirror(book, &earning);
    assert_int_equal(obstacle.code, LB_POINTS_HELD);
    assert_int_equal(obstacle.has, 70);
    assert_int_equal(obstacle.needs, 70);
    entry_of(book, ROWS(POINTS(HELD, WANG, END_2016, -70), POINTS(MEMBER, WANG, END_2016, 70)));
    mirror_and_book(book, &earning);
}

static void held_points_of_another_lot_or_not_needed_are_no_obstacle(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    entry_earn(book, WANG, END_2016, 70);
    hold(book, END_2016, 70);
    entry_earn(book, WANG, END_2017, 10);
    hold(book, END_2017, 10);
    mirror_and_book(book, &earning);
    balances_are(book, ROWS(POINTS(HELD, WANG, END_2016, 70), POINTS(DEBT, WANG, END_2016, 0)));
}

static void goods_gone_on_are_told_with_their_numbers(void **state)
{
    struct test_book *book = *state;
    uint64_t lot = lot_of_goods(17000, 1);
    entry_of(book,
             ROWS(GOODS(DONOR, COUNTER, RICE, lot, -10), GOODS(STOCK, COUNTER, RICE, lot, 10)));
    struct kept_entry delivery = keep_last(book);
    entry_of(book,
             ROWS(GOODS(STOCK, COUNTER, RICE, lot, -4), GOODS(HANDED_OUT, COUNTER, RICE, lot, 4)));
    struct book_obstacle obstacle = mirror(book, &delivery);
    assert_int_equal(obstacle.code, LB_GOODS_GONE);
    assert_int_equal(obstacle.item, RICE);
    assert_int_equal(obstacle.has, 6);
    assert_int_equal(obstacle.needs, 10);
}

static void points_that_left_a_pool_cannot_be_asked_back_from_it(void **state)
{
    struct test_book *book = *state;
    (void)earn_100(book);
    entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2016, -100), POINTS(POOL, STREET, END_2016, 100)));
    struct kept_entry donation = keep_last(book);
    entry_of(book, ROWS(POINTS(POOL, STREET, END_2016, -30), POINTS(MEMBER, ZHAO, END_2016, 30)));
    struct book_obstacle obstacle = mirror(book, &donation);
    assert_int_equal(obstacle.code, LB_NOT_REVERSIBLE);
    assert_int_equal(obstacle.has, 70);
    assert_int_equal(obstacle.needs, 100);
}

static void an_expiry_whose_points_paid_a_bridge_cannot_be_reversed(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    expire(book, END_2016, 100);
    struct kept_entry expiry = keep_last(book);
    mirror_and_book(book, &earning);
    assert_int_equal(mirror(book, &expiry).code, LB_NOT_REVERSIBLE);
}

/* faults */

static void a_mirror_that_does_not_fit_has_failed(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    spend(book, END_2016, 60);
    struct posting items[2]; /* room for the mirror, not for its bridge */
    struct posting_list list;
    posting_list_init(&list, items, 2);
    assert_int_equal(book_mirror(book->views, &list, earning.items, earning.count).code, LB_OK);
    assert_true(list.failed);
}

static void a_mirror_made_under_a_fault_is_told_by_the_views(void **state)
{
    struct test_book *book = *state;
    struct kept_entry earning = earn_100(book);
    book->map.until_fault = 1;
    (void)mirror(book, &earning);
    assert_int_equal(views_fault(book->views), LB_STORAGE_FAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(an_earning_still_there_is_mirrored_exactly),
        BOOK_TEST(a_mirror_takes_from_all_points_of_the_lot_not_only_its_own),
        BOOK_TEST(what_expired_comes_back_first),
        BOOK_TEST(what_neither_points_nor_expired_cover_becomes_debt_in_that_lot),
        BOOK_TEST(hours_come_back_though_the_points_are_spent),
        BOOK_TEST(a_redemption_gives_back_the_same_lots),
        BOOK_TEST(a_gift_already_spent_puts_its_receiver_in_debt),
        BOOK_TEST(an_earning_that_settled_debt_of_another_lot_brings_that_debt_back),
        BOOK_TEST(an_entry_without_postings_has_an_empty_mirror),
        BOOK_TEST(held_points_must_be_released_first),
        BOOK_TEST(held_points_of_another_lot_or_not_needed_are_no_obstacle),
        BOOK_TEST(goods_gone_on_are_told_with_their_numbers),
        BOOK_TEST(points_that_left_a_pool_cannot_be_asked_back_from_it),
        BOOK_TEST(an_expiry_whose_points_paid_a_bridge_cannot_be_reversed),
        BOOK_TEST(a_mirror_that_does_not_fit_has_failed),
        BOOK_TEST(a_mirror_made_under_a_fault_is_told_by_the_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
