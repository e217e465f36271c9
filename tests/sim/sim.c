/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The simulation's life and its steps. One thread. */
#include "sim.h"

#include "base/assert.h"
#include "sim_calls.h"
#include "store/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS         INT64_C(86400000)
#define FIRST_DAY      (GENERATE_FIRST_DAY + 240) /* the year ends within most worlds */
#define ACCIDENT_STEPS 120
#define CHECK_CRASHES  4      /* all is compared after so many */
#define IDLE_STEPS_MAX 200000 /* at the end: then something hangs */

uint64_t sim_below(struct sim *sim, uint64_t below)
{
    return random_seeded_next(&sim->random) % below;
}

bool sim_chance(struct sim *sim, unsigned in_thousand)
{
    return sim_below(sim, 1000) < in_thousand;
}

/* ---- accidents ---- */

static void sim_kill(struct sim *sim)
{
    struct sim_server *server = &sim->server;
    sim->crashes++;
    sim_server_kill(server, (size_t)sim_below(sim, 4));
    sim->up_again_ms = sim->stepper.monotonic_ms + (int64_t)sim_below(sim, 3000);
}

static void sim_start(struct sim *sim)
{
    sim_server_start(&sim->server);
    oracle_restarted(&sim->oracle);
    if (sim->crashes % CHECK_CRASHES == 0) {
        oracle_check_all(&sim->oracle);
    }
}

static void sim_plan_fault(struct sim *sim)
{
    static const struct store_mem_fault faults[] = {
        {STORE_MEM_COMMIT, 0, LB_STORAGE_CONFLICT, STORE_RETRY, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FULL, STORE_RETRY, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FAULT, STORE_UNKNOWN, false},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FAULT, STORE_UNKNOWN, true},
        {STORE_MEM_COMMIT, 0, LB_STORAGE_FAULT, STORE_FATAL, false},
        {STORE_MEM_PUT, 0, LB_STORAGE_FULL, STORE_COMMITTED, false},
        {STORE_MEM_PUT, 0, LB_STORAGE_FAULT, STORE_COMMITTED, false},
        {STORE_MEM_BEGIN, 0, LB_MEMORY, STORE_COMMITTED, false},
    };
    struct store_mem_fault fault = faults[sim_below(sim, sizeof(faults) / sizeof(faults[0]))];
    if (fault.call == STORE_MEM_PUT) {
        fault.nth = sim_below(sim, 40);
    }
    sim->faults++;
    sim->oracle.may_fault = true;
    store_mem_plan_fault(sim->server.store, &fault);
}

/* Mostly the time until something is due; sometimes the wall clock jumps by days, or back. */
static void sim_step_clock(struct sim *sim)
{
    const uint64_t kind = sim_below(sim, 1000);
    if (kind < 30) {
        const int64_t jump_ms = (int64_t)sim_below(sim, (uint64_t)(8 * DAY_MS));
        sim->stepper.now_ms += kind < 4 ? -jump_ms : jump_ms;
    } else if (kind < 60) {
        clock_step(&sim->stepper, (int64_t)sim_below(sim, 5000));
    } else {
        clock_step(&sim->stepper, (int64_t)sim_below(sim, 20));
    }
    oracle_set_clock(&sim->oracle, sim->stepper.now_ms);
}

/* One accident in so many steps. */
static void sim_step_accident(struct sim *sim)
{
    const uint64_t kind = sim_below(sim, 100);
    if (kind < 45) {
        (void)sim_net_cut(&sim->net);
    } else if (kind < 60) {
        sim_desk_vanish(sim);
    } else if (kind < 85 && sim->server.is_up) {
        sim_plan_fault(sim);
    } else if (sim->server.is_up) {
        sim_kill(sim);
    }
}

/* The canary's store lies for a while, then its server is killed. */
static void sim_step_lie(struct sim *sim)
{
    const size_t entries = sim->oracle.world.ref.entry_count;
    if (!sim->is_lying && sim->server.is_up && entries > 100) {
        sim->is_lying = true;
        sim->entries_at_lie = entries;
        store_mem_plan_fault(sim->server.store, NULL);
        store_mem_lie(sim->server.store);
    } else if (sim->is_lying && sim->server.is_up && entries > sim->entries_at_lie + 20) {
        sim_kill(sim);
    }
}

/* ---- steps ---- */

static bool sim_step_server(struct sim *sim, uint64_t kind)
{
    struct sim_server *server = &sim->server;
    switch (kind) {
    case 0:
        return sim_server_accept(server);
    case 1:
        return engine_step(server->engine);
    case 2:
        return store_mem_complete(server->store);
    case 3:
        return sim_server_reply(server);
    default:
        return sim_loop_run(&server->base, &sim->random);
    }
}

