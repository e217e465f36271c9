/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Calls: requests that the dispatcher has, in slots. A token names a slot and the serial of what is
 * in it, so that a reply finds its request or nothing. Server's thread.
 */
#include "server.h"

#include <stdlib.h>

#define CALL_NONE UINT32_MAX

bool http_calls_init(struct http_server *server)
{
    const uint32_t count = server->config.inflight_max;
    server->calls = calloc(count, sizeof(*server->calls));
    if (server->calls == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        server->calls[i].next_free = i + 1 < count ? i + 1 : CALL_NONE;
    }
    server->call_free = 0;
    return true;
}

void http_calls_fini(struct http_server *server)
{
    free(server->calls);
    server->calls = NULL;
}

struct http_call *http_call_new(struct http_connection *connection, enum http_call_kind kind)
{
    struct http_server *server = connection->server;
    if (server->call_free == CALL_NONE) {
        return NULL;
    }
    struct http_call *call = &server->calls[server->call_free];
    server->call_free = call->next_free;
    server->call_count++;
    *call = (struct http_call){
        .kind = kind,
        .serial = ++server->serial,
        .next_free = CALL_NONE,
        .connection = connection,
    };
    connection->call = call;
    return call;
}

struct http_token http_call_token(const struct http_server *server, const struct http_call *call)
{
    return (struct http_token){.slot = (uint64_t)(call - server->calls), .serial = call->serial};
}

struct http_call *http_call_find(struct http_server *server, struct http_token token)
{
    struct http_call *call =
        token.slot < server->config.inflight_max ? &server->calls[token.slot] : NULL;
    return call != NULL && call->kind != HTTP_CALL_FREE && call->serial == token.serial ? call
                                                                                        : NULL;
}

void http_call_forsake(struct http_call *call)
{
    call->connection->call = NULL;
    call->connection = NULL;
    call->request = NULL;
    call->deadline_ms = 0;
}

void http_call_free(struct http_server *server, struct http_call *call)
{
    if (call->connection != NULL) {
        call->connection->call = NULL;
    }
    call->kind = HTTP_CALL_FREE;
    call->connection = NULL;
    call->deadline_ms = 0;
    call->next_free = server->call_free;
    server->call_free = (uint32_t)(call - server->calls);
    server->call_count--;
}

static void call_expire(struct http_call *call)
{
    switch (call->kind) {
    case HTTP_CALL_UNARY:
        http_connect_expire(call);
        break;
    case HTTP_CALL_HEALTH:
    case HTTP_CALL_METRICS:
        http_health_expire(call);
        break;
    case HTTP_CALL_FREE:
    case HTTP_CALL_STREAM:
        break; /* they have no deadline */
    }
}

void http_call_sweep(struct http_server *server)
{
    for (uint32_t i = 0; i < server->config.inflight_max && server->call_count > 0; i++) {
        struct http_call *call = &server->calls[i];
        if (call->deadline_ms > 0 && server->now_ms >= call->deadline_ms) {
            call_expire(call);
        }
    }
}
