/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Commands, as the bank sees them: plain structs, one for each act of
 * proto/lovebank/v1/commands.proto, with the same names and units (see there for what each field
 * means). Texts are views of memory owned by whoever made the command. Checked by
 * bank_command_check before anything else looks at them. Pure data.
 */
#ifndef BANK_COMMAND_H
#define BANK_COMMAND_H

#include "base/bytes.h"
#include "base/date.h"
#include "base/id.h"
#include "lovebank/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_NONE INT32_MIN /* no day given */

/* The numbers are those of the oneof in commands.proto. */
enum act_kind {
    ACT_NONE = 0,
    ACT_ORG_OPEN = 10,
    ACT_ORG_UPDATE = 11,
    ACT_CLASS_SET = 12,
    ACT_TARIFF_SET = 13,
    ACT_ITEM_SET = 14,
    ACT_COUNTER_OPEN = 15,
    ACT_ACTIVITY_OPEN = 16,
    ACT_STAR_TABLE_SET = 17,
    ACT_IMPORT_OPEN = 18,
    ACT_MEMBER_REGISTER = 20,
    ACT_MEMBER_UPDATE = 21,
    ACT_MEMBER_CLOSE = 22,
    ACT_CARD_ISSUE = 23,
    ACT_CARD_BLOCK = 24,
    ACT_CARD_REPLACE = 25,
    ACT_STOCK_RECEIVE = 30,
    ACT_SERVICE_RECORD = 31,
    ACT_REDEEM = 32,
    ACT_SERVICE_ASK = 33,
    ACT_SERVICE_GIVE = 34,
    ACT_SERVICE_RELEASE = 35,
    ACT_REVERSE = 36,
    ACT_OPERATOR_OPEN = 40,
    ACT_DEVICE_OPEN = 41,
    ACT_PRINCIPAL_SET = 42,
    ACT_CREDENTIAL_SET = 43,
    ACT_ROLE_SET = 44,
    ACT_POLICY_SET = 45,
    ACT_PROPOSAL_DECIDE = 46,
    ACT_REVEAL = 47,
    ACT_MEMBER_ERASE = 48,
    ACT_CONSENT_SET = 49,
    ACT_KEY_ROTATE = 50,
    ACT_OPENING_BALANCE = 66,
};

enum org_kind {
    ORG_UNSPECIFIED = 0,
    ORG_DISTRICT = 1,
    ORG_STREET = 2,
    ORG_COMMUNITY = 3,
    ORG_GRID = 4,
    ORG_TEAM = 5,
    ORG_OTHER = 6,
};

enum item_kind { ITEM_UNSPECIFIED = 0, ITEM_GOODS = 1, ITEM_SERVICE = 2 };

enum expiry_kind {
    EXPIRY_UNSPECIFIED = 0,
    EXPIRY_NEVER = 1,
    EXPIRY_YEAR_END = 2,
    EXPIRY_YEARS = 3,
};

enum member_status {
    MEMBER_UNSPECIFIED = 0,
    MEMBER_ACTIVE = 1,
    MEMBER_BLOCKED = 2,
    MEMBER_CLOSED = 3,
    MEMBER_ERASED = 4, /* closed, and the person is forgotten */
};

enum principal_state {
    PRINCIPAL_UNSPECIFIED = 0,
    PRINCIPAL_ACTIVE = 1,
    PRINCIPAL_IS_LOCKED = 2,
    PRINCIPAL_CLOSED = 3,
};

enum role {
    ROLE_NONE = 0,
    ROLE_VIEWER = 1,
    ROLE_DESK = 2,
    ROLE_COUNTER = 3,
    ROLE_REVIEWER = 4,
    ROLE_AUDITOR = 5,
    ROLE_ADMINISTRATOR = 6,
    ROLE_DISTRICT = 7,
};

enum credential_kind { CREDENTIAL_NONE = 0, CREDENTIAL_ONE_TIME = 1, CREDENTIAL_PASSWORD = 2 };

enum gender { GENDER_NONE = 0, GENDER_MALE = 1, GENDER_FEMALE = 2 };

struct person {
    struct bytes name;
    enum gender gender;
    int32_t birth_day; /* DAY_NONE if not given */
    struct bytes id_number;
    struct bytes address;
    struct bytes phone;
    struct bytes skills;
    struct bytes wishes;
};

/* Like a person it is sealed beside the ledger, never in it. */
struct credential {
    enum credential_kind kind;
    struct bytes verifier; /* SHA-256 of a one-time code; Argon2id's text form of a password */
    int64_t expires_ms;    /* of a one-time code */
};

/* Exactly one is not 0; both 0: not given. */
struct member_ref {
    uint64_t member;
    uint64_t card;
};

/* Exactly one is given: entry not 0, or request not all zero. */
struct entry_ref {
    uint64_t entry;
    struct id request;
};

struct codes {
    uint32_t items[LB_COMMAND_LINES_MAX];
    size_t count;
};

struct stock_line {
    uint32_t item;
    int64_t quantity;
    int32_t best_before_day; /* DAY_NONE: keeps */
};

struct redeem_line {
    uint32_t item;
    int64_t quantity;
};

struct act_org_open {
    uint64_t org;
    uint64_t parent;
    enum org_kind kind;
    struct bytes name;
};

struct act_org_update {
    uint64_t org;
    uint64_t parent;
    struct bytes name;
    bool close;
};

struct act_class_set {
    uint32_t class_id;
    struct bytes name;
    bool is_public;
};

