/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What comes in, before evhttp has it: heads of requests and bodies in chunks are looked through,
 * and what is not good is refused without evhttp. Server's thread.
 */
#include "base/assert.h"
#include "server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#define PARTS_MAX            8
#define BODIES_BYTES_MAX_MIN ((size_t)64 << 20) /* being read, of all connections */
#define BODIES_MAX_MIN       16                 /* of the largest there may be */

struct refusal {
    int status;
    struct http_error error;
};

static const struct refusal refusal_malformed = {
    .status = 400,
    .error = {.code = HTTP_CODE_INVALID_ARGUMENT,
              .zh = "请求的头部不合 HTTP/1.1 的规定。请检查客户端",
              .en = "the head of the request is not as HTTP/1.1 wants it; check the client"},
};
static const struct refusal refusal_chunks = {
    .status = 400,
    .error = {.code = HTTP_CODE_INVALID_ARGUMENT,
              .zh = "请求的内容分块（chunked）不合 HTTP/1.1 的规定。请检查客户端",
              .en = "the chunks of the request are not as HTTP/1.1 wants them; check the client"},
};
static const struct refusal refusal_method = {
    .status = 501,
    .error = {.code = HTTP_CODE_UNIMPLEMENTED,
              .zh = "不支持这种请求方法。请用 GET 或 POST",
              .en = "this kind of request is not supported; use GET or POST"},
};
static const struct refusal refusal_head = {
    .status = 431,
    .error = {.code = HTTP_CODE_RESOURCE_EXHAUSTED,
              .zh = "请求的头部太大。请减少请求头或 Cookie",
              .en = "the head of the request is too large; send fewer headers or cookies"},
};
static const struct refusal refusal_body = {
    .status = 413,
    .error = {.code = HTTP_CODE_RESOURCE_EXHAUSTED,
              .zh = "请求太大。请分几次发送",
              .en = "the request is too large; send it in parts"},
};

static void input_refuse(struct http_connection *connection, const struct refusal *refusal)
{
    http_connection_refuse(connection, refusal->status, &refusal->error);
}

/* Bodies are kept until they are whole. The largest of them makes room: so one that is smaller than
 * what each connection might have of all the room never does, whatever others send. */
void http_input_make_room(struct http_server *server)
{
    size_t most = BODIES_MAX_MIN * server->config.body_bytes_max;
    most = most < BODIES_BYTES_MAX_MIN ? BODIES_BYTES_MAX_MIN : most;
    while (server->body_bytes > most) {
        struct http_connection *largest = NULL;
        struct http_connection *connection = NULL;
        TAILQ_FOREACH(connection, &server->calm, calm)
        {
            if (largest == NULL || connection->body_bytes > largest->body_bytes) {
                largest = connection;
            }
        }
        LB_ASSERT(largest != NULL);
        atomic_fetch_add(&server->refused, 1);
        http_connection_cut(largest);
    }
}

/* Room is made a moment later: the largest may be this one, which is just being read. */
static void input_note_body(struct http_connection *connection, size_t bytes)
{
    struct http_server *server = connection->server;
    connection->body_bytes += bytes;
    server->body_bytes += bytes;
    if (server->body_bytes > BODIES_BYTES_MAX_MIN) {
        event_active(&server->turn_event, EV_READ, 0);
    }
}

/* So many bytes came together with the head. */
static void input_begin_body(struct http_connection *connection, size_t bytes)
{
    struct http_server *server = connection->server;
    http_connection_set_phase(connection, HTTP_PHASE_BODY, server->now_ms + server->config.body_ms);
    input_note_body(connection, bytes);
    http_chunks_init(&connection->chunks, server->config.body_bytes_max,
                     server->config.header_bytes_max - connection->scan.head_bytes);
}

