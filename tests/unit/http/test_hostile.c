/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Clients that mean no good, or have bad luck: slow, oversized, ambiguous, gone, too many.
 */
#include "fixture.h"

#define GOOD "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Content-Length: 2\r\n\r\n{}"

/* The server is as well as before. */
static void assert_serves(const struct fixture *fixture)
{
    struct response response;
    const int fd = client_open(fixture);
    client_send(fd, GOOD);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

/* What is sent gets that answer, and the connection ends. */
static void assert_refused(const struct fixture *fixture, const void *text, size_t size, int status)
{
    struct response response;
    const int fd = client_open(fixture);
    client_send_bytes(fd, text, size);
    client_receive(fd, &response);
    assert_int_equal(response.status, status);
    assert_true(response_has(&response, "Connection: close\r\n"));
    assert_true(response_has(&response, "Content-Security-Policy: default-src 'none'"));
    assert_true(response_has(&response, " worker-src 'self';"));
    client_expect_end(fd);
}

/* A byte now and then, until something comes back. */
static void trickle(int fd, const char *text)
{
    enum { PAUSE_MS = 20 };
    for (int i = 0; i < WAIT_MS / PAUSE_MS && !client_has_input(fd, PAUSE_MS); i++) {
        client_send_bytes(fd, *text == '\0' ? "a" : text, 1);
        text += *text != '\0';
    }
}

/* --- slow --- */

static void a_slow_head_ends_at_its_deadline_however_steady_it_is(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    fixture->config.header_ms = 300;
    (void)fixture_start(state);
    const int fd = client_open(fixture);
    trickle(fd, "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    client_receive(fd, &response);
    assert_int_equal(response.status, 408);
    client_expect_end(fd);
    assert_serves(fixture);
}

static void a_slow_body_ends_at_its_deadline(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    fixture->config.body_ms = 300;
    (void)fixture_start(state);
    const int fd = client_open(fixture);
    client_send(fd, "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
                    "Content-Length: 20000\r\n\r\n");
    trickle(fd, "{");
    client_receive(fd, &response);
    assert_int_equal(response.status, 408);
    client_expect_end(fd);
    assert_int_equal(fixture->submitted, 0);
}

static void who_says_nothing_is_closed_without_a_word(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    char waste[1];
    fixture->config.header_ms = 300;
    fixture->config.idle_ms = 300;
    (void)fixture_start(state);
    const int silent = client_open(fixture);
    const int idle = client_open(fixture);
    client_send(idle, GOOD);
    client_receive(idle, &response);
    assert_int_equal(client_read(silent, waste, 1), 0);
    assert_int_equal(client_read(idle, waste, 1), 0);
    assert_int_equal(close(silent) | close(idle), 0);
}

/* --- ambiguous and oversized --- */

static void what_others_might_read_otherwise_is_refused(void **state)
{
    static const char *const heads[] = {
        "Content-Length: 2\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length : 2\r\n",
        "Content-Length: 2\r\n folded: x\r\n",
        "Host: evil.test\r\nContent-Length: 2\r\n",
        "X-Bell: \x07\r\n",
        "X-Line: a\nb: c\r\n",
    };
    const struct fixture *fixture = fixture_start(state);
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        char text[512];
        const int size =
            snprintf(text, sizeof(text), "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n%s\r\n{}",
                     heads[i]);
        assert_refused(fixture, text, (size_t)size, 400);
    }
    static const char nul[] = "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n";
    assert_refused(fixture, nul, sizeof(nul) - 1, 400);
    assert_refused(fixture, "\x16\x03\x01\x02", 4, 400); /* TLS, where there is none */
    assert_refused(fixture, "BREW / HTTP/1.1\r\n\r\n", 19, 501);
    assert_int_equal(fixture->submitted, 0);
    assert_serves(fixture);
}

static void what_is_too_large_is_refused_before_it_is_kept(void **state)
{
    char text[4096];
    const struct fixture *fixture = fixture_start(state);
    memset(text, 'a', sizeof(text));
    static const char head[] = "GET / HTTP/1.1\r\nX-Long: ";
    memcpy(text, head, sizeof(head) - 1);
    assert_refused(fixture, text, sizeof(text), 431);
    static const char body[] =
        "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Content-Length: 20001\r\n\r\n";
    assert_refused(fixture, body, sizeof(body) - 1, 413);
    assert_serves(fixture);
}

#define CHUNKED \
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n"

static void chunks_that_grow_too_large_are_told_so(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    static const char at_once[] = CHUNKED "ffffff\r\n";
    assert_refused(fixture, at_once, sizeof(at_once) - 1, 413);
    static const char in_sum[] = CHUNKED "2\r\n{}\r\n4e1f\r\n";
    assert_refused(fixture, in_sum, sizeof(in_sum) - 1, 413);
    assert_int_equal(fixture->submitted, 0);
    assert_serves(fixture);
}

static void chunks_that_others_might_read_otherwise_are_refused(void **state)
{
    static const char *const bodies[] = {
        "-1\r\n",  "+2\r\n{}\r\n0\r\n\r\n", "0x2\r\n{}\r\n0\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n",
        "2\n{}\n", "2\r\n{}0\r\n\r\n",      "0\r\nX\r\n\r\n",
    };
    const struct fixture *fixture = fixture_start(state);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        char text[512];
        const int size = snprintf(text, sizeof(text), "%s%s", CHUNKED, bodies[i]);
        assert_refused(fixture, text, (size_t)size, 400);
    }
    assert_int_equal(fixture->submitted, 0);
    assert_serves(fixture);
}

