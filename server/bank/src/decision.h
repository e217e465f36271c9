/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A decision while it is being made: what every rule looks at and writes to. Rules complain as
 * often as they like; the complaint that goes first in the result list is the answer. Pure.
 */
#ifndef BANK_DECISION_H
#define BANK_DECISION_H

#include "bank/bank.h"
#include "bank/records.h"
#include "ledger/book.h"

struct decision {
    const struct bank *bank;
    struct views views; /* bank->views */
    const struct bank_context *context;
    const struct command *command;
    struct entry *entry; /* being filled in */
    int32_t day;         /* the business day, resolved */
    size_t precedence;   /* of entry->verdict, when it is a refusal */
};

void decision_refuse(struct decision *decision, struct verdict verdict);
/* No complaint so far. */
bool decision_stands(const struct decision *decision);
/* A code with numbers. */
void decision_refuse_with(struct decision *decision, enum lb_result code, int64_t a, int64_t b,
                          int64_t c);

/* The business day may not lie ahead of today. */
void decision_forbid_future(struct decision *decision);
/* The first lot of points that can still be spent on the business day. */
uint64_t decision_lot_min(const struct decision *decision);
/* The org must exist and be open on the business day. */
void decision_require_org(struct decision *decision, uint64_t org);

/*
 * The member meant: exists, card in use, neither blocked nor closed, joined by the business day.
 * Becomes the next link of the entry, also when refused (if there is such a member).
 * false: there is no such member, and nothing more can be said about it.
 */
bool decision_resolve_member(struct decision *decision, struct member_ref ref,
                             struct member_row *row);
/* Links an entry to a member, whatever its state. false: no such member. */
bool decision_link_member(struct decision *decision, uint64_t member, struct member_row *row);
/* The member a registry act names; may be blocked, may not be closed. false: no such member. */
bool decision_resolve_open_member(struct decision *decision, uint64_t member,
                                  struct member_row *row);

/* The entry becomes the newest of the chain of an import or a counter: at most once of each kind,
 * and of the import first. */
void decision_link_chain(struct decision *decision, enum chain_kind kind, uint64_t key);
/* Into the chain of the target's counter, if it is in one. */
void decision_follow_counter(struct decision *decision, const struct entry *target);

/* The entry a command points to, recorded and done. NULL: refused. Sets entry->target_entry. */
const struct entry *decision_resolve_entry(struct decision *decision, const struct entry_ref *ref);

/* Links the entry to its import, and runs the rule of its act: the whole of a decision, but for
 * whether a second person is needed. */
void decide_linked_act(struct decision *decision);
/* What stands so far waits, if two people must make it. Goes last. */
void decide_second_person(struct decision *decision);

/* The rules, act by act. */
void decide_org_open(struct decision *decision);
void decide_org_update(struct decision *decision);
void decide_class_set(struct decision *decision);
void decide_tariff_set(struct decision *decision);
void decide_item_set(struct decision *decision);
void decide_counter_open(struct decision *decision);
void decide_activity_open(struct decision *decision);
void decide_star_table_set(struct decision *decision);
void decide_import_open(struct decision *decision);
void decide_member_register(struct decision *decision);
void decide_member_update(struct decision *decision);
void decide_member_close(struct decision *decision);
void decide_card_issue(struct decision *decision);
void decide_card_block(struct decision *decision);
void decide_card_replace(struct decision *decision);
void decide_stock_receive(struct decision *decision);
void decide_service_record(struct decision *decision);
void decide_redeem(struct decision *decision);
void decide_service_ask(struct decision *decision);
void decide_service_give(struct decision *decision);
void decide_service_release(struct decision *decision);
void decide_reverse(struct decision *decision);
void decide_opening_balance(struct decision *decision);
void decide_operator_open(struct decision *decision);
void decide_device_open(struct decision *decision);
void decide_principal_set(struct decision *decision);
void decide_credential_set(struct decision *decision);
void decide_role_set(struct decision *decision);
void decide_policy_set(struct decision *decision);
void decide_proposal_decide(struct decision *decision);
void decide_reveal(struct decision *decision);
void decide_member_erase(struct decision *decision);
void decide_consent_set(struct decision *decision);
void decide_key_rotate(struct decision *decision);

/* A service given: checks it against the member's day and works out hours, points and postings.
 * The member is `row`, already linked. Used by record and give alike. */
struct service_claim {
    uint32_t category;
    uint32_t minutes;
    int32_t start_minute; /* -1: not given */
    uint64_t org;         /* recording unit; 0: the member's */
};
void decide_service_earn(struct decision *decision, const struct member_row *row,
                         const struct service_claim *claim);

/* The card to give out: the one asked for, or the next free one. 0: refused. */
uint64_t decide_card_number(struct decision *decision, uint64_t wanted, uint64_t member);

#endif
