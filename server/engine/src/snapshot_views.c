/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The views port over a snapshot. Threading: see snapshot_views.h.
 */
#include "snapshot_views.h"

#include "base/assert.h"

enum lb_result snapshot_views_open(struct snapshot_views *views, struct store *store)
{
    *views = (struct snapshot_views){.ops = store->ops, .fault = LB_OK};
    return store->ops->snapshot_open(store, &views->snapshot);
}

void snapshot_views_close(struct snapshot_views *views)
{
    views->ops->snapshot_close(views->snapshot);
    views->snapshot = NULL;
}

static void snapshot_fail(struct snapshot_views *views, enum lb_result why, enum ledger_table table,
                          struct bytes key)
{
    LB_ASSERT(key.size <= sizeof(views->fault_key));
    views->fault = why;
    views->fault_table = table;
    views->fault_key_bytes = key.size;
    if (key.size > 0) {
        memcpy(views->fault_key, key.data, key.size);
    }
}

static bool snapshot_get(void *context, enum ledger_table table, struct bytes key,
                         struct bytes *value)
{
    struct snapshot_views *views = context;
    if (views->fault != LB_OK) {
        return false;
    }
    enum lb_result result = views->ops->snapshot_get(views->snapshot, table, key, value);
    if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
        snapshot_fail(views, result, table, key);
    }
    return result == LB_OK;
}

static bool snapshot_seek(struct snapshot_views *views, enum ledger_table table, struct bytes key,
                          bool at_or_after, size_t within, struct bytes *found_key,
                          struct bytes *value)
{
    if (views->fault != LB_OK) {
        return false;
    }
    enum lb_result result = views->ops->snapshot_seek(views->snapshot, table, key, at_or_after,
                                                      within, found_key, value);
    if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
        snapshot_fail(views, result, table, key);
    }
    return result == LB_OK;
}

static bool snapshot_seek_ge(void *context, enum ledger_table table, struct bytes key,
                             size_t within, struct bytes *found_key, struct bytes *value)
{
    return snapshot_seek(context, table, key, true, within, found_key, value);
}

static bool snapshot_seek_le(void *context, enum ledger_table table, struct bytes key,
                             size_t within, struct bytes *found_key, struct bytes *value)
{
    return snapshot_seek(context, table, key, false, within, found_key, value);
}

static void snapshot_put(void *context, enum ledger_table table, struct bytes key,
                         struct bytes value)
{
    (void)context;
    (void)table;
    (void)key;
    (void)value;
    LB_ASSERT(false); /* a snapshot is never written */
}

static void snapshot_del(void *context, enum ledger_table table, struct bytes key)
{
    (void)context;
    (void)table;
    (void)key;
    LB_ASSERT(false); /* a snapshot is never written */
}

static enum lb_result snapshot_fault(const void *context)
{
    const struct snapshot_views *views = context;
    return views->fault;
}

struct views snapshot_views_port(struct snapshot_views *views)
{
    static const struct views_ops ops = {
        .get = snapshot_get,
        .seek_ge = snapshot_seek_ge,
        .seek_le = snapshot_seek_le,
        .put = snapshot_put,
        .del = snapshot_del,
        .fault = snapshot_fault,
    };
    return (struct views){&ops, views};
}
