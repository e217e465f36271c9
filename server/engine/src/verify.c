/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The passes of verify. First the bytes of the log (verify_tree.c), page by page; then the fold
 * (verify_fold.c), page by page; then, in one snapshot, whatever came in meanwhile, and the
 * comparison (verify_compare.c). Threading: see engine/verify.h.
 */
#include "verify_run.h"

#include "base/assert.h"
#include "tree_rows.h"

#include <stdlib.h>

#define VERIFY_PAGE_ENTRIES    4096
#define VERIFY_ARENA_BYTES_MAX (UINT64_C(4) << 20)

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- a page: one snapshot ---- */

static enum lb_result page_open(struct verify_run *run)
{
    enum lb_result result = snapshot_views_open(&run->book, run->config->store);
    if (result != LB_OK) {
        return result;
    }
    result = rows_head_read(snapshot_views_port(&run->book), &run->head);
    if (result == LB_STORAGE_CORRUPT && run->book.fault == LB_OK) {
        verify_problem_row(run, TABLE_META, ROWS_HEAD_KEY, 0, "不是账首记录",
                           "it is no head record");
        run->head.entries = 0;
        merkle_frontier_init(&run->head.frontier);
        result = LB_OK;
    }
    if (result == LB_OK && run->head.entries < run->tree.size) {
        verify_problem_row(run, TABLE_META, ROWS_HEAD_KEY, run->tree.size, "账本变短了",
                           "the log has become shorter");
    }
    if (result != LB_OK) {
        snapshot_views_close(&run->book);
    }
    return result;
}

static bool page_is_wanted(struct verify_run *run)
{
    const struct verify_config *config = run->config;
    run->report->checked = run->folded;
    if (config->progress == NULL) {
        return true;
    }
    /* Both passes count for half; the tree may be ahead by what came in since the beginning. */
    uint64_t total = run->report->total;
    uint64_t checked = smaller((run->tree.size + run->folded) / 2, total);
    return config->progress(config->progress_context, checked, total);
}

/* Runs `pass` in pages until *done entries reach the total. */
static enum lb_result pages_run(struct verify_run *run,
                                enum lb_result (*pass)(struct verify_run *run, uint64_t last),
                                const uint64_t *done)
{
    uint64_t page_entries =
        run->config->page_entries != 0 ? run->config->page_entries : VERIFY_PAGE_ENTRIES;
    while (*done < run->report->total && !run->has_problem) {
        enum lb_result result = page_open(run);
        if (result != LB_OK) {
            return result;
        }
        if (!run->has_problem) {
            result = pass(run, smaller(*done + page_entries, run->report->total));
        }
        snapshot_views_close(&run->book);
        if (result != LB_OK) {
            return result;
        }
        if (!page_is_wanted(run)) {
            return LB_SHUTTING_DOWN;
        }
    }
    return LB_OK;
}

/* ---- the whole ---- */

/* The log as it stands when the run begins; what comes in later is caught up with at the end. */
static enum lb_result run_begin(struct verify_run *run)
{
    enum lb_result result = page_open(run);
    if (result == LB_OK) {
        run->report->total = run->head.entries;
        snapshot_views_close(&run->book);
    }
    return result;
}

/* In one snapshot: the entries that came in since, then every table. */
static enum lb_result run_finish(struct verify_run *run)
{
    enum lb_result result = page_open(run);
    if (result != LB_OK) {
        return result;
    }
    uint64_t head = run->head.entries;
    run->report->total = head;
    run->report->head_covers = run->head.frontier.size;
    if (!run->has_problem) {
        result = verify_tree_extend(run, head);
    }
    if (result == LB_OK && !run->has_problem) {
        result = verify_tree_finish(run);
    }
    if (result == LB_OK && !run->has_problem) {
        result = verify_fold_extend(run, head);
    }
    if (result == LB_OK && !run->has_problem) {
        result = verify_compare(run);
    }
    snapshot_views_close(&run->book);
    return result;
}

/* The edge of the tree is checked before the fold, which trusts the bytes. */
static enum lb_result run_check_edge(struct verify_run *run)
{
    enum lb_result result = page_open(run);
    if (result != LB_OK) {
        return result;
    }
    if (!run->has_problem) {
        result = verify_tree_extend(run, run->head.entries);
    }
    if (result == LB_OK && !run->has_problem) {
        result = verify_tree_finish(run);
    }
    snapshot_views_close(&run->book);
    return result;
}

/* What the store's own checksums found is a finding too. */
static void run_tell_corruption(struct verify_run *run)
{
    struct snapshot_views *book = &run->book;
    run->has_problem = run->report->problem[0] != '\0'; /* not what only follows from this */
    book->fault = LB_OK;
    verify_problem_row(run, book->fault_table, bytes_of(book->fault_key, book->fault_key_bytes), 0,
                       "此键或其后一行与存储的校验和不符",
                       "the row there or the next one does not match its stored checksum");
}

static enum lb_result run_passes(struct verify_run *run)
{
    enum lb_result result = run_begin(run);
    if (result == LB_OK) {
        result = pages_run(run, verify_tree_extend, &run->tree.size);
    }
    if (result == LB_OK && !run->has_problem) {
        result = run_check_edge(run);
    }
    if (result == LB_OK) {
        result = pages_run(run, verify_fold_extend, &run->folded);
    }
    if (result == LB_OK && !run->has_problem) {
        result = run_finish(run);
    }
    run->report->checked = run->folded;
    if (result == LB_STORAGE_CORRUPT && run->book.fault == LB_STORAGE_CORRUPT) {
        run_tell_corruption(run);
        result = LB_OK;
    }
    return result;
}

static enum lb_result run_new(const struct verify_config *config, struct verify_report *report,
                              struct verify_run **out)
{
    struct verify_run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        return LB_MEMORY;
    }
    if (overlay_new(arena_memory_heap(), &run->overlay) != LB_OK) {
        free(run);
        return LB_MEMORY;
    }
    run->config = config;
    run->report = report;
    run->recorded_ms = 0;
    run->compared = UINT64_MAX;
    merkle_tree_init(&run->tree, tree_hasher());
    store_wait_init(&run->wait);
    arena_init(&run->reader_arena, arena_memory_heap(), VERIFY_ARENA_BYTES_MAX);
    arena_init(&run->entry_arena, arena_memory_heap(), VERIFY_ARENA_BYTES_MAX);
    run->reader = (struct entry_reader){.views = snapshot_views_port(&run->book),
                                        .arena = &run->reader_arena,
                                        .owns_arena = true,
                                        .fault = &run->book.fault};
    run->bank =
        (struct bank){.views = overlay_views(run->overlay), .log = entry_reader_port(&run->reader)};
    *out = run;
    return LB_OK;
}

static void run_free(struct verify_run *run)
{
    arena_fini(&run->entry_arena);
    arena_fini(&run->reader_arena);
    store_wait_fini(&run->wait);
    overlay_free(run->overlay);
    free(run);
}

enum lb_result verify_run(const struct verify_config *config, struct verify_report *report)
{
    LB_ASSERT(config->store != config->scratch);
    *report = (struct verify_report){.passed = false};
    struct verify_run *run = NULL;
    enum lb_result result = run_new(config, report, &run);
    if (result != LB_OK) {
        return result;
    }
    result = run_passes(run);
    report->passed = result == LB_OK && !run->has_problem;
    run_free(run);
    return result;
}
