/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The row in LMDB's own table that says what LMDB has: of one key where the book is kept in files,
 * of another where it is a cache, so that neither is ever taken for the other. Its bytes are in
 * docs/storage-format.md. Threads: one at a time.
 */
#include "journaled.h"

#include "base/assert.h"
#include "lmdb_inner.h"
#include "store/wait.h"

#define FILES_KEY  BYTES_LITERAL("applied")
#define SHARED_KEY BYTES_LITERAL("shared")

static enum lb_result applied_read_files(const struct store_ops *ops,
                                         struct store_snapshot *snapshot,
                                         struct journaled_applied *applied)
{
    struct bytes value;
    enum lb_result result = ops->snapshot_get(snapshot, LMDB_OWN_TABLE, FILES_KEY, &value);
    if (result != LB_OK) {
        return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
    }
    struct wire_reader reader = {.left = value};
    applied->number = wire_get_u64(&reader);
    applied->serial_needed = wire_get_u64(&reader);
    applied->is_there = true;
    return wire_reader_is_done(&reader) ? LB_OK : LB_STORAGE_CORRUPT;
}

static enum lb_result applied_read_shared(const struct store_ops *ops,
                                          struct store_snapshot *snapshot,
                                          struct journaled_applied *applied)
{
    struct bytes value;
    enum lb_result result = ops->snapshot_get(snapshot, LMDB_OWN_TABLE, SHARED_KEY, &value);
    if (result != LB_OK) {
        return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
    }
    if (applied->is_there) { /* nothing writes both */
        return LB_STORAGE_CORRUPT;
    }
    struct wire_reader reader = {.left = value};
    applied->number = wire_get_u64(&reader);
    applied->chain = wire_get_u64(&reader);
    applied->entry = wire_get_u64(&reader);
    applied->touch.number = wire_get_u64(&reader);
    applied->touch.chain = wire_get_u64(&reader);
    applied->is_there = true;
    applied->is_shared = true;
    return wire_reader_is_done(&reader) && applied->touch.number >= applied->number
               ? LB_OK
               : LB_STORAGE_CORRUPT;
}

enum lb_result journaled_applied_read(struct store *inner, struct journaled_applied *applied)
{
    struct store_snapshot *snapshot = NULL;
    *applied = (struct journaled_applied){.is_there = false};
    enum lb_result result = inner->ops->snapshot_open(inner, &snapshot);
    if (result != LB_OK) {
        return result;
    }
    result = applied_read_files(inner->ops, snapshot, applied);
    if (result == LB_OK) {
        result = applied_read_shared(inner->ops, snapshot, applied);
    }
    inner->ops->snapshot_close(snapshot);
    return result;
}

enum lb_result store_shared_applied(struct store *store, struct shared_log_mark *applied)
{
    struct journaled_applied row;
    LB_ASSERT(store_journaled_is_cache(store));
    enum lb_result result = journaled_applied_read(journaled_of(store)->inner, &row);
    *applied = (struct shared_log_mark){row.number, row.chain};
    return result;
}

enum lb_result journaled_applied_is_empty(struct store *inner, bool *is_empty)
{
    static const enum ledger_table tables[] = {
#define X(symbol, number, name, kind) TABLE_##symbol,
        LEDGER_TABLE_LIST(X)
#undef X
    };
    struct store_snapshot *snapshot = NULL;
    enum lb_result result = inner->ops->snapshot_open(inner, &snapshot);
    if (result != LB_OK) {
        return result;
    }
    result = LB_ENTRY_UNKNOWN;
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && result == LB_ENTRY_UNKNOWN; i++) {
        struct bytes key;
        struct bytes value;
        result = inner->ops->snapshot_seek(snapshot, tables[i], bytes_of(NULL, 0), true, 0, &key,
                                           &value);
    }
    inner->ops->snapshot_close(snapshot);
    *is_empty = result == LB_ENTRY_UNKNOWN;
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

enum lb_result journaled_applied_put(struct store *inner, struct store_group *group,
                                     const struct journaled_applied *applied,
                                     uint8_t row[JOURNALED_APPLIED_BYTES_MAX])
{
    struct wire_writer writer = {.data = row, .cap = JOURNALED_APPLIED_BYTES_MAX};
    wire_put_u64(&writer, applied->number);
    if (applied->is_shared) {
        wire_put_u64(&writer, applied->chain);
        wire_put_u64(&writer, applied->entry);
        wire_put_u64(&writer, applied->touch.number);
        wire_put_u64(&writer, applied->touch.chain);
    } else {
        wire_put_u64(&writer, applied->serial_needed);
    }
    LB_ASSERT(!writer.overflow);
    return inner->ops->group_put(group, LMDB_OWN_TABLE, applied->is_shared ? SHARED_KEY : FILES_KEY,
                                 bytes_of(row, writer.size));
}

enum lb_result journaled_applied_put_alone(struct store *inner,
                                           const struct journaled_applied *applied)
{
    struct store_group *group = NULL;
    uint8_t row[JOURNALED_APPLIED_BYTES_MAX];
    enum lb_result result = inner->ops->group_begin(inner, &group);
    if (result != LB_OK) {
        return result;
    }
    result = journaled_applied_put(inner, group, applied, row);
    if (result != LB_OK) {
        inner->ops->group_abort(group);
        return result;
    }
    struct store_wait wait;
    store_wait_init(&wait);
    enum lb_result why = LB_OK;
    bool is_done = store_wait_commit(&wait, inner->ops, group, &why) == STORE_COMMITTED;
    store_wait_fini(&wait);
    return is_done ? LB_OK : why;
}
