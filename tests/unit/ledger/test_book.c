/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of ledger/book.h but for reversal: rows, sums, spending order, settling of debt, applying,
 * and what a fault of the views does.
 */
#include "acts_for_tests.h"

#define FIRST_EVER 0

/* Puts Wang into debt of `owed` in that lot: earned, spent, and the earning reversed. */
static void put_into_debt(struct test_book *book, uint64_t lot, int64_t owed)
{
    entry_earn(book, WANG, lot, owed);
    struct posting earning[2] = {book->last[0], book->last[1]};
    entry_of(book, ROWS(POINTS(MEMBER, WANG, lot, -owed), POINTS(REDEEMED, COUNTER, lot, owed)));
    struct book_obstacle obstacle = book_mirror(book->views, entry_begin(book), earning, 2);
    assert_int_equal(obstacle.code, LB_OK);
    entry_book(book);
    balances_are(book, ROWS(POINTS(DEBT, WANG, lot, -owed), POINTS(MEMBER, WANG, lot, 0)));
}

/* accepts */

static void a_balance_is_a_row_and_a_balance_of_zero_is_none(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 150);
    const struct ordered *table = &book->map.tables[TABLE_BALANCE];
    assert_int_equal(table->count, 2);
    /* kind u8, owner u64, asset u8, item u32, lot u64 -> amount i64, all big-endian */
    static const uint8_t key[BOOK_BALANCE_KEY_BYTES] = {1, 0, 0, 0, 0, 0, 0, 0, 1, 1,    0,
                                                        0, 0, 0, 0, 0, 0, 0, 0, 0, 0x43, 0x0e};
    static const uint8_t amount[8] = {0, 0, 0, 0, 0, 0, 0, 150};
    struct ordered_place place;
    assert_true(ordered_get(table, bytes_of(key, sizeof(key)), &place));
    assert_true(bytes_equal(place.value, bytes_of(amount, sizeof(amount))));
    entry_of(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, 150), POINTS(MEMBER, WANG, END_2016, -150)));
    assert_int_equal(table->count, 0);
}

static void totals_and_next_lots_stay_within_one_account_and_asset(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 10);
    entry_earn(book, WANG, END_2017, 20);
    entry_earn(book, WANG, LOT_NEVER, 40);
    entry_earn(book, LI, END_2016, 1000);
    entry_of(book, ROWS(MINUTES(ISSUER, COMMUNITY, 2016, -90), MINUTES(MEMBER, WANG, 2016, 90)));
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    assert_int_equal(book_total(book->views, wang, ASSET_OF_POINTS, FIRST_EVER), 70);
    assert_int_equal(book_total(book->views, wang, ASSET_OF_POINTS, END_2016 + 1), 60);
    assert_int_equal(book_total(book->views, wang, ASSET_OF_MINUTES, FIRST_EVER), 90);
    struct book_row row;
    assert_true(book_next_lot(book->views, wang, ASSET_OF_POINTS, END_2016 + 1, &row));
    assert_int_equal(row.lot, END_2017);
    assert_int_equal(row.amount, 20);
    assert_false(book_next_lot(book->views, wang, ASSET_OF_POINTS, LOT_NEVER + 1, &row));
    assert_false(book_next_lot(book->views, wang, ASSET_OF_MINUTES, 2017, &row));
}

static void spending_takes_the_lots_that_end_first(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, LOT_NEVER, 40);
    entry_earn(book, WANG, END_2017, 20);
    entry_earn(book, WANG, END_2016, 10);
    assert_int_equal(book_spend(book->views, entry_begin(book), account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, FIRST_EVER,
                                25),
                     0);
    entry_is(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -10), POINTS(REDEEMED, COUNTER, END_2016, 10),
                  POINTS(MEMBER, WANG, END_2017, -15), POINTS(REDEEMED, COUNTER, END_2017, 15)));
    entry_book(book);
}

