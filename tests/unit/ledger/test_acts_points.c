/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Every act of DOMAIN.md that moves points or minutes, as postings: the tables of
 * docs/storage-format.md, "Every word and act", made and booked. Shows that the format carries
 * them, also where the bank's command comes later; not the bank's rules. Amounts in 1/100 point.
 */
#include "acts_for_tests.h"

/* The voucher's, gift's … points: spends lots lowest first and wants all of it. */
static void move_all(struct test_book *book, struct account from, struct account to,
                     uint64_t lot_min, int64_t centi)
{
    assert_int_equal(
        book_spend(book->views, &book->list, from, to, ASSET_OF_POINTS, lot_min, centi), 0);
}

/* service recorded, honour hours, opening balance, grant */

static void service_gives_points_by_expiry_and_minutes_by_year(void **state)
{
    struct test_book *book = *state;
    struct posting_list *list = entry_begin(book);
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    posting_list_move(list, issuer, wang, ASSET_OF_POINTS, END_2017, 150);
    posting_list_move(list, issuer, wang, ASSET_OF_MINUTES, 2016, 90);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2017, -150), POINTS(MEMBER, WANG, END_2017, 150),
                  MINUTES(ISSUER, COMMUNITY, 2016, -90), MINUTES(MEMBER, WANG, 2016, 90)));
    entry_book(book);
}

static void points_that_never_end_are_in_the_last_lot(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, LOT_NEVER, 100);
    entry_earn(book, WANG, END_2017, 100);
    (void)entry_begin(book);
    move_all(book, account_of(ACCOUNT_MEMBER, WANG), account_of(ACCOUNT_REDEEMED, COUNTER), 0, 150);
    entry_book(book);
    balances_are(book,
                 ROWS(POINTS(MEMBER, WANG, END_2017, 0), POINTS(MEMBER, WANG, LOT_NEVER, 50)));
}

static void honour_hours_are_minutes_without_points(void **state)
{
    struct test_book *book = *state;
    entry_of(book, ROWS(MINUTES(ISSUER, COMMUNITY, 2016, -600), MINUTES(MEMBER, WANG, 2016, 600)));
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    assert_int_equal(book_total(book->views, wang, ASSET_OF_MINUTES, 0), 600);
    assert_int_equal(book_total(book->views, wang, ASSET_OF_POINTS, 0), 0);
}

static void opening_balance_from_paper_comes_from_the_opening_account(void **state)
{
    struct test_book *book = *state;
    entry_of(book,
             ROWS(POINTS(OPENING, COMMUNITY, END_2017, -3000), POINTS(MEMBER, WANG, END_2017, 3000),
                  MINUTES(OPENING, COMMUNITY, 2015, -7200), MINUTES(MEMBER, WANG, 2015, 7200)));
    /* Nothing of it counts as issued: a board of points earned never sees it. */
    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    assert_int_equal(book_total(book->views, issuer, ASSET_OF_POINTS, 0), 0);
    assert_int_equal(book_total(book->views, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_MINUTES, 0),
                     7200);
}

static void grant_is_issued_without_minutes(void **state)
{
    struct test_book *book = *state;
    /* That it is a grant and nothing earned is in the entry's act, not in its postings. */
    entry_of(book,
             ROWS(POINTS(ISSUER, STREET, END_2016, -5000), POINTS(MEMBER, ZHAO, END_2016, 5000)));
    assert_int_equal(book_total(book->views, account_of(ACCOUNT_MEMBER, ZHAO), ASSET_OF_MINUTES, 0),
                     0);
}

/* hold, give, release */

static void ask_holds_the_points_that_end_first(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, ZHAO, END_2016, 100);
    entry_earn(book, ZHAO, END_2017, 900);
    (void)entry_begin(book);
    move_all(book, account_of(ACCOUNT_MEMBER, ZHAO), account_of(ACCOUNT_HELD, ZHAO), 0, 300);
    entry_is(book, ROWS(POINTS(MEMBER, ZHAO, END_2016, -100), POINTS(HELD, ZHAO, END_2016, 100),
                        POINTS(MEMBER, ZHAO, END_2017, -200), POINTS(HELD, ZHAO, END_2017, 200)));
    entry_book(book);
}

