/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server on loopback with a dispatcher of the test's, and clients that write what they like. The
 * dispatcher answers at once, or keeps what it is asked until it is told. Waiting is for events,
 * each with a deadline.
 */
#ifndef TESTS_UNIT_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_FIXTURE_H

#include "http/http.h"

#include <arpa/inet.h>
#include <lovebank/v1/entries.pb-c.h>
#include <lovebank/v1/queries.pb-c.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS      10000 /* for what must come; nothing takes that long */
#define HELD_MAX     64
#define STATUS       "/lovebank.v1.Ledger/Status"
#define ENTRY_LIST   "/lovebank.v1.Ledger/EntryList"
#define STATUS_PROTO "\x0a\x03one\x28\x4d" /* version "one", 77 members */
#define RESPONSE_MAX 65536

enum { METHOD_STATUS = 2, METHOD_ENTRY_LIST = 8 };

struct fixture {
    struct http_config config;
    struct http_server *server;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t changed;
    bool holds;    /* requests are kept */
    bool releases; /* those that are kept are answered when woken */
    bool is_full;  /* submit refuses */
    bool admits;
    bool is_read_only;
    bool is_short;        /* the status is told as to one without a log-in */
    enum lb_result fails; /* LB_OK: it does not */
    uint32_t held_count;
    struct http_request held[HELD_MAX];
    struct http_request last; /* without its payload */
    uint32_t submitted;
    uint32_t answered; /* of those, from what the book was then */
    uint32_t turns;
    uint32_t opened;
    uint32_t closed;
    uint64_t entries; /* in the book */
};

static const struct http_method fixture_methods[] = {
    {"lovebank.v1.Ledger/Status", METHOD_STATUS, &lovebank__v1__status_request__descriptor,
     &lovebank__v1__status_response__descriptor},
    {"lovebank.v1.Ledger/EntryList", METHOD_ENTRY_LIST,
     &lovebank__v1__entry_list_request__descriptor, &lovebank__v1__entry_list_response__descriptor},
};

/* --- the dispatcher ----------------------------------------------------------------------------
 */

static inline bool fixture_opened(void *ctx, const struct http_peer *peer)
{
    struct fixture *fixture = ctx;
    pthread_mutex_lock(&fixture->lock);
    const bool admits = fixture->admits && peer->family == 4 && peer->bytes[0] == 127;
    fixture->opened += admits;
    pthread_cond_broadcast(&fixture->changed);
    pthread_mutex_unlock(&fixture->lock);
    return admits;
}

static inline void fixture_closed(void *ctx, const struct http_peer *peer)
{
    struct fixture *fixture = ctx;
    (void)peer;
    pthread_mutex_lock(&fixture->lock);
    fixture->closed++;
    pthread_cond_broadcast(&fixture->changed);
    pthread_mutex_unlock(&fixture->lock);
}

/* A page of the book: entries are their numbers. */
static inline size_t fixture_page(const struct fixture *fixture, const uint8_t *packed, size_t size,
                                  uint8_t *out)
{
    enum { PAGE_MAX = 3 };
    Lovebank__V1__EntryListRequest *ask =
        lovebank__v1__entry_list_request__unpack(NULL, size, packed);
    Lovebank__V1__EntryListResponse response;
    Lovebank__V1__StoredEntry stored[PAGE_MAX];
    Lovebank__V1__StoredEntry *places[PAGE_MAX];
    uint8_t bytes[PAGE_MAX][32];
    size_t count = 0;
    assert_non_null(ask);
    lovebank__v1__entry_list_response__init(&response);
    response.durable_entry = fixture->entries;
    response.next = ask->after_entry < fixture->entries ? ask->after_entry : fixture->entries;
    while (!ask->newest_first && count < PAGE_MAX && response.next < fixture->entries) {
        Lovebank__V1__Entry entry;
        lovebank__v1__entry__init(&entry);
        lovebank__v1__stored_entry__init(&stored[count]);
        entry.number = ++response.next;
        stored[count].packed.data = bytes[count];
        stored[count].packed.len = lovebank__v1__entry__pack(&entry, bytes[count]);
        stored[count].reversed_by = entry.number % 2 == 0 ? 9 : 0;
        places[count] = &stored[count];
        count++;
    }
    response.n_entries = count;
    response.entries = places;
    lovebank__v1__entry_list_request__free_unpacked(ask, NULL);
    return lovebank__v1__entry_list_response__pack(&response, out);
}