static void input_decide(struct http_connection *connection, enum http_scan_verdict verdict)
{
    switch (verdict) {
    case HTTP_SCAN_MORE:
    case HTTP_SCAN_DONE:
        break;
    case HTTP_SCAN_MALFORMED:
        input_refuse(connection,
                     connection->phase == HTTP_PHASE_BODY ? &refusal_chunks : &refusal_malformed);
        break;
    case HTTP_SCAN_METHOD_UNKNOWN:
        input_refuse(connection, &refusal_method);
        break;
    case HTTP_SCAN_HEAD_TOO_LARGE:
        input_refuse(connection, &refusal_head);
        break;
    case HTTP_SCAN_BODY_TOO_LARGE:
        input_refuse(connection, &refusal_body);
        break;
    }
}

static enum http_scan_verdict input_feed_head(struct http_connection *connection,
                                              struct bytes bytes)
{
    const struct http_config *config = &connection->server->config;
    const struct http_scan_limits limits = {
        .head_bytes_max = config->header_bytes_max,
        .body_bytes_max = config->body_bytes_max,
    };
    return http_scan_feed(&connection->scan, &limits, bytes);
}

static enum http_scan_verdict input_feed_chunks(struct http_connection *connection,
                                                struct bytes bytes)
{
    return http_chunks_feed(&connection->chunks, bytes);
}

/* The bytes from that place on, as long as there is no other verdict than MORE. */
static enum http_scan_verdict
input_walk(struct http_connection *connection, struct evbuffer *input, size_t from,
           enum http_scan_verdict (*feed)(struct http_connection *connection, struct bytes bytes))
{
    enum http_scan_verdict verdict = HTTP_SCAN_MORE;
    const size_t size = evbuffer_get_length(input);
    while (verdict == HTTP_SCAN_MORE && from < size) {
        struct evbuffer_iovec parts[PARTS_MAX];
        struct evbuffer_ptr place;
        (void)evbuffer_ptr_set(input, &place, from, EVBUFFER_PTR_SET);
        const int count = evbuffer_peek(input, -1, &place, parts, PARTS_MAX);
        for (int i = 0; i < count && i < PARTS_MAX && verdict == HTTP_SCAN_MORE; i++) {
            verdict = feed(connection, bytes_of(parts[i].iov_base, parts[i].iov_len));
            from += parts[i].iov_len;
        }
    }
    return verdict;
}

static void input_scan_chunks(struct http_connection *connection, struct evbuffer *input,
                              size_t from)
{
    const enum http_scan_verdict verdict = input_walk(connection, input, from, input_feed_chunks);
    if (verdict != HTTP_SCAN_DONE) { /* else it is for evhttp to see that the body is whole */
        input_decide(connection, verdict);
    }
}

static void input_scan(struct http_connection *connection, struct evbuffer *input, size_t from)
{
    struct http_server *server = connection->server;
    const size_t known = connection->scan.head_bytes;
    if (connection->phase == HTTP_PHASE_IDLE) {
        http_connection_set_phase(connection, HTTP_PHASE_HEAD,
                                  server->now_ms + server->config.header_ms);
    }
    const enum http_scan_verdict verdict = input_walk(connection, input, from, input_feed_head);
    input_decide(connection, verdict);
    if (verdict == HTTP_SCAN_DONE) {
        const size_t body = from + connection->scan.head_bytes - known;
        input_begin_body(connection, evbuffer_get_length(input) - body);
        if (connection->scan.has_encoding) {
            input_scan_chunks(connection, input, body);
        }
    }
}

void http_input_came(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    struct http_connection *connection = arg;
    if (info->n_added == 0) {
        return;
    }
    if (connection->phase == HTTP_PHASE_IDLE) {
        input_scan(connection, input, 0); /* what came before may still wait for its turn */
    } else if (connection->phase == HTTP_PHASE_HEAD) {
        input_scan(connection, input, info->orig_size);
    } else if (connection->phase == HTTP_PHASE_BODY) {
        input_note_body(connection, info->n_added);
        if (connection->scan.has_encoding && connection->chunks.place != HTTP_CHUNKS_END) {
            input_scan_chunks(connection, input, info->orig_size);
        }
    }
}

void http_input_read_rest(struct http_connection *connection)
{
    if (connection->phase == HTTP_PHASE_IDLE) {
        input_scan(connection, bufferevent_get_input(connection->bev), 0);
    }
}
