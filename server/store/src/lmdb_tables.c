/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The databases in the environment: one for each ledger table, and "store" with the header row
 * (format version, book id). At open, one thread.
 */
#include "lmdb_store.h"

#include "base/assert.h"
#include "base/wire.h"

#include <string.h>

#define TABLES_OWN_NAME  "store"
#define LMDB_TABLE_BYTES 48 /* what LMDB 0.9 keeps of a table */
#define HEADER_KEY       BYTES_LITERAL("header")
#define HEADER_BYTES     (4 + LB_REQUEST_ID_BYTES)

struct table_name {
    enum ledger_table table;
    const char *name;
};

static const struct table_name table_names[] = {
#define X(symbol, number, name, kind) {TABLE_##symbol, name},
    LEDGER_TABLE_LIST(X)
#undef X
};

#define TABLE_NAME_COUNT (sizeof(table_names) / sizeof(table_names[0]))

/*
 * Opens a table, NULL: the list of all. Ours have no flags of LMDB's; one that has was damaged, and
 * LMDB would look for keys in an order that is not theirs, perhaps without an end. LB_OK with
 * *is_there false: there is none of that name.
 */
static enum lb_result tables_open_one(struct store_lmdb *store, MDB_txn *txn, const char *name,
                                      unsigned how, MDB_dbi *table, bool *is_there)
{
    unsigned flags = 0;
    int rc = mdb_dbi_open(txn, name, how, table);
    *is_there = rc == MDB_SUCCESS;
    if (rc == MDB_NOTFOUND) {
        return LB_OK;
    }
    rc = rc != MDB_SUCCESS ? rc : mdb_dbi_flags(txn, *table, &flags);
    if (rc == MDB_SUCCESS && flags != 0) {
        lmdb_report(store, "the list of tables in data.mdb is damaged: table %s has flags %x",
                    name == NULL ? "of all" : name, flags);
        return LB_STORAGE_CORRUPT;
    }
    return lmdb_failed(store, "mdb_dbi_open", rc);
}

static enum lb_result tables_write_header(struct store_lmdb *store, MDB_txn *txn, MDB_dbi own,
                                          const struct id *book)
{
    uint8_t header[HEADER_BYTES];
    struct wire_writer writer = {.data = header, .cap = sizeof(header)};
    wire_put_u32(&writer, STORE_LMDB_FORMAT);
    wire_put_bytes(&writer, bytes_of(book->bytes, sizeof(book->bytes)));
    LB_ASSERT(!writer.overflow && writer.size == sizeof(header));
    MDB_cursor *cursor = NULL;
    int rc = mdb_cursor_open(txn, own, &cursor);
    if (rc == MDB_SUCCESS) {
        rc = lmdb_put(cursor, LMDB_OWN_TABLE, HEADER_KEY, bytes_of(header, sizeof(header)));
        mdb_cursor_close(cursor);
    }
    return lmdb_failed(store, "writing the header", rc);
}

/* Only the first four bytes mean the same in every format. */
static enum lb_result tables_read_header(struct store_lmdb *store, MDB_txn *txn, MDB_dbi own)
{
    MDB_val key = lmdb_val_of(HEADER_KEY);
    MDB_val stored;
    int rc = mdb_get(txn, own, &key, &stored);
    if (rc == MDB_NOTFOUND) {
        lmdb_report(store, "the data directory has no header");
        return LB_STORAGE_CORRUPT;
    }
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "reading the header", rc);
    }
    struct wire_reader reader = {.left = bytes_of(stored.mv_data, stored.mv_size)};
    uint32_t format = wire_get_u32(&reader);
    if (!reader.bad && format > STORE_LMDB_FORMAT) {
        lmdb_report(store, "the data directory has format %u, this program knows up to %u",
                    (unsigned)format, (unsigned)STORE_LMDB_FORMAT);
        return LB_FORMAT_NEWER;
    }
    struct bytes header;
    enum lb_result result = lmdb_value_unwrap(store, LMDB_OWN_TABLE, HEADER_KEY, &stored, &header);
    if (result != LB_OK) {
        return result;
    }
    reader.left = header;
    store->format = wire_get_u32(&reader);
    struct bytes book = wire_get_bytes(&reader, sizeof(store->book.bytes));
    if (!wire_reader_is_done(&reader) || store->format == 0) {
        lmdb_report(store, "the header of the data directory makes no sense");
        return LB_STORAGE_CORRUPT;
    }
    memcpy(store->book.bytes, book.data, book.size);
    return LB_OK;
}

