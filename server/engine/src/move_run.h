/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Private to a move: what a run keeps, and what its files offer each other.
 *
 *   move.c        the order of a run: both sides checked, entries, other tables, the proof
 *   move_check.c  the checks before anything is written
 *   move_rows.c   tables compared row by row, changes collected
 *   move_group.c  changes written, each group once, whatever the store answers
 *   move_fence.c  the row "moved" of the source: put, read, taken back
 *
 * One snapshot of the source is held all the time, but while the fence is put: what is moved is one
 * state. One of the target is open only while no group is. Threading: see engine/move.h.
 */
#ifndef ENGINE_SRC_MOVE_RUN_H
#define ENGINE_SRC_MOVE_RUN_H

#include "base/arena.h"
#include "engine/move.h"
#include "rows.h"
#include "snapshot_views.h"
#include "store/wait.h"

#define MOVE_MARK_KEY    BYTES_LITERAL("moving")
#define MOVE_MARK_BYTES  (2 * sizeof(struct id) + sizeof(uint64_t))
#define MOVE_FENCE_KEY   BYTES_LITERAL("moved")
#define MOVE_TRIES_MAX   20 /* of one group that the store asks to run again */
#define MOVE_GROUP_ROWS  8192
#define MOVE_GROUP_BYTES (UINT64_C(4) << 20)

struct move_change {
    enum ledger_table table;
    struct bytes key;
    struct bytes value;
    bool is_deleted;
};

/* A row of META, copied; not there when has is false. */
struct move_row {
    bool has;
    uint8_t data[ROWS_HEAD_BYTES_MAX];
    size_t size;
};

_Static_assert(ROWS_HEAD_BYTES_MAX >= sizeof(struct id) + sizeof(int64_t) + MOVE_PLACE_BYTES_MAX,
               "a row \"moved\" fits, too");

struct move_run {
    const struct move_config *config;
    struct move_report *report;
    struct store *to_store; /* config->to, or what gives it back */
    struct snapshot_views from;
    struct snapshot_views to;
    bool is_from_open;
    bool is_to_open;
    struct store_wait wait;

    struct rows_head head;     /* the source's */
    struct move_row head_row;  /* the same, as it stands there */
    struct move_row seen_head; /* what stood in the target when the run began */
    struct move_row seen_mark;
    struct move_row seen_fence; /* of the target: it was moved away from once */
    struct move_row fence;      /* of the source */
    struct id switch_id;        /* in the target's mark and the source's fence; 0: no switch yet */
    uint64_t step;              /* groups of this run that are durable */
    bool is_proving;            /* tables are only compared */

    struct merkle_tree from_tree;
    struct merkle_tree to_tree;

    struct arena arena; /* keys of the target's that are to be deleted */
    uint64_t rows;      /* looked at */
    uint64_t change_bytes;
    size_t change_count;
    struct move_change changes[MOVE_GROUP_ROWS];
};

/* A move into it has not come to its end, so it is no book now. For who serves it all the same. */
static inline bool move_is_under_way(struct views views)
{
    struct bytes mark;
    return views_get(views, TABLE_META, MOVE_MARK_KEY, &mark);
}

/* The book was moved away: nothing is recorded here any more. 〃 */
static inline bool move_is_elsewhere(struct views views)
{
    struct bytes fence;
    return views_get(views, TABLE_META, MOVE_FENCE_KEY, &fence);
}

/* ---- move.c ---- */

/* There is a snapshot of the target. */
LB_MUST_CHECK enum lb_result move_open_to(struct move_run *run);
void move_close_to(struct move_run *run);
/* false: the run is over, without a fault: see the verdict. */
static inline bool move_goes_on(const struct move_run *run)
{
    return run->report->verdict == MOVE_DONE;
}

static inline void move_tell_progress(const struct move_run *run)
{
    if (run->config->progress != NULL) {
        run->config->progress(run->config->progress_context, run->rows);
    }
}

/* Every row of the target is as the source has it, but for those of engine and moves; else
 * MOVE_UNEQUAL. */
LB_MUST_CHECK enum lb_result move_prove_tables(struct move_run *run);

/* ---- move_check.c ---- */

LB_MUST_CHECK enum lb_result move_read_row(struct views views, struct bytes key,
                                           struct move_row *row);
bool move_row_is(const struct move_row *row, const struct move_row *other);
bool move_trees_are_equal(const struct move_run *run);
/* The source is a whole book; reads its rows. */
LB_MUST_CHECK enum lb_result move_check_source(struct move_run *run);
/* Reads the source's head again: it has gone on up to the fence. */
LB_MUST_CHECK enum lb_result move_check_newest(struct move_run *run);
/* The target is empty, or the beginning of the same bank, and no book that may be in use. */
LB_MUST_CHECK enum lb_result move_check_target(struct move_run *run);
/* The source was left for this target, where nothing was recorded since. */
LB_MUST_CHECK enum lb_result move_check_undo(struct move_run *run);

/* ---- move_rows.c ---- */

/* Remembers a change; writes a group when there are enough. Key and value are the source's, or in
 * the arena. */
LB_MUST_CHECK enum lb_result move_add(struct move_run *run, struct move_change change);
/* All rows of the table, but META's own of the engine and of moves. */
LB_MUST_CHECK enum lb_result move_table(struct move_run *run, enum ledger_table table);

/* ---- move_group.c ---- */

/* group_begin, after what others wrote however much it is. No snapshot of that store is open. */
LB_MUST_CHECK enum lb_result move_group_open(struct move_run *run, struct store *store,
                                             struct store_group **group);
/* The mark stands in the target, and who served it takes nothing from here on. */
LB_MUST_CHECK enum lb_result move_begin(struct move_run *run);
/* Writes the changes that there are, with the mark. Closes the target's snapshot. */
LB_MUST_CHECK enum lb_result move_flush(struct move_run *run);
/* The head record takes the mark's place: from here on it is a book. */
LB_MUST_CHECK enum lb_result move_finish(struct move_run *run);

/* ---- move_fence.c ---- */

/* Whose switch a mark or a fence is of; 0: of none. */
struct id move_mark_switch(const struct move_row *mark);
struct id move_fence_switch(const struct move_row *fence);
/* The row "moved" stands in the source, behind all that was acknowledged there. */
LB_MUST_CHECK enum lb_result move_fence(struct move_run *run);
/* It is gone again. */
LB_MUST_CHECK enum lb_result move_unfence(struct move_run *run);

#endif
