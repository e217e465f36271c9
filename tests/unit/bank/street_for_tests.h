/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The frame of every test that needs a street: a fresh one in `test` before each test, freed after
 * it. Included once by a test's file, which has one thread.
 */
#ifndef STREET_FOR_TESTS_H
#define STREET_FOR_TESTS_H

#include "bank_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct test_bank *test;

static inline int street_set_up(void **state)
{
    (void)state;
    test = test_bank_new_street();
    return 0;
}

static inline int street_tear_down(void **state)
{
    (void)state;
    test_bank_free(test);
    return 0;
}

#define STREET_TEST(name) cmocka_unit_test_setup_teardown(name, street_set_up, street_tear_down)

/* By name, so that a failure says what was answered. */
#define assert_code(answer, expected)                                \
    assert_string_equal(lb_result_name((int)(answer)->verdict.code), \
                        lb_result_name((int)(expected)))

/* The refusal and its three numbers. */
#define assert_refusal(answer, expected, number_a, number_b, number_c) \
    do {                                                               \
        const struct entry *refused_ = (answer);                       \
        assert_code(refused_, expected);                               \
        assert_int_equal(refused_->verdict.a, number_a);               \
        assert_int_equal(refused_->verdict.b, number_b);               \
        assert_int_equal(refused_->verdict.c, number_c);               \
    } while (0)

/* Done; gives the entry's number. */
static inline uint64_t done(const struct entry *entry)
{
    assert_code(entry, LB_OK);
    return entry->number;
}

static inline struct views street_views(void)
{
    return test_bank_port(test).views;
}

#endif
