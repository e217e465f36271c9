/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Calls: their memory, their way through a handler, their reply. Calls are pooled, each with the
 * first block of its arena.
 */
#include "call.h"

#include "base/assert.h"
#include "wire/payload.h"

#include <stdlib.h>

#define POOL_CALLS_MAX       64
#define POOL_BLOCK_BYTES_MAX (256u << 10) /* larger arenas are not kept */

void rpc_call_init(struct rpc_call *call, struct rpc *rpc, const struct rpc_method *method,
                   const struct rpc_request *request)
{
    call->rpc = rpc;
    call->method = method;
    call->token = request->token;
    call->payload = request->payload;
    call->actor = request->actor;
    call->connection = request->connection;
    call->after = RPC_GO_ON;
    call->request = NULL;
    call->response = NULL;
    call->write_request = NULL;
    call->sign_in = NULL;
    call->board_job = NULL;
    call->is_pending = false;
    call->is_parked = false;
    call->result = LB_OK;
    memset(call->numbers, 0, sizeof(call->numbers));
    call->packed = (struct bytes){NULL, 0};
    call->next = NULL;
}

struct rpc_call *rpc_call_new(struct rpc *rpc, const struct rpc_method *method,
                              const struct rpc_request *request)
{
    struct rpc_call *call = rpc->pool;
    if (call != NULL) {
        rpc->pool = call->next;
        rpc->pool_count--;
    } else {
        call = malloc(sizeof(*call));
        if (call == NULL) {
            return NULL;
        }
        arena_init(&call->arena, &rpc->memory.port, WIRE_ARENA_BYTES_MAX);
    }
    rpc_call_init(call, rpc, method, request);
    return call;
}

void rpc_call_free(struct rpc_call *call)
{
    struct rpc *rpc = call->rpc;
    if ((call->method->flags & RPC_SECRET) != 0) {
        arena_wipe(&call->arena);
    }
    const bool is_large = call->arena.used_bytes > POOL_BLOCK_BYTES_MAX;
    if (is_large || rpc->pool_count == POOL_CALLS_MAX) {
        arena_fini(&call->arena);
        free(call);
        return;
    }
    arena_reset(&call->arena);
    call->next = rpc->pool;
    rpc->pool = call;
    rpc->pool_count++;
}

static void call_pack(struct rpc_call *call)
{
    if (call->result != LB_OK || call->is_pending || call->packed.data != NULL) {
        return;
    }
    LB_ASSERT(call->response != NULL);
    LB_ASSERT(call->response->descriptor == call->method->response);
    call->result = rpc_call_fail(call, wire_pack(call->response, &call->arena, &call->packed));
}

void rpc_call_run(struct rpc_call *call)
{
    call->result = call->method->handle(call);
    call_pack(call);
}

void rpc_call_finish(struct rpc_call *call)
{
    call->is_pending = false;
    if (call->method->finish != NULL) {
        call->connection = NULL; /* it may be gone */
        call->result = call->method->finish(call);
        call_pack(call);
    }
}

enum lb_result rpc_call_fail(struct rpc_call *call, struct verdict verdict)
{
    call->numbers[0] = verdict.a;
    call->numbers[1] = verdict.b;
    call->numbers[2] = verdict.c;
    return verdict.code;
}

void rpc_call_reply(struct rpc_call *call)
{
    const struct rpc_ports *ports = &call->rpc->ports;
    if (call->result == LB_OK) {
        ports->reply(ports->context, call->token, LB_FRAME_RESPONSE, call->packed);
        return;
    }
    /* The arena's cap is shared by all requests: others are using the memory. */
    const enum lb_result result = call->result == LB_MEMORY ? LB_TRY_LATER : call->result;
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    struct lb_frame_error error = {
        .result = (uint32_t)result,
        .number_count = LB_FRAME_ERROR_NUMBERS_MAX,
    };
    for (size_t i = 0; i < LB_FRAME_ERROR_NUMBERS_MAX; i++) {
        error.numbers[i] = (uint64_t)call->numbers[i];
    }
    const size_t size = lb_frame_error_encode(&error, payload);
    ports->reply(ports->context, call->token, LB_FRAME_ERROR, bytes_of(payload, size));
}

void *rpc_call_message(struct rpc_call *call, const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = arena_take(&call->arena, descriptor->sizeof_message);
    if (message != NULL) {
        protobuf_c_message_init(descriptor, message);
    }
    return message;
}

void *rpc_call_respond(struct rpc_call *call)
{
    call->response = rpc_call_message(call, call->method->response);
    return call->response;
}

void *rpc_rows_add(struct rpc_call *call, struct rpc_rows *rows,
                   const ProtobufCMessageDescriptor *descriptor)
{
    if (rows->count == rows->cap) {
        const size_t cap = rows->cap == 0 ? 16 : rows->cap * 2;
        void **items = arena_take_zeroed(&call->arena, cap, sizeof(*items));
        if (items == NULL) {
            return NULL;
        }
        for (size_t i = 0; i < rows->count; i++) {
            items[i] = rows->items[i];
        }
        rows->items = items;
        rows->cap = cap;
    }
    void *message = rpc_call_message(call, descriptor);
    if (message != NULL) {
        rows->items[rows->count++] = message;
    }
    return message;
}

ProtobufCBinaryData rpc_call_binary(struct rpc_call *call, const uint8_t *data, size_t size)
{
    ProtobufCBinaryData binary = {.len = 0};
    uint8_t *copy = arena_take(&call->arena, size);
    if (copy != NULL) {
        memcpy(copy, data, size);
        binary = (ProtobufCBinaryData){.len = size, .data = copy};
    }
    return binary;
}
