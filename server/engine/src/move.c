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
    const enum lb_result result = snapshot_views_open(&run->to, run->to_store);
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

static const enum ledger_table tables_all[] = {
#define X(symbol, number, name, kind) TABLE_##symbol,
    LEDGER_TABLE_LIST(X)
#undef X
};

#define TABLES_COUNT (sizeof(tables_all) / sizeof(tables_all[0]))

static enum lb_result tables_move(struct move_run *run)
{
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < TABLES_COUNT && result == LB_OK; i++) {
        if (tables_all[i] != TABLE_ENTRY && move_goes_on(run)) {
            result = move_table(run, tables_all[i]);
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

/* All entries of both sides that this run moved, hashed once more; in a switch, all of the
 * target's, as it gives them back after it was opened anew. */
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
        run->report->verdict = move_trees_are_equal(run) ? MOVE_DONE : MOVE_UNEQUAL;
    }
    return result;
}

/* From here on what is read of the target comes from where it is durable, all of it. */
static enum lb_result target_reopen(struct move_run *run)
{
    const struct move_config *config = run->config;
    move_close_to(run);
    merkle_tree_init(&run->to_tree, tree_hasher());
    return config->reopen == NULL ? LB_OK : config->reopen(config->reopen_context, &run->to_store);
}

enum lb_result move_prove_tables(struct move_run *run)
{
    enum lb_result result = LB_OK;
    run->is_proving = true;
    for (size_t i = 0; i < TABLES_COUNT && result == LB_OK; i++) {
        result = move_goes_on(run) ? move_table(run, tables_all[i]) : LB_OK;
    }
    run->is_proving = false;
    return result;
}

/* The head record, as the target gives it back. */
static enum lb_result prove_head(struct move_run *run)
{
    struct move_row row;
    move_close_to(run);
    enum lb_result result = move_open_to(run);
    if (result == LB_OK) {
        result = move_read_row(snapshot_views_port(&run->to), ROWS_HEAD_KEY, &row);
    }
    if (result == LB_OK && !move_row_is(&row, &run->head_row)) {
        run->report->verdict = MOVE_UNEQUAL;
    }
    return result;
}

/* ---- the whole ---- */

static enum lb_result run_passes(struct move_run *run,
                                 enum lb_result (*const *passes)(struct move_run *run))
{
    enum lb_result result = snapshot_views_open(&run->from, run->config->from);
    if (result != LB_OK) {
        return result;
    }
    run->is_from_open = true;
    for (; *passes != NULL && result == LB_OK && move_goes_on(run); passes++) {
        run->report->is_target = *passes != move_check_source;
        result = (*passes)(run);
    }
    run->report->entries = run->head.entries;
    move_close_to(run);
    if (run->is_from_open) {
        run->report->is_target = run->report->is_target && run->from.fault == LB_OK;
        snapshot_views_close(&run->from);
    }
    return result;
}

static enum lb_result run_all(const struct move_config *config,
                              enum lb_result (*const *passes)(struct move_run *run),
                              struct move_report *report)
{
    LB_ASSERT(config->from != config->to && config->place.size <= MOVE_PLACE_BYTES_MAX);
    *report = (struct move_report){.verdict = MOVE_DONE};
    struct move_run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        return LB_MEMORY;
    }
    run->config = config;
    run->report = report;
    run->to_store = config->to;
    store_wait_init(&run->wait);
    arena_init(&run->arena, arena_memory_heap(), ARENA_BYTES_MAX);
    const enum lb_result result = run_passes(run, passes);
    arena_fini(&run->arena);
    store_wait_fini(&run->wait);
    free(run);
    return result;
}

enum lb_result move_run(const struct move_config *config, struct move_report *report)
{
    static enum lb_result (*const copy[])(struct move_run * run) = {
        move_check_source, move_check_target, move_begin, entries_move,
        tables_move,       prove_entries,     NULL};
    static enum lb_result (*const change[])(struct move_run * run) = {
        move_check_source, move_check_target, move_begin,    move_fence,
        entries_move,      tables_move,       target_reopen, prove_entries,
        move_prove_tables, move_finish,       prove_head,    NULL};
    return run_all(config, config->is_switch ? change : copy, report);
}

enum lb_result move_undo(const struct move_config *config, struct move_report *report)
{
    static enum lb_result (*const undo[])(struct move_run * run) = {
        move_check_source, move_check_undo, move_begin, move_unfence, NULL};
    return run_all(config, undo, report);
}
