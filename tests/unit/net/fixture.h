/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server on a Unix socket in a temporary directory, with a clock and memory the test controls,
 * a dispatcher that records, and plain clients; all on one thread. Nothing waits: a local socket
 * has the bytes as soon as they are written, so the loop is turned, not slept on.
 */
#ifndef TESTS_UNIT_NET_FIXTURE_H
#define TESTS_UNIT_NET_FIXTURE_H

#include "net/net.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURE_REQUESTS_MAX 1024
#define FIXTURE_METHOD       7

struct fixture_request {
    struct net_connection *connection;
    struct net_token token;
    struct lb_frame_header header;
    uint8_t first; /* of the payload; 0 if empty */
};

struct fixture {
    struct event_base *base;
    struct net_server *server;
    struct net_config config;
    struct net_ops ops;
    char directory[64];
    char path[96];
    char error_text[NET_ERROR_TEXT_BYTES];

    int64_t now_ms;
    bool greets; /* the hello is accepted at once */
    bool echoes; /* other requests are answered at once, with their payload */
    int64_t now_ns;
    int64_t request_ns;                                    /* so long takes each of them */
    struct fixture_request requests[FIXTURE_REQUESTS_MAX]; /* all but greeted hellos */
    size_t request_count;
    enum net_reason reason; /* of the last connection closed */
    size_t closed_count;
    size_t drained_count;
    size_t turned_requests; /* taken when the last turn ended */

    long allocation_fails; /* which one from now on; -1: none */
    bool allocation_failed;
    long blocks; /* allocated and not freed */
};

static inline void fixture_dispatch(void *ctx, struct net_connection *connection,
                                    const struct lb_frame *frame, struct net_token token)
{
    struct fixture *fixture = ctx;

    if (frame->header.method == LB_FRAME_METHOD_HELLO && fixture->greets) {
        net_connection_set_greeted(connection);
        net_connection_set_known(connection);
        net_reply(fixture->server, token, LB_FRAME_RESPONSE, "hi", 2);
        return;
    }
    assert_true(fixture->request_count < FIXTURE_REQUESTS_MAX);
    fixture->requests[fixture->request_count++] = (struct fixture_request){
        .connection = connection,
        .token = token,
        .header = frame->header,
        .first = frame->header.payload_bytes > 0 ? frame->payload[0] : 0,
    };
    fixture->now_ns += fixture->request_ns;
    if (fixture->echoes) {
        net_reply(fixture->server, token, LB_FRAME_RESPONSE, frame->payload,
                  frame->header.payload_bytes);
    }
}

static inline void fixture_closed(void *ctx, struct net_connection *connection,
                                  enum net_reason reason)
{
    struct fixture *fixture = ctx;
    (void)connection;
    fixture->reason = reason;
    fixture->closed_count++;
}

static inline void fixture_turned(void *ctx)
{
    struct fixture *fixture = ctx;
    fixture->turned_requests = fixture->request_count;
}

static inline void fixture_drained(void *ctx)
{
    struct fixture *fixture = ctx;
    fixture->drained_count++;
}

static inline int64_t fixture_now_ns(void *ctx)
{
    const struct fixture *fixture = ctx;
    return fixture->now_ns;
}

static inline int64_t fixture_now_ms(void *ctx)
{
    const struct fixture *fixture = ctx;
    return fixture->now_ms;
}

static inline void *fixture_resize(void *ctx, void *block, size_t bytes)
{
    struct fixture *fixture = ctx;

    if (bytes == 0) {
        fixture->blocks -= block != NULL ? 1 : 0;
        free(block);
        return NULL;
    }
    if (fixture->allocation_fails == 0) {
        fixture->allocation_fails = -1;
        fixture->allocation_failed = true;
        return NULL;
    }
    fixture->allocation_fails -= fixture->allocation_fails > 0 ? 1 : 0;
    fixture->blocks += block == NULL ? 1 : 0;
    return realloc(block, bytes);
}

/* Everything but the server, which the test starts when its configuration is as wanted. */
static inline int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    (void)snprintf(fixture->directory, sizeof(fixture->directory), "/tmp/lovebank-net-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/socket", fixture->directory);
    fixture->base = event_base_new();
    assert_non_null(fixture->base);
    fixture->greets = true;
    fixture->allocation_fails = -1;
    fixture->now_ms = 1000;
    fixture->config = (struct net_config){
        .unix_path = fixture->path,
        .unix_mode = 0660,
        .connections_max = 4,
        .handshakes_max = 16, /* four of one place */
        .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
        .inflight_max = 64,
        .inflight_bytes_max = (size_t)8 << 20,
        .out_bytes_max = (size_t)8 << 20,
        .handshake_ms = 5000,
        .idle_ms = 60000,
        .frame_ms = 10000,
        .write_stall_ms = 20000,
    };
    fixture->ops = (struct net_ops){
        .dispatch = fixture_dispatch,
        .turned = fixture_turned,
        .closed = fixture_closed,
        .now_ms = fixture_now_ms,
        .now_ns = fixture_now_ns,
        .resize = fixture_resize,
    };
    *state = fixture;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;

    net_server_free(fixture->server);
    assert_int_equal(fixture->blocks, 0);
    event_base_free(fixture->base);
    (void)unlink(fixture->path);
    assert_int_equal(rmdir(fixture->directory), 0);
    free(fixture);
    return 0;
}

