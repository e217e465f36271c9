/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tables of a book, checked against themselves and against a cache: groups without gaps up to
 * the head, their chain; the entries in them without gaps, and with the cache's bytes where that
 * has them. All in one snapshot of the database, some rows at a time; of the cache only while these
 * are compared. Any thread, with a connection of its own.
 */
#include "postgres_private.h"

#include "base/assert.h"
#include "store/change.h"
#include "store/shared.h"

#include <inttypes.h>
#include <string.h>

/* It holds no lock, and nobody waits for it. */
static const char *const verify_begin_sql[] = {
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
};

/* Every function below that returns lb_result gives LB_OK also when it found a problem: then that
 * is in the finding, and nothing more is to be checked. */
struct tables_verify {
    struct postgres_log *log;
    const struct postgres_stop *stop;
    struct postgres_finding *finding;
    struct store *cache;
    struct shared_log_mark applied; /* groups up to here made the cache's main file */
    struct postgres_head head;
    struct shared_log_mark at;       /* groups up to here are as they should be */
    uint64_t entry;                  /* and the entries in them up to here */
    struct store_snapshot *snapshot; /* of the cache; NULL: between the pages */
};

/* ---- what was found ---- */

static bool verify_has_problem(const struct tables_verify *verify)
{
    return verify->finding->problem[0] != '\0';
}

static void tell_group(struct tables_verify *verify, uint64_t number, const char *zh,
                       const char *en)
{
    (void)snprintf(verify->finding->problem, sizeof(verify->finding->problem),
                   "数据库表 lovebank_group 第 %" PRIu64 " 组：%s / table lovebank_group, group "
                   "%" PRIu64 ": %s",
                   number, zh, number, en);
}

static void tell_entry(struct tables_verify *verify, uint64_t group, uint64_t number)
{
    (void)snprintf(verify->finding->problem, sizeof(verify->finding->problem),
                   "数据库表 lovebank_group 第 %" PRIu64 " 组：第 %" PRIu64
                   " 号账与本机缓存里核对过的不同 / table lovebank_group, group %" PRIu64
                   ": its entry %" PRIu64 " is not the one of the cache",
                   group, number, group, number);
}

static void tell_head(struct tables_verify *verify, const char *zh, const char *en)
{
    (void)snprintf(verify->finding->problem, sizeof(verify->finding->problem),
                   "数据库表 lovebank_book，账首：%s / table lovebank_book, the head: %s", zh, en);
}

/* ---- entries ---- */

