/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The simulated network: pairs of sockets between clients and the server. What one end sends is
 * first on its way, then arrives, in pieces of any size, when a step says so; each connection at
 * its own pace. A connection may be cut at any moment, and what was on its way is then lost. The
 * same seed gives the same network.
 *
 * The system calls of client/lib and server/net end here (the linker wraps them, see sim_calls.c),
 * so there is one network in use at a time: sim_net_use. One thread.
 */
#ifndef TESTS_SIM_NET_H
#define TESTS_SIM_NET_H

#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SIM_SOCKETS_MAX 256
#define SIM_FD_FIRST    (1 << 20) /* no real descriptor has such a number */
#define SIM_ROOM_BYTES  8192      /* sent and not yet read: then a sender waits */

struct sim_socket {
    bool is_used;
    bool is_server;
    bool is_waiting; /* of the server's end: not accepted yet */
    bool is_open;    /* its owner has not closed it */
    bool is_reset;
    bool is_ended; /* the other end said that it sends no more, and all of it has arrived */
    bool end_on_way;
    int peer;      /* index of the other end */
    uint32_t user; /* who connected */
    /* To be read here: [begin, arrived) has arrived, [arrived, end) is on its way. */
    uint8_t *data;
    size_t begin;
    size_t arrived;
    size_t end;
};

struct sim_net {
    struct random_seeded random;
    bool is_listening;
    struct sim_socket sockets[SIM_SOCKETS_MAX];
    uint64_t connections;
    uint64_t cuts;
};

/* Every later system call goes to this one; NULL: none may come. */
void sim_net_use(struct sim_net *net);
struct sim_net *sim_net_in_use(void);
void sim_net_init(struct sim_net *net, uint64_t seed);
void sim_net_fini(struct sim_net *net);

/* A descriptor, connected to the server's backlog; -1: refused. */
int sim_net_connect(struct sim_net *net, uint32_t user);
/* The server's end of a connection from the backlog, any of them; -1: there is none. */
int sim_net_accept(struct sim_net *net, uint32_t *user);
/* The server's process ends: its sockets close, its backlog is gone. */
void sim_net_drop_server(struct sim_net *net);

/* Something that is on its way arrives, at any one socket. false: nothing was. */
bool sim_net_deliver(struct sim_net *net);
/* Cuts a connection, any one. false: there is none. */
bool sim_net_cut(struct sim_net *net);

bool sim_net_is_readable(const struct sim_net *net, int fd);
bool sim_net_is_writable(const struct sim_net *net, int fd);
/* As recv, send, shutdown(SHUT_WR) and close. */
ssize_t sim_net_recv(struct sim_net *net, int fd, void *out, size_t size);
ssize_t sim_net_send(struct sim_net *net, int fd, const void *data, size_t size);
void sim_net_end(struct sim_net *net, int fd);
void sim_net_close(struct sim_net *net, int fd);

#endif
