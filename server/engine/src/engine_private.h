/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The engine's object and what its files share. Four kinds of threads meet here: the caller's, the
 * writer (writer.c), the store's, which ends commits (ring.c), and the worker (work.c); what each
 * field is guarded by is said beside it.
 */
#ifndef ENGINE_SRC_ENGINE_PRIVATE_H
#define ENGINE_SRC_ENGINE_PRIVATE_H

#include "engine/engine.h"
#include "group.h"
#include "log_tree.h"
#include "others.h"
#include "reseal.h"

#include <pthread.h>

struct engine_work {
    struct engine_work *next;
    void (*work)(struct engine *engine, void *context);
    void *context;
};

/*
 * Invariants: queue_commands is the sum of the queue's command counts; `tip` is what the newest
 * group leaves that nothing has failed before, hashed; once is_stopped is set it stays, and nothing
 * is acknowledged any more.
 */
struct engine {
    struct engine_config config; /* never change after engine_open */
    struct engine_ports ports;
    bool is_shared; /* the store is written by other servers, too */
    int64_t started_ms;
    pthread_t writer;
    pthread_t worker;

    pthread_mutex_t lock; /* guards all of this block */
    pthread_cond_t writer_wakes;
    pthread_cond_t worker_wakes;
    pthread_cond_t is_published; /* state or is_stopped changed */
    struct engine_write *queue;
    struct engine_write **queue_end;
    uint64_t queue_commands;
    struct engine_work *works;
    struct engine_work **works_end;
    uint32_t work_count;
    bool is_closing;
    bool owes_frontier; /* at the end: a last group is to store the tree's frontier */
    bool is_stopped;
    bool is_read_only;
    struct group *ring; /* ring_size of them; ring_count from ring_first on are under way */
    unsigned ring_size;
    unsigned ring_first;
    unsigned ring_count;
    bool is_settling; /* a thread answers the groups that are over, in their order */
    bool is_index_due;
    bool is_look_due; /* engine_look_soon */
    engine_followed_fn *followed;
    void *followed_context;
    struct group_ground tip;
    uint64_t durable_entry;
    int64_t durable_ms;              /* when it was recorded */
    uint64_t durable_leaves;         /* of the frontier in the durable head record */
    struct merkle_frontier frontier; /* of entries that are durable: the newest are hashed later */
    uint64_t groups;
    uint64_t entries_written;

    pthread_mutex_t names_lock; /* names of a state and the index change together; see names.c */
    bool is_name_lost;          /* under names_lock: one could not be put, so the index is no use */

    struct reseal reseal; /* says itself whose it is */
    struct log_tree tree; /* the writer's; copied by views */

    struct others others;       /* of a look; this block is the writer's */
    enum lb_result look_result; /* of the last one that was told */
    enum lb_result key_result;  /* KEY_OUTDATED: the book is under a key that is not here */
    bool has_lost_names;        /* to be looked for when the key is here */
    bool is_moved;              /* the book was left for another place, which was told */
    int64_t look_ns;            /* when the next one is due */
};

/* Checks the log's tail against the head record and that people rows open; builds the tree and the
 * ground of the first group. */
LB_MUST_CHECK enum lb_result start_read_state(struct store *store, struct people *people,
                                              struct log_tree *tree, struct group_ground *ground);

/* ---- ring.c: groups under way, in the order of their commits ---- */

LB_MUST_CHECK enum lb_result ring_init(struct engine *engine);
void ring_fini(struct engine *engine);
/* With the lock held: the nth under way, 0 the oldest. */
struct group *ring_at(struct engine *engine, unsigned nth);
/* Commits what group_attempt has put. The group may be over when this returns. */
void ring_commit(struct engine *engine, struct group *group);
/* The group is over without a commit. */
void ring_end(struct engine *engine, struct group *group, struct group_outcome outcome);
/* Nothing is acknowledged from here on. */
void ring_halt(struct engine *engine, enum lb_result why);

/* ---- writer.c ---- */

/* Runs a group if one can be run now. */
bool writer_step(struct engine *engine);
/* Runs until engine_close; the context is the engine. */
void *writer_main(void *context);

/* The same. */
void *work_main(void *context);
/* Runs one long read without waiting for one; the index of names goes first. */
bool work_step(struct engine *engine);

/* Puts the names of all people rows into the index, page by page; on the work thread. */
void names_build(struct engine *engine);
/* Puts the names that a durable group set; on the thread that publishes it. */
void names_publish(struct engine *engine, const struct group_name *names, size_t name_count);
/* One is not known: no more answers from the index. */
void names_lose(struct engine *engine);
/* What was lost may be found now: the index is built again, if any was. */
void names_find_lost(struct engine *engine);

/* The row that names the book's key, as it is durable. As book_key_read. */
LB_MUST_CHECK enum lb_result engine_read_key(struct engine *engine, struct book_key *key);

#endif
