/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Verify against a forger who knows the format: an entry is rewritten and the head record made to
 * fit, so that the tree tells nothing; the fold must.
 */
#include "entry/codec.h"
#include "rows_fixture.h"

#define SERVICE  6 /* numbers of the entries made in forged_set_up */
#define MISTAKE  7
#define OTHER    8
#define REVERSAL 9
#define SECOND   10 /* reversal */
#define REDEEM   14
#define ROW      16 /* of the import */
#define UNDONE   17 /* the redemption's reversal */
#define LAST     17

static int forged_set_up(void **state)
{
    (void)furnished_set_up(state);
    struct book *book = *state;
    struct command service = record_service(book, 1, 120, TODAY);
    struct command mistake = record_service(book, 2, 60, TODAY - 1);
    struct command other = record_service(book, 2, 60, TODAY - 2);
    struct command rice = redeem(book, 1);
    struct command row = record_service(book, 3, 60, TODAY);
    row.import = 1;
    const struct command commands[] = {service,
                                       mistake,
                                       other,
                                       reverse_request(book, mistake.id),
                                       reverse_request(book, other.id),
                                       set_item(book, RICE, ITEM_GOODS),
                                       open_counter(book),
                                       receive_stock(book),
                                       rice,
                                       open_import(book),
                                       row,
                                       reverse_request(book, rice.id)};
    book_do(book, commands, sizeof(commands) / sizeof(commands[0]));
    book_stop(book);
    return 0;
}

static int forged_tear_down(void **state)
{
    book_free(*state); /* the engine is stopped */
    return 0;
}

static void forge(struct book *book, uint64_t number, void (*change)(struct entry *entry),
                  const char *expected)
{
    entry_forge(book, number, LAST, change, expected);
}

static void change_nothing(struct entry *entry)
{
    (void)entry;
}

static void change_number(struct entry *entry)
{
    entry->number++;
}

static void change_time(struct entry *entry)
{
    entry->recorded_ms--;
}

static void change_time_forward(struct entry *entry)
{
    entry->recorded_ms++;
}

static void change_id(struct entry *entry)
{
    entry->command.id = id_of(UINT64_MAX);
}

static void change_balance(struct entry *entry)
{
    entry->balances[0].points_centi += 100;
}

static void change_link(struct entry *entry)
{
    entry->links[0].previous_entry = 1;
}

static void change_member(struct entry *entry)
{
    entry->links[0].member = 3;
}

static void change_one_posting(struct entry *entry)
{
    entry->postings.items[0].amount += 100;
}

/* More points, balanced, and still not what the tariff gives. */
static void change_all_points(struct entry *entry)
{
    entry->earning.points_centi += 100;
    for (size_t i = 0; i < entry->postings.count; i++) {
        struct posting *posting = &entry->postings.items[i];
        if (posting->asset.kind == ASSET_POINTS) {
            posting->amount += posting->amount > 0 ? 100 : -100;
        }
    }
}

static void change_tariff(struct entry *entry)
{
    entry->earning.tariff_entry--;
}

static void change_price_entry(struct entry *entry)
{
    entry->lines[0].price_entry--;
}

/* Half the price, and all that follows from it. */
static void change_price(struct entry *entry)
{
    entry->lines[0].price_centi /= 2;
    entry->balances[0].points_centi += entry->lines[0].price_centi;
    for (size_t i = 0; i < entry->postings.count; i++) {
        if (entry->postings.items[i].asset.kind == ASSET_POINTS) {
            entry->postings.items[i].amount /= 2;
        }
    }
}

static void change_import(struct entry *entry)
{
    entry->command.import = 2;
    entry->chains[0].key = 2;
}

static void forget_chains(struct entry *entry)
{
    entry->chain_count = 0;
}

static void forget_import(struct entry *entry)
{
    entry->command.import = 0;
}

static void change_chain(struct entry *entry)
{
    entry->chains[0].previous_entry++;
}

static void change_counter(struct entry *entry)
{
    entry->chains[0].key++;
}

static void change_target(struct entry *entry)
{
    entry->target_entry = MISTAKE;
}

