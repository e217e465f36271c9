/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebankd migrate-store FROM TO`: copies a bank between a directory and a database, either way,
 * and makes the switch. One thread.
 */
#ifndef APP_MIGRATE_STORE_H
#define APP_MIGRATE_STORE_H

#include "app/options.h"
#include "base/log.h"

enum migrate_act {
    MIGRATE_COPY,   /* the source stays the book */
    MIGRATE_SWITCH, /* the target becomes it, and the source is left */
    MIGRATE_UNDO,   /* a switch is given up */
};

enum migrate_verdict {
    MIGRATE_DONE,    /* both hold the same; undone: the source is the book again */
    MIGRATE_REFUSED, /* the target is not this bank's, or somebody writes into it */
    MIGRATE_USAGE,
    MIGRATE_FAULT,
};

/* What there is to say was said, in both languages. */
enum migrate_verdict migrate_store(const struct options *options, const struct log *log,
                                   enum migrate_act act, const char *from, const char *to);

#endif
