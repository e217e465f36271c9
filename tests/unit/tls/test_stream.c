/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two streams over a socket pair: who is trusted, bytes in pieces of any size, ends of every kind.
 */
#include "pair.h"

#define ALLOWED ((size_t)1 << 20)
#define STEPS   100

struct fixture {
    struct pair pair;
    struct tls_context *server_context;
    struct tls_context *client_context;
    int fds[2]; /* the server's end, the client's */
    struct tls_stream *server;
    struct tls_stream *client;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    pair_open(&fixture->pair);
    fixture->server_context = pair_server_context(&fixture->pair, NULL);
    fixture->client_context = pair_client_context(fixture->pair.ca);
    fixture->fds[0] = fixture->fds[1] = -1;
    *state = fixture;
    return 0;
}

static void hang_up(struct fixture *fixture)
{
    tls_stream_free(fixture->server);
    tls_stream_free(fixture->client);
    fixture->server = fixture->client = NULL;
    for (int i = 0; i < 2; i++) {
        if (fixture->fds[i] >= 0) {
            assert_int_equal(close(fixture->fds[i]), 0);
            fixture->fds[i] = -1;
        }
    }
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    hang_up(fixture);
    tls_context_free(fixture->server_context);
    tls_context_free(fixture->client_context);
    pair_close(&fixture->pair);
    free(fixture);
    return 0;
}

static void meet(struct fixture *fixture, const char *name)
{
    assert_int_equal(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fixture->fds), 0);
    fixture->server = tls_stream_new(fixture->server_context, fixture->fds[0], NULL);
    fixture->client = tls_stream_new(fixture->client_context, fixture->fds[1], name);
    assert_non_null(fixture->server);
    assert_non_null(fixture->client);
    tls_stream_allow(fixture->server, ALLOWED);
    tls_stream_allow(fixture->client, ALLOWED);
}

static bool is_going_on(enum tls_progress progress)
{
    return progress == TLS_WANTS_READ || progress == TLS_WANTS_WRITE;
}

/* Lets both go on until neither can; the client's progress. */
static enum tls_progress shake(struct fixture *fixture)
{
    enum tls_progress client = TLS_WANTS_READ;
    enum tls_progress server = TLS_WANTS_READ;
    for (int i = 0; i < STEPS && (is_going_on(client) || is_going_on(server)); i++) {
        client = is_going_on(client) ? tls_stream_handshake(fixture->client) : client;
        server = is_going_on(server) ? tls_stream_handshake(fixture->server) : server;
    }
    return client;
}

static void expect_trouble(struct fixture *fixture, const char *name, enum tls_trouble trouble,
                           const char *words)
{
    const char *detail = NULL;
    meet(fixture, name);
    assert_int_equal(shake(fixture), TLS_FAILED);
    assert_int_equal(tls_stream_trouble(fixture->client, &detail), trouble);
    assert_non_null(strstr(detail, words));
}

static void send_all(struct tls_stream *stream, const char *text)
{
    size_t sent = 0;
    assert_int_equal(tls_stream_write(stream, text, strlen(text), &sent), TLS_DONE);
    assert_int_equal(sent, strlen(text));
}

static void expect_text(struct tls_stream *stream, const char *text)
{
    char out[64] = "";
    size_t got = 0;
    assert_int_equal(tls_stream_read(stream, out, sizeof(out) - 1, &got), TLS_DONE);
    assert_int_equal(got, strlen(text));
    assert_string_equal(out, text);
}

/* accepts */

static void both_ends_talk_when_chain_date_and_name_are_good(void **state)
{
    struct fixture *fixture = *state;
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE);
    send_all(fixture->client, "how many points?");
    expect_text(fixture->server, "how many points?");
    send_all(fixture->server, "30");
    expect_text(fixture->client, "30");
}

static void a_second_handshake_is_resumed_by_the_ticket_of_the_first(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 2; i++) {
        meet(fixture, "localhost");
        assert_int_equal(shake(fixture), TLS_DONE);
        assert_int_equal(tls_stream_is_resumed(fixture->server), i == 1);
        send_all(fixture->server, "x");
        expect_text(fixture->client, "x"); /* and the ticket before it */
        hang_up(fixture);
    }
}

static void an_address_is_a_name_too(void **state)
{
    struct fixture *fixture = *state;
    tls_context_free(fixture->server_context);
    pair_give_server(&fixture->pair, "192.0.2.7", 10);
    fixture->server_context = pair_server_context(&fixture->pair, NULL);
    meet(fixture, "192.0.2.7");
    assert_int_equal(shake(fixture), TLS_DONE);
}

