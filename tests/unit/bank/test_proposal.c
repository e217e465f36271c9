/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Proposals: who may decide one, and what it becomes. */
#include "second_for_tests.h"

/* accepts */

static void a_confirmed_proposal_is_an_entry_of_what_was_proposed(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    const uint64_t proposal = waits(test_record(test, 1, 1, 120, -1, DAY));
    const struct entry *entry = confirm_as(CLARA, proposal);
    const uint64_t number = done(entry);
    assert_int_equal(entry->command.kind, ACT_SERVICE_RECORD);
    assert_int_equal(entry->command.act.service_record.minutes, 120);
    assert_false(id_equal(&entry->command.id, &test->log[proposal]->command.id));
    assert_int_equal(entry->day, DAY);
    assert_int_equal(entry->actor.principal, BEN);
    assert_int_equal(entry->approver, CLARA);
    assert_int_equal(entry->proposal, proposal);
    assert_int_equal(entry->link_count, 1);
    assert_int_equal(entry->links[0].previous_entry, proposal);
    assert_int_equal(test_points(test, 1), 2000);
    const struct proposal_row row = proposal_of(proposal);
    assert_int_equal(row.decided_by, number);
    assert_true(row.is_confirmed);
}

static void a_confirmed_proposal_joins_its_import_and_its_counter(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 240, -1, DAY)); /* 40 points */
    struct command import = {.kind = ACT_IMPORT_OPEN, .day = DAY_NONE};
    import.act.import_open = (struct act_import_open){.kind = BYTES_LITERAL("sheet"), .rows = 1};
    (void)done(test_do(test, import));
    set_policy((struct act_policy_set){.points_centi = 1}, DAY);
    struct command redeem = {.kind = ACT_REDEEM, .day = DAY, .import = 1};
    redeem.act.redeem = (struct act_redeem){
        .member = {.member = 1}, .counter = 1, .lines = {{1, 1}}, .line_count = 1};
    const uint64_t proposal = waits(test_do(test, redeem));
    const struct entry *entry = confirm_as(CLARA, proposal);
    (void)done(entry);
    assert_int_equal(entry->command.import, 1);
    assert_int_equal(entry->chain_count, 2);
    assert_int_equal(entry_chain(entry, CHAIN_IMPORT)->previous_entry, proposal);
    assert_int_equal(entry_chain(entry, CHAIN_COUNTER)->previous_entry, proposal);
}

static void what_is_refused_when_it_is_confirmed_was_decided(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 240, -1, DAY)); /* 40 points */
    set_policy((struct act_policy_set){.points_centi = 3000}, DAY);
    const uint64_t proposal = waits(test_redeem(test, 1, 1, 1, 2, TEST_TODAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, TEST_TODAY));
    const struct entry *entry = confirm_as(CLARA, proposal);
    assert_refusal(entry, LB_POINTS_INSUFFICIENT, 2000, 4000, 0);
    assert_int_equal(entry->command.kind, ACT_REDEEM);
    assert_int_equal(entry->postings.count, 0);
    assert_int_equal(proposal_of(proposal).decided_by, entry->number);
    assert_code(confirm_as(CLARA, proposal), LB_PROPOSAL_DECIDED);
}

static void what_cannot_be_looked_up_any_more_goes_on_waiting(void **state)
{
    (void)state;
    as_trusted();
    (void)done(test_open_org(test, 7, 1, TEST_START));
    struct command record = {.kind = ACT_SERVICE_RECORD, .day = TEST_TODAY};
    record.act.service_record = (struct act_service_record){
        .member = {.member = 1}, .category = 1, .minutes = 90, .start_minute = -1, .org = 7};
    struct command close = {.kind = ACT_ORG_UPDATE, .day = TEST_TODAY};
    close.act.org_update = (struct act_org_update){.org = 7, .close = true};
    as(BEN);
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    const uint64_t proposal = waits(test_do(test, record));
    as_trusted();
    (void)done(test_do(test, close));
    const uint64_t head = test->head;
    assert_code(confirm_as(CLARA, proposal), LB_ORG_CLOSED);
    assert_int_equal(test->head, head);
    assert_int_equal(proposal_of(proposal).decided_by, 0);
}

static void a_refused_proposal_changes_nothing_but_itself(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    const uint64_t proposal = waits(record_today(1, 90));
    as(CLARA);
    const struct entry *entry = decide(proposal, false);
    const uint64_t number = done(entry);
    assert_int_equal(entry->command.kind, ACT_PROPOSAL_DECIDE);
    assert_int_equal(entry->target_entry, proposal);
    assert_int_equal(entry->actor.principal, CLARA);
    assert_int_equal(entry->proposal, 0);
    assert_int_equal(entry->links[0].member, 1);
    assert_int_equal(test_points(test, 1), 0);
    const struct proposal_row row = proposal_of(proposal);
    assert_int_equal(row.decided_by, number);
    assert_false(row.is_confirmed);
}

