/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reading: gets and seeks in a transaction, the checksum of every value, and snapshots.
 * A transaction is used by one thread at a time; snapshots are opened and closed on any.
 */
#include "lmdb_store.h"

#include "base/assert.h"
#include "base/wire.h"
#include "hash.h"

#include <stdlib.h>

uint64_t lmdb_checksum(enum ledger_table table, struct bytes key, struct bytes value)
{
    return hash_seeded(value, hash_seeded(key, (uint64_t)table));
}

/* The value without its checksum, if that is right. */
enum lb_result lmdb_value_unwrap(const struct store_lmdb *store, enum ledger_table table,
                                 struct bytes key, const MDB_val *stored, struct bytes *value)
{
    if (stored->mv_size >= LMDB_CHECKSUM_BYTES) {
        struct bytes content = bytes_of(stored->mv_data, stored->mv_size - LMDB_CHECKSUM_BYTES);
        struct wire_reader reader = {
            .left = bytes_of(content.data + content.size, LMDB_CHECKSUM_BYTES)};
        if (wire_get_u64(&reader) == lmdb_checksum(table, key, content)) {
            *value = content;
            return LB_OK;
        }
    }
    lmdb_report(store, "a row of table %d (key of %zu bytes) does not match its checksum",
                (int)table, key.size);
    return LB_STORAGE_CORRUPT;
}

MDB_val lmdb_val_of(struct bytes bytes)
{
    /* LMDB takes keys as pointers to mutable bytes and does not change them. */
    union {
        const uint8_t *data;
        void *mutable_data;
    } pointer = {.data = bytes.data};
    return (MDB_val){.mv_size = bytes.size, .mv_data = pointer.mutable_data};
}

enum lb_result lmdb_get(const struct store_lmdb *store, struct lmdb_reads *reads,
                        enum ledger_table table, struct bytes key, struct bytes *value)
{
    LB_ASSERT(key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX);
    if (!store->has_table[table]) {
        return LB_ENTRY_UNKNOWN;
    }
    MDB_val wanted = lmdb_val_of(key);
    MDB_val stored;
    int rc = mdb_get(reads->txn, store->tables[table], &wanted, &stored);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "mdb_get", rc);
    }
    return lmdb_value_unwrap(store, table, key, &stored, value);
}

/* LMDB seeks forwards only: the last row at or before is the one found, if it is the key's own, or
 * the one before it. It also knows no empty key. */
static int cursor_seek(MDB_cursor *cursor, struct bytes key, bool at_or_after, MDB_val *found,
                       MDB_val *stored)
{
    if (key.size == 0) {
        return at_or_after ? mdb_cursor_get(cursor, found, stored, MDB_FIRST) : MDB_NOTFOUND;
    }
    *found = lmdb_val_of(key);
    int rc = mdb_cursor_get(cursor, found, stored, MDB_SET_RANGE);
    if (at_or_after) {
        return rc;
    }
    if (rc == MDB_NOTFOUND) {
        return mdb_cursor_get(cursor, found, stored, MDB_LAST);
    }
    if (rc == MDB_SUCCESS && !bytes_equal(bytes_of(found->mv_data, found->mv_size), key)) {
        return mdb_cursor_get(cursor, found, stored, MDB_PREV);
    }
    return rc;
}

enum lb_result lmdb_seek(const struct store_lmdb *store, struct lmdb_reads *reads,
                         enum ledger_table table, struct bytes key, bool at_or_after, size_t within,
                         struct bytes *found_key, struct bytes *value)
{
    LB_ASSERT(key.size <= LEDGER_KEY_BYTES_MAX);
    if (!store->has_table[table]) {
        return LB_ENTRY_UNKNOWN;
    }
    MDB_cursor **cursor = &reads->cursors[table];
    if (*cursor == NULL) {
        int rc = mdb_cursor_open(reads->txn, store->tables[table], cursor);
        if (rc != MDB_SUCCESS) {
            *cursor = NULL;
            return lmdb_failed(store, "mdb_cursor_open", rc);
        }
    }
    MDB_val found;
    MDB_val stored;
    int rc = cursor_seek(*cursor, key, at_or_after, &found, &stored);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "mdb_cursor_get", rc);
    }
    *found_key = bytes_of(found.mv_data, found.mv_size);
    if (!bytes_has_prefix(*found_key, bytes_of(key.data, within))) {
        return LB_ENTRY_UNKNOWN;
    }
    return lmdb_value_unwrap(store, table, *found_key, &stored, value);
}

void lmdb_reads_close_cursors(struct lmdb_reads *reads)
{
    for (size_t i = 0; i < LMDB_TABLE_SLOTS; i++) {
        if (reads->cursors[i] != NULL) {
            mdb_cursor_close(reads->cursors[i]);
            reads->cursors[i] = NULL;
        }
    }
}

/* Slots of processes that died stay taken until somebody looks. */
static int snapshot_begin(struct store_lmdb *store, MDB_txn **txn)
{
    int rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, txn);
    if (rc == MDB_READERS_FULL) {
        int dead = 0;
        rc = mdb_reader_check(store->env, &dead);
        if (rc == MDB_SUCCESS) {
            rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, txn);
        }
    }
    return rc;
}

enum lb_result lmdb_snapshot_open(struct store *base, struct store_snapshot **out)
{
    struct store_lmdb *store = lmdb_of(base);
    struct store_snapshot *snapshot = malloc(sizeof(*snapshot));
    if (snapshot == NULL) {
        return LB_MEMORY;
    }
    *snapshot = (struct store_snapshot){.store = store};
    lmdb_gate_enter(store);
    enum lb_result result = LB_STORAGE_FAULT;
    if (!atomic_load(&store->is_broken)) {
        int rc = snapshot_begin(store, &snapshot->reads.txn);
        result = lmdb_failed(store, "mdb_txn_begin", rc);
    }
    if (result != LB_OK) {
        lmdb_gate_leave(store);
        free(snapshot);
        return result;
    }
    *out = snapshot;
    return LB_OK;
}

enum lb_result lmdb_snapshot_get(struct store_snapshot *snapshot, enum ledger_table table,
                                 struct bytes key, struct bytes *value)
{
    return lmdb_get(snapshot->store, &snapshot->reads, table, key, value);
}

enum lb_result lmdb_snapshot_seek(struct store_snapshot *snapshot, enum ledger_table table,
                                  struct bytes key, bool at_or_after, size_t within,
                                  struct bytes *found_key, struct bytes *value)
{
    return lmdb_seek(snapshot->store, &snapshot->reads, table, key, at_or_after, within, found_key,
                     value);
}

void lmdb_snapshot_close(struct store_snapshot *snapshot)
{
    struct store_lmdb *store = snapshot->store;
    lmdb_reads_close_cursors(&snapshot->reads);
    mdb_txn_abort(snapshot->reads.txn);
    free(snapshot);
    lmdb_gate_leave(store);
}
