/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Commands and their protobuf messages. Names generated types: only entry, wire and rpc include it.
 * Functions *_to_pb fill the caller's message with views and with texts from the arena; a message
 * so filled points into itself, into its source and into the arena, and must not be moved.
 * Safe from any thread, one arena per thread.
 */
#ifndef ENTRY_COMMAND_CODEC_H
#define ENTRY_COMMAND_CODEC_H

#include "bank/command.h"
#include "bank/entry.h"
#include "base/arena.h"
#include "lovebank/result.h"
#include "lovebank/v1/commands.pb-c.h"

/*
 * Texts of the command are views of the message's. The verdict is LB_OK, or names the field at
 * fault as commands.proto does ("lines.best_before_day"): what the struct could not hold, or could
 * not tell from "not given". LB_MALFORMED       an id that has not 16 bytes, or only zeros
 *   LB_FIELD_MISSING   id, act
 *   LB_FIELD_INVALID   an unknown enum number, a minute that is none of a day
 *   LB_LINES_TOO_MANY  more than LB_COMMAND_LINES_MAX
 *   LB_DATE_INVALID    DAY_NONE given as a day
 * Everything else is for bank_command_check to judge. *to is always safe to read.
 */
LB_MUST_CHECK struct verdict entry_command_from_pb(const Lovebank__V1__Command *from,
                                                   struct command *to);
/* The same of packed bytes. LB_OK: *to and *verdict are as above; LB_MALFORMED, LB_MEMORY. Texts
 * live in the arena. */
LB_MUST_CHECK enum lb_result entry_command_unpack(struct bytes packed, struct arena *arena,
                                                  struct command *to, struct verdict *verdict);
/* For queries. NULL is "not given". `field` is a static text, the name given in the verdict. */
struct member_ref entry_member_ref_from_pb(const Lovebank__V1__MemberRef *from);
LB_MUST_CHECK struct verdict entry_ref_from_pb(const Lovebank__V1__EntryRef *from,
                                               const char *field, struct entry_ref *to);

/* Room for a command's message and everything below it but texts. */
struct entry_command_message {
    Lovebank__V1__Command command;
    union {
        Lovebank__V1__OrgOpen org_open;
        Lovebank__V1__OrgUpdate org_update;
        Lovebank__V1__ClassSet class_set;
        Lovebank__V1__TariffSet tariff_set;
        Lovebank__V1__ItemSet item_set;
        Lovebank__V1__CounterOpen counter_open;
        Lovebank__V1__ActivityOpen activity_open;
        Lovebank__V1__StarTableSet star_table_set;
        Lovebank__V1__ImportOpen import_open;
        Lovebank__V1__MemberRegister member_register;
        Lovebank__V1__MemberUpdate member_update;
        Lovebank__V1__MemberClose member_close;
        Lovebank__V1__CardIssue card_issue;
        Lovebank__V1__CardBlock card_block;
        Lovebank__V1__CardReplace card_replace;
        Lovebank__V1__StockReceive stock_receive;
        Lovebank__V1__ServiceRecord service_record;
        Lovebank__V1__Redeem redeem;
        Lovebank__V1__ServiceAsk service_ask;
        Lovebank__V1__ServiceGive service_give;
        Lovebank__V1__ServiceRelease service_release;
        Lovebank__V1__Reverse reverse;
        Lovebank__V1__OpeningBalance opening_balance;
        Lovebank__V1__OperatorOpen operator_open;
        Lovebank__V1__DeviceOpen device_open;
        Lovebank__V1__PrincipalSet principal_set;
        Lovebank__V1__CredentialSet credential_set;
        Lovebank__V1__RoleSet role_set;
        Lovebank__V1__PolicySet policy_set;
        Lovebank__V1__ProposalDecide proposal_decide;
        Lovebank__V1__Reveal reveal;
        Lovebank__V1__MemberErase member_erase;
        Lovebank__V1__ConsentSet consent_set;
        Lovebank__V1__KeyRotate key_rotate;
    } act;
    Lovebank__V1__MemberRef member;
    Lovebank__V1__EntryRef target;
    union {
        Lovebank__V1__Person person;
        Lovebank__V1__Credential credential;
    };
    union {
        Lovebank__V1__StockLine stock[LB_COMMAND_LINES_MAX];
        Lovebank__V1__RedeemLine redeem[LB_COMMAND_LINES_MAX];
        Lovebank__V1__RoleInOrg roles[LB_PRINCIPAL_ROLES_MAX];
    } lines;
    union {
        Lovebank__V1__StockLine *stock[LB_COMMAND_LINES_MAX];
        Lovebank__V1__RedeemLine *redeem[LB_COMMAND_LINES_MAX];
        Lovebank__V1__RoleInOrg *roles[LB_PRINCIPAL_ROLES_MAX];
    } line_pointers;
};

/* LB_OK, LB_MEMORY. An act of ACT_NONE gives a message without one. */
LB_MUST_CHECK enum lb_result entry_command_to_pb(const struct command *from, struct arena *arena,
                                                 struct entry_command_message *to);
/* Parts of commands that queries show too. Check arena->exhausted when all are done. */
void entry_credential_to_pb(const struct credential *from, Lovebank__V1__Credential *to);
void entry_person_to_pb(const struct person *from, struct arena *arena, Lovebank__V1__Person *to);
void entry_tariff_to_pb(const struct act_tariff_set *from, struct arena *arena,
                        Lovebank__V1__TariffSet *to);
void entry_item_to_pb(const struct act_item_set *from, struct arena *arena,
                      Lovebank__V1__ItemSet *to);

#endif
