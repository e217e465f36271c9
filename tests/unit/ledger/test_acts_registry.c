/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts that move nothing: shows on rows laid out as docs/storage-format.md says that dated rows,
 * cards, asks, people rows and marks carry them, and that the book stays as it is. Also holds the
 * document to its word: the tests and the free numbers it names. Not the bank's code for these
 * rows: that has tests of its own.
 */
#include "acts_for_tests.h"
#include "base/wire.h"

#include <ctype.h>
#include <string.h>

/* The kinds of dated rows these tests use; 12 and up come later. */
enum {
    DATED_ORG = 1,
    DATED_TARIFF = 3,
    DATED_ITEM = 4,
    DATED_STAR_TABLE = 6,
    DATED_MEMBER_ORG = 7,
    DATED_MEMBER_CLASS = 8,
    DATED_CONSENT = 11,
    DATED_MEMBER_GROUP = 13,
};

#define DAY_2016_01_01 16801
#define DAY_2016_07_01 16983
#define DAY_2017_01_01 17167

struct dated_key {
    uint8_t data[17];
};

static struct dated_key dated_key_of(int kind, uint64_t id, uint32_t sub, int32_t day)
{
    struct dated_key key;
    struct wire_writer writer = {.data = key.data, .cap = sizeof(key.data)};
    wire_put_u8(&writer, (uint8_t)kind);
    wire_put_u64(&writer, id);
    wire_put_u32(&writer, sub);
    wire_put_i32_ordered(&writer, day);
    return key;
}

/* A row that says one number from that day on. */
static void dated_put(struct test_book *book, int kind, uint64_t id, uint32_t sub, int32_t day,
                      uint64_t content)
{
    struct dated_key key = dated_key_of(kind, id, sub, day);
    uint8_t value[16];
    struct wire_writer writer = {.data = value, .cap = sizeof(value)};
    wire_put_u64(&writer, 1); /* the entry that set it */
    wire_put_u64(&writer, content);
    views_put(book->views, TABLE_DATED, bytes_of(key.data, sizeof(key.data)),
              bytes_of(value, sizeof(value)));
}

/* What is said on that day; 0: nothing yet. */
static uint64_t dated_on(const struct test_book *book, int kind, uint64_t id, uint32_t sub,
                         int32_t day)
{
    struct dated_key key = dated_key_of(kind, id, sub, day);
    struct bytes found;
    struct bytes value;
    if (!views_seek_le(book->views, TABLE_DATED, bytes_of(key.data, sizeof(key.data)), 0, &found,
                       &value) ||
        !bytes_has_prefix(found, bytes_of(key.data, sizeof(key.data) - 4))) {
        return 0;
    }
    struct wire_reader reader = {.left = value};
    (void)wire_get_u64(&reader);
    return wire_get_u64(&reader);
}

static void number_put(struct test_book *book, enum ledger_table table, uint64_t key,
                       uint64_t number)
{
    uint8_t row[16];
    struct wire_writer writer = {.data = row, .cap = sizeof(row)};
    wire_put_u64(&writer, key);
    wire_put_u64(&writer, number);
    views_put(book->views, table, bytes_of(row, 8), bytes_of(row + 8, 8));
}

static bool number_get(const struct test_book *book, enum ledger_table table, uint64_t key,
                       uint64_t *number)
{
    uint8_t key_bytes[8];
    struct wire_writer writer = {.data = key_bytes, .cap = sizeof(key_bytes)};
    wire_put_u64(&writer, key);
    struct bytes value;
    if (!views_get(book->views, table, bytes_of(key_bytes, 8), &value)) {
        return false;
    }
    struct wire_reader reader = {.left = value};
    *number = wire_get_u64(&reader);
    return true;
}

/* An entry of the registry: it has no postings, and the book does not change. */
static void entry_without_postings(struct test_book *book)
{
    size_t changes = book->map.changes;
    (void)entry_begin(book);
    entry_book(book);
    assert_int_equal(book->map.changes, changes);
}