static inline enum lb_result fixture_new(struct fixture *fixture)
{
    return net_server_new(fixture->base, &fixture->config, &fixture->ops, fixture, &fixture->server,
                          fixture->error_text);
}

static inline struct fixture *fixture_start(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture_new(fixture), LB_OK);
    assert_string_equal(fixture->error_text, "");
    return fixture;
}

/* Turns the loop until it has done all that can be done now. */
static inline void fixture_turn(struct fixture *fixture)
{
    for (int i = 0; i < 6; i++) {
        assert_true(event_base_loop(fixture->base, EVLOOP_NONBLOCK) >= 0);
    }
}

static inline void fixture_step(struct fixture *fixture, int64_t ms)
{
    fixture->now_ms += ms;
    net_server_sweep(fixture->server);
    fixture_turn(fixture);
}

static inline struct net_token fixture_token(const struct fixture *fixture, size_t index)
{
    assert_true(index < fixture->request_count);
    return fixture->requests[index].token;
}

/* A client is a socket that does not block. */
static inline int client_connect(struct fixture *fixture)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture->path);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static inline void client_send_bytes(int fd, const void *bytes, size_t size)
{
    assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), size);
}

static inline void client_send(int fd, uint32_t request_id, uint16_t method, const void *payload,
                               size_t payload_bytes)
{
    uint8_t head[LB_FRAME_HEADER_BYTES];
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = request_id,
        .method = method,
        .kind = LB_FRAME_REQUEST,
    };

    lb_frame_header_encode(&header, head);
    client_send_bytes(fd, head, sizeof(head));
    if (payload_bytes > 0) {
        client_send_bytes(fd, payload, payload_bytes);
    }
}

static inline void client_read_bytes(int fd, void *bytes, size_t size)
{
    uint8_t *at = bytes;
    while (size > 0) {
        const ssize_t got = recv(fd, at, size, 0);
        assert_true(got > 0);
        at += got;
        size -= (size_t)got;
    }
}

/* The next frame, which must be there as a whole. */
static inline struct lb_frame_header client_read(int fd, void *payload, size_t payload_bytes_max)
{
    uint8_t head[LB_FRAME_HEADER_BYTES];
    struct lb_frame_header header = {0};

    client_read_bytes(fd, head, sizeof(head));
    assert_int_equal(lb_frame_header_decode(head, LB_FRAME_PAYLOAD_BYTES_MAX, &header), LB_OK);
    assert_true(header.payload_bytes <= payload_bytes_max);
    client_read_bytes(fd, payload, header.payload_bytes);
    return header;
}

static inline void client_expect_response(int fd, uint32_t request_id, const char *text)
{
    char payload[256] = {0};
    const struct lb_frame_header header = client_read(fd, payload, sizeof(payload) - 1);

    assert_int_equal(header.kind, LB_FRAME_RESPONSE);
    assert_int_equal(header.request_id, request_id);
    assert_string_equal(payload, text);
}

static inline void client_expect_nothing(int fd)
{
    char byte = 0;
    assert_int_equal(recv(fd, &byte, 1, 0), -1);
    assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
}

static inline void client_expect_end(int fd)
{
    char byte = 0;
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
}

/* The server's last word: an error frame of no request, then the end. */
static inline struct lb_frame_error client_expect_farewell(int fd, enum lb_result result)
{
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    struct lb_frame_error error = {0};
    const struct lb_frame_header header = client_read(fd, payload, sizeof(payload));

    assert_int_equal(header.kind, LB_FRAME_ERROR);
    assert_int_equal(header.method, LB_FRAME_METHOD_NONE);
    assert_int_equal(header.request_id, 0);
    assert_int_equal(lb_frame_error_decode(payload, header.payload_bytes, &error), LB_OK);
    assert_int_equal(error.result, result);
    client_expect_end(fd);
    return error;
}

/* A client that has been greeted. */
static inline int client_open(struct fixture *fixture)
{
    const int fd = client_connect(fixture);
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, "hello", 5);
    fixture_turn(fixture);
    client_expect_response(fd, 1, "hi");
    return fd;
}

static inline void client_close(struct fixture *fixture, int fd)
{
    assert_int_equal(close(fd), 0);
    fixture_turn(fixture);
}

#endif