static void give_takes_the_held_points_and_records_the_givers_service_in_one_entry(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, ZHAO, END_2016, 300);
    entry_of(book, ROWS(POINTS(MEMBER, ZHAO, END_2016, -300), POINTS(HELD, ZHAO, END_2016, 300)));
    entry_of(book,
             ROWS(POINTS(HELD, ZHAO, END_2016, -300), POINTS(REDEEMED, COUNTER, END_2016, 300),
                  POINTS(ISSUER, COMMUNITY, END_2017, -200), POINTS(MEMBER, WANG, END_2017, 200),
                  MINUTES(ISSUER, COMMUNITY, 2016, -120), MINUTES(MEMBER, WANG, 2016, 120)));
    balances_are(book, ROWS(POINTS(HELD, ZHAO, END_2016, 0), POINTS(MEMBER, WANG, END_2017, 200)));
}

static void release_returns_held_points_to_their_lot_even_past_its_date(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, ZHAO, END_2016, 300);
    entry_of(book, ROWS(POINTS(MEMBER, ZHAO, END_2016, -300), POINTS(HELD, ZHAO, END_2016, 300)));
    entry_of(book, ROWS(POINTS(HELD, ZHAO, END_2016, -300), POINTS(MEMBER, ZHAO, END_2016, 300)));
    struct account zhao = account_of(ACCOUNT_MEMBER, ZHAO);
    /* The first day of 2017: not spendable, unless a grace lowers the first lot asked for. */
    assert_int_equal(book_total(book->views, zhao, ASSET_OF_POINTS, END_2016 + 1), 0);
    uint64_t grace_days = 30;
    assert_int_equal(book_total(book->views, zhao, ASSET_OF_POINTS, END_2016 + 1 - grace_days),
                     300);
}

/* giving: gift, household, pool */

static void gift_between_members_keeps_its_lots(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 100);
    entry_earn(book, WANG, LOT_NEVER, 100);
    (void)entry_begin(book);
    move_all(book, account_of(ACCOUNT_MEMBER, WANG), account_of(ACCOUNT_MEMBER, LI), 0, 150);
    entry_is(book, ROWS(POINTS(MEMBER, WANG, END_2016, -100), POINTS(MEMBER, LI, END_2016, 100),
                        POINTS(MEMBER, WANG, LOT_NEVER, -50), POINTS(MEMBER, LI, LOT_NEVER, 50)));
    entry_book(book);
}

static void one_member_of_a_household_pays_for_another(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 100);
    /* Li takes the goods: the entry's links name both, only Wang's points move. */
    uint64_t lot = lot_of_goods(17400, 1);
    entry_of(book, ROWS(GOODS(DONOR, COUNTER, RICE, lot, -1), GOODS(STOCK, COUNTER, RICE, lot, 1)));
    entry_of(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -100), POINTS(REDEEMED, COUNTER, END_2016, 100),
                  GOODS(STOCK, COUNTER, RICE, lot, -1), GOODS(HANDED_OUT, COUNTER, RICE, lot, 1)));
    balances_are(book, ROWS(POINTS(MEMBER, LI, END_2016, 0), POINTS(MEMBER, WANG, END_2016, 0)));
}

static void household_pools_the_lots_of_its_members_for_one_redemption(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2017, 80);
    entry_earn(book, LI, END_2016, 50);
    struct account redeemed = account_of(ACCOUNT_REDEEMED, COUNTER);
    struct posting_list *list = entry_begin(book);
    int64_t missing = book_spend(book->views, list, account_of(ACCOUNT_MEMBER, LI), redeemed,
                                 ASSET_OF_POINTS, 0, 120);
    assert_int_equal(missing, 70);
    move_all(book, account_of(ACCOUNT_MEMBER, WANG), redeemed, 0, missing);
    entry_is(book,
             ROWS(POINTS(MEMBER, LI, END_2016, -50), POINTS(REDEEMED, COUNTER, END_2016, 50),
                  POINTS(MEMBER, WANG, END_2017, -70), POINTS(REDEEMED, COUNTER, END_2017, 70)));
    entry_book(book);
}