static void transfer_of_a_member_dates_an_org_and_moves_no_balance(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2017, 100);
    dated_put(book, DATED_MEMBER_ORG, WANG, 0, DAY_2016_01_01, COMMUNITY);
    entry_without_postings(book);
    dated_put(book, DATED_MEMBER_ORG, WANG, 0, DAY_2016_07_01, STREET);
    assert_int_equal(dated_on(book, DATED_MEMBER_ORG, WANG, 0, DAY_2016_07_01 - 1), COMMUNITY);
    assert_int_equal(dated_on(book, DATED_MEMBER_ORG, WANG, 0, DAY_2016_07_01), STREET);
    balances_are(
        book, ROWS(POINTS(MEMBER, WANG, END_2017, 100), POINTS(ISSUER, COMMUNITY, END_2017, -100)));
}

static void org_moves_below_another_and_keeps_its_number(void **state)
{
    struct test_book *book = *state;
    dated_put(book, DATED_ORG, COMMUNITY, 0, DAY_2016_01_01, STREET);
    dated_put(book, DATED_ORG, COMMUNITY, 0, DAY_2017_01_01, STREET + 1000);
    entry_without_postings(book);
    assert_int_equal(dated_on(book, DATED_ORG, COMMUNITY, 0, DAY_2016_07_01), STREET);
    assert_int_equal(dated_on(book, DATED_ORG, COMMUNITY, 0, DAY_2017_01_01), STREET + 1000);
}

static void tariff_and_price_of_the_day_hold_though_later_ones_are_set(void **state)
{
    struct test_book *book = *state;
    dated_put(book, DATED_TARIFF, 1, 0, DAY_2016_01_01, 100);
    dated_put(book, DATED_TARIFF, 1, 0, DAY_2017_01_01, 80);
    dated_put(book, DATED_ITEM, RICE, 0, DAY_2016_07_01, 3000);
    entry_without_postings(book);
    assert_int_equal(dated_on(book, DATED_TARIFF, 1, 0, DAY_2017_01_01 - 1), 100);
    assert_int_equal(dated_on(book, DATED_TARIFF, 1, 0, DAY_2017_01_01 + 400), 80);
    assert_int_equal(dated_on(book, DATED_ITEM, RICE, 0, DAY_2016_01_01), 0); /* no price yet */
    assert_int_equal(dated_on(book, DATED_TARIFF, 2, 0, DAY_2017_01_01), 0);
}

static void classes_of_a_member_overlap_and_each_has_its_own_days(void **state)
{
    struct test_book *book = *state;
    enum { PARTY_MEMBER = 1, RESIDENT = 2, HELD_ = 1, LOST = 2 };
    dated_put(book, DATED_MEMBER_CLASS, WANG, PARTY_MEMBER, DAY_2016_01_01, HELD_);
    dated_put(book, DATED_MEMBER_CLASS, WANG, RESIDENT, DAY_2016_01_01, HELD_);
    dated_put(book, DATED_MEMBER_CLASS, WANG, RESIDENT, DAY_2016_07_01, LOST);
    entry_without_postings(book);
    assert_int_equal(dated_on(book, DATED_MEMBER_CLASS, WANG, PARTY_MEMBER, DAY_2017_01_01), HELD_);
    assert_int_equal(dated_on(book, DATED_MEMBER_CLASS, WANG, RESIDENT, DAY_2016_01_01), HELD_);
    assert_int_equal(dated_on(book, DATED_MEMBER_CLASS, WANG, RESIDENT, DAY_2017_01_01), LOST);
}

static void team_branch_employer_and_household_are_dated_links_side_by_side(void **state)
{
    struct test_book *book = *state;
    enum { TEAM = 11, OTHER_TEAM = 12, BRANCH = 21, EMPLOYER = 31, HOUSEHOLD = 41, IN = 1 };
    static const uint32_t groups[] = {TEAM, OTHER_TEAM, BRANCH, EMPLOYER, HOUSEHOLD};
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        dated_put(book, DATED_MEMBER_GROUP, WANG, groups[i], DAY_2016_01_01, IN);
        entry_without_postings(book);
    }
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        assert_int_equal(dated_on(book, DATED_MEMBER_GROUP, WANG, groups[i], DAY_2016_07_01), IN);
    }
    assert_int_equal(dated_on(book, DATED_MEMBER_GROUP, LI, HOUSEHOLD, DAY_2016_07_01), 0);
}

