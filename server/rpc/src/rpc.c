/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The way of a request: dispatch on the loop's thread, the engine's threads, the queue of what is
 * done, the reply on the loop's thread again.
 */
#include "rpc/rpc.h"

#include "admit.h"
#include "authorise.h"
#include "bank/records.h"
#include "base/assert.h"
#include "call.h"
#include "memory.h"
#include "public_board.h"
#include "wire/payload.h"

#include <stdlib.h>

#define COUNT_ARENA_BYTES_MAX (1u << 20)

/* Members never go away and cards neither, so from here on writes keep the count. */
static enum lb_result rpc_count(struct rpc *rpc, uint64_t *counted)
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), COUNT_ARENA_BYTES_MAX);
    enum lb_result result = engine_view_open(rpc->ports.engine, &arena, &view);
    if (result == LB_OK) {
        *counted = view.head_entry;
        const struct views views = view.bank.views;
        struct member_row member;
        for (uint64_t at = 0; member_next(views, at, &member); at = member.member + 1) {
            rpc->members++;
        }
        struct bytes key;
        struct bytes value;
        uint8_t last[LEDGER_KEY_BYTES_MAX];
        struct bytes after = {0};
        while (views_seek_ge(views, TABLE_CARD, after, 0, &key, &value)) {
            rpc->cards++;
            memcpy(last, key.data, key.size);
            last[key.size] = 0;
            after = bytes_of(last, key.size + 1);
        }
        result = views_fault(views);
        engine_view_close(&view);
    }
    arena_fini(&arena);
    return result;
}

enum lb_result rpc_new(const struct rpc_config *config, const struct rpc_ports *ports,
                       struct rpc **out)
{
    uint64_t counted = 0;
    struct rpc *rpc = calloc(1, sizeof(*rpc));
    if (rpc == NULL) {
        return LB_MEMORY;
    }
    rpc->config = *config;
    rpc->ports = *ports;
    rpc_memory_init(&rpc->memory, config->memory_bytes_max);
    rpc_reads_init(rpc);
    arena_init(&rpc->board.arena, arena_memory_heap(), RPC_BOARD_ARENA_BYTES_MAX);
    rpc->public_boards = rpc_public_boards_new();
    const enum lb_result result = rpc->public_boards == NULL ? LB_MEMORY : rpc_count(rpc, &counted);
    if (result != LB_OK) {
        rpc_public_boards_free(rpc->public_boards);
        free(rpc);
        return result;
    }
    atomic_init(&rpc->done, NULL);
    pthread_mutex_init(&rpc->verify.lock, NULL);
    pthread_mutex_init(&rpc->backup.lock, NULL);
    rpc_parked_init(rpc);
    rpc_followed_init(rpc, counted);
    *out = rpc;
    return LB_OK;
}

static void free_calls(struct rpc_call *call)
{
    while (call != NULL) {
        struct rpc_call *next = call->next;
        arena_fini(&call->arena);
        free(call);
        call = next;
    }
}

void rpc_free(struct rpc *rpc)
{
    free_calls(rpc->pool);
    free_calls(atomic_load(&rpc->done));
    rpc_reads_fini(rpc);
    arena_fini(&rpc->board.arena);
    rpc_public_boards_free(rpc->public_boards);
    rpc_followed_fini(rpc);
    rpc_parked_fini(rpc);
    pthread_mutex_destroy(&rpc->verify.lock);
    pthread_mutex_destroy(&rpc->backup.lock);
    free(rpc);
}

void rpc_call_done(struct rpc_call *call)
{
    struct rpc *rpc = call->rpc;
    struct rpc_call *newest = atomic_load(&rpc->done);
    do {
        call->next = newest;
    } while (!atomic_compare_exchange_weak(&rpc->done, &newest, call));
    if (newest == NULL) { /* else the loop was asked for already, and finds this one too */
        rpc->ports.wake(rpc->ports.context);
    }
}