static void a_stream_outlives_its_context(void **state)
{
    struct fixture *fixture = *state;
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE);
    tls_context_free(fixture->server_context);
    tls_context_free(fixture->client_context);
    fixture->server_context = fixture->client_context = NULL;
    send_all(fixture->server, "x");
    expect_text(fixture->client, "x");
}

static void the_socket_is_left_alone_beyond_the_bytes_allowed(void **state)
{
    struct fixture *fixture = *state;
    char out[64];
    size_t got = 0;
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE);
    send_all(fixture->client, "one");
    send_all(fixture->client, "two");
    tls_stream_allow(fixture->server, 10);
    assert_int_equal(tls_stream_read(fixture->server, out, sizeof(out), &got), TLS_WANTS_READ);
    tls_stream_allow(fixture->server, ALLOWED);
    expect_text(fixture->server, "one");
    expect_text(fixture->server, "two");
    assert_int_equal(tls_stream_read(fixture->server, out, sizeof(out), &got), TLS_WANTS_READ);
}

static void a_full_socket_takes_the_rest_later(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t data[4 << 20];
    static uint8_t out[65536];
    size_t sent_total = 0;
    size_t got_total = 0;
    size_t waits = 0;
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 >> 3);
    }
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE);
    while (got_total < sizeof(data)) {
        size_t moved = 0;
        enum tls_progress progress = TLS_DONE;
        while (progress == TLS_DONE && sent_total < sizeof(data)) {
            progress = tls_stream_write(fixture->client, data + sent_total,
                                        sizeof(data) - sent_total, &moved);
            sent_total += moved;
        }
        waits += progress == TLS_WANTS_WRITE;
        do {
            tls_stream_allow(fixture->server, ALLOWED);
            progress = tls_stream_read(fixture->server, out, sizeof(out), &moved);
            assert_memory_equal(out, data + got_total, moved);
            got_total += moved;
        } while (progress == TLS_DONE);
        assert_int_equal(progress, TLS_WANTS_READ);
    }
    assert_int_equal(sent_total, sizeof(data));
    assert_true(waits > 0);
}

static void an_orderly_end_is_told_from_a_cut(void **state)
{
    struct fixture *fixture = *state;
    char out[8];
    size_t got = 0;
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE);
    assert_int_equal(tls_stream_end(fixture->client), TLS_DONE);
    assert_int_equal(tls_stream_read(fixture->server, out, sizeof(out), &got), TLS_ENDED);
    send_all(fixture->server, "late"); /* the other direction stays open */
    expect_text(fixture->client, "late");
    assert_int_equal(close(fixture->fds[0]), 0);
    fixture->fds[0] = -1;
    assert_int_equal(tls_stream_read(fixture->client, out, sizeof(out), &got), TLS_LOST);
}

/* rejects */

static void a_server_of_another_authority_is_not_trusted(void **state)
{
    struct fixture *fixture = *state;
    struct tls_pem other;
    pair_issue(NULL, TLS_USE_AUTHORITY, "another authority", 100, &other);
    pair_write(fixture->pair.ca, other.certificate);
    tls_context_free(fixture->client_context);
    fixture->client_context = pair_client_context(fixture->pair.ca);
    expect_trouble(fixture, "localhost", TLS_TROUBLE_AUTHORITY_UNKNOWN, "test authority");
}

static void a_name_that_is_not_in_the_certificate_is_refused(void **state)
{
    expect_trouble(*state, "lovebank.example", TLS_TROUBLE_NAME, "localhost");
}

static void an_address_that_is_not_in_the_certificate_is_refused(void **state)
{
    expect_trouble(*state, "127.0.0.1", TLS_TROUBLE_NAME, "localhost");
}

static void an_expired_certificate_is_refused_with_its_date(void **state)
{
    struct fixture *fixture = *state;
    tls_context_free(fixture->server_context);
    pair_give_server(&fixture->pair, "localhost", -1);
    fixture->server_context = pair_server_context(&fixture->pair, NULL);
    expect_trouble(fixture, "localhost", TLS_TROUBLE_EXPIRED, "UTC");
}

static void a_certificate_for_devices_does_not_make_a_server(void **state)
{
    struct fixture *fixture = *state;
    struct tls_pem pem;
    tls_context_free(fixture->server_context);
    pair_issue(&fixture->pair.authority, TLS_USE_DEVICE, "localhost", 10, &pem);
    pair_write(fixture->pair.certificate, pem.certificate);
    pair_write(fixture->pair.key, pem.key);
    fixture->server_context = pair_server_context(&fixture->pair, NULL);
    expect_trouble(fixture, "localhost", TLS_TROUBLE_OTHER, "purpose");
}

