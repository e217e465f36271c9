/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The write set of a group over a store: the views the pure layers see. Reads see the group's own
 * changes first, then the store; seeks merge both. Savepoints serve dry-runs and all-or-nothing
 * batches. Flushed to the group's puts in the order in which the rows were first changed.
 * One thread at a time.
 */
#ifndef STORE_OVERLAY_H
#define STORE_OVERLAY_H

#include "base/arena.h"
#include "ledger/views.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct overlay;

/* Over a group (read-write) or a snapshot (then never flushed); exactly one is not NULL. */
LB_MUST_CHECK enum lb_result overlay_new(const struct arena_memory *memory,
                                         struct overlay **overlay);
void overlay_free(struct overlay *overlay);
/* Forgets all changes, savepoints and faults, and reads below from here on. Both NULL: nothing
 * below. */
void overlay_reset(struct overlay *overlay, const struct store_ops *ops, struct store_group *group,
                   struct store_snapshot *snapshot);

/* The port for the pure layers. Valid while the overlay is. */
struct views overlay_views(struct overlay *overlay);

/* A savepoint: rolling back to it undoes every change made since; releasing it keeps the changes.
 * Each is ended by exactly one of the two, the innermost first; none is open at a flush. A fault
 * met since the savepoint is NOT undone. */
size_t overlay_savepoint(struct overlay *overlay);
void overlay_rollback(struct overlay *overlay, size_t savepoint);
void overlay_release(struct overlay *overlay, size_t savepoint);

/* Rows changed: puts and deletes. */
size_t overlay_change_count(const struct overlay *overlay);

/* Puts and deletes everything, in the order of first changes, or tells the fault. The overlay keeps
 * its content, and must keep it (no reset) until the group is over: stores may look again. */
LB_MUST_CHECK enum lb_result overlay_flush(struct overlay *overlay, const struct store_ops *ops,
                                           struct store_group *group);

#endif
