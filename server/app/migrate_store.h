/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebankd migrate-store FROM TO`: moves a bank between a directory and a database, either way.
 * One thread.
 */
#ifndef APP_MIGRATE_STORE_H
#define APP_MIGRATE_STORE_H

#include "app/options.h"
#include "base/log.h"

enum migrate_verdict {
    MIGRATE_DONE,    /* both hold the same */
    MIGRATE_REFUSED, /* the target is not this bank's, or somebody writes into it */
    MIGRATE_USAGE,
    MIGRATE_FAULT,
};

/* What there is to say was said, in both languages. */
enum migrate_verdict migrate_store(const struct options *options, const struct log *log,
                                   const char *from, const char *to);

#endif
