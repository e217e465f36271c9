/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The stored bytes of one fixed entry for each act. They are in ledgers for ever: when this test
 * fails the format has changed, and no ledger written before can be verified any more. It prints
 * the bytes it got; they may be put into golden_entries.h for a new act only. Single thread.
 */
#include "entry/codec.h"

#include "golden_entries.h"
#include "same.h"

/* Fixed values: each field its own, so that two that change places are seen. */
static void golden_settings(struct command *command)
{
    struct bytes name = BYTES_LITERAL("名称");
    switch ((int)command->kind) {
    case ACT_ORG_OPEN:
        command->act.org_open = (struct act_org_open){320505001001, 320505001, ORG_COMMUNITY, name};
        break;
    case ACT_ORG_UPDATE:
        command->act.org_update = (struct act_org_update){320505001001, 320505002, name, true};
        break;
    case ACT_CLASS_SET:
        command->act.class_set = (struct act_class_set){11, name, true};
        break;
    case ACT_TARIFF_SET:
        command->act.tariff_set =
            (struct act_tariff_set){21, name, 100, 1500, 30, EXPIRY_YEARS, 3, 480};
        break;
    case ACT_ITEM_SET:
        command->act.item_set =
            (struct act_item_set){31, ITEM_GOODS, name, BYTES_LITERAL("袋"), 6901234567892, 2550};
        break;
    case ACT_COUNTER_OPEN:
        command->act.counter_open = (struct act_counter_open){41, 320505001, name};
        break;
    case ACT_ACTIVITY_OPEN:
        command->act.activity_open = (struct act_activity_open){
            320505001, name, BYTES_LITERAL("地点"), BYTES_LITERAL("内容")};
        break;
    case ACT_STAR_TABLE_SET:
        command->act.star_hours = (struct codes){{100, 300, 600, 1000, 1500}, 5};
        break;
    default:
        command->act.import_open = (struct act_import_open){BYTES_LITERAL("sheet"), 500};
    }
}

static void golden_member_act(struct command *command)
{
    switch ((int)command->kind) {
    case ACT_MEMBER_REGISTER:
        command->act.member_register = (struct act_member_register){.member = 1001,
                                                                    .org = 320505001001,
                                                                    .class_ids = {{11, 300}, 2},
                                                                    .card = 1000000008,
                                                                    .person.birth_day = DAY_NONE};
        break;
    case ACT_MEMBER_UPDATE:
        command->act.member_update = (struct act_member_update){.member = 1001,
                                                                .org = 320505001002,
                                                                .class_ids_add = {{12}, 1},
                                                                .class_ids_remove = {{11, 13}, 2},
                                                                .status = MEMBER_BLOCKED,
                                                                .has_person = true,
                                                                .person.birth_day = DAY_NONE};
        break;
    case ACT_MEMBER_CLOSE:
        command->act.member_close = 1001;
        break;
    case ACT_CARD_ISSUE:
        command->act.card = (struct act_card){.member = 1001, .card = 1000000008};
        break;
    case ACT_CARD_BLOCK:
        command->act.card = (struct act_card){.card = 1000000008};
        break;
    default:
        command->act.card = (struct act_card){.card = 1000000008, .new_card = 1000000016};
    }
}

