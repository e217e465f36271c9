/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Rows while they are counted: their cap, their sums, their sets, and memory that runs out. */
#include "../../../server/report/src/tally.h"

#include "../base/faulty_memory.h"
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ARENA_BYTES (16u << 20)

static struct entry service(uint64_t member, uint64_t org, uint32_t category, int64_t points_centi)
{
    return (struct entry){
        .day = date_to_day((struct date){2016, 5, 1}),
        .command = {.kind = ACT_SERVICE_RECORD},
        .org = org,
        .earning = {.member = member,
                    .category = category,
                    .minutes = 60,
                    .points_centi = points_centi},
    };
}

static void a_set_holds_what_was_added_and_nothing_else(void **state)
{
    (void)state;
    struct faulty_memory faulty = {.until_failure = FAULTY_NEVER};
    const struct arena_memory memory = faulty_memory_port(&faulty);
    struct number_set set;
    number_set_init(&set, &memory);
    assert_false(number_set_has(&set, 1));
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint64_t number = 1; number <= 100000; number++) {
            bool is_new = pass != 0;
            assert_int_equal(number_set_add(&set, number << 34 | number, &is_new), LB_OK);
            assert_int_equal(is_new, pass == 0);
        }
    }
    assert_int_equal(set.count, 100000);
    assert_true(set.slot_count <= 262144);
    assert_true(number_set_has(&set, UINT64_C(77) << 34 | 77));
    assert_false(number_set_has(&set, UINT64_C(77) << 34 | 78));
    assert_int_equal(faulty.blocks_out, 1);
    number_set_fini(&set);
    assert_int_equal(faulty.blocks_out, 0);
}

static void one_row_more_than_the_cap_is_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct tally tally;
    const struct breakdown_query query = {.by_org = true, .by_category = true};
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    assert_int_equal(tally_init(&tally, &query, &arena), LB_OK);
    assert_int_equal(tally_admit(&tally, 1), LB_OK);
    for (uint64_t i = 0; i < BREAKDOWN_ROWS_MAX; i++) {
        const struct entry entry = service(1, LB_ORG_MAX - i / 10, (uint32_t)(i % 10) + 1, 100);
        assert_int_equal(tally_add(&tally, &entry), LB_OK);
    }
    const struct entry known = service(1, LB_ORG_MAX, 1, 100);
    const struct entry unknown = service(1, LB_ORG_MAX, 11, 100);
    const struct entry no_matter = service(2, LB_ORG_MAX, 11, 100);
    assert_int_equal(tally_add(&tally, &known), LB_OK);
    assert_int_equal(tally_add(&tally, &no_matter), LB_OK);
    assert_int_equal(tally_add(&tally, &unknown), LB_ROWS_TOO_MANY);
    const struct breakdown_row *rows = tally_finish(&tally);
    assert_int_equal(tally.row_count, BREAKDOWN_ROWS_MAX);
    for (size_t i = 1; i < BREAKDOWN_ROWS_MAX; i++) {
        assert_true(rows[i - 1].org < rows[i].org ||
                    (rows[i - 1].org == rows[i].org && rows[i - 1].category < rows[i].category));
    }
    assert_int_equal(rows[BREAKDOWN_ROWS_MAX - 10].counts.service_person_times, 2);
    assert_int_equal(rows[BREAKDOWN_ROWS_MAX - 10].counts.service_persons, 1);
    tally_fini(&tally);
    arena_fini(&arena);
}

static void a_sum_beyond_what_can_be_held_is_told(void **state)
{
    (void)state;
    struct arena arena;
    struct tally tally;
    const struct breakdown_query query = {.by_month = true};
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    assert_int_equal(tally_init(&tally, &query, &arena), LB_OK);
    assert_int_equal(tally_admit(&tally, 1), LB_OK);
    const struct entry entry = service(1, 1, 1, INT64_MAX);
    assert_int_equal(tally_add(&tally, &entry), LB_OK);
    assert_int_equal(tally_add(&tally, &entry), LB_AMOUNT_OVERFLOW);
    tally_fini(&tally);
    arena_fini(&arena);
}

/* Goods for more than can be held: one line alone, then two together. */
static void a_price_beyond_what_can_be_held_is_told(void **state)
{
    (void)state;
    struct arena arena;
    struct tally tally;
    const struct breakdown_query query = {.by_month = true};
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    assert_int_equal(tally_init(&tally, &query, &arena), LB_OK);
    assert_int_equal(tally_admit(&tally, 1), LB_OK);
    struct entry entry = {.command = {.kind = ACT_REDEEM},
                          .links = {{.member = 1}},
                          .link_count = 1,
                          .lines = {{.quantity = 2, .price_centi = INT64_MAX}},
                          .line_count = 1};
    assert_int_equal(tally_add(&tally, &entry), LB_AMOUNT_OVERFLOW);
    entry.lines[0].quantity = 1;
    entry.lines[1] = entry.lines[0];
    entry.line_count = 2;
    assert_int_equal(tally_add(&tally, &entry), LB_AMOUNT_OVERFLOW);
    tally_fini(&tally);
    arena_fini(&arena);
}

static void every_allocation_that_fails_is_told_and_nothing_leaks(void **state)
{
    (void)state;
    bool was_met = true;
    size_t failures = 0;
    for (size_t nth = 0; was_met; nth++) {
        struct faulty_memory faulty = {.until_failure = nth};
        const struct arena_memory memory = faulty_memory_port(&faulty);
        const struct breakdown_query query = {.by_category = true};
        struct arena arena;
        struct tally tally;
        arena_init(&arena, &memory, ARENA_BYTES);
        enum lb_result result = tally_init(&tally, &query, &arena);
        if (result == LB_OK) {
            for (uint64_t member = 1; result == LB_OK && member <= 2000; member++) {
                const struct entry entry = service(member, 1, 1, 100);
                result = tally_admit(&tally, member);
                result = result == LB_OK ? tally_add(&tally, &entry) : result;
            }
            tally_fini(&tally);
        }
        was_met = faulty.has_failed;
        failures += was_met;
        assert_int_equal(result, was_met ? LB_MEMORY : LB_OK);
        arena_fini(&arena);
        assert_int_equal(faulty.blocks_out, 0);
    }
    assert_true(failures > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        cmocka_unit_test(a_set_holds_what_was_added_and_nothing_else),
        /* rejects */
        cmocka_unit_test(one_row_more_than_the_cap_is_refused),
        cmocka_unit_test(a_sum_beyond_what_can_be_held_is_told),
        cmocka_unit_test(a_price_beyond_what_can_be_held_is_told),
        /* faults */
        cmocka_unit_test(every_allocation_that_fails_is_told_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