static void spending_again_in_the_same_entry_knows_what_was_taken(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 10);
    entry_earn(book, WANG, END_2017, 20);
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    struct account redeemed = account_of(ACCOUNT_REDEEMED, COUNTER);
    struct posting_list *list = entry_begin(book);
    assert_int_equal(book_spend(book->views, list, wang, redeemed, ASSET_OF_POINTS, 0, 12), 0);
    assert_int_equal(book_spend(book->views, list, wang, redeemed, ASSET_OF_POINTS, 0, 12), 0);
    entry_is(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -10), POINTS(REDEEMED, COUNTER, END_2016, 10),
                  POINTS(MEMBER, WANG, END_2017, -14), POINTS(REDEEMED, COUNTER, END_2017, 14)));
    assert_int_equal(book_spend(book->views, list, wang, redeemed, ASSET_OF_POINTS, 0, 12), 6);
    entry_book(book);
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2017, 0)));
}

static void spending_also_takes_what_the_same_entry_has_put_in(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2017, 20);
    entry_earn(book, LI, END_2017, 5);
    struct account li = account_of(ACCOUNT_MEMBER, LI);
    struct posting_list *list = entry_begin(book);
    posting_list_move(list, account_of(ACCOUNT_ISSUER, COMMUNITY), li, ASSET_OF_POINTS, END_2016,
                      10); /* into a lot Li has no row of */
    posting_list_move(list, account_of(ACCOUNT_MEMBER, WANG), li, ASSET_OF_POINTS, END_2017, 20);
    assert_int_equal(book_spend(book->views, list, li, account_of(ACCOUNT_REDEEMED, COUNTER),
                                ASSET_OF_POINTS, FIRST_EVER, 30),
                     0);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, -10), POINTS(REDEEMED, COUNTER, END_2016, 10),
                  POINTS(MEMBER, WANG, END_2017, -20), POINTS(REDEEMED, COUNTER, END_2017, 20)));
    entry_book(book);
}

static void earning_settles_debt_of_the_same_lot_directly(void **state)
{
    struct test_book *book = *state;
    put_into_debt(book, END_2016, 30);
    struct posting_list *list = entry_begin(book);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2016,
                      50);
    book_settle_debt(book->views, list, WANG, issuer, END_2016);
    entry_is(book, ROWS(POINTS(ISSUER, COMMUNITY, END_2016, -50),
                        POINTS(MEMBER, WANG, END_2016, 20), POINTS(DEBT, WANG, END_2016, 30)));
    entry_book(book);
}

static void earning_settles_the_oldest_debt_first_and_crosses_lots_through_the_issuer(void **state)
{
    struct test_book *book = *state;
    put_into_debt(book, END_2017, 30);
    put_into_debt(book, END_2016, 10);
    struct posting_list *list = entry_begin(book);
    struct account issuer = account_of(ACCOUNT_ISSUER, STREET); /* not who issued the debt's lot */
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2018,
                      25);
    book_settle_debt(book->views, list, WANG, issuer, END_2018);
    entry_is(book, ROWS(POINTS(ISSUER, STREET, END_2016, -10), POINTS(DEBT, WANG, END_2016, 10),
                        POINTS(ISSUER, STREET, END_2017, -15), POINTS(DEBT, WANG, END_2017, 15)));
    entry_book(book);
    balances_are(book, ROWS(POINTS(DEBT, WANG, END_2017, -15), POINTS(MEMBER, WANG, END_2018, 0)));
}

static void two_earnings_of_one_entry_settle_a_debt_once(void **state)
{
    struct test_book *book = *state;
    put_into_debt(book, END_2016, 30);
    struct posting_list *list = entry_begin(book);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    posting_list_move(list, issuer, wang, ASSET_OF_POINTS, END_2017, 20);
    book_settle_debt(book->views, list, WANG, issuer, END_2017);
    posting_list_move(list, issuer, wang, ASSET_OF_POINTS, END_2018, 20);
    book_settle_debt(book->views, list, WANG, issuer, END_2018);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, -30), POINTS(DEBT, WANG, END_2016, 30),
                  POINTS(ISSUER, COMMUNITY, END_2018, -10), POINTS(MEMBER, WANG, END_2018, 10)));
    entry_book(book);
}

