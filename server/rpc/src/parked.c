/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Waiting for a later state. Threading: see parked.h.
 */
#include "parked.h"

#include "call.h"

#include "base/assert.h"

#include <string.h>

#define AT_LEAST_ENTRY 100 /* the field's number in every request that has it: queries.proto */

struct parked_request {
    struct parked_request *next;
    struct rpc_token token;
    const struct rpc_method *method;
    struct actor actor;
    bool has_connection; /* which is found again by the token; else `actor` says who asks */
    uint64_t entry;
    int64_t due_ms; /* monotonic */
    size_t payload_bytes;
    uint8_t payload[];
};

void rpc_parked_init(struct rpc *rpc)
{
    rpc->parked.end = &rpc->parked.oldest;
}

static bool parked_is_guest(const struct parked_request *request)
{
    return !request->actor.is_trusted && request->actor.principal == 0;
}

/* Takes out what `place` points to. */
static struct parked_request *parked_take(struct rpc_parked *parked, struct parked_request **place)
{
    struct parked_request *request = *place;
    *place = request->next;
    if (parked->end == &request->next) {
        parked->end = place;
    }
    parked->count--;
    parked->guests -= parked_is_guest(request) ? 1 : 0;
    return request;
}

static void parked_free(struct rpc *rpc, struct parked_request *request)
{
    const struct arena_memory *memory = &rpc->memory.port;
    memory->release(memory->context, request);
}

void rpc_parked_fini(struct rpc *rpc)
{
    while (rpc->parked.oldest != NULL) {
        parked_free(rpc, parked_take(&rpc->parked, &rpc->parked.oldest));
    }
}

/* ---- what is asked for, and what there is ---- */

static uint64_t parked_entry_asked(const ProtobufCMessage *request)
{
    uint64_t entry = 0;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(request->descriptor, AT_LEAST_ENTRY);
    if (field != NULL) {
        memcpy(&entry, (const char *)request + field->offset, sizeof(entry));
    }
    return entry;
}

/* The newest entry that reads of this turn see. The turn's view may be older than what was
 * published since it was opened: then it is renewed. */
static enum lb_result parked_look(struct rpc *rpc, uint64_t entry, uint64_t *newest)
{
    const bool was_open = rpc->reads.is_open;
    enum lb_result result = rpc_reads_open(rpc);
    if (result == LB_OK && was_open && rpc->reads.call.view.head_entry < entry) {
        rpc_reads_end(rpc);
        result = rpc_reads_open(rpc);
    }
    *newest = result == LB_OK ? rpc->reads.call.view.head_entry : 0;
    return result;
}

/* ---- waiting ---- */

/* Until the oldest is due. */
static void parked_set_alarm(const struct rpc *rpc, int64_t now_ms)
{
    const struct parked_request *oldest = rpc->parked.oldest;
    if (oldest != NULL) {
        const int64_t left_ms = oldest->due_ms - now_ms;
        rpc->ports.wake_after(rpc->ports.context, left_ms > 0 ? left_ms : 0);
    }
}

static size_t parked_count_of(const struct rpc_parked *parked, uint32_t principal)
{
    size_t count = 0;
    for (const struct parked_request *each = parked->oldest; each != NULL; each = each->next) {
        count += each->actor.principal == principal ? 1 : 0;
    }
    return count;
}

/* Who is trusted may have all places: that is the machine's own administrator. */
static bool parked_has_place(const struct rpc_parked *parked, const struct actor *actor)
{
    if (parked->count == PARKED_MAX) {
        return false;
    }
    if (actor->is_trusted) {
        return true;
    }
    return actor->principal == 0 ? parked->guests < PARKED_GUESTS_MAX
                                 : parked_count_of(parked, actor->principal) < PARKED_SHARE_MAX;
}

