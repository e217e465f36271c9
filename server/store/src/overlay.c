/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The write set of a group over what the store has: reads, merging seeks, an undo list for
 * savepoints. All of it lies in one arena that is reset with the overlay: nothing is freed before,
 * so the bytes of a replaced row stay readable and the undo list can point at them. One thread at a
 * time.
 */
#include "store/overlay.h"

#include "base/assert.h"
#include "hash.h"
#include "store/key.h"
#include "write_set.h"

#include <string.h>

#define OVERLAY_BYTES_MAX (UINT64_C(1) << 30)
#define OVERLAY_MEMOS     128 /* a power of two */

/* What a row was before a change; newest change first. */
struct overlay_undo {
    struct overlay_undo *older;
    struct write_row *row;
    struct bytes value;
    enum write_state state;
};

/* A row found on the way of a seek, here or below. */
struct overlay_row {
    bool is_found;
    struct bytes key; /* in its table */
    struct bytes value;
};

/* What a seek below in TABLE_DATED found: the same org and tariff of the day are asked for by
 * thousands of commands of a group, and nothing below changes meanwhile. */
struct overlay_memo {
    uint64_t epoch; /* that of the overlay, or it is of an earlier group */
    size_t within;
    size_t key_bytes;
    bool at_or_after;
    uint8_t key[LEDGER_KEY_BYTES_MAX];
    struct overlay_row row;
};

/*
 * Invariants: undo_count is the length of the undo list; the list is empty while no savepoint is
 * open; at most one of group and snapshot is set, and ops is set with either; change_count is how
 * many of the rows are not absent.
 */
struct overlay {
    const struct arena_memory *memory;
    struct arena arena;
    struct write_set rows;
    size_t change_count;
    const struct store_ops *ops;
    struct store_group *group;
    struct store_snapshot *snapshot;
    struct overlay_undo *undo;
    size_t undo_count;
    size_t savepoint_depth;
    enum lb_result fault;
    uint64_t epoch; /* resets so far */
    struct overlay_memo memos[OVERLAY_MEMOS];
};

enum lb_result overlay_new(const struct arena_memory *memory, struct overlay **out)
{
    struct overlay *overlay = memory->allocate(memory->context, sizeof(*overlay));
    if (overlay == NULL) {
        return LB_MEMORY;
    }
    memset(overlay, 0, sizeof(*overlay));
    overlay->memory = memory;
    arena_init(&overlay->arena, memory, OVERLAY_BYTES_MAX);
    write_set_reset(&overlay->rows, &overlay->arena);
    *out = overlay;
    return LB_OK;
}

void overlay_free(struct overlay *overlay)
{
    if (overlay == NULL) {
        return;
    }
    arena_fini(&overlay->arena);
    overlay->memory->release(overlay->memory->context, overlay);
}

void overlay_reset(struct overlay *overlay, const struct store_ops *ops, struct store_group *group,
                   struct store_snapshot *snapshot)
{
    LB_ASSERT(group == NULL || snapshot == NULL);
    LB_ASSERT(ops != NULL || (group == NULL && snapshot == NULL));
    arena_reset(&overlay->arena);
    write_set_reset(&overlay->rows, &overlay->arena);
    overlay->change_count = 0;
    overlay->ops = ops;
    overlay->group = group;
    overlay->snapshot = snapshot;
    overlay->undo = NULL;
    overlay->undo_count = 0;
    overlay->savepoint_depth = 0;
    overlay->fault = LB_OK;
    overlay->epoch++;
}

size_t overlay_change_count(const struct overlay *overlay)
{
    return overlay->change_count;
}

static void overlay_fail(struct overlay *overlay, enum lb_result why)
{
    LB_ASSERT(why != LB_OK);
    if (overlay->fault == LB_OK) {
        overlay->fault = why;
    }
}

/* ---- the store below ---- */

/* true: found; false: no such row, or a fault, which is then kept. */
static bool below_is_found(struct overlay *overlay, enum lb_result result)
{
    if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
        overlay_fail(overlay, result);
    }
    return result == LB_OK;
}

static bool below_get(struct overlay *overlay, enum ledger_table table, struct bytes key,
                      struct bytes *value)
{
    if (overlay->group != NULL) {
        return below_is_found(overlay, overlay->ops->group_get(overlay->group, table, key, value));
    }
    if (overlay->snapshot != NULL) {
        return below_is_found(overlay,
                              overlay->ops->snapshot_get(overlay->snapshot, table, key, value));
    }
    return false;
}

