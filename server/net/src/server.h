/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server's own structure: slots, listeners, and the list of connections to advance. Private to
 * the module. Loop's thread only.
 */
#ifndef NET_SRC_SERVER_H
#define NET_SRC_SERVER_H

#include "connection.h"

#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/un.h>

/* Slots beyond connections_max, in which clients over the cap are told so. */
#define NET_REFUSING_MAX 16
/* How long a finished connection's input is discarded before it is closed all the same. */
#define NET_LINGER_MS 1000
/* How long accepting pauses when there is no descriptor or memory. */
#define NET_ACCEPT_PAUSE_MS 1000
/* Few, so that new connections have some turns to say hello before others press in. */
#define NET_ACCEPTS_PER_TURN 16
/* After so many over a network the next wait in the kernel's queue for a moment: a flood of new
 * ones, each of which costs more than a request, takes a part of the server's time and not all of
 * it. */
#define NET_ACCEPTS_PER_PACE 10
#define NET_PACE_MS          5
/* Of one connection: so many, or what began within so long. A read may take a hundred times as long
 * as another. */
#define NET_REQUESTS_PER_TURN   16
#define NET_TURN_NS             INT64_C(200000)
#define NET_READ_BYTES          ((size_t)16 << 10)
#define NET_READ_BYTES_PER_TURN ((size_t)256 << 10)
/* Less of what has to be decrypted, and may be many small records. */
#define NET_TLS_READ_BYTES_PER_TURN  ((size_t)64 << 10)
#define NET_TLS_WRITE_BYTES_PER_TURN ((size_t)256 << 10)

TAILQ_HEAD(net_guest_queue, net_connection);

/* fd -1: not there. */
struct net_listener {
    struct net_server *server;
    struct event event;
    struct event pace_event; /* a timer, while the next ones wait */
    int pace_count;          /* accepted since they last waited */
    int fd;
    bool is_unix;
    struct tls_context *tls;       /* NULL: plain */
    struct net_guest_queue guests; /* by which nobody is known yet, the oldest first */
    uint32_t guest_count;          /* <= handshakes_max */
};

enum { NET_LISTENER_UNIX, NET_LISTENER_TCP, NET_LISTENER_TLS, NET_LISTENER_COUNT };

struct net_server {
    struct event_base *base;
    struct net_config config; /* its texts are gone after net_server_new */
    struct net_ops ops;
    void *ctx;
    struct net_memory memory;

    struct net_listener listeners[NET_LISTENER_COUNT];
    struct sockaddr_un unix_address; /* with device and inode: the socket file that is ours */
    dev_t unix_device;
    ino_t unix_inode;
    int64_t accept_resume_ms; /* accepting is paused until then; -1: it is not */

    struct net_connection *slots;
    uint32_t slot_count;
    struct net_connection *free_slots;
    uint32_t admitted; /* live connections counted against connections_max */
    uint64_t next_connection_id;
    uint64_t next_serial;

    struct event rest_event; /* a timer, while a connection rests */
    struct event turn_event; /* activated by touch, runs at the end of the turn */
    struct event sweep_event;
    struct net_connection *touched;
    bool advancing;
    int64_t turn_ms; /* the time, while advancing */

    bool draining;
    int64_t drain_until_ms;
    void (*drained)(void *ctx); /* NULL: not asked for, or called already */

    struct net_stats stats;
};

int64_t net_server_now_ms(const struct net_server *server);
/* The connection is advanced at the end of this turn of the loop. */
void net_server_touch(struct net_connection *connection);
/* It rests from now on: net_connection_rest. */
void net_server_rest(struct net_connection *connection);
/* Slots in and out of the free list; take gives NULL when there is none. */
struct net_connection *net_server_take_slot(struct net_server *server);
void net_server_give_slot(struct net_connection *connection);

/* listen.c. The texts of errors are those of net_server_new. */
LB_MUST_CHECK enum lb_result net_listen_unix(struct net_server *server, const char *path,
                                             char error_text[static NET_ERROR_TEXT_BYTES]);
LB_MUST_CHECK enum lb_result net_listen_tcp(struct net_server *server, const char *host,
                                            uint16_t port,
                                            char error_text[static NET_ERROR_TEXT_BYTES]);
LB_MUST_CHECK enum lb_result net_listen_tls(struct net_server *server, const char *host,
                                            uint16_t port, const struct net_tls_files *files,
                                            char error_text[static NET_ERROR_TEXT_BYTES]);
void net_listen_close(struct net_server *server);
/* Ends a pause whose time has come. */
void net_listen_resume(struct net_server *server, int64_t now_ms);

#endif
