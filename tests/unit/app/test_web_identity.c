/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What answers change in cookies: a token goes into the cookie or into the answer, never both.
 */
#include "app/tokens.h"
#include "app/web_identity.h"
#include "lovebank/client.h"

#include <lovebank/v1/services.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES_MAX 10000

struct fixture {
    struct web_queue queue;
    struct web_item *item;
};

/* An item that was asked and answered with nothing yet, by somebody who wants cookies. */
static int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    const struct http_request request = {.credentials = {.wants_cookies = true}};
    assert_non_null(fixture);
    assert_int_equal(web_queue_init(&fixture->queue, 1, BYTES_MAX), LB_OK);
    fixture->item = web_queue_take(&fixture->queue, &request);
    assert_non_null(fixture->item);
    fixture->item->kind = LB_FRAME_RESPONSE;
    *state = fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    web_queue_give(&fixture->queue, fixture->item);
    web_queue_fini(&fixture->queue);
    free(fixture);
    return 0;
}

static uint8_t some_token[LB_TOKEN_BYTES + 1] = "a token of thirty-two bytes here";

static void set_message(struct fixture *fixture, struct web_bytes *bytes,
                        const ProtobufCMessage *message)
{
    uint8_t packed[512];
    assert_in_range(protobuf_c_message_get_packed_size(message), 0, sizeof(packed));
    const size_t size = protobuf_c_message_pack(message, packed);
    assert_true(web_bytes_set(&fixture->queue, bytes, bytes_of(packed, size)));
}

static void answer_login(struct fixture *fixture, uint32_t code, size_t token_bytes)
{
    Lovebank__V1__LoginResponse response;
    lovebank__v1__login_response__init(&response);
    response.code = code;
    response.principal = 7;
    response.token = (ProtobufCBinaryData){token_bytes, some_token};
    fixture->item->method = LB_METHOD_LOGIN;
    set_message(fixture, &fixture->item->reply, &response.base);
}

static void answer_hello(struct fixture *fixture, size_t token_bytes, uint32_t token_code)
{
    Lovebank__V1__HelloRequest request;
    Lovebank__V1__HelloResponse response;
    lovebank__v1__hello_request__init(&request);
    lovebank__v1__hello_response__init(&response);
    request.token = (ProtobufCBinaryData){token_bytes, some_token};
    response.token_code = token_code;
    fixture->item->method = LB_METHOD_HELLO;
    set_message(fixture, &fixture->item->request, &request.base);
    set_message(fixture, &fixture->item->reply, &response.base);
}

static bool reply_holds_token(const struct web_item *item)
{
    return memmem(item->reply.data, item->reply.size, some_token, LB_TOKEN_BYTES) != NULL;
}

/* --- accepts --- */

static void a_log_in_puts_its_token_into_the_cookie_and_out_of_the_answer(void **state)
{
    struct fixture *fixture = *state;
    struct web_item *item = fixture->item;
    answer_login(fixture, LB_OK, LB_TOKEN_BYTES);
    assert_true(web_set_cookies(item));
    assert_int_equal(item->session_cookie, HTTP_COOKIE_SET);
    assert_int_equal(item->device_cookie, HTTP_COOKIE_KEEP);
    assert_memory_equal(item->cookie, some_token, LB_TOKEN_BYTES);
    assert_false(reply_holds_token(item));
    Lovebank__V1__LoginResponse *left =
        lovebank__v1__login_response__unpack(NULL, item->reply.size, item->reply.data);
    assert_non_null(left);
    assert_int_equal(left->principal, 7);
    assert_int_equal(left->token.len, 0);
    lovebank__v1__login_response__free_unpacked(left, NULL);
}

static void a_greeting_with_a_devices_token_sets_its_cookie(void **state)
{
    struct fixture *fixture = *state;
    answer_hello(fixture, LB_TOKEN_BYTES, LB_OK);
    fixture->item->connection.device = 3;
    assert_true(web_set_cookies(fixture->item));
    assert_int_equal(fixture->item->device_cookie, HTTP_COOKIE_SET);
    assert_int_equal(fixture->item->session_cookie, HTTP_COOKIE_KEEP);
    assert_memory_equal(fixture->item->cookie, some_token, LB_TOKEN_BYTES);
}

