/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random commands and entries for tests of the codecs, as the bank could have made them, and the
 * comparison of two field by field. Single thread.
 */
#ifndef TESTS_UNIT_ENTRY_SAMPLES_H
#define TESTS_UNIT_ENTRY_SAMPLES_H

#include "bank/entry.h"
#include "base/random.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLES_POSTINGS 12

static const enum act_kind samples_acts[] = {
    ACT_ORG_OPEN,        ACT_ORG_UPDATE,      ACT_CLASS_SET,     ACT_TARIFF_SET,
    ACT_ITEM_SET,        ACT_COUNTER_OPEN,    ACT_ACTIVITY_OPEN, ACT_STAR_TABLE_SET,
    ACT_IMPORT_OPEN,     ACT_MEMBER_REGISTER, ACT_MEMBER_UPDATE, ACT_MEMBER_CLOSE,
    ACT_CARD_ISSUE,      ACT_CARD_BLOCK,      ACT_CARD_REPLACE,  ACT_STOCK_RECEIVE,
    ACT_SERVICE_RECORD,  ACT_REDEEM,          ACT_SERVICE_ASK,   ACT_SERVICE_GIVE,
    ACT_SERVICE_RELEASE, ACT_REVERSE,         ACT_OPERATOR_OPEN, ACT_DEVICE_OPEN,
    ACT_PRINCIPAL_SET,   ACT_CREDENTIAL_SET,  ACT_ROLE_SET,      ACT_POLICY_SET,
    ACT_PROPOSAL_DECIDE, ACT_REVEAL,          ACT_MEMBER_ERASE,  ACT_CONSENT_SET,
    ACT_KEY_ROTATE,      ACT_OPENING_BALANCE,
};

#define SAMPLES_ACT_COUNT (sizeof(samples_acts) / sizeof(samples_acts[0]))

/* A state for random_seeded, said aloud so that a failure can be had again. */
static inline struct random_seeded samples_seed(uint64_t seed)
{
    print_message("seed %llu\n", (unsigned long long)seed);
    return (struct random_seeded){seed};
}

static inline uint64_t sample_below(struct random_seeded *random, uint64_t limit)
{
    return random_seeded_next(random) % limit;
}

/* Every length of varint, and often 0. */
static inline uint64_t sample_u64(struct random_seeded *random)
{
    uint64_t bits = sample_below(random, 65);
    return bits == 0 ? 0 : random_seeded_next(random) >> (64 - bits);
}

static inline uint32_t sample_u32(struct random_seeded *random)
{
    return (uint32_t)sample_u64(random);
}

static inline int64_t sample_i64(struct random_seeded *random)
{
    return (int64_t)sample_u64(random);
}

static inline int32_t sample_day(struct random_seeded *random)
{
    if (sample_below(random, 4) == 0) {
        return DAY_NONE;
    }
    return (int32_t)sample_below(random, DATE_DAY_MAX - DATE_DAY_MIN + 1) + DATE_DAY_MIN;
}

static inline int32_t sample_minute(struct random_seeded *random)
{
    return (int32_t)sample_below(random, LB_DAY_MINUTES + 1) - 1;
}

static inline struct bytes sample_text(struct random_seeded *random)
{
    static const char *const texts[] = {
        "",
        "x",
        "志愿者",
        "东湖社区党群服务中心",
        "two\nlines",
        "𠮷野家",
        ("a text that is rather longer than most, so that its length takes the space of a text "
         "that "
         "needs two bytes for it in a packed message, which begins at one hundred and "
         "twenty-eight"),
    };
    return bytes_of_text(texts[sample_below(random, sizeof(texts) / sizeof(texts[0]))]);
}

static inline struct id sample_id(struct random_seeded *random)
{
    struct id id;
    for (size_t i = 0; i < sizeof(id.bytes); i++) {
        id.bytes[i] = (uint8_t)sample_below(random, 256);
    }
    id.bytes[0] |= 1; /* not all zero */
    return id;
}

static inline struct codes sample_codes(struct random_seeded *random)
{
    struct codes codes = {.count = sample_below(random, LB_COMMAND_LINES_MAX + 1)};
    for (size_t i = 0; i < codes.count; i++) {
        codes.items[i] = sample_u32(random);
    }
    return codes;
}

static inline struct person sample_person(struct random_seeded *random)
{
    return (struct person){
        .name = sample_text(random),
        .gender = (enum gender)sample_below(random, GENDER_FEMALE + 1),
        .birth_day = sample_day(random),
        .id_number = sample_text(random),
        .address = sample_text(random),
        .phone = sample_text(random),
        .skills = sample_text(random),
        .wishes = sample_text(random),
    };
}

