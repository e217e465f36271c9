/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server of frames for tests of liblovebank: on a Unix socket of a directory of its own, on the
 * test's event base. It greets by itself and keeps what it is asked; the test says what it answers.
 * Not a love bank. One thread.
 */
#ifndef TEST_FAKE_SERVER_H
#define TEST_FAKE_SERVER_H

#include "lovebank/client.h"
#include "lovebank/v1/services.pb-c.h"

#include <event2/event.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define FAKE_REQUESTS_MAX 64
#define FAKE_BYTES_MAX    4096

/* A request as it came: header and payload. */
struct fake_request {
    struct lb_frame_header header;
    uint8_t payload[256];
};

struct fake_server {
    struct event_base *base;
    char directory[32];
    char address[128];
    int listener;
    struct event *acceptable;
    int fd; /* the one connection; -1: none */
    struct event *readable;
    uint8_t in[FAKE_BYTES_MAX];
    size_t in_size;

    int hello_code;
    uint32_t in_flight_max;
    char client_name[LB_CLIENT_NAME_BYTES_MAX];
    uint32_t token_code; /* what it says of tokens */
    uint8_t token[LB_TOKEN_BYTES];
    size_t token_bytes; /* of the last greeting */
    unsigned hello_count;
    struct fake_request requests[FAKE_REQUESTS_MAX];
    size_t request_count;
    /* Called for each request but hello; NULL: it is only kept. */
    void (*on_request)(struct fake_server *server, const struct fake_request *request);
};

static inline void fake_send(struct fake_server *server, enum lb_frame_kind kind,
                             uint32_t request_id, uint16_t method, const void *payload,
                             size_t payload_bytes)
{
    uint8_t frame[FAKE_BYTES_MAX];
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = request_id,
        .method = method,
        .kind = kind,
    };
    assert_true(payload_bytes + LB_FRAME_HEADER_BYTES <= sizeof(frame));
    lb_frame_header_encode(&header, frame);
    if (payload_bytes > 0) {
        memcpy(frame + LB_FRAME_HEADER_BYTES, payload, payload_bytes);
    }
    size_t size = LB_FRAME_HEADER_BYTES + payload_bytes;
    assert_int_equal(send(server->fd, frame, size, MSG_NOSIGNAL), size);
}

/* Answers a request with its own payload. */
static inline void fake_echo(struct fake_server *server, const struct fake_request *request)
{
    fake_send(server, LB_FRAME_RESPONSE, request->header.request_id, request->header.method,
              request->payload, request->header.payload_bytes);
}

static inline void fake_refuse(struct fake_server *server, uint32_t request_id, uint16_t method,
                               uint32_t result, uint64_t a)
{
    const struct lb_frame_error error = {.result = result, .number_count = 1, .numbers = {a}};
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    size_t size = lb_frame_error_encode(&error, payload);
    fake_send(server, LB_FRAME_ERROR, request_id, method, payload, size);
}

static inline void fake_cut(struct fake_server *server)
{
    if (server->fd >= 0) {
        event_free(server->readable);
        (void)close(server->fd);
        server->fd = -1;
        server->in_size = 0;
    }
}

static inline void fake_greet(struct fake_server *server, const struct lb_frame *frame)
{
    Lovebank__V1__HelloRequest *hello =
        lovebank__v1__hello_request__unpack(NULL, frame->header.payload_bytes, frame->payload);
    assert_non_null(hello);
    assert_int_equal(hello->protocol_version, LB_PROTOCOL_VERSION);
    (void)snprintf(server->client_name, sizeof(server->client_name), "%s", hello->client);
    assert_true(hello->token.len <= sizeof(server->token));
    server->token_bytes = hello->token.len;
    if (hello->token.len > 0) {
        memcpy(server->token, hello->token.data, hello->token.len);
    }
    lovebank__v1__hello_request__free_unpacked(hello, NULL);
    server->hello_count++;

    Lovebank__V1__HelloResponse response;
    lovebank__v1__hello_response__init(&response);
    uint8_t packed[128];
    response.code = (uint32_t)server->hello_code;
    response.protocol_version = 1 + (server->hello_code != LB_OK);
    response.inflight_max = server->in_flight_max;
    response.token_code = server->token_code;
    size_t size = lovebank__v1__hello_response__pack(&response, packed);
    fake_send(server, LB_FRAME_RESPONSE, frame->header.request_id, LB_METHOD_HELLO, packed, size);
}

static inline void fake_take(struct fake_server *server, const struct lb_frame *frame)
{
    assert_int_equal(frame->header.kind, LB_FRAME_REQUEST);
    if (frame->header.method == LB_METHOD_HELLO) {
        fake_greet(server, frame);
        return;
    }
    assert_true(server->hello_count > 0);
    assert_true(server->request_count < FAKE_REQUESTS_MAX);
    struct fake_request *request = &server->requests[server->request_count++];
    assert_true(frame->header.payload_bytes <= sizeof(request->payload));
    request->header = frame->header;
    memcpy(request->payload, frame->payload, frame->header.payload_bytes);
    if (server->on_request != NULL) {
        server->on_request(server, request);
    }
}

static inline void fake_on_readable(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct fake_server *server = context;
    ssize_t size = recv(fd, server->in + server->in_size, sizeof(server->in) - server->in_size, 0);
    if (size <= 0) {
        fake_cut(server);
        return;
    }
    server->in_size += (size_t)size;
    size_t taken = 0;
    while (server->fd == fd) {
        struct lb_frame frame;
        size_t frame_bytes = 0;
        assert_int_equal(lb_frame_split(server->in + taken, server->in_size - taken,
                                        LB_FRAME_PAYLOAD_BYTES_MAX, &frame, &frame_bytes),
                         LB_OK);
        if (frame_bytes == 0) {
            memmove(server->in, server->in + taken, server->in_size - taken);
            server->in_size -= taken;
            return;
        }
        taken += frame_bytes;
        fake_take(server, &frame);
    }
}

static inline void fake_on_acceptable(evutil_socket_t listener, short what, void *context)
{
    (void)what;
    struct fake_server *server = context;
    fake_cut(server);
    server->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(server->fd >= 0);
    server->readable =
        event_new(server->base, server->fd, EV_READ | EV_PERSIST, fake_on_readable, server);
    assert_int_equal(event_add(server->readable, NULL), 0);
}

static inline void fake_open(struct fake_server *server)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memset(server, 0, sizeof(*server));
    server->fd = -1;
    server->base = event_base_new();
    (void)snprintf(server->directory, sizeof(server->directory), "/tmp/lb-client-XXXXXX");
    assert_non_null(mkdtemp(server->directory));
    (void)snprintf(to.sun_path, sizeof(to.sun_path), "%s/s", server->directory);
    (void)snprintf(server->address, sizeof(server->address), "unix:%s", to.sun_path);
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (const struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    server->acceptable =
        event_new(server->base, server->listener, EV_READ | EV_PERSIST, fake_on_acceptable, server);
    assert_int_equal(event_add(server->acceptable, NULL), 0);
}

static inline void fake_stop_listening(struct fake_server *server)
{
    if (server->listener >= 0) {
        event_free(server->acceptable);
        (void)close(server->listener);
        (void)unlink(server->address + strlen("unix:"));
        server->listener = -1;
    }
}

static inline void fake_close(struct fake_server *server)
{
    fake_cut(server);
    fake_stop_listening(server);
    (void)rmdir(server->directory);
    event_base_free(server->base);
}

#endif
