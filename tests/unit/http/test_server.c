/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Health, metrics, pages and TLS over a socket; what a start needs.
 */
#include "../tls/pair.h"
#include "fixture.h"
#include "tls/tls.h"

/* --- health and metrics --- */

static void health_is_what_the_status_says(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_request(fd, "GET /health", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, "ok\n");
    const int probe = client_open(fixture);
    client_send(probe, "GET /health HTTP/1.0\r\n\r\n");
    client_receive(probe, &response);
    assert_int_equal(response.status, 200);
    client_expect_end(probe);
    fixture_set(fixture, &fixture->is_read_only, true);
    client_request(fd, "GET /health", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 503);
    fixture_set(fixture, &fixture->holds, true);
    client_request(fd, "GET /health", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 503);
    assert_string_equal(response.body, "no answer within a second\n");
    assert_int_equal(close(fd), 0);
}

static void metrics_are_all_numbers_of_the_status(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_request(fd, "GET /metrics", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "\nlovebank_members 77\n"));
    assert_true(response_has(&response, "\nlovebank_read_only 0\n"));
    assert_true(response_has(&response, "\nlovebank_http_refused 0\n"));
    assert_false(response_has(&response, "lovebank_version"));
    assert_int_equal(close(fd), 0);
}

static void metrics_leave_out_what_the_status_does_not_tell(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    fixture_set(fixture, &fixture->is_short, true);
    client_request(fd, "GET /metrics", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "lovebank_durable_entry "));
    assert_true(response_has(&response, "\nlovebank_http_refused 0\n"));
    assert_false(response_has(&response, "lovebank_members"));
    assert_int_equal(close(fd), 0);
}

static void metrics_with_a_token_that_is_none_are_refused(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_request(fd, "GET /metrics", "Authorization: Bearer 12\r\n", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 401);
    assert_int_equal(close(fd), 0);
}

/* --- TLS --- */

static int client_open_tls_port(const struct fixture *fixture)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(http_server_tls_port(fixture->server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static void exchange_over_tls(const struct fixture *fixture, struct tls_context *context,
                              struct response *response)
{
    static const char text[] = "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
                               "Content-Length: 2\r\nConnection: close\r\n\r\n{}";
    const int fd = client_open_tls_port(fixture);
    struct tls_stream *stream = tls_stream_new(context, fd, "localhost");
    assert_non_null(stream);
    size_t size = 0;
    size_t got = 0;
    enum tls_progress progress = TLS_DONE;
    tls_stream_allow(stream, SIZE_MAX);
    assert_int_equal(tls_stream_handshake(stream), TLS_DONE); /* the socket blocks */
    assert_int_equal(tls_stream_write(stream, text, sizeof(text) - 1, &got), TLS_DONE);
    *response = (struct response){0};
    while (progress == TLS_DONE && size < RESPONSE_MAX) {
        progress = tls_stream_read(stream, response->text + size, RESPONSE_MAX - size, &got);
        size += progress == TLS_DONE ? got : 0;
    }
    assert_int_equal(progress, TLS_ENDED); /* nothing was cut off */
    tls_stream_free(stream);
    assert_int_equal(close(fd), 0);
}

static void tls_is_spoken_and_its_certificate_can_be_renewed(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    struct pair pair;
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    pair_open(&pair);
    struct tls_context *context = pair_client_context(pair.ca);
    fixture->config.tls_host = "127.0.0.1";
    fixture->config.tls = (struct http_tls_files){pair.certificate, pair.key};
    (void)fixture_start(state);
    for (int round = 0; round < 3; round++) {
        exchange_over_tls(fixture, context, &response);
        assert_true(response_has(&response, "HTTP/1.1 200 OK\r\n"));
        assert_true(response_has(&response, "Strict-Transport-Security: max-age="));
        assert_true(response_has(&response, "\"members\":\"77\""));
        assert_int_equal(http_server_reload_tls(fixture->server, &fixture->config.tls, error),
                         LB_OK);
    }
    const struct http_tls_files missing = {"/tmp/lb-not-there.pem", NULL};
    assert_int_equal(http_server_reload_tls(fixture->server, &missing, error), LB_CONFIG_INVALID);
    assert_non_null(strstr(error, "lb-not-there.pem"));
    exchange_over_tls(fixture, context, &response);
    assert_true(response_has(&response, "HTTP/1.1 200 OK\r\n"));
    tls_context_free(context);
    pair_close(&pair);
}

/* TLS takes whole records off the socket, of which there may be room for a part. */
static void what_comes_over_tls_before_the_answer_is_read_after_it(void **state)
{
    enum { COUNT = 600 };
    static const char text[] =
        "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Content-Length: 2\r\n\r\n{}";
    struct fixture *fixture = *state;
    struct pair pair;
    size_t got = 0;
    pair_open(&pair);
    struct tls_context *context = pair_client_context(pair.ca);
    fixture->config.tls_host = "127.0.0.1";
    fixture->config.tls = (struct http_tls_files){pair.certificate, pair.key};
    fixture->holds = true;
    (void)fixture_start(state);
    const int fd = client_open_tls_port(fixture);
    struct tls_stream *stream = tls_stream_new(context, fd, "localhost");
    assert_non_null(stream);
    tls_stream_allow(stream, SIZE_MAX);
    assert_int_equal(tls_stream_handshake(stream), TLS_DONE);
    char *many = calloc(COUNT, sizeof(text));
    assert_non_null(many);
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(many + i * (sizeof(text) - 1), text, sizeof(text) - 1);
    }
    for (size_t sent = 0; sent < COUNT * (sizeof(text) - 1); sent += got) {
        assert_int_equal(
            tls_stream_write(stream, many + sent, COUNT * (sizeof(text) - 1) - sent, &got),
            TLS_DONE);
    }
    fixture_await(fixture, &fixture->held_count, 1);
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture);
    fixture_await(fixture, &fixture->submitted, COUNT);
    free(many);
    tls_stream_free(stream);
    assert_int_equal(close(fd), 0);
    tls_context_free(context);
    pair_close(&pair);
}

