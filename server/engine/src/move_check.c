/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a move looks at before it writes: the source is a whole book, the target nothing or the
 * beginning of the same one, and whether a switch was made before. Threading: see engine/move.h.
 */
#include "move_run.h"

#include "tree_rows.h"

#include <string.h>

enum lb_result move_read_row(struct views views, struct bytes key, struct move_row *row)
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

bool move_row_is(const struct move_row *row, const struct move_row *other)
{
    return row->has == other->has && (!row->has || bytes_equal(bytes_of(row->data, row->size),
                                                               bytes_of(other->data, other->size)));
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

bool move_trees_are_equal(const struct move_run *run)
{
    struct merkle_hash from;
    struct merkle_hash to;
    merkle_tree_root(&run->from_tree, &from);
    merkle_tree_root(&run->to_tree, &to);
    return run->from_tree.size == run->to_tree.size && merkle_hash_equal(&from, &to);
}

/* ---- the source ---- */

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

enum lb_result move_check_newest(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->from);
    uint64_t newest = 0;
    enum lb_result result = rows_head_read(views, &run->head);
    if (result == LB_OK) {
        result = move_read_row(views, ROWS_HEAD_KEY, &run->head_row);
    }
    if (result == LB_OK) {
        result = newest_entry(views, &newest);
    }
    return result == LB_OK && newest != run->head.entries ? LB_STORAGE_CORRUPT : result;
}

enum lb_result move_check_source(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->from);
    struct move_row mark;
    enum lb_result result = move_read_row(views, MOVE_MARK_KEY, &mark);
    if (result == LB_OK && mark.has) {
        run->report->verdict = MOVE_FROM_UNFINISHED;
        return LB_OK;
    }
    if (result == LB_OK) {
        result = move_read_row(views, MOVE_FENCE_KEY, &run->fence);
    }
    if (result == LB_OK) {
        result = move_check_newest(run);
    }
    return result == LB_OK ? source_check_tree(run) : result;
}

/* ---- the target ---- */

/* The tree of the entries that both have. Tiles vouch for what is a book, and a switch hashes all
 * of the target at its end; otherwise each entry is hashed here. */
static enum lb_result prefix_make(struct move_run *run, struct merkle_tree *tree,
                                  struct snapshot_views *side)
{
    const struct views views = snapshot_views_port(side);
    const uint64_t before = run->report->entries_before;
    const uint64_t size = before < run->head.entries ? before : run->head.entries;
    struct tree_source source = {.views = views};
    const struct merkle_reader reader = tree_reader(&source);
    merkle_tree_init(tree, tree_hasher());
    const bool is_vouched = !run->seen_mark.has || run->config->is_switch;
    return tree_result(is_vouched ? merkle_tree_rebuild(tree, tree_hasher(), size, &reader)
                                  : tree_resize(tree, size, views),
                       views);
}

static enum lb_result target_check_prefix(struct move_run *run)
{
    if (run->report->entries_before > run->head.entries && !run->fence.has) {
        run->report->verdict = MOVE_TO_AHEAD;
        return LB_OK;
    }
    enum lb_result result = prefix_make(run, &run->from_tree, &run->from);
    run->report->is_target = result == LB_OK;
    if (result == LB_OK) {
        result = prefix_make(run, &run->to_tree, &run->to);
    }
    if (result == LB_OK && !move_trees_are_equal(run)) {
        run->report->verdict = MOVE_TO_OTHER;
    }
    return result;
}

/* Of a source that was left: where its bank went is this very place, or it is none of ours. */
static enum move_verdict target_judge_moved(const struct move_run *run)
{
    const struct id theirs = move_fence_switch(&run->fence);
    const struct id mark = move_mark_switch(&run->seen_mark);
    if (run->seen_mark.has) {
        return id_equal(&theirs, &mark) ? MOVE_DONE : MOVE_FROM_MOVED;
    }
    const bool is_whole = run->report->entries_before >= run->head.entries &&
                          (run->seen_head.has || run->head.entries == 0);
    return is_whole ? MOVE_SWITCHED : MOVE_FROM_MOVED;
}

/* A book that nobody left, and that no move marked, may have servers: they would go on beside the
 * source's. */
static enum move_verdict target_judge(const struct move_run *run)
{
    if (run->fence.has) {
        return target_judge_moved(run);
    }
    const bool is_book = run->seen_head.has && !run->seen_mark.has && !run->seen_fence.has;
    return is_book ? MOVE_TO_BOOK : MOVE_DONE;
}

static enum lb_result target_read(struct move_run *run)
{
    const struct views views = snapshot_views_port(&run->to);
    enum lb_result result = move_read_row(views, MOVE_MARK_KEY, &run->seen_mark);
    if (result == LB_OK) {
        result = move_read_row(views, MOVE_FENCE_KEY, &run->seen_fence);
    }
    if (result == LB_OK) {
        result = move_read_row(views, ROWS_HEAD_KEY, &run->seen_head);
    }
    run->switch_id = move_mark_switch(&run->seen_mark);
    return result == LB_OK ? newest_entry(views, &run->report->entries_before) : result;
}

/* ---- the whole ---- */

enum lb_result move_check_target(struct move_run *run)
{
    enum lb_result result = move_open_to(run);
    if (result == LB_OK) {
        result = target_read(run);
    }
    if (result == LB_OK) {
        result = target_check_prefix(run);
    }
    if (result == LB_OK && move_goes_on(run)) {
        run->report->verdict = target_judge(run);
    }
    return result;
}

/* Without its mark the target may have served: then nothing of it may be different. */
static enum lb_result undo_check_book(struct move_run *run)
{
    if (run->seen_fence.has || !move_row_is(&run->seen_head, &run->head_row)) {
        run->report->verdict = MOVE_TO_BOOK;
        return LB_OK;
    }
    const enum lb_result result = move_prove_tables(run);
    if (run->report->verdict == MOVE_UNEQUAL) {
        run->report->verdict = MOVE_TO_BOOK;
    }
    return result;
}

enum lb_result move_check_undo(struct move_run *run)
{
    if (!run->fence.has) {
        run->report->verdict = MOVE_NOT_MOVED;
        return LB_OK;
    }
    enum lb_result result = move_open_to(run);
    if (result == LB_OK) {
        result = target_read(run);
    }
    if (result != LB_OK) {
        return result;
    }
    const struct id theirs = run->switch_id;
    run->switch_id = move_fence_switch(&run->fence);
    if (!run->seen_mark.has) {
        return undo_check_book(run);
    }
    if (!id_equal(&theirs, &run->switch_id)) {
        run->report->verdict = MOVE_FROM_MOVED;
    }
    return LB_OK;
}
