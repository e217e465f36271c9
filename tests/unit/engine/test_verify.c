/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Verify passes on a sound book, online and off, and names what was damaged in any table.
 */
#include "engine/verify.h"
#include "rows_fixture.h"
#include "second_fixture.h"

#define ENTRIES 530 /* two full tiles and an edge */

/* ---- a book with a row in every table ---- */

static struct command ask_service(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_SERVICE_ASK);
    command.act.service_ask = (struct act_service_ask){
        .member = {.member = member}, .counter = COUNTER, .item = HELP, .quantity = 1};
    return command;
}

static struct command open_activity(struct book *book)
{
    struct command command = command_of(book, ACT_ACTIVITY_OPEN);
    command.act.activity_open =
        (struct act_activity_open){.org = ORG, .name = BYTES_LITERAL("清洁日")};
    return command;
}

static struct command issue_card(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_CARD_ISSUE);
    command.act.card = (struct act_card){.member = member};
    return command;
}

static struct command register_numbered(struct book *book, uint64_t member)
{
    struct command command = register_member(book, member, "李大强");
    command.act.member_register.person.id_number = BYTES_LITERAL("11010519491231002X");
    return command;
}

static struct command open_device(struct book *book)
{
    struct command command = command_of(book, ACT_DEVICE_OPEN);
    command.act.device_open = (struct act_device_open){
        .name = BYTES_LITERAL("前台"), .org = ORG, .token_hash = {1, 2, 3}};
    return command;
}

/* Operators, a device; one proposal confirmed, one that waits. */
static void book_propose_twice(struct book *book)
{
    struct command proposed;
    book_open_operators(book);
    struct command confirm = decide_proposal(book, book_propose(book, &proposed), true);
    assert_int_equal(book_try_as(book, BEN, &confirm).verdict.code, LB_OK);
    (void)book_propose(book, &proposed);
    struct command device = open_device(book);
    book_do(book, &device, 1);
}

static void book_fill(struct book *book, uint64_t entries)
{
    for (uint64_t i = 0; book_head(book) < entries; i++) {
        struct command commands[50];
        size_t count = 0;
        for (; count < 50 && book_head(book) + count < entries; count++) {
            commands[count] = record_service(book, 1 + count % 3, 1, TODAY - (int32_t)count);
        }
        book_do(book, commands, count);
    }
}

static int full_set_up(void **state)
{
    (void)furnished_set_up(state);
    struct book *book = *state;
    struct command service = record_service(book, 1, 120, TODAY);
    struct command mistake = record_service(book, 2, 60, TODAY - 1);
    const struct command commands[] = {
        set_item(book, RICE, ITEM_GOODS),
        set_item(book, HELP, ITEM_SERVICE),
        open_counter(book),
        receive_stock(book),
        open_activity(book),
        issue_card(book, 1),
        service,
        mistake,
        reverse_request(book, mistake.id),
        redeem(book, 1),
        ask_service(book, 1),
        open_import(book),
        register_numbered(book, 4),
    };
    book_do(book, commands, sizeof(commands) / sizeof(commands[0]));
    struct command refused = record_too_early(book, 3);
    assert_int_equal(book_try(book, &refused).verdict.code, LB_BEFORE_JOINED);
    const struct command batch[] = {record_service(book, 1, 1, TODAY), record_too_early(book, 2)};
    struct request request;
    request_init(&request, book, batch, 2);
    request.write.all_or_nothing = true;
    request.write.batch_id = id_of(BATCH_ID_BASE);
    request_do(&request);
    assert_int_equal(request.write.results[0].verdict.code, LB_BATCH_FAILED);
    request_fini(&request);
    book_propose_twice(book);
    book_fill(book, ENTRIES);
    return 0;
}

/* ---- running it ---- */

static struct store *scratch_new(void)
{
    const struct store_mem_options options = {.is_async = false};
    struct store *scratch = NULL;
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &scratch), LB_OK);
    return scratch;
}

static enum lb_result verify_with(struct book *book, struct people *people, uint32_t page_entries,
                                  struct verify_report *report)
{
    struct verify_config config = {.store = book->store,
                                   .scratch = scratch_new(),
                                   .people = people,
                                   .page_entries = page_entries};
    enum lb_result result = verify_run(&config, report);
    config.scratch->ops->close(config.scratch);
    return result;
}

static void assert_passes(struct book *book)
{
    struct verify_report report;
    assert_int_equal(verify_with(book, book->people, 0, &report), LB_OK);
    if (!report.passed) {
        print_message("%s\n", report.problem);
    }
    assert_true(report.passed);
    assert_string_equal(report.problem, "");
}

