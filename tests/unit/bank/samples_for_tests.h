/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One good command of every kind, with every field given, and the bank that accepts each of them.
 */
#ifndef SAMPLES_FOR_TESTS_H
#define SAMPLES_FOR_TESTS_H

#include "bank_for_tests.h"

#define SAMPLE_DAY 16900 /* 2016-04-09 */

/* What sample_bank_new makes, by entry or by number. */
enum sample_number {
    SAMPLE_RECORD = 13, /* entry: member 1 earned 50 points */
    SAMPLE_ASK = 14,    /* entry: member 1 asked for service 2, 15 points held */
    SAMPLE_CLASS = 7,
    SAMPLE_CLASS_HELD = 8, /* by member 2 */
    SAMPLE_ORG = 2,        /* below org 1 */
    SAMPLE_ACTIVITY = 1,
    SAMPLE_IMPORT = 1,
    SAMPLE_CLOSED = 90,       /* a member */
    SAMPLE_ADMINISTRATOR = 1, /* who sends the samples; the server trusts it */
    SAMPLE_OPERATOR = 2,      /* a desk's, who is member 2 */
    SAMPLE_DEVICE = 3,
    SAMPLE_PROPOSAL = 23, /* entry: the operator recorded 30 minutes of its own service */
};

static const enum act_kind sample_kinds[] = {
    ACT_ORG_OPEN,    ACT_ORG_UPDATE,      ACT_CLASS_SET,      ACT_TARIFF_SET,
    ACT_ITEM_SET,    ACT_COUNTER_OPEN,    ACT_ACTIVITY_OPEN,  ACT_STAR_TABLE_SET,
    ACT_IMPORT_OPEN, ACT_MEMBER_REGISTER, ACT_MEMBER_UPDATE,  ACT_MEMBER_CLOSE,
    ACT_CARD_ISSUE,  ACT_CARD_BLOCK,      ACT_CARD_REPLACE,   ACT_OPERATOR_OPEN,
    ACT_DEVICE_OPEN, ACT_PRINCIPAL_SET,   ACT_CREDENTIAL_SET, ACT_ROLE_SET,
    ACT_POLICY_SET,  ACT_PROPOSAL_DECIDE, ACT_REVEAL,         ACT_MEMBER_ERASE,
    ACT_CONSENT_SET, ACT_KEY_ROTATE,      ACT_STOCK_RECEIVE,  ACT_SERVICE_RECORD,
    ACT_REDEEM,      ACT_SERVICE_ASK,     ACT_SERVICE_GIVE,   ACT_SERVICE_RELEASE,
    ACT_REVERSE,     ACT_OPENING_BALANCE,
};
#define SAMPLE_KIND_COUNT (sizeof(sample_kinds) / sizeof(sample_kinds[0]))

static inline struct person sample_person(void)
{
    return (struct person){.name = BYTES_LITERAL("李四"),
                           .gender = GENDER_FEMALE,
                           .birth_day = -3000,
                           .id_number = BYTES_LITERAL("110101196110151235"),
                           .address = BYTES_LITERAL("和平里"),
                           .phone = BYTES_LITERAL("13800000000"),
                           .skills = BYTES_LITERAL("电工"),
                           .wishes = BYTES_LITERAL("维修")};
}

