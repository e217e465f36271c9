/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bytes of a connection: its two events, reading into its input, writing its output. It looks into
 * no frame and closes nothing. Loop's thread only.
 */
#include "base/assert.h"
#include "connection.h"
#include "server.h"

#include <errno.h>
#include <sys/socket.h>

/* The socket failed; a peer that is gone is the usual case and no error of ours. */
static void stream_fail(struct net_connection *connection, int error)
{
    const bool is_gone = error == EPIPE || error == ECONNRESET;
    net_connection_cut(connection, is_gone ? NET_REASON_PEER_CLOSED : NET_REASON_SOCKET_ERROR);
}

/* One read. Returns the bytes got; 0 when there is nothing more to read now. */
static size_t stream_read_once(struct net_connection *connection, bool *is_full)
{
    size_t room = 0;
    if (net_buffer_reserve(&connection->in, NET_READ_BYTES) != LB_OK) {
        net_connection_cut(connection, NET_REASON_MEMORY);
        return 0;
    }
    uint8_t *data = net_buffer_room(&connection->in, &room);
    ssize_t got = 0;
    do {
        got = recv(connection->fd, data, room, 0);
    } while (got < 0 && errno == EINTR);

    if (got > 0) {
        net_buffer_produce(&connection->in, (size_t)got);
        *is_full = (size_t)got == room;
        return (size_t)got;
    }
    if (got == 0) {
        connection->input_ended = true;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
        stream_fail(connection, errno);
    }
    return 0;
}

static void stream_on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct net_connection *connection = arg;
    size_t total = 0;
    bool is_full = true;

    (void)fd;
    (void)what;
    while (is_full && total < NET_READ_BYTES_PER_TURN) {
        is_full = false;
        total += stream_read_once(connection, &is_full);
        if (connection->state == NET_STATE_LINGERING) {
            net_buffer_consume(&connection->in, net_buffer_size(&connection->in));
        }
    }
    if (total > 0) {
        connection->active_ms = net_server_now_ms(connection->server);
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
    ssize_t sent = 0;
    do {
        sent = send(connection->fd, net_buffer_bytes(&connection->out), size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);

    connection->server->stats.writes++;
    if (sent > 0) {
        connection->active_ms = net_server_now_ms(connection->server);
        net_buffer_consume(&connection->out, (size_t)sent);
        connection->output_since_ms = (size_t)sent < size ? connection->active_ms : -1;
        net_buffer_trim(&connection->out);
    } else if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        stream_fail(connection, errno);
    }
}

void net_stream_watch(struct net_connection *connection)
{
    const bool read = !connection->input_ended && (connection->state == NET_STATE_LINGERING ||
                                                   net_exchange_may_dispatch(connection));
    const bool write = net_buffer_size(&connection->out) > 0;
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
