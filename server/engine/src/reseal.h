/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The end of an epoch: rows of personal data under an older key are sealed again under the newest,
 * then the older keys are destroyed. There is no record of how far this came: older keys in the key
 * file say that it is not over, and rows say under which key they are; so a start goes on where a
 * crash left it.
 *
 * A pass. The writer answers an empty request: what was sealed under an older key and was not yet
 * durable then is so now. The work thread looks for rows of older epochs in a durable state, a page
 * at a time; the writer seals each page again in a few requests of its own, between those of
 * others. When a pass finds none, a checkpoint brings all to the store's main file, so that no
 * replay of a journal shows an older row again, and the keys go. Rows that came in meanwhile are
 * under the newest.
 */
#ifndef ENGINE_SRC_RESEAL_H
#define ENGINE_SRC_RESEAL_H

#include "engine/engine.h"

#define RESEAL_PAGE_ROWS  1024 /* of one look */
#define RESEAL_GROUP_ROWS 128  /* of one request: some tenths of a millisecond, 50 KB of journal */

struct group;

struct reseal_row {
    size_t table; /* of people_tables */
    uint64_t owner;
};

/* Invariant: next <= count. But for is_busy and stuck_epoch, which are under the engine's lock, it
 * is one thread's at a time: the work thread's, or while a request is under way the writer's and
 * then that of its `done`. */
struct reseal {
    bool is_busy;
    uint32_t stuck_epoch; /* the rotation to it cannot be finished before the next start; 0: none */

    struct engine *engine;
    struct engine_write write;
    struct reseal_row rows[RESEAL_PAGE_ROWS];
    size_t count;
    size_t next;            /* of the rows: where the request under way begins */
    size_t unreadable;      /* that it met */
    uint32_t target;        /* the pass is for rows before this epoch */
    struct reseal_row from; /* where its next page begins */
    uint64_t found_rows;    /* by the pass */
    uint64_t unreadable_rows;
};

/* Begins if there is something to do and nobody does it: at the start, and after each group. */
void reseal_wake(struct engine *engine);
/* The writer's part: a request's rows, into the group. */
void reseal_run(struct group *group, struct reseal *reseal);

#endif