static struct overlay_row below_seek(struct overlay *overlay, enum ledger_table table,
                                     struct bytes key, bool at_or_after, size_t within)
{
    struct overlay_row row = {.is_found = false};
    enum lb_result result = LB_ENTRY_UNKNOWN;
    if (overlay->group != NULL) {
        result = overlay->ops->group_seek(overlay->group, table, key, at_or_after, within, &row.key,
                                          &row.value);
    } else if (overlay->snapshot != NULL) {
        result = overlay->ops->snapshot_seek(overlay->snapshot, table, key, at_or_after, within,
                                             &row.key, &row.value);
    }
    row.is_found = below_is_found(overlay, result);
    return row;
}

/* below_seek, remembered where it is worth it. */
static struct overlay_row below_seek_memo(struct overlay *overlay, const struct write_seek *seek)
{
    struct bytes key = seek->key;
    if (seek->table != TABLE_DATED || key.size > LEDGER_KEY_BYTES_MAX) {
        return below_seek(overlay, seek->table, key, seek->at_or_after, seek->within);
    }
    struct overlay_memo *memo = &overlay->memos[hash_seeded(key, 0) & (OVERLAY_MEMOS - 1)];
    if (memo->epoch == overlay->epoch && memo->within == seek->within &&
        memo->at_or_after == seek->at_or_after &&
        bytes_equal(bytes_of(memo->key, memo->key_bytes), key)) {
        return memo->row;
    }
    struct overlay_row row = below_seek(overlay, seek->table, key, seek->at_or_after, seek->within);
    if (overlay->fault == LB_OK && key.size > 0) {
        memo->epoch = overlay->epoch;
        memo->within = seek->within;
        memo->at_or_after = seek->at_or_after;
        memo->key_bytes = key.size;
        memcpy(memo->key, key.data, key.size);
        memo->row = row;
    }
    return row;
}

/* The row below that is next to `key` in the direction of the seek, `key` itself left out. */
static struct overlay_row below_step(struct overlay *overlay, enum ledger_table table,
                                     struct bytes key, bool at_or_after, size_t within)
{
    struct key_buffer buffer;
    struct bytes next;
    bool has_next = at_or_after ? key_after(key, &buffer, &next) : key_before(key, &buffer, &next);
    if (!has_next || !bytes_has_prefix(next, bytes_of(key.data, within))) {
        return (struct overlay_row){.is_found = false};
    }
    return below_seek(overlay, table, next, at_or_after, within);
}

/* ---- reading ---- */

static bool overlay_get(void *context, enum ledger_table table, struct bytes key,
                        struct bytes *value)
{
    struct overlay *overlay = context;
    if (overlay->fault != LB_OK) {
        return false;
    }
    const struct write_row *row = write_set_find(&overlay->rows, table, key);
    if (row == NULL || row->state == WRITE_ABSENT) {
        return below_get(overlay, table, key, value);
    }
    *value = row->value;
    return row->state == WRITE_PRESENT;
}

static void overlay_hint(void *context, enum ledger_table table, struct bytes key)
{
    const struct overlay *overlay = context;
    if (overlay->group != NULL && overlay->ops->group_hint != NULL) {
        overlay->ops->group_hint(overlay->group, table, key);
    }
}

static const struct write_row *here_step(const struct overlay *overlay, struct write_seek *seek,
                                         const struct write_row *from)
{
    seek->key = write_row_key(from);
    seek->is_beyond = true;
    return write_set_seek(&overlay->rows, seek);
}

/* Both sides move in step: the nearer row wins, the overlay's when both have the key; a deleted row
 * hides the row below that has its key and is then stepped over. */
static bool overlay_seek(struct overlay *overlay, struct write_seek seek, struct bytes *found_key,
                         struct bytes *value)
{
    if (overlay->fault != LB_OK) {
        return false;
    }
    const struct bytes key = seek.key;
    const struct write_row *here = write_set_seek(&overlay->rows, &seek);
    struct overlay_row below = {.is_found = false};
    if (here == NULL || here->state == WRITE_DELETED || !bytes_equal(write_row_key(here), key)) {
        below = below_seek_memo(overlay, &seek);
    }
    while (here != NULL && overlay->fault == LB_OK) {
        int order = below.is_found ? bytes_compare(write_row_key(here), below.key) : 0;
        bool is_farther = seek.at_or_after ? order > 0 : order < 0;
        if (below.is_found && is_farther) {
            break;
        }
        if (here->state == WRITE_PRESENT) {
            *found_key = write_row_key(here);
            *value = here->value;
            return true;
        }
        if (below.is_found && order == 0) {
            below = below_step(overlay, seek.table, below.key, seek.at_or_after, seek.within);
        }
        here = here_step(overlay, &seek, here);
    }
    if (overlay->fault != LB_OK || !below.is_found) {
        return false;
    }
    *found_key = below.key;
    *value = below.value;
    return true;
}

static bool overlay_seek_ge(void *context, enum ledger_table table, struct bytes key, size_t within,
                            struct bytes *found_key, struct bytes *value)
{
    const struct write_seek seek = {
        .table = table, .key = key, .within = within, .at_or_after = true};
    return overlay_seek(context, seek, found_key, value);
}

