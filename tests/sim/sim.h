/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A deterministic simulation of whole clients, network, server and crashes: one thread, no real
 * time, no real socket. Each step is one thing that could happen next, drawn from the seed: a piece
 * of a frame arrives, a group becomes durable, a reply leaves, a connection breaks, the server is
 * killed, a day passes. The same seed gives the same run, step by step.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "lovebank/client.h"
#include "sim_server.h"

#define SIM_DESKS      6
#define SIM_UNSENT_MAX 1024

struct sim;

/* A program at a desk: a client, whose calls it makes again until they are answered. */
struct sim_desk {
    struct sim *sim;
    struct lb_client *client;
    char address[32];
    size_t open_calls;
};

struct sim {
    uint64_t seed;
    uint64_t commands_max; /* answered ones; then what is under way is finished */
    uint64_t steps;
    uint64_t crashes;
    uint64_t faults;
    uint64_t vanished; /* clients that went away with calls under way */
    uint64_t trace;
    enum sim_canary canary;
    bool is_lying; /* the store, for the canary */
    size_t entries_at_lie;
    bool is_ending;      /* no more accidents */
    int64_t up_again_ms; /* the server is started then, if it is not up */
    struct random_seeded random;
    struct random_seeded keys;
    struct random_source keys_port;
    struct clock_stepper stepper;
    struct clock clock;
    struct sim_net net;
    struct event_base base; /* the clients' */
    struct sim_desk desks[SIM_DESKS];
    struct sim_request *unsent[SIM_UNSENT_MAX]; /* to be sent, again or at first */
    size_t unsent_count;
    struct sim_server server;
    struct sim_oracle oracle;
};

struct sim_options {
    uint64_t seed;
    uint64_t commands;
    enum sim_canary canary;
};

/* Runs a world from its beginning to its end; what it finds wrong ends the program, with the seed
 * and the step. The sim is the caller's memory; its numbers can be read afterwards. */
void sim_run(struct sim *sim, const struct sim_options *options);

/* ---- parts ---- */

uint64_t sim_below(struct sim *sim, uint64_t below);
bool sim_chance(struct sim *sim, unsigned in_thousand);
/* sim_desk.c */
void sim_desks_open(struct sim *sim);
void sim_desks_close(struct sim *sim);
/* One call more, of any desk. false: there is nothing to be sent now. */
bool sim_desk_call(struct sim *sim);
/* A client goes away, with what it waits for, and another comes to its desk. */
void sim_desk_vanish(struct sim *sim);
bool sim_desks_are_idle(const struct sim *sim);

#endif
