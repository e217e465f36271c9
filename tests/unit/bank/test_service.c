/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Service given: hours, points, their last day, overlap and the day's limit, debt settled. */
#include "street_for_tests.h"

#define DAY 16900 /* 2016-04-09 */

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_to_day((struct date){year, month, day});
}

/* Category 5 under that tariff from the first day on; 1 point an hour where not said. */
static void set_tariff(struct act_tariff_set tariff)
{
    tariff.category = 5;
    tariff.name = BYTES_LITERAL("科普");
    tariff.points_per_hour_centi =
        tariff.points_per_hour_centi == 0 ? 100 : tariff.points_per_hour_centi;
    tariff.coefficient_permille =
        tariff.coefficient_permille == 0 ? 1000 : tariff.coefficient_permille;
    tariff.rounding_minutes = tariff.rounding_minutes == 0 ? 1 : tariff.rounding_minutes;
    tariff.expiry_kind = tariff.expiry_kind == 0 ? EXPIRY_NEVER : tariff.expiry_kind;
    tariff.day_minutes_max = tariff.day_minutes_max == 0 ? 1440 : tariff.day_minutes_max;
    (void)done(test_do(
        test,
        (struct command){.kind = ACT_TARIFF_SET, .day = TEST_START, .act.tariff_set = tariff}));
}

static struct earning earned(uint32_t minutes, int32_t day)
{
    const struct entry *entry = test_record(test, 1, 5, minutes, -1, day);
    assert_code(entry, LB_OK);
    return entry->earning;
}

static uint64_t served(uint32_t minutes, int32_t start_minute, int32_t day)
{
    return done(test_record(test, 1, 1, minutes, start_minute, day));
}

/* Hours and points. */

static void hours_are_exact_and_points_follow_whole_units(void **state)
{
    (void)state;
    const struct entry *entry = test_record(test, 1, 1, 89, 540, DAY); /* units of 30 minutes */
    assert_code(entry, LB_OK);
    assert_int_equal(entry->earning.member, 1);
    assert_int_equal(entry->earning.category, 1);
    assert_int_equal(entry->earning.tariff_entry, 2);
    assert_int_equal(entry->earning.minutes, 89);
    assert_int_equal(entry->earning.counted_minutes, 60);
    assert_int_equal(entry->earning.points_centi, 1000);
    assert_int_equal(entry->balances[0].minutes, 89);
    assert_int_equal(entry->balances[0].points_centi, 1000);
    assert_int_equal(entry->org, 1);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.services, 1);
    assert_int_equal(year.minutes, 89);
    assert_int_equal(year.earned_centi, 1000);
    year_get(street_views(), 2015, 1, &year);
    assert_int_equal(year.services, 0);
    assert_true(year_next(street_views(), 2016, 0, &year));
    assert_int_equal(year.member, 1);
    assert_false(year_next(street_views(), 2016, 2, &year));
    assert_false(year_next(street_views(), 2015, 0, &year));
}

static void the_coefficient_multiplies_and_hundredths_are_cut_off(void **state)
{
    (void)state;
    set_tariff((struct act_tariff_set){.coefficient_permille = 1500});
    assert_int_equal(earned(60, DAY).points_centi, 150);
    assert_int_equal(earned(1, DAY).points_centi, 2); /* 2.5 */
    set_tariff(
        (struct act_tariff_set){.points_per_hour_centi = 10000000, .coefficient_permille = 100000});
    assert_int_equal(earned(1440, DAY + 1).points_centi, INT64_C(24000000000));
}

static void less_than_a_unit_earns_hours_and_no_points(void **state)
{
    (void)state;
    const struct entry *entry = test_record(test, 1, 1, 29, -1, DAY);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->earning.points_centi, 0);
    assert_int_equal(entry->balances[0].minutes, 29);
    assert_int_equal(entry->postings.count, 2);
}

static void the_tariff_is_that_of_the_service_date(void **state)
{
    (void)state;
    (void)done(test_set_tariff(test, 1, 3000, DAY));
    assert_int_equal(test_record(test, 1, 1, 60, -1, DAY - 1)->earning.points_centi, 1000);
    assert_int_equal(test_record(test, 1, 1, 60, -1, DAY)->earning.points_centi, 3000);
}

