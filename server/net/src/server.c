/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server: slots, the end of each turn of the loop, deadlines, draining. It knows neither
 * sockets (listen.c, stream.c) nor frames (exchange.c). Loop's thread only.
 */
#include "server.h"

#include "base/assert.h"
#include "tls/tls.h"

#include <stdio.h>
#include <stdlib.h>

static void *server_resize_default(void *ctx, void *block, size_t bytes)
{
    (void)ctx;
    if (bytes == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, bytes);
}

const char *net_reason_name(enum net_reason reason)
{
    switch (reason) {
    case NET_REASON_NONE:
        return "none";
    case NET_REASON_PEER_CLOSED:
        return "peer_closed";
    case NET_REASON_SERVER_CLOSED:
        return "server_closed";
    case NET_REASON_SHUTDOWN:
        return "shutdown";
    case NET_REASON_REFUSED:
        return "refused";
    case NET_REASON_CROWDED_OUT:
        return "crowded_out";
    case NET_REASON_TLS_FAILED:
        return "tls_failed";
    case NET_REASON_MALFORMED:
        return "malformed";
    case NET_REASON_FRAME_TOO_LARGE:
        return "frame_too_large";
    case NET_REASON_HANDSHAKE_DEADLINE:
        return "handshake_deadline";
    case NET_REASON_IDLE_DEADLINE:
        return "idle_deadline";
    case NET_REASON_FRAME_DEADLINE:
        return "frame_deadline";
    case NET_REASON_WRITE_STALL:
        return "write_stall";
    case NET_REASON_SOCKET_ERROR:
        return "socket_error";
    case NET_REASON_MEMORY:
        return "memory";
    }
    return "unknown";
}

int64_t net_server_now_ms(const struct net_server *server)
{
    return server->advancing ? server->turn_ms : server->ops.now_ms(server->ctx);
}

void net_server_touch(struct net_connection *connection)
{
    struct net_server *server = connection->server;

    LB_ASSERT(connection->state != NET_STATE_FREE);
    if (connection->touched) {
        return;
    }
    connection->touched = true;
    connection->next_touched = server->touched;
    server->touched = connection;
    event_active(&server->turn_event, EV_TIMEOUT, 0);
}

struct net_connection *net_server_take_slot(struct net_server *server)
{
    struct net_connection *connection = server->free_slots;
    if (connection != NULL) {
        server->free_slots = connection->next_free;
        connection->next_free = NULL;
    }
    return connection;
}

void net_server_give_slot(struct net_connection *connection)
{
    LB_ASSERT(connection->state == NET_STATE_FREE);
    connection->next_free = connection->server->free_slots;
    connection->server->free_slots = connection;
}

/* One step of one handshake a turn, the oldest first: it signs, and takes as long as the requests
 * of many, which shall not wait for several. */
static void server_secure_next(struct net_server *server)
{
    struct net_connection *guest = NULL;

    TAILQ_FOREACH(guest, &server->listeners[NET_LISTENER_TLS].guests, guest_link)
    {
        if (guest->wants_securing) {
            guest->wants_securing = false;
            guest->may_secure = true;
            net_server_touch(guest);
            return;
        }
    }
}

/* The end of a turn: every connection that something happened to is advanced once. A connection
 * touched meanwhile, and done with already, waits for the next round. */
static void server_on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct net_server *server = arg;
    struct net_connection *connection = server->touched;

    (void)fd;
    (void)what;
    server->touched = NULL;
    server->turn_ms = net_server_now_ms(server);
    server->advancing = true;
    while (connection != NULL) {
        struct net_connection *next = connection->next_touched;
        const bool again =
            connection->state != NET_STATE_FREE && net_connection_advance(connection);
        connection->touched = false;
        if (again) {
            net_server_touch(connection);
        }
        connection = next;
    }
    if (server->ops.turned != NULL) {
        server->ops.turned(server->ctx);
    }
    server->advancing = false;
    server_secure_next(server);

    if (server->drained != NULL && server->stats.connections == 0) {
        void (*drained)(void *ctx) = server->drained;
        server->drained = NULL;
        drained(server->ctx); /* may free the server: nothing after this */
    }
}

static void server_on_rested(evutil_socket_t fd, short what, void *arg)
{
    struct net_server *server = arg;

    (void)fd;
    (void)what;
    for (uint32_t i = 0; i < server->slot_count; i++) {
        struct net_connection *connection = &server->slots[i];
        if (connection->state != NET_STATE_FREE && connection->is_resting) {
            connection->is_resting = false;
            net_server_touch(connection);
        }
    }
}

