/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who may do what, and where: every right of every role in and out of its scope, against lists
 * written down here; locked accounts, roles by their days, orgs that move.
 */
#include "street_for_tests.h"

#include "bank/roles.h"

/* The tree: 2 and 4 below 1, 3 below 2. Roles are over 2 unless said. */
#define TOP     1
#define OWN     2
#define BELOW   3
#define OUTSIDE 4

#define RIGHTS_MAX 120 /* above every number of a right */

/* What each role may do, and nothing else. 0 ends a list. */

#define REGISTRY_ACTS                                                                            \
    ACT_ORG_OPEN, ACT_ORG_UPDATE, ACT_CLASS_SET, ACT_TARIFF_SET, ACT_ITEM_SET, ACT_COUNTER_OPEN, \
        ACT_ACTIVITY_OPEN, ACT_STAR_TABLE_SET, ACT_IMPORT_OPEN
#define MEMBER_ACTS                                                                           \
    ACT_MEMBER_REGISTER, ACT_MEMBER_UPDATE, ACT_MEMBER_CLOSE, ACT_CARD_ISSUE, ACT_CARD_BLOCK, \
        ACT_CARD_REPLACE, ACT_CONSENT_SET
#define ACCOUNT_ACTS \
    ACT_OPERATOR_OPEN, ACT_DEVICE_OPEN, ACT_PRINCIPAL_SET, ACT_CREDENTIAL_SET, ACT_ROLE_SET

static const int of_viewer[] = {RIGHT_READ_REGISTRY, RIGHT_READ_MEMBER, RIGHT_READ_BOARD, 0};

static const int of_desk[] = {MEMBER_ACTS,
                              ACT_ACTIVITY_OPEN,
                              ACT_IMPORT_OPEN,
                              ACT_SERVICE_RECORD,
                              ACT_SERVICE_ASK,
                              ACT_SERVICE_GIVE,
                              ACT_SERVICE_RELEASE,
                              ACT_REVERSE,
                              ACT_OPENING_BALANCE,
                              ACT_REVEAL,
                              RIGHT_READ_REGISTRY,
                              RIGHT_READ_MEMBER,
                              RIGHT_READ_PERSON,
                              RIGHT_READ_ENTRY,
                              RIGHT_READ_BOARD,
                              RIGHT_READ_PROPOSALS,
                              0};

static const int of_counter[] = {ACT_REDEEM,
                                 ACT_SERVICE_ASK,
                                 ACT_SERVICE_RELEASE,
                                 ACT_STOCK_RECEIVE,
                                 ACT_CARD_BLOCK,
                                 ACT_REVERSE,
                                 RIGHT_READ_REGISTRY,
                                 RIGHT_READ_MEMBER,
                                 RIGHT_READ_ENTRY,
                                 RIGHT_READ_PROPOSALS,
                                 0};

static const int of_reviewer[] = {ACT_PROPOSAL_DECIDE, ACT_ITEM_SET,         ACT_TARIFF_SET,
                                  RIGHT_READ_REGISTRY, RIGHT_READ_MEMBER,    RIGHT_READ_ENTRY,
                                  RIGHT_READ_BOARD,    RIGHT_READ_PROPOSALS, 0};

static const int of_auditor[] = {ACT_REVEAL,
                                 RIGHT_READ_REGISTRY,
                                 RIGHT_READ_MEMBER,
                                 RIGHT_READ_PERSON,
                                 RIGHT_READ_ENTRY,
                                 RIGHT_READ_BOARD,
                                 RIGHT_READ_PRINCIPALS,
                                 RIGHT_READ_PROPOSALS,
                                 RIGHT_VERIFY,
                                 0};

static const int of_administrator[] = {REGISTRY_ACTS,
                                       MEMBER_ACTS,
                                       ACCOUNT_ACTS,
                                       ACT_POLICY_SET,
                                       ACT_MEMBER_ERASE,
                                       ACT_KEY_ROTATE,
                                       ACT_REVEAL,
                                       ACT_REVERSE,
                                       ACT_OPENING_BALANCE,
                                       RIGHT_READ_REGISTRY,
                                       RIGHT_READ_MEMBER,
                                       RIGHT_READ_PERSON,
                                       RIGHT_READ_ENTRY,
                                       RIGHT_READ_BOARD,
                                       RIGHT_READ_PRINCIPALS,
                                       RIGHT_READ_PROPOSALS,
                                       RIGHT_VERIFY,
                                       RIGHT_BACKUP,
                                       0};

