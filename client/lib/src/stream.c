/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bytes between a client and its socket: frames out straight from the calls that own them, frames
 * in through one growing buffer. It decides nothing about the connection. One thread.
 */
#include "client.h"

#include "base/assert.h"
#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define STREAM_READ_BYTES_MIN 65536
#define STREAM_PARTS_MAX      64

static const struct lb_reply stream_unreachable = {.result = LB_UNREACHABLE};
static const struct lb_reply stream_malformed = {.result = LB_MALFORMED};
static const struct lb_reply stream_no_memory = {.result = LB_MEMORY};

/* Writes once, with no signal when the peer is gone. Bytes taken; 0: none now; -1: lost. */
static ssize_t stream_send(struct lb_client *client, struct iovec *parts, size_t count)
{
    if (client->tls != NULL) {
        return client_tls_send(client->tls, parts, count);
    }
    const struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    ssize_t sent;
    do {
        sent = sendmsg(client->fd, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    }
    return sent;
}

/* TLS has taken bytes over that the socket has not taken. */
static bool stream_has_output(const struct lb_client *client)
{
    return client->tls != NULL && client_tls_has_output(client->tls);
}

static void stream_write_hello(struct lb_client *client)
{
    struct iovec part = {client->hello + client->hello_sent_bytes,
                         client->hello_bytes - client->hello_sent_bytes};
    const bool has_more = part.iov_len > 0 || stream_has_output(client);
    ssize_t sent = has_more ? stream_send(client, &part, 1) : 0;
    if (sent < 0) {
        client_lost(client, &stream_unreachable);
        return;
    }
    client->hello_sent_bytes += (size_t)sent;
    if (client->hello_sent_bytes == client->hello_bytes && !stream_has_output(client)) {
        (void)event_del(&client->writable);
    }
}

/* What may go out now: calls not sent yet, within the server's window. */
static size_t stream_gather(const struct lb_client *client, struct iovec *parts)
{
    size_t count = 0;
    size_t skip = client->sending_bytes;
    struct call *call = client->sending;
    while (call != NULL && count < STREAM_PARTS_MAX &&
           client->in_flight + count < client->in_flight_max) {
        parts[count++] = (struct iovec){call->frame + skip, call->frame_bytes - skip};
        skip = 0;
        call = TAILQ_NEXT(call, link);
    }
    return count;
}

static void stream_advance(struct lb_client *client, size_t sent)
{
    while (sent > 0) {
        struct call *call = client->sending;
        size_t left = call->frame_bytes - client->sending_bytes;
        if (sent < left) {
            client->sending_bytes += sent;
            return;
        }
        sent -= left;
        client->sending = TAILQ_NEXT(call, link);
        client->sending_bytes = 0;
        client->in_flight++;
        if (call->done == NULL) {
            const struct lb_reply late = {.result = LB_DEADLINE};
            call_end(call, &late); /* nobody waits for it any more */
        }
    }
}

/* Sends what may go out; the event of a writable socket is there while it did not take all. */
static void stream_write_calls(struct lb_client *client)
{
    struct iovec parts[STREAM_PARTS_MAX];
    size_t count = stream_gather(client, parts);
    ssize_t sent = 1;
    while ((count > 0 || stream_has_output(client)) && sent > 0) {
        sent = stream_send(client, parts, count);
        if (sent < 0) {
            client_lost(client, &stream_unreachable);
            return;
        }
        stream_advance(client, (size_t)sent);
        count = stream_gather(client, parts);
    }
    if (count == 0 && !stream_has_output(client)) {
        (void)event_del(&client->writable); /* costs nothing when it is not there */
    } else if (event_add(&client->writable, NULL) != 0) {
        client_lost(client, &stream_no_memory);
    }
}

void stream_on_turn(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct lb_client *client = context;
    if (client->state == CLIENT_READY) {
        stream_write_calls(client);
    }
}

static void stream_finish_connect(struct lb_client *client)
{
    int error = 0;
    socklen_t error_bytes = sizeof(error);
    if (getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &error_bytes) != 0 || error != 0) {
        client_lost(client, &stream_unreachable);
        return;
    }
    client_connected(client);
}

/* Goes on with the handshake of TLS. */
static void stream_secure(struct lb_client *client)
{
    int failed = 0;
    switch (client_tls_handshake(client->tls)) {
    case TLS_DONE:
        client_secured(client);
        failed = event_add(&client->writable, NULL); /* the hello goes out at once */
        break;
    case TLS_WANTS_READ:
        failed = event_del(&client->writable);
        break;
    case TLS_WANTS_WRITE:
        failed = event_add(&client->writable, NULL);
        break;
    case TLS_FAILED:
        client_distrusts(client);
        return;
    case TLS_ENDED:
    case TLS_LOST:
        client_lost(client, &stream_unreachable);
        return;
    }
    if (failed != 0) {
        client_lost(client, &stream_no_memory);
    }
}

