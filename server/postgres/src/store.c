/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A store over a log in PostgreSQL: the two put together. One thread.
 */
#include "postgres_private.h"
#include "store/shared.h"

enum lb_result postgres_open(const struct postgres_options *options,
                             const struct store_journaled_options *cache, struct store **store)
{
    struct store_journaled_options of_book = *cache;
    struct shared_log *log = NULL;
    enum lb_result result = postgres_log_open(options, &of_book.lmdb.book, &log);
    if (result != LB_OK) {
        return result;
    }
    result = store_shared_open(&of_book, log, store);
    if (result != LB_OK) {
        log->ops->close(log);
    }
    return result;
}
