/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Listening: the socket file, loopback TCP, the cap on connections, running out of descriptors.
 */
#include "fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>

static int listen_elsewhere(const struct fixture *fixture)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture->path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void expect_refused(struct fixture *fixture, const char *reason)
{
    assert_int_equal(fixture_new(fixture), LB_CONFIG_INVALID);
    assert_null(fixture->server);
    assert_non_null(strstr(fixture->error_text, reason));
}

/* accepts */

static void the_socket_file_has_its_mode_whatever_the_umask(void **state)
{
    struct fixture *fixture = *state;
    static const mode_t masks[] = {0, 022, 077, 0777};

    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        struct stat status;
        const mode_t before = umask(masks[i]);
        fixture_start(state);
        (void)umask(before);
        assert_int_equal(stat(fixture->path, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0660);
        net_server_free(fixture->server);
        fixture->server = NULL;
        assert_int_equal(access(fixture->path, F_OK), -1);
    }
}

static void a_stale_socket_file_is_replaced(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(close(listen_elsewhere(fixture)), 0);
    assert_int_equal(access(fixture->path, F_OK), 0);
    fixture_start(state);
    client_close(fixture, client_open(fixture));
}

static int connect_by_tcp(const struct fixture *fixture)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons(net_server_tcp_port(fixture->server));
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void many_that_come_at_once_by_tcp_are_taken_a_few_at_a_time(void **state)
{
    enum { CLIENTS = 25 };
    struct fixture *fixture = *state;
    int fds[CLIENTS];

    fixture->config.tcp_host = "localhost";
    fixture->config.connections_max = CLIENTS;
    fixture->config.handshakes_max = 4 * CLIENTS;
    fixture_start(state);
    for (size_t i = 0; i < CLIENTS; i++) {
        fds[i] = connect_by_tcp(fixture);
    }
    assert_true(event_base_loop(fixture->base, EVLOOP_ONCE) >= 0);
    assert_in_range(net_server_stats(fixture->server).accepted, 1, 10);
    while (net_server_stats(fixture->server).accepted < CLIENTS) {
        assert_true(event_base_loop(fixture->base, EVLOOP_ONCE) >= 0);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    while (net_server_stats(fixture->server).connections > 0) {
        assert_true(event_base_loop(fixture->base, EVLOOP_ONCE) >= 0);
    }
}

static void loopback_tcp_serves_and_has_no_uid(void **state)
{
    struct fixture *fixture = *state;

    fixture->config.unix_path = NULL;
    fixture->config.tcp_host = "localhost";
    fixture_start(state);
    assert_int_not_equal(net_server_tcp_port(fixture->server), 0);
    const int fd = connect_by_tcp(fixture);
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    while (fixture->request_count == 0) {
        assert_true(event_base_loop(fixture->base, EVLOOP_ONCE) >= 0);
    }
    const struct net_connection *connection = fixture->requests[0].connection;
    const struct net_address peer = net_connection_peer_address(connection);
    assert_int_equal(net_connection_peer_uid(connection), -1);
    assert_int_equal(peer.family, NET_FAMILY_IP4);
    assert_memory_equal(peer.bytes, ((const uint8_t[16]){127, 0, 0, 1}), sizeof(peer.bytes));
    assert_true(net_connection_is_local(connection));
    client_expect_response(fd, 1, "hi");
    net_reply(fixture->server, fixture->requests[0].token, LB_FRAME_RESPONSE, "y", 1);
    fixture_turn(fixture);
    client_expect_response(fd, 2, "y");
    client_close(fixture, fd);
}

static void a_socket_file_that_is_not_ours_any_more_is_left_alone(void **state)
{
    struct fixture *fixture = fixture_start(state);

    assert_int_equal(unlink(fixture->path), 0);
    const int other = listen_elsewhere(fixture);
    net_server_free(fixture->server);
    fixture->server = NULL;
    assert_int_equal(access(fixture->path, F_OK), 0);
    assert_int_equal(close(other), 0);
}

/* rejects */

static void a_path_on_which_somebody_listens_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const int other = listen_elsewhere(fixture);

    expect_refused(fixture, "another server answers there");
    assert_int_equal(access(fixture->path, F_OK), 0);
    assert_int_equal(close(other), 0);
}

static void a_second_server_does_not_disturb_the_first(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct net_server *second = NULL;

    assert_int_equal(net_server_new(fixture->base, &fixture->config, &fixture->ops, fixture,
                                    &second, fixture->error_text),
                     LB_CONFIG_INVALID);
    fixture_turn(fixture);
    client_close(fixture, client_open(fixture));
}

static void a_file_that_is_no_socket_is_refused_and_kept(void **state)
{
    struct fixture *fixture = *state;
    const int fd = open(fixture->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    assert_int_equal(close(fd), 0);
    expect_refused(fixture, "not a socket");
    assert_int_equal(access(fixture->path, F_OK), 0);
}

static void addresses_that_others_can_reach_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const hosts[] = {"0.0.0.0",     "::", "192.168.1.1",     "128.0.0.1",
                                        "example.org", "",   "::ffff:127.0.0.1"};

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        fixture->config.tcp_host = hosts[i];
        expect_refused(fixture, "127.0.0.1");
        assert_int_equal(access(fixture->path, F_OK), -1);
    }
}

