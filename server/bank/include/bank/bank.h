/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bank: turns a command into an entry or a refusal, and folds entries into views.
 *
 * Pure and deterministic: the same command on the same views gives the same entry on every
 * machine and store. Time comes in with the context; earlier entries through a port; memory is
 * the caller's. bank_decide only reads; bank_apply is the only writer of views, in the commit path
 * and in verify alike.
 */
#ifndef BANK_BANK_H
#define BANK_BANK_H

#include "bank/command.h"
#include "bank/entry.h"
#include "ledger/views.h"
#include "lovebank/result.h"

/* Earlier entries: from the log below, or of this group. */
struct entry_log {
    /* NULL: no such entry, or a fault (then views_fault tells). Lives until the next call. */
    const struct entry *(*get)(void *context, uint64_t number);
    /* 0: no entry was made under that id. */
    uint64_t (*find_request)(void *context, const struct id *id);
    void *context;
};

struct power_memo;

struct bank {
    struct views views;
    struct entry_log log;
    /* What the last actor may do (bank/roles.h), NULL: not remembered. Its owner forgets it when
     * the views are not what bank_apply made of them since, as after a roll-back. */
    struct power_memo *power_memo;
};

struct bank_context {
    uint64_t next_entry; /* the number this entry gets if it is recorded */
    int64_t now_ms;      /* max(clock, the head's recorded time) */
    int32_t today_day;   /* civil day in the book's time zone */
    struct actor actor;
};

/* Checks of form alone, stage "malformed" and "invalid" that need no state: texts, ranges, counts,
 * references. Run it first; bank_decide relies on it. Pure. */
LB_MUST_CHECK struct verdict bank_command_check(const struct command *command);

/* Tells the views what rows a command will have read, some commands before its turn: views_hint.
 * Changes nothing, and takes any command, before its form is checked. */
void bank_hint(const struct bank *bank, const struct command *command, int32_t today_day);

/*
 * Decides. `entry` comes with entry->postings initialised (cap LB_ENTRY_POSTINGS_MAX); everything
 * else is filled in. entry->verdict.code LB_OK: the act happens when the entry is applied.
 * A code that lb_result_is_recorded: the entry is a refusal, to be applied too. Any other: nothing
 * is recorded. Commitments are left unset: the engine adds them. Then look at views_fault().
 * LB_WAITING: it needs a second person (verdict.a: the last day to decide on), and what is to be
 * recorded is the proposal. A proposal confirmed: the entry holds the command proposed, whose texts
 * are the log's and live until its next call.
 */
void bank_decide(const struct bank *bank, const struct bank_context *context,
                 const struct command *command, struct entry *entry);

/*
 * May the principal decide on that proposal? Neither who made it, nor the device at which it was
 * made, nor another account of the same member, nor a member whom it concerns: who proposes, gains
 * and approves differ.
 */
bool bank_is_second_person(const struct bank *bank, const struct entry *proposal,
                           uint32_t principal);

/* Links an entry that nobody decided (a refused batch) to the import that its command names, as
 * bank_decide does. false: there is no such import. */
LB_MUST_CHECK bool bank_link_import(const struct bank *bank, struct entry *entry);

/*
 * Folds an entry (recorded, so LB_OK or a recorded refusal) into the views; the log must hold the
 * entries it points to. LB_OK, or what book_apply says. Does not touch META, ENTRY, REQUEST, TILE.
 */
LB_MUST_CHECK enum lb_result bank_apply(const struct bank *bank, const struct entry *entry);

/* Fills entry->balances for its links from the views, after bank_apply. */
void bank_fill_balances(const struct bank *bank, struct entry *entry);

struct tariff_row;

/*
 * The rule of hours and points: what so many minutes (at most LB_DAY_MINUTES) of service on that
 * day earn the member under a tariff. For bank_decide, and for verify, which holds entries to it.
 */
struct earning bank_earning(const struct tariff_row *row, uint64_t member, int32_t day,
                            uint32_t minutes);

/*
 * What an entry must satisfy by itself, whatever the state (invariants 1, 7, 9 of
 * docs/ARCHITECTURE.md): balanced postings; hours grow only by service and shrink only by reversal;
 * points taken equal the priced lines. NULL: it does; else a static text that says what does not.
 */
const char *bank_entry_problem(const struct entry *entry);

#endif
