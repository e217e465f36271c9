/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* For which org each command counts, and that nobody gives more than he has. */
#include "access_for_tests.h"

/* ---- where a command counts ---- */

/* Sent by one with that role over each org in turn: allowed where the org is that or above it. */
static void assert_counts_for(enum role role, struct command command, uint64_t org)
{
    static const uint64_t tops[] = {0, TOP, OWN, BELOW, OUTSIDE};
    for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
        done(set_role(OPERATOR, DAY_NONE, role, tops[i]));
        enum lb_result code = sent_by((struct actor){.principal = OPERATOR}, command).code;
        bool is_within =
            tops[i] == 0 || (org != 0 && org_is_within(views_now(), org, tops[i], test->today_day));
        if (code != (is_within ? LB_OK : LB_OUT_OF_SCOPE)) {
            fail_msg("act %d counts for %d: over %d it is %s", (int)command.kind, (int)org,
                     (int)tops[i], lb_result_name((int)code));
        }
    }
}

static void acts_of_the_registry_count_for_the_org_they_name_or_the_whole_book(void **state)
{
    (void)state;
    struct command c = {.kind = ACT_ORG_OPEN, .day = DAY_NONE, .act.org_open.parent = OWN};
    assert_counts_for(ROLE_ADMINISTRATOR, c, OWN);
    c.act.org_open.parent = 0;
    assert_counts_for(ROLE_ADMINISTRATOR, c, 0);
    c = (struct command){.kind = ACT_ORG_UPDATE, .day = DAY_NONE, .act.org_update.org = BELOW};
    assert_counts_for(ROLE_ADMINISTRATOR, c, BELOW);
    c.act.org_update.parent = OUTSIDE; /* and where it goes: what is above both */
    assert_counts_for(ROLE_ADMINISTRATOR, c, TOP);
    c = (struct command){.kind = ACT_COUNTER_OPEN, .day = DAY_NONE, .act.counter_open.org = OWN};
    assert_counts_for(ROLE_ADMINISTRATOR, c, OWN);
    c = (struct command){.kind = ACT_ACTIVITY_OPEN, .day = DAY_NONE, .act.activity_open.org = OWN};
    assert_counts_for(ROLE_DESK, c, OWN);
    static const enum act_kind whole[] = {ACT_CLASS_SET,      ACT_TARIFF_SET, ACT_ITEM_SET,
                                          ACT_STAR_TABLE_SET, ACT_POLICY_SET, ACT_KEY_ROTATE};
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        assert_counts_for(ROLE_ADMINISTRATOR, sample_command(whole[i]), 0);
    }
}

static void acts_on_a_member_count_for_its_org(void **state)
{
    (void)state;
    struct command c = {
        .kind = ACT_MEMBER_REGISTER, .day = DAY_NONE, .act.member_register.org = OWN};
    assert_counts_for(ROLE_DESK, c, OWN);
    done(test_do(test, (struct command){.kind = ACT_MEMBER_UPDATE,
                                        .day = SAMPLE_DAY,
                                        .act.member_update = {.member = MEMBER, .org = OUTSIDE}}));
    c = (struct command){.kind = ACT_SERVICE_RECORD, .day = SAMPLE_DAY - 1};
    c.act.service_record.member.member = MEMBER;
    assert_counts_for(ROLE_DESK, c, OWN); /* of that day */
    c.day = TEST_START - 9;               /* before it joined: so that this can be told */
    assert_counts_for(ROLE_DESK, c, OUTSIDE);
    c.day = DAY_NONE;
    assert_counts_for(ROLE_DESK, c, OUTSIDE);
}

