/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Every act of DOMAIN.md that moves goods, as postings: the tables of docs/storage-format.md,
 * "Every word and act", made and booked. Not the bank's rules. Amounts in pieces, points in 1/100.
 */
#include "acts_for_tests.h"

static const struct asset rice = {ASSET_GOODS, RICE};

/* Two deliveries of rice: number 1 is best before the later day. */
static uint64_t later_lot(void)
{
    return lot_of_goods(17300, 1);
}

static uint64_t sooner_lot(void)
{
    return lot_of_goods(17200, 2);
}

static void receive_rice(struct test_book *book)
{
    entry_of(book, ROWS(GOODS(DONOR, COUNTER, RICE, later_lot(), -10),
                        GOODS(STOCK, COUNTER, RICE, later_lot(), 10)));
    entry_of(book, ROWS(GOODS(DONOR, COUNTER, RICE, sooner_lot(), -3),
                        GOODS(STOCK, COUNTER, RICE, sooner_lot(), 3)));
}

static void delivery_makes_every_line_a_lot_of_its_own(void **state)
{
    struct test_book *book = *state;
    uint64_t first = lot_of_goods(17300, 1);
    uint64_t second = lot_of_goods(LOT_NEVER, 2);
    entry_of(book,
             ROWS(GOODS(DONOR, COUNTER, RICE, first, -10), GOODS(STOCK, COUNTER, RICE, first, 10),
                  GOODS(DONOR, COUNTER, OIL, second, -5), GOODS(STOCK, COUNTER, OIL, second, 5)));
    assert_int_equal(book_total(book->views, account_of(ACCOUNT_STOCK, COUNTER), rice, 0), 10);
}

static void redemption_takes_points_and_goods_that_end_first_in_one_entry(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_earn(book, WANG, END_2017, 1000);
    entry_earn(book, WANG, END_2016, 300);
    struct posting_list *list = entry_begin(book);
    assert_int_equal(book_spend(book->views, list, account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, 0, 800),
                     0);
    assert_int_equal(book_spend(book->views, list, account_of(ACCOUNT_STOCK, COUNTER),
                                account_of(ACCOUNT_HANDED_OUT, COUNTER), rice, 0, 4),
                     0);
    entry_is(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -300), POINTS(REDEEMED, COUNTER, END_2016, 300),
                  POINTS(MEMBER, WANG, END_2017, -500), POINTS(REDEEMED, COUNTER, END_2017, 500),
                  GOODS(STOCK, COUNTER, RICE, sooner_lot(), -3),
                  GOODS(HANDED_OUT, COUNTER, RICE, sooner_lot(), 3),
                  GOODS(STOCK, COUNTER, RICE, later_lot(), -1),
                  GOODS(HANDED_OUT, COUNTER, RICE, later_lot(), 1)));
    entry_book(book);
}

static void reversal_of_a_redemption_returns_the_same_lots(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_earn(book, WANG, END_2016, 300);
    entry_of(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -300), POINTS(REDEEMED, COUNTER, END_2016, 300),
                  GOODS(STOCK, COUNTER, RICE, sooner_lot(), -2),
                  GOODS(HANDED_OUT, COUNTER, RICE, sooner_lot(), 2)));
    const struct posting redemption[] = {book->last[0], book->last[1], book->last[2],
                                         book->last[3]};
    assert_int_equal(book_mirror(book->views, entry_begin(book), redemption, 4).code, LB_OK);
    entry_is(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, 300), POINTS(REDEEMED, COUNTER, END_2016, -300),
                  GOODS(STOCK, COUNTER, RICE, sooner_lot(), 2),
                  GOODS(HANDED_OUT, COUNTER, RICE, sooner_lot(), -2)));
    entry_book(book);
}

static void goods_given_without_points_are_handed_out_all_the_same(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK, COUNTER, RICE, sooner_lot(), -1),
                        GOODS(HANDED_OUT, COUNTER, RICE, sooner_lot(), 1)));
    balances_are(book, ROWS(GOODS(STOCK, COUNTER, RICE, sooner_lot(), 2)));
}

static void stock_take_that_finds_less_moves_it_to_the_difference(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    struct posting_list *list = entry_begin(book);
    int64_t counted = 9;
    struct account stock = account_of(ACCOUNT_STOCK, COUNTER);
    int64_t difference = counted - book_total(book->views, stock, rice, 0);
    assert_int_equal(difference, -4);
    assert_int_equal(book_spend(book->views, list, stock,
                                account_of(ACCOUNT_STOCK_DIFFERENCE, COUNTER), rice, 0,
                                -difference),
                     0);
    entry_is(book, ROWS(GOODS(STOCK, COUNTER, RICE, sooner_lot(), -3),
                        GOODS(STOCK_DIFFERENCE, COUNTER, RICE, sooner_lot(), 3),
                        GOODS(STOCK, COUNTER, RICE, later_lot(), -1),
                        GOODS(STOCK_DIFFERENCE, COUNTER, RICE, later_lot(), 1)));
    entry_book(book);
}

