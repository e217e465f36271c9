/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journaled adapter with a shared log in its journal's place: a SHARED store (store/store.h).
 *
 * The book is what the log holds. The directory is a cache in front of it, of LMDB alone, without
 * journal files: it may be taken away while no server runs, and is filled again by the next start.
 * A directory is of one kind for ever: neither of the two openings takes the other's, not even one
 * that is empty. store_journaled_open with READ_ONLY shows a cache as of its last checkpoint,
 * without the log; STORAGE_FAULT where that was cut off.
 *
 * One group at a time, whose `done` comes within group_commit. RETRY with STORAGE_CONFLICT: it may
 * be durable or not, and the next group_begin shows which. Besides what store/store.h says,
 * group_begin and look answer what the log does: STORE_UNREACHABLE (also for a proof of which it is
 * not known whether it went through), STORE_UNSAFE and SHUTTING_DOWN, after all of which, as after
 * TRY_LATER, the store is as it was. STORAGE_CORRUPT: the log lacks what was durable, and every
 * call from then on answers STORAGE_FAULT. There is no `backup`: whoever keeps the log copies the
 * book.
 *
 * Threads: as store/store.h; the log is used on the writer's alone.
 */
#ifndef STORE_SHARED_H
#define STORE_SHARED_H

#include "store/journaled.h"
#include "store/shared_log.h"

/* As store_journaled_open, mode SERVER, and returns when all that the log holds is in the store and
 * durable. LB_OK: the log is the store's, which closes it; else it stays the caller's.
 * DIRECTORY_EXISTS: the directory holds a book of its own, in files (and store_journaled_open says
 * so of a cache), or is the cache of another book than the options'. STORE_UNREACHABLE: try again,
 * what was reached is kept. STORAGE_CORRUPT: the log lacks what was durable, or is another book's.
 */
LB_MUST_CHECK enum lb_result store_shared_open(const struct store_journaled_options *options,
                                               struct shared_log *log, struct store **store);

/* Of such a store, or of its cache opened for reading: what the log held up to *applied was durable
 * and is in the directory for good. LB_OK, STORAGE_CORRUPT, STORAGE_FAULT, MEMORY. */
LB_MUST_CHECK enum lb_result store_shared_applied(struct store *store,
                                                  struct shared_log_mark *applied);

#endif
