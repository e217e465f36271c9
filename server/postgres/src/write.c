/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The end of a turn: the next group, or a proof, and the COMMIT, in one round trip. Only a COMMIT
 * that comes back without a word beside it counts: the server warns when it gave up waiting for a
 * standby. It does not when it was told to wait for none any more: so its settings are looked at
 * before and after. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

#include <string.h>

/* With no more than that all statements go out in one piece: libpq sends what fills 8 KiB. */
#define WHOLE_BYTES_MAX 4096

/* ---- sending ---- */

/* The statement whose count of rows says that the head row was there. */
static size_t send_group(struct postgres_log *log, struct postgres_batch *batch,
                         const struct shared_log_group *group, struct bytes packed)
{
    struct bytes book = bytes_of(log->book.bytes, sizeof(log->book.bytes));
    struct postgres_values put = {.count = 0};
    postgres_add_bytes(&put, book);
    postgres_add_number(&put, group->mark.number);
    postgres_add_number(&put, group->mark.chain);
    postgres_add_number(&put, group->changes.size);
    postgres_add_bytes(&put, packed);
    postgres_send(log, batch, POSTGRES_PUT_GROUP, &put);
    struct postgres_values move = {.count = 0};
    postgres_add_bytes(&move, book);
    postgres_add_number(&move, group->mark.number);
    postgres_add_number(&move, group->mark.chain);
    postgres_add_number(&move, group->entry_count > 0 ? group->entry : log->head.entry);
    postgres_add_number(&move, group->entry_count);
    size_t at = batch->sent;
    postgres_send(log, batch, POSTGRES_MOVE_HEAD, &move);
    return at;
}

static size_t send_proof(struct postgres_log *log, struct postgres_batch *batch)
{
    struct postgres_values values = postgres_of_book(log);
    size_t at = batch->sent;
    postgres_send(log, batch, POSTGRES_PROVE, &values);
    return at;
}

/* ---- the end ---- */

/* Sends the COMMIT and waits for all. `moved`: as send_group. LB_OK: it is durable. Otherwise there
 * is no connection any more; STORE_UNREACHABLE: not known. */
static enum lb_result write_commit(struct postgres_log *log, struct postgres_batch *batch,
                                   size_t moved, int64_t deadline_ns)
{
    size_t before = batch->sent;
    postgres_send(log, batch, POSTGRES_SETTINGS, NULL);
    postgres_send_commit(log, batch);
    size_t after = batch->sent;
    postgres_send(log, batch, POSTGRES_SETTINGS, NULL);
    log->has_turn = false;
    enum lb_result result = postgres_receive(log, batch, deadline_ns);
    if (result != LB_OK) {
        return result;
    }
    result = postgres_check_settings_around(log, batch->results[before], batch->results[after]);
    if (result == LB_OK && strcmp(PQcmdTuples(batch->results[moved]), "1") != 0) {
        postgres_why(log, "the row of the book \"%s\" is not what it was", log->name);
        result = LB_STORE_UNREACHABLE;
    }
    if (result == LB_OK && !postgres_is_committed(log, batch)) {
        result = LB_STORE_UNREACHABLE; /* `why` is the warning that came with it */
    }
    if (result != LB_OK) {
        postgres_drop(log);
    }
    return result;
}

/* What a write answers that did not get through. What else there is to say the next turn does. */
static enum lb_result write_refused(struct postgres_log *log, const struct postgres_batch *batch,
                                    enum lb_result result)
{
    bool is_before_commit = batch->failed < batch->commit;
    postgres_report(log, "a group was %s: %s",
                    is_before_commit ? "refused" : "sent, and whether it is durable is not known",
                    log->why);
    if (is_before_commit && result == LB_STORAGE_FULL) {
        return LB_STORAGE_FULL; /* the transaction had failed before its COMMIT */
    }
    if (is_before_commit && result != LB_STORE_UNREACHABLE) {
        log->refusal = result;
    }
    return LB_STORAGE_CONFLICT;
}

/* Too large, or no memory: then the turn is left, and nothing is sent. */
static enum lb_result write_pack(struct postgres_log *log, const struct shared_log_group *group,
                                 struct bytes *packed)
{
    enum lb_result result = LB_STORAGE_FULL;
    if (group->changes.size <= POSTGRES_CHANGES_MAX) {
        result = postgres_pack(&log->packing, group->changes, packed);
    }
    if (result == LB_OK) {
        return LB_OK;
    }
    postgres_leave(&log->base);
    if (result == LB_STORAGE_FULL) {
        postgres_report(log, "a group is larger than the %u MiB that the database takes at once",
                        POSTGRES_CHANGES_MAX >> 20);
        return LB_STORAGE_FULL;
    }
    postgres_report(log, "no memory to send a group to the database");
    log->refusal = result;
    return LB_STORAGE_CONFLICT;
}

enum lb_result postgres_write(struct shared_log *base, const struct shared_log_group *group)
{
    struct postgres_log *log = postgres_log_of(base);
    struct bytes packed = {NULL, 0};
    LB_ASSERT(log->has_turn);
    LB_ASSERT(group == NULL || group->mark.number == log->head.mark.number + 1);
    enum lb_result result = group == NULL ? LB_OK : write_pack(log, group, &packed);
    if (result != LB_OK) {
        return result;
    }
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    batch.is_stepwise = packed.size > WHOLE_BYTES_MAX;
    size_t moved = group == NULL ? send_proof(log, &batch) : send_group(log, &batch, group, packed);
    log->is_swollen = log->is_swollen || packed.size > POSTGRES_KEPT_BYTES_MAX;
    result = write_commit(log, &batch, moved, postgres_deadline(log->reach_ms));
    if (result != LB_OK) {
        result = write_refused(log, &batch, result);
    }
    postgres_batch_clear(&batch);
    postgres_drop_swollen(log);
    return result;
}

/* ---- proofs without a turn ---- */

static enum lb_result prove_try(struct postgres_log *log, struct shared_log_mark known,
                                int64_t deadline_ns)
{
    enum lb_result result = postgres_connect(log, deadline_ns);
    if (result != LB_OK) {
        return result;
    }
    struct postgres_values chain = postgres_of_book(log);
    postgres_add_number(&chain, known.number);
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send(log, &batch, POSTGRES_BEGIN, NULL);
    size_t moved = send_proof(log, &batch); /* with the lock of the row, hence what follows holds */
    size_t at = batch.sent;
    postgres_send(log, &batch, POSTGRES_READ_CHAIN, &chain);
    result = write_commit(log, &batch, moved, deadline_ns);
    if (result == LB_OK) {
        result = postgres_check_chain(log, batch.results[at], known);
    }
    postgres_batch_clear(&batch);
    return result;
}

enum lb_result postgres_prove(struct shared_log *base, struct shared_log_mark known)
{
    struct postgres_log *log = postgres_log_of(base);
    LB_ASSERT(!log->has_turn);
    struct postgres_trying trying = postgres_try(log);
    enum lb_result result = LB_OK;
    do {
        result = prove_try(log, known, trying.deadline_ns);
        if (result == LB_OK) {
            postgres_works(log);
            return LB_OK;
        }
        result = postgres_again(log, result, &trying);
    } while (result == LB_OK);
    return result;
}
