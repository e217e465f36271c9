/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reading and planting single rows behind the engine's back, while it is stopped or idle.
 */
#ifndef TESTS_UNIT_ENGINE_ROWS_FIXTURE_H
#define TESTS_UNIT_ENGINE_ROWS_FIXTURE_H

#include "engine/verify.h"
#include "entry/codec.h"
#include "fixture.h"
#include "ledger/merkle.h"

#define ROW_BYTES_MAX 9000 /* a tile has 8,192 */

struct row_copy {
    uint8_t key[LEDGER_KEY_BYTES_MAX];
    size_t key_size;
    uint8_t data[ROW_BYTES_MAX];
    size_t size;
};

/* A number as a key; the bytes live as long as the struct literal's block. */
struct number_key {
    uint8_t data[8];
};

static inline struct number_key number_key_of(uint64_t number)
{
    struct number_key key;
    struct wire_writer writer = {.data = key.data, .cap = sizeof(key.data)};
    wire_put_u64(&writer, number);
    return key;
}

static inline void row_is_committed(enum store_outcome outcome, enum lb_result why, void *context)
{
    enum store_outcome *out = context;
    (void)why;
    *out = outcome;
}

/* Puts the row, or deletes it when value.data is NULL. */
static inline void row_put(struct book *book, enum ledger_table table, struct bytes key,
                           struct bytes value)
{
    const struct store_ops *ops = book->store->ops;
    struct store_group *group = NULL;
    assert_int_equal(ops->group_begin(book->store, &group), LB_OK);
    assert_int_equal(value.data == NULL ? ops->group_del(group, table, key)
                                        : ops->group_put(group, table, key, value),
                     LB_OK);
    enum store_outcome outcome = STORE_FATAL;
    ops->group_commit(group, row_is_committed, &outcome);
    assert_int_equal(outcome, STORE_COMMITTED);
}

static inline void row_put_number(struct book *book, enum ledger_table table, uint64_t number,
                                  struct bytes value)
{
    struct number_key key = number_key_of(number);
    row_put(book, table, bytes_of(key.data, sizeof(key.data)), value);
}

/* The first row at or after the key. false: none. */
static inline bool row_seek(struct book *book, enum ledger_table table, struct bytes key,
                            struct row_copy *copy)
{
    const struct store_ops *ops = book->store->ops;
    struct store_snapshot *snapshot = NULL;
    struct bytes found;
    struct bytes value;
    assert_int_equal(ops->snapshot_open(book->store, &snapshot), LB_OK);
    enum lb_result result = ops->snapshot_seek(snapshot, table, key, true, 0, &found, &value);
    if (result == LB_OK) {
        assert_true(value.size <= sizeof(copy->data) && found.size <= sizeof(copy->key));
        memcpy(copy->key, found.data, found.size);
        memcpy(copy->data, value.data, value.size);
        copy->key_size = found.size;
        copy->size = value.size;
    }
    ops->snapshot_close(snapshot);
    return result == LB_OK;
}

static inline struct row_copy row_copy_number(struct book *book, enum ledger_table table,
                                              uint64_t number)
{
    struct number_key key = number_key_of(number);
    struct row_copy copy;
    assert_true(row_seek(book, table, bytes_of(key.data, sizeof(key.data)), &copy));
    assert_memory_equal(copy.key, key.data, sizeof(key.data));
    return copy;
}

static inline void rows_digest(void *context, const struct bytes *parts, size_t count,
                               struct merkle_hash *out)
{
    (void)context;
    people_sha256(parts, count, out->bytes);
}

static inline struct merkle_hasher rows_hasher(void)
{
    return (struct merkle_hasher){rows_digest, NULL};
}

/* Of the first `size` entries as they stand, without the engine's tree. */
static inline struct merkle_frontier rows_frontier(struct book *book, uint64_t size)
{
    const struct merkle_hasher hasher = rows_hasher();
    struct merkle_frontier frontier;
    merkle_frontier_init(&frontier);
    for (uint64_t number = 1; number <= size; number++) {
        struct row_copy row = row_copy_number(book, TABLE_ENTRY, number);
        struct merkle_hash leaf;
        merkle_hash_leaf(&hasher, bytes_of(row.data, row.size), &leaf);
        merkle_frontier_append(&frontier, &hasher, &leaf);
    }
    return frontier;
}

/* The head record of the entries as they stand: format, entries, time, frontier. */
static inline void rows_put_head(struct book *book, uint64_t last, int64_t recorded_ms)
{
    const struct merkle_frontier frontier = rows_frontier(book, last);
    uint8_t head[20 + MERKLE_FRONTIER_BYTES_MAX];
    struct wire_writer writer = {.data = head, .cap = sizeof(head)};
    wire_put_u32(&writer, 1);
    wire_put_u64(&writer, last);
    wire_put_i64(&writer, recorded_ms);
    size_t size = writer.size + merkle_frontier_pack(&frontier, head + writer.size);
    row_put(book, TABLE_META, BYTES_LITERAL("head"), bytes_of(head, size));
}

/* "" when the book passes. */
static inline void assert_verify_finds(struct book *book, const char *what)
{
    const struct store_mem_options options = {.is_async = false};
    struct verify_report report;
    struct verify_config config = {.store = book->store, .people = book->people};
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &config.scratch), LB_OK);
    assert_int_equal(verify_run(&config, &report), LB_OK);
    config.scratch->ops->close(config.scratch);
    if (strstr(report.problem, what) == NULL || report.passed != (what[0] == '\0')) {
        print_message("expected \"%s\" in: %s\n", what, report.problem);
    }
    assert_int_equal(report.passed, what[0] == '\0');
    assert_non_null(strstr(report.problem, what));
}

/* Rewrites the entry, looks what verify says, and puts everything back. The engine is stopped,
 * after the entry `last`. */
static inline void entry_forge(struct book *book, uint64_t number, uint64_t last,
                               void (*change)(struct entry *entry), const char *expected)
{
    struct row_copy row = row_copy_number(book, TABLE_ENTRY, number);
    struct arena arena;
    struct entry entry;
    struct bytes packed;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(entry_unpack(bytes_of(row.data, row.size), &arena, &entry), LB_OK);
    change(&entry);
    assert_int_equal(entry_pack(&entry, &arena, &packed), LB_OK);
    row_put_number(book, TABLE_ENTRY, number, packed);
    rows_put_head(book, last, START_MS);
    assert_verify_finds(book, expected);
    row_put_number(book, TABLE_ENTRY, number, bytes_of(row.data, row.size));
    rows_put_head(book, last, START_MS);
    assert_verify_finds(book, "");
    arena_fini(&arena);
}

#endif