static inline void sample_registry(struct command *command)
{
    const struct bytes name = BYTES_LITERAL("名称");
    if (command->kind == ACT_ORG_OPEN) {
        command->act.org_open =
            (struct act_org_open){.org = 3, .parent = 1, .kind = ORG_GRID, .name = name};
    } else if (command->kind == ACT_ORG_UPDATE) {
        command->act.org_update =
            (struct act_org_update){.org = SAMPLE_ORG, .parent = 1, .name = name, .close = true};
    } else if (command->kind == ACT_CLASS_SET) {
        command->act.class_set =
            (struct act_class_set){.class_id = 9, .name = name, .is_public = true};
    } else if (command->kind == ACT_TARIFF_SET) {
        command->act.tariff_set = (struct act_tariff_set){.category = 2,
                                                          .name = name,
                                                          .points_per_hour_centi = 100,
                                                          .coefficient_permille = 1500,
                                                          .rounding_minutes = 30,
                                                          .expiry_kind = EXPIRY_YEARS,
                                                          .expiry_years = 3,
                                                          .day_minutes_max = 480};
    } else if (command->kind == ACT_ITEM_SET) {
        command->act.item_set = (struct act_item_set){.item = 3,
                                                      .kind = ITEM_GOODS,
                                                      .name = name,
                                                      .unit = name,
                                                      .barcode = UINT64_C(6901234567892),
                                                      .price_centi = 500};
    } else if (command->kind == ACT_COUNTER_OPEN) {
        command->act.counter_open = (struct act_counter_open){.counter = 2, .org = 1, .name = name};
    } else if (command->kind == ACT_ACTIVITY_OPEN) {
        command->act.activity_open =
            (struct act_activity_open){.org = 1, .name = name, .place = name, .content = name};
    } else if (command->kind == ACT_STAR_TABLE_SET) {
        command->act.star_hours = (struct codes){.items = {100, 300, 600}, .count = 3};
    } else if (command->kind == ACT_IMPORT_OPEN) {
        command->act.import_open = (struct act_import_open){.kind = name, .rows = 500};
        command->import = 0;
    }
}

static inline void sample_member(struct command *command)
{
    if (command->kind == ACT_MEMBER_REGISTER) {
        command->act.member_register =
            (struct act_member_register){.member = 50,
                                         .org = 1,
                                         .class_ids = {{SAMPLE_CLASS, SAMPLE_CLASS_HELD}, 2},
                                         .card = lb_card_of_serial(50),
                                         .person = sample_person()};
    } else if (command->kind == ACT_MEMBER_UPDATE) {
        command->act.member_update =
            (struct act_member_update){.member = 2,
                                       .org = SAMPLE_ORG,
                                       .class_ids_add = {{SAMPLE_CLASS}, 1},
                                       .class_ids_remove = {{SAMPLE_CLASS_HELD}, 1},
                                       .status = MEMBER_BLOCKED,
                                       .has_person = true,
                                       .person = sample_person()};
    } else if (command->kind == ACT_MEMBER_CLOSE) {
        command->act.member_close = 2;
    } else if (command->kind == ACT_CARD_ISSUE) {
        command->act.card = (struct act_card){.member = 2, .card = lb_card_of_serial(60)};
    } else if (command->kind == ACT_CARD_BLOCK) {
        command->act.card = (struct act_card){.card = lb_card_of_serial(1)};
    } else if (command->kind == ACT_CARD_REPLACE) {
        command->act.card =
            (struct act_card){.card = lb_card_of_serial(1), .new_card = lb_card_of_serial(61)};
    }
}

static inline void sample_deed(struct command *command)
{
    if (command->kind == ACT_STOCK_RECEIVE) {
        command->act.stock_receive =
            (struct act_stock_receive){.counter = 1,
                                       .donor = BYTES_LITERAL("粮油公司"),
                                       .lines = {{1, 20, 17000}, {1, 5, DAY_NONE}},
                                       .line_count = 2};
    } else if (command->kind == ACT_SERVICE_RECORD) {
        command->act.service_record = (struct act_service_record){.member = {.member = 2},
                                                                  .category = 1,
                                                                  .minutes = 90,
                                                                  .start_minute = 540,
                                                                  .activity = SAMPLE_ACTIVITY,
                                                                  .org = 1};
    } else if (command->kind == ACT_REDEEM) {
        command->act.redeem = (struct act_redeem){.member = {.card = lb_card_of_serial(1)},
                                                  .counter = 1,
                                                  .lines = {{1, 1}},
                                                  .line_count = 1};
    } else if (command->kind == ACT_SERVICE_ASK) {
        command->act.service_ask = (struct act_service_ask){
            .member = {.member = 1}, .counter = 1, .item = 2, .quantity = 1};
    } else if (command->kind == ACT_SERVICE_GIVE) {
        command->act.service_give = (struct act_service_give){.ask = {.entry = SAMPLE_ASK},
                                                              .giver = {.member = 2},
                                                              .category = 1,
                                                              .minutes = 60,
                                                              .start_minute = 600};
    } else if (command->kind == ACT_SERVICE_RELEASE) {
        command->act.service_release = (struct entry_ref){.entry = SAMPLE_ASK};
    } else if (command->kind == ACT_REVERSE) {
        command->act.reverse = (struct entry_ref){.entry = SAMPLE_ASK};
    } else if (command->kind == ACT_OPENING_BALANCE) {
        command->act.opening_balance = (struct act_opening_balance){.member = {.member = 2},
                                                                    .points_centi = 3000,
                                                                    .last_day = SAMPLE_DAY + 365,
                                                                    .minutes = 7200,
                                                                    .year = 2015};
    }
}

