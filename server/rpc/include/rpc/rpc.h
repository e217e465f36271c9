/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Requests in, replies out: finds the method, decodes, runs its handler, encodes. It knows no
 * transport: a request comes with a token, and its reply goes back under that token.
 *
 * Threads: rpc_new, rpc_dispatch, rpc_turn_end, rpc_complete and rpc_free belong to one thread, the
 * loop's; the `reply` port is called there only. Writes are decided on the engine's writer thread,
 * long reads run on its work thread, passwords are checked on auth's worker; all end in a queue,
 * and `wake` asks the loop for rpc_complete.
 */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include "auth/auth.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/engine.h"
#include "lovebank/frame.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rpc;

/* The transport's name for a request in flight; only it looks inside. */
struct rpc_token {
    uint64_t words[2];
};

struct rpc_request {
    uint16_t method;
    struct bytes payload;               /* valid during rpc_dispatch */
    struct auth_connection *connection; /* NULL: `actor` says who asks, and nothing is limited */
    struct actor actor;                 /* found by the connection, if there is one */
    struct rpc_token token;
};

/* What the transport does with the connection once the reply is queued. */
enum rpc_after {
    RPC_GO_ON,
    RPC_GREETED, /* other methods may follow */
    RPC_REST,    /* it asks too much: its next requests wait for a moment */
    RPC_FINISH,  /* the hello was refused: send what is queued and close */
};

struct rpc_config {
    const char *version; /* of the server, shown; static text */
    uint32_t frame_payload_bytes_max;
    uint32_t inflight_max;   /* of one connection; only told to clients */
    size_t memory_bytes_max; /* for all requests in flight together; beyond it TRY_LATER */
    bool is_board_public;    /* the star board, masked, needs no log-in */
};

#define RPC_BACKUP_TEXT_BYTES 4128 /* a path, and what may be put behind it */
#define RPC_PROBLEM_BYTES     512  /* what verify found; zh and en */

/* Asked now and then: whether the answer is not worth having any more. */
struct rpc_verify_stop {
    bool (*is_wanted)(void *context);
    void *context;
};

/* A backup that is wanted, and what came of it. */
struct rpc_backup_job {
    const char *directory; /* as it was asked for */
    bool is_verified;      /* wanted; afterwards: done */
    /* Of the check. false: stop. */
    bool (*progress)(void *context, uint64_t checked, uint64_t total);
    void *progress_context;
    /* Filled in. */
    int64_t numbers[2];               /* of the result's sentence */
    char text[RPC_BACKUP_TEXT_BYTES]; /* its {s}; done: the directory */
    char problem[RPC_PROBLEM_BYTES];  /* why the copy did not pass; zh and en */
    uint64_t least_entry;             /* this and all before it are in the copy */
    uint64_t tree_size;               /* if verified */
    uint8_t tree_root[LB_HASH_BYTES];
    uint64_t bytes; /* of all files */
};

struct rpc_transports {
    uint32_t connections; /* of frames, now */
    uint32_t http_connections;
    uint32_t http_streams;
    uint64_t http_requests; /* that were dispatched, since the start */
    uint64_t http_connections_limited;
};

struct rpc_ports {
    struct engine *engine;
    struct store *store; /* the book, for verify */
    const struct clock *clock;
    struct log *log;
    struct auth *auth; /* NULL: this server knows no log-in */
    /* The connection of a request in flight; NULL: it is gone. */
    struct auth_connection *(*connection)(void *context, struct rpc_token token);
    /* The reply to a request, once: LB_FRAME_RESPONSE or LB_FRAME_ERROR. */
    void (*reply)(void *context, struct rpc_token token, enum lb_frame_kind kind,
                  struct bytes payload);
    /* From any thread: rpc_complete is wanted on the loop's. */
    void (*wake)(void *context);
    /* The same in so many ms, asked on the loop's thread; asking again forgets the time before.
     * Never asked where nobody else writes the store. */
    void (*wake_after)(void *context, int64_t ms);
    /* What the transports are at, for the status. */
    void (*transports)(void *context, struct rpc_transports *transports);
    /* An empty store for verify and for boards of the past. Any thread. */
    enum lb_result (*scratch_open)(void *context, struct store **store);
    /* What the store of a shared book is a cache of, for verify: LB_OK, with *problem "" or what is
     * wrong there. Work thread. NULL: there is nothing but the store. */
    enum lb_result (*tables_verify)(void *context, const struct rpc_verify_stop *stop,
                                    char problem[RPC_PROBLEM_BYTES]);
    /* Makes a backup. Work thread. NULL: this server makes none. */
    enum lb_result (*backup)(void *context, struct rpc_backup_job *job);
    void *context;
};

/* Counts the members and cards once. LB_OK, LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result rpc_new(const struct rpc_config *config, const struct rpc_ports *ports,
                                     struct rpc **rpc);
/* After engine_close: nothing of the engine runs any more. */
void rpc_free(struct rpc *rpc);

enum rpc_after rpc_dispatch(struct rpc *rpc, const struct rpc_request *request);
/* After the last rpc_dispatch of a turn of the loop, before anything else: lets go of the state
 * that the turn's reads shared. */
void rpc_turn_end(struct rpc *rpc);
/* Replies to what the engine's threads have finished, follows what other servers wrote, and goes on
 * with reads that waited for it. Not within a turn. */
void rpc_complete(struct rpc *rpc);
/* Long reads and verify end soon, without an answer worth having; who waits for a later state is
 * refused by the next rpc_complete. Any thread. */
void rpc_stop(struct rpc *rpc);
/* "write"; NULL: there is no such method. Static text. */
const char *rpc_method_name(uint16_t number);

/* What a transport other than frames needs to know of a method. */
struct rpc_method_info {
    uint16_t number;
    const char *path; /* "lovebank.v1.Ledger/Write" */
    const struct ProtobufCMessageDescriptor *request;
    const struct ProtobufCMessageDescriptor *response;
};
/* By place, from 0; false: there are no more. */
bool rpc_method_at(size_t place, struct rpc_method_info *info);

/* The connection acts for whom the token names, a session's operator or a device; for nobody if it
 * is no good. Within a turn, as rpc_dispatch. LB_OK, LB_SESSION_EXPIRED, LB_PRINCIPAL_LOCKED,
 * LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result rpc_identify(struct rpc *rpc, struct bytes token,
                                          struct auth_connection *connection);

#endif