/* A desk that the member has left would reach names and cards by an earlier day. */
static void members_and_cards_are_kept_by_the_org_of_today_whatever_the_day(void **state)
{
    (void)state;
    done(test_do(test, (struct command){.kind = ACT_MEMBER_UPDATE,
                                        .day = SAMPLE_DAY,
                                        .act.member_update = {.member = MEMBER, .org = OUTSIDE}}));
    const struct command of_member[] = {
        {.kind = ACT_MEMBER_UPDATE, .act.member_update.member = MEMBER},
        {.kind = ACT_MEMBER_CLOSE, .act.member_close = MEMBER},
        {.kind = ACT_CARD_ISSUE, .act.card.member = MEMBER},
        {.kind = ACT_CARD_BLOCK, .act.card.card = lb_card_of_serial(MEMBER)},
        {.kind = ACT_CARD_REPLACE, .act.card.card = lb_card_of_serial(MEMBER)},
        {.kind = ACT_CONSENT_SET, .act.consent_set.member = MEMBER},
        {.kind = ACT_REVEAL, .act.reveal = MEMBER},
        {.kind = ACT_MEMBER_ERASE, .act.member_erase = MEMBER},
    };
    static const int32_t days[] = {TEST_START - 9, SAMPLE_DAY - 1, DAY_NONE, TEST_TODAY + 9};
    for (size_t i = 0; i < sizeof(of_member) / sizeof(of_member[0]); i++) {
        struct command c = of_member[i];
        for (size_t k = 0; k < sizeof(days) / sizeof(days[0]); k++) {
            c.day = days[k];
            assert_counts_for(ROLE_ADMINISTRATOR, c, OUTSIDE);
        }
    }
}

static void a_desk_records_for_members_of_others_at_its_own_org(void **state)
{
    (void)state;
    struct command c = {.kind = ACT_SERVICE_RECORD, .day = DAY_NONE};
    c.act.service_record.member.member = MEMBER;
    assert_counts_for(ROLE_DESK, c, OWN);
    c.act.service_record.org = OUTSIDE;
    assert_counts_for(ROLE_DESK, c, OUTSIDE);
}

static void an_opening_balance_counts_for_the_org_of_its_member_on_that_day(void **state)
{
    (void)state;
    struct command c = sample_command(ACT_OPENING_BALANCE);
    c.act.opening_balance.member.member = MEMBER;
    c.day = DAY_NONE;
    assert_counts_for(ROLE_DESK, c, OWN);
    assert_counts_for(ROLE_ADMINISTRATOR, c, OWN);
    done(test_do(test, (struct command){.kind = ACT_MEMBER_UPDATE,
                                        .day = SAMPLE_DAY,
                                        .act.member_update = {.member = MEMBER, .org = OUTSIDE}}));
    assert_counts_for(ROLE_DESK, c, OUTSIDE);
    c.day = SAMPLE_DAY - 1;
    assert_counts_for(ROLE_DESK, c, OWN);
}

static void deeds_count_for_the_org_of_their_counter(void **state)
{
    (void)state;
    struct command c = {.kind = ACT_REDEEM, .day = DAY_NONE};
    c.act.redeem = (struct act_redeem){.member = {.member = MEMBER}, .counter = 4};
    assert_counts_for(ROLE_COUNTER, c, OUTSIDE);
    c = (struct command){.kind = ACT_STOCK_RECEIVE, .day = DAY_NONE};
    c.act.stock_receive.counter = 2;
    assert_counts_for(ROLE_COUNTER, c, OWN);
    c = (struct command){.kind = ACT_SERVICE_ASK, .day = DAY_NONE};
    c.act.service_ask = (struct act_service_ask){.member = {.member = MEMBER}, .counter = 2};
    assert_counts_for(ROLE_DESK, c, OWN);
    done(test_record(test, MEMBER, 1, 300, -1, SAMPLE_DAY));
    uint64_t ask = done(test_ask(test, MEMBER, 4, 2, 1, SAMPLE_DAY));
    c = (struct command){
        .kind = ACT_SERVICE_GIVE, .day = DAY_NONE, .act.service_give.ask.entry = ask};
    assert_counts_for(ROLE_DESK, c, OUTSIDE);
    c = (struct command){
        .kind = ACT_SERVICE_RELEASE, .day = DAY_NONE, .act.service_release.entry = ask};
    assert_counts_for(ROLE_COUNTER, c, OUTSIDE);
}

