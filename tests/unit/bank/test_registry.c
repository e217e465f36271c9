/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The registry: the dated tree of orgs, tariffs, prices, counters, activities, star tables. */
#include "street_for_tests.h"

#define DAY 16900 /* 2016-04-09 */

static const struct entry *update_org(uint64_t org, uint64_t parent, const char *name, bool close,
                                      int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                          .day = day,
                                          .act.org_update = {.org = org,
                                                             .parent = parent,
                                                             .name = bytes_of_text(name),
                                                             .close = close}});
}

static const struct entry *open_counter(uint32_t counter, uint64_t org, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_COUNTER_OPEN,
                                          .day = day,
                                          .act.counter_open = {.counter = counter,
                                                               .org = org,
                                                               .name = BYTES_LITERAL("兑换点")}});
}

static const struct entry *open_activity(uint64_t org, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_ACTIVITY_OPEN,
                               .day = day,
                               .act.activity_open = {.org = org, .name = BYTES_LITERAL("义诊")}});
}

static const struct entry *set_stars(const struct codes *hours, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_STAR_TABLE_SET, .day = day, .act.star_hours = *hours});
}

static const struct entry *set_class(uint32_t class_id, const char *name, bool is_public)
{
    return test_do(test, (struct command){.kind = ACT_CLASS_SET,
                                          .day = DAY,
                                          .act.class_set = {.class_id = class_id,
                                                            .name = bytes_of_text(name),
                                                            .is_public = is_public}});
}

static void assert_name(struct bytes name, const char *expected)
{
    assert_true(bytes_equal(name, bytes_of_text(expected)));
}

/* Orgs. */

static void an_org_exists_from_the_day_it_was_opened(void **state)
{
    (void)state;
    struct org_row row;
    uint64_t entry = done(test_open_org(test, 2, 1, DAY));
    assert_false(org_on(street_views(), 2, DAY - 1, &row));
    assert_true(org_on(street_views(), 2, DAY, &row));
    assert_int_equal(row.parent, 1);
    assert_int_equal(row.kind, ORG_COMMUNITY);
    assert_int_equal(row.entry, entry);
    assert_false(row.is_closed);
    assert_name(row.name, "社区");
    assert_true(org_is_within(street_views(), 2, 1, DAY));
    assert_false(org_is_within(street_views(), 2, 1, DAY - 1));
    assert_false(org_is_within(street_views(), 1, 2, DAY));
}

