/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A shared log in memory, for tests: one `struct shared_log_memory` is what the database would
 * hold, and each shared_log_memory_connect gives one server's way to it, which that server's store
 * owns and closes. It checks that each write follows what is there, and that a proof is of it.
 *
 * Faults. One is set with shared_log_memory_fail for the n-th call from now of any connection (1:
 * the next one), once; is_down lasts. A group written by a write whose answer was lost is there but
 * not proven until the next write or proof goes through, and shared_log_memory_fail_over loses it.
 *
 * Threads: any; each connection one at a time. A turn waits while another connection has it, for
 * turn_wait_ms at most; in a test of one thread that has to be 0: who comes second is told
 * STORE_UNREACHABLE.
 */
#ifndef TESTS_UNIT_STORE_SHARED_LOG_MEMORY_H
#define TESTS_UNIT_STORE_SHARED_LOG_MEMORY_H

#include "base/assert.h"
#include "base/clock.h"
#include "store/shared_log.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum shared_log_memory_fault {
    MEMORY_FAULT_NONE,
    MEMORY_FAULT_UNREACHABLE,  /* turn, read, prove: nothing comes of it; a write: as WRITE_LOST */
    MEMORY_FAULT_TURN_CUT,     /* turn: unreachable after the groups were given; others: as above */
    MEMORY_FAULT_WRITE_LOST,   /* write, prove: not known, and it is not there */
    MEMORY_FAULT_WRITE_KEPT,   /* write, prove: not known, and it is there, but not proven */
    MEMORY_FAULT_WRITE_PROVEN, /* write, prove: not known, and it is there for good */
    MEMORY_FAULT_FULL,         /* write: STORAGE_FULL; others: nothing */
    MEMORY_FAULT_MUCH,         /* turn: TRY_LATER, as if there were too much; others: nothing */
    MEMORY_FAULTS,             /* how many there are, with NONE */
};

struct shared_log_memory_group {
    struct shared_log_mark mark;
    uint8_t *changes;
    size_t size;
    uint64_t entry_count;
    uint64_t entry;
};

struct shared_log_memory_calls {
    unsigned turns;
    unsigned reads;
    unsigned writes; /* of groups */
    unsigned proofs; /* writes of none, and calls of prove */
};

struct shared_log_memory_connection;

struct shared_log_memory {
    pthread_mutex_t lock; /* guards all but what a test sets before it begins */
    pthread_cond_t moved;
    struct shared_log_memory_group *groups; /* group n at n - 1 */
    size_t group_count;
    size_t group_cap;
    size_t proven;                                   /* so many of them are there for good */
    const struct shared_log_memory_connection *turn; /* who has it */
    unsigned connections;
    enum shared_log_memory_fault fault;
    unsigned fault_after; /* so many calls from now; 0: none is set */
    struct shared_log_memory_calls calls;
    bool is_down; /* every call fails as UNREACHABLE */
    unsigned turn_wait_ms;
    uint64_t read_bytes_max;        /* of one reading; 0: as much as is asked for */
    void (*on_turn)(void *context); /* the next time that somebody gets it; NULL: nothing */
    void *on_turn_context;
};

struct shared_log_memory_connection {
    struct shared_log base;
    struct shared_log_memory *memory;
    size_t given; /* groups that the turn showed, or that were there */
    bool is_stopped;
};

/* ---- calls ---- */

static inline struct shared_log_memory_connection *shared_log_memory_of(struct shared_log *log)
{
    return (struct shared_log_memory_connection *)log;
}

static inline void shared_log_memory_lock(struct shared_log_memory *memory)
{
    LB_ASSERT(pthread_mutex_lock(&memory->lock) == 0);
}

static inline void shared_log_memory_unlock(struct shared_log_memory *memory)
{
    LB_ASSERT(pthread_mutex_unlock(&memory->lock) == 0);
}

/* With the lock held. The fault of this call. */
static inline enum shared_log_memory_fault shared_log_memory_call(struct shared_log_memory *memory)
{
    if (memory->is_down) {
        return MEMORY_FAULT_UNREACHABLE;
    }
    if (memory->fault_after == 0 || --memory->fault_after > 0) {
        return MEMORY_FAULT_NONE;
    }
    return memory->fault;
}

