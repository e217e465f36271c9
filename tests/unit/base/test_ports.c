/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/clock.h and base/random.h: the ports that tests steer, and that the system's
 * implementations answer.
 */
#include "base/clock.h"
#include "base/random.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* accepts */

static void stepped_clock_stands_still_until_it_is_stepped(void **state)
{
    (void)state;
    struct clock_stepper stepper = {.now_ms = 1462060800000, .monotonic_ms = 5};
    struct clock clock = clock_of_stepper(&stepper);
    assert_true(clock_now_ms(&clock) == 1462060800000);
    clock_step(&stepper, 250);
    assert_true(clock_now_ms(&clock) == 1462060800250);
    assert_true(clock_monotonic_ms(&clock) == 255);
    stepper.now_ms = 0; /* the wall clock is put back */
    assert_true(clock_now_ms(&clock) == 0);
    assert_true(clock_monotonic_ms(&clock) == 255);
}

static void system_clock_is_after_2020_and_never_goes_back(void **state)
{
    (void)state;
    const struct clock *clock = clock_system();
    assert_true(clock_now_ms(clock) > INT64_C(1577836800000));
    int64_t before_ms = clock_monotonic_ms(clock);
    assert_true(clock_monotonic_ms(clock) >= before_ms);
}

static void seeded_source_repeats_itself_and_differs_by_seed(void **state)
{
    (void)state;
    struct random_seeded seeded[3] = {{1}, {1}, {2}};
    uint8_t drawn[3][13];
    for (size_t i = 0; i < 3; i++) {
        struct random_source source = random_of_seeded(&seeded[i]);
        assert_true(random_fill(&source, drawn[i], sizeof(drawn[i])));
    }
    assert_memory_equal(drawn[0], drawn[1], sizeof(drawn[0]));
    assert_memory_not_equal(drawn[0], drawn[2], sizeof(drawn[0]));
    struct random_seeded zero = {0};
    assert_true(random_seeded_next(&zero) == UINT64_C(0xe220a8397b1dcdaf)); /* splitmix64 */
}

static void system_source_fills_all_bytes_each_time_anew(void **state)
{
    (void)state;
    uint8_t first[64] = {0};
    uint8_t second[64] = {0};
    static const uint8_t zeros[32];
    assert_true(random_fill(random_system(), first, sizeof(first)));
    assert_true(random_fill(random_system(), second, sizeof(second)));
    assert_memory_not_equal(first, second, sizeof(first));
    assert_memory_not_equal(first + 32, zeros, sizeof(zeros));
    assert_true(random_fill(random_system(), first, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepped_clock_stands_still_until_it_is_stepped),
        cmocka_unit_test(system_clock_is_after_2020_and_never_goes_back),
        cmocka_unit_test(seeded_source_repeats_itself_and_differs_by_seed),
        cmocka_unit_test(system_source_fills_all_bytes_each_time_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
