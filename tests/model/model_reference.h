/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The naive reference: what the ledger must answer, worked out in the plainest way there is. It
 * keeps nothing but the list of its acts, with what each moved, and finds out everything else by
 * going through that list again. It shares the vocabulary of the bank (commands, codes), none of
 * its code. One thread.
 */
#ifndef TESTS_MODEL_REFERENCE_H
#define TESTS_MODEL_REFERENCE_H

#include "bank/command.h"
#include "bank/entry.h"
#include "ledger/posting.h"

#define REF_LINES_MAX 4

/* A command as it is sent. Two with the same content number ask for the same, but for the id. */
struct model_command {
    struct command command;
    uint64_t content;
};

struct ref_answer {
    enum lb_result code;
    int64_t a;
    int64_t b;
    int64_t c;
    uint64_t entry;
    struct member_balances balances[ENTRY_LINKS_MAX];
    size_t balance_count;
    uint64_t assigned;
    uint64_t assigned_card;
    struct earning earning;
    struct priced_line lines[REF_LINES_MAX];
    size_t line_count;
    uint32_t failed_line;
    uint32_t failed_code;
    bool replayed;
    uint64_t reversed_by; /* of a known id */
    uint32_t known_code;
};

/* An act of the list: done (code LB_OK), or a refusal that is kept. Its number is its place. */
struct ref_entry {
    struct command command;
    uint64_t content;
    int32_t day;
    uint64_t links[ENTRY_LINKS_MAX];
    size_t link_count;
    uint64_t target;    /* the entry it points to */
    uint64_t org;       /* under which it was issued */
    uint64_t counter;   /* in whose day's list it stands; 0: in none's */
    uint32_t principal; /* whose act it is; 0: the server's */
    uint32_t approver;
    uint64_t proposal; /* that it confirms; 0: none */
    int64_t recorded_ms;
    size_t move_first;
    size_t move_count;
    struct ref_answer answer; /* the first */
};

struct ref {
    struct ref_entry *entries; /* entry 1 stands at 0 */
    size_t entry_count;
    size_t entry_cap;
    struct posting *moves; /* all that was moved, in order */
    size_t move_count;
    size_t move_cap;
    int32_t today_day;
    int64_t now_ms;
    uint32_t principal; /* who asks; 0: the server, that waits for nobody */
};

void ref_init(struct ref *ref);
void ref_fini(struct ref *ref);
/* Forgets the entries after the first `entry_count`. */
void ref_forget(struct ref *ref, size_t entry_count);

/* One command by itself. */
void ref_run(struct ref *ref, const struct model_command *sent, struct ref_answer *answer);
/* All or nothing, under one id. The code is that of the request; LB_OK: answers are filled in. */
struct ref_answer ref_run_batch(struct ref *ref, const struct id *batch_id,
                                const struct model_command *sent, size_t count,
                                struct ref_answer *answers);

/* ---- what is known, by going through the list ---- */

/* NULL: no such entry. */
const struct ref_entry *ref_entry_at(const struct ref *ref, uint64_t number);
/* 0: the id was not used. */
uint64_t ref_entry_of_id(const struct ref *ref, const struct id *id);

/* Whether that entry was done, and is of that kind. */
bool ref_did(const struct ref_entry *entry, enum act_kind kind);
/* The act that holds on that day: dated last at or before it; of one day, the one done last. 0:
 * none. */
uint64_t ref_dated(const struct ref *ref, enum act_kind kind, uint64_t id, int32_t day);
/* Whether an act of that kind was ever done for that id. */
bool ref_exists(const struct ref *ref, enum act_kind kind, uint64_t id);

struct ref_org {
    bool is_open;
    uint64_t parent;
};
struct ref_org ref_org_on(const struct ref *ref, uint64_t org, int32_t day);

struct ref_member {
    bool exists;
    int32_t joined_day;
    enum member_status status;
    int32_t closed_day;
    uint64_t card; /* in use */
    uint64_t last_entry;
};
struct ref_member ref_member_of(const struct ref *ref, uint64_t member);
/* 0: none. */
uint64_t ref_member_org_on(const struct ref *ref, uint64_t member, int32_t day);
bool ref_member_has_class_on(const struct ref *ref, uint64_t member, uint32_t class_id,
                             int32_t day);

struct ref_card {
    uint64_t member; /* 0: no such card */
    int status;      /* 1 in use, 2 blocked, 3 replaced */
};
struct ref_card ref_card_of(const struct ref *ref, uint64_t card);

uint64_t ref_reversed_by(const struct ref *ref, uint64_t entry);
/* 0: open. */
uint64_t ref_settled_by(const struct ref *ref, uint64_t ask);

/* Whether the entry is an act that waited for a second person; the entry that decided it, 0: none;
 * the entry that did what it asks for: itself, unless it waited and was confirmed. */
bool ref_waited(const struct ref_entry *entry);
uint64_t ref_decided_by(const struct ref *ref, uint64_t proposal);
uint64_t ref_done_by(const struct ref *ref, uint64_t number);

/* The entry that opened the import; 0: there is none. */
uint64_t ref_import(const struct ref *ref, uint64_t import);

/* The entries of an import or a counter below a number: the newest of them, and how many. */
struct ref_chain {
    uint64_t last_entry;
    uint64_t count;
};
struct ref_chain ref_chain_below(const struct ref *ref, enum chain_kind kind, uint64_t key,
                                 uint64_t number);

/* The numbers given out last. */
uint64_t ref_last_member(const struct ref *ref);
uint64_t ref_last_serial(const struct ref *ref);
uint64_t ref_last_activity(const struct ref *ref);
uint64_t ref_last_delivery(const struct ref *ref);
uint64_t ref_last_import(const struct ref *ref);

struct ref_lot {
    uint64_t lot;
    int64_t amount;
};
#define REF_LOTS_MAX 4096
struct ref_lots {
    struct ref_lot items[REF_LOTS_MAX]; /* ascending, none is 0 */
    size_t count;
};
/* What is in an account; moves from `move_end` on are left out. */
void ref_lots_of(const struct ref *ref, struct account account, struct asset asset, size_t move_end,
                 struct ref_lots *lots);
int64_t ref_balance(const struct ref *ref, struct account account, struct asset asset,
                    uint64_t lot);
struct member_balances ref_balances_of(const struct ref *ref, uint64_t member);

struct ref_year {
    int64_t earned_centi;
    int64_t minutes;
    uint32_t services;
    uint32_t redemptions;
    int64_t redeemed_centi;
    uint32_t services_received;
};
struct ref_year ref_year_of(const struct ref *ref, int32_t year, uint64_t member);

/* ---- parts of ref_run ---- */

/* What is wrong with a command by itself: LB_OK, or the code and its numbers. */
struct ref_answer ref_check(const struct command *command);
/* Works out and books what the command does; entry and answer come zeroed, with the day set. */
void ref_decide(struct ref *ref, const struct command *command, struct ref_entry *entry);
/* What was decided waits, or is refused, if two people must do it. */
void ref_second_person(struct ref *ref, struct ref_entry *entry);
/* The answer to the id of an act that waited: what became of it. */
void ref_tell_end(const struct ref *ref, uint64_t number, struct ref_answer *answer);
/* Books one posting for the entry being made. */
void ref_move(struct ref *ref, struct ref_entry *entry, struct account account, struct asset asset,
              uint64_t lot, int64_t amount);

#endif
