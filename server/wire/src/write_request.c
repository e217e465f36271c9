/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Decoding write requests. One arena per thread.
 */
#include "wire/write.h"

#include "entry/command_codec.h"
#include "entry/unpacker.h"
#include "lovebank/limits.h"

/* Fields of WriteRequest, read without a message in between: a batch may have thousands. */
#define KEY_COMMANDS       UNPACKER_KEY(1, UNPACKER_LENGTH)
#define KEY_DRY_RUN        UNPACKER_KEY(2, UNPACKER_VARINT)
#define KEY_ALL_OR_NOTHING UNPACKER_KEY(3, UNPACKER_VARINT)
#define KEY_BATCH_ID       UNPACKER_KEY(4, UNPACKER_LENGTH)
#define FIELD_LAST         4
#define MESSAGE_NAME       "WriteRequest"

static struct verdict verdict_of(enum lb_result code, const char *text)
{
    return (struct verdict){.code = code, .text = text};
}

/* The request but its commands, of which only the number is told. false: malformed. */
static bool read_batch(struct bytes payload, struct wire_write_request *request, size_t *count,
                       struct bytes *batch_id)
{
    struct unpacker in = {.left = payload};
    *count = 0;
    *batch_id = (struct bytes){NULL, 0};
    while (unpacker_has_more(&in)) {
        uint64_t key = unpacker_varint(&in);
        uint64_t field = key >> 3;
        switch (key) {
        case KEY_COMMANDS:
            (void)unpacker_bytes(&in);
            ++*count;
            break;
        case KEY_DRY_RUN:
            request->dry_run = unpacker_varint(&in) != 0;
            break;
        case KEY_ALL_OR_NOTHING:
            request->all_or_nothing = unpacker_varint(&in) != 0;
            break;
        case KEY_BATCH_ID:
            *batch_id = unpacker_bytes(&in);
            break;
        default: /* what a newer client says besides; but a known field is of its type */
            in.bad = in.bad || field <= FIELD_LAST || field > UINT32_MAX;
            unpacker_skip(&in, key);
            break;
        }
    }
    return !in.bad;
}

static struct verdict decode_batch_id(struct bytes from, struct id *id)
{
    if (from.size == 0) {
        return verdict_of(LB_FIELD_MISSING, "batch_id");
    }
    if (from.size == sizeof(id->bytes)) {
        memcpy(id->bytes, from.data, sizeof(id->bytes));
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

/* Each command has its verdict; those without a fault are put one behind the other. */
static enum lb_result decode_commands(struct bytes payload, struct arena *arena, size_t count,
                                      struct wire_write_request *request)
{
    struct unpacker in = {.left = payload};
    request->commands = arena_take(arena, count * sizeof(request->commands[0]));
    request->verdicts = arena_take(arena, count * sizeof(request->verdicts[0]));
    if (arena->exhausted) {
        return LB_MEMORY;
    }
    while (request->verdict_count < count) {
        uint64_t key = unpacker_varint(&in);
        if (key != KEY_COMMANDS) {
            unpacker_skip(&in, key);
            continue;
        }
        struct verdict *verdict = &request->verdicts[request->verdict_count++];
        enum lb_result result = entry_command_unpack(
            unpacker_bytes(&in), arena, &request->commands[request->command_count], verdict);
        if (result != LB_OK) {
            return result;
        }
        request->command_count += verdict->code == LB_OK;
    }
    return LB_OK;
}

/* The first line at fault takes the others with it. */
static struct verdict finish_batch(struct bytes batch_id, struct wire_write_request *request)
{
    struct verdict verdict = decode_batch_id(batch_id, &request->batch_id);
    if (verdict.code != LB_OK) {
        return verdict;
    }
    for (size_t i = 0; i < request->verdict_count; i++) {
        if (request->verdicts[i].code != LB_OK) {
            refuse_batch(request, i, request->verdicts[i]);
            break;
        }
    }
    return verdict;
}

struct verdict wire_write_request_decode(struct bytes payload, struct arena *arena,
                                         struct wire_write_request *request)
{
    size_t count = 0;
    struct bytes batch_id;
    *request = (struct wire_write_request){0};
    if (payload.size > LB_FRAME_PAYLOAD_BYTES_MAX) {
        return (struct verdict){LB_FRAME_TOO_LARGE, (int64_t)payload.size,
                                LB_FRAME_PAYLOAD_BYTES_MAX, 0, ""};
    }
    if (!read_batch(payload, request, &count, &batch_id)) {
        return verdict_of(LB_MALFORMED, MESSAGE_NAME);
    }
    if (count == 0) {
        return verdict_of(LB_FIELD_MISSING, "commands");
    }
    if (count > LB_BATCH_COMMANDS_MAX) { /* found before their number costs memory */
        return (struct verdict){LB_BATCH_TOO_LARGE, (int64_t)count, LB_BATCH_COMMANDS_MAX, 0, ""};
    }
    enum lb_result result = decode_commands(payload, arena, count, request);
    if (result != LB_OK) {
        return verdict_of(result, result == LB_MALFORMED ? MESSAGE_NAME : "");
    }
    return request->all_or_nothing ? finish_batch(batch_id, request) : verdict_of(LB_OK, "");
}
