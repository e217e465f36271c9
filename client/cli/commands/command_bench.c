/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank bench`: options, figures, and the check. One thread.
 */
#include "commands.h"

#include "bench.h"
#include "query.h"
#include "sentence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int bench_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

void bench_sort(uint32_t *latencies_us, uint64_t count)
{
    if (count > 0) {
        qsort(latencies_us, count, sizeof(*latencies_us), bench_compare);
    }
}

uint32_t bench_percentile(const uint32_t *latencies_us, uint64_t count, uint64_t permille)
{
    const uint64_t rank = (count * permille + 999) / 1000;
    return count == 0 ? 0 : latencies_us[rank == 0 ? 0 : rank - 1];
}

/* Of all requests. */
static uint32_t bench_latency(const struct bench *bench, uint64_t permille)
{
    return bench_percentile(bench->latencies_us, bench->requests, permille);
}

/* false: not a number, or so late that it was hardly meant; it was told. */
static bool bench_read_begin(struct bench *bench, const struct cli_arguments *arguments)
{
    if (!query_number(bench->cli, arguments, "begin_at", 0, INT64_MAX, &bench->begin_at_us)) {
        return false;
    }
    if (bench->begin_at_us <= (uint64_t)bench_now_us() + BENCH_WAIT_US_MAX) {
        return true;
    }
    (void)arguments_complain(
        bench->cli, arguments, "begin_at",
        (struct cli_text){"请写开机以来的微秒数（单调时钟），最多一小时之后",
                          "write µs of the machine's monotonic clock, an hour ahead at most"});
    return false;
}

static enum cli_exit bench_read_options(struct bench *bench, const struct cli_arguments *arguments)
{
    const char *kind = arguments_get(arguments, "kind");
    *bench = (struct bench){
        .cli = bench->cli, .connections = 4, .batch = 100, .in_flight = 4, .members = 1000};
    if (kind != NULL && strcmp(kind, "balance") == 0) {
        bench->kind = BENCH_BALANCE;
    } else if (kind != NULL && strcmp(kind, "record") != 0) {
        return arguments_complain(
            bench->cli, arguments, "kind",
            (struct cli_text){"请写 record 或 balance", "write record or balance"});
    }
    if (!query_number(bench->cli, arguments, "connections", 1, 1000, &bench->connections) ||
        !query_number(bench->cli, arguments, "batch", 1, LB_BATCH_COMMANDS_MAX, &bench->batch) ||
        !query_number(bench->cli, arguments, "in_flight", 1, 64, &bench->in_flight) ||
        !query_number(bench->cli, arguments, "seconds", 1, 3600, &bench->seconds) ||
        !query_number(bench->cli, arguments, "count", 1, 1000000000, &bench->count) ||
        !query_number(bench->cli, arguments, "members", 1, BENCH_MEMBERS_MAX, &bench->members) ||
        !query_number(bench->cli, arguments, "first", 0, BENCH_MEMBERS_MAX, &bench->first) ||
        !bench_read_begin(bench, arguments)) {
        return CLI_USAGE;
    }
    if (bench->cli->is_dry_run) {
        cli_complain(bench->cli, TEXT(bench->cli, "bench 要真的记账，不能试算。",
                                      "bench writes to the ledger; it has no dry run."));
        return CLI_USAGE;
    }
    bench->trace.path = arguments_get(arguments, "trace");
    if (bench->seconds == 0 && bench->count == 0) {
        bench->seconds = 10;
    }
    bench->before = cli_take(bench->cli, bench->members, sizeof(*bench->before));
    bench->recorded = cli_take(bench->cli, bench->members, sizeof(*bench->recorded));
    return CLI_DONE;
}

/* Each member has exactly what was acknowledged: a minute and a point for each record. */
static enum cli_exit bench_check(struct bench *bench)
{
    struct bench_tally *after = cli_take(bench->cli, bench->members, sizeof(*after));
    enum cli_exit exit = bench_read_tallies(bench, after);
    if (exit != CLI_DONE) {
        return exit;
    }
    for (uint64_t i = 0; i < bench->members; i++) {
        int64_t recorded = bench->recorded[i];
        if (after[i].minutes - bench->before[i].minutes != recorded ||
            after[i].points_centi - bench->before[i].points_centi != recorded * 100) {
            bench->mismatches++;
        }
    }
    return CLI_DONE;
}

static uint64_t bench_rate(const struct bench *bench)
{
    return bench->took_us <= 0 ? 0 : bench->done * 1000000 / (uint64_t)bench->took_us;
}

static void bench_tell(const struct bench *bench)
{
    struct cli *cli = bench->cli;
    cli_say(cli,
            TEXT(cli, "%s：%" PRIu64 " 条，用时 %" PRId64 ".%03" PRId64 " 秒，每秒 %" PRIu64 " 条",
                 "%s: %" PRIu64 " in %" PRId64 ".%03" PRId64 " s, %" PRIu64 " a second"),
            bench->kind == BENCH_RECORD ? TEXT(cli, "记时", "records")
                                        : TEXT(cli, "查余额", "balances"),
            bench->done, bench->took_us / 1000000, bench->took_us / 1000 % 1000, bench_rate(bench));
    cli_say(cli,
            TEXT(cli,
                 "连接 %" PRIu64 "，每批 %" PRIu64 " 条，每连接同时 %" PRIu64 " 批，志愿者 %" PRIu64
                 " 人",
                 "connections %" PRIu64 ", batch %" PRIu64 ", in flight %" PRIu64
                 " each, members %" PRIu64),
            bench->connections, bench->kind == BENCH_RECORD ? bench->batch : 1, bench->in_flight,
            bench->members);
    cli_say(cli,
            TEXT(cli,
                 "答复时间（微秒）：p50 %" PRIu32 "，p95 %" PRIu32 "，p99 %" PRIu32
                 "，最长 %" PRIu32,
                 "latency in µs: p50 %" PRIu32 ", p95 %" PRIu32 ", p99 %" PRIu32 ", max %" PRIu32),
            bench_latency(bench, 500), bench_latency(bench, 950), bench_latency(bench, 990),
            bench_latency(bench, 1000));
    if (bench->refused + bench->failed > 0) {
        static const int64_t zeros[3] = {0};
        char sentence[SENTENCE_BYTES_MAX];
        sentence_format(sentence, sizeof(sentence), cli->is_chinese, bench->first_problem, zeros,
                        "");
        cli_complain(cli,
                     TEXT(cli, "被拒绝 %" PRIu64 " 条，无答复 %" PRIu64 " 次；首个原因：%s。",
                          "refused %" PRIu64 ", unanswered %" PRIu64 "; the first reason: %s."),
                     bench->refused, bench->failed, sentence);
    }
    if (bench->kind == BENCH_RECORD && bench->mismatches == 0) {
        cli_say(cli,
                TEXT(cli, "核对：%" PRIu64 " 人的时长和积分与答复一致。",
                     "check: hours and points of %" PRIu64 " members are what was acknowledged."),
                bench->members);
    } else if (bench->mismatches > 0) {
        cli_complain(cli,
                     TEXT(cli, "核对不符：%" PRIu64 " 人的时长或积分与答复不一致。",
                          "check failed: %" PRIu64 " members have other hours or points than "
                          "was acknowledged."),
                     bench->mismatches);
    }
}

static void bench_put_json(const struct bench *bench)
{
    const int64_t end_us = bench->begin_us + bench->took_us;
    json_t *object =
        json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "kind",
                  bench->kind == BENCH_RECORD ? "record" : "balance", "connections",
                  (json_int_t)bench->connections, "batch",
                  (json_int_t)(bench->kind == BENCH_RECORD ? bench->batch : 1), "in_flight",
                  (json_int_t)bench->in_flight, "members", (json_int_t)bench->members, "requests",
                  (json_int_t)bench->requests, "done", (json_int_t)bench->done, "refused",
                  (json_int_t)bench->refused);
    json_t *more = json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "failed", (json_int_t)bench->failed, "took_us",
        (json_int_t)bench->took_us, "per_second", (json_int_t)bench_rate(bench), "p50_us",
        (json_int_t)bench_latency(bench, 500), "p95_us", (json_int_t)bench_latency(bench, 950),
        "p99_us", (json_int_t)bench_latency(bench, 990), "max_us",
        (json_int_t)bench_latency(bench, 1000), "mismatches", (json_int_t)bench->mismatches,
        "begin_us", (json_int_t)bench->begin_us, "end_us", (json_int_t)end_us);
    if (object != NULL && json_object_update_new(object, more) != 0) {
        json_decref(object);
        object = NULL; /* cli_put_json says so and ends */
    }
    cli_put_json(bench->cli, object);
}

static enum cli_exit bench_measure(struct bench *bench)
{
    enum cli_exit exit = bench_set_up(bench);
    if (exit == CLI_DONE) {
        exit = bench_read_tallies(bench, bench->before);
    }
    if (exit == CLI_DONE) {
        exit = bench_load(bench);
    }
    if (exit == CLI_DONE && bench->kind == BENCH_RECORD) {
        exit = bench_check(bench);
    }
    if (exit == CLI_DONE) {
        exit = bench_trace_write(bench);
    }
    if (exit != CLI_DONE) {
        return exit;
    }
    bench_sort(bench->latencies_us, bench->requests);
    if (bench->cli->is_json) {
        bench_put_json(bench);
    } else {
        bench_tell(bench);
    }
    if (bench->mismatches > 0) {
        return CLI_FAULT;
    }
    return bench->first_problem == LB_OK ? CLI_DONE : cli_exit_of(bench->first_problem);
}

static enum cli_exit bench_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct bench bench = {.cli = cli};
    enum cli_exit exit = bench_read_options(&bench, arguments);
    if (exit == CLI_DONE) {
        exit = bench_measure(&bench);
    }
    free(bench.latencies_us);
    free(bench.trace.ends);
    return exit;
}

static const struct cli_option bench_options[] = {
    {.name = "kind",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "record|balance",
     .help = {"record 记时（默认）或 balance 查余额", "record (default) or balance"}},
    {.name = "connections",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"连接数，默认 4", "connections (4)"}},
    {.name = "batch",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"每批条数，默认 100", "commands in a request (100)"}},
    {.name = "in_flight",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"每个连接同时几批，默认 4", "requests under way on each connection (4)"}},
    {.name = "seconds",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"时长，默认 10 秒", "how long (10 s unless --count)"}},
    {.name = "count",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"总条数", "how many in all"}},
    {.name = "members",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"志愿者数，默认 1000", "members (1,000)"}},
    {.name = "first",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"从第几个志愿者起，默认 0；几个 bench 同时测同一账本时各用各的人",
              "skip so many members (0), for loads side by side on one book"}},
    {.name = "begin_at",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "US",
     .help = {"到单调时钟的这一微秒才开始，好让几个 bench 同时开始",
              "begin when the monotonic clock is there, for loads side by side"}},
    {.name = "trace",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "FILE",
     .help = {"每 0.1 秒的答复时间，写成 CSV", "latency over time to a CSV, 100 ms a line"}},
};

const struct cli_command command_bench = {
    .name = "bench",
    .summary = {"测速并核对结果；会留下测试数据",
                "Measures a server and checks what it wrote; its entries stay"},
    COMMAND_OPTIONS(bench_options),
    .run = bench_run,
};
