/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The asynchronous client against a server of frames on the same event base: every step is turned
 * by hand, nothing is waited for by sleeping.
 */
#include "fake_server.h"

#include "lovebank/client.h"

#define TURNS_MAX 2000
#define TRIES_MAX 16 /* of calls with a short deadline: a busy machine may be late */

/* What became of a call. */
struct outcome {
    bool is_done;
    int result;
    int64_t number;
    char payload[64];
    size_t payload_bytes;
};

struct fixture {
    struct fake_server server;
    struct lb_client *client;
};

static void outcome_take(void *context, const struct lb_reply *reply)
{
    struct outcome *outcome = context;
    assert_false(outcome->is_done);
    outcome->is_done = true;
    outcome->result = reply->result;
    outcome->number = reply->numbers[0];
    assert_true(reply->payload_bytes <= sizeof(outcome->payload));
    outcome->payload_bytes = reply->payload_bytes;
    if (reply->payload_bytes > 0) {
        memcpy(outcome->payload, reply->payload, reply->payload_bytes);
    }
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_open(&fixture->server);
    const struct lb_client_config config = {
        .address = fixture->server.address,
        .name = "test/1",
        .call_ms = 5000,
        .patience_ms = 300,
        .first_ms = 100,
        .pause_first_ms = 1,
        .pause_max_ms = 5,
    };
    assert_int_equal(lb_client_new(fixture->server.base, &config, &fixture->client), LB_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    lb_client_free(fixture->client);
    fake_close(&fixture->server);
    free(fixture);
    return 0;
}

static void call(struct fixture *fixture, const char *text, struct outcome *outcome)
{
    assert_int_equal(lb_client_call(fixture->client, LB_METHOD_STATUS, text, strlen(text),
                                    outcome_take, outcome),
                     LB_OK);
}

static void turn_until_done(struct fixture *fixture, const struct outcome *outcome)
{
    for (int i = 0; i < TURNS_MAX && !outcome->is_done; i++) {
        assert_int_equal(event_base_loop(fixture->server.base, EVLOOP_ONCE), 0);
    }
    assert_true(outcome->is_done);
}

static void turn_until_requests(struct fixture *fixture, size_t count)
{
    for (int i = 0; i < TURNS_MAX && fixture->server.request_count < count; i++) {
        assert_int_equal(event_base_loop(fixture->server.base, EVLOOP_ONCE), 0);
    }
    assert_int_equal(fixture->server.request_count, count);
}

/* accepts */

static void a_call_is_answered_after_the_greeting(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    fixture->server.on_request = fake_echo;
    call(fixture, "hello", &outcome);
    assert_int_equal(lb_client_call_count(fixture->client), 1);
    turn_until_done(fixture, &outcome);
    assert_int_equal(outcome.result, LB_OK);
    assert_memory_equal(outcome.payload, "hello", 5);
    assert_int_equal(fixture->server.hello_count, 1);
    assert_string_equal(fixture->server.client_name, "test/1");
    assert_int_equal(lb_client_call_count(fixture->client), 0);
}

static void a_token_goes_with_every_greeting(void **state)
{
    struct fixture *fixture = *state;
    uint8_t token[LB_TOKEN_BYTES];
    struct outcome first = {0};
    struct outcome second = {0};
    memset(token, 7, sizeof(token));
    const struct lb_client_config config = {.address = fixture->server.address, .token = token};
    lb_client_free(fixture->client);
    assert_int_equal(lb_client_new(fixture->server.base, &config, &fixture->client), LB_OK);
    memset(token, 0, sizeof(token)); /* it was copied */
    assert_int_equal(lb_client_token_result(fixture->client), LB_OK);
    fixture->server.on_request = fake_echo;
    call(fixture, "one", &first);
    turn_until_done(fixture, &first);
    memset(token, 7, sizeof(token));
    assert_int_equal(fixture->server.token_bytes, sizeof(token));
    assert_memory_equal(fixture->server.token, token, sizeof(token));
    assert_int_equal(lb_client_token_result(fixture->client), LB_OK);
    fixture->server.token_code = LB_SESSION_EXPIRED;
    fixture->server.token_bytes = 0;
    fake_cut(&fixture->server);
    call(fixture, "two", &second);
    turn_until_done(fixture, &second);
    assert_int_equal(fixture->server.token_bytes, sizeof(token));
    assert_int_equal(lb_client_token_result(fixture->client), LB_SESSION_EXPIRED);
}

static void without_a_token_none_is_sent(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    fixture->server.on_request = fake_echo;
    call(fixture, "hello", &outcome);
    turn_until_done(fixture, &outcome);
    assert_int_equal(fixture->server.token_bytes, 0);
}

static void answers_may_come_in_any_order(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first = {0};
    struct outcome second = {0};
    call(fixture, "one", &first);
    call(fixture, "two", &second);
    turn_until_requests(fixture, 2);
    fake_echo(&fixture->server, &fixture->server.requests[1]);
    turn_until_done(fixture, &second);
    assert_false(first.is_done);
    fake_echo(&fixture->server, &fixture->server.requests[0]);
    turn_until_done(fixture, &first);
    assert_memory_equal(first.payload, "one", 3);
    assert_memory_equal(second.payload, "two", 3);
}

static void unanswered_requests_are_sent_again_with_the_same_bytes_after_a_loss(void **state)
{
    struct fixture *fixture = *state;
    struct outcome answered = {0};
    struct outcome second = {0};
    struct outcome third = {0};
    call(fixture, "one", &answered);
    call(fixture, "two", &second);
    call(fixture, "three", &third);
    turn_until_requests(fixture, 3);
    fake_echo(&fixture->server, &fixture->server.requests[0]);
    turn_until_done(fixture, &answered);
    fake_cut(&fixture->server);
    fixture->server.on_request = fake_echo;
    turn_until_done(fixture, &third);
    assert_true(second.is_done);
    assert_int_equal(fixture->server.hello_count, 2);
    assert_int_equal(fixture->server.request_count, 5); /* three, then the two without an answer */
    for (size_t i = 0; i < 2; i++) {
        const struct fake_request *before = &fixture->server.requests[1 + i];
        const struct fake_request *after = &fixture->server.requests[3 + i];
        assert_int_equal(before->header.request_id, after->header.request_id);
        assert_int_equal(before->header.payload_bytes, after->header.payload_bytes);
        assert_memory_equal(before->payload, after->payload, before->header.payload_bytes);
    }
}

static void no_more_go_out_than_the_server_takes_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcomes[4] = {{0}};
    fixture->server.in_flight_max = 2;
    for (size_t i = 0; i < 4; i++) {
        call(fixture, "x", &outcomes[i]);
    }
    turn_until_requests(fixture, 2);
    assert_int_equal(event_base_loop(fixture->server.base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(fixture->server.request_count, 2);
    fake_echo(&fixture->server, &fixture->server.requests[0]);
    turn_until_requests(fixture, 3);
    fixture->server.on_request = fake_echo;
    fake_echo(&fixture->server, &fixture->server.requests[1]);
    fake_echo(&fixture->server, &fixture->server.requests[2]);
    turn_until_done(fixture, &outcomes[3]);
}

static void a_call_after_an_idle_loss_connects_again(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first = {0};
    struct outcome second = {0};
    fixture->server.on_request = fake_echo;
    call(fixture, "one", &first);
    turn_until_done(fixture, &first);
    fake_cut(&fixture->server);
    assert_int_equal(event_base_loop(fixture->server.base, EVLOOP_NONBLOCK), 0);
    call(fixture, "two", &second);
    turn_until_done(fixture, &second);
    assert_int_equal(second.result, LB_OK);
    assert_int_equal(fixture->server.hello_count, 2);
}

static void a_server_that_is_shutting_down_is_asked_again_after_its_restart(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    call(fixture, "one", &outcome);
    turn_until_requests(fixture, 1);
    fake_refuse(&fixture->server, 0, LB_FRAME_METHOD_NONE, LB_SHUTTING_DOWN, 0);
    fixture->server.on_request = fake_echo;
    turn_until_done(fixture, &outcome);
    assert_int_equal(outcome.result, LB_OK);
    assert_int_equal(fixture->server.hello_count, 2);
}

/* rejects */

static void an_error_frame_ends_its_call_with_its_numbers(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    call(fixture, "one", &outcome);
    turn_until_requests(fixture, 1);
    fake_refuse(&fixture->server, fixture->server.requests[0].header.request_id, LB_METHOD_STATUS,
                LB_METHOD_UNKNOWN, 3);
    turn_until_done(fixture, &outcome);
    assert_int_equal(outcome.result, LB_METHOD_UNKNOWN);
    assert_int_equal(outcome.number, 3);
}

static void a_refused_greeting_ends_all_calls(void **state)
{
    struct fixture *fixture = *state;
    struct outcome first = {0};
    struct outcome second = {0};
    fixture->server.hello_code = LB_VERSION_MISMATCH;
    call(fixture, "one", &first);
    call(fixture, "two", &second);
    turn_until_done(fixture, &second);
    assert_int_equal(first.result, LB_VERSION_MISMATCH);
    assert_int_equal(first.number, LB_PROTOCOL_VERSION);
    assert_int_equal(second.result, LB_VERSION_MISMATCH);
    assert_int_equal(fixture->server.request_count, 0);
}

static void addresses_of_another_form_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const bad[] = {"",          "unix:",      "tcp:",           "tcp:host",
                                      "tcp:host:", "tcp:host:0", "tcp:host:65536", "tcp:::1:80",
                                      "http://x",  "tcp:host:8x"};
    struct lb_client *client = NULL;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct lb_client_config config = {.address = bad[i]};
        assert_int_equal(lb_client_new(fixture->server.base, &config, &client), LB_CONFIG_INVALID);
        assert_null(client);
    }
    static const char *const good[] = {"unix:/x", "tcp:localhost:1", "tcp:[::1]:65535"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const struct lb_client_config config = {.address = good[i]};
        assert_int_equal(lb_client_new(fixture->server.base, &config, &client), LB_OK);
        lb_client_free(client);
    }
}

