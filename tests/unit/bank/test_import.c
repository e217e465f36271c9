/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Imports, and the chains of entries of imports and counters. */
#include "street_for_tests.h"

#define DAY     16900 /* 2016-04-09 */
#define UNKNOWN 77

static uint64_t open_import(void)
{
    const struct entry *entry =
        test_do(test, (struct command){.kind = ACT_IMPORT_OPEN,
                                       .day = DAY,
                                       .memo = BYTES_LITERAL("签到表.csv"),
                                       .act.import_open = {BYTES_LITERAL("sheet"), 2}});
    assert_code(entry, LB_OK);
    return entry->assigned;
}

static const struct entry *record_under(uint64_t import, uint64_t member, uint32_t minutes)
{
    return test_do(test, (struct command){.kind = ACT_SERVICE_RECORD,
                                          .day = DAY,
                                          .import = import,
                                          .act.service_record = {.member = {.member = member},
                                                                 .category = 1,
                                                                 .minutes = minutes,
                                                                 .start_minute = -1}});
}

static struct chain_row chain(enum chain_kind kind, uint64_t key)
{
    struct chain_row row;
    chain_get(street_views(), kind, key, &row);
    assert_int_equal(row.kind, kind);
    assert_int_equal(row.key, key);
    return row;
}

#define assert_chain(kind, key, last, entries)            \
    do {                                                  \
        const struct chain_row chain_ = chain(kind, key); \
        assert_int_equal(chain_.last_entry, (last));      \
        assert_int_equal(chain_.count, (entries));        \
    } while (0)

/* The entry is linked to that chain, behind `previous`. */
static void assert_linked(const struct entry *entry, enum chain_kind kind, uint64_t key,
                          uint64_t previous)
{
    const struct chain_link *link = entry_chain(entry, kind);
    assert_non_null(link);
    assert_int_equal(link->key, key);
    assert_int_equal(link->previous_entry, previous);
}

/* accepts */

static void imports_are_numbered_from_1_and_found_newest_first(void **state)
{
    (void)state;
    uint64_t import = 0;
    uint64_t entry = 0;
    assert_false(import_at_or_below(street_views(), UINT64_MAX, &import, &entry));
    assert_int_equal(open_import(), 1);
    const uint64_t first_entry = test->head;
    assert_int_equal(open_import(), 2);
    assert_int_equal(import_get(street_views(), 1), first_entry);
    assert_int_equal(import_get(street_views(), 2), test->head);
    assert_int_equal(import_get(street_views(), 3), 0);
    assert_true(import_at_or_below(street_views(), UINT64_MAX, &import, &entry));
    assert_int_equal(import, 2);
    assert_int_equal(entry, test->head);
    assert_true(import_at_or_below(street_views(), import - 1, &import, &entry));
    assert_int_equal(import, 1);
    assert_int_equal(entry, first_entry);
    assert_false(import_at_or_below(street_views(), import - 1, &import, &entry));
}

static void entries_of_an_import_form_a_chain_without_the_one_that_opened_it(void **state)
{
    (void)state;
    const uint64_t import = open_import();
    assert_chain(CHAIN_IMPORT, import, 0, 0);
    assert_null(entry_chain(&test->last, CHAIN_IMPORT));
    const uint64_t first = done(record_under(import, 1, 60));
    assert_linked(&test->last, CHAIN_IMPORT, import, 0);
    const uint64_t other = done(record_under(0, 1, 30));
    assert_null(entry_chain(&test->last, CHAIN_IMPORT));
    const uint64_t second = done(record_under(import, 2, 60));
    assert_linked(&test->last, CHAIN_IMPORT, import, first);
    assert_true(first < other && other < second);
    assert_chain(CHAIN_IMPORT, import, second, 2);
}

static void two_imports_have_a_chain_each(void **state)
{
    (void)state;
    const uint64_t one = open_import();
    const uint64_t two = open_import();
    const uint64_t first = done(record_under(one, 1, 60));
    const uint64_t second = done(record_under(two, 1, 60));
    assert_linked(&test->last, CHAIN_IMPORT, two, 0);
    assert_chain(CHAIN_IMPORT, one, first, 1);
    assert_chain(CHAIN_IMPORT, two, second, 1);
}

static void refusals_that_are_recorded_are_in_the_chains(void **state)
{
    (void)state;
    const uint64_t import = open_import();
    const uint64_t before = chain(CHAIN_COUNTER, 1).last_entry;
    struct command command = {.kind = ACT_REDEEM, .day = DAY, .import = import};
    command.act.redeem = (struct act_redeem){
        .member = {.member = 1}, .counter = 1, .lines = {{1, 1}}, .line_count = 1};
    const struct entry *refused = test_do(test, command);
    assert_code(refused, LB_POINTS_INSUFFICIENT);
    assert_linked(refused, CHAIN_IMPORT, import, 0);
    assert_linked(refused, CHAIN_COUNTER, 1, before);
    assert_chain(CHAIN_IMPORT, import, refused->number, 1);
    assert_int_equal(chain(CHAIN_COUNTER, 1).last_entry, refused->number);
}

