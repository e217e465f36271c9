/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Turns: a transaction that holds the lock of the book's row. What is lacking comes in the same
 * round trip, if it is little; if it is much, it is read first, while others may write. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

void postgres_leave(struct shared_log *base)
{
    struct postgres_log *log = postgres_log_of(base);
    if (!log->has_turn) {
        return;
    }
    log->has_turn = false;
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send(log, &batch, POSTGRES_ROLLBACK, NULL);
    /* Should it fail, the connection is dropped, and the turn is over with it. */
    (void)!postgres_receive(log, &batch, postgres_deadline(POSTGRES_SILENCE_MS));
    postgres_batch_clear(&batch);
}

/* What a turn found. *is_all: the groups go as far as the head. */
static enum lb_result turn_check(struct postgres_log *log, const struct postgres_batch *batch,
                                 const struct postgres_taking *taking, bool *is_all)
{
    struct shared_log_mark last = taking->at;
    enum lb_result result = postgres_get_head(log, batch->results[1], &log->head);
    if (result == LB_OK) {
        result = postgres_check_chain(log, batch->results[2], taking->at);
    }
    if (result == LB_OK) {
        result = postgres_check_groups(log, batch->results[3], &log->head, &last);
    }
    *is_all = last.number == log->head.mark.number;
    return result;
}

/* Takes the turn, and the groups that come with it. If these are not all, the turn is given up. */
static enum lb_result turn_begin(struct postgres_log *log, struct postgres_taking *taking,
                                 bool *is_all, int64_t deadline_ns)
{
    enum lb_result result = postgres_connect(log, deadline_ns);
    if (result != LB_OK) {
        return result;
    }
    struct postgres_values book = postgres_of_book(log);
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send(log, &batch, POSTGRES_BEGIN, NULL);
    postgres_send(log, &batch, POSTGRES_LOCK_HEAD, &book);
    postgres_send_groups(log, &batch, taking->at, POSTGRES_TURN_BYTES_MAX);
    result = postgres_receive(log, &batch, deadline_ns);
    if (result == LB_OK) {
        log->has_turn = true;
        result = turn_check(log, &batch, taking, is_all);
        if (result != LB_OK || !*is_all) {
            postgres_leave(&log->base);
        }
    }
    if (result == LB_OK) {
        result = postgres_take_groups(log, batch.results[3], taking);
        if (result != LB_OK) {
            postgres_leave(&log->base);
        }
    }
    postgres_batch_clear(&batch);
    return result;
}

/* Much is lacking: reads it. */
static enum lb_result turn_catch_up(struct postgres_log *log, struct postgres_taking *taking)
{
    enum lb_result result = LB_OK;
    bool is_all = false;
    while (result == LB_OK && !is_all) {
        result = postgres_read_some(log, taking, POSTGRES_TURN_BYTES_MAX, &is_all,
                                    postgres_deadline(log->reach_ms));
    }
    return result;
}

enum lb_result postgres_turn(struct shared_log *base, struct shared_log_mark known,
                             postgres_take_fn *take, void *context)
{
    struct postgres_log *log = postgres_log_of(base);
    LB_ASSERT(!log->has_turn);
    if (log->refusal != LB_OK) {
        enum lb_result refusal = log->refusal;
        log->refusal = LB_OK;
        return refusal;
    }
    struct postgres_taking taking = {.known = known, .at = known, .take = take, .context = context};
    struct postgres_trying trying = postgres_try(log);
    for (;;) {
        bool is_all = false;
        enum lb_result result = turn_begin(log, &taking, &is_all, trying.deadline_ns);
        if (result == LB_OK && is_all) {
            postgres_works(log);
            return LB_OK;
        }
        if (result == LB_OK) {
            result = turn_catch_up(log, &taking);
            trying.deadline_ns = postgres_deadline(log->reach_ms); /* it came on */
        }
        if (result != LB_OK) {
            result = postgres_take_again(log, &taking, result, &trying);
        }
        if (result != LB_OK) {
            return result;
        }
    }
}