static void assert_finds(struct book *book, const char *what)
{
    struct verify_report report;
    assert_int_equal(verify_with(book, book->people, 0, &report), LB_OK);
    assert_false(report.passed);
    if (strstr(report.problem, what) == NULL) {
        print_message("expected \"%s\" in: %s\n", what, report.problem);
    }
    assert_non_null(strstr(report.problem, what));
}

/* ---- accepts ---- */

static void sound_book_passes_in_pages_of_any_size(void **state)
{
    struct book *book = *state;
    const uint32_t pages[] = {0, 1, 7, 256, ENTRIES - 1, ENTRIES, ENTRIES + 1};
    struct engine_status status = book_status(book);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct verify_report report;
        assert_int_equal(verify_with(book, book->people, pages[i], &report), LB_OK);
        assert_true(report.passed);
        assert_int_equal(report.checked, ENTRIES);
        assert_int_equal(report.total, ENTRIES);
        assert_memory_equal(report.tree_root, status.tree_root, LB_HASH_BYTES);
    }
}

static void empty_book_passes(void **state)
{
    struct book *book = *state;
    struct verify_report report;
    assert_int_equal(verify_with(book, book->people, 0, &report), LB_OK);
    assert_true(report.passed);
    assert_int_equal(report.total, 0);
}

static void book_passes_without_keys_and_fails_with_the_wrong_ones(void **state)
{
    struct book *book = *state;
    struct verify_report report;
    assert_int_equal(verify_with(book, NULL, 0, &report), LB_OK);
    assert_true(report.passed);

    char path[96];
    snprintf(path, sizeof(path), "%s-other", book->key_path);
    struct people *other = NULL;
    assert_int_equal(people_open(path, true, random_system(), &other), LB_OK);
    assert_int_equal(verify_with(book, other, 0, &report), LB_OK);
    assert_false(report.passed);
    assert_non_null(strstr(report.problem, "table person"));
    people_close(other);
    unlink(path);
}

static bool book_goes_on(void *context, uint64_t checked, uint64_t total)
{
    struct book *book = context;
    assert_true(checked <= total);
    struct command command = record_service(book, 1 + checked % 3, 1, TODAY - 200);
    (void)book_try(book, &command);
    return true;
}

static void book_that_goes_on_meanwhile_is_checked_to_its_newest_entry(void **state)
{
    struct book *book = *state;
    struct verify_report report;
    struct verify_config config = {.store = book->store,
                                   .scratch = scratch_new(),
                                   .people = book->people,
                                   .page_entries = 50,
                                   .progress = book_goes_on,
                                   .progress_context = book};
    assert_int_equal(verify_run(&config, &report), LB_OK);
    assert_true(report.passed);
    assert_true(report.total > ENTRIES);
    assert_int_equal(report.total, book_head(book));
    assert_int_equal(report.checked, report.total);
    config.scratch->ops->close(config.scratch);
}

static bool stop_at_once(void *context, uint64_t checked, uint64_t total)
{
    unsigned *calls = context;
    (void)checked;
    (void)total;
    ++*calls;
    return false;
}

static void verify_stops_when_asked(void **state)
{
    struct book *book = *state;
    unsigned calls = 0;
    struct verify_report report;
    struct verify_config config = {.store = book->store,
                                   .scratch = scratch_new(),
                                   .page_entries = 50,
                                   .progress = stop_at_once,
                                   .progress_context = &calls};
    assert_int_equal(verify_run(&config, &report), LB_SHUTTING_DOWN);
    assert_false(report.passed);
    assert_int_equal(calls, 1);
    config.scratch->ops->close(config.scratch);
}

/* ---- damage ---- */

struct damaged_table {
    enum ledger_table table;
    const char *told; /* as the problem names it */
};

static const struct damaged_table tables[] = {
    {TABLE_META, "table meta"},
    {TABLE_ENTRY, "entry"},
    {TABLE_REQUEST, "table request"},
    {TABLE_TILE, "table tile"},
    {TABLE_BALANCE, "table balance"},
    {TABLE_REVERSED, "table reversed"},
    {TABLE_SEQUENCE, "table sequence"},
    {TABLE_DATED, "table dated"},
    {TABLE_MEMBER, "table member"},
    {TABLE_CARD, "table card"},
    {TABLE_ACTIVITY, "table activity"},
    {TABLE_DELIVERY, "table delivery"},
    {TABLE_SERVICE_DAY, "table service_day"},
    {TABLE_YEAR_TOTAL, "table year_total"},
    {TABLE_ASK, "table ask"},
    {TABLE_CHAIN, "table chain"},
    {TABLE_IMPORT, "table import"},
    {TABLE_PRINCIPAL, "table principal"},
    {TABLE_LOGIN, "table login"},
    {TABLE_TOKEN, "table token"},
    {TABLE_PROPOSAL, "table proposal"},
    {TABLE_PERSON, "table person"},
    {TABLE_MEMO, "table memo"},
    {TABLE_CREDENTIAL, "table credential"},
    {TABLE_ID_NUMBER, "table id_number"},
};

