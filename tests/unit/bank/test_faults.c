/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A store that fails at the nth access, for every n: the bank ends, does not crash, and the fault
 * is there to be seen. (That deciding writes nothing is checked by the port in every test.)
 */
#include "samples_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ACCESSES_MAX 500 /* of one command; more would be a loop */

static bool has_fault(struct test_bank *test)
{
    return views_fault(test_bank_port(test).views) != LB_OK;
}

/* Decides and applies with the nth access failing. true: no access was the nth. */
static bool is_done_before(enum act_kind kind, uint64_t n)
{
    struct test_bank *test = sample_bank_new();
    struct bank bank = test_bank_port(test);
    test->no_apply = true;
    test->accesses = 0;
    test->fail_at = n;
    const struct entry *entry = test_do(test, sample_command(kind));
    if (!has_fault(test)) {
        assert_int_equal(entry->verdict.code, LB_OK);
        enum lb_result applied = bank_apply(&bank, entry);
        assert_true(applied == LB_OK || has_fault(test));
        bank_fill_balances(&bank, &test->last);
    }
    bool is_done = !has_fault(test);
    assert_int_equal(is_done, test->accesses < n);
    assert_in_range(test->accesses, 0, ACCESSES_MAX);
    test_bank_free(test);
    return is_done;
}

static void a_fault_at_any_access_of_any_act_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        uint64_t n = 1;
        while (!is_done_before(sample_kinds[i], n)) {
            n++;
        }
        assert_in_range(n, 2, ACCESSES_MAX);
    }
}

/* The bank does not hide a store that has failed behind an old answer: it finds nothing at all. */
static void after_a_fault_lookups_find_nothing(void **state)
{
    (void)state;
    struct test_bank *test = sample_bank_new();
    struct views views = test_bank_port(test).views;
    struct member_row member;
    struct year_row year;
    struct org_row org;
    struct codes codes;
    struct service_row service = {.member = 0};
    uint64_t settled_by;
    test->accesses = 0;
    test->fail_at = 1;
    assert_false(member_get(views, 1, &member));
    assert_false(member_next(views, 1, &member));
    assert_false(org_on(views, 1, SAMPLE_DAY, &org));
    assert_false(org_is_within(views, SAMPLE_ORG, 1, SAMPLE_DAY));
    assert_false(service_next(views, 1, SAMPLE_DAY, 0, &service));
    assert_false(year_next(views, 2016, 0, &year));
    assert_false(ask_get(views, SAMPLE_ASK, &settled_by));
    year_get(views, 2016, 1, &year);
    assert_int_equal(year.services, 0);
    member_classes_on(views, 2, SAMPLE_DAY, &codes);
    assert_int_equal(codes.count, 0);
    assert_int_equal(reversed_by(views, SAMPLE_RECORD), 0);
    assert_int_equal(sequence_last(views, SEQUENCE_MEMBER), 0);
    assert_int_equal(member_org_on(views, 1, SAMPLE_DAY), 0);
    assert_true(has_fault(test));
    test_bank_free(test);
}

/* An entry that cannot be read back: nothing can be reversed, nor a reversal folded. */
static void a_reversal_without_its_target_is_an_internal_error(void **state)
{
    (void)state;
    struct test_bank *test = sample_bank_new();
    struct bank bank = test_bank_port(test);
    test->no_apply = true;
    struct entry entry = *test_do(test, sample_command(ACT_REVERSE));
    assert_int_equal(entry.verdict.code, LB_OK);
    entry.target_entry = test->head + 1;
    assert_int_equal(bank_apply(&bank, &entry), LB_INTERNAL);
    entry.command.kind = ACT_NONE;
    assert_int_equal(bank_apply(&bank, &entry), LB_INTERNAL);
    test_bank_free(test);
}

/* A row cut short on the disk reads as no row, not as another one. */
static void a_year_row_of_the_wrong_size_counts_as_none(void **state)
{
    (void)state;
    struct test_bank *test = sample_bank_new();
    struct views views = test_bank_port(test).views;
    struct bytes key = {NULL, 0};
    struct bytes value = {NULL, 0};
    struct year_row year;
    year_get(views, 2016, 1, &year);
    assert_int_equal(year.services, 1);
    assert_true(views_seek_ge(views, TABLE_YEAR_TOTAL, bytes_of("", 0), 0, &key, &value));
    uint8_t kept_key[LEDGER_KEY_BYTES_MAX];
    memcpy(kept_key, key.data, key.size);
    views_put(views, TABLE_YEAR_TOTAL, bytes_of(kept_key, key.size), bytes_of("\1", 1));
    year_get(views, 2016, 1, &year);
    assert_int_equal(year.services, 0);
    assert_int_equal(year.earned_centi, 0);
    test_bank_free(test);
}

/* A price from a damaged row, far above what a command may set. */
static void a_price_beyond_all_limits_is_refused_and_does_not_overflow(void **state)
{
    (void)state;
    struct test_bank *test = sample_bank_new();
    struct bank bank = test_bank_port(test);
    struct entry damaged = {.number = test->head, .day = SAMPLE_DAY};
    damaged.command = sample_command(ACT_ITEM_SET);
    damaged.command.act.item_set.item = 1;
    damaged.command.act.item_set.price_centi = INT64_MAX;
    assert_int_equal(bank_apply(&bank, &damaged), LB_OK);
    assert_int_equal(test_redeem(test, 1, 1, 1, 2, SAMPLE_DAY)->verdict.code, LB_AMOUNT_OVERFLOW);
    test_bank_free(test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* faults */
        cmocka_unit_test(a_fault_at_any_access_of_any_act_is_seen),
        cmocka_unit_test(after_a_fault_lookups_find_nothing),
        cmocka_unit_test(a_reversal_without_its_target_is_an_internal_error),
        cmocka_unit_test(a_year_row_of_the_wrong_size_counts_as_none),
        cmocka_unit_test(a_price_beyond_all_limits_is_refused_and_does_not_overflow),
    };
    return cmocka_run_group_tests_name("bank faults", tests, NULL, NULL);
}