static void the_id_of_what_was_confirmed_means_what_was_done(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    const uint64_t proposal = waits(record_today(1, 90));
    const uint64_t number = done(confirm_as(CLARA, proposal));
    as(BEN);
    struct command reverse = {.kind = ACT_REVERSE, .day = DAY_NONE, .memo = BYTES_LITERAL("错")};
    reverse.act.reverse = (struct entry_ref){.request = test->log[proposal]->command.id};
    assert_int_equal(test_do(test, reverse)->target_entry, number);
    (void)done(&test->last);
    assert_int_equal(test_points(test, 1), 0);
}

static void a_proposal_can_be_named_by_its_id(void **state)
{
    (void)state;
    as(ANNE);
    const uint64_t proposal = waits(record_today(1, 60));
    struct command command = {.kind = ACT_PROPOSAL_DECIDE, .day = DAY_NONE};
    command.act.proposal_decide = (struct act_proposal_decide){
        .proposal = {.request = test->log[proposal]->command.id}, .confirm = true};
    as(BEN);
    (void)done(test_do(test, command));
    assert_refusal(test_do(test, command), LB_PROPOSAL_DECIDED, proposal,
                   proposal_of(proposal).decided_by, 0);
}

static void an_own_record_is_changed_when_another_confirms(void **state)
{
    (void)state;
    as(ANNE);
    const uint64_t proposal = waits(record_today(1, 60));
    (void)done(confirm_as(BEN, proposal));
    assert_int_equal(test_points(test, 1), 1000);
}

static void proposals_are_listed_from_the_newest(void **state)
{
    (void)state;
    struct proposal_row row;
    assert_false(proposal_at_or_below(street_views(), UINT64_MAX, &row));
    as(ANNE);
    const uint64_t first = waits(record_today(1, 60));
    (void)done(record_today(2, 60));
    const uint64_t second = waits(record_today(1, 30));
    assert_true(proposal_at_or_below(street_views(), UINT64_MAX, &row));
    assert_int_equal(row.entry, second);
    assert_true(proposal_at_or_below(street_views(), second - 1, &row));
    assert_int_equal(row.entry, first);
    assert_false(proposal_at_or_below(street_views(), first - 1, &row));
}

/* rejects */

static void a_proposal_is_decided_on_its_last_day_and_not_after_it(void **state)
{
    (void)state;
    as(ANNE);
    const uint64_t first = waits(record_today(1, 60));
    const uint64_t second = waits(record_today(1, 60));
    test->today_day = TEST_TODAY + 14;
    (void)done(confirm_as(BEN, first));
    test->today_day++;
    assert_refusal(confirm_as(BEN, second), LB_PROPOSAL_EXPIRED, second, TEST_TODAY + 14, 0);
    assert_int_equal(proposal_of(second).decided_by, 0);
}

static void nobody_decides_on_ones_own_proposal_nor_on_what_one_gains_by(void **state)
{
    (void)state;
    as(ANNE);
    const uint64_t own = waits(record_today(1, 60));
    assert_refusal(confirm_as(ANNE, own), LB_SECOND_PERSON, own, 0, 0);
    assert_code(confirm_as(ANNE_2, own), LB_SECOND_PERSON);
    assert_code(confirm_as(0, own), LB_SECOND_PERSON);
    set_policy((struct act_policy_set){.service_minutes = 1}, DAY);
    as(ANNE);
    const uint64_t of_clara = waits(record_today(2, 60));
    assert_code(confirm_as(ANNE_2, of_clara), LB_SECOND_PERSON); /* the same person again */
    assert_code(confirm_as(CLARA, of_clara), LB_SECOND_PERSON);  /* she gains by it */
    as(CLARA);
    assert_code(decide(of_clara, false), LB_SECOND_PERSON);
    assert_int_equal(proposal_of(of_clara).decided_by, 0);
    (void)done(confirm_as(BEN, of_clara));
}

static void who_may_not_do_it_any_more_is_not_helped_to_it(void **state)
{
    (void)state;
    struct command lock = {.kind = ACT_PRINCIPAL_SET, .day = DAY_NONE};
    lock.act.principal_set = (struct act_principal_set){.principal = BEN};
    set_policy((struct act_policy_set){.service_minutes = 60}, DAY);
    const uint64_t first = waits(record_today(1, 90));
    const uint64_t second = waits(record_today(1, 90));
    set_roles(BEN, (struct roles){.items = {{ROLE_VIEWER, 0}}, .count = 1});
    assert_code(confirm_as(CLARA, first), LB_UNAUTHORISED);
    assert_string_equal(test->last.verdict.text, "proposer");
    assert_int_equal(proposal_of(first).decided_by, 0);
    (void)done(decide(first, false)); /* it can be refused */
    set_roles(BEN, (struct roles){.items = {{ROLE_DESK, 1}}, .count = 1});
    as_trusted();
    lock.act.principal_set.state = PRINCIPAL_CLOSED;
    (void)done(test_do(test, lock));
    assert_refusal(confirm_as(CLARA, second), LB_PRINCIPAL_LOCKED, BEN, 0, 0);
    assert_int_equal(test_points(test, 1), 0);
}