void stream_on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct lb_client *client = context;
    if (client->state == CLIENT_CONNECTING) {
        stream_finish_connect(client);
    }
    if (client->state == CLIENT_SECURING) {
        stream_secure(client);
    }
    if (client->state == CLIENT_GREETING) {
        stream_write_hello(client);
    } else if (client->state == CLIENT_READY) {
        stream_write_calls(client);
    }
}

static bool stream_make_room(struct lb_client *client)
{
    if (client->in_cap - client->in_size >= STREAM_READ_BYTES_MIN) {
        return true;
    }
    size_t cap = client->in_cap * 2 + STREAM_READ_BYTES_MIN;
    uint8_t *in = realloc(client->in, cap);
    if (in == NULL) {
        return false;
    }
    client->in = in;
    client->in_cap = cap;
    return true;
}

/* Hands over the whole frames there are; stops when a frame changed the connection. */
static void stream_split(struct lb_client *client)
{
    size_t taken = 0;
    int fd = client->fd;
    while (client->fd == fd) {
        struct lb_frame frame;
        size_t frame_bytes = 0;
        enum lb_result result = lb_frame_split(client->in + taken, client->in_size - taken,
                                               LB_FRAME_PAYLOAD_BYTES_MAX, &frame, &frame_bytes);
        if (result != LB_OK) {
            client_lost(client, &stream_malformed);
            return;
        }
        if (frame_bytes == 0) {
            client->in_size -= taken;
            memmove(client->in, client->in + taken, client->in_size);
            return;
        }
        taken += frame_bytes;
        client_take_frame(client, &frame);
    }
}

/* How a reading ended. */
enum stream_end {
    STREAM_WAITS, /* there is no more now */
    STREAM_LOST,  /* nor will there be */
    STREAM_NO_MEMORY,
    STREAM_DISTRUSTED, /* see client_distrusts */
};

static enum stream_end stream_read_plain(struct lb_client *client)
{
    if (!stream_make_room(client)) {
        return STREAM_NO_MEMORY;
    }
    ssize_t size =
        recv(client->fd, client->in + client->in_size, client->in_cap - client->in_size, 0);
    if (size > 0) {
        client->in_size += (size_t)size;
        return STREAM_WAITS;
    }
    const bool is_waiting = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return size < 0 && is_waiting ? STREAM_WAITS : STREAM_LOST;
}

/* All that TLS holds: no event tells of it. */
static enum stream_end stream_read_tls(struct lb_client *client)
{
    enum tls_progress progress = TLS_DONE;
    client_tls_allow(client->tls);
    while (progress == TLS_DONE) {
        size_t got = 0;
        if (!stream_make_room(client)) {
            return STREAM_NO_MEMORY;
        }
        progress = client_tls_read(client->tls, client->in + client->in_size,
                                   client->in_cap - client->in_size, &got);
        client->in_size += got;
        if (progress == TLS_DONE && !client_tls_may_hold(client->tls)) {
            return STREAM_WAITS;
        }
    }
    if (progress == TLS_WANTS_READ) {
        return STREAM_WAITS;
    }
    /* A device's certificate is refused after the client has done its part of the handshake. */
    return progress == TLS_FAILED && client->state == CLIENT_GREETING ? STREAM_DISTRUSTED
                                                                      : STREAM_LOST;
}

static void stream_take(struct lb_client *client)
{
    client->is_reading = true;
    client->read_ms = clock_monotonic_ms(clock_system());
    stream_split(client);
    client->is_reading = false;
}

void stream_on_readable(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct lb_client *client = context;
    LB_ASSERT(client_is_valid(client));
    if (client->state == CLIENT_SECURING) {
        stream_secure(client);
        return; /* the server says nothing before our hello */
    }
    const size_t before = client->in_size;
    const enum stream_end end =
        client->tls == NULL ? stream_read_plain(client) : stream_read_tls(client);
    if (client->in_size > before) {
        stream_take(client);
    }
    if (client->fd != fd) {
        return; /* what was read has ended the connection */
    }
    switch (end) {
    case STREAM_WAITS:
        stream_on_turn(-1, 0, client);
        return;
    case STREAM_LOST:
        client_lost(client, &stream_unreachable);
        return;
    case STREAM_NO_MEMORY:
        client_lost(client, &stream_no_memory);
        return;
    case STREAM_DISTRUSTED:
        client_distrusts(client);
        return;
    }
}
