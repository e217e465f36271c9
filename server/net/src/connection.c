/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The life of a connection: its states and the moves between them, its deadlines, its end. The
 * frames are in exchange.c, the bytes in stream.c. Loop's thread only.
 */
#include "connection.h"

#include "base/assert.h"
#include "server.h"
#include "tls/tls.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* clang-format off */
static const bool connection_moves[NET_STATE_COUNT][NET_STATE_COUNT] = {
    [NET_STATE_FREE]      = {[NET_STATE_SECURING] = true, [NET_STATE_HANDSHAKE] = true},
    [NET_STATE_SECURING]  = {[NET_STATE_HANDSHAKE] = true, [NET_STATE_LINGERING] = true,
                             [NET_STATE_FREE] = true},
    [NET_STATE_HANDSHAKE] = {[NET_STATE_OPEN] = true, [NET_STATE_FINISHING] = true,
                             [NET_STATE_FREE] = true},
    [NET_STATE_OPEN]      = {[NET_STATE_FINISHING] = true, [NET_STATE_FREE] = true},
    [NET_STATE_FINISHING] = {[NET_STATE_LINGERING] = true, [NET_STATE_FREE] = true},
    [NET_STATE_LINGERING] = {[NET_STATE_FREE] = true},
};
/* clang-format on */

static void connection_move(struct net_connection *connection, enum net_state state)
{
    LB_ASSERT(connection_moves[connection->state][state]);
    connection->state = state;
    connection->began_ms = net_server_now_ms(connection->server);
}

static bool connection_takes_requests(const struct net_connection *connection)
{
    return connection->state == NET_STATE_HANDSHAKE || connection->state == NET_STATE_OPEN;
}

bool net_connection_is_valid(const struct net_connection *connection)
{
    const struct net_config *config = &connection->server->config;
    const bool has_output = net_buffer_size(&connection->out) > 0;

    if (connection->state == NET_STATE_FREE) {
        return connection->fd == -1 && connection->tls == NULL && !connection->is_guest &&
               connection->requests == NULL && connection->inflight == 0 &&
               connection->in.data == NULL && connection->out.data == NULL &&
               !connection->reading && !connection->writing;
    }
    if (connection->fd < 0 || connection->inflight > config->inflight_max ||
        (connection->inflight == 0 && connection->inflight_bytes > 0) ||
        (connection->writing && !has_output && !connection->tls_wants_write) ||
        !net_buffer_is_valid(&connection->in) || !net_buffer_is_valid(&connection->out)) {
        return false;
    }
    if (connection->state == NET_STATE_SECURING) {
        return connection->tls != NULL && connection->inflight == 0 && !has_output &&
               net_buffer_size(&connection->in) == 0;
    }
    if (connection->state == NET_STATE_HANDSHAKE) {
        return connection->inflight <= (connection->hello_taken ? 1 : 0);
    }
    if (connection->state == NET_STATE_LINGERING) {
        return connection->inflight == 0 && !has_output && connection->farewell.result == LB_OK;
    }
    return connection->state == NET_STATE_OPEN || connection->reason != NET_REASON_NONE;
}

/* All places of the table become free, chained in order. LB_OK or LB_MEMORY. */
LB_MUST_CHECK static enum lb_result connection_make_requests(struct net_connection *connection)
{
    const struct net_memory *memory = &connection->server->memory;
    const uint32_t count = connection->server->config.inflight_max;

    connection->requests = memory->resize(memory->ctx, NULL, count * sizeof(struct net_request));
    if (connection->requests == NULL) {
        return LB_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        connection->requests[i] = (struct net_request){.next_free = i + 1};
    }
    connection->request_free = 0;
    return LB_OK;
}

/* Of an IP6 address the first half: the rest is for whoever has it to choose. */
static bool peer_is_same_place(const struct net_peer *a, const struct net_peer *b)
{
    const size_t bytes = a->address.family == NET_FAMILY_IP6 ? 8 : sizeof(a->address.bytes);
    return a->uid == b->uid && a->address.family == b->address.family &&
           memcmp(a->address.bytes, b->address.bytes, bytes) == 0;
}