/* The last day to spend on. */

static void points_never_expire_when_the_tariff_says_so(void **state)
{
    (void)state;
    set_tariff((struct act_tariff_set){.expiry_kind = EXPIRY_NEVER});
    assert_true(earned(60, DAY).lot == LOT_NEVER);
}

static void points_expire_at_a_years_end(void **state)
{
    (void)state;
    set_tariff((struct act_tariff_set){.expiry_kind = EXPIRY_YEAR_END});
    assert_int_equal(earned(60, DAY).lot, day_of(2016, 12, 31));
    set_tariff((struct act_tariff_set){.expiry_kind = EXPIRY_YEAR_END, .expiry_years = 2});
    assert_int_equal(earned(60, DAY).lot, day_of(2018, 12, 31));
}

static void points_expire_years_after_the_service(void **state)
{
    (void)state;
    set_tariff((struct act_tariff_set){.expiry_kind = EXPIRY_YEARS, .expiry_years = 3});
    assert_int_equal(earned(60, DAY).lot, day_of(2019, 4, 9));
    assert_int_equal(earned(60, day_of(2016, 2, 29)).lot, day_of(2019, 2, 28));
    set_tariff((struct act_tariff_set){.expiry_kind = EXPIRY_YEARS, .expiry_years = 4});
    assert_int_equal(earned(60, day_of(2016, 2, 29)).lot, day_of(2020, 2, 29));
}

/* Lots are days since 1970; a service from before must not land in a lot without end. */
static void points_that_expired_before_1970_stand_in_the_first_lot(void **state)
{
    (void)state;
    const int32_t start = day_of(1960, 1, 1);
    struct command tariff = {.kind = ACT_TARIFF_SET, .day = start};
    tariff.act.tariff_set = (struct act_tariff_set){.category = 5,
                                                    .name = BYTES_LITERAL("科普"),
                                                    .points_per_hour_centi = 100,
                                                    .coefficient_permille = 1000,
                                                    .rounding_minutes = 1,
                                                    .expiry_kind = EXPIRY_YEAR_END,
                                                    .day_minutes_max = 480};
    (void)done(test_do(test, tariff));
    (void)done(test_open_org(test, 2, 0, start));
    (void)done(test_register(test, 60, 2, 0, start));
    assert_int_equal(test_record(test, 60, 5, 60, -1, start + 5)->earning.lot, 0);
}

/* Who, where, when. */

static void a_service_can_be_recorded_by_card_for_another_org_and_an_activity(void **state)
{
    (void)state;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_do(
        test, (struct command){.kind = ACT_ACTIVITY_OPEN,
                               .day = DAY,
                               .act.activity_open = {.org = 1, .name = BYTES_LITERAL("义诊")}}));
    struct command command = {.kind = ACT_SERVICE_RECORD, .day = DAY};
    command.act.service_record =
        (struct act_service_record){.member = {.card = lb_card_of_serial(1)},
                                    .category = 1,
                                    .minutes = 60,
                                    .start_minute = -1,
                                    .activity = 1,
                                    .org = 2};
    const struct entry *entry = test_do(test, command);
    assert_code(entry, LB_OK);
    assert_int_equal(entry->org, 2);
    assert_int_equal(entry->links[0].member, 1);
    command.act.service_record.activity = 9;
    assert_refusal(test_do(test, command), LB_ACTIVITY_UNKNOWN, 9, 0, 0);
    command.act.service_record.activity = 1;
    command.act.service_record.org = 9;
    assert_refusal(test_do(test, command), LB_ORG_UNKNOWN, 9, 0, 0);
}

static void a_service_needs_a_member_a_card_and_a_category_that_exist(void **state)
{
    (void)state;
    assert_refusal(test_record(test, 9, 1, 60, -1, DAY), LB_MEMBER_UNKNOWN, 9, 0, 0);
    assert_refusal(test_record(test, 1, 9, 60, -1, DAY), LB_CATEGORY_UNKNOWN, 9, 0, 0);
    struct command command = {.kind = ACT_SERVICE_RECORD, .day = DAY};
    command.act.service_record = (struct act_service_record){
        .member = {.card = lb_card_of_serial(9)}, .category = 1, .minutes = 60, .start_minute = -1};
    assert_refusal(test_do(test, command), LB_CARD_UNKNOWN, lb_card_of_serial(9), 0, 0);
}

