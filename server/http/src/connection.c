/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Connections: made for evhttp, admitted, watched over until they end. evhttp has no count of its
 * connections, no deadline but for silence, and trusts what it reads; so the bufferevent is ours,
 * and what comes in is looked at before evhttp sees it. Server's thread.
 */
#include "server.h"

#include "origin.h"
#include "tls/tls.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/bufferevent_struct.h>
#include <event2/http.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* --- phases --- */

static bool phase_is_calm(enum http_phase phase)
{
    return phase == HTTP_PHASE_HEAD || phase == HTTP_PHASE_BODY || phase == HTTP_PHASE_IDLE;
}

void http_connection_set_phase(struct http_connection *connection, enum http_phase phase,
                               int64_t deadline_ms)
{
    struct http_server *server = connection->server;
    const bool is_calm = phase_is_calm(phase);
    if (connection->phase == HTTP_PHASE_BODY) {
        server->body_bytes -= connection->body_bytes;
        connection->body_bytes = 0;
    }
    if (connection->is_calm && !is_calm) {
        TAILQ_REMOVE(&server->calm, connection, calm);
    } else if (!connection->is_calm && is_calm) {
        TAILQ_INSERT_TAIL(&server->calm, connection, calm);
    }
    connection->is_calm = is_calm;
    connection->phase = phase;
    connection->deadline_ms = deadline_ms;
    connection->stall_ms = 0;
}

void http_connection_ask_turn(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (!connection->is_in_turn) {
        connection->is_in_turn = true;
        TAILQ_INSERT_TAIL(&server->turns, connection, turn);
        event_active(&server->turn_event, EV_READ, 0);
    }
}

/* --- the end --- */

static void connection_free(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (connection->is_in_turn) {
        TAILQ_REMOVE(&server->turns, connection, turn);
    }
    http_connection_set_phase(connection, HTTP_PHASE_NEW, 0); /* off the lists */
    TAILQ_REMOVE(&server->connections, connection, all);
    server->connection_count--;
    atomic_store(&server->connections_now, server->connection_count);
    const int fd = (int)bufferevent_getfd(connection->bev);
    if (fd >= 0 && (size_t)fd < server->by_fd_count && server->by_fd[fd] == connection) {
        server->by_fd[fd] = NULL;
    }
    if (connection->is_reported) {
        server->ops.closed(server->ctx, &connection->peer);
    }
    (void)evbuffer_remove_cb(bufferevent_get_input(connection->bev), http_input_came, connection);
    http_connection_say_end(connection);
    (void)bufferevent_decref(connection->bev);
    free(connection);
}

/* evhttp lets go of it, for whatever reason. */
static void connection_on_close(struct evhttp_connection *evcon, void *arg)
{
    struct http_connection *connection = arg;
    struct http_server *server = connection->server;
    struct http_call *call = connection->call;
    (void)evcon;
    if (call != NULL) {
        struct evhttp_request *request = call->request;
        http_call_forsake(call);
        /* One that evhttp has taken off the connection is ours to free. */
        if (request != NULL && evhttp_request_get_connection(request) == NULL) {
            evhttp_request_free(request);
        }
    }
    if (connection->stream != NULL) {
        http_stream_closed(connection->stream);
    }
    connection_free(connection);
    http_server_look_for_end(server);
}

void http_connection_cut(struct http_connection *connection)
{
    evhttp_connection_free(connection->evcon);
}

/* --- the beginning --- */

static struct bufferevent *connection_make(struct http_server *server, struct bufferevent *bev,
                                           bool is_tls)
{
    struct http_connection *connection = calloc(1, sizeof(*connection));
    if (bev == NULL || connection == NULL ||
        evbuffer_add_cb(bufferevent_get_input(bev), http_input_came, connection) == NULL) {
        free(connection);
        if (bev != NULL) {
            bufferevent_free(bev);
        }
        return NULL; /* evhttp makes one that we know nothing of: http_connection_of cuts it */
    }
    connection->server = server;
    connection->bev = bev;
    connection->is_tls = is_tls;
    bufferevent_incref(bev);
    http_scan_init(&connection->scan);
    TAILQ_INSERT_TAIL(&server->connections, connection, all);
    server->connection_count++;
    atomic_store(&server->connections_now, server->connection_count);
    http_connection_ask_turn(connection);
    return bev;
}

struct bufferevent *http_connection_new_plain(struct event_base *base, void *arg)
{
    return connection_make(arg, bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE), false);
}

