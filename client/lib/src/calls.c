/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The queue of calls: made, answered, overdue. Not the connection. One thread.
 */
#include "client.h"

#include "base/assert.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static void call_remove(struct call *call)
{
    struct lb_client *client = call->client;
    if (client->sending == call) {
        client->sending = TAILQ_NEXT(call, link);
        client->sending_bytes = 0;
    }
    TAILQ_REMOVE(&client->calls, call, link);
    client->call_count--;
}

/* Whether its frame is on the wire as a whole: then the server's window holds it. */
static bool call_was_sent(const struct call *call)
{
    const struct lb_client *client = call->client;
    if (client->state != CLIENT_READY) {
        return false;
    }
    /* Ids rise along the queue; the difference holds across the wrap. */
    return client->sending == NULL || (int32_t)(call->request_id - client->sending->request_id) < 0;
}

void call_end(struct call *call, const struct lb_reply *reply)
{
    lb_client_done_fn *done = call->done;
    void *context = call->context;
    if (call_was_sent(call)) {
        call->client->in_flight--;
    }
    call_remove(call);
    free(call);
    if (done != NULL) {
        done(context, reply);
    }
}

void calls_end_all(struct lb_client *client, const struct lb_reply *reply)
{
    struct call_queue ending = TAILQ_HEAD_INITIALIZER(ending);
    TAILQ_CONCAT(&ending, &client->calls, link);
    client->call_count = 0;
    client->sending = NULL;
    client->sending_bytes = 0;
    client->in_flight = 0;
    (void)event_del(&client->deadline);
    while (!TAILQ_EMPTY(&ending)) {
        struct call *call = TAILQ_FIRST(&ending);
        TAILQ_REMOVE(&ending, call, link);
        lb_client_done_fn *done = call->done;
        void *context = call->context;
        free(call);
        if (done != NULL) {
            done(context, reply);
        }
    }
}

struct call *calls_find(const struct lb_client *client, uint32_t request_id, uint16_t method)
{
    struct call *call = NULL;
    TAILQ_FOREACH(call, &client->calls, link)
    {
        if (call->request_id == request_id) {
            return call->method == method && call_was_sent(call) ? call : NULL;
        }
    }
    return NULL;
}

void calls_rewind(struct lb_client *client)
{
    struct call *half = client->sending;
    if (half != NULL && half->done == NULL) {
        call_remove(half);
        free(half);
    }
    client->sending = TAILQ_FIRST(&client->calls);
    client->sending_bytes = 0;
    client->in_flight = 0;
}

static void call_end_late(struct call *call)
{
    struct lb_client *client = call->client;
    const struct lb_reply late = {.result = LB_DEADLINE, .numbers = {client->config.call_ms}};
    bool is_half_sent =
        client->state == CLIENT_READY && client->sending == call && client->sending_bytes > 0;
    if (!is_half_sent) {
        call_end(call, &late);
        return;
    }
    /* The frame must go out whole: its bytes stay until then, its caller does not wait for it. */
    lb_client_done_fn *done = call->done;
    call->done = NULL;
    done(call->context, &late);
}

/* The oldest call that somebody waits for; NULL: none. */
static struct call *calls_awaited(const struct lb_client *client)
{
    struct call *call = TAILQ_FIRST(&client->calls);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it cannot see that freed ones left the queue */
    while (call != NULL && call->done == NULL) {
        call = TAILQ_NEXT(call, link);
    }
    return call;
}

/* false: no memory. */
static bool calls_set_deadline(struct lb_client *client, int64_t ms)
{
    const struct timeval wait = {ms / 1000, (suseconds_t)(ms % 1000) * 1000};
    return evtimer_add(&client->deadline, &wait) == 0;
}

void calls_on_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct lb_client *client = context;
    const int64_t now_ms = clock_monotonic_ms(clock_system());
    struct call *call = calls_awaited(client);
    while (call != NULL && call->deadline_ms <= now_ms) {
        call_end_late(call);
        call = calls_awaited(client);
    }
    if (call != NULL) {
        /* Fails only without memory for the heap of timers, which has just held this event. */
        (void)calls_set_deadline(client, call->deadline_ms - now_ms);
    }
}

static struct call *call_new(struct lb_client *client, uint16_t method, size_t payload_bytes)
{
    struct call *call = malloc(sizeof(*call) + LB_FRAME_HEADER_BYTES + payload_bytes);
    if (call == NULL) {
        return NULL;
    }
    *call = (struct call){
        .client = client,
        .method = method,
        .frame_bytes = LB_FRAME_HEADER_BYTES + payload_bytes,
    };
    if (++client->last_request_id == 0) {
        client->last_request_id = 1; /* 0 is for frames of no request */
    }
    call->request_id = client->last_request_id;
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = call->request_id,
        .method = method,
        .kind = LB_FRAME_REQUEST,
    };
    lb_frame_header_encode(&header, call->frame);
    return call;
}

static enum lb_result call_queue(struct call *call, lb_client_done_fn *done, void *context)
{
    struct lb_client *client = call->client;
    /* One timer for all: as they rise along the queue, it is set again only when it has fired. */
    if (!evtimer_pending(&client->deadline, NULL) &&
        !calls_set_deadline(client, client->config.call_ms)) {
        free(call);
        return LB_MEMORY;
    }
    const int64_t now_ms =
        client->is_reading ? client->read_ms : clock_monotonic_ms(clock_system());
    call->deadline_ms = now_ms + client->config.call_ms;
    call->done = done;
    call->context = context;
    TAILQ_INSERT_TAIL(&client->calls, call, link);
    client->call_count++;
    if (client->sending == NULL) {
        client->sending = call;
        client->sending_bytes = 0;
    }
    client_wake(client);
    return LB_OK;
}

/* A call whose payload is still to be filled in. */
static enum lb_result call_begin(struct lb_client *client, uint16_t method, size_t payload_bytes,
                                 struct call **out)
{
    LB_ASSERT(client_is_valid(client));
    if (client->is_closing) {
        return LB_SHUTTING_DOWN;
    }
    if (payload_bytes > LB_FRAME_PAYLOAD_BYTES_MAX) {
        return LB_FRAME_TOO_LARGE;
    }
    *out = call_new(client, method, payload_bytes);
    return *out == NULL ? LB_MEMORY : LB_OK;
}

enum lb_result lb_client_call(struct lb_client *client, uint16_t method, const void *payload,
                              size_t payload_bytes, lb_client_done_fn *done, void *context)
{
    LB_ASSERT(done != NULL);
    struct call *call = NULL;
    enum lb_result result = call_begin(client, method, payload_bytes, &call);
    if (result != LB_OK) {
        return result;
    }
    if (payload_bytes > 0) {
        memcpy(call->frame + LB_FRAME_HEADER_BYTES, payload, payload_bytes);
    }
    return call_queue(call, done, context);
}

enum lb_result lb_client_call_message(struct lb_client *client, uint16_t method,
                                      const ProtobufCMessage *request, lb_client_done_fn *done,
                                      void *context)
{
    LB_ASSERT(done != NULL);
    struct call *call = NULL;
    size_t payload_bytes = protobuf_c_message_get_packed_size(request);
    enum lb_result result = call_begin(client, method, payload_bytes, &call);
    if (result != LB_OK) {
        return result;
    }
    (void)protobuf_c_message_pack(request, call->frame + LB_FRAME_HEADER_BYTES);
    return call_queue(call, done, context);
}

size_t lb_client_call_count(const struct lb_client *client)
{
    return client->call_count;
}
