/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The engine: everything between a decoded request and a durable answer. One writer thread takes
 * the whole queue as one group: plan, load, decide, persist; while the store makes it durable, the
 * next one is decided. Nothing leaves before its group, and all before it, are durable. Reads are
 * views of durable state only.
 *
 * Threads: engine_write_submit, engine_view_* and engine_work_submit from any thread. `done`
 * callbacks come on the engine's own threads or the store's, one at a time, in the order of the
 * groups, and must not block: hand over and return.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "bank/bank.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"
#include "store/store.h"

struct engine;
struct people;
struct reseal;

#define ENGINE_LOOK_MS 200

struct engine_config {
    int32_t zone_east_s;         /* the book's time zone */
    uint32_t queue_commands_max; /* waiting for a group; beyond it TRY_LATER */
    uint32_t group_commands_max; /* one group */
    uint32_t work_queue_max;     /* long reads waiting */
    uint32_t look_ms;            /* what other servers write is seen so soon; 0: ENGINE_LOOK_MS */
    bool is_stepped;             /* no threads: engine_step does all, for simulations */
};

struct engine_ports {
    struct store *store;   /* the engine does not own it; close it after engine_close */
    struct people *people; /* keys and name index; not owned */
    const struct clock *clock;
    struct log *log;
    /* Called once, on a thread as `done`, when nothing may be acknowledged any more (commit
     * UNKNOWN or FATAL, a fault in the views): the process must exit and recover at its start. */
    void (*stop)(void *context, enum lb_result why);
    void *stop_context;
};

/* Reads the head, checks the log's tail, the tree's frontier and the key, starts the threads.
 * LB_OK, STORAGE_*, FORMAT_NEWER, KEY_MISSING (people rows do not open with this key), KEY_OUTDATED
 * (another server of this book has a newer one), MEMORY. */
LB_MUST_CHECK enum lb_result engine_open(const struct engine_config *config,
                                         const struct engine_ports *ports, struct engine **engine);
/* Submits nothing more. When the groups of everything submitted are over, a last one, without
 * entries, stores the tree's frontier over all of them. Refused (no space), it is only logged: the
 * next start hashes what is missing. */
void engine_finish(struct engine *engine);
/* Finishes, then stops the threads. With is_stepped it steps until nothing is left to do, and does
 * not finish; commits under way are to be completed before, by the caller. */
void engine_close(struct engine *engine);

/* With is_stepped, instead of the threads: takes what is queued as one group, if the store takes
 * one more commit, or runs one again that met a conflict; else runs one long read, the first being
 * the index of names. false: there was nothing to do. `done`s come within, or within the store's
 * completion of the commit. */
bool engine_step(struct engine *engine);

/* With is_stepped, over a store that other servers write too: looks what they wrote, as the
 * writer's thread does while nobody asks for anything. Not while a group is under way. */
void engine_look(struct engine *engine);

/* Over such a store: somebody waits for what others wrote, so the writer's thread looks when it has
 * nothing to do, and not only at the next time. Any thread. */
void engine_look_soon(struct engine *engine);

/* Entries first to last are durable and in the views, and this server does not know them as its
 * own: other servers made them, or it did, and the answer of the store was lost. On a thread as
 * `done`, before the answers that rest on them. */
typedef void engine_followed_fn(void *context, uint64_t first, uint64_t last);
/* From here on; at most one follows. The newest entry that is not told any more. */
uint64_t engine_follow(struct engine *engine, engine_followed_fn *followed, void *context);

/* The answer to one command; built from its entry, so that a replay gives it again. */
struct engine_result {
    struct verdict verdict;
    uint64_t entry; /* 0: none was made */
    struct member_balances balances[ENTRY_LINKS_MAX];
    size_t balance_count;
    uint64_t assigned;
    uint64_t assigned_card;
    struct earning earning;
    struct priced_line *lines; /* in the request's arena */
    size_t line_count;
    bool replayed;
    uint64_t reversed_by; /* of a known id: the entry that reversed the first one; 0: it stands */
    uint32_t known_code;  /* with LB_ID_REUSED: what the first command under the id came to */
    uint32_t failed_line;
    uint32_t failed_code;
};

/*
 * A write request. The caller owns it and everything it points to, keeps it alive and untouched
 * from submit to `done`, and frees it after. With all_or_nothing the first refusal undoes all of
 * it: the line refused gets its own verdict, the others BATCH_FAILED, and if a refusal of that kind
 * is recorded, one entry stands under batch_id, which repeats this answer.
 */
struct engine_write {
    const struct command *commands;
    size_t command_count;
    bool dry_run;
    bool all_or_nothing;
    struct id batch_id; /* with all_or_nothing: its own, not that of a command */
    struct actor actor;
    struct arena *arena; /* results are put here before `done` */
    /* verdict LB_STORAGE_FAULT: the engine has stopped, and whether the request is durable will be
     * known after the next start. Free it, close its connection, and send no reply of any kind. */
    void (*done)(struct engine_write *write);
    void *context;
    /* Filled in before `done`. */
    struct verdict verdict;        /* of the request as a whole */
    struct engine_result *results; /* command_count of them when verdict.code is LB_OK */
    struct engine_write *next;     /* the engine's */
    struct reseal *reseal;         /* the same: a request of its own; NULL in all others */
};

