/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Verify: folds the log into a scratch store and compares every view with what is stored; checks
 * entries by themselves, numbers without gaps, request ids, the Merkle tree, and people rows
 * against commitments. Names the first entry that disagrees. Works on a live server's store and
 * offline on a directory or a copy. Runs in the calling thread.
 */
#ifndef ENGINE_VERIFY_H
#define ENGINE_VERIFY_H

#include "lovebank/limits.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct people;

struct verify_config {
    struct store *store;   /* the book */
    struct store *scratch; /* empty; only verify uses it; the caller opens and closes it */
    struct people *people; /* NULL: people rows cannot be opened, their commitments go unchecked */
    uint32_t page_entries; /* entries per page and snapshot; 0: a good default */
    /* May be NULL. false: stop. Counts from 0 to the total once, over all passes. */
    bool (*progress)(void *context, uint64_t checked, uint64_t total);
    void *progress_context;
};

struct verify_report {
    bool passed;
    uint64_t checked; /* entries folded */
    uint64_t total;
    uint64_t head_covers; /* entries under the head record's frontier: all, after a clean stop */
    char problem[512];    /* "" or what disagrees, naming table, key and entry; zh and en */
    uint8_t tree_root[LB_HASH_BYTES];
};

/* LB_OK: the check ran to its end, or to the first problem: see report->passed. Else a fault,
 * SHUTTING_DOWN (stopped), or KEY_OUTDATED (another server's rows cannot be opened here). */
LB_MUST_CHECK enum lb_result verify_run(const struct verify_config *config,
                                        struct verify_report *report);

#endif
