/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book in PostgreSQL: the log of its groups in tables there, written by any number of servers in
 * turn, and in each server's directory what they come to. See docs/postgresql.md.
 *
 * The URL is libpq's (postgres://user@host1,host2/database?sslmode=verify-full, or key=value), with
 * several hosts tried one after the other until one is found that is no standby, and that lacks
 * nothing of what is known here. It holds no password: that belongs in ~/.pgpass, or where
 * PGPASSFILE says.
 *
 * Whatever may lose an acknowledged group is refused (STORE_UNSAFE): fsync, full_page_writes or
 * synchronous_commit off; with is_ha also that no standby is waited for. Settings are looked at
 * with each connection, and before and after each commit.
 *
 * Threads: as what is opened says; migrating on any.
 */
#ifndef POSTGRES_POSTGRES_H
#define POSTGRES_POSTGRES_H

#include "base/id.h"
#include "lovebank/result.h"
#include "store/journaled.h"

#include <stdbool.h>
#include <stdint.h>

#define POSTGRES_SCHEMA 1 /* the version of the tables that this program makes and uses */

#define POSTGRES_NAME_BYTES_MAX 192

struct shared_log;

struct postgres_options {
    const char *url;
    const char *name; /* of the book, among those in the database */
    struct id book;   /* of a book that is made: random. Otherwise unused */
    /* So long a step (a turn, a write, a proof) waits for a database that does not answer. A third
     * of it is what a server may keep others waiting between its turn and its write: a group is
     * decided within that. */
    uint32_t reach_ms;
    /* An eventfd by which whatever waits, the opening too, is told to give up; -1: none. What is
     * opened has a descriptor of its own for it. */
    int stop_fd;
    bool is_ha;  /* a commit must have come to a second machine, too */
    bool create; /* make the book if it is not there */
    /* What an operator should read, in English, without personal data. Called on any thread; may
     * be NULL. */
    void (*report)(void *context, const char *message);
    void *report_context;
};

enum postgres_url {
    POSTGRES_URL_GOOD,
    POSTGRES_URL_UNREADABLE,
    POSTGRES_URL_SECRET, /* it holds a password */
};

/* Whether libpq understands it, and it may be shown. Pure. */
enum postgres_url postgres_check_url(const char *url);

/*
 * Results of all: CONFIG_INVALID: the URL or the name is no good, or there is no such book, and
 * none is to be made. STORE_UNREACHABLE: no database within `reach_ms` that could be used.
 * STORE_UNSAFE: as above. FORMAT_NEWER: the tables were made by a newer program. STORAGE_FAULT: the
 * database refuses us, or the tables are not there (migrate makes them). MEMORY. All were reported.
 * SHUTTING_DOWN: by stop_fd.
 */

/* Makes the tables, or brings them up to POSTGRES_SCHEMA, in one transaction. Any number of
 * times, on any number of machines at once. */
LB_MUST_CHECK enum lb_result postgres_migrate(const struct postgres_options *options);

/* *book: its id. The options need not outlive the call, but for report_context. */
LB_MUST_CHECK enum lb_result postgres_log_open(const struct postgres_options *options,
                                               struct id *book, struct shared_log **log);

/* The store over such a log: as store_journaled_open, with the directory of `cache` for a cache,
 * and its book unused. Also DIRECTORY_EXISTS: the directory holds a book in files, or is the cache
 * of another one. STORAGE_CORRUPT: the database lacks what the cache holds as durable. */
LB_MUST_CHECK enum lb_result postgres_open(const struct postgres_options *options,
                                           const struct store_journaled_options *cache,
                                           struct store **store);

/* Asked now and then. */
struct postgres_stop {
    bool (*is_wanted)(void *context); /* NULL: never */
    void *context;
};

struct postgres_finding {
    uint64_t groups; /* checked */
    uint64_t entries;
    char problem[512]; /* "", or what is wrong first, naming table and number; zh and en */
};

/* Checks the tables: groups without gaps up to the head, and their chain; the entries in them
 * without gaps, and with the bytes of `cache` as far as that has come. `cache`: the store over that
 * book, or its cache opened for reading. Writes nothing; in the calling thread, which holds no
 * snapshot. LB_OK: it came to its end, or to the first problem. DIRECTORY_EXISTS: it is the cache
 * of another book. SHUTTING_DOWN: it was stopped. */
LB_MUST_CHECK enum lb_result postgres_verify(const struct postgres_options *options,
                                             struct store *cache, const struct postgres_stop *stop,
                                             struct postgres_finding *finding);

#endif
