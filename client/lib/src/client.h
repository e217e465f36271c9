/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The inside of a client: its calls, its connection's state, its socket. Shared by calls.c (the
 * queue), client.c (states) and stream.c (bytes). One thread, that of the event base.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include "address.h"
#include "lovebank/client.h"
#include "tls.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <sys/queue.h>

enum client_state {
    CLIENT_IDLE,       /* no socket, no calls */
    CLIENT_PAUSING,    /* no socket; the timer leads to the next attempt */
    CLIENT_CONNECTING, /* the socket is on its way; the timer is the deadline */
    CLIENT_SECURING,   /* the handshake of TLS; the timer is the deadline */
    CLIENT_GREETING,   /* hello is being sent or was not answered; the timer is the deadline */
    CLIENT_READY,      /* calls go out */
};

/* A request without an answer. The queue is in order of lb_client_call. */
struct call {
    TAILQ_ENTRY(call) link;
    struct lb_client *client;
    int64_t deadline_ms;     /* rises along the queue: all calls have as long */
    lb_client_done_fn *done; /* NULL: the caller has his answer, but the frame is half sent */
    void *context;
    uint32_t request_id;
    uint16_t method;
    size_t frame_bytes;
    uint8_t frame[]; /* header and payload, kept until answered: sent again after a loss */
};
TAILQ_HEAD(call_queue, call);

#define CLIENT_HELLO_BYTES_MAX 192

/* Invariants: client_is_valid(). */
struct lb_client {
    struct event_base *base;
    struct lb_client_config config; /* numbers only; the rest is copied below */
    struct address address;
    struct client_tls *tls; /* NULL: plain */
    char name[LB_CLIENT_NAME_BYTES_MAX];
    bool has_token;
    uint8_t token[LB_TOKEN_BYTES];
    int token_result; /* of the last greeting */

    enum client_state state;
    int fd; /* -1 when there is none */
    struct event readable;
    struct event writable; /* added while the socket is connecting or took less than there was */
    struct event turn;     /* activated by a call: at the end of the loop's turn all go out */
    struct event timer;
    struct event deadline; /* of the oldest call, or earlier; added while there are calls */
    bool is_reading;       /* what the answers just read lead to goes out after the last of them */
    int64_t read_ms;       /* when they were read */
    unsigned attempts;     /* since the last answer */
    bool was_connected;
    bool is_out; /* connection lost and no answer since */
    int64_t out_since_ms;
    struct lb_reply out_reply; /* what to say when patience ends */
    bool is_closing;

    struct call_queue calls;
    size_t call_count;
    uint32_t last_request_id;
    struct call *sending; /* the first call not sent in full on this connection; NULL: none */
    size_t sending_bytes; /* of it, sent so far */
    uint32_t in_flight;   /* sent in full on this connection, not answered */
    uint32_t in_flight_max;

    uint32_t hello_id;
    size_t hello_bytes;
    size_t hello_sent_bytes;
    uint8_t hello[CLIENT_HELLO_BYTES_MAX];

    uint8_t *in;
    size_t in_size;
    size_t in_cap;
};

bool client_is_valid(const struct lb_client *client);

/* calls.c */
/* Ends a call: takes it off the queue, then tells its caller. */
void call_end(struct call *call, const struct lb_reply *reply);
/* Ends all calls that are waiting now; the ones made meanwhile stay. */
void calls_end_all(struct lb_client *client, const struct lb_reply *reply);
/* The event of the deadline. */
void calls_on_deadline(evutil_socket_t fd, short what, void *context);
/* NULL: no call waits under that id. */
struct call *calls_find(const struct lb_client *client, uint32_t request_id, uint16_t method);
/* A new connection: everything is to be sent again, except what was only half sent and not wanted
 * any more. */
void calls_rewind(struct lb_client *client);

/* client.c */
/* A call was queued: connects, or lets it go out. */
void client_wake(struct lb_client *client);
/* The connection is of no use any more: pauses, or gives up. */
void client_lost(struct lb_client *client, const struct lb_reply *reply);
/* The server's answer to hello, or a frame for a call, or an error of no request. */
void client_take_frame(struct lb_client *client, const struct lb_frame *frame);
/* The socket took its connection. */
void client_connected(struct lb_client *client);
/* The handshake of TLS is done. */
void client_secured(struct lb_client *client);
/* The server is not to be talked to, and client_tls_text says why: ends all calls. */
void client_distrusts(struct lb_client *client);

/* stream.c */
void stream_on_readable(evutil_socket_t fd, short what, void *context);
void stream_on_writable(evutil_socket_t fd, short what, void *context);
void stream_on_turn(evutil_socket_t fd, short what, void *context);

#endif
