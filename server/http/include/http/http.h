/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * HTTP: the Connect protocol (unary, application/proto and application/json), live streams of
 * entries, the staff's pages, health and metrics. It knows how messages travel, whose they claim to
 * be and how large and slow they may be; what they mean, and who may do what, is for the dispatcher
 * that is given to it. See docs/http.md.
 *
 * Threads: the server runs on a thread of its own, on which all of http_ops is called and
 * http_reply must be. http_wake, http_news and http_server_stats are for any thread; the others for
 * the one that made the server.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/bytes.h"
#include "lovebank/frame.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;

#define HTTP_ERROR_TEXT_BYTES 256

/* Where a request comes from: the connection's other end, or, if that is one of our proxies, whom
 * it forwards for. Compared byte by byte it is equal for equal places. */
struct http_peer {
    uint8_t family;    /* 4 or 6 */
    uint8_t bytes[16]; /* network order; of family 4 four, the rest is 0 */
};

struct http_method {
    const char *path; /* "lovebank.v1.Ledger/Write" */
    uint16_t number;
    const ProtobufCMessageDescriptor *request;
    const ProtobufCMessageDescriptor *response;
};

/* PEM files, as net_tls_files. */
struct http_tls_files {
    const char *certificate;
    const char *private_key;
};

/* Copied, but for methods. Times are milliseconds, numbers > 0. */
struct http_config {
    const char *plain_host; /* NULL: no plain HTTP; else "localhost", 127.x.y.z or ::1 */
    uint16_t plain_port;    /* 0: any free one */
    const char *tls_host;   /* NULL: no TLS; else an address, or "localhost" */
    uint16_t tls_port;
    struct http_tls_files tls;
    const char *hosts; /* names that requests may be for, besides addresses and localhost, separated
                          by commas: a page of another name that resolves to us must not act */
    const char *proxies; /* addresses whose X-Forwarded-For is believed, separated by commas */
    const char *web_dir; /* the built pages; NULL or not there: none are served */

    const struct http_method *methods;
    size_t method_count;
    uint16_t entry_list_method; /* Ledger.EntryList, which streams ask */
    uint16_t status_method;     /* Ledger.Status, for health and metrics */

    uint32_t connections_max;
    uint32_t inflight_max; /* requests without a reply, of all connections */
    uint32_t streams_max;
    size_t header_bytes_max;
    size_t body_bytes_max;
    int64_t header_ms; /* from the connection, or the request before, to the end of the header */
    int64_t body_ms;   /* from there to the end of the body */
    int64_t idle_ms;   /* a connection between requests */
    int64_t write_stall_ms; /* with output waiting and none of it taken */
};

/* A request in flight. It may be kept and copied; replying to one that is gone does nothing. */
struct http_token {
    uint64_t slot;
    uint64_t serial;
};

/* What a request shows of who sends it. */
struct http_credentials {
    bool has_token;  /* of a session or a device: Authorization: Bearer, or the session's cookie */
    bool has_device; /* the device's cookie */
    bool wants_cookies; /* Lovebank-Cookies: 1: tokens that it is given shall be cookies */
    uint8_t token[LB_TOKEN_BYTES];
    uint8_t device[LB_TOKEN_BYTES];
};

struct http_request {
    struct http_token token;
    uint16_t method;
    struct bytes payload; /* packed; valid during the call */
    struct http_peer peer;
    struct http_credentials credentials;
};

enum http_cookie_change { HTTP_COOKIE_KEEP, HTTP_COOKIE_SET, HTTP_COOKIE_CLEAR };

struct http_reply {
    struct http_token token;
    enum lb_frame_kind kind; /* LB_FRAME_RESPONSE, or LB_FRAME_ERROR with its payload (frame.h) */
    struct bytes payload;    /* needed during the call only */
    enum http_cookie_change session_cookie;
    enum http_cookie_change device_cookie;
    uint8_t cookie[LB_TOKEN_BYTES]; /* of the one that is set */
};

/* What HTTP needs from outside; all on its own thread. */
struct http_ops {
    /* One more connection from there, which is no proxy of ours. false: too many, it is closed;
     * else `closed` is due. */
    bool (*opened)(void *ctx, const struct http_peer *peer);
    void (*closed)(void *ctx, const struct http_peer *peer);
    /* A request for a method; http_reply follows, now or later. false: too much is under way, and
     * no reply will come. */
    bool (*submit)(void *ctx, const struct http_request *request);
    /* After http_wake: hands the replies that are ready over, by http_reply. */
    void (*woken)(void *ctx);
    /* All that there was to submit in this turn of the loop was submitted: time to wake who serves
     * it. May be NULL. */
    void (*turned)(void *ctx);
};

/* Since the start, but for those that say now. */
struct http_stats {
    uint64_t refused;     /* told so by HTTP itself: malformed, too large, too slow, too many */
    uint32_t connections; /* now */
    uint32_t streams;     /* now */
};

/* Listens, and reads the pages; serves from http_server_start on. LB_CONFIG_INVALID: error_text
 * says what and how to mend it; LB_MEMORY. */
LB_MUST_CHECK enum lb_result http_server_new(const struct http_config *config,
                                             const struct http_ops *ops, void *ctx,
                                             struct http_server **server,
                                             char error_text[static HTTP_ERROR_TEXT_BYTES]);
/* Begins the thread. LB_OK, LB_MEMORY. */
LB_MUST_CHECK enum lb_result http_server_start(struct http_server *server);
/* Takes no request any more, ends streams, waits up to that long for replies; the thread has ended
 * afterwards. */
void http_server_stop(struct http_server *server, int64_t deadline_ms);
void http_server_free(struct http_server *server);

/* The ports there are; 0: no such listener. */
uint16_t http_server_plain_port(const struct http_server *server);
uint16_t http_server_tls_port(const struct http_server *server);

/* Certificate and key are read anew, for connections from now on. */
LB_MUST_CHECK enum lb_result http_server_reload_tls(struct http_server *server,
                                                    const struct http_tls_files *files,
                                                    char error_text[static HTTP_ERROR_TEXT_BYTES]);

/* Asks for `woken`. */
void http_wake(struct http_server *server);
/* Entries up to that one can be read: streams go on. */
void http_news(struct http_server *server, uint64_t durable_entry);
void http_reply(struct http_server *server, const struct http_reply *reply);
struct http_stats http_server_stats(const struct http_server *server);

#endif
