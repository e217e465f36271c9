/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Entries, as the bank sees them: the decided form of a command, with the fields of
 * proto/lovebank/v1/entries.proto (see there for what each means). The bank makes them, the entry
 * codec packs and unpacks them; texts and postings are views of memory owned by whoever made the
 * entry. Pure data.
 */
#ifndef BANK_ENTRY_H
#define BANK_ENTRY_H

#include "bank/command.h"
#include "ledger/posting.h"
#include "lovebank/result.h"

#define ENTRY_LINKS_MAX  2
#define ENTRY_CHAINS_MAX 2 /* one of each kind */

/* The answer to a command: code, its numbers, its {s}. */
struct verdict {
    enum lb_result code;
    int64_t a;
    int64_t b;
    int64_t c;
    const char *text; /* static, "" when the sentence has no {s} */
};

/* Who asks for something, and from where. */
struct actor {
    uint32_t principal; /* operator or device; 0: none */
    uint32_t device;    /* at which the operator is logged in; 0: none */
    uint32_t peer; /* of one without a principal: uid of the Unix socket's peer + 1; 0: not known */
    bool is_trusted; /* may do everything without a log-in: the server itself, or a server for
                        trials */
};

struct member_link {
    uint64_t member;
    uint64_t previous_entry;
};

/* The numbers are those of ChainKind in entries.proto. */
enum chain_kind { CHAIN_NONE = 0, CHAIN_IMPORT = 1, CHAIN_COUNTER = 2 };

struct chain_link {
    enum chain_kind kind;
    uint64_t key; /* import, counter */
    uint64_t previous_entry;
};

struct member_balances {
    uint64_t member;
    int64_t points_centi;
    int64_t held_centi;
    int64_t debt_centi;
    int64_t minutes;
};

struct priced_line {
    uint32_t item;
    int64_t quantity;
    int64_t price_centi;
    uint64_t price_entry;
};

struct earning {
    uint64_t member; /* 0: the entry earned nobody anything */
    uint32_t category;
    uint64_t tariff_entry;
    uint32_t minutes;
    uint32_t counted_minutes;
    int64_t points_centi;
    uint64_t lot;
};

struct commitment {
    bool is_set;
    uint8_t hash[LB_HASH_BYTES];
};

struct entry {
    uint64_t number;
    int64_t recorded_ms;
    int32_t day;
    struct actor actor;     /* is_trusted is not stored */
    struct command command; /* person, credential and memo emptied */
    struct verdict verdict; /* text is not stored: it is "" after unpacking */
    struct member_link links[ENTRY_LINKS_MAX];
    struct member_balances balances[ENTRY_LINKS_MAX]; /* one per link */
    size_t link_count;
    struct chain_link chains[ENTRY_CHAINS_MAX]; /* by rising kind */
    size_t chain_count;
    struct posting_list postings;
    struct priced_line lines[LB_COMMAND_LINES_MAX];
    size_t line_count;
    struct earning earning;
    uint64_t assigned;
    uint64_t assigned_card;
    uint64_t target_entry;
    uint64_t org;
    struct commitment person_commitment;
    struct commitment memo_commitment;
    struct commitment credential_commitment;
    uint64_t proposal;    /* the entry that proposed this; 0: it needed no second person */
    uint32_t approver;    /* with a proposal: who confirmed it; the actor is who proposed it */
    uint32_t failed_line; /* 0: not a refused batch; else a, b, c are those of failed_code */
    uint32_t failed_code;
};

/* The entry's link of that kind, or NULL. */
static inline const struct chain_link *entry_chain(const struct entry *entry, enum chain_kind kind)
{
    for (size_t i = 0; i < entry->chain_count; i++) {
        if (entry->chains[i].kind == kind) {
            return &entry->chains[i];
        }
    }
    return NULL;
}

#endif