static void a_greeting_without_one_clears_it_and_a_log_out_the_sessions(void **state)
{
    struct fixture *fixture = *state;
    answer_hello(fixture, 0, LB_OK);
    assert_true(web_set_cookies(fixture->item));
    assert_int_equal(fixture->item->device_cookie, HTTP_COOKIE_CLEAR);
    fixture->item->device_cookie = HTTP_COOKIE_KEEP;
    fixture->item->method = LB_METHOD_LOGOUT;
    assert_true(web_set_cookies(fixture->item));
    assert_int_equal(fixture->item->session_cookie, HTTP_COOKIE_CLEAR);
    assert_int_equal(fixture->item->device_cookie, HTTP_COOKIE_KEEP);
}

/* --- rejects --- */

static void assert_no_cookies(struct web_item *item)
{
    assert_true(web_set_cookies(item));
    assert_int_equal(item->session_cookie, HTTP_COOKIE_KEEP);
    assert_int_equal(item->device_cookie, HTTP_COOKIE_KEEP);
}

static void who_wants_no_cookies_has_the_token_in_the_answer(void **state)
{
    struct fixture *fixture = *state;
    fixture->item->credentials.wants_cookies = false;
    answer_login(fixture, LB_OK, LB_TOKEN_BYTES);
    assert_no_cookies(fixture->item);
    assert_true(reply_holds_token(fixture->item));
}

static void a_log_in_that_is_refused_sets_nothing(void **state)
{
    struct fixture *fixture = *state;
    answer_login(fixture, LB_LOGIN_WRONG, 0);
    assert_no_cookies(fixture->item);
}

static void a_token_that_is_no_devices_becomes_no_cookie_of_one(void **state)
{
    struct fixture *fixture = *state;
    answer_hello(fixture, LB_TOKEN_BYTES, LB_SESSION_EXPIRED);
    assert_no_cookies(fixture->item);
    web_bytes_clear(&fixture->queue, &fixture->item->request);
    web_bytes_clear(&fixture->queue, &fixture->item->reply);
    answer_hello(fixture, LB_TOKEN_BYTES, LB_OK);
    fixture->item->connection.device = 3;
    fixture->item->connection.session.serial = 9; /* it was a session's, at that device */
    assert_no_cookies(fixture->item);
}

static void an_error_and_another_method_set_nothing(void **state)
{
    struct fixture *fixture = *state;
    answer_login(fixture, LB_OK, LB_TOKEN_BYTES);
    fixture->item->method = LB_METHOD_STATUS;
    assert_no_cookies(fixture->item);
    fixture->item->method = LB_METHOD_LOGOUT;
    fixture->item->kind = LB_FRAME_ERROR;
    assert_no_cookies(fixture->item);
}

/* --- names of requests --- */

static void names_of_requests_come_back_whole_and_are_told_apart(void **state)
{
    static const struct net_token net[] = {
        {.slot = 0, .place = 0, .serial = 1},
        {.slot = NET_CONNECTIONS_MAX, .place = UINT32_MAX, .serial = UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct rpc_token token = token_to_rpc(net[i]);
        const struct net_token back = token_to_net(token);
        assert_false(token_is_web(token));
        assert_int_equal(back.slot, net[i].slot);
        assert_int_equal(back.place, net[i].place);
        assert_true(back.serial == net[i].serial);
    }
    const struct rpc_token token = token_of_web(UINT32_MAX, UINT64_MAX - 1);
    assert_true(token_is_web(token));
    assert_int_equal(token_web_place(token), UINT32_MAX);
    assert_true(token_web_serial(token) == UINT64_MAX - 1);
}

#define ON_ITEM(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_ITEM(a_log_in_puts_its_token_into_the_cookie_and_out_of_the_answer),
        ON_ITEM(a_greeting_with_a_devices_token_sets_its_cookie),
        ON_ITEM(a_greeting_without_one_clears_it_and_a_log_out_the_sessions),
        ON_ITEM(who_wants_no_cookies_has_the_token_in_the_answer),
        ON_ITEM(a_log_in_that_is_refused_sets_nothing),
        ON_ITEM(a_token_that_is_no_devices_becomes_no_cookie_of_one),
        ON_ITEM(an_error_and_another_method_set_nothing),
        cmocka_unit_test(names_of_requests_come_back_whole_and_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
