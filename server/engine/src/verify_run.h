/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the parts of verify share. The first problem found ends the run; it is told in zh and en.
 *
 *   verify.c          the passes, page by page
 *   verify_tree.c     entry rows without gaps, the Merkle tree over their bytes
 *   verify_fold.c     each entry by itself, and the fold into the scratch store
 *   verify_second.c   what two people made: the proposal, and who they were
 *   verify_compare.c  the scratch store against the book, row by row
 *   verify_people.c   personal data against what the entries commit to
 *   verify_problem.c  how a problem is told
 *
 * One thread, the caller's.
 */
#ifndef ENGINE_SRC_VERIFY_RUN_H
#define ENGINE_SRC_VERIFY_RUN_H

#include "bank/bank.h"
#include "base/arena.h"
#include "engine/verify.h"
#include "entry_reader.h"
#include "ledger/merkle.h"
#include "rows.h"
#include "snapshot_views.h"
#include "store/overlay.h"
#include "store/wait.h"

/*
 * Invariants: tree.size is the number of entries whose bytes were checked, folded that of those
 * folded into scratch, folded <= tree.size. `book` is open during a page only.
 * Every function below that returns lb_result gives LB_OK also when it found a problem: then
 * `has_problem` is set, and nothing more is to be checked.
 */
struct verify_run {
    const struct verify_config *config;
    struct verify_report *report;
    bool has_problem;

    struct snapshot_views book;
    struct rows_head head; /* of the book's snapshot */
    struct merkle_tree tree;
    uint64_t compared; /* stored tiles full beyond so many leaves were not yet compared */
    uint64_t folded;
    int64_t recorded_ms; /* of the entry folded last */

    struct overlay *overlay; /* of a page, over the scratch store */
    struct bank bank;        /* views: the overlay; log: the book's */
    struct entry_reader reader;
    struct arena reader_arena;
    struct arena entry_arena; /* the entry being folded, or the row being opened */
    struct entry entry;
    struct store_wait wait;
};

/* Checks the entry rows up to number `last` and grows the tree by them. */
LB_MUST_CHECK enum lb_result verify_tree_extend(struct verify_run *run, uint64_t last);
/* The tree is as large as the book: root, tiles and the end of the log. */
LB_MUST_CHECK enum lb_result verify_tree_finish(struct verify_run *run);

/* Folds up to entry `last` into the scratch store, in pages. */
LB_MUST_CHECK enum lb_result verify_fold_extend(struct verify_run *run, uint64_t last);

/* The entry being folded, if it decides a proposal, is what was proposed, by another person. */
void verify_second_person(struct verify_run *run, uint64_t number);

/* Everything was folded up to the book's head: compares all tables. */
LB_MUST_CHECK enum lb_result verify_compare(struct verify_run *run);
/* Its part of personal data: sealed rows against commitments, ID numbers against persons. */
LB_MUST_CHECK enum lb_result verify_people(struct verify_run *run, struct views folded);

/* The first problem is kept; none is told once a reading of the book has failed. Entry `number` is
 * at fault; "第 7 号账：zh / entry 7: en". */
void verify_problem_entry(struct verify_run *run, uint64_t number, const char *zh, const char *en);
/* A row is at fault; entry is the newest that it depends on, 0: not known. */
void verify_problem_row(struct verify_run *run, enum ledger_table table, struct bytes key,
                        uint64_t entry, const char *zh, const char *en);

#endif
