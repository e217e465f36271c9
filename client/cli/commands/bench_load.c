/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The load: each slot of each connection has one request under way, and sends the next one when
 * it is answered. One thread.
 */
#include "bench.h"

#include "progress.h"

#include <event2/event.h>
#include <stdlib.h>
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
    size_t busy; /* slots with a request under way */
    int64_t started_us;
    int64_t ends_us; /* INT64_MAX: no end in time */
};

/* One request under way, and the messages it is made of. */
struct slot {
    struct load *load;
    struct lb_client *client;
    int64_t sent_us;
    uint64_t first; /* number of its first command */
    uint64_t count;
    Lovebank__V1__Command *commands;
    Lovebank__V1__Command **pointers;
    Lovebank__V1__ServiceRecord *records;
    Lovebank__V1__MemberRef *refs;
    struct id *ids;
};

static void slot_send(struct slot *slot);

static int64_t load_now_us(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void load_note_problem(struct bench *bench, int result)
{
    if (bench->first_problem == LB_OK) {
        bench->first_problem = result;
    }
}

static bool load_keep_latency(struct bench *bench, int64_t us)
{
    if (bench->requests == bench->latency_cap) {
        size_t cap = bench->latency_cap == 0 ? 65536 : bench->latency_cap * 2;
        uint32_t *latencies = realloc(bench->latencies_us, cap * sizeof(*latencies));
        if (latencies == NULL) {
            return false;
        }
        bench->latencies_us = latencies;
        bench->latency_cap = cap;
    }
    bench->latencies_us[bench->requests++] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
    return true;
}

static void slot_count_results(struct slot *slot, const Lovebank__V1__WriteResponse *response)
{
    struct bench *bench = slot->load->bench;
    for (size_t i = 0; i < slot->count; i++) {
        int result = response->code != LB_OK   ? (int)response->code
                     : i < response->n_results ? (int)response->results[i]->code
                                               : LB_MALFORMED;
        if (result == LB_OK) {
            bench->done++;
            bench->recorded[(slot->first + i) % bench->members]++;
        } else {
            bench->refused++;
            load_note_problem(bench, result);
        }
    }
}

static void slot_read_written(struct slot *slot, const struct lb_reply *reply)
{
    Lovebank__V1__WriteResponse *response =
        lovebank__v1__write_response__unpack(NULL, reply->payload_bytes, reply->payload);
    if (response == NULL) {
        slot->load->bench->failed++;
        load_note_problem(slot->load->bench, LB_MALFORMED);
        return;
    }
    slot_count_results(slot, response);
    lovebank__v1__write_response__free_unpacked(response, NULL);
}

static void slot_read_balance(struct slot *slot, const struct lb_reply *reply)
{
    struct bench *bench = slot->load->bench;
    Lovebank__V1__MemberGetResponse *response =
        lovebank__v1__member_get_response__unpack(NULL, reply->payload_bytes, reply->payload);
    if (response != NULL && response->code == LB_OK && response->info != NULL &&
        response->info->member == BENCH_MEMBER_FIRST + slot->first % bench->members) {
        bench->done++;
    } else {
        bench->refused++;
        load_note_problem(bench, response == NULL ? LB_MALFORMED : (int)response->code);
    }
    lovebank__v1__member_get_response__free_unpacked(response, NULL);
}

static void slot_on_done(void *context, const struct lb_reply *reply)
{
    struct slot *slot = context;
    struct bench *bench = slot->load->bench;
    slot->load->busy--;
    if (reply->result != LB_OK) {
        bench->failed++;
        load_note_problem(bench, reply->result);
        return; /* the slot stops: an outcome that is not known would spoil the check */
    }
    if (!load_keep_latency(bench, load_now_us() - slot->sent_us)) {
        load_note_problem(bench, LB_MEMORY);
        return;
    }
    if (bench->kind == BENCH_RECORD) {
        slot_read_written(slot, reply);
    } else {
        slot_read_balance(slot, reply);
    }
    slot_send(slot);
}

/* Record number n: each member in turn, a minute a day, then the next day. */
static bool slot_fill_record(struct slot *slot, size_t i, uint64_t n)
{
    struct bench *bench = slot->load->bench;
    if (!cli_make_id(bench->cli, &slot->ids[i])) {
        return false;
    }
    lovebank__v1__command__init(&slot->commands[i]);
    lovebank__v1__service_record__init(&slot->records[i]);
    lovebank__v1__member_ref__init(&slot->refs[i]);
    slot->refs[i].member = BENCH_MEMBER_FIRST + n % bench->members;
    slot->records[i].member = &slot->refs[i];
    slot->records[i].category = BENCH_CATEGORY;
    slot->records[i].minutes = 1;
    slot->commands[i].id = (ProtobufCBinaryData){sizeof(slot->ids[i].bytes), slot->ids[i].bytes};
    slot->commands[i].day = BENCH_DAY_FIRST + (int32_t)(n / bench->members % BENCH_DAYS);
    slot->commands[i].has_day = true;
    slot->commands[i].act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    slot->commands[i].service_record = &slot->records[i];
    slot->pointers[i] = &slot->commands[i];
    return true;
}

static int slot_send_records(struct slot *slot)
{
    Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
    for (size_t i = 0; i < slot->count; i++) {
        if (!slot_fill_record(slot, i, slot->first + i)) {
            return LB_INTERNAL;
        }
    }
    request.commands = slot->pointers;
    request.n_commands = slot->count;
    return (int)lb_client_call_message(slot->client, LB_METHOD_WRITE, &request.base, slot_on_done,
                                       slot);
}

static int slot_send_balance(struct slot *slot)
{
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    lovebank__v1__member_ref__init(&slot->refs[0]);
    slot->refs[0].member = BENCH_MEMBER_FIRST + slot->first % slot->load->bench->members;
    request.member = &slot->refs[0];
    request.balances_only = true;
    return (int)lb_client_call_message(slot->client, LB_METHOD_MEMBER_GET, &request.base,
                                       slot_on_done, slot);
}

/* The next request of the slot, unless the load is over. */
static void slot_send(struct slot *slot)
{
    struct bench *bench = slot->load->bench;
    uint64_t left = bench->count == 0 ? UINT64_MAX : bench->count - bench->sent;
    slot->sent_us = load_now_us();
    if (left == 0 || slot->sent_us >= slot->load->ends_us ||
        bench->requests >= BENCH_REQUESTS_MAX) {
        return;
    }
    uint64_t most = bench->kind == BENCH_RECORD ? bench->batch : 1;
    slot->count = left < most ? left : most;
    slot->first = bench->sent;
    int result = bench->kind == BENCH_RECORD ? slot_send_records(slot) : slot_send_balance(slot);
    if (result != LB_OK) {
        bench->failed++;
        load_note_problem(bench, result);
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
    const struct lb_client_config config = {.address = bench->cli->address,
                                            .name = "lovebank bench"};
    load->clients = cli_take(bench->cli, bench->connections, sizeof(struct lb_client *));
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
    uint64_t batch = bench->kind == BENCH_RECORD ? bench->batch : 1;
    for (size_t i = 0; i < load->slot_count; i++) {
        struct slot *slot = &load->slots[i];
        slot->load = load;
        slot->client = load->clients[i % bench->connections];
        slot->commands = cli_take(bench->cli, batch, sizeof(*slot->commands));
        slot->pointers = cli_take(bench->cli, batch, sizeof(Lovebank__V1__Command *));
        slot->records = cli_take(bench->cli, batch, sizeof(*slot->records));
        slot->refs = cli_take(bench->cli, batch, sizeof(*slot->refs));
        slot->ids = cli_take(bench->cli, batch, sizeof(*slot->ids));
    }
    return LB_OK;
}

static void load_show(const struct load *load)
{
    const struct bench *bench = load->bench;
    if (bench->count != 0) {
        progress_show(bench->cli, bench->done + bench->refused, bench->count);
    } else {
        progress_show(bench->cli, (uint64_t)(load_now_us() - load->started_us),
                      bench->seconds * 1000000);
    }
}

enum cli_exit bench_load(struct bench *bench)
{
    struct load load = {.bench = bench};
    int result = load_open(&load);
    if (result != LB_OK) {
        load_close(&load);
        return cli_fail(bench->cli, result, NULL, "");
    }
    load.started_us = load_now_us();
    load.ends_us =
        bench->seconds == 0 ? INT64_MAX : load.started_us + (int64_t)bench->seconds * 1000000;
    for (size_t i = 0; i < load.slot_count; i++) {
        slot_send(&load.slots[i]);
    }
    int64_t shown_us = load.started_us;
    while (load.busy > 0 && event_base_loop(load.base, EVLOOP_ONCE) == 0) {
        if (load_now_us() - shown_us > BENCH_LOOK_MS * 1000) {
            shown_us = load_now_us();
            load_show(&load);
        }
    }
    bench->took_us = load_now_us() - load.started_us;
    progress_clear(bench->cli);
    load_close(&load);
    return CLI_DONE;
}
