/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server of the simulation: engine, rpc and net as server/app/server.c composes them, over a
 * memory store that survives it. Everything it does is a step: accepting, an event of its loop, a
 * group, a completion of the store, replies. One thread.
 */
#ifndef TESTS_SIM_SERVER_H
#define TESTS_SIM_SERVER_H

#include "net/net.h"
#include "sim_loop.h"
#include "sim_net.h"
#include "sim_oracle.h"

enum sim_canary {
    SIM_CANARY_NONE,
    SIM_CANARY_LOST,    /* the store answers COMMITTED for what a crash then takes away */
    SIM_CANARY_DOUBLED, /* a request sent again reaches the server under other ids */
    SIM_CANARY_CHANGED, /* a replay says something else than the first answer */
};

struct sim_server {
    /* Outlives the process. */
    struct sim_net *sim_net;
    struct sim_oracle *oracle;
    const struct clock_stepper *stepper;
    struct clock clock;
    struct random_source random;
    struct log log;
    struct store *store;
    struct people *people;
    enum sim_canary canary;
    /* The process. */
    bool is_up;
    bool is_dead;   /* the engine wants the process to end */
    bool is_woken;  /* replies wait */
    uint16_t reads; /* the method of the read that is being dispatched; 0: none */
    struct event_base base;
    struct engine *engine;
    struct rpc *rpc;
    struct net_server *net;
};

/* Makes store and people in the empty directory; the rest of the first part is set. */
void sim_server_init(struct sim_server *server, const char *directory);
void sim_server_fini(struct sim_server *server);
void sim_server_start(struct sim_server *server);
/* kill -9: so many of the commits under way become durable. */
void sim_server_kill(struct sim_server *server, size_t durable_count);

/* Steps. false: there was nothing to do. */
bool sim_server_accept(struct sim_server *server);
bool sim_server_reply(struct sim_server *server);

#endif