void net_server_rest(struct net_connection *connection)
{
    struct net_server *server = connection->server;
    const struct timeval wait = {.tv_usec = NET_REST_MS * 1000};

    connection->is_resting = evtimer_pending(&server->rest_event, NULL) != 0 ||
                             event_add(&server->rest_event, &wait) == 0;
}

static void server_on_sweep(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    net_server_sweep(arg);
}

void net_server_sweep(struct net_server *server)
{
    const int64_t now_ms = net_server_now_ms(server);
    const bool is_late = server->draining && now_ms >= server->drain_until_ms;

    net_listen_resume(server, now_ms);
    for (uint32_t i = 0; i < server->slot_count; i++) {
        struct net_connection *connection = &server->slots[i];
        if (connection->state == NET_STATE_FREE) {
            continue;
        }
        if (is_late) {
            net_connection_cut(connection, NET_REASON_SHUTDOWN);
        } else {
            net_connection_check_deadlines(connection, now_ms);
        }
    }
}

LB_MUST_CHECK static enum lb_result server_check_config(const struct net_config *config,
                                                        char *error_text)
{
    const char *wrong = NULL;

    if (config->unix_path == NULL && config->tcp_host == NULL && config->tls_host == NULL) {
        wrong = "neither a Unix socket nor an address to listen on";
    } else if (config->tls_host != NULL && config->tls.certificate == NULL) {
        wrong = "an address for TLS, but no certificate";
    } else if (config->connections_max == 0 || config->connections_max > NET_CONNECTIONS_MAX) {
        wrong = "the number of connections is 0 or too large";
    } else if (config->handshakes_max == 0 || config->handshakes_max > NET_CONNECTIONS_MAX) {
        wrong = "the number of handshakes is 0 or too large";
    } else if (config->inflight_max == 0 || config->inflight_max > NET_INFLIGHT_MAX) {
        wrong = "the number of requests in flight is 0 or too large";
    } else if (config->frame_payload_bytes_max == 0 ||
               config->frame_payload_bytes_max > LB_FRAME_PAYLOAD_BYTES_MAX) {
        wrong = "the size of a frame is 0 or above the protocol's";
    } else if (config->inflight_bytes_max == 0 || config->out_bytes_max == 0) {
        wrong = "a cap on bytes is 0";
    } else if (config->handshake_ms <= 0 || config->idle_ms <= 0 || config->frame_ms <= 0 ||
               config->write_stall_ms <= 0) {
        wrong = "a deadline is not above 0 ms";
    }
    if (wrong == NULL) {
        return LB_OK;
    }
    (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "cannot serve: %s", wrong);
    return LB_CONFIG_INVALID;
}

LB_MUST_CHECK static enum lb_result server_make_slots(struct net_server *server)
{
    server->slot_count = server->config.connections_max + NET_REFUSING_MAX;
    server->slots = server->memory.resize(server->memory.ctx, NULL,
                                          server->slot_count * sizeof(struct net_connection));
    if (server->slots == NULL) {
        return LB_MEMORY;
    }
    for (uint32_t i = server->slot_count; i > 0; i--) {
        struct net_connection *connection = &server->slots[i - 1];
        *connection = (struct net_connection){.server = server, .fd = -1};
        net_server_give_slot(connection);
    }
    return LB_OK;
}

LB_MUST_CHECK static enum lb_result server_start(struct net_server *server,
                                                 const struct net_config *config, char *error_text)
{
    const struct timeval every = {.tv_usec = NET_SWEEP_MS * 1000};

    (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "cannot serve: out of memory");
    if (server_make_slots(server) != LB_OK ||
        event_assign(&server->turn_event, server->base, -1, 0, server_on_turn, server) != 0 ||
        event_assign(&server->rest_event, server->base, -1, 0, server_on_rested, server) != 0 ||
        event_assign(&server->sweep_event, server->base, -1, EV_PERSIST, server_on_sweep, server) !=
            0 ||
        event_add(&server->sweep_event, &every) != 0) {
        return LB_MEMORY;
    }
    if (config->unix_path != NULL) {
        enum lb_result result = net_listen_unix(server, config->unix_path, error_text);
        if (result != LB_OK) {
            return result;
        }
    }
    if (config->tcp_host != NULL) {
        enum lb_result result =
            net_listen_tcp(server, config->tcp_host, config->tcp_port, error_text);
        if (result != LB_OK) {
            return result;
        }
    }
    if (config->tls_host != NULL) {
        enum lb_result result =
            net_listen_tls(server, config->tls_host, config->tls_port, &config->tls, error_text);
        if (result != LB_OK) {
            return result;
        }
    }
    error_text[0] = '\0';
    return LB_OK;
}

