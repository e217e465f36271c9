/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Imports through the engine: what a known id came to and whether it was reversed since, rows from
 * another desk or import, and refused batches.
 */
#include "fixture.h"

#include "bank/records.h"

static uint64_t import_opened(struct book *book)
{
    struct command command = open_import(book);
    struct engine_result result = book_try(book, &command);
    assert_int_equal(result.verdict.code, LB_OK);
    return result.assigned;
}

/* The head of the import's chain, as of the newest group. */
static struct chain_row chain_of(struct book *book, uint64_t import)
{
    struct arena arena;
    struct engine_view view;
    struct chain_row row;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    chain_get(view.bank.views, CHAIN_IMPORT, import, &row);
    engine_view_close(&view);
    arena_fini(&arena);
    return row;
}

/* The import that the entry's command names, after a look at its link. */
static uint64_t import_of_entry(struct book *book, uint64_t number)
{
    struct arena arena;
    struct engine_view view;
    struct bytes packed;
    struct entry entry;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_int_equal(engine_view_entry(&view, number, &packed, &entry), LB_OK);
    const struct chain_link *link = entry_chain(&entry, CHAIN_IMPORT);
    assert_int_equal(link == NULL ? 0 : link->key, entry.command.import);
    engine_view_close(&view);
    arena_fini(&arena);
    return entry.command.import;
}

/* accepts */

static void row_sent_from_another_desk_or_import_is_the_same_row(void **state)
{
    struct book *book = *state;
    struct command row = record_service(book, 1, 60, TODAY);
    row.import = import_opened(book);
    row.desk = 1;
    struct engine_result first = book_try(book, &row);
    assert_int_equal(first.verdict.code, LB_OK);
    row.import = import_opened(book);
    row.desk = 2;
    struct engine_result again = book_try(book, &row);
    assert_true(again.replayed);
    assert_int_equal(again.entry, first.entry);
    assert_int_equal(chain_of(book, row.import).count, 0);
    assert_int_equal(import_of_entry(book, first.entry), row.import - 1);
}

static void known_id_tells_that_its_entry_was_reversed(void **state)
{
    struct book *book = *state;
    struct command row = record_service(book, 1, 60, TODAY);
    assert_int_equal(book_try(book, &row).reversed_by, 0);
    assert_int_equal(book_try(book, &row).reversed_by, 0);
    struct command reverse = reverse_request(book, row.id);
    const uint64_t by = book_try(book, &reverse).entry;
    struct engine_result again = book_try(book, &row);
    assert_true(again.replayed);
    assert_int_equal(again.verdict.code, LB_OK);
    assert_int_equal(again.reversed_by, by);
    row.act.service_record.minutes++;
    struct engine_result other = book_try(book, &row);
    assert_int_equal(other.verdict.code, LB_ID_REUSED);
    assert_int_equal(other.known_code, LB_OK);
    assert_int_equal(other.reversed_by, by);
}

static void reused_id_tells_what_the_first_command_came_to(void **state)
{
    struct book *book = *state;
    struct command row = record_too_early(book, 1);
    assert_int_equal(book_try(book, &row).verdict.code, LB_BEFORE_JOINED);
    struct engine_result again = book_try(book, &row);
    assert_true(again.replayed);
    assert_int_equal(again.known_code, 0);
    row.day = TODAY;
    struct engine_result corrected = book_try(book, &row);
    assert_int_equal(corrected.verdict.code, LB_ID_REUSED);
    assert_int_equal(corrected.known_code, LB_BEFORE_JOINED);
    assert_int_equal(corrected.reversed_by, 0);
}

static void preview_tells_of_known_ids_too(void **state)
{
    struct book *book = *state;
    struct command row = record_service(book, 1, 60, TODAY);
    book_do(book, &row, 1);
    struct command reverse = reverse_request(book, row.id);
    const uint64_t by = book_try(book, &reverse).entry;
    struct request request;
    request_init(&request, book, &row, 1);
    request.write.dry_run = true;
    request_do(&request);
    assert_true(request.write.results[0].replayed);
    assert_int_equal(request.write.results[0].reversed_by, by);
    request_fini(&request);
}

/* rejects */

static void refused_batch(struct book *book, const struct command *commands, size_t count,
                          enum lb_result code, uint64_t *entry)
{
    struct request request;
    request_init(&request, book, commands, count);
    request.write.all_or_nothing = true;
    request.write.batch_id = id_of(BATCH_ID_BASE);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_OK);
    assert_int_equal(request.write.results[count - 1].verdict.code, code);
    *entry = request.write.results[count - 1].entry;
    request_fini(&request);
}

static void refused_batch_is_in_the_chain_of_its_import(void **state)
{
    struct book *book = *state;
    struct command commands[] = {record_service(book, 1, 60, TODAY), record_too_early(book, 2)};
    commands[0].import = commands[1].import = import_opened(book);
    uint64_t entry = 0;
    refused_batch(book, commands, 2, LB_BEFORE_JOINED, &entry);
    assert_int_equal(import_of_entry(book, entry), commands[1].import);
    assert_int_equal(chain_of(book, commands[1].import).last_entry, entry);
    assert_int_equal(chain_of(book, commands[1].import).count, 1);
}

static void refused_batch_that_was_to_open_its_import_names_none(void **state)
{
    struct book *book = *state;
    struct command commands[] = {open_import(book), record_too_early(book, 2)};
    commands[1].import = 1;
    uint64_t entry = 0;
    refused_batch(book, commands, 2, LB_BEFORE_JOINED, &entry);
    assert_int_equal(import_of_entry(book, entry), 0);
    assert_int_equal(chain_of(book, 1).count, 0);
    assert_int_equal(import_opened(book), 1);
}

static void unknown_import_leaves_the_id_free(void **state)
{
    struct book *book = *state;
    struct command row = record_service(book, 1, 60, TODAY);
    row.import = 1;
    struct engine_result result = book_try(book, &row);
    assert_int_equal(result.verdict.code, LB_IMPORT_UNKNOWN);
    assert_int_equal(result.verdict.a, 1);
    assert_int_equal(result.entry, 0);
    assert_int_equal(import_opened(book), 1);
    result = book_try(book, &row);
    assert_int_equal(result.verdict.code, LB_OK);
    assert_int_equal(chain_of(book, 1).last_entry, result.entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST_WITH_BOOK(row_sent_from_another_desk_or_import_is_the_same_row),
        TEST_WITH_BOOK(known_id_tells_that_its_entry_was_reversed),
        TEST_WITH_BOOK(reused_id_tells_what_the_first_command_came_to),
        TEST_WITH_BOOK(preview_tells_of_known_ids_too),
        /* rejects */
        TEST_WITH_BOOK(refused_batch_is_in_the_chain_of_its_import),
        TEST_WITH_BOOK(refused_batch_that_was_to_open_its_import_names_none),
        TEST_WITH_BOOK(unknown_import_leaves_the_id_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