static inline void fixture_reply(struct fixture *fixture, const struct http_request *request,
                                 struct bytes payload)
{
    uint8_t out[1024];
    struct http_reply reply = {.token = request->token, .kind = LB_FRAME_RESPONSE};
    pthread_mutex_lock(&fixture->lock);
    if (fixture->fails != LB_OK) {
        const struct lb_frame_error error = {.result = (uint32_t)fixture->fails};
        reply.kind = LB_FRAME_ERROR;
        reply.payload = bytes_of(out, lb_frame_error_encode(&error, out));
    } else if (request->method == METHOD_ENTRY_LIST) {
        reply.payload = bytes_of(out, fixture_page(fixture, payload.data, payload.size, out));
    } else {
        Lovebank__V1__StatusResponse status;
        lovebank__v1__status_response__init(&status);
        status.version = (char *)(uintptr_t) "one";
        status.members = 77;
        status.started_ms = fixture->is_short ? 0 : 1;
        status.read_only = fixture->is_read_only;
        reply.payload = bytes_of(out, lovebank__v1__status_response__pack(&status, out));
    }
    fixture->answered++;
    pthread_cond_broadcast(&fixture->changed);
    pthread_mutex_unlock(&fixture->lock);
    if (request->credentials.wants_cookies) {
        reply.session_cookie = HTTP_COOKIE_SET;
        memset(reply.cookie, 0xab, sizeof(reply.cookie));
    }
    http_reply(fixture->server, &reply);
}

static inline bool fixture_submit(void *ctx, const struct http_request *request)
{
    struct fixture *fixture = ctx;
    pthread_mutex_lock(&fixture->lock);
    const bool is_full = fixture->is_full || fixture->held_count == HELD_MAX;
    const bool holds = fixture->holds;
    if (!is_full && holds) {
        fixture->held[fixture->held_count++] = *request;
    }
    fixture->last = *request;
    fixture->submitted++;
    pthread_cond_broadcast(&fixture->changed);
    pthread_mutex_unlock(&fixture->lock);
    if (!is_full && !holds) {
        fixture_reply(fixture, request, request->payload);
    }
    return !is_full;
}

static inline void fixture_turned(void *ctx)
{
    struct fixture *fixture = ctx;
    pthread_mutex_lock(&fixture->lock);
    fixture->turns++;
    pthread_cond_broadcast(&fixture->changed);
    pthread_mutex_unlock(&fixture->lock);
}

static inline void fixture_woken(void *ctx)
{
    struct fixture *fixture = ctx;
    struct http_request held[HELD_MAX];
    pthread_mutex_lock(&fixture->lock);
    const uint32_t count = fixture->releases ? fixture->held_count : 0;
    memcpy(held, fixture->held, sizeof(held));
    fixture->held_count -= count;
    pthread_mutex_unlock(&fixture->lock);
    for (uint32_t i = 0; i < count; i++) {
        fixture_reply(fixture, &held[i], bytes_of(NULL, 0));
    }
}

static inline struct http_ops fixture_ops(void)
{
    return (struct http_ops){
        .opened = fixture_opened,
        .closed = fixture_closed,
        .submit = fixture_submit,
        .woken = fixture_woken,
        .turned = fixture_turned,
    };
}

/* --- its life ----------------------------------------------------------------------------------
 */

static inline int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->admits = true;
    fixture->config = (struct http_config){
        .plain_host = "127.0.0.1",
        .methods = fixture_methods,
        .method_count = sizeof(fixture_methods) / sizeof(fixture_methods[0]),
        .entry_list_method = METHOD_ENTRY_LIST,
        .status_method = METHOD_STATUS,
        .connections_max = 32,
        .inflight_max = 16,
        .streams_max = 2,
        .header_bytes_max = 2048,
        .body_bytes_max = 20000,
        .header_ms = 10000,
        .body_ms = 10000,
        .idle_ms = 10000,
        .write_stall_ms = 10000,
    };
    pthread_mutex_init(&fixture->lock, NULL);
    pthread_cond_init(&fixture->changed, NULL);
    *state = fixture;
    return 0;
}

