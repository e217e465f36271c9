/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bytes of a connection: its two events, reading into its input, writing its output, plain or by
 * TLS. It looks into no frame and closes nothing. Loop's thread only.
 */
#include "base/assert.h"
#include "connection.h"
#include "server.h"
#include "tls/tls.h"

#include <errno.h>
#include <sys/socket.h>

/* The socket failed; a peer that is gone is the usual case and no error of ours. */
static void stream_fail(struct net_connection *connection, int error)
{
    const bool is_gone = error == EPIPE || error == ECONNRESET;
    net_connection_cut(connection, is_gone ? NET_REASON_PEER_CLOSED : NET_REASON_SOCKET_ERROR);
}

/* TLS came to an end that it should not have come to. */
static void stream_fail_tls(struct net_connection *connection, enum tls_progress progress)
{
    if (progress == TLS_LOST) {
        net_connection_cut(connection, NET_REASON_PEER_CLOSED);
        return;
    }
    connection->server->stats.tls_failures++;
    net_connection_cut(connection, NET_REASON_TLS_FAILED);
}

/* Without renegotiation, which TLS 1.3 has not, reading never wants to write, nor writing to read.
 */
static size_t stream_read_tls(struct net_connection *connection, uint8_t *data, size_t room)
{
    size_t got = 0;
    const enum tls_progress progress = tls_stream_read(connection->tls, data, room, &got);

    if (progress == TLS_ENDED) {
        connection->input_ended = true;
    } else if (progress != TLS_DONE && progress != TLS_WANTS_READ) {
        stream_fail_tls(connection, progress);
    }
    return got;
}

static size_t stream_read_plain(struct net_connection *connection, uint8_t *data, size_t room)
{
    ssize_t got = 0;
    do {
        got = recv(connection->fd, data, room, 0);
    } while (got < 0 && errno == EINTR);

    if (got == 0) {
        connection->input_ended = true;
    } else if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        stream_fail(connection, errno);
    }
    return got > 0 ? (size_t)got : 0;
}

/* One read. Returns the bytes got; *may_be_more is false when there is nothing more to read now. */
static size_t stream_read_once(struct net_connection *connection, bool *may_be_more)
{
    /* What is only discarded need not be decrypted. */
    const bool is_plain = connection->tls == NULL || connection->state == NET_STATE_LINGERING;
    size_t room = 0;

    *may_be_more = false;
    if (net_buffer_reserve(&connection->in, NET_READ_BYTES) != LB_OK) {
        net_connection_cut(connection, NET_REASON_MEMORY);
        return 0;
    }
    uint8_t *data = net_buffer_room(&connection->in, &room);
    const size_t got = is_plain ? stream_read_plain(connection, data, room)
                                : stream_read_tls(connection, data, room);
    net_buffer_produce(&connection->in, got);
    /* A record that TLS holds back has no event; a full one is likely to have a successor. */
    *may_be_more =
        is_plain ? got == room
                 : got > 0 && (got == TLS_RECORD_BYTES || tls_stream_may_hold(connection->tls));
    return got;
}

/* All that there is, within the turn's bounds. */
static void stream_read(struct net_connection *connection)
{
    size_t total = 0;
    bool may_be_more = true;

    if (connection->tls != NULL) {
        tls_stream_allow(connection->tls, NET_TLS_READ_BYTES_PER_TURN);
    }
    while (may_be_more && total < NET_READ_BYTES_PER_TURN) {
        total += stream_read_once(connection, &may_be_more);
        if (connection->state == NET_STATE_LINGERING) {
            net_buffer_consume(&connection->in, net_buffer_size(&connection->in));
        }
    }
    if (total > 0) {
        connection->active_ms = net_server_now_ms(connection->server);
    }
}

static void stream_on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct net_connection *connection = arg;

    (void)fd;
    (void)what;
    if (connection->state != NET_STATE_SECURING) {
        stream_read(connection);
    }
    net_server_touch(connection);
}

static void stream_on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct net_connection *connection = arg;

    (void)fd;
    (void)what;
    connection->writing = false; /* the event is not persistent */
    net_server_touch(connection);
}

void net_stream_init(struct net_connection *connection)
{
    struct event_base *base = connection->server->base;

    int failed = event_assign(&connection->read_event, base, connection->fd, EV_READ | EV_PERSIST,
                              stream_on_readable, connection);
    failed |= event_assign(&connection->write_event, base, connection->fd, EV_WRITE,
                           stream_on_writable, connection);
    LB_ASSERT(failed == 0); /* only for arguments that contradict each other */
}

