/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is refused and what goes wrong: bad frames, clients that go away, no memory.
 */
#include "fixture.h"

/* rejects */

static void expect_malformed(struct fixture *fixture, int fd)
{
    fixture_turn(fixture);
    (void)client_expect_farewell(fd, LB_MALFORMED);
    client_close(fixture, fd);
    assert_int_equal(fixture->closed_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_MALFORMED);
    assert_int_equal(fixture->request_count, 0);
}

static void a_first_frame_that_is_not_hello_is_malformed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_connect(fixture);

    client_send(fd, 1, FIXTURE_METHOD, "x", 1);
    expect_malformed(fixture, fd);
}

static void a_bad_header_is_malformed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send_bytes(fd, "GET / HTTP/1.1\r\n\r\n", 18);
    expect_malformed(fixture, fd);
}

static void a_response_from_a_client_is_malformed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const struct lb_frame_header header = {.kind = LB_FRAME_RESPONSE, .method = FIXTURE_METHOD};
    uint8_t head[LB_FRAME_HEADER_BYTES];
    const int fd = client_open(fixture);

    lb_frame_header_encode(&header, head);
    client_send_bytes(fd, head, sizeof(head));
    expect_malformed(fixture, fd);
}

static void a_truncated_frame_is_malformed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send_bytes(fd, "\0\0\0\5\0\0\0", 7);
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    expect_malformed(fixture, fd);
}

static void an_oversize_frame_is_refused_by_its_header_with_numbers(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.frame_payload_bytes_max = 1000;
    fixture->echoes = true;
    fixture_start(state);
    const struct lb_frame_header header = {
        .payload_bytes = 1001, .method = FIXTURE_METHOD, .kind = LB_FRAME_REQUEST};
    uint8_t head[LB_FRAME_HEADER_BYTES];
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "before", 6);
    lb_frame_header_encode(&header, head);
    client_send_bytes(fd, head, sizeof(head));
    fixture_turn(fixture);
    client_expect_response(fd, 2, "before");
    const struct lb_frame_error error = client_expect_farewell(fd, LB_FRAME_TOO_LARGE);
    assert_int_equal(error.number_count, 2);
    assert_int_equal(error.numbers[0], 1001);
    assert_int_equal(error.numbers[1], 1000);
    /* The payload may still come; it is discarded. */
    client_send_bytes(fd, "payload", 7);
    fixture_turn(fixture);
    assert_int_equal(fixture->closed_count, 0);
    client_close(fixture, fd);
    assert_int_equal(fixture->reason, NET_REASON_FRAME_TOO_LARGE);
}

static void replies_in_flight_go_out_before_the_farewell(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    client_send_bytes(fd, "this is no frame", 16);
    fixture_turn(fixture);
    client_expect_nothing(fd);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "y");
    (void)client_expect_farewell(fd, LB_MALFORMED);
    client_close(fixture, fd);
}

static void a_refused_hello_is_answered_and_the_connection_closed(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_connect(fixture);
    uint8_t payload[8];

    fixture->greets = false;
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    client_send(fd, 2, FIXTURE_METHOD, NULL, 0);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_ERROR, "no", 2);
    net_connection_finish(fixture->requests[0].connection);
    fixture_turn(fixture);
    assert_int_equal(client_read(fd, payload, sizeof(payload)).kind, LB_FRAME_ERROR);
    client_expect_end(fd);
    client_close(fixture, fd);
    assert_int_equal(fixture->request_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_SERVER_CLOSED);
}

/* faults */

static void a_reply_to_a_client_that_vanished_does_nothing(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    client_close(fixture, fd);
    const struct net_token token = fixture_token(fixture, 0);
    net_reply(fixture->server, token, LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    assert_int_equal(fixture->closed_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_PEER_CLOSED);

    /* Its slot has a new owner; the old token must not reach it. */
    const int other = client_open(fixture);
    client_send(other, 3, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    assert_int_equal(fixture_token(fixture, 1).slot, token.slot);
    net_reply(fixture->server, token, LB_FRAME_RESPONSE, "y", 1);
    assert_null(net_connection_find(fixture->server, token));
    fixture_turn(fixture);
    client_expect_nothing(other);
    assert_int_equal(net_server_stats(fixture->server).replies_late, 1);
    client_close(fixture, other);
}

static void a_second_reply_to_one_request_does_nothing(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "1", 1);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "2", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "1");
    client_expect_nothing(fd);
    client_close(fixture, fd);
}

/* A hello and a request that makes the buffers grow, while an allocation may fail: the client is
 * answered, or sees the end. Returns whether it was answered. */
static bool converse(struct fixture *fixture)
{
    static const uint8_t payload[100000];
    const uint64_t replies = net_server_stats(fixture->server).replies;
    const int fd = client_connect(fixture);
    uint8_t bytes[1024];
    ssize_t got = 0;
    size_t total = 0;

    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    client_send(fd, 2, FIXTURE_METHOD, payload, sizeof(payload));
    fixture_turn(fixture);
    do {
        got = recv(fd, bytes, sizeof(bytes), 0);
        total += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    const bool is_ended = got == 0 || errno == ECONNRESET;
    const bool is_answered = total == 2 * LB_FRAME_HEADER_BYTES + 2 + sizeof(payload);
    assert_true(is_ended != is_answered);
    assert_true(!is_answered || net_server_stats(fixture->server).replies == replies + 2);
    client_close(fixture, fd);
    return is_answered;
}

static void any_allocation_may_fail(void **state)
{
    struct fixture *fixture = *state;
    long sweep = 0;

    fixture->echoes = true;
    do {
        fixture->allocation_fails = sweep++;
        fixture->allocation_failed = false;
        fixture->request_count = 0;
        enum lb_result result = fixture_new(fixture);
        if (result == LB_OK) {
            const bool is_answered = converse(fixture);
            assert_true(is_answered || fixture->allocation_failed);
            fixture->allocation_fails = -1;
            assert_true(converse(fixture)); /* the server is well again */
            net_server_free(fixture->server);
        } else {
            assert_int_equal(result, LB_MEMORY);
            assert_true(strlen(fixture->error_text) > 0);
        }
        fixture->server = NULL;
        assert_int_equal(fixture->blocks, 0);
    } while (fixture->allocation_failed);
    assert_true(sweep > 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_first_frame_that_is_not_hello_is_malformed),
        TEST(a_bad_header_is_malformed),
        TEST(a_response_from_a_client_is_malformed),
        TEST(a_truncated_frame_is_malformed),
        TEST(an_oversize_frame_is_refused_by_its_header_with_numbers),
        TEST(replies_in_flight_go_out_before_the_farewell),
        TEST(a_refused_hello_is_answered_and_the_connection_closed),
        TEST(a_reply_to_a_client_that_vanished_does_nothing),
        TEST(a_second_reply_to_one_request_does_nothing),
        TEST(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
