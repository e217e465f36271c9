/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The write set: one ordered map from (table number, key) to value or tombstone, and an undo list.
 * All of it lies in one arena that is reset with the overlay: nothing is freed before, so the bytes
 * of a replaced row stay readable and the undo list can point at its keys. One thread at a time.
 */
#include "store/overlay.h"

#include "base/assert.h"
#include "base/ordered.h"
#include "store/key.h"

#include <string.h>
#include <xxhash.h>

#define OVERLAY_BYTES_MAX     (UINT64_C(1) << 30)
#define OVERLAY_KEY_BYTES_MAX (1 + LEDGER_KEY_BYTES_MAX)
/* One bit for each hash of a key put here. Most keys are asked for before they are first put: a bit
 * not set spares the search. 32 KiB: 48,000 keys, a group of 8,000 commands, set a sixth of them.
 */
#define OVERLAY_SEEN_BITS  (UINT64_C(1) << 18)
#define OVERLAY_SEEN_WORDS (OVERLAY_SEEN_BITS / 64)

_Static_assert(LEDGER_TABLE_NUMBER_MAX <= UINT8_MAX, "a table's number is one byte of the key");

enum overlay_before {
    BEFORE_ABSENT,
    BEFORE_TOMBSTONE,
    BEFORE_VALUE,
};

/* What a key was before a change; newest change first. */
struct overlay_undo {
    struct overlay_undo *older;
    struct bytes key; /* of the row, table number included */
    struct bytes value;
    enum overlay_before before;
};

/*
 * Invariants: undo_count is the length of the undo list; the list is empty while no savepoint is
 * open; at most one of group and snapshot is set, and ops is set with either; the bit of every key
 * in `rows` is set in `seen` (and of some others).
 */
struct overlay {
    const struct arena_memory *memory;
    struct arena arena;
    struct arena_memory rows_memory; /* the arena as a port for `rows` */
    struct ordered rows;
    const struct store_ops *ops;
    struct store_group *group;
    struct store_snapshot *snapshot;
    struct overlay_undo *undo;
    size_t undo_count;
    size_t savepoint_depth;
    enum lb_result fault;
    uint64_t seen[OVERLAY_SEEN_WORDS];
};

struct overlay_key {
    uint8_t data[OVERLAY_KEY_BYTES_MAX];
    size_t size;
};

static void *rows_allocate(void *context, size_t bytes)
{
    return arena_take(context, bytes);
}

static void rows_release(void *context, void *block)
{
    (void)context;
    (void)block; /* the arena's reset gives it back */
}

enum lb_result overlay_new(const struct arena_memory *memory, struct overlay **out)
{
    struct overlay *overlay = memory->allocate(memory->context, sizeof(*overlay));
    if (overlay == NULL) {
        return LB_MEMORY;
    }
    memset(overlay, 0, sizeof(*overlay));
    overlay->memory = memory;
    arena_init(&overlay->arena, memory, OVERLAY_BYTES_MAX);
    overlay->rows_memory = (struct arena_memory){rows_allocate, rows_release, &overlay->arena};
    ordered_init(&overlay->rows, &overlay->rows_memory);
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
    ordered_init(&overlay->rows, &overlay->rows_memory); /* its nodes died with the arena */
    overlay->ops = ops;
    overlay->group = group;
    overlay->snapshot = snapshot;
    overlay->undo = NULL;
    overlay->undo_count = 0;
    overlay->savepoint_depth = 0;
    overlay->fault = LB_OK;
    memset(overlay->seen, 0, sizeof(overlay->seen));
}

size_t overlay_change_count(const struct overlay *overlay)
{
    return overlay->rows.count;
}

static void overlay_fail(struct overlay *overlay, enum lb_result why)
{
    LB_ASSERT(why != LB_OK);
    if (overlay->fault == LB_OK) {
        overlay->fault = why;
    }
}

/* ---- keys: the table's number, then the key in the table ---- */