static inline struct fixture *fixture_start(void **state)
{
    struct fixture *fixture = *state;
    const struct http_ops ops = fixture_ops();
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    assert_int_equal(http_server_new(&fixture->config, &ops, fixture, &fixture->server, error),
                     LB_OK);
    assert_int_equal(http_server_start(fixture->server), LB_OK);
    return fixture;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->server != NULL) {
        http_server_stop(fixture->server, 0);
        assert_int_equal(http_server_stats(fixture->server).connections, 0);
        assert_int_equal(http_server_stats(fixture->server).streams, 0);
        http_server_free(fixture->server);
    }
    const bool is_even = fixture->opened == fixture->closed;
    pthread_cond_destroy(&fixture->changed);
    pthread_mutex_destroy(&fixture->lock);
    free(fixture);
    return is_even ? 0 : -1;
}

static inline void fixture_set(struct fixture *fixture, bool *what, bool value)
{
    pthread_mutex_lock(&fixture->lock);
    *what = value;
    pthread_mutex_unlock(&fixture->lock);
}

/* Until *what is at least that; it is changed under the lock. */
static inline void fixture_await(struct fixture *fixture, const uint32_t *what, uint32_t least)
{
    struct timespec until;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += WAIT_MS / 1000;
    pthread_mutex_lock(&fixture->lock);
    int waited = 0;
    while (*what < least && waited == 0) {
        waited = pthread_cond_timedwait(&fixture->changed, &fixture->lock, &until);
    }
    const uint32_t now = *what;
    pthread_mutex_unlock(&fixture->lock);
    assert_true(now >= least);
}

/* All that is kept is answered. */
static inline void fixture_release(struct fixture *fixture)
{
    fixture_set(fixture, &fixture->releases, true);
    http_wake(fixture->server);
}

/* --- clients -----------------------------------------------------------------------------------
 */

static inline int client_open(const struct fixture *fixture)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(http_server_plain_port(fixture->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static inline void client_send_bytes(int fd, const void *data, size_t size)
{
    const char *left = data;
    while (size > 0) {
        const ssize_t sent = send(fd, left, size, MSG_NOSIGNAL);
        assert_true(sent > 0);
        left += sent;
        size -= (size_t)sent;
    }
}

static inline void client_send(int fd, const char *text)
{
    client_send_bytes(fd, text, strlen(text));
}

/* false: nothing came in that time. */
static inline bool client_has_input(int fd, int wait_ms)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, wait_ms) > 0;
}

/* Some bytes; 0: the end, by a close or a reset. */
static inline size_t client_read(int fd, char *out, size_t room)
{
    assert_true(client_has_input(fd, WAIT_MS));
    const ssize_t got = recv(fd, out, room, 0);
    return got < 0 ? 0 : (size_t)got;
}

static inline void client_expect_end(int fd)
{
    char waste[4096];
    size_t total = 0;
    size_t got = 0;
    while ((got = client_read(fd, waste, sizeof(waste))) > 0) {
        total += got;
        assert_true(total < (size_t)RESPONSE_MAX * 16);
    }
    assert_int_equal(close(fd), 0);
}

struct response {
    int status;
    char text[RESPONSE_MAX + 1]; /* head and body */
    const char *body;
    size_t body_size;
};

static inline bool response_has(const struct response *response, const char *part)
{
    return strstr(response->text, part) != NULL;
}

/* One response, and not a byte more: bodies by their length. */
static inline void client_receive(int fd, struct response *response)
{
    size_t size = 0;
    char *end = NULL;
    *response = (struct response){0};
    while (end == NULL) { /* a byte at a time: pipelined ones follow */
        assert_true(size < RESPONSE_MAX);
        assert_int_equal(client_read(fd, response->text + size, 1), 1);
        size++;
        end = strstr(response->text, "\r\n\r\n");
    }
    assert_int_equal(sscanf(response->text, "HTTP/1.1 %d", &response->status), 1);
    const char *length = strstr(response->text, "Content-Length: ");
    response->body = end + 4;
    response->body_size = length == NULL ? 0 : strtoul(length + 16, NULL, 10);
    assert_true(response->body_size <= RESPONSE_MAX - size);
    for (size_t got = 0; got < response->body_size;) {
        const size_t more = client_read(fd, response->text + size + got, response->body_size - got);
        assert_true(more > 0);
        got += more;
    }
}

/* A request with headers of the caller's, each with its line end. */
static inline void client_request(int fd, const char *line, const char *headers, const char *body)
{
    char text[8192];
    const int size = snprintf(text, sizeof(text),
                              "%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n%s\r\n%s",
                              line, strlen(body), headers, body);
    assert_in_range(size, 1, sizeof(text) - 1);
    client_send(fd, text);
}

#define JSON "Content-Type: application/json\r\n"

#define ON_SERVER(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