static void star_table_of_the_day_is_looked_up_and_stars_are_derived(void **state)
{
    struct test_book *book = *state;
    dated_put(book, DATED_STAR_TABLE, 0, 0, DAY_2016_01_01, 100); /* hours for the first star */
    dated_put(book, DATED_STAR_TABLE, 0, 0, DAY_2017_01_01, 30);
    entry_of(book,
             ROWS(MINUTES(ISSUER, COMMUNITY, 2016, -3000), MINUTES(MEMBER, WANG, 2016, 3000)));
    int64_t hours =
        book_total(book->views, account_of(ACCOUNT_MEMBER, WANG), ASSET_OF_MINUTES, 0) / 60;
    assert_true(hours < (int64_t)dated_on(book, DATED_STAR_TABLE, 0, 0, DAY_2016_07_01));
    assert_true(hours >= (int64_t)dated_on(book, DATED_STAR_TABLE, 0, 0, DAY_2017_01_01));
}

static void replaced_card_still_tells_its_member_and_its_successor(void **state)
{
    struct test_book *book = *state;
    enum { OLD_CARD = 18, NEW_CARD = 26, ACTIVE = 1, REPLACED = 3, ROW_BYTES = 17 };
    static const uint8_t old_row[ROW_BYTES] = {0, 0, 0, 0, 0, 0, 0, WANG,    REPLACED,
                                               0, 0, 0, 0, 0, 0, 0, NEW_CARD};
    static const uint8_t new_row[ROW_BYTES] = {0, 0, 0, 0, 0, 0, 0, WANG, ACTIVE};
    static const uint8_t old_key[8] = {0, 0, 0, 0, 0, 0, 0, OLD_CARD};
    static const uint8_t new_key[8] = {0, 0, 0, 0, 0, 0, 0, NEW_CARD};
    views_put(book->views, TABLE_CARD, bytes_of(old_key, 8), bytes_of(old_row, ROW_BYTES));
    views_put(book->views, TABLE_CARD, bytes_of(new_key, 8), bytes_of(new_row, ROW_BYTES));
    entry_without_postings(book);
    struct bytes value;
    assert_true(views_get(book->views, TABLE_CARD, bytes_of(old_key, 8), &value));
    struct wire_reader reader = {.left = value};
    assert_int_equal(wire_get_u64(&reader), WANG);
    assert_int_equal(wire_get_u8(&reader), REPLACED);
    assert_int_equal(wire_get_u64(&reader), NEW_CARD);
    assert_true(wire_reader_is_done(&reader));
}

/* An ask, a proposal, a voucher, a notice: opened by an entry, settled by another, once. */
static void what_waits_for_an_answer_is_open_until_an_entry_settles_it(void **state)
{
    struct test_book *book = *state;
    uint64_t settled_by = 0;
    assert_false(number_get(book, TABLE_ASK, 7, &settled_by));
    number_put(book, TABLE_ASK, 7, 0);
    assert_true(number_get(book, TABLE_ASK, 7, &settled_by));
    assert_int_equal(settled_by, 0);
    number_put(book, TABLE_ASK, 7, 9);
    assert_true(number_get(book, TABLE_ASK, 7, &settled_by));
    assert_int_equal(settled_by, 9);
    entry_without_postings(book);
}

/* The entries of import 3, newest first: 9, then 8; the entry that opened it, 7, is not among them.
 */
static void an_import_is_a_number_with_a_chain_of_entries(void **state)
{
    struct test_book *book = *state;
    uint8_t key[9];
    uint8_t value[16];
    uint64_t opened_by = 0;
    struct wire_writer key_writer = {.data = key, .cap = sizeof(key)};
    struct wire_writer writer = {.data = value, .cap = sizeof(value)};
    number_put(book, TABLE_IMPORT, 3, 7);
    wire_put_u8(&key_writer, 1);
    wire_put_u64(&key_writer, 3);
    wire_put_u64(&writer, 9); /* the newest; its link leads to 8, whose link is the last */
    wire_put_u64(&writer, 2);
    views_put(book->views, TABLE_CHAIN, bytes_of(key, sizeof(key)), bytes_of(value, sizeof(value)));
    assert_true(number_get(book, TABLE_IMPORT, 3, &opened_by));
    assert_int_equal(opened_by, 7);
    struct wire_reader reader = {.bad = false};
    assert_true(views_get(book->views, TABLE_CHAIN, bytes_of(key, sizeof(key)), &reader.left));
    assert_int_equal(wire_get_u64(&reader), 9);
    assert_int_equal(wire_get_u64(&reader), 2);
    entry_without_postings(book);
}

