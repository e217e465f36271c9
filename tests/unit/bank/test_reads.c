/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* How often the common acts look into the views and change them: where the speed of a batch lies. A
 * number that rises here is a look-up too many, or has a reason. */
#include "street_for_tests.h"

#define DAY 16900

struct looks {
    uint64_t reads;
    uint64_t writes;
};

static struct looks looks_of(const struct entry *(*act)(void))
{
    uint64_t reads = test->reads;
    uint64_t accesses = test->accesses;
    (void)done(act());
    struct looks looks = {.reads = test->reads - reads};
    looks.writes = test->accesses - accesses - looks.reads;
    return looks;
}

static const struct entry *service(void)
{
    return test_record(test, 1, 1, 60, -1, DAY);
}

static const struct entry *service_at_nine(void)
{
    return test_record(test, 1, 1, 60, 540, DAY);
}

static const struct entry *redemption(void)
{
    return test_redeem(test, 1, 1, 1, 1, TEST_TODAY);
}

/*
 * Read: the member when deciding, its org's row, the tariff, the services of the day; the year,
 * four balances, the member when applying, its sums. Written: the service, the year, the balances,
 * the member.
 */
static void service_takes_eleven_reads_and_seven_writes(void **state)
{
    (void)state;
    struct looks looks = looks_of(service);
    assert_int_equal(looks.reads, 11);
    assert_int_equal(looks.writes, 7);
}

static void service_with_a_start_also_looks_at_the_days_beside_it(void **state)
{
    (void)state;
    struct looks looks = looks_of(service_at_nine);
    assert_int_equal(looks.reads, 13);
    assert_int_equal(looks.writes, 7);
}

static void further_service_of_the_day_is_one_more_read_for_each_before_it(void **state)
{
    (void)state;
    (void)done(service());
    (void)done(service());
    assert_int_equal(looks_of(service).reads, 13);
}

/*
 * Read: the counter and its chain, the member, the item, two for the lot of goods and two for that
 * of points; the year, four balances, the member, the chain, the sums.
 */
static void redemption_of_one_line_takes_sixteen_reads_and_seven_writes(void **state)
{
    (void)state;
    (void)done(service());
    (void)done(service());
    struct looks looks = looks_of(redemption);
    assert_int_equal(looks.reads, 16);
    assert_int_equal(looks.writes, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREET_TEST(service_takes_eleven_reads_and_seven_writes),
        STREET_TEST(service_with_a_start_also_looks_at_the_days_beside_it),
        STREET_TEST(further_service_of_the_day_is_one_more_read_for_each_before_it),
        STREET_TEST(redemption_of_one_line_takes_sixteen_reads_and_seven_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
