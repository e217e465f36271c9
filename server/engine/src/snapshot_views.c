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

/* true: found; false: no such row, or a fault, which is then kept. */
static bool snapshot_is_found(struct snapshot_views *views, enum lb_result result)
{
    if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
        views->fault = result;
    }
    return result == LB_OK;
}

static bool snapshot_get(void *context, enum ledger_table table, struct bytes key,
                         struct bytes *value)
{
    struct snapshot_views *views = context;
    return views->fault == LB_OK &&
           snapshot_is_found(views, views->ops->snapshot_get(views->snapshot, table, key, value));
}

static bool snapshot_seek_ge(void *context, enum ledger_table table, struct bytes key,
                             struct bytes *found_key, struct bytes *value)
{
    struct snapshot_views *views = context;
    return views->fault == LB_OK &&
           snapshot_is_found(views, views->ops->snapshot_seek(views->snapshot, table, key, true,
                                                              found_key, value));
}

static bool snapshot_seek_le(void *context, enum ledger_table table, struct bytes key,
                             struct bytes *found_key, struct bytes *value)
{
    struct snapshot_views *views = context;
    return views->fault == LB_OK &&
           snapshot_is_found(views, views->ops->snapshot_seek(views->snapshot, table, key, false,
                                                              found_key, value));
}

static void snapshot_put(void *context, enum ledger_table table, struct bytes key,
                         struct bytes value)
{
    (void)context;
    (void)table;
    (void)key;
    (void)value;
    LB_ASSERT(!"a snapshot is never written");
}

static void snapshot_del(void *context, enum ledger_table table, struct bytes key)
{
    (void)context;
    (void)table;
    (void)key;
    LB_ASSERT(!"a snapshot is never written");
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