/* The first row of the table, or of the entries the 300th. */
static struct row_copy row_to_damage(struct book *book, enum ledger_table table)
{
    if (table == TABLE_ENTRY) {
        return row_copy_number(book, table, 300);
    }
    struct row_copy row;
    assert_true(row_seek(book, table, (struct bytes){NULL, 0}, &row));
    return row;
}

static void every_table_is_listed(void **state)
{
    (void)state;
    size_t count = 0;
#define X(symbol, number, name, kind) count++;
    LEDGER_TABLE_LIST(X)
#undef X
    assert_int_equal(sizeof(tables) / sizeof(tables[0]), count);
}

static void row_altered_in_any_table_is_found(void **state)
{
    struct book *book = *state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct row_copy row = row_to_damage(book, tables[i].table);
        struct bytes key = bytes_of(row.key, row.key_size);
        const size_t places[] = {0, row.size / 2, row.size - 1};
        for (size_t place = 0; place < 3; place++) {
            row.data[places[place]] ^= 1;
            row_put(book, tables[i].table, key, bytes_of(row.data, row.size));
            row.data[places[place]] ^= 1;
            if (tables[i].table == TABLE_META && place == 0) {
                struct verify_report report; /* the format's number */
                assert_int_equal(verify_with(book, book->people, 0, &report), LB_FORMAT_NEWER);
            } else {
                assert_finds(book, tables[i].told);
            }
        }
        row_put(book, tables[i].table, key, bytes_of(row.data, row.size));
    }
    assert_passes(book);
}

static void row_missing_in_any_table_is_found(void **state)
{
    struct book *book = *state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct row_copy row = row_to_damage(book, tables[i].table);
        struct bytes key = bytes_of(row.key, row.key_size);
        if (tables[i].table == TABLE_META) {
            continue; /* a book without head record: below */
        }
        row_put(book, tables[i].table, key, (struct bytes){NULL, 0});
        assert_finds(book, tables[i].told);
        row_put(book, tables[i].table, key, bytes_of(row.data, row.size));
    }
    struct row_copy head = row_to_damage(book, TABLE_META);
    row_put(book, TABLE_META, BYTES_LITERAL("head"), (struct bytes){NULL, 0});
    assert_finds(book, "behind the newest entry");
    row_put(book, TABLE_META, BYTES_LITERAL("head"), bytes_of(head.data, head.size));
    assert_passes(book);
}

static void row_too_many_in_any_table_is_found(void **state)
{
    struct book *book = *state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        struct row_copy row = row_to_damage(book, tables[i].table);
        row.key[row.key_size++] = 0;
        struct bytes key = bytes_of(row.key, row.key_size);
        row_put(book, tables[i].table, key, bytes_of(row.data, row.size));
        assert_finds(book, tables[i].told);
        row_put(book, tables[i].table, key, (struct bytes){NULL, 0});
    }
    assert_passes(book);
}

static void second_id_for_an_entry_is_found(void **state)
{
    struct book *book = *state;
    struct id id = id_of(UINT64_MAX);
    struct number_key number = number_key_of(300);
    row_put(book, TABLE_REQUEST, bytes_of(id.bytes, sizeof(id.bytes)),
            bytes_of(number.data, sizeof(number.data)));
    assert_finds(book, "table request");
}

static void entry_altered_in_a_full_tile_is_named(void **state)
{
    struct book *book = *state;
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, 300);
    row.data[row.size / 2] ^= 1;
    row_put_number(book, TABLE_ENTRY, 300, bytes_of(row.data, row.size));
    assert_finds(book, "entry 300:");
    row_put_number(book, TABLE_ENTRY, 300, (struct bytes){NULL, 0});
    assert_finds(book, "entry 300,");
}

static void entry_altered_at_the_edge_is_found(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 2, 60, TODAY - 250);
    book_do(book, &command, 1); /* its head record has the frontier of those before */
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, ENTRIES);
    row.data[row.size / 2] ^= 1;
    row_put_number(book, TABLE_ENTRY, ENTRIES, bytes_of(row.data, row.size));
    assert_finds(book, "the root is not the recorded one");
}