struct bufferevent *http_connection_new_tls(struct event_base *base, void *arg)
{
    struct http_server *server = arg;
    pthread_mutex_lock(&server->tls_lock);
    SSL *ssl = tls_context_new_ssl(server->tls_context);
    pthread_mutex_unlock(&server->tls_lock);
    struct bufferevent *bev =
        ssl == NULL ? NULL
                    : bufferevent_openssl_socket_new(base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                                     BEV_OPT_CLOSE_ON_FREE);
    if (bev != NULL) {
        /* What ends without a word has ended; lengths tell whether something is missing. */
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    }
    return connection_make(server, bev, true);
}

/* As much as one request may have is taken in. */
static void connection_await_request(struct http_connection *connection)
{
    const struct http_config *config = &connection->server->config;
    bufferevent_setwatermark(connection->bev, EV_READ, 0,
                             config->header_bytes_max + config->body_bytes_max +
                                 HTTP_CHUNKS_BYTES_MAX);
    /* What TLS has read off the socket, and had no room for, no socket tells of. */
    if (connection->is_tls && SSL_pending(bufferevent_openssl_get_ssl(connection->bev)) > 0) {
        event_active(&connection->bev->ev_read, EV_READ, 0);
    }
}

/* How much waits to be taken, and where most of it does; NULL: nothing waits. */
static size_t connection_count_output(struct http_server *server, struct http_connection **largest)
{
    struct http_connection *connection = NULL;
    size_t total = 0;
    size_t most = 0;
    *largest = NULL;
    TAILQ_FOREACH(connection, &server->connections, all)
    {
        const size_t waiting = evbuffer_get_length(bufferevent_get_output(connection->bev));
        total += waiting;
        if (waiting > most) {
            most = waiting;
            *largest = connection;
        }
    }
    return total;
}

/* One more than there may be: who has been calm for longest gives way, as somebody who means it
 * needs a moment only; else who has most of an answer to take, or slow readers could be all there
 * are. false: all are being served. */
static bool connection_make_room(struct http_server *server)
{
    if (server->connection_count <= server->config.connections_max) {
        return true;
    }
    struct http_connection *leaving = TAILQ_FIRST(&server->calm);
    if (leaving == NULL) {
        (void)connection_count_output(server, &leaving);
    }
    if (leaving == NULL) {
        return false;
    }
    atomic_fetch_add(&server->refused, 1);
    http_connection_cut(leaving);
    return true;
}

static bool connection_note_fd(struct http_server *server, size_t fd,
                               struct http_connection *connection)
{
    if (fd >= server->by_fd_count) {
        const size_t count = 2 * fd + 64;
        struct http_connection **grown =
            realloc(server->by_fd, count * sizeof(struct http_connection *));
        if (grown == NULL) {
            return false;
        }
        for (size_t i = server->by_fd_count; i < count; i++) {
            grown[i] = NULL;
        }
        server->by_fd = grown;
        server->by_fd_count = count;
    }
    server->by_fd[fd] = connection;
    return true;
}

/* It is known where it comes from, counted, and reported. */
static bool connection_register(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    const int fd = (int)bufferevent_getfd(connection->bev);
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    const int on = 1;
    if (fd < 0 || getpeername(fd, (struct sockaddr *)&address, &size) != 0 ||
        !http_peer_of((const struct sockaddr *)&address, &connection->peer) ||
        !connection_note_fd(server, (size_t)fd, connection)) {
        return false;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* answers go out whole */
    return true;
}

/* Whom a proxy of ours stands for is not known yet, and the proxy may have many. */
static bool connection_report(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    if (http_peer_is_proxy(&connection->peer, server->config.proxies)) {
        return true;
    }
    connection->is_reported = server->ops.opened(server->ctx, &connection->peer);
    return connection->is_reported;
}

static void connection_admit(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    void *evcon = NULL;
    bufferevent_getcb(connection->bev, NULL, NULL, NULL, &evcon);
    if (evcon == NULL) {
        connection_free(connection); /* evhttp had no memory for it */
        return;
    }
    connection->evcon = evcon;
    evhttp_connection_set_closecb(evcon, connection_on_close, connection);
    if (server->is_stopping || !connection_register(connection)) {
        http_connection_cut(connection);
        return;
    }
    if (!connection_make_room(server) || !connection_report(connection)) {
        /* Before the handshake of TLS nothing can be said, and it is not worth one. */
        atomic_fetch_add(&server->refused, 1);
        http_connection_cut(connection);
        return;
    }
    connection_await_request(connection);
    http_connection_set_phase(connection, HTTP_PHASE_HEAD,
                              server->now_ms + server->config.header_ms);
}

void http_connection_take_turns(struct http_server *server)
{
    struct http_connection *connection = NULL;
    http_input_make_room(server);
    while ((connection = TAILQ_FIRST(&server->turns)) != NULL) {
        TAILQ_REMOVE(&server->turns, connection, turn);
        connection->is_in_turn = false;
        if (connection->phase == HTTP_PHASE_NEW) {
            connection_admit(connection);
        } else if (connection->phase == HTTP_PHASE_STREAM) {
            http_stream_turn(connection->stream);
        } else if (server->is_stopping && connection->is_calm) {
            http_connection_cut(connection);
        } else {
            http_input_read_rest(connection);
        }
    }
}

struct http_connection *http_connection_of(struct http_server *server,
                                           struct evhttp_request *request)
{
    struct evhttp_connection *evcon = evhttp_request_get_connection(request);
    const int fd = (int)bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));
    struct http_connection *connection =
        fd < 0 || (size_t)fd >= server->by_fd_count ? NULL : server->by_fd[fd];
    return connection != NULL && connection->evcon == evcon ? connection : NULL;
}

