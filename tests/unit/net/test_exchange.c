/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Requests in, replies out: pipelining, pieces, back-pressure.
 */
#include "fixture.h"

/* accepts */

static void requests_in_one_write_are_answered_in_one_write(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);
    const uint64_t writes = net_server_stats(fixture->server).writes;

    fixture->echoes = true;
    for (uint32_t id = 10; id < 20; id++) {
        client_send(fd, id, FIXTURE_METHOD, "x", 1);
    }
    fixture_turn(fixture);
    for (uint32_t id = 10; id < 20; id++) {
        client_expect_response(fd, id, "x");
    }
    assert_int_equal(net_server_stats(fixture->server).writes, writes + 1);
    client_close(fixture, fd);
}

static void the_end_of_a_turn_is_told_after_all_its_requests(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int first = client_open(fixture);
    const int second = client_open(fixture);

    client_send(first, 10, FIXTURE_METHOD, "x", 1);
    client_send(first, 11, FIXTURE_METHOD, "x", 1);
    client_send(second, 12, FIXTURE_METHOD, "x", 1);
    assert_true(event_base_loop(fixture->base, EVLOOP_NONBLOCK) >= 0);
    assert_int_equal(fixture->request_count, 3);
    assert_int_equal(fixture->turned_requests, 3);
    client_close(fixture, first);
    client_close(fixture, second);
}

static void what_takes_long_is_taken_by_turns(void **state)
{
    enum { EACH = 8 };
    struct fixture *fixture = fixture_start(state);
    const int first = client_open(fixture);
    const int second = client_open(fixture);
    fixture->request_ns = 1000000;
    for (uint32_t id = 0; id < EACH; id++) {
        client_send(first, id, FIXTURE_METHOD, "1", 1);
        client_send(second, id, FIXTURE_METHOD, "2", 1);
    }
    assert_true(event_base_loop(fixture->base, EVLOOP_NONBLOCK) >= 0);
    assert_int_equal(fixture->request_count, 2 * EACH);
    for (size_t i = 0; i < fixture->request_count; i += 2) {
        assert_true(fixture->requests[i].first != fixture->requests[i + 1].first);
    }
    client_close(fixture, first);
    client_close(fixture, second);
}

static void replies_may_come_in_another_order_and_echo_method_and_id(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);
    uint8_t payload[8];

    client_send(fd, 100, 7, "a", 1);
    client_send(fd, 200, 8, "b", 1);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 1), LB_FRAME_ERROR, "B", 1);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, NULL, 0);
    fixture_turn(fixture);

    struct lb_frame_header header = client_read(fd, payload, sizeof(payload));
    assert_int_equal(header.request_id, 200);
    assert_int_equal(header.method, 8);
    assert_int_equal(header.kind, LB_FRAME_ERROR);
    header = client_read(fd, payload, sizeof(payload));
    assert_int_equal(header.request_id, 100);
    assert_int_equal(header.method, 7);
    assert_int_equal(header.payload_bytes, 0);
    client_close(fixture, fd);
}

static void a_frame_may_come_byte_by_byte(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const struct lb_frame_header hello = {
        .payload_bytes = 2, .request_id = 5, .method = 1, .kind = LB_FRAME_REQUEST};
    uint8_t bytes[2 * (LB_FRAME_HEADER_BYTES + 2)] = {0};
    const int fd = client_connect(fixture);

    fixture->echoes = true;
    lb_frame_header_encode(&hello, bytes);
    struct lb_frame_header second = hello;
    second.method = FIXTURE_METHOD;
    lb_frame_header_encode(&second, bytes + LB_FRAME_HEADER_BYTES + 2);
    memcpy(bytes + sizeof(bytes) - 2, "ok", 2);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        client_send_bytes(fd, bytes + i, 1);
        fixture_turn(fixture);
    }
    client_expect_response(fd, 5, "hi");
    client_expect_response(fd, 5, "ok");
    client_close(fixture, fd);
}

