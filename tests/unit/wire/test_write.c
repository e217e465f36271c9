/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The write method: batches in, results out. Single thread.
 */
#include "wire/write.h"

#include "../entry/same.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"
#include "wire/payload.h"

#include <stdlib.h>

/* A request that tests fill in; its messages live in `arena`. */
struct fixture {
    struct arena arena;
    Lovebank__V1__WriteRequest request;
    uint8_t batch_id[LB_REQUEST_ID_BYTES];
};

static int setup(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof(fixture));
    arena_init(&fixture.arena, arena_memory_heap(), 128u << 20);
    lovebank__v1__write_request__init(&fixture.request);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    return 0;
}

/* Puts the commands into the request and packs it. */
static struct bytes pack_request(struct fixture *fixture, const struct command *commands,
                                 size_t count)
{
    struct entry_command_message *messages =
        arena_take_zeroed(&fixture->arena, count, sizeof(messages[0]));
    fixture->request.commands =
        arena_take_zeroed(&fixture->arena, count, sizeof(fixture->request.commands[0]));
    fixture->request.n_commands = count;
    assert_non_null(messages);
    assert_non_null(fixture->request.commands);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(entry_command_to_pb(&commands[i], &fixture->arena, &messages[i]), LB_OK);
        fixture->request.commands[i] = &messages[i].command;
    }
    struct bytes payload;
    assert_int_equal(entry_message_pack(&fixture->request.base, &fixture->arena, &payload), LB_OK);
    return payload;
}

static struct command close_member(uint64_t member)
{
    return (struct command){.id.bytes = {(uint8_t)member, 1},
                            .day = DAY_NONE,
                            .kind = ACT_MEMBER_CLOSE,
                            .act.member_close = member};
}

/* One that cannot be decoded: an enum number nobody knows. */
static struct command odd_command(void)
{
    return (struct command){.id.bytes = {1},
                            .day = DAY_NONE,
                            .kind = ACT_ORG_OPEN,
                            .act.org_open = {.org = 1, .kind = (enum org_kind)99}};
}

static void assert_verdict(struct verdict verdict, struct verdict wanted)
{
    assert_string_equal(lb_result_name((int)verdict.code), lb_result_name((int)wanted.code));
    assert_int_equal(verdict.a, wanted.a);
    assert_int_equal(verdict.b, wanted.b);
    assert_int_equal(verdict.c, wanted.c);
    assert_string_equal(verdict.text, wanted.text);
}

static struct verdict decode(struct fixture *fixture, struct bytes payload,
                             struct wire_write_request *request)
{
    return wire_write_request_decode(payload, &fixture->arena, request);
}

/* Accepts. */

static void a_batch_of_every_act_is_decoded_in_order_with_its_flags(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(12);
    struct command commands[SAMPLES_ACT_COUNT];
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        commands[i] = sample_command(&random, samples_acts[i]);
    }
    fixture->batch_id[3] = 4;
    fixture->request.dry_run = true;
    fixture->request.all_or_nothing = true;
    fixture->request.batch_id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, fixture->batch_id};
    struct bytes payload = pack_request(fixture, commands, SAMPLES_ACT_COUNT);
    struct wire_write_request request;
    assert_verdict(decode(fixture, payload, &request), (struct verdict){.text = ""});
    assert_true(request.dry_run);
    assert_true(request.all_or_nothing);
    assert_memory_equal(request.batch_id.bytes, fixture->batch_id, LB_REQUEST_ID_BYTES);
    assert_int_equal(request.command_count, SAMPLES_ACT_COUNT);
    assert_int_equal(request.verdict_count, SAMPLES_ACT_COUNT);
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        assert_int_equal(request.verdicts[i].code, LB_OK);
        same_command(&commands[i], &request.commands[i]);
    }
}

static void one_bad_command_does_not_spoil_the_others(void **state)
{
    struct fixture *fixture = *state;
    struct command commands[] = {close_member(1), odd_command(), close_member(3)};
    struct bytes payload = pack_request(fixture, commands, 3);
    struct wire_write_request request;
    assert_verdict(decode(fixture, payload, &request), (struct verdict){.text = ""});
    assert_int_equal(request.command_count, 2);
    same_command(&commands[0], &request.commands[0]);
    same_command(&commands[2], &request.commands[1]);
    assert_int_equal(request.verdict_count, 3);
    assert_verdict(request.verdicts[0], (struct verdict){.text = ""});
    assert_verdict(request.verdicts[1], (struct verdict){LB_FIELD_INVALID, 99, 1, 6, "kind"});
    assert_verdict(request.verdicts[2], (struct verdict){.text = ""});
}

