/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A store over a log in PostgreSQL: the two put together. One thread.
 */
#include "journaled_shared.h"
#include "postgres.h"

enum lb_result store_postgres_open(const struct store_postgres_options *options,
                                   const struct store_journaled_options *cache,
                                   struct store **store)
{
    struct store_journaled_options of_book = *cache;
    struct shared_log *log = NULL;
    enum lb_result result = store_postgres_log_open(options, &of_book.lmdb.book, &log);
    if (result != LB_OK) {
        return result;
    }
    result = journaled_open_shared(&of_book, log, store);
    if (result != LB_OK) {
        log->ops->close(log);
    }
    return result;
}