static const int of_district[] = {RIGHT_READ_REGISTRY,
                                  RIGHT_READ_MEMBER,
                                  RIGHT_READ_ENTRY,
                                  RIGHT_READ_BOARD,
                                  RIGHT_READ_PRINCIPALS,
                                  RIGHT_READ_PROPOSALS,
                                  0};

static const int of_nobody[] = {0};

static const int *const lists[] = {
    [ROLE_NONE] = of_nobody,
    [ROLE_VIEWER] = of_viewer,
    [ROLE_DESK] = of_desk,
    [ROLE_COUNTER] = of_counter,
    [ROLE_REVIEWER] = of_reviewer,
    [ROLE_AUDITOR] = of_auditor,
    [ROLE_ADMINISTRATOR] = of_administrator,
    [ROLE_DISTRICT] = of_district,
    [ROLE_DISTRICT + 1] = of_nobody, /* of a later version */
};
#define ROLE_COUNT ((int)(sizeof(lists) / sizeof(lists[0])))

static bool is_listed(int role, int right)
{
    for (const int *at = lists[role]; *at != 0; at++) {
        if (*at == right) {
            return true;
        }
    }
    return false;
}

static int tree_set_up(void **state)
{
    (void)street_set_up(state);
    done(test_open_org(test, OWN, TOP, TEST_START));
    done(test_open_org(test, BELOW, OWN, TEST_START));
    done(test_open_org(test, OUTSIDE, TOP, TEST_START));
    return 0;
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, tree_set_up, street_tear_down)

static uint32_t open_operator(struct bytes login)
{
    const struct entry *entry = test_do(test, (struct command){.kind = ACT_OPERATOR_OPEN,
                                                               .day = DAY_NONE,
                                                               .act.operator_open.login = login});
    done(entry);
    return (uint32_t)entry->assigned;
}

static void give_roles(uint32_t principal, int32_t day, struct roles roles)
{
    done(test_do(test, (struct command){.kind = ACT_ROLE_SET,
                                        .day = day,
                                        .act.role_set = {.principal = principal, .roles = roles}}));
}

static void give_role(uint32_t principal, int32_t day, enum role role, uint64_t org)
{
    give_roles(principal, day, (struct roles){.items = {{role, org}}, .count = 1});
}

static uint32_t operator_with(enum role role, uint64_t org)
{
    uint32_t principal = open_operator((struct bytes)BYTES_LITERAL("li.ming"));
    give_role(principal, DAY_NONE, role, org);
    return principal;
}

static struct verdict asks(struct actor actor, int right, uint64_t org, int32_t day)
{
    struct bank bank = test_bank_port(test);
    return bank_authorise(&bank, &actor, test->today_day, (enum right)right, org, day);
}

static enum lb_result asks_today(uint32_t principal, int right, uint64_t org)
{
    return asks((struct actor){.principal = principal}, right, org, test->today_day).code;
}

static enum lb_result asks_anywhere(uint32_t principal, int right)
{
    struct bank bank = test_bank_port(test);
    const struct actor actor = {.principal = principal};
    return bank_authorise_anywhere(&bank, &actor, test->today_day, (enum right)right).code;
}

static void assert_answer(int role, int right, uint64_t org, enum lb_result code,
                          enum lb_result expected)
{
    if (code != expected) {
        fail_msg("role %d, right %d, org %d: %s instead of %s", role, right, (int)org,
                 lb_result_name((int)code), lb_result_name((int)expected));
    }
}

/* ---- accepts ---- */

static void the_table_is_the_list_of_each_role(void **state)
{
    (void)state;
    size_t held = 0;
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int right = 0; right < RIGHTS_MAX; right++) {
            bool has = role_has_right((enum role)role, (enum right)right);
            held += has;
            if (has != is_listed(role, right)) {
                fail_msg("role %d, right %d: %s", role, right, has ? "has it" : "lacks it");
            }
        }
    }
    assert_int_equal(held, 3 + 22 + 10 + 8 + 9 + 36 + 6);
}

