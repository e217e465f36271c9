/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: the transport. Four clients on a Unix socket do as the input says: send bytes, read,
 * stop sending, go away; requests are replied to at once, later or never, and time goes by. The
 * first request that is dispatched is a hello; what a client gets are whole frames, the last one of
 * them a farewell if the server ends it; and nothing of a connection stays behind. One thread.
 */
#include "base/assert.h"
#include "net/net.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEADER_BYTES      3
#define CLIENTS           4
#define INFLIGHT_MAX      3
#define PENDING_MAX       64 /* tokens kept, some of connections that are gone */
#define PAYLOAD_BYTES_MAX 512
#define OUT_BYTES_MAX     4096
#define GOT_BYTES_MAX     (64u << 10)
#define METHOD_ECHO       7
#define TURNS             3 /* of the loop: what is sent is there at once */
#define ALL_DEADLINES_MS  1000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum step { STEP_SEND, STEP_MORE, STEP_REPLY, STEP_TIME, STEP_READ, STEP_END, STEP_CLOSE, STEPS };

struct client {
    int fd; /* -1: none */
    bool has_ended;
    size_t got_size;
    uint8_t got[GOT_BYTES_MAX];
};

struct target {
    char directory[64];
    char path[96];
    struct event_base *base;
    struct net_server *server;
    int64_t now_ms;
    long blocks; /* of the server's memory */
    struct client clients[CLIENTS];
    struct net_token pending[PENDING_MAX];
    size_t pending_count;
};

static struct target *target_of_process;

/* --- the server's side ------------------------------------------------------------------------ */

/* A payload's first byte says what becomes of a hello; other requests wait, but for an echo. */
static void target_dispatch(void *context, struct net_connection *connection,
                            const struct lb_frame *frame, struct net_token token)
{
    struct target *target = context;
    const struct lb_frame_header *header = &frame->header;
    const uint8_t first = header->payload_bytes > 0 ? frame->payload[0] : 0;
    bool *is_greeted = net_connection_data(connection);
    LB_ASSERT(header->kind == LB_FRAME_REQUEST && header->payload_bytes <= PAYLOAD_BYTES_MAX);
    LB_ASSERT(*is_greeted || header->method == LB_FRAME_METHOD_HELLO);
    LB_ASSERT(net_connection_find(target->server, token) == connection);
    if (header->method == LB_FRAME_METHOD_HELLO && first == 'f') {
        net_connection_finish(connection);
    } else if (header->method == LB_FRAME_METHOD_HELLO) {
        *is_greeted = true;
        net_connection_set_greeted(connection);
    }
    if (header->method == LB_FRAME_METHOD_HELLO && first == 'k') {
        net_connection_set_known(connection);
    }
    if (header->method == METHOD_ECHO || header->method == LB_FRAME_METHOD_HELLO ||
        target->pending_count == PENDING_MAX) {
        net_reply(target->server, token, LB_FRAME_RESPONSE, frame->payload, header->payload_bytes);
        LB_ASSERT(net_connection_find(target->server, token) == NULL);
        return;
    }
    target->pending[target->pending_count++] = token;
}

static bool target_opened(void *context, struct net_connection *connection)
{
    (void)context;
    bool *is_greeted = calloc(1, sizeof(*is_greeted));
    LB_ASSERT(is_greeted != NULL && net_connection_is_local(connection));
    net_connection_set_data(connection, is_greeted);
    return true;
}

static void target_closed(void *context, struct net_connection *connection, enum net_reason reason)
{
    (void)context;
    LB_ASSERT(net_reason_name(reason) != NULL);
    free(net_connection_data(connection));
}

static int64_t target_now_ms(void *context)
{
    return ((struct target *)context)->now_ms;
}

static void *target_resize(void *context, void *block, size_t bytes)
{
    struct target *target = context;
    if (bytes == 0) {
        target->blocks -= block != NULL ? 1 : 0;
        free(block);
        return NULL;
    }
    target->blocks += block == NULL ? 1 : 0;
    return realloc(block, bytes);
}

/* --- life ------------------------------------------------------------------------------------- */

static void target_open_server(struct target *target)
{
    const struct net_config config = {.unix_path = target->path,
                                      .unix_mode = 0600,
                                      .connections_max = CLIENTS - 1,
                                      .handshakes_max = 8, /* two of one place */
                                      .frame_payload_bytes_max = PAYLOAD_BYTES_MAX,
                                      .inflight_max = INFLIGHT_MAX,
                                      .inflight_bytes_max = (size_t)2 * PAYLOAD_BYTES_MAX,
                                      .out_bytes_max = OUT_BYTES_MAX,
                                      .handshake_ms = 5000,
                                      .idle_ms = 60000,
                                      .frame_ms = 10000,
                                      .write_stall_ms = 20000};
    const struct net_ops ops = {.opened = target_opened,
                                .dispatch = target_dispatch,
                                .closed = target_closed,
                                .now_ms = target_now_ms,
                                .resize = target_resize};
    char error[NET_ERROR_TEXT_BYTES];
    LB_ASSERT(net_server_new(target->base, &config, &ops, target, &target->server, error) == LB_OK);
}

static void target_free(void)
{
    struct target *target = target_of_process;
    net_server_free(target->server);
    event_base_free(target->base);
    LB_ASSERT(target->blocks == 0 && rmdir(target->directory) == 0);
    free(target);
}