static void a_reversal_counts_where_its_target_does(void **state)
{
    (void)state;
    uint64_t record = done(test_record(test, MEMBER, 1, 300, -1, SAMPLE_DAY));
    struct command c = {.kind = ACT_REVERSE, .day = DAY_NONE, .act.reverse.entry = record};
    assert_counts_for(ROLE_DESK, c, OWN);
    c.act.reverse = (struct entry_ref){.request = test->log[record]->command.id};
    assert_counts_for(ROLE_DESK, c, OWN);
    /* Refusals have no org of their own. */
    assert_code(test_redeem(test, MEMBER, 4, 1, 1000, SAMPLE_DAY), LB_POINTS_INSUFFICIENT);
    c.act.reverse = (struct entry_ref){.entry = test->head};
    assert_counts_for(ROLE_COUNTER, c, OUTSIDE);
    assert_code(test_record(test, MEMBER, 1, 600, -1, SAMPLE_DAY), LB_OVER_DAY);
    c.act.reverse = (struct entry_ref){.entry = test->head};
    assert_counts_for(ROLE_DESK, c, OWN);
}

static void deciding_counts_where_what_was_proposed_does(void **state)
{
    (void)state;
    struct command c = sample_command(ACT_PROPOSAL_DECIDE); /* a record of member 2, of org 1 */
    assert_counts_for(ROLE_REVIEWER, c, TOP);
    c.act.proposal_decide.proposal.entry = 9999;
    assert_counts_for(ROLE_REVIEWER, c, 0);
}

static void what_is_not_there_is_told_to_those_over_the_whole_book(void **state)
{
    (void)state;
    const struct command unknown[] = {
        {.kind = ACT_MEMBER_CLOSE, .act.member_close = 99},
        {.kind = ACT_CARD_BLOCK, .act.card.card = lb_card_of_serial(99)},
        {.kind = ACT_REVERSE, .act.reverse.entry = 9999},
        {.kind = ACT_REVERSE, .act.reverse.request = {{0xee}}},
        {.kind = ACT_MEMBER_REGISTER, .act.member_register.org = 99},
    };
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        struct command c = unknown[i];
        c.day = DAY_NONE;
        assert_counts_for(ROLE_DESK, c, 0);
    }
    struct command c = {.kind = ACT_REDEEM, .day = DAY_NONE, .act.redeem.counter = 99};
    assert_counts_for(ROLE_COUNTER, c, 0);
}

static void a_command_without_an_act_is_not_allowed(void **state)
{
    (void)state;
    const struct command nothing = {.kind = ACT_NONE, .day = DAY_NONE};
    const struct command unknown = {.kind = (enum act_kind)99, .day = DAY_NONE};
    assert_int_equal(sent_by((struct actor){.principal = ADMINISTRATOR}, nothing).code,
                     LB_UNAUTHORISED);
    assert_int_equal(sent_by((struct actor){.principal = 0}, nothing).code, LB_UNAUTHORISED);
    assert_int_equal(sent_by((struct actor){.principal = ADMINISTRATOR}, unknown).code,
                     LB_UNAUTHORISED);
    assert_int_equal(sent_by((struct actor){.is_trusted = true}, nothing).code, LB_OK);
}

static void imports_and_operators_are_opened_from_any_scope(void **state)
{
    (void)state;
    const struct actor actor = {.principal = OPERATOR};
    done(set_role(OPERATOR, DAY_NONE, ROLE_DESK, BELOW));
    assert_int_equal(sent_by(actor, sample_command(ACT_IMPORT_OPEN)).code, LB_OK);
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, BELOW));
    assert_int_equal(sent_by(actor, sample_command(ACT_OPERATOR_OPEN)).code, LB_OK);
}

/* A change holds from its day on, so also today. */
static void a_parent_that_was_does_not_change_an_org_by_an_earlier_day(void **state)
{
    (void)state;
    done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = SAMPLE_DAY,
                                        .act.org_update = {.org = BELOW, .parent = OUTSIDE}}));
    struct command c = {.kind = ACT_ORG_UPDATE, .day = SAMPLE_DAY - 1};
    c.act.org_update = (struct act_org_update){.org = BELOW, .close = true};
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, OWN));
    assert_int_equal(sent_by((struct actor){.principal = OPERATOR}, c).code, LB_OUT_OF_SCOPE);
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, OUTSIDE));
    assert_int_equal(sent_by((struct actor){.principal = OPERATOR}, c).code, LB_OK);
}

