/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Acts on personal data, as the bank sees them: revealing, erasing, consent, keys. */
#include "street_for_tests.h"

#define DAY 16900 /* 2016-04-09 */

static const struct entry *reveal(uint64_t member)
{
    return test_do(test, (struct command){.kind = ACT_REVEAL,
                                          .day = DAY_NONE,
                                          .memo = BYTES_LITERAL("核对身份"),
                                          .act.reveal = member});
}

static const struct entry *erase(uint64_t member)
{
    return test_do(
        test,
        (struct command){.kind = ACT_MEMBER_ERASE, .day = DAY_NONE, .act.member_erase = member});
}

static const struct entry *close_member(uint64_t member)
{
    return test_do(
        test, (struct command){.kind = ACT_MEMBER_CLOSE, .day = DAY, .act.member_close = member});
}

static const struct entry *consent(uint64_t member, bool publish_name, bool contact, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_CONSENT_SET,
                                          .day = day,
                                          .act.consent_set = {.member = member,
                                                              .publish_name = publish_name,
                                                              .contact = contact}});
}

static struct member_row member_of(uint64_t member)
{
    struct member_row row;
    assert_true(member_get(street_views(), member, &row));
    return row;
}

/* accepts */

static void who_looked_stands_in_the_members_history(void **state)
{
    (void)state;
    const struct entry *entry = reveal(1);
    const uint64_t number = done(entry);
    assert_int_equal(entry->links[0].member, 1);
    assert_int_equal(entry->postings.count, 0);
    assert_int_equal(member_of(1).last_entry, number);
}

static void a_closed_member_is_erased_and_stays_closed(void **state)
{
    (void)state;
    (void)done(close_member(1));
    (void)done(erase(1));
    const struct member_row row = member_of(1);
    assert_int_equal(row.status, MEMBER_ERASED);
    assert_int_equal(row.closed_day, DAY);
    assert_true(member_is_closed(&row));
    assert_refusal(test_record(test, 1, 1, 60, -1, TEST_TODAY), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(close_member(1), LB_MEMBER_CLOSED, 1, DAY, 0);
    assert_refusal(consent(1, true, true, TEST_TODAY), LB_MEMBER_CLOSED, 1, DAY, 0);
}

static void hours_and_points_outlive_the_person(void **state)
{
    (void)state;
    (void)done(test_record(test, 1, 1, 120, -1, DAY));
    (void)done(test_redeem(test, 1, 1, 1, 1, DAY));
    (void)done(close_member(1));
    (void)done(erase(1));
    struct year_row year;
    year_get(street_views(), 2016, 1, &year);
    assert_int_equal(year.minutes, 120);
    assert_int_equal(year.redeemed_centi, 2000);
    assert_int_equal(member_of(1).balances.minutes, 120);
}

static void consent_counts_from_its_day_until_it_is_changed(void **state)
{
    (void)state;
    assert_false(consent_on(street_views(), 1, TEST_TODAY).publish_name);
    (void)done(consent(1, true, false, DAY));
    (void)done(consent(1, false, true, DAY + 10));
    assert_false(consent_on(street_views(), 1, DAY - 1).publish_name);
    assert_true(consent_on(street_views(), 1, DAY + 9).publish_name);
    assert_false(consent_on(street_views(), 1, DAY + 9).contact);
    assert_false(consent_on(street_views(), 1, DAY + 10).publish_name);
    assert_true(consent_on(street_views(), 1, TEST_TODAY).contact);
    assert_false(consent_on(street_views(), 2, TEST_TODAY).contact);
}

static void consent_may_be_given_for_a_day_to_come(void **state)
{
    (void)state;
    (void)done(consent(1, true, true, TEST_TODAY + 5));
    assert_false(consent_on(street_views(), 1, TEST_TODAY + 4).contact);
    assert_true(consent_on(street_views(), 1, TEST_TODAY + 5).contact);
}

static void a_rotation_of_keys_is_recorded_and_moves_nothing(void **state)
{
    (void)state;
    const struct entry *entry =
        test_do(test, (struct command){.kind = ACT_KEY_ROTATE, .day = DAY_NONE});
    (void)done(entry);
    assert_int_equal(entry->link_count, 0);
    assert_int_equal(entry->postings.count, 0);
}

/* rejects */

static void looking_needs_a_reason_and_a_member(void **state)
{
    (void)state;
    struct command command = {.kind = ACT_REVEAL, .day = DAY_NONE, .act.reveal = 1};
    assert_code(test_do(test, command), LB_FIELD_MISSING);
    assert_string_equal(test->last.verdict.text, "memo");
    assert_code(reveal(0), LB_FIELD_MISSING);
    assert_refusal(reveal(99), LB_MEMBER_UNKNOWN, 99, 0, 0);
    command.day = TEST_TODAY + 1;
    command.memo = BYTES_LITERAL("核对身份");
    assert_code(test_do(test, command), LB_DATE_IN_FUTURE);
}

static void only_a_closed_member_is_erased_and_only_once(void **state)
{
    (void)state;
    assert_refusal(erase(99), LB_MEMBER_UNKNOWN, 99, 0, 0);
    assert_code(erase(0), LB_FIELD_MISSING);
    assert_refusal(erase(1), LB_MEMBER_NOT_CLOSED, 1, 0, 0);
    assert_int_equal(member_of(1).status, MEMBER_ACTIVE);
    (void)done(close_member(1));
    (void)done(erase(1));
    assert_refusal(erase(1), LB_MEMBER_ERASED, 1, 0, 0);
}

static void consent_is_a_members_who_has_joined(void **state)
{
    (void)state;
    assert_refusal(consent(99, true, true, DAY), LB_MEMBER_UNKNOWN, 99, 0, 0);
    assert_code(consent(0, true, true, DAY), LB_FIELD_MISSING);
    assert_refusal(consent(1, true, true, TEST_START - 1), LB_BEFORE_JOINED, TEST_START - 1,
                   TEST_START, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(who_looked_stands_in_the_members_history),
        STREET_TEST(a_closed_member_is_erased_and_stays_closed),
        STREET_TEST(hours_and_points_outlive_the_person),
        STREET_TEST(consent_counts_from_its_day_until_it_is_changed),
        STREET_TEST(consent_may_be_given_for_a_day_to_come),
        STREET_TEST(a_rotation_of_keys_is_recorded_and_moves_nothing),
        /* rejects */
        STREET_TEST(looking_needs_a_reason_and_a_member),
        STREET_TEST(only_a_closed_member_is_erased_and_only_once),
        STREET_TEST(consent_is_a_members_who_has_joined),
    };
    return cmocka_run_group_tests_name("bank person acts", tests, NULL, NULL);
}
