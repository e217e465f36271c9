/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups out of the database: checked as they come, and given to who lacks them, a few MiB at a
 * time. One thread.
 */
#include "postgres_private.h"

#include "base/assert.h"

enum read_column {
    READ_NUMBER,
    READ_CHAIN,
    READ_SIZE,
    READ_CHANGES,
};

static enum lb_result read_corrupt(struct postgres_log *log, uint64_t number)
{
    postgres_why(log,
                 "the book \"%s\" there does not hold what this server knows of it, or is damaged: "
                 "group %llu; is it another database, or an older copy?",
                 log->name, (unsigned long long)number);
    return LB_STORAGE_CORRUPT;
}

enum lb_result postgres_get_head(struct postgres_log *log, const PGresult *result,
                                 struct postgres_head *head)
{
    if (PQntuples(result) != 1) {
        postgres_why(log, "the book \"%s\" is not in the database any more", log->name);
        return LB_STORAGE_CORRUPT;
    }
    bool is_whole = postgres_get_number(result, 0, 0, &head->mark.number) &&
                    postgres_get_number(result, 0, 1, &head->mark.chain) &&
                    postgres_get_number(result, 0, 2, &head->entry);
    return is_whole ? LB_OK : read_corrupt(log, 0);
}

enum lb_result postgres_check_chain(struct postgres_log *log, const PGresult *result,
                                    struct shared_log_mark at)
{
    uint64_t chain = 0;
    bool is_there = postgres_get_number(result, 0, 0, &chain);
    bool is_same = at.number == 0 ? !is_there : is_there && chain == at.chain;
    return is_same ? LB_OK : read_corrupt(log, at.number);
}

void postgres_send_groups(struct postgres_log *log, struct postgres_batch *batch,
                          struct shared_log_mark at, uint64_t bytes_max)
{
    struct postgres_values chain = postgres_of_book(log);
    postgres_add_number(&chain, at.number);
    postgres_send(log, batch, POSTGRES_READ_CHAIN, &chain);
    struct postgres_values groups = postgres_of_book(log);
    postgres_add_number(&groups, at.number);
    postgres_add_number(&groups, bytes_max == 0 ? 1 : bytes_max);
    postgres_send(log, batch, POSTGRES_READ_GROUPS, &groups);
}

static bool read_mark(const PGresult *groups, int row, struct shared_log_mark *mark)
{
    return postgres_get_number(groups, row, READ_NUMBER, &mark->number) &&
           postgres_get_number(groups, row, READ_CHAIN, &mark->chain);
}

enum lb_result postgres_get_group(struct postgres_log *log, const PGresult *groups, int row,
                                  struct shared_log_group *group)
{
    struct bytes packed;
    uint64_t size = 0;
    enum lb_result result = LB_STORAGE_CORRUPT;
    *group = (struct shared_log_group){.entry_count = 0};
    if (read_mark(groups, row, &group->mark) &&
        postgres_get_number(groups, row, READ_SIZE, &size) &&
        postgres_get_bytes(groups, row, READ_CHANGES, &packed)) {
        log->is_swollen = log->is_swollen || packed.size > POSTGRES_KEPT_BYTES_MAX;
        result = postgres_unpack(&log->packing, packed, size, &group->changes);
    }
    if (result == LB_MEMORY) {
        postgres_why(log, "no memory for group %llu", (unsigned long long)group->mark.number);
    } else if (result != LB_OK) {
        postgres_why(
            log, "group %llu in the database is damaged: its bytes cannot be unpacked to its size",
            (unsigned long long)group->mark.number);
    }
    return result;
}

enum lb_result postgres_check_groups(struct postgres_log *log, const PGresult *groups,
                                     const struct postgres_head *head, struct shared_log_mark *at)
{
    const struct shared_log_mark before = *at;
    for (int row = 0; row < PQntuples(groups); row++) {
        struct shared_log_mark mark;
        if (!read_mark(groups, row, &mark) || mark.number != at->number + 1) {
            return read_corrupt(log, at->number + 1);
        }
        *at = mark;
        if (at->number == head->mark.number && at->chain != head->mark.chain) {
            return read_corrupt(log, at->number);
        }
    }
    if (at->number == before.number && at->number != head->mark.number) {
        return read_corrupt(log, at->number + 1);
    }
    return LB_OK;
}

enum lb_result postgres_take_groups(struct postgres_log *log, const PGresult *groups,
                                    struct postgres_taking *taking)
{
    for (int row = 0; row < PQntuples(groups); row++) {
        struct shared_log_group group;
        enum lb_result result = postgres_get_group(log, groups, row, &group);
        if (result == LB_OK) {
            result = taking->take(taking->context, &group);
        } else if (result == LB_STORAGE_CORRUPT) {
            postgres_report(log, "%s", log->why);
        }
        if (result != LB_OK) {
            taking->is_refused = true;
            return result;
        }
        taking->at = group.mark;
    }
    return LB_OK;
}

enum lb_result postgres_take_again(struct postgres_log *log, const struct postgres_taking *taking,
                                   enum lb_result failure, struct postgres_trying *trying)
{
    if (taking->is_refused) {
        return failure;
    }
    if (failure == LB_STORAGE_CORRUPT && taking->at.number != taking->known.number) {
        /* Groups that nobody had proven: another machine has taken over, which lacks them. */
        postgres_report(log, "groups after %llu are gone that were there a moment ago",
                        (unsigned long long)taking->known.number);
        postgres_drop(log);
        postgres_pass_host(log); /* it may be the one that was left behind */
        return LB_STORE_UNREACHABLE;
    }
    return postgres_again(log, failure, trying);
}

enum lb_result postgres_read_some(struct postgres_log *log, struct postgres_taking *taking,
                                  uint64_t bytes_max, bool *is_all, int64_t deadline_ns)
{
    enum lb_result result = postgres_connect(log, deadline_ns);
    if (result != LB_OK) {
        return result;
    }
    struct postgres_values book = postgres_of_book(log);
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send(log, &batch, POSTGRES_READ_HEAD, &book);
    postgres_send_groups(log, &batch, taking->at, bytes_max);
    result = postgres_receive(log, &batch, deadline_ns);
    struct postgres_head head;
    struct shared_log_mark last = taking->at;
    if (result == LB_OK) {
        result = postgres_get_head(log, batch.results[0], &head);
    }
    if (result == LB_OK) {
        result = postgres_check_chain(log, batch.results[1], taking->at);
    }
    if (result == LB_OK) {
        result = postgres_check_groups(log, batch.results[2], &head, &last);
    }
    if (result == LB_OK) {
        *is_all = last.number >= head.mark.number;
        result = postgres_take_groups(log, batch.results[2], taking);
    }
    postgres_batch_clear(&batch);
    postgres_drop_swollen(log);
    return result;
}

enum lb_result postgres_read(struct shared_log *base, struct shared_log_mark known,
                             uint64_t bytes_max, postgres_take_fn *take, void *context,
                             bool *is_all)
{
    struct postgres_log *log = postgres_log_of(base);
    LB_ASSERT(!log->has_turn);
    struct postgres_taking taking = {.known = known, .at = known, .take = take, .context = context};
    struct postgres_trying trying = postgres_try(log);
    enum lb_result result = LB_OK;
    do {
        result = postgres_read_some(log, &taking, bytes_max, is_all, trying.deadline_ns);
        if (result == LB_OK) {
            postgres_works(log);
            return LB_OK;
        }
        result = postgres_take_again(log, &taking, result, &trying);
    } while (result == LB_OK);
    return result;
}
