/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Errors of the database: translated once, by their SQLSTATE, and told to the operator. Only first
 * lines are told: what follows may hold rows. One thread.
 */
#include "postgres_private.h"

#include "store/report.h"

#include <stdarg.h>
#include <string.h>

#define SQLSTATE_BYTES 5

struct postgres_meaning {
    const char *sqlstate; /* or how it begins */
    enum lb_result result;
};

/* The first that fits. What is not here will not go away by itself: rights, tables, our mistakes.
 */
static const struct postgres_meaning postgres_meanings[] = {
    {"53100", LB_STORAGE_FULL},      {"XX001", LB_STORAGE_CORRUPT},
    {"XX002", LB_STORAGE_CORRUPT},   {"08", LB_STORE_UNREACHABLE}, /* connections */
    {"23502", LB_STORE_UNREACHABLE}, /* the head row is not what it was: POSTGRES_MOVE_HEAD */
    {"25006", LB_STORE_UNREACHABLE}, /* read only: it is a standby now */
    {"25P02", LB_STORE_UNREACHABLE}, /* a transaction that was ended */
    {"25P03", LB_STORE_UNREACHABLE}, /* we were idle for too long, with the turn */
    {"40", LB_STORE_UNREACHABLE},    /* rolled back to solve a conflict */
    {"53", LB_STORE_UNREACHABLE},    /* resources: connections, memory */
    {"55P03", LB_STORE_UNREACHABLE}, /* waited too long for a lock */
    {"57", LB_STORE_UNREACHABLE},    /* an operator, a shutdown, a start */
    {"58", LB_STORE_UNREACHABLE},    /* the system below it */
};

enum lb_result postgres_result(const char *sqlstate)
{
    if (sqlstate == NULL) { /* libpq's own: the connection, memory */
        return LB_STORE_UNREACHABLE;
    }
    for (size_t i = 0; i < sizeof(postgres_meanings) / sizeof(postgres_meanings[0]); i++) {
        const struct postgres_meaning *meaning = &postgres_meanings[i];
        if (strncmp(sqlstate, meaning->sqlstate, strlen(meaning->sqlstate)) == 0) {
            return meaning->result;
        }
    }
    return LB_STORAGE_FAULT;
}

void postgres_why(struct postgres_log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(log->why, sizeof(log->why), format, arguments); /* cut when too long */
    va_end(arguments);
}

void postgres_report(const struct postgres_log *log, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    store_report_line(log->report, log->report_context, format, arguments);
    va_end(arguments);
}

/* Of the first line. */
static int line_bytes(const char *text)
{
    return (int)strcspn(text, "\r\n");
}

enum lb_result postgres_failed(struct postgres_log *log, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message == NULL) {
        message = PQresultErrorMessage(result);
    }
    postgres_why(log, "%s: %.*s", sqlstate == NULL ? "libpq" : sqlstate, line_bytes(message),
                 message);
    return postgres_result(sqlstate);
}

static bool is_sqlstate(const char *text)
{
    return strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == SQLSTATE_BYTES &&
           text[SQLSTATE_BYTES] == ':';
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end == NULL || end[1] == '\0' ? NULL : end + 1;
}

/* Of a name's several addresses each has its lines, which all begin alike; the last address counts.
 * Of what that one said, the first word: refused with TLS it may be asked again without. */
static const char *last_address(const char *message)
{
    const size_t common = strcspn(message, "\"");
    const char *last = message;
    for (const char *at = message; at != NULL; at = next_line(at)) {
        last = strncmp(at, message, common) == 0 ? at : last;
    }
    const char *end = strstr(last, "failed:");
    for (const char *at = message; end != NULL && at != NULL; at = next_line(at)) {
        if (strncmp(at, last, (size_t)(end - last)) == 0) {
            return at;
        }
    }
    return last;
}

enum lb_result postgres_failed_to_connect(struct postgres_log *log, const char *host)
{
    const char *message = PQerrorMessage(log->connection);
    const char *told = last_address(message);
    postgres_why(log, "%s: %.*s", host, line_bytes(told), told);
    if (PQconnectionNeedsPassword(log->connection) != 0) {
        return LB_STORAGE_FAULT;
    }
    /* Verbose messages have it as "FATAL:  28P01: ", whatever the language. */
    const char *mark = strstr(message, ":  ");
    while (mark != NULL && !is_sqlstate(mark + 3)) {
        mark = strstr(mark + 1, ":  ");
    }
    return postgres_result(mark == NULL ? NULL : mark + 3);
}