/* An entry of the group being checked: the next one, and the cache's, if that has come as far. */
static enum lb_result entry_check(struct tables_verify *verify, uint64_t group,
                                  const struct store_change *change)
{
    struct wire_reader key = {.left = change->key};
    const uint64_t number = wire_get_u64(&key);
    if (change->is_deleted || !wire_reader_is_done(&key) || number != verify->entry + 1) {
        tell_group(verify, group, "里面的账号不连续", "the numbers of its entries do not go on");
        return LB_OK;
    }
    struct bytes cached;
    enum lb_result result =
        verify->cache->ops->snapshot_get(verify->snapshot, TABLE_ENTRY, change->key, &cached);
    if (result == LB_OK && !bytes_equal(change->value, cached)) {
        tell_entry(verify, group, number);
        return LB_OK;
    }
    verify->entry = number;
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

/* ---- groups ---- */

static enum lb_result group_check_entries(struct tables_verify *verify, uint64_t number,
                                          struct bytes changes)
{
    struct wire_reader reader = {.left = changes};
    enum lb_result result = LB_OK;
    while (result == LB_OK && !verify_has_problem(verify) && reader.left.size > 0) {
        struct store_change change;
        if (!store_change_next(&reader, &change)) {
            tell_group(verify, number, "内容读不懂", "its bytes are no changes");
            return LB_OK;
        }
        if (change.table == TABLE_ENTRY) {
            result = entry_check(verify, number, &change);
        }
    }
    return result;
}

static enum lb_result group_check(struct tables_verify *verify, const PGresult *groups, int row)
{
    struct shared_log_group group;
    const struct shared_log_mark *mark = &group.mark;
    const uint64_t due = verify->at.number + 1;
    const enum lb_result result = postgres_get_group(verify->log, groups, row, &group);
    if (result != LB_OK && result != LB_STORAGE_CORRUPT) {
        return result;
    }
    if (due > verify->head.mark.number) {
        tell_group(verify, mark->number, "多出来的：账首还没有到这里",
                   "it is beyond the book's head");
    } else if (mark->number != due) {
        tell_group(verify, due, "没有这一行", "there is no such row");
    } else if (result != LB_OK) {
        tell_group(verify, due, "内容解不开", "its bytes cannot be unpacked to its size");
    } else if (mark->chain != shared_log_chain(verify->at.chain, group.changes)) {
        tell_group(verify, due, "内容与链值不符", "its bytes and its chain value do not agree");
    } else if (due == verify->applied.number && mark->chain != verify->applied.chain) {
        tell_group(verify, due, "与本机缓存里已落定的不是同一组",
                   "it is not the one that the cache has as durable");
    }
    if (verify_has_problem(verify)) {
        return LB_OK;
    }
    verify->at = *mark;
    return group_check_entries(verify, due, group.changes);
}

static enum lb_result groups_check(struct tables_verify *verify, const PGresult *groups)
{
    struct store *cache = verify->cache;
    enum lb_result result = cache->ops->snapshot_open(cache, &verify->snapshot);
    if (result != LB_OK) {
        return result;
    }
    for (int row = 0; result == LB_OK && !verify_has_problem(verify) && row < PQntuples(groups);
         row++) {
        result = group_check(verify, groups, row);
    }
    cache->ops->snapshot_close(verify->snapshot);
    verify->snapshot = NULL;
    return result;
}

static enum lb_result groups_check_some(struct tables_verify *verify, bool *is_end)
{
    struct postgres_log *log = verify->log;
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send_groups(log, &batch, verify->at, POSTGRES_TURN_BYTES_MAX);
    enum lb_result result = postgres_receive(log, &batch, postgres_deadline(log->reach_ms));
    if (result == LB_OK) {
        const PGresult *groups = batch.results[1];
        *is_end = PQntuples(groups) == 0;
        result = groups_check(verify, groups);
    }
    postgres_batch_clear(&batch);
    postgres_packing_trim(&log->packing);
    return result;
}

/* ---- the whole ---- */

/* The head says what the last group was. */
static void verify_end(struct tables_verify *verify)
{
    if (verify->at.number < verify->head.mark.number) {
        tell_group(verify, verify->at.number + 1, "没有这一行", "there is no such row");
    } else if (verify->at.chain != verify->head.mark.chain) {
        tell_head(verify, "链值不是最后一组的", "its chain value is not that of the last group");
    } else if (verify->entry != verify->head.entry) {
        tell_head(verify, "账数与各组里的不同", "its number of entries is not that of the groups");
    }
}

static enum lb_result verify_begin(struct tables_verify *verify, int64_t deadline_ns)
{
    struct postgres_log *log = verify->log;
    enum lb_result result = postgres_connect(log, deadline_ns);
    if (result != LB_OK) {
        return result;
    }
    struct postgres_values book = postgres_of_book(log);
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send_text(log, &batch, verify_begin_sql[0], NULL);
    postgres_send_text(log, &batch, verify_begin_sql[1], NULL);
    postgres_send(log, &batch, POSTGRES_READ_HEAD, &book);
    result = postgres_receive(log, &batch, deadline_ns);
    if (result == LB_OK) {
        result = postgres_get_head(log, batch.results[2], &verify->head);
    }
    postgres_batch_clear(&batch);
    return result;
}

/* At a host that was not left behind. */
static enum lb_result verify_begin_somewhere(struct tables_verify *verify)
{
    struct postgres_log *log = verify->log;
    struct postgres_trying trying = postgres_try(log);
    enum lb_result result = LB_OK;
    do {
        result = verify_begin(verify, trying.deadline_ns);
        if (result == LB_OK && verify->head.mark.number < verify->applied.number &&
            log->place.host_count > 1) {
            postgres_why(log, "the database lacks groups that the cache has as durable");
            result = LB_STORAGE_CORRUPT;
        }
        if (result == LB_OK) {
            return LB_OK;
        }
        result = postgres_again(log, result, &trying);
    } while (result == LB_OK);
    return result;
}

static enum lb_result verify_all(struct tables_verify *verify)
{
    enum lb_result result = verify_begin_somewhere(verify);
    if (result != LB_OK) {
        return result;
    }
    if (verify->head.mark.number < verify->applied.number) {
        tell_head(verify, "比本机缓存里已落定的少",
                  "it lacks groups that the cache has as durable");
    }
    bool is_end = false;
    while (result == LB_OK && !verify_has_problem(verify) && !is_end) {
        const struct postgres_stop *stop = verify->stop;
        bool is_stopped = stop->is_wanted != NULL && stop->is_wanted(stop->context);
        result = is_stopped ? LB_SHUTTING_DOWN : groups_check_some(verify, &is_end);
    }
    if (result == LB_OK && !verify_has_problem(verify)) {
        verify_end(verify);
    }
    if (result != LB_OK && result != LB_SHUTTING_DOWN) {
        postgres_report(verify->log, "the tables could not be checked to their end: %s",
                        verify->log->why);
    }
    return result;
}

enum lb_result postgres_verify(const struct postgres_options *options, struct store *cache,
                               const struct postgres_stop *stop, struct postgres_finding *finding)
{
    struct shared_log_mark applied;
    struct shared_log *log = NULL;
    struct id book;
    const struct id of_cache = store_journaled_book(cache);
    LB_ASSERT(!options->create);
    *finding = (struct postgres_finding){.groups = 0};
    enum lb_result result = store_shared_applied(cache, &applied);
    if (result == LB_OK) { /* first the cache: the database has no less by then */
        result = postgres_log_open(options, &book, &log);
    }
    if (result != LB_OK) {
        return result;
    }
    struct tables_verify verify = {
        .log = postgres_log_of(log),
        .stop = stop,
        .finding = finding,
        .cache = cache,
        .applied = applied,
    };
    if (id_equal(&book, &of_cache)) {
        result = verify_all(&verify);
    } else {
        postgres_report(verify.log, "the directory is the cache of another book than \"%s\"",
                        verify.log->name);
        result = LB_DIRECTORY_EXISTS;
    }
    finding->groups = verify.at.number;
    finding->entries = verify.entry;
    log->ops->close(log);
    return result;
}
