/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Time as a port: what the system's clocks say, or what a test says. Besides this module and
 * main.c nothing asks the system for the time. The system clock is safe from any thread; a
 * stepped clock belongs to one.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*now_ms)(void *context);       /* since 1970-01-01 UTC; may jump */
    int64_t (*monotonic_ms)(void *context); /* since some moment; never goes back */
    void *context;
};

static inline int64_t clock_now_ms(const struct clock *clock)
{
    return clock->now_ms(clock->context);
}

static inline int64_t clock_monotonic_ms(const struct clock *clock)
{
    return clock->monotonic_ms(clock->context);
}

/* The system's clocks. Static. */
const struct clock *clock_system(void);

/* The system's monotonic clock in nanoseconds: for pauses, and for waiting on conditions. */
int64_t clock_system_monotonic_ns(void);

/* A clock that stands still until it is stepped. Setting now_ms alone is a jump of the wall clock.
 */
struct clock_stepper {
    int64_t now_ms;
    int64_t monotonic_ms;
};

/* The port of a stepper, which must outlive it. */
struct clock clock_of_stepper(struct clock_stepper *stepper);
/* Both clocks go on by `ms`, which is not negative. */
void clock_step(struct clock_stepper *stepper, int64_t ms);

#endif