static struct target *target_get(void)
{
    if (target_of_process == NULL) {
        struct target *target = calloc(1, sizeof(*target));
        LB_ASSERT(target != NULL);
        const char *base = getenv("TMPDIR");
        snprintf(target->directory, sizeof(target->directory), "%.32s/lovebank-fuzz-XXXXXX",
                 base == NULL ? "/tmp" : base);
        LB_ASSERT(mkdtemp(target->directory) != NULL);
        snprintf(target->path, sizeof(target->path), "%s/socket", target->directory);
        target->base = event_base_new();
        LB_ASSERT(target->base != NULL);
        for (size_t i = 0; i < CLIENTS; i++) {
            target->clients[i].fd = -1;
        }
        target_open_server(target);
        target_of_process = target;
        LB_ASSERT(atexit(target_free) == 0);
    }
    return target_of_process;
}

static void target_turn(struct target *target)
{
    for (int i = 0; i < TURNS; i++) {
        LB_ASSERT(event_base_loop(target->base, EVLOOP_NONBLOCK) >= 0);
    }
}

static void target_sweep(struct target *target, int64_t ms)
{
    target->now_ms += ms;
    net_server_sweep(target->server);
    target_turn(target);
}

/* --- the clients' side ------------------------------------------------------------------------ */

static void client_open(struct target *target, struct client *client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, target->path, strlen(target->path) + 1);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    client->has_ended = false;
    client->got_size = 0;
    LB_ASSERT(client->fd >= 0 &&
              connect(client->fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
}

static void client_read(struct client *client)
{
    ssize_t got = 1;
    while (got > 0 && client->got_size < sizeof(client->got)) {
        got = recv(client->fd, client->got + client->got_size,
                   sizeof(client->got) - client->got_size, 0);
        client->got_size += got > 0 ? (size_t)got : 0;
    }
    LB_ASSERT(got >= 0 || errno == EAGAIN || errno == ECONNRESET);
}

/* Whole frames, and a farewell is the last. */
static void client_check(const struct client *client)
{
    size_t frame_bytes = 1;
    bool is_over = false;
    for (size_t at = 0; frame_bytes > 0 && at < client->got_size; at += frame_bytes) {
        struct lb_frame frame = {0};
        LB_ASSERT(lb_frame_split(client->got + at, client->got_size - at, PAYLOAD_BYTES_MAX, &frame,
                                 &frame_bytes) == LB_OK);
        LB_ASSERT(frame_bytes == 0 || (!is_over && frame.header.kind != LB_FRAME_REQUEST));
        is_over = frame.header.kind == LB_FRAME_ERROR;
        LB_ASSERT(!is_over || frame.header.request_id == 0);
    }
}

static void client_close(struct client *client)
{
    if (client->fd >= 0) {
        client_check(client);
        LB_ASSERT(close(client->fd) == 0);
        client->fd = -1;
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

static void step_send(struct target *target, struct client *client, const uint8_t *data,
                      size_t size)
{
    if (client->fd < 0) {
        client_open(target, client);
    }
    if (size > 0 && !client->has_ended) { /* the server may have gone meanwhile */
        (void)send(client->fd, data, size, MSG_NOSIGNAL);
    }
}

static void step_reply(struct target *target, size_t amount)
{
    uint8_t payload[PAYLOAD_BYTES_MAX] = {0};
    if (target->pending_count > 0) {
        const size_t which = amount % target->pending_count;
        const struct net_token token = target->pending[which];
        target->pending[which] = target->pending[--target->pending_count];
        net_reply(target->server, token, LB_FRAME_RESPONSE, payload, amount % PAYLOAD_BYTES_MAX);
        net_reply(target->server, token, LB_FRAME_RESPONSE, payload, 1); /* does nothing */
    }
}

/* The bytes taken off the input. */
static size_t target_step(struct target *target, const uint8_t header[HEADER_BYTES], size_t left)
{
    struct client *client = &target->clients[header[0] % CLIENTS];
    const size_t amount = header[1] | (size_t)header[2] << 8;
    size_t taken = 0;
    switch ((enum step)(header[0] / CLIENTS % STEPS)) {
    case STEP_SEND:
    case STEP_MORE:
        taken = amount < left ? amount : left;
        step_send(target, client, header + HEADER_BYTES, taken);
        break;
    case STEP_REPLY:
        step_reply(target, amount);
        break;
    case STEP_TIME:
        target_sweep(target, (int64_t)amount);
        break;
    case STEP_READ:
        if (client->fd >= 0) {
            client_read(client);
        }
        break;
    case STEP_END:
        if (client->fd >= 0 && !client->has_ended) {
            (void)shutdown(client->fd, SHUT_WR);
            client->has_ended = true;
        }
        break;
    case STEP_CLOSE:
        client_close(client);
        break;
    case STEPS:
        break;
    }
    return taken;
}

/* A reply makes room for a request that waited. */
static void target_reply_to_all(struct target *target)
{
    target_turn(target);
    while (target->pending_count > 0) {
        step_reply(target, 0);
        target_turn(target);
    }
}

static void target_end(struct target *target)
{
    target_reply_to_all(target);
    for (size_t i = 0; i < CLIENTS; i++) {
        if (target->clients[i].fd >= 0) {
            client_read(&target->clients[i]);
        }
        client_close(&target->clients[i]);
    }
    target_reply_to_all(target);
    for (int i = 0; i < TURNS && net_server_stats(target->server).connections > 0; i++) {
        target_sweep(target, ALL_DEADLINES_MS);
    }
    LB_ASSERT(net_server_stats(target->server).connections == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct target *target = target_get();
    for (size_t at = 0; size - at >= HEADER_BYTES;) {
        at += HEADER_BYTES + target_step(target, data + at, size - at - HEADER_BYTES);
        target_turn(target);
    }
    target_end(target);
    return 0;
}