static void settling_without_debt_changes_nothing(void **state)
{
    struct test_book *book = *state;
    struct posting_list *list = entry_begin(book);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2017,
                      20);
    book_settle_debt(book->views, list, WANG, issuer, END_2017);
    assert_int_equal(list->count, 2);
    book_settle_debt(book->views, list, LI, issuer, END_2017); /* earned nothing here */
    assert_int_equal(list->count, 2);
}

/* rejects */

static void lots_before_lot_min_are_not_spent(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 10);
    entry_earn(book, WANG, END_2017, 20);
    uint64_t first_day_of_2017 = END_2016 + 1; /* a lot can be spent on its day, not after it */
    assert_int_equal(book_spend(book->views, entry_begin(book), account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS,
                                first_day_of_2017, 25),
                     5);
    entry_is(book,
             ROWS(POINTS(MEMBER, WANG, END_2017, -20), POINTS(REDEEMED, COUNTER, END_2017, 20)));
    assert_int_equal(book_spend(book->views, entry_begin(book), account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, END_2016,
                                25),
                     0);
}

static void spending_from_an_empty_account_is_missing_in_full(void **state)
{
    struct test_book *book = *state;
    assert_int_equal(book_spend(book->views, entry_begin(book), account_of(ACCOUNT_MEMBER, WANG),
                                account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, 0, 25),
                     25);
    assert_int_equal(book->list.count, 0);
}

static void every_kind_of_account_refuses_the_sign_it_may_not_have(void **state)
{
    struct test_book *book = *state;
#define X(symbol, number, sign) ACCOUNT_##symbol,
    static const enum account_kind kinds[] = {ACCOUNT_KIND_LIST(X)};
#undef X
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (int64_t amount = -1; amount <= 1; amount += 2) {
            /* The other side is an account that takes either sign. */
            struct posting_list *list = entry_begin(book);
            uint64_t lot = i * 2 + (amount > 0);
            posting_list_add(list, account_of(kinds[i], 7), ASSET_OF_POINTS, lot, amount);
            posting_list_add(list, account_of(ACCOUNT_CLEARING, STREET), ASSET_OF_POINTS, lot,
                             -amount);
            enum lb_result wanted = sign_is_good(kinds[i], amount) ? LB_OK : LB_INTERNAL;
            assert_int_equal(book_apply(book->views, list->items, list->count), wanted);
        }
    }
}

static void an_unbalanced_list_changes_nothing(void **state)
{
    struct test_book *book = *state;
    const struct posting rows[] = {POINTS(ISSUER, COMMUNITY, END_2016, -5),
                                   POINTS(MEMBER, WANG, END_2017, 5)};
    assert_int_equal(book_apply(book->views, rows, 2), LB_INTERNAL);
    assert_int_equal(book->map.changes, 0);
}