/* faults */

static void a_silent_server_meets_the_deadline(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    const struct lb_client_config config = {.address = fixture->server.address, .call_ms = 20};
    lb_client_free(fixture->client);
    assert_int_equal(lb_client_new(fixture->server.base, &config, &fixture->client), LB_OK);
    for (int i = 0; i < TRIES_MAX && fixture->server.request_count == 0; i++) {
        outcome = (struct outcome){0};
        call(fixture, "one", &outcome);
        turn_until_done(fixture, &outcome);
        assert_int_equal(outcome.result, LB_DEADLINE);
        assert_int_equal(outcome.number, 20);
    }
    assert_true(fixture->server.request_count > 0);
    /* The answer that comes too late belongs to nobody, and the connection goes on. */
    struct outcome second = {.result = LB_DEADLINE};
    fake_echo(&fixture->server, &fixture->server.requests[0]);
    fixture->server.on_request = fake_echo;
    for (int i = 0; i < TRIES_MAX && second.result == LB_DEADLINE; i++) {
        second = (struct outcome){0};
        call(fixture, "two", &second);
        turn_until_done(fixture, &second);
    }
    assert_memory_equal(second.payload, "two", 3);
    assert_int_equal(fixture->server.hello_count, 1);
}

static void a_server_that_is_not_there_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    fake_stop_listening(&fixture->server);
    call(fixture, "one", &outcome);
    turn_until_done(fixture, &outcome);
    assert_int_equal(outcome.result, LB_UNREACHABLE);
    assert_int_equal(lb_client_call_count(fixture->client), 0);
}

