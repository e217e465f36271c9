/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is checked before the engine serves: the head record, the tail of the log, the tree, the
 * key. Whatever is older is verify's business. Runs before the threads.
 */
#include "engine_private.h"

#include "entry/codec.h"
#include "people_rows.h"
#include "snapshot_views.h"
#include "tree_rows.h"

#define START_ARENA_BYTES_MAX (UINT64_C(1) << 20)

/* The newest entry stands under its number with the head's time, and none beyond it. */
static enum lb_result start_check_newest(struct views views, const struct rows_head *head)
{
    struct rows_key end = rows_key_of(UINT64_MAX);
    struct bytes key;
    struct bytes packed;
    uint64_t number = 0;
    if (!views_seek_le(views, TABLE_ENTRY, rows_key_bytes(&end), 0, &key, &packed)) {
        bool is_empty = views_fault(views) == LB_OK && head->entries == 0;
        return is_empty ? LB_OK : LB_STORAGE_CORRUPT;
    }
    if (!rows_number(key, &number) || number != head->entries) {
        return LB_STORAGE_CORRUPT;
    }
    struct arena arena;
    struct entry entry;
    arena_init(&arena, arena_memory_heap(), START_ARENA_BYTES_MAX);
    enum lb_result result = entry_unpack(packed, &arena, &entry);
    if (result == LB_MALFORMED ||
        (result == LB_OK && (entry.number != number || entry.recorded_ms != head->recorded_ms))) {
        result = LB_STORAGE_CORRUPT;
    }
    arena_fini(&arena);
    return result;
}

/* The edge is rebuilt from tiles and entries: the root must be the one that the head record's
 * frontier gives. Then it grows by the entries that were not hashed when the head was written. */
static enum lb_result start_check_tree(struct views views, const struct rows_head *head,
                                       struct log_tree *tree)
{
    struct merkle_hasher hasher = tree_hasher();
    struct tree_source source = {.views = views};
    struct merkle_reader reader = tree_reader(&source);
    enum lb_result result =
        tree_result(merkle_tree_rebuild(&tree->tree, hasher, head->frontier.size, &reader), views);
    if (result != LB_OK) {
        return result;
    }
    struct merkle_hash rebuilt;
    struct merkle_hash recorded;
    merkle_tree_root(&tree->tree, &rebuilt);
    merkle_frontier_root(&head->frontier, &hasher, &recorded);
    return merkle_hash_equal(&rebuilt, &recorded) ? LB_OK : LB_STORAGE_CORRUPT;
}

static enum lb_result start_grow_tree(struct views views, struct log_tree *tree,
                                      struct group_ground *ground)
{
    while (ground->frontier.size < ground->entries) {
        struct rows_key key = rows_key_of(ground->frontier.size + 1);
        struct bytes packed;
        if (!views_get(views, TABLE_ENTRY, rows_key_bytes(&key), &packed)) {
            return LB_STORAGE_CORRUPT;
        }
        if (!log_tree_reserve(tree, 1)) {
            return LB_MEMORY;
        }
        log_tree_append(tree, &packed, 1, &ground->frontier);
    }
    return LB_OK;
}

static bool start_row_opens(struct people *people, enum people_kind kind, struct bytes key,
                            struct bytes row)
{
    struct arena arena;
    uint64_t owner = 0;
    struct bytes plaintext;
    uint8_t commitment[LB_HASH_BYTES];
    arena_init(&arena, arena_memory_heap(), START_ARENA_BYTES_MAX);
    bool opens = rows_number(key, &owner) &&
                 people_open_row(people, kind, owner, row, &arena, &plaintext, commitment) == LB_OK;
    arena_fini(&arena);
    return opens;
}

/* Whether the key is this book's: with another one nobody could be read, and new rows would be
 * sealed so that the right key does not open them. The rows at both ends of the tables are tried:
 * one that was altered is verify's business. */
static enum lb_result start_check_key(struct views views, struct people *people)
{
    struct rows_key end = rows_key_of(UINT64_MAX);
    bool has_row = false;
    struct book_key newest;
    enum lb_result result = book_key_read(views, &newest);
    if (result != LB_OK || !book_key_is_here(&newest, people)) {
        return result != LB_OK ? result : LB_KEY_OUTDATED;
    }
    for (size_t i = 0; i < PEOPLE_TABLES_COUNT; i++) {
        const struct people_table *table = &people_tables[i];
        struct bytes key;
        struct bytes row;
        if (!views_seek_ge(views, table->table, (struct bytes){NULL, 0}, 0, &key, &row)) {
            continue;
        }
        has_row = true;
        if (start_row_opens(people, table->kind, key, row) ||
            (views_seek_le(views, table->table, rows_key_bytes(&end), 0, &key, &row) &&
             start_row_opens(people, table->kind, key, row))) {
            return LB_OK;
        }
    }
    return has_row ? LB_KEY_MISSING : LB_OK;
}

enum lb_result start_read_state(struct store *store, struct people *people, struct log_tree *tree,
                                struct group_ground *ground)
{
    struct snapshot_views snapshot;
    struct rows_head head;
    enum lb_result result = snapshot_views_open(&snapshot, store);
    if (result != LB_OK) {
        return result;
    }
    struct views views = snapshot_views_port(&snapshot);
    result = rows_head_read(views, &head);
    if (result == LB_OK) {
        result = start_check_newest(views, &head);
    }
    if (result == LB_OK) {
        result = start_check_tree(views, &head, tree);
    }
    if (result == LB_OK) {
        ground->entries = head.entries;
        ground->recorded_ms = head.recorded_ms;
        ground->stored_leaves = head.frontier.size;
        ground->frontier = head.frontier;
        result = start_grow_tree(views, tree, ground);
    }
    if (result == LB_OK) {
        result = start_check_key(views, people);
    }
    if (views_fault(views) != LB_OK) {
        result = views_fault(views);
    }
    snapshot_views_close(&snapshot);
    return result;
}
