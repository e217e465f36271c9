/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bounded load for a running server: an org, a category and members of its own, requests over
 * several connections at once, and a check that the ledger holds what was acknowledged, no more and
 * no less. Meant for a book that is nobody's: what it records stays. One thread.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include "cli.h"
#include "lovebank/v1/services.pb-c.h"

#define BENCH_ORG          LB_ORG_MAX
#define BENCH_CATEGORY     LB_CODE_MAX
#define BENCH_MEMBER_FIRST UINT64_C(98000000)
#define BENCH_MEMBERS_MAX  UINT64_C(1000000)
#define BENCH_REQUESTS_MAX UINT64_C(20000000)
#define BENCH_WAIT_US_MAX  UINT64_C(3600000000)

enum bench_kind { BENCH_RECORD, BENCH_BALANCE };

struct bench_tally {
    int64_t minutes;
    int64_t points_centi;
};

/* Latency over time, in windows. */
struct bench_trace {
    const char *path; /* of the CSV; NULL: none is wanted */
    uint64_t *ends;   /* by window that is over: requests answered until then */
    size_t count;
    size_t cap;
};
#define BENCH_TRACE_WINDOW_US 100000

struct bench {
    struct cli *cli;
    enum bench_kind kind;
    uint64_t connections;
    uint64_t batch;     /* commands in a request */
    uint64_t in_flight; /* requests of a connection */
    uint64_t count;     /* commands or queries in all; 0: as many as the time allows */
    uint64_t seconds;
    uint64_t members;
    uint64_t first; /* the number of the first member, counted from BENCH_MEMBER_FIRST */

    struct bench_tally *before; /* by member */
    uint32_t *recorded;         /* by member: acknowledged minutes */

    uint64_t sent;     /* commands or queries */
    uint64_t done;     /* acknowledged */
    uint64_t refused;  /* answered with another result */
    uint64_t failed;   /* requests without an answer */
    int first_problem; /* result of the first refusal or failure; 0: none */
    uint64_t requests;
    uint32_t *latencies_us; /* in the order of the answers, later sorted */
    size_t latency_cap;
    struct bench_trace trace;
    uint64_t begin_at_us; /* not before, by the machine's monotonic clock; 0: at once */
    int64_t begin_us;     /* of the load itself, by the same */
    int64_t took_us;
    uint64_t mismatches;
};

/* Opens what the load needs, or finds it there from a run before. CLI_DONE, or it was told. */
enum cli_exit bench_set_up(struct bench *bench);
/* Reads every member's tallies. */
enum cli_exit bench_read_tallies(struct bench *bench, struct bench_tally *tallies);
/* By the machine's monotonic clock: the same for all programs on it. */
int64_t bench_now_us(void);
/* The load itself. */
enum cli_exit bench_load(struct bench *bench);

void bench_sort(uint32_t *latencies_us, uint64_t count);
/* Of sorted latencies: the one that so many of 1,000 did not exceed; 0 when there are none. */
uint32_t bench_percentile(const uint32_t *latencies_us, uint64_t count, uint64_t permille);

/* Before a latency is kept: ends the windows that are over. false: no memory. */
LB_MUST_CHECK bool bench_trace_note(struct bench *bench, int64_t elapsed_us);
/* Writes the file, if one is wanted; the latencies are sorted by window after. CLI_DONE, or it was
 * told. */
enum cli_exit bench_trace_write(struct bench *bench);

#endif
