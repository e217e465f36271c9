/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tree that is hashed behind the commits: what status shows meanwhile, what a start and verify
 * make of a head record whose frontier is behind the entries, a tree that must go back, and the
 * last group, with which it catches up.
 */
#include "stepped_fixture.h"

#define MANY 300 /* entries of one group: they fill a tile */

struct many {
    struct command commands[MANY];
    struct request request;
};

static void many_init(struct many *many, struct book *book)
{
    for (int i = 0; i < MANY; i++) {
        many->commands[i] = record_service(book, 1 + (uint64_t)(i % 3), 1, TODAY - i % 200);
    }
    request_init(&many->request, book, many->commands, MANY);
}

/* MANY entries in one group, settled: it is the newest, so its tile and leaves are not stored. */
static void settle_many(struct book *book)
{
    static struct many many;
    many_init(&many, book);
    request_step(&many.request);
    settle(book);
    assert_int_equal(many.request.write.verdict.code, LB_OK);
    assert_int_equal(many.request.write.results[MANY - 1].verdict.code, LB_OK);
    request_fini(&many.request);
}

/* What the head record says: at 4 the entries, at 20 the leaves of the frontier. */
static uint64_t head_number(struct book *book, size_t offset)
{
    struct row_copy head;
    assert_true(row_seek(book, TABLE_META, BYTES_LITERAL("head"), &head));
    struct wire_reader reader = {.left = bytes_of(head.data + offset, 8)};
    return wire_get_u64(&reader);
}

static void assert_head(struct book *book, uint64_t entries, uint64_t leaves)
{
    assert_int_equal(head_number(book, 4), entries);
    assert_int_equal(head_number(book, 20), leaves);
}

static void view_root(struct book *book, uint64_t size, uint8_t root[LB_HASH_BYTES])
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_int_equal(engine_view_root(&view, size, root), LB_OK);
    engine_view_close(&view);
    arena_fini(&arena);
}

/* The tree as RFC 6962 builds it from the entries, without the engine's. */
static void entries_root(struct book *book, uint64_t size, uint8_t root[LB_HASH_BYTES])
{
    const struct merkle_hasher hasher = rows_hasher();
    const struct merkle_frontier frontier = rows_frontier(book, size);
    struct merkle_hash hash;
    merkle_frontier_root(&frontier, &hasher, &hash);
    memcpy(root, hash.bytes, LB_HASH_BYTES);
}

static void assert_status_is_of_all_entries(struct book *book)
{
    uint8_t root[LB_HASH_BYTES];
    struct engine_status status;
    engine_status(book->engine, &status);
    assert_int_equal(status.tree_size, status.durable_entry);
    entries_root(book, status.durable_entry, root);
    assert_memory_equal(status.tree_root, root, LB_HASH_BYTES);
}

static bool has_tile(struct book *book)
{
    struct row_copy tile;
    return row_seek(book, TABLE_TILE, (struct bytes){NULL, 0}, &tile);
}

static void restart(struct book *book)
{
    book_stop(book);
    book_start(book);
    assert_true(engine_step(book->engine)); /* the index of names */
}

/* ---- accepts ---- */

static void status_shows_no_root_of_what_is_not_durable(void **state)
{
    struct book *book = *state;
    struct command commands[] = {record_service(book, 1, 60, TODAY),
                                 record_service(book, 2, 60, TODAY)};
    struct request requests[2];
    struct engine_status before;
    struct engine_status status;
    engine_status(book->engine, &before);
    for (int i = 0; i < 2; i++) { /* hashed as soon as they are handed over */
        request_init(&requests[i], book, &commands[i], 1);
        request_step(&requests[i]);
    }
    engine_status(book->engine, &status);
    assert_int_equal(status.tree_size, FURNISHED);
    assert_memory_equal(status.tree_root, before.tree_root, LB_HASH_BYTES);
    for (uint64_t i = 0; i < 2; i++) {
        complete(book);
        engine_status(book->engine, &status);
        assert_int_equal(status.tree_size, FURNISHED + 1 + i);
        assert_status_is_of_all_entries(book);
    }
    request_fini(&requests[0]);
    request_fini(&requests[1]);
}

struct asked {
    struct request request;
    struct engine_status status;
    uint8_t root[LB_HASH_BYTES];
};

