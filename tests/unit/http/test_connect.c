/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The Connect protocol over a socket.
 */
#include "fixture.h"

#define TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* Asks once on a connection of its own. */
static void ask(const struct fixture *fixture, const char *line, const char *headers,
                const char *body, struct response *response)
{
    const int fd = client_open(fixture);
    client_request(fd, line, headers, body);
    client_receive(fd, response);
    assert_int_equal(close(fd), 0);
}

/* --- accepts --- */

static void json_is_answered_in_json_and_protobuf_in_protobuf(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    ask(fixture, "POST " STATUS, JSON, "{}", &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "Content-Type: application/json\r\n"));
    assert_string_equal(response.body,
                        "{\"version\":\"one\",\"members\":\"77\",\"startedMs\":\"1\"}");
    ask(fixture, "POST " STATUS, "Content-Type: application/proto\r\n", "", &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "Content-Type: application/proto\r\n"));
    assert_memory_equal(response.body, STATUS_PROTO, sizeof(STATUS_PROTO) - 1);
    ask(fixture, "POST " STATUS, "content-type: Application/JSON; charset=utf-8\r\n", "{ }",
        &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(fixture->submitted, 3);
}

static void a_json_request_arrives_packed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->entries = 5;
    ask(fixture, "POST " ENTRY_LIST, JSON, "{\"afterEntry\":\"3\",\"limit\":2}", &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "\"next\":\"5\""));
}

static void credentials_go_with_the_request(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    ask(fixture, "POST " STATUS, JSON "Authorization: Bearer " TOKEN "\r\n", "{}", &response);
    assert_int_equal(response.status, 200);
    assert_true(fixture->last.credentials.has_token);
    assert_int_equal(fixture->last.credentials.token[1], 0x11);
    assert_int_equal(fixture->last.peer.family, 4);
    assert_false(fixture->last.credentials.wants_cookies);
    ask(fixture, "POST " STATUS,
        JSON "Connect-Protocol-Version: 1\r\nLovebank-Cookies: 1\r\n"
             "Cookie: __Host-lovebank-device=" TOKEN "\r\n",
        "{}", &response);
    assert_int_equal(response.status, 200);
    assert_true(fixture->last.credentials.has_device);
    assert_true(response_has(&response, "Set-Cookie: __Host-lovebank-session=abab"));
}

static void a_proxy_tells_whom_it_asks_for(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    fixture->config.proxies = "127.0.0.1";
    fixture->config.hosts = "bank.test";
    (void)fixture_start(state);
    const int fd = client_open(fixture);
    client_send(fd, "POST " STATUS " HTTP/1.1\r\nHost: bank.test\r\nX-Forwarded-For: 192.0.2.5\r\n"
                    "Origin: https://bank.test\r\nContent-Length: 2\r\n" JSON "\r\n{}");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(fixture->last.peer.bytes[0], 192);
    assert_int_equal(fixture->opened, 0); /* it stands for many */
    assert_int_equal(close(fd), 0);
}

static void a_body_may_come_in_chunks(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_send(fd, "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
                    "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n"
                    "Authorization: Bearer x\r\n\r\n");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200); /* what follows a body is no header */
    client_request(fd, "POST " STATUS, JSON, "{}");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