/* Every right of every role, over one org: there, below, beside, above, and for the whole book. */
static void a_role_over_an_org_holds_there_and_below_and_nowhere_else(void **state)
{
    (void)state;
    static const struct {
        uint64_t org;
        bool is_within;
    } places[] = {{OWN, true},  {BELOW, true}, {OUTSIDE, false},
                  {TOP, false}, {0, false},    {99, false}};
    uint32_t principal = open_operator((struct bytes)BYTES_LITERAL("li.ming"));
    for (int role = ROLE_VIEWER; role <= ROLE_DISTRICT; role++) {
        give_role(principal, DAY_NONE, (enum role)role, OWN);
        for (int right = 1; right < RIGHTS_MAX; right++) {
            bool has = is_listed(role, right);
            for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                enum lb_result there = places[i].is_within ? LB_OK : LB_OUT_OF_SCOPE;
                assert_answer(role, right, places[i].org,
                              asks_today(principal, right, places[i].org),
                              has ? there : LB_UNAUTHORISED);
            }
            assert_answer(role, right, 0, asks_anywhere(principal, right),
                          has ? LB_OK : LB_UNAUTHORISED);
        }
    }
}

static void a_role_over_the_whole_book_holds_everywhere(void **state)
{
    (void)state;
    static const uint64_t orgs[] = {OWN, BELOW, OUTSIDE, TOP, 0, 99};
    uint32_t principal = open_operator((struct bytes)BYTES_LITERAL("li.ming"));
    for (int role = ROLE_VIEWER; role <= ROLE_DISTRICT; role++) {
        if (role == ROLE_ADMINISTRATOR) {
            continue; /* once it is one, it must stay one: below */
        }
        give_role(principal, DAY_NONE, (enum role)role, 0);
        for (int right = 1; right < RIGHTS_MAX; right++) {
            for (size_t i = 0; i < sizeof(orgs) / sizeof(orgs[0]); i++) {
                assert_answer(role, right, orgs[i], asks_today(principal, right, orgs[i]),
                              is_listed(role, right) ? LB_OK : LB_UNAUTHORISED);
            }
        }
    }
    give_role(principal, DAY_NONE, ROLE_ADMINISTRATOR, 0);
    for (int right = 1; right < RIGHTS_MAX; right++) {
        assert_answer(ROLE_ADMINISTRATOR, right, 0, asks_today(principal, right, 0),
                      is_listed(ROLE_ADMINISTRATOR, right) ? LB_OK : LB_UNAUTHORISED);
    }
}

static void several_roles_hold_each_in_its_own_scope(void **state)
{
    (void)state;
    uint32_t principal = open_operator((struct bytes)BYTES_LITERAL("li.ming"));
    give_roles(principal, DAY_NONE,
               (struct roles){.items = {{ROLE_DESK, OWN}, {ROLE_COUNTER, OUTSIDE}}, .count = 2});
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, BELOW), LB_OK);
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OUTSIDE), LB_OUT_OF_SCOPE);
    assert_int_equal(asks_today(principal, ACT_REDEEM, OUTSIDE), LB_OK);
    assert_int_equal(asks_today(principal, ACT_REDEEM, OWN), LB_OUT_OF_SCOPE);
    assert_int_equal(asks_today(principal, ACT_SERVICE_ASK, OWN), LB_OK);
    assert_int_equal(asks_today(principal, ACT_SERVICE_ASK, OUTSIDE), LB_OK);
    assert_int_equal(asks_today(principal, RIGHT_READ_MEMBER, TOP), LB_OUT_OF_SCOPE);
}

static void the_server_itself_may_do_everything(void **state)
{
    (void)state;
    for (int right = 0; right < RIGHTS_MAX; right++) {
        assert_int_equal(asks((struct actor){.is_trusted = true}, right, 0, TEST_TODAY).code,
                         LB_OK);
    }
}