/* With the lock held. */
static inline bool shared_log_memory_holds(const struct shared_log_memory *memory,
                                           struct shared_log_mark known)
{
    if (known.number == 0) {
        return known.chain == 0;
    }
    return known.number <= memory->group_count &&
           memory->groups[known.number - 1].mark.chain == known.chain;
}

static inline void shared_log_memory_end_turn(struct shared_log_memory_connection *connection)
{
    if (connection->memory->turn == connection) {
        connection->memory->turn = NULL;
        LB_ASSERT(pthread_cond_broadcast(&connection->memory->moved) == 0);
    }
}

/* With the lock held. Gives a copy, which is gone when `take` returns. */
static inline enum lb_result
shared_log_memory_give(struct shared_log_memory *memory, size_t index,
                       enum lb_result (*take)(void *context, const struct shared_log_group *group),
                       void *context)
{
    const struct shared_log_memory_group *kept = &memory->groups[index];
    uint8_t *copy = malloc(kept->size + 1);
    LB_ASSERT(copy != NULL);
    if (kept->size > 0) {
        memcpy(copy, kept->changes, kept->size);
    }
    const struct shared_log_group group = {.mark = kept->mark,
                                           .changes = bytes_of(copy, kept->size)};
    enum lb_result result = take(context, &group);
    free(copy);
    return result;
}

/* With the lock held. */
static inline enum lb_result shared_log_memory_wait(struct shared_log_memory_connection *connection)
{
    struct shared_log_memory *memory = connection->memory;
    int64_t ns = clock_system_monotonic_ns() + (int64_t)memory->turn_wait_ms * 1000000;
    const struct timespec until = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    int error = 0;
    while (memory->turn != NULL && !connection->is_stopped && error != ETIMEDOUT) {
        error = pthread_cond_timedwait(&memory->moved, &memory->lock, &until);
    }
    if (connection->is_stopped) {
        return LB_SHUTTING_DOWN;
    }
    return memory->turn == NULL ? LB_OK : LB_STORE_UNREACHABLE;
}

static inline enum lb_result
shared_log_memory_turn(struct shared_log *log, struct shared_log_mark known,
                       enum lb_result (*take)(void *context, const struct shared_log_group *group),
                       void *context)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    struct shared_log_memory *memory = connection->memory;
    shared_log_memory_lock(memory);
    LB_ASSERT(memory->turn != connection); /* one ends before the next begins */
    memory->calls.turns++;
    enum shared_log_memory_fault fault = shared_log_memory_call(memory);
    enum lb_result result = fault == MEMORY_FAULT_UNREACHABLE ? LB_STORE_UNREACHABLE
                                                              : shared_log_memory_wait(connection);
    if (result == LB_OK) {
        memory->turn = connection;
        if (memory->on_turn != NULL) {
            memory->on_turn(memory->on_turn_context);
            memory->on_turn = NULL;
        }
        result = shared_log_memory_holds(memory, known) ? LB_OK : LB_STORAGE_CORRUPT;
    }
    if (result == LB_OK && fault == MEMORY_FAULT_MUCH) {
        result = LB_TRY_LATER;
    }
    for (size_t i = known.number; result == LB_OK && i < memory->group_count; i++) {
        result = shared_log_memory_give(memory, i, take, context);
    }
    if (result == LB_OK && fault == MEMORY_FAULT_TURN_CUT) {
        result = LB_STORE_UNREACHABLE;
    }
    connection->given = memory->group_count;
    if (result != LB_OK) {
        shared_log_memory_end_turn(connection);
    }
    shared_log_memory_unlock(memory);
    return result;
}

/* The newest entry, with the lock held: the next group's follow it, or a database refuses them. */
static inline uint64_t shared_log_memory_entry(const struct shared_log_memory *memory)
{
    for (size_t i = memory->group_count; i > 0; i--) {
        if (memory->groups[i - 1].entry_count > 0) {
            return memory->groups[i - 1].entry;
        }
    }
    return 0;
}

/* With the lock held. */
static inline void shared_log_memory_keep(struct shared_log_memory *memory,
                                          const struct shared_log_group *group)
{
    if (memory->group_count == memory->group_cap) {
        memory->group_cap = memory->group_cap == 0 ? 64 : memory->group_cap * 2;
        memory->groups = realloc(memory->groups, memory->group_cap * sizeof(memory->groups[0]));
        LB_ASSERT(memory->groups != NULL);
    }
    struct shared_log_memory_group *kept = &memory->groups[memory->group_count];
    *kept = (struct shared_log_memory_group){
        .mark = group->mark,
        .changes = malloc(group->changes.size + 1),
        .size = group->changes.size,
        .entry_count = group->entry_count,
        .entry = group->entry,
    };
    LB_ASSERT(kept->changes != NULL);
    if (kept->size > 0) {
        memcpy(kept->changes, group->changes.data, kept->size);
    }
    memory->group_count++;
}

