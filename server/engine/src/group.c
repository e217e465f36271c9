/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One attempt at a group: begin, run, seal. The writer's thread.
 */
#include "group.h"

#include "base/assert.h"
#include "base/test_point.h"
#include "log_tree.h"
#include "move_run.h"

#include <stdlib.h>
#include <string.h>

#define HINTS_AHEAD             8 /* commands: some 40 hints, and microseconds */
#define GROUP_ARENA_BYTES_MAX   (UINT64_C(256) << 20)
#define COMMAND_ARENA_BYTES_MAX (UINT64_C(4) << 20)

enum lb_result group_init(struct group *group, const struct engine_ports *ports,
                          int32_t zone_east_s)
{
    *group = (struct group){.ports = ports, .zone_east_s = zone_east_s};
    const struct arena_memory *memory = arena_memory_heap();
    store_wait_init(&group->wait);
    others_init(&group->others);
    arena_init(&group->reader_arena, memory, COMMAND_ARENA_BYTES_MAX);
    arena_init(&group->command_arena, memory, COMMAND_ARENA_BYTES_MAX);
    arena_init(&group->group_arena, memory, GROUP_ARENA_BYTES_MAX);
    group->postings = calloc(LB_ENTRY_POSTINGS_MAX, sizeof(group->postings[0]));
    enum lb_result result = overlay_new(memory, &group->overlay);
    if (result != LB_OK || group->postings == NULL) {
        group_fini(group);
        return LB_MEMORY;
    }
    group->reader = (struct entry_reader){.views = overlay_views(group->overlay),
                                          .arena = &group->reader_arena,
                                          .owns_arena = true,
                                          .fault = &group->fault};
    group->bank =
        (struct bank){group->reader.views, entry_reader_port(&group->reader), &group->power_memo};
    return LB_OK;
}

void group_fini(struct group *group)
{
    overlay_free(group->overlay);
    free(group->postings);
    free(group->names);
    free(group->packed);
    arena_fini(&group->reader_arena);
    arena_fini(&group->command_arena);
    arena_fini(&group->group_arena);
    others_fini(&group->others);
    store_wait_fini(&group->wait);
}

enum lb_result group_fault(const struct group *group)
{
    enum lb_result fault = views_fault(group->bank.views);
    return fault != LB_OK ? fault : group->fault;
}

/* ---- savepoints ---- */

struct group_mark group_mark(struct group *group)
{
    return (struct group_mark){
        .savepoint = overlay_savepoint(group->overlay),
        .head = group->head,
        .entry_count = group->entry_count,
        .name_count = group->name_count,
        .refusals_taken = group->after.budget.taken,
    };
}

void group_rollback(struct group *group, const struct group_mark *mark)
{
    overlay_rollback(group->overlay, mark->savepoint);
    group->power_memo.is_set = false;
    group->head = mark->head;
    group->entry_count = mark->entry_count;
    group->name_count = mark->name_count;
    budget_give_back(&group->after.budget, mark->refusals_taken);
}

void group_keep(struct group *group, const struct group_mark *mark)
{
    overlay_release(group->overlay, mark->savepoint);
}

/* ---- begin ---- */

struct group_outcome group_outcome_of(enum lb_result why)
{
    if (why == LB_STORAGE_CONFLICT) {
        return (struct group_outcome){GROUP_RETRY, why};
    }
    if (why == LB_MEMORY || lb_result_class((int)why) == LB_CLASS_RETRYABLE) {
        return (struct group_outcome){GROUP_REFUSED, why};
    }
    return (struct group_outcome){GROUP_STOPPED, why};
}

/* Each command makes at most one entry; a batch refused makes one for all its commands. */
static size_t group_count_commands(const struct engine_write *requests)
{
    size_t count = 0;
    for (const struct engine_write *each = requests; each != NULL; each = each->next) {
        count += each->command_count;
    }
    return count;
}

/* Room for what the commands need; kept for the next groups. */
static enum lb_result group_reserve(struct group *group, size_t command_count)
{
    if (command_count <= group->command_cap) {
        return LB_OK;
    }
    free(group->names);
    free(group->packed);
    group->command_cap = 0;
    group->names = calloc(command_count, sizeof(group->names[0]));
    group->packed = calloc(command_count, sizeof(group->packed[0]));
    if (group->names == NULL || group->packed == NULL) {
        return LB_MEMORY;
    }
    group->command_cap = command_count;
    return LB_OK;
}

/* What other servers wrote is part of what this group is built upon. */
static enum lb_result group_catch_up(struct group *group, struct log_tree *tree)
{
    struct people *people = group->ports->people;
    struct views views = group->bank.views;
    bool is_reloaded = false;
    enum lb_result result = book_key_read(views, &group->key);
    if (result != LB_OK) {
        return result;
    }
    group->key_result = book_key_check(&group->key, people, &is_reloaded);
    others_note_key(group->engine, group->key_result, is_reloaded);
    result = others_catch_up(&group->others, people, views, tree, &group->before);
    group->after = group->before;
    return result == LB_OK && move_is_elsewhere(views) ? LB_SHUTTING_DOWN : result;
}