static void an_operator_at_a_device_has_its_own_roles_and_not_the_devices(void **state)
{
    (void)state;
    uint32_t viewer = operator_with(ROLE_VIEWER, OWN);
    uint32_t device = open_operator((struct bytes)BYTES_LITERAL("desk.1"));
    give_role(device, DAY_NONE, ROLE_DESK, OWN);
    const struct actor both = {.principal = viewer, .device = device};
    assert_int_equal(asks(both, RIGHT_READ_MEMBER, OWN, TEST_TODAY).code, LB_OK);
    assert_int_equal(asks(both, ACT_SERVICE_RECORD, OWN, TEST_TODAY).code, LB_UNAUTHORISED);
}

/* ---- rejects ---- */

static void without_a_log_in_nothing_is_allowed(void **state)
{
    (void)state;
    (void)operator_with(ROLE_ADMINISTRATOR, 0);
    for (int right = 1; right < RIGHTS_MAX; right++) {
        const struct actor peer = {.peer = 1};
        const struct actor unknown = {.principal = 99};
        assert_int_equal(asks(peer, right, OWN, TEST_TODAY).code, LB_LOGIN_REQUIRED);
        assert_int_equal(asks(unknown, right, OWN, TEST_TODAY).code, LB_LOGIN_REQUIRED);
        assert_int_equal(asks_anywhere(0, right), LB_LOGIN_REQUIRED);
    }
    assert_int_equal(asks_anywhere(0, RIGHT_NONE), LB_OK);
}

static void set_state(uint32_t principal, enum principal_state to)
{
    done(test_do(test,
                 (struct command){.kind = ACT_PRINCIPAL_SET,
                                  .day = DAY_NONE,
                                  .act.principal_set = {.principal = principal, .state = to}}));
}

static void a_locked_or_closed_account_may_do_nothing(void **state)
{
    (void)state;
    uint32_t principal = operator_with(ROLE_DESK, OWN);
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OWN), LB_OK);
    set_state(principal, PRINCIPAL_IS_LOCKED);
    struct verdict locked =
        asks((struct actor){.principal = principal}, ACT_SERVICE_RECORD, OWN, TEST_TODAY);
    assert_int_equal(locked.code, LB_PRINCIPAL_LOCKED);
    assert_int_equal(locked.a, principal);
    set_state(principal, PRINCIPAL_ACTIVE);
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OWN), LB_OK);
    set_state(principal, PRINCIPAL_CLOSED);
    assert_int_equal(asks_today(principal, RIGHT_READ_REGISTRY, OWN), LB_PRINCIPAL_LOCKED);
}

static void nobody_acts_at_a_locked_device(void **state)
{
    (void)state;
    uint32_t desk = operator_with(ROLE_DESK, OWN);
    uint32_t device = open_operator((struct bytes)BYTES_LITERAL("desk.1"));
    const struct actor both = {.principal = desk, .device = device};
    assert_int_equal(asks(both, ACT_SERVICE_RECORD, OWN, TEST_TODAY).code, LB_OK);
    set_state(device, PRINCIPAL_IS_LOCKED);
    struct verdict verdict = asks(both, ACT_SERVICE_RECORD, OWN, TEST_TODAY);
    assert_int_equal(verdict.code, LB_PRINCIPAL_LOCKED);
    assert_int_equal(verdict.a, device);
}

static void a_refusal_names_the_right_or_the_org(void **state)
{
    (void)state;
    const struct actor desk = {.principal = operator_with(ROLE_DESK, OWN)};
    struct verdict verdict = asks(desk, ACT_REDEEM, OWN, TEST_TODAY);
    assert_int_equal(verdict.code, LB_UNAUTHORISED);
    assert_string_equal(verdict.text, "redeem");
    verdict = asks(desk, ACT_SERVICE_RECORD, OUTSIDE, TEST_TODAY);
    assert_int_equal(verdict.code, LB_OUT_OF_SCOPE);
    assert_int_equal(verdict.a, OUTSIDE);
}

static void an_account_without_roles_may_do_nothing(void **state)
{
    (void)state;
    uint32_t principal = open_operator((struct bytes)BYTES_LITERAL("li.ming"));
    assert_int_equal(asks_today(principal, RIGHT_READ_REGISTRY, OWN), LB_UNAUTHORISED);
}

/* ---- days ---- */