/* --- between requests --- */

static void connection_on_complete(struct evhttp_request *request, void *arg)
{
    struct http_connection *connection = arg;
    struct http_server *server = connection->server;
    (void)request;
    http_scan_init(&connection->scan);
    connection_await_request(connection);
    http_connection_set_phase(connection, HTTP_PHASE_IDLE, server->now_ms + server->config.idle_ms);
    if (server->is_stopping || evbuffer_get_length(bufferevent_get_input(connection->bev)) > 0) {
        http_connection_ask_turn(connection); /* before evhttp's */
    }
}

/* What comes next waits in the input, where its end is still seen: who asked may be gone before the
 * answer. No more of it than a head may have: nobody counts it, and an answer may take long.
 * Without a reader, as evhttp would read on; it sets its own again when it wants to. */
void http_connection_watch(struct http_connection *connection, struct evhttp_request *request)
{
    bufferevent_data_cb written = NULL;
    bufferevent_event_cb event = NULL;
    void *arg = NULL;
    bufferevent_getcb(connection->bev, NULL, &written, &event, &arg);
    bufferevent_setcb(connection->bev, NULL, written, event, arg);
    bufferevent_setwatermark(connection->bev, EV_READ, 0,
                             connection->server->config.header_bytes_max);
    (void)bufferevent_enable(connection->bev, EV_READ);
    evhttp_request_set_on_complete_cb(request, connection_on_complete, connection);
}

/* --- deadlines --- */

/* Output waits, and none of it was taken for too long. */
static bool connection_is_stalled(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    const size_t waiting = evbuffer_get_length(bufferevent_get_output(connection->bev));
    if (waiting == 0) {
        connection->stall_ms = 0;
        return false;
    }
    if (connection->stall_ms == 0 || waiting != connection->stall_bytes) {
        connection->stall_ms = server->now_ms;
        connection->stall_bytes = waiting;
        return false;
    }
    return server->now_ms - connection->stall_ms >= server->config.write_stall_ms;
}

/* Somebody who began a request hears why it ends; others would not know what for. */
static void connection_time_out(struct http_connection *connection)
{
    static const struct http_error late = {
        .code = HTTP_CODE_DEADLINE_EXCEEDED,
        .zh = "请求发送得太慢，没有收完。请检查网络后再试",
        .en = "the request came too slowly and was not read to its end; check the network and try "
              "again",
    };
    const bool has_begun =
        connection->phase == HTTP_PHASE_BODY ||
        (connection->phase == HTTP_PHASE_HEAD && connection->scan.head_bytes > 0);
    if (has_begun) {
        http_connection_refuse(connection, 408, &late);
    } else {
        http_connection_cut(connection);
    }
}

/* Answers that nobody takes fill the memory: the largest of them go. */
static void connection_bound_output(struct http_server *server)
{
    struct http_connection *largest = NULL;
    while (connection_count_output(server, &largest) > HTTP_OUTPUT_BYTES_MAX) {
        http_connection_cut(largest);
    }
}

void http_connection_sweep(struct http_server *server)
{
    struct http_connection *next = NULL;
    for (struct http_connection *connection = TAILQ_FIRST(&server->connections); connection != NULL;
         connection = next) {
        next = TAILQ_NEXT(connection, all);
        if (connection->phase == HTTP_PHASE_NEW) {
            continue;
        }
        if (connection_is_stalled(connection)) {
            http_connection_cut(connection);
        } else if (connection->deadline_ms > 0 && server->now_ms >= connection->deadline_ms) {
            connection_time_out(connection);
        }
    }
    connection_bound_output(server);
}

void http_connection_end_all(struct http_server *server)
{
    struct http_connection *connection = NULL;
    http_connection_take_turns(server); /* those that evhttp gave up are ours to free */
    while ((connection = TAILQ_FIRST(&server->connections)) != NULL) {
        http_connection_cut(connection);
    }
}

void http_connection_end_calm(struct http_server *server)
{
    struct http_connection *connection = NULL;
    while ((connection = TAILQ_FIRST(&server->calm)) != NULL) {
        http_connection_cut(connection);
    }
}
