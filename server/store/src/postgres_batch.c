/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Statements that are sent together, by libpq's pipeline mode, and their results: one round trip.
 * If one of them fails, the server passes over the rest. One thread.
 */
#include "postgres.h"

#include "base/assert.h"
#include "base/clock.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

#define BINARY   1
#define GRACE_MS 1000 /* for a COMMIT under way when the log is stopped */

void postgres_add_bytes(struct postgres_values *values, struct bytes bytes)
{
    LB_ASSERT(values->count < POSTGRES_VALUES_MAX && bytes.size <= INT_MAX);
    /* A null pointer would be NULL. */
    values->values[values->count] = bytes.size == 0 ? "" : (const char *)bytes.data;
    values->sizes[values->count] = (int)bytes.size;
    values->count++;
}

void postgres_add_number(struct postgres_values *values, uint64_t number)
{
    LB_ASSERT(values->count < POSTGRES_VALUES_MAX);
    uint64_t *place = &values->numbers[values->count];
    *place = htobe64(number);
    postgres_add_bytes(values, bytes_of(place, sizeof(*place)));
}

void postgres_batch_begin(struct postgres_log *log, struct postgres_batch *batch)
{
    LB_ASSERT(log->connection != NULL);
    *batch = (struct postgres_batch){.failed = SIZE_MAX};
    log->has_notice = false;
    log->is_patient = false;
}

void postgres_batch_clear(struct postgres_batch *batch)
{
    for (size_t i = 0; i < batch->received; i++) {
        PQclear(batch->results[i]);
    }
    batch->received = 0;
}

/* ---- sending: into libpq's memory, until all is told to go ---- */

static void batch_count(struct postgres_batch *batch, int is_queued)
{
    LB_ASSERT(batch->sent < POSTGRES_BATCH_MAX);
    batch->sent++;
    batch->is_broken = batch->is_broken || is_queued != 1;
}

static const int batch_formats[POSTGRES_VALUES_MAX] = {BINARY, BINARY, BINARY,
                                                       BINARY, BINARY, BINARY};

void postgres_send(struct postgres_log *log, struct postgres_batch *batch,
                   enum postgres_statement statement, const struct postgres_values *values)
{
    const struct postgres_values none = {.count = 0};
    const struct postgres_values *given = values == NULL ? &none : values;
    batch_count(batch, PQsendQueryPrepared(log->connection, postgres_statement_name(statement),
                                           given->count, given->values, given->sizes, batch_formats,
                                           BINARY));
}

void postgres_send_text(struct postgres_log *log, struct postgres_batch *batch, const char *sql,
                        const struct postgres_values *values)
{
    const struct postgres_values none = {.count = 0};
    const struct postgres_values *given = values == NULL ? &none : values;
    batch_count(batch, PQsendQueryParams(log->connection, sql, given->count, NULL, given->values,
                                         given->sizes, batch_formats, BINARY));
}

void postgres_send_prepare(struct postgres_log *log, struct postgres_batch *batch, const char *name,
                           const char *sql, int count, const Oid *types)
{
    batch_count(batch, PQsendPrepare(log->connection, name, sql, count, types));
}

/* ---- receiving ---- */

/* Takes what has come. true: all has. */
static bool batch_take(struct postgres_log *log, struct postgres_batch *batch)
{
    bool is_ended = false; /* NULL ends the results of one statement; twice, there is no other */
    while (PQstatus(log->connection) == CONNECTION_OK && PQisBusy(log->connection) == 0) {
        PGresult *result = PQgetResult(log->connection);
        if (result == NULL && is_ended) {
            return false;
        }
        is_ended = result == NULL;
        if (is_ended) {
            continue;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return batch->received == batch->sent;
        }
        if (batch->received == batch->sent) { /* an error of the connection, after the last one */
            PQclear(result);
            continue;
        }
        batch->results[batch->received++] = result;
    }
    return false;
}

static enum lb_result batch_lost(struct postgres_log *log, const struct postgres_batch *batch)
{
    const char *message = PQerrorMessage(log->connection);
    postgres_why(log, "the connection was lost: %.*s", (int)strcspn(message, "\r\n"), message);
    for (size_t i = 0; i < batch->received; i++) { /* the server may have said why */
        if (PQresultErrorField(batch->results[i], PG_DIAG_SQLSTATE) != NULL) {
            (void)postgres_failed(log, batch->results[i]);
        }
    }
    return LB_STORE_UNREACHABLE;
}

static enum lb_result batch_collect(struct postgres_log *log, struct postgres_batch *batch,
                                    int64_t deadline_ns)
{
    if (batch->is_broken || PQpipelineSync(log->connection) != 1) {
        return batch_lost(log, batch);
    }
    while (!batch_take(log, batch)) {
        int left = PQflush(log->connection);
        if (left < 0 || PQstatus(log->connection) != CONNECTION_OK) {
            return batch_lost(log, batch);
        }
        enum lb_result result =
            postgres_wait(log, PQsocket(log->connection), true, left > 0, deadline_ns);
        if (result == LB_SHUTTING_DOWN && batch->is_commit) {
            int64_t grace_ns = postgres_deadline(GRACE_MS);
            deadline_ns = grace_ns < deadline_ns ? grace_ns : deadline_ns;
            log->is_patient = true;
            continue;
        }
        if (result != LB_OK) {
            postgres_why(log, "the server does not answer");
            return result;
        }
        int64_t silence_ns = postgres_deadline(POSTGRES_SILENCE_MS);
        if (!log->is_patient && silence_ns > deadline_ns) {
            deadline_ns = silence_ns;
        }
        if (PQconsumeInput(log->connection) != 1) {
            return batch_lost(log, batch);
        }
    }
    return LB_OK;
}

enum lb_result postgres_receive(struct postgres_log *log, struct postgres_batch *batch,
                                int64_t deadline_ns)
{
    enum lb_result result = batch_collect(log, batch, deadline_ns);
    log->is_patient = false;
    for (size_t i = 0; result == LB_OK && i < batch->received; i++) {
        ExecStatusType status = PQresultStatus(batch->results[i]);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            batch->failed = i;
            result = postgres_failed(log, batch->results[i]);
        }
    }
    if (result != LB_OK) {
        postgres_drop(log);
    }
    return result;
}

bool postgres_is_committed(const struct postgres_log *log, const struct postgres_batch *batch)
{
    LB_ASSERT(batch->is_commit && batch->received == batch->sent);
    /* "ROLLBACK" is what a COMMIT of a transaction comes to that failed before. */
    return !log->has_notice &&
           strcmp(PQcmdStatus(batch->results[batch->received - 1]), "COMMIT") == 0;
}

/* ---- values ---- */

bool postgres_get_bytes(const PGresult *result, int row, int column, struct bytes *bytes)
{
    if (row >= PQntuples(result) || column >= PQnfields(result) ||
        PQgetisnull(result, row, column) != 0) {
        return false;
    }
    *bytes = bytes_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
    return true;
}

bool postgres_get_number(const PGresult *result, int row, int column, uint64_t *number)
{
    struct bytes bytes;
    if (!postgres_get_bytes(result, row, column, &bytes) || bytes.size != sizeof(*number)) {
        return false;
    }
    memcpy(number, bytes.data, sizeof(*number));
    *number = be64toh(*number);
    return true;
}

const char *postgres_get_text(const PGresult *result, int row, int column)
{
    struct bytes bytes;
    return postgres_get_bytes(result, row, column, &bytes) ? (const char *)bytes.data : "";
}
