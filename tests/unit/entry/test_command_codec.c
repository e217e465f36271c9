/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Commands to messages and back, and what is refused of those that come from outside. Single
 * thread.
 */
#include "entry/command_codec.h"

#include "entry/message.h"
#include "same.h"

#define ARENA_BYTES (1u << 20)
#define ROUNDS      50

static struct verdict unpack_command(struct arena *arena, struct bytes packed,
                                     struct command *command)
{
    ProtobufCMessage *message = NULL;
    assert_int_equal(
        entry_message_unpack(&lovebank__v1__command__descriptor, packed, arena, &message), LB_OK);
    return entry_command_from_pb((const Lovebank__V1__Command *)message, command);
}

static void a_command_of_every_act_comes_back_the_same(void **state)
{
    (void)state;
    struct random_seeded random = samples_seed(19491001);
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    for (size_t i = 0; i < ROUNDS * SAMPLES_ACT_COUNT; i++) {
        struct command command = sample_command(&random, samples_acts[i % SAMPLES_ACT_COUNT]);
        struct entry_command_message message;
        struct command back;
        struct bytes packed;
        assert_int_equal(entry_command_to_pb(&command, &arena, &message), LB_OK);
        assert_int_equal(entry_message_pack(&message.command.base, &arena, &packed), LB_OK);
        struct verdict verdict = unpack_command(&arena, packed, &back);
        assert_int_equal(verdict.code, LB_OK);
        assert_string_equal(verdict.text, "");
        same_command(&command, &back);
        arena_reset(&arena);
    }
    arena_fini(&arena);
}

/* Whatever the bytes are, reading them directly comes to what protobuf-c comes to. */
static void assert_unpacks_as_protobuf(struct arena *arena, struct bytes packed)
{
    struct command command;
    struct command expected;
    struct verdict verdict;
    ProtobufCMessage *message = NULL;
    enum lb_result result =
        entry_message_unpack(&lovebank__v1__command__descriptor, packed, arena, &message);
    assert_int_equal(entry_command_unpack(packed, arena, &command, &verdict), result);
    if (result != LB_OK) {
        return;
    }
    struct verdict wanted =
        entry_command_from_pb((const Lovebank__V1__Command *)message, &expected);
    assert_int_equal(verdict.code, wanted.code);
    assert_string_equal(verdict.text, wanted.text);
    if (wanted.code == LB_OK) {
        same_command(&expected, &command);
    }
}

/* Changes, doubles or cuts a few bytes. */
static struct bytes spoil(struct random_seeded *random, struct bytes packed, uint8_t *buffer)
{
    size_t size = packed.size;
    memcpy(buffer, packed.data, size);
    for (uint64_t i = 1 + sample_below(random, 3); i > 0; i--) {
        size_t at = sample_below(random, size);
        if (sample_below(random, 4) == 0) {
            size_t piece = 1 + sample_below(random, size - at);
            memmove(buffer + at + piece, buffer + at, size - at);
            size += piece;
        } else {
            buffer[at] = (uint8_t)(sample_below(random, 2) == 0 ? sample_below(random, 256)
                                                                : buffer[at] ^ 1u);
        }
    }
    return bytes_of(buffer, sample_below(random, 8) == 0 ? sample_below(random, size) : size);
}

static void packed_commands_are_read_as_protobuf_reads_them_whole_or_spoilt(void **state)
{
    (void)state;
    static const enum act_kind acts[] = {ACT_SERVICE_RECORD, ACT_REDEEM, ACT_REVERSE};
    static uint8_t buffer[1u << 16];
    struct random_seeded random = samples_seed(20040501);
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    for (size_t i = 0; i < 200 * ROUNDS; i++) {
        struct command command = sample_command(&random, acts[i % 3]);
        struct entry_command_message message;
        struct bytes packed;
        command.memo.size = i % 4 == 0 ? command.memo.size : 0;
        assert_int_equal(entry_command_to_pb(&command, &arena, &message), LB_OK);
        assert_int_equal(entry_message_pack(&message.command.base, &arena, &packed), LB_OK);
        assert_unpacks_as_protobuf(&arena, packed);
        for (int round = 0; round < 4; round++) {
            assert_unpacks_as_protobuf(&arena, spoil(&random, packed, buffer));
        }
        arena_reset(&arena);
    }
    arena_fini(&arena);
}

