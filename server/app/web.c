/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The two sides of the bridge, and the way over it. Sections say whose thread their functions are
 * on.
 */
#include "app/tokens.h"
#include "app/web_identity.h"
#include "app/web_private.h"
#include "base/assert.h"
#include "net/net.h"

#include <event2/event.h>
#include <string.h>

/* Of one turn of the loop; then the framed connections have theirs. */
#define TURN_REQUESTS 32
#define TURN_BYTES    ((size_t)64 << 10)

/* --- HTTP's thread: connections --------------------------------------------------------------- */

static bool web_on_opened(void *context, const struct http_peer *peer)
{
    struct web *web = context;
    return web_places_enter(&web->places, peer);
}

static void web_on_closed(void *context, const struct http_peer *peer)
{
    struct web *web = context;
    web_places_leave(&web->places, peer);
}

/* --- HTTP's thread: requests and replies ------------------------------------------------------ */

static void web_refuse_now(struct web *web, struct http_token token, enum lb_result code)
{
    const struct lb_frame_error error = {.result = (uint32_t)code};
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    const size_t size = lb_frame_error_encode(&error, payload);
    const struct http_reply reply = {
        .token = token,
        .kind = LB_FRAME_ERROR,
        .payload = bytes_of(payload, size),
    };
    http_reply(web->http, &reply);
}

/* Counted before the look at `refuses`: either the loop, which sets it, sees the request, or this
 * sees that it is set. */
static bool web_on_submit(void *context, const struct http_request *request)
{
    struct web *web = context;
    struct web_queue *queue = &web->queue;
    struct web_item *item = web_queue_take(queue, request);
    if (item == NULL) {
        return false;
    }
    atomic_fetch_add(&queue->inflight, 1);
    if (atomic_load(&web->refuses)) {
        web_queue_give(queue, item);
        web_refuse_now(web, request->token, LB_SHUTTING_DOWN);
        if (atomic_fetch_sub(&queue->inflight, 1) == 1) {
            net_wakeup_signal(web->wakeup); /* it may be waiting for this one */
        }
        return true;
    }
    web->is_signal_due = web_list_push(&queue->asked, item) || web->is_signal_due;
    return true;
}

/* Once for all that a turn of HTTP's loop has brought. */
static void web_on_turned(void *context)
{
    struct web *web = context;
    if (web->is_signal_due) {
        web->is_signal_due = false;
        net_wakeup_signal(web->wakeup);
    }
}

static void web_hand_over(struct web *web, struct web_item *item)
{
    struct http_reply reply = {
        .token = item->token,
        .kind = item->kind,
        .payload = item->kind == LB_FRAME_ERROR ? bytes_of(item->error, item->error_bytes)
                                                : bytes_of(item->reply.data, item->reply.size),
        .session_cookie = item->session_cookie,
        .device_cookie = item->device_cookie,
    };
    memcpy(reply.cookie, item->cookie, sizeof(reply.cookie));
    http_reply(web->http, &reply);
    explicit_bzero(reply.cookie, sizeof(reply.cookie));
    web_queue_give(&web->queue, item);
}

static void web_on_woken(void *context)
{
    struct web *web = context;
    struct web_item *item = web_list_take(&web->queue.answered);
    while (item != NULL) {
        struct web_item *next = item->next;
        web_hand_over(web, item);
        item = next;
    }
}

struct http_ops web_http_ops(void)
{
    return (struct http_ops){
        .opened = web_on_opened,
        .closed = web_on_closed,
        .submit = web_on_submit,
        .woken = web_on_woken,
        .turned = web_on_turned,
    };
}

/* --- the loop's thread: a turn ---------------------------------------------------------------- */

void web_check_drained(struct web *web)
{
    void (*drained)(void *ctx) = web->drained;
    if (drained != NULL && atomic_load(&web->queue.inflight) == 0) {
        web->drained = NULL;
        drained(web->drained_ctx);
    }
}

/* The item is HTTP's again. */
static void web_send_back(struct web *web, struct web_item *item)
{
    const bool is_first = web_list_push(&web->queue.answered, item);
    atomic_fetch_sub(&web->queue.inflight, 1);
    if (is_first) {
        http_wake(web->http);
    }
}

static void web_set_error(struct web_item *item, enum lb_result code)
{
    const struct lb_frame_error error = {.result = (uint32_t)code};
    item->kind = LB_FRAME_ERROR;
    item->error_bytes = lb_frame_error_encode(&error, item->error);
}

/* The answer is complete; while it is being dispatched, rpc may still look at the request. */
static void web_answered(struct web *web, struct web_item *item)
{
    item->serial = 0;
    if (item != web->dispatching) {
        web_send_back(web, item);
        web_check_drained(web);
    }
}