static void a_row_that_is_none_is_not_decoded(void **state)
{
    (void)state;
    uint8_t key[BOOK_BALANCE_KEY_BYTES + 1] = {0};
    uint8_t value[9] = {0, 0, 0, 0, 0, 0, 0, 5, 0};
    book_key_encode(account_of(ACCOUNT_STOCK, COUNTER), (struct asset){ASSET_GOODS, RICE}, 7, key);
    struct book_row row;
    struct bytes good_key = bytes_of(key, BOOK_BALANCE_KEY_BYTES);
    struct bytes good_value = bytes_of(value, 8);
    assert_true(book_row_decode(good_key, good_value, &row));
    assert_int_equal(row.account.kind, ACCOUNT_STOCK);
    assert_int_equal(row.account.owner, COUNTER);
    assert_int_equal(row.asset.item, RICE);
    assert_int_equal(row.lot, 7);
    assert_int_equal(row.amount, 5);
    assert_false(book_row_decode(bytes_of(key, BOOK_BALANCE_KEY_BYTES - 1), good_value, &row));
    assert_false(book_row_decode(bytes_of(key, BOOK_BALANCE_KEY_BYTES + 1), good_value, &row));
    assert_false(book_row_decode(good_key, bytes_of(value, 7), &row));
    assert_false(book_row_decode(good_key, bytes_of(value, 9), &row));
    value[7] = 0; /* a zero has no row */
    assert_false(book_row_decode(good_key, good_value, &row));
    value[7] = 5;
    key[0] = 15;
    assert_false(book_row_decode(good_key, good_value, &row));
    key[0] = ACCOUNT_STOCK;
    key[9] = 4;
    assert_false(book_row_decode(good_key, good_value, &row));
}

/* faults */

static void a_balance_that_overflows_is_a_named_result(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, INT64_MAX);
    const struct posting rows[] = {POINTS(MEMBER, WANG, END_2016, 1),
                                   POINTS(CLEARING, STREET, END_2016, -1)};
    assert_int_equal(book_apply(book->views, rows, 2), LB_AMOUNT_OVERFLOW);
}

static void a_total_saturates_on_its_own_side(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, INT64_MAX);
    entry_earn(book, WANG, END_2017, INT64_MAX);
    assert_int_equal(book_total(book->views, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, 0),
                     INT64_MAX);
    assert_int_equal(
        book_total(book->views, account_of(ACCOUNT_ISSUER, COMMUNITY), ASSET_OF_POINTS, 0),
        -INT64_MAX); /* which can be negated */
}

static void the_last_lot_of_all_ends_every_walk(void **state)
{
    struct test_book *book = *state;
    uint64_t lot = lot_of_goods(LOT_NEVER, UINT32_MAX);
    entry_of(book, ROWS(GOODS(DONOR, COUNTER, RICE, lot, -9), GOODS(STOCK, COUNTER, RICE, lot, 9)));
    struct account stock = account_of(ACCOUNT_STOCK, COUNTER);
    struct asset rice = {ASSET_GOODS, RICE};
    assert_int_equal(book_total(book->views, stock, rice, 0), 9);
    assert_int_equal(book_spend(book->views, entry_begin(book), stock,
                                account_of(ACCOUNT_HANDED_OUT, COUNTER), rice, 0, 12),
                     3);
    entry_book(book);
    put_into_debt(book, UINT64_MAX, 10);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    struct posting_list *list = entry_begin(book);
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2016,
                      30);
    book_settle_debt(book->views, list, WANG, issuer, END_2016);
    entry_book(book);
    balances_are(book, ROWS(POINTS(DEBT, WANG, UINT64_MAX, 0), POINTS(MEMBER, WANG, END_2016, 20)));
}

static void a_list_that_is_full_while_spending_has_failed(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 10);
    entry_earn(book, WANG, END_2017, 10);
    struct posting items[3];
    struct posting_list list;
    posting_list_init(&list, items, 3);
    int64_t missing = book_spend(book->views, &list, account_of(ACCOUNT_MEMBER, WANG),
                                 account_of(ACCOUNT_REDEEMED, COUNTER), ASSET_OF_POINTS, 0, 15);
    assert_int_equal(missing, 0);
    assert_true(list.failed);
}

