/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reads on the loop's thread: one call and its arena for all of them, one view for all of a turn.
 * Not the long reads of the work thread. Loop's thread only.
 */
#include "authorise.h"
#include "call.h"

#include "base/assert.h"
#include "wire/payload.h"

/* A view keeps the store from reusing space and from growing: a long turn renews it. */
#define READS_PER_VIEW_MAX 1024

void rpc_reads_init(struct rpc *rpc)
{
    arena_init(&rpc->reads.call.arena, &rpc->memory.port, WIRE_ARENA_BYTES_MAX);
}

void rpc_reads_fini(struct rpc *rpc)
{
    LB_ASSERT(!rpc->reads.is_open);
    arena_fini(&rpc->reads.call.arena);
}

void rpc_reads_end(struct rpc *rpc)
{
    if (rpc->reads.is_open) {
        engine_view_close(&rpc->reads.call.view);
        rpc->reads.is_open = false;
    }
}

enum lb_result rpc_reads_open(struct rpc *rpc)
{
    struct rpc_reads *reads = &rpc->reads;
    if (reads->is_open && reads->count < READS_PER_VIEW_MAX) {
        reads->count++;
        return LB_OK;
    }
    rpc_reads_end(rpc);
    const enum lb_result result =
        engine_view_open(rpc->ports.engine, &reads->call.arena, &reads->call.view);
    if (result == LB_OK) {
        rpc_view_begin(&reads->call);
        reads->is_open = true;
        reads->count = 1;
    }
    return result;
}

void rpc_view_begin(struct rpc_call *call)
{
    call->has_today = false;
    call->grant.is_set = false;
}

int32_t rpc_today(struct rpc_call *call)
{
    if (!call->has_today) {
        struct engine_status status;
        engine_status(call->rpc->ports.engine, &status);
        call->today_day = status.today_day;
        call->has_today = true;
    }
    return call->today_day;
}

static void reads_handle(struct rpc *rpc, struct rpc_call *call)
{
    if ((call->method->flags & RPC_NO_VIEW) != 0) {
        rpc_call_run(call);
        return;
    }
    call->result = rpc_reads_open(rpc);
    if (call->result != LB_OK) {
        return;
    }
    call->result = rpc_authorise_anywhere(call);
    if (call->result == LB_OK) {
        rpc_call_run(call);
    }
    const enum lb_result fault = views_fault(call->view.bank.views);
    if (fault != LB_OK) { /* the view has seen it: the next read shall look for itself */
        call->result = fault;
        rpc_reads_end(rpc);
    }
}

enum rpc_after rpc_reads_run(struct rpc *rpc, const struct rpc_method *method,
                             const struct rpc_request *request)
{
    struct rpc_call *call = &rpc->reads.call;
    rpc_call_init(call, rpc, method, request);
    if (method->unpack == NULL || !method->unpack(call)) {
        call->result = rpc_call_fail(
            call, wire_unpack(method->request, call->payload, &call->arena, &call->request));
    }
    if (call->result == LB_OK) {
        call->result = rpc_parked_check(call);
    }
    if (call->result == LB_OK && !call->is_parked) {
        reads_handle(rpc, call);
    }
    if (!call->is_parked) {
        rpc_call_reply(call); /* copies */
    }
    if ((method->flags & RPC_SECRET) != 0) {
        arena_wipe(&call->arena);
    }
    arena_reset(&call->arena);
    return call->after;
}
