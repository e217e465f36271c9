/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A group: the requests that become durable together. The writer's thread decides it and hands it
 * to the store; while that makes it durable, the next one is decided upon what it leaves behind.
 * The engine has a ring of them (ring.c). The writer's thread alone, but for the ring's fields.
 *
 *   group.c    begin, load, run, seal: one attempt, up to the commit
 *   request.c  a request: each command by itself, all or nothing, dry-run
 *   record.c   a command: may its sender do it, known id, decide, record
 *   result.c   answers, built from entries
 */
#ifndef ENGINE_SRC_GROUP_H
#define ENGINE_SRC_GROUP_H

#include "bank/bank.h"
#include "bank/records.h"
#include "bank/roles.h"
#include "base/arena.h"
#include "base/clock.h"
#include "book_key.h"
#include "budget.h"
#include "engine/engine.h"
#include "entry_reader.h"
#include "ledger/merkle.h"
#include "others.h"
#include "people/people.h"
#include "rows.h"
#include "store/overlay.h"
#include "store/store.h"
#include "store/wait.h"

/* The ground of a group: what the one before it leaves behind, durable or not yet. */
struct group_ground {
    uint64_t entries;
    int64_t recorded_ms;             /* of the newest */
    uint64_t stored_leaves;          /* of the frontier in its head record: full tiles are stored */
    struct merkle_frontier frontier; /* of all entries: what the next head record will hold */
    struct budget budget;
};

/* An entry that sets a member's name, or forgets it. */
struct group_name {
    uint64_t member;
    struct bytes name; /* in the request's memory; empty: it is forgotten */
};

enum group_end {
    GROUP_DURABLE, /* the answers stand in the requests and may go out */
    GROUP_RETRY,   /* nothing was written: run it again */
    GROUP_REFUSED, /* nothing was written: `why` is the answer to every request */
    GROUP_STOPPED, /* what was written is not known, or the store is broken: acknowledge nothing */
};

struct group_outcome {
    enum group_end end;
    enum lb_result why;
};

struct engine;

/*
 * Invariants while a group runs: head is before.entries + entry_count; the overlay holds the rows
 * of exactly these entries; fault is sticky and then nothing of the group is kept.
 */
struct group {
    const struct engine_ports *ports;
    int32_t zone_east_s;
    struct store_group *store_group;
    struct overlay *overlay;
    struct bank bank; /* over the overlay */
    struct power_memo power_memo;
    struct entry_reader reader;
    struct arena reader_arena;
    struct arena command_arena; /* packed and sealed bytes of one command */
    struct arena group_arena;   /* packed entries, until they are hashed */
    struct posting *postings;   /* LB_ENTRY_POSTINGS_MAX of them */
    struct entry entry;         /* being decided */
    struct store_wait wait;
    enum lb_result fault;
    const struct engine_write *hinted; /* whose commands up to hinted_count were hinted */
    size_t hinted_count;

    int64_t now_ms; /* max(clock, the head's time), the same for the whole group */
    int64_t monotonic_ms;
    uint64_t head;
    size_t command_cap;       /* what the two below have room for */
    struct bytes *packed;     /* entry_count of them */
    struct group_name *names; /* name_count of them */
    size_t entry_count;
    size_t name_count;
    size_t resealed_count;      /* rows of personal data, see reseal.h */
    struct group_ground ground; /* what the group before it leaves */
    struct group_ground before; /* that, and what other servers wrote since */
    struct group_ground after;  /* its frontier is set when the group is hashed */
    struct others others;       /* what is between ground and before */
    struct book_key key;        /* over a shared store, and the next two */
    enum lb_result key_result;  /* KEY_OUTDATED: it is not here, so nothing may be sealed */
    bool is_key_due;            /* the book is to say that this server's key is its newest */
    bool is_committed; /* it has changes, or its answers rest on what the turn of a shared store
                          showed, which is durable only with it */

    /* The ring's: under the engine's lock. */
    struct engine *engine;
    struct engine_write *requests; /* NULL: the last group, which stores the frontier alone */
    unsigned attempts;             /* that failed by themselves */
    bool is_ended;                 /* then outcome says how; the store has given it back */
    bool is_doomed;                /* one before it failed while it ran: it is to be run again */
    bool is_hashed;                /* after.frontier stands */
    bool is_published;
    struct group_outcome outcome;
};

LB_MUST_CHECK enum lb_result group_init(struct group *group, const struct engine_ports *ports,
                                        int32_t zone_east_s);
void group_fini(struct group *group);

struct log_tree;

/* Hints at what the next command reads that was not hinted yet. */
void group_hint(struct group *group);
/* Opens the store's group. */
LB_MUST_CHECK enum lb_result group_begin(struct group *group);
/* Catches up with other servers, and runs the requests upon `before`. true: what they made is put
 * into the store's group, which waits for its commit. false: it is over, and *outcome says how;
 * GROUP_DURABLE: no entry was made, and the answers rest on nothing but the groups before. */
LB_MUST_CHECK bool group_attempt(struct group *group, struct log_tree *tree,
                                 struct group_outcome *outcome);
/* Something is to be made durable: what requests made, or the tree's frontier by the last group. */
bool group_has_changes(const struct group *group);
/* What an answer of the store other than LB_OK means for the group that met it. */
struct group_outcome group_outcome_of(enum lb_result why);

/* LB_OK, or why this server may neither seal personal data now nor forget any. */
enum lb_result group_may_seal(const struct group *group);

/* Over a shared store: what is sealed here is under a newer key than the book says. */
bool group_moves_key(const struct group *group);

/* The views' fault or the log's. */
enum lb_result group_fault(const struct group *group);

/* Everything that a savepoint gives back. */
struct group_mark {
    size_t savepoint;
    uint64_t head;
    size_t entry_count;
    size_t name_count;
    uint64_t refusals_taken;
};
struct group_mark group_mark(struct group *group);
void group_rollback(struct group *group, const struct group_mark *mark);
void group_keep(struct group *group, const struct group_mark *mark);

/* Fills in verdict and results. Look at group_fault after it. */
void request_run(struct group *group, struct engine_write *write);

/* One command of a request: fills in the result, and records what is to be recorded. */
void record_command(struct group *group, const struct engine_write *write,
                    const struct command *command, struct engine_result *result);
/* The refusal of a batch, under its id: `line` (1 first) was refused with `refusal`. What stands
 * in the result is the answer; false: nothing was recorded, for the reason in the result. */
bool record_batch_refusal(struct group *group, const struct engine_write *write, uint32_t line,
                          const struct verdict *refusal, struct engine_result *result);
/* May the sender have the answer to a refused batch again, of which that line was refused?
 * Entries read before are gone then. */
struct verdict record_authorise_replay(struct group *group, const struct engine_write *write,
                                       uint32_t recorded_by, const struct command *failed);
/* Whether the command is what the entry was made from: what decides id_reused. */
bool record_is_same(struct group *group, const struct entry *entry, const struct command *command);

/* false: the arena is exhausted, and the result's verdict says so. */
bool result_from_entry(const struct entry *entry, struct arena *arena,
                       struct engine_result *result);
/* What became of a proposal that nobody confirmed: still waiting, refused, or too late. */
void result_end_proposal(struct engine_result *result, const struct proposal_row *proposal,
                         int32_t today_day);
void result_refuse(struct engine_result *result, enum lb_result code);
/* The answers to a refused batch; entry 0: not recorded. */
void result_fill_batch(struct engine_write *write, uint32_t line, const struct verdict *refusal,
                       uint64_t entry);

#endif
