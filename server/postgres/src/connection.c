/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Connections: one at a time, to the first host that is found to be good. One round over the hosts
 * a call; who needs one calls again, after a pause, until it is too late. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

#include <string.h>

#define HOST_NAME_BYTES 128

void postgres_drop(struct postgres_log *log)
{
    if (log->connection != NULL) {
        PQfinish(log->connection);
        log->connection = NULL;
    }
    log->has_turn = false;
    log->is_swollen = false;
}

void postgres_pass_host(struct postgres_log *log)
{
    log->host = (log->host + 1) % log->place.host_count;
}

void postgres_drop_swollen(struct postgres_log *log)
{
    postgres_packing_trim(&log->packing);
    if (log->is_swollen) {
        postgres_drop(log);
    }
}

/* Warnings of the server. One that comes with a COMMIT says that it may not be what it should. */
static void connection_on_notice(void *context, const PGresult *result)
{
    struct postgres_log *log = context;
    log->has_notice = true;
    (void)postgres_failed(log, result);
}

/* Until the server says that it is ready, or who we are not. */
static enum lb_result connection_establish(struct postgres_log *log, const char *host,
                                           int64_t deadline_ns)
{
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (next == PGRES_POLLING_FAILED || PQstatus(log->connection) == CONNECTION_BAD) {
            return postgres_failed_to_connect(log, host);
        }
        enum lb_result result =
            postgres_wait(log, PQsocket(log->connection), next == PGRES_POLLING_READING,
                          next == PGRES_POLLING_WRITING, deadline_ns);
        if (result != LB_OK) {
            postgres_why(log, "%s: it does not answer", host);
            return result;
        }
        next = PQconnectPoll(log->connection);
    }
    return LB_OK;
}

static enum lb_result connection_to_host(struct postgres_log *log, unsigned host,
                                         int64_t deadline_ns)
{
    char name[HOST_NAME_BYTES];
    postgres_place_name(&log->place, host, name, sizeof(name));
    int64_t host_ns = postgres_deadline(log->place.host_ms);
    deadline_ns = host_ns < deadline_ns ? host_ns : deadline_ns;
    log->connection = postgres_place_connect(&log->place, host);
    if (log->connection == NULL) {
        postgres_why(log, "no memory for a connection");
        return LB_MEMORY;
    }
    (void)PQsetErrorVerbosity(log->connection, PQERRORS_VERBOSE); /* see error.c */
    (void)PQsetNoticeReceiver(log->connection, connection_on_notice, log);
    enum lb_result result = connection_establish(log, name, deadline_ns);
    if (result == LB_OK &&
        (PQsetnonblocking(log->connection, 1) != 0 || PQenterPipelineMode(log->connection) != 1)) {
        result = postgres_failed_to_connect(log, name);
    }
    if (result == LB_OK) {
        result = postgres_check_session(log, deadline_ns);
    }
    if (result == LB_OK && !log->is_bare) {
        result = postgres_schema_check(log, deadline_ns);
        if (result == LB_OK) {
            result = postgres_prepare(log, deadline_ns);
        }
    }
    return result == LB_STORAGE_FULL ? LB_STORE_UNREACHABLE : result; /* nothing is written yet */
}

enum lb_result postgres_connect(struct postgres_log *log, int64_t deadline_ns)
{
    if (log->connection != NULL) {
        return LB_OK;
    }
    char why[POSTGRES_MESSAGE_BYTES] = "";
    unsigned refusals = 0;
    const unsigned first = log->host;
    log->refusal_of_host = LB_OK;
    for (unsigned i = 0; i < log->place.host_count; i++) {
        unsigned host = (first + i) % log->place.host_count;
        enum lb_result result = connection_to_host(log, host, deadline_ns);
        if (result == LB_OK) {
            log->host = host;
            log->refusal_of_host = LB_OK;
            return LB_OK;
        }
        postgres_drop(log);
        if (result == LB_SHUTTING_DOWN || result == LB_MEMORY) {
            return result;
        }
        if (result != LB_STORE_UNREACHABLE) {
            refusals++;
            if (log->refusal_of_host == LB_OK) {
                log->refusal_of_host = result;
                memcpy(why, log->why, sizeof(why));
            }
        }
    }
    if (refusals > 0) {
        memcpy(log->why, why, sizeof(why));
    }
    /* Of several hosts one may yet become good, so that refusals of others do not count. */
    return refusals == log->place.host_count ? log->refusal_of_host : LB_STORE_UNREACHABLE;
}