/* All that is done, the oldest first. */
static struct rpc_call *rpc_take_done(struct rpc *rpc)
{
    struct rpc_call *newest = atomic_exchange(&rpc->done, NULL);
    struct rpc_call *oldest = NULL;
    while (newest != NULL) {
        struct rpc_call *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

static void rpc_work(struct engine *engine, void *context)
{
    struct rpc_call *call = context;
    (void)engine;
    call->result = rpc_authorise_long(call);
    if (call->result == LB_OK) {
        rpc_call_run(call);
    }
    rpc_call_done(call);
}

void rpc_turn_end(struct rpc *rpc)
{
    rpc_reads_end(rpc);
    if (rpc->has_queued) { /* all of the turn's writes, in one group if nothing is under way */
        rpc->has_queued = false;
        engine_write_wake(rpc->ports.engine);
    }
}

void rpc_complete(struct rpc *rpc)
{
    LB_ASSERT(!rpc->reads.is_open); /* or a read might miss what is acknowledged here */
    rpc_followed_run(rpc);
    struct rpc_call *call = rpc_take_done(rpc);
    while (call != NULL) {
        struct rpc_call *next = call->next;
        rpc_call_finish(call);
        if (!call->is_pending) {
            rpc_call_reply(call);
            rpc_call_free(call);
        }
        call = next;
    }
    rpc_parked_run(rpc);
}

/* What is not done at once. true: the reply is ready, or the call is parked. Else it belongs to
 * another thread. */
static bool rpc_begin(struct rpc_call *call)
{
    if ((call->method->flags & RPC_WRITES) != 0) {
        call->result = call->method->handle(call);
        return !call->is_pending;
    }
    call->result = rpc_call_fail(
        call, wire_unpack(call->method->request, call->payload, &call->arena, &call->request));
    if (call->result == LB_OK) {
        call->result = rpc_parked_check(call);
    }
    if (call->result != LB_OK || call->is_parked) {
        return true;
    }
    if ((call->method->flags & RPC_STEPS) != 0) {
        rpc_call_run(call);
        return !call->is_pending;
    }
    call->connection = NULL; /* it may be gone before the read is done */
    const enum lb_result result = engine_work_submit(call->rpc->ports.engine, rpc_work, call);
    if (result == LB_OK) {
        return false; /* from here on the call is not ours */
    }
    call->result = result;
    return true;
}

static void rpc_refuse(struct rpc *rpc, const struct rpc_request *request, enum lb_result code)
{
    const struct lb_frame_error error = {
        .result = (uint32_t)code,
        .number_count = 1,
        .numbers = {request->method},
    };
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    const size_t size = lb_frame_error_encode(&error, payload);
    rpc->ports.reply(rpc->ports.context, request->token, LB_FRAME_ERROR, bytes_of(payload, size));
}

static enum rpc_after rpc_run(struct rpc *rpc, const struct rpc_method *method,
                              const struct rpc_request *admitted)
{
    if ((method->flags & (RPC_WRITES | RPC_LONG | RPC_STEPS)) == 0) {
        return rpc_reads_run(rpc, method, admitted);
    }
    struct rpc_call *call = rpc_call_new(rpc, method, admitted);
    if (call == NULL) {
        rpc_refuse(rpc, admitted, LB_TRY_LATER);
        return RPC_GO_ON;
    }
    if (rpc_begin(call)) {
        if (!call->is_parked) {
            rpc_call_reply(call);
        }
        rpc_call_free(call);
    }
    return RPC_GO_ON;
}

enum rpc_after rpc_dispatch(struct rpc *rpc, const struct rpc_request *request)
{
    const struct rpc_method *method = rpc_method_find(request->method);
    rpc->requests++;
    if (method == NULL) {
        rpc_refuse(rpc, request, LB_METHOD_UNKNOWN);
        return RPC_GO_ON;
    }
    struct rpc_request admitted = *request;
    const enum lb_result result = rpc_admit(rpc, method, &admitted);
    if (result != LB_OK) {
        rpc_refuse(rpc, request, result);
        if (method->number == LB_FRAME_METHOD_HELLO) {
            return RPC_FINISH;
        }
        return result == LB_TRY_LATER ? RPC_REST : RPC_GO_ON;
    }
    return rpc_run(rpc, method, &admitted);
}

void rpc_dispatch_again(struct rpc *rpc, const struct rpc_method *method,
                        const struct rpc_request *request)
{
    struct rpc_request admitted = *request;
    const enum lb_result result = rpc_admit_again(rpc, method, &admitted);
    if (result != LB_OK) {
        rpc_refuse(rpc, request, result);
        return;
    }
    (void)rpc_run(rpc, method, &admitted); /* no read ends or greets a connection */
}

void rpc_stop(struct rpc *rpc)
{
    atomic_store(&rpc->is_stopped, true);
    rpc->ports.wake(rpc->ports.context); /* what is parked waits no longer */
}

bool rpc_is_stopped(void *context)
{
    struct rpc *rpc = context;
    return atomic_load(&rpc->is_stopped);
}
