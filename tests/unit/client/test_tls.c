/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A client that is to speak TLS: addresses, files, and a server that speaks something else. Whom it
 * trusts is tested with tls/tls.h and, with the real programs, in tests/integration/tls.py.
 */
#include "fake_server.h"

#include "lovebank/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* A listener on loopback that answers nothing; its address is a client's. */
static int listen_plain(char *address, size_t room)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(to);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &size), 0);
    (void)snprintf(address, room, "tls:127.0.0.1:%u", ntohs(to.sin_port));
    return fd;
}

struct outcome {
    bool is_done;
    int result;
};

static void outcome_take(void *context, const struct lb_reply *reply)
{
    struct outcome *outcome = context;
    outcome->is_done = true;
    outcome->result = reply->result;
}

static void turn_until_done(struct event_base *base, const struct outcome *outcome)
{
    while (!outcome->is_done) { /* a call has its deadline */
        assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    }
}

/* accepts */

static void an_address_of_tls_has_a_host_and_a_port(void **state)
{
    static const char *const good[] = {"tls:bank.example:7701", "tls:192.0.2.1:7701",
                                       "tls:[2001:db8::1]:7701"};
    static const char *const bad[] = {"tls:bank.example", "tls::7701", "tls:2001:db8::1:7701",
                                      "tls:bank.example:0", "ssl:bank.example:7701"};
    struct event_base *base = event_base_new();
    struct lb_client *client = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const struct lb_client_config config = {.address = good[i]};
        assert_int_equal(lb_client_new(base, &config, &client), LB_OK);
        assert_null(lb_client_trouble(client, false));
        lb_client_free(client);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct lb_client_config config = {.address = bad[i]};
        assert_int_equal(lb_client_new(base, &config, &client), LB_CONFIG_INVALID);
        assert_null(client);
    }
    event_base_free(base);
}

/* rejects */

static void expect_trouble(const struct lb_client_config *config, int listener, const char *said,
                           const char *zh, const char *en)
{
    struct event_base *base = event_base_new();
    struct lb_client *client = NULL;
    struct outcome outcome = {0};
    assert_int_equal(lb_client_new(base, config, &client), LB_OK);
    assert_int_equal(lb_client_call(client, LB_METHOD_STATUS, "x", 1, outcome_take, &outcome),
                     LB_OK);
    if (said != NULL) {
        assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0); /* the client connects */
        const int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(send(fd, said, strlen(said), MSG_NOSIGNAL), strlen(said));
        turn_until_done(base, &outcome);
        assert_int_equal(close(fd), 0);
    } else {
        turn_until_done(base, &outcome);
    }
    assert_int_equal(outcome.result, LB_TLS_FAILED);
    assert_non_null(strstr(lb_client_trouble(client, true), zh));
    assert_non_null(strstr(lb_client_trouble(client, false), en));
    lb_client_free(client);
    event_base_free(base);
}

static void a_server_that_speaks_something_else_is_told_at_once(void **state)
{
    char address[64];
    const int listener = listen_plain(address, sizeof(address));
    const struct lb_client_config config = {.address = address, .call_ms = 5000};
    (void)state;
    expect_trouble(&config, listener, "HTTP/1.1 400 Bad Request\r\n\r\n", "不用 TLS",
                   "does not speak TLS");
    assert_int_equal(close(listener), 0);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    char address[64];
    const int listener = listen_plain(address, sizeof(address));
    const struct lb_client_config config = {
        .address = address, .call_ms = 5000, .ca_file = "/nonexistent/ca.pem"};
    (void)state;
    expect_trouble(&config, listener, NULL, "/nonexistent/ca.pem", "/nonexistent/ca.pem");
    assert_int_equal(close(listener), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_of_tls_has_a_host_and_a_port),
        cmocka_unit_test(a_server_that_speaks_something_else_is_told_at_once),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