static void a_body_may_wait_to_be_asked_for(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_send(fd, "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
                    "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    client_receive(fd, &response);
    assert_int_equal(response.status, 100);
    client_send(fd, "{}");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

static void a_failure_comes_as_the_protocol_s_error(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->fails = LB_LOGIN_REQUIRED;
    ask(fixture, "POST " STATUS, "Content-Type: application/proto\r\n", "", &response);
    assert_int_equal(response.status, 401);
    assert_true(response_has(&response, "Content-Type: application/json\r\n"));
    assert_true(response_has(&response, "{\"code\":\"unauthenticated\",\"message\":"));
    assert_true(response_has(&response, "\"type\":\"lovebank.v1.ErrorDetail\""));
}

static void who_waits_no_longer_is_told_so_and_the_late_reply_is_for_nobody(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->holds = true;
    const int fd = client_open(fixture);
    client_request(fd, "POST " STATUS, JSON "Connect-Timeout-Ms: 1\r\n", "{}");
    client_receive(fd, &response);
    assert_int_equal(response.status, 504);
    assert_true(response_has(&response, "\"deadline_exceeded\""));
    client_request(fd, "POST " STATUS, JSON, "{}");
    fixture_await(fixture, &fixture->held_count, 2);
    fixture_release(fixture);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

/* --- rejects --- */

static void each_rule_is_told_with_its_status(void **state)
{
    static const struct {
        const char *line;
        const char *headers;
        const char *body;
        int status;
        const char *part;
    } rows[] = {
        {"POST /lovebank.v1.Ledger/Nope", JSON, "{}", 404, "unimplemented"},
        {"POST /x", JSON, "{}", 405, "Allow: GET, HEAD"},
        {"GET " STATUS, "", "", 405, "Allow: POST"},
        {"GET " STATUS "?connect=v1", "", "", 405, "Allow: POST"},
        {"PUT " STATUS, JSON, "{}", 405, "Allow: "},
        {"OPTIONS " STATUS, "Origin: http://localhost\r\n", "", 405, "Allow: "},
        {"POST " STATUS, "", "{}", 415, "Accept-Post: application/json, application/proto"},
        {"POST " STATUS, "Content-Type: text/plain\r\n", "{}", 415, "application/json"},
        {"POST " STATUS, "Content-Type: application/x-www-form-urlencoded\r\n", "a=b", 415, ""},
        {"POST " STATUS, "Content-Type: application/connect+json\r\n", "{}", 415, ""},
        {"POST " STATUS, JSON "Content-Encoding: gzip\r\n", "{}", 501, "unimplemented"},
        {"POST " STATUS, JSON "Connect-Protocol-Version: 2\r\n", "{}", 400, "invalid_argument"},
        {"POST " STATUS, JSON "Connect-Timeout-Ms: 10s\r\n", "{}", 400, "Connect-Timeout-Ms"},
        {"POST " STATUS, JSON "Connect-Timeout-Ms: 12345678901\r\n", "{}", 400, ""},
        {"POST " STATUS, JSON "Cookie: __Host-lovebank-session=" TOKEN "\r\n", "{}", 400, ""},
        {"POST " STATUS, JSON "Authorization: Bearer x\r\n", "{}", 401, "session_expired"},
        {"POST " STATUS, JSON "Sec-Fetch-Site: cross-site\r\n", "{}", 403, "permission_denied"},
        {"POST " STATUS, JSON "Origin: http://evil.test\r\n", "{}", 403, "permission_denied"},
        {"POST " STATUS, JSON "Origin: a\r\nOrigin: b\r\n", "{}", 400, "invalid_argument"},
        {"POST " STATUS, JSON JSON, "{}", 400, "invalid_argument"},
        {"POST " STATUS, JSON, "{\"x\":1}", 400, "malformed"},
        {"POST " STATUS, JSON, "{", 400, "malformed"},
        {"POST " STATUS, JSON, "", 400, "malformed"},
        {"POST " STATUS, JSON, "[]", 400, "malformed"},
        {"GET /events", "Sec-Fetch-Site: cross-site\r\n", "", 403, "permission_denied"},
        {"GET /events?from=x", "", "", 400, "invalid_argument"},
        {"GET /nothing.here", "", "", 404, "not_found"},
    };
    struct fixture *fixture = fixture_start(state);
    struct response response;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ask(fixture, rows[i].line, rows[i].headers, rows[i].body, &response);
        assert_int_equal(response.status, rows[i].status);
        assert_true(response_has(&response, rows[i].part));
        assert_true(response_has(&response, "X-Content-Type-Options: nosniff\r\n"));
        assert_false(response_has(&response, "Access-Control"));
    }
    assert_int_equal(fixture->submitted, 0);
}

static void a_name_that_leads_to_us_by_accident_is_refused(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int fd = client_open(fixture);
    client_send(fd, "POST " STATUS " HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 2\r\n" JSON
                    "\r\n{}");
    client_receive(fd, &response);
    assert_int_equal(response.status, 421);
    client_send(fd, "GET / HTTP/1.1\r\n\r\n");
    client_receive(fd, &response);
    assert_int_equal(response.status, 421);
    assert_int_equal(close(fd), 0);
}

/* --- faults --- */

static void a_dispatcher_without_room_is_told_as_unavailable(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct response response;
    fixture->is_full = true;
    ask(fixture, "POST " STATUS, JSON, "{}", &response);
    assert_int_equal(response.status, 503);
    assert_true(response_has(&response, "try_later"));
}

static void more_than_may_be_under_way_are_told_to_try_later(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    int fds[3];
    fixture->config.inflight_max = 2;
    fixture->holds = true;
    (void)fixture_start(state);
    for (uint32_t i = 0; i < 3; i++) {
        fds[i] = client_open(fixture);
        client_request(fds[i], "POST " STATUS, JSON, "{}");
        if (i < 2) {
            fixture_await(fixture, &fixture->held_count, i + 1);
        }
    }
    client_receive(fds[2], &response);
    assert_int_equal(response.status, 503);
    fixture_release(fixture);
    for (int i = 0; i < 2; i++) {
        client_receive(fds[i], &response);
        assert_int_equal(response.status, 200);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
}

static void a_problem_is_told_in_each_language_whatever_it_quotes(void **state)
{
    static const struct {
        const char *body;
        const char *zh;
        const char *en;
    } rows[] = {
        {"{\"x\":1}", "x：没有这个字段", "x: there is no such field"},
        {"{\"a / b\":1}", "a / b：没有这个字段", "a / b: there is no such field"},
        {"{\"a / b / c\":1}", "a / b / c：没有这个字段", "a / b / c: there is no such field"},
        {"{\"a /  / b\":1}", "a /  / b：没有这个字段", "a /  / b: there is no such field"},
    };
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char expected[256];
        ask(fixture, "POST " STATUS, JSON, rows[i].body, &response);
        (void)snprintf(expected, sizeof(expected), "\"zh\":\"%s\",\"en\":\"%s\"}", rows[i].zh,
                       rows[i].en);
        assert_true(response_has(&response, expected));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(json_is_answered_in_json_and_protobuf_in_protobuf),
        ON_SERVER(a_json_request_arrives_packed),
        ON_SERVER(credentials_go_with_the_request),
        ON_SERVER(a_proxy_tells_whom_it_asks_for),
        ON_SERVER(a_body_may_come_in_chunks),
        ON_SERVER(a_body_may_wait_to_be_asked_for),
        ON_SERVER(a_failure_comes_as_the_protocol_s_error),
        ON_SERVER(who_waits_no_longer_is_told_so_and_the_late_reply_is_for_nobody),
        ON_SERVER(each_rule_is_told_with_its_status),
        ON_SERVER(a_name_that_leads_to_us_by_accident_is_refused),
        ON_SERVER(a_dispatcher_without_room_is_told_as_unavailable),
        ON_SERVER(more_than_may_be_under_way_are_told_to_try_later),
        ON_SERVER(a_problem_is_told_in_each_language_whatever_it_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
