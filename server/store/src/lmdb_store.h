/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the parts of the LMDB adapter share: the store's struct, the gate that guards the map, and
 * the functions of each part. See store/lmdb.h for the rules.
 */
#ifndef STORE_SRC_LMDB_STORE_H
#define STORE_SRC_LMDB_STORE_H

#include "lmdb_inner.h"
#include "store/lmdb.h"
#include "store/store.h"

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LMDB_TABLE_SLOTS    (LEDGER_TABLE_NUMBER_MAX + 1)
#define LMDB_CHECKSUM_BYTES 8

/* A transaction that is read, with a cursor for each table that was sought in. */
struct lmdb_reads {
    MDB_txn *txn;
    MDB_cursor *cursors[LMDB_TABLE_SLOTS];
};

/* One put or delete; the bytes are the caller's until the group is over. */
struct lmdb_change {
    enum ledger_table table;
    bool is_delete;
    struct bytes key;
    struct bytes value;
};

struct store_group {
    struct store_lmdb *store;
    struct lmdb_reads reads;
    struct lmdb_change *changes; /* in order, to be put again after the map has grown */
    size_t change_count;
    size_t change_cap;
    uint64_t change_bytes; /* keys and values */
    bool is_open;
    bool is_failed; /* a put or delete failed: only abort is left */
};

struct store_snapshot {
    struct store_lmdb *store;
    struct lmdb_reads reads;
};

/*
 * Invariants: the map is replaced only with the gate closed, no snapshot open and no write
 * transaction. is_broken is set once and never cleared: LMDB's state or the disk's is not known.
 */
struct store_lmdb {
    struct store base;
    MDB_env *env;
    MDB_dbi tables[LMDB_TABLE_SLOTS];
    bool has_table[LMDB_TABLE_SLOTS]; /* a read-only directory of an older program may lack some */
    int directory_fd;
    int lock_fd; /* -1: a copy without LOCK */
    bool is_read_only;
    struct id book;
    uint32_t format;
    uint64_t map_bytes_max;
    uint64_t free_bytes_min;
    void (*report)(void *context, const char *message);
    void *report_context;
    atomic_bool is_broken;
    struct store_group group; /* the only one */
    pthread_mutex_t gate_lock;
    pthread_cond_t gate_moved;
    bool is_gate_closed;     /* new snapshots wait; under gate_lock */
    uint64_t snapshot_count; /* under gate_lock */
};

struct store_lmdb *lmdb_of(struct store *store);

/* ---- lmdb_error.c ---- */