/* ---- nobody gives more than he has ---- */

static enum lb_result administrator_of_own_sends(struct command command)
{
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, OWN));
    return sent_by((struct actor){.principal = OPERATOR}, command).code;
}

static struct command role_command(uint32_t principal, int32_t day, enum role role, uint64_t org)
{
    return (struct command){
        .kind = ACT_ROLE_SET,
        .day = day,
        .act.role_set = {.principal = principal, .roles = {.items = {{role, org}}, .count = 1}}};
}

static uint32_t open_operator(void)
{
    struct command open = sample_command(ACT_OPERATOR_OPEN);
    open.id = test_id(test);
    done(test_do(test, open));
    return (uint32_t)test->last.assigned;
}

static void roles_are_given_within_ones_own_scope(void **state)
{
    (void)state;
    uint32_t other = open_operator();
    done(set_role(other, DAY_NONE, ROLE_VIEWER, OWN));
    assert_int_equal(administrator_of_own_sends(role_command(other, DAY_NONE, ROLE_DESK, OWN)),
                     LB_OK);
    assert_int_equal(administrator_of_own_sends(role_command(other, DAY_NONE, ROLE_DESK, BELOW)),
                     LB_OK);
    assert_int_equal(administrator_of_own_sends(role_command(other, DAY_NONE, ROLE_VIEWER, TOP)),
                     LB_OUT_OF_SCOPE);
    assert_int_equal(administrator_of_own_sends(role_command(other, DAY_NONE, ROLE_VIEWER, 0)),
                     LB_OUT_OF_SCOPE);
    struct command two = role_command(other, DAY_NONE, ROLE_DESK, OWN);
    two.act.role_set.roles.items[1] = (struct role_in_org){ROLE_VIEWER, OUTSIDE};
    two.act.role_set.roles.count = 2;
    assert_int_equal(administrator_of_own_sends(two), LB_OUT_OF_SCOPE);
    assert_int_equal(administrator_of_own_sends(role_command(99, DAY_NONE, ROLE_DESK, OWN)),
                     LB_OUT_OF_SCOPE);
}

/* Roles, codes and states of an account that has, or will have, a role elsewhere. */
static void an_account_with_roles_elsewhere_is_out_of_scope(void **state)
{
    (void)state;
    uint32_t other = open_operator();
    struct command code = {.kind = ACT_CREDENTIAL_SET, .day = DAY_NONE};
    code.act.credential_set =
        (struct act_credential_set){.principal = other, .credential = sample_code()};
    const struct command lock = {
        .kind = ACT_PRINCIPAL_SET,
        .day = DAY_NONE,
        .act.principal_set = {.principal = other, .state = PRINCIPAL_IS_LOCKED}};
    const struct command roles = role_command(other, DAY_NONE, ROLE_DESK, OWN);
    done(set_role(other, DAY_NONE, ROLE_DESK, BELOW));
    assert_int_equal(administrator_of_own_sends(code), LB_OK);
    assert_int_equal(administrator_of_own_sends(lock), LB_OK);
    done(set_role(other, TEST_TODAY + 30, ROLE_DESK, OUTSIDE));
    assert_int_equal(administrator_of_own_sends(code), LB_OUT_OF_SCOPE);
    assert_int_equal(administrator_of_own_sends(lock), LB_OUT_OF_SCOPE);
    assert_int_equal(administrator_of_own_sends(roles), LB_OUT_OF_SCOPE);
    done(set_role(other, DAY_NONE, ROLE_VIEWER, 0));
    assert_int_equal(administrator_of_own_sends(code), LB_OUT_OF_SCOPE);
    assert_int_equal(administrator_of_own_sends(roles), LB_OUT_OF_SCOPE);
}