static void objection_to_a_notice_leaves_the_book_alone(void **state)
{
    struct test_book *book = *state;
    entry_earn(book, WANG, END_2017, 100);
    entry_without_postings(book); /* the notice: a list and its root */
    entry_without_postings(book); /* the objection: a memo and the notice's entry */
    entry_without_postings(book); /* final; a correction is an act of its own */
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2017, 100)));
}

static void training_commendation_and_evaluation_are_entries_without_postings(void **state)
{
    struct test_book *book = *state;
    entry_of(book, ROWS(MINUTES(ISSUER, COMMUNITY, 2016, -60), MINUTES(MEMBER, WANG, 2016, 60)));
    for (int record = 0; record < 3; record++) {
        entry_without_postings(book); /* hours of training are no hours of service */
    }
    balances_are(book, ROWS(MINUTES(MEMBER, WANG, 2016, 60)));
}

static void consent_is_dated_and_can_be_withdrawn(void **state)
{
    struct test_book *book = *state;
    enum { PUBLICATION = 1, GIVEN = 1, WITHDRAWN = 2 };
    dated_put(book, DATED_CONSENT, WANG, PUBLICATION, DAY_2016_01_01, GIVEN);
    dated_put(book, DATED_CONSENT, WANG, PUBLICATION, DAY_2016_07_01, WITHDRAWN);
    entry_without_postings(book);
    assert_int_equal(dated_on(book, DATED_CONSENT, WANG, PUBLICATION, DAY_2016_01_01), GIVEN);
    assert_int_equal(dated_on(book, DATED_CONSENT, WANG, PUBLICATION, DAY_2017_01_01), WITHDRAWN);
    assert_int_equal(dated_on(book, DATED_CONSENT, LI, PUBLICATION, DAY_2017_01_01), 0);
}

static void erasure_takes_the_people_row_and_leaves_entry_and_balances(void **state)
{
    struct test_book *book = *state;
    static const uint8_t key[8] = {0, 0, 0, 0, 0, 0, 0, WANG};
    entry_earn(book, WANG, END_2017, 100);
    views_put(book->views, TABLE_ENTRY, bytes_of(key, 8), BYTES_LITERAL("entry"));
    views_put(book->views, TABLE_PERSON, bytes_of(key, 8), BYTES_LITERAL("sealed"));
    views_put(book->views, TABLE_MEMO, bytes_of(key, 8), BYTES_LITERAL("sealed"));
    views_del(book->views, TABLE_PERSON, bytes_of(key, 8));
    views_del(book->views, TABLE_MEMO, bytes_of(key, 8));
    entry_without_postings(book);
    struct bytes value;
    assert_false(views_get(book->views, TABLE_PERSON, bytes_of(key, 8), &value));
    assert_false(views_get(book->views, TABLE_MEMO, bytes_of(key, 8), &value));
    assert_true(views_get(book->views, TABLE_ENTRY, bytes_of(key, 8), &value));
    balances_are(book, ROWS(POINTS(MEMBER, WANG, END_2017, 100)));
}

static void person_times_count_entries_and_persons_count_members(void **state)
{
    struct test_book *book = *state;
    static const uint64_t redeemers[] = {WANG, LI, WANG, ZHAO}; /* of entries 1 to 4 */
    number_put(book, TABLE_REVERSED, 4, 5);                     /* Zhao's was undone */
    unsigned person_times = 0;
    unsigned persons = 0;
    for (uint64_t member = WANG; member <= ZHAO; member++) {
        unsigned times = 0;
        for (uint64_t entry = 1; entry <= 4; entry++) {
            uint64_t by;
            times +=
                redeemers[entry - 1] == member && !number_get(book, TABLE_REVERSED, entry, &by);
        }
        person_times += times;
        persons += times > 0;
    }
    assert_int_equal(person_times, 3);
    assert_int_equal(persons, 2);
    entry_without_postings(book);
}

