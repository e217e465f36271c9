/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Buckets by a clock that the test steps, and connections counted against a naive list. */
#include "auth/limits.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define PLACES      40
#define CONNECTIONS 64

static const struct auth_limits_config plain = {
    .principal = {.requests_per_s = 10, .bytes_per_s = 1000},
    .place = {.requests_per_s = 40, .bytes_per_s = 4000},
    .guest_requests_per_s = 2,
    .connections_place_max = 3,
    .connections_place_per_s = 5,
    .connections_max = CONNECTIONS,
};

static int open_limits(void **state)
{
    static struct random_seeded seeded = {.state = 44};
    const struct random_source random = random_of_seeded(&seeded);
    struct auth_limits *limits = NULL;
    assert_int_equal(auth_limits_new(&plain, &random, &limits), LB_OK);
    *state = limits;
    return 0;
}

static int close_limits(void **state)
{
    auth_limits_free(*state);
    return 0;
}

/* How many of so many requests pass at once. */
static unsigned ask(struct auth_limits *limits, uint32_t principal, uint32_t uid, unsigned count,
                    int64_t now_ms)
{
    const struct auth_place place = auth_place_of_user(uid);
    unsigned passed = 0;
    for (unsigned i = 0; i < count; i++) {
        passed += auth_limit_request(limits, principal, &place, 1, now_ms);
    }
    return passed;
}

/* accepts */

static void two_seconds_worth_passes_at_once_and_then_what_comes_back(void **state)
{
    assert_int_equal(ask(*state, 1, 1, 50, 0), 20);
    assert_int_equal(ask(*state, 1, 1, 50, 99), 0);
    assert_int_equal(ask(*state, 1, 1, 50, 100), 1);
    assert_int_equal(ask(*state, 1, 1, 50, 1100), 10);
    assert_int_equal(ask(*state, 1, 1, 50, 1000000), 20); /* never more than full */
    assert_int_equal(auth_limits_stats(*state).requests_limited, 30 + 50 + 49 + 40 + 30);
}

static void one_principal_does_not_use_up_what_is_anothers(void **state)
{
    assert_int_equal(ask(*state, 1, 1, 50, 0), 20);
    assert_int_equal(ask(*state, 2, 1, 50, 0), 20);
}

static void guests_of_a_place_share_little_and_use_up_nothing_of_who_has_logged_in(void **state)
{
    assert_int_equal(ask(*state, 0, 1, 50, 0), 4);
    assert_int_equal(ask(*state, 0, 2, 50, 0), 4);
    assert_int_equal(ask(*state, 1, 1, 50, 0), 20);
}

static void a_request_larger_than_the_bucket_passes_and_those_after_it_wait(void **state)
{
    const struct auth_place place = auth_place_of_user(1);
    assert_true(auth_limit_request(*state, 1, &place, 3000, 0));
    assert_false(auth_limit_request(*state, 1, &place, 1, 0));
    assert_false(auth_limit_request(*state, 1, &place, 1, 1000));
    assert_true(auth_limit_request(*state, 1, &place, 1, 1001));
}

static void ipv6_addresses_of_one_network_are_one_place(void **state)
{
    uint8_t address[16] = {0x20, 0x01, 0x0d, 0xb8};
    const struct auth_place one = auth_place_of_ip6(address);
    address[15] = 7;
    const struct auth_place same = auth_place_of_ip6(address);
    address[7] = 1;
    const struct auth_place other = auth_place_of_ip6(address);
    (void)state;
    assert_memory_equal(&one, &same, sizeof(one));
    assert_memory_not_equal(&one, &other, sizeof(one));
}

/* Seeded: random connections come and go, as a list of counts has it too. */
static void connections_are_counted_for_each_place(void **state)
{
    struct auth_limits *limits = *state;
    struct random_seeded seeded = {.state = 46};
    uint32_t counts[PLACES] = {0};
    uint32_t total = 0;
    printf("seed 46\n");
    for (int i = 0; i < 20000; i++) {
        const uint32_t uid = (uint32_t)(random_seeded_next(&seeded) % PLACES);
        const struct auth_place place = auth_place_of_user(uid);
        if (random_seeded_next(&seeded) % 2 == 0 && total < CONNECTIONS) {
            const bool is_in = auth_limit_connect(limits, &place, i * INT64_C(1000));
            assert_int_equal(is_in, counts[uid] < plain.connections_place_max);
            counts[uid] += is_in;
            total += is_in;
        } else if (counts[uid] > 0) {
            auth_limit_disconnect(limits, &place);
            counts[uid]--;
            total--;
        }
    }
    assert_true(auth_limits_stats(limits).connections_limited > 0);
}

static void connections_that_come_too_fast_are_not_let_in(void **state)
{
    const struct auth_place place = auth_place_of_user(1);
    const int64_t at_ms[] = {0, 199, 200, 100000};
    const unsigned let_in[] = {10, 0, 1, 10};
    for (size_t i = 0; i < sizeof(let_in) / sizeof(let_in[0]); i++) {
        unsigned found = 0;
        for (unsigned n = 0; n < 50; n++) {
            if (auth_limit_connect(*state, &place, at_ms[i])) {
                auth_limit_disconnect(*state, &place);
                found++;
            }
        }
        assert_int_equal(found, let_in[i]);
    }
}

/* rejects */

static void a_place_is_limited_over_all_who_ask_from_there(void **state)
{
    unsigned passed = 0;
    for (uint32_t principal = 0; principal < 10; principal++) {
        passed += ask(*state, principal, 1, 20, 0);
    }
    assert_int_equal(passed, 80);
}

static void what_the_place_refuses_costs_the_principal_nothing(void **state)
{
    for (uint32_t principal = 2; principal < 6; principal++) {
        assert_int_equal(ask(*state, principal, 1, 20, 0), 20);
    }
    assert_int_equal(ask(*state, 1, 1, 50, 0), 0);
    assert_int_equal(ask(*state, 1, 2, 50, 0), 20);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_limits, close_limits)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(two_seconds_worth_passes_at_once_and_then_what_comes_back),
        TEST(one_principal_does_not_use_up_what_is_anothers),
        TEST(guests_of_a_place_share_little_and_use_up_nothing_of_who_has_logged_in),
        TEST(a_request_larger_than_the_bucket_passes_and_those_after_it_wait),
        TEST(ipv6_addresses_of_one_network_are_one_place),
        TEST(connections_are_counted_for_each_place),
        TEST(connections_that_come_too_fast_are_not_let_in),
        /* rejects */
        TEST(a_place_is_limited_over_all_who_ask_from_there),
        TEST(what_the_place_refuses_costs_the_principal_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