static void a_service_lies_between_joining_and_today(void **state)
{
    (void)state;
    (void)done(test_register(test, 3, 1, 0, DAY));
    (void)done(test_record(test, 3, 1, 60, -1, DAY));
    assert_refusal(test_record(test, 3, 1, 60, -1, DAY - 1), LB_BEFORE_JOINED, DAY - 1, DAY, 0);
    (void)done(test_record(test, 3, 1, 60, -1, TEST_TODAY));
    assert_refusal(test_record(test, 3, 1, 60, -1, TEST_TODAY + 1), LB_DATE_IN_FUTURE,
                   TEST_TODAY + 1, TEST_TODAY, 0);
    assert_int_equal(test_record(test, 2, 1, 60, -1, DAY_NONE)->day, TEST_TODAY);
}

static void a_service_before_the_first_tariff_is_refused(void **state)
{
    (void)state;
    (void)done(test_set_tariff(test, 7, 1000, DAY));
    assert_refusal(test_record(test, 1, 7, 60, -1, DAY - 1), LB_TARIFF_UNKNOWN, 7, DAY - 1, 0);
}

static void a_service_for_a_closed_org_is_refused(void **state)
{
    (void)state;
    (void)done(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                              .day = DAY,
                                              .act.org_update = {.org = 1, .close = true}}));
    assert_refusal(test_record(test, 1, 1, 60, -1, DAY), LB_ORG_CLOSED, 1, DAY, 0);
    (void)done(test_record(test, 1, 1, 60, -1, DAY - 1));
}

/* Overlap. */

static void services_that_touch_do_not_overlap(void **state)
{
    (void)state;
    (void)served(60, 540, DAY);
    (void)served(60, 600, DAY);
    (void)served(60, 480, DAY);
}

static void services_that_overlap_are_refused_with_the_other(void **state)
{
    (void)state;
    uint64_t first = served(60, 540, DAY);
    assert_refusal(test_record(test, 1, 1, 60, 599, DAY), LB_OVERLAP, first, 540, 60);
    assert_refusal(test_record(test, 1, 1, 60, 481, DAY), LB_OVERLAP, first, 540, 60);
    assert_refusal(test_record(test, 1, 1, 10, 560, DAY), LB_OVERLAP, first, 540, 60);
    assert_refusal(test_record(test, 1, 1, 200, 500, DAY), LB_OVERLAP, first, 540, 60);
    (void)done(test_record(test, 2, 1, 60, 540, DAY)); /* somebody else */
}

static void a_night_shift_overlaps_what_was_recorded_for_the_next_morning(void **state)
{
    (void)state;
    uint64_t morning = served(60, 30, DAY + 1);
    assert_refusal(test_record(test, 1, 1, 120, 1380, DAY), LB_OVERLAP, morning, 30, 60);
    (void)served(90, 1380, DAY); /* ends as the morning begins */
}

static void a_morning_overlaps_the_night_shift_of_the_day_before(void **state)
{
    (void)state;
    uint64_t night = served(120, 1380, DAY);
    assert_refusal(test_record(test, 1, 1, 60, 59, DAY + 1), LB_OVERLAP, night, 1380, 120);
    (void)served(60, 60, DAY + 1);
}

static void without_a_start_overlap_cannot_be_told(void **state)
{
    (void)state;
    (void)served(60, 540, DAY);
    (void)served(60, -1, DAY);
    (void)served(60, 700, DAY);
}

/* The day's limit: 600 minutes in category 1. */

static void the_day_may_be_filled_but_not_exceeded(void **state)
{
    (void)state;
    (void)served(590, -1, DAY);
    assert_refusal(test_record(test, 1, 1, 11, -1, DAY), LB_OVER_DAY, 590, 11, 600);
    (void)served(10, -1, DAY);
    (void)served(600, -1, DAY + 1);
    (void)served(600, -1, DAY - 1);
}