static void who_does_not_get_through_the_handshake_is_closed(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    struct pair pair;
    pair_open(&pair);
    struct tls_context *context = pair_client_context(pair.ca);
    fixture->config.tls_host = "127.0.0.1";
    fixture->config.tls = (struct http_tls_files){pair.certificate, pair.key};
    fixture->config.header_ms = 300;
    (void)fixture_start(state);
    const int silent = client_open_tls_port(fixture);
    const int stuck = client_open_tls_port(fixture);
    const int plain = client_open_tls_port(fixture);
    client_send_bytes(stuck, "\x16\x03\x01\x02\x00\x01", 6);
    client_send(plain, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client_expect_end(silent);
    client_expect_end(stuck);
    client_expect_end(plain);
    exchange_over_tls(fixture, context, &response);
    assert_true(response_has(&response, "HTTP/1.1 200 OK\r\n"));
    tls_context_free(context);
    pair_close(&pair);
}

/* --- a start --- */

static void assert_no_start(struct fixture *fixture, const char *part)
{
    const struct http_ops ops = fixture_ops();
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    struct http_server *server = NULL;
    assert_int_equal(http_server_new(&fixture->config, &ops, fixture, &server, error),
                     LB_CONFIG_INVALID);
    assert_non_null(strstr(error, part));
}

static void what_cannot_be_is_told_by_name_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.plain_host = "192.0.2.1";
    assert_no_start(fixture, "https-listen");
    fixture->config.plain_host = "nowhere";
    assert_no_start(fixture, "nowhere");
    fixture->config.plain_host = "127.0.0.1";
    fixture->config.proxies = "proxy.test";
    assert_no_start(fixture, "http-proxies");
    fixture->config.proxies = NULL;
    fixture->config.web_dir = "/dev/null";
    assert_no_start(fixture, "web-dir");
    fixture->config.web_dir = NULL;
    fixture->config.tls_host = "127.0.0.1";
    fixture->config.tls.certificate = "/tmp/lb-not-there.pem";
    assert_no_start(fixture, "lb-not-there.pem");
}

static void a_port_that_is_taken_is_told(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->config.plain_port = http_server_plain_port(fixture->server);
    assert_no_start(fixture, "cannot listen on 127.0.0.1");
}

static void a_server_that_never_started_can_be_freed(void **state)
{
    struct fixture *fixture = *state;
    const struct http_ops ops = fixture_ops();
    char error[HTTP_ERROR_TEXT_BYTES] = "";
    struct http_server *server = NULL;
    assert_int_equal(http_server_new(&fixture->config, &ops, fixture, &server, error), LB_OK);
    assert_true(http_server_plain_port(server) > 0);
    assert_int_equal(http_server_tls_port(server), 0);
    http_server_stop(server, 0);
    http_server_free(server);
}

/* --- paths --- */

/* A body would be taken for the answer to what comes next. */
static void no_answer_to_head_has_a_body(void **state)
{
    static const char *const paths[] = {"/none.js", "/events", "/metrics", STATUS};
    const struct fixture *fixture = fixture_start(state);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char text[4096] = "";
        size_t size = 0;
        size_t got = 0;
        const int fd = client_open(fixture);
        (void)snprintf(text, sizeof(text),
                       "HEAD %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: none\r\n\r\n"
                       "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                       paths[i]);
        client_send(fd, text);
        while ((got = client_read(fd, text + size, sizeof(text) - 1 - size)) > 0) {
            size += got;
        }
        text[size] = '\0';
        assert_int_equal(strncmp(text, "HTTP/1.1 4", 10), 0);
        const char *next = strstr(text, "\r\n\r\n");
        assert_non_null(next);
        assert_int_equal(strncmp(next + 4, "HTTP/1.1 200 ", 13), 0);
        assert_int_equal(close(fd), 0);
    }
}

static void whatever_a_path_holds_it_is_answered_in_our_words(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    for (char letter = '!'; letter <= '~'; letter++) {
        char line[64];
        (void)snprintf(line, sizeof(line), "GET /.%c:%%%c?%c", letter, letter, letter);
        client_request(fd, line, "", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); /* no request */
        client_receive(fd, &response);
        assert_int_equal(response.status, 404);
        assert_true(response_has(&response, "Content-Security-Policy: default-src 'none'"));
    }
    assert_false(client_has_input(fd, 0));
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(health_is_what_the_status_says),
        ON_SERVER(metrics_are_all_numbers_of_the_status),
        ON_SERVER(metrics_leave_out_what_the_status_does_not_tell),
        ON_SERVER(metrics_with_a_token_that_is_none_are_refused),
        ON_SERVER(what_comes_over_tls_before_the_answer_is_read_after_it),
        ON_SERVER(who_does_not_get_through_the_handshake_is_closed),
        ON_SERVER(tls_is_spoken_and_its_certificate_can_be_renewed),
        ON_SERVER(what_cannot_be_is_told_by_name_at_the_start),
        ON_SERVER(a_port_that_is_taken_is_told),
        ON_SERVER(a_server_that_never_started_can_be_freed),
        ON_SERVER(no_answer_to_head_has_a_body),
        ON_SERVER(whatever_a_path_holds_it_is_answered_in_our_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
