/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The load: each slot of each connection has one request under way, and sends the next one when
 * it is answered. One thread.
 */
#include "bench.h"

#include "base/clock.h"
#include "base/random.h"
#include "bench_wire.h"
#include "progress.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_DAY_FIRST 12000 /* 2002-11-09 */
#define BENCH_DAYS      3650
#define BENCH_LOOK_MS   100

struct load {
    struct bench *bench;
    struct event_base *base;
    struct lb_client **clients;
    struct slot *slots;
    size_t slot_count;
    size_t busy; /* slots with a request under way, or clients that wait for their greeting */
    struct id_maker ids;
    struct random_seeded chance; /* of ids, seeded by the system's */
    uint8_t *request;            /* the one that is being put together */
    int64_t started_us;
    int64_t ends_us;  /* INT64_MAX: no end in time */
    int64_t epoch_us; /* what makes our time the calendar's, for ids */
};

/* One request under way. */
struct slot {
    struct load *load;
    struct lb_client *client;
    int64_t sent_us;
    uint64_t first; /* number of its first command */
    uint64_t count;
};

static void slot_send(struct slot *slot, int64_t now_us);

int64_t bench_now_us(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Whom record or question number n is of. */
static uint64_t load_member(const struct bench *bench, uint64_t n)
{
    return BENCH_MEMBER_FIRST + bench->first + n % bench->members;
}

static void load_note_problem(struct bench *bench, int result)
{
    if (bench->first_problem == LB_OK) {
        bench->first_problem = result;
    }
}

/* false: no memory. */
static bool load_keep_latency(struct load *load, int64_t now_us, int64_t us)
{
    struct bench *bench = load->bench;
    if (bench->requests == bench->latency_cap) {
        size_t cap = bench->latency_cap == 0 ? 65536 : bench->latency_cap * 2;
        uint32_t *latencies = realloc(bench->latencies_us, cap * sizeof(*latencies));
        if (latencies == NULL) {
            return false;
        }
        bench->latencies_us = latencies;
        bench->latency_cap = cap;
    }
    const bool is_noted = bench_trace_note(bench, now_us - load->started_us);
    bench->latencies_us[bench->requests++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
    return is_noted;
}

static void slot_read_written(const struct slot *slot, struct bytes payload)
{
    struct bench *bench = slot->load->bench;
    uint32_t code = LB_OK;
    if (!bench_read_response(payload, &code)) {
        code = LB_MALFORMED;
    }
    for (uint64_t i = 0; i < slot->count; i++) {
        uint32_t result = code;
        if (code == LB_OK && !bench_next_result(&payload, &result)) {
            result = LB_MALFORMED;
        }
        if (result == LB_OK) {
            bench->done++;
            bench->recorded[(slot->first + i) % bench->members]++;
        } else {
            bench->refused++;
            load_note_problem(bench, (int)result);
        }
    }
}

static void slot_read_balance(const struct slot *slot, struct bytes payload)
{
    struct bench *bench = slot->load->bench;
    uint32_t code = LB_OK;
    uint64_t member = 0;
    const bool is_sound = bench_read_balance(payload, &code, &member);
    if (is_sound && code == LB_OK && member == load_member(bench, slot->first)) {
        bench->done++;
    } else {
        bench->refused++;
        load_note_problem(bench, is_sound && code != LB_OK ? (int)code : LB_MALFORMED);
    }
}

static void slot_on_done(void *context, const struct lb_reply *reply)
{
    struct slot *slot = context;
    struct bench *bench = slot->load->bench;
    const int64_t now_us = bench_now_us();
    slot->load->busy--;
    if (reply->result != LB_OK) {
        bench->failed++;
        load_note_problem(bench, reply->result);
        return; /* the slot stops: an outcome that is not known would spoil the check */
    }
    if (!load_keep_latency(slot->load, now_us, now_us - slot->sent_us)) {
        load_note_problem(bench, LB_MEMORY);
        return;
    }
    if (bench->kind == BENCH_RECORD) {
        slot_read_written(slot, bytes_of(reply->payload, reply->payload_bytes));
    } else {
        slot_read_balance(slot, bytes_of(reply->payload, reply->payload_bytes));
    }
    slot_send(slot, now_us);
}

/* Record number n: each member in turn, a minute a day, then the next day. */
static size_t load_put_record(struct load *load, uint64_t n, int64_t now_us, uint8_t *out)
{
    const struct bench *bench = load->bench;
    uint8_t chance[10];
    const uint64_t words[2] = {random_seeded_next(&load->chance),
                               random_seeded_next(&load->chance)};
    memcpy(chance, words, sizeof(chance));
    const struct bench_record record = {
        .id = id_make(&load->ids, (uint64_t)(load->epoch_us + now_us) / 1000, chance),
        .day = BENCH_DAY_FIRST + (int32_t)(n / bench->members % BENCH_DAYS),
        .member = load_member(bench, n),
        .category = BENCH_CATEGORY,
        .minutes = 1,
    };
    return bench_put_record(&record, out);
}

static enum lb_result slot_send_request(struct slot *slot)
{
    struct load *load = slot->load;
    const struct bench *bench = load->bench;
    size_t size = 0;
    if (bench->kind == BENCH_BALANCE) {
        size = bench_put_balance(load_member(bench, slot->first), bench->cli->at_least_entry,
                                 load->request);
        return lb_client_call(slot->client, LB_METHOD_MEMBER_GET, load->request, size, slot_on_done,
                              slot);
    }
    for (uint64_t i = 0; i < slot->count; i++) {
        size += load_put_record(load, slot->first + i, slot->sent_us, load->request + size);
    }
    return lb_client_call(slot->client, LB_METHOD_WRITE, load->request, size, slot_on_done, slot);
}

/* The next request of the slot, unless the load is over. */
static void slot_send(struct slot *slot, int64_t now_us)
{
    struct bench *bench = slot->load->bench;
    uint64_t left = bench->count == 0 ? UINT64_MAX : bench->count - bench->sent;
    if (left == 0 || now_us >= slot->load->ends_us || bench->requests >= BENCH_REQUESTS_MAX) {
        return;
    }
    uint64_t most = bench->kind == BENCH_RECORD ? bench->batch : 1;
    slot->sent_us = now_us;
    slot->count = left < most ? left : most;
    slot->first = bench->sent;
    enum lb_result result = slot_send_request(slot);
    if (result != LB_OK) {
        bench->failed++;
        load_note_problem(bench, (int)result);
        return;
    }
    bench->sent += slot->count;
    slot->load->busy++;
}

static void load_close(struct load *load)
{
    for (uint64_t i = 0; i < load->bench->connections; i++) {
        lb_client_free(load->clients[i]);
    }
    if (load->base != NULL) {
        event_base_free(load->base);
    }
}

static int load_open(struct load *load)
{
    struct bench *bench = load->bench;
    struct lb_client_config config = {.name = "lovebank bench"};
    enum cli_exit exit = CLI_DONE;
    load->clients = cli_take(bench->cli, bench->connections, sizeof(struct lb_client *));
    if (!cli_configure(bench->cli, &config, &exit)) {
        return LB_CONFIG_INVALID;
    }
    load->slot_count = bench->connections * bench->in_flight;
    load->slots = cli_take(bench->cli, load->slot_count, sizeof(*load->slots));
    load->base = event_base_new();
    if (load->base == NULL) {
        return LB_MEMORY;
    }
    for (uint64_t i = 0; i < bench->connections; i++) {
        enum lb_result result = lb_client_new(load->base, &config, &load->clients[i]);
        if (result != LB_OK) {
            return (int)result;
        }
    }
    for (size_t i = 0; i < load->slot_count; i++) {
        load->slots[i].load = load;
        load->slots[i].client = load->clients[i % bench->connections];
    }
    load->request = cli_take(bench->cli, bench->batch, BENCH_RECORD_BYTES_MAX);
    load->epoch_us = clock_now_ms(clock_system()) * 1000 - bench_now_us();
    uint8_t seed[sizeof(load->chance.state)];
    if (!random_fill(random_system(), seed, sizeof(seed))) {
        return LB_INTERNAL;
    }
    memcpy(&load->chance.state, seed, sizeof(seed));
    return LB_OK;
}

static void load_on_greeted(void *context, const struct lb_reply *reply)
{
    struct load *load = context;
    load->busy--;
    if (reply->result != LB_OK) {
        load_note_problem(load->bench, reply->result);
    }
}

/* Every client connects before the clock starts. */
static int load_connect(struct load *load)
{
    for (uint64_t i = 0; i < load->bench->connections; i++) {
        const enum lb_result result =
            lb_client_call(load->clients[i], LB_METHOD_STATUS, NULL, 0, load_on_greeted, load);
        if (result != LB_OK) {
            return (int)result;
        }
        load->busy++;
    }
    while (load->busy > 0 && event_base_loop(load->base, EVLOOP_ONCE) == 0) {
    }
    return load->bench->first_problem;
}

/* Loads that run beside others begin together. */
static void load_wait(const struct bench *bench)
{
    const struct timespec until = {.tv_sec = (time_t)(bench->begin_at_us / 1000000),
                                   .tv_nsec = (long)(bench->begin_at_us % 1000000 * 1000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

static void load_show(const struct load *load)
{
    const struct bench *bench = load->bench;
    if (bench->count != 0) {
        progress_show(bench->cli, bench->done + bench->refused, bench->count);
    } else {
        progress_show(bench->cli, (uint64_t)(bench_now_us() - load->started_us),
                      bench->seconds * 1000000);
    }
}

enum cli_exit bench_load(struct bench *bench)
{
    struct load load = {.bench = bench};
    lb_session_close(bench->cli->session); /* it counts against the server's connections */
    bench->cli->session = NULL;
    int result = load_open(&load);
    if (result == LB_OK) {
        result = load_connect(&load);
    }
    if (result != LB_OK) {
        load_close(&load);
        return cli_fail(bench->cli, result, NULL, "");
    }
    load_wait(bench);
    load.started_us = bench_now_us();
    load.ends_us =
        bench->seconds == 0 ? INT64_MAX : load.started_us + (int64_t)bench->seconds * 1000000;
    for (size_t i = 0; i < load.slot_count; i++) {
        slot_send(&load.slots[i], bench_now_us());
    }
    int64_t shown_us = load.started_us;
    while (load.busy > 0 && event_base_loop(load.base, EVLOOP_ONCE) == 0) {
        if (bench_now_us() - shown_us > BENCH_LOOK_MS * 1000) {
            shown_us = bench_now_us();
            load_show(&load);
        }
    }
    bench->begin_us = load.started_us;
    bench->took_us = bench_now_us() - load.started_us;
    progress_clear(bench->cli);
    load_close(&load);
    return CLI_DONE;
}
