/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Live streams of entries, as Server-Sent Events: https://html.spec.whatwg.org/multipage/
 * server-sent-events.html. Each asks for the entries after its last one, as its caller may read
 * them: one ask at a time, the next when the answer was taken, so that a slow reader holds one
 * page. Server's thread.
 */
#include "answer.h"
#include "cookies.h"
#include "headers.h"
#include "message.h"
#include "origin.h"
#include "route.h"
#include "server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <lovebank/v1/entries.pb-c.h>
#include <lovebank/v1/queries.pb-c.h>
#include <stdlib.h>

#define STREAM_PAGE_ENTRIES  100
#define STREAM_COMMENT_MS    15000 /* so that proxies and readers know it is alive */
#define STREAM_AGAIN_MS      1000  /* after an ask that should come later */
#define STREAM_REQUEST_BYTES 64

struct http_stream {
    struct http_connection *connection;
    TAILQ_ENTRY(http_stream) all;
    struct http_peer peer;
    struct http_credentials credentials;
    bool knows_place; /* after_entry is set; else it begins with what comes next */
    uint64_t after_entry;
    bool knows_end; /* durable_entry is set, by the last answer */
    uint64_t durable_entry;
    int64_t comment_ms; /* when the next one is due */
    int64_t again_ms;   /* not asked before */
};

static const struct http_error error_streams = {
    .code = HTTP_CODE_UNAVAILABLE,
    .zh = "实时连接太多，请稍后再试（设置 http-streams-max）",
    .en = "there are too many live streams; try again later (setting http-streams-max)",
};
static const struct http_error error_from = {
    .code = HTTP_CODE_INVALID_ARGUMENT,
    .zh = "from 应是账的编号，如 /events?from=1",
    .en = "from must be the number of an entry, like /events?from=1",
};

/* --- asking -------------------------------------------------------------------------------------
 */

static bool stream_is_behind(const struct http_stream *stream)
{
    const uint64_t news = atomic_load(&stream->connection->server->news);
    return !stream->knows_end || stream->after_entry < stream->durable_entry ||
           stream->after_entry < news;
}

/* Asks for more if there is some, nothing is being asked or sent, and it may. */
void http_stream_turn(struct http_stream *stream)
{
    struct http_connection *connection = stream->connection;
    struct http_server *server = connection->server;
    uint8_t packed[STREAM_REQUEST_BYTES];
    if (connection->call != NULL || server->now_ms < stream->again_ms ||
        evbuffer_get_length(bufferevent_get_output(connection->bev)) > 0 ||
        !stream_is_behind(stream)) {
        return;
    }
    struct http_call *call = http_call_new(connection, HTTP_CALL_STREAM);
    if (call == NULL) {
        return; /* the next sweep tries again */
    }
    Lovebank__V1__EntryListRequest ask;
    lovebank__v1__entry_list_request__init(&ask);
    ask.after_entry = stream->after_entry;
    ask.limit = stream->knows_place ? STREAM_PAGE_ENTRIES : 1;
    ask.newest_first = !stream->knows_place;
    const struct http_request submitted = {
        .token = http_call_token(server, call),
        .method = server->config.entry_list_method,
        .payload = bytes_of(packed, lovebank__v1__entry_list_request__pack(&ask, packed)),
        .peer = stream->peer,
        .credentials = stream->credentials,
    };
    if (!http_server_submit(server, &submitted)) {
        http_call_free(server, call);
    }
}

void http_streams_go_on(struct http_server *server)
{
    struct http_stream *stream = NULL;
    TAILQ_FOREACH(stream, &server->streams, all)
    {
        http_connection_ask_turn(stream->connection);
    }
}

/* --- the end ------------------------------------------------------------------------------------
 */

void http_stream_closed(struct http_stream *stream)
{
    struct http_server *server = stream->connection->server;
    TAILQ_REMOVE(&server->streams, stream, all);
    atomic_fetch_sub(&server->streams_now, 1);
    explicit_bzero(stream, sizeof(*stream));
    free(stream);
}

