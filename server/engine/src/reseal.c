/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows sealed again, and keys destroyed. Threading: see reseal.h.
 */
#include "reseal.h"

#include "book_key.h"
#include "engine_private.h"
#include "people_rows.h"
#include "snapshot_views.h"

#define RESEAL_LOOK_ROWS 16384 /* of one snapshot, which is to be short */

static void reseal_look(struct engine *engine, void *context);

/* ---- the writer ---- */

static size_t request_rows(const struct reseal *reseal)
{
    const size_t left = reseal->count - reseal->next;
    return left < RESEAL_GROUP_ROWS ? left : RESEAL_GROUP_ROWS;
}

/* A row that does not open is left: it is no better under the newest key, and verify names it. */
void reseal_run(struct group *group, struct reseal *reseal)
{
    const size_t count = request_rows(reseal);
    enum lb_result result = group_may_seal(group);
    reseal->unreadable = 0;
    group->is_key_due = group->is_key_due || group_moves_key(group);
    for (size_t i = 0; i < count && result == LB_OK && group_fault(group) == LB_OK; i++) {
        const struct reseal_row *row = &reseal->rows[reseal->next + i];
        bool is_resealed = false;
        result = people_rows_reseal(group, &people_tables[row->table], row->owner, &is_resealed);
        if (result == LB_STORAGE_CORRUPT) {
            log_error(group->ports->log, "people_row_unreadable",
                      log_int("table", (int64_t)people_tables[row->table].table),
                      log_uint("owner", row->owner));
            reseal->unreadable++;
            result = LB_OK;
        }
        group->resealed_count += is_resealed ? 1 : 0;
    }
    reseal->write.verdict = (struct verdict){.code = result, .text = ""};
}

/* ---- between the two ---- */

/* Nothing more is done until reseal_wake; which may be at once. */
static void reseal_rest(struct engine *engine, uint32_t stuck_epoch)
{
    pthread_mutex_lock(&engine->lock);
    engine->reseal.is_busy = false;
    if (stuck_epoch != 0) {
        engine->reseal.stuck_epoch = stuck_epoch;
    }
    pthread_mutex_unlock(&engine->lock);
}

static void reseal_look_soon(struct engine *engine)
{
    if (engine_work_submit(engine, reseal_look, NULL) != LB_OK) {
        reseal_rest(engine, 0);
    }
}

static void reseal_submit(struct engine *engine)
{
    if (engine_write_submit(engine, &engine->reseal.write) != LB_OK) {
        reseal_rest(engine, 0);
    }
}

static void reseal_is_done(struct engine_write *write)
{
    struct reseal *reseal = write->context;
    struct engine *engine = reseal->engine;
    if (write->verdict.code != LB_OK) { /* no space, no memory: when a group succeeds again */
        reseal_rest(engine, 0);
        return;
    }
    reseal->unreadable_rows += reseal->unreadable;
    reseal->next += request_rows(reseal);
    if (reseal->next < reseal->count) {
        reseal_submit(engine);
    } else {
        reseal_look_soon(engine);
    }
}

/* ---- the work thread ---- */

static bool reseal_may_go_on(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    const bool may_go_on = !engine->is_closing && !engine->is_stopped;
    pthread_mutex_unlock(&engine->lock);
    return may_go_on;
}

static void pass_begin(struct reseal *reseal, struct people *people)
{
    reseal->target = people_epoch(people);
    reseal->from = (struct reseal_row){0, 0};
    reseal->count = 0;
    reseal->next = 0;
    reseal->found_rows = 0;
    reseal->unreadable_rows = 0;
}

/* Looks at one row at or after `from`, and moves that behind it. */
static void look_at_row(struct reseal *reseal, struct views views, enum lb_result *result)
{
    struct rows_key from = rows_key_of(reseal->from.owner);
    struct bytes key;
    struct bytes row;
    uint64_t owner = 0;
    if (!views_seek_ge(views, people_tables[reseal->from.table].table, rows_key_bytes(&from), 0,
                       &key, &row)) {
        reseal->from = (struct reseal_row){reseal->from.table + 1, 0};
        return;
    }
    if (!rows_number(key, &owner)) {
        *result = LB_STORAGE_CORRUPT;
        return;
    }
    if (people_row_epoch(row) < reseal->target) {
        reseal->rows[reseal->count++] = (struct reseal_row){reseal->from.table, owner};
    }
    reseal->from.owner = owner + 1;
}

