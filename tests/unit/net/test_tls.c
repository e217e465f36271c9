/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The TLS listener: handshakes fast and slow, frames in records of any size, orderly ends, the cap
 * on half-open connections, new certificates.
 */
#include "tls_peer.h"

#define LARGE ((size_t)1 << 20)

/* accepts */

static void requests_are_served_over_tls_and_the_peer_is_known(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_open(fixture);
    peer_send(fixture, &peer, 2, FIXTURE_METHOD, "x");
    while (fixture->net->request_count == 0) {
        turn(fixture);
    }
    const struct net_connection *connection = fixture->net->requests[0].connection;
    assert_int_equal(net_connection_peer_address(connection).family, NET_FAMILY_IP4);
    assert_int_equal(net_connection_peer_uid(connection), -1);
    assert_true(net_connection_is_local(connection));
    net_reply(fixture->net->server, fixture->net->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    peer_expect_text(fixture, &peer, 2, "y");
    assert_int_equal(net_server_stats(fixture->net->server).tls_handshakes, 1);
    peer_close(&peer);
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_PEER_CLOSED);
}

static void a_client_comes_back_by_its_ticket(void **state)
{
    struct tls_fixture *fixture = start(state);
    for (int i = 0; i < 2; i++) {
        struct peer peer = peer_open(fixture);
        peer_close(&peer);
    }
    assert_int_equal(net_server_stats(fixture->net->server).tls_handshakes, 2);
    assert_int_equal(net_server_stats(fixture->net->server).tls_resumed, 1);
}

static void frames_come_in_records_of_one_byte(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_open(fixture);
    uint8_t frame[64];
    const size_t size = frame_of(frame, 2, FIXTURE_METHOD, "slowly", 6);
    fixture->net->echoes = true;
    for (size_t i = 0; i < size; i++) {
        peer_send_bytes(fixture, &peer, frame + i, 1);
    }
    peer_expect_text(fixture, &peer, 2, "slowly");
    peer_close(&peer);
}

static void a_handshake_may_come_byte_by_byte(void **state)
{
    struct tls_fixture *fixture = start(state);
    int fds[2];
    uint8_t byte = 0;
    uint8_t answer[4096];
    struct peer peer = {.fd = peer_socket(fixture)};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    peer.tls = tls_stream_new(fixture->context, fds[0], "localhost");
    assert_non_null(peer.tls);
    tls_stream_allow(peer.tls, ALLOWED);
    assert_int_equal(evutil_make_socket_nonblocking(peer.fd), 0);
    enum tls_progress progress = TLS_WANTS_READ;
    for (int i = 0; i < ROUND_MAX && progress == TLS_WANTS_READ; i++) {
        progress = tls_stream_handshake(peer.tls);
        while (recv(fds[1], &byte, 1, 0) == 1) { /* what the client says, a byte a turn */
            assert_int_equal(send(peer.fd, &byte, 1, MSG_NOSIGNAL), 1);
            turn(fixture);
        }
        const ssize_t size = recv(peer.fd, answer, sizeof(answer), 0);
        if (size > 0) {
            assert_int_equal(send(fds[1], answer, (size_t)size, MSG_NOSIGNAL), size);
        }
        turn(fixture);
    }
    assert_int_equal(progress, TLS_DONE);
    for (int i = 0; i < ROUND_MAX && net_server_stats(fixture->net->server).tls_handshakes == 0;
         i++) {
        turn(fixture);
    }
    assert_int_equal(net_server_stats(fixture->net->server).tls_handshakes, 1);
    peer_close(&peer);
    assert_int_equal(close(fds[0]), 0);
    assert_int_equal(close(fds[1]), 0);
}

static void large_frames_go_both_ways_and_others_have_their_turn(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer busy = peer_open(fixture);
    struct peer other = peer_open(fixture);
    uint8_t *frame = malloc(LARGE + LB_FRAME_HEADER_BYTES);
    uint8_t *payload = malloc(LARGE);
    fixture->net->echoes = true;
    for (size_t i = 0; i < LARGE; i++) {
        payload[i] = (uint8_t)(i >> 5);
    }
    const size_t size = frame_of(frame, 2, FIXTURE_METHOD, payload, LARGE);
    peer_send_bytes(fixture, &busy, frame, size);
    peer_send(fixture, &other, 3, FIXTURE_METHOD, "me too");
    peer_expect_text(fixture, &other, 3, "me too"); /* while nobody takes the large reply */
    const struct lb_frame_header header = peer_expect(fixture, &busy, frame, LARGE);
    assert_int_equal(header.payload_bytes, LARGE);
    assert_memory_equal(frame, payload, LARGE);
    free(frame);
    free(payload);
    peer_close(&busy);
    peer_close(&other);
}