static void what_evhttp_would_refuse_is_refused_before(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    static const char path[] = "GET //[ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_refused(fixture, path, sizeof(path) - 1, 400);
    static const char expect[] = "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
                                 "Expect: more\r\nContent-Length: 2\r\n\r\n{}";
    assert_refused(fixture, expect, sizeof(expect) - 1, 400);
    assert_serves(fixture);
}

/* --- pipelined --- */

static void a_hundred_requests_at_once_are_answered_in_their_order(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    char *text = calloc(100, 256);
    size_t size = 0;
    assert_non_null(text);
    fixture->entries = 1000;
    for (int i = 0; i < 100; i++) {
        char body[64];
        (void)snprintf(body, sizeof(body), "{\"afterEntry\":\"%d\"}", i);
        size += (size_t)snprintf(text + size, 256,
                                 "POST " ENTRY_LIST " HTTP/1.1\r\nHost: localhost\r\n" JSON
                                 "Content-Length: %zu\r\n\r\n%s",
                                 strlen(body), body);
    }
    const int fd = client_open(fixture);
    client_send_bytes(fd, text, size);
    for (int i = 0; i < 100; i++) {
        char part[32];
        client_receive(fd, &response);
        assert_int_equal(response.status, 200);
        (void)snprintf(part, sizeof(part), "\"next\":\"%d\"", i + 3);
        assert_true(response_has(&response, part));
    }
    assert_int_equal(close(fd), 0);
    free(text);
}

static void what_a_turn_brings_is_told_together(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->holds = true;
    const int fd = client_open(fixture);
    client_send(fd, GOOD);
    fixture_await(fixture, &fixture->turns, 1);
    assert_int_equal(fixture->held_count, 1); /* it was submitted before */
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

static void a_bad_one_among_pipelined_requests_ends_them(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_send(fd, GOOD "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n" GOOD);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    client_receive(fd, &response);
    assert_int_equal(response.status, 400);
    client_expect_end(fd);
    assert_int_equal(fixture->submitted, 1);
}

static void who_asks_for_the_end_hears_it_and_gets_it(void **state)
{
    static const char *const headers[] = {
        "Connection: close\r\n",
        "Connection: TE, Close\r\n",
        "Connection: keep-alive\r\nConnection: close\r\n",
        "Connection: close\r\nConnection: keep-alive\r\n",
    };
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        const int fd = client_open(fixture);
        client_request(fd, "GET /health", headers[i], "");
        client_receive(fd, &response);
        assert_int_equal(response.status, 200);
        assert_true(response_has(&response, "Connection: close\r\n"));
        client_expect_end(fd);
    }
    const int fd = client_open(fixture);
    client_request(fd, "GET /health", "Connection: closed, not-close\r\n", "");
    client_receive(fd, &response);
    assert_false(response_has(&response, "Connection: close\r\n"));
    assert_int_equal(close(fd), 0);
}

static void requests_sent_while_one_is_under_way_wait(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->holds = true;
    const int fd = client_open(fixture);
    client_send(fd, GOOD);
    fixture_await(fixture, &fixture->held_count, 1);
    client_send(fd, GOOD GOOD);
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture);
    for (int i = 0; i < 3; i++) {
        client_receive(fd, &response);
        assert_int_equal(response.status, 200);
    }
    assert_int_equal(close(fd), 0);
}

/* Nobody counts what comes before the answer, and the answer may take long. */
static void little_is_kept_of_what_comes_before_the_answer(void **state)
{
    enum { BODY_MAX = 64 << 20, LEAST = 32 << 20, QUIET_MS = 300 };
    struct fixture *fixture = *state;
    static char waste[64 << 10];
    size_t sent = 0;
    ssize_t some = 0;
    fixture->config.body_bytes_max = BODY_MAX;
    fixture->holds = true;
    (void)fixture_start(state);
    const int fd = client_open(fixture);
    client_send(fd, GOOD);
    fixture_await(fixture, &fixture->held_count, 1);
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    while (sent < LEAST && poll(&writable, 1, QUIET_MS) > 0) {
        some = send(fd, waste, sizeof(waste), MSG_NOSIGNAL | MSG_DONTWAIT);
        assert_true(some > 0);
        sent += (size_t)some;
    }
    assert_true(sent < LEAST); /* the rest waits at the other end */
    assert_int_equal(close(fd), 0);
    fixture_set(fixture, &fixture->holds, false);
    assert_serves(fixture);
}