/* LB_OK: `done` will come, exactly once. Else (TRY_LATER, SHUTTING_DOWN) it will not. */
LB_MUST_CHECK enum lb_result engine_write_submit(struct engine *engine, struct engine_write *write);
/* The same in two steps, for who has several requests at a time: the writer, if it waits, goes on
 * waiting until it is woken, and then finds them all. */
LB_MUST_CHECK enum lb_result engine_write_queue(struct engine *engine, struct engine_write *write);
void engine_write_wake(struct engine *engine);

/*
 * A view of one committed state: for queries. Keep it short; page long reads. Any thread, one
 * thread at a time. Everything read through it lives until it is closed.
 */
struct engine_view {
    struct bank bank;    /* views (never written) and log over the snapshot */
    uint64_t head_entry; /* newest entry of this state; 0: empty book */
    struct arena *arena; /* decoded entries live here; the caller may reset between pages */
    void *private_state;
};
/* LB_OK, LB_MEMORY, STORAGE_*, SHUTTING_DOWN; STORE_UNREACHABLE: a bank is being moved into this
 * book, and only some of it is there (engine/move.h). Never waits for a database. */
LB_MUST_CHECK enum lb_result engine_view_open(struct engine *engine, struct arena *arena,
                                              struct engine_view *view);
void engine_view_close(struct engine_view *view);

/* The entry as stored, and decoded. LB_OK, LB_ENTRY_UNKNOWN, STORAGE_*. Live until the view is
 * closed / the arena is reset. */
LB_MUST_CHECK enum lb_result engine_view_entry(struct engine_view *view, uint64_t number,
                                               struct bytes *packed, struct entry *entry);
/* RFC 6962 root of the first `size` entries, size at most head_entry. */
LB_MUST_CHECK enum lb_result engine_view_root(struct engine_view *view, uint64_t size,
                                              uint8_t root[LB_HASH_BYTES]);
/* Inclusion proof of entry `number` (1 first) in the tree of `size`. `*count` hashes, at most 64.
 */
LB_MUST_CHECK enum lb_result engine_view_proof(struct engine_view *view, uint64_t number,
                                               uint64_t size, uint8_t proof[64][LB_HASH_BYTES],
                                               size_t *count);
/* The memo beside an entry: "" when there is none or it was erased. Lives in the arena. */
LB_MUST_CHECK enum lb_result engine_view_memo(struct engine_view *view, uint64_t entry,
                                              struct bytes *text);
/* The person of a member. LB_OK, LB_MEMBER_UNKNOWN when there is no row (erased, never given). */
LB_MUST_CHECK enum lb_result engine_view_person(struct engine_view *view, uint64_t member,
                                                struct person *person);
/* Who has this ID number, however it is written. LB_OK, MEMBER_UNKNOWN (nobody has), STORAGE_*. */
LB_MUST_CHECK enum lb_result engine_view_find_id_number(struct engine_view *view,
                                                        struct bytes number, uint64_t *member);
/* How an operator proves who it is; the caller overwrites the arena. LB_OK, LB_PRINCIPAL_UNKNOWN
 * when there is no row. */
LB_MUST_CHECK enum lb_result engine_view_credential(struct engine_view *view, uint32_t principal,
                                                    struct credential *credential);

/* Runs `work` on the engine's one work thread, for long reads. LB_OK, TRY_LATER, SHUTTING_DOWN. */
LB_MUST_CHECK enum lb_result engine_work_submit(struct engine *engine,
                                                void (*work)(struct engine *engine, void *context),
                                                void *context);

struct engine_status {
    uint64_t durable_entry;
    uint64_t tree_size; /* at most durable_entry: hashing runs behind */
    uint8_t tree_root[LB_HASH_BYTES];
    uint64_t groups;
    uint64_t entries_written;
    bool read_only; /* no space on disk */
    int32_t today_day;
    int32_t zone_east_s;
    int64_t started_ms;
    uint32_t key_epoch; /* of the key that personal data is sealed under */
    bool is_rotating;   /* some is still under an older one, or that is not yet destroyed */
    struct store_stats store;
};
void engine_status(struct engine *engine, struct engine_status *status);

/* Of a book that several servers write: LB_OK, KEY_OUTDATED (its newest key is another server's and
 * not here), or the fault of the store. Any thread. */
LB_MUST_CHECK enum lb_result engine_check_key(struct engine *engine);

/* A copy of the book, not older than the call, in a new directory; groups go on meanwhile. Takes
 * long: for the work thread. METHOD_UNKNOWN: this store makes none. */
LB_MUST_CHECK enum lb_result engine_backup(struct engine *engine,
                                           const struct store_backup *backup);
struct people *engine_people(struct engine *engine);

#endif
