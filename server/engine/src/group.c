/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One attempt at a group: begin, load, run, persist. The writer's thread.
 */
#include "group.h"

#include "base/assert.h"
#include "tree_rows.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_ARENA_BYTES_MAX   (UINT64_C(256) << 20)
#define COMMAND_ARENA_BYTES_MAX (UINT64_C(4) << 20)

enum lb_result group_init(struct group *group, const struct engine_ports *ports,
                          int32_t zone_east_s)
{
    *group = (struct group){.ports = ports, .zone_east_s = zone_east_s};
    const struct arena_memory *memory = arena_memory_heap();
    store_wait_init(&group->wait);
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
    group->bank = (struct bank){group->reader.views, entry_reader_port(&group->reader)};
    return LB_OK;
}

void group_fini(struct group *group)
{
    overlay_free(group->overlay);
    free(group->postings);
    arena_fini(&group->reader_arena);
    arena_fini(&group->command_arena);
    arena_fini(&group->group_arena);
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
        .budget = group->budget,
    };
}

void group_rollback(struct group *group, const struct group_mark *mark)
{
    overlay_rollback(group->overlay, mark->savepoint);
    group->head = mark->head;
    group->entry_count = mark->entry_count;
    group->budget = mark->budget;
}

void group_keep(struct group *group, const struct group_mark *mark)
{
    overlay_release(group->overlay, mark->savepoint);
}

/* ---- begin and load ---- */

/* What an answer of the store other than LB_OK means for the group that met it. */
static struct group_outcome group_outcome_of(enum lb_result why)
{
    if (why == LB_STORAGE_CONFLICT) {
        return (struct group_outcome){GROUP_RETRY, why};
    }
    if (why == LB_MEMORY || lb_result_class((int)why) == LB_CLASS_RETRYABLE) {
        return (struct group_outcome){GROUP_REFUSED, why};
    }
    return (struct group_outcome){GROUP_STOPPED, why};
}

static struct group_outcome group_give_up(struct group *group, enum lb_result why)
{
    group->ports->store->ops->group_abort(group->store_group);
    group->entry_count = 0;
    return group_outcome_of(why);
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

static struct store_want group_want_id(const struct id *id)
{
    return (struct store_want){.table = TABLE_REQUEST,
                               .key = bytes_of(id->bytes, sizeof(id->bytes))};
}

/* Declares what is certain to be read: the outcomes of all request ids. */
static enum lb_result group_load(struct group *group, const struct engine_write *requests,
                                 size_t command_count)
{
    size_t cap = 2 * command_count; /* every command, and a batch for each at most */
    struct store_want *wants = arena_take_zeroed(&group->group_arena, cap, sizeof(wants[0]));
    if (wants == NULL) {
        return LB_MEMORY;
    }
    size_t count = 0;
    for (const struct engine_write *each = requests; each != NULL; each = each->next) {
        if (each->all_or_nothing && each->command_count > 0) {
            wants[count++] = group_want_id(&each->batch_id);
        }
        for (size_t i = 0; i < each->command_count; i++) {
            wants[count++] = group_want_id(&each->commands[i].id);
        }
    }
    return store_wait_want(&group->wait, group->ports->store->ops, group->store_group, wants,
                           count);
}

static enum lb_result group_prepare(struct group *group, const struct log_state *state,
                                    const struct engine_write *requests)
{
    size_t command_count = group_count_commands(requests);
    arena_reset(&group->group_arena);
    group->entries =
        arena_take_zeroed(&group->group_arena, command_count, sizeof(group->entries[0]));
    if (group->entries == NULL) {
        return LB_MEMORY;
    }
    int64_t clock_ms = clock_now_ms(group->ports->clock);
    group->now_ms = clock_ms > state->head.recorded_ms ? clock_ms : state->head.recorded_ms;
    group->monotonic_ms = clock_monotonic_ms(group->ports->clock);
    group->head = state->tree.size;
    group->fault = LB_OK;
    overlay_reset(group->overlay, group->ports->store->ops, group->store_group, NULL);
    return group_load(group, requests, command_count);
}

/* ---- persist ---- */

/* Grows the tree by the group's entries and puts tiles and head record into the write set. */
static enum lb_result group_seal_log(struct group *group, const struct log_state *state)
{
    struct log_state *next = &group->next;
    struct merkle_hasher hasher = tree_hasher();
    struct merkle_sink sink = tree_sink(&group->bank.views);
    *next = *state;
    for (size_t i = 0; i < group->entry_count; i++) {
        const struct merkle_hash *leaf = &group->entries[i].leaf;
        if (merkle_tree_append(&next->tree, leaf, &sink) != MERKLE_OK) {
            return group_fault(group);
        }
        merkle_frontier_append(&next->head.frontier, &hasher, leaf);
    }
    LB_ASSERT(next->tree.size == group->head);
    next->head.recorded_ms = group->now_ms;
    uint8_t record[ROWS_HEAD_BYTES_MAX];
    size_t record_bytes = rows_head_pack(&next->head, record);
    views_put(group->bank.views, TABLE_META, ROWS_HEAD_KEY, bytes_of(record, record_bytes));
    return group_fault(group);
}

static struct group_outcome group_persist(struct group *group, const struct log_state *state)
{
    const struct store_ops *ops = group->ports->store->ops;
    enum lb_result result = group_seal_log(group, state);
    if (result == LB_OK) {
        result = overlay_flush(group->overlay, ops, group->store_group);
    }
    if (result != LB_OK) {
        return group_give_up(group, result);
    }
    enum lb_result why = LB_OK;
    switch (store_wait_commit(&group->wait, ops, group->store_group, &why)) {
    case STORE_COMMITTED:
        return (struct group_outcome){GROUP_DURABLE, LB_OK};
    case STORE_RETRY:
        return group_outcome_of(why);
    case STORE_UNKNOWN:
    case STORE_FATAL:
        return (struct group_outcome){GROUP_STOPPED, why};
    }
    return (struct group_outcome){GROUP_STOPPED, LB_INTERNAL};
}

struct group_outcome group_attempt(struct group *group, const struct log_state *state,
                                   struct engine_write *requests)
{
    struct budget budget_before = group->budget;
    group->entry_count = 0;
    enum lb_result result =
        group->ports->store->ops->group_begin(group->ports->store, &group->store_group);
    if (result != LB_OK) {
        return group_outcome_of(result);
    }
    result = group_prepare(group, state, requests);
    for (struct engine_write *each = requests; each != NULL && result == LB_OK; each = each->next) {
        request_run(group, each);
        result = group_fault(group);
    }
    struct group_outcome outcome = {GROUP_DURABLE, LB_OK};
    if (result != LB_OK) {
        outcome = group_give_up(group, result);
    } else if (group->entry_count > 0) {
        outcome = group_persist(group, state);
    } else { /* dry-runs, replays and refusals that are not kept rest on what is durable already */
        group->ports->store->ops->group_abort(group->store_group);
    }
    if (outcome.end != GROUP_DURABLE) {
        group->budget = budget_before;
    }
    return outcome;
}
