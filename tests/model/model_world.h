/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A world: a book on a store behind an engine, the reference beside it, and a source of commands.
 * Rounds send requests to both and compare the answers; the first difference ends the program and
 * names seed and step. One thread, besides the engine's own.
 */
#ifndef TESTS_MODEL_WORLD_H
#define TESTS_MODEL_WORLD_H

#include "base/clock.h"
#include "base/log.h"
#include "engine/engine.h"
#include "model_generate.h"
#include "people/people.h"
#include "store/store.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#define WORLD_REQUESTS_MAX 6  /* sent without waiting */
#define WORLD_COMMANDS_MAX 18 /* of one request; the beginning must fit */

enum world_store { WORLD_IN_MEMORY, WORLD_IN_LMDB };

/* A request on its way, and what must come back. */
struct world_request {
    struct engine_write write;
    struct arena arena;
    struct model_command sent[WORLD_COMMANDS_MAX];
    struct command commands[WORLD_COMMANDS_MAX];
    size_t count;
    size_t entries_before; /* of the reference */
    struct ref_answer verdict;
    struct ref_answer answers[WORLD_COMMANDS_MAX];
    struct world *world;
};

struct world {
    uint64_t seed;
    uint64_t steps; /* commands answered so far */
    uint64_t faults;
    uint64_t done[ACT_OPENING_BALANCE + 1]; /* by kind of act */
    uint64_t refused;
    uint64_t replayed;
    enum world_store kind;
    char directory[PATH_MAX];
    struct generate generate;
    struct ref ref;
    struct store *store;
    struct people *people;
    struct engine *engine;
    struct log log;
    struct clock clock;
    int64_t book_ms;     /* the book's time in this round */
    int64_t head_ms;     /* that of the newest entry */
    size_t entries_seen; /* when head_ms was set */
    atomic_int_least64_t now_ms;
    atomic_int_least64_t monotonic_ms;
    atomic_bool is_stopped; /* the engine said so */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t waiting_for; /* requests without an answer */
    struct world_request requests[WORLD_REQUESTS_MAX];
    struct world_request failed_batch; /* the last all-or-nothing request, to be sent again */
};

/* `directory` is empty and the world's alone. */
void world_open(struct world *world, enum world_store kind, uint64_t seed, const char *directory);
void world_close(struct world *world);
/* Sends one to some requests, compares answers and what they touched. */
void world_round(struct world *world);
/* Compares every view, row by row, and lets the engine verify its own store. */
void world_compare_all(struct world *world);

/* ---- parts ---- */

/* Prints, with seed and step, and ends the program. */
__attribute__((format(printf, 2, 3))) _Noreturn void world_fail(const struct world *world,
                                                                const char *format, ...);
void world_reopen(struct world *world);
/* Runs the request on the reference: what must come back. */
void world_expect(struct world *world, struct world_request *request);
void world_compare_request(struct world *world, struct world_request *request);
void world_compare_touched(struct world *world, const struct world_request *request);

#endif
