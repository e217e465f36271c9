/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The last answer of a connection, sent past evhttp, and how its other end hears that there is no
 * more. Server's thread.
 */
#include "answer.h"
#include "server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

void http_connection_say_end(struct http_connection *connection)
{
    SSL *ssl = connection->is_tls ? bufferevent_openssl_get_ssl(connection->bev) : NULL;
    const bool is_all_sent = evbuffer_get_length(bufferevent_get_output(connection->bev)) == 0;
    if (ssl != NULL && is_all_sent && SSL_is_init_finished(ssl) &&
        (SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN) == 0) {
        (void)SSL_shutdown(ssl);
        ERR_clear_error(); /* the other end may be gone */
    }
}

static void last_on_event(struct bufferevent *bev, short what, void *arg)
{
    (void)bev;
    if ((what & BEV_EVENT_CONNECTED) == 0) {
        http_connection_cut(arg);
    }
}

static void last_on_read(struct bufferevent *bev, void *arg)
{
    struct evbuffer *input = bufferevent_get_input(bev);
    (void)arg;
    (void)evbuffer_drain(input, evbuffer_get_length(input));
}

/* What was sent would be lost by a close with something unread: the other end is heard out, for as
 * long as its deadline lets it. */
static void last_on_written(struct bufferevent *bev, void *arg)
{
    struct http_connection *connection = arg;
    last_on_read(bev, arg);
    http_connection_say_end(connection);
    if (connection->server->is_stopping) {
        http_connection_cut(connection);
        return;
    }
    (void)shutdown(bufferevent_getfd(bev), SHUT_WR);
    bufferevent_setcb(bev, NULL, NULL, last_on_event, arg);
    http_connection_drain(connection);
}

void http_connection_drain(struct http_connection *connection)
{
    struct bufferevent *bev = connection->bev;
    bufferevent_data_cb written = NULL;
    bufferevent_getcb(bev, NULL, &written, NULL, NULL);
    bufferevent_setcb(bev, last_on_read, written, last_on_event, connection);
    last_on_read(bev, connection);
    (void)bufferevent_enable(bev, EV_READ);
}

void http_connection_take_over(struct http_connection *connection, enum http_phase phase,
                               int64_t deadline_ms, void (*written)(struct bufferevent *, void *))
{
    /* No reader: evhttp may still call it once, with its own argument. */
    bufferevent_setcb(connection->bev, NULL, written, last_on_event, connection);
    (void)bufferevent_disable(connection->bev, EV_READ);
    http_connection_set_phase(connection, phase, deadline_ms);
}

void http_connection_finish(struct http_connection *connection)
{
    http_connection_take_over(connection, HTTP_PHASE_LAST,
                              connection->server->now_ms + HTTP_LAST_MS, last_on_written);
    (void)bufferevent_enable(connection->bev, EV_WRITE);
}

void http_connection_refuse(struct http_connection *connection, int status,
                            const struct http_error *error)
{
    struct http_server *server = connection->server;
    struct evbuffer *output = bufferevent_get_output(connection->bev);
    char memory[HTTP_ERROR_BYTES_MAX];
    char head_memory[HTTP_ANSWER_HEAD_BYTES_MAX];
    struct http_text body = http_text_of(memory, sizeof(memory));
    struct http_text head = http_text_of(head_memory, sizeof(head_memory));
    http_error_print(error, &body);
    const struct http_answer answer = {
        .status = status,
        .type = "application/json",
        .body = http_text_bytes(&body),
    };
    atomic_fetch_add(&server->refused, 1);
    /* Without memory nothing is sent, and the deadline ends it. */
    if (http_answer_head(connection, &answer, true, &head) &&
        evbuffer_add(output, head.data, head.size) == 0) {
        (void)evbuffer_add(output, body.data, body.size);
    }
    http_connection_finish(connection);
}