static void an_org_is_opened_once_below_an_open_org(void **state)
{
    (void)state;
    assert_refusal(test_open_org(test, 1, 0, DAY), LB_ALREADY_EXISTS, 1, 0, 0);
    assert_refusal(test_open_org(test, 2, 9, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
    assert_refusal(test_open_org(test, 2, 1, TEST_START - 1), LB_ORG_CLOSED, 1, TEST_START - 1, 0);
    assert_refusal(test_open_org(test, 2, 2, DAY), LB_ORG_CYCLE, 2, 2, 0);
}

static void an_org_moves_from_a_day_on_and_keeps_its_name(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_open_org(test, 3, 1, TEST_START));
    (void)done(update_org(3, 2, "", false, DAY));
    assert_true(org_on(street_views(), 3, DAY - 1, &row));
    assert_int_equal(row.parent, 1);
    assert_true(org_on(street_views(), 3, DAY, &row));
    assert_int_equal(row.parent, 2);
    assert_name(row.name, "社区");
    assert_true(org_is_within(street_views(), 3, 2, DAY));
    assert_false(org_is_within(street_views(), 3, 2, DAY - 1));
}

static void an_org_is_renamed_from_a_day_on_and_keeps_its_place(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(update_org(2, 0, "新社区", false, DAY));
    assert_true(org_on(street_views(), 2, DAY - 1, &row));
    assert_name(row.name, "社区");
    assert_true(org_on(street_views(), 2, DAY, &row));
    assert_name(row.name, "新社区");
    assert_int_equal(row.parent, 1);
}

static void a_closed_org_takes_nothing_new_but_stays(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(update_org(2, 0, "", true, DAY));
    assert_true(org_on(street_views(), 2, DAY, &row));
    assert_true(row.is_closed);
    assert_refusal(test_register(test, 0, 2, 0, DAY), LB_ORG_CLOSED, 2, DAY, 0);
    assert_refusal(open_counter(9, 2, DAY), LB_ORG_CLOSED, 2, DAY, 0);
    assert_refusal(open_activity(2, DAY), LB_ORG_CLOSED, 2, DAY, 0);
    assert_refusal(test_open_org(test, 3, 2, DAY), LB_ORG_CLOSED, 2, DAY, 0);
    assert_refusal(update_org(2, 0, "改", false, DAY), LB_ORG_CLOSED, 2, DAY, 0);
    (void)done(test_register(test, 0, 2, 0, DAY - 1));
}

static void an_org_cannot_be_moved_below_itself(void **state)
{
    (void)state;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_open_org(test, 3, 2, TEST_START));
    assert_refusal(update_org(1, 3, "", false, DAY), LB_ORG_CYCLE, 1, 3, 0);
    assert_refusal(update_org(2, 2, "", false, DAY), LB_ORG_CYCLE, 2, 2, 0);
    assert_refusal(update_org(9, 1, "", false, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
    assert_refusal(update_org(2, 9, "", false, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
}

/* Entered first for a later day, then for an earlier one: each day's tree must be a tree. */
static void a_move_that_closes_a_cycle_on_a_later_day_is_refused(void **state)
{
    (void)state;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_open_org(test, 3, 1, TEST_START));
    (void)done(update_org(2, 3, "", false, TEST_TODAY + 30));
    assert_refusal(update_org(3, 2, "", false, DAY), LB_ORG_CYCLE, 3, 2, 0);
    assert_refusal(update_org(3, 2, "", false, TEST_TODAY + 30), LB_ORG_CYCLE, 3, 2, 0);
}

/* A change counts from its day on until that same thing changes again. */
static void a_change_entered_late_lasts_through_later_changes_of_other_things(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_open_org(test, 3, 1, TEST_START));
    (void)done(update_org(2, 0, "七月的名字", false, DAY + 90));
    (void)done(update_org(2, 3, "四月的名字", false, DAY));
    assert_true(org_on(street_views(), 2, DAY, &row));
    assert_int_equal(row.parent, 3);
    assert_name(row.name, "四月的名字");
    assert_true(org_on(street_views(), 2, DAY + 90, &row));
    assert_int_equal(row.parent, 3);
    assert_name(row.name, "七月的名字");
}

static void a_move_entered_late_ends_where_a_later_move_begins(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(test_open_org(test, 3, 1, TEST_START));
    (void)done(test_open_org(test, 4, 1, TEST_START));
    (void)done(update_org(2, 4, "", false, DAY + 90));
    (void)done(update_org(2, 3, "", false, DAY));
    assert_true(org_on(street_views(), 2, DAY + 89, &row));
    assert_int_equal(row.parent, 3);
    assert_true(org_on(street_views(), 2, DAY + 90, &row));
    assert_int_equal(row.parent, 4);
}

static void a_closing_entered_late_is_not_undone_by_a_later_renaming(void **state)
{
    (void)state;
    struct org_row row;
    (void)done(test_open_org(test, 2, 1, TEST_START));
    (void)done(update_org(2, 0, "七月的名字", false, DAY + 90));
    (void)done(update_org(2, 0, "", true, DAY));
    assert_true(org_on(street_views(), 2, DAY + 90, &row));
    assert_true(row.is_closed);
    assert_name(row.name, "七月的名字");
}

static void orgs_may_be_planned_ahead_but_not_counters_nor_activities(void **state)
{
    (void)state;
    const int32_t ahead = TEST_TODAY + 1;
    (void)done(test_open_org(test, 2, 1, ahead));
    (void)done(update_org(1, 0, "明年的名字", false, ahead));
    assert_refusal(open_counter(2, 1, ahead), LB_DATE_IN_FUTURE, ahead, TEST_TODAY, 0);
    assert_refusal(open_activity(1, ahead), LB_DATE_IN_FUTURE, ahead, TEST_TODAY, 0);
}

/* Classes, tariffs, items. */

static void a_class_is_opened_and_renamed_by_the_same_act(void **state)
{
    (void)state;
    struct class_row row;
    assert_false(class_get(street_views(), 7, &row));
    (void)done(set_class(7, "党员", false));
    (void)done(set_class(7, "中共党员", true));
    assert_true(class_get(street_views(), 7, &row));
    assert_name(row.name, "中共党员");
    assert_true(row.is_public);
}

static void a_tariff_holds_from_its_day_to_the_next(void **state)
{
    (void)state;
    struct tariff_row row;
    uint64_t later = done(test_set_tariff(test, 1, 1500, DAY));
    assert_true(tariff_on(street_views(), 1, DAY - 1, &row));
    assert_int_equal(row.tariff.points_per_hour_centi, 1000);
    assert_int_equal(row.from_day, TEST_START);
    assert_true(tariff_on(street_views(), 1, DAY, &row));
    assert_int_equal(row.tariff.points_per_hour_centi, 1500);
    assert_int_equal(row.tariff.day_minutes_max, 600);
    assert_int_equal(row.entry, later);
    assert_name(row.tariff.name, "家政");
    assert_false(tariff_on(street_views(), 1, TEST_START - 1, &row));
    assert_false(tariff_on(street_views(), 2, DAY, &row));
    (void)done(test_set_tariff(test, 1, 2000, TEST_TODAY + 1));
}

static void a_price_holds_from_its_day_to_the_next(void **state)
{
    (void)state;
    struct item_row row;
    (void)done(test_set_item(test, 1, ITEM_GOODS, 2500, DAY));
    assert_true(item_on(street_views(), 1, DAY - 1, &row));
    assert_int_equal(row.item.price_centi, 2000);
    assert_true(item_on(street_views(), 1, DAY, &row));
    assert_int_equal(row.item.price_centi, 2500);
    assert_name(row.item.name, "大米");
    assert_name(row.item.unit, "袋");
    assert_false(item_on(street_views(), 1, TEST_START - 1, &row));
}

static void an_item_cannot_change_its_kind_on_any_day(void **state)
{
    (void)state;
    assert_refusal(test_set_item(test, 1, ITEM_SERVICE, 2000, DAY), LB_WRONG_ITEM_KIND, 1, 0, 0);
    assert_refusal(test_set_item(test, 1, ITEM_SERVICE, 2000, TEST_START - 9), LB_WRONG_ITEM_KIND,
                   1, 0, 0);
    (void)done(test_set_item(test, 3, ITEM_SERVICE, 2000, DAY));
}

/* Counters, activities, stars. */

static void a_counter_is_opened_once_in_an_org(void **state)
{
    (void)state;
    struct counter_row row;
    assert_refusal(open_counter(1, 1, DAY), LB_ALREADY_EXISTS, 1, 0, 0);
    assert_refusal(open_counter(2, 9, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
    (void)done(open_counter(2, 1, DAY));
    assert_true(counter_get(street_views(), 2, &row));
    assert_int_equal(row.org, 1);
    assert_name(row.name, "兑换点");
    assert_false(counter_get(street_views(), 3, &row));
}

static void activities_are_numbered_in_order(void **state)
{
    (void)state;
    struct activity_row row;
    const struct entry *first = open_activity(1, DAY);
    assert_int_equal(first->assigned, 1);
    assert_int_equal(first->org, 1);
    uint64_t entry = done(first);
    assert_int_equal(open_activity(1, DAY)->assigned, 2);
    assert_true(activity_get(street_views(), 1, &row));
    assert_int_equal(row.entry, entry);
    assert_int_equal(row.day, DAY);
    assert_int_equal(row.org, 1);
    assert_false(activity_get(street_views(), 3, &row));
    assert_refusal(open_activity(9, DAY), LB_ORG_UNKNOWN, 9, 0, 0);
}

static void stars_follow_the_table_of_the_day(void **state)
{
    (void)state;
    struct codes hours;
    assert_false(star_table_on(street_views(), DAY, &hours));
    (void)done(set_stars(&(struct codes){{100, 300}, 2}, TEST_START));
    (void)done(set_stars(&(struct codes){{30, 60, 100}, 3}, DAY));
    assert_true(star_table_on(street_views(), DAY - 1, &hours));
    assert_int_equal(star_level(&hours, 100 * 60 - 1), 0);
    assert_int_equal(star_level(&hours, 100 * 60), 1);
    assert_int_equal(star_level(&hours, 300 * 60), 2);
    assert_int_equal(star_level(&hours, INT64_MAX), 2);
    assert_true(star_table_on(street_views(), DAY, &hours));
    assert_int_equal(star_level(&hours, 60 * 60), 2);
    assert_int_equal(star_level(&hours, 0), 0);
}

static void dated_rows_are_listed_in_order(void **state)
{
    (void)state;
    struct dated_row row;
    (void)done(test_open_org(test, 7, 1, DAY));
    assert_true(dated_next(street_views(), DATED_ORG, 0, 0, DATE_DAY_MIN, &row));
    assert_int_equal(row.id, 1);
    assert_true(dated_next(street_views(), DATED_ORG, 2, 0, DATE_DAY_MIN, &row));
    assert_int_equal(row.id, 7);
    assert_int_equal(row.from_day, DAY);
    assert_false(dated_next(street_views(), DATED_ORG, 8, 0, DATE_DAY_MIN, &row));
    assert_true(dated_exists(street_views(), DATED_ORG, 7));
    assert_false(dated_exists(street_views(), DATED_ORG, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(an_org_exists_from_the_day_it_was_opened),
        STREET_TEST(an_org_moves_from_a_day_on_and_keeps_its_name),
        STREET_TEST(an_org_is_renamed_from_a_day_on_and_keeps_its_place),
        STREET_TEST(a_change_entered_late_lasts_through_later_changes_of_other_things),
        STREET_TEST(a_move_entered_late_ends_where_a_later_move_begins),
        STREET_TEST(a_closing_entered_late_is_not_undone_by_a_later_renaming),
        STREET_TEST(a_class_is_opened_and_renamed_by_the_same_act),
        STREET_TEST(a_tariff_holds_from_its_day_to_the_next),
        STREET_TEST(a_price_holds_from_its_day_to_the_next),
        STREET_TEST(activities_are_numbered_in_order),
        STREET_TEST(stars_follow_the_table_of_the_day),
        STREET_TEST(dated_rows_are_listed_in_order),
        /* rejects */
        STREET_TEST(an_org_is_opened_once_below_an_open_org),
        STREET_TEST(a_closed_org_takes_nothing_new_but_stays),
        STREET_TEST(an_org_cannot_be_moved_below_itself),
        STREET_TEST(a_move_that_closes_a_cycle_on_a_later_day_is_refused),
        STREET_TEST(orgs_may_be_planned_ahead_but_not_counters_nor_activities),
        STREET_TEST(an_item_cannot_change_its_kind_on_any_day),
        STREET_TEST(a_counter_is_opened_once_in_an_org),
    };
    return cmocka_run_group_tests_name("bank registry", tests, NULL, NULL);
}