static void golden_deed(struct command *command)
{
    struct member_ref by_number = {.member = 1001};
    struct member_ref by_card = {.card = 1000000008};
    struct entry_ref by_entry = {.entry = 700};
    struct entry_ref by_request = {.request.bytes = {0xaa, [15] = 0xbb}};
    switch ((int)command->kind) {
    case ACT_STOCK_RECEIVE:
        command->act.stock_receive = (struct act_stock_receive){
            41, BYTES_LITERAL("粮油公司"), {{31, 50, 17500}, {32, 20, DAY_NONE}}, 2};
        break;
    case ACT_SERVICE_RECORD:
        command->act.service_record =
            (struct act_service_record){by_number, 21, 90, 0, 5, 320505001001};
        break;
    case ACT_REDEEM:
        command->act.redeem = (struct act_redeem){by_card, 41, {{31, 2}, {33, 1}}, 2};
        break;
    case ACT_SERVICE_ASK:
        command->act.service_ask = (struct act_service_ask){by_number, 41, 34, 3};
        break;
    case ACT_SERVICE_GIVE:
        command->act.service_give =
            (struct act_service_give){by_request, {.member = 1002}, 21, 120, 540};
        break;
    case ACT_SERVICE_RELEASE:
        command->act.service_release = by_entry;
        break;
    case ACT_OPENING_BALANCE:
        command->act.opening_balance =
            (struct act_opening_balance){by_card, 12050, 17531, 7200, 2015};
        break;
    default:
        command->act.reverse = by_request;
    }
}

static void golden_account(struct command *command)
{
    switch ((int)command->kind) {
    case ACT_OPERATOR_OPEN:
        command->act.operator_open =
            (struct act_operator_open){.login = BYTES_LITERAL("li.ming"), .member = 1001};
        break;
    case ACT_DEVICE_OPEN:
        command->act.device_open =
            (struct act_device_open){BYTES_LITERAL("前台"), 320505001001, 41, {0xe0, [31] = 0x0e}};
        break;
    case ACT_PRINCIPAL_SET:
        command->act.principal_set = (struct act_principal_set){51, PRINCIPAL_IS_LOCKED, 1002};
        break;
    case ACT_CREDENTIAL_SET:
        command->act.credential_set = (struct act_credential_set){.principal = 52};
        break;
    default:
        command->act.role_set = (struct act_role_set){
            53, {{{ROLE_DESK, 320505001001}, {ROLE_REVIEWER, 320505001}, {ROLE_AUDITOR, 0}}, 3}};
    }
}

static void golden_person_act(struct command *command)
{
    switch ((int)command->kind) {
    case ACT_POLICY_SET:
        command->act.policy_set = (struct act_policy_set){480, 50000, 31, 200, true, 10, 14, false};
        break;
    case ACT_PROPOSAL_DECIDE:
        command->act.proposal_decide = (struct act_proposal_decide){{.entry = 700}, true};
        break;
    case ACT_REVEAL:
        command->act.reveal = 1001;
        break;
    case ACT_MEMBER_ERASE:
        command->act.member_erase = 1002;
        break;
    case ACT_CONSENT_SET:
        command->act.consent_set = (struct act_consent_set){1001, true, true};
        break;
    default:
        assert_int_equal(command->kind, ACT_KEY_ROTATE);
    }
}