enum lb_result net_server_new(struct event_base *base, const struct net_config *config,
                              const struct net_ops *ops, void *ctx, struct net_server **out,
                              char error_text[static NET_ERROR_TEXT_BYTES])
{
    const struct net_memory memory = {
        .resize = ops->resize != NULL ? ops->resize : server_resize_default,
        .ctx = ctx,
    };

    LB_ASSERT(ops->dispatch != NULL && ops->now_ms != NULL);
    enum lb_result result = server_check_config(config, error_text);
    if (result != LB_OK) {
        return result;
    }
    struct net_server *server = memory.resize(memory.ctx, NULL, sizeof(*server));
    if (server == NULL) {
        (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "cannot serve: out of memory");
        return LB_MEMORY;
    }
    *server = (struct net_server){
        .base = base,
        .config = *config,
        .ops = *ops,
        .ctx = ctx,
        .memory = memory,
        .accept_resume_ms = -1,
    };
    server->config.unix_path = NULL;
    server->config.tcp_host = NULL;
    server->config.tls_host = NULL;
    server->config.tls = (struct net_tls_files){.certificate = NULL};
    for (int i = 0; i < NET_LISTENER_COUNT; i++) {
        server->listeners[i] = (struct net_listener){.server = server, .fd = -1};
        TAILQ_INIT(&server->listeners[i].guests);
    }
    result = server_start(server, config, error_text);
    if (result != LB_OK) {
        net_server_free(server);
        return result;
    }
    *out = server;
    return LB_OK;
}

void net_server_free(struct net_server *server)
{
    if (server == NULL) {
        return;
    }
    LB_ASSERT(!server->advancing);
    net_listen_close(server);
    for (uint32_t i = 0; server->slots != NULL && i < server->slot_count; i++) {
        struct net_connection *connection = &server->slots[i];
        if (connection->state != NET_STATE_FREE) {
            net_connection_cut(connection, NET_REASON_SERVER_CLOSED);
            net_connection_close(connection);
        }
    }
    tls_context_free(server->listeners[NET_LISTENER_TLS].tls);
    if (event_initialized(&server->turn_event)) {
        (void)event_del(&server->turn_event);
    }
    if (event_initialized(&server->rest_event)) {
        (void)event_del(&server->rest_event);
    }
    if (event_initialized(&server->sweep_event)) {
        (void)event_del(&server->sweep_event);
    }
    const struct net_memory memory = server->memory;
    if (server->slots != NULL) {
        (void)memory.resize(memory.ctx, server->slots, 0);
    }
    (void)memory.resize(memory.ctx, server, 0);
}

struct net_stats net_server_stats(const struct net_server *server)
{
    return server->stats;
}

void net_server_drain(struct net_server *server, int64_t deadline_ms, void (*drained)(void *ctx))
{
    const struct lb_frame_error farewell = {.result = LB_SHUTTING_DOWN};

    LB_ASSERT(!server->draining && drained != NULL);
    server->draining = true;
    server->drain_until_ms = net_server_now_ms(server) + deadline_ms;
    server->drained = drained;
    net_listen_close(server);
    for (uint32_t i = 0; i < server->slot_count; i++) {
        if (server->slots[i].state != NET_STATE_FREE) {
            net_connection_end(&server->slots[i], NET_REASON_SHUTDOWN, &farewell);
        }
    }
    event_active(&server->turn_event, EV_TIMEOUT, 0); /* there may be no connection */
}

/* The token's connection if the request is still in flight; *request is then its place. */
static struct net_connection *server_find(struct net_server *server, struct net_token token,
                                          struct net_request **request)
{
    if (token.slot >= server->slot_count) {
        return NULL;
    }
    struct net_connection *connection = &server->slots[token.slot];
    *request = net_connection_request(connection, token);
    return *request == NULL ? NULL : connection;
}

struct net_connection *net_connection_find(struct net_server *server, struct net_token token)
{
    struct net_request *request = NULL;
    return server_find(server, token, &request);
}

void net_reply(struct net_server *server, struct net_token token, enum lb_frame_kind kind,
               const void *payload, size_t payload_bytes)
{
    struct net_request *request = NULL;
    struct net_connection *connection = server_find(server, token, &request);

    LB_ASSERT(kind == LB_FRAME_RESPONSE || kind == LB_FRAME_ERROR);
    LB_ASSERT(payload_bytes <= LB_FRAME_PAYLOAD_BYTES_MAX);
    if (connection == NULL) {
        server->stats.replies_late++;
        return;
    }
    server->stats.replies++;
    net_connection_reply(connection, request, kind, payload, payload_bytes);
}
