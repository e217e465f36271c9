/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A call: one request in flight, with the arena that everything of it lives in; and the server's
 * state that handlers use. Private to rpc.
 *
 * A call belongs to one thread at a time: the loop's; from submit to completion the engine's
 * writer or work thread, or auth's worker; then the loop's again.
 */
#ifndef RPC_CALL_H
#define RPC_CALL_H

#include "base/arena.h"
#include "engine/engine.h"
#include "followed.h"
#include "method.h"
#include "parked.h"
#include "report/board.h"
#include "rpc/rpc.h"
#include "wire/write.h"

#include <pthread.h>
#include <stdatomic.h>

#define RPC_BOARD_ARENA_BYTES_MAX (64u << 20)

/* What authorise.c found last under a view: a desk asks for the same again and again. */
struct rpc_grant {
    bool is_set;
    uint32_t principal;
    uint32_t device;
    enum right right;
    uint64_t org;
    int32_t day;
};

struct rpc_call {
    struct rpc *rpc;
    const struct rpc_method *method;
    struct rpc_token token;
    struct actor actor;
    struct auth_connection *connection; /* while it is dispatched; may be NULL */
    enum rpc_after after;
    struct arena arena;
    struct bytes payload;      /* of the request; while it is dispatched */
    ProtobufCMessage *request; /* unpacked; NULL with RPC_WRITES */
    ProtobufCMessage *response;
    struct engine_view view; /* open while the handler runs, unless RPC_NO_VIEW */
    bool has_today;          /* rpc_today was asked for under this view */
    int32_t today_day;
    struct rpc_grant grant; /* under this view */
    struct engine_write write;
    struct wire_write_request *write_request;
    struct rpc_sign_in *sign_in;     /* sign_in.h */
    struct rpc_board_job *board_job; /* public_board.h */
    bool is_pending;                 /* another thread has it: the reply comes later */
    bool is_parked;                  /* a copy of it waits: see parked.h */
    enum lb_result result;           /* LB_OK: packed is the response */
    int64_t numbers[LB_FRAME_ERROR_NUMBERS_MAX];
    struct bytes packed;
    struct rpc_call *next; /* in the pool or in the queue */
};

/* The memory of all calls together. */
struct rpc_memory {
    struct arena_memory port;
    atomic_size_t used_bytes;
    size_t bytes_max;
};

/* The one verify run: going on, or the last. Under its lock, but for what only the run uses. */
struct rpc_verify_run {
    pthread_mutex_t lock;
    bool is_running;
    bool is_done;
    enum lb_result result; /* of the run itself; with is_done */
    uint64_t checked;
    uint64_t total;
    bool passed;
    char problem[512];
    uint8_t tree_root[LB_HASH_BYTES];
};

/* The one backup: being made, or the last. Under its lock, but for the job while it is made, which
 * is then the work thread's. */
struct rpc_backup_run {
    pthread_mutex_t lock;
    bool is_running;
    bool is_done;
    bool is_verified; /* wanted */
    char directory[RPC_BACKUP_TEXT_BYTES];
    uint64_t checked;
    uint64_t total;
    enum lb_result result; /* with is_done */
    uint64_t duration_ms;
    int64_t good_ms; /* when the last one ended well; 0: none since the start */
    bool good_is_verified;
    struct rpc_backup_job job;
};

/* The board worked out last, so that its pages are of one piece. Work thread only. */
struct rpc_board_cache {
    bool is_set;
    struct board_query query;
    uint64_t entry;
    struct arena arena;
    struct board board;
};

/*
 * Reads on the loop's thread, one at a time, in one call. They share a view, which is opened by the
 * first of a turn of the loop and closed at the turn's end. That is as fresh as a view of each
 * read's own: nothing is acknowledged within a turn, as rpc_complete comes between turns, so
 * whatever a client may know when its read is dispatched was published before the view was opened.
 */
