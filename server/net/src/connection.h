/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One connection: its state, what is in flight, what waits to be read or sent. Not the server that
 * holds it. Loop's thread only.
 *
 * How a connection lives: the events of its socket only move bytes into `in` and *touch* it.
 * Whatever else happens to it (a reply, a deadline, a greeting) also only notes it and touches it.
 * At the end of the loop's turn the server *advances* each touched connection once: frames are
 * dispatched, output is written in one call, the state moves, and only there may it close. So
 * nothing vanishes under a caller's feet, and many replies are one write.
 */
#ifndef NET_SRC_CONNECTION_H
#define NET_SRC_CONNECTION_H

#include "buffer.h"
#include "net/net.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <sys/queue.h>

struct net_listener;
struct tls_stream;

enum net_state {
    NET_STATE_FREE,      /* a slot without a connection */
    NET_STATE_SECURING,  /* the handshake of TLS */
    NET_STATE_HANDSHAKE, /* the first frame is awaited, or its verdict */
    NET_STATE_OPEN,      /* greeted */
    NET_STATE_FINISHING, /* takes no request; replies in flight, then the farewell, then all sent */
    NET_STATE_LINGERING, /* all sent and said so; discards input, lest the kernel drop our output */
    NET_STATE_COUNT,
};

/* The other end. */
struct net_peer {
    int64_t uid; /* -1: not a Unix socket */
    struct net_address address;
};

/* A place for one request in flight. */
struct net_request {
    uint64_t serial; /* 0: the place is free */
    uint32_t request_id;
    uint32_t payload_bytes;
    uint16_t method;
    uint32_t next_free; /* of a free place: the next one, or inflight_max */
};

/*
 * Invariants (net_connection_is_valid):
 *   FREE: no socket, no TLS, nothing buffered, nothing in flight, no event.
 *   SECURING: TLS; nothing buffered, nothing in flight.
 *   inflight counts the places whose serial is not 0; inflight_bytes sums their payloads.
 *   HANDSHAKE: at most the hello is in flight, and only after hello_taken.
 *   LINGERING: nothing in flight, nothing to send, no farewell left.
 *   writing: only with output waiting, or TLS having something to send.
 */
struct net_connection {
    struct net_server *server; /* never changes */
    struct net_listener *listener;
    struct tls_stream *tls; /* NULL: plain */
    enum net_state state;
    enum net_reason reason; /* why it ends; set once, on leaving HANDSHAKE or OPEN */
    int fd;
    uint64_t id;
    struct net_peer peer;
    void *data; /* the dispatcher's */

    struct event read_event;
    struct event write_event;
    bool reading; /* the event is added */
    bool writing;
    bool tls_wants_write; /* a handshake, or the last word of TLS */

    bool admitted;       /* counted against connections_max */
    bool hello_taken;    /* the first frame was dispatched */
    bool input_ended;    /* the peer will send no more */
    bool starved;        /* no complete frame is buffered */
    bool cut;            /* close it without further words */
    bool wants_securing; /* a step of the handshake can be taken, and waits for its turn */
    bool may_secure;     /* which it is */
    bool is_resting;     /* until rest_event */
    bool is_guest;       /* in its listener's list */
    TAILQ_ENTRY(net_connection) guest_link;

    struct net_buffer in;
    struct net_buffer out;
    struct lb_frame_error farewell; /* the last frame; result LB_OK: none */

    struct net_request *requests; /* inflight_max places */
    uint32_t request_free;        /* first free place */
    uint32_t inflight;
    size_t inflight_bytes;

    int64_t began_ms;        /* of the current state */
    int64_t active_ms;       /* last byte in or out */
    int64_t frame_since_ms;  /* a part of a frame is awaited since; -1: none */
    int64_t output_since_ms; /* output waits without progress since; -1: none */

    /* The server's lists. `touched` belongs to the slot: it outlives the connection. */
    struct net_connection *next_free;
    struct net_connection *next_touched;
    bool touched;
};

/* A free slot for a connection of the listener: who is there, and nothing else yet. */
void net_connection_init(struct net_connection *connection, struct net_listener *listener,
                         const struct net_peer *peer, bool admitted);
/* Takes over its socket, in SECURING or HANDSHAKE. LB_OK, or LB_MEMORY: slot and socket are as
 * before. */
LB_MUST_CHECK enum lb_result net_connection_open(struct net_connection *connection, int fd);
bool net_connection_is_valid(const struct net_connection *connection);

/* Takes no more requests from now on, and says why at the end, if farewell is not NULL. Has no
 * effect when the connection is ending already. */
void net_connection_end(struct net_connection *connection, enum net_reason reason,
                        const struct lb_frame_error *farewell);
/* Closes it at the end of this turn, whatever waits. */
void net_connection_cut(struct net_connection *connection, enum net_reason reason);
/* The handshake of TLS is done. */
void net_connection_secured(struct net_connection *connection);
/* The handshake of TLS failed: discards what comes, so that the peer hears why, then closes. */
void net_connection_linger(struct net_connection *connection, enum net_reason reason);
/* Ends or cuts it if a deadline has passed. */
void net_connection_check_deadlines(struct net_connection *connection, int64_t now_ms);

/* The request of a token, or NULL. */
struct net_request *net_connection_request(struct net_connection *connection,
                                           struct net_token token);
/* Queues the reply and frees the request's place. */
void net_connection_reply(struct net_connection *connection, struct net_request *request,
                          enum lb_frame_kind kind, const void *payload, size_t payload_bytes);

/* Does all there is to do; may close the connection. True: there is more to do at once, but the
 * others' turn comes first. */
LB_MUST_CHECK bool net_connection_advance(struct net_connection *connection);
/* Closes it now; only for the server. */
void net_connection_close(struct net_connection *connection);

/* Between the connection's own files: connection.c (life), exchange.c (frames, requests),
 * stream.c (bytes). */
void net_exchange_process(struct net_connection *connection);
bool net_exchange_may_dispatch(const struct net_connection *connection);
void net_exchange_put_farewell(struct net_connection *connection);
void net_stream_init(struct net_connection *connection);
void net_stream_write(struct net_connection *connection);
void net_stream_secure(struct net_connection *connection); /* goes on with the handshake of TLS */
/* Says that no more will be sent. False: that, too, has to wait for the socket. */
LB_MUST_CHECK bool net_stream_end(struct net_connection *connection);
void net_stream_watch(struct net_connection *connection); /* adds and removes the events */
void net_stream_unwatch(struct net_connection *connection);

#endif