void net_stream_secure(struct net_connection *connection)
{
    struct net_stats *stats = &connection->server->stats;

    if (connection->writing) {
        return;
    }
    tls_stream_allow(connection->tls, NET_TLS_READ_BYTES_PER_TURN);
    const enum tls_progress progress = tls_stream_handshake(connection->tls);
    connection->tls_wants_write = progress == TLS_WANTS_WRITE;
    switch (progress) {
    case TLS_DONE:
        stats->tls_handshakes++;
        stats->tls_resumed += tls_stream_is_resumed(connection->tls) ? 1 : 0;
        net_connection_secured(connection);
        stream_read(connection); /* the hello may have come along */
        return;
    case TLS_WANTS_READ:
    case TLS_WANTS_WRITE:
        return;
    case TLS_FAILED:
        stats->tls_failures++;
        net_connection_linger(connection, NET_REASON_TLS_FAILED);
        return;
    case TLS_ENDED:
    case TLS_LOST:
        net_connection_cut(connection, NET_REASON_PEER_CLOSED);
        return;
    }
}

/* Several records; the rest has to wait for the socket or for the next turn. */
static size_t stream_write_tls(struct net_connection *connection, const uint8_t *data, size_t size)
{
    size_t total = 0;
    enum tls_progress progress = TLS_DONE;

    while (progress == TLS_DONE && total < size && total < NET_TLS_WRITE_BYTES_PER_TURN) {
        size_t sent = 0;
        progress = tls_stream_write(connection->tls, data + total, size - total, &sent);
        connection->server->stats.writes++;
        total += sent;
    }
    if (progress != TLS_DONE && progress != TLS_WANTS_WRITE) {
        stream_fail_tls(connection, progress);
    }
    return total;
}

static size_t stream_write_plain(struct net_connection *connection, const uint8_t *data,
                                 size_t size)
{
    ssize_t sent = 0;
    do {
        sent = send(connection->fd, data, size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);

    connection->server->stats.writes++;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        stream_fail(connection, errno);
    }
    return sent > 0 ? (size_t)sent : 0;
}

void net_stream_write(struct net_connection *connection)
{
    const size_t size = net_buffer_size(&connection->out);
    if (size == 0) {
        return;
    }
    if (connection->output_since_ms < 0) {
        connection->output_since_ms = net_server_now_ms(connection->server);
    }
    if (connection->writing) {
        return;
    }
    const uint8_t *data = net_buffer_bytes(&connection->out);
    const size_t sent = connection->tls == NULL ? stream_write_plain(connection, data, size)
                                                : stream_write_tls(connection, data, size);
    if (sent > 0) {
        connection->active_ms = net_server_now_ms(connection->server);
        net_buffer_consume(&connection->out, sent);
        connection->output_since_ms = sent < size ? connection->active_ms : -1;
        net_buffer_trim(&connection->out);
    }
}

bool net_stream_end(struct net_connection *connection)
{
    if (connection->tls == NULL) {
        return true;
    }
    if (connection->writing) {
        return false;
    }
    connection->tls_wants_write = tls_stream_end(connection->tls) == TLS_WANTS_WRITE;
    if (connection->tls_wants_write && connection->output_since_ms < 0) {
        connection->output_since_ms = net_server_now_ms(connection->server);
    } else if (!connection->tls_wants_write) {
        connection->output_since_ms = -1;
    }
    return !connection->tls_wants_write;
}

void net_stream_watch(struct net_connection *connection)
{
    const bool read = !connection->input_ended && (connection->state == NET_STATE_LINGERING ||
                                                   connection->state == NET_STATE_SECURING ||
                                                   net_exchange_may_dispatch(connection));
    const bool write = net_buffer_size(&connection->out) > 0 || connection->tls_wants_write;
    int failed = 0;

    if (read != connection->reading) {
        failed |=
            read ? event_add(&connection->read_event, NULL) : event_del(&connection->read_event);
        connection->reading = read;
    }
    if (write && !connection->writing) {
        failed |= event_add(&connection->write_event, NULL);
        connection->writing = true;
    }
    if (failed != 0) {
        net_connection_cut(connection, NET_REASON_MEMORY);
    }
}

void net_stream_unwatch(struct net_connection *connection)
{
    (void)event_del(&connection->read_event);
    (void)event_del(&connection->write_event);
    connection->reading = false;
    connection->writing = false;
}
