/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Attempts by a clock that the test steps: what costs a wait, how long, and what is forgotten. */
#include "auth/attempts.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int open_attempts(void **state)
{
    static struct random_seeded seeded = {.state = 33};
    const struct random_source random = random_of_seeded(&seeded);
    struct auth_attempts *attempts = NULL;
    assert_int_equal(auth_attempts_new(&random, &attempts), LB_OK);
    *state = attempts;
    return 0;
}

static int close_attempts(void **state)
{
    auth_attempts_free(*state);
    return 0;
}

static struct auth_attempt attempt_of(const char *login, uint32_t uid)
{
    return (struct auth_attempt){
        .login = bytes_of_text(login),
        .is_known = true,
        .place = auth_place_of_user(uid),
    };
}

/* One that fails; the seconds it was told to wait instead. */
static int64_t fail_once(struct auth_attempts *attempts, const struct auth_attempt *attempt,
                         int64_t now_ms)
{
    const int64_t wait_s = auth_attempt_begin(attempts, attempt, now_ms);
    if (wait_s == 0) {
        auth_attempt_fail(attempts, attempt, now_ms);
    }
    return wait_s;
}

/* Of place 1, by one name after the other. */
static void use_up_free_failures_of_place(struct auth_attempts *attempts)
{
    char login[16];
    for (int i = 0; i < AUTH_ATTEMPTS_FREE_PLACE; i++) {
        (void)snprintf(login, sizeof(login), "name%d", i);
        const struct auth_attempt attempt = attempt_of(login, 1);
        assert_int_equal(fail_once(attempts, &attempt, 0), 0);
    }
}

/* accepts */

static void waits_grow_twofold_after_three_failures_up_to_a_quarter_of_an_hour(void **state)
{
    struct auth_attempts *attempts = *state;
    const int64_t waits_s[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
    int64_t now_ms = 5000;
    for (size_t i = 0; i < sizeof(waits_s) / sizeof(waits_s[0]); i++) {
        const struct auth_attempt anne = attempt_of("anne", (uint32_t)i);
        if (waits_s[i] > 0) {
            assert_int_equal(fail_once(attempts, &anne, now_ms), waits_s[i]);
            now_ms += waits_s[i] * 1000 - 1;
            assert_int_equal(fail_once(attempts, &anne, now_ms), 1);
            now_ms += 1;
        }
        assert_int_equal(fail_once(attempts, &anne, now_ms), 0);
        assert_int_equal(auth_attempt_failures(attempts, &anne), i + 1);
    }
}

static void a_success_forgets_the_failures_of_the_name(void **state)
{
    struct auth_attempts *attempts = *state;
    const struct auth_attempt anne = attempt_of("anne", 1);
    assert_int_equal(fail_once(attempts, &anne, 0), 0);
    assert_int_equal(fail_once(attempts, &anne, 0), 0);
    assert_int_equal(auth_attempt_begin(attempts, &anne, 0), 0);
    auth_attempt_succeed(attempts, &anne);
    assert_int_equal(auth_attempt_failures(attempts, &anne), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fail_once(attempts, &anne, 0), 0);
    }
    assert_int_equal(fail_once(attempts, &anne, 0), 1);
}

static void what_was_not_tried_costs_nothing(void **state)
{
    struct auth_attempts *attempts = *state;
    const struct auth_attempt anne = attempt_of("anne", 1);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(auth_attempt_begin(attempts, &anne, 0), 0);
        auth_attempt_withdraw(attempts, &anne);
    }
    assert_int_equal(auth_attempt_failures(attempts, &anne), 0);
}

static void a_place_is_forgiven_after_an_hour(void **state)
{
    struct auth_attempts *attempts = *state;
    use_up_free_failures_of_place(attempts);
    const struct auth_attempt here = attempt_of("anne", 1);
    assert_int_equal(auth_attempt_begin(attempts, &here, 0), 1);
    assert_int_equal(fail_once(attempts, &here, 1000), 0);
    assert_int_equal(auth_attempt_begin(attempts, &here, 1000), 2);
    assert_int_equal(fail_once(attempts, &here, 1000 + AUTH_ATTEMPTS_PLACE_MS), 0);
    assert_int_equal(auth_attempt_begin(attempts, &here, 1000 + AUTH_ATTEMPTS_PLACE_MS), 0);
}

/* rejects */

static void attempts_under_way_count_as_failed(void **state)
{
    struct auth_attempts *attempts = *state;
    const struct auth_attempt anne = attempt_of("anne", 1);
    for (int i = 0; i < AUTH_ATTEMPTS_FREE_ACCOUNT; i++) {
        assert_int_equal(auth_attempt_begin(attempts, &anne, 0), 0);
    }
    assert_int_equal(auth_attempt_begin(attempts, &anne, 0), 1);
}

static void a_place_waits_whatever_names_it_tries_and_others_do_not(void **state)
{
    struct auth_attempts *attempts = *state;
    use_up_free_failures_of_place(attempts);
    const struct auth_attempt here = attempt_of("anne", 1);
    const struct auth_attempt elsewhere = attempt_of("anne", 2);
    assert_int_equal(fail_once(attempts, &here, 0), 1);
    assert_int_equal(fail_once(attempts, &elsewhere, 0), 0);
}

static void a_flood_of_names_that_nobody_has_forgets_none_that_somebody_has(void **state)
{
    struct auth_attempts *attempts = *state;
    const struct auth_attempt anne = attempt_of("anne", 1);
    char login[24];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(fail_once(attempts, &anne, 0), 0);
    }
    for (uint32_t i = 0; i < 6000; i++) {
        (void)snprintf(login, sizeof(login), "nobody%u", i);
        struct auth_attempt nobody = attempt_of(login, 100 + i);
        nobody.is_known = false;
        assert_int_equal(fail_once(attempts, &nobody, 1 + i), 0);
    }
    assert_int_equal(auth_attempt_failures(attempts, &anne), 3);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_attempts, close_attempts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(waits_grow_twofold_after_three_failures_up_to_a_quarter_of_an_hour),
        TEST(a_success_forgets_the_failures_of_the_name),
        TEST(what_was_not_tried_costs_nothing),
        TEST(a_place_is_forgiven_after_an_hour),
        /* rejects */
        TEST(attempts_under_way_count_as_failed),
        TEST(a_place_waits_whatever_names_it_tries_and_others_do_not),
        TEST(a_flood_of_names_that_nobody_has_forgets_none_that_somebody_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
