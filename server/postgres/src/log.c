/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The shared log in PostgreSQL as the port has it: opening, closing, stopping, and when to try
 * again. One thread, but for stopping.
 */
#include "postgres_private.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define READINGS_PER_PROOF 25 /* a server that does nothing else looks 5 times a second */

/* ---- trying again ---- */

struct postgres_trying postgres_try(const struct postgres_log *log)
{
    return (struct postgres_trying){.deadline_ns = postgres_deadline(log->reach_ms)};
}

enum lb_result postgres_again(struct postgres_log *log, enum lb_result failure,
                              struct postgres_trying *trying)
{
    if (failure == LB_SHUTTING_DOWN) {
        return failure;
    }
    if (failure == LB_STORAGE_CORRUPT && log->place.host_count > 1) {
        /* It may be one that was left behind when another took over, and does not know of it. */
        memcpy(trying->lacking, log->why, sizeof(trying->lacking));
        postgres_drop(log);
        postgres_pass_host(log);
    } else if (failure != LB_STORE_UNREACHABLE && failure != LB_STORAGE_FULL) {
        postgres_report(log, "the database cannot be used: %s", log->why);
        return failure;
    }
    if (!log->is_troubled) {
        postgres_report(log, "the database cannot be used now, trying again: %s", log->why);
        log->is_troubled = true;
    }
    /* A try that was cut off by the deadline itself says nothing. */
    if (trying->why[0] == '\0' || postgres_deadline(0) < trying->deadline_ns) {
        memcpy(trying->why, log->why, sizeof(trying->why));
    }
    enum lb_result result = postgres_pause(log, &trying->pause_ms, trying->deadline_ns);
    if (result == LB_STORE_UNREACHABLE) {
        bool is_lacking = trying->lacking[0] != '\0';
        postgres_report(log, "the database could not be used within %u ms: %s",
                        (unsigned)log->reach_ms, is_lacking ? trying->lacking : trying->why);
        if (is_lacking) {
            return LB_STORAGE_CORRUPT;
        }
        return log->refusal_of_host != LB_OK ? log->refusal_of_host : LB_STORE_UNREACHABLE;
    }
    return result;
}

void postgres_works(struct postgres_log *log)
{
    if (log->is_troubled) {
        postgres_report(log, "the database can be used again");
        log->is_troubled = false;
    }
}

/* ---- opening and closing ---- */

static void postgres_log_stop(struct shared_log *base)
{
    struct postgres_log *log = postgres_log_of(base);
    const uint64_t one = 1;
    ssize_t written = write(log->stop_fd, &one, sizeof(one));
    LB_ASSERT(written == (ssize_t)sizeof(one)); /* it is never read, and once is enough */
}

void postgres_log_close(struct shared_log *base)
{
    struct postgres_log *log = postgres_log_of(base);
    postgres_drop(log);
    postgres_place_fini(&log->place);
    postgres_packing_fini(&log->packing);
    if (log->stop_fd >= 0) {
        (void)close(log->stop_fd);
    }
    free(log);
}

static const struct shared_log_ops postgres_ops = {
    .name = "postgres",
    .turn = postgres_turn,
    .write = postgres_write,
    .leave = postgres_leave,
    .read = postgres_read,
    .prove = postgres_prove,
    .stop = postgres_log_stop,
    .close = postgres_log_close,
};

static enum lb_result log_set_name(struct postgres_log *log, const char *name)
{
    size_t size = name == NULL ? 0 : strlen(name);
    if (size == 0 || size > POSTGRES_NAME_BYTES_MAX || !utf8_is_text(bytes_of_text(name), 0)) {
        postgres_report(log, "the name of a book has 1 to %d bytes of text",
                        POSTGRES_NAME_BYTES_MAX);
        return LB_CONFIG_INVALID;
    }
    memcpy(log->name, name, size + 1);
    return LB_OK;
}

enum lb_result postgres_log_new(const struct postgres_options *options, struct postgres_log **out)
{
    struct postgres_log *log = calloc(1, sizeof(*log));
    *out = log;
    if (log == NULL) {
        return LB_MEMORY;
    }
    log->base.ops = &postgres_ops;
    /* As the server takes a limit of time; 0 would be none. */
    log->reach_ms = options->reach_ms > INT32_MAX ? INT32_MAX : options->reach_ms;
    log->reach_ms = log->reach_ms == 0 ? 1 : log->reach_ms;
    log->is_ha = options->is_ha;
    log->report = options->report;
    log->report_context = options->report_context;
    log->stop_fd = options->stop_fd < 0 ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
                                        : fcntl(options->stop_fd, F_DUPFD_CLOEXEC, 0);
    if (log->stop_fd < 0) {
        postgres_report(log, "no descriptor is left for the database");
        return LB_STORAGE_FAULT;
    }
    enum lb_result result = postgres_place_init(log, options->url);
    bool has_others = options->is_ha || log->place.host_count > 1; /* which may have taken over */
    log->base.readings_per_proof = has_others ? READINGS_PER_PROOF : 0;
    return result;
}

enum lb_result postgres_log_open(const struct postgres_options *options, struct id *book,
                                 struct shared_log **out)
{
    struct postgres_log *log = NULL;
    enum lb_result result = postgres_log_new(options, &log);
    if (result == LB_OK) {
        result = log_set_name(log, options->name);
    }
    if (result == LB_OK) {
        result = postgres_book_find(log, options->create, &options->book);
    }
    if (result == LB_OK) {
        postgres_works(log);
        *book = log->book;
        *out = &log->base;
    } else if (log != NULL) {
        postgres_log_close(&log->base);
    }
    return result;
}

enum lb_result postgres_migrate(const struct postgres_options *options)
{
    struct postgres_log *log = NULL;
    enum lb_result result = postgres_log_new(options, &log);
    if (result == LB_OK) {
        log->is_bare = true;
        result = postgres_schema_migrate(log);
    }
    if (log != NULL) {
        postgres_log_close(&log->base);
    }
    return result;
}