static void ask_for_root(struct engine_write *write)
{
    struct asked *asked = write->context;
    asked->request.done++;
    engine_status(asked->request.book->engine, &asked->status);
    view_root(asked->request.book, asked->status.durable_entry, asked->root);
}

static void view_has_its_root_before_the_group_is_hashed(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 60, TODAY);
    struct asked asked;
    uint8_t root[LB_HASH_BYTES];
    request_init(&asked.request, book, &command, 1);
    asked.request.write.done = ask_for_root;
    asked.request.write.context = &asked;
    request_step(&asked.request);
    assert_int_equal(asked.request.done, 1); /* in the commit: the store is synchronous */
    assert_int_equal(asked.status.durable_entry, FURNISHED + 1);
    assert_int_equal(asked.status.tree_size, FURNISHED);
    entries_root(book, FURNISHED + 1, root);
    assert_memory_equal(asked.root, root, LB_HASH_BYTES);
    assert_status_is_of_all_entries(book);
    request_fini(&asked.request);
}

static void leaves_and_tiles_are_stored_with_the_next_group(void **state)
{
    struct book *book = *state;
    settle_many(book);
    assert_head(book, FURNISHED + MANY, FURNISHED);
    assert_false(has_tile(book));
    assert_status_is_of_all_entries(book);
    assert_verify_finds(book, "");
    settle_command(book, record_service(book, 1, 1, TODAY));
    assert_head(book, FURNISHED + MANY + 1, FURNISHED + MANY);
    assert_true(has_tile(book));
    assert_verify_finds(book, "");
}

static void start_hashes_what_the_head_does_not_hold(void **state)
{
    struct book *book = *state;
    settle_many(book);
    restart(book);
    assert_status_is_of_all_entries(book);
    uint8_t root[LB_HASH_BYTES];
    uint8_t expected[LB_HASH_BYTES];
    for (uint64_t size = 0; size <= FURNISHED + MANY; size += 61) {
        view_root(book, size, root); /* from a tile that is not stored */
        entries_root(book, size, expected);
        assert_memory_equal(root, expected, LB_HASH_BYTES);
    }
    settle_command(book, record_service(book, 1, 1, TODAY));
    assert_true(has_tile(book));
    assert_head(book, FURNISHED + MANY + 1, FURNISHED + MANY);
    restart(book);
    assert_status_is_of_all_entries(book);
    assert_verify_finds(book, "");
}

/* With threads: the end of a server. */
static void restart_with_threads(struct book *book)
{
    book_stop(book);
    book->config.is_stepped = false;
    book_start(book);
}

static void engine_that_closes_stores_the_tree_over_all_entries(void **state)
{
    struct book *book = *state;
    settle_many(book);
    restart_with_threads(book);
    book_stop(book);
    assert_head(book, FURNISHED + MANY, FURNISHED + MANY);
    assert_true(has_tile(book));
    assert_verify_finds(book, "");
    const struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_FULL, false);
    store_mem_plan_fault(book->store, &fault);
    book_start(book);
    assert_status_is_of_all_entries(book);
    book_stop(book); /* nothing is missing, nothing is written */
    assert_false(store_mem_fault_was_met(book->store));
}

static void engine_that_finishes_takes_nothing_more_and_stores_the_tree_last(void **state)
{
    struct book *book = *state;
    struct command commands[] = {record_service(book, 1, 60, TODAY),
                                 record_service(book, 2, 60, TODAY)};
    struct request first;
    struct request late;
    request_init(&first, book, &commands[0], 1);
    request_init(&late, book, &commands[1], 1);
    request_submit(&first);
    engine_finish(book->engine);
    assert_int_equal(engine_write_submit(book->engine, &late.write), LB_SHUTTING_DOWN);
    assert_true(engine_step(book->engine));
    assert_false(engine_step(book->engine)); /* the last group waits for all others */
    complete(book);
    assert_entry(&first, FURNISHED + 1);
    assert_head(book, FURNISHED + 1, FURNISHED);
    assert_true(engine_step(book->engine));
    complete(book);
    assert_false(engine_step(book->engine));
    assert_head(book, FURNISHED + 1, FURNISHED + 1);
    assert_verify_finds(book, "");
    request_fini(&first);
    request_fini(&late);
}