/* Rejects. */

/* Which has the bytes that protobuf-c gives it. */
static const Lovebank__V1__WriteResponse *unpack_response(struct fixture *fixture,
                                                          struct bytes payload)
{
    struct bytes again;
    ProtobufCMessage *message = NULL;
    struct verdict verdict =
        wire_unpack(&lovebank__v1__write_response__descriptor, payload, &fixture->arena, &message);
    assert_int_equal(verdict.code, LB_OK);
    assert_int_equal(wire_pack(message, &fixture->arena, &again).code, LB_OK);
    assert_true(bytes_equal(again, payload));
    return (const Lovebank__V1__WriteResponse *)message;
}

static void
a_bad_command_of_an_all_or_nothing_batch_refuses_all_and_is_named_by_its_line(void **state)
{
    struct fixture *fixture = *state;
    struct command commands[] = {close_member(1), odd_command(), odd_command()};
    const struct verdict others = {LB_BATCH_FAILED, 2, 0, 0, "field_invalid"};
    fixture->batch_id[0] = 1;
    fixture->request.all_or_nothing = true;
    fixture->request.batch_id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, fixture->batch_id};
    struct bytes payload = pack_request(fixture, commands, 3);
    struct wire_write_request request;
    struct verdict whole = decode(fixture, payload, &request);
    assert_verdict(whole, (struct verdict){.text = ""});
    assert_int_equal(request.command_count, 0);
    assert_int_equal(request.verdict_count, 3);
    assert_verdict(request.verdicts[0], others);
    assert_verdict(request.verdicts[1], (struct verdict){LB_FIELD_INVALID, 99, 1, 6, "kind"});
    assert_verdict(request.verdicts[2], others);
    assert_int_equal(wire_write_response_encode(&request, &whole, NULL, &fixture->arena, &payload),
                     LB_OK);
    const Lovebank__V1__WriteResponse *response = unpack_response(fixture, payload);
    assert_int_equal(response->n_results, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(response->results[i]->failed_line, 2);
        assert_int_equal(response->results[i]->failed_code, LB_FIELD_INVALID);
    }
}

static void an_all_or_nothing_batch_needs_an_id(void **state)
{
    struct fixture *fixture = *state;
    struct command command = close_member(1);
    struct wire_write_request request;
    fixture->request.all_or_nothing = true;
    struct bytes payload = pack_request(fixture, &command, 1);
    assert_verdict(decode(fixture, payload, &request),
                   (struct verdict){.code = LB_FIELD_MISSING, .text = "batch_id"});
    fixture->request.batch_id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, fixture->batch_id};
    payload = pack_request(fixture, &command, 1);
    assert_verdict(decode(fixture, payload, &request),
                   (struct verdict){.code = LB_MALFORMED, .text = "batch_id"});
    fixture->batch_id[0] = 1;
    fixture->request.batch_id.len = LB_REQUEST_ID_BYTES - 1;
    payload = pack_request(fixture, &command, 1);
    assert_verdict(decode(fixture, payload, &request),
                   (struct verdict){.code = LB_MALFORMED, .text = "batch_id"});
}

static void an_empty_batch_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct wire_write_request request;
    assert_verdict(decode(fixture, (struct bytes){NULL, 0}, &request),
                   (struct verdict){.code = LB_FIELD_MISSING, .text = "commands"});
}

/* `count` empty commands, two bytes each. */
static struct bytes empty_commands(struct fixture *fixture, size_t count)
{
    uint8_t *data = arena_take_zeroed(&fixture->arena, count, 2);
    assert_non_null(data);
    for (size_t i = 0; i < count; i++) {
        data[2 * i] = 0x0a;
    }
    return bytes_of(data, 2 * count);
}

