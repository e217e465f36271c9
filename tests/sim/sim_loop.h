/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The simulated event loop: what client/lib and server/net use of libevent, over the simulated
 * network and clock. It defines libevent's own functions, which the linker then does not look for
 * elsewhere. Of the events that are due, a step runs any one: so their order is as random as that
 * of real ones. One thread.
 */
#ifndef TESTS_SIM_LOOP_H
#define TESTS_SIM_LOOP_H

#include "base/clock.h"
#include "base/random.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#define SIM_EVENTS_MAX 1024

/* libevent's struct, which is opaque to its users. */
struct event_base {
    const struct clock_stepper *clock;
    struct event *added[SIM_EVENTS_MAX];
    size_t count;
};

/* Runs one event that is due. false: none is. */
bool sim_loop_run(struct event_base *base, struct random_seeded *random);

#endif
