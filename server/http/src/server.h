/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The inside of the HTTP server, for its files. All of it belongs to the server's thread, but for
 * what is marked.
 *
 * A connection is evhttp's, over a bufferevent that we made and hold. Its phases:
 *
 *     NEW --> HEAD --> BODY --> CALL --> ANSWER --> IDLE --> HEAD ...
 *               \________\________\____--> STREAM or LAST, which evhttp does not see any more
 *
 * Whoever has it cut calls http_connection_cut; after that nothing of it may be touched.
 */
#ifndef HTTP_SRC_SERVER_H
#define HTTP_SRC_SERVER_H

#include "base/arena.h"
#include "chunks.h"
#include "errors.h"
#include "http/http.h"
#include "pages.h"
#include "scan.h"
#include "text.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

struct bufferevent;
struct evbuffer;
struct evbuffer_cb_info;
struct evconnlistener;
struct evhttp;
struct evhttp_connection;
struct evhttp_request;
struct http_headers;
struct http_stream;
struct http_wake;
struct tls_context;

#define HTTP_SWEEP_MS         100  /* how late a deadline may be seen */
#define HTTP_LAST_MS          2000 /* for the last answer of a connection to be taken */
#define HTTP_OUTPUT_BYTES_MAX ((size_t)256 << 20) /* of all answers that wait to be taken */
#define HTTP_NICE             5                   /* the thread steps back behind the desks' */
#define HTTP_ARENA_BYTES_MAX  ((size_t)64 << 20)  /* of one message being translated */

enum http_phase {
    HTTP_PHASE_NEW,    /* not admitted yet */
    HTTP_PHASE_HEAD,   /* of a request is awaited, or a part of it was read */
    HTTP_PHASE_BODY,   /* is being read */
    HTTP_PHASE_CALL,   /* a request is under way */
    HTTP_PHASE_ANSWER, /* is being sent */
    HTTP_PHASE_IDLE,   /* between requests */
    HTTP_PHASE_STREAM, /* entries are being sent */
    HTTP_PHASE_LAST,   /* the last answer is being sent, then it ends */
};

struct http_connection {
    struct http_server *server;
    struct bufferevent *bev;           /* held by us, as well as by evhttp */
    struct evhttp_connection *evcon;   /* NULL: NEW */
    TAILQ_ENTRY(http_connection) all;  /* of the server's connections */
    TAILQ_ENTRY(http_connection) calm; /* of those that may have to give way */
    TAILQ_ENTRY(http_connection) turn;
    bool is_calm;
    bool is_in_turn; /* to be admitted, or what has come to be read */
    bool is_tls;
    bool is_reported; /* to ops.opened */
    bool ends;        /* after the answer */
    enum http_phase phase;
    struct http_peer peer;
    int64_t deadline_ms; /* 0: none */
    int64_t stall_ms;    /* since when output waits; 0: it does not */
    size_t stall_bytes;  /* how much did */
    struct http_scan scan;
    struct http_chunks chunks;  /* BODY, if it comes in chunks */
    size_t body_bytes;          /* BODY: so many have come */
    struct http_call *call;     /* CALL */
    struct http_stream *stream; /* STREAM */
};

/* What a reply is awaited for. */
enum http_call_kind {
    HTTP_CALL_FREE,
    HTTP_CALL_UNARY,
    HTTP_CALL_STREAM,
    HTTP_CALL_HEALTH,
    HTTP_CALL_METRICS,
};

struct http_call {
    enum http_call_kind kind;
    uint64_t serial;
    uint32_t next_free;
    struct http_connection *connection; /* NULL: gone, or answered before the reply came */
    struct evhttp_request *request;     /* of a stream NULL */
    const struct http_method *method;
    bool is_json;
    int64_t timeout_ms;  /* as its caller said; 0: not */
    int64_t deadline_ms; /* 0: none */
};

struct http_listener {
    struct evconnlistener *listener;
    int fd;
    uint16_t port;
    struct evhttp *evhttp;
};

TAILQ_HEAD(http_connections, http_connection);
TAILQ_HEAD(http_streams, http_stream);

struct http_server {
    struct http_config config; /* the strings are the server's copies */
    struct http_ops ops;
    void *ctx;
    struct event_base *base;
    struct http_wake *wake;
    struct http_listener plain;
    struct http_listener tls;
    bool has_submitted; /* ops.turned is due */
    struct event turned_event;
    struct event turn_event; /* connections are in `turns` */
    struct event sweep_event;
    int64_t now_ms; /* of the last look at the clock, monotonic */
    char date[40];  /* the header of that name, with its line end */

    struct http_connections connections;
    struct http_connections calm; /* longest first */
    struct http_connections turns;
    struct http_streams streams;
    uint64_t news_seen;
    uint32_t connection_count;
    struct http_call *calls; /* config.inflight_max */
    uint32_t call_free;
    uint32_t call_count;
    uint64_t serial;
    size_t body_bytes;  /* of bodies that are being read */
    struct arena arena; /* of the message in hand */
    struct http_connection **by_fd;
    size_t by_fd_count;
    uint16_t *method_order; /* places of config.methods, by path */
    struct http_pages pages;
    bool is_stopping;
    int64_t stop_ms; /* when what is left is cut */

    pthread_mutex_t tls_lock; /* guards tls_context: any thread */
    struct tls_context *tls_context;
    pthread_t thread;
    bool is_started;
    bool is_joined;

    /* Any thread. */
    atomic_bool stop_wanted;
    atomic_llong stop_within_ms;
    atomic_uint_fast64_t news;
    atomic_uint_fast64_t refused;
    atomic_uint_fast32_t connections_now;
    atomic_uint_fast32_t streams_now;
};