struct rpc_reads {
    struct rpc_call call; /* its view is open while is_open */
    bool is_open;
    uint32_t count; /* under this view */
};

struct rpc {
    struct rpc_config config;
    struct rpc_ports ports;
    struct rpc_memory memory;
    struct rpc_reads reads; /* loop's thread */
    bool has_queued; /* writes of this turn, of which the engine was not told; loop's thread */
    struct rpc_call *pool; /* loop's thread */
    size_t pool_count;
    struct rpc_sign_in *storing; /* passwords on their way into the book; loop's thread */
    uint64_t requests;           /* dispatched, since the start; loop's thread */
    uint64_t members;            /* loop's thread */
    uint64_t cards;
    _Atomic(struct rpc_call *) done; /* the newest of those for rpc_complete; any thread */
    atomic_bool is_stopped;
    struct rpc_followed followed;
    struct rpc_parked parked; /* loop's thread */
    struct rpc_verify_run verify;
    struct rpc_backup_run backup;
    struct rpc_board_cache board;
    struct rpc_public_boards *public_boards; /* loop's thread */
};

/* The call's fields for a new request, but for its arena and view. */
void rpc_call_init(struct rpc_call *call, struct rpc *rpc, const struct rpc_method *method,
                   const struct rpc_request *request);
/* NULL: no memory. */
struct rpc_call *rpc_call_new(struct rpc *rpc, const struct rpc_method *method,
                              const struct rpc_request *request);
void rpc_call_free(struct rpc_call *call);
/* A request that was admitted, and waited since. Within a turn. */
void rpc_dispatch_again(struct rpc *rpc, const struct rpc_method *method,
                        const struct rpc_request *request);
/* Handles and packs the response, unless it is pending. */
void rpc_call_run(struct rpc_call *call);
/* Goes on with what was pending; it may be again. */
void rpc_call_finish(struct rpc_call *call);
/* From an engine's thread: queues the call for rpc_complete. */
void rpc_call_done(struct rpc_call *call);
/* Sends the response or the error. Loop's thread. */
void rpc_call_reply(struct rpc_call *call);
/* Notes the numbers of a failure and returns its result. */
enum lb_result rpc_call_fail(struct rpc_call *call, struct verdict verdict);

/* A message of that kind in the arena, initialised, as the response; NULL: no memory. */
void *rpc_call_respond(struct rpc_call *call);
/* The same for a part of a response. */
void *rpc_call_message(struct rpc_call *call, const ProtobufCMessageDescriptor *descriptor);
/* A repeated field while its length is not known yet: grows in the arena. */
struct rpc_rows {
    void **items;
    size_t count;
    size_t cap;
};
/* A new message at the end of the rows; NULL: no memory. */
void *rpc_rows_add(struct rpc_call *call, struct rpc_rows *rows,
                   const ProtobufCMessageDescriptor *descriptor);
/* A copy for a bytes field. */
ProtobufCBinaryData rpc_call_binary(struct rpc_call *call, const uint8_t *data, size_t size);

/* reads.c */
void rpc_reads_init(struct rpc *rpc);
void rpc_reads_fini(struct rpc *rpc);
/* A request for a method that neither writes nor is long, from its bytes to its reply. */
enum rpc_after rpc_reads_run(struct rpc *rpc, const struct rpc_method *method,
                             const struct rpc_request *request);
/* The book's civil day, the same for as long as the call's view is open. */
int32_t rpc_today(struct rpc_call *call);
/* Of a view that was just opened: nothing was asked under it yet. */
void rpc_view_begin(struct rpc_call *call);
/* A view for one read more: the turn's, or a new one. LB_OK: reads.call.view is open. */
LB_MUST_CHECK enum lb_result rpc_reads_open(struct rpc *rpc);
/* Closes the view, if one is open. */
void rpc_reads_end(struct rpc *rpc);

bool rpc_is_stopped(void *rpc);

#endif
