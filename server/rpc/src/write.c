/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * write: a batch of commands to the engine, and its results back. Commands that cannot be decoded
 * have their answer already; the engine gets the others.
 */
#include "call.h"

#include "wire/write.h"

static void write_done(struct engine_write *write)
{
    rpc_call_done(write->context);
}

/* LB_OK: the engine has it. */
static enum lb_result write_submit(struct rpc_call *call)
{
    const struct wire_write_request *request = call->write_request;
    call->write = (struct engine_write){
        .commands = request->commands,
        .command_count = request->command_count,
        .dry_run = request->dry_run,
        .all_or_nothing = request->all_or_nothing,
        .batch_id = request->batch_id,
        .actor = call->actor,
        .arena = &call->arena,
        .done = write_done,
        .context = call,
    };
    call->is_pending = true;
    const enum lb_result result = engine_write_queue(call->rpc->ports.engine, &call->write);
    if (result != LB_OK) {
        call->is_pending = false;
    } else {
        call->rpc->has_queued = true;
    }
    return result;
}

enum lb_result rpc_write(struct rpc_call *call)
{
    call->write_request = arena_take_zeroed(&call->arena, 1, sizeof(*call->write_request));
    if (call->write_request == NULL) {
        return LB_MEMORY;
    }
    struct verdict verdict =
        wire_write_request_decode(call->payload, &call->arena, call->write_request);
    if (verdict.code == LB_OK && call->write_request->command_count > 0) {
        verdict = (struct verdict){.code = write_submit(call), .text = ""};
        if (verdict.code == LB_OK) {
            return LB_OK;
        }
    }
    return wire_write_response_encode(call->write_request, &verdict, NULL, &call->arena,
                                      &call->packed);
}

/* Those of other servers: see followed.c. */
static void write_count(struct rpc *rpc, const struct command *command,
                        const struct engine_result *result)
{
    if (result->verdict.code != LB_OK || result->replayed) {
        return;
    }
    rpc->members += command->kind == ACT_MEMBER_REGISTER;
    rpc->cards += command->kind == ACT_CARD_ISSUE || result->assigned_card != 0;
}

/* Whom a proposal logs out that was confirmed: the entry made holds what was proposed. */
static uint32_t confirmed_logs_out(struct rpc_call *call, uint64_t number)
{
    struct engine_view view;
    struct bytes packed;
    struct entry entry;
    uint32_t principal = 0;
    if (rpc_is_stopped(call->rpc) ||
        engine_view_open(call->rpc->ports.engine, &call->arena, &view) != LB_OK) {
        return 0; /* what is locked is refused all the same */
    }
    if (engine_view_entry(&view, number, &packed, &entry) == LB_OK) {
        principal = followed_logs_out(&entry.command);
    }
    engine_view_close(&view);
    return principal;
}

static void write_end_sessions(struct rpc_call *call, const struct command *command,
                               const struct engine_result *result)
{
    struct auth *auth = call->rpc->ports.auth;
    const struct auth_session_ref none = {0};
    if (auth == NULL || result->verdict.code != LB_OK || result->replayed) {
        return;
    }
    const uint32_t principal = command->kind == ACT_PROPOSAL_DECIDE
                                   ? confirmed_logs_out(call, result->entry)
                                   : followed_logs_out(command);
    if (principal != 0) {
        (void)auth_sessions_end_all(auth->sessions, principal, none,
                                    clock_monotonic_ms(auth->clock));
    }
}

/* What follows from a write in memory, whether or not its answer can be made. */
static void write_follow(struct rpc_call *call)
{
    const struct engine_write *write = &call->write;
    for (size_t i = 0; !write->dry_run && i < write->command_count; i++) {
        write_count(call->rpc, &write->commands[i], &write->results[i]);
        write_end_sessions(call, &write->commands[i], &write->results[i]);
    }
}

static void write_result_fill(struct wire_write_result *to, const struct engine_result *from)
{
    *to = (struct wire_write_result){
        .verdict = from->verdict,
        .entry = from->entry,
        .balances = from->balances,
        .balance_count = from->balance_count,
        .lines = from->lines,
        .line_count = from->line_count,
        .earning = from->earning,
        .assigned = from->assigned,
        .assigned_card = from->assigned_card,
        .replayed = from->replayed,
        .reversed_by = from->reversed_by,
        .known_code = from->known_code,
        .failed_line = from->failed_line,
        .failed_code = from->failed_code,
    };
}

enum lb_result rpc_write_finish(struct rpc_call *call)
{
    const struct engine_write *write = &call->write;
    struct wire_write_result *results = NULL;
    if (write->verdict.code == LB_OK) {
        write_follow(call);
        results = arena_take_zeroed(&call->arena, write->command_count, sizeof(*results));
        if (results == NULL) {
            return LB_MEMORY;
        }
        for (size_t i = 0; i < write->command_count; i++) {
            write_result_fill(&results[i], &write->results[i]);
        }
    }
    return wire_write_response_encode(call->write_request, &write->verdict, results, &call->arena,
                                      &call->packed);
}