static void stream_end(struct http_stream *stream, const struct http_error *error)
{
    struct http_connection *connection = stream->connection;
    char memory[HTTP_ERROR_BYTES_MAX + 64];
    struct http_text text = http_text_of(memory, sizeof(memory));
    http_text_add(&text, "event: end\ndata: ");
    http_error_print(error, &text);
    http_text_add(&text, "\n\n");
    http_stream_closed(stream);
    connection->stream = NULL;
    (void)evbuffer_add(bufferevent_get_output(connection->bev), text.data, text.size);
    http_connection_finish(connection);
}

void http_streams_end(struct http_server *server)
{
    const struct http_error error = http_error_of(LB_SHUTTING_DOWN);
    struct http_stream *next = NULL;
    for (struct http_stream *stream = TAILQ_FIRST(&server->streams); stream != NULL;
         stream = next) {
        next = TAILQ_NEXT(stream, all);
        if (stream->connection->call != NULL) {
            http_call_forsake(stream->connection->call);
        }
        stream_end(stream, &error);
    }
}

/* --- answers ------------------------------------------------------------------------------------
 */

/* {"entry":…,"reversedBy":…,…}: the entry as JSON instead of its bytes. false: no memory, or not an
 * entry. */
static bool stream_print_entry(struct arena *arena, Lovebank__V1__StoredEntry *stored,
                               struct evbuffer *output)
{
    const struct bytes packed = bytes_of(stored->packed.data, stored->packed.len);
    struct bytes entry;
    struct bytes rest;
    const ProtobufCMessage *message =
        http_message_unpack(&lovebank__v1__entry__descriptor, packed, arena);
    stored->packed.len = 0;
    if (message == NULL || json_print(message, arena, &entry) != LB_OK ||
        json_print(&stored->base, arena, &rest) != LB_OK) {
        return false;
    }
    const uint64_t number = ((const Lovebank__V1__Entry *)message)->number;
    const bool has_rest = rest.size > 2; /* more than "{}" */
    return evbuffer_add_printf(output, "id: %llu\nevent: entry\ndata: {\"entry\":",
                               (unsigned long long)number) > 0 &&
           evbuffer_add(output, entry.data, entry.size) == 0 &&
           evbuffer_add(output, has_rest ? "," : "}", 1) == 0 &&
           (!has_rest || evbuffer_add(output, rest.data + 1, rest.size - 1) == 0) &&
           evbuffer_add(output, "\n\n", 2) == 0;
}

static enum lb_result stream_print(struct http_stream *stream,
                                   const Lovebank__V1__EntryListResponse *response)
{
    struct http_connection *connection = stream->connection;
    struct evbuffer *output = bufferevent_get_output(connection->bev);
    for (size_t i = 0; stream->knows_place && i < response->n_entries; i++) {
        if (!stream_print_entry(&connection->server->arena, response->entries[i], output)) {
            return LB_MEMORY;
        }
    }
    const uint64_t had = stream->after_entry;
    const uint64_t next = stream->knows_place ? response->next : response->durable_entry;
    stream->after_entry = next > had ? next : had; /* from beyond the end it begins there, later */
    stream->durable_entry = response->durable_entry;
    stream->knows_end = true;
    stream->knows_place = true;
    if (stream->after_entry == had && stream_is_behind(stream)) {
        stream->again_ms = connection->server->now_ms + HTTP_SWEEP_MS; /* news it cannot see yet */
    }
    return LB_OK;
}

static enum lb_result stream_take(struct http_stream *stream, struct bytes payload)
{
    struct http_server *server = stream->connection->server;
    arena_reset(&server->arena);
    const ProtobufCMessage *message = http_message_unpack(
        &lovebank__v1__entry_list_response__descriptor, payload, &server->arena);
    if (message == NULL) {
        return server->arena.exhausted ? LB_MEMORY : LB_INTERNAL;
    }
    const Lovebank__V1__EntryListResponse *response =
        (const Lovebank__V1__EntryListResponse *)message;
    return response->code != LB_OK ? (enum lb_result)response->code
                                   : stream_print(stream, response);
}

