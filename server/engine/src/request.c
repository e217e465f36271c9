/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A write request: each command by itself, or all or nothing; kept, or shown as a dry-run. Both
 * use the group's savepoints, so a preview is what a commit would give. The writer's thread.
 */
#include "group.h"

#include "base/assert.h"
#include "reseal.h"

static void request_refuse(struct engine_write *write, struct verdict verdict)
{
    write->verdict = verdict;
    write->results = NULL;
}

/* What is wrong with the service, not with the command, is the answer to the whole request. */
static bool request_is_cut_off(enum lb_result code)
{
    enum lb_result_class class = lb_result_class((int)code);
    return class == LB_CLASS_RETRYABLE || class == LB_CLASS_FAULT;
}

static void request_run_each(struct group *group, struct engine_write *write)
{
    for (size_t i = 0; i < write->command_count && group_fault(group) == LB_OK; i++) {
        record_command(group, write, &write->commands[i], &write->results[i]);
    }
}

/* NULL: the index points to nothing, or the entry does not decode; then the group has a fault. */
static const struct entry *request_read(struct group *group, uint64_t number)
{
    const struct entry *entry = entry_reader_get(&group->reader, number);
    if (entry == NULL && group->fault == LB_OK) {
        group->fault = LB_STORAGE_CORRUPT;
    }
    return entry;
}

/* The refusal of this batch is in the ledger: the same answer again, or the id was reused. */
static void request_replay_batch(struct group *group, struct engine_write *write, uint64_t number)
{
    const struct entry *entry = request_read(group, number);
    if (entry == NULL) {
        return;
    }
    uint32_t line = entry->failed_line;
    bool is_in_batch = line >= 1 && line <= write->command_count;
    struct command failed = write->commands[is_in_batch ? line - 1 : 0];
    struct verdict refusal = record_authorise_replay(group, write, entry->actor.principal, &failed);
    if (refusal.code != LB_OK) {
        request_refuse(write, refusal);
        return;
    }
    entry = request_read(group, number);
    if (entry == NULL) {
        return;
    }
    failed.id = write->batch_id;
    if (!is_in_batch || !record_is_same(group, entry, &failed)) {
        request_refuse(write, (struct verdict){LB_ID_REUSED, (int64_t)number, 0, 0, ""});
        return;
    }
    refusal = entry->verdict;
    refusal.code = (enum lb_result)entry->failed_code;
    result_fill_batch(write, line, &refusal, number);
    for (size_t i = 0; i < write->command_count; i++) {
        write->results[i].replayed = true;
    }
}

/* Everything since the savepoint is undone; answers for the line that was refused. */
static void request_fail_batch(struct group *group, struct engine_write *write, uint32_t line)
{
    struct verdict refusal = write->results[line - 1].verdict;
    if (request_is_cut_off(refusal.code)) {
        request_refuse(write, refusal);
        return;
    }
    uint64_t number = 0;
    if (lb_result_is_recorded((int)refusal.code)) {
        struct engine_result recorded;
        if (!record_batch_refusal(group, write, line, &refusal, &recorded)) {
            request_refuse(write, recorded.verdict);
            return;
        }
        number = recorded.entry;
    }
    result_fill_batch(write, line, &refusal, number);
}

static void request_run_whole(struct group *group, struct engine_write *write)
{
    const struct entry_log *log = &group->bank.log;
    uint64_t known = log->find_request(log->context, &write->batch_id);
    if (group_fault(group) != LB_OK) {
        return;
    }
    if (known != 0) {
        request_replay_batch(group, write, known);
        return;
    }
    struct group_mark mark = group_mark(group);
    for (uint32_t i = 0; i < write->command_count; i++) {
        record_command(group, write, &write->commands[i], &write->results[i]);
        if (group_fault(group) != LB_OK) {
            return; /* nothing of the group is kept */
        }
        if (write->results[i].verdict.code != LB_OK) {
            group_rollback(group, &mark);
            request_fail_batch(group, write, i + 1);
            return;
        }
    }
    group_keep(group, &mark);
}

/* The batch's id must be its own: under it stands the refusal, under the others the commands. */
static bool request_has_batch_id(const struct engine_write *write)
{
    bool is_own = !id_is_zero(&write->batch_id);
    for (size_t i = 0; is_own && i < write->command_count; i++) {
        is_own = !id_equal(&write->batch_id, &write->commands[i].id);
    }
    return is_own;
}

/* false: refused before anything of it was looked at. */
static bool request_prepare(struct engine_write *write)
{
    size_t count = write->command_count;
    if (count == 0) {
        request_refuse(write, (struct verdict){.code = LB_FIELD_MISSING, .text = "commands"});
    } else if (count > LB_BATCH_COMMANDS_MAX) {
        request_refuse(write, (struct verdict){LB_BATCH_TOO_LARGE, (int64_t)count,
                                               LB_BATCH_COMMANDS_MAX, 0, ""});
    } else if (write->all_or_nothing && !request_has_batch_id(write)) {
        request_refuse(write, (struct verdict){.code = LB_FIELD_MISSING, .text = "batch_id"});
    } else {
        write->verdict = (struct verdict){.code = LB_OK, .text = ""};
        write->results = arena_take_zeroed(write->arena, count, sizeof(write->results[0]));
        if (write->results == NULL) {
            request_refuse(write, (struct verdict){.code = LB_MEMORY, .text = ""});
        }
    }
    return write->results != NULL;
}

/* Numbers of entries that were rolled back are nobody's. */
static void request_hide_entries(struct engine_write *write, uint64_t head)
{
    for (size_t i = 0; write->results != NULL && i < write->command_count; i++) {
        if (write->results[i].entry > head) {
            write->results[i].entry = 0;
        }
    }
}

static void request_run_mode(struct group *group, struct engine_write *write)
{
    if (write->all_or_nothing) {
        request_run_whole(group, write);
    } else {
        request_run_each(group, write);
    }
}

void request_run(struct group *group, struct engine_write *write)
{
    if (write->reseal != NULL) {
        reseal_run(group, write->reseal);
        return;
    }
    if (!request_prepare(write)) {
        return;
    }
    if (!write->dry_run) {
        request_run_mode(group, write);
        return;
    }
    struct group_mark mark = group_mark(group);
    request_run_mode(group, write);
    if (group_fault(group) == LB_OK) {
        group_rollback(group, &mark);
        request_hide_entries(write, mark.head);
    }
}