static void a_reversal_is_confirmed_though_asking_looks_at_its_target(void **state)
{
    (void)state;
    set_policy((struct act_policy_set){.reversals = true}, DAY);
    const uint64_t record = done(record_today(1, 60));
    set_roles(BEN, (struct roles){.items = {{ROLE_DESK, 1}}, .count = 1});
    const uint64_t proposal = waits(test_reverse(test, record, TEST_TODAY));
    const struct entry *entry = confirm_as(CLARA, proposal);
    (void)done(entry);
    assert_int_equal(entry->proposal, proposal);
    assert_int_equal(entry->target_entry, record);
    assert_int_equal(test_points(test, 1), 0);
}

/* Else one would log out and confirm at the same desk, in the desk's name. */
static void the_device_at_which_it_was_proposed_is_no_second_person(void **state)
{
    (void)state;
    struct command open = {.kind = ACT_DEVICE_OPEN, .day = DAY_NONE};
    open.act.device_open =
        (struct act_device_open){.name = BYTES_LITERAL("一号窗口"), .org = 1, .token_hash = {1}};
    const uint32_t device = (uint32_t)test_do(test, open)->assigned;
    set_roles(device, (struct roles){.items = {{ROLE_REVIEWER, 0}}, .count = 1});
    test->actor = (struct actor){.principal = ANNE, .device = device};
    const uint64_t proposal = waits(record_today(1, 60));
    assert_refusal(confirm_as(device, proposal), LB_SECOND_PERSON, proposal, 0, 0);
    (void)done(confirm_as(BEN, proposal));
}

static void what_never_waited_cannot_be_decided(void **state)
{
    (void)state;
    const uint64_t record = done(record_today(1, 60));
    assert_refusal(decide(record, true), LB_NOT_A_PROPOSAL, record, 0, 0);
    assert_code(decide(test->head + 1, true), LB_ENTRY_UNKNOWN);
    as(ANNE);
    const uint64_t proposal = waits(record_today(1, 60));
    as(BEN);
    const uint64_t refusal = done(decide(proposal, false));
    assert_code(decide(refusal, true), LB_NOT_A_PROPOSAL);
    assert_refusal(decide(proposal, true), LB_PROPOSAL_DECIDED, proposal, refusal, 0);
}

static void a_decision_names_the_proposal_and_a_refusal_its_reason(void **state)
{
    (void)state;
    struct command command = {.kind = ACT_PROPOSAL_DECIDE, .day = DAY_NONE};
    command.act.proposal_decide.confirm = true;
    assert_code(test_do(test, command), LB_FIELD_MISSING);
    assert_string_equal(test->last.verdict.text, "proposal");
    command.act.proposal_decide =
        (struct act_proposal_decide){.proposal = {.entry = 1}, .confirm = false};
    assert_code(test_do(test, command), LB_FIELD_MISSING);
    assert_string_equal(test->last.verdict.text, "memo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        OPERATORS_TEST(a_confirmed_proposal_is_an_entry_of_what_was_proposed),
        OPERATORS_TEST(a_confirmed_proposal_joins_its_import_and_its_counter),
        OPERATORS_TEST(what_is_refused_when_it_is_confirmed_was_decided),
        OPERATORS_TEST(what_cannot_be_looked_up_any_more_goes_on_waiting),
        OPERATORS_TEST(a_refused_proposal_changes_nothing_but_itself),
        OPERATORS_TEST(the_id_of_what_was_confirmed_means_what_was_done),
        OPERATORS_TEST(a_proposal_can_be_named_by_its_id),
        OPERATORS_TEST(an_own_record_is_changed_when_another_confirms),
        OPERATORS_TEST(a_reversal_is_confirmed_though_asking_looks_at_its_target),
        OPERATORS_TEST(proposals_are_listed_from_the_newest),
        /* rejects */
        OPERATORS_TEST(a_proposal_is_decided_on_its_last_day_and_not_after_it),
        OPERATORS_TEST(nobody_decides_on_ones_own_proposal_nor_on_what_one_gains_by),
        OPERATORS_TEST(who_may_not_do_it_any_more_is_not_helped_to_it),
        OPERATORS_TEST(the_device_at_which_it_was_proposed_is_no_second_person),
        OPERATORS_TEST(what_never_waited_cannot_be_decided),
        OPERATORS_TEST(a_decision_names_the_proposal_and_a_refusal_its_reason),
    };
    return cmocka_run_group_tests_name("bank proposal", tests, NULL, NULL);
}
