/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Two people: what waits, who may decide it, and what a confirmed proposal becomes. */
#include "street_for_tests.h"

#define DAY     16900 /* 2016-04-09 */
#define ANNE    1     /* principal: an operator who is member 1 */
#define ANNE_2  2     /* her second account */
#define BEN     3     /* who is no member */
#define CLARA   4     /* who is member 2 */
#define FOREVER 36500

static void as(uint32_t principal)
{
    test->actor = (struct actor){.principal = principal};
}

static void as_trusted(void)
{
    test->actor = (struct actor){.peer = 1001, .is_trusted = true};
}

static void open_operator(struct bytes login, uint64_t member)
{
    static const uint8_t code[LB_HASH_BYTES] = {1};
    const struct act_operator_open act = {.login = login,
                                          .member = member,
                                          .credential = {.kind = CREDENTIAL_ONE_TIME,
                                                         .verifier = {code, sizeof(code)},
                                                         .expires_ms = 1}};
    (void)done(test_do(
        test,
        (struct command){.kind = ACT_OPERATOR_OPEN, .day = DAY_NONE, .act.operator_open = act}));
}

static int operators_set_up(void **state)
{
    (void)street_set_up(state);
    open_operator(BYTES_LITERAL("anne"), 1);
    open_operator(BYTES_LITERAL("anne-2"), 1);
    open_operator(BYTES_LITERAL("ben"), 0);
    open_operator(BYTES_LITERAL("clara"), 2);
    as(BEN);
    return 0;
}

#define OPERATORS_TEST(name) \
    cmocka_unit_test_setup_teardown(name, operators_set_up, street_tear_down)

/* By the server itself, so that it does not wait for anybody. */
static void set_policy(struct act_policy_set policy, int32_t day)
{
    const struct actor asks = test->actor;
    policy.proposal_days = policy.proposal_days == 0 ? 7 : policy.proposal_days;
    as_trusted();
    (void)done(test_do(
        test, (struct command){.kind = ACT_POLICY_SET, .day = day, .act.policy_set = policy}));
    test->actor = asks;
}

static uint64_t waits(const struct entry *entry)
{
    assert_code(entry, LB_WAITING);
    return entry->number;
}

static const struct entry *decide(uint64_t proposal, bool confirm)
{
    return test_do(test, (struct command){.kind = ACT_PROPOSAL_DECIDE,
                                          .day = DAY_NONE,
                                          .memo = BYTES_LITERAL("看过了"),
                                          .act.proposal_decide = {.proposal = {.entry = proposal},
                                                                  .confirm = confirm}});
}

static const struct entry *confirm_as(uint32_t principal, uint64_t proposal)
{
    as(principal);
    return decide(proposal, true);
}

static struct proposal_row proposal_of(uint64_t entry)
{
    struct proposal_row row;
    assert_true(proposal_get(street_views(), entry, &row));
    return row;
}

static const struct entry *record_today(uint64_t member, uint32_t minutes)
{
    return test_record(test, member, 1, minutes, -1, TEST_TODAY);
}

/* accepts: what waits */

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

/* accepts: deciding */

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
        OPERATORS_TEST(a_confirmed_proposal_is_an_entry_of_what_was_proposed),
        OPERATORS_TEST(a_confirmed_proposal_joins_its_import_and_its_counter),
        OPERATORS_TEST(what_is_refused_when_it_is_confirmed_was_decided),
        OPERATORS_TEST(what_cannot_be_looked_up_any_more_goes_on_waiting),
        OPERATORS_TEST(a_refused_proposal_changes_nothing_but_itself),
        OPERATORS_TEST(the_id_of_what_was_confirmed_means_what_was_done),
        OPERATORS_TEST(a_proposal_can_be_named_by_its_id),
        OPERATORS_TEST(an_own_record_is_changed_when_another_confirms),
        OPERATORS_TEST(proposals_are_listed_from_the_newest),
        /* rejects */
        OPERATORS_TEST(a_proposal_is_decided_on_its_last_day_and_not_after_it),
        OPERATORS_TEST(nobody_decides_on_ones_own_proposal_nor_on_what_one_gains_by),
        OPERATORS_TEST(what_never_waited_cannot_be_decided),
        OPERATORS_TEST(ones_own_name_is_changed_by_another_alone),
        OPERATORS_TEST(what_carries_a_person_never_waits),
        OPERATORS_TEST(thresholds_have_limits),
        OPERATORS_TEST(a_decision_names_the_proposal_and_a_refusal_its_reason),
    };
    return cmocka_run_group_tests_name("bank second person", tests, NULL, NULL);
}