static void roles_set_ahead_hold_from_their_day_on(void **state)
{
    (void)state;
    uint32_t principal = operator_with(ROLE_VIEWER, OWN);
    give_role(principal, TEST_TODAY + 2, ROLE_DESK, OWN);
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OWN), LB_UNAUTHORISED);
    test->today_day = TEST_TODAY + 1;
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OWN), LB_UNAUTHORISED);
    assert_int_equal(asks_today(principal, RIGHT_READ_BOARD, OWN), LB_OK);
    test->today_day = TEST_TODAY + 2;
    assert_int_equal(asks_today(principal, ACT_SERVICE_RECORD, OWN), LB_OK);
}

static void roles_taken_away_are_gone_and_do_not_come_back_on_a_later_day(void **state)
{
    (void)state;
    uint32_t principal = operator_with(ROLE_DESK, OWN);
    give_role(principal, TEST_TODAY + 2, ROLE_DESK, OUTSIDE);
    give_role(principal, TEST_TODAY + 4, ROLE_ADMINISTRATOR, OWN);
    give_roles(principal, DAY_NONE, (struct roles){.count = 0});
    for (int32_t day = TEST_TODAY; day < TEST_TODAY + 6; day++) {
        test->today_day = day;
        assert_int_equal(asks_anywhere(principal, RIGHT_READ_REGISTRY), LB_UNAUTHORISED);
    }
}

static void the_roles_of_today_count_whatever_the_day_of_the_act(void **state)
{
    (void)state;
    uint32_t principal = operator_with(ROLE_DESK, OWN);
    const struct actor actor = {.principal = principal};
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, OWN, TEST_START).code, LB_OK);
    give_roles(principal, DAY_NONE, (struct roles){.count = 0});
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, OWN, TEST_START).code, LB_UNAUTHORISED);
}

static void an_org_that_moves_changes_scope_on_its_day(void **state)
{
    (void)state;
    const struct actor actor = {.principal = operator_with(ROLE_DESK, OWN)};
    const int32_t moved_day = TEST_START + 100;
    done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = moved_day,
                                        .act.org_update = {.org = BELOW, .parent = OUTSIDE}}));
    done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = TEST_TODAY + 9,
                                        .act.org_update = {.org = OUTSIDE, .parent = OWN}}));
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, BELOW, moved_day - 1).code, LB_OK);
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, BELOW, moved_day).code, LB_OUT_OF_SCOPE);
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, BELOW, TEST_TODAY).code, LB_OUT_OF_SCOPE);
    assert_int_equal(asks(actor, ACT_SERVICE_RECORD, BELOW, TEST_TODAY + 9).code, LB_OK);
}

static void a_closed_org_stays_in_scope(void **state)
{
    (void)state;
    const struct actor actor = {.principal = operator_with(ROLE_VIEWER, OWN)};
    done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = DAY_NONE,
                                        .act.org_update = {.org = BELOW, .close = true}}));
    assert_int_equal(asks(actor, RIGHT_READ_MEMBER, BELOW, TEST_TODAY).code, LB_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TREE_TEST(the_table_is_the_list_of_each_role),
        TREE_TEST(a_role_over_an_org_holds_there_and_below_and_nowhere_else),
        TREE_TEST(a_role_over_the_whole_book_holds_everywhere),
        TREE_TEST(several_roles_hold_each_in_its_own_scope),
        TREE_TEST(the_server_itself_may_do_everything),
        TREE_TEST(an_operator_at_a_device_has_its_own_roles_and_not_the_devices),
        /* rejects */
        TREE_TEST(without_a_log_in_nothing_is_allowed),
        TREE_TEST(a_locked_or_closed_account_may_do_nothing),
        TREE_TEST(nobody_acts_at_a_locked_device),
        TREE_TEST(a_refusal_names_the_right_or_the_org),
        TREE_TEST(an_account_without_roles_may_do_nothing),
        TREE_TEST(roles_set_ahead_hold_from_their_day_on),
        TREE_TEST(roles_taken_away_are_gone_and_do_not_come_back_on_a_later_day),
        TREE_TEST(the_roles_of_today_count_whatever_the_day_of_the_act),
        TREE_TEST(an_org_that_moves_changes_scope_on_its_day),
        TREE_TEST(a_closed_org_stays_in_scope),
    };
    return cmocka_run_group_tests_name("bank roles", tests, NULL, NULL);
}
