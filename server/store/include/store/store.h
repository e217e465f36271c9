/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The store port: what the engine needs of a place that keeps tables durably, and nothing else.
 * Owned by the engine's side; adapters: store/mem.h (tests, with faults), store/journaled.h
 * (default), over store/lmdb.h, and store/shared.h, where several servers write one book. One
 * contract suite (tests/contract) runs against all of them.
 *
 * A GROUP is one durable transaction: reads of the last state, then puts and deletes in any order
 * (of one key, the last counts), then one commit. It does not read its own writes: the engine keeps
 * the group's write set in memory (store/overlay.h). At most one group is open at a time. Where
 * commits_max is more than 1, the next may be begun while so many less one are being committed; it
 * reads the state with those applied, and the `done`s come in the order of the commits. Should one
 * of them fail, those after it, all that were begun before its `done` returned, were built on
 * nothing: their commit answers RETRY, or FATAL.
 * A SNAPSHOT is a consistent read-only view of one committed state; keep it short (LMDB reuses no
 * page that a snapshot can see) and page by key.
 *
 * A SHARED store is written by other servers, too (is_shared). group_begin waits for its turn and
 * shows what they wrote since; that is durable only when this group is, so each group is committed
 * before anything rests on it, even one that puts nothing. TRY_LATER from it: they wrote more than
 * is taken while they have to wait; look until that is all, then begin again.
 *
 * Threads: group calls come from one thread, the writer's. Snapshots may be opened, used and
 * closed by any thread, each by one thread at a time. A put, a delete or a commit may wait until
 * every snapshot is closed (LMDB grows its map), and new ones wait meanwhile: so a thread holds at
 * most one snapshot, waits for no group while it holds one, and the writer changes holding none.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/bytes.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_VALUE_BYTES_MAX (128u << 10) /* that every adapter takes */

/* The four outcomes of a commit. */
enum store_outcome {
    STORE_COMMITTED = 0,
    STORE_RETRY,   /* conflict: nothing was written; run the same group again */
    STORE_UNKNOWN, /* may or may not be durable: reopen, look, run the same group again; ids make
                      it exactly once */
    STORE_FATAL,   /* stop the process; recovery decides */
};

struct store;
struct store_group;
struct store_snapshot;

struct store_stats {
    uint64_t map_bytes;      /* reserved; 0 where there is no map */
    uint64_t map_used_bytes; /* in use, free pages not taken off */
    uint64_t readers;        /* snapshots open now */
    uint64_t recent_bytes;   /* of rows that wait in memory for a checkpoint */
    uint64_t journal_bytes;  /* of the journal's files */
    uint64_t checkpoints;    /* since it was opened */
    /* The newest row of TABLE_ENTRY that is in the main file with all of its group; UINT64_MAX:
     * whatever is durable, as nothing waits elsewhere. */
    uint64_t checkpoint_entry;
    int64_t checkpoint_ms; /* when the last one ended, by the wall clock; 0: none since */
};

/* A copy that is wanted. */
struct store_backup {
    const char *directory; /* where it is to be; nothing is there yet */
    /* Looks at the finished copy before it gets its name; it stands in `copy`, and may be opened
     * for reading. May be NULL. STORAGE_CORRUPT: it is not sound. */
    enum lb_result (*check)(void *context, const char *copy);
    void *check_context;
};

typedef void (*store_done_fn)(enum store_outcome outcome, enum lb_result why, void *context);

struct store_ops {
    const char *name;
    unsigned commits_max; /* under way at once; 1: the next group is begun after `done` */
    bool is_shared;