/* --- gone --- */

static void who_is_gone_before_the_answer_is_noticed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const struct linger reset = {.l_onoff = 1};
    fixture->holds = true;
    for (uint32_t i = 0; i < 4; i++) {
        const int fd = client_open(fixture);
        client_send(fd, GOOD);
        fixture_await(fixture, &fixture->held_count, i + 1);
        if (i % 2 == 1) {
            assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
        }
        assert_int_equal(close(fd), 0);
        fixture_await(fixture, &fixture->closed, i + 1);
    }
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture); /* replies for nobody */
    assert_serves(fixture);
}

static void a_reset_within_a_request_is_survived(void **state)
{
    static const char text[] = GOOD;
    const struct linger reset = {.l_onoff = 1};
    struct fixture *fixture = fixture_start(state);
    for (size_t cut = 0; cut < sizeof(text) - 1; cut += 7) {
        const int fd = client_open(fixture);
        client_send_bytes(fd, text, cut);
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
        assert_int_equal(close(fd), 0);
    }
    assert_serves(fixture);
    assert_int_equal(fixture->submitted, 1);
}

/* --- too many --- */

static void one_connection_too_many_takes_the_place_of_the_calmest(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    int fds[4];
    fixture->config.connections_max = 3;
    (void)fixture_start(state);
    for (uint32_t i = 0; i < 4; i++) {
        fds[i] = client_open(fixture);
        fixture_await(fixture, &fixture->opened, i + 1);
    }
    client_expect_end(fds[0]);
    for (int i = 1; i < 4; i++) {
        client_send(fds[i], GOOD);
        client_receive(fds[i], &response);
        assert_int_equal(response.status, 200);
        assert_int_equal(close(fds[i]), 0);
    }
}

static void nobody_gives_way_while_all_are_served(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    int fds[3];
    fixture->config.connections_max = 2;
    fixture->holds = true;
    (void)fixture_start(state);
    for (uint32_t i = 0; i < 2; i++) {
        fds[i] = client_open(fixture);
        client_send(fds[i], GOOD);
        fixture_await(fixture, &fixture->held_count, i + 1);
    }
    client_expect_end(client_open(fixture));
    fixture_release(fixture);
    for (int i = 0; i < 2; i++) {
        client_receive(fds[i], &response);
        assert_int_equal(response.status, 200);
        assert_int_equal(close(fds[i]), 0);
    }
}

static void a_place_that_has_too_many_is_closed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture_set(fixture, &fixture->admits, false);
    client_expect_end(client_open(fixture));
    fixture_set(fixture, &fixture->admits, true);
    assert_serves(fixture);
    assert_true(http_server_stats(fixture->server).refused >= 1);
}

/* --- stopping --- */

static void a_stop_lets_what_is_under_way_end(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->holds = true;
    const int busy = client_open(fixture);
    const int idle = client_open(fixture);
    client_send(busy, GOOD);
    fixture_await(fixture, &fixture->held_count, 1);
    fixture_release(fixture);
    http_server_stop(fixture->server, WAIT_MS);
    client_receive(busy, &response);
    assert_int_equal(response.status, 200);
    client_expect_end(busy);
    client_expect_end(idle);
}

static void a_stop_cuts_what_does_not_end_in_time(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->holds = true;
    const int fd = client_open(fixture);
    client_send(fd, GOOD);
    fixture_await(fixture, &fixture->held_count, 1);
    http_server_stop(fixture->server, 200);
    client_expect_end(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(a_slow_head_ends_at_its_deadline_however_steady_it_is),
        ON_SERVER(a_slow_body_ends_at_its_deadline),
        ON_SERVER(who_says_nothing_is_closed_without_a_word),
        ON_SERVER(what_others_might_read_otherwise_is_refused),
        ON_SERVER(what_is_too_large_is_refused_before_it_is_kept),
        ON_SERVER(chunks_that_grow_too_large_are_told_so),
        ON_SERVER(chunks_that_others_might_read_otherwise_are_refused),
        ON_SERVER(what_evhttp_would_refuse_is_refused_before),
        ON_SERVER(a_hundred_requests_at_once_are_answered_in_their_order),
        ON_SERVER(what_a_turn_brings_is_told_together),
        ON_SERVER(a_bad_one_among_pipelined_requests_ends_them),
        ON_SERVER(who_asks_for_the_end_hears_it_and_gets_it),
        ON_SERVER(requests_sent_while_one_is_under_way_wait),
        ON_SERVER(little_is_kept_of_what_comes_before_the_answer),
        ON_SERVER(who_is_gone_before_the_answer_is_noticed),
        ON_SERVER(a_reset_within_a_request_is_survived),
        ON_SERVER(one_connection_too_many_takes_the_place_of_the_calmest),
        ON_SERVER(nobody_gives_way_while_all_are_served),
        ON_SERVER(a_place_that_has_too_many_is_closed),
        ON_SERVER(a_stop_lets_what_is_under_way_end),
        ON_SERVER(a_stop_cuts_what_does_not_end_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