static void requests_behind_the_hello_wait_for_its_verdict(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_connect(fixture);

    fixture->greets = false;
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    assert_int_equal(fixture->request_count, 1);

    net_connection_set_greeted(fixture->requests[0].connection);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "welcome", 7);
    fixture_turn(fixture);
    client_expect_response(fd, 1, "welcome");
    assert_int_equal(fixture->request_count, 2);
    assert_int_equal(fixture->requests[1].header.request_id, 2);
    client_close(fixture, fd);
}

static void a_client_that_only_stops_sending_gets_all_its_replies(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.inflight_max = 1;
    fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    client_send(fd, 3, FIXTURE_METHOD, "y", 1);
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "1", 1);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 1), LB_FRAME_RESPONSE, "2", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "1");
    client_expect_response(fd, 3, "2");
    client_expect_end(fd);
    assert_int_equal(fixture->reason, NET_REASON_PEER_CLOSED);
    client_close(fixture, fd);
}

static void the_peers_uid_is_known(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, NULL, 0);
    fixture_turn(fixture);
    struct net_connection *connection = fixture->requests[0].connection;
    assert_int_equal(net_connection_peer_uid(connection), getuid());
    assert_int_equal(net_connection_peer_address(connection).family, NET_FAMILY_UNIX);
    assert_true(net_connection_is_local(connection));
    assert_int_equal(net_connection_id(connection), 1);
    assert_ptr_equal(net_connection_find(fixture->server, fixture_token(fixture, 0)), connection);
    net_connection_set_data(connection, fixture);
    assert_ptr_equal(net_connection_data(connection), fixture);
    client_close(fixture, fd);
}

/* back-pressure */

static void beyond_inflight_max_nothing_is_taken_and_nothing_is_lost(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.inflight_max = 3;
    fixture_start(state);
    const int fd = client_open(fixture);

    for (uint32_t id = 0; id < 10; id++) {
        client_send(fd, id, FIXTURE_METHOD, "x", 1);
    }
    fixture_turn(fixture);
    assert_int_equal(fixture->request_count, 3);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(fixture->requests[i].header.request_id, i);
        net_reply(fixture->server, fixture_token(fixture, i), LB_FRAME_RESPONSE, "y", 1);
        fixture_turn(fixture);
        assert_int_equal(fixture->request_count, i + 4 < 10 ? i + 4 : 10);
        client_expect_response(fd, (uint32_t)i, "y");
    }
    client_close(fixture, fd);
}

static void beyond_inflight_bytes_max_nothing_is_taken(void **state)
{
    struct fixture *fixture = *state;
    char payload[100] = {0};
    fixture->config.inflight_bytes_max = 150;
    fixture_start(state);
    const int fd = client_open(fixture);

    for (uint32_t id = 0; id < 3; id++) {
        client_send(fd, id, FIXTURE_METHOD, payload, sizeof(payload));
    }
    fixture_turn(fixture);
    assert_int_equal(fixture->request_count, 2);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, NULL, 0);
    fixture_turn(fixture);
    assert_int_equal(fixture->request_count, 3);
    client_close(fixture, fd);
}

static void a_connection_that_rests_is_taken_from_again_after_a_moment(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 0, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    net_connection_rest(fixture->requests[0].connection);
    for (uint32_t id = 1; id < 5; id++) {
        client_send(fd, id, FIXTURE_METHOD, "x", 1);
    }
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 0, "y");
    assert_int_equal(fixture->request_count, 1);
    while (fixture->request_count < 5) {
        assert_true(event_base_loop(fixture->base, EVLOOP_ONCE) >= 0);
    }
    client_close(fixture, fd);
}

/* A client that sends all it can before it reads anything: neither side may block for ever, and
 * every reply must come. Writes are short here, on both sides. */