static bool overlay_seek_le(void *context, enum ledger_table table, struct bytes key, size_t within,
                            struct bytes *found_key, struct bytes *value)
{
    const struct write_seek seek = {.table = table, .key = key, .within = within};
    return overlay_seek(context, seek, found_key, value);
}

/* ---- changing ---- */

/* Remembers what the row is now, when a savepoint may want it back. */
static bool overlay_remember(struct overlay *overlay, struct write_row *row)
{
    if (overlay->savepoint_depth == 0) {
        return true;
    }
    struct overlay_undo *undo = arena_take(&overlay->arena, sizeof(*undo));
    if (undo == NULL) {
        return false;
    }
    *undo = (struct overlay_undo){
        .older = overlay->undo, .row = row, .value = row->value, .state = row->state};
    overlay->undo = undo;
    overlay->undo_count++;
    return true;
}

static void overlay_set(struct overlay *overlay, struct write_row *row, enum write_state state,
                        struct bytes value)
{
    overlay->change_count += state != WRITE_ABSENT;
    overlay->change_count -= row->state != WRITE_ABSENT;
    row->state = state;
    row->value = value;
}

/* The bytes of a row's earlier value stay as they are: the undo list may point at them, and whoever
 * has just read it. */
static void overlay_change(struct overlay *overlay, enum ledger_table table, struct bytes key,
                           struct bytes value, enum write_state state)
{
    LB_ASSERT(key.size > 0);
    if (overlay->fault != LB_OK) {
        return;
    }
    struct bytes copy;
    struct write_row *row = write_set_take(&overlay->rows, table, key);
    if (row == NULL || !arena_copy(&overlay->arena, value, &copy) ||
        !overlay_remember(overlay, row)) {
        overlay_fail(overlay, LB_MEMORY);
        return;
    }
    overlay_set(overlay, row, state, copy);
}

static void overlay_put(void *context, enum ledger_table table, struct bytes key,
                        struct bytes value)
{
    overlay_change(context, table, key, value, WRITE_PRESENT);
}

static void overlay_del(void *context, enum ledger_table table, struct bytes key)
{
    overlay_change(context, table, key, (struct bytes){NULL, 0}, WRITE_DELETED);
}

static enum lb_result overlay_fault(const void *context)
{
    const struct overlay *overlay = context;
    return overlay->fault;
}

struct views overlay_views(struct overlay *overlay)
{
    static const struct views_ops ops = {
        .get = overlay_get,
        .seek_ge = overlay_seek_ge,
        .seek_le = overlay_seek_le,
        .put = overlay_put,
        .del = overlay_del,
        .fault = overlay_fault,
        .hint = overlay_hint,
    };
    return (struct views){&ops, overlay};
}

/* ---- savepoints ---- */

size_t overlay_savepoint(struct overlay *overlay)
{
    overlay->savepoint_depth++;
    return overlay->undo_count;
}

static void overlay_end_savepoint(struct overlay *overlay)
{
    LB_ASSERT(overlay->savepoint_depth > 0);
    overlay->savepoint_depth--;
    if (overlay->savepoint_depth == 0) {
        overlay->undo = NULL;
        overlay->undo_count = 0;
    }
}

void overlay_rollback(struct overlay *overlay, size_t savepoint)
{
    LB_ASSERT(savepoint <= overlay->undo_count);
    while (overlay->undo_count > savepoint) {
        const struct overlay_undo *undo = overlay->undo;
        overlay_set(overlay, undo->row, undo->state, undo->value);
        overlay->undo = undo->older;
        overlay->undo_count--;
    }
    overlay_end_savepoint(overlay);
}

void overlay_release(struct overlay *overlay, size_t savepoint)
{
    LB_ASSERT(savepoint <= overlay->undo_count);
    overlay_end_savepoint(overlay);
}

/* ---- flushing ---- */

enum lb_result overlay_flush(struct overlay *overlay, const struct store_ops *ops,
                             struct store_group *group)
{
    LB_ASSERT(overlay->savepoint_depth == 0);
    if (overlay->fault != LB_OK) {
        return overlay->fault;
    }
    for (const struct write_row *row = overlay->rows.oldest; row != NULL; row = row->newer) {
        enum ledger_table table = (enum ledger_table)row->table;
        enum lb_result result = LB_OK;
        switch (row->state) {
        case WRITE_ABSENT:
            break;
        case WRITE_DELETED:
            result = ops->group_del(group, table, write_row_key(row));
            break;
        case WRITE_PRESENT:
            result = ops->group_put(group, table, write_row_key(row), row->value);
            break;
        }
        if (result != LB_OK) {
            return result;
        }
    }
    return LB_OK;
}
