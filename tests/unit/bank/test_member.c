/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Members and their cards: numbers, classes, transfer, blocking, closing; cards over their life. */
#include "street_for_tests.h"

#define DAY    16900                /* 2016-04-09 */
#define CARD_1 lb_card_of_serial(1) /* of member 1 on the street */

static const struct entry *update_member(struct act_member_update act, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_MEMBER_UPDATE, .day = day, .act.member_update = act});
}

static const struct entry *set_status(uint64_t member, enum member_status status)
{
    return update_member((struct act_member_update){.member = member, .status = status}, DAY);
}

static const struct entry *close_member(uint64_t member, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_MEMBER_CLOSE, .day = day, .act.member_close = member});
}

static const struct entry *card_act(enum act_kind kind, uint64_t member, uint64_t card,
                                    uint64_t new_card)
{
    return test_do(
        test, (struct command){.kind = kind,
                               .day = DAY,
                               .act.card = {.member = member, .card = card, .new_card = new_card}});
}

static void open_class(uint32_t class_id)
{
    (void)done(test_do(test, (struct command){.kind = ACT_CLASS_SET,
                                              .day = DAY,
                                              .act.class_set = {.class_id = class_id,
                                                                .name = BYTES_LITERAL("类")}}));
}

/* Members. */

static void a_member_gets_the_number_asked_for_or_the_next(void **state)
{
    (void)state;
    struct member_row row;
    const struct entry *named = test_register(test, 500, 1, 0, DAY);
    assert_code(named, LB_OK);
    assert_int_equal(named->assigned, 500);
    assert_int_equal(named->links[0].member, 500);
    assert_int_equal(named->link_count, 1);
    assert_int_equal(test_register(test, 0, 1, 0, DAY)->assigned, 501);
    assert_int_equal(test_register(test, 30, 1, 0, DAY)->assigned, 30);
    assert_int_equal(test_register(test, 0, 1, 0, DAY)->assigned, 502);
    assert_true(member_get(street_views(), 500, &row));
    assert_int_equal(row.joined_day, DAY);
    assert_int_equal(row.status, MEMBER_ACTIVE);
    assert_int_equal(row.card, 0);
    assert_int_equal(row.last_entry, 9);
    assert_true(member_next(street_views(), 31, &row));
    assert_int_equal(row.member, 500);
    assert_false(member_next(street_views(), 503, &row));
}

