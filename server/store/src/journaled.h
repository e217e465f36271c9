/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Private to the journaled adapter: its structures, and what its files offer each other.
 *
 *   journaled_open.c        opening, recovery, closing
 *   journaled_applied.c     the row that says what is in LMDB, and in front of what it stands
 *   journaled_view.c        reading: memory over LMDB
 *   journaled_group.c       groups and snapshots: the operations of the port
 *   journaled_changes.c     the changes of a group, gathered and taken in
 *   journaled_shared.c      groups where a shared log has the journal's place
 *   journaled_committer.c   the thread that makes groups durable
 *   journaled_checkpoint.c  the thread that writes them into LMDB
 *   journaled_backup.c      hot copies
 *
 * Three threads: the writer's (group calls), the committer and the checkpointer; snapshots on any.
 * With a shared log there is no committer: the writer makes a group durable, and waits for it.
 */
#ifndef STORE_SRC_JOURNALED_H
#define STORE_SRC_JOURNALED_H

#include "generation.h"
#include "journal.h"
#include "store/change.h"
#include "store/journaled.h"
#include "store/shared.h"
#include "store/shared_log.h"

#include <pthread.h>
#include <stdatomic.h>

#define JOURNALED_GENERATIONS 2 /* the active one and the one frozen for a checkpoint */

#define JOURNALED_APPLIED_BYTES_MAX 40

/* What LMDB has, as its row of one of two keys says: of a book kept here, in files, or of one kept
 * in a shared log, in front of which LMDB is a cache. */
struct journaled_applied {
    bool is_there; /* else it is a new one, or a book from before there was a journal */
    bool is_shared;
    uint64_t number;        /* all that groups up to it changed is there */
    uint64_t serial_needed; /* files: of the oldest segment that is needed */
    /* Shared: */
    uint64_t chain;               /* of that group */
    uint64_t entry;               /* the newest of those groups; 0: none */
    struct shared_log_mark touch; /* some rows may be as the groups up to here left them */
};

/* One state of the book: LMDB, and over it what groups up to `number` changed. */
struct journaled_view {
    const struct store_ops *inner_ops;
    struct store_snapshot *inner;
    uint64_t number;
    struct generation *generations[JOURNALED_GENERATIONS]; /* newest first; NULL: none */
    struct generation_index *indexes[JOURNALED_GENERATIONS][LEDGER_TABLE_NUMBER_MAX + 1];
};

#define JOURNALED_HINTS 32 /* a power of two */

/* The newest hints, in a ring. With each new one those before it come a step further. */
struct journaled_hints {
    uint64_t hashes[JOURNALED_HINTS];
    unsigned next;
};

/* A group on its way from group_commit to `done`. */
struct journaled_commit {
    uint64_t number;
    struct journal_segment *segment;
    uint8_t *bytes; /* for the journal: the length in front, then the changes */
    size_t size;
    size_t cap;
    size_t row_count;
    uint64_t entry_count; /* among the rows */
    uint64_t entry;       /* the newest of them, which come in order */
    store_done_fn done;
    void *context;
};

/* What there is only where a shared log has the journal's place. The chains are those of the group
 * of that name, and under the store's lock; frozen_chain: of the newest group in `frozen`. */
struct journaled_shared {
    struct shared_log *log; /* NULL: none */
    uint64_t applied_chain;
    uint64_t frozen_chain;
    uint64_t durable_chain;
    uint64_t begun_chain;
    struct shared_log_mark touch; /* as LMDB had it at the opening: the log must have that */
    unsigned readings;            /* since the last proof; the writer's */
};

/*
 * Invariants: applied <= durable <= begun. Rows of groups after `applied` are in `frozen` or
 * `active`; those of `frozen` are all older than those of `active`. LMDB has rows of groups up to
 * `applied`, and while a checkpoint goes on some of `frozen`, which lies over it until all are
 * there. commits holds the groups from durable + 1 to begun, oldest at commit_first, unless
 * undo_from is set; with a shared log it holds none, and begun is above durable, which is then what
 * snapshots show, only while a group is open, or is begun or ended. is_broken is set once and never
 * cleared.
 */
