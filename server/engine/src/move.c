/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A move from its checks to its proof. Entries go first, in order; they are hashed as they are read
 * from the source, and again as the target gives them back. Threading: see engine/move.h.
 */
#include "move_run.h"

#include "base/assert.h"
#include "tree_rows.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX (UINT64_C(64) << 20)

enum lb_result move_open_to(struct move_run *run)
{
    if (run->is_to_open) {
        return LB_OK;
    }
    const enum lb_result result = snapshot_views_open(&run->to, run->config->to);
    run->is_to_open = result == LB_OK;
    return result;
}

void move_close_to(struct move_run *run)
{
    if (run->is_to_open) {
        snapshot_views_close(&run->to);
        run->is_to_open = false;
    }
}

static enum lb_result row_read(struct views views, struct bytes key, struct move_row *row)
{
    struct bytes value;
    row->has = views_get(views, TABLE_META, key, &value);
    if (row->has && value.size > sizeof(row->data)) {
        return LB_STORAGE_CORRUPT;
    }
    if (row->has) {
        memcpy(row->data, value.data, value.size);
        row->size = value.size;
    }
    return views_fault(views);
}

/* The number of the newest entry; 0: none. */
static enum lb_result newest_entry(struct views views, uint64_t *number)
{
    const struct rows_key end = rows_key_of(UINT64_MAX);
    struct bytes key;
    struct bytes packed;
    *number = 0;
    if (!views_seek_le(views, TABLE_ENTRY, rows_key_bytes(&end), 0, &key, &packed)) {
        return views_fault(views);
    }
    return rows_number(key, number) ? LB_OK : LB_STORAGE_CORRUPT;
}

static bool trees_are_equal(const struct move_run *run)
{
    struct merkle_hash from;
    struct merkle_hash to;
    merkle_tree_root(&run->from_tree, &from);
    merkle_tree_root(&run->to_tree, &to);
    return run->from_tree.size == run->to_tree.size && merkle_hash_equal(&from, &to);
}

/* ---- before anything is written ---- */

/* What the head record says of the tree, against the tiles and entries that there are. */
static enum lb_result source_check_tree(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->from);
    const struct rows_head *head = &run->head;
    const struct merkle_hasher hasher = tree_hasher();
    struct tree_source source = {.views = views};
    const struct merkle_reader reader = tree_reader(&source);
    const enum lb_result result = tree_result(
        merkle_tree_rebuild(&run->from_tree, hasher, head->frontier.size, &reader), views);
    if (result != LB_OK) {
        return result;
    }
    struct merkle_hash rebuilt;
    struct merkle_hash recorded;
    merkle_tree_root(&run->from_tree, &rebuilt);
    merkle_frontier_root(&head->frontier, &hasher, &recorded);
    return merkle_hash_equal(&rebuilt, &recorded) ? LB_OK : LB_STORAGE_CORRUPT;
}

static enum lb_result source_check(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->from);
    struct move_row mark;
    uint64_t newest = 0;
    enum lb_result result = row_read(views, MOVE_MARK_KEY, &mark);
    if (result == LB_OK && mark.has) {
        run->report->verdict = MOVE_FROM_UNFINISHED;
        return LB_OK;
    }
    if (result == LB_OK) {
        result = rows_head_read(views, &run->head);
    }
    if (result == LB_OK) {
        result = row_read(views, ROWS_HEAD_KEY, &run->head_row);
    }
    if (result == LB_OK) {
        result = newest_entry(views, &newest);
    }
    if (result == LB_OK && newest != run->head.entries) {
        result = LB_STORAGE_CORRUPT;
    }
    return result == LB_OK ? source_check_tree(run) : result;
}

/* Both trees of the entries that the target has. What an earlier run left that came to its end was
 * proved then, and its tiles vouch for it; otherwise each entry is hashed again. */
static enum lb_result prefix_make(struct move_run *run, struct merkle_tree *tree,
                                  struct snapshot_views *side)
{
    const struct views views = snapshot_views_port(side);
    const uint64_t size = run->report->entries_before;
    struct tree_source source = {.views = views};
    const struct merkle_reader reader = tree_reader(&source);
    merkle_tree_init(tree, tree_hasher());
    return tree_result(run->seen_mark.has ? tree_resize(tree, size, views)
                                          : merkle_tree_rebuild(tree, tree_hasher(), size, &reader),
                       views);
}

static enum lb_result target_check_prefix(struct move_run *run)
{
    if (run->report->entries_before > run->head.entries) {
        run->report->verdict = MOVE_TO_AHEAD;
        return LB_OK;
    }
    enum lb_result result = prefix_make(run, &run->from_tree, &run->from);
    run->report->is_target = result == LB_OK;
    if (result == LB_OK) {
        result = prefix_make(run, &run->to_tree, &run->to);
    }
    if (result == LB_OK && !trees_are_equal(run)) {
        run->report->verdict = MOVE_TO_OTHER;
    }
    return result;
}

static enum lb_result target_check(struct move_run *run)
{
    enum lb_result result = move_open_to(run);
    if (result != LB_OK) {
        return result;
    }
    const struct views views = snapshot_views_port(&run->to);
    result = row_read(views, MOVE_MARK_KEY, &run->seen_mark);
    if (result == LB_OK) {
        result = row_read(views, ROWS_HEAD_KEY, &run->seen_head);
    }
    if (result == LB_OK) {
        result = newest_entry(views, &run->report->entries_before);
    }
    return result == LB_OK ? target_check_prefix(run) : result;
}

/* ---- moving ---- */