static void last_group_of_an_empty_book_is_none(void **state)
{
    struct book *book = *state;
    struct row_copy head;
    engine_finish(book->engine);
    assert_false(engine_step(book->engine));
    assert_false(row_seek(book, TABLE_META, BYTES_LITERAL("head"), &head));
}

/* ---- rejects ---- */

static void tree_goes_back_over_a_tile_when_groups_failed(void **state)
{
    struct book *book = *state;
    static struct many many[2];
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    store_mem_plan_fault(book->store, &fault);
    for (int i = 0; i < 2; i++) {
        many_init(&many[i], book);
        request_step(&many[i].request);
    }
    complete(book);
    complete(book);
    store_mem_plan_fault(book->store, &fault);
    assert_true(engine_step(book->engine)); /* the first again, and in vain */
    complete(book);
    settle(book);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(many[i].request.done, 1);
        assert_int_equal(many[i].request.write.results[MANY - 1].verdict.code, LB_OK);
        request_fini(&many[i].request);
    }
    assert_int_equal(book_head(book), FURNISHED + 2 * MANY);
    assert_status_is_of_all_entries(book);
    assert_verify_finds(book, "");
    settle_command(book, record_service(book, 1, 1, TODAY));
    assert_status_is_of_all_entries(book);
    assert_verify_finds(book, "");
}

static void group_that_found_no_space_leaves_no_leaf_in_the_tree(void **state)
{
    struct book *book = *state;
    static struct many many;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_FULL, false);
    store_mem_plan_fault(book->store, &fault);
    many_init(&many, book);
    request_step(&many.request);
    complete(book);
    assert_int_equal(many.request.write.verdict.code, LB_STORAGE_FULL);
    assert_status_is_of_all_entries(book);
    settle_command(book, record_service(book, 1, 1, TODAY));
    assert_status_is_of_all_entries(book);
    settle_many(book);
    assert_status_is_of_all_entries(book);
    assert_verify_finds(book, "");
    request_fini(&many.request);
}

/* ---- faults: what verify and the start find ---- */

static void put_head(struct book *book, const struct row_copy *head)
{
    row_put(book, TABLE_META, BYTES_LITERAL("head"), bytes_of(head->data, head->size));
}

static void frontier_that_is_not_the_tree_s_at_its_size_is_found(void **state)
{
    struct book *book = *state;
    settle_many(book);
    settle_command(book, record_service(book, 1, 1, TODAY));
    struct row_copy head;
    assert_true(row_seek(book, TABLE_META, BYTES_LITERAL("head"), &head));
    struct row_copy damaged = head;
    damaged.data[28 + 3] ^= 1; /* its first peak */
    put_head(book, &damaged);
    assert_verify_finds(book, "the root is not the recorded one");
    damaged = head;
    damaged.data[11]--; /* entries: one less than the frontier has leaves */
    damaged.data[11]--;
    put_head(book, &damaged);
    assert_verify_finds(book, "head record");
    put_head(book, &head);
    assert_verify_finds(book, "");
}

static void start_refuses_a_frontier_that_is_not_the_entries(void **state)
{
    struct book *book = *state;
    settle_many(book);
    struct row_copy head;
    assert_true(row_seek(book, TABLE_META, BYTES_LITERAL("head"), &head));
    struct row_copy damaged = head;
    damaged.data[28 + 3] ^= 1;
    put_head(book, &damaged);
    book_stop(book);
    assert_int_equal(book_try_start(book), LB_STORAGE_CORRUPT);
    put_head(book, &head);
    book_start(book);
    assert_status_is_of_all_entries(book);
}

static void last_group_that_fails_costs_nothing_but_the_hashing(void **state)
{
    struct book *book = *state;
    const struct store_mem_fault faults[] = {
        commit_fault(STORE_RETRY, LB_STORAGE_FULL, false),
        commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false),
        commit_fault(STORE_UNKNOWN, LB_STORAGE_FAULT, false),
        commit_fault(STORE_UNKNOWN, LB_STORAGE_FAULT, true),
    };
    for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        const bool is_written = i == 1 || i == 3; /* a conflict: run again */
        settle_many(book);
        const uint64_t entries = book_head(book);
        restart_with_threads(book);
        store_mem_plan_fault(book->store, &faults[i]);
        book_stop(book);
        assert_true(store_mem_fault_was_met(book->store));
        assert_int_equal(book->stops, i < 2 ? 0 : i - 1);
        assert_head(book, entries, is_written ? entries : entries - MANY);
        assert_verify_finds(book, "");
        book->config.is_stepped = true;
        book_start(book);
        assert_true(engine_step(book->engine)); /* the index of names */
        assert_status_is_of_all_entries(book);
    }
}