static inline enum lb_result shared_log_memory_write(struct shared_log *log,
                                                     const struct shared_log_group *group)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    struct shared_log_memory *memory = connection->memory;
    shared_log_memory_lock(memory);
    memory->calls.writes += group != NULL;
    memory->calls.proofs += group == NULL;
    enum shared_log_memory_fault fault = shared_log_memory_call(memory);
    /* A fail-over since, and the turn is another's or nobody's. */
    bool is_ours = memory->turn == connection && memory->group_count == connection->given;
    bool is_kept = is_ours && fault != MEMORY_FAULT_UNREACHABLE && fault != MEMORY_FAULT_FULL &&
                   fault != MEMORY_FAULT_WRITE_LOST && fault != MEMORY_FAULT_TURN_CUT;
    if (is_kept && group != NULL) {
        LB_ASSERT(group->mark.number == memory->group_count + 1);
        uint64_t before =
            memory->group_count == 0 ? 0 : memory->groups[memory->group_count - 1].mark.chain;
        LB_ASSERT(group->mark.chain == shared_log_chain(before, group->changes));
        LB_ASSERT(group->entry_count == 0 ||
                  group->entry == shared_log_memory_entry(memory) + group->entry_count);
        shared_log_memory_keep(memory, group);
    }
    if (is_kept && fault != MEMORY_FAULT_WRITE_KEPT) {
        memory->proven = memory->group_count;
    }
    shared_log_memory_end_turn(connection);
    shared_log_memory_unlock(memory);
    if (fault == MEMORY_FAULT_FULL) {
        return LB_STORAGE_FULL;
    }
    const bool is_well = fault == MEMORY_FAULT_NONE || fault == MEMORY_FAULT_MUCH;
    return is_kept && is_well ? LB_OK : LB_STORAGE_CONFLICT;
}

static inline void shared_log_memory_leave(struct shared_log *log)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    shared_log_memory_lock(connection->memory);
    shared_log_memory_end_turn(connection);
    shared_log_memory_unlock(connection->memory);
}

static inline enum lb_result
shared_log_memory_read(struct shared_log *log, struct shared_log_mark known, uint64_t bytes_max,
                       enum lb_result (*take)(void *context, const struct shared_log_group *group),
                       void *context, bool *is_all)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    struct shared_log_memory *memory = connection->memory;
    shared_log_memory_lock(memory);
    memory->calls.reads++;
    enum shared_log_memory_fault fault = shared_log_memory_call(memory);
    enum lb_result result = LB_OK;
    if (connection->is_stopped) {
        result = LB_SHUTTING_DOWN;
    } else if (fault == MEMORY_FAULT_UNREACHABLE || fault == MEMORY_FAULT_TURN_CUT) {
        result = LB_STORE_UNREACHABLE;
    } else if (!shared_log_memory_holds(memory, known)) {
        result = LB_STORAGE_CORRUPT;
    }
    if (memory->read_bytes_max > 0 && bytes_max > memory->read_bytes_max) {
        bytes_max = memory->read_bytes_max;
    }
    uint64_t bytes = 0;
    size_t i = known.number;
    while (result == LB_OK && i < memory->group_count && bytes < bytes_max) {
        bytes += memory->groups[i].size;
        result = shared_log_memory_give(memory, i++, take, context);
    }
    *is_all = i == memory->group_count;
    shared_log_memory_unlock(memory);
    return result;
}

