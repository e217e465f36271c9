/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Is it well, and how much of everything there is: for those who watch over servers. Both ask for
 * the status, which the loop behind must answer. Server's thread.
 */
#include "answer.h"
#include "cookies.h"
#include "headers.h"
#include "message.h"
#include "origin.h"
#include "server.h"

#include <lovebank/v1/queries.pb-c.h>

#define HEALTH_MS         1000 /* for the loop to answer */
#define METRICS_BYTES_MAX 16384
#define HEALTH_TYPE       "text/plain; charset=utf-8"

static void health_answer(struct http_connection *connection, struct evhttp_request *request,
                          int status, struct bytes text)
{
    const struct http_answer answer = {
        .status = status,
        .type = HEALTH_TYPE,
        .body = text,
    };
    http_answer(connection, request, &answer);
}

static void health_say(struct http_connection *connection, struct evhttp_request *request,
                       const char *text)
{
    health_answer(connection, request, 503, bytes_of_text(text));
}

void http_health_read(struct http_connection *connection, struct evhttp_request *request,
                      enum http_call_kind kind, const struct http_headers *headers)
{
    struct http_server *server = connection->server;
    struct http_request submitted = {
        .method = server->config.status_method,
        .peer = http_peer_behind(&connection->peer, headers->forwarded_for, server->config.proxies),
    };
    /* Without a token the status is short, which does for health. Cookies are for pages. */
    bool has_cookies = false;
    const enum lb_result result =
        http_credentials_read(kind == HTTP_CALL_METRICS ? headers->authorization : NULL, NULL,
                              &submitted.credentials, &has_cookies);
    if (result != LB_OK) {
        const struct http_error error = http_error_of(result);
        http_answer_error(connection, request, &error, NULL);
        return;
    }
    struct http_call *call = http_call_new(connection, kind);
    if (call == NULL) {
        health_say(connection, request, "busy\n");
        return;
    }
    call->request = request;
    call->deadline_ms = server->now_ms + HEALTH_MS;
    submitted.token = http_call_token(server, call);
    if (!http_server_submit(server, &submitted)) {
        http_call_free(server, call);
        health_say(connection, request, "busy\n");
    }
}

/* --- metrics ------------------------------------------------------------------------------------
 */

static void metrics_add(struct http_text *out, const char *name, uint64_t number)
{
    http_text_add(out, "lovebank_");
    http_text_add(out, name);
    http_text_add(out, " ");
    http_text_add_u64(out, number);
    http_text_add(out, "\n");
}

static void metrics_add_signed(struct http_text *out, const char *name, int64_t number)
{
    http_text_add(out, "lovebank_");
    http_text_add(out, name);
    http_text_add(out, " ");
    http_text_add_i64(out, number);
    http_text_add(out, "\n");
}

/* Numbers only; a message that grows is followed without a change here. */
static void metrics_add_field(struct http_text *out, const ProtobufCFieldDescriptor *field,
                              const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        metrics_add_signed(out, field->name, *(const int32_t *)value);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        metrics_add_signed(out, field->name, *(const int64_t *)value);
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        metrics_add(out, field->name, *(const uint32_t *)value);
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        metrics_add(out, field->name, *(const uint64_t *)value);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        metrics_add(out, field->name, *(const protobuf_c_boolean *)value ? 1 : 0);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        break;
    }
}

void http_metrics_print(const ProtobufCMessage *status, struct http_text *out)
{
    const ProtobufCMessageDescriptor *descriptor = status->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            metrics_add_field(out, field, (const char *)status + field->offset);
        }
    }
}

/* What the status says without a log-in; all else in it is 0 then, and is not told. */
static void metrics_print_short(const Lovebank__V1__StatusResponse *status, struct http_text *out)
{
    metrics_add(out, "durable_entry", status->durable_entry);
    metrics_add(out, "tree_size", status->tree_size);
    metrics_add_signed(out, "today_day", status->today_day);
}

/* --- answers ------------------------------------------------------------------------------------
 */

void http_health_reply(struct http_server *server, struct http_call *call,
                       const struct http_reply *reply)
{
    struct http_connection *connection = call->connection;
    struct evhttp_request *request = call->request;
    const bool is_metrics = call->kind == HTTP_CALL_METRICS;
    const uint32_t calls = server->call_count - 1;
    char memory[METRICS_BYTES_MAX];
    struct http_text text = http_text_of(memory, sizeof(memory));
    const ProtobufCMessage *message = NULL;
    http_call_free(server, call);
    arena_reset(&server->arena);
    if (reply->kind == LB_FRAME_RESPONSE) {
        message = http_message_unpack(&lovebank__v1__status_response__descriptor, reply->payload,
                                      &server->arena);
    }
    const Lovebank__V1__StatusResponse *status = (const Lovebank__V1__StatusResponse *)message;
    if (status == NULL) {
        health_say(connection, request, "the status was refused\n");
    } else if (is_metrics) {
        if (status->started_ms == 0) {
            metrics_print_short(status, &text);
        } else {
            http_metrics_print(message, &text);
        }
        metrics_add(&text, "http_refused", atomic_load(&server->refused));
        metrics_add(&text, "http_calls", calls);
        health_answer(connection, request, 200, http_text_bytes(&text));
    } else if (status->read_only) {
        health_say(connection, request, "read-only: no space on disk\n");
    } else {
        health_answer(connection, request, 200, BYTES_LITERAL("ok\n"));
    }
}

void http_health_expire(struct http_call *call)
{
    struct http_connection *connection = call->connection;
    struct evhttp_request *request = call->request;
    http_call_forsake(call);
    health_say(connection, request, "no answer within a second\n");
}
