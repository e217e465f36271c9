/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A furnished book whose engine is stopped, a store to move it to, and both compared row by row.
 */
#ifndef TESTS_UNIT_ENGINE_MOVE_FIXTURE_H
#define TESTS_UNIT_ENGINE_MOVE_FIXTURE_H

#include "engine/move.h"
#include "rows_fixture.h"
#include "store/key.h"

#define MOVE_SERVICES 40

static inline struct store *mem_new(void)
{
    const struct store_mem_options options = {.is_async = false};
    struct store *store = NULL;
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &store), LB_OK);
    return store;
}

/* Members, services, a reversal with its memo. The engine is stopped. */
static inline int moved_set_up(void **state)
{
    (void)furnished_set_up(state);
    struct book *book = *state;
    struct command mistake = record_service(book, 2, 60, TODAY - 1);
    const struct command commands[] = {mistake, reverse_request(book, mistake.id)};
    book_do(book, commands, 2);
    for (int i = 0; i < MOVE_SERVICES; i++) {
        struct command command = record_service(book, 1 + (uint64_t)i % 3, 1, TODAY - i);
        book_do(book, &command, 1);
    }
    book_stop(book);
    return 0;
}

static inline int moved_tear_down(void **state)
{
    struct book *book = *state;
    if (book->engine == NULL) {
        book_start(book);
    }
    return book_tear_down(state);
}

#define TEST_MOVE(name) cmocka_unit_test_setup_teardown(name, moved_set_up, moved_tear_down)

static inline struct move_config move_config_of(struct store *from, struct store *to, uint8_t run)
{
    return (struct move_config){.from = from, .to = to, .run = {{run}}, .group_rows = 9};
}

static inline struct move_report move_do(struct store *from, struct store *to, uint8_t run)
{
    const struct move_config config = move_config_of(from, to, run);
    struct move_report report;
    assert_int_equal(move_run(&config, &report), LB_OK);
    return report;
}

/* The source is left, and the target becomes the book. */
static inline struct move_report move_switch(struct store *from, struct store *to, uint8_t run)
{
    struct move_config config = move_config_of(from, to, run);
    struct move_report report;
    config.is_switch = true;
    config.place = BYTES_LITERAL("elsewhere");
    config.now_ms = 1;
    assert_int_equal(move_run(&config, &report), LB_OK);
    return report;
}

static inline bool is_moved(struct store *store)
{
    struct move_moved moved;
    assert_int_equal(move_read_moved(store, &moved), LB_OK);
    return moved.is_moved;
}

static inline void meta_delete(struct store *store, const char *key)
{
    struct book book = {.store = store};
    row_put(&book, TABLE_META, bytes_of_text(key), (struct bytes){NULL, 0});
}

static inline bool is_unfinished(struct store *store)
{
    bool is = false;
    assert_int_equal(move_is_unfinished(store, &is), LB_OK);
    return is;
}

/* ---- all rows ---- */

static inline bool row_is_of_moves(enum ledger_table table, struct bytes key)
{
    return table == TABLE_META &&
           (bytes_equal(key, BYTES_LITERAL("moving")) || bytes_equal(key, BYTES_LITERAL("moved")));
}

/* The next row that is no move's own. */
static inline enum lb_result row_next(struct store *store, struct store_snapshot *snapshot,
                                      enum ledger_table table, struct bytes at, struct bytes *key,
                                      struct bytes *value)
{
    struct key_buffer buffers[4]; /* more than moves have rows */
    for (size_t i = 0; i < 4; i++) {
        const enum lb_result result =
            store->ops->snapshot_seek(snapshot, table, at, true, 0, key, value);
        if (result != LB_OK || !row_is_of_moves(table, *key)) {
            return result;
        }
        assert_true(key_after(*key, &buffers[i], &at));
    }
    return LB_INTERNAL;
}

static inline size_t assert_same_table(struct store *first, struct store_snapshot *one,
                                       struct store *second, struct store_snapshot *two,
                                       enum ledger_table table)
{
    struct key_buffer buffer;
    struct bytes at = {NULL, 0};
    for (size_t count = 0;; count++) {
        struct bytes keys[2];
        struct bytes values[2];
        const enum lb_result results[] = {row_next(first, one, table, at, &keys[0], &values[0]),
                                          row_next(second, two, table, at, &keys[1], &values[1])};
        assert_int_equal(results[0], results[1]);
        if (results[0] != LB_OK) {
            assert_int_equal(results[0], LB_ENTRY_UNKNOWN);
            return count;
        }
        assert_true(bytes_equal(keys[0], keys[1]));
        assert_true(bytes_equal(values[0], values[1]));
        assert_true(key_after(keys[0], &buffer, &at));
    }
}

/* How many rows there are; those of META, too, if has_meta. */
static inline size_t assert_same_tables(struct store *first, struct store *second, bool has_meta)
{
    static const enum ledger_table tables[] = {
#define X(symbol, number, name, kind) TABLE_##symbol,
        LEDGER_TABLE_LIST(X)
#undef X
    };
    struct store_snapshot *one = NULL;
    struct store_snapshot *two = NULL;
    size_t count = 0;
    assert_int_equal(first->ops->snapshot_open(first, &one), LB_OK);
    assert_int_equal(second->ops->snapshot_open(second, &two), LB_OK);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (has_meta || tables[i] != TABLE_META) {
            count += assert_same_table(first, one, second, two, tables[i]);
        }
    }
    first->ops->snapshot_close(one);
    second->ops->snapshot_close(two);
    return count;
}

static inline size_t assert_same_rows(struct store *first, struct store *second)
{
    return assert_same_tables(first, second, true);
}

/* The target has all of the source, and is no book; the source is one. */
static inline void assert_copied(const struct move_report *report, struct store *from,
                                 struct store *to)
{
    assert_int_equal(report->verdict, MOVE_DONE);
    assert_memory_equal(report->from_root, report->to_root, sizeof(report->from_root));
    assert_true(is_unfinished(to));
    assert_false(is_unfinished(from) || is_moved(from));
    assert_true(assert_same_tables(from, to, false) > report->entries);
}

/* The target is the book, and the source says so. */
static inline void assert_moved(const struct move_report *report, struct store *from,
                                struct store *to)
{
    assert_int_equal(report->verdict, MOVE_DONE);
    assert_memory_equal(report->from_root, report->to_root, sizeof(report->from_root));
    assert_false(is_unfinished(to) || is_moved(to));
    assert_true(is_moved(from) && !is_unfinished(from));
    assert_true(assert_same_rows(from, to) > report->entries);
}

#endif