/* false: it cannot wait here. */
static bool parked_add(struct rpc_call *call, uint64_t entry)
{
    struct rpc *rpc = call->rpc;
    struct rpc_parked *parked = &rpc->parked;
    const struct arena_memory *memory = &rpc->memory.port;
    const size_t size = call->payload.size;
    if (!parked_has_place(parked, &call->actor) || size > PARKED_PAYLOAD_BYTES) {
        return false;
    }
    struct parked_request *request = memory->allocate(memory->context, sizeof(*request) + size);
    if (request == NULL) {
        return false;
    }
    const int64_t now_ms = clock_monotonic_ms(rpc->ports.clock);
    *request = (struct parked_request){.token = call->token,
                                       .method = call->method,
                                       .actor = call->actor,
                                       .has_connection = call->connection != NULL,
                                       .entry = entry,
                                       .due_ms = now_ms + PARKED_MS,
                                       .payload_bytes = size};
    memcpy(request->payload, call->payload.data, size);
    *parked->end = request;
    parked->end = &request->next;
    parked->guests += parked_is_guest(request) ? 1 : 0;
    if (++parked->count == 1) {
        parked_set_alarm(rpc, now_ms);
    }
    engine_look_soon(rpc->ports.engine);
    return true;
}

static enum lb_result parked_behind(struct rpc_call *call, uint64_t newest, uint64_t entry)
{
    return rpc_call_fail(call,
                         (struct verdict){LB_STATE_BEHIND, (int64_t)newest, (int64_t)entry, 0, ""});
}

enum lb_result rpc_parked_check(struct rpc_call *call)
{
    struct rpc *rpc = call->rpc;
    const uint64_t entry = parked_entry_asked(call->request);
    uint64_t newest = 0;
    if (entry == 0) {
        return LB_OK;
    }
    const enum lb_result result = parked_look(rpc, entry, &newest);
    if (result != LB_OK || newest >= entry) {
        return result;
    }
    if (!rpc->ports.store->ops->is_shared || entry - newest > PARKED_AHEAD_MAX) {
        return parked_behind(call, newest, entry); /* nobody else writes, or not so much */
    }
    if (rpc_is_stopped(rpc)) {
        return LB_SHUTTING_DOWN;
    }
    call->is_parked = parked_add(call, entry);
    return call->is_parked ? LB_OK : parked_behind(call, newest, entry);
}

/* ---- going on ---- */

static void parked_refuse(struct rpc *rpc, const struct parked_request *request,
                          enum lb_result result, uint64_t newest)
{
    const struct lb_frame_error error = {
        .result = (uint32_t)result,
        .number_count = result == LB_STATE_BEHIND ? 2 : 0,
        .numbers = {newest, request->entry},
    };
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    const size_t size = lb_frame_error_encode(&error, payload);
    rpc->ports.reply(rpc->ports.context, request->token, LB_FRAME_ERROR, bytes_of(payload, size));
}

/* As if it came now: whoever was logged out meanwhile is not served. A connection that is gone
 * needs no reply. */
static void parked_dispatch(struct rpc *rpc, const struct parked_request *parked)
{
    struct rpc_request request = {
        .method = parked->method->number,
        .payload = bytes_of(parked->payload, parked->payload_bytes),
        .actor = parked->actor,
        .token = parked->token,
    };
    if (parked->has_connection) {
        request.connection = rpc->ports.connection(rpc->ports.context, parked->token);
    }
    if (!parked->has_connection || request.connection != NULL) {
        rpc_dispatch_again(rpc, parked->method, &request);
    }
}

void rpc_parked_run(struct rpc *rpc)
{
    struct rpc_parked *parked = &rpc->parked;
    struct parked_request **place = &parked->oldest;
    uint64_t newest = 0;
    if (parked->count == 0) {
        return;
    }
    /* Once stopped, the engine may be gone. */
    const bool is_stopped = rpc_is_stopped(rpc);
    const bool is_known = is_stopped || parked_look(rpc, 0, &newest) == LB_OK;
    const int64_t now_ms = clock_monotonic_ms(rpc->ports.clock);
    while (*place != NULL) {
        const enum lb_result result = is_stopped                  ? LB_SHUTTING_DOWN
                                      : newest >= (*place)->entry ? LB_OK
                                                                  : LB_STATE_BEHIND;
        if (result == LB_STATE_BEHIND && (*place)->due_ms > now_ms) {
            place = &(*place)->next;
            continue;
        }
        struct parked_request *request = parked_take(parked, place);
        if (result == LB_OK) {
            parked_dispatch(rpc, request);
        } else {
            parked_refuse(rpc, request, is_known ? result : LB_TRY_LATER, newest);
        }
        parked_free(rpc, request);
    }
    rpc_turn_end(rpc);
    parked_set_alarm(rpc, now_ms);
}