/* A new environment holds nothing at all; one that holds other databases is not ours. */
static enum lb_result tables_make_header(struct store_lmdb *store, MDB_txn *txn,
                                         const struct id *book)
{
    MDB_dbi all = 0;
    MDB_stat about;
    bool is_there = false;
    enum lb_result result = tables_open_one(store, txn, NULL, 0, &all, &is_there);
    if (result != LB_OK) {
        return result;
    }
    int rc = mdb_stat(txn, all, &about);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "looking into the data directory", rc);
    }
    if (about.ms_entries != 0 || store->is_read_only) {
        lmdb_report(store, "data.mdb in the data directory is not a book");
        return LB_STORAGE_CORRUPT;
    }
    MDB_dbi own = 0;
    result = tables_open_one(store, txn, TABLES_OWN_NAME, MDB_CREATE, &own, &is_there);
    return result != LB_OK ? result : tables_write_header(store, txn, own, book);
}

/* LMDB has no checksum over its list of tables: one that it does not find there it would make anew,
 * empty. So each name in the list must be one of ours, as LMDB wrote it. */
static enum lb_result tables_check_list(struct store_lmdb *store, MDB_txn *txn)
{
    MDB_dbi all = 0;
    MDB_cursor *cursor = NULL;
    int rc = mdb_dbi_open(txn, NULL, 0, &all);
    rc = rc != MDB_SUCCESS ? rc : mdb_cursor_open(txn, all, &cursor);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "looking into the data directory", rc);
    }
    MDB_val name;
    MDB_val about;
    rc = mdb_cursor_get(cursor, &name, &about, MDB_FIRST);
    while (rc == MDB_SUCCESS) {
        struct bytes given = bytes_of(name.mv_data, name.mv_size);
        bool is_ours = bytes_equal(given, bytes_of_text(TABLES_OWN_NAME));
        for (size_t i = 0; i < TABLE_NAME_COUNT && !is_ours; i++) {
            is_ours = bytes_equal(given, bytes_of_text(table_names[i].name));
        }
        if (!is_ours || about.mv_size != LMDB_TABLE_BYTES) {
            mdb_cursor_close(cursor);
            lmdb_report(store, "the list of tables in data.mdb is damaged");
            return LB_STORAGE_CORRUPT;
        }
        rc = mdb_cursor_get(cursor, &name, &about, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? LB_OK : lmdb_failed(store, "reading the list of tables", rc);
}

static enum lb_result tables_open_all(struct store_lmdb *store, MDB_txn *txn)
{
    unsigned how = store->is_read_only ? 0 : MDB_CREATE;
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < TABLE_NAME_COUNT && result == LB_OK; i++) {
        enum ledger_table table = table_names[i].table;
        result = tables_open_one(store, txn, table_names[i].name, how, &store->tables[table],
                                 &store->has_table[table]);
    }
    return result;
}

static enum lb_result tables_open_in(struct store_lmdb *store, MDB_txn *txn, const struct id *book)
{
    MDB_dbi all = 0;
    MDB_dbi own = 0;
    bool is_there = false;
    enum lb_result result = tables_open_one(store, txn, NULL, 0, &all, &is_there);
    if (result == LB_OK) {
        result = tables_open_one(store, txn, TABLES_OWN_NAME, 0, &own, &is_there);
    }
    if (result == LB_OK && !is_there) {
        result = tables_make_header(store, txn, book);
        if (result == LB_OK) {
            result = tables_open_one(store, txn, TABLES_OWN_NAME, 0, &own, &is_there);
        }
    }
    if (result != LB_OK) {
        return result;
    }
    store->tables[LMDB_OWN_TABLE] = own;
    store->has_table[LMDB_OWN_TABLE] = true;
    result = tables_read_header(store, txn, own);
    if (result == LB_OK) {
        result = tables_check_list(store, txn);
    }
    return result != LB_OK ? result : tables_open_all(store, txn);
}

enum lb_result lmdb_tables_open(struct store_lmdb *store, const struct id *book)
{
    MDB_txn *txn = NULL;
    int rc = mdb_txn_begin(store->env, NULL, store->is_read_only ? MDB_RDONLY : 0, &txn);
    if (rc != MDB_SUCCESS) {
        return lmdb_failed(store, "mdb_txn_begin", rc);
    }
    enum lb_result result = tables_open_in(store, txn, book);
    if (result != LB_OK) {
        mdb_txn_abort(txn);
        return result;
    }
    /* Committed even when only read: that keeps the handles. */
    return lmdb_failed(store, "committing the tables", mdb_txn_commit(txn));
}
