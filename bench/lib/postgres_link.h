/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A connection to PostgreSQL with one prepared statement and one call of it under way, in binary,
 * without blocking, on libevent: what the loads of bench/ have in common. Whatever fails ends the
 * program. One thread a link.
 */
#ifndef BENCH_POSTGRES_LINK_H
#define BENCH_POSTGRES_LINK_H

#include <event2/event.h>
#include <libpq-fe.h>

struct postgres_link {
    PGconn *connection;
    struct event *readable;
    struct event *writable; /* added while libpq has bytes to send */
    void (*on_result)(void *context, const PGresult *result);
    void (*on_answered)(void *context); /* after the last result; may send the next call */
    void *context;
};

/* Connects and prepares; the caller has set the callbacks and their context. */
void postgres_link_open(struct postgres_link *link, struct event_base *base, const char *where,
                        const char *statement);
/* Calls the statement; nothing may be under way. */
void postgres_link_send(struct postgres_link *link, int count, const char *const *values,
                        const int *lengths);
void postgres_link_close(struct postgres_link *link);
/* Says what failed, and what PostgreSQL says of it, and ends the program. */
_Noreturn void postgres_link_fail(const struct postgres_link *link, const char *what);

#endif
