/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fence: a row in the source which says that the book is elsewhere now. It is put as a group
 * like any other, so that it has a place among those of all who write there. Threading: see
 * engine/move.h.
 */
#include "move_run.h"

#include "base/wire.h"

#include <string.h>

/* ---- the rows ---- */

struct id move_mark_switch(const struct move_row *mark)
{
    struct id id = {{0}};
    if (mark->has && mark->size == MOVE_MARK_BYTES) {
        memcpy(id.bytes, mark->data + MOVE_MARK_BYTES - sizeof(id), sizeof(id.bytes));
    }
    return id;
}

struct id move_fence_switch(const struct move_row *fence)
{
    struct id id = {{0}};
    if (fence->has && fence->size >= sizeof(id)) {
        memcpy(id.bytes, fence->data, sizeof(id.bytes));
    }
    return id;
}

static void fence_make(const struct move_run *run, struct move_row *fence)
{
    const struct move_config *config = run->config;
    struct wire_writer writer = {.data = fence->data, .cap = sizeof(fence->data)};
    wire_put_bytes(&writer, bytes_of(run->switch_id.bytes, sizeof(run->switch_id.bytes)));
    wire_put_i64(&writer, config->now_ms);
    wire_put_bytes(&writer, config->place);
    fence->size = writer.size;
    fence->has = true;
}

static void fence_read(const struct move_row *fence, struct move_moved *moved)
{
    struct wire_reader reader = {.left = bytes_of(fence->data, fence->size)};
    *moved = (struct move_moved){.is_moved = fence->has};
    if (!fence->has) {
        return;
    }
    (void)wire_get_bytes(&reader, sizeof(struct id));
    moved->at_ms = wire_get_i64(&reader);
    const size_t size =
        reader.left.size < MOVE_PLACE_BYTES_MAX ? reader.left.size : MOVE_PLACE_BYTES_MAX;
    memcpy(moved->place, reader.left.data, size);
    moved->place[size] = '\0';
}

/* ---- the group ---- */

static enum lb_result fence_get(struct move_run *run, struct store_group *group,
                                struct move_row *fence, bool *is_marked)
{
    const struct store_ops *ops = run->config->from->ops;
    struct bytes value = {NULL, 0};
    struct bytes mark = {NULL, 0};
    enum lb_result result = ops->group_get(group, TABLE_META, MOVE_FENCE_KEY, &value);
    fence->has = result == LB_OK;
    if (fence->has && value.size > sizeof(fence->data)) {
        return LB_STORAGE_CORRUPT;
    }
    if (fence->has) {
        memcpy(fence->data, value.data, value.size);
        fence->size = value.size;
    }
    if (result == LB_OK || result == LB_ENTRY_UNKNOWN) {
        result = ops->group_get(group, TABLE_META, MOVE_MARK_KEY, &mark);
        *is_marked = result == LB_OK;
    }
    return result == LB_ENTRY_UNKNOWN ? LB_OK : result;
}

/* Puts what is to stand there, if it does not stand there yet: an attempt before may have come
 * through. Another switch than ours is left alone. */
static enum lb_result fence_change(struct move_run *run, struct store_group *group,
                                   const struct move_row *wanted)
{
    const struct store_ops *ops = run->config->from->ops;
    struct move_row there = {.has = false};
    bool is_marked = false;
    const enum lb_result result = fence_get(run, group, &there, &is_marked);
    if (result != LB_OK) {
        return result;
    }
    const struct id theirs = move_fence_switch(&there);
    if (is_marked) {
        run->report->verdict = MOVE_FROM_UNFINISHED;
    } else if (there.has && !id_equal(&theirs, &run->switch_id)) {
        run->report->verdict = MOVE_FROM_MOVED;
    } else if (there.has != wanted->has) {
        return wanted->has ? ops->group_put(group, TABLE_META, MOVE_FENCE_KEY,
                                            bytes_of(wanted->data, wanted->size))
                           : ops->group_del(group, TABLE_META, MOVE_FENCE_KEY);
    }
    return LB_OK;
}

/* *outcome: what became of it. */
static enum lb_result fence_try(struct move_run *run, const struct move_row *wanted,
                                enum store_outcome *outcome)
{
    const struct store_ops *ops = run->config->from->ops;
    struct store_group *group = NULL;
    enum lb_result result = move_group_open(run, run->config->from, &group);
    if (result != LB_OK) {
        return result;
    }
    result = fence_change(run, group, wanted);
    if (result != LB_OK || !move_goes_on(run)) {
        ops->group_abort(group);
        return result;
    }
    *outcome = store_wait_commit(&run->wait, ops, group, &result);
    return *outcome == STORE_COMMITTED ? LB_OK : result;
}

static enum lb_result fence_write(struct move_run *run, const struct move_row *wanted)
{
    run->report->is_target = false;
    for (int tries = 0; tries < MOVE_TRIES_MAX; tries++) {
        enum store_outcome outcome = STORE_FATAL;
        const enum lb_result result = fence_try(run, wanted, &outcome);
        if (result == LB_OK || outcome != STORE_RETRY || result == LB_STORAGE_FULL ||
            result == LB_MEMORY) {
            return result;
        }
    }
    return LB_STORE_UNREACHABLE;
}

/* ---- a switch, and back ---- */

enum lb_result move_fence(struct move_run *run)
{
    if (run->fence.has) {
        return LB_OK; /* an earlier run's of the same switch */
    }
    snapshot_views_close(&run->from);
    run->is_from_open = false;
    fence_make(run, &run->fence);
    enum lb_result result = fence_write(run, &run->fence);
    if (result == LB_OK && move_goes_on(run)) {
        result = snapshot_views_open(&run->from, run->config->from);
        run->is_from_open = result == LB_OK;
        result = result == LB_OK ? move_check_newest(run) : result;
    }
    return result;
}

enum lb_result move_unfence(struct move_run *run)
{
    const struct move_row none = {.has = false};
    snapshot_views_close(&run->from);
    run->is_from_open = false;
    move_close_to(run);
    return fence_write(run, &none);
}

/* ---- what stands in a store ---- */

static enum lb_result meta_read(struct store *store, struct bytes key, struct move_row *row)
{
    struct snapshot_views snapshot;
    enum lb_result result = snapshot_views_open(&snapshot, store);
    if (result == LB_OK) {
        result = move_read_row(snapshot_views_port(&snapshot), key, row);
        snapshot_views_close(&snapshot);
    }
    return result;
}

enum lb_result move_is_unfinished(struct store *store, bool *is_unfinished)
{
    struct move_row mark = {.has = false};
    const enum lb_result result = meta_read(store, MOVE_MARK_KEY, &mark);
    *is_unfinished = mark.has;
    return result;
}

enum lb_result move_read_moved(struct store *store, struct move_moved *moved)
{
    struct move_row fence = {.has = false};
    const enum lb_result result = meta_read(store, MOVE_FENCE_KEY, &fence);
    fence_read(&fence, moved);
    return result;
}