static void balance_altered_is_told_with_the_newest_entry_that_posts_to_it(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 2, 60, TODAY - 250);
    uint64_t number = book_try(book, &command).entry;
    struct command other = record_service(book, 3, 60, TODAY - 250);
    (void)book_try(book, &other);
    /* Member 2's minutes: account kind 1, owner, asset kind 2, no item, the year. */
    uint8_t key_data[22];
    struct wire_writer key = {.data = key_data, .cap = sizeof(key_data)};
    wire_put_u8(&key, 1);
    wire_put_u64(&key, 2);
    wire_put_u8(&key, 2);
    wire_put_u32(&key, 0);
    wire_put_u64(&key, 2016);
    struct row_copy row;
    assert_true(row_seek(book, TABLE_BALANCE, bytes_of(key_data, key.size), &row));
    assert_memory_equal(row.key, key_data, key.size);
    row.data[7] ^= 1;
    row_put(book, TABLE_BALANCE, bytes_of(row.key, row.key_size), bytes_of(row.data, row.size));
    char expected[64];
    snprintf(expected, sizeof(expected), "entry %llu, table balance", (unsigned long long)number);
    assert_finds(book, expected);
}

/* ---- faults ---- */

static void faults_of_either_store_are_no_verdict(void **state)
{
    struct book *book = *state;
    const struct store_mem_fault faults[] = {
        {.call = STORE_MEM_SNAPSHOT, .result = LB_MEMORY},
        {.call = STORE_MEM_READ, .nth = 5, .result = LB_STORAGE_FAULT},
        {.call = STORE_MEM_READ, .nth = 700, .result = LB_STORAGE_FAULT},
        {.call = STORE_MEM_READ, .nth = 2500, .result = LB_STORAGE_FAULT},
        {.call = STORE_MEM_BEGIN, .result = LB_MEMORY},
        {.call = STORE_MEM_PUT, .result = LB_STORAGE_FULL},
        {.call = STORE_MEM_COMMIT, .result = LB_STORAGE_FAULT, .outcome = STORE_UNKNOWN},
    };
    for (size_t i = 0; i < 2 * sizeof(faults) / sizeof(faults[0]); i++) {
        const struct store_mem_fault *fault = &faults[i / 2];
        struct verify_report report;
        struct verify_config config = {
            .store = book->store, .scratch = scratch_new(), .people = book->people};
        struct store *broken = i % 2 == 0 ? config.store : config.scratch;
        store_mem_plan_fault(broken, fault);
        enum lb_result result = verify_run(&config, &report);
        if (store_mem_fault_was_met(broken)) {
            assert_int_equal(result, fault->result);
            assert_false(report.passed);
        } else {
            assert_int_equal(result, LB_OK);
            assert_true(report.passed);
        }
        store_mem_plan_fault(book->store, NULL);
        config.scratch->ops->close(config.scratch);
    }
}

static void row_that_fails_its_stored_checksum_is_a_finding(void **state)
{
    struct book *book = *state;
    struct store_mem_fault fault = {.call = STORE_MEM_READ, .result = LB_STORAGE_CORRUPT};
    for (;; fault.nth += 41) { /* in every pass, and never told as a row that is missing */
        struct verify_report report;
        store_mem_plan_fault(book->store, &fault);
        assert_int_equal(verify_with(book, book->people, 0, &report), LB_OK);
        if (!store_mem_fault_was_met(book->store)) {
            break;
        }
        assert_false(report.passed);
        assert_non_null(strstr(report.problem, "stored checksum"));
    }
    store_mem_plan_fault(book->store, NULL);
    assert_true(fault.nth > 2000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, full_set_up, book_tear_down)
    const struct CMUnitTest tests_to_run[] = {
        TEST(sound_book_passes_in_pages_of_any_size),
        cmocka_unit_test_setup_teardown(empty_book_passes, book_set_up, book_tear_down),
        TEST(book_passes_without_keys_and_fails_with_the_wrong_ones),
        TEST(book_that_goes_on_meanwhile_is_checked_to_its_newest_entry),
        TEST(verify_stops_when_asked),
        cmocka_unit_test(every_table_is_listed),
        TEST(row_altered_in_any_table_is_found),
        TEST(row_missing_in_any_table_is_found),
        TEST(row_too_many_in_any_table_is_found),
        TEST(second_id_for_an_entry_is_found),
        TEST(entry_altered_in_a_full_tile_is_named),
        TEST(entry_altered_at_the_edge_is_found),
        TEST(balance_altered_is_told_with_the_newest_entry_that_posts_to_it),
        TEST(faults_of_either_store_are_no_verdict),
        TEST(row_that_fails_its_stored_checksum_is_a_finding),
    };
    return cmocka_run_group_tests(tests_to_run, NULL, NULL);
}