/* ---- the document and the proto files ---- */

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t cap = (size_t)1 << 18;
    char *text = calloc(1, cap);
    assert_non_null(text);
    size_t size = fread(text, 1, cap - 1, file);
    assert_true(size > 0 && size < cap - 1);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void document_names_every_test_of_an_act(void **state)
{
    (void)state;
    static const char *const sources[] = {"test_acts_points.c", "test_acts_goods.c",
                                          "test_acts_registry.c"};
    char *document = text_of(LB_SOURCE_DIR "/docs/storage-format.md");
    size_t tests = 0;
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        char path[512];
        (void)snprintf(path, sizeof(path), LB_SOURCE_DIR "/tests/unit/ledger/%s", sources[i]);
        char *source = text_of(path);
        const char *at = source;
        while ((at = strstr(at, "BOOK_TEST(")) != NULL) {
            char name[128] = {'`'};
            at += strlen("BOOK_TEST(");
            size_t size = strcspn(at, ")");
            assert_true(size + 3 <= sizeof(name));
            memcpy(name + 1, at, size);
            name[size + 1] = '`';
            if (islower((unsigned char)name[1]) && strstr(document, name) == NULL) {
                fail_msg("docs/storage-format.md does not name %s", name);
            }
            tests += islower((unsigned char)name[1]) != 0;
        }
        free(source);
    }
    assert_true(tests > 40);
    free(document);
}

static void document_names_no_number_twice_and_none_that_is_taken(void **state)
{
    (void)state;
    char *document = text_of(LB_SOURCE_DIR "/docs/storage-format.md");
    char *commands = text_of(LB_SOURCE_DIR "/proto/lovebank/v1/commands.proto");
    char *later = strstr(document, "### Numbers of later acts");
    assert_non_null(later);
    unsigned acts = 0;
    for (int number = 40; number < 100; number++) {
        char cell[16];
        (void)snprintf(cell, sizeof(cell), "\n| %d |", number);
        const char *row = strstr(later, cell);
        if (row == NULL) {
            continue;
        }
        assert_null(strstr(row + 1, cell));
        /* Once an act has come, its number and name are in the proto: the same as promised. */
        char field[16];
        (void)snprintf(field, sizeof(field), " = %d;", number);
        const char *taken = strstr(commands, field);
        if (taken != NULL) {
            const char *name = taken;
            while (name[-1] != ' ') {
                name--;
            }
            const char *promised = strchr(row, '`') + 1;
            assert_memory_equal(promised, name, (size_t)(taken - name));
        }
        acts++;
    }
    assert_true(acts >= 20);
    free(document);
    free(commands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(transfer_of_a_member_dates_an_org_and_moves_no_balance),
        BOOK_TEST(org_moves_below_another_and_keeps_its_number),
        BOOK_TEST(tariff_and_price_of_the_day_hold_though_later_ones_are_set),
        BOOK_TEST(classes_of_a_member_overlap_and_each_has_its_own_days),
        BOOK_TEST(team_branch_employer_and_household_are_dated_links_side_by_side),
        BOOK_TEST(star_table_of_the_day_is_looked_up_and_stars_are_derived),
        BOOK_TEST(replaced_card_still_tells_its_member_and_its_successor),
        BOOK_TEST(what_waits_for_an_answer_is_open_until_an_entry_settles_it),
        BOOK_TEST(an_import_is_a_number_with_a_chain_of_entries),
        BOOK_TEST(objection_to_a_notice_leaves_the_book_alone),
        BOOK_TEST(training_commendation_and_evaluation_are_entries_without_postings),
        BOOK_TEST(consent_is_dated_and_can_be_withdrawn),
        BOOK_TEST(erasure_takes_the_people_row_and_leaves_entry_and_balances),
        BOOK_TEST(person_times_count_entries_and_persons_count_members),
        cmocka_unit_test(document_names_every_test_of_an_act),
        cmocka_unit_test(document_names_no_number_twice_and_none_that_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
