/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The framed transport: listeners, TLS, connections, frames in, replies out. It knows no message,
 * no command and no principal; the requests go to a dispatcher that is given to it. The first
 * request of a connection is the hello; until the dispatcher has called net_connection_set_greeted,
 * or net_connection_finish, it gets no other. See docs/protocol.md, "Frames".
 *
 * Everything here runs on the thread of the event base. Other threads hand their replies over with
 * a queue of their own and net/wakeup.h. Nothing here may be called from `closed`, and
 * net_server_free not from `dispatch` or `turned` either.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lovebank/frame.h"
#include "lovebank/result.h"

struct event_base;
struct net_server;
struct net_connection;

#define NET_ERROR_TEXT_BYTES 256

/* PEM files of the TLS listener. */
struct net_tls_files {
    const char *certificate; /* ours, followed by those that lead to its authority */
    const char *private_key; /* NULL: it is in the file of the certificate */
    const char *client_ca;   /* whose certificates clients must show; NULL: they need not */
};

/* All of it is copied. Every number must be > 0, times are milliseconds. */
struct net_config {
    const char *unix_path; /* NULL: no Unix socket */
    uint32_t unix_mode;    /* permissions of the socket file, 0660; never wider, not for a moment */
    const char *tcp_host;  /* NULL: no TCP; else "localhost", 127.x.y.z or ::1 */
    uint16_t tcp_port;     /* 0: any free port, see net_server_tcp_port */
    const char *tls_host;  /* NULL: no TLS; else an address, or "localhost" */
    uint16_t tls_port;     /* as tcp_port */
    struct net_tls_files tls;

    uint32_t connections_max;
    /* Of each listener: guests, connections that the dispatcher does not know yet. One more, and
     * the oldest of them is cut: who means it needs a moment only, who is slow on purpose keeps
     * nobody out. One place has a quarter of that at most; of its own, the oldest gives way. */
    uint32_t handshakes_max;
    uint32_t frame_payload_bytes_max; /* of requests; at most LB_FRAME_PAYLOAD_BYTES_MAX */
    /* A connection is not read from while it has reached one of these. The last request taken may
     * go beyond the bytes, and so may the replies to what is in flight. */
    uint32_t inflight_max; /* requests not replied to yet; at most NET_INFLIGHT_MAX */
    size_t inflight_bytes_max;
    size_t out_bytes_max; /* replies not sent yet */

    int64_t handshake_ms;   /* from accept until greeted, TLS and all, but the dispatcher's time */
    int64_t idle_ms;        /* without a request, a reply or a part of one */
    int64_t frame_ms;       /* from the first byte of a frame to its last */
    int64_t write_stall_ms; /* with output waiting and none of it taken */
};

/* Bounds of what a configuration may ask for. */
#define NET_CONNECTIONS_MAX 65536
#define NET_INFLIGHT_MAX    65536
/* Of a guest's requests; to a larger one, that others might send, the answer is LOGIN_REQUIRED. */
#define NET_GUEST_PAYLOAD_BYTES_MAX 16384

/* Why a connection ended, for logs and counters. */
enum net_reason {
    NET_REASON_NONE, /* it has not */
    NET_REASON_PEER_CLOSED,
    NET_REASON_SERVER_CLOSED, /* net_connection_finish or net_server_free */
    NET_REASON_SHUTDOWN,
    NET_REASON_REFUSED,     /* over connections_max, or not opened */
    NET_REASON_CROWDED_OUT, /* over handshakes_max */
    NET_REASON_TLS_FAILED,  /* what came was not TLS 1.3, or its certificate was not good */
    NET_REASON_MALFORMED,
    NET_REASON_FRAME_TOO_LARGE,
    NET_REASON_HANDSHAKE_DEADLINE,
    NET_REASON_IDLE_DEADLINE,
    NET_REASON_FRAME_DEADLINE,
    NET_REASON_WRITE_STALL,
    NET_REASON_SOCKET_ERROR,
    NET_REASON_MEMORY,
};
/* "peer_closed". Static text. */
const char *net_reason_name(enum net_reason reason);

/* Where a connection comes from, without its port: for limits per address. Compared byte by byte it
 * is equal for equal places. */
enum net_family { NET_FAMILY_UNIX, NET_FAMILY_IP4, NET_FAMILY_IP6 };
struct net_address {
    enum net_family family;
    uint8_t bytes[16]; /* network order; IP4 fills four, the rest is 0. An IP4 address that comes in
                        * the clothes of an IP6 one is told as IP4. UNIX: all 0. */
};

/* A request in flight. It may be kept and copied freely: replying to a connection that is gone, or
 * a second time, does nothing. */
struct net_token {
    uint32_t slot;
    uint32_t place;
    uint64_t serial;
};

