/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The frame's bytes: header, splitter, error payload.
 */
#include "lovebank/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t known_bytes[LB_FRAME_HEADER_BYTES] = {
    0x00, 0x01, 0x02, 0x03, 0xa0, 0xa1, 0xa2, 0xa3, 0x12, 0x34, 0x02, 0x00, 0, 0, 0, 0,
};
static const struct lb_frame_header known_header = {
    .payload_bytes = 0x010203,
    .request_id = 0xa0a1a2a3,
    .method = 0x1234,
    .kind = LB_FRAME_RESPONSE,
};

/* accepts */

static void a_header_has_the_documented_bytes(void **state)
{
    uint8_t bytes[LB_FRAME_HEADER_BYTES];
    (void)state;

    lb_frame_header_encode(&known_header, bytes);
    assert_memory_equal(bytes, known_bytes, sizeof(bytes));
}

static void a_header_is_decoded_field_by_field(void **state)
{
    struct lb_frame_header header = {0};
    (void)state;

    assert_int_equal(lb_frame_header_decode(known_bytes, LB_FRAME_PAYLOAD_BYTES_MAX, &header),
                     LB_OK);
    assert_int_equal(header.payload_bytes, known_header.payload_bytes);
    assert_int_equal(header.request_id, known_header.request_id);
    assert_int_equal(header.method, known_header.method);
    assert_int_equal(header.kind, known_header.kind);
}

static void a_payload_of_exactly_the_limit_is_accepted(void **state)
{
    struct lb_frame_header header = {0};
    (void)state;

    assert_int_equal(lb_frame_header_decode(known_bytes, 0x010203, &header), LB_OK);
}

static void the_splitter_waits_for_the_last_byte(void **state)
{
    uint8_t bytes[LB_FRAME_HEADER_BYTES + 5 + 3];
    const struct lb_frame_header header = {.payload_bytes = 5, .kind = LB_FRAME_REQUEST};
    struct lb_frame frame = {0};
    size_t frame_bytes = 0;
    (void)state;

    memset(bytes, 'x', sizeof(bytes));
    lb_frame_header_encode(&header, bytes);
    for (size_t size = 0; size < LB_FRAME_HEADER_BYTES + 5; size++) {
        assert_int_equal(lb_frame_split(bytes, size, 5, &frame, &frame_bytes), LB_OK);
        assert_int_equal(frame_bytes, 0);
    }
    for (size_t size = LB_FRAME_HEADER_BYTES + 5; size <= sizeof(bytes); size++) {
        assert_int_equal(lb_frame_split(bytes, size, 5, &frame, &frame_bytes), LB_OK);
        assert_int_equal(frame_bytes, LB_FRAME_HEADER_BYTES + 5);
        assert_ptr_equal(frame.payload, bytes + LB_FRAME_HEADER_BYTES);
    }
}

static void an_error_payload_comes_back_as_it_was(void **state)
{
    (void)state;
    for (uint32_t count = 0; count <= LB_FRAME_ERROR_NUMBERS_MAX; count++) {
        const struct lb_frame_error error = {
            .result = LB_FRAME_TOO_LARGE,
            .number_count = count,
            .numbers = {UINT64_MAX, 2, 3},
        };
        struct lb_frame_error back = {0};
        uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
        const size_t size = lb_frame_error_encode(&error, payload);

        assert_int_equal(size, 4 + 8 * count);
        assert_int_equal(lb_frame_error_decode(payload, size, &back), LB_OK);
        assert_int_equal(back.result, error.result);
        assert_int_equal(back.number_count, count);
        assert_memory_equal(back.numbers, error.numbers, count * sizeof(error.numbers[0]));
    }
}

/* rejects */

static void unknown_kinds_flags_and_reserved_bytes_are_malformed(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } wrongs[] = {{10, 0}, {10, 4}, {10, 255}, {11, 1}, {12, 1}, {13, 1}, {14, 1}, {15, 1}};
    (void)state;

    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        uint8_t bytes[LB_FRAME_HEADER_BYTES];
        struct lb_frame_header header = {.request_id = 99};

        memcpy(bytes, known_bytes, sizeof(bytes));
        bytes[wrongs[i].at] = wrongs[i].value;
        assert_int_equal(lb_frame_header_decode(bytes, UINT32_MAX, &header), LB_MALFORMED);
        assert_int_equal(header.request_id, 99);
    }
}

static void one_byte_over_the_limit_is_too_large_and_the_header_says_how_much(void **state)
{
    struct lb_frame_header header = {0};
    (void)state;

    assert_int_equal(lb_frame_header_decode(known_bytes, 0x010202, &header), LB_FRAME_TOO_LARGE);
    assert_int_equal(header.payload_bytes, 0x010203);
}

static void malformed_goes_before_too_large(void **state)
{
    uint8_t bytes[LB_FRAME_HEADER_BYTES];
    struct lb_frame frame = {0};
    size_t frame_bytes = 1;
    (void)state;

    memset(bytes, 0xff, sizeof(bytes));
    assert_int_equal(lb_frame_split(bytes, sizeof(bytes), 10, &frame, &frame_bytes), LB_MALFORMED);
    assert_int_equal(frame_bytes, 0);
}

static void error_payloads_of_other_lengths_are_malformed(void **state)
{
    static const uint8_t bytes[64];
    (void)state;

    for (size_t size = 0; size <= sizeof(bytes); size++) {
        struct lb_frame_error error = {0};
        const bool is_right = size == 4 || size == 12 || size == 20 || size == 28;
        assert_int_equal(lb_frame_error_decode(bytes, size, &error),
                         is_right ? LB_OK : LB_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_the_documented_bytes),
        cmocka_unit_test(a_header_is_decoded_field_by_field),
        cmocka_unit_test(a_payload_of_exactly_the_limit_is_accepted),
        cmocka_unit_test(the_splitter_waits_for_the_last_byte),
        cmocka_unit_test(an_error_payload_comes_back_as_it_was),
        cmocka_unit_test(unknown_kinds_flags_and_reserved_bytes_are_malformed),
        cmocka_unit_test(one_byte_over_the_limit_is_too_large_and_the_header_says_how_much),
        cmocka_unit_test(malformed_goes_before_too_large),
        cmocka_unit_test(error_payloads_of_other_lengths_are_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