/* Who gives way to one more guest: the oldest of its own place, if that has a quarter of the room;
 * else the oldest of all, if there is no room. NULL: nobody. */
static struct net_connection *connection_find_in_the_way(const struct net_listener *listener,
                                                         const struct net_peer *peer)
{
    const uint32_t guests_max = listener->server->config.handshakes_max;
    const uint32_t share = guests_max / 4 > 0 ? guests_max / 4 : 1;
    struct net_connection *oldest = NULL;
    struct net_connection *guest = NULL;
    uint32_t count = 0;

    TAILQ_FOREACH(guest, &listener->guests, guest_link)
    {
        if (peer_is_same_place(&guest->peer, peer)) {
            oldest = oldest == NULL ? guest : oldest;
            count++;
        }
    }
    if (count >= share) {
        return oldest;
    }
    return listener->guest_count == guests_max ? TAILQ_FIRST(&listener->guests) : NULL;
}

static void connection_leave_guests(struct net_connection *connection)
{
    if (connection->is_guest) {
        TAILQ_REMOVE(&connection->listener->guests, connection, guest_link);
        connection->listener->guest_count--;
        connection->is_guest = false;
    }
}

/* One more of whom nothing is known; another may have to give way. */
static void connection_enter_guests(struct net_connection *connection)
{
    struct net_listener *listener = connection->listener;
    struct net_connection *in_the_way = connection_find_in_the_way(listener, &connection->peer);

    if (in_the_way != NULL) {
        connection->server->stats.crowded_out++;
        connection_leave_guests(in_the_way);
        net_connection_cut(in_the_way, NET_REASON_CROWDED_OUT);
    }
    TAILQ_INSERT_TAIL(&listener->guests, connection, guest_link);
    listener->guest_count++;
    connection->is_guest = true;
}

/* What needs memory. LB_OK or LB_MEMORY, with nothing left behind. */
LB_MUST_CHECK static enum lb_result connection_equip(struct net_connection *connection, int fd)
{
    if (connection->listener->tls != NULL) {
        connection->tls = tls_stream_new(connection->listener->tls, fd, NULL);
        if (connection->tls == NULL) {
            return LB_MEMORY;
        }
    }
    if (connection->admitted && connection_make_requests(connection) != LB_OK) {
        tls_stream_free(connection->tls);
        connection->tls = NULL;
        return LB_MEMORY;
    }
    return LB_OK;
}

void net_connection_init(struct net_connection *connection, struct net_listener *listener,
                         const struct net_peer *peer, bool admitted)
{
    struct net_server *server = connection->server;
    const int64_t now_ms = net_server_now_ms(server);

    LB_ASSERT(connection->state == NET_STATE_FREE);
    *connection = (struct net_connection){
        .server = server,
        .listener = listener,
        .fd = -1,
        .touched = connection->touched,
        .next_touched = connection->next_touched,
        .id = ++server->next_connection_id,
        .peer = *peer,
        .admitted = admitted,
        .active_ms = now_ms,
        .frame_since_ms = -1,
        .output_since_ms = -1,
    };
    net_buffer_init(&connection->in, &server->memory);
    net_buffer_init(&connection->out, &server->memory);
}

enum lb_result net_connection_open(struct net_connection *connection, int fd)
{
    struct net_server *server = connection->server;

    LB_ASSERT(connection->state == NET_STATE_FREE && fd >= 0);
    const enum lb_result result = connection_equip(connection, fd);
    if (result != LB_OK) {
        return result;
    }
    connection->fd = fd;
    server->stats.connections++;
    server->admitted += connection->admitted ? 1 : 0;
    net_stream_init(connection);
    connection_move(connection, connection->tls != NULL ? NET_STATE_SECURING : NET_STATE_HANDSHAKE);
    if (connection->admitted) {
        connection_enter_guests(connection);
    }
    net_server_touch(connection);
    return LB_OK;
}

