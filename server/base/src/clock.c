/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The system's clocks and the stepped one. Threading: see base/clock.h.
 */
#include "base/clock.h"

#include "base/assert.h"

#include <stddef.h>
#include <time.h>

static struct timespec clock_read(clockid_t which)
{
    struct timespec now;
    int failed = clock_gettime(which, &now);
    LB_ASSERT(failed == 0); /* both clocks exist on every Linux */
    return now;
}

static int64_t clock_read_ms(clockid_t which)
{
    struct timespec now = clock_read(which);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_system_monotonic_ns(void)
{
    struct timespec now = clock_read(CLOCK_MONOTONIC);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t system_now_ms(void *context)
{
    (void)context;
    return clock_read_ms(CLOCK_REALTIME);
}

static int64_t system_monotonic_ms(void *context)
{
    (void)context;
    return clock_read_ms(CLOCK_MONOTONIC);
}

const struct clock *clock_system(void)
{
    static const struct clock system = {system_now_ms, system_monotonic_ms, NULL};
    return &system;
}

static int64_t stepper_now_ms(void *context)
{
    const struct clock_stepper *stepper = context;
    return stepper->now_ms;
}

static int64_t stepper_monotonic_ms(void *context)
{
    const struct clock_stepper *stepper = context;
    return stepper->monotonic_ms;
}

struct clock clock_of_stepper(struct clock_stepper *stepper)
{
    return (struct clock){stepper_now_ms, stepper_monotonic_ms, stepper};
}

void clock_step(struct clock_stepper *stepper, int64_t ms)
{
    LB_ASSERT(ms >= 0);
    stepper->now_ms += ms;
    stepper->monotonic_ms += ms;
}
