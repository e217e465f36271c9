/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two tables of the same name, walked in the order of their keys: what is new or different is put,
 * what is gone is deleted. Threading: see engine/move.h.
 */
#include "move_run.h"

#include "store/key.h"

#include <string.h>

#define PROGRESS_ROWS 4096 /* a power of two */

/* The next row of one side. */
struct side {
    bool is_read; /* the rest is set */
    bool is_there;
    struct bytes key;
    struct bytes value;
};

struct walk {
    enum ledger_table table;
    struct key_buffer buffer;
    struct bytes at; /* rows before it were dealt with */
    bool is_over;
    struct side from;
    struct side to;
};

enum lb_result move_add(struct move_run *run, struct move_change change)
{
    const size_t rows = run->config->group_rows;
    const size_t rows_max = rows == 0 || rows > MOVE_GROUP_ROWS ? MOVE_GROUP_ROWS : rows;
    run->changes[run->change_count++] = change;
    run->change_bytes += change.key.size + change.value.size;
    return run->change_count == rows_max || run->change_bytes >= MOVE_GROUP_BYTES ? move_flush(run)
                                                                                  : LB_OK;
}

static enum lb_result side_read(struct side *side, struct snapshot_views *snapshot,
                                const struct walk *walk)
{
    const struct views views = snapshot_views_port(snapshot);
    if (!side->is_read) {
        side->is_there = views_seek_ge(views, walk->table, walk->at, 0, &side->key, &side->value);
        side->is_read = true;
    }
    return views_fault(views);
}

/* Below 0: the source's row comes first, alone. */
static int walk_compare(const struct walk *walk)
{
    if (!walk->to.is_there || !walk->from.is_there) {
        return walk->from.is_there ? -1 : 1;
    }
    return bytes_compare(walk->from.key, walk->to.key);
}

static bool row_is_own(enum ledger_table table, struct bytes key)
{
    return table == TABLE_META &&
           (bytes_equal(key, ROWS_HEAD_KEY) || bytes_equal(key, MOVE_MARK_KEY) ||
            bytes_equal(key, MOVE_FENCE_KEY));
}

static enum lb_result walk_delete(struct move_run *run, struct walk *walk)
{
    struct move_change change = {.table = walk->table, .is_deleted = true};
    return arena_copy(&run->arena, walk->to.key, &change.key) ? move_add(run, change) : LB_MEMORY;
}

static enum lb_result walk_put(struct move_run *run, struct walk *walk)
{
    return move_add(run, (struct move_change){.table = walk->table,
                                              .key = walk->from.key,
                                              .value = walk->from.value});
}

/* Deals with the first of the rows on either side. */
static enum lb_result walk_step(struct move_run *run, struct walk *walk)
{
    const int order = walk_compare(walk);
    const struct bytes key = order <= 0 ? walk->from.key : walk->to.key;
    const bool is_own = row_is_own(walk->table, key);
    const bool is_same = order == 0 && bytes_equal(walk->from.value, walk->to.value);
    struct key_buffer buffer;
    struct bytes after;
    walk->is_over = !key_after(key, &buffer, &after);
    enum lb_result result = LB_OK;
    if (!is_own && !is_same && run->is_proving) {
        run->report->verdict = MOVE_UNEQUAL;
    } else if (!is_own && !is_same) {
        result = order <= 0 ? walk_put(run, walk) : walk_delete(run, walk);
    }
    walk->from.is_read = order > 0;
    walk->to.is_read = order < 0 && run->is_to_open; /* writing closes what it was read from */
    if (!walk->is_over) {
        walk->buffer = buffer;
        walk->at = bytes_of(walk->buffer.data, after.size);
    }
    run->rows++;
    if ((run->rows & (PROGRESS_ROWS - 1)) == 0) {
        move_tell_progress(run);
    }
    return result;
}

enum lb_result move_table(struct move_run *run, enum ledger_table table)
{
    struct walk walk = {.table = table};
    while (!walk.is_over && move_goes_on(run)) {
        enum lb_result result = move_open_to(run);
        if (result == LB_OK) {
            result = side_read(&walk.from, &run->from, &walk);
        }
        if (result == LB_OK) {
            result = side_read(&walk.to, &run->to, &walk);
        }
        if (result != LB_OK || (!walk.from.is_there && !walk.to.is_there)) {
            return result;
        }
        result = walk_step(run, &walk);
        if (result != LB_OK) {
            return result;
        }
    }
    return LB_OK;
}