static void after_a_fault_the_views_find_nothing_and_change_nothing(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 10);
    size_t changes = book->map.changes;
    book->map.until_fault = 0;
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    assert_int_equal(book_balance(book->views, wang, ASSET_OF_POINTS, END_2016), 0);
    assert_int_equal(views_fault(book->views), LB_STORAGE_FAULT);
    book->map.until_fault = MAP_VIEWS_NO_FAULT; /* the disk is well again: the fault sticks */
    assert_int_equal(book_total(book->views, wang, ASSET_OF_POINTS, 0), 0);
    assert_int_equal(book_spend(book->views, entry_begin(book), wang,
                                account_of(ACCOUNT_HELD, WANG), ASSET_OF_POINTS, 0, 5),
                     5);
    const struct posting rows[] = {POINTS(ISSUER, COMMUNITY, END_2016, -5),
                                   POINTS(MEMBER, WANG, END_2016, 5)};
    assert_int_equal(book_apply(book->views, rows, 2), LB_STORAGE_FAULT);
    assert_int_equal(book->map.changes, changes);
    assert_int_equal(views_fault(book->views), LB_STORAGE_FAULT);
}

/* Fails the nth read or write, n = 0, 1, 2 … until none is left to fail. */
static void a_fault_at_any_read_or_write_of_an_entry_is_told(void **state)
{
    (void)state;
    bool met = true;
    size_t n = 0;
    for (; met; n++) {
        void *fresh = NULL;
        assert_int_equal(book_setup(&fresh), 0);
        struct test_book *book = fresh;
        entry_earn(book, WANG, END_2016, 10);
        size_t changes = book->map.changes;
        book->map.until_fault = n;
        struct posting_list *list = entry_begin(book);
        int64_t missing = book_spend(book->views, list, account_of(ACCOUNT_MEMBER, WANG),
                                     account_of(ACCOUNT_HELD, WANG), ASSET_OF_POINTS, 0, 4);
        enum lb_result result = LB_OK;
        if (missing == 0) {
            result = book_apply(book->views, list->items, list->count);
        }
        met = views_fault(book->views) != LB_OK;
        book->map.until_fault = MAP_VIEWS_NO_FAULT;
        if (met) {
            assert_true(missing == 4 || result == LB_STORAGE_FAULT);
            assert_true(book->map.changes - changes <= 1); /* of two: the last was not reached */
        } else {
            assert_int_equal(result, LB_OK);
            balances_are(book,
                         ROWS(POINTS(MEMBER, WANG, END_2016, 6), POINTS(HELD, WANG, END_2016, 4)));
        }
        assert_int_equal(book_teardown(&fresh), 0);
    }
    assert_true(n > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(a_balance_is_a_row_and_a_balance_of_zero_is_none),
        BOOK_TEST(totals_and_next_lots_stay_within_one_account_and_asset),
        BOOK_TEST(spending_takes_the_lots_that_end_first),
        BOOK_TEST(spending_again_in_the_same_entry_knows_what_was_taken),
        BOOK_TEST(spending_also_takes_what_the_same_entry_has_put_in),
        BOOK_TEST(earning_settles_debt_of_the_same_lot_directly),
        BOOK_TEST(earning_settles_the_oldest_debt_first_and_crosses_lots_through_the_issuer),
        BOOK_TEST(two_earnings_of_one_entry_settle_a_debt_once),
        BOOK_TEST(settling_without_debt_changes_nothing),
        BOOK_TEST(lots_before_lot_min_are_not_spent),
        BOOK_TEST(spending_from_an_empty_account_is_missing_in_full),
        BOOK_TEST(every_kind_of_account_refuses_the_sign_it_may_not_have),
        BOOK_TEST(an_unbalanced_list_changes_nothing),
        cmocka_unit_test(a_row_that_is_none_is_not_decoded),
        BOOK_TEST(a_balance_that_overflows_is_a_named_result),
        BOOK_TEST(a_total_saturates_on_its_own_side),
        BOOK_TEST(the_last_lot_of_all_ends_every_walk),
        BOOK_TEST(a_list_that_is_full_while_spending_has_failed),
        BOOK_TEST(after_a_fault_the_views_find_nothing_and_change_nothing),
        cmocka_unit_test(a_fault_at_any_read_or_write_of_an_entry_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