static void a_client_that_does_not_read_is_not_read_from_either(void **state)
{
    enum {
        FRAMES = 200,
        PAYLOAD_BYTES = 16000,
        FRAME_BYTES = LB_FRAME_HEADER_BYTES + PAYLOAD_BYTES
    };
    struct fixture *fixture = *state;
    const size_t size = (size_t)FRAMES * FRAME_BYTES;
    uint8_t *bytes = calloc(1, size);
    uint8_t *back = calloc(1, size);
    size_t sent = 0;
    size_t got = 0;

    fixture->config.out_bytes_max = 100000;
    fixture->echoes = true;
    fixture_start(state);
    const int fd = client_open(fixture);
    assert_non_null(bytes);
    assert_non_null(back);
    for (size_t i = 0; i < FRAMES; i++) {
        const struct lb_frame_header header = {.payload_bytes = PAYLOAD_BYTES,
                                               .request_id = (uint32_t)i,
                                               .method = FIXTURE_METHOD,
                                               .kind = LB_FRAME_REQUEST};
        lb_frame_header_encode(&header, bytes + i * FRAME_BYTES);
        memset(bytes + i * FRAME_BYTES + LB_FRAME_HEADER_BYTES, (int)i, PAYLOAD_BYTES);
    }
    for (ssize_t n = 1; n > 0; fixture_turn(fixture)) {
        n = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
        sent += n > 0 ? (size_t)n : 0;
    }
    assert_true(sent < size);
    assert_true(fixture->request_count < FRAMES / 2);

    while (got < size) {
        const ssize_t n = recv(fd, back + got, size - got, 0);
        got += n > 0 ? (size_t)n : 0;
        fixture_turn(fixture);
        const ssize_t m = send(fd, bytes + sent, size - sent, MSG_NOSIGNAL);
        sent += m > 0 ? (size_t)m : 0;
        fixture_turn(fixture);
        assert_true(n > 0 || m > 0 || got == size);
    }
    for (size_t i = 0; i < FRAMES; i++) {
        assert_memory_equal(back + i * FRAME_BYTES + LB_FRAME_HEADER_BYTES,
                            bytes + i * FRAME_BYTES + LB_FRAME_HEADER_BYTES, PAYLOAD_BYTES);
    }
    client_expect_nothing(fd);
    client_close(fixture, fd);
    free(bytes);
    free(back);
}

static void a_large_reply_goes_out_in_pieces(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);
    uint8_t *payload = malloc(LB_FRAME_PAYLOAD_BYTES_MAX);
    uint8_t *back = malloc(LB_FRAME_HEADER_BYTES + LB_FRAME_PAYLOAD_BYTES_MAX);
    size_t got = 0;

    assert_non_null(payload);
    assert_non_null(back);
    for (size_t i = 0; i < LB_FRAME_PAYLOAD_BYTES_MAX; i++) {
        payload[i] = (uint8_t)(i * 31 >> 3);
    }
    client_send(fd, 2, FIXTURE_METHOD, NULL, 0);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture_token(fixture, 0), LB_FRAME_RESPONSE, payload,
              LB_FRAME_PAYLOAD_BYTES_MAX);
    while (got < LB_FRAME_HEADER_BYTES + LB_FRAME_PAYLOAD_BYTES_MAX) {
        fixture_turn(fixture);
        const ssize_t n =
            recv(fd, back + got, LB_FRAME_HEADER_BYTES + LB_FRAME_PAYLOAD_BYTES_MAX - got, 0);
        assert_true(n > 0);
        got += (size_t)n;
    }
    assert_memory_equal(back + LB_FRAME_HEADER_BYTES, payload, LB_FRAME_PAYLOAD_BYTES_MAX);
    assert_true(net_server_stats(fixture->server).writes > 3);
    client_close(fixture, fd);
    free(payload);
    free(back);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(requests_in_one_write_are_answered_in_one_write),
        TEST(the_end_of_a_turn_is_told_after_all_its_requests),
        TEST(what_takes_long_is_taken_by_turns),
        TEST(replies_may_come_in_another_order_and_echo_method_and_id),
        TEST(a_frame_may_come_byte_by_byte),
        TEST(requests_behind_the_hello_wait_for_its_verdict),
        TEST(a_client_that_only_stops_sending_gets_all_its_replies),
        TEST(the_peers_uid_is_known),
        TEST(beyond_inflight_max_nothing_is_taken_and_nothing_is_lost),
        TEST(beyond_inflight_bytes_max_nothing_is_taken),
        TEST(a_connection_that_rests_is_taken_from_again_after_a_moment),
        TEST(a_client_that_does_not_read_is_not_read_from_either),
        TEST(a_large_reply_goes_out_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
