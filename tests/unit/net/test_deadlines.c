/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Deadlines and draining, on a clock that the test steps.
 */
#include "fixture.h"

static void expect_late(struct fixture *fixture, int fd, uint64_t allowed_ms,
                        enum net_reason reason)
{
    const struct lb_frame_error error = client_expect_farewell(fd, LB_DEADLINE);
    assert_int_equal(error.number_count, 1);
    assert_int_equal(error.numbers[0], allowed_ms);
    client_close(fixture, fd);
    assert_int_equal(fixture->reason, reason);
}

/* handshake */

static void a_client_without_hello_is_closed_at_the_handshake_deadline(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_connect(fixture);

    fixture_turn(fixture);
    fixture_step(fixture, 4999);
    client_expect_nothing(fd);
    fixture_step(fixture, 1);
    expect_late(fixture, fd, 5000, NET_REASON_HANDSHAKE_DEADLINE);
}

static void the_dispatchers_own_time_does_not_count_for_the_handshake(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_connect(fixture);

    fixture->greets = false;
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    fixture_turn(fixture);
    fixture_step(fixture, 30000);
    client_expect_nothing(fd);
    net_connection_set_greeted(fixture->requests[0].connection);
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "late", 4);
    fixture_turn(fixture);
    client_expect_response(fd, 1, "late");
    fixture_step(fixture, 10000);
    client_expect_nothing(fd);
    client_close(fixture, fd);
}

/* frame */

static void a_frame_that_trickles_in_is_cut_off_by_its_total_time(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    for (int i = 0; i < 10; i++) {
        client_expect_nothing(fd);
        client_send_bytes(fd, "", 1);
        fixture_turn(fixture);
        fixture_step(fixture, 1000);
    }
    expect_late(fixture, fd, 10000, NET_REASON_FRAME_DEADLINE);
}

static void each_frame_has_its_own_time(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);
    uint8_t bytes[LB_FRAME_HEADER_BYTES];
    const struct lb_frame_header header = {.method = FIXTURE_METHOD, .kind = LB_FRAME_REQUEST};

    fixture->echoes = true;
    lb_frame_header_encode(&header, bytes);
    client_send_bytes(fd, bytes, 8);
    fixture_turn(fixture);
    for (int i = 0; i < 5; i++) {
        fixture_step(fixture, 9000);
        /* The end of one frame and the first half of the next, in one write. */
        uint8_t turn[LB_FRAME_HEADER_BYTES];
        memcpy(turn, bytes + 8, 8);
        memcpy(turn + 8, bytes, 8);
        client_send_bytes(fd, turn, sizeof(turn));
        fixture_turn(fixture);
        client_expect_response(fd, 0, "");
    }
    client_close(fixture, fd);
}

static void a_frame_we_do_not_read_is_not_late(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.inflight_max = 1;
    fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    client_send_bytes(fd, "\0\0\0", 3);
    fixture_turn(fixture);
    fixture_step(fixture, 30000);
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "y");
    fixture_step(fixture, 9999);
    client_expect_nothing(fd);
    fixture_step(fixture, 1);
    expect_late(fixture, fd, 10000, NET_REASON_FRAME_DEADLINE);
}

/* idle */

static void an_idle_connection_is_closed_without_a_word(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    fixture->echoes = true;
    fixture_step(fixture, 59999);
    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "x");
    fixture_step(fixture, 59999);
    client_expect_nothing(fd);
    fixture_step(fixture, 1);
    client_expect_end(fd);
    client_close(fixture, fd);
    assert_int_equal(fixture->reason, NET_REASON_IDLE_DEADLINE);
}

static void a_connection_with_a_request_in_flight_is_not_idle(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    fixture_step(fixture, 600000);
    assert_int_equal(fixture->closed_count, 0);
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "y");
    client_close(fixture, fd);
}

/* output */

