/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The frame of tests of accounts: the samples' bank with a few orgs, counters and a member more,
 * and short ways to set roles and states. Included once by a test's file, which has one thread.
 */
#ifndef ACCESS_FOR_TESTS_H
#define ACCESS_FOR_TESTS_H

#include "samples_for_tests.h"

#include "bank/roles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Org 2 and 4 are below 1, 3 below 2; counter 2 and member 5 are of 2, counter 4 of 4. */
#define TOP           1
#define OWN           2
#define BELOW         3
#define OUTSIDE       4
#define MEMBER        5
#define ADMINISTRATOR SAMPLE_ADMINISTRATOR
#define OPERATOR      SAMPLE_OPERATOR
#define DEVICE        SAMPLE_DEVICE

static struct test_bank *test;

static inline uint64_t done(const struct entry *entry)
{
    assert_string_equal(lb_result_name((int)entry->verdict.code), "ok");
    return entry->number;
}

static inline void open_counter(uint32_t counter, uint64_t org)
{
    done(test_do(test, (struct command){.kind = ACT_COUNTER_OPEN,
                                        .day = TEST_START,
                                        .act.counter_open = {.counter = counter,
                                                             .org = org,
                                                             .name = BYTES_LITERAL("超市")}}));
}

static inline int set_up(void **state)
{
    (void)state;
    test = sample_bank_new();
    done(test_open_org(test, BELOW, OWN, TEST_START));
    done(test_open_org(test, OUTSIDE, TOP, TEST_START));
    open_counter(2, OWN);
    open_counter(4, OUTSIDE);
    done(test_register(test, MEMBER, OWN, lb_card_of_serial(MEMBER), TEST_START));
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    test_bank_free(test);
    return 0;
}

#define ACCESS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static inline struct views views_now(void)
{
    return test_bank_port(test).views;
}

static inline const struct entry *set_roles(uint32_t principal, int32_t day, struct roles roles)
{
    return test_do(test,
                   (struct command){.kind = ACT_ROLE_SET,
                                    .day = day,
                                    .act.role_set = {.principal = principal, .roles = roles}});
}

static inline const struct entry *set_role(uint32_t principal, int32_t day, enum role role,
                                           uint64_t org)
{
    return set_roles(principal, day, (struct roles){.items = {{role, org}}, .count = 1});
}

static inline const struct entry *set_state(uint32_t principal, enum principal_state to)
{
    return test_do(test,
                   (struct command){.kind = ACT_PRINCIPAL_SET,
                                    .day = DAY_NONE,
                                    .act.principal_set = {.principal = principal, .state = to}});
}

static inline void assert_code(const struct entry *entry, enum lb_result code)
{
    assert_string_equal(lb_result_name((int)entry->verdict.code), lb_result_name((int)code));
}

static inline struct verdict sent_by(struct actor actor, struct command command)
{
    struct bank bank = test_bank_port(test);
    const struct bank_context context = {
        .next_entry = test->head + 1, .now_ms = 1, .today_day = test->today_day, .actor = actor};
    return bank_authorise_command(&bank, &context, &command);
}

#endif
