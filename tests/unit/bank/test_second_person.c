/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Two people: which acts wait for another person, and which do not. */
#include "second_for_tests.h"

#define FOREVER 36500 /* days */

/* accepts */

static void without_a_policy_only_acts_on_ones_own_record_wait(void **state)
{
    (void)state;
    as(ANNE);
    (void)done(test_record(test, 2, 1, 600, -1, DAY));
    const struct entry *own = test_record(test, 1, 1, 30, -1, DAY);
    assert_refusal(own, LB_WAITING, TEST_TODAY + 14, 0, 0);
    as(BEN);
    (void)done(test_record(test, 1, 1, 30, -1, DAY));
}

static void what_waits_moves_nothing_and_stands_in_the_history(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 60, .proposal_days = 3}, DAY);
    const struct entry *entry = record_today(1, 61);
    assert_refusal(entry, LB_WAITING, TEST_TODAY + 3, 0, 0);
    assert_int_equal(entry->postings.count, 0);
    assert_int_equal(entry->earning.member, 0);
    assert_int_equal(entry->links[0].member, 1);
    assert_int_equal(test_points(test, 1), 0);
    struct member_row row;
    assert_true(member_get(street_views(), 1, &row));
    assert_int_equal(row.last_entry, entry->number);
    const struct proposal_row proposal = proposal_of(entry->number);
    assert_int_equal(proposal.expires_day, TEST_TODAY + 3);
    assert_int_equal(proposal.decided_by, 0);
}

static void more_than_a_threshold_waits_and_as_much_does_not(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 120, .back_days = 30, .import_rows = 5},
               DAY);
    (void)done(record_today(1, 120));
    (void)waits(record_today(1, 121));
    (void)done(test_record(test, 1, 1, 60, -1, TEST_TODAY - 30));
    (void)waits(test_record(test, 1, 1, 60, -1, TEST_TODAY - 31));
    struct command import = {.kind = ACT_IMPORT_OPEN, .day = DAY_NONE};
    import.act.import_open = (struct act_import_open){.kind = BYTES_LITERAL("sheet"), .rows = 5};
    (void)done(test_do(test, import));
    import.act.import_open.rows = 6;
    (void)waits(test_do(test, import));
}

static void points_over_the_threshold_wait_whether_earned_held_or_spent(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 600, -1, DAY)); /* 100 points */
    set_policy((struct act_policy_set){.points_centi = 2000}, DAY);
    (void)done(record_today(1, 120));
    (void)waits(record_today(1, 150));
    (void)done(test_redeem(test, 1, 1, 1, 1, TEST_TODAY));
    (void)waits(test_redeem(test, 1, 1, 1, 2, TEST_TODAY));
    const uint64_t ask = done(test_ask(test, 1, 1, 2, 1, TEST_TODAY));
    (void)waits(test_ask(test, 1, 1, 2, 2, TEST_TODAY));
    (void)done(test_give(test, ask, 2, 60, TEST_TODAY));
}

static void thresholds_are_those_in_force_today(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    set_policy((struct act_policy_set){.service_minutes = 100}, TEST_TODAY);
    set_policy((struct act_policy_set){.service_minutes = 10}, TEST_TODAY + 1);
    (void)done(test_record(test, 1, 1, 90, -1, DAY));
    (void)waits(test_record(test, 1, 1, 110, -1, DAY + 1));
}

static void the_giver_may_not_be_the_one_who_records_alone(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 600, -1, DAY));
    const uint64_t ask = done(test_ask(test, 1, 1, 2, 1, DAY));
    as(CLARA);
    (void)waits(test_give(test, ask, 2, 60, DAY));
}

static void to_which_member_ones_own_account_belongs_needs_another(void **state)
{
    (void)state;
    struct command command = {.kind = ACT_PRINCIPAL_SET, .day = DAY_NONE};
    command.act.principal_set = (struct act_principal_set){.principal = BEN, .member = 2};
    (void)waits(test_do(test, command));
    command.act.principal_set.principal = ANNE_2;
    (void)done(test_do(test, command));
    command.act.principal_set = (struct act_principal_set){.principal = ANNE_2, .member = 1};
    (void)done(test_do(test, command));
    as(ANNE); /* her second account would look like another person's */
    command.act.principal_set.member = 2;
    (void)waits(test_do(test, command));
}

static void the_server_itself_waits_for_nobody(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 1, .reversals = true}, DAY);
    as_trusted();
    const uint64_t record = done(record_today(1, 600));
    (void)done(test_reverse(test, record, TEST_TODAY));
}

static void only_what_would_be_done_waits(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.points_centi = 1, .back_days = 1}, DAY);
    assert_code(test_redeem(test, 1, 1, 1, 1, DAY), LB_POINTS_INSUFFICIENT);
    assert_code(test_record(test, 1, 1, 601, -1, DAY), LB_OVER_DAY);
    assert_code(test_record(test, 9, 1, 60, -1, DAY), LB_MEMBER_UNKNOWN);
}