static void stock_take_that_finds_more_makes_the_difference_negative(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK_DIFFERENCE, COUNTER, RICE, later_lot(), -2),
                        GOODS(STOCK, COUNTER, RICE, later_lot(), 2)));
    /* Goods nobody knows the delivery of: a lot of delivery 0. */
    uint64_t unknown = lot_of_goods(LOT_NEVER, 0);
    entry_of(book, ROWS(GOODS(STOCK_DIFFERENCE, COUNTER, OIL, unknown, -1),
                        GOODS(STOCK, COUNTER, OIL, unknown, 1)));
    balances_are(book, ROWS(GOODS(STOCK, COUNTER, RICE, later_lot(), 12),
                            GOODS(STOCK, COUNTER, OIL, unknown, 1)));
}

static void write_off_takes_a_spoilt_lot_out_of_stock(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK, COUNTER, RICE, sooner_lot(), -3),
                        GOODS(WRITTEN_OFF, COUNTER, RICE, sooner_lot(), 3)));
    balances_are(book, ROWS(GOODS(STOCK, COUNTER, RICE, sooner_lot(), 0)));
}

static void goods_sent_back_to_the_donor_undo_part_of_a_delivery(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK, COUNTER, RICE, later_lot(), -4),
                        GOODS(DONOR, COUNTER, RICE, later_lot(), 4)));
    balances_are(book, ROWS(GOODS(DONOR, COUNTER, RICE, later_lot(), -6)));
}

static void move_between_counters_keeps_the_lot(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK, COUNTER, RICE, later_lot(), -4),
                        GOODS(STOCK, OTHER_COUNTER, RICE, later_lot(), 4)));
    balances_are(book, ROWS(GOODS(STOCK, COUNTER, RICE, later_lot(), 6),
                            GOODS(STOCK, OTHER_COUNTER, RICE, later_lot(), 4)));
}

static void move_on_the_road_is_in_clearing_until_it_arrives(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_of(book, ROWS(GOODS(STOCK, COUNTER, RICE, later_lot(), -4),
                        GOODS(CLEARING, STREET, RICE, later_lot(), 4)));
    /* One bag is missing on arrival: the difference of the counter that counted. */
    entry_of(book, ROWS(GOODS(CLEARING, STREET, RICE, later_lot(), -4),
                        GOODS(STOCK, OTHER_COUNTER, RICE, later_lot(), 3),
                        GOODS(STOCK_DIFFERENCE, OTHER_COUNTER, RICE, later_lot(), 1)));
    balances_are(book, ROWS(GOODS(CLEARING, STREET, RICE, later_lot(), 0)));
}

static void opening_stock_from_paper_comes_from_the_opening_account(void **state)
{
    struct test_book *book = *state;
    uint64_t lot = lot_of_goods(LOT_NEVER, 1);
    entry_of(book,
             ROWS(GOODS(OPENING, STREET, RICE, lot, -20), GOODS(STOCK, COUNTER, RICE, lot, 20)));
    balances_are(book, ROWS(GOODS(STOCK, COUNTER, RICE, lot, 20)));
}

static void points_taken_and_goods_out_of_a_counter_are_two_balances(void **state)
{
    struct test_book *book = *state;
    receive_rice(book);
    entry_earn(book, WANG, END_2016, 600);
    int64_t price_centi = 150;
    for (int64_t bags = 1; bags <= 2; bags++) {
        entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2016, -bags * price_centi),
                            POINTS(REDEEMED, COUNTER, END_2016, bags * price_centi),
                            GOODS(STOCK, COUNTER, RICE, later_lot(), -bags),
                            GOODS(HANDED_OUT, COUNTER, RICE, later_lot(), bags)));
    }
    /* The day's close: both are sums over the counter's entries, and must agree by price. */
    assert_int_equal(
        book_total(book->views, account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, 0),
        price_centi * book_total(book->views, account_of(ACCOUNT_HANDED_OUT, COUNTER), rice, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(delivery_makes_every_line_a_lot_of_its_own),
        BOOK_TEST(redemption_takes_points_and_goods_that_end_first_in_one_entry),
        BOOK_TEST(reversal_of_a_redemption_returns_the_same_lots),
        BOOK_TEST(goods_given_without_points_are_handed_out_all_the_same),
        BOOK_TEST(stock_take_that_finds_less_moves_it_to_the_difference),
        BOOK_TEST(stock_take_that_finds_more_makes_the_difference_negative),
        BOOK_TEST(write_off_takes_a_spoilt_lot_out_of_stock),
        BOOK_TEST(goods_sent_back_to_the_donor_undo_part_of_a_delivery),
        BOOK_TEST(move_between_counters_keeps_the_lot),
        BOOK_TEST(move_on_the_road_is_in_clearing_until_it_arrives),
        BOOK_TEST(opening_stock_from_paper_comes_from_the_opening_account),
        BOOK_TEST(points_taken_and_goods_out_of_a_counter_are_two_balances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
