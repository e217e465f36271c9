/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Statements that are sent together, by libpq's pipeline mode, and their results: one round trip.
 * If one of them fails, the server passes over the rest.
 *
 * Who has the turn and stands still is thrown out by the server's limit for idling in a
 * transaction. That begins when the server says that it is ready, which it does after a Sync, and
 * ends with the next message. So what does not go out in one piece has a Sync after each statement:
 * else a sender that stops halfway would keep the turn for ever. Then the statements after one that
 * failed are run in a transaction that has failed, and fail, too; the first one counts. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"
#include "base/clock.h"

#include <endian.h>
#include <limits.h>
#include <openssl/ssl.h>
#include <string.h>

#define BINARY   1
#define GRACE_MS 1000 /* for a COMMIT under way when the log is stopped */

#define SQLSTATE_LOCKED "55P03" /* a lock did not come in time */

void postgres_add_bytes(struct postgres_values *values, struct bytes bytes)
{
    LB_ASSERT(values->count < POSTGRES_VALUES_MAX && bytes.size <= INT_MAX);
    /* A null pointer would be NULL. */
    values->values[values->count] = bytes.size == 0 ? "" : (const char *)bytes.data;
    values->sizes[values->count] = (int)bytes.size;
    values->count++;
}

struct postgres_values postgres_of_book(const struct postgres_log *log)
{
    struct postgres_values values = {.count = 0};
    postgres_add_bytes(&values, bytes_of(log->book.bytes, sizeof(log->book.bytes)));
    return values;
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
    *batch = (struct postgres_batch){.commit = SIZE_MAX, .failed = SIZE_MAX};
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

static void batch_sync(struct postgres_log *log, struct postgres_batch *batch)
{
    batch->syncs++;
    batch->is_broken = batch->is_broken || PQpipelineSync(log->connection) != 1;
}

static void batch_count(struct postgres_log *log, struct postgres_batch *batch, int is_queued)
{
    LB_ASSERT(batch->sent < POSTGRES_BATCH_MAX);
    batch->sent++;
    batch->is_broken = batch->is_broken || is_queued != 1;
    if (batch->is_stepwise) {
        batch_sync(log, batch);
    }
}

static const int batch_formats[POSTGRES_VALUES_MAX] = {BINARY, BINARY, BINARY, BINARY, BINARY};

void postgres_send(struct postgres_log *log, struct postgres_batch *batch,
                   enum postgres_statement statement, const struct postgres_values *values)
{
    const struct postgres_values none = {.count = 0};
    const struct postgres_values *given = values == NULL ? &none : values;
    batch_count(log, batch,
                PQsendQueryPrepared(log->connection, postgres_statement_name(statement),
                                    given->count, given->values, given->sizes, batch_formats,
                                    BINARY));
}

void postgres_send_commit(struct postgres_log *log, struct postgres_batch *batch)
{
    batch->commit = batch->sent;
    postgres_send(log, batch, POSTGRES_COMMIT, NULL);
}

void postgres_send_text(struct postgres_log *log, struct postgres_batch *batch, const char *sql,
                        const struct postgres_values *values)
{
    const struct postgres_values none = {.count = 0};
    const struct postgres_values *given = values == NULL ? &none : values;
    batch_count(log, batch,
                PQsendQueryParams(log->connection, sql, given->count, NULL, given->values,
                                  given->sizes, batch_formats, BINARY));
}

void postgres_send_prepare(struct postgres_log *log, struct postgres_batch *batch, const char *name,
                           const char *sql, int count, const Oid *types)
{
    batch_count(log, batch, PQsendPrepare(log->connection, name, sql, count, types));
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
            if (++batch->synced == batch->syncs) {
                return batch->received == batch->sent;
            }
            continue;
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
            break;
        }
    }
    return LB_STORE_UNREACHABLE;
}

/* libpq may have taken a part of a TLS record, and no socket tells of the rest: so it was until
 * 15.19, where records are larger than 8 KiB, as poolers and PostgreSQL 17 send them. */
static bool batch_has_rest(const struct postgres_log *log)
{
    const SSL *tls = PQsslStruct(log->connection, "OpenSSL");
    return tls != NULL && SSL_pending(tls) > 0;
}

/* Until there may be something to take, or to send. */
static enum lb_result batch_wait(struct postgres_log *log, bool want_write, int64_t deadline_ns)
{
    return batch_has_rest(log)
               ? LB_OK
               : postgres_wait(log, PQsocket(log->connection), true, want_write, deadline_ns);
}

/* *is_late: the deadline came first. */
static enum lb_result batch_collect(struct postgres_log *log, struct postgres_batch *batch,
                                    int64_t deadline_ns, bool *is_late)
{
    if (!batch->is_stepwise) {
        batch_sync(log, batch);
    }
    if (batch->is_broken) {
        return batch_lost(log, batch);
    }
    while (!batch_take(log, batch)) {
        int left = PQflush(log->connection);
        if (left < 0 || PQstatus(log->connection) != CONNECTION_OK) {
            return batch_lost(log, batch);
        }
        enum lb_result result = batch_wait(log, left > 0, deadline_ns);
        if (result == LB_SHUTTING_DOWN && batch->commit != SIZE_MAX) {
            int64_t grace_ns = postgres_deadline(GRACE_MS);
            deadline_ns = grace_ns < deadline_ns ? grace_ns : deadline_ns;
            log->is_patient = true;
            continue;
        }
        if (result != LB_OK) {
            postgres_why(log, "the server does not answer");
            *is_late = result == LB_STORE_UNREACHABLE;
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
    bool is_late = false;
    enum lb_result result = batch_collect(log, batch, deadline_ns, &is_late);
    log->is_patient = false;
    for (size_t i = 0; result == LB_OK && i < batch->received; i++) {
        ExecStatusType status = PQresultStatus(batch->results[i]);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            batch->failed = i;
            result = postgres_failed(log, batch->results[i]);
        }
    }
    if (result == LB_STORE_UNREACHABLE && (is_late || postgres_failed_as(batch, SQLSTATE_LOCKED))) {
        postgres_pass_host(log);
    }
    if (result != LB_OK) {
        postgres_drop(log);
    }
    return result;
}

bool postgres_failed_as(const struct postgres_batch *batch, const char *sqlstate)
{
    if (batch->failed == SIZE_MAX) {
        return false;
    }
    const char *is = PQresultErrorField(batch->results[batch->failed], PG_DIAG_SQLSTATE);
    return is != NULL && strcmp(is, sqlstate) == 0;
}

bool postgres_is_committed(const struct postgres_log *log, const struct postgres_batch *batch)
{
    LB_ASSERT(batch->commit < batch->sent && batch->received == batch->sent);
    /* "ROLLBACK" is what a COMMIT of a transaction comes to that failed before. */
    return !log->has_notice && strcmp(PQcmdStatus(batch->results[batch->commit]), "COMMIT") == 0;
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
