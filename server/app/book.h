/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book as the programs hold it: its store and the key of its people. Opening complains in both
 * languages. Owned by one thread; what the store reports may come from any.
 */
#ifndef APP_BOOK_H
#define APP_BOOK_H

#include "app/options.h"
#include "base/log.h"
#include "people/people.h"
#include "postgres/postgres.h"
#include "store/journaled.h"

#include <stdbool.h>

#define BOOK_DETAIL_BYTES 256

struct book {
    const struct options *options;
    const struct log *log;
    struct store *store;            /* NULL: not open */
    struct people *people;          /* NULL: not open, or no key */
    const int *stop_fd;             /* see postgres/postgres.h; NULL: none */
    bool is_new;                    /* opening made it */
    bool is_open;                   /* from then on what the store reports goes to the log */
    char detail[BOOK_DETAIL_BYTES]; /* before: what it reported last */
};

/* For a server. Makes book and key when there is no book, if the options allow. false: it has
 * complained; close the book all the same. */
LB_MUST_CHECK bool book_open(struct book *book);
/* Another machine's key is the book's (KEY_OUTDATED): if opening made one, that never sealed
 * anything, and is removed, so that the right one can take its place. */
void book_drop_new_key(struct book *book);
/* For a look at a book that no server uses, or at a copy; without a key file, without people. */
LB_MUST_CHECK bool book_open_read_only(struct book *book);
/* What waits for a database waits no longer. Before the engine is closed. */
void book_stop(struct book *book);
void book_close(struct book *book);
/* The two ends of a move, without keys: a book in files that no server uses, or in a database,
 * which is only read unless it is to be left; and one that is made, under that id, when it is not
 * there. As book_open. */
LB_MUST_CHECK bool book_open_source(struct book *book, bool is_left);
LB_MUST_CHECK bool book_open_target(struct book *book, struct id id);
/* The tables of a book in a database are made, or brought up to date. Not LB_OK: it has
 * complained. */
LB_MUST_CHECK enum lb_result book_migrate(struct book *book);

/* The tables are checked against the book, which is open and the cache of one in a database: see
 * postgres/postgres.h. Any thread. */
LB_MUST_CHECK enum lb_result book_verify_tables(struct book *book, const struct postgres_stop *stop,
                                                struct postgres_finding *finding);

bool book_exists(const struct options *options);
/* An empty store under that directory, gone when it is closed. Any thread. */
LB_MUST_CHECK enum lb_result book_open_scratch(struct book *book, const char *directory,
                                               struct store **store);

/* Opens a copy of the book for reading. Any thread. */
LB_MUST_CHECK enum lb_result book_open_copy(struct book *book, const char *directory,
                                            struct store **store);

#endif
