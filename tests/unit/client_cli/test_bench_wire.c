/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The bench's own encoding against the generated one. */
#include "../../../client/cli/commands/bench_wire.h"

#include "base/random.h"
#include "lovebank/limits.h"
#include "lovebank/v1/queries.pb-c.h"
#include "lovebank/v1/services.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REPLY_BYTES_MAX 4096

/* accepts */

static void a_record_is_what_the_generated_code_makes_of_it(void **state)
{
    (void)state;
    struct random_seeded seeded = {20260101};
    print_message("seed %llu\n", (unsigned long long)seeded.state);
    for (int round = 0; round < 1000; round++) {
        struct bench_record record = {
            .day = (int32_t)(random_seeded_next(&seeded) % INT32_MAX),
            .member = random_seeded_next(&seeded) >> random_seeded_next(&seeded) % 64,
            .category = (uint32_t)random_seeded_next(&seeded),
            .minutes = (uint32_t)(random_seeded_next(&seeded) % 3),
        };
        const struct random_source source = random_of_seeded(&seeded);
        assert_true(random_fill(&source, record.id.bytes, sizeof(record.id.bytes)));
        Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
        Lovebank__V1__ServiceRecord service = LOVEBANK__V1__SERVICE_RECORD__INIT;
        Lovebank__V1__Command command;
        Lovebank__V1__Command *commands[] = {&command};
        Lovebank__V1__WriteRequest request;
        lovebank__v1__command__init(&command);
        lovebank__v1__write_request__init(&request);
        ref.member = record.member;
        service.member = &ref;
        service.category = record.category;
        service.minutes = record.minutes;
        command.id = (ProtobufCBinaryData){sizeof(record.id.bytes), record.id.bytes};
        command.day = record.day;
        command.has_day = true;
        command.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
        command.service_record = &service;
        request.commands = commands;
        request.n_commands = 1;

        uint8_t ours[BENCH_RECORD_BYTES_MAX];
        uint8_t generated[REPLY_BYTES_MAX];
        const size_t size = bench_put_record(&record, ours);
        assert_int_equal(lovebank__v1__write_request__pack(&request, generated), size);
        assert_memory_equal(ours, generated, size);
    }
}

static void a_question_is_what_the_generated_code_makes_of_it(void **state)
{
    (void)state;
    const uint64_t members[] = {1, 127, 128, 98000000, UINT64_MAX};
    const uint64_t entries[] = {0, 1, 20000, INT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
        Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
        uint8_t ours[BENCH_BALANCE_BYTES_MAX];
        uint8_t generated[REPLY_BYTES_MAX];
        ref.member = members[i];
        request.member = &ref;
        request.balances_only = true;
        request.at_least_entry = entries[i];
        const size_t size = bench_put_balance(members[i], entries[i], ours);
        assert_int_equal(lovebank__v1__member_get_request__pack(&request, generated), size);
        assert_memory_equal(ours, generated, size);
    }
}

static void the_codes_of_a_batch_are_read_in_order(void **state)
{
    (void)state;
    Lovebank__V1__Result results[3];
    Lovebank__V1__Result *pointers[3] = {&results[0], &results[1], &results[2]};
    Lovebank__V1__WriteResponse response;
    uint8_t packed[REPLY_BYTES_MAX];
    uint32_t code = 99;
    lovebank__v1__write_response__init(&response);
    for (size_t i = 0; i < 3; i++) {
        lovebank__v1__result__init(&results[i]);
        results[i].entry = 7 + i;
    }
    results[1].code = LB_MEMBER_UNKNOWN;
    response.results = pointers;
    response.n_results = 3;
    struct bytes left = bytes_of(packed, lovebank__v1__write_response__pack(&response, packed));
    assert_true(bench_read_response(left, &code));
    assert_int_equal(code, LB_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(bench_next_result(&left, &code));
        assert_int_equal(code, results[i].code);
    }
    assert_false(bench_next_result(&left, &code));
}

static void a_refused_batch_has_a_code_and_no_results(void **state)
{
    (void)state;
    Lovebank__V1__WriteResponse response;
    uint8_t packed[REPLY_BYTES_MAX];
    uint32_t code = 0;
    lovebank__v1__write_response__init(&response);
    response.code = LB_TRY_LATER;
    struct bytes left = bytes_of(packed, lovebank__v1__write_response__pack(&response, packed));
    assert_true(bench_read_response(left, &code));
    assert_int_equal(code, LB_TRY_LATER);
    assert_false(bench_next_result(&left, &code));
}

static void a_balance_tells_whose_it_is(void **state)
{
    (void)state;
    Lovebank__V1__MemberInfo info;
    Lovebank__V1__MemberGetResponse response;
    uint8_t packed[REPLY_BYTES_MAX];
    uint32_t code = 99;
    uint64_t member = 0;
    lovebank__v1__member_info__init(&info);
    lovebank__v1__member_get_response__init(&response);
    info.member = 98000001;
    response.info = &info;
    response.as_of_entry = 5;
    size_t size = lovebank__v1__member_get_response__pack(&response, packed);
    assert_true(bench_read_balance(bytes_of(packed, size), &code, &member));
    assert_int_equal(code, LB_OK);
    assert_int_equal(member, 98000001);

    response.info = NULL;
    response.code = LB_MEMBER_UNKNOWN;
    size = lovebank__v1__member_get_response__pack(&response, packed);
    assert_true(bench_read_balance(bytes_of(packed, size), &code, &member));
    assert_int_equal(code, LB_MEMBER_UNKNOWN);
    assert_int_equal(member, 0);
}

/* rejects */

static void bytes_that_are_no_message_are_told(void **state)
{
    (void)state;
    static const uint8_t cut_varint[] = {0x08, 0x80};
    static const uint8_t long_bytes[] = {0x12, 0x05, 0x00};
    static const uint8_t group[] = {0x0b};
    uint32_t code = 0;
    uint64_t member = 0;
    struct bytes left = bytes_of(long_bytes, sizeof(long_bytes));
    assert_false(bench_read_response(bytes_of(cut_varint, sizeof(cut_varint)), &code));
    assert_false(bench_read_response(bytes_of(group, sizeof(group)), &code));
    assert_false(bench_next_result(&left, &code));
    assert_false(bench_read_balance(bytes_of(long_bytes, sizeof(long_bytes)), &code, &member));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_what_the_generated_code_makes_of_it),
        cmocka_unit_test(a_question_is_what_the_generated_code_makes_of_it),
        cmocka_unit_test(the_codes_of_a_batch_are_read_in_order),
        cmocka_unit_test(a_refused_batch_has_a_code_and_no_results),
        cmocka_unit_test(a_balance_tells_whose_it_is),
        cmocka_unit_test(bytes_that_are_no_message_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
