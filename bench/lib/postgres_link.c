/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* A connection to PostgreSQL on libevent; see postgres_link.h. */
#include "postgres_link.h"

#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define STATEMENT      "call"
#define PARAMETERS_MAX 8

_Noreturn void postgres_link_fail(const struct postgres_link *link, const char *what)
{
    fprintf(stderr, "%s: %s\n%s", program_invocation_short_name, what,
            PQerrorMessage(link->connection));
    exit(4);
}

static void link_flush(struct postgres_link *link)
{
    int left = PQflush(link->connection);
    if (left < 0) {
        postgres_link_fail(link, "sending");
    }
    if (left > 0 && event_add(link->writable, NULL) != 0) {
        measure_fail("watching a socket");
    }
}

void postgres_link_send(struct postgres_link *link, int count, const char *const *values,
                        const int *lengths)
{
    static const int formats[PARAMETERS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1};
    if (PQsendQueryPrepared(link->connection, STATEMENT, count, values, lengths, formats, 1) != 1) {
        postgres_link_fail(link, "sending");
    }
    link_flush(link);
}

static void link_on_readable(evutil_socket_t fd, short what, void *context)
{
    struct postgres_link *link = context;
    (void)fd;
    (void)what;
    if (PQconsumeInput(link->connection) != 1) {
        postgres_link_fail(link, "reading");
    }
    while (PQisBusy(link->connection) == 0) {
        PGresult *result = PQgetResult(link->connection);
        if (result == NULL) {
            link->on_answered(link->context);
            return;
        }
        if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            postgres_link_fail(link, "the call failed");
        }
        link->on_result(link->context, result);
        PQclear(result);
    }
}

static void link_on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    link_flush(context);
}

void postgres_link_open(struct postgres_link *link, struct event_base *base, const char *where,
                        const char *statement)
{
    link->connection = PQconnectdb(where);
    if (PQstatus(link->connection) != CONNECTION_OK) {
        postgres_link_fail(link, "connecting");
    }
    PGresult *result = PQprepare(link->connection, STATEMENT, statement, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK || PQsetnonblocking(link->connection, 1) != 0) {
        postgres_link_fail(link, "preparing");
    }
    PQclear(result);
    int fd = PQsocket(link->connection);
    link->readable = event_new(base, fd, EV_READ | EV_PERSIST, link_on_readable, link);
    link->writable = event_new(base, fd, EV_WRITE, link_on_writable, link);
    if (link->readable == NULL || link->writable == NULL || event_add(link->readable, NULL) != 0) {
        measure_fail("watching a socket");
    }
}

void postgres_link_close(struct postgres_link *link)
{
    event_free(link->readable);
    event_free(link->writable);
    PQfinish(link->connection);
}