static inline enum lb_result shared_log_memory_prove(struct shared_log *log,
                                                     struct shared_log_mark known)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    struct shared_log_memory *memory = connection->memory;
    shared_log_memory_lock(memory);
    memory->calls.proofs++;
    enum shared_log_memory_fault fault = shared_log_memory_call(memory);
    enum lb_result result = LB_OK;
    if (connection->is_stopped) {
        result = LB_SHUTTING_DOWN;
    } else if (fault == MEMORY_FAULT_UNREACHABLE || fault == MEMORY_FAULT_TURN_CUT) {
        result = LB_STORE_UNREACHABLE;
    } else if (!shared_log_memory_holds(memory, known)) {
        result = LB_STORAGE_CORRUPT;
    } else if (fault == MEMORY_FAULT_WRITE_LOST || fault == MEMORY_FAULT_WRITE_KEPT) {
        result = LB_STORAGE_CONFLICT;
    } else {
        memory->proven = memory->group_count;
        result = fault == MEMORY_FAULT_WRITE_PROVEN ? LB_STORAGE_CONFLICT : LB_OK;
    }
    shared_log_memory_unlock(memory);
    return result;
}

static inline void shared_log_memory_stop(struct shared_log *log)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    shared_log_memory_lock(connection->memory);
    connection->is_stopped = true;
    LB_ASSERT(pthread_cond_broadcast(&connection->memory->moved) == 0);
    shared_log_memory_unlock(connection->memory);
}

static inline void shared_log_memory_close(struct shared_log *log)
{
    struct shared_log_memory_connection *connection = shared_log_memory_of(log);
    shared_log_memory_lock(connection->memory);
    shared_log_memory_end_turn(connection);
    connection->memory->connections--;
    shared_log_memory_unlock(connection->memory);
    free(connection);
}

/* ---- for tests ---- */

static inline struct shared_log_memory *shared_log_memory_new(void)
{
    struct shared_log_memory *memory = calloc(1, sizeof(*memory));
    pthread_condattr_t attributes;
    LB_ASSERT(memory != NULL && pthread_mutex_init(&memory->lock, NULL) == 0);
    int failed = pthread_condattr_init(&attributes) |
                 pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) |
                 pthread_cond_init(&memory->moved, &attributes) |
                 pthread_condattr_destroy(&attributes);
    LB_ASSERT(failed == 0);
    return memory;
}

/* When all connections are closed. */
static inline void shared_log_memory_free(struct shared_log_memory *memory)
{
    LB_ASSERT(memory->connections == 0);
    for (size_t i = 0; i < memory->group_count; i++) {
        free(memory->groups[i].changes);
    }
    free(memory->groups);
    (void)pthread_cond_destroy(&memory->moved);
    (void)pthread_mutex_destroy(&memory->lock);
    free(memory);
}

static inline struct shared_log *shared_log_memory_connect(struct shared_log_memory *memory)
{
    static const struct shared_log_ops ops = {
        .name = "memory",
        .turn = shared_log_memory_turn,
        .write = shared_log_memory_write,
        .leave = shared_log_memory_leave,
        .read = shared_log_memory_read,
        .prove = shared_log_memory_prove,
        .stop = shared_log_memory_stop,
        .close = shared_log_memory_close,
    };
    struct shared_log_memory_connection *connection = calloc(1, sizeof(*connection));
    LB_ASSERT(connection != NULL);
    connection->base.ops = &ops;
    connection->memory = memory;
    shared_log_memory_lock(memory);
    memory->connections++;
    shared_log_memory_unlock(memory);
    return &connection->base;
}

static inline void shared_log_memory_fail(struct shared_log_memory *memory,
                                          enum shared_log_memory_fault fault, unsigned after)
{
    shared_log_memory_lock(memory);
    memory->fault = fault;
    memory->fault_after = after;
    shared_log_memory_unlock(memory);
}

/* With the lock held. */
static inline void shared_log_memory_forget(struct shared_log_memory *memory, size_t count)
{
    while (memory->group_count > count) {
        struct shared_log_memory_group *last = &memory->groups[--memory->group_count];
        free(last->changes);
    }
    memory->proven = memory->proven < memory->group_count ? memory->proven : memory->group_count;
    memory->turn = NULL;
    LB_ASSERT(pthread_cond_broadcast(&memory->moved) == 0);
}

/* The groups after the first `count` vanish, proven or not, and so does the turn. */
static inline void shared_log_memory_cut(struct shared_log_memory *memory, size_t count)
{
    shared_log_memory_lock(memory);
    shared_log_memory_forget(memory, count);
    shared_log_memory_unlock(memory);
}

/* Another machine takes over: what is not proven is gone, and so is the turn. */
static inline void shared_log_memory_fail_over(struct shared_log_memory *memory)
{
    shared_log_memory_lock(memory);
    shared_log_memory_forget(memory, memory->proven);
    shared_log_memory_unlock(memory);
}

#endif