static inline struct member_ref sample_member_ref(struct random_seeded *random)
{
    return (struct member_ref){.member = sample_u64(random), .card = sample_u64(random)};
}

static inline struct entry_ref sample_entry_ref(struct random_seeded *random)
{
    struct entry_ref ref = {.entry = sample_u64(random)};
    if (sample_below(random, 2) == 0) {
        ref.request = sample_id(random);
    }
    return ref;
}

static inline void sample_settings(struct random_seeded *random, struct command *command)
{
    uint64_t code = sample_u64(random);
    struct bytes name = sample_text(random);
    switch ((int)command->kind) {
    case ACT_ORG_OPEN:
        command->act.org_open = (struct act_org_open){
            code, sample_u64(random), (enum org_kind)sample_below(random, ORG_OTHER + 1), name};
        break;
    case ACT_ORG_UPDATE:
        command->act.org_update =
            (struct act_org_update){code, sample_u64(random), name, sample_below(random, 2) == 0};
        break;
    case ACT_CLASS_SET:
        command->act.class_set =
            (struct act_class_set){(uint32_t)code, name, sample_below(random, 2) == 0};
        break;
    case ACT_TARIFF_SET:
        command->act.tariff_set = (struct act_tariff_set){
            (uint32_t)code,     name,
            sample_i64(random), sample_u32(random),
            sample_u32(random), (enum expiry_kind)sample_below(random, EXPIRY_YEARS + 1),
            sample_u32(random), sample_u32(random)};
        break;
    case ACT_ITEM_SET:
        command->act.item_set =
            (struct act_item_set){(uint32_t)code,
                                  (enum item_kind)sample_below(random, ITEM_SERVICE + 1),
                                  name,
                                  sample_text(random),
                                  sample_u64(random),
                                  sample_i64(random)};
        break;
    case ACT_COUNTER_OPEN:
        command->act.counter_open =
            (struct act_counter_open){(uint32_t)code, sample_u64(random), name};
        break;
    case ACT_ACTIVITY_OPEN:
        command->act.activity_open =
            (struct act_activity_open){code, name, sample_text(random), sample_text(random)};
        break;
    case ACT_STAR_TABLE_SET:
        command->act.star_hours = sample_codes(random);
        break;
    default:
        assert_int_equal(command->kind, ACT_IMPORT_OPEN);
        command->act.import_open = (struct act_import_open){name, sample_u32(random)};
    }
}

static inline void sample_member_act(struct random_seeded *random, struct command *command)
{
    struct act_member_update *update = &command->act.member_update;
    switch ((int)command->kind) {
    case ACT_MEMBER_REGISTER:
        command->act.member_register = (struct act_member_register){
            sample_u64(random), sample_u64(random), sample_codes(random), sample_u64(random),
            sample_person(random)};
        break;
    case ACT_MEMBER_UPDATE:
        *update = (struct act_member_update){
            .member = sample_u64(random),
            .org = sample_u64(random),
            .class_ids_add = sample_codes(random),
            .class_ids_remove = sample_codes(random),
            .status = (enum member_status)sample_below(random, MEMBER_CLOSED + 1),
            .has_person = sample_below(random, 2) == 0,
            .person = {.birth_day = DAY_NONE},
        };
        if (update->has_person) {
            update->person = sample_person(random);
        }
        break;
    case ACT_MEMBER_CLOSE:
        command->act.member_close = sample_u64(random);
        break;
    case ACT_CARD_ISSUE:
        command->act.card.member = sample_u64(random);
        command->act.card.card = sample_u64(random);
        break;
    case ACT_CARD_BLOCK:
        command->act.card.card = sample_u64(random);
        break;
    default:
        assert_int_equal(command->kind, ACT_CARD_REPLACE);
        command->act.card.card = sample_u64(random);
        command->act.card.new_card = sample_u64(random);
    }
}

static inline void sample_lines(struct random_seeded *random, struct command *command)
{
    size_t count = sample_below(random, LB_COMMAND_LINES_MAX + 1);
    if (command->kind == ACT_REDEEM) {
        command->act.redeem.member = sample_member_ref(random);
        command->act.redeem.counter = sample_u32(random);
        command->act.redeem.line_count = count;
        for (size_t i = 0; i < count; i++) {
            command->act.redeem.lines[i] =
                (struct redeem_line){sample_u32(random), sample_i64(random)};
        }
        return;
    }
    command->act.stock_receive.counter = sample_u32(random);
    command->act.stock_receive.donor = sample_text(random);
    command->act.stock_receive.line_count = count;
    for (size_t i = 0; i < count; i++) {
        command->act.stock_receive.lines[i] =
            (struct stock_line){sample_u32(random), sample_i64(random), sample_day(random)};
    }
}