static void the_days_limit_counts_all_categories_and_forgets_what_was_reversed(void **state)
{
    (void)state;
    set_tariff((struct act_tariff_set){.day_minutes_max = 1440});
    uint64_t long_one = done(test_record(test, 1, 5, 1440, -1, DAY));
    assert_refusal(test_record(test, 1, 5, 1, -1, DAY), LB_OVER_DAY, 1440, 1, 1440);
    assert_refusal(test_record(test, 1, 1, 30, -1, DAY), LB_OVER_DAY, 1440, 30, 600);
    (void)done(test_reverse(test, long_one, DAY));
    (void)served(600, -1, DAY);
}

static void a_refused_service_counts_for_nothing(void **state)
{
    (void)state;
    (void)served(60, 540, DAY);
    const struct entry *refused = test_record(test, 1, 1, 60, 560, DAY);
    assert_code(refused, LB_OVERLAP);
    assert_int_equal(refused->postings.count, 0);
    assert_int_equal(refused->earning.member, 0);
    assert_int_equal(refused->org, 0);
    assert_int_equal(refused->balances[0].minutes, 60);
    (void)served(60, 610, DAY); /* the refused one would end at 620 */
}

/* Debt. */

static void earnings_settle_debt_first_in_their_own_lot_and_across_lots(void **state)
{
    (void)state;
    const int32_t year_end = day_of(2016, 12, 31);
    set_tariff(
        (struct act_tariff_set){.points_per_hour_centi = 2000, .expiry_kind = EXPIRY_YEAR_END});
    uint64_t first = done(test_record(test, 1, 5, 60, -1, DAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    (void)done(test_reverse(test, first, DAY));
    assert_int_equal(test->last.balances[0].debt_centi, 2000);
    (void)served(60, -1, DAY); /* 10 points, lot without end */
    assert_int_equal(test->last.balances[0].debt_centi, 1000);
    assert_int_equal(test->last.balances[0].points_centi, 0);
    const struct entry *same_lot = test_record(test, 1, 5, 60, -1, DAY + 1);
    assert_int_equal(same_lot->earning.lot, year_end);
    assert_int_equal(same_lot->balances[0].debt_centi, 0);
    assert_int_equal(same_lot->balances[0].points_centi, 1000);
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.earned_centi, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(hours_are_exact_and_points_follow_whole_units),
        STREET_TEST(the_coefficient_multiplies_and_hundredths_are_cut_off),
        STREET_TEST(less_than_a_unit_earns_hours_and_no_points),
        STREET_TEST(the_tariff_is_that_of_the_service_date),
        STREET_TEST(points_never_expire_when_the_tariff_says_so),
        STREET_TEST(points_expire_at_a_years_end),
        STREET_TEST(points_expire_years_after_the_service),
        STREET_TEST(points_that_expired_before_1970_stand_in_the_first_lot),
        STREET_TEST(a_service_can_be_recorded_by_card_for_another_org_and_an_activity),
        STREET_TEST(services_that_touch_do_not_overlap),
        STREET_TEST(without_a_start_overlap_cannot_be_told),
        STREET_TEST(earnings_settle_debt_first_in_their_own_lot_and_across_lots),
        /* rejects */
        STREET_TEST(a_service_needs_a_member_a_card_and_a_category_that_exist),
        STREET_TEST(a_service_lies_between_joining_and_today),
        STREET_TEST(a_service_before_the_first_tariff_is_refused),
        STREET_TEST(a_service_for_a_closed_org_is_refused),
        STREET_TEST(services_that_overlap_are_refused_with_the_other),
        STREET_TEST(a_night_shift_overlaps_what_was_recorded_for_the_next_morning),
        STREET_TEST(a_morning_overlaps_the_night_shift_of_the_day_before),
        STREET_TEST(the_day_may_be_filled_but_not_exceeded),
        STREET_TEST(the_days_limit_counts_all_categories_and_forgets_what_was_reversed),
        STREET_TEST(a_refused_service_counts_for_nothing),
    };
    return cmocka_run_group_tests_name("bank service", tests, NULL, NULL);
}
