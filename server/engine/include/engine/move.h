/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Moving a bank from one store to another: every row of every table, and the proof that both hold
 * the same entries. Knows tables and tree, no adapter.
 *
 * A bank may be moved again and again into the same place: a later run moves what was recorded
 * since and takes away what is gone. From a run's first group on the row "moving" of META stands in
 * the target: nobody takes what is there for a book, however much of it there is.
 *
 * Only a run that switches takes it away. It marks the target, then puts the row "moved" into the
 * source, as a group like any other: whatever was acknowledged there came before it, and whoever
 * writes the source takes nothing after it. Then the rest is moved and proved, and last the head
 * record takes the mark's place. Both rows hold the id of the switch. A run that was cut off
 * anywhere leaves two places of which at most one is a book; the next one goes on. See
 * docs/storage-format.md.
 *
 * Threads: runs in the calling thread, which is the writer of the target, and in a switch also of
 * the source; nobody else writes into either store through the same object.
 */
#ifndef ENGINE_MOVE_H
#define ENGINE_MOVE_H

#include "base/bytes.h"
#include "base/id.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define MOVE_PLACE_BYTES_MAX 1024

struct move_config {
    struct store *from; /* only read, but for the row of a switch */
    struct store *to;
    struct id run;       /* random: the name of this run */
    uint32_t group_rows; /* rows of a group at most; 0: a good default */
    bool is_switch;      /* the source is left, and the target becomes the book */
    struct bytes place;  /* with is_switch: where that is, for who opens the source later */
    int64_t now_ms;      /* 〃, and when */
    /* May be NULL. Called before the proof of a switch: closes *to and opens in its place a store
     * that shows what the target has durably, read anew, and can be written. */
    enum lb_result (*reopen)(void *context, struct store **to);
    void *reopen_context;
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
    MOVE_TO_BOOK,         /* the target is this bank's, but a book that may be in use */
    MOVE_FROM_MOVED,      /* the source was left for another place */
    MOVE_SWITCHED,        /* this switch was made before; nothing was changed */
    MOVE_NOT_MOVED,       /* undoing: the source was not left */
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

/* The switch is given up: takes "moved" out of the source, if the target still has its mark, or has
 * every row as the source has it; then it gets the mark again first. MOVE_TO_BOOK: the target went
 * on, or is another place. Of config: from, to and run. */
LB_MUST_CHECK enum lb_result move_undo(const struct move_config *config,
                                       struct move_report *report);

/* Whether a move into that store was begun and did not come to its end. No snapshot is held. */
LB_MUST_CHECK enum lb_result move_is_unfinished(struct store *store, bool *is_unfinished);

struct move_moved {
    bool is_moved; /* the rest is set */
    int64_t at_ms;
    char place[MOVE_PLACE_BYTES_MAX + 1];
};

/* Whether the book in that store was moved elsewhere. As above. */
LB_MUST_CHECK enum lb_result move_read_moved(struct store *store, struct move_moved *moved);

#endif