/* A page, of one snapshot; it may be empty before the pass is over. */
static enum lb_result look_for_page(struct reseal *reseal, struct store *store)
{
    struct snapshot_views snapshot;
    enum lb_result result = snapshot_views_open(&snapshot, store);
    if (result != LB_OK) {
        return result;
    }
    struct views views = snapshot_views_port(&snapshot);
    reseal->count = 0;
    reseal->next = 0;
    for (size_t i = 0; i < RESEAL_LOOK_ROWS && reseal->count < RESEAL_PAGE_ROWS &&
                       reseal->from.table < PEOPLE_TABLES_COUNT && result == LB_OK;
         i++) {
        look_at_row(reseal, views, &result);
    }
    if (views_fault(views) != LB_OK) {
        result = views_fault(views);
    }
    snapshot_views_close(&snapshot);
    reseal->found_rows += reseal->count;
    return result;
}

/* Where several servers write, none of them seals under an older key any more: the book says so. */
static enum lb_result rotation_check(struct engine *engine)
{
    struct snapshot_views snapshot;
    struct book_key key;
    enum lb_result result = snapshot_views_open(&snapshot, engine->ports.store);
    if (result != LB_OK) {
        return result;
    }
    result = book_key_read(snapshot_views_port(&snapshot), &key);
    snapshot_views_close(&snapshot);
    const bool is_ours =
        key.epoch >= engine->reseal.target && book_key_is_here(&key, engine->ports.people);
    return result == LB_OK && !is_ours ? LB_KEY_OUTDATED : result;
}

/* No durable row is under an older key. */
static enum lb_result rotation_end(struct engine *engine)
{
    struct store *store = engine->ports.store;
    enum lb_result result = engine->is_shared ? rotation_check(engine) : LB_OK;
    if (result == LB_OK && store->ops->checkpoint != NULL) {
        result = store->ops->checkpoint(store);
    }
    if (result == LB_OK) {
        result = people_forget_before(engine->ports.people, engine->reseal.target);
    }
    if (result == LB_OK) {
        log_info(engine->ports.log, "key_rotated", log_uint("epoch", engine->reseal.target));
    }
    return result;
}

static void rotation_fail(struct engine *engine, enum lb_result why)
{
    const uint32_t target = engine->reseal.target;
    log_error(engine->ports.log, "key_not_rotated", log_uint("epoch", target),
              log_text("why", lb_result_name((int)why)));
    reseal_rest(engine, target);
}

/* The pass is over: another one, the end, or no further. */
static void pass_end(struct engine *engine)
{
    struct reseal *reseal = &engine->reseal;
    if (reseal->found_rows > 0 && reseal->unreadable_rows == reseal->found_rows) {
        rotation_fail(engine, LB_STORAGE_CORRUPT); /* what is left does not open */
        return;
    }
    const enum lb_result result = reseal->found_rows == 0 ? rotation_end(engine) : LB_OK;
    if (result != LB_OK) {
        rotation_fail(engine, result);
        return;
    }
    reseal_rest(engine, 0);
    reseal_wake(engine); /* another pass, or a rotation begun meanwhile */
}

/* The next page of the pass. */
static void reseal_look(struct engine *engine, void *context)
{
    struct reseal *reseal = &engine->reseal;
    (void)context;
    enum lb_result result = LB_OK;
    reseal->count = 0;
    while (reseal->count == 0 && reseal->from.table < PEOPLE_TABLES_COUNT && result == LB_OK) {
        if (!reseal_may_go_on(engine)) {
            return;
        }
        result = look_for_page(reseal, engine->ports.store);
    }
    if (result != LB_OK) {
        rotation_fail(engine, result);
    } else if (reseal->count > 0) {
        reseal_submit(engine);
    } else {
        pass_end(engine);
    }
}

void reseal_wake(struct engine *engine)
{
    struct reseal *reseal = &engine->reseal;
    struct people *people = engine->ports.people;
    if (!people_is_rotating(people)) {
        return;
    }
    pthread_mutex_lock(&engine->lock);
    const bool is_due = !reseal->is_busy && !engine->is_closing && !engine->is_stopped &&
                        reseal->stuck_epoch != people_epoch(people);
    reseal->is_busy = reseal->is_busy || is_due;
    pthread_mutex_unlock(&engine->lock);
    if (!is_due) {
        return;
    }
    reseal->engine = engine;
    reseal->write =
        (struct engine_write){.done = reseal_is_done, .context = reseal, .reseal = reseal};
    pass_begin(reseal, people);
    reseal_submit(engine); /* of no rows: its answer comes behind all that was sealed before */
}