static void a_command_without_memory_for_its_texts_is_not_made(void **state)
{
    (void)state;
    struct command command = {.id.bytes = {1},
                              .kind = ACT_ACTIVITY_OPEN,
                              .memo = BYTES_LITERAL("memo"),
                              .act.activity_open = {1, BYTES_LITERAL("name"),
                                                    BYTES_LITERAL("place"),
                                                    BYTES_LITERAL("content")}};
    for (size_t cap = 0; cap < 64; cap += 16) {
        struct arena arena;
        struct entry_command_message message;
        arena_init(&arena, arena_memory_heap(), cap);
        assert_int_equal(entry_command_to_pb(&command, &arena, &message), LB_MEMORY);
        arena_fini(&arena);
    }
}

/* A good message of one act, for the tests below to spoil. */
static Lovebank__V1__Command good_command(uint8_t id[LB_REQUEST_ID_BYTES])
{
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    memset(id, 7, LB_REQUEST_ID_BYTES);
    command.id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, id};
    return command;
}

static void assert_refused(const Lovebank__V1__Command *message, struct verdict wanted)
{
    struct command command;
    struct verdict verdict = entry_command_from_pb(message, &command);
    assert_string_equal(lb_result_name((int)verdict.code), lb_result_name((int)wanted.code));
    assert_int_equal(verdict.a, wanted.a);
    assert_int_equal(verdict.b, wanted.b);
    assert_int_equal(verdict.c, wanted.c);
    assert_string_equal(verdict.text, wanted.text);
}

static void a_missing_or_odd_id_a_missing_act_and_an_impossible_day_are_refused(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    Lovebank__V1__MemberClose act;
    lovebank__v1__member_close__init(&act);
    Lovebank__V1__Command message = good_command(id);
    assert_refused(&message, (struct verdict){.code = LB_FIELD_MISSING, .text = "act"});
    message.act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_CLOSE;
    message.member_close = &act;
    assert_refused(&message, (struct verdict){.code = LB_OK, .text = ""});
    message.has_day = true;
    message.day = DAY_NONE;
    assert_refused(&message, (struct verdict){.code = LB_DATE_INVALID, .text = "day"});
    message.has_day = false;
    message.id.len = 0;
    assert_refused(&message, (struct verdict){.code = LB_FIELD_MISSING, .text = "id"});
    message.id.len = 15;
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "id"});
    message.id.len = LB_REQUEST_ID_BYTES;
    memset(id, 0, sizeof(id));
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "id"});
}

static void of_several_faults_the_one_first_in_the_result_list_is_told(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    Lovebank__V1__OrgOpen act;
    lovebank__v1__org_open__init(&act);
    act.kind = (Lovebank__V1__OrgKind)7;
    Lovebank__V1__Command message = good_command(id);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_ORG_OPEN;
    message.org_open = &act;
    message.has_day = true;
    message.day = DAY_NONE; /* date_invalid comes after field_invalid */
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 7, 1, 6, "kind"});
    message.id.len = 3; /* malformed before it */
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "id"});
}

static void unknown_enum_numbers_are_refused(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    Lovebank__V1__Command message = good_command(id);
    Lovebank__V1__OrgOpen org;
    lovebank__v1__org_open__init(&org);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_ORG_OPEN;
    message.org_open = &org;
    org.kind = (Lovebank__V1__OrgKind)-1;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, -1, 1, 6, "kind"});

    Lovebank__V1__TariffSet tariff;
    lovebank__v1__tariff_set__init(&tariff);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_TARIFF_SET;
    message.tariff_set = &tariff;
    tariff.expiry_kind = (Lovebank__V1__ExpiryKind)4;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 4, 1, 3, "expiry_kind"});

    Lovebank__V1__ItemSet item;
    lovebank__v1__item_set__init(&item);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_ITEM_SET;
    message.item_set = &item;
    item.kind = (Lovebank__V1__ItemKind)3;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 3, 1, 2, "kind"});

    Lovebank__V1__MemberUpdate update;
    Lovebank__V1__Person person;
    lovebank__v1__member_update__init(&update);
    lovebank__v1__person__init(&person);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_UPDATE;
    message.member_update = &update;
    update.status = (Lovebank__V1__MemberStatus)4;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 4, 1, 3, "status"});
    update.status = LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_ACTIVE;
    update.person = &person;
    person.gender = (Lovebank__V1__Gender)3;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 3, 1, 2, "person.gender"});
}