static void a_client_that_never_reads_is_cut_off(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const size_t size = (size_t)2 << 20;
    uint8_t *payload = calloc(1, size);
    const int fd = client_open(fixture);

    assert_non_null(payload);
    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, payload, size);
    fixture_turn(fixture);
    fixture_step(fixture, 19999);
    /* A little is taken, so time begins anew. */
    assert_true(recv(fd, payload, size / 2, 0) > 0);
    fixture_turn(fixture);
    fixture_step(fixture, 19999);
    assert_int_equal(fixture->closed_count, 0);
    fixture_step(fixture, 1);
    assert_int_equal(fixture->closed_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_WRITE_STALL);
    client_close(fixture, fd);
    free(payload);
}

static void a_finished_connection_that_its_client_keeps_is_closed_after_a_second(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send_bytes(fd, "this is no frame", 16);
    fixture_turn(fixture);
    (void)client_expect_farewell(fd, LB_MALFORMED);
    fixture_step(fixture, 999);
    assert_int_equal(fixture->closed_count, 0);
    fixture_step(fixture, 1);
    assert_int_equal(fixture->closed_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_MALFORMED);
    client_close(fixture, fd);
}

/* drain */

static void draining_sends_what_is_in_flight_and_then_says_so(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.inflight_max = 1;
    fixture_start(state);
    const int busy = client_open(fixture);
    const int quiet = client_open(fixture);
    const int new = client_connect(fixture);

    client_send(busy, 2, FIXTURE_METHOD, "x", 1);
    client_send(busy, 3, FIXTURE_METHOD, "never taken", 11);
    fixture_turn(fixture);
    net_server_drain(fixture->server, 5000, fixture_drained);
    fixture_turn(fixture);
    (void)client_expect_farewell(quiet, LB_SHUTTING_DOWN);
    (void)client_expect_farewell(new, LB_SHUTTING_DOWN);
    client_expect_nothing(busy);
    assert_int_equal(access(fixture->path, F_OK), -1);

    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(busy, 2, "y");
    (void)client_expect_farewell(busy, LB_SHUTTING_DOWN);
    client_close(fixture, busy);
    client_close(fixture, quiet);
    assert_int_equal(fixture->drained_count, 0);
    client_close(fixture, new);
    assert_int_equal(fixture->drained_count, 1);
    assert_int_equal(fixture->request_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_SHUTDOWN);
}

static void draining_ends_at_its_deadline(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    net_server_drain(fixture->server, 5000, fixture_drained);
    fixture_step(fixture, 4999);
    assert_int_equal(fixture->drained_count, 0);
    fixture_step(fixture, 1);
    assert_int_equal(fixture->drained_count, 1);
    client_expect_end(fd);
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    client_close(fixture, fd);
}

static void free_in_drained(void *ctx)
{
    struct fixture *fixture = ctx;
    net_server_free(fixture->server);
    fixture->server = NULL;
    fixture->drained_count++;
}

static void an_empty_server_is_drained_at_once_and_may_be_freed_there(void **state)
{
    struct fixture *fixture = fixture_start(state);

    net_server_drain(fixture->server, 5000, free_in_drained);
    assert_int_equal(fixture->drained_count, 0);
    fixture_turn(fixture);
    assert_int_equal(fixture->drained_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_client_without_hello_is_closed_at_the_handshake_deadline),
        TEST(the_dispatchers_own_time_does_not_count_for_the_handshake),
        TEST(a_frame_that_trickles_in_is_cut_off_by_its_total_time),
        TEST(each_frame_has_its_own_time),
        TEST(a_frame_we_do_not_read_is_not_late),
        TEST(an_idle_connection_is_closed_without_a_word),
        TEST(a_connection_with_a_request_in_flight_is_not_idle),
        TEST(a_client_that_never_reads_is_cut_off),
        TEST(a_finished_connection_that_its_client_keeps_is_closed_after_a_second),
        TEST(draining_sends_what_is_in_flight_and_then_says_so),
        TEST(draining_ends_at_its_deadline),
        TEST(an_empty_server_is_drained_at_once_and_may_be_freed_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
