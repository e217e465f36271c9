/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What one durable write takes here, for each way and some sizes. One thread, nothing beside it. */
#include "limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SYNCS_NS_MAX    400000000 /* of each row */
#define TRACE_WINDOW_NS 100000000
#define SYNCS_A_ROUND   20 /* ways take turns, so that a busy moment hits them all */

static void syncs_round(struct journal *journal, uint8_t *record, size_t bytes,
                        struct histogram *latencies)
{
    for (int i = 0; i < SYNCS_A_ROUND; i++) {
        int64_t started_ns = measure_now_ns();
        journal_write(journal, record, bytes);
        histogram_add(latencies, measure_now_ns() - started_ns, 1);
    }
}

void limit_print_syncs(const char *directory)
{
    static const char *const names[] = {"fdatasync", "dsync", "direct"};
    static const size_t sizes[] = {512, 4096, 16384, 65536, 262144, 1048576, 4194304};
    size_t most = sizes[sizeof(sizes) / sizeof(sizes[0]) - 1];
    struct journal journals[3];
    uint8_t *record = journal_buffer(most);
    for (int way = 0; way < 3; way++) {
        journal_open(&journals[way], directory, most, (enum journal_sync)way);
    }
    printf("| bytes |");
    for (int way = 0; way < 3; way++) {
        printf(" %s p50 µs | p99 µs | longest |", names[way]);
    }
    printf("\n|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct histogram latencies[3] = {0};
        int64_t ends_ns = measure_now_ns() + SYNCS_NS_MAX;
        while (measure_now_ns() < ends_ns) {
            for (int way = 0; way < 3; way++) {
                syncs_round(&journals[way], record, sizes[i], &latencies[way]);
            }
        }
        printf("| %zu |", sizes[i]);
        for (int way = 0; way < 3; way++) {
            printf(" %" PRId64 " | %" PRId64 " | %" PRId64 " |",
                   histogram_percentile_us(&latencies[way], 50),
                   histogram_percentile_us(&latencies[way], 99), latencies[way].max_ns / 1000);
        }
        printf("\n");
    }
    for (int way = 0; way < 3; way++) {
        journal_close(&journals[way]);
    }
    free(record);
}

static void trace_put_window(int64_t from_ns, const struct histogram *window)
{
    printf("%" PRId64 ",%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n", from_ns / 1000000,
           window->count, histogram_percentile_us(window, 50), histogram_percentile_us(window, 99),
           window->max_ns / 1000);
}

void limit_trace_syncs(const struct limit_config *config)
{
    size_t bytes = JOURNAL_HEADER_BYTES + config->batch * config->entry_bytes;
    uint8_t *record = journal_buffer(journal_padded_bytes(bytes));
    struct journal journal;
    struct histogram window = {0};
    journal_open(&journal, config->directory, bytes, config->sync);
    printf("from_ms,requests,p50_us,p99_us,max_us\n");
    int64_t started_ns = measure_now_ns();
    int64_t now_ns = started_ns;
    int64_t from_ns = 0;
    while (now_ns - started_ns < (int64_t)config->seconds * 1000000000) {
        int64_t write_ns = now_ns;
        journal_write(&journal, record, bytes);
        now_ns = measure_now_ns();
        /* A write belongs to the window it ends in. */
        while (now_ns - started_ns >= from_ns + TRACE_WINDOW_NS) {
            trace_put_window(from_ns, &window);
            window = (struct histogram){0};
            from_ns += TRACE_WINDOW_NS;
        }
        histogram_add(&window, now_ns - write_ns, 1);
    }
    trace_put_window(from_ns, &window);
    journal_close(&journal);
    free(record);
}