static inline void sample_deed(struct random_seeded *random, struct command *command)
{
    switch ((int)command->kind) {
    case ACT_STOCK_RECEIVE:
    case ACT_REDEEM:
        sample_lines(random, command);
        break;
    case ACT_SERVICE_RECORD:
        command->act.service_record = (struct act_service_record){
            sample_member_ref(random), sample_u32(random), sample_u32(random),
            sample_minute(random),     sample_u64(random), sample_u64(random)};
        break;
    case ACT_SERVICE_ASK:
        command->act.service_ask = (struct act_service_ask){
            sample_member_ref(random), sample_u32(random), sample_u32(random), sample_i64(random)};
        break;
    case ACT_SERVICE_GIVE:
        command->act.service_give = (struct act_service_give){
            sample_entry_ref(random), sample_member_ref(random), sample_u32(random),
            sample_u32(random), sample_minute(random)};
        break;
    case ACT_SERVICE_RELEASE:
        command->act.service_release = sample_entry_ref(random);
        break;
    case ACT_OPENING_BALANCE:
        command->act.opening_balance = (struct act_opening_balance){
            sample_member_ref(random), sample_i64(random), sample_day(random), sample_u32(random),
            sample_u32(random)};
        break;
    default:
        assert_int_equal(command->kind, ACT_REVERSE);
        command->act.reverse = sample_entry_ref(random);
    }
}

static inline struct credential sample_credential(struct random_seeded *random)
{
    struct credential credential = {
        .kind = (enum credential_kind)sample_below(random, CREDENTIAL_PASSWORD + 1)};
    if (credential.kind != CREDENTIAL_NONE) {
        credential.verifier = sample_text(random);
        credential.expires_ms = sample_i64(random);
    }
    return credential;
}

static inline struct roles sample_roles(struct random_seeded *random)
{
    struct roles roles = {.count = sample_below(random, LB_PRINCIPAL_ROLES_MAX + 1)};
    for (size_t i = 0; i < roles.count; i++) {
        roles.items[i] = (struct role_in_org){(enum role)sample_below(random, ROLE_DISTRICT + 1),
                                              sample_u64(random)};
    }
    return roles;
}

static inline void sample_account(struct random_seeded *random, struct command *command)
{
    struct act_device_open *device = &command->act.device_open;
    switch ((int)command->kind) {
    case ACT_OPERATOR_OPEN:
        command->act.operator_open = (struct act_operator_open){
            sample_text(random), sample_u64(random), sample_credential(random)};
        break;
    case ACT_DEVICE_OPEN:
        *device = (struct act_device_open){
            .name = sample_text(random), .org = sample_u64(random), .counter = sample_u32(random)};
        for (size_t i = 0; i < sizeof(device->token_hash); i++) {
            device->token_hash[i] = (uint8_t)sample_below(random, 256);
        }
        break;
    case ACT_PRINCIPAL_SET:
        command->act.principal_set = (struct act_principal_set){
            sample_u32(random), (enum principal_state)sample_below(random, PRINCIPAL_CLOSED + 1),
            sample_u64(random)};
        break;
    case ACT_CREDENTIAL_SET:
        command->act.credential_set =
            (struct act_credential_set){sample_u32(random), sample_credential(random)};
        break;
    default:
        assert_int_equal(command->kind, ACT_ROLE_SET);
        command->act.role_set = (struct act_role_set){sample_u32(random), sample_roles(random)};
    }
}

static inline void sample_person_act(struct random_seeded *random, struct command *command)
{
    switch ((int)command->kind) {
    case ACT_POLICY_SET:
        command->act.policy_set = (struct act_policy_set){
            sample_u32(random), sample_i64(random),           sample_u32(random),
            sample_u32(random), sample_below(random, 2) == 0, sample_u32(random),
            sample_u32(random), sample_below(random, 2) == 0};
        break;
    case ACT_PROPOSAL_DECIDE:
        command->act.proposal_decide =
            (struct act_proposal_decide){sample_entry_ref(random), sample_below(random, 2) == 0};
        break;
    case ACT_REVEAL:
        command->act.reveal = sample_u64(random);
        break;
    case ACT_MEMBER_ERASE:
        command->act.member_erase = sample_u64(random);
        break;
    case ACT_CONSENT_SET:
        command->act.consent_set = (struct act_consent_set){
            sample_u64(random), sample_below(random, 2) == 0, sample_below(random, 2) == 0};
        break;
    default:
        assert_int_equal(command->kind, ACT_KEY_ROTATE);
    }
}

