/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups of the LMDB adapter: one write transaction each, on the writer's thread.
 *
 * What an error of mdb_txn_commit means in LMDB 0.9.24: it writes the changed pages, syncs them,
 * then writes and syncs the meta page that makes them count; the first error ends it. It does not
 * say which call failed, and after a sync that failed nothing may be acknowledged. So the outcome
 * is UNKNOWN, but where the error proves that a page could not be written: then nothing was synced,
 * no page of the state before was touched, and nothing of the group is or will be durable. RETRY.
 *   EFBIG, EDQUOT  come from writing alone: no sync gives EFBIG, and local file systems charge
 *                  quotas when a page is written.
 *   ENOSPC         comes from a sync too, where a volume has less than it promised to the file
 *                  system above it. It is a page's only if that file system has no room either.
 *   EIO            a short write of pages, a failed sync or a failed meta page: UNKNOWN. (A disk
 *                  that fills up gives short writes too: free_bytes_min is there so that commits
 *                  do not come to that.)
 * The meta page is written in place; should that fail for lack of space, the environment says
 * MDB_PANIC afterwards, and the outcome is UNKNOWN.
 */
#include "lmdb_store.h"

#include "base/assert.h"
#include "base/wire.h"

#include <errno.h>
#include <stdlib.h>

#define GROUP_CHANGES_START 1024
/* A changed row copies at most its leaf and, shared with its neighbours, the way up to it. */
#define GROUP_BYTES_PER_CHANGE 4096
#define GROUP_BYTES_BASE       (256u << 10)

/* ---- reading ---- */

enum lb_result lmdb_group_begin(struct store *base, struct store_group **out)
{
    struct store_lmdb *store = lmdb_of(base);
    struct store_group *group = &store->group;
    LB_ASSERT(!group->is_open);
    if (store->is_read_only || atomic_load(&store->is_broken)) {
        return LB_STORAGE_FAULT;
    }
    MDB_txn *txn = NULL;
    int rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "mdb_txn_begin", rc);
    }
    group->reads = (struct lmdb_reads){.txn = txn};
    group->change_count = 0;
    group->change_bytes = 0;
    group->is_open = true;
    group->is_failed = false;
    *out = group;
    return LB_OK;
}

enum lb_result lmdb_group_get(struct store_group *group, enum ledger_table table, struct bytes key,
                              struct bytes *value)
{
    LB_ASSERT(group->is_open && group->change_count == 0);
    return lmdb_get(group->store, &group->reads, table, key, value);
}

enum lb_result lmdb_group_seek(struct store_group *group, enum ledger_table table, struct bytes key,
                               bool at_or_after, size_t within, struct bytes *found_key,
                               struct bytes *value)
{
    LB_ASSERT(group->is_open && group->change_count == 0);
    return lmdb_seek(group->store, &group->reads, table, key, at_or_after, within, found_key,
                     value);
}

/* ---- changing ---- */

int lmdb_put(MDB_cursor *cursor, enum ledger_table table, struct bytes key, struct bytes value)
{
    MDB_val where = lmdb_val_of(key);
    MDB_val stored = {.mv_size = value.size + LMDB_CHECKSUM_BYTES};
    int rc = mdb_cursor_put(cursor, &where, &stored, MDB_RESERVE);
    if (rc == MDB_SUCCESS) {
        struct wire_writer writer = {.data = stored.mv_data, .cap = stored.mv_size};
        wire_put_bytes(&writer, value);
        wire_put_u64(&writer, lmdb_checksum(table, key, value));
        LB_ASSERT(!writer.overflow && writer.size == writer.cap);
    }
    return rc;
}

/* A cursor that stays where it wrote last finds the next key, if that is near, on its own page. */
static int group_put_at_cursor(struct store_group *group, const struct lmdb_change *change)
{
    MDB_cursor **cursor = &group->reads.cursors[change->table];
    int rc = MDB_SUCCESS;
    if (*cursor == NULL) {
        rc = mdb_cursor_open(group->reads.txn, group->store->tables[change->table], cursor);
        if (rc != MDB_SUCCESS) {
            *cursor = NULL;
            return rc;
        }
    }
    return lmdb_put(*cursor, change->table, change->key, change->value);
}

static int group_apply(struct store_group *group, const struct lmdb_change *change)
{
    if (!change->is_delete) {
        return group_put_at_cursor(group, change);
    }
    MDB_dbi dbi = group->store->tables[change->table];
    MDB_val where = lmdb_val_of(change->key);
    int rc = mdb_del(group->reads.txn, dbi, &where, NULL);
    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}

static void group_drop_txn(struct store_group *group)
{
    if (group->reads.txn != NULL) {
        lmdb_reads_close_cursors(&group->reads);
        mdb_txn_abort(group->reads.txn);
        group->reads.txn = NULL;
    }
}

/* The map was full: a transaction that met that is lost. Grows the map and makes all changes
 * again in a new one, until they fit. */
