/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The groups of a move. Each puts the mark with the run's id and its own number, so that a group of
 * which it is not known whether it came through is found by the next one, and that somebody else
 * who writes there is noticed before anything is spoilt. Threading: see engine/move.h.
 */
#include "move_run.h"

#include "base/wire.h"

/* What others wrote is taken page by page, while they go on. */
static enum lb_result group_look(struct move_run *run, struct store *store)
{
    enum lb_result result = LB_OK;
    bool is_all = false;
    while (result == LB_OK && !is_all) {
        struct store_group *shown = NULL;
        result = store->ops->look(store, &shown, &is_all);
        if (result == LB_OK && shown != NULL &&
            store_wait_commit(&run->wait, store->ops, shown, &result) != STORE_COMMITTED) {
            return result == LB_OK ? LB_STORE_UNREACHABLE : result;
        }
    }
    return result;
}

enum lb_result move_group_open(struct move_run *run, struct store *store,
                               struct store_group **group)
{
    enum lb_result result = store->ops->group_begin(store, group);
    while (result == LB_TRY_LATER && store->ops->is_shared) {
        result = group_look(run, store);
        result = result == LB_OK ? store->ops->group_begin(store, group) : result;
    }
    return result;
}

enum group_place {
    PLACE_READY, /* the target is as the group before left it */
    PLACE_DONE,  /* this very group came through */
    PLACE_TAKEN,
};

static struct bytes mark_make(const struct move_run *run, uint64_t step,
                              uint8_t out[MOVE_MARK_BYTES])
{
    struct wire_writer writer = {.data = out, .cap = MOVE_MARK_BYTES};
    wire_put_bytes(&writer, bytes_of(run->config->run.bytes, sizeof(run->config->run.bytes)));
    wire_put_u64(&writer, step);
    wire_put_bytes(&writer, bytes_of(run->switch_id.bytes, sizeof(run->switch_id.bytes)));
    return bytes_of(out, writer.size);
}

static bool row_is(enum lb_result found, struct bytes value, const struct move_row *row)
{
    return (found == LB_OK) == row->has &&
           (!row->has || bytes_equal(value, bytes_of(row->data, row->size)));
}

static enum lb_result group_find_place(struct move_run *run, struct store_group *group,
                                       bool is_last, enum group_place *place)
{
    const struct store_ops *ops = run->to_store->ops;
    uint8_t before[MOVE_MARK_BYTES];
    uint8_t ours[MOVE_MARK_BYTES];
    struct bytes mark = {NULL, 0};
    struct bytes head = {NULL, 0};
    const enum lb_result has_mark = ops->group_get(group, TABLE_META, MOVE_MARK_KEY, &mark);
    const enum lb_result has_head = ops->group_get(group, TABLE_META, ROWS_HEAD_KEY, &head);
    if ((has_mark != LB_OK && has_mark != LB_ENTRY_UNKNOWN) ||
        (has_head != LB_OK && has_head != LB_ENTRY_UNKNOWN)) {
        return has_mark != LB_OK && has_mark != LB_ENTRY_UNKNOWN ? has_mark : has_head;
    }
    const bool is_ready =
        run->step == 0 ? row_is(has_mark, mark, &run->seen_mark)
                       : has_mark == LB_OK && bytes_equal(mark, mark_make(run, run->step, before));
    const bool is_done =
        is_last ? has_mark != LB_OK && row_is(has_head, head, &run->head_row)
                : has_mark == LB_OK && bytes_equal(mark, mark_make(run, run->step + 1, ours));
    *place = PLACE_TAKEN;
    if (is_ready && row_is(has_head, head, &run->seen_head)) {
        *place = PLACE_READY;
    } else if (is_done) {
        *place = PLACE_DONE;
    }
    return LB_OK;
}

static enum lb_result group_put_changes(struct move_run *run, struct store_group *group)
{
    const struct store_ops *ops = run->to_store->ops;
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < run->change_count && result == LB_OK; i++) {
        const struct move_change *change = &run->changes[i];
        result = change->is_deleted
                     ? ops->group_del(group, change->table, change->key)
                     : ops->group_put(group, change->table, change->key, change->value);
    }
    return result;
}

