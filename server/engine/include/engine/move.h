/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Moving a bank from one store to another: every row of every table, and the proof that both hold
 * the same entries. Knows tables and tree, no adapter.
 *
 * A bank may be moved again and again into the same place: a later run moves what was recorded
 * since and takes away what is gone. From a run's first change on, until one comes to its end, the
 * row "moving" of META stands in the target, and the head record is put last: nobody takes what is
 * half there for a book. A run that was cut off leaves it so; the next one goes on. See
 * docs/storage-format.md.
 *
 * Threads: runs in the calling thread, which is the writer of the target; nobody else writes into
 * either store.
 */
#ifndef ENGINE_MOVE_H
#define ENGINE_MOVE_H

#include "base/id.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct move_config {
    struct store *from; /* only read */
    struct store *to;
    struct id run;       /* random: the name of this run */
    uint32_t group_rows; /* rows of a group at most; 0: a good default */
    /* May be NULL. Called after each group and now and then, with the rows looked at so far. */
    void (*progress)(void *context, uint64_t rows);
    void *progress_context;
};

enum move_verdict {
    MOVE_DONE = 0,
    MOVE_FROM_UNFINISHED, /* the source is itself half moved */
    MOVE_TO_AHEAD,        /* the target has more entries than the source */
    MOVE_TO_OTHER,        /* the target's entries are not the source's: another bank */
    MOVE_TO_TAKEN,        /* somebody else writes into the target */
    MOVE_UNEQUAL,         /* what was written does not read back as it was: nothing to rely on */
};

struct move_report {
    enum move_verdict verdict;
    bool is_target; /* a fault was the target's */
    uint64_t entries;
    uint64_t entries_before; /* the target's, when the run began */
    uint64_t rows_put;       /* entries too */
    uint64_t rows_deleted;
    uint8_t from_root[LB_HASH_BYTES];
    uint8_t to_root[LB_HASH_BYTES]; /* hashed from what the target gives back */
};

/* LB_OK: see report->verdict. Else a fault of one of the stores, STORAGE_CORRUPT too when what the
 * source holds is damaged, or FORMAT_NEWER. */
LB_MUST_CHECK enum lb_result move_run(const struct move_config *config, struct move_report *report);

/* Whether a move into that store was begun and did not come to its end. No snapshot is held. */
LB_MUST_CHECK enum lb_result move_is_unfinished(struct store *store, bool *is_unfinished);

#endif