void web_refuse_item(struct web *web, struct web_item *item, enum lb_result code)
{
    web_set_error(item, code);
    web_answered(web, item);
}

void web_end_rest(struct web *web)
{
    struct web_item *item = web->resting;
    web->resting = NULL;
    web->resting_count = 0;
    while (item != NULL) {
        struct web_item *next = item->next;
        web_send_back(web, item);
        item = next;
    }
    web_check_drained(web);
}

/* Who asks too much hears so a moment later, at the pace of net's connections that rest: refusing
 * at once would have them ask again at once. Half of the items are kept for others. */
static void web_rest(struct web *web, struct web_item *item)
{
    const struct timeval moment = {.tv_usec = NET_SWEEP_MS * 1000};
    if (web->resting_count >= web->queue.item_count / 2 || atomic_load(&web->refuses)) {
        web_send_back(web, item);
        return;
    }
    if (web->resting == NULL) {
        (void)evtimer_add(web->on_rested, &moment);
    }
    item->next = web->resting;
    web->resting = item;
    web->resting_count++;
}

static void web_dispatch(struct web *web, struct web_item *item)
{
    enum rpc_after after = RPC_GO_ON;
    struct rpc *rpc = web->parts.rpc;
    item->connection = (struct auth_connection){
        .place = web_place(&item->peer),
        .is_trusted = web_places_is_trusted(&web->places, &item->peer),
    };
    web->dispatching = item;
    const enum lb_result result = web_identify(rpc, item);
    if (result != LB_OK) {
        web_refuse_item(web, item, result == LB_MEMORY ? LB_TRY_LATER : result);
    } else {
        const struct rpc_request request = {
            .method = item->method,
            .payload = bytes_of(item->request.data, item->request.size),
            .connection = &item->connection,
            .token = token_of_web(web_queue_place(&web->queue, item), item->serial),
        };
        web->requests++;
        after = rpc_dispatch(rpc, &request);
    }
    web->dispatching = NULL;
    web_bytes_clear(&web->queue, &item->request); /* valid during rpc_dispatch only */
    if (item->serial == 0 && after == RPC_REST) {
        web_rest(web, item);
    } else if (item->serial == 0) {
        web_send_back(web, item);
    }
}

void web_on_asked(void *context)
{
    struct web *web = context;
    size_t requests = 0;
    size_t bytes = 0;
    while (requests < TURN_REQUESTS && bytes < TURN_BYTES) {
        struct web_item *item = web_queue_next(&web->queue);
        if (item == NULL) {
            break;
        }
        requests++;
        bytes += item->request.size;
        web_dispatch(web, item);
    }
    rpc_turn_end(web->parts.rpc);
    if (web_queue_has_next(&web->queue)) {
        net_wakeup_signal(web->wakeup);
    }
    web_check_drained(web);
}

/* --- the loop's thread: ports of rpc ---------------------------------------------------------- */

static struct web_item *web_find(struct web *web, struct rpc_token token)
{
    return web_queue_find(&web->queue, token_web_place(token), token_web_serial(token));
}

void web_reply(struct web *web, struct rpc_token token, enum lb_frame_kind kind,
               struct bytes payload)
{
    struct web_item *item = web_find(web, token);
    if (item == NULL) {
        return;
    }
    item->kind = kind;
    if (kind == LB_FRAME_ERROR) {
        LB_ASSERT(payload.size <= sizeof(item->error));
        memcpy(item->error, payload.data, payload.size);
        item->error_bytes = payload.size;
    } else if (!web_bytes_set(&web->queue, &item->reply, payload) || !web_set_cookies(item)) {
        /* Others are using the memory. Whoever asks again gets the same answer. */
        web_set_error(item, LB_TRY_LATER);
    }
    web_answered(web, item);
}

struct auth_connection *web_connection(struct web *web, struct rpc_token token)
{
    struct web_item *item = web_find(web, token);
    return item == NULL ? NULL : &item->connection;
}

void web_transports(const struct web *web, struct rpc_transports *transports)
{
    if (web != NULL) {
        const struct http_stats stats = http_server_stats(web->http);
        transports->http_connections = stats.connections;
        transports->http_streams = stats.streams;
        transports->http_requests = web->requests;
        transports->http_connections_limited = web_places_limited(&web->places);
    }
}

/* The engine's status costs some hashing. A stream that begins later asks for itself first. */
void web_news(struct web *web)
{
    struct engine_status status;
    if (web == NULL || http_server_stats(web->http).streams == 0) {
        return;
    }
    engine_status(web->parts.engine, &status);
    if (status.durable_entry > web->told_entry) {
        web->told_entry = status.durable_entry;
        http_news(web->http, status.durable_entry);
    }
}
