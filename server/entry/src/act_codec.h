/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The acts of a command, to and from their messages. Private to the entry codec.
 * *_from_pb fills to->act of a zeroed command; *_to_pb fills what to->command.act points to. Pure.
 */
#ifndef ENTRY_SRC_ACT_CODEC_H
#define ENTRY_SRC_ACT_CODEC_H

#include "entry/command_codec.h"
#include "field.h"

#define ACT_CODEC_LIST(X)               \
    X(ORG_OPEN, org_open)               \
    X(ORG_UPDATE, org_update)           \
    X(CLASS_SET, class_set)             \
    X(TARIFF_SET, tariff_set)           \
    X(ITEM_SET, item_set)               \
    X(COUNTER_OPEN, counter_open)       \
    X(ACTIVITY_OPEN, activity_open)     \
    X(STAR_TABLE_SET, star_table_set)   \
    X(IMPORT_OPEN, import_open)         \
    X(MEMBER_REGISTER, member_register) \
    X(MEMBER_UPDATE, member_update)     \
    X(MEMBER_CLOSE, member_close)       \
    X(CARD_ISSUE, card_issue)           \
    X(CARD_BLOCK, card_block)           \
    X(CARD_REPLACE, card_replace)       \
    X(STOCK_RECEIVE, stock_receive)     \
    X(SERVICE_RECORD, service_record)   \
    X(REDEEM, redeem)                   \
    X(SERVICE_ASK, service_ask)         \
    X(SERVICE_GIVE, service_give)       \
    X(SERVICE_RELEASE, service_release) \
    X(REVERSE, reverse)                 \
    X(OPENING_BALANCE, opening_balance) \
    X(OPERATOR_OPEN, operator_open)     \
    X(DEVICE_OPEN, device_open)         \
    X(PRINCIPAL_SET, principal_set)     \
    X(CREDENTIAL_SET, credential_set)   \
    X(ROLE_SET, role_set)               \
    X(POLICY_SET, policy_set)           \
    X(PROPOSAL_DECIDE, proposal_decide) \
    X(REVEAL, reveal)                   \
    X(MEMBER_ERASE, member_erase)       \
    X(CONSENT_SET, consent_set)         \
    X(KEY_ROTATE, key_rotate)

/* settings_codec.c, member_codec.c, deed_codec.c, access_codec.c */
#define X(SYMBOL, name)                                                              \
    void act_##name##_from_pb(const Lovebank__V1__Command *from, struct command *to, \
                              struct verdict *verdict);                              \
    void act_##name##_to_pb(const struct command *from, struct arena *arena,         \
                            struct entry_command_message *to);
ACT_CODEC_LIST(X)
#undef X

/* member_codec.c */
bool act_person_is_empty(const struct person *person);

/* access_codec.c */
void act_credential_from_pb(const Lovebank__V1__Credential *from, struct credential *to,
                            struct verdict *verdict);

/* command_codec.c: parts that several acts have. */
void act_person_from_pb(const Lovebank__V1__Person *from, struct person *to,
                        struct verdict *verdict);
/* NULL when neither is given. */
Lovebank__V1__MemberRef *act_member_ref_to_pb(const struct member_ref *from,
                                              struct entry_command_message *to);
Lovebank__V1__EntryRef *entry_ref_to_pb(const struct entry_ref *from,
                                        struct entry_command_message *to);

#endif