static struct overlay_key key_in_table(enum ledger_table table, struct bytes key)
{
    LB_ASSERT(key.size <= LEDGER_KEY_BYTES_MAX);
    struct overlay_key whole;
    whole.size = 1 + key.size;
    whole.data[0] = (uint8_t)table;
    if (key.size > 0) {
        memcpy(whole.data + 1, key.data, key.size);
    }
    return whole;
}

static struct bytes key_whole(const struct overlay_key *key)
{
    return bytes_of(key->data, key->size);
}

static struct bytes key_of_place(const struct ordered_place *place)
{
    return bytes_of(place->key.data + 1, place->key.size - 1);
}

static bool place_is_in(const struct ordered_place *place, enum ledger_table table)
{
    return place->key.data[0] == (uint8_t)table;
}

/* ---- the rows here ---- */

static uint64_t seen_bit(struct bytes key)
{
    return XXH3_64bits(key.data, key.size) % OVERLAY_SEEN_BITS;
}

static bool here_get(const struct overlay *overlay, struct bytes key, struct ordered_place *place)
{
    uint64_t bit = seen_bit(key);
    bool is_seen = (overlay->seen[bit / 64] >> (bit % 64) & 1) != 0;
    return is_seen && ordered_get(&overlay->rows, key, place);
}

static LB_MUST_CHECK bool here_change(struct overlay *overlay, struct bytes key, struct bytes value,
                                      bool is_tombstone)
{
    uint64_t bit = seen_bit(key);
    overlay->seen[bit / 64] |= UINT64_C(1) << (bit % 64);
    return is_tombstone ? ordered_put_tombstone(&overlay->rows, key)
                        : ordered_put(&overlay->rows, key, value);
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

/* A row found on the way of a seek, here or below. */
struct overlay_row {
    bool is_found;
    struct bytes key; /* in its table */
    struct bytes value;
};

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
    struct overlay_key whole = key_in_table(table, key);
    struct ordered_place place;
    if (here_get(overlay, key_whole(&whole), &place)) {
        *value = place.value;
        return !place.is_tombstone;
    }
    return below_get(overlay, table, key, value);
}

static bool here_seek(const struct overlay *overlay, enum ledger_table table, struct bytes key,
                      bool at_or_after, struct ordered_place *place)
{
    struct overlay_key whole = key_in_table(table, key);
    bool is_found = at_or_after ? ordered_seek_ge(&overlay->rows, key_whole(&whole), place)
                                : ordered_seek_le(&overlay->rows, key_whole(&whole), place);
    return is_found && place_is_in(place, table);
}

static bool here_step(const struct overlay *overlay, enum ledger_table table, bool at_or_after,
                      struct ordered_place *place)
{
    if (at_or_after) {
        return ordered_next(place) && place_is_in(place, table);
    }
    struct key_buffer buffer;
    struct bytes before;
    return key_before(key_of_place(place), &buffer, &before) &&
           here_seek(overlay, table, before, false, place);
}

/* Both sides move in step: the nearer row wins, the overlay's when both have the key; a tombstone
 * hides the row below that has its key and is then stepped over. */
