/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the programs of bench/ measure with: the clock, a histogram of latencies, their options and
 * the line of JSON they print. One thread for each object. Not part of the product.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Latencies in classes 1/32 apart: a percentile is at most 3 % too high. */
#define MEASURE_STEPS   32
#define MEASURE_CLASSES (40 * MEASURE_STEPS)

struct histogram {
    uint64_t count;
    int64_t max_ns;
    uint64_t classes[MEASURE_CLASSES];
};

int64_t measure_now_ns(void);

void histogram_add(struct histogram *histogram, int64_t ns, uint64_t times);
/* The latency that `percent` of 100 do not exceed; 0 of an empty histogram. */
int64_t histogram_percentile_us(const struct histogram *histogram, unsigned percent);

/* A pseudo-random number; `state` is not zero. The same numbers on every machine. */
uint64_t measure_random(uint64_t *state);

/* {"done":…,"took_us":…,"per_second":…,"p50_us":…,"p95_us":…,"p99_us":…,"max_us":…} */
void measure_print(uint64_t done, int64_t took_ns, const struct histogram *latencies);

/* The same of a load that runs beside others: also begin_us and end_us of the time that was
 * counted, by the machine's monotonic clock, and in `all` what was done before and after it, too.
 */
void measure_print_window(uint64_t done, uint64_t all, int64_t begin_ns, int64_t end_ns,
                          const struct histogram *latencies);

/* A number of the command line between 1 and max; ends the program when it is none. */
uint64_t measure_number(const char *name, const char *text, uint64_t max);

/* Zeroed memory, to be freed; ends the program when there is none. */
void *measure_memory(size_t count, size_t size);

/* Says what failed and why (errno), and ends the program. */
_Noreturn void measure_fail(const char *what);

#endif
