/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The totals of a year over a book made by the bank. */
#include "book_fixture.h"

#include "report/totals.h"

#define STREET    UINT64_C(10)
#define ELSEWHERE UINT64_C(20)
#define PRIVATE   2u
#define COUNTER   1u
#define RICE      101u

static int setup(void **state)
{
    assert_int_equal(book_setup(state), 0);
    struct book *book = *state;
    book_open_org(book, STREET, 0);
    book_open_org(book, ELSEWHERE, 0);
    book_set_class(book, PRIVATE, false);
    book_set_tariff(book);
    book_register(book, 1, STREET, PRIVATE);
    book_register(book, 2, STREET, 0);
    book_register(book, 3, ELSEWHERE, PRIVATE);
    return 0;
}

static void stock_up(struct book *book)
{
    struct command item = {.kind = ACT_ITEM_SET};
    item.act.item_set = (struct act_item_set){.item = RICE,
                                              .kind = ITEM_GOODS,
                                              .name = BYTES_LITERAL("rice"),
                                              .unit = BYTES_LITERAL("bag"),
                                              .price_centi = 50};
    (void)book_do(book, day_of(2015, 1, 1), item);
    struct command counter = {.kind = ACT_COUNTER_OPEN};
    counter.act.counter_open = (struct act_counter_open){COUNTER, STREET, BYTES_LITERAL("counter")};
    (void)book_do(book, day_of(2015, 1, 1), counter);
    struct command stock = {.kind = ACT_STOCK_RECEIVE};
    stock.act.stock_receive = (struct act_stock_receive){
        .counter = COUNTER,
        .donor = BYTES_LITERAL("shop"),
        .lines = {{RICE, 10, DAY_NONE}},
        .line_count = 1,
    };
    (void)book_do(book, day_of(2016, 1, 1), stock);
}

static uint64_t redeem(struct book *book, uint64_t member)
{
    struct command command = {.kind = ACT_REDEEM};
    command.act.redeem = (struct act_redeem){
        .member = {.member = member},
        .counter = COUNTER,
        .lines = {{RICE, 1}},
        .line_count = 1,
    };
    return book_do(book, day_of(2016, 6, 1), command);
}

static struct totals totals_of(struct book *book, uint32_t class_id)
{
    const struct totals_query query = {.year = 2016, .org = STREET, .class_id = class_id};
    struct totals totals = {0};
    assert_int_equal(totals_make(book->bank.views, &query, &book->arena, &totals).code, LB_OK);
    assert_int_equal(views_fault(book->bank.views), LB_OK);
    return totals;
}

static void persons_and_person_times_are_counted_apart(void **state)
{
    struct book *book = *state;
    stock_up(book);
    book_serve(book, day_of(2016, 5, 1), 1, 60);
    book_serve(book, day_of(2016, 5, 2), 1, 60);
    book_serve(book, day_of(2016, 5, 2), 2, 60);
    book_serve(book, day_of(2016, 5, 2), 3, 60);
    (void)redeem(book, 1);
    (void)redeem(book, 1);
    book_reverse(book, day_of(2016, 6, 1), redeem(book, 2));
    const struct totals totals = totals_of(book, 0);
    assert_int_equal(totals.members, 2);
    assert_int_equal(totals.counts.service_persons, 2);
    assert_int_equal(totals.counts.service_person_times, 3);
    assert_int_equal(totals.counts.minutes, 180);
    assert_int_equal(totals.counts.earned_centi, 300);
    assert_int_equal(totals.counts.redemption_persons, 1);
    assert_int_equal(totals.counts.redemption_person_times, 2);
    assert_int_equal(totals.counts.redeemed_centi, 100);
    assert_int_equal(totals.counts.received_person_times, 0);
}

static void a_class_that_is_not_public_can_be_asked_for(void **state)
{
    struct book *book = *state;
    book_serve(book, day_of(2016, 5, 1), 1, 60);
    book_serve(book, day_of(2016, 5, 1), 2, 60);
    const struct totals totals = totals_of(book, PRIVATE);
    assert_int_equal(totals.members, 1);
    assert_int_equal(totals.counts.service_persons, 1);
}

static void who_left_by_the_end_of_the_year_is_no_member(void **state)
{
    struct book *book = *state;
    struct command close = {.kind = ACT_MEMBER_CLOSE};
    close.act.member_close = 2;
    (void)book_do(book, day_of(2016, 12, 31), close);
    assert_int_equal(totals_of(book, 0).members, 1);
}

static void unknown_org_class_and_year_are_refused(void **state)
{
    struct book *book = *state;
    const struct {
        struct totals_query query;
        enum lb_result code;
    } cases[] = {
        {{.year = 0, .org = STREET}, LB_FIELD_INVALID},
        {{.year = 2016, .org = 99}, LB_ORG_UNKNOWN},
        {{.year = 2016, .org = STREET, .class_id = 9}, LB_CLASS_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct totals totals;
        assert_int_equal(totals_make(book->bank.views, &cases[i].query, &book->arena, &totals).code,
                         cases[i].code);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, book_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(persons_and_person_times_are_counted_apart),
        TEST(a_class_that_is_not_public_can_be_asked_for),
        TEST(who_left_by_the_end_of_the_year_is_no_member),
        /* rejects */
        TEST(unknown_org_class_and_year_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