static void donation_pool_takes_in_and_gives_out_by_lot(void **state)
{
    struct test_book *book = *state;
    struct account pool = account_of(ACCOUNT_POOL, STREET);
    entry_earn(book, WANG, END_2017, 500);
    entry_earn(book, LI, END_2016, 500);
    (void)entry_begin(book);
    move_all(book, account_of(ACCOUNT_MEMBER, WANG), pool, 0, 200);
    move_all(book, account_of(ACCOUNT_MEMBER, LI), pool, 0, 100);
    entry_is(book, ROWS(POINTS(MEMBER, WANG, END_2017, -200), POINTS(MEMBER, LI, END_2016, -100),
                        POINTS(POOL, STREET, END_2017, 200), POINTS(POOL, STREET, END_2016, 100)));
    entry_book(book);
    (void)entry_begin(book);
    move_all(book, pool, account_of(ACCOUNT_MEMBER, ZHAO), 0, 250);
    entry_is(book, ROWS(POINTS(POOL, STREET, END_2016, -100), POINTS(MEMBER, ZHAO, END_2016, 100),
                        POINTS(POOL, STREET, END_2017, -150), POINTS(MEMBER, ZHAO, END_2017, 150)));
    entry_book(book);
}

static void donation_pool_pays_at_a_counter_whatever_the_date_of_its_lots(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 500);
    entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2016, -500), POINTS(POOL, STREET, END_2016, 500)));
    (void)entry_begin(book);
    move_all(book, account_of(ACCOUNT_POOL, STREET), account_of(ACCOUNT_REDEEMED, COUNTER), 0, 120);
    entry_is(book,
             ROWS(POINTS(POOL, STREET, END_2016, -120), POINTS(REDEEMED, COUNTER, END_2016, 120)));
    entry_book(book);
}

/* vouchers */

static void voucher_of_a_member_is_held_until_it_is_presented(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 500);
    entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2016, -200), POINTS(HELD, WANG, END_2016, 200)));
    /* Whoever presents it at a counter; what is left of its value goes back. */
    entry_of(book,
             ROWS(POINTS(HELD, WANG, END_2016, -200), POINTS(REDEEMED, COUNTER, END_2016, 150),
                  POINTS(MEMBER, WANG, END_2016, 50)));
    balances_are(book, ROWS(POINTS(HELD, WANG, END_2016, 0), POINTS(MEMBER, WANG, END_2016, 350)));
}

static void voucher_to_bearer_is_in_clearing_until_it_is_presented(void **state)
{
    struct test_book *book = *state;
    entry_of(book, ROWS(POINTS(ISSUER, STREET, END_2016, -400),
                        POINTS(CLEARING, STREET, END_2016, 400))); /* two vouchers of 200 */
    entry_of(book, ROWS(POINTS(CLEARING, STREET, END_2016, -200),
                        POINTS(REDEEMED, COUNTER, END_2016, 200))); /* one buys goods */
    entry_of(book, ROWS(POINTS(CLEARING, STREET, END_2016, -200),
                        POINTS(ISSUER, STREET, END_2016, 200))); /* one is void */
    balances_are(
        book, ROWS(POINTS(CLEARING, STREET, END_2016, 0), POINTS(ISSUER, STREET, END_2016, -200)));
}

static void voucher_to_bearer_is_credited_to_the_member_who_presents_it(void **state)
{
    struct test_book *book = *state;
    entry_of(book,
             ROWS(POINTS(ISSUER, STREET, END_2016, -200), POINTS(CLEARING, STREET, END_2016, 200)));
    entry_of(book,
             ROWS(POINTS(CLEARING, STREET, END_2016, -200), POINTS(MEMBER, LI, END_2016, 200)));
    balances_are(book, ROWS(POINTS(CLEARING, STREET, END_2016, 0)));
}

/* expiry, forfeiture */

static void expiry_run_takes_lots_past_their_date_and_nothing_held(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2016, 100);
    entry_earn(book, WANG, END_2017, 100);
    entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2016, -40), POINTS(HELD, WANG, END_2016, 40)));
    struct account wang = account_of(ACCOUNT_MEMBER, WANG);
    struct posting_list *list = entry_begin(book);
    struct book_row row;
    uint64_t today = END_2016 + 1;
    for (uint64_t lot = 0;
         book_next_lot(book->views, wang, ASSET_OF_POINTS, lot, &row) && row.lot < today;
         lot = row.lot + 1) {
        posting_list_move(list, wang, account_of(ACCOUNT_EXPIRED, WANG), ASSET_OF_POINTS, row.lot,
                          row.amount);
    }
    entry_is(book, ROWS(POINTS(MEMBER, WANG, END_2016, -60), POINTS(EXPIRED, WANG, END_2016, 60)));
    entry_book(book);
}

