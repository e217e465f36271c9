/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the TLS listener refuses, and what goes wrong: no TLS, bad records, slow handshakes, too
 * many connections, bad files, no memory.
 */
#include "tls_peer.h"

/* rejects */

static void what_is_not_tls_is_cut_and_counted(void **state)
{
    struct tls_fixture *fixture = start(state);
    const int fd = peer_socket(fixture);
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, "hello", 5);
    client_send_bytes(fd, "and more than a header", 22);
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_TLS_FAILED);
    assert_int_equal(net_server_stats(fixture->net->server).tls_failures, 1);
    assert_int_equal(fixture->net->request_count, 0);
    assert_int_equal(close(fd), 0);
}

static void garbage_between_records_ends_the_connection(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_open(fixture);
    client_send_bytes(peer.fd, "\x17\x03\x03\x00\x20 this was never encrypted by us", 37);
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_TLS_FAILED);
    peer_close(&peer);
}

static void a_handshake_that_takes_too_long_is_cut(void **state)
{
    struct tls_fixture *fixture = start(state);
    const int fd = peer_socket(fixture);
    client_send_bytes(fd, "\x16\x03\x01", 3);
    await_accepted(fixture, 1);
    fixture_step(fixture->net, fixture->net->config.handshake_ms - 1);
    assert_int_equal(fixture->net->closed_count, 0);
    fixture_step(fixture->net, 1);
    await_closed(fixture, 1);
    assert_int_equal(fixture->net->reason, NET_REASON_HANDSHAKE_DEADLINE);
    assert_int_equal(close(fd), 0);
}

static void one_deadline_holds_for_the_handshake_and_the_hello(void **state)
{
    struct tls_fixture *fixture = start(state);
    struct peer peer = peer_connect(fixture);
    await_accepted(fixture, 1);
    fixture_step(fixture->net, fixture->net->config.handshake_ms - 1);
    peer_shake(fixture, &peer);
    for (int i = 0; i < ROUND_MAX && net_server_stats(fixture->net->server).tls_handshakes == 0;
         i++) {
        turn(fixture);
    }
    fixture_step(fixture->net, 1);
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    const struct lb_frame_header header = peer_expect(fixture, &peer, payload, sizeof(payload));
    assert_int_equal(header.kind, LB_FRAME_ERROR);
    peer_close(&peer);
}

static void more_connections_than_allowed_are_closed_without_a_handshake(void **state)
{
    struct tls_fixture *fixture = *state;
    fixture->net->config.connections_max = 1;
    (void)start(state);
    struct peer peer = peer_open(fixture);
    const int fd = peer_socket(fixture);
    await_accepted(fixture, 2);
    client_expect_end(fd);
    assert_int_equal(net_server_stats(fixture->net->server).refused, 1);
    assert_int_equal(close(fd), 0);
    peer_close(&peer);
}

static void a_broken_certificate_is_not_taken_and_the_old_one_stays(void **state)
{
    struct tls_fixture *fixture = start(state);
    const struct net_tls_files files = {.certificate = fixture->pair.certificate,
                                        .private_key = fixture->pair.key};
    pair_write(fixture->pair.certificate, "nonsense");
    assert_int_equal(net_server_reload_tls(fixture->net->server, &files, fixture->net->error_text),
                     LB_CONFIG_INVALID);
    assert_non_null(strstr(fixture->net->error_text, "server.pem"));
    struct peer peer = peer_open(fixture);
    peer_close(&peer);
}

static void a_server_without_a_usable_certificate_does_not_start(void **state)
{
    struct tls_fixture *fixture = *state;
    pair_write(fixture->pair.key, "nonsense");
    assert_int_equal(fixture_new(fixture->net), LB_CONFIG_INVALID);
    assert_non_null(strstr(fixture->net->error_text, "server.key"));
    fixture->net->config.tls.certificate = NULL;
    assert_int_equal(fixture_new(fixture->net), LB_CONFIG_INVALID);
    fixture->net->config.tls.certificate = fixture->pair.certificate;
    fixture->net->config.tls_host = "bank.example";
    assert_int_equal(fixture_new(fixture->net), LB_CONFIG_INVALID);
    assert_non_null(strstr(fixture->net->error_text, "not an address"));
}

static void without_tls_there_is_nothing_to_reload(void **state)
{
    struct tls_fixture *fixture = *state;
    const struct net_tls_files files = fixture->net->config.tls;
    fixture->net->config.tls_host = NULL;
    fixture->net->config.unix_path = fixture->net->path;
    (void)start(state);
    assert_int_equal(net_server_tls_port(fixture->net->server), 0);
    assert_int_equal(net_server_reload_tls(fixture->net->server, &files, fixture->net->error_text),
                     LB_CONFIG_INVALID);
}

/* faults */

static void without_memory_a_connection_is_not_taken_on_and_nothing_is_left(void **state)
{
    struct tls_fixture *fixture = start(state);
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        const size_t before = fixture->net->closed_count;
        fixture->net->allocation_fails = nth;
        fixture->net->allocation_failed = false;
        const uint64_t accepted = net_server_stats(fixture->net->server).accepted;
        struct peer peer = peer_connect(fixture);
        enum tls_progress progress = TLS_WANTS_READ;
        for (int i = 0; i < ROUND_MAX && progress == TLS_WANTS_READ; i++) {
            progress = tls_stream_handshake(peer.tls);
            turn(fixture);
        }
        await_accepted(fixture, accepted + 1);
        failed = fixture->net->allocation_failed;
        fixture->net->allocation_fails = -1;
        peer_close(&peer);
        for (int i = 0; i < ROUND_MAX && net_server_stats(fixture->net->server).connections > 0;
             i++) {
            turn(fixture);
        }
        assert_true(fixture->net->closed_count <= before + 1);
        assert_int_equal(net_server_stats(fixture->net->server).connections, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_set_up, tls_tear_down)
        TEST(what_is_not_tls_is_cut_and_counted),
        TEST(garbage_between_records_ends_the_connection),
        TEST(a_handshake_that_takes_too_long_is_cut),
        TEST(one_deadline_holds_for_the_handshake_and_the_hello),
        TEST(more_connections_than_allowed_are_closed_without_a_handshake),
        TEST(a_broken_certificate_is_not_taken_and_the_old_one_stays),
        TEST(a_server_without_a_usable_certificate_does_not_start),
        TEST(without_tls_there_is_nothing_to_reload),
        TEST(without_memory_a_connection_is_not_taken_on_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