/* What the transport needs from outside. The calls come on the loop's thread. */
struct net_ops {
    /* A connection was accepted, within connections_max. false: it is told to try later, as far as
     * that can be without TLS, and closed. May be NULL. */
    bool (*opened)(void *ctx, struct net_connection *connection);
    /* One request, whose payload is valid during the call only. Each must get one net_reply, now
     * or later. */
    void (*dispatch)(void *ctx, struct net_connection *connection, const struct lb_frame *frame,
                     struct net_token token);
    /* All that there was to dispatch in this turn of the loop was dispatched. May be NULL. */
    void (*turned)(void *ctx);
    /* The connection ends with this call. May be NULL. */
    void (*closed)(void *ctx, struct net_connection *connection, enum net_reason reason);
    /* A clock that never goes back. */
    int64_t (*now_ms)(void *ctx);
    /* One as fine as requests are long, by which a connection's turn ends. NULL: it ends by their
     * number alone. */
    int64_t (*now_ns)(void *ctx);
    /* realloc; bytes 0 frees and returns NULL. NULL: the C library's. */
    void *(*resize)(void *ctx, void *block, size_t bytes);
};

/* Counters since the start, but for the first. */
struct net_stats {
    uint32_t connections; /* there now, those being refused or closed included */
    uint64_t accepted;
    uint64_t refused;        /* over connections_max, or not opened */
    uint64_t crowded_out;    /* over handshakes_max */
    uint64_t tls_handshakes; /* done */
    uint64_t tls_resumed;    /* of them, by a ticket */
    uint64_t tls_failures;   /* of handshakes and of what came later */
    uint64_t accept_pauses;  /* out of descriptors or of memory */
    uint64_t requests;
    uint64_t replies;
    uint64_t replies_late; /* the connection was gone */
    uint64_t writes;       /* system calls */
};

/* Listens at once. On failure, error_text says what and how to mend it, and nothing is left
 * behind. LB_CONFIG_INVALID: a setting, or an address that cannot be had; LB_MEMORY. */
LB_MUST_CHECK enum lb_result
net_server_new(struct event_base *base, const struct net_config *config, const struct net_ops *ops,
               void *ctx, struct net_server **out, char error_text[static NET_ERROR_TEXT_BYTES]);
/* Cuts what connections there are. */
void net_server_free(struct net_server *server);

/* 0 without TCP, and without TLS. */
uint16_t net_server_tcp_port(const struct net_server *server);
uint16_t net_server_tls_port(const struct net_server *server);
/* Reads the files again, for connections from now on; those that are there stay as they are.
 * LB_CONFIG_INVALID: nothing has changed, error_text says why, or that the server has no TLS. */
LB_MUST_CHECK enum lb_result net_server_reload_tls(struct net_server *server,
                                                   const struct net_tls_files *files,
                                                   char error_text[static NET_ERROR_TEXT_BYTES]);
struct net_stats net_server_stats(const struct net_server *server);

/* Stops accepting, with the socket file removed; takes no more requests; sends the replies in
 * flight, then LB_SHUTTING_DOWN, and closes. Calls drained once, from the loop, when no connection
 * is left; what has not gone after deadline_ms is cut. drained may call net_server_free. At most
 * once per server. */
void net_server_drain(struct net_server *server, int64_t deadline_ms, void (*drained)(void *ctx));

/* Looks at all deadlines. A timer does this every NET_SWEEP_MS; tests do it with their own clock.
 */
void net_server_sweep(struct net_server *server);
#define NET_SWEEP_MS 250

/* Queues a reply (response or error; request id and method are the request's). What is queued in
 * one turn of the loop leaves in one write. payload_bytes <= LB_FRAME_PAYLOAD_BYTES_MAX. Without
 * memory the connection is cut: its client sees it and asks again. */
void net_reply(struct net_server *server, struct net_token token, enum lb_frame_kind kind,
               const void *payload, size_t payload_bytes);

/* The connection of a request in flight; NULL when it is gone or the request was replied to. */
struct net_connection *net_connection_find(struct net_server *server, struct net_token token);

/* Counts from 1, never used again; for logs. */
uint64_t net_connection_id(const struct net_connection *connection);
/* The user at the other end of a Unix socket; -1 for TCP. */
int64_t net_connection_peer_uid(const struct net_connection *connection);
/* Where the other end is. */
struct net_address net_connection_peer_address(const struct net_connection *connection);
/* The other end is on this machine: a Unix socket or a loopback address, encrypted or not. */
bool net_connection_is_local(const struct net_connection *connection);

/* The dispatcher's own pointer, NULL at first; `closed` is the place to free it. */
void net_connection_set_data(struct net_connection *connection, void *data);
void *net_connection_data(const struct net_connection *connection);

/* The hello was accepted: other methods may follow. */
void net_connection_set_greeted(struct net_connection *connection);
/* Somebody has shown who they are: it is no longer a guest, and gives way to nobody. */
void net_connection_set_known(struct net_connection *connection);
/* Its next requests are not taken, nor read, for NET_REST_MS at most: refusing them would cost what
 * serving others needs. */
#define NET_REST_MS 20
void net_connection_rest(struct net_connection *connection);
/* Takes no more requests, sends the replies in flight and closes: a hello that was refused. */
void net_connection_finish(struct net_connection *connection);

#endif