static struct entry golden_entry(enum act_kind kind)
{
    static struct posting postings[] = {
        {{ACCOUNT_MEMBER, 1001}, {ASSET_POINTS, 0}, 17166, -5100},
        {{ACCOUNT_REDEEMED, 41}, {ASSET_POINTS, 0}, 17166, 5100},
        {{ACCOUNT_STOCK, 41}, {ASSET_GOODS, 31}, LOT_NEVER << 32 | 9, -2},
    };
    struct entry entry = {
        .number = 1234,
        .recorded_ms = INT64_C(1462060800123),
        .day = 16922,
        .actor = {.peer = 1001},
        .command = {.id.bytes = {0x01, 0x54, 0x68, [15] = 0xff}, .desk = 6, .kind = kind},
        .verdict = {.code = LB_OK, .text = ""},
        .links = {{1001, 1200}, {1002, 0}},
        .balances = {{1001, 4900, 100, 0, 5400}, {1002, 0, 0, 250, 60}},
        .link_count = 2,
        .postings = {postings, 3, 3, false},
        .lines = {{31, 2, 2550, 17}},
        .line_count = 1,
        .earning = {1002, 21, 15, 125, 120, 200, 17531},
        .assigned = 77,
        .assigned_card = 1000000016,
        .target_entry = 700,
        .org = 320505001001,
        .person_commitment = {true, {0xc0, [31] = 0x0c}},
        .memo_commitment = {true, {0xd0, [31] = 0x0d}},
    };
    entry.command.day = kind % 2 == 0 ? 16922 : DAY_NONE;
    if (kind == ACT_IMPORT_OPEN) { /* came with the others' fields for imports */
        entry.command.import = 3;
        entry.chains[0] = (struct chain_link){CHAIN_IMPORT, 3, 1190};
        entry.chains[1] = (struct chain_link){CHAIN_COUNTER, 41, 0};
        entry.chain_count = 2;
    }
    if (kind >= ACT_OPERATOR_OPEN) { /* came with the others' fields for who acted */
        entry.actor = (struct actor){.principal = 54, .device = 55};
        entry.proposal = 701;
        entry.approver = 56;
        entry.credential_commitment = (struct commitment){true, {0xf0, [31] = 0x0f}};
    }
    if (kind == ACT_REVERSE) {
        entry.verdict = (struct verdict){LB_POINTS_INSUFFICIENT, 3000, 5100, -1, ""};
        entry.failed_line = 2;
        entry.failed_code = LB_CARD_UNKNOWN;
    }
    if (kind < ACT_MEMBER_REGISTER) {
        golden_settings(&entry.command);
    } else if (kind < ACT_STOCK_RECEIVE) {
        golden_member_act(&entry.command);
    } else if (kind < ACT_OPERATOR_OPEN || kind == ACT_OPENING_BALANCE) {
        golden_deed(&entry.command);
    } else if (kind < ACT_POLICY_SET) {
        golden_account(&entry.command);
    } else {
        golden_person_act(&entry.command);
    }
    return entry;
}

static const char *golden_hex(enum act_kind kind)
{
    for (size_t i = 0; i < sizeof(golden_entries) / sizeof(golden_entries[0]); i++) {
        if (golden_entries[i].kind == kind) {
            return golden_entries[i].hex;
        }
    }
    return "";
}

static void to_hex(struct bytes bytes, char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        *hex++ = digits[bytes.data[i] >> 4];
        *hex++ = digits[bytes.data[i] & 15];
    }
    *hex = '\0';
}

static void the_stored_bytes_of_every_act_are_those_of_the_ledgers_in_use(void **state)
{
    (void)state;
    bool is_same = true;
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        struct arena arena;
        struct bytes packed;
        static char hex[2 * LB_ENTRY_BYTES_MAX + 1];
        arena_init(&arena, arena_memory_heap(), 1u << 16);
        struct entry entry = golden_entry(samples_acts[i]);
        assert_int_equal(entry_pack(&entry, &arena, &packed), LB_OK);
        to_hex(packed, hex);
        if (strcmp(hex, golden_hex(samples_acts[i])) != 0) {
            print_message("act %d: %s\n", (int)samples_acts[i], hex);
            is_same = false;
        }
        arena_fini(&arena);
    }
    assert_true(is_same);
}

static uint8_t hex_digit(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static void stored_bytes_are_read_as_what_they_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES_ACT_COUNT; i++) {
        struct arena arena;
        struct entry back;
        static uint8_t packed[LB_ENTRY_BYTES_MAX];
        const char *hex = golden_hex(samples_acts[i]);
        size_t size = strlen(hex) / 2;
        assert_in_range(size, 1, sizeof(packed));
        for (size_t k = 0; k < size; k++) {
            packed[k] = (uint8_t)(hex_digit(hex[2 * k]) << 4 | hex_digit(hex[2 * k + 1]));
        }
        arena_init(&arena, arena_memory_heap(), 1u << 16);
        struct entry entry = golden_entry(samples_acts[i]);
        assert_int_equal(entry_unpack(bytes_of(packed, size), &arena, &back), LB_OK);
        same_entry(&entry, &back);
        arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stored_bytes_of_every_act_are_those_of_the_ledgers_in_use),
        cmocka_unit_test(stored_bytes_are_read_as_what_they_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