static enum lb_result entry_move(struct move_run *run, uint64_t number)
{
    const struct views views = snapshot_views_port(&run->from);
    const struct rows_key wanted = rows_key_of(number);
    struct move_change change = {.table = TABLE_ENTRY};
    run->report->is_target = false;
    if (!views_seek_ge(views, TABLE_ENTRY, rows_key_bytes(&wanted), 0, &change.key,
                       &change.value)) {
        return views_fault(views) != LB_OK ? views_fault(views) : LB_STORAGE_CORRUPT;
    }
    if (!bytes_equal(change.key, rows_key_bytes(&wanted))) {
        return LB_STORAGE_CORRUPT;
    }
    run->rows++;
    run->report->is_target = true;
    return move_add(run, change);
}

static enum lb_result entries_move(struct move_run *run)
{
    enum lb_result result = LB_OK;
    uint64_t number = run->report->entries_before;
    while (result == LB_OK && move_goes_on(run) && number < run->head.entries) {
        result = entry_move(run, ++number);
    }
    return result;
}

static enum lb_result tables_move(struct move_run *run)
{
    static const enum ledger_table tables[] = {
#define X(symbol, number, name, kind) TABLE_##symbol,
        LEDGER_TABLE_LIST(X)
#undef X
    };
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && result == LB_OK; i++) {
        if (tables[i] != TABLE_ENTRY && move_goes_on(run)) {
            result = move_table(run, tables[i]);
        }
    }
    return result == LB_OK && move_goes_on(run) ? move_flush(run) : result;
}

/* ---- the proof ---- */

static void keep_root(const struct merkle_tree *tree, uint8_t out[LB_HASH_BYTES])
{
    struct merkle_hash root;
    merkle_tree_root(tree, &root);
    memcpy(out, root.bytes, LB_HASH_BYTES);
}

/* Of the tree hashed from the entries: the root that the head record's frontier gives. */
static enum lb_result source_check_frontier(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->from);
    const struct merkle_hasher hasher = tree_hasher();
    struct tree_source source = {.views = views};
    const struct merkle_reader reader = tree_reader(&source);
    struct merkle_hash root;
    struct merkle_hash recorded;
    const enum lb_result result = tree_result(
        merkle_tree_root_at(&run->from_tree, &reader, run->head.frontier.size, &root), views);
    merkle_frontier_root(&run->head.frontier, &hasher, &recorded);
    if (result != LB_OK) {
        return result;
    }
    return merkle_hash_equal(&root, &recorded) ? LB_OK : LB_STORAGE_CORRUPT;
}

/* All entries of both sides that this run moved, hashed once more. */
static enum lb_result prove_entries(struct move_run *run)
{
    const struct views from = snapshot_views_port(&run->from);
    run->report->is_target = false;
    enum lb_result result =
        tree_result(tree_resize(&run->from_tree, run->head.entries, from), from);
    if (result == LB_OK) {
        result = source_check_frontier(run);
    }
    run->report->is_target = result == LB_OK;
    if (result == LB_OK) {
        result = move_open_to(run);
    }
    if (result == LB_OK) {
        const struct views to = snapshot_views_port(&run->to);
        result = tree_result(tree_resize(&run->to_tree, run->head.entries, to), to);
    }
    if (result == LB_OK) {
        keep_root(&run->from_tree, run->report->from_root);
        keep_root(&run->to_tree, run->report->to_root);
        run->report->verdict = trees_are_equal(run) ? MOVE_DONE : MOVE_UNEQUAL;
    }
    return result;
}

/* The head record, as the target gives it back. */
static enum lb_result prove_head(struct move_run *run)
{
    struct move_row row;
    move_close_to(run);
    enum lb_result result = move_open_to(run);
    if (result == LB_OK) {
        result = row_read(snapshot_views_port(&run->to), ROWS_HEAD_KEY, &row);
    }
    if (result == LB_OK &&
        (row.has != run->head_row.has ||
         (row.has && !bytes_equal(bytes_of(row.data, row.size),
                                  bytes_of(run->head_row.data, run->head_row.size))))) {
        run->report->verdict = MOVE_UNEQUAL;
    }
    return result;
}

/* ---- the whole ---- */

static enum lb_result run_passes(struct move_run *run)
{
    static enum lb_result (*const passes[])(struct move_run * run) = {
        source_check,  target_check, entries_move, tables_move,
        prove_entries, move_finish,  prove_head,
    };
    enum lb_result result = snapshot_views_open(&run->from, run->config->from);
    if (result != LB_OK) {
        return result;
    }
    for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
        if (result == LB_OK && move_goes_on(run)) {
            run->report->is_target = passes[i] != source_check;
            result = passes[i](run);
        }
    }
    run->report->entries = run->head.entries;
    run->report->is_target = run->report->is_target && run->from.fault == LB_OK;
    move_close_to(run);
    snapshot_views_close(&run->from);
    return result;
}

enum lb_result move_run(const struct move_config *config, struct move_report *report)
{
    LB_ASSERT(config->from != config->to);
    *report = (struct move_report){.verdict = MOVE_DONE};
    struct move_run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        return LB_MEMORY;
    }
    run->config = config;
    run->report = report;
    store_wait_init(&run->wait);
    arena_init(&run->arena, arena_memory_heap(), ARENA_BYTES_MAX);
    const enum lb_result result = run_passes(run);
    arena_fini(&run->arena);
    store_wait_fini(&run->wait);
    free(run);
    return result;
}

enum lb_result move_is_unfinished(struct store *store, bool *is_unfinished)
{
    struct snapshot_views snapshot;
    struct move_row mark;
    enum lb_result result = snapshot_views_open(&snapshot, store);
    if (result != LB_OK) {
        return result;
    }
    result = row_read(snapshot_views_port(&snapshot), MOVE_MARK_KEY, &mark);
    *is_unfinished = mark.has;
    snapshot_views_close(&snapshot);
    return result;
}