static inline struct command sample_command(struct random_seeded *random, enum act_kind kind)
{
    struct command command = {
        .id = sample_id(random),
        .day = sample_day(random),
        .desk = sample_u32(random),
        .import = sample_u64(random),
        .memo = sample_text(random),
        .kind = kind,
    };
    if (kind < ACT_MEMBER_REGISTER) {
        sample_settings(random, &command);
    } else if (kind < ACT_STOCK_RECEIVE) {
        sample_member_act(random, &command);
    } else if (kind < ACT_OPERATOR_OPEN || kind == ACT_OPENING_BALANCE) {
        sample_deed(random, &command);
    } else if (kind < ACT_POLICY_SET) {
        sample_account(random, &command);
    } else {
        sample_person_act(random, &command);
    }
    return command;
}

static inline struct commitment sample_commitment(struct random_seeded *random)
{
    struct commitment commitment = {.is_set = sample_below(random, 2) == 0};
    for (size_t i = 0; commitment.is_set && i < sizeof(commitment.hash); i++) {
        commitment.hash[i] = (uint8_t)sample_below(random, 256);
    }
    return commitment;
}

static inline void sample_entry_arrays(struct random_seeded *random, struct entry *entry,
                                       struct posting *postings)
{
    entry->link_count = sample_below(random, ENTRY_LINKS_MAX + 1);
    for (size_t i = 0; i < entry->link_count; i++) {
        entry->links[i] = (struct member_link){sample_u64(random), sample_u64(random)};
        entry->balances[i] =
            (struct member_balances){sample_u64(random), sample_i64(random), sample_i64(random),
                                     sample_i64(random), sample_i64(random)};
    }
    for (int kind = CHAIN_IMPORT; kind <= CHAIN_COUNTER; kind++) {
        if (sample_below(random, 2) == 0) {
            entry->chains[entry->chain_count++] =
                (struct chain_link){(enum chain_kind)kind, sample_u64(random), sample_u64(random)};
        }
    }
    entry->line_count = sample_below(random, LB_COMMAND_LINES_MAX + 1);
    for (size_t i = 0; i < entry->line_count; i++) {
        entry->lines[i] = (struct priced_line){sample_u32(random), sample_i64(random),
                                               sample_i64(random), sample_u64(random)};
    }
    size_t count = sample_below(random, SAMPLES_POSTINGS + 1);
    entry->postings = (struct posting_list){postings, count, SAMPLES_POSTINGS, false};
    for (size_t i = 0; i < count; i++) {
        postings[i] = (struct posting){
            .account = {(enum account_kind)(1 + sample_below(random, ACCOUNT_CLEARING)),
                        sample_u64(random)},
            .asset = {(enum asset_kind)(1 + sample_below(random, ASSET_GOODS)), sample_u32(random)},
            .lot = sample_u64(random),
            .amount = sample_i64(random),
        };
    }
}

/* An entry of that act, with random everything; `postings` has room for SAMPLES_POSTINGS. The
 * command's memo, person and credential are still there, as bank_decide finds them. */
static inline struct entry sample_entry(struct random_seeded *random, enum act_kind kind,
                                        struct posting *postings)
{
    struct entry entry = {
        .number = sample_u64(random),
        .recorded_ms = sample_i64(random),
        .day = (int32_t)sample_u32(random),
        .actor = {.principal = sample_u32(random),
                  .device = sample_u32(random),
                  .peer = sample_u32(random)},
        .proposal = sample_u32(random),
        .approver = sample_u32(random),
        .command = sample_command(random, kind),
        .verdict = {.text = ""},
        .assigned = sample_u64(random),
        .assigned_card = sample_u64(random),
        .target_entry = sample_u64(random),
        .org = sample_u64(random),
        .person_commitment = sample_commitment(random),
        .memo_commitment = sample_commitment(random),
        .credential_commitment = sample_commitment(random),
    };
    sample_entry_arrays(random, &entry, postings);
    if (sample_below(random, 2) == 0) {
        entry.earning = (struct earning){
            sample_u64(random) | 1, sample_u32(random), sample_u64(random), sample_u32(random),
            sample_u32(random),     sample_i64(random), sample_u64(random)};
    }
    if (sample_below(random, 2) == 0) {
        entry.verdict = (struct verdict){LB_POINTS_INSUFFICIENT, sample_i64(random),
                                         sample_i64(random), sample_i64(random), ""};
        entry.failed_line = sample_u32(random);
        entry.failed_code = sample_u32(random);
    }
    return entry;
}

#endif