static void a_member_is_registered_once_in_an_open_org_with_known_classes(void **state)
{
    (void)state;
    assert_refusal(test_register(test, 1, 1, 0, DAY), LB_ALREADY_EXISTS, 1, 0, 0);
    assert_refusal(test_register(test, 0, 9, 0, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
    assert_refusal(test_register(test, 0, 1, 0, TEST_START - 1), LB_ORG_CLOSED, 1, TEST_START - 1,
                   0);
    assert_refusal(test_register(test, 0, 1, 0, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
    struct command command = {.kind = ACT_MEMBER_REGISTER, .day = DAY};
    command.act.member_register = (struct act_member_register){
        .org = 1, .class_ids = {{7}, 1}, .person = {.name = BYTES_LITERAL("王五")}};
    assert_refusal(test_do(test, command), LB_CLASS_UNKNOWN, 7, 0, 0);
}

static void the_entry_of_a_registration_holds_no_person_and_no_memo(void **state)
{
    (void)state;
    const struct entry *entry = test_register(test, 0, 1, 0, DAY);
    assert_int_equal(entry->command.act.member_register.person.name.size, 0);
    struct command close = {.kind = ACT_MEMBER_CLOSE,
                            .day = DAY,
                            .memo = BYTES_LITERAL("搬家了"),
                            .act.member_close = 2};
    assert_int_equal(test_do(test, close)->command.memo.size, 0);
}

static void when_the_numbers_that_follow_are_used_up_one_must_be_named(void **state)
{
    (void)state;
    (void)done(test_register(test, LB_MEMBER_MAX, 1, 0, DAY));
    const struct entry *refused = test_register(test, 0, 1, 0, DAY);
    assert_refusal(refused, LB_FIELD_INVALID, LB_MEMBER_MAX + 1, 1, LB_MEMBER_MAX);
    assert_string_equal(refused->verdict.text, "member");
    (void)done(test_register(test, 77, 1, 0, DAY));
}

static void classes_begin_and_end_on_a_day(void **state)
{
    (void)state;
    struct codes held;
    open_class(7);
    open_class(8);
    (void)done(
        update_member((struct act_member_update){.member = 1, .class_ids_add = {{8, 7}, 2}}, DAY));
    (void)done(update_member((struct act_member_update){.member = 1, .class_ids_remove = {{7}, 1}},
                             DAY + 10));
    assert_false(member_has_class_on(street_views(), 1, 7, DAY - 1));
    assert_true(member_has_class_on(street_views(), 1, 7, DAY));
    assert_true(member_has_class_on(street_views(), 1, 7, DAY + 9));
    assert_false(member_has_class_on(street_views(), 1, 7, DAY + 10));
    assert_false(member_has_class_on(street_views(), 2, 7, DAY));
    member_classes_on(street_views(), 1, DAY, &held);
    assert_int_equal(held.count, 2);
    assert_int_equal(held.items[0], 7);
    assert_int_equal(held.items[1], 8);
    member_classes_on(street_views(), 1, DAY + 10, &held);
    assert_int_equal(held.count, 1);
    member_classes_on(street_views(), 1, DAY - 1, &held);
    assert_int_equal(held.count, 0);
}

static void a_member_is_registered_with_classes_and_a_card(void **state)
{
    (void)state;
    struct member_row row;
    struct card_row card;
    open_class(7);
    struct command command = {.kind = ACT_MEMBER_REGISTER, .day = DAY};
    command.act.member_register =
        (struct act_member_register){.org = 1,
                                     .class_ids = {{7}, 1},
                                     .card = lb_card_of_serial(40),
                                     .person = {.name = BYTES_LITERAL("王五")}};
    const struct entry *entry = test_do(test, command);
    assert_int_equal(entry->assigned_card, lb_card_of_serial(40));
    uint64_t member = entry->assigned;
    (void)done(entry);
    assert_true(member_has_class_on(street_views(), member, 7, DAY));
    assert_true(member_get(street_views(), member, &row));
    assert_int_equal(row.card, lb_card_of_serial(40));
    assert_true(card_get(street_views(), lb_card_of_serial(40), &card));
    assert_int_equal(card.member, member);
    assert_int_equal(card.status, CARD_ACTIVE);
}

static void a_member_moves_to_another_org_from_a_day_on(void **state)
{
    (void)state;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(update_member((struct act_member_update){.member = 1, .org = 2}, DAY));
    assert_int_equal(member_org_on(street_views(), 1, DAY - 1), 1);
    assert_int_equal(member_org_on(street_views(), 1, DAY), 2);
    assert_int_equal(member_org_on(street_views(), 1, TEST_START - 1), 0);
    assert_int_equal(test_record(test, 1, 1, 60, -1, DAY - 1)->org, 1);
    assert_int_equal(test_record(test, 1, 1, 60, -1, DAY)->org, 2);
    (void)done(update_member((struct act_member_update){.member = 1, .org = 1}, TEST_TODAY + 9));
    assert_refusal(update_member((struct act_member_update){.member = 1, .org = 9}, DAY),
                   LB_ORG_UNKNOWN, 9, 0, 0);
}

static void an_update_is_refused_for_what_is_not_there(void **state)
{
    (void)state;
    const struct codes class_7 = {{7}, 1};
    assert_refusal(set_status(9, MEMBER_BLOCKED), LB_MEMBER_UNKNOWN, 9, 0, 0);
    assert_refusal(
        update_member((struct act_member_update){.member = 1, .class_ids_add = class_7}, DAY),
        LB_CLASS_UNKNOWN, 7, 0, 0);
    assert_refusal(
        update_member((struct act_member_update){.member = 1, .class_ids_remove = class_7}, DAY),
        LB_CLASS_UNKNOWN, 7, 0, 0);
    assert_refusal(update_member((struct act_member_update){.member = 1, .org = 1}, TEST_START - 1),
                   LB_ORG_CLOSED, 1, TEST_START - 1, 0);
    (void)done(test_register(test, 3, 1, 0, DAY));
    assert_refusal(update_member((struct act_member_update){.member = 3, .org = 1}, DAY - 1),
                   LB_BEFORE_JOINED, DAY - 1, DAY, 0);
}

static void a_blocked_member_can_neither_earn_nor_spend_until_unblocked(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 300, -1, DAY));
    (void)done(set_status(1, MEMBER_BLOCKED));
    assert_refusal(set_status(1, MEMBER_BLOCKED), LB_STATUS_UNCHANGED, 1, 0, 0);
    assert_refusal(test_record(test, 1, 1, 60, -1, DAY), LB_MEMBER_BLOCKED, 1, 0, 0);
    assert_refusal(test_redeem(test, 1, 1, 1, 1, DAY), LB_MEMBER_BLOCKED, 1, 0, 0);
    assert_refusal(test_ask(test, 1, 1, 2, 1, DAY), LB_MEMBER_BLOCKED, 1, 0, 0);
    (void)done(set_status(1, MEMBER_ACTIVE));
    assert_refusal(set_status(1, MEMBER_ACTIVE), LB_STATUS_UNCHANGED, 1, 0, 0);
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
}

/* Blocking holds at once: there is no later day on which the counter would start to refuse. */
static void a_status_cannot_be_planned_ahead(void **state)
{
    (void)state;
    const struct act_member_update block = {.member = 1, .status = MEMBER_BLOCKED};
    assert_refusal(update_member(block, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
    const struct act_member_update nobody = {.member = 9, .status = MEMBER_BLOCKED};
    assert_refusal(update_member(nobody, TEST_TODAY + 1), LB_DATE_IN_FUTURE, TEST_TODAY + 1,
                   TEST_TODAY, 0);
}

static void a_member_with_points_or_held_points_cannot_be_closed(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 300, -1, DAY));
    uint64_t ask = done(test_ask(test, 1, 1, 2, 1, DAY));
    assert_refusal(close_member(1, DAY), LB_MEMBER_HAS_BALANCE, 1, 3500, 1500);
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    (void)done(test_ask(test, 1, 1, 2, 1, DAY));
    assert_refusal(close_member(1, DAY), LB_MEMBER_HAS_BALANCE, 1, 0, 3000);
    assert_refusal(close_member(9, DAY), LB_MEMBER_UNKNOWN, 9, 0, 0);
    (void)done(test_give(test, ask, 0, 0, DAY));
}

static void a_closed_member_refuses_everything(void **state)
{
    (void)state;
    (void)done(close_member(1, DAY));
    struct member_row row;
    assert_true(member_get(street_views(), 1, &row));
    assert_int_equal(row.status, MEMBER_CLOSED);
    assert_int_equal(row.closed_day, DAY);
    assert_refusal(close_member(1, DAY + 1), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(set_status(1, MEMBER_ACTIVE), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(test_record(test, 1, 1, 60, -1, DAY), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(test_redeem(test, 1, 1, 1, 1, DAY), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(test_ask(test, 1, 1, 2, 1, DAY), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(card_act(ACT_CARD_ISSUE, 1, 0, 0), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(card_act(ACT_CARD_REPLACE, 0, CARD_1, 0), LB_MEMBER_CLOSED, 1, DAY, 0);
}

/* Points past their last day can neither be used nor moved: they are no reason to stay. */
static void a_member_whose_points_have_all_expired_can_be_closed(void **state)
{
    (void)state;
    (void)done(test_do(test, (struct command){.kind = ACT_TARIFF_SET,
                                              .day = TEST_START,
                                              .act.tariff_set = {.category = 5,
                                                                 .name = BYTES_LITERAL("科普"),
                                                                 .points_per_hour_centi = 100,
                                                                 .coefficient_permille = 1000,
                                                                 .rounding_minutes = 1,
                                                                 .expiry_kind = EXPIRY_YEAR_END,
                                                                 .day_minutes_max = 480}}));
    (void)done(test_record(test, 1, 5, 60, -1, DAY));
    assert_refusal(close_member(1, TEST_TODAY), LB_MEMBER_HAS_BALANCE, 1, 100, 0);
    test->today_day = TEST_TODAY + 1;
    (void)done(close_member(1, TEST_TODAY + 1));
}

/* Cards. */

static void a_card_is_issued_with_the_number_asked_for_or_the_next(void **state)
{
    (void)state;
    const struct entry *issue = card_act(ACT_CARD_ISSUE, 2, lb_card_of_serial(900), 0);
    assert_code(issue, LB_OK);
    assert_int_equal(issue->assigned_card, lb_card_of_serial(900));
    assert_refusal(card_act(ACT_CARD_ISSUE, 2, 0, 0), LB_MEMBER_HAS_CARD, 2, lb_card_of_serial(900),
                   0);
    (void)done(test_register(test, 3, 1, 0, DAY));
    assert_int_equal(card_act(ACT_CARD_ISSUE, 3, 0, 0)->assigned_card, lb_card_of_serial(901));
    assert_refusal(card_act(ACT_CARD_ISSUE, 9, 0, 0), LB_MEMBER_UNKNOWN, 9, 0, 0);
}

static void a_card_belongs_to_one_member_for_ever(void **state)
{
    (void)state;
    assert_refusal(card_act(ACT_CARD_ISSUE, 2, CARD_1, 0), LB_CARD_ASSIGNED, CARD_1, 1, 0);
    assert_refusal(test_register(test, 0, 1, CARD_1, DAY), LB_CARD_ASSIGNED, CARD_1, 1, 0);
    assert_int_equal(test->last.link_count, 0);
    (void)done(card_act(ACT_CARD_BLOCK, 0, CARD_1, 0));
    assert_refusal(card_act(ACT_CARD_ISSUE, 2, CARD_1, 0), LB_CARD_ASSIGNED, CARD_1, 1, 0);
    assert_refusal(card_act(ACT_CARD_ISSUE, 1, CARD_1, 0), LB_CARD_BLOCKED, CARD_1, 0, 0);
}

static void a_blocked_card_is_refused_and_its_member_gets_another(void **state)
{
    (void)state;
    struct member_row row;
    struct card_row card;
    (void)done(card_act(ACT_CARD_BLOCK, 0, CARD_1, 0));
    assert_true(card_get(street_views(), CARD_1, &card));
    assert_int_equal(card.status, CARD_IS_BLOCKED);
    assert_true(member_get(street_views(), 1, &row));
    assert_int_equal(row.card, 0);
    assert_refusal(card_act(ACT_CARD_BLOCK, 0, CARD_1, 0), LB_CARD_BLOCKED, CARD_1, 0, 0);
    assert_refusal(card_act(ACT_CARD_REPLACE, 0, CARD_1, 0), LB_CARD_BLOCKED, CARD_1, 0, 0);
    struct command record = {.kind = ACT_SERVICE_RECORD, .day = DAY};
    record.act.service_record = (struct act_service_record){
        .member = {.card = CARD_1}, .category = 1, .minutes = 60, .start_minute = -1};
    const struct entry *refused = test_do(test, record);
    assert_refusal(refused, LB_CARD_BLOCKED, CARD_1, 0, 0);
    assert_int_equal(refused->links[0].member, 1);
    assert_int_equal(card_act(ACT_CARD_ISSUE, 1, 0, 0)->assigned_card, lb_card_of_serial(2));
    assert_refusal(card_act(ACT_CARD_BLOCK, 0, lb_card_of_serial(99), 0), LB_CARD_UNKNOWN,
                   lb_card_of_serial(99), 0, 0);
}

static void a_replaced_card_points_to_the_new_one_which_works(void **state)
{
    (void)state;
    struct member_row row;
    struct card_row card;
    const struct entry *replace = card_act(ACT_CARD_REPLACE, 0, CARD_1, lb_card_of_serial(70));
    assert_code(replace, LB_OK);
    assert_int_equal(replace->links[0].member, 1);
    assert_true(card_get(street_views(), CARD_1, &card));
    assert_int_equal(card.status, CARD_REPLACED);
    assert_int_equal(card.replacement, lb_card_of_serial(70));
    assert_true(member_get(street_views(), 1, &row));
    assert_int_equal(row.card, lb_card_of_serial(70));
    struct command record = {.kind = ACT_SERVICE_RECORD, .day = DAY};
    record.act.service_record = (struct act_service_record){
        .member = {.card = row.card}, .category = 1, .minutes = 60, .start_minute = -1};
    (void)done(test_do(test, record));
    assert_refusal(card_act(ACT_CARD_REPLACE, 0, row.card, row.card), LB_CARD_ASSIGNED, row.card, 1,
                   0);
    assert_refusal(card_act(ACT_CARD_REPLACE, 0, CARD_1, 0), LB_CARD_BLOCKED, CARD_1, 0, 0);
}

static void when_the_cards_that_follow_are_used_up_one_must_be_named(void **state)
{
    (void)state;
    const uint64_t last = lb_card_of_serial(LB_CARD_SERIAL_MAX);
    (void)done(card_act(ACT_CARD_ISSUE, 2, last, 0));
    const struct entry *refused = card_act(ACT_CARD_REPLACE, 0, last, 0);
    assert_refusal(refused, LB_FIELD_INVALID, LB_CARD_SERIAL_MAX + 1, 1, LB_CARD_SERIAL_MAX);
    assert_string_equal(refused->verdict.text, "card");
    (void)done(card_act(ACT_CARD_REPLACE, 0, last, lb_card_of_serial(5)));
}

static void a_blocked_member_gets_no_card(void **state)
{
    (void)state;
    (void)done(set_status(2, MEMBER_BLOCKED));
    assert_refusal(card_act(ACT_CARD_ISSUE, 2, 0, 0), LB_MEMBER_BLOCKED, 2, 0, 0);
}

static void every_entry_of_a_member_links_to_the_one_before(void **state)
{
    (void)state;
    uint64_t first = done(test_record(test, 1, 1, 60, -1, DAY));
    assert_int_equal(test->last.links[0].previous_entry, 7);
    const struct entry *refused = test_redeem(test, 1, 1, 1, 1, DAY);
    assert_code(refused, LB_POINTS_INSUFFICIENT);
    assert_int_equal(refused->links[0].previous_entry, first);
    assert_int_equal(test_record(test, 1, 1, 60, -1, DAY)->links[0].previous_entry, first + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(a_member_gets_the_number_asked_for_or_the_next),
        STREET_TEST(the_entry_of_a_registration_holds_no_person_and_no_memo),
        STREET_TEST(classes_begin_and_end_on_a_day),
        STREET_TEST(a_member_is_registered_with_classes_and_a_card),
        STREET_TEST(a_member_moves_to_another_org_from_a_day_on),
        STREET_TEST(a_member_whose_points_have_all_expired_can_be_closed),
        STREET_TEST(a_card_is_issued_with_the_number_asked_for_or_the_next),
        STREET_TEST(a_replaced_card_points_to_the_new_one_which_works),
        STREET_TEST(every_entry_of_a_member_links_to_the_one_before),
        /* rejects */
        STREET_TEST(a_member_is_registered_once_in_an_open_org_with_known_classes),
        STREET_TEST(when_the_numbers_that_follow_are_used_up_one_must_be_named),
        STREET_TEST(an_update_is_refused_for_what_is_not_there),
        STREET_TEST(a_blocked_member_can_neither_earn_nor_spend_until_unblocked),
        STREET_TEST(a_status_cannot_be_planned_ahead),
        STREET_TEST(a_member_with_points_or_held_points_cannot_be_closed),
        STREET_TEST(a_closed_member_refuses_everything),
        STREET_TEST(a_card_belongs_to_one_member_for_ever),
        STREET_TEST(a_blocked_card_is_refused_and_its_member_gets_another),
        STREET_TEST(when_the_cards_that_follow_are_used_up_one_must_be_named),
        STREET_TEST(a_blocked_member_gets_no_card),
    };
    return cmocka_run_group_tests_name("bank member", tests, NULL, NULL);
}