static bool sim_step_any(struct sim *sim)
{
    const uint64_t kind = sim_below(sim, 16);
    if (kind < 8) {
        return sim->server.is_up && sim_step_server(sim, kind);
    }
    if (kind < 10) {
        return sim_loop_run(&sim->base, &sim->random);
    }
    if (kind < 14) {
        return sim_net_deliver(&sim->net);
    }
    if (kind == 14) {
        return sim_desk_call(sim);
    }
    sim_step_clock(sim);
    return true;
}

static void sim_step(struct sim *sim)
{
    sim->steps++;
    if (!sim->server.is_up && sim->stepper.monotonic_ms >= sim->up_again_ms) {
        sim_start(sim);
    }
    if (sim->canary == SIM_CANARY_LOST) {
        sim_step_lie(sim);
    }
    if (!sim->is_ending && !sim->is_lying && sim_below(sim, ACCIDENT_STEPS) == 0) {
        sim_step_accident(sim);
    } else {
        const bool is_done = sim_step_any(sim);
        sim->trace = sim_hash(sim->trace, &is_done, sizeof(is_done));
    }
    if (sim->server.is_up && sim->server.is_dead) {
        sim_kill(sim);
    }
}

/* ---- life ---- */

static void sim_log(void *context, struct bytes line)
{
    (void)context;
    (void)line; /* the server complains about the faults that are planned for it */
}

static void sim_open(struct sim *sim, const struct sim_options *options)
{
    char directory[] = "/tmp/lovebank-sim-XXXXXX";
    memset(sim, 0, sizeof(*sim));
    sim->seed = options->seed;
    sim->commands_max = options->commands;
    sim->canary = options->canary;
    sim->random = (struct random_seeded){options->seed};
    sim->keys = (struct random_seeded){~options->seed};
    sim->keys_port = random_of_seeded(&sim->keys);
    sim->stepper = (struct clock_stepper){.now_ms = FIRST_DAY * DAY_MS};
    sim->clock = clock_of_stepper(&sim->stepper);
    sim->base.clock = &sim->stepper;
    sim_net_init(&sim->net, options->seed + 1);
    sim_calls_use(&sim->net, &sim->clock, &sim->keys_port);
    oracle_init(&sim->oracle, options->seed);
    sim->oracle.changes_answers = options->canary == SIM_CANARY_CHANGED;
    sim->server = (struct sim_server){.sim_net = &sim->net,
                                      .oracle = &sim->oracle,
                                      .stepper = &sim->stepper,
                                      .clock = sim->clock,
                                      .random = sim->keys_port,
                                      .canary = options->canary};
    sim->server.log = (struct log){LOG_ERROR, &sim->clock, sim_log, NULL};
    oracle_set_clock(&sim->oracle, sim->stepper.now_ms);
    LB_ASSERT(mkdtemp(directory) != NULL);
    sim_server_init(&sim->server, directory);
    (void)rmdir(directory);
    sim_server_start(&sim->server);
    sim_desks_open(sim);
}

/* Whatever is under way comes to its end, or it hangs. */
static void sim_finish(struct sim *sim)
{
    const uint64_t first = sim->steps;
    sim->is_ending = true;
    store_mem_plan_fault(sim->server.store, NULL);
    while (!sim->server.is_up || sim->oracle.pending_count > 0 || !sim_desks_are_idle(sim)) {
        if (sim->steps - first > IDLE_STEPS_MAX) {
            world_fail(&sim->oracle.world, "calls are still without an answer after %d steps",
                       IDLE_STEPS_MAX);
        }
        sim_step(sim);
    }
}

void sim_run(struct sim *sim, const struct sim_options *options)
{
    sim_open(sim, options);
    while (sim->oracle.commands < sim->commands_max) {
        sim_step(sim);
    }
    sim_finish(sim);
    oracle_check_all(&sim->oracle);
    sim_kill(sim); /* and once more after a start */
    sim_start(sim);
    oracle_check_all(&sim->oracle);
    sim->trace = sim_hash(sim->trace, &sim->oracle.trace, sizeof(sim->oracle.trace));
    sim_desks_close(sim);
    sim->server.is_up = false;
    sim_server_kill(&sim->server, 0);
    sim_server_fini(&sim->server);
    oracle_fini(&sim->oracle);
    sim_net_fini(&sim->net);
    sim_calls_use(NULL, NULL, NULL);
}