static void change_commitment(struct entry *entry)
{
    entry->person_commitment.hash[0] ^= 1;
}

static void change_memo(struct entry *entry)
{
    entry->memo_commitment.hash[0] ^= 1;
}

static void forget_memo(struct entry *entry)
{
    entry->memo_commitment.is_set = false;
}

static void sound_log_written_by_hand_passes(void **state)
{
    forge(*state, SERVICE, change_nothing, "");
}

static void entry_that_contradicts_itself_is_named(void **state)
{
    struct book *book = *state;
    forge(book, SERVICE, change_number, "entry 6: its bytes hold another number");
    forge(book, SERVICE, change_one_posting, "entry 6: ");
    forge(book, SERVICE, change_id, "entry 6: its request id");
}

static void entry_that_contradicts_those_before_it_is_named(void **state)
{
    struct book *book = *state;
    forge(book, SERVICE, change_time, "entry 6: it was recorded before");
    forge(book, SERVICE, change_balance, "entry 6: the balances");
    forge(book, SERVICE, change_all_points, "entry 6: its points");
    forge(book, OTHER, change_link, "entry 8: the member's chain");
    forge(book, OTHER, change_member, "entry 8: the member's chain");
    forge(book, SERVICE, change_tariff, "entry 6: its tariff");
    forge(book, REDEEM, change_price_entry, "entry 14: a price");
    forge(book, REDEEM, change_price, "entry 14: a price");
    forge(book, SECOND, change_target, "entry 10: it reverses an entry that was reversed before");
}

static void entry_that_breaks_the_chain_of_its_import_or_counter_is_named(void **state)
{
    struct book *book = *state;
    forge(book, ROW, change_import, "entry 16: there is no import");
    forge(book, ROW, forget_chains, "entry 16: the import's chain");
    forge(book, ROW, forget_import, "entry 16: the import's chain");
    forge(book, ROW, change_chain, "entry 16: the import's chain");
    forge(book, REDEEM, change_chain, "entry 14: the counter's chain");
    forge(book, REDEEM, change_counter, "entry 14: the counter's chain");
    forge(book, UNDONE, change_counter, "entry 17: the counter's chain");
    forge(book, UNDONE, forget_chains, "entry 17: the counter's chain");
}

static void time_of_the_newest_entry_must_be_that_of_the_head(void **state)
{
    forge(*state, LAST, change_time_forward, "table meta");
}

static void commitments_must_be_those_of_the_people_rows(void **state)
{
    struct book *book = *state;
    forge(book, 3, change_commitment, "table person");
    forge(book, REVERSAL, change_memo, "table memo");
    forge(book, REVERSAL, forget_memo, "table memo");
}

static void bytes_that_are_no_entry_are_named(void **state)
{
    struct book *book = *state;
    row_put_number(book, TABLE_ENTRY, OTHER, BYTES_LITERAL("\xff\xff"));
    rows_put_head(book, LAST, START_MS);
    assert_verify_finds(book, "entry 8: it cannot be decoded");
}

static void bytes_that_nobody_reads_are_named(void **state)
{
    struct book *book = *state;
    static const uint8_t unknown_text[] = {0x82, 0x7d, 3, 's', 'e', 'c'}; /* field 2000 */
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, OTHER);
    memcpy(row.data + row.size, unknown_text, sizeof(unknown_text));
    row_put_number(book, TABLE_ENTRY, OTHER, bytes_of(row.data, row.size + sizeof(unknown_text)));
    rows_put_head(book, LAST, START_MS);
    assert_verify_finds(book, "entry 8: it holds bytes that say nothing");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, forged_set_up, forged_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sound_log_written_by_hand_passes),
        TEST(entry_that_contradicts_itself_is_named),
        TEST(entry_that_contradicts_those_before_it_is_named),
        TEST(entry_that_breaks_the_chain_of_its_import_or_counter_is_named),
        TEST(time_of_the_newest_entry_must_be_that_of_the_head),
        TEST(commitments_must_be_those_of_the_people_rows),
        TEST(bytes_that_are_no_entry_are_named),
        TEST(bytes_that_nobody_reads_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