static inline struct credential sample_code(void)
{
    return (struct credential){.kind = CREDENTIAL_ONE_TIME,
                               .verifier = BYTES_LITERAL("0123456789abcdef0123456789abcdef"),
                               .expires_ms = 1};
}

static inline void sample_account(struct command *command)
{
    if (command->kind == ACT_OPERATOR_OPEN) {
        command->act.operator_open = (struct act_operator_open){
            .login = BYTES_LITERAL("zhang.san"), .member = 1, .credential = sample_code()};
    } else if (command->kind == ACT_DEVICE_OPEN) {
        command->act.device_open = (struct act_device_open){
            .name = BYTES_LITERAL("前台"), .org = 1, .counter = 1, .token_hash = {7}};
    } else if (command->kind == ACT_PRINCIPAL_SET) {
        command->act.principal_set = (struct act_principal_set){
            .principal = SAMPLE_OPERATOR, .state = PRINCIPAL_IS_LOCKED, .member = 1};
    } else if (command->kind == ACT_CREDENTIAL_SET) {
        command->act.credential_set =
            (struct act_credential_set){.principal = SAMPLE_OPERATOR, .credential = sample_code()};
    } else if (command->kind == ACT_ROLE_SET) {
        command->act.role_set = (struct act_role_set){
            .principal = SAMPLE_OPERATOR,
            .roles = {.items = {{ROLE_DESK, 1}, {ROLE_COUNTER, SAMPLE_ORG}}, .count = 2}};
    }
}

static inline void sample_second_person(struct command *command)
{
    if (command->kind == ACT_POLICY_SET) {
        command->act.policy_set = (struct act_policy_set){.service_minutes = 480,
                                                          .points_centi = 10000,
                                                          .back_days = 30,
                                                          .import_rows = 50,
                                                          .reversals = true,
                                                          .undo_minutes = 5,
                                                          .proposal_days = 7,
                                                          .opening_balances = true};
    } else if (command->kind == ACT_PROPOSAL_DECIDE) {
        command->act.proposal_decide =
            (struct act_proposal_decide){.proposal = {.entry = SAMPLE_PROPOSAL}, .confirm = true};
    } else if (command->kind == ACT_REVEAL) {
        command->act.reveal = 1;
    } else if (command->kind == ACT_MEMBER_ERASE) {
        command->act.member_erase = SAMPLE_CLOSED;
    } else if (command->kind == ACT_CONSENT_SET) {
        command->act.consent_set =
            (struct act_consent_set){.member = 1, .publish_name = true, .contact = true};
    }
}

static inline struct command sample_command(enum act_kind kind)
{
    struct command command = {.id = {{0xab}},
                              .day = SAMPLE_DAY,
                              .desk = 3,
                              .import = SAMPLE_IMPORT,
                              .memo = BYTES_LITERAL("说明"),
                              .kind = kind};
    sample_registry(&command);
    sample_member(&command);
    sample_deed(&command);
    sample_account(&command);
    sample_second_person(&command);
    return command;
}