static void more_lines_or_codes_than_fit_are_refused(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    const struct verdict lines = {LB_LINES_TOO_MANY, 33, 32, 0, "lines"};
    Lovebank__V1__Command message = good_command(id);
    Lovebank__V1__RedeemLine line;
    Lovebank__V1__RedeemLine *redeem_lines[LB_COMMAND_LINES_MAX + 1];
    Lovebank__V1__StockLine stock;
    Lovebank__V1__StockLine *stock_lines[LB_COMMAND_LINES_MAX + 1];
    uint32_t codes[LB_COMMAND_LINES_MAX + 1] = {0};
    lovebank__v1__redeem_line__init(&line);
    lovebank__v1__stock_line__init(&stock);
    for (size_t i = 0; i <= LB_COMMAND_LINES_MAX; i++) {
        redeem_lines[i] = &line;
        stock_lines[i] = &stock;
    }
    Lovebank__V1__Redeem redeem;
    lovebank__v1__redeem__init(&redeem);
    redeem.n_lines = LB_COMMAND_LINES_MAX + 1;
    redeem.lines = redeem_lines;
    message.act_case = LOVEBANK__V1__COMMAND__ACT_REDEEM;
    message.redeem = &redeem;
    assert_refused(&message, lines);

    Lovebank__V1__StockReceive receive;
    lovebank__v1__stock_receive__init(&receive);
    receive.n_lines = LB_COMMAND_LINES_MAX + 1;
    receive.lines = stock_lines;
    message.act_case = LOVEBANK__V1__COMMAND__ACT_STOCK_RECEIVE;
    message.stock_receive = &receive;
    assert_refused(&message, lines);
    receive.n_lines = 1;
    stock.has_best_before = true;
    stock.best_before_day = DAY_NONE;
    assert_refused(&message,
                   (struct verdict){.code = LB_DATE_INVALID, .text = "lines.best_before_day"});

    Lovebank__V1__MemberRegister member;
    lovebank__v1__member_register__init(&member);
    member.n_class_ids = LB_COMMAND_LINES_MAX + 1;
    member.class_ids = codes;
    message.act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER;
    message.member_register = &member;
    assert_refused(&message, (struct verdict){LB_LINES_TOO_MANY, 33, 32, 0, "class_ids"});
}

static void minutes_that_are_none_of_a_day_are_refused(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    Lovebank__V1__Command message = good_command(id);
    Lovebank__V1__ServiceRecord record;
    lovebank__v1__service_record__init(&record);
    message.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    message.service_record = &record;
    record.has_start = true;
    record.start_minute = 1440;
    assert_refused(&message, (struct verdict){LB_FIELD_INVALID, 1440, 0, 1439, "start_minute"});
    record.start_minute = UINT32_MAX;
    assert_refused(&message,
                   (struct verdict){LB_FIELD_INVALID, UINT32_MAX, 0, 1439, "start_minute"});
    record.has_start = false; /* then the number means nothing */
    assert_refused(&message, (struct verdict){.code = LB_OK, .text = ""});
}

static void odd_request_ids_of_references_are_refused(void **state)
{
    (void)state;
    uint8_t id[LB_REQUEST_ID_BYTES];
    uint8_t zeros[LB_REQUEST_ID_BYTES] = {0};
    Lovebank__V1__Command message = good_command(id);
    Lovebank__V1__EntryRef ref;
    Lovebank__V1__Reverse reverse;
    Lovebank__V1__ServiceGive give;
    Lovebank__V1__ServiceRelease release;
    lovebank__v1__entry_ref__init(&ref);
    lovebank__v1__reverse__init(&reverse);
    lovebank__v1__service_give__init(&give);
    lovebank__v1__service_release__init(&release);
    reverse.target = give.ask = release.ask = &ref;
    ref.request_id = (ProtobufCBinaryData){17, id}; /* never read: the length is wrong */
    message.act_case = LOVEBANK__V1__COMMAND__ACT_REVERSE;
    message.reverse = &reverse;
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "target.request_id"});
    ref.request_id = (ProtobufCBinaryData){LB_REQUEST_ID_BYTES, zeros};
    message.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE;
    message.service_give = &give;
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "ask.request_id"});
    message.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE;
    message.service_release = &release;
    assert_refused(&message, (struct verdict){.code = LB_MALFORMED, .text = "ask.request_id"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_of_every_act_comes_back_the_same),
        cmocka_unit_test(packed_commands_are_read_as_protobuf_reads_them_whole_or_spoilt),
        cmocka_unit_test(a_command_without_memory_for_its_texts_is_not_made),
        cmocka_unit_test(a_missing_or_odd_id_a_missing_act_and_an_impossible_day_are_refused),
        cmocka_unit_test(of_several_faults_the_one_first_in_the_result_list_is_told),
        cmocka_unit_test(unknown_enum_numbers_are_refused),
        cmocka_unit_test(more_lines_or_codes_than_fit_are_refused),
        cmocka_unit_test(minutes_that_are_none_of_a_day_are_refused),
        cmocka_unit_test(odd_request_ids_of_references_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
