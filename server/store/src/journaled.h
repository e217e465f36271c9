/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Private to the journaled adapter: its structures, and what its files offer each other.
 *
 *   journaled_open.c        opening, recovery, closing
 *   journaled_view.c        reading: memory over LMDB
 *   journaled_group.c       groups and snapshots: the operations of the port
 *   journaled_committer.c   the thread that makes groups durable
 *   journaled_checkpoint.c  the thread that writes them into LMDB
 *   journaled_backup.c      hot copies
 *
 * Three threads: the writer's (group calls), the committer and the checkpointer; snapshots on any.
 */
#ifndef STORE_SRC_JOURNALED_H
#define STORE_SRC_JOURNALED_H

#include "generation.h"
#include "journal.h"
#include "store/journaled.h"

#include <pthread.h>
#include <stdatomic.h>

#define JOURNALED_GENERATIONS 2 /* the active one and the one frozen for a checkpoint */

/* The row that says up to which group all is in LMDB: groups u64, serial of the oldest segment that
 * is needed u64. In the adapters' own table. */
#define JOURNALED_APPLIED_KEY BYTES_LITERAL("applied")

/* One state of the book: LMDB, and over it what groups up to `number` changed. */
struct journaled_view {
    const struct store_ops *inner_ops;
    struct store_snapshot *inner;
    uint64_t number;
    struct generation *generations[JOURNALED_GENERATIONS]; /* newest first; NULL: none */
    struct generation_index *indexes[JOURNALED_GENERATIONS][LEDGER_TABLE_NUMBER_MAX + 1];
};

/* A group on its way from group_commit to `done`. */
struct journaled_commit {
    uint64_t number;
    struct journal_segment *segment;
    uint8_t *bytes; /* for the journal: the length in front, then the changes */
    size_t size;
    size_t cap;
    size_t row_count;
    store_done_fn done;
    void *context;
};

/*
 * Invariants: applied <= durable <= begun. Rows of groups after `applied` are in `frozen` or
 * `active`; those of `frozen` are all older than those of `active`. LMDB has rows of groups up to
 * `applied`, and while a checkpoint goes on some of `frozen`, which lies over it until all are
 * there. commits holds the groups from durable + 1 to begun, oldest at commit_first, unless
 * undo_from is set. is_broken is set once and never cleared.
 */
struct store_journaled {
    struct store base;
    struct store *inner;
    struct store_journaled_options options; /* its strings are the caller's, and not read later */
    bool is_read_only;
    struct journal journal;
    atomic_bool is_broken;
    struct generation_pool pool;
    pthread_t committer;
    pthread_t checkpointer;

    struct store_group *group; /* the writer's */
    pthread_mutex_t
        put_lock; /* held while a group's rows are put, so that none is frozen halfway */

    pthread_mutex_t lock; /* guards all of this block */
    pthread_cond_t committer_wakes;
    pthread_cond_t checkpointer_wakes;
    pthread_cond_t moved; /* any of the numbers or flags below */
    struct generation *active;
    struct generation *frozen; /* NULL: none */
    uint64_t frozen_rows;      /* of `frozen`; 0: not counted yet */
    uint64_t frozen_rows_written;
    uint64_t drops; /* how many generations are in LMDB for good */
    uint64_t begun;
    uint64_t durable;
    uint64_t applied;
    uint64_t checkpoint_entry; /* the newest entry of the groups up to `applied` */
    int64_t checkpoint_ms;     /* as store_stats */
    uint64_t undo_from; /* groups from here on were refused, and are to be taken back; 0: none */
    struct journaled_commit commits[STORE_JOURNALED_COMMITS_MAX];
    unsigned commit_first;
    unsigned commit_count;
    bool is_answering; /* groups are being written, and not all `done`s were called; or a marker */
    bool is_marked;    /* nothing became durable since the last marker */
    uint64_t checkpoint_wanted; /* groups up to this one are wanted in LMDB now */
    bool is_full;               /* the checkpoint found no space */
    bool is_closing;            /* for the committer */
    bool is_ending;             /* for the checkpointer, later */
};

static inline struct store_journaled *journaled_of(struct store *store)
{
    return (struct store_journaled *)store;
}

void journaled_lock(struct store_journaled *store);
void journaled_unlock(struct store_journaled *store);
/* With the lock held. false: the time (of the monotonic clock) has come before a signal did. */
bool journaled_wait_until(struct store_journaled *store, pthread_cond_t *condition, int64_t ns);
/* Nothing is acknowledged from here on. */
void journaled_break(struct store_journaled *store);

/* ---- journaled_view.c ---- */

/* A state with all durable groups, or with all begun ones. LB_OK or why not. */
LB_MUST_CHECK enum lb_result journaled_view_open(struct store_journaled *store, bool with_begun,
                                                 struct journaled_view *view);
void journaled_view_close(struct journaled_view *view);
LB_MUST_CHECK enum lb_result journaled_view_get(struct journaled_view *view,
                                                enum ledger_table table, struct bytes key,
                                                struct bytes *value);
LB_MUST_CHECK enum lb_result journaled_view_seek(struct journaled_view *view,
                                                 enum ledger_table table, struct bytes key,
                                                 bool at_or_after, size_t within,
                                                 struct bytes *found_key, struct bytes *value);

/* ---- journaled_checkpoint.c ---- */

/* The entry at that place among the rows of TABLE_ENTRY; 0: there is none. */
uint64_t journaled_entry_at(const struct generation_index *entries, size_t i);

/* ---- journaled_group.c ---- */

struct store_group *journaled_group_new(struct store_journaled *store); /* NULL: no memory */
void journaled_group_free(struct store_group *group);
extern const struct store_ops journaled_ops;
/* Puts the changes of a group, as they are in the journal, into a generation. */
LB_MUST_CHECK enum lb_result journaled_put_changes(struct generation *generation, uint64_t number,
                                                   struct bytes changes);

/* Groups that found no space, and those begun upon them, never were. With no group open. */
void journaled_undo_refused(struct store_journaled *store);

/* ---- threads ---- */

void *journaled_committer_main(void *context);
void journaled_commit_alone(struct store_journaled *store);
void *journaled_checkpointer_main(void *context);
enum lb_result journaled_checkpoint(struct store *base);
/* The row that says what is applied, as a change of `inner`. */
LB_MUST_CHECK enum lb_result journaled_put_applied(struct store_journaled *store,
                                                   struct store_group *inner, uint64_t applied,
                                                   uint8_t row[16]);
enum lb_result journaled_backup(struct store *base, const struct store_backup *backup);
void journaled_close(struct store *base);

#endif