static void a_batch_beyond_the_cap_is_refused_with_the_numbers_before_it_costs_memory(void **state)
{
    struct fixture *fixture = *state;
    struct wire_write_request request;
    size_t count = LB_FRAME_PAYLOAD_BYTES_MAX / 2;
    struct bytes payload = empty_commands(fixture, count);
    struct arena none;
    arena_init(&none, arena_memory_heap(), 0);
    assert_verdict(wire_write_request_decode(payload, &none, &request),
                   (struct verdict){LB_BATCH_TOO_LARGE, (int64_t)count, 8190, 0, ""});
    payload = bytes_of(payload.data, (size_t)2 * (LB_BATCH_COMMANDS_MAX + 1));
    assert_verdict(wire_write_request_decode(payload, &none, &request),
                   (struct verdict){LB_BATCH_TOO_LARGE, 8191, 8190, 0, ""});
    arena_fini(&none);
    payload = bytes_of(payload.data, (size_t)2 * LB_BATCH_COMMANDS_MAX);
    assert_verdict(decode(fixture, payload, &request), (struct verdict){.text = ""});
    assert_int_equal(request.command_count, 0);
    assert_verdict(request.verdicts[LB_BATCH_COMMANDS_MAX - 1],
                   (struct verdict){.code = LB_FIELD_MISSING, .text = "id"});
}

static void no_prefix_of_a_request_crashes(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(77);
    struct command commands[] = {sample_command(&random, ACT_MEMBER_UPDATE),
                                 sample_command(&random, ACT_SERVICE_GIVE)};
    struct bytes payload = pack_request(fixture, commands, 2);
    for (size_t size = 0; size < payload.size; size++) {
        struct arena arena;
        struct wire_write_request request;
        struct bytes prefix;
        arena_init(&arena, arena_memory_heap(), 1u << 20);
        assert_true(arena_copy(&arena, bytes_of(payload.data, size), &prefix));
        struct verdict verdict = wire_write_request_decode(prefix, &arena, &request);
        assert_true(verdict.code == LB_MALFORMED || request.verdict_count < 2);
        arena_fini(&arena);
    }
}

/* Faults. */

static void no_lack_of_memory_is_taken_for_anything_else(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = samples_seed(78);
    struct command commands[] = {sample_command(&random, ACT_REDEEM),
                                 sample_command(&random, ACT_MEMBER_REGISTER)};
    struct bytes payload = pack_request(fixture, commands, 2);
    struct verdict verdict = {.code = LB_MEMORY};
    for (size_t cap = 0; verdict.code != LB_OK; cap += 16) {
        struct arena small;
        struct wire_write_request request;
        arena_init(&small, arena_memory_heap(), cap);
        verdict = wire_write_request_decode(payload, &small, &request);
        assert_true(verdict.code == LB_OK || verdict.code == LB_MEMORY);
        arena_fini(&small);
    }
}

/* Responses. */

static void results_take_their_places_between_the_commands_that_were_not_submitted(void **state)
{
    struct fixture *fixture = *state;
    struct verdict verdicts[] = {{LB_FIELD_INVALID, 99, 1, 6, "kind"},
                                 {.code = LB_OK, .text = ""},
                                 {.code = LB_FIELD_MISSING, .text = "id"},
                                 {.code = LB_OK, .text = ""}};
    struct wire_write_request request = {
        .command_count = 2, .verdicts = verdicts, .verdict_count = 4};
    struct member_balances balances[] = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    struct priced_line lines[] = {{11, 12, 13, 14}};
    struct wire_write_result results[] = {{.verdict = {.text = ""},
                                           .entry = 20,
                                           .balances = balances,
                                           .balance_count = 2,
                                           .lines = lines,
                                           .line_count = 1,
                                           .earning = {1, 2, 3, 4, 5, 6, 7},
                                           .assigned = 21,
                                           .assigned_card = 22,
                                           .replayed = true,
                                           .reversed_by = 23},
                                          {.verdict = {LB_BATCH_FAILED, -1, 2, -3, "a text"},
                                           .known_code = 24,
                                           .failed_line = 8,
                                           .failed_code = 52}};
    struct verdict whole = {.text = ""};
    struct bytes payload;
    assert_int_equal(
        wire_write_response_encode(&request, &whole, results, &fixture->arena, &payload), LB_OK);
    const Lovebank__V1__WriteResponse *response = unpack_response(fixture, payload);
    assert_int_equal(response->code, LB_OK);
    assert_int_equal(response->n_results, 4);
    assert_int_equal(response->results[0]->code, LB_FIELD_INVALID);
    assert_int_equal(response->results[0]->a, 99);
    assert_int_equal(response->results[0]->c, 6);
    assert_string_equal(response->results[0]->text, "kind");
    const Lovebank__V1__Result *done = response->results[1];
    assert_int_equal(done->entry, 20);
    assert_int_equal(done->n_balances, 2);
    assert_int_equal(done->balances[1]->minutes, 10);
    assert_int_equal(done->n_lines, 1);
    assert_int_equal(done->lines[0]->price_entry, 14);
    assert_int_equal(done->earning->lot, 7);
    assert_int_equal(done->assigned, 21);
    assert_int_equal(done->assigned_card, 22);
    assert_true(done->replayed);
    assert_int_equal(done->reversed_by, 23);
    assert_int_equal(done->known_code, 0);
    assert_string_equal(response->results[2]->text, "id");
    const Lovebank__V1__Result *refused = response->results[3];
    assert_int_equal(refused->code, LB_BATCH_FAILED);
    assert_int_equal(refused->a, -1);
    assert_int_equal(refused->b, 2);
    assert_int_equal(refused->c, -3);
    assert_string_equal(refused->text, "a text");
    assert_null(refused->earning);
    assert_int_equal(refused->reversed_by, 0);
    assert_int_equal(refused->known_code, 24);
    assert_int_equal(refused->failed_line, 8);
    assert_int_equal(refused->failed_code, 52);
}

