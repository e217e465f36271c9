/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The engine's object and what its files share. Three kinds of threads meet here: the caller's,
 * the writer (writer.c) and the worker (work.c); what each field is guarded by is said beside it.
 */
#ifndef ENGINE_SRC_ENGINE_PRIVATE_H
#define ENGINE_SRC_ENGINE_PRIVATE_H

#include "engine/engine.h"
#include "group.h"

#include <pthread.h>

struct engine_work {
    struct engine_work *next;
    void (*work)(struct engine *engine, void *context);
    void *context;
};

/*
 * Invariants: queue_commands is the sum of the queue's command counts; `state` is what the newest
 * durable group left; once is_stopped is set it stays, and nothing is acknowledged any more.
 */
struct engine {
    struct engine_config config; /* never change after engine_open */
    struct engine_ports ports;
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
    bool is_stopped;
    bool is_read_only;
    struct log_state state;  /* the writer alone changes it, and reads it without the lock */
    struct merkle_hash root; /* of state.tree */
    uint64_t groups;
    uint64_t entries_written;

    pthread_mutex_t names_lock; /* names of a state and the index change together; see names.c */
    bool is_name_lost;          /* under names_lock: one could not be put, so the index is no use */

    struct group group; /* the writer's */
};

/* Checks the log's tail against the head record and that people rows open; rebuilds the tree's
 * edge. */
LB_MUST_CHECK enum lb_result start_read_state(struct store *store, struct people *people,
                                              struct log_state *state);

/* Runs until engine_close; the context is the engine. */
void *writer_main(void *context);

/* The same; the first work is the index of names. */
void *work_main(void *context);

/* Puts the names of all people rows into the index, page by page; on the work thread. */
void names_build(struct engine *engine);
/* Puts the names that a durable group set; on the writer's thread. */
void names_publish(struct engine *engine, const struct group_entry *entries, size_t entry_count);

#endif
