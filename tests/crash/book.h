/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book in a directory behind an engine, for crash tests: requests of a history are sent to it,
 * many at once, and what comes back is noted, or compared with what came back before. And the check
 * of a whole book against a history. One thread, besides the engine's own.
 */
#ifndef TESTS_CRASH_BOOK_H
#define TESTS_CRASH_BOOK_H

#include "base/clock.h"
#include "base/log.h"
#include "history.h"
#include "people/people.h"
#include "store/journaled.h"

#include <pthread.h>

#define BOOK_FLIGHTS_MAX   24
#define BOOK_PROBLEM_BYTES 512

/* What was wrong: an answer, or entries that do not match the answers; what verify told; or that
 * the store gave a fault instead of an answer. */
enum book_problem { BOOK_WRONG, BOOK_NOT_VERIFIED, BOOK_FAULT };

/* A request on its way. */
struct book_flight {
    struct engine_write write;
    struct arena arena;
    struct command commands[HISTORY_COMMANDS_MAX];
    struct history_answer *answers[HISTORY_COMMANDS_MAX]; /* of the request: entry not 0: known */
    struct history_request *request;
    struct book *book;
    bool is_flying;
};

struct book {
    struct store_journaled_options options;
    struct people *people;
    struct store *store;
    struct engine *engine;
    struct log log;
    struct clock clock;
    atomic_int_least64_t monotonic_ms;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct book_flight flights[BOOK_FLIGHTS_MAX];
    unsigned flying;
    /* Under the lock. */
    uint64_t answered;
    uint64_t full;    /* requests that were refused for lack of space */
    uint64_t stopped; /* requests that met a fault, so that their fate is not known */
    uint64_t refused; /* otherwise, to be tried again */
    unsigned stops;   /* calls of ports.stop */
    uint64_t answered_after_stop;
    char problem[BOOK_PROBLEM_BYTES]; /* the first; "": none */
    enum book_problem kind;           /* of the first */
};

/* Ends the program if there is no memory or key. The key file is made if it is not there. The
 * seed chooses the sizes of what the store keeps, all small. */
struct book *book_new(const char *directory, const char *key_path, uint64_t seed);
void book_free(struct book *book);
/* Store and engine. After a failure neither is open. */
LB_MUST_CHECK enum lb_result book_open(struct book *book);
void book_close(struct book *book);

/* Sends the request: all of it, or, when it was answered, what of it must be the same again. Waits
 * while too many are on their way. */
void book_send(struct book *book, struct history_request *request);
void book_wait(struct book *book, unsigned flying_max);
/* Remembers the first problem. */
void book_complain(struct book *book, enum book_problem kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether a book that was opened holds what the history says, and nothing twice; goes on writing;
 * and verifies. Everything that waits is waited for. false: see problem. */
bool book_check(struct book *book, struct history *history);
/* Verifies alone, over the store that is open; LB_OK with a problem, or a fault. */
LB_MUST_CHECK enum lb_result book_verify(struct book *book);

/* Closed and opened again: after a failure it stays closed, which only a planned fault excuses. */
void book_restart(struct book *book);
/* Where the store has checkpoints; likewise. */
void book_checkpoint(struct book *book);
bool book_has_stopped(struct book *book);

/* What happens between two crashes: what was not answered is sent again, then new requests, one at
 * a time, many at once, and whole batches; with restarts and checkpoints. Ends when the engine
 * stops. The book is open before, and after unless a planned fault was met. */
void book_live(struct book *book, struct history *history, struct random_seeded *random,
               size_t requests);

#endif
