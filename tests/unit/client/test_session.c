/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The blocking session against a server of frames that runs on a thread of its own.
 */
#include "fake_server.h"

#include "lovebank/client.h"

#include <pthread.h>

struct fixture {
    struct fake_server server;
    struct event *stop;
    int stop_pipe[2];
    pthread_t thread;
    struct lb_session *session;
};

static void on_stop(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    (void)event_base_loopbreak(context);
}

static void *serve(void *context)
{
    struct fixture *fixture = context;
    (void)event_base_dispatch(fixture->server.base);
    return NULL;
}

/* Entry numbers as answers; a status request is refused. */
static void answer(struct fake_server *server, const struct fake_request *request)
{
    Lovebank__V1__EntryGetResponse response = LOVEBANK__V1__ENTRY_GET_RESPONSE__INIT;
    uint8_t packed[64];
    if (request->header.method == LB_METHOD_STATUS) {
        fake_refuse(server, request->header.request_id, request->header.method, LB_TRY_LATER, 7);
        return;
    }
    Lovebank__V1__EntryGetRequest *asked = lovebank__v1__entry_get_request__unpack(
        NULL, request->header.payload_bytes, request->payload);
    response.tree_size = asked == NULL || asked->target == NULL ? 0 : asked->target->entry;
    lovebank__v1__entry_get_request__free_unpacked(asked, NULL);
    size_t size = lovebank__v1__entry_get_response__pack(&response, packed);
    fake_send(server, LB_FRAME_RESPONSE, request->header.request_id, request->header.method, packed,
              size);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_open(&fixture->server);
    fixture->server.on_request = answer;
    assert_int_equal(pipe(fixture->stop_pipe), 0);
    fixture->stop = event_new(fixture->server.base, fixture->stop_pipe[0], EV_READ, on_stop,
                              fixture->server.base);
    assert_int_equal(event_add(fixture->stop, NULL), 0);
    assert_int_equal(pthread_create(&fixture->thread, NULL, serve, fixture), 0);
    const struct lb_client_config config = {.address = fixture->server.address};
    assert_int_equal(lb_session_open(&config, &fixture->session), LB_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    lb_session_close(fixture->session);
    assert_int_equal(write(fixture->stop_pipe[1], "x", 1), 1);
    assert_int_equal(pthread_join(fixture->thread, NULL), 0);
    event_free(fixture->stop);
    (void)close(fixture->stop_pipe[0]);
    (void)close(fixture->stop_pipe[1]);
    fake_close(&fixture->server);
    free(fixture);
    return 0;
}

static Lovebank__V1__EntryGetRequest request_of(Lovebank__V1__EntryRef *ref, uint64_t entry)
{
    Lovebank__V1__EntryGetRequest request = LOVEBANK__V1__ENTRY_GET_REQUEST__INIT;
    lovebank__v1__entry_ref__init(ref);
    ref->entry = entry;
    request.target = ref;
    return request;
}

static uint64_t take_number(ProtobufCMessage *message)
{
    assert_non_null(message);
    uint64_t number = ((Lovebank__V1__EntryGetResponse *)message)->tree_size;
    protobuf_c_message_free_unpacked(message, NULL);
    return number;
}

static void a_call_waits_for_its_message(void **state)
{
    struct fixture *fixture = *state;
    Lovebank__V1__EntryRef ref;
    const Lovebank__V1__EntryGetRequest request = request_of(&ref, 42);
    ProtobufCMessage *response = NULL;
    assert_int_equal(lb_session_call(fixture->session, LB_METHOD_ENTRY_GET, &request.base,
                                     &lovebank__v1__entry_get_response__descriptor, &response),
                     LB_OK);
    assert_int_equal(take_number(response), 42);
}

static void submitted_requests_are_answered_in_order_with_calls_between(void **state)
{
    struct fixture *fixture = *state;
    Lovebank__V1__EntryRef ref;
    ProtobufCMessage *response = NULL;
    for (uint64_t i = 1; i <= 3; i++) {
        const Lovebank__V1__EntryGetRequest request = request_of(&ref, i);
        assert_int_equal(lb_session_submit(fixture->session, LB_METHOD_ENTRY_GET, &request.base),
                         LB_OK);
    }
    const Lovebank__V1__EntryGetRequest between = request_of(&ref, 99);
    assert_int_equal(lb_session_call(fixture->session, LB_METHOD_ENTRY_GET, &between.base,
                                     &lovebank__v1__entry_get_response__descriptor, &response),
                     LB_OK);
    assert_int_equal(take_number(response), 99);
    for (uint64_t i = 1; i <= 3; i++) {
        assert_int_equal(lb_session_submitted_count(fixture->session), 4 - i);
        assert_int_equal(lb_session_next(fixture->session,
                                         &lovebank__v1__entry_get_response__descriptor, &response),
                         LB_OK);
        assert_int_equal(take_number(response), i);
    }
}

static void a_refusal_gives_its_numbers_and_no_message(void **state)
{
    struct fixture *fixture = *state;
    const Lovebank__V1__StatusRequest request = LOVEBANK__V1__STATUS_REQUEST__INIT;
    ProtobufCMessage *response = NULL;
    assert_int_equal(lb_session_call(fixture->session, LB_METHOD_STATUS, &request.base,
                                     &lovebank__v1__status_response__descriptor, &response),
                     LB_TRY_LATER);
    assert_null(response);
    assert_int_equal(lb_session_numbers(fixture->session)[0], 7);
}

static void closing_drops_what_was_submitted(void **state)
{
    struct fixture *fixture = *state;
    Lovebank__V1__EntryRef ref;
    const Lovebank__V1__EntryGetRequest request = request_of(&ref, 1);
    assert_int_equal(lb_session_submit(fixture->session, LB_METHOD_ENTRY_GET, &request.base),
                     LB_OK);
    assert_int_equal(lb_session_submitted_count(fixture->session), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_call_waits_for_its_message),
        TEST(submitted_requests_are_answered_in_order_with_calls_between),
        TEST(a_refusal_gives_its_numbers_and_no_message),
        TEST(closing_drops_what_was_submitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
