/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Latency over time: where in the list of latencies each window of time ends, and, when the load is
 * over, a line of CSV for each window. One thread.
 */
#include "bench.h"

#include "errno_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool bench_trace_note(struct bench *bench, int64_t elapsed_us)
{
    struct bench_trace *trace = &bench->trace;
    while (trace->path != NULL &&
           elapsed_us >= (int64_t)(trace->count + 1) * BENCH_TRACE_WINDOW_US) {
        if (trace->count == trace->cap) {
            const size_t cap = trace->cap == 0 ? 1024 : trace->cap * 2;
            uint64_t *ends = realloc(trace->ends, cap * sizeof(*ends));
            if (ends == NULL) {
                return false;
            }
            trace->ends = ends;
            trace->cap = cap;
        }
        trace->ends[trace->count++] = bench->requests;
    }
    return true;
}

/* The requests answered in a window. Sorts their latencies in place: in all, the order tells no
 * more once the windows are written. */
static void trace_put_window(FILE *out, size_t window, uint32_t *latencies_us, uint64_t count)
{
    bench_sort(latencies_us, count);
    (void)fprintf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n",
                  (uint64_t)window * (BENCH_TRACE_WINDOW_US / 1000), count,
                  bench_percentile(latencies_us, count, 500),
                  bench_percentile(latencies_us, count, 990),
                  bench_percentile(latencies_us, count, 1000));
}

enum cli_exit bench_trace_write(struct bench *bench)
{
    struct bench_trace *trace = &bench->trace;
    if (trace->path == NULL) {
        return CLI_DONE;
    }
    uint64_t from = 0;
    FILE *out = fopen(trace->path, "we");
    if (out == NULL) {
        goto fail;
    }
    (void)fprintf(out, "from_ms,requests,p50_us,p99_us,max_us\n");
    for (size_t i = 0; i <= trace->count; i++) {
        const uint64_t end = i < trace->count ? trace->ends[i] : bench->requests;
        trace_put_window(out, i, bench->latencies_us + from, end - from);
        from = end;
    }
    const bool is_written = fflush(out) == 0;
    if (fclose(out) == 0 && is_written) {
        return CLI_DONE;
    }
fail:
    cli_complain(bench->cli,
                 TEXT(bench->cli, "写不了 %s：%s。请核对路径和空间，或换一个文件。",
                      "Cannot write %s: %s. Check its path and room, or name another file."),
                 trace->path, errno_text(bench->cli->is_chinese, errno));
    return CLI_FAULT;
}
