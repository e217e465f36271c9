/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The simulated network: sockets, bytes on their way, cuts. One thread. */
#include "sim_net.h"

#include "base/assert.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The one network that system calls reach: they bring no context. */
static struct sim_net *net_in_use;

void sim_net_use(struct sim_net *net)
{
    net_in_use = net;
}

struct sim_net *sim_net_in_use(void)
{
    LB_ASSERT(net_in_use != NULL);
    return net_in_use;
}

static uint64_t net_below(struct sim_net *net, uint64_t below)
{
    return random_seeded_next(&net->random) % below;
}

void sim_net_init(struct sim_net *net, uint64_t seed)
{
    *net = (struct sim_net){.random = {seed}};
}

static void socket_free(struct sim_socket *socket)
{
    free(socket->data);
    *socket = (struct sim_socket){.is_used = false};
}

void sim_net_fini(struct sim_net *net)
{
    for (int i = 0; i < SIM_SOCKETS_MAX; i++) {
        socket_free(&net->sockets[i]);
    }
}

static struct sim_socket *socket_of(struct sim_net *net, int fd)
{
    LB_ASSERT(fd >= SIM_FD_FIRST && fd < SIM_FD_FIRST + SIM_SOCKETS_MAX);
    struct sim_socket *socket = &net->sockets[fd - SIM_FD_FIRST];
    LB_ASSERT(socket->is_used && socket->is_open);
    return socket;
}

static struct sim_socket *socket_peer(struct sim_net *net, const struct sim_socket *socket)
{
    return &net->sockets[socket->peer];
}

/* ---- connections ---- */

static int net_take_slot(struct sim_net *net)
{
    int i = 0;
    while (i < SIM_SOCKETS_MAX && net->sockets[i].is_used) {
        i++;
    }
    LB_ASSERT(i < SIM_SOCKETS_MAX);
    struct sim_socket *socket = &net->sockets[i];
    *socket = (struct sim_socket){.is_used = true, .is_open = true};
    socket->data = malloc(SIM_ROOM_BYTES);
    LB_ASSERT(socket->data != NULL);
    return i;
}

int sim_net_connect(struct sim_net *net, uint32_t user)
{
    if (!net->is_listening || net_below(net, 50) == 0) {
        return -1;
    }
    const int client = net_take_slot(net);
    const int server = net_take_slot(net);
    net->sockets[client].peer = server;
    net->sockets[server].peer = client;
    net->sockets[server].is_server = true;
    net->sockets[server].is_waiting = true;
    net->sockets[server].user = user;
    net->connections++;
    return SIM_FD_FIRST + client;
}

int sim_net_accept(struct sim_net *net, uint32_t *user)
{
    const int from = (int)net_below(net, SIM_SOCKETS_MAX);
    for (int i = 0; i < SIM_SOCKETS_MAX; i++) {
        struct sim_socket *socket = &net->sockets[(from + i) % SIM_SOCKETS_MAX];
        if (socket->is_used && socket->is_waiting) {
            socket->is_waiting = false;
            *user = socket->user;
            return SIM_FD_FIRST + (from + i) % SIM_SOCKETS_MAX;
        }
    }
    return -1;
}

/* The pair goes when nobody holds either end. */
static void socket_close(struct sim_net *net, struct sim_socket *socket)
{
    struct sim_socket *peer = socket_peer(net, socket);
    socket->is_open = false;
    socket->is_waiting = false;
    peer->end_on_way = true;
    if (!peer->is_open) {
        socket_free(peer);
        socket_free(socket);
    }
}

void sim_net_close(struct sim_net *net, int fd)
{
    socket_close(net, socket_of(net, fd));
}

void sim_net_end(struct sim_net *net, int fd)
{
    socket_peer(net, socket_of(net, fd))->end_on_way = true;
}

void sim_net_drop_server(struct sim_net *net)
{
    net->is_listening = false;
    for (int i = 0; i < SIM_SOCKETS_MAX; i++) {
        struct sim_socket *socket = &net->sockets[i];
        if (socket->is_used && socket->is_server && socket->is_open) {
            socket_close(net, socket);
        }
    }
}