struct act_tariff_set {
    uint32_t category;
    struct bytes name;
    int64_t points_per_hour_centi;
    uint32_t coefficient_permille;
    uint32_t rounding_minutes;
    enum expiry_kind expiry_kind;
    uint32_t expiry_years;
    uint32_t day_minutes_max;
};

struct act_item_set {
    uint32_t item;
    enum item_kind kind;
    struct bytes name;
    struct bytes unit;
    uint64_t barcode;
    int64_t price_centi;
};

struct act_counter_open {
    uint32_t counter;
    uint64_t org;
    struct bytes name;
};

struct act_activity_open {
    uint64_t org;
    struct bytes name;
    struct bytes place;
    struct bytes content;
};

struct act_import_open {
    struct bytes kind;
    uint32_t rows;
};

struct act_member_register {
    uint64_t member;
    uint64_t org;
    struct codes class_ids;
    uint64_t card;
    struct person person;
};

struct act_member_update {
    uint64_t member;
    uint64_t org;
    struct codes class_ids_add;
    struct codes class_ids_remove;
    enum member_status status;
    bool has_person;
    struct person person;
};

struct act_card {
    uint64_t member;   /* issue only */
    uint64_t card;     /* issue: 0 is the next free one */
    uint64_t new_card; /* replace only; 0 is the next free one */
};

struct act_stock_receive {
    uint32_t counter;
    struct bytes donor;
    struct stock_line lines[LB_COMMAND_LINES_MAX];
    size_t line_count;
};

struct act_service_record {
    struct member_ref member;
    uint32_t category;
    uint32_t minutes;
    int32_t start_minute; /* -1: not given */
    uint64_t activity;
    uint64_t org;
};

struct act_redeem {
    struct member_ref member;
    uint32_t counter;
    struct redeem_line lines[LB_COMMAND_LINES_MAX];
    size_t line_count;
};

struct act_service_ask {
    struct member_ref member;
    uint32_t counter;
    uint32_t item;
    int64_t quantity;
};

struct act_service_give {
    struct entry_ref ask;
    struct member_ref giver;
    uint32_t category;
    uint32_t minutes;
    int32_t start_minute; /* -1: not given */
};

struct act_opening_balance {
    struct member_ref member;
    int64_t points_centi;
    int32_t last_day; /* DAY_NONE: the points never end */
    uint32_t minutes;
    uint32_t year; /* of the minutes; 0: none */
};

struct act_operator_open {
    struct bytes login;
    uint64_t member; /* 0: none */
    struct credential credential;
};

struct act_device_open {
    struct bytes name;
    uint64_t org;
    uint32_t counter; /* 0: none */
    uint8_t token_hash[LB_HASH_BYTES];
};

/* What is unspecified or 0 stays. */
struct act_principal_set {
    uint32_t principal;
    enum principal_state state;
    uint64_t member;
};

struct act_credential_set {
    uint32_t principal;
    struct credential credential;
};

struct role_in_org {
    enum role role;
    uint64_t org; /* 0: the whole book */
};

struct roles {
    struct role_in_org items[LB_PRINCIPAL_ROLES_MAX];
    size_t count;
};

struct act_role_set {
    uint32_t principal;
    struct roles roles;
};

/* 0, or false: no such threshold. */
struct act_policy_set {
    uint32_t service_minutes;
    int64_t points_centi;
    uint32_t back_days;
    uint32_t import_rows;
    bool reversals;
    uint32_t undo_minutes;
    uint32_t proposal_days;
    bool opening_balances;
};

struct act_proposal_decide {
    struct entry_ref proposal;
    bool confirm;
};

struct act_consent_set {
    uint64_t member;
    bool publish_name;
    bool contact;
};

struct command {
    struct id id;
    int32_t day; /* DAY_NONE: today */
    uint32_t desk;
    uint64_t import; /* 0: none */
    struct bytes memo;
    enum act_kind kind;
    union {
        struct act_org_open org_open;
        struct act_org_update org_update;
        struct act_class_set class_set;
        struct act_tariff_set tariff_set;
        struct act_item_set item_set;
        struct act_counter_open counter_open;
        struct act_activity_open activity_open;
        struct codes star_hours; /* hours for 1, 2, 3 … stars */
        struct act_import_open import_open;
        struct act_member_register member_register;
        struct act_member_update member_update;
        uint64_t member_close;
        struct act_card card; /* issue, block, replace */
        struct act_stock_receive stock_receive;
        struct act_service_record service_record;
        struct act_redeem redeem;
        struct act_service_ask service_ask;
        struct act_service_give service_give;
        struct entry_ref service_release;
        struct entry_ref reverse;
        struct act_opening_balance opening_balance;
        struct act_operator_open operator_open;
        struct act_device_open device_open;
        struct act_principal_set principal_set;
        struct act_credential_set credential_set;
        struct act_role_set role_set;
        struct act_policy_set policy_set;
        struct act_proposal_decide proposal_decide;
        uint64_t reveal; /* member */
        uint64_t member_erase;
        struct act_consent_set consent_set;
    } act;
};

/*
 * Two commands ask for the same: every field that an entry keeps, so no person, credential or memo;
 * but for desk and import, which say how it came in: the same row of a sheet, sent again from
 * another desk or with another file, is the same row. This is what decides id_reused.
 */
bool bank_command_equal(const struct command *a, const struct command *b);
/* The person that a command carries, or NULL. */
const struct person *bank_command_person(const struct command *command);
/* The credential that it carries, or NULL. */
const struct credential *bank_command_credential(const struct command *command);
/* Empties both: what the ledger keeps of a command holds no personal data and no secret. */
void bank_command_clear_sealed(struct command *command);

#endif
