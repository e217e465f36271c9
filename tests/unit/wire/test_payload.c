/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Payloads of any method. Single thread.
 */
#include "wire/payload.h"

#include "base/random.h"
#include "lovebank/limits.h"
#include "lovebank/v1/services.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const ProtobufCMessageDescriptor *const requests[] = {
    &lovebank__v1__hello_request__descriptor,      &lovebank__v1__write_request__descriptor,
    &lovebank__v1__status_request__descriptor,     &lovebank__v1__entry_get_request__descriptor,
    &lovebank__v1__verify_request__descriptor,     &lovebank__v1__org_list_request__descriptor,
    &lovebank__v1__catalogue_request__descriptor,  &lovebank__v1__stock_request__descriptor,
    &lovebank__v1__member_get_request__descriptor, &lovebank__v1__member_find_request__descriptor,
    &lovebank__v1__history_request__descriptor,    &lovebank__v1__stars_request__descriptor,
    &lovebank__v1__report_request__descriptor,
};

#define REQUEST_COUNT (sizeof(requests) / sizeof(requests[0]))

static void an_empty_payload_is_a_request_of_every_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < REQUEST_COUNT; i++) {
        struct arena arena;
        ProtobufCMessage *message = NULL;
        arena_init(&arena, arena_memory_heap(), 1u << 12);
        struct verdict verdict =
            wire_unpack(requests[i], (struct bytes){NULL, 0}, &arena, &message);
        assert_int_equal(verdict.code, LB_OK);
        assert_ptr_equal(message->descriptor, requests[i]);
        arena_fini(&arena);
    }
}

static void a_malformed_payload_is_told_with_the_name_of_its_message(void **state)
{
    (void)state;
    struct arena arena;
    ProtobufCMessage *message = NULL;
    arena_init(&arena, arena_memory_heap(), 1u << 12);
    struct verdict verdict = wire_unpack(requests[0], BYTES_LITERAL("\x12\x05x"), &arena, &message);
    assert_int_equal(verdict.code, LB_MALFORMED);
    assert_string_equal(verdict.text, "HelloRequest");
    assert_null(message);
    arena_fini(&arena);
}

static void a_payload_larger_than_a_frame_is_refused_with_the_numbers(void **state)
{
    (void)state;
    struct arena arena;
    ProtobufCMessage *message = NULL;
    uint8_t byte = 0;
    arena_init(&arena, arena_memory_heap(), 1u << 12);
    /* Never read: the size is enough. */
    struct verdict verdict =
        wire_unpack(requests[0], bytes_of(&byte, LB_FRAME_PAYLOAD_BYTES_MAX + 1), &arena, &message);
    assert_int_equal(verdict.code, LB_FRAME_TOO_LARGE);
    assert_int_equal(verdict.a, LB_FRAME_PAYLOAD_BYTES_MAX + 1);
    assert_int_equal(verdict.b, LB_FRAME_PAYLOAD_BYTES_MAX);
    arena_fini(&arena);
}

static void random_bytes_are_answered_with_a_verdict(void **state)
{
    (void)state;
    struct random_seeded random = {424242};
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int i = 0; i < 20000; i++) {
        struct arena arena;
        ProtobufCMessage *message = NULL;
        uint8_t data[32];
        size_t size = random_seeded_next(&random) % sizeof(data);
        for (size_t k = 0; k < size; k++) { /* small bytes are fields that exist */
            uint64_t value = random_seeded_next(&random);
            data[k] = (uint8_t)(value & (value >> 32 & 1 ? 0x3f : 0xff));
        }
        arena_init(&arena, arena_memory_heap(), 1u << 16);
        struct verdict verdict = wire_unpack(requests[(size_t)i % REQUEST_COUNT],
                                             bytes_of(data, size), &arena, &message);
        assert_true(verdict.code == LB_OK || verdict.code == LB_MALFORMED);
        assert_true((verdict.code == LB_OK) == (message != NULL));
        arena_fini(&arena);
    }
}

static void an_answer_larger_than_a_frame_is_not_packed(void **state)
{
    (void)state;
    struct arena arena;
    struct bytes payload;
    static char problem[LB_FRAME_PAYLOAD_BYTES_MAX + 1];
    memset(problem, 'x', LB_FRAME_PAYLOAD_BYTES_MAX);
    Lovebank__V1__VerifyResponse response;
    lovebank__v1__verify_response__init(&response);
    response.problem = problem;
    arena_init(&arena, arena_memory_heap(), 16u << 20);
    struct verdict verdict = wire_pack(&response.base, &arena, &payload);
    assert_int_equal(verdict.code, LB_FRAME_TOO_LARGE);
    assert_true(verdict.a > LB_FRAME_PAYLOAD_BYTES_MAX);
    assert_int_equal(verdict.b, LB_FRAME_PAYLOAD_BYTES_MAX);
    assert_int_equal(payload.size, 0);
    problem[16] = '\0';
    verdict = wire_pack(&response.base, &arena, &payload);
    assert_int_equal(verdict.code, LB_OK);
    assert_int_equal(payload.size, 18);
    arena_fini(&arena);
}

static void an_answer_filled_without_memory_is_not_packed(void **state)
{
    (void)state;
    struct arena arena;
    struct bytes payload;
    Lovebank__V1__StatusResponse response;
    lovebank__v1__status_response__init(&response);
    arena_init(&arena, arena_memory_heap(), 16);
    assert_null(arena_take(&arena, 17));
    assert_int_equal(wire_pack(&response.base, &arena, &payload).code, LB_MEMORY);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_payload_is_a_request_of_every_method),
        cmocka_unit_test(a_malformed_payload_is_told_with_the_name_of_its_message),
        cmocka_unit_test(a_payload_larger_than_a_frame_is_refused_with_the_numbers),
        cmocka_unit_test(random_bytes_are_answered_with_a_verdict),
        cmocka_unit_test(an_answer_larger_than_a_frame_is_not_packed),
        cmocka_unit_test(an_answer_filled_without_memory_is_not_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