static void a_counter_has_deliveries_redemptions_asks_and_what_became_of_them(void **state)
{
    (void)state;
    struct chain_row before = chain(CHAIN_COUNTER, 1);
    assert_int_equal(before.count, 1); /* the street's delivery */
    (void)done(test_record(test, 1, 1, 600, -1, DAY));
    const uint64_t service = done(test_record(test, 2, 1, 60, -1, DAY));
    assert_null(entry_chain(&test->last, CHAIN_COUNTER));
    uint64_t numbers[8] = {before.last_entry};
    numbers[1] = done(test_receive(test, 1, 1, 5, DAY_NONE, DAY));
    numbers[2] = done(test_redeem(test, 1, 1, 1, 1, DAY));
    numbers[3] = done(test_ask(test, 1, 1, 2, 1, DAY));
    numbers[4] = done(test_give(test, numbers[3], 2, 60, DAY));
    numbers[5] = done(test_ask(test, 1, 1, 2, 1, DAY));
    numbers[6] = done(test_release(test, numbers[5], DAY));
    numbers[7] = done(test_reverse(test, numbers[4], DAY));
    for (size_t i = 1; i < 8; i++) {
        assert_linked(test->log[numbers[i]], CHAIN_COUNTER, 1, numbers[i - 1]);
    }
    assert_chain(CHAIN_COUNTER, 1, numbers[7], 8);
    (void)done(test_reverse(test, numbers[2], DAY));
    assert_linked(&test->last, CHAIN_COUNTER, 1, numbers[7]);
    (void)done(test_reverse(test, service, DAY)); /* at no counter */
    assert_null(entry_chain(&test->last, CHAIN_COUNTER));
    assert_int_equal(chain(CHAIN_COUNTER, 1).count, 9);
}

static void every_act_may_come_with_an_import_but_for_opening_one(void **state)
{
    (void)state;
    const uint64_t import = open_import();
    const struct entry *entry = test_do(
        test, (struct command){.kind = ACT_CLASS_SET,
                               .day = DAY,
                               .import = import,
                               .act.class_set = {.class_id = 5, .name = BYTES_LITERAL("党员")}});
    assert_code(entry, LB_OK);
    assert_linked(entry, CHAIN_IMPORT, import, 0);
    assert_code(test_do(test, (struct command){.kind = ACT_IMPORT_OPEN,
                                               .import = import,
                                               .act.import_open = {BYTES_LITERAL("sheet"), 2}}),
                LB_FIELD_INVALID);
}

/* rejects */

static void an_unknown_import_is_refused_and_makes_no_chain(void **state)
{
    (void)state;
    const uint64_t head = test->head;
    assert_refusal(record_under(UNKNOWN, 1, 60), LB_IMPORT_UNKNOWN, UNKNOWN, 0, 0);
    assert_null(entry_chain(&test->last, CHAIN_IMPORT));
    assert_int_equal(test->head, head);
    assert_chain(CHAIN_IMPORT, UNKNOWN, 0, 0);
}

static void an_unknown_member_is_told_before_an_unknown_import(void **state)
{
    (void)state;
    assert_code(record_under(UNKNOWN, 999, 60), LB_MEMBER_UNKNOWN);
}

static void an_import_cannot_be_reversed_as_such(void **state)
{
    (void)state;
    (void)open_import();
    assert_code(test_reverse(test, test->head, DAY), LB_NOT_REVERSIBLE);
}

static void a_refused_act_at_an_unknown_counter_is_in_no_chain(void **state)
{
    (void)state;
    assert_code(test_redeem(test, 1, UNKNOWN, 1, 1, DAY), LB_COUNTER_UNKNOWN);
    assert_null(entry_chain(&test->last, CHAIN_COUNTER));
    assert_chain(CHAIN_COUNTER, UNKNOWN, 0, 0);
}

static void an_entry_nobody_decided_is_linked_only_to_an_import_there_is(void **state)
{
    (void)state;
    const struct bank bank = test_bank_port(test);
    const uint64_t import = open_import();
    const uint64_t first = done(record_under(import, 1, 60));
    struct entry entry = {.command = {.kind = ACT_REDEEM}};
    assert_true(bank_link_import(&bank, &entry));
    assert_int_equal(entry.chain_count, 0);
    entry.command.import = UNKNOWN;
    assert_false(bank_link_import(&bank, &entry));
    assert_int_equal(entry.chain_count, 0);
    entry.command.import = import;
    assert_true(bank_link_import(&bank, &entry));
    assert_linked(&entry, CHAIN_IMPORT, import, first);
}

/* faults */

static void a_chain_row_of_the_wrong_size_counts_as_none(void **state)
{
    (void)state;
    const uint8_t key[] = {CHAIN_COUNTER, 0, 0, 0, 0, 0, 0, 0, 1};
    assert_int_equal(chain(CHAIN_COUNTER, 1).count, 1);
    views_put(street_views(), TABLE_CHAIN, bytes_of(key, sizeof(key)), bytes_of("\1", 1));
    assert_chain(CHAIN_COUNTER, 1, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        STREET_TEST(imports_are_numbered_from_1_and_found_newest_first),
        STREET_TEST(entries_of_an_import_form_a_chain_without_the_one_that_opened_it),
        STREET_TEST(two_imports_have_a_chain_each),
        STREET_TEST(refusals_that_are_recorded_are_in_the_chains),
        STREET_TEST(a_counter_has_deliveries_redemptions_asks_and_what_became_of_them),
        STREET_TEST(every_act_may_come_with_an_import_but_for_opening_one),
        /* rejects */
        STREET_TEST(an_unknown_import_is_refused_and_makes_no_chain),
        STREET_TEST(an_unknown_member_is_told_before_an_unknown_import),
        STREET_TEST(an_import_cannot_be_reversed_as_such),
        STREET_TEST(a_refused_act_at_an_unknown_counter_is_in_no_chain),
        STREET_TEST(an_entry_nobody_decided_is_linked_only_to_an_import_there_is),
        /* faults */
        STREET_TEST(a_chain_row_of_the_wrong_size_counts_as_none),
    };
    return cmocka_run_group_tests_name("bank import", tests, NULL, NULL);
}
