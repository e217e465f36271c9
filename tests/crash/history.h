/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * All that was ever asked of a book, and what was answered, in memory that processes share: a
 * workload writes it in one process, another one checks a book against it. Requests are made from a
 * seed. One thread makes requests; an answer is written by the thread that gives it.
 */
#ifndef TESTS_CRASH_HISTORY_H
#define TESTS_CRASH_HISTORY_H

#include "base/random.h"
#include "engine/engine.h"

#include <stdatomic.h>

#define HISTORY_REQUESTS_MAX 600
#define HISTORY_COMMANDS_MAX 6
#define HISTORY_TODAY        17166 /* 2016-12-31 */
#define HISTORY_NEVER        UINT64_MAX

/* What must be the same each time the command is sent again. */
struct history_answer {
    enum lb_result code;
    uint64_t entry; /* 0: not recorded, so nothing is promised */
    uint64_t digest;
};

struct history_request {
    uint64_t number; /* ids of its commands are made from it */
    struct command commands[HISTORY_COMMANDS_MAX];
    size_t count;
    bool is_whole; /* all or nothing */
    struct id batch_id;
    uint64_t sent_at;                  /* shim_position; HISTORY_NEVER: not sent */
    atomic_uint_least64_t answered_at; /* HISTORY_NEVER: not yet */
    struct history_answer answers[HISTORY_COMMANDS_MAX];
};

struct history {
    struct random_seeded random;
    uint64_t next_number;
    size_t count;
    struct history_request requests[HISTORY_REQUESTS_MAX];
};

/* Memory that a fork shares. Ends the program if there is none. */
void *history_share(size_t bytes);
struct history *history_new(uint64_t seed);
void history_free(struct history *history);

/* The next request; the first ones open the book. NULL: the history is full. */
struct history_request *history_make(struct history *history);
/* Notes the answer that came, or the first of two. */
void history_answer_of(const struct engine_result *result, struct history_answer *answer);
/* A copy that was cut at that moment; freed as the first one. */
struct history *history_copy(const struct history *history, uint64_t moment);
/* A crash at that moment: what was answered later was not, what was sent later never was. The
 * positions of what stays are 0. */
void history_cut(struct history *history, uint64_t moment);
/* The request that a command's or batch's id is of, or NULL. */
struct history_request *history_find(struct history *history, const struct id *id);

#endif