static enum lb_result group_grow(struct store_group *group)
{
    struct store_lmdb *store = group->store;
    int rc = MDB_MAP_FULL;
    while (rc == MDB_MAP_FULL) {
        group_drop_txn(group);
        enum lb_result result = lmdb_map_grow(store);
        if (result != LB_OK) {
            return result;
        }
        rc = mdb_txn_begin(store->env, NULL, 0, &group->reads.txn);
        if (rc != MDB_SUCCESS) {
            group->reads.txn = NULL;
        }
        for (size_t i = 0; rc == MDB_SUCCESS && i < group->change_count; i++) {
            rc = group_apply(group, &group->changes[i]);
        }
    }
    return lmdb_failed(store, "putting a group again after growth", rc);
}

static LB_MUST_CHECK bool group_keep_change(struct store_group *group,
                                            const struct lmdb_change *change)
{
    if (group->change_count == group->change_cap) {
        size_t cap = group->change_cap == 0 ? GROUP_CHANGES_START : group->change_cap * 2;
        struct lmdb_change *changes = reallocarray(group->changes, cap, sizeof(*changes));
        if (changes == NULL) {
            return false;
        }
        group->changes = changes;
        group->change_cap = cap;
    }
    group->changes[group->change_count++] = *change;
    group->change_bytes += change->key.size + change->value.size;
    return true;
}

static enum lb_result group_change(struct store_group *group, const struct lmdb_change *change)
{
    LB_ASSERT(group->is_open && !group->is_failed);
    LB_ASSERT(change->key.size > 0 && change->key.size <= LEDGER_KEY_BYTES_MAX);
    LB_ASSERT(group->store->has_table[change->table]);
    if (group->change_count == 0) {
        lmdb_reads_close_cursors(&group->reads); /* nothing is read from here on */
    }
    group->is_failed = true; /* until it went well */
    if (!group_keep_change(group, change)) {
        return LB_MEMORY;
    }
    int rc = group_apply(group, change);
    enum lb_result result =
        rc == MDB_MAP_FULL ? group_grow(group) : lmdb_failed(group->store, "changing a row", rc);
    group->is_failed = result != LB_OK;
    return result;
}

enum lb_result lmdb_group_put(struct store_group *group, enum ledger_table table, struct bytes key,
                              struct bytes value)
{
    return group_change(group, &(struct lmdb_change){.table = table, .key = key, .value = value});
}

enum lb_result lmdb_group_del(struct store_group *group, enum ledger_table table, struct bytes key)
{
    return group_change(group,
                        &(struct lmdb_change){.table = table, .is_delete = true, .key = key});
}

/* ---- the end ---- */

void lmdb_group_abort(struct store_group *group)
{
    LB_ASSERT(group->is_open);
    group_drop_txn(group);
    group->is_open = false;
}

struct lmdb_verdict {
    enum store_outcome outcome;
    enum lb_result why;
};

/* LMDB keeps to itself that writing the meta page failed, but begins no transaction after it. */
static bool env_is_panicked(MDB_env *env)
{
    MDB_txn *txn = NULL;
    int rc = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
    if (rc == MDB_SUCCESS) {
        mdb_txn_abort(txn);
    }
    return rc == MDB_PANIC;
}

/* Whether the error of a commit of about so many bytes proves that a page could not be written. */
static bool error_is_of_page_write(const struct store_lmdb *store, int rc, uint64_t bytes)
{
    return lmdb_is_no_space(rc) && (rc != ENOSPC || lmdb_is_disk_full(store, bytes)) &&
           !env_is_panicked(store->env);
}

static struct lmdb_verdict group_judge(struct store_lmdb *store, int rc, uint64_t bytes)
{
    enum lb_result why = lmdb_failed(store, "mdb_txn_commit", rc);
    if (why == LB_OK) {
        return (struct lmdb_verdict){STORE_COMMITTED, LB_OK};
    }
    if (error_is_of_page_write(store, rc, bytes)) {
        return (struct lmdb_verdict){STORE_RETRY, LB_STORAGE_FULL};
    }
    atomic_store(&store->is_broken, true);
    return (struct lmdb_verdict){STORE_UNKNOWN, LB_STORAGE_FAULT};
}

static struct lmdb_verdict group_commit(struct store_group *group)
{
    struct store_lmdb *store = group->store;
    uint64_t bytes = GROUP_BYTES_BASE + group->change_bytes * 2 +
                     (uint64_t)group->change_count * GROUP_BYTES_PER_CHANGE;
    if (group->change_count > 0 && !lmdb_has_space(store, bytes)) {
        return (struct lmdb_verdict){STORE_RETRY, LB_STORAGE_FULL};
    }
    lmdb_reads_close_cursors(&group->reads);
    int rc = MDB_MAP_FULL;
    do {
        rc = mdb_txn_commit(group->reads.txn);
        group->reads.txn = NULL; /* whatever came of it */
        if (rc == MDB_MAP_FULL) {
            enum lb_result result = group_grow(group);
            if (result != LB_OK) { /* nothing was written */
                bool is_broken = atomic_load(&store->is_broken);
                return (struct lmdb_verdict){is_broken ? STORE_FATAL : STORE_RETRY, result};
            }
        }
    } while (rc == MDB_MAP_FULL);
    return group_judge(store, rc, bytes);
}

void lmdb_group_commit(struct store_group *group, store_done_fn done, void *context)
{
    LB_ASSERT(group->is_open && !group->is_failed);
    struct lmdb_verdict verdict = group_commit(group);
    group_drop_txn(group);
    group->is_open = false;
    done(verdict.outcome, verdict.why, context);
}