void net_connection_secured(struct net_connection *connection)
{
    const int64_t began_ms = connection->began_ms;

    connection_move(connection, NET_STATE_HANDSHAKE);
    connection->began_ms = began_ms; /* there is one deadline for both */
}

void net_connection_linger(struct net_connection *connection, enum net_reason reason)
{
    connection->reason = reason;
    (void)shutdown(connection->fd, SHUT_WR);
    connection_move(connection, NET_STATE_LINGERING);
}

void net_connection_close(struct net_connection *connection)
{
    struct net_server *server = connection->server;

    net_stream_unwatch(connection);
    if (server->ops.closed != NULL) {
        server->ops.closed(server->ctx, connection, connection->reason);
    }
    connection_leave_guests(connection);
    tls_stream_free(connection->tls);
    connection->tls = NULL;
    (void)close(connection->fd);
    connection->fd = -1;
    if (connection->requests != NULL) {
        (void)server->memory.resize(server->memory.ctx, connection->requests, 0);
        connection->requests = NULL;
    }
    connection->inflight = 0;
    connection->inflight_bytes = 0;
    net_buffer_fini(&connection->in);
    net_buffer_fini(&connection->out);
    server->stats.connections--;
    server->admitted -= connection->admitted ? 1 : 0;
    connection_move(connection, NET_STATE_FREE);
    LB_ASSERT(net_connection_is_valid(connection));
    net_server_give_slot(connection);
}

void net_connection_end(struct net_connection *connection, enum net_reason reason,
                        const struct lb_frame_error *farewell)
{
    LB_ASSERT(reason != NET_REASON_NONE);
    if (connection->state == NET_STATE_SECURING) {
        net_connection_cut(connection, reason); /* there is no way to say why */
        return;
    }
    if (!connection_takes_requests(connection)) {
        return;
    }
    if (connection->reason == NET_REASON_NONE) {
        connection->reason = reason;
    }
    if (farewell != NULL) {
        connection->farewell = *farewell;
    }
    connection->frame_since_ms = -1;
    connection_move(connection, NET_STATE_FINISHING);
    net_server_touch(connection);
}

void net_connection_cut(struct net_connection *connection, enum net_reason reason)
{
    LB_ASSERT(connection->state != NET_STATE_FREE && reason != NET_REASON_NONE);
    if (connection->reason == NET_REASON_NONE) {
        connection->reason = reason;
    }
    connection->cut = true;
    net_server_touch(connection);
}

static bool connection_is_over(int64_t since_ms, int64_t allowed_ms, int64_t now_ms)
{
    return since_ms >= 0 && now_ms - since_ms >= allowed_ms;
}

/* The client was too slow: it may send the same again. */
static void connection_end_late(struct net_connection *connection, enum net_reason reason,
                                int64_t allowed_ms)
{
    const struct lb_frame_error farewell = {
        .result = LB_DEADLINE,
        .number_count = 1,
        .numbers = {(uint64_t)allowed_ms},
    };
    net_connection_end(connection, reason, &farewell);
}

void net_connection_check_deadlines(struct net_connection *connection, int64_t now_ms)
{
    const struct net_config *config = &connection->server->config;
    const bool is_quiet = connection->inflight == 0 && net_buffer_size(&connection->in) == 0 &&
                          net_buffer_size(&connection->out) == 0;

    if (connection_is_over(connection->output_since_ms, config->write_stall_ms, now_ms)) {
        net_connection_cut(connection, NET_REASON_WRITE_STALL);
        return;
    }
    switch (connection->state) {
    case NET_STATE_SECURING:
    case NET_STATE_HANDSHAKE:
        if (connection->inflight == 0 &&
            connection_is_over(connection->began_ms, config->handshake_ms, now_ms)) {
            connection_end_late(connection, NET_REASON_HANDSHAKE_DEADLINE, config->handshake_ms);
        } else if (connection_is_over(connection->frame_since_ms, config->frame_ms, now_ms)) {
            connection_end_late(connection, NET_REASON_FRAME_DEADLINE, config->frame_ms);
        }
        return;
    case NET_STATE_OPEN:
        if (connection_is_over(connection->frame_since_ms, config->frame_ms, now_ms)) {
            connection_end_late(connection, NET_REASON_FRAME_DEADLINE, config->frame_ms);
        } else if (is_quiet && connection_is_over(connection->active_ms, config->idle_ms, now_ms)) {
            net_connection_end(connection, NET_REASON_IDLE_DEADLINE, NULL);
        }
        return;
    case NET_STATE_LINGERING:
        if (connection_is_over(connection->began_ms, NET_LINGER_MS, now_ms)) {
            net_connection_cut(connection, NET_REASON_PEER_CLOSED);
        }
        return;
    case NET_STATE_FREE:
    case NET_STATE_FINISHING: /* waits for the dispatcher's replies, or has output: see above */
    case NET_STATE_COUNT:
        return;
    }
}

