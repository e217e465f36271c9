/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book among those in a database: found by its name, or made. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

#include <string.h>

#define SQLSTATE_NOT_UNIQUE "23505"

static const char book_find_sql[] = "SELECT book FROM lovebank_book WHERE name = $1";
static const char book_make_sql[] = "INSERT INTO lovebank_book (book, name) VALUES ($1, $2) "
                                    "ON CONFLICT (name) DO NOTHING";
/* Whoever made it: once this is committed, it is durable. */
static const char book_prove_sql[] =
    "UPDATE lovebank_book SET proofs = proofs + 1 WHERE name = $1 RETURNING book";

static enum lb_result book_get_id(struct postgres_log *log, const PGresult *result)
{
    struct bytes book;
    if (!postgres_get_bytes(result, 0, 0, &book)) {
        postgres_why(log, "there is no book \"%s\" in the database", log->name);
        return LB_CONFIG_INVALID;
    }
    if (book.size != sizeof(log->book.bytes)) {
        postgres_why(log, "the id of the book \"%s\" is damaged", log->name);
        return LB_STORAGE_CORRUPT;
    }
    memcpy(log->book.bytes, book.data, sizeof(log->book.bytes));
    return LB_OK;
}

static enum lb_result book_find(struct postgres_log *log, int64_t deadline_ns)
{
    struct postgres_values values = {.count = 0};
    postgres_add_bytes(&values, bytes_of_text(log->name));
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send_text(log, &batch, book_find_sql, &values);
    enum lb_result result = postgres_receive(log, &batch, deadline_ns);
    if (result == LB_OK) {
        result = book_get_id(log, batch.results[0]);
    }
    postgres_batch_clear(&batch);
    return result;
}

static enum lb_result book_make(struct postgres_log *log, const struct id *id, int64_t deadline_ns)
{
    struct postgres_values name = {.count = 0};
    postgres_add_bytes(&name, bytes_of_text(log->name));
    struct postgres_values row = {.count = 0};
    postgres_add_bytes(&row, bytes_of(id->bytes, sizeof(id->bytes)));
    postgres_add_bytes(&row, bytes_of_text(log->name));
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send(log, &batch, POSTGRES_BEGIN, NULL);
    postgres_send_text(log, &batch, book_make_sql, &row);
    postgres_send_text(log, &batch, book_prove_sql, &name);
    postgres_send_commit(log, &batch);
    enum lb_result result = postgres_receive(log, &batch, deadline_ns);
    if (postgres_failed_as(&batch, SQLSTATE_NOT_UNIQUE)) {
        /* Names are told apart by the statement itself: so it is the id that is there already. */
        postgres_why(log, "the database holds this bank already, under another name than \"%s\"",
                     log->name);
    }
    if (result == LB_OK && !postgres_is_committed(log, &batch)) {
        postgres_drop(log);
        result = LB_STORE_UNREACHABLE;
    }
    if (result == LB_OK) {
        result = book_get_id(log, batch.results[2]);
    }
    postgres_batch_clear(&batch);
    return result;
}

enum lb_result postgres_book_find(struct postgres_log *log, bool create, const struct id *id)
{
    struct postgres_trying trying = postgres_try(log);
    enum lb_result result = LB_OK;
    do {
        result = postgres_connect(log, trying.deadline_ns);
        if (result == LB_OK) {
            result = create ? book_make(log, id, trying.deadline_ns)
                            : book_find(log, trying.deadline_ns);
        }
        if (result == LB_OK) {
            return LB_OK;
        }
        result = postgres_again(log, result, &trying);
    } while (result == LB_OK);
    return result;
}
