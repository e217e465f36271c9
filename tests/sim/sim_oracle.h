/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The oracle: watches what goes into the server and comes out, and says at each reply whether it is
 * right. It runs the model's naive reference in the order in which the server answers: what a reply
 * rests on is then what the reference has done so far.
 *
 * After a crash it reads how far the store got: never behind a reply (nothing acknowledged is
 * missing), and beyond only by requests that were under way. The reference does these too, so that
 * from then on every reply to an id sent again must be the first one.
 *
 * What a request can see of time is the book's day. If days passed between its arrival and its
 * reply, the entry it made says on which it was decided; without an entry it is not judged.
 * One thread.
 */
#ifndef TESTS_SIM_ORACLE_H
#define TESTS_SIM_ORACLE_H

#include "lovebank/frame.h"
#include "rpc/rpc.h"
#include "sim_request.h"

#define SIM_PENDING_MAX 1024

/* A request that the server has and did not answer. */
struct sim_pending {
    struct sim_request *request;
    struct rpc_token token;
    int32_t day_first; /* the clock's days since it came */
    int32_t day_last;
    bool has_day_changed;
    bool is_submitted; /* the engine has it */
};

/* What a client was told: under this id stands that entry. */
struct sim_ack {
    struct id id;
    uint64_t entry;
};

struct sim_oracle {
    struct world world; /* seed, steps, reference, generator, store, people, engine */
    struct world_request asked;
    struct engine_result results[WORLD_COMMANDS_MAX];
    struct priced_line lines[WORLD_COMMANDS_MAX][LB_COMMAND_LINES_MAX];
    struct sim_requests requests;
    struct sim_pending pending[SIM_PENDING_MAX]; /* in the order of arrival */
    size_t pending_count;
    int32_t today_day; /* by the clock */
    int64_t head_ms;   /* when the newest entry that was answered for was recorded */
    struct sim_ack *acks;
    size_t ack_count;
    size_t ack_cap;
    bool may_fault;       /* a fault of the store was planned since the server's start */
    bool changes_answers; /* canary: what comes back is not what was answered first */
    uint64_t commands;    /* answered */
    uint64_t unjudged;    /* of these, see above */
    uint64_t faulted;     /* requests refused for a fault of the store */
    uint64_t reads;       /* judged */
    uint64_t caught_up;   /* requests that a crash found durable and not answered */
    uint64_t trace;       /* hash of all replies */
};

void oracle_init(struct sim_oracle *oracle, uint64_t seed);
void oracle_fini(struct sim_oracle *oracle);
void oracle_set_clock(struct sim_oracle *oracle, int64_t now_ms);

/* Around the dispatch of a write request. */
void oracle_arrives(struct sim_oracle *oracle, struct bytes payload, struct rpc_token token);
void oracle_dispatched(struct sim_oracle *oracle);
/* The reply to a read that is answered at once: it shows at least what was acknowledged. */
void oracle_reads(struct sim_oracle *oracle, uint16_t method, struct bytes payload);
/* The server replies, to a write or to a long read. */
void oracle_replies(struct sim_oracle *oracle, struct rpc_token token, enum lb_frame_kind kind,
                    struct bytes payload);
/* The server was killed and stands again, with nothing under way. */
void oracle_restarted(struct sim_oracle *oracle);

/* A client gets the answer to its request. */
void oracle_delivers(struct sim_oracle *oracle, const struct sim_request *request,
                     struct bytes payload);
/* Everything that clients were told, every view against the reference, and verify. Nothing may be
 * under way. */
void oracle_check_all(struct sim_oracle *oracle);

#endif