static void a_client_without_a_certificate_is_told_when_one_is_wanted(void **state)
{
    struct fixture *fixture = *state;
    const char *detail = NULL;
    char out[8];
    size_t got = 0;
    tls_context_free(fixture->server_context);
    fixture->server_context = pair_server_context(&fixture->pair, fixture->pair.ca);
    meet(fixture, "localhost");
    assert_int_equal(shake(fixture), TLS_DONE); /* the client has done its part */
    assert_int_equal(tls_stream_read(fixture->client, out, sizeof(out), &got), TLS_FAILED);
    assert_int_equal(tls_stream_trouble(fixture->client, &detail), TLS_TROUBLE_OWN_CERTIFICATE);
}

static void what_is_not_tls_is_refused_by_either_end(void **state)
{
    struct fixture *fixture = *state;
    static const char garbage[] = "GET / HTTP/1.1\r\n\r\n and some more to fill a record";
    const char *detail = NULL;
    meet(fixture, "localhost");
    assert_int_equal(send(fixture->fds[1], garbage, sizeof(garbage), 0), sizeof(garbage));
    assert_int_equal(tls_stream_handshake(fixture->server), TLS_FAILED);
    hang_up(fixture);
    meet(fixture, "localhost");
    assert_int_equal(tls_stream_handshake(fixture->client), TLS_WANTS_READ);
    assert_int_equal(send(fixture->fds[0], garbage, sizeof(garbage), 0), sizeof(garbage));
    assert_int_equal(tls_stream_handshake(fixture->client), TLS_FAILED);
    assert_int_equal(tls_stream_trouble(fixture->client, &detail), TLS_TROUBLE_NOT_TLS);
}

static void a_name_that_cannot_be_one_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_null(tls_stream_new(fixture->client_context, 0, ""));
}

static void files_that_cannot_be_used_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct tls_pem other;
    char error[TLS_ERROR_BYTES] = "";
    const struct tls_files files = {.certificate = fixture->pair.certificate,
                                    .private_key = fixture->pair.key};
    pair_issue(NULL, TLS_USE_AUTHORITY, "another", 10, &other);
    pair_write(fixture->pair.key, other.key);
    assert_null(tls_context_new_server(&files, error));
    assert_non_null(strstr(error, "server.key"));
    pair_write(fixture->pair.certificate, "nonsense");
    assert_null(tls_context_new_server(&files, error));
    assert_non_null(strstr(error, "server.pem"));
    const struct tls_files missing = {.authorities = "/nonexistent/ca.pem"};
    assert_null(tls_context_new_client(&missing, error));
    assert_non_null(strstr(error, "/nonexistent/ca.pem"));
}

/* faults */

static void nothing_more_is_asked_of_a_stream_that_failed(void **state)
{
    struct fixture *fixture = *state;
    char out[8];
    size_t moved = 0;
    expect_trouble(fixture, "elsewhere", TLS_TROUBLE_NAME, "");
    assert_int_equal(tls_stream_read(fixture->client, out, sizeof(out), &moved), TLS_LOST);
    assert_int_equal(tls_stream_write(fixture->client, "x", 1, &moved), TLS_LOST);
    assert_int_equal(tls_stream_end(fixture->client), TLS_LOST);
}

static void a_peer_that_goes_away_is_lost_at_every_stage(void **state)
{
    struct fixture *fixture = *state;
    meet(fixture, "localhost");
    assert_int_equal(close(fixture->fds[1]), 0);
    fixture->fds[1] = -1;
    assert_int_equal(tls_stream_handshake(fixture->server), TLS_LOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(both_ends_talk_when_chain_date_and_name_are_good),
        TEST(a_second_handshake_is_resumed_by_the_ticket_of_the_first),
        TEST(an_address_is_a_name_too),
        TEST(a_stream_outlives_its_context),
        TEST(the_socket_is_left_alone_beyond_the_bytes_allowed),
        TEST(a_full_socket_takes_the_rest_later),
        TEST(an_orderly_end_is_told_from_a_cut),
        TEST(a_server_of_another_authority_is_not_trusted),
        TEST(a_name_that_is_not_in_the_certificate_is_refused),
        TEST(an_address_that_is_not_in_the_certificate_is_refused),
        TEST(an_expired_certificate_is_refused_with_its_date),
        TEST(a_certificate_for_devices_does_not_make_a_server),
        TEST(a_client_without_a_certificate_is_told_when_one_is_wanted),
        TEST(what_is_not_tls_is_refused_by_either_end),
        TEST(a_name_that_cannot_be_one_is_refused),
        TEST(files_that_cannot_be_used_are_named),
        TEST(nothing_more_is_asked_of_a_stream_that_failed),
        TEST(a_peer_that_goes_away_is_lost_at_every_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