static void tile_missing_inside_the_frontier_or_put_beyond_it_is_found(void **state)
{
    struct book *book = *state;
    settle_many(book);
    settle_command(book, record_service(book, 1, 1, TODAY));
    struct row_copy tile;
    assert_true(row_seek(book, TABLE_TILE, (struct bytes){NULL, 0}, &tile));
    struct bytes key = bytes_of(tile.key, tile.key_size);
    row_put(book, TABLE_TILE, key, (struct bytes){NULL, 0});
    assert_verify_finds(book, "a tile of the tree is missing");
    row_put(book, TABLE_TILE, key, bytes_of(tile.data, tile.size));
    assert_verify_finds(book, "");
    settle_many(book);
    tile.key[8]++; /* the tile that the newest group filled */
    row_put(book, TABLE_TILE, key, bytes_of(tile.data, tile.size));
    assert_verify_finds(book, "too many tiles");
}

/* ---- a book that grows while it is verified ---- */

static bool grow_once(void *context, uint64_t checked, uint64_t total)
{
    struct book *book = context;
    (void)total;
    if (checked > 0 && book_head(book) < FURNISHED + 3 * MANY) {
        settle_many(book);
    }
    return true;
}

static void tiles_that_are_stored_during_the_run_are_compared_at_its_end(void **state)
{
    struct book *book = *state;
    settle_many(book);
    for (int is_damaged = 0; is_damaged < 2; is_damaged++) {
        const struct store_mem_options options = {.is_async = false};
        struct verify_report report;
        struct verify_config config = {.store = book->store,
                                       .people = book->people,
                                       .page_entries = 100,
                                       .progress = grow_once,
                                       .progress_context = book};
        if (is_damaged == 1) {
            struct row_copy tile;
            assert_true(row_seek(book, TABLE_TILE, (struct bytes){NULL, 0}, &tile));
            tile.data[0] ^= 1;
            row_put(book, TABLE_TILE, bytes_of(tile.key, tile.key_size),
                    bytes_of(tile.data, tile.size));
        }
        assert_int_equal(store_mem_open(arena_memory_heap(), &options, &config.scratch), LB_OK);
        assert_int_equal(verify_run(&config, &report), LB_OK);
        config.scratch->ops->close(config.scratch);
        assert_int_equal(report.passed, is_damaged == 0);
    }
}

/* ---- set-up ---- */

static int furnished_sync_set_up(void **state)
{
    const struct store_mem_options options = {.is_async = false};
    *state = stepped_new(&options);
    settle_furniture(*state);
    return 0;
}

int main(void)
{
#define TEST_SYNC(name) cmocka_unit_test_setup_teardown(name, furnished_sync_set_up, book_tear_down)
    const struct CMUnitTest tests[] = {
        TEST_FURNISHED_OVERLAP(status_shows_no_root_of_what_is_not_durable),
        TEST_SYNC(view_has_its_root_before_the_group_is_hashed),
        TEST_FURNISHED_OVERLAP(leaves_and_tiles_are_stored_with_the_next_group),
        TEST_FURNISHED_OVERLAP(start_hashes_what_the_head_does_not_hold),
        TEST_SYNC(engine_that_closes_stores_the_tree_over_all_entries),
        TEST_FURNISHED_OVERLAP(engine_that_finishes_takes_nothing_more_and_stores_the_tree_last),
        TEST_OVERLAP(last_group_of_an_empty_book_is_none),
        TEST_FURNISHED_OVERLAP(tree_goes_back_over_a_tile_when_groups_failed),
        TEST_FURNISHED_OVERLAP(group_that_found_no_space_leaves_no_leaf_in_the_tree),
        TEST_SYNC(frontier_that_is_not_the_tree_s_at_its_size_is_found),
        TEST_SYNC(start_refuses_a_frontier_that_is_not_the_entries),
        TEST_SYNC(last_group_that_fails_costs_nothing_but_the_hashing),
        TEST_SYNC(tile_missing_inside_the_frontier_or_put_beyond_it_is_found),
        TEST_SYNC(tiles_that_are_stored_during_the_run_are_compared_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