static void a_configuration_without_sense_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct net_config good = fixture->config;
    char path[200];

    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    fixture->config.unix_path = path;
    expect_refused(fixture, "199 bytes");
    fixture->config.unix_path = NULL;
    expect_refused(fixture, "neither");
    fixture->config = good;
    fixture->config.connections_max = 0;
    expect_refused(fixture, "connections");
    fixture->config = good;
    fixture->config.inflight_max = NET_INFLIGHT_MAX + 1;
    expect_refused(fixture, "in flight");
    fixture->config = good;
    fixture->config.frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX + 1;
    expect_refused(fixture, "frame");
    fixture->config = good;
    fixture->config.out_bytes_max = 0;
    expect_refused(fixture, "bytes");
    fixture->config = good;
    fixture->config.idle_ms = 0;
    expect_refused(fixture, "deadline");
}

static void a_client_over_the_cap_is_told_to_try_later(void **state)
{
    struct fixture *fixture = fixture_start(state);
    int fds[4];

    for (size_t i = 0; i < 4; i++) {
        fds[i] = client_open(fixture);
    }
    const int over = client_connect(fixture);
    client_send(over, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    fixture_turn(fixture);
    (void)client_expect_farewell(over, LB_TRY_LATER);
    client_close(fixture, over);
    assert_int_equal(fixture->reason, NET_REASON_REFUSED);
    assert_int_equal(net_server_stats(fixture->server).refused, 1);

    client_close(fixture, fds[0]);
    fds[0] = client_open(fixture);
    for (size_t i = 0; i < 4; i++) {
        client_close(fixture, fds[i]);
    }
}

static void many_clients_over_the_cap_are_all_told(void **state)
{
    enum { CLIENTS = 60 };
    struct fixture *fixture = *state;
    int fds[CLIENTS];

    fixture->config.connections_max = 1;
    fixture_start(state);
    const int fd = client_open(fixture);
    for (size_t i = 0; i < CLIENTS; i++) {
        fds[i] = client_connect(fixture);
    }
    fixture_turn(fixture);
    for (size_t i = 0; i < CLIENTS; i++) {
        (void)client_expect_farewell(fds[i], LB_TRY_LATER);
        assert_int_equal(close(fds[i]), 0);
    }
    fixture_turn(fixture);
    assert_int_equal(net_server_stats(fixture->server).connections, 1);
    client_close(fixture, fd);
}

/* faults */

static void without_descriptors_accepting_pauses_and_goes_on(void **state)
{
    struct fixture *fixture = fixture_start(state);
    struct rlimit limit;
    const int fd = client_connect(fixture);
    const int next = dup(fd);

    assert_true(next >= 0);
    assert_int_equal(close(next), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    const struct rlimit none_left = {.rlim_cur = (rlim_t)next, .rlim_max = limit.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    fixture_turn(fixture);
    fixture_turn(fixture);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(net_server_stats(fixture->server).accept_pauses, 1);
    assert_int_equal(net_server_stats(fixture->server).accepted, 0);

    fixture_turn(fixture);
    assert_int_equal(net_server_stats(fixture->server).accepted, 0);
    fixture_step(fixture, 1000);
    assert_int_equal(net_server_stats(fixture->server).accepted, 1);
    client_send(fd, 1, LB_FRAME_METHOD_HELLO, NULL, 0);
    fixture_turn(fixture);
    client_expect_response(fd, 1, "hi");
    client_close(fixture, fd);
}

static void freeing_the_server_cuts_its_connections(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = client_open(fixture);

    client_send(fd, 2, FIXTURE_METHOD, "x", 1);
    fixture_turn(fixture);
    net_server_free(fixture->server);
    fixture->server = NULL;
    assert_int_equal(fixture->closed_count, 1);
    assert_int_equal(fixture->reason, NET_REASON_SERVER_CLOSED);
    client_expect_end(fd);
    client_close(fixture, fd);
}

static void every_reason_has_its_own_name(void **state)
{
    (void)state;
    for (int i = NET_REASON_NONE; i <= NET_REASON_MEMORY; i++) {
        assert_string_not_equal(net_reason_name((enum net_reason)i), "unknown");
        for (int j = NET_REASON_NONE; j < i; j++) {
            assert_string_not_equal(net_reason_name((enum net_reason)i),
                                    net_reason_name((enum net_reason)j));
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_socket_file_has_its_mode_whatever_the_umask),
        TEST(a_stale_socket_file_is_replaced),
        TEST(many_that_come_at_once_by_tcp_are_taken_a_few_at_a_time),
        TEST(loopback_tcp_serves_and_has_no_uid),
        TEST(a_socket_file_that_is_not_ours_any_more_is_left_alone),
        TEST(a_path_on_which_somebody_listens_is_refused),
        TEST(a_second_server_does_not_disturb_the_first),
        TEST(a_file_that_is_no_socket_is_refused_and_kept),
        TEST(addresses_that_others_can_reach_are_refused),
        TEST(a_configuration_without_sense_is_refused),
        TEST(a_client_over_the_cap_is_told_to_try_later),
        TEST(many_clients_over_the_cap_are_all_told),
        TEST(without_descriptors_accepting_pauses_and_goes_on),
        TEST(freeing_the_server_cuts_its_connections),
        cmocka_unit_test(every_reason_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