struct store_journaled {
    struct store base;
    struct store *inner;
    struct store_journaled_options options; /* its strings are the caller's, and not read later */
    bool is_read_only;
    bool has_journal; /* not with a shared log, nor where such a one's cache is looked at */
    struct journal journal;
    struct journaled_shared shared;
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
/* Tells the operator, in a line made up as printf does. */
void journaled_report(const struct store_journaled *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Nothing is acknowledged from here on. */
void journaled_break(struct store_journaled *store);

/* ---- journaled_view.c ---- */

/* A state with all durable groups, or with all begun ones. LB_OK or why not. */
LB_MUST_CHECK enum lb_result journaled_view_open(struct store_journaled *store, bool with_begun,
                                                 struct journaled_view *view);
void journaled_view_close(struct journaled_view *view);
void journaled_view_hint(const struct journaled_view *view, struct journaled_hints *hints,
                         enum ledger_table table, struct bytes key);
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

struct store_group {
    struct store_journaled *store;
    struct journaled_view view;
    struct journaled_hints hints;
    struct journaled_commit *commit; /* being filled */
    bool is_open;
    bool is_look; /* of a shared log, without its turn */
};

extern const struct store_ops journaled_ops;
extern const struct store_ops journaled_shared_ops;

struct store_group *journaled_group_new(struct store_journaled *store); /* NULL: no memory */
void journaled_group_free(struct store_group *group);
/* With its view open. */
void journaled_group_start(struct store_group *group, struct journaled_commit *commit);
void journaled_group_close(struct store_group *group);

/* LB_OK, or STORAGE_FULL when the checkpoint cannot go on. */
LB_MUST_CHECK enum lb_result journaled_wait_for_memory(struct store_journaled *store);
/* Whether the checkpoint of all that is in memory, and of this, will find space. */
LB_MUST_CHECK bool journaled_has_space(struct store_journaled *store,
                                       const struct journaled_commit *commit);
/* Groups from that number on never were. With the lock held, on the writer's thread. */
void journaled_undo(struct store_journaled *store, uint64_t from);
/* Groups that found no space, and those begun upon them, never were. With no group open. */
void journaled_undo_refused(struct store_journaled *store);

/* ---- journaled_changes.c ---- */

enum lb_result journaled_group_put(struct store_group *group, enum ledger_table table,
                                   struct bytes key, struct bytes value);
enum lb_result journaled_group_del(struct store_group *group, enum ledger_table table,
                                   struct bytes key);
/* Memory for so many bytes more. false: there is none. */
LB_MUST_CHECK bool journaled_commit_grow(struct journaled_commit *commit, size_t bytes);
/* Puts the changes of a group, as they were packed, into a generation that has memory reserved. */
void journaled_put_reserved(struct generation *generation, uint64_t number, struct bytes changes);
/* Puts the changes of a group that was read. LB_OK; STORAGE_CORRUPT, MEMORY: nothing was put. */
LB_MUST_CHECK enum lb_result journaled_put_changes(struct generation *generation, uint64_t number,
                                                   struct bytes changes);

/* ---- journaled_shared.c ---- */

enum lb_result journaled_shared_begin(struct store *base, struct store_group **out);
void journaled_shared_commit(struct store_group *group, store_done_fn done, void *context);
void journaled_shared_abort(struct store_group *group);
enum lb_result journaled_shared_look(struct store *base, struct store_group **out, bool *is_all);
/* At the opening: snapshots show all there is. As look. */
LB_MUST_CHECK enum lb_result journaled_shared_fill(struct store_journaled *store);
void journaled_shared_stop(struct store *base);

/* ---- journaled_applied.c ---- */

LB_MUST_CHECK enum lb_result journaled_applied_read(struct store *inner,
                                                    struct journaled_applied *applied);
/* As a change of `inner`; the row lives until that is over. */
LB_MUST_CHECK enum lb_result journaled_applied_put(struct store *inner, struct store_group *group,
                                                   const struct journaled_applied *applied,
                                                   uint8_t row[JOURNALED_APPLIED_BYTES_MAX]);
LB_MUST_CHECK enum lb_result journaled_applied_put_alone(struct store *inner,
                                                         const struct journaled_applied *applied);
/* Whether there is no row in any table of the ledger. */
LB_MUST_CHECK enum lb_result journaled_applied_is_empty(struct store *inner, bool *is_empty);

/* ---- threads ---- */

void *journaled_committer_main(void *context);
void journaled_commit_alone(struct store_journaled *store);
void *journaled_checkpointer_main(void *context);
enum lb_result journaled_checkpoint(struct store *base);
enum lb_result journaled_backup(struct store *base, const struct store_backup *backup);
void journaled_close(struct store *base);

#endif