static bool overlay_seek(struct overlay *overlay, enum ledger_table table, struct bytes key,
                         bool at_or_after, size_t within, struct bytes *found_key,
                         struct bytes *value)
{
    if (overlay->fault != LB_OK) {
        return false;
    }
    struct ordered_place place;
    bool is_here = here_seek(overlay, table, key, at_or_after, &place);
    struct overlay_row below = {.is_found = false};
    if (!is_here || place.is_tombstone || !bytes_equal(key_of_place(&place), key)) {
        below = below_seek(overlay, table, key, at_or_after, within);
    }
    struct bytes family = bytes_of(key.data, within);
    is_here = is_here && bytes_has_prefix(key_of_place(&place), family);
    while (is_here && overlay->fault == LB_OK) {
        int order = below.is_found ? bytes_compare(key_of_place(&place), below.key) : 0;
        bool is_farther = at_or_after ? order > 0 : order < 0;
        if (below.is_found && is_farther) {
            break;
        }
        if (!place.is_tombstone) {
            *found_key = key_of_place(&place);
            *value = place.value;
            return true;
        }
        if (below.is_found && order == 0) {
            below = below_step(overlay, table, below.key, at_or_after, within);
        }
        is_here = here_step(overlay, table, at_or_after, &place) &&
                  bytes_has_prefix(key_of_place(&place), family);
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
    return overlay_seek(context, table, key, true, within, found_key, value);
}

static bool overlay_seek_le(void *context, enum ledger_table table, struct bytes key, size_t within,
                            struct bytes *found_key, struct bytes *value)
{
    return overlay_seek(context, table, key, false, within, found_key, value);
}

/* ---- changing ---- */

/* Remembers what the key is now, when a savepoint may want it back. */
static bool overlay_remember(struct overlay *overlay, struct bytes key)
{
    if (overlay->savepoint_depth == 0) {
        return true;
    }
    struct overlay_undo *undo = arena_take(&overlay->arena, sizeof(*undo));
    if (undo == NULL) {
        return false;
    }
    *undo = (struct overlay_undo){.older = overlay->undo, .before = BEFORE_ABSENT};
    struct ordered_place place;
    if (!here_get(overlay, key, &place)) {
        if (!arena_copy(&overlay->arena, key, &undo->key)) {
            return false;
        }
    } else {
        undo->key = place.key;
        undo->before = place.is_tombstone ? BEFORE_TOMBSTONE : BEFORE_VALUE;
        /* Copied: a value of the same size is replaced in place. */
        if (!arena_copy(&overlay->arena, place.value, &undo->value)) {
            return false;
        }
    }
    overlay->undo = undo;
    overlay->undo_count++;
    return true;
}

static void overlay_change(struct overlay *overlay, enum ledger_table table, struct bytes key,
                           struct bytes value, bool is_tombstone)
{
    LB_ASSERT(key.size > 0);
    if (overlay->fault != LB_OK) {
        return;
    }
    struct overlay_key whole = key_in_table(table, key);
    if (!overlay_remember(overlay, key_whole(&whole)) ||
        !here_change(overlay, key_whole(&whole), value, is_tombstone)) {
        overlay_fail(overlay, LB_MEMORY);
    }
}

static void overlay_put(void *context, enum ledger_table table, struct bytes key,
                        struct bytes value)
{
    overlay_change(context, table, key, value, false);
}

static void overlay_del(void *context, enum ledger_table table, struct bytes key)
{
    overlay_change(context, table, key, (struct bytes){NULL, 0}, true);
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

static LB_MUST_CHECK bool overlay_undo_one(struct overlay *overlay, const struct overlay_undo *undo)
{
    switch (undo->before) {
    case BEFORE_ABSENT:
        ordered_remove(&overlay->rows, undo->key);
        return true;
    case BEFORE_TOMBSTONE:
        return ordered_put_tombstone(&overlay->rows, undo->key);
    case BEFORE_VALUE:
        return ordered_put(&overlay->rows, undo->key, undo->value);
    }
    return false;
}

void overlay_rollback(struct overlay *overlay, size_t savepoint)
{
    LB_ASSERT(savepoint <= overlay->undo_count);
    while (overlay->undo_count > savepoint) {
        const struct overlay_undo *undo = overlay->undo;
        if (!overlay_undo_one(overlay, undo)) {
            overlay_fail(overlay, LB_MEMORY); /* a half undone write set is never flushed */
        }
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
    struct ordered_place place;
    bool is_found = ordered_seek_ge(&overlay->rows, (struct bytes){NULL, 0}, &place);
    while (is_found) {
        enum ledger_table table = (enum ledger_table)place.key.data[0];
        enum lb_result result =
            place.is_tombstone ? ops->group_del(group, table, key_of_place(&place))
                               : ops->group_put(group, table, key_of_place(&place), place.value);
        if (result != LB_OK) {
            return result;
        }
        is_found = ordered_next(&place);
    }
    return LB_OK;
}