static void cut_on_request(struct fake_server *server, const struct fake_request *request)
{
    (void)request;
    server->request_count = 0;
    fake_cut(server);
}

static void a_server_that_cuts_at_every_request_is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    fixture->server.on_request = cut_on_request;
    call(fixture, "one", &outcome);
    turn_until_done(fixture, &outcome);
    assert_int_equal(outcome.result, LB_UNREACHABLE);
    assert_true(fixture->server.hello_count > 1);
}

static void bytes_that_are_no_frame_are_told_as_malformed(void **state)
{
    struct fixture *fixture = *state;
    struct outcome outcome = {0};
    static const uint8_t garbage[LB_FRAME_HEADER_BYTES] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 3, 9, 9};
    call(fixture, "one", &outcome);
    for (int i = 0; i < TURNS_MAX && !outcome.is_done; i++) {
        size_t had = fixture->server.request_count;
        assert_int_equal(event_base_loop(fixture->server.base, EVLOOP_ONCE), 0);
        if (fixture->server.request_count > had && fixture->server.fd >= 0) {
            (void)send(fixture->server.fd, garbage, sizeof(garbage), MSG_NOSIGNAL);
            fixture->server.request_count = 0;
        }
    }
    assert_true(outcome.is_done);
    assert_int_equal(outcome.result, LB_MALFORMED);
}

static void freeing_a_client_ends_its_calls(void **state)
{
    struct fixture *fixture = *state;
    struct outcome waiting = {0};
    struct outcome sent = {0};
    call(fixture, "one", &sent);
    turn_until_requests(fixture, 1);
    call(fixture, "two", &waiting);
    lb_client_free(fixture->client);
    fixture->client = NULL;
    assert_int_equal(sent.result, LB_SHUTTING_DOWN);
    assert_int_equal(waiting.result, LB_SHUTTING_DOWN);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_answered_after_the_greeting),
        TEST(a_token_goes_with_every_greeting),
        TEST(without_a_token_none_is_sent),
        TEST(answers_may_come_in_any_order),
        TEST(unanswered_requests_are_sent_again_with_the_same_bytes_after_a_loss),
        TEST(no_more_go_out_than_the_server_takes_at_once),
        TEST(a_call_after_an_idle_loss_connects_again),
        TEST(a_server_that_is_shutting_down_is_asked_again_after_its_restart),
        TEST(an_error_frame_ends_its_call_with_its_numbers),
        TEST(a_refused_greeting_ends_all_calls),
        TEST(addresses_of_another_form_are_refused),
        TEST(a_silent_server_meets_the_deadline),
        TEST(a_server_that_is_not_there_is_given_up),
        TEST(a_server_that_cuts_at_every_request_is_given_up),
        TEST(bytes_that_are_no_frame_are_told_as_malformed),
        TEST(freeing_a_client_ends_its_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
