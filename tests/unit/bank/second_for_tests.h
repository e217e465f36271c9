/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A street with four operators' accounts, who ask in their own names, and policies. One thread.
 */
#ifndef SECOND_FOR_TESTS_H
#define SECOND_FOR_TESTS_H

#include "street_for_tests.h"

#define DAY    16900 /* 2016-04-09 */
#define ANNE   1     /* principal: an operator who is member 1 */
#define ANNE_2 2     /* her second account */
#define BEN    3     /* who is no member */
#define CLARA  4     /* who is member 2 */

static inline void as(uint32_t principal)
{
    test->actor = (struct actor){.principal = principal};
}

static inline void as_trusted(void)
{
    test->actor = (struct actor){.peer = 1001, .is_trusted = true};
}

static inline void open_operator(struct bytes login, uint64_t member)
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

static inline void set_roles(uint32_t principal, struct roles roles)
{
    const struct actor asks = test->actor;
    const struct act_role_set act = {.principal = principal, .roles = roles};
    as_trusted();
    (void)done(test_do(
        test, (struct command){.kind = ACT_ROLE_SET, .day = DAY_NONE, .act.role_set = act}));
    test->actor = asks;
}

static inline int operators_set_up(void **state)
{
    const struct roles all = {
        .items = {{ROLE_DESK, 0}, {ROLE_COUNTER, 0}, {ROLE_REVIEWER, 0}, {ROLE_ADMINISTRATOR, 0}},
        .count = 4};
    (void)street_set_up(state);
    open_operator(BYTES_LITERAL("anne"), 1);
    open_operator(BYTES_LITERAL("anne-2"), 1);
    open_operator(BYTES_LITERAL("ben"), 0);
    open_operator(BYTES_LITERAL("clara"), 2);
    for (uint32_t principal = ANNE; principal <= CLARA; principal++) {
        set_roles(principal, all);
    }
    as(BEN);
    return 0;
}

#define OPERATORS_TEST(name) \
    cmocka_unit_test_setup_teardown(name, operators_set_up, street_tear_down)

/* By the server itself, so that it does not wait for anybody. */
static inline void set_policy(struct act_policy_set policy, int32_t day)
{
    const struct actor asks = test->actor;
    policy.proposal_days = policy.proposal_days == 0 ? 7 : policy.proposal_days;
    as_trusted();
    (void)done(test_do(
        test, (struct command){.kind = ACT_POLICY_SET, .day = day, .act.policy_set = policy}));
    test->actor = asks;
}

static inline uint64_t waits(const struct entry *entry)
{
    assert_code(entry, LB_WAITING);
    return entry->number;
}

static inline const struct entry *decide(uint64_t proposal, bool confirm)
{
    return test_do(test, (struct command){.kind = ACT_PROPOSAL_DECIDE,
                                          .day = DAY_NONE,
                                          .memo = BYTES_LITERAL("看过了"),
                                          .act.proposal_decide = {.proposal = {.entry = proposal},
                                                                  .confirm = confirm}});
}

static inline const struct entry *confirm_as(uint32_t principal, uint64_t proposal)
{
    as(principal);
    return decide(proposal, true);
}

static inline struct proposal_row proposal_of(uint64_t entry)
{
    struct proposal_row row;
    assert_true(proposal_get(street_views(), entry, &row));
    return row;
}

static inline const struct entry *record_today(uint64_t member, uint32_t minutes)
{
    return test_record(test, member, 1, minutes, -1, TEST_TODAY);
}

#endif
