/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Where the system calls of the programs under test go; see sim_calls.c. One thread. */
#ifndef TESTS_SIM_CALLS_H
#define TESTS_SIM_CALLS_H

#include "base/clock.h"
#include "base/random.h"
#include "sim_net.h"

/* All must outlive their use; NULL: no call may come. */
void sim_calls_use(struct sim_net *net, const struct clock *clock,
                   const struct random_source *random);

#endif