/* Who may do what, and what one of them has proposed. */
static inline void sample_make_accounts(struct test_bank *made)
{
    struct command open = {.kind = ACT_OPERATOR_OPEN, .day = TEST_START};
    struct command roles = {.kind = ACT_ROLE_SET, .day = TEST_START};
    open.act.operator_open.login = (struct bytes)BYTES_LITERAL("admin");
    LB_ASSERT(test_do(made, open)->assigned == SAMPLE_ADMINISTRATOR);
    open.act.operator_open.login = (struct bytes)BYTES_LITERAL("desk.1");
    open.act.operator_open.member = 2;
    LB_ASSERT(test_do(made, open)->assigned == SAMPLE_OPERATOR);
    roles.act.role_set = (struct act_role_set){.principal = SAMPLE_ADMINISTRATOR,
                                               .roles = {{{ROLE_ADMINISTRATOR, 0}}, 1}};
    LB_ASSERT(test_do(made, roles)->verdict.code == LB_OK);
    roles.act.role_set =
        (struct act_role_set){.principal = SAMPLE_OPERATOR, .roles = {{{ROLE_DESK, 1}}, 1}};
    LB_ASSERT(test_do(made, roles)->verdict.code == LB_OK);
    struct command device = {.kind = ACT_DEVICE_OPEN, .day = TEST_START};
    device.act.device_open = (struct act_device_open){
        .name = BYTES_LITERAL("柜台"), .org = 1, .counter = 1, .token_hash = {1}};
    LB_ASSERT(test_do(made, device)->assigned == SAMPLE_DEVICE);
    made->actor = (struct actor){.principal = SAMPLE_OPERATOR};
    const struct entry *proposal = test_record(made, 2, 1, 30, -1, SAMPLE_DAY);
    LB_ASSERT(proposal->verdict.code == LB_WAITING && proposal->number == SAMPLE_PROPOSAL);
    made->actor = (struct actor){.principal = SAMPLE_ADMINISTRATOR, .is_trusted = true};
}

static inline struct test_bank *sample_bank_new(void)
{
    struct test_bank *made = test_bank_new_street();
    struct command class_set = {.kind = ACT_CLASS_SET, .day = TEST_START};
    class_set.act.class_set =
        (struct act_class_set){.class_id = SAMPLE_CLASS, .name = BYTES_LITERAL("党员")};
    LB_ASSERT(test_open_org(made, SAMPLE_ORG, 1, TEST_START)->verdict.code == LB_OK);
    LB_ASSERT(test_do(made, class_set)->verdict.code == LB_OK);
    class_set.act.class_set.class_id = SAMPLE_CLASS_HELD;
    LB_ASSERT(test_do(made, class_set)->verdict.code == LB_OK);
    struct command activity = sample_command(ACT_ACTIVITY_OPEN);
    activity.id = test_id(made);
    activity.import = 0; /* none is open yet */
    LB_ASSERT(test_do(made, activity)->verdict.code == LB_OK);
    LB_ASSERT(test_record(made, 1, 1, 300, -1, SAMPLE_DAY)->number == SAMPLE_RECORD);
    LB_ASSERT(test_ask(made, 1, 1, 2, 1, SAMPLE_DAY)->number == SAMPLE_ASK);
    struct command import = sample_command(ACT_IMPORT_OPEN);
    import.id = test_id(made);
    LB_ASSERT(test_do(made, import)->assigned == SAMPLE_IMPORT);
    LB_ASSERT(test_register(made, SAMPLE_CLOSED, 1, 0, TEST_START)->verdict.code == LB_OK);
    LB_ASSERT(test_do(made, (struct command){.kind = ACT_MEMBER_CLOSE,
                                             .day = TEST_START,
                                             .act.member_close = SAMPLE_CLOSED})
                  ->verdict.code == LB_OK);
    sample_make_accounts(made);
    return made;
}

#endif