/* A day on which the org stood elsewhere does not help: the roles would be used today. */
static void a_day_that_has_passed_gives_no_scope_over_accounts(void **state)
{
    (void)state;
    uint32_t other = open_operator();
    done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = SAMPLE_DAY,
                                        .act.org_update = {.org = BELOW, .parent = OUTSIDE}}));
    assert_int_equal(
        administrator_of_own_sends(role_command(other, SAMPLE_DAY - 1, ROLE_DESK, BELOW)),
        LB_OUT_OF_SCOPE);
    struct command device = sample_command(ACT_DEVICE_OPEN);
    device.act.device_open.org = BELOW;
    device.day = SAMPLE_DAY - 1;
    assert_int_equal(administrator_of_own_sends(device), LB_OUT_OF_SCOPE);
    device.act.device_open.org = OWN;
    assert_int_equal(administrator_of_own_sends(device), LB_OK);
}

static void a_device_is_of_its_org(void **state)
{
    (void)state;
    const struct command lock = {
        .kind = ACT_PRINCIPAL_SET,
        .day = DAY_NONE,
        .act.principal_set = {.principal = DEVICE, .state = PRINCIPAL_IS_LOCKED}};
    assert_int_equal(administrator_of_own_sends(lock), LB_OUT_OF_SCOPE); /* it is of org 1 */
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, TOP));
    assert_int_equal(sent_by((struct actor){.principal = OPERATOR}, lock).code, LB_OK);
}

static enum lb_result sets_code(uint32_t principal, uint32_t of)
{
    struct command code = {.kind = ACT_CREDENTIAL_SET, .day = DAY_NONE};
    code.act.credential_set =
        (struct act_credential_set){.principal = of, .credential = sample_code()};
    return sent_by((struct actor){.principal = principal}, code).code;
}

/* Else any administrator could set its code, and wait in it for the roles that it is to have. */
static void an_account_without_roles_is_its_opener_s(void **state)
{
    (void)state;
    uint32_t other = open_operator();
    done(set_role(other, DAY_NONE, ROLE_ADMINISTRATOR, OUTSIDE));
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, OWN));
    test->actor = (struct actor){.principal = OPERATOR, .is_trusted = true};
    struct command open = sample_command(ACT_OPERATOR_OPEN);
    open.id = test_id(test);
    open.act.operator_open.login = (struct bytes)BYTES_LITERAL("newcomer");
    uint32_t newcomer = (uint32_t)test_do(test, open)->assigned;
    assert_int_equal(sets_code(OPERATOR, newcomer), LB_OK);
    assert_int_equal(sets_code(other, newcomer), LB_OUT_OF_SCOPE);
    assert_int_equal(sets_code(ADMINISTRATOR, newcomer), LB_OK);
    done(set_role(newcomer, TEST_TODAY + 9, ROLE_DESK, OWN)); /* now it is of its roles */
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, BELOW));
    assert_int_equal(sets_code(OPERATOR, newcomer), LB_OUT_OF_SCOPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        ACCESS_TEST(acts_of_the_registry_count_for_the_org_they_name_or_the_whole_book),
        ACCESS_TEST(acts_on_a_member_count_for_its_org),
        ACCESS_TEST(members_and_cards_are_kept_by_the_org_of_today_whatever_the_day),
        ACCESS_TEST(a_desk_records_for_members_of_others_at_its_own_org),
        ACCESS_TEST(an_opening_balance_counts_for_the_org_of_its_member_on_that_day),
        ACCESS_TEST(deeds_count_for_the_org_of_their_counter),
        ACCESS_TEST(a_reversal_counts_where_its_target_does),
        ACCESS_TEST(deciding_counts_where_what_was_proposed_does),
        ACCESS_TEST(imports_and_operators_are_opened_from_any_scope),
        ACCESS_TEST(a_device_is_of_its_org),
        ACCESS_TEST(an_account_without_roles_is_its_opener_s),
        /* rejects */
        ACCESS_TEST(a_command_without_an_act_is_not_allowed),
        ACCESS_TEST(a_parent_that_was_does_not_change_an_org_by_an_earlier_day),
        ACCESS_TEST(what_is_not_there_is_told_to_those_over_the_whole_book),
        ACCESS_TEST(roles_are_given_within_ones_own_scope),
        ACCESS_TEST(an_account_with_roles_elsewhere_is_out_of_scope),
        ACCESS_TEST(a_day_that_has_passed_gives_no_scope_over_accounts),
    };
    return cmocka_run_group_tests_name("bank authorise", tests, NULL, NULL);
}
