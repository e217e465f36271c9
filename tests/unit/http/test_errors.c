/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Results in the words of the Connect protocol.
 */
#include "../../../server/http/src/errors.h"

#include <jansson.h>
#include <lovebank/v1/results.pb-c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const enum lb_result all_results[] = {
#define X(symbol, number, name, class, recorded, zh, en) LB_##symbol,
    LB_RESULT_LIST(X)
#undef X
};

static json_t *print(const struct http_error *error)
{
    char memory[HTTP_ERROR_BYTES_MAX];
    struct http_text text = http_text_of(memory, sizeof(memory));
    http_error_print(error, &text);
    assert_false(text.is_cut);
    json_t *value = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    return value;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

/* --- accepts --- */

static void every_result_prints_as_an_error_with_its_detail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(all_results) / sizeof(all_results[0]); i++) {
        struct http_error error = http_error_of(all_results[i]);
        error.number_count = 3;
        error.numbers[0] = INT64_MIN;
        error.numbers[1] = INT64_MAX;
        json_t *value = print(&error);
        assert_string_equal(text_of(value, "code"), http_code_name(error.code));
        const json_t *detail = json_array_get(json_object_get(value, "details"), 0);
        const json_t *debug = json_object_get(detail, "debug");
        if (all_results[i] != LB_OK) {
            assert_string_equal(text_of(detail, "type"), "lovebank.v1.ErrorDetail");
            assert_string_equal(text_of(debug, "name"), lb_result_name((int)all_results[i]));
            assert_null(strpbrk(text_of(debug, "en"), "{}[]"));
        }
        json_decref(value);
    }
}

static void codes_have_the_status_that_the_protocol_gives_them(void **state)
{
    static const struct {
        enum lb_result result;
        const char *code;
        int status;
    } rows[] = {
        {LB_MALFORMED, "invalid_argument", 400},
        {LB_METHOD_UNKNOWN, "unimplemented", 501},
        {LB_LOGIN_REQUIRED, "unauthenticated", 401},
        {LB_SESSION_EXPIRED, "unauthenticated", 401},
        {LB_UNAUTHORISED, "permission_denied", 403},
        {LB_OUT_OF_SCOPE, "permission_denied", 403},
        {LB_FRAME_TOO_LARGE, "resource_exhausted", 429},
        {LB_MEMBER_UNKNOWN, "not_found", 404},
        {LB_ALREADY_EXISTS, "already_exists", 409},
        {LB_TRY_LATER, "unavailable", 503},
        {LB_SHUTTING_DOWN, "unavailable", 503},
        {LB_DEADLINE, "deadline_exceeded", 504},
        {LB_STORAGE_CORRUPT, "data_loss", 500},
        {LB_INTERNAL, "internal", 500},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct http_error error = http_error_of(rows[i].result);
        assert_string_equal(http_code_name(error.code), rows[i].code);
        assert_int_equal(http_error_status(&error), rows[i].status);
    }
}

static void every_result_but_done_has_a_code_of_its_own_choice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(all_results) / sizeof(all_results[0]); i++) {
        const enum http_code code = http_code_of_result((uint32_t)all_results[i]);
        assert_int_equal(code == HTTP_CODE_UNKNOWN, all_results[i] == LB_OK);
        assert_in_range(http_code_status(code), 400, 599);
    }
}

static void an_error_frame_brings_its_numbers(void **state)
{
    const struct lb_frame_error frame = {
        .result = LB_LOGIN_DELAYED, .number_count = 1, .numbers = {30}};
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    (void)state;
    const size_t size = lb_frame_error_encode(&frame, payload);
    const struct http_error error = http_error_of_frame(bytes_of(payload, size));
    json_t *value = print(&error);
    assert_string_equal(text_of(value, "code"), "resource_exhausted");
    assert_non_null(strstr(text_of(value, "message"), "30"));
    assert_non_null(strstr(text_of(value, "message"), " / "));
    json_decref(value);
}

static void the_sentence_is_the_terminals(void **state)
{
    struct http_error error = http_error_of(LB_POINTS_INSUFFICIENT);
    (void)state;
    error.number_count = 2;
    error.numbers[0] = 1550;
    error.numbers[1] = 2000;
    json_t *value = print(&error);
    assert_string_equal(text_of(value, "message"),
                        "积分不够：需 20，现有 15.5。请少兑一些 / "
                        "not enough points: needs 20, has 15.5; redeem less");
    json_decref(value);
}

static void an_error_of_our_own_has_no_detail(void **state)
{
    const struct http_error error = {
        .code = HTTP_CODE_INVALID_ARGUMENT, .status = 415, .zh = "\xe4\xb8\xad\"", .en = "a\\\n"};
    (void)state;
    json_t *value = print(&error);
    assert_int_equal(http_error_status(&error), 415);
    assert_string_equal(text_of(value, "message"), "\xe4\xb8\xad\" / a\\\n");
    assert_null(json_object_get(value, "details"));
    json_decref(value);
}

static void base64_is_as_the_protocol_wants_it(void **state)
{
    static const char *const pairs[][2] = {
        {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}};
    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char memory[16];
        struct http_text text = http_text_of(memory, sizeof(memory));
        http_text_add_base64(&text, bytes_of_text(pairs[i][0]));
        assert_true(bytes_equal(http_text_bytes(&text), bytes_of_text(pairs[i][1])));
    }
}

/* --- rejects --- */

static void what_is_no_error_frame_is_an_internal_error(void **state)
{
    (void)state;
    assert_int_equal(http_error_of_frame(BYTES_LITERAL("abc")).result, LB_INTERNAL);
}

static void a_result_of_a_newer_list_is_unknown(void **state)
{
    const struct lb_frame_error frame = {.result = 4000000000};
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    (void)state;
    const size_t size = lb_frame_error_encode(&frame, payload);
    const struct http_error error = http_error_of_frame(bytes_of(payload, size));
    json_t *value = print(&error);
    assert_string_equal(text_of(value, "code"), "unknown");
    assert_int_equal(http_error_status(&error), 500);
    json_decref(value);
}

/* --- faults --- */

static void a_text_without_room_says_so_and_stays_within(void **state)
{
    char memory[8];
    struct http_text text = http_text_of(memory, 4);
    (void)state;
    http_text_add(&text, "abc");
    http_text_add(&text, "de");
    assert_true(text.is_cut);
    assert_int_equal(text.size, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_prints_as_an_error_with_its_detail),
        cmocka_unit_test(codes_have_the_status_that_the_protocol_gives_them),
        cmocka_unit_test(every_result_but_done_has_a_code_of_its_own_choice),
        cmocka_unit_test(an_error_frame_brings_its_numbers),
        cmocka_unit_test(the_sentence_is_the_terminals),
        cmocka_unit_test(an_error_of_our_own_has_no_detail),
        cmocka_unit_test(base64_is_as_the_protocol_wants_it),
        cmocka_unit_test(what_is_no_error_frame_is_an_internal_error),
        cmocka_unit_test(a_result_of_a_newer_list_is_unknown),
        cmocka_unit_test(a_text_without_room_says_so_and_stays_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