static enum lb_result group_prepare(struct group *group, struct log_tree *tree)
{
    size_t command_count = group_count_commands(group->requests);
    enum lb_result result = LB_OK;
    overlay_reset(group->overlay, group->ports->store->ops, group->store_group, NULL);
    if (group->ports->store->ops->is_shared) {
        result = group_catch_up(group, tree);
    }
    if (result != LB_OK) {
        return result;
    }
    if (group_reserve(group, command_count) != LB_OK || !log_tree_reserve(tree, command_count)) {
        return LB_MEMORY;
    }
    arena_reset(&group->group_arena);
    int64_t clock_ms = clock_now_ms(group->ports->clock);
    group->now_ms = clock_ms > group->before.recorded_ms ? clock_ms : group->before.recorded_ms;
    group->monotonic_ms = clock_monotonic_ms(group->ports->clock);
    group->head = group->before.entries;
    group->fault = LB_OK;
    group->power_memo.is_set = false;
    return LB_OK;
}

/* ---- seal ---- */

/* Puts the head record into the write set, and what was hashed of the groups before. */
static enum lb_result group_seal_log(struct group *group, const struct log_tree *tree)
{
    const struct group_ground *before = &group->before;
    const int64_t recorded_ms = group->entry_count > 0 ? group->now_ms : before->recorded_ms;
    LB_ASSERT(before->frontier.size == before->entries);
    log_tree_put(tree, before->stored_leaves, group->bank.views);
    uint8_t record[ROWS_HEAD_BYTES_MAX];
    size_t record_bytes = rows_head_pack(group->head, recorded_ms, &before->frontier, record);
    views_put(group->bank.views, TABLE_META, ROWS_HEAD_KEY, bytes_of(record, record_bytes));
    if (group->is_key_due) {
        book_key_put(group->bank.views, group->ports->people);
    }
    group->after.entries = group->head;
    group->after.recorded_ms = recorded_ms;
    group->after.stored_leaves = before->frontier.size;
    return group_fault(group);
}

void group_hint(struct group *group)
{
    while (group->hinted != NULL && group->hinted_count == group->hinted->command_count) {
        group->hinted = group->hinted->next;
        group->hinted_count = 0;
    }
    if (group->hinted != NULL) {
        const struct command *command = &group->hinted->commands[group->hinted_count++];
        views_hint(group->bank.views, TABLE_REQUEST,
                   bytes_of(command->id.bytes, sizeof(command->id.bytes)));
        bank_hint(&group->bank, command, date_day_of_ms(group->now_ms, group->zone_east_s));
    }
}

static enum lb_result group_run(struct group *group)
{
    enum lb_result result = LB_OK;
    group->hinted = group->requests;
    group->hinted_count = 0;
    for (unsigned i = 0; i < HINTS_AHEAD; i++) {
        group_hint(group);
    }
    for (struct engine_write *each = group->requests; each != NULL && result == LB_OK;
         each = each->next) {
        request_run(group, each);
        result = group_fault(group);
    }
    return result;
}

enum lb_result group_begin(struct group *group)
{
    group->entry_count = 0;
    group->name_count = 0;
    group->resealed_count = 0;
    group->key = (struct book_key){.epoch = 0};
    group->key_result = LB_OK;
    group->is_key_due = false;
    group->is_committed = false;
    others_reset(&group->others);
    group->after = group->before;
    return group->ports->store->ops->group_begin(group->ports->store, &group->store_group);
}

bool group_has_changes(const struct group *group)
{
    return group->entry_count > 0 || group->resealed_count > 0 || group->is_key_due ||
           group->requests == NULL;
}

enum lb_result group_may_seal(const struct group *group)
{
    return group->key_result;
}

bool group_moves_key(const struct group *group)
{
    return group->ports->store->ops->is_shared && group->key_result == LB_OK &&
           book_key_is_older(&group->key, group->ports->people);
}

static enum lb_result group_seal(struct group *group, const struct log_tree *tree)
{
    if (!group_has_changes(group)) {
        return LB_OK; /* a proof of what the turn showed */
    }
    group->is_key_due = group_moves_key(group);
    enum lb_result result = group_seal_log(group, tree);
    return result == LB_OK
               ? overlay_flush(group->overlay, group->ports->store->ops, group->store_group)
               : result;
}

bool group_attempt(struct group *group, struct log_tree *tree, struct group_outcome *outcome)
{
    const struct store_ops *ops = group->ports->store->ops;
    TEST_POINT(group_begun);
    log_tree_cut(tree, group->before.entries);
    enum lb_result result = group_prepare(group, tree);
    if (result == LB_OK) {
        result = group_run(group);
    }
    TEST_POINT(group_decided);
    group->is_committed = result == LB_OK && (ops->is_shared || group_has_changes(group));
    if (group->is_committed) {
        result = group_seal(group, tree);
        if (result == LB_OK) {
            return true;
        }
    }
    group->is_committed = false;
    ops->group_abort(group->store_group);
    group->entry_count = 0;
    group->name_count = 0;
    group->resealed_count = 0;
    group->is_key_due = false;
    *outcome =
        result == LB_OK ? (struct group_outcome){GROUP_DURABLE, LB_OK} : group_outcome_of(result);
    return false;
}
