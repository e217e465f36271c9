/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Frames of a connection: requests out of its input to the dispatcher, replies into its output,
 * and how many may be under way. It touches no socket. Loop's thread only.
 */
#include "base/assert.h"
#include "connection.h"
#include "server.h"

#include <string.h>

bool net_exchange_may_dispatch(const struct net_connection *connection)
{
    const struct net_config *config = &connection->server->config;

    if (connection->state == NET_STATE_HANDSHAKE) {
        return !connection->hello_taken;
    }
    return connection->state == NET_STATE_OPEN && !connection->is_resting &&
           connection->inflight < config->inflight_max &&
           connection->inflight_bytes < config->inflight_bytes_max &&
           net_buffer_size(&connection->out) < config->out_bytes_max;
}

/* A guest has nothing large to say, and gets no memory for it. */
static uint32_t exchange_payload_bytes_max(const struct net_connection *connection)
{
    const uint32_t payload_bytes_max = connection->server->config.frame_payload_bytes_max;
    return connection->is_guest && payload_bytes_max > NET_GUEST_PAYLOAD_BYTES_MAX
               ? NET_GUEST_PAYLOAD_BYTES_MAX
               : payload_bytes_max;
}

/* Ends the connection for what its client sent. */
static void exchange_refuse(struct net_connection *connection, enum lb_result result,
                            const struct lb_frame_header *header)
{
    struct lb_frame_error farewell = {.result = (uint32_t)result};
    enum net_reason reason = NET_REASON_MALFORMED;

    if (result == LB_FRAME_TOO_LARGE) {
        const uint32_t payload_bytes_max = connection->server->config.frame_payload_bytes_max;
        reason = NET_REASON_FRAME_TOO_LARGE;
        farewell.number_count = 2;
        farewell.numbers[0] = header->payload_bytes;
        farewell.numbers[1] = payload_bytes_max;
        if (header->payload_bytes <= payload_bytes_max) { /* for those who have logged in */
            farewell = (struct lb_frame_error){.result = LB_LOGIN_REQUIRED};
        }
    }
    net_connection_end(connection, reason, &farewell);
}

/* No complete frame is buffered: more is awaited, or this was the end. */
static void exchange_starve(struct net_connection *connection)
{
    const bool has_part = net_buffer_size(&connection->in) > 0;

    connection->starved = true;
    if (connection->input_ended && has_part) {
        exchange_refuse(connection, LB_MALFORMED, NULL);
    } else if (connection->input_ended) {
        net_connection_end(connection, NET_REASON_PEER_CLOSED, NULL);
    } else if (!has_part) {
        connection->frame_since_ms = -1;
        net_buffer_trim(&connection->in);
    } else if (connection->frame_since_ms < 0) {
        connection->frame_since_ms = net_server_now_ms(connection->server);
    }
}

/* Takes a free place for the request, and hands it over. */
static void exchange_dispatch(struct net_connection *connection, const struct lb_frame *frame)
{
    struct net_server *server = connection->server;
    const uint32_t place = connection->request_free;
    LB_ASSERT(place < server->config.inflight_max);
    struct net_request *request = &connection->requests[place];

    LB_ASSERT(request->serial == 0);
    connection->request_free = request->next_free;
    *request = (struct net_request){
        .serial = ++server->next_serial,
        .request_id = frame->header.request_id,
        .payload_bytes = frame->header.payload_bytes,
        .method = frame->header.method,
    };
    connection->inflight++;
    connection->inflight_bytes += request->payload_bytes;
    connection->hello_taken = true;
    server->stats.requests++;

    const struct net_token token = {
        .slot = (uint32_t)(connection - server->slots),
        .place = place,
        .serial = request->serial,
    };
    server->ops.dispatch(server->ctx, connection, frame, token);
}

void net_exchange_process(struct net_connection *connection)
{
    const struct net_server *server = connection->server;
    const bool is_timed = server->ops.now_ns != NULL;
    const int64_t until_ns = is_timed ? server->ops.now_ns(server->ctx) + NET_TURN_NS : 0;
    connection->starved = false;
    for (int taken = 0; net_exchange_may_dispatch(connection) && !connection->cut; taken++) {
        if (taken == NET_REQUESTS_PER_TURN ||
            (taken > 0 && is_timed && server->ops.now_ns(server->ctx) >= until_ns)) {
            return; /* the others have theirs, then it goes on */
        }
        struct lb_frame frame = {0};
        size_t frame_bytes = 0;
        enum lb_result result =
            lb_frame_split(net_buffer_bytes(&connection->in), net_buffer_size(&connection->in),
                           exchange_payload_bytes_max(connection), &frame, &frame_bytes);
        if (result == LB_OK && frame_bytes == 0) {
            exchange_starve(connection);
            return;
        }
        if (result == LB_OK && (frame.header.kind != LB_FRAME_REQUEST ||
                                (connection->state == NET_STATE_HANDSHAKE &&
                                 frame.header.method != LB_FRAME_METHOD_HELLO))) {
            result = LB_MALFORMED;
        }
        if (result != LB_OK) {
            exchange_refuse(connection, result, &frame.header);
            return;
        }
        exchange_dispatch(connection, &frame);
        net_buffer_consume(&connection->in, frame_bytes);
        connection->frame_since_ms = -1;
    }
    /* While we do not read, a frame that is not complete is not the client's fault. */
    connection->frame_since_ms = -1;
}

/* Header and payload at the end of the output, both or neither. */
static void exchange_put(struct net_connection *connection, const struct lb_frame_header *header,
                         const void *payload)
{
    const size_t frame_bytes = LB_FRAME_HEADER_BYTES + (size_t)header->payload_bytes;
    size_t room = 0;

    if (connection->cut) {
        return;
    }
    if (net_buffer_reserve(&connection->out, frame_bytes) != LB_OK) {
        net_connection_cut(connection, NET_REASON_MEMORY);
        return;
    }
    uint8_t *frame = net_buffer_room(&connection->out, &room);
    lb_frame_header_encode(header, frame);
    if (header->payload_bytes > 0) {
        memcpy(frame + LB_FRAME_HEADER_BYTES, payload, header->payload_bytes);
    }
    net_buffer_produce(&connection->out, frame_bytes);
}

void net_exchange_put_farewell(struct net_connection *connection)
{
    if (connection->state != NET_STATE_FINISHING || connection->inflight > 0 ||
        connection->farewell.result == LB_OK) {
        return;
    }
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)lb_frame_error_encode(&connection->farewell, payload),
        .method = LB_FRAME_METHOD_NONE,
        .kind = LB_FRAME_ERROR,
    };
    exchange_put(connection, &header, payload);
    connection->farewell.result = LB_OK;
}

struct net_request *net_connection_request(struct net_connection *connection,
                                           struct net_token token)
{
    if (connection->requests == NULL || token.serial == 0 ||
        token.place >= connection->server->config.inflight_max ||
        connection->requests[token.place].serial != token.serial) {
        return NULL;
    }
    return &connection->requests[token.place];
}

void net_connection_reply(struct net_connection *connection, struct net_request *request,
                          enum lb_frame_kind kind, const void *payload, size_t payload_bytes)
{
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = request->request_id,
        .method = request->method,
        .kind = kind,
    };

    LB_ASSERT(connection->inflight > 0);
    LB_ASSERT(connection->inflight_bytes >= request->payload_bytes);
    connection->inflight--;
    connection->inflight_bytes -= request->payload_bytes;
    *request = (struct net_request){.next_free = connection->request_free};
    connection->request_free = (uint32_t)(request - connection->requests);
    exchange_put(connection, &header, payload);
    net_server_touch(connection);
}
