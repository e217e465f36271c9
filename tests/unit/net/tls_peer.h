/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server that listens with TLS on loopback, with certificates made for the test, and clients that
 * are streams of the test's. One thread: the loop is turned until what is awaited is there.
 */
#ifndef TESTS_UNIT_NET_TLS_PEER_H
#define TESTS_UNIT_NET_TLS_PEER_H

#include "../tls/pair.h"
#include "fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#define ALLOWED   ((size_t)1 << 30)
#define ROUND_MAX 100000

struct tls_fixture {
    struct fixture *net;
    struct pair pair;
    struct tls_context *context;
};

/* A client of the test. */
struct peer {
    int fd;
    struct tls_stream *tls;
};

static inline int tls_set_up(void **state)
{
    struct tls_fixture *fixture = calloc(1, sizeof(*fixture));
    void *net = NULL;
    assert_non_null(fixture);
    assert_int_equal(fixture_setup(&net), 0);
    fixture->net = net;
    pair_open(&fixture->pair);
    fixture->context = pair_client_context(fixture->pair.ca);
    fixture->net->config.unix_path = NULL;
    fixture->net->config.tls_host = "127.0.0.1";
    fixture->net->config.tls = (struct net_tls_files){.certificate = fixture->pair.certificate,
                                                      .private_key = fixture->pair.key};
    *state = fixture;
    return 0;
}

static inline int tls_tear_down(void **state)
{
    struct tls_fixture *fixture = *state;
    void *net = fixture->net;
    assert_int_equal(fixture_teardown(&net), 0);
    tls_context_free(fixture->context);
    pair_close(&fixture->pair);
    free(fixture);
    return 0;
}

static inline struct tls_fixture *start(void **state)
{
    struct tls_fixture *fixture = *state;
    void *net = fixture->net;
    (void)fixture_start(&net);
    return fixture;
}

/* Loopback delivers at once, but says so to the other end a moment later. */
static inline void turn(struct tls_fixture *fixture)
{
    assert_true(event_base_loop(fixture->net->base, EVLOOP_NONBLOCK) >= 0);
}

static inline int peer_socket(struct tls_fixture *fixture)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons(net_server_tls_port(fixture->net->server)),
    };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1; /* no byte waits for the next */
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static inline struct peer peer_connect(struct tls_fixture *fixture)
{
    struct peer peer = {.fd = peer_socket(fixture)};
    assert_int_equal(evutil_make_socket_nonblocking(peer.fd), 0);
    peer.tls = tls_stream_new(fixture->context, peer.fd, "localhost");
    assert_non_null(peer.tls);
    tls_stream_allow(peer.tls, ALLOWED);
    return peer;
}

static inline void peer_shake(struct tls_fixture *fixture, struct peer *peer)
{
    enum tls_progress progress = TLS_WANTS_READ;
    for (int i = 0; i < ROUND_MAX && progress == TLS_WANTS_READ; i++) {
        progress = tls_stream_handshake(peer->tls);
        turn(fixture);
    }
    assert_int_equal(progress, TLS_DONE);
}

static inline void peer_send_bytes(struct tls_fixture *fixture, struct peer *peer, const void *data,
                                   size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        size_t sent = 0;
        const enum tls_progress progress = tls_stream_write(peer->tls, at, size, &sent);
        assert_true(progress == TLS_DONE || progress == TLS_WANTS_WRITE);
        at += sent;
        size -= sent;
        turn(fixture);
    }
}

static inline size_t frame_of(uint8_t *out, uint32_t request_id, uint16_t method,
                              const void *payload, size_t payload_bytes)
{
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = request_id,
        .method = method,
        .kind = LB_FRAME_REQUEST,
    };
    lb_frame_header_encode(&header, out);
    memcpy(out + LB_FRAME_HEADER_BYTES, payload, payload_bytes);
    return LB_FRAME_HEADER_BYTES + payload_bytes;
}

static inline void peer_send(struct tls_fixture *fixture, struct peer *peer, uint32_t request_id,
                             uint16_t method, const char *text)
{
    uint8_t frame[256];
    peer_send_bytes(fixture, peer, frame, frame_of(frame, request_id, method, text, strlen(text)));
}

/* TLS_DONE, or how the stream ended. */
static inline enum tls_progress peer_read(struct tls_fixture *fixture, struct peer *peer,
                                          void *data, size_t size)
{
    uint8_t *at = data;
    for (int i = 0; i < ROUND_MAX && size > 0; i++) {
        size_t got = 0;
        const enum tls_progress progress = tls_stream_read(peer->tls, at, size, &got);
        if (progress != TLS_DONE && progress != TLS_WANTS_READ) {
            return progress;
        }
        at += got;
        size -= got;
        turn(fixture);
    }
    assert_int_equal(size, 0);
    return TLS_DONE;
}

static inline struct lb_frame_header peer_expect(struct tls_fixture *fixture, struct peer *peer,
                                                 void *payload, size_t room)
{
    uint8_t head[LB_FRAME_HEADER_BYTES];
    struct lb_frame_header header = {0};
    assert_int_equal(peer_read(fixture, peer, head, sizeof(head)), TLS_DONE);
    assert_int_equal(lb_frame_header_decode(head, LB_FRAME_PAYLOAD_BYTES_MAX, &header), LB_OK);
    assert_true(header.payload_bytes <= room);
    assert_int_equal(peer_read(fixture, peer, payload, header.payload_bytes), TLS_DONE);
    return header;
}

static inline void peer_expect_text(struct tls_fixture *fixture, struct peer *peer,
                                    uint32_t request_id, const char *text)
{
    char payload[256] = {0};
    const struct lb_frame_header header = peer_expect(fixture, peer, payload, sizeof(payload) - 1);
    assert_int_equal(header.kind, LB_FRAME_RESPONSE);
    assert_int_equal(header.request_id, request_id);
    assert_string_equal(payload, text);
}

static inline struct peer peer_open(struct tls_fixture *fixture)
{
    struct peer peer = peer_connect(fixture);
    peer_shake(fixture, &peer);
    peer_send(fixture, &peer, 1, LB_FRAME_METHOD_HELLO, "hello");
    peer_expect_text(fixture, &peer, 1, "hi");
    return peer;
}

static inline void peer_close(struct peer *peer)
{
    tls_stream_free(peer->tls);
    assert_int_equal(close(peer->fd), 0);
}

/* Until the server has closed so many. */
static inline void await_closed(struct tls_fixture *fixture, size_t count)
{
    for (int i = 0; i < ROUND_MAX && fixture->net->closed_count < count; i++) {
        turn(fixture);
    }
    assert_int_equal(fixture->net->closed_count, count);
}

/* Turns until the server has taken the connection on. */
static inline void await_accepted(struct tls_fixture *fixture, uint64_t count)
{
    for (int i = 0; i < ROUND_MAX && net_server_stats(fixture->net->server).accepted < count; i++) {
        turn(fixture);
    }
    assert_int_equal(net_server_stats(fixture->net->server).accepted, count);
}

#endif
