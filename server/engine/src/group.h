/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A group: the requests that become durable together, while they are being decided. One group
 * object serves all groups of an engine, one after the other. The writer's thread alone.
 *
 *   group.c    begin, load, run, persist: one attempt
 *   request.c  a request: each command by itself, all or nothing, dry-run
 *   record.c   a command: known id, decide, record
 *   result.c   answers, built from entries
 */
#ifndef ENGINE_SRC_GROUP_H
#define ENGINE_SRC_GROUP_H

#include "bank/bank.h"
#include "base/arena.h"
#include "base/clock.h"
#include "budget.h"
#include "engine/engine.h"
#include "entry_reader.h"
#include "ledger/merkle.h"
#include "people/people.h"
#include "rows.h"
#include "store/overlay.h"
#include "store/store.h"
#include "store/wait.h"

/* What the newest durable entry left behind. Invariant: tree.size == head.frontier.size. */
struct log_state {
    struct rows_head head;
    struct merkle_tree tree;
};

/* An entry made by this group. */
struct group_entry {
    struct merkle_hash leaf;
    uint64_t named_member; /* whose name it sets; 0: nobody's */
    struct bytes name;     /* in the request's memory */
};

/*
 * Invariants while a group runs: head is next.head.frontier.size + entry_count; the overlay holds
 * the rows of exactly these entries; fault is sticky and then nothing of the group is kept.
 */
struct group {
    const struct engine_ports *ports;
    int32_t zone_east_s;
    struct store_group *store_group;
    struct overlay *overlay;
    struct bank bank; /* over the overlay */
    struct entry_reader reader;
    struct arena reader_arena;
    struct arena command_arena; /* packed and sealed bytes of one command */
    struct arena group_arena;   /* `entries`, and the wants */
    struct posting *postings;   /* LB_ENTRY_POSTINGS_MAX of them */
    struct entry entry;         /* being decided */
    struct store_wait wait;
    enum lb_result fault;

    int64_t now_ms; /* max(clock, the head's time), the same for the whole group */
    int64_t monotonic_ms;
    uint64_t head;
    struct group_entry *entries;
    size_t entry_count;
    struct log_state next; /* the state when this group is durable */
    struct budget budget;
};

LB_MUST_CHECK enum lb_result group_init(struct group *group, const struct engine_ports *ports,
                                        int32_t zone_east_s);
void group_fini(struct group *group);

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

/* Runs the requests upon `state`, the durable one; the caller publishes group->next when it is
 * GROUP_DURABLE and entry_count is not 0. */
struct group_outcome group_attempt(struct group *group, const struct log_state *state,
                                   struct engine_write *requests);

/* The views' fault or the log's. */
enum lb_result group_fault(const struct group *group);

/* Everything that a savepoint gives back. */
struct group_mark {
    size_t savepoint;
    uint64_t head;
    size_t entry_count;
    struct budget budget;
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
/* Whether the command is what the entry was made from: what decides id_reused. */
bool record_is_same(struct group *group, const struct entry *entry, const struct command *command);

/* false: the arena is exhausted, and the result's verdict says so. */
bool result_from_entry(const struct entry *entry, struct arena *arena,
                       struct engine_result *result);
void result_refuse(struct engine_result *result, enum lb_result code);
/* The answers to a refused batch; entry 0: not recorded. */
void result_fill_batch(struct engine_write *write, uint32_t line, const struct verdict *refusal,
                       uint64_t entry);

#endif