    LB_MUST_CHECK enum lb_result (*group_begin)(struct store *store, struct store_group **group);
    /* views_hint. NULL: of no use here. */
    void (*group_hint)(struct store_group *group, enum ledger_table table, struct bytes key);
    /* LB_OK; ENTRY_UNKNOWN stands for "no such row"; other results are faults. Views given out
     * live until the group's first put or delete, after which nothing is read, or its end. */
    LB_MUST_CHECK enum lb_result (*group_get)(struct store_group *group, enum ledger_table table,
                                              struct bytes key, struct bytes *value);
    /* at_or_after: first row >= key; else last row <= key; among the rows that share the key's
     * first `within` bytes (0: among all). The empty key is before all others. */
    LB_MUST_CHECK enum lb_result (*group_seek)(struct store_group *group, enum ledger_table table,
                                               struct bytes key, bool at_or_after, size_t within,
                                               struct bytes *found_key, struct bytes *value);
    /* Keys have 1 to LEDGER_KEY_BYTES_MAX bytes, values at most STORE_VALUE_BYTES_MAX. The bytes
     * of both must live, unchanged, until the group is over (`done` was called, or it was aborted):
     * an adapter may have to put them again. Deleting a row that is not there does nothing. Rows of
     * TABLE_ENTRY are put once, in the order of their numbers and without a gap, and none is
     * deleted: a shared log counts them, and may refuse the group. After any result but LB_OK the
     * group can only be aborted. STORAGE_FULL: no space, nothing of this group is or will be
     * durable. */
    LB_MUST_CHECK enum lb_result (*group_put)(struct store_group *group, enum ledger_table table,
                                              struct bytes key, struct bytes value);
    LB_MUST_CHECK enum lb_result (*group_del)(struct store_group *group, enum ledger_table table,
                                              struct bytes key);
    /* Ends the group. `done` comes once, in this call or later on any thread; `why` says more
     * when the outcome is not COMMITTED (STORE_RETRY with STORAGE_FULL: no space, nothing
     * written). */
    void (*group_commit)(struct store_group *group, store_done_fn done, void *context);
    void (*group_abort)(struct store_group *group);

    LB_MUST_CHECK enum lb_result (*snapshot_open)(struct store *store,
                                                  struct store_snapshot **snapshot);
    /* As group_get and group_seek; views live until the snapshot is closed. */
    LB_MUST_CHECK enum lb_result (*snapshot_get)(struct store_snapshot *snapshot,
                                                 enum ledger_table table, struct bytes key,
                                                 struct bytes *value);
    LB_MUST_CHECK enum lb_result (*snapshot_seek)(struct store_snapshot *snapshot,
                                                  enum ledger_table table, struct bytes key,
                                                  bool at_or_after, size_t within,
                                                  struct bytes *found_key, struct bytes *value);
    void (*snapshot_close)(struct store_snapshot *snapshot);

    /* Shared: some of what others wrote, in their order and durable, without a turn. *group shows
     * it; snapshots do once that is committed, with nothing put, which answers COMMITTED at once;
     * aborted, it is given back, and shown again by the next look. NULL: there is nothing new.
     * *is_all: there was no more. On the writer's thread, no group open. As group_begin; NULL where
     * nobody else writes. */
    LB_MUST_CHECK enum lb_result (*look)(struct store *store, struct store_group **group,
                                         bool *is_all);
    /* Shared, any thread: from here on nothing waits for the others: SHUTTING_DOWN. */
    void (*stop)(struct store *store);

    /* Any thread, holding no snapshot, and not the writer's. NULL where there is nothing to do.
     * checkpoint: all that is durable at the call is in the store's main file, and what went before
     * it may be forgotten. backup: a copy of a state not older than the call, synced, in a new
     * directory, while groups go on; see the adapter for its results. */
    LB_MUST_CHECK enum lb_result (*checkpoint)(struct store *store);
    LB_MUST_CHECK enum lb_result (*backup)(struct store *store, const struct store_backup *backup);

    void (*stats)(struct store *store, struct store_stats *stats);
    void (*close)(struct store *store);
};

/* Every adapter's struct begins with this. */
struct store {
    const struct store_ops *ops;
};

#endif
