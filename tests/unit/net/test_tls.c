/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The TLS listener: handshakes fast, slow and broken, frames in records of any size, ends, the cap
 * on half-open connections, new certificates. The client is a stream of the test's over loopback.
 */
#include "../tls/pair.h"
#include "fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define ALLOWED   ((size_t)1 << 30)
#define LARGE     ((size_t)1 << 20)
#define ROUND_MAX 100000

struct tls_fixture {
    struct fixture *net;
    struct pair pair;
    struct tls_context *context;
};

/* A client of the test. */
struct peer {
    int fd;
    struct tls_stream *tls;
};

static int set_up(void **state)
{
    struct tls_fixture *fixture = calloc(1, sizeof(*fixture));
    void *net = NULL;
    assert_non_null(fixture);
    assert_int_equal(fixture_setup(&net), 0);
    fixture->net = net;
    pair_open(&fixture->pair);
    fixture->context = pair_client_context(fixture->pair.ca);
    fixture->net->config.unix_path = NULL;
    fixture->net->config.tls_host = "127.0.0.1";
    fixture->net->config.tls = (struct net_tls_files){.certificate = fixture->pair.certificate,
                                                      .private_key = fixture->pair.key};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct tls_fixture *fixture = *state;
    void *net = fixture->net;
    assert_int_equal(fixture_teardown(&net), 0);
    tls_context_free(fixture->context);
    pair_close(&fixture->pair);
    free(fixture);
    return 0;
}

static struct tls_fixture *start(void **state)
{
    struct tls_fixture *fixture = *state;
    void *net = fixture->net;
    (void)fixture_start(&net);
    return fixture;
}

/* Loopback delivers at once, but says so to the other end a moment later. */
static void turn(struct tls_fixture *fixture)
{
    assert_true(event_base_loop(fixture->net->base, EVLOOP_NONBLOCK) >= 0);
}

static int peer_socket(struct tls_fixture *fixture)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons(net_server_tls_port(fixture->net->server)),
    };
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static struct peer peer_connect(struct tls_fixture *fixture)
{
    struct peer peer = {.fd = peer_socket(fixture)};
    assert_int_equal(evutil_make_socket_nonblocking(peer.fd), 0);
    peer.tls = tls_stream_new(fixture->context, peer.fd, "localhost");
    assert_non_null(peer.tls);
    tls_stream_allow(peer.tls, ALLOWED);
    return peer;
}

static void peer_shake(struct tls_fixture *fixture, struct peer *peer)
{
    enum tls_progress progress = TLS_WANTS_READ;
    for (int i = 0; i < ROUND_MAX && progress == TLS_WANTS_READ; i++) {
        progress = tls_stream_handshake(peer->tls);
        turn(fixture);
    }
    assert_int_equal(progress, TLS_DONE);
}

static void peer_send_bytes(struct tls_fixture *fixture, struct peer *peer, const void *data,
                            size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        size_t sent = 0;
        const enum tls_progress progress = tls_stream_write(peer->tls, at, size, &sent);
        assert_true(progress == TLS_DONE || progress == TLS_WANTS_WRITE);
        at += sent;
        size -= sent;
        turn(fixture);
    }
}

static size_t frame_of(uint8_t *out, uint32_t request_id, uint16_t method, const void *payload,
                       size_t payload_bytes)
{
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .request_id = request_id,
        .method = method,
        .kind = LB_FRAME_REQUEST,
    };
    lb_frame_header_encode(&header, out);
    memcpy(out + LB_FRAME_HEADER_BYTES, payload, payload_bytes);
    return LB_FRAME_HEADER_BYTES + payload_bytes;
}

static void peer_send(struct tls_fixture *fixture, struct peer *peer, uint32_t request_id,
                      uint16_t method, const char *text)
{
    uint8_t frame[256];
    peer_send_bytes(fixture, peer, frame, frame_of(frame, request_id, method, text, strlen(text)));
}

/* TLS_DONE, or how the stream ended. */
static enum tls_progress peer_read(struct tls_fixture *fixture, struct peer *peer, void *data,
                                   size_t size)
{
    uint8_t *at = data;
    for (int i = 0; i < ROUND_MAX && size > 0; i++) {
        size_t got = 0;
        const enum tls_progress progress = tls_stream_read(peer->tls, at, size, &got);
        if (progress != TLS_DONE && progress != TLS_WANTS_READ) {
            return progress;
        }
        at += got;
        size -= got;
        turn(fixture);
    }
    assert_int_equal(size, 0);
    return TLS_DONE;
}

static struct lb_frame_header peer_expect(struct tls_fixture *fixture, struct peer *peer,
                                          void *payload, size_t room)
{
    uint8_t head[LB_FRAME_HEADER_BYTES];
    struct lb_frame_header header = {0};
    assert_int_equal(peer_read(fixture, peer, head, sizeof(head)), TLS_DONE);
    assert_int_equal(lb_frame_header_decode(head, LB_FRAME_PAYLOAD_BYTES_MAX, &header), LB_OK);
    assert_true(header.payload_bytes <= room);
    assert_int_equal(peer_read(fixture, peer, payload, header.payload_bytes), TLS_DONE);
    return header;
}

static void peer_expect_text(struct tls_fixture *fixture, struct peer *peer, uint32_t request_id,
                             const char *text)
{
    char payload[256] = {0};
    const struct lb_frame_header header = peer_expect(fixture, peer, payload, sizeof(payload) - 1);
    assert_int_equal(header.kind, LB_FRAME_RESPONSE);
    assert_int_equal(header.request_id, request_id);
    assert_string_equal(payload, text);
}

static struct peer peer_open(struct tls_fixture *fixture)
{
    struct peer peer = peer_connect(fixture);
    peer_shake(fixture, &peer);
    peer_send(fixture, &peer, 1, LB_FRAME_METHOD_HELLO, "hello");
    peer_expect_text(fixture, &peer, 1, "hi");
    return peer;
}

static void peer_close(struct peer *peer)
{
    tls_stream_free(peer->tls);
    assert_int_equal(close(peer->fd), 0);
}

/* Until the server has closed so many. */
static void await_closed(struct tls_fixture *fixture, size_t count)
{
    for (int i = 0; i < ROUND_MAX && fixture->net->closed_count < count; i++) {
        turn(fixture);
    }
    assert_int_equal(fixture->net->closed_count, count);
}

/* Turns until the server has taken the connection on. */
static void await_accepted(struct tls_fixture *fixture, uint64_t count)
{
    for (int i = 0; i < ROUND_MAX && net_server_stats(fixture->net->server).accepted < count; i++) {
        turn(fixture);
    }
    assert_int_equal(net_server_stats(fixture->net->server).accepted, count);
}

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
    fixture->net->config.handshakes_max = 2;
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(requests_are_served_over_tls_and_the_peer_is_known),
        TEST(a_client_comes_back_by_its_ticket),
        TEST(frames_come_in_records_of_one_byte),
        TEST(a_handshake_may_come_byte_by_byte),
        TEST(large_frames_go_both_ways_and_others_have_their_turn),
        TEST(the_last_word_is_followed_by_an_orderly_end),
        TEST(a_client_that_sends_no_more_gets_its_replies),
        TEST(new_certificates_are_for_new_connections),
        TEST(a_listener_that_is_crowded_lets_the_oldest_go),
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
