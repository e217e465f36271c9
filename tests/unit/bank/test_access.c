/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Operators, devices, their credentials and roles: how they come to be and change, and that the
 * last administrator stays.
 */
#include "access_for_tests.h"

/* ---- accounts ---- */

static void operators_and_devices_are_numbered_together(void **state)
{
    (void)state;
    struct principal_row row;
    struct command operator_open = sample_command(ACT_OPERATOR_OPEN);
    struct command device_open = sample_command(ACT_DEVICE_OPEN);
    device_open.id = test_id(test);
    operator_open.id = test_id(test);
    assert_int_equal(test_do(test, operator_open)->assigned, DEVICE + 1);
    assert_int_equal(test_do(test, device_open)->assigned, DEVICE + 2);
    assert_int_equal(sequence_last(views_now(), SEQUENCE_PRINCIPAL), DEVICE + 2);

    assert_true(principal_get(views_now(), DEVICE + 1, &row));
    assert_int_equal(row.kind, PRINCIPAL_OPERATOR);
    assert_int_equal(row.state, PRINCIPAL_ACTIVE);
    assert_int_equal(row.member, 1);
    assert_int_equal(row.entry, test->head - 1);
    assert_true(bytes_equal(row.name, (struct bytes)BYTES_LITERAL("zhang.san")));
    assert_int_equal(principal_of_login(views_now(), row.name), DEVICE + 1);

    assert_true(principal_next(views_now(), DEVICE + 2, &row));
    assert_int_equal(row.kind, PRINCIPAL_DEVICE);
    assert_int_equal(row.org, 1);
    assert_int_equal(row.counter, 1);
    assert_int_equal(principal_of_token(views_now(), device_open.act.device_open.token_hash),
                     DEVICE + 2);
    assert_false(principal_next(views_now(), DEVICE + 3, &row));
}

static void unknown_names_and_tokens_lead_to_nobody(void **state)
{
    (void)state;
    static const uint8_t token_hash[LB_HASH_BYTES] = {0xff};
    static const uint8_t longer[LB_LOGIN_BYTES_MAX + 1] = {'a'};
    assert_int_equal(principal_of_token(views_now(), token_hash), 0);
    assert_int_equal(principal_of_login(views_now(), (struct bytes)BYTES_LITERAL("adm")), 0);
    assert_int_equal(principal_of_login(views_now(), (struct bytes)BYTES_LITERAL("admin1")), 0);
    assert_int_equal(principal_of_login(views_now(), bytes_of(longer, sizeof(longer))), 0);
    assert_int_equal(principal_of_login(views_now(), (struct bytes){NULL, 0}), 0);
}

static void an_account_is_locked_and_opened_again_and_closed_for_ever(void **state)
{
    (void)state;
    done(set_state(OPERATOR, PRINCIPAL_IS_LOCKED));
    assert_code(set_state(OPERATOR, PRINCIPAL_IS_LOCKED), LB_STATUS_UNCHANGED);
    done(set_state(OPERATOR, PRINCIPAL_ACTIVE));
    done(set_state(OPERATOR, PRINCIPAL_CLOSED));
    assert_code(set_state(OPERATOR, PRINCIPAL_ACTIVE), LB_PRINCIPAL_LOCKED);
    assert_code(set_state(OPERATOR, PRINCIPAL_CLOSED), LB_PRINCIPAL_LOCKED);
    assert_code(set_role(OPERATOR, DAY_NONE, ROLE_DESK, TOP), LB_PRINCIPAL_LOCKED);
    /* The log-in name is not given out again. */
    struct command again = {.kind = ACT_OPERATOR_OPEN, .day = DAY_NONE};
    again.act.operator_open.login = (struct bytes)BYTES_LITERAL("desk.1");
    assert_code(test_do(test, again), LB_LOGIN_TAKEN);
}

static void only_the_server_itself_sets_a_password(void **state)
{
    (void)state;
    struct command command = {.kind = ACT_CREDENTIAL_SET, .day = DAY_NONE};
    command.act.credential_set = (struct act_credential_set){
        .principal = OPERATOR,
        .credential = {.kind = CREDENTIAL_PASSWORD, .verifier = BYTES_LITERAL("$argon2id$")}};
    done(test_do(test, command));
    test->actor.is_trusted = false;
    assert_code(test_do(test, command), LB_UNAUTHORISED);
    command.act.credential_set.credential = sample_code();
    done(test_do(test, command));
}

static void a_credential_is_not_kept_in_the_entry(void **state)
{
    (void)state;
    struct command command = sample_command(ACT_CREDENTIAL_SET);
    command.id = test_id(test);
    done(test_do(test, command));
    assert_null(bank_command_credential(&test->log[test->head]->command));
}