static void a_refused_request_has_no_results(void **state)
{
    struct fixture *fixture = *state;
    struct verdict whole = {LB_BATCH_TOO_LARGE, 9000, 8190, 0, ""};
    struct bytes payload;
    assert_int_equal(wire_write_response_encode(NULL, &whole, NULL, &fixture->arena, &payload),
                     LB_OK);
    const Lovebank__V1__WriteResponse *response = unpack_response(fixture, payload);
    assert_int_equal(response->code, LB_BATCH_TOO_LARGE);
    assert_int_equal(response->a, 9000);
    assert_int_equal(response->b, 8190);
    assert_int_equal(response->n_results, 0);
}

/* Results as large as they get, for a batch as large as it gets. */
static struct wire_write_result *largest_results(struct fixture *fixture, size_t count)
{
    static struct member_balances balances[ENTRY_LINKS_MAX];
    static struct priced_line lines[LB_COMMAND_LINES_MAX];
    for (size_t i = 0; i < ENTRY_LINKS_MAX; i++) {
        balances[i] = (struct member_balances){LB_MEMBER_MAX, -1, -1, -1, -1};
    }
    for (size_t i = 0; i < LB_COMMAND_LINES_MAX; i++) {
        lines[i] =
            (struct priced_line){LB_CODE_MAX, LB_QUANTITY_MAX, LB_POINTS_CENTI_MAX, 1u << 30};
    }
    struct wire_write_result *results =
        arena_take_zeroed(&fixture->arena, count, sizeof(results[0]));
    assert_non_null(results);
    for (size_t i = 0; i < count; i++) {
        results[i] = (struct wire_write_result){
            .verdict = {LB_POINTS_INSUFFICIENT, INT64_MIN, INT64_MIN, INT64_MIN, "a static text"},
            .entry = UINT64_MAX,
            .balances = balances,
            .balance_count = ENTRY_LINKS_MAX,
            .lines = lines,
            .line_count = LB_COMMAND_LINES_MAX,
            .earning = {1, 1, 1, 1, 1, -1, 1},
            .assigned = UINT64_MAX,
            .assigned_card = UINT64_MAX,
            .replayed = true,
            .reversed_by = UINT64_MAX,
            .known_code = UINT32_MAX,
            .failed_line = UINT32_MAX,
            .failed_code = UINT32_MAX,
        };
    }
    return results;
}

static void an_answer_too_large_for_a_frame_is_sent_without_details(void **state)
{
    struct fixture *fixture = *state;
    size_t count = LB_BATCH_COMMANDS_MAX;
    struct verdict whole = {.text = ""};
    struct wire_write_request request = {.command_count = count, .verdict_count = count};
    request.verdicts = arena_take_zeroed(&fixture->arena, count, sizeof(struct verdict));
    struct wire_write_result *results = largest_results(fixture, count);
    struct bytes payload;
    assert_int_equal(
        wire_write_response_encode(&request, &whole, results, &fixture->arena, &payload), LB_OK);
    assert_true(payload.size <= LB_FRAME_PAYLOAD_BYTES_MAX);
    const Lovebank__V1__WriteResponse *response = unpack_response(fixture, payload);
    assert_int_equal(response->n_results, count);
    assert_int_equal(response->results[count - 1]->n_balances, ENTRY_LINKS_MAX);
    assert_int_equal(response->results[count - 1]->n_lines, 0);
    assert_null(response->results[count - 1]->earning);
}