/* Moves on a connection that has said all it had to say. */
static void connection_settle(struct net_connection *connection)
{
    if (connection->state == NET_STATE_FINISHING && connection->inflight == 0 &&
        net_buffer_size(&connection->out) == 0 && net_stream_end(connection)) {
        (void)shutdown(connection->fd, SHUT_WR); /* fails only if the peer is gone already */
        connection_move(connection, NET_STATE_LINGERING);
    }
    if (connection->state == NET_STATE_LINGERING && connection->input_ended) {
        connection->cut = true;
    }
}

bool net_connection_advance(struct net_connection *connection)
{
    LB_ASSERT_SLOW(net_connection_is_valid(connection));
    if (!connection->cut && connection->state == NET_STATE_SECURING) {
        connection->wants_securing = !connection->may_secure;
        if (connection->wants_securing) {
            return false;
        }
        connection->may_secure = false;
        net_stream_secure(connection);
    }
    if (!connection->cut) {
        net_exchange_process(connection);
    }
    if (!connection->cut) {
        net_exchange_put_farewell(connection);
    }
    if (!connection->cut) {
        net_stream_write(connection);
    }
    if (!connection->cut) {
        connection_settle(connection);
    }
    if (!connection->cut) {
        net_stream_watch(connection);
    }
    if (connection->cut) {
        net_connection_close(connection);
        return false;
    }
    LB_ASSERT_SLOW(net_connection_is_valid(connection));
    return net_exchange_may_dispatch(connection) && !connection->starved;
}

uint64_t net_connection_id(const struct net_connection *connection)
{
    return connection->id;
}

int64_t net_connection_peer_uid(const struct net_connection *connection)
{
    return connection->peer.uid;
}

struct net_address net_connection_peer_address(const struct net_connection *connection)
{
    return connection->peer.address;
}

bool net_connection_is_local(const struct net_connection *connection)
{
    static const uint8_t loopback6[16] = {[15] = 1};
    const struct net_address *address = &connection->peer.address;

    switch (address->family) {
    case NET_FAMILY_UNIX:
        return true;
    case NET_FAMILY_IP4:
        return address->bytes[0] == 127;
    case NET_FAMILY_IP6:
        return memcmp(address->bytes, loopback6, sizeof(loopback6)) == 0;
    }
    return false;
}

void net_connection_set_data(struct net_connection *connection, void *data)
{
    connection->data = data;
}

void *net_connection_data(const struct net_connection *connection)
{
    return connection->data;
}

void net_connection_set_greeted(struct net_connection *connection)
{
    LB_ASSERT(connection->hello_taken);
    if (connection->state == NET_STATE_HANDSHAKE) {
        connection_move(connection, NET_STATE_OPEN);
        net_server_touch(connection);
    }
}

void net_connection_set_known(struct net_connection *connection)
{
    connection_leave_guests(connection);
    if (connection->tls != NULL) {
        tls_stream_stop_wiping(connection->tls); /* a tenth of what a small request costs */
    }
}

void net_connection_rest(struct net_connection *connection)
{
    net_server_rest(connection);
}

void net_connection_finish(struct net_connection *connection)
{
    net_connection_end(connection, NET_REASON_SERVER_CLOSED, NULL);
}