static void one_may_undo_ones_own_last_act_alone_for_a_while(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.reversals = true, .undo_minutes = 10}, DAY);
    const uint64_t first = done(record_today(1, 60));
    const uint64_t last = done(record_today(1, 30));
    (void)waits(test_reverse(test, first, TEST_TODAY)); /* not the last; now neither is */
    (void)waits(test_reverse(test, last, TEST_TODAY));
    const uint64_t again = done(record_today(1, 60));
    test->passed_ms += 10 * 60000 - 1000;
    (void)done(test_reverse(test, again, TEST_TODAY));
    const uint64_t late = done(record_today(1, 60));
    test->passed_ms += 10 * 60000 - 999;
    (void)waits(test_reverse(test, late, TEST_TODAY));
}

static void undoing_what_another_did_or_two_did_needs_a_second_person(void **state)
{
    (void)state;
    set_policy(
        (struct act_policy_set){.service_minutes = 60, .reversals = true, .undo_minutes = 10}, DAY);
    const uint64_t record = done(record_today(1, 60));
    as(CLARA);
    (void)waits(test_reverse(test, record, TEST_TODAY));
    as(BEN);
    const uint64_t proposal = waits(record_today(1, 90));
    const uint64_t both = done(confirm_as(CLARA, proposal));
    as(BEN);
    (void)waits(test_reverse(test, both, TEST_TODAY));
}

static void a_delivery_is_undone_alone_while_it_is_the_newest_at_its_counter(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.reversals = true, .undo_minutes = 10}, DAY);
    const uint64_t delivery = done(test_receive(test, 1, 1, 5, DAY_NONE, TEST_TODAY));
    (void)done(test_reverse(test, delivery, TEST_TODAY));
    const uint64_t other = done(test_receive(test, 1, 1, 5, DAY_NONE, TEST_TODAY));
    (void)done(test_receive(test, 1, 1, 1, DAY_NONE, TEST_TODAY));
    (void)waits(test_reverse(test, other, TEST_TODAY));
}

/* rejects */

static void ones_own_name_is_changed_by_another_alone(void **state)
{
    (void)state;
    struct command update = {.kind = ACT_MEMBER_UPDATE, .day = DAY_NONE};
    update.act.member_update = (struct act_member_update){
        .member = 1,
        .has_person = true,
        .person = {.name = BYTES_LITERAL("李四"), .birth_day = DAY_NONE}};
    as(ANNE);
    assert_code(test_do(test, update), LB_UNAUTHORISED);
    assert_string_equal(test->last.verdict.text, "own record");
    as(BEN);
    (void)done(test_do(test, update));
}

static void what_carries_a_person_never_waits(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.back_days = 1}, DAY);
    (void)done(test_register(test, 77, 1, 0, DAY));
    (void)done(test_record(test, 77, 1, 60, -1, TEST_TODAY));
}

static void thresholds_have_limits(void **state)
{
    (void)state;
    const struct act_policy_set bad[] = {
        {.proposal_days = LB_PROPOSAL_DAYS_MAX + 1},
        {.proposal_days = 7, .service_minutes = LB_DAY_MINUTES + 1},
        {.proposal_days = 7, .points_centi = -1},
        {.proposal_days = 7, .back_days = FOREVER + 1},
        {.proposal_days = 7, .undo_minutes = LB_DAY_MINUTES + 1},
    };
    struct command command = {.kind = ACT_POLICY_SET, .day = DAY_NONE};
    assert_code(test_do(test, command), LB_FIELD_MISSING);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        command.act.policy_set = bad[i];
        assert_code(test_do(test, command), LB_FIELD_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        OPERATORS_TEST(without_a_policy_only_acts_on_ones_own_record_wait),
        OPERATORS_TEST(what_waits_moves_nothing_and_stands_in_the_history),
        OPERATORS_TEST(more_than_a_threshold_waits_and_as_much_does_not),
        OPERATORS_TEST(points_over_the_threshold_wait_whether_earned_held_or_spent),
        OPERATORS_TEST(thresholds_are_those_in_force_today),
        OPERATORS_TEST(the_giver_may_not_be_the_one_who_records_alone),
        OPERATORS_TEST(to_which_member_ones_own_account_belongs_needs_another),
        OPERATORS_TEST(the_server_itself_waits_for_nobody),
        OPERATORS_TEST(only_what_would_be_done_waits),
        OPERATORS_TEST(one_may_undo_ones_own_last_act_alone_for_a_while),
        OPERATORS_TEST(undoing_what_another_did_or_two_did_needs_a_second_person),
        OPERATORS_TEST(a_delivery_is_undone_alone_while_it_is_the_newest_at_its_counter),
        /* rejects */
        OPERATORS_TEST(ones_own_name_is_changed_by_another_alone),
        OPERATORS_TEST(what_carries_a_person_never_waits),
        OPERATORS_TEST(thresholds_have_limits),
    };
    return cmocka_run_group_tests_name("bank second person", tests, NULL, NULL);
}