static void a_response_without_memory_is_not_half_a_response(void **state)
{
    struct fixture *fixture = *state;
    struct verdict verdicts[] = {{.text = ""}, {.code = LB_FIELD_MISSING, .text = "id"}};
    struct verdict whole = {.text = ""};
    struct wire_write_request request = {
        .command_count = 1, .verdicts = verdicts, .verdict_count = 2};
    struct wire_write_result *results = largest_results(fixture, 1);
    struct bytes full;
    assert_int_equal(wire_write_response_encode(&request, &whole, results, &fixture->arena, &full),
                     LB_OK);
    enum lb_result result = LB_MEMORY;
    for (size_t cap = 0; result != LB_OK; cap += 16) {
        struct arena small;
        struct bytes payload;
        arena_init(&small, arena_memory_heap(), cap);
        result = wire_write_response_encode(&request, &whole, results, &small, &payload);
        assert_true(result == LB_MEMORY || (result == LB_OK && bytes_equal(full, payload)));
        arena_fini(&small);
    }
}

static void a_full_batch_and_its_answer_fit_into_the_arena(void **state)
{
    struct fixture *fixture = *state;
    static const char text[] = "a memo, so long that the batch is nearly as large as a frame: "
                               "one hundred bytes and more of it in each command, which is plenty";
    struct command *commands =
        arena_take_zeroed(&fixture->arena, LB_BATCH_COMMANDS_MAX, sizeof(commands[0]));
    assert_non_null(commands);
    for (size_t i = 0; i < LB_BATCH_COMMANDS_MAX; i++) {
        commands[i] = (struct command){.id.bytes = {1}, .memo = BYTES_LITERAL(text)};
        commands[i].kind = ACT_REDEEM;
        commands[i].act.redeem.line_count = LB_COMMAND_LINES_MAX;
        for (size_t k = 0; k < LB_COMMAND_LINES_MAX; k++) {
            commands[i].act.redeem.lines[k] = (struct redeem_line){LB_CODE_MAX, LB_QUANTITY_MAX};
        }
    }
    struct bytes payload = pack_request(fixture, commands, LB_BATCH_COMMANDS_MAX);
    assert_in_range(payload.size, LB_FRAME_PAYLOAD_BYTES_MAX / 4 * 3, LB_FRAME_PAYLOAD_BYTES_MAX);
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), WIRE_ARENA_BYTES_MAX / 4 * 3);
    struct wire_write_request request;
    struct verdict verdict = wire_write_request_decode(payload, &arena, &request);
    print_message("decoding takes %zu KiB\n", arena.used_bytes >> 10);
    assert_int_equal(verdict.code, LB_OK);
    assert_int_equal(request.command_count, LB_BATCH_COMMANDS_MAX);
    struct wire_write_result *results = largest_results(fixture, LB_BATCH_COMMANDS_MAX);
    struct verdict whole = {.text = ""};
    assert_int_equal(wire_write_response_encode(&request, &whole, results, &arena, &payload),
                     LB_OK);
    print_message("with the answer %zu KiB\n", arena.used_bytes >> 10);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(a_batch_of_every_act_is_decoded_in_order_with_its_flags),
        TEST(one_bad_command_does_not_spoil_the_others),
        TEST(a_bad_command_of_an_all_or_nothing_batch_refuses_all_and_is_named_by_its_line),
        TEST(an_all_or_nothing_batch_needs_an_id),
        TEST(an_empty_batch_is_refused),
        TEST(a_batch_beyond_the_cap_is_refused_with_the_numbers_before_it_costs_memory),
        TEST(no_prefix_of_a_request_crashes),
        TEST(no_lack_of_memory_is_taken_for_anything_else),
        TEST(results_take_their_places_between_the_commands_that_were_not_submitted),
        TEST(a_refused_request_has_no_results),
        TEST(an_answer_too_large_for_a_frame_is_sent_without_details),
        TEST(a_response_without_memory_is_not_half_a_response),
        TEST(a_full_batch_and_its_answer_fit_into_the_arena),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