/* --- server.c --- */
int64_t http_server_look_at_clock(struct http_server *server);
/* ops.submit, with ops.turned to follow. */
LB_MUST_CHECK bool http_server_submit(struct http_server *server,
                                      const struct http_request *request);
/* During a stop: the loop ends when nothing is left. */
void http_server_look_for_end(struct http_server *server);

/* --- listen.c --- */
/* *fd is non-blocking and listens. LB_CONFIG_INVALID with error_text. */
LB_MUST_CHECK enum lb_result http_listen(const char *host, uint16_t port, bool is_plain,
                                         struct http_listener *listener,
                                         char error_text[static HTTP_ERROR_TEXT_BYTES]);

/* --- connection.c --- */
/* Callbacks of evhttp's, with the server as their argument. */
struct bufferevent *http_connection_new_plain(struct event_base *base, void *arg);
struct bufferevent *http_connection_new_tls(struct event_base *base, void *arg);
/* Those that wait for it: new ones are admitted, what came with the request before is read, streams
 * go on. Once in a turn of the loop, and before evhttp reads on. */
void http_connection_take_turns(struct http_server *server);
void http_connection_ask_turn(struct http_connection *connection);
/* Closed at once, without a word. */
void http_connection_cut(struct http_connection *connection);
/* All that are past their time. */
void http_connection_sweep(struct http_server *server);
void http_connection_end_all(struct http_server *server);
/* Those with nothing under way. */
void http_connection_end_calm(struct http_server *server);
void http_connection_set_phase(struct http_connection *connection, enum http_phase phase,
                               int64_t deadline_ms);
/* Its request is being answered by evhttp's ways: it tells when that is done. */
void http_connection_watch(struct http_connection *connection, struct evhttp_request *request);
/* The connection of a request; NULL: it is not one of ours. */
struct http_connection *http_connection_of(struct http_server *server,
                                           struct evhttp_request *request);

/* --- last.c --- */
/* Over TLS, whoever reads to the end can tell it from a cut: if all was sent, it is said. */
void http_connection_say_end(struct http_connection *connection);
/* The connection is ours alone: evhttp hears of it no more, until it is cut. */
void http_connection_take_over(struct http_connection *connection, enum http_phase phase,
                               int64_t deadline_ms, void (*written)(struct bufferevent *, void *));
/* Of one taken over: what comes in is thrown away, and its end noticed. */
void http_connection_drain(struct http_connection *connection);
/* Takes it over; it ends when what it has to send is sent. */
void http_connection_finish(struct http_connection *connection);
/* Takes the connection over, says why, and ends it when that is sent. */
void http_connection_refuse(struct http_connection *connection, int status,
                            const struct http_error *error);

/* --- input.c --- */
/* Sees what comes in before evhttp does: a callback of the input of a connection, its argument. */
void http_input_came(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg);
/* As long as too much is kept of bodies that are not whole, the largest is cut off. */
void http_input_make_room(struct http_server *server);
/* What came together with the request before. */
void http_input_read_rest(struct http_connection *connection);

/* --- call.c --- */
LB_MUST_CHECK bool http_calls_init(struct http_server *server);
void http_calls_fini(struct http_server *server);
/* NULL: too many are under way. */
struct http_call *http_call_new(struct http_connection *connection, enum http_call_kind kind);
struct http_token http_call_token(const struct http_server *server, const struct http_call *call);
struct http_call *http_call_find(struct http_server *server, struct http_token token);
/* Its connection is gone or was answered: the reply, when it comes, is for nobody. */
void http_call_forsake(struct http_call *call);
void http_call_free(struct http_server *server, struct http_call *call);
/* Those past their deadline are answered. */
void http_call_sweep(struct http_server *server);

/* --- events.c --- */
/* A request for a stream. */
void http_stream_read(struct http_connection *connection, struct evhttp_request *request,
                      const struct http_headers *headers);
void http_stream_reply(struct http_server *server, struct http_call *call,
                       const struct http_reply *reply);
/* Its connection is gone. */
void http_stream_closed(struct http_stream *stream);
/* Its turn: asks for more, if there is some and nothing is being asked or sent. */
void http_stream_turn(struct http_stream *stream);
/* There may be something to ask for. */
void http_streams_go_on(struct http_server *server);
/* All are told that the server stops. */
void http_streams_end(struct http_server *server);
void http_stream_sweep(struct http_server *server);

/* --- health.c --- */
/* A request for health or metrics: which, the kind says. */
void http_health_read(struct http_connection *connection, struct evhttp_request *request,
                      enum http_call_kind kind, const struct http_headers *headers);
void http_health_reply(struct http_server *server, struct http_call *call,
                       const struct http_reply *reply);
void http_health_expire(struct http_call *call);
/* Each number of a message: "lovebank_members 77". */
void http_metrics_print(const ProtobufCMessage *status, struct http_text *out);

/* --- connect.c --- */
/* A request for a method of ours. */
void http_connect_read(struct http_server *server, struct http_connection *connection,
                       struct evhttp_request *request, const struct http_method *method,
                       const struct http_headers *headers);
void http_connect_reply(struct http_server *server, struct http_call *call,
                        const struct http_reply *reply);
/* Its caller waits no longer. */
void http_connect_expire(struct http_call *call);

/* --- request.c --- */
/* evhttp's callback, with the server as its argument: a whole request was read. */
void http_request_read(struct evhttp_request *request, void *arg);

#endif