void http_stream_reply(struct http_server *server, struct http_call *call,
                       const struct http_reply *reply)
{
    struct http_connection *connection = call->connection;
    struct http_stream *stream = connection->stream;
    http_call_free(server, call);
    const enum lb_result result =
        reply->kind == LB_FRAME_RESPONSE ? stream_take(stream, reply->payload) : LB_OK;
    const struct http_error error = reply->kind == LB_FRAME_RESPONSE
                                        ? http_error_of(result)
                                        : http_error_of_frame(reply->payload);
    if (error.result == LB_TRY_LATER) {
        stream->again_ms = server->now_ms + STREAM_AGAIN_MS;
    } else if (error.result != LB_OK) {
        stream_end(stream, &error);
    } else {
        http_connection_ask_turn(connection);
    }
}

/* --- the beginning ------------------------------------------------------------------------------
 */

static void stream_on_written(struct bufferevent *bev, void *arg)
{
    struct http_connection *connection = arg;
    (void)bev;
    http_connection_ask_turn(connection);
}

static void stream_begin(struct http_connection *connection, struct http_stream *stream)
{
    struct http_server *server = connection->server;
    char memory[HTTP_ANSWER_HEAD_BYTES_MAX];
    struct http_text head = http_text_of(memory, sizeof(memory));
    const struct http_answer answer = {
        .status = 200,
        .type = "text/event-stream",
        .lines = "X-Accel-Buffering: no\r\n", /* nginx passes on at once what comes */
        .is_endless = true,
    };
    stream->connection = connection;
    stream->comment_ms = server->now_ms + STREAM_COMMENT_MS;
    connection->stream = stream;
    TAILQ_INSERT_TAIL(&server->streams, stream, all);
    atomic_fetch_add(&server->streams_now, 1);
    http_connection_take_over(connection, HTTP_PHASE_STREAM, 0, stream_on_written);
    http_connection_drain(connection);
    if (!http_answer_head(connection, &answer, true, &head) ||
        evbuffer_add(bufferevent_get_output(connection->bev), head.data, head.size) != 0) {
        http_connection_cut(connection);
        return;
    }
    (void)bufferevent_enable(connection->bev, EV_WRITE);
}

/* Where it goes on: behind the last one that the reader had, else from a number on, else with the
 * next. false: not a number. */
static bool stream_read_place(struct http_stream *stream, const char *uri,
                              const struct http_headers *headers)
{
    uint64_t from = 0;
    if (headers->last_event_id != NULL) {
        stream->knows_place = true;
        return http_number_parse(bytes_of_text(headers->last_event_id), &stream->after_entry);
    }
    stream->knows_place = http_route_number(uri, "from", &from);
    stream->after_entry = from == 0 ? 0 : from - 1;
    return stream->knows_place || uri[http_route_path(uri).size] == '\0';
}

void http_stream_read(struct http_connection *connection, struct evhttp_request *request,
                      const struct http_headers *headers)
{
    struct http_server *server = connection->server;
    struct http_stream *stream = calloc(1, sizeof(*stream));
    bool has_cookies = false;
    struct http_error error = http_error_of(LB_MEMORY);
    if (stream != NULL) {
        error = http_error_of(http_credentials_read(headers->authorization, headers->cookie,
                                                    &stream->credentials, &has_cookies));
        stream->peer =
            http_peer_behind(&connection->peer, headers->forwarded_for, server->config.proxies);
    }
    if (atomic_load(&server->streams_now) >= server->config.streams_max) {
        error = error_streams;
    } else if (stream != NULL && error.result == LB_OK &&
               !stream_read_place(stream, evhttp_request_get_uri(request), headers)) {
        error = error_from;
    } else if (stream != NULL && error.result == LB_OK) {
        stream_begin(connection, stream);
        return;
    }
    if (stream != NULL) {
        explicit_bzero(stream, sizeof(*stream));
        free(stream);
    }
    atomic_fetch_add(&server->refused, 1);
    http_answer_error(connection, request, &error, NULL);
}

void http_stream_sweep(struct http_server *server)
{
    struct http_stream *stream = NULL;
    TAILQ_FOREACH(stream, &server->streams, all)
    {
        struct evbuffer *output = bufferevent_get_output(stream->connection->bev);
        if (server->now_ms >= stream->comment_ms) {
            stream->comment_ms = server->now_ms + STREAM_COMMENT_MS;
            if (evbuffer_get_length(output) == 0) {
                (void)evbuffer_add(output, ":\n\n", 3);
            }
        }
        http_connection_ask_turn(stream->connection);
    }
}