/* ---- what a step does ---- */

/* Any of the sockets for which it holds; NULL: for none. */
static struct sim_socket *net_any(struct sim_net *net, bool (*holds)(const struct sim_socket *))
{
    const size_t from = (size_t)net_below(net, SIM_SOCKETS_MAX);
    for (size_t i = 0; i < SIM_SOCKETS_MAX; i++) {
        struct sim_socket *socket = &net->sockets[(from + i) % SIM_SOCKETS_MAX];
        if (socket->is_used && socket->is_open && holds(socket)) {
            return socket;
        }
    }
    return NULL;
}

static bool socket_awaits(const struct sim_socket *socket)
{
    return !socket->is_reset &&
           (socket->arrived < socket->end || (socket->end_on_way && !socket->is_ended));
}

bool sim_net_deliver(struct sim_net *net)
{
    struct sim_socket *socket = net_any(net, socket_awaits);
    if (socket == NULL) {
        return false;
    }
    const size_t left = socket->end - socket->arrived;
    if (left > 0) { /* all of it as often as a piece: a frame in one go, or byte by byte */
        socket->arrived += net_below(net, 2) == 0 ? left : 1 + net_below(net, left);
    } else {
        socket->is_ended = true;
    }
    return true;
}

static bool socket_is_connected(const struct sim_socket *socket)
{
    return socket->is_server && !socket->is_reset;
}

static void socket_reset(struct sim_socket *socket)
{
    socket->is_reset = true;
    socket->end = socket->arrived;
}

bool sim_net_cut(struct sim_net *net)
{
    struct sim_socket *socket = net_any(net, socket_is_connected);
    if (socket == NULL) {
        return false;
    }
    net->cuts++;
    socket_reset(socket);
    socket_reset(socket_peer(net, socket));
    return true;
}

/* ---- as system calls see it ---- */

/* To be asked of open sockets only: events are deleted before a descriptor is closed. */
bool sim_net_is_readable(const struct sim_net *net, int fd)
{
    const struct sim_socket *socket = &net->sockets[fd - SIM_FD_FIRST];
    return socket->begin < socket->arrived || socket->is_ended || socket->is_reset;
}

bool sim_net_is_writable(const struct sim_net *net, int fd)
{
    const struct sim_socket *socket = &net->sockets[fd - SIM_FD_FIRST];
    const struct sim_socket *peer = &net->sockets[socket->peer];
    return socket->is_reset || !peer->is_open || peer->end - peer->begin < SIM_ROOM_BYTES;
}

ssize_t sim_net_recv(struct sim_net *net, int fd, void *out, size_t size)
{
    struct sim_socket *socket = socket_of(net, fd);
    size_t left = socket->arrived - socket->begin;
    if (left == 0 || size == 0) {
        if (socket->is_reset || !socket->is_ended) {
            errno = socket->is_reset ? ECONNRESET : EAGAIN;
            return -1;
        }
        return 0;
    }
    left = left < size ? left : size;
    memcpy(out, socket->data + socket->begin, left);
    socket->begin += left;
    return (ssize_t)left;
}

ssize_t sim_net_send(struct sim_net *net, int fd, const void *data, size_t size)
{
    struct sim_socket *socket = socket_of(net, fd);
    struct sim_socket *peer = socket_peer(net, socket);
    if (socket->is_reset || !peer->is_open) {
        errno = EPIPE;
        return -1;
    }
    memmove(peer->data, peer->data + peer->begin, peer->end - peer->begin);
    peer->arrived -= peer->begin;
    peer->end -= peer->begin;
    peer->begin = 0;
    size_t room = SIM_ROOM_BYTES - peer->end;
    if (room == 0) {
        errno = EAGAIN;
        return -1;
    }
    room = size < room ? size : room;
    if (net_below(net, 8) == 0) { /* the kernel takes a part */
        room = 1 + net_below(net, room);
    }
    memcpy(peer->data + peer->end, data, room);
    peer->end += room;
    return (ssize_t)room;
}