/* The one place where LMDB's errors and errno become results. 0 is LB_OK. */
LB_MUST_CHECK enum lb_result lmdb_result(int rc);
/* Whether the error says that no page could be written, for lack of space. */
bool lmdb_is_no_space(int rc);
/* Tells the operator what failed, if it is a fault, and gives the result. */
LB_MUST_CHECK enum lb_result lmdb_failed(const struct store_lmdb *store, const char *what, int rc);
void lmdb_report(const struct store_lmdb *store, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- lmdb_directory.c ---- */

/* Opens, makes if wanted, checks and locks the directory: sets directory_fd and lock_fd, which
 * lmdb_directory_close closes, after a failure too. */
LB_MUST_CHECK enum lb_result lmdb_directory_open(struct store_lmdb *store, const char *path,
                                                 enum store_lmdb_mode mode);
/* Says in LOCK, durably, that the directory holds a book from now on. */
LB_MUST_CHECK enum lb_result lmdb_directory_mark_book(const struct store_lmdb *store);
/* The same in a new LOCK of a directory that a copy is made in. */
LB_MUST_CHECK enum lb_result lmdb_directory_mark_copy(const struct store_lmdb *store,
                                                      int directory_fd);
/* Takes away what a crash left of a book that was never made. false: there is no such thing. */
LB_MUST_CHECK bool lmdb_directory_drop_unmade(const struct store_lmdb *store);
/* Makes the names in the directory, and the directory's own, durable. */
LB_MUST_CHECK enum lb_result lmdb_directory_sync(const struct store_lmdb *store, const char *path);
void lmdb_directory_close(struct store_lmdb *store);
/* Takes away all names of a scratch directory. */
void lmdb_directory_unlink(const struct store_lmdb *store, const char *path);

/* ---- lmdb_map.c ---- */

/* Waits while the gate is closed, then counts a snapshot in. */
void lmdb_gate_enter(struct store_lmdb *store);
void lmdb_gate_leave(struct store_lmdb *store);
/* Doubles the map, when all snapshots are closed. No transaction may be open on this thread.
 * STORAGE_FULL: it may not, or cannot, grow. */
LB_MUST_CHECK enum lb_result lmdb_map_grow(struct store_lmdb *store);
/* false: writing so many bytes would leave less than free_bytes_min. */
bool lmdb_has_space(const struct store_lmdb *store, uint64_t bytes);
/* true: the file system itself says that it has no room for so many bytes. */
bool lmdb_is_disk_full(const struct store_lmdb *store, uint64_t bytes);
void lmdb_stats(struct store *base, struct store_stats *stats);

/* ---- lmdb_read.c ---- */

/* The table's number is 0 for the adapter's own header row. */
uint64_t lmdb_checksum(enum ledger_table table, struct bytes key, struct bytes value);
/* The value without its checksum; STORAGE_CORRUPT if that is wrong. */
LB_MUST_CHECK enum lb_result lmdb_value_unwrap(const struct store_lmdb *store,
                                               enum ledger_table table, struct bytes key,
                                               const MDB_val *stored, struct bytes *value);
MDB_val lmdb_val_of(struct bytes bytes);
LB_MUST_CHECK enum lb_result lmdb_get(const struct store_lmdb *store, struct lmdb_reads *reads,
                                      enum ledger_table table, struct bytes key,
                                      struct bytes *value);
LB_MUST_CHECK enum lb_result lmdb_seek(const struct store_lmdb *store, struct lmdb_reads *reads,
                                       enum ledger_table table, struct bytes key, bool at_or_after,
                                       size_t within, struct bytes *found_key, struct bytes *value);
void lmdb_reads_close_cursors(struct lmdb_reads *reads);
/* The snapshot's part of the operations. */
enum lb_result lmdb_snapshot_open(struct store *base, struct store_snapshot **out);
enum lb_result lmdb_snapshot_get(struct store_snapshot *snapshot, enum ledger_table table,
                                 struct bytes key, struct bytes *value);
enum lb_result lmdb_snapshot_seek(struct store_snapshot *snapshot, enum ledger_table table,
                                  struct bytes key, bool at_or_after, size_t within,
                                  struct bytes *found_key, struct bytes *value);
void lmdb_snapshot_close(struct store_snapshot *snapshot);

/* ---- lmdb_tables.c ---- */

/* Opens the tables and reads the header; in a new, empty environment makes them, with that book. */
LB_MUST_CHECK enum lb_result lmdb_tables_open(struct store_lmdb *store, const struct id *book);

/* ---- lmdb_group.c: a row with its checksum, and the group's part of the operations ---- */

/* Gives LMDB's error. */
LB_MUST_CHECK int lmdb_put(MDB_cursor *cursor, enum ledger_table table, struct bytes key,
                           struct bytes value);

enum lb_result lmdb_group_begin(struct store *base, struct store_group **out);
enum lb_result lmdb_group_get(struct store_group *group, enum ledger_table table, struct bytes key,
                              struct bytes *value);
enum lb_result lmdb_group_seek(struct store_group *group, enum ledger_table table, struct bytes key,
                               bool at_or_after, size_t within, struct bytes *found_key,
                               struct bytes *value);
enum lb_result lmdb_group_put(struct store_group *group, enum ledger_table table, struct bytes key,
                              struct bytes value);
enum lb_result lmdb_group_del(struct store_group *group, enum ledger_table table, struct bytes key);
void lmdb_group_commit(struct store_group *group, store_done_fn done, void *context);
void lmdb_group_abort(struct store_group *group);

#endif
