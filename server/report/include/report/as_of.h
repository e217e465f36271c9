/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bank's views as they were after an earlier entry: the log is folded again, up to that entry,
 * into a scratch store. Memory stays bounded however long the log is. Runs in the calling thread,
 * for as long as it takes; reads the live book in short snapshots.
 */
#ifndef REPORT_AS_OF_H
#define REPORT_AS_OF_H

#include "engine/engine.h"
#include "ledger/views.h"
#include "store/overlay.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct as_of {
    struct views views; /* read only */
    struct store *scratch;
    struct store_snapshot *snapshot;
    struct overlay *overlay;
};

struct as_of_source {
    struct engine *engine;
    struct store *scratch; /* empty; its commits complete in the call; the caller closes it */
    const struct arena_memory *memory;
    bool (*is_stopped)(void *context); /* asked before every page */
    void *context;
};

/* `entry` is in the log. LB_OK; LB_SHUTTING_DOWN: stopped; LB_STORAGE_*, LB_MEMORY; what
 * bank_apply says. On anything but LB_OK there is nothing to close. */
LB_MUST_CHECK enum lb_result as_of_open(const struct as_of_source *source, uint64_t entry,
                                        struct as_of *as_of);
void as_of_close(struct as_of *as_of);

#endif