static enum lb_result group_put_last(struct move_run *run, struct store_group *group)
{
    const struct store_ops *ops = run->to_store->ops;
    const struct move_row *head = &run->head_row;
    enum lb_result result = ops->group_del(group, TABLE_META, MOVE_MARK_KEY);
    if (result == LB_OK && head->has) {
        result = ops->group_put(group, TABLE_META, ROWS_HEAD_KEY, bytes_of(head->data, head->size));
    }
    return result;
}

/* A place that was left once is a target now, and no more than that. */
static enum lb_result group_put_mark(struct move_run *run, struct store_group *group,
                                     struct bytes mark)
{
    const struct store_ops *ops = run->to_store->ops;
    const enum lb_result result = ops->group_put(group, TABLE_META, MOVE_MARK_KEY, mark);
    return result == LB_OK && run->step == 0 && run->seen_fence.has
               ? ops->group_del(group, TABLE_META, MOVE_FENCE_KEY)
               : result;
}

/* *outcome: what became of it. */
static enum lb_result group_try(struct move_run *run, bool is_last, struct bytes mark,
                                enum store_outcome *outcome)
{
    const struct store_ops *ops = run->to_store->ops;
    struct store_group *group = NULL;
    enum group_place place = PLACE_TAKEN;
    enum lb_result result = move_group_open(run, run->to_store, &group);
    if (result != LB_OK) {
        return result;
    }
    result = group_find_place(run, group, is_last, &place);
    if (result == LB_OK && place == PLACE_READY) {
        result = group_put_changes(run, group);
        if (result == LB_OK) {
            result = is_last ? group_put_last(run, group) : group_put_mark(run, group, mark);
        }
    }
    if (result != LB_OK || place == PLACE_TAKEN) {
        ops->group_abort(group);
        run->report->verdict = result == LB_OK ? MOVE_TO_TAKEN : MOVE_DONE;
        return result;
    }
    /* Where this very group had come through, an empty one proves it. */
    *outcome = store_wait_commit(&run->wait, ops, group, &result);
    return *outcome == STORE_COMMITTED ? LB_OK : result;
}

static enum lb_result group_write(struct move_run *run, bool is_last)
{
    uint8_t data[MOVE_MARK_BYTES];
    const struct bytes mark = mark_make(run, run->step + 1, data);
    move_close_to(run);
    for (int tries = 0; tries < MOVE_TRIES_MAX; tries++) {
        enum store_outcome outcome = STORE_FATAL;
        const enum lb_result result = group_try(run, is_last, mark, &outcome);
        if (result == LB_OK) {
            run->step += move_goes_on(run) ? 1 : 0;
            move_tell_progress(run);
            return LB_OK;
        }
        if (outcome != STORE_RETRY || result == LB_STORAGE_FULL || result == LB_MEMORY) {
            return result;
        }
    }
    return LB_STORE_UNREACHABLE;
}

enum lb_result move_flush(struct move_run *run)
{
    enum lb_result result = run->change_count == 0 ? LB_OK : group_write(run, false);
    for (size_t i = 0; i < run->change_count && result == LB_OK && move_goes_on(run); i++) {
        run->report->rows_put += run->changes[i].is_deleted ? 0 : 1;
        run->report->rows_deleted += run->changes[i].is_deleted ? 1 : 0;
    }
    run->change_count = 0;
    run->change_bytes = 0;
    arena_reset(&run->arena);
    return result;
}

enum lb_result move_begin(struct move_run *run)
{
    static const struct id none = {{0}};
    const bool is_named = !id_equal(&run->switch_id, &none);
    if (run->config->is_switch && !is_named) {
        run->switch_id = run->config->run;
    }
    return run->seen_mark.has && (is_named || !run->config->is_switch) ? LB_OK
                                                                       : group_write(run, false);
}

enum lb_result move_finish(struct move_run *run)
{
    return group_write(run, true);
}
