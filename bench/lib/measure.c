/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Clock, histogram and output of the programs of bench/; see measure.h. */
#include "measure.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t measure_now_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Class i < MEASURE_STEPS holds i ns; above, each power of two is cut into MEASURE_STEPS. */
static unsigned histogram_class(uint64_t ns)
{
    if (ns < MEASURE_STEPS) {
        return (unsigned)ns;
    }
    unsigned shift = 63 - (unsigned)__builtin_clzll(ns) - 5;
    unsigned class = shift * MEASURE_STEPS + (unsigned)(ns >> shift);
    return class < MEASURE_CLASSES ? class : MEASURE_CLASSES - 1;
}

static int64_t histogram_class_ends_ns(unsigned class)
{
    if (class < MEASURE_STEPS) {
        return class;
    }
    unsigned shift = class / MEASURE_STEPS - 1;
    return (((int64_t) class % MEASURE_STEPS + MEASURE_STEPS + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, int64_t ns, uint64_t times)
{
    histogram->count += times;
    histogram->classes[histogram_class(ns < 0 ? 0 : (uint64_t)ns)] += times;
    if (ns > histogram->max_ns) {
        histogram->max_ns = ns;
    }
}

int64_t histogram_percentile_us(const struct histogram *histogram, unsigned percent)
{
    uint64_t wanted = (histogram->count * percent + 99) / 100;
    uint64_t seen = 0;
    for (unsigned i = 0; i < MEASURE_CLASSES && wanted > 0; i++) {
        seen += histogram->classes[i];
        if (seen >= wanted) {
            return histogram_class_ends_ns(i) / 1000;
        }
    }
    return 0;
}

uint64_t measure_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void print_figures(uint64_t done, int64_t took_ns, const struct histogram *latencies)
{
    double seconds = (double)took_ns / 1e9;
    printf("{\"done\":%" PRIu64 ",\"took_us\":%" PRId64 ",\"per_second\":%.0f,\"p50_us\":%" PRId64
           ",\"p95_us\":%" PRId64 ",\"p99_us\":%" PRId64 ",\"max_us\":%" PRId64,
           done, took_ns / 1000, took_ns > 0 ? (double)done / seconds : 0,
           histogram_percentile_us(latencies, 50), histogram_percentile_us(latencies, 95),
           histogram_percentile_us(latencies, 99), latencies->max_ns / 1000);
}

void measure_print(uint64_t done, int64_t took_ns, const struct histogram *latencies)
{
    print_figures(done, took_ns, latencies);
    printf("}\n");
}

void measure_print_window(uint64_t done, uint64_t all, int64_t begin_ns, int64_t end_ns,
                          const struct histogram *latencies)
{
    print_figures(done, end_ns - begin_ns, latencies);
    printf(",\"begin_us\":%" PRId64 ",\"end_us\":%" PRId64 ",\"all\":%" PRIu64 "}\n",
           begin_ns / 1000, end_ns / 1000, all);
}

uint64_t measure_number(const char *name, const char *text, uint64_t max)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || number == 0 ||
        number > max) {
        fprintf(stderr, "--%s %s: give a number between 1 and %" PRIu64 "\n", name, text, max);
        exit(2);
    }
    return number;
}

void *measure_memory(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        measure_fail("memory");
    }
    return memory;
}

_Noreturn void measure_fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(4);
}