static void the_last_word_is_followed_by_an_orderly_end(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_open(fixture);
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    uint8_t byte = 0;
    net_server_drain(fixture->net->server, 1000, fixture_drained);
    const struct lb_frame_header header = peer_expect(fixture, &peer, payload, sizeof(payload));
    assert_int_equal(header.kind, LB_FRAME_ERROR);
    assert_int_equal(header.request_id, 0);
    assert_int_equal(peer_read(fixture, &peer, &byte, 1), TLS_ENDED);
    peer_close(&peer);
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_SHUTDOWN);
}

static void a_client_that_sends_no_more_gets_its_replies(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_open(fixture);
    peer_send(fixture, &peer, 2, FIXTURE_METHOD, "x");
    assert_int_equal(tls_stream_end(peer.tls), TLS_DONE);
    while (fixture->net->request_count == 0) {
        turn(fixture);
    }
    net_reply(fixture->net->server, fixture->net->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    peer_expect_text(fixture, &peer, 2, "y");
    peer_close(&peer);
}

static void new_certificates_are_for_new_connections(void **state)
{
    struct tls_fixture *fixture = start(state);
    const struct net_tls_files files = {.certificate = fixture->pair.certificate,
                                        .private_key = fixture->pair.key};
    struct peer before = peer_open(fixture);
    pair_give_server(&fixture->pair, "elsewhere.example", 10);
    assert_int_equal(net_server_reload_tls(fixture->net->server, &files, fixture->net->error_text),
                     LB_OK);
    struct peer after = peer_connect(fixture);
    enum tls_progress progress = TLS_WANTS_READ;
    for (int i = 0; i < ROUND_MAX && progress == TLS_WANTS_READ; i++) {
        progress = tls_stream_handshake(after.tls);
        turn(fixture);
    }
    const char *detail = NULL;
    assert_int_equal(progress, TLS_FAILED);
    assert_int_equal(tls_stream_trouble(after.tls, &detail), TLS_TROUBLE_NAME);
    peer_send(fixture, &before, 2, FIXTURE_METHOD, "x");
    while (fixture->net->request_count == 0) {
        turn(fixture);
    }
    peer_close(&before);
    peer_close(&after);
}

static void a_listener_that_is_crowded_lets_the_oldest_go(void **state)
{
    struct tls_fixture *fixture = *state;
    int silent[3];
    fixture->net->config.handshakes_max = 8; /* two of one place */
    fixture->net->config.connections_max = 8;
    (void)start(state);
    for (int i = 0; i < 3; i++) {
        silent[i] = peer_socket(fixture);
        await_accepted(fixture, (uint64_t)i + 1);
    }
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_CROWDED_OUT);
    client_expect_end(silent[0]);
    struct peer peer = peer_open(fixture); /* who means it gets in */
    assert_int_equal(net_server_stats(fixture->net->server).crowded_out, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(close(silent[i]), 0);
    }
    peer_send(fixture, &peer, 2, FIXTURE_METHOD, "x");
    while (fixture->net->request_count == 0) {
        turn(fixture);
    }
    peer_close(&peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_set_up, tls_tear_down)
        TEST(requests_are_served_over_tls_and_the_peer_is_known),
        TEST(a_client_comes_back_by_its_ticket),
        TEST(frames_come_in_records_of_one_byte),
        TEST(a_handshake_may_come_byte_by_byte),
        TEST(large_frames_go_both_ways_and_others_have_their_turn),
        TEST(the_last_word_is_followed_by_an_orderly_end),
        TEST(a_client_that_sends_no_more_gets_its_replies),
        TEST(new_certificates_are_for_new_connections),
        TEST(a_listener_that_is_crowded_lets_the_oldest_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
