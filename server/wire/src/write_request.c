/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Decoding write requests. One arena per thread.
 */
#include "wire/write.h"

#include "entry/command_codec.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"
#include "wire/payload.h"

#define COMMANDS_TAG 1 /* WriteRequest.commands */

static struct verdict verdict_of(enum lb_result code, const char *text)
{
    return (struct verdict){.code = code, .text = text};
}

static struct verdict decode_batch_id(const Lovebank__V1__WriteRequest *from, struct id *id)
{
    if (from->batch_id.len == 0) {
        return verdict_of(LB_FIELD_MISSING, "batch_id");
    }
    if (from->batch_id.len == sizeof(id->bytes)) {
        memcpy(id->bytes, from->batch_id.data, sizeof(id->bytes));
    }
    return id_is_zero(id) ? verdict_of(LB_MALFORMED, "batch_id") : verdict_of(LB_OK, "");
}

/* As the engine refuses a batch: nothing is done, the line at fault says why, the others which. */
static void refuse_batch(struct wire_write_request *request, size_t index, struct verdict fault)
{
    request->command_count = 0;
    request->failed_line = (uint32_t)index + 1;
    request->failed_code = (uint32_t)fault.code;
    for (size_t i = 0; i < request->verdict_count; i++) {
        request->verdicts[i] = (struct verdict){LB_BATCH_FAILED, request->failed_line, 0, 0,
                                                lb_result_name((int)fault.code)};
    }
    request->verdicts[index] = fault;
}

static enum lb_result decode_commands(const Lovebank__V1__WriteRequest *from, struct arena *arena,
                                      struct wire_write_request *request)
{
    request->commands = arena_take(arena, from->n_commands * sizeof(request->commands[0]));
    request->verdicts = arena_take(arena, from->n_commands * sizeof(request->verdicts[0]));
    if (arena->exhausted) {
        return LB_MEMORY;
    }
    request->verdict_count = from->n_commands;
    for (size_t i = 0; i < from->n_commands; i++) {
        struct command *command = &request->commands[request->command_count];
        struct verdict verdict = entry_command_from_pb(from->commands[i], command);
        request->verdicts[i] = verdict;
        if (verdict.code == LB_OK) {
            request->command_count++;
        } else if (request->all_or_nothing) {
            refuse_batch(request, i, verdict);
            break;
        }
    }
    return LB_OK;
}

/* The cap is held against the bytes: their count must not cost memory first. */
static struct verdict check_batch(struct bytes payload)
{
    const ProtobufCMessageDescriptor *kind = &lovebank__v1__write_request__descriptor;
    size_t count = 0;
    if (entry_message_count(kind, payload, COMMANDS_TAG, &count) != LB_OK) {
        return verdict_of(LB_MALFORMED, kind->short_name);
    }
    if (count == 0) {
        return verdict_of(LB_FIELD_MISSING, "commands");
    }
    if (count > LB_BATCH_COMMANDS_MAX) {
        return (struct verdict){LB_BATCH_TOO_LARGE, (int64_t)count, LB_BATCH_COMMANDS_MAX, 0, ""};
    }
    return verdict_of(LB_OK, "");
}

struct verdict wire_write_request_decode(struct bytes payload, struct arena *arena,
                                         struct wire_write_request *request)
{
    *request = (struct wire_write_request){0};
    struct verdict verdict = check_batch(payload);
    if (verdict.code != LB_OK) {
        return verdict;
    }
    ProtobufCMessage *message = NULL;
    verdict = wire_unpack(&lovebank__v1__write_request__descriptor, payload, arena, &message);
    if (verdict.code != LB_OK) {
        return verdict;
    }
    const Lovebank__V1__WriteRequest *from = (const Lovebank__V1__WriteRequest *)message;
    request->dry_run = from->dry_run;
    request->all_or_nothing = from->all_or_nothing;
    if (from->all_or_nothing) {
        verdict = decode_batch_id(from, &request->batch_id);
        if (verdict.code != LB_OK) {
            return verdict;
        }
    }
    return verdict_of(decode_commands(from, arena, request), "");
}