static void points_forfeited_by_rule_go_where_expired_ones_go(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2017, 100);
    entry_of(book, ROWS(POINTS(MEMBER, WANG, END_2017, -30), POINTS(EXPIRED, WANG, END_2017, 30)));
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2017, 70)));
}

/* reversal */

static void reversal_of_a_spent_service_leaves_debt_that_later_service_settles(void **state)
{
    struct test_book *book = *state;
    entry_of(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, -300), POINTS(MEMBER, WANG, END_2016, 300),
                  MINUTES(ISSUER, COMMUNITY, 2016, -180), MINUTES(MEMBER, WANG, 2016, 180)));
    const struct posting service[] = {book->last[0], book->last[1], book->last[2], book->last[3]};
    entry_of(book,
             ROWS(POINTS(MEMBER, WANG, END_2016, -300), POINTS(REDEEMED, COUNTER, END_2016, 300)));
    struct book_obstacle obstacle = book_mirror(book->views, entry_begin(book), service, 4);
    assert_int_equal(obstacle.code, LB_OK);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2016, 300), POINTS(DEBT, WANG, END_2016, -300),
                  MINUTES(ISSUER, COMMUNITY, 2016, 180), MINUTES(MEMBER, WANG, 2016, -180)));
    entry_book(book);

    struct account issuer = account_of(ACCOUNT_ISSUER, COMMUNITY);
    struct posting_list *list = entry_begin(book);
    posting_list_move(list, issuer, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_POINTS, END_2017,
                      500);
    book_settle_debt(book->views, list, WANG, issuer, END_2017);
    entry_is(book,
             ROWS(POINTS(ISSUER, COMMUNITY, END_2017, -200), POINTS(MEMBER, WANG, END_2017, 200),
                  POINTS(ISSUER, COMMUNITY, END_2016, -300), POINTS(DEBT, WANG, END_2016, 300)));
    entry_book(book);
}

/* approval */

static void proposal_has_no_postings_and_its_approval_has_them_all(void **state)
{
    struct test_book *book = *state;
    (void)entry_begin(book);
    entry_book(book); /* the proposal: a command kept in an entry */
    assert_int_equal(book->map.changes, 0);
    entry_of(book, ROWS(POINTS(ISSUER, STREET, END_2016, -5000),
                        POINTS(MEMBER, ZHAO, END_2016, 5000))); /* its approval */
    const struct posting approved[] = {book->last[0], book->last[1]};
    /* A reversal mirrors the approval, which is the entry that moved something. */
    assert_int_equal(book_mirror(book->views, entry_begin(book), approved, 2).code, LB_OK);
    entry_book(book);
    balances_are(book, ROWS(POINTS(MEMBER, ZHAO, END_2016, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(service_gives_points_by_expiry_and_minutes_by_year),
        BOOK_TEST(points_that_never_end_are_in_the_last_lot),
        BOOK_TEST(honour_hours_are_minutes_without_points),
        BOOK_TEST(opening_balance_from_paper_comes_from_the_opening_account),
        BOOK_TEST(grant_is_issued_without_minutes),
        BOOK_TEST(ask_holds_the_points_that_end_first),
        BOOK_TEST(give_takes_the_held_points_and_records_the_givers_service_in_one_entry),
        BOOK_TEST(release_returns_held_points_to_their_lot_even_past_its_date),
        BOOK_TEST(gift_between_members_keeps_its_lots),
        BOOK_TEST(one_member_of_a_household_pays_for_another),
        BOOK_TEST(household_pools_the_lots_of_its_members_for_one_redemption),
        BOOK_TEST(donation_pool_takes_in_and_gives_out_by_lot),
        BOOK_TEST(donation_pool_pays_at_a_counter_whatever_the_date_of_its_lots),
        BOOK_TEST(voucher_of_a_member_is_held_until_it_is_presented),
        BOOK_TEST(voucher_to_bearer_is_in_clearing_until_it_is_presented),
        BOOK_TEST(voucher_to_bearer_is_credited_to_the_member_who_presents_it),
        BOOK_TEST(expiry_run_takes_lots_past_their_date_and_nothing_held),
        BOOK_TEST(points_forfeited_by_rule_go_where_expired_ones_go),
        BOOK_TEST(reversal_of_a_spent_service_leaves_debt_that_later_service_settles),
        BOOK_TEST(proposal_has_no_postings_and_its_approval_has_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