static void roles_are_those_of_their_day(void **state)
{
    (void)state;
    struct roles roles;
    done(set_roles(OPERATOR, TEST_TODAY + 3,
                   (struct roles){.items = {{ROLE_VIEWER, OWN}, {ROLE_AUDITOR, 0}}, .count = 2}));
    roles_on(views_now(), OPERATOR, TEST_START - 1, &roles);
    assert_int_equal(roles.count, 0);
    roles_on(views_now(), OPERATOR, TEST_TODAY + 2, &roles);
    assert_int_equal(roles.count, 1);
    assert_int_equal(roles.items[0].role, ROLE_DESK);
    roles_on(views_now(), OPERATOR, TEST_TODAY + 3, &roles);
    assert_int_equal(roles.count, 2);
    assert_int_equal(roles.items[1].role, ROLE_AUDITOR);
    assert_int_equal(roles.items[0].org, OWN);
}

/* ---- the last administrator ---- */

static void the_last_administrator_of_the_book_stays_one(void **state)
{
    (void)state;
    assert_code(set_state(ADMINISTRATOR, PRINCIPAL_IS_LOCKED), LB_LAST_ADMINISTRATOR);
    assert_code(set_state(ADMINISTRATOR, PRINCIPAL_CLOSED), LB_LAST_ADMINISTRATOR);
    assert_code(set_role(ADMINISTRATOR, DAY_NONE, ROLE_ADMINISTRATOR, TOP), LB_LAST_ADMINISTRATOR);
    assert_code(set_roles(ADMINISTRATOR, TEST_TODAY + 9, (struct roles){.count = 0}),
                LB_LAST_ADMINISTRATOR);
    assert_code(set_roles(ADMINISTRATOR, TEST_START, (struct roles){.count = 0}),
                LB_LAST_ADMINISTRATOR);
    done(set_role(ADMINISTRATOR, DAY_NONE, ROLE_ADMINISTRATOR, 0));
    done(set_roles(OPERATOR, DAY_NONE, (struct roles){.count = 0}));
}

static void another_administrator_who_stays_one_lets_the_first_go(void **state)
{
    (void)state;
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, 0));
    done(set_state(ADMINISTRATOR, PRINCIPAL_IS_LOCKED));
    assert_code(set_state(OPERATOR, PRINCIPAL_IS_LOCKED), LB_LAST_ADMINISTRATOR);
    done(set_state(ADMINISTRATOR, PRINCIPAL_ACTIVE));
    done(set_state(OPERATOR, PRINCIPAL_CLOSED));
}

static void who_is_an_administrator_for_some_days_only_is_not_another(void **state)
{
    (void)state;
    done(set_role(OPERATOR, TEST_TODAY + 2, ROLE_ADMINISTRATOR, 0)); /* not yet */
    assert_code(set_state(ADMINISTRATOR, PRINCIPAL_IS_LOCKED), LB_LAST_ADMINISTRATOR);
    assert_code(set_role(ADMINISTRATOR, TEST_TODAY + 1, ROLE_VIEWER, 0), LB_LAST_ADMINISTRATOR);
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, 0));
    done(set_role(OPERATOR, TEST_TODAY + 5, ROLE_DESK, TOP)); /* not for good */
    assert_code(set_role(ADMINISTRATOR, TEST_TODAY + 1, ROLE_VIEWER, 0), LB_LAST_ADMINISTRATOR);
    done(set_role(OPERATOR, TEST_TODAY + 2, ROLE_ADMINISTRATOR, 0));
    done(set_role(ADMINISTRATOR, TEST_TODAY + 2, ROLE_VIEWER, 0));
}

static void neither_a_device_nor_a_locked_operator_is_another(void **state)
{
    (void)state;
    done(set_role(DEVICE, DAY_NONE, ROLE_ADMINISTRATOR, 0));
    done(set_role(OPERATOR, DAY_NONE, ROLE_ADMINISTRATOR, 0));
    done(set_state(OPERATOR, PRINCIPAL_IS_LOCKED));
    assert_code(set_state(ADMINISTRATOR, PRINCIPAL_CLOSED), LB_LAST_ADMINISTRATOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        ACCESS_TEST(operators_and_devices_are_numbered_together),
        ACCESS_TEST(an_account_is_locked_and_opened_again_and_closed_for_ever),
        ACCESS_TEST(a_credential_is_not_kept_in_the_entry),
        ACCESS_TEST(roles_are_those_of_their_day),
        ACCESS_TEST(another_administrator_who_stays_one_lets_the_first_go),
        /* rejects */
        ACCESS_TEST(unknown_names_and_tokens_lead_to_nobody),
        ACCESS_TEST(only_the_server_itself_sets_a_password),
        ACCESS_TEST(the_last_administrator_of_the_book_stays_one),
        ACCESS_TEST(who_is_an_administrator_for_some_days_only_is_not_another),
        ACCESS_TEST(neither_a_device_nor_a_locked_operator_is_another),
    };
    return cmocka_run_group_tests_name("bank access", tests, NULL, NULL);
}
