/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What one entry costs, without the network: batches of commands through decoding, the engine over
 * a memory store or, with a DIRECTORY, over the default one, and encoding, with the processor time
 * of each part. Not a test and not a figure of throughput: it says where time goes, best under
 * callgrind, whose counts repeat:
 *
 *   valgrind --tool=callgrind bench/engine_cost service 2000 10
 *   callgrind_annotate --inclusive=yes callgrind.out.*
 *
 * usage: engine_cost [desk] [service|redeem] [MEMBERS [BATCHES [COMMANDS_OF_A_BATCH [DIRECTORY]]]]
 *
 * desk: the commands come from a device that has one role in the members' org, and not from the
 * server itself, which may do everything: the difference is what asking who may do it costs.
 * The directory must be new or empty, and is left as it is. Told is then, too, by how much an entry
 * makes its data.mdb larger. One thread beside those of engine and store.
 */
#include "engine/engine.h"
#include "lovebank/v1/services.pb-c.h"
#include "people/people.h"
#include "store/journaled.h"
#include "store/mem.h"
#include "wire/payload.h"
#include "wire/write.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ORG         UINT64_C(990101001010)
#define CATEGORY    7
#define COUNTER     3
#define RICE        11
#define ARENA_BYTES (UINT64_C(64) << 20)
#define SEED        UINT64_C(20161231)
#define DAYS        30                /* services are spread over the last days */
#define STRIDE      UINT64_C(1000003) /* from member to member: each has its turn */

static _Noreturn void fail(const char *what, enum lb_result why)
{
    fprintf(stderr, "engine_cost: %s: %s\n", what, lb_result_name((int)why));
    exit(4);
}

static void require(const char *what, enum lb_result result)
{
    if (result != LB_OK) {
        fail(what, result);
    }
}

/* Processor time of the whole program, in ns. */
static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* ---- the book ---- */

struct bench {
    struct store *store;
    struct people *people;
    struct log log;
    struct engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t is_done;
    bool done;
    int32_t today_day;
    struct actor actor;
    uint64_t members;
    uint64_t next_id;
    struct random_seeded random;
    uint64_t decode_ns;
    uint64_t engine_ns;
    uint64_t encode_ns;
};

static void bench_stopped(void *context, enum lb_result why)
{
    (void)context;
    fail("stopped", why);
}

static void bench_report(void *context, const char *message)
{
    (void)context;
    fprintf(stderr, "engine_cost: %s\n", message);
}

/* NULL: in memory. */
static void bench_open_store(struct bench *bench, const char *directory)
{
    if (directory == NULL) {
        const struct store_mem_options options = {.is_async = false};
        require("store", store_mem_open(arena_memory_heap(), &options, &bench->store));
        return;
    }
    struct store_journaled_options options = store_journaled_options_default(directory);
    options.lmdb.book.bytes[0] = 1;
    options.lmdb.report = bench_report;
    require("store", store_journaled_open(&options, &bench->store));
}

static void bench_open(struct bench *bench, const char *directory)
{
    char key_path[] = "/tmp/lovebank-engine-cost-XXXXXX";
    const struct engine_config config = {.queue_commands_max = 100000,
                                         .group_commands_max = LB_BATCH_COMMANDS_MAX,
                                         .work_queue_max = 8};
    if (mkdtemp(key_path) == NULL) {
        fail("mkdtemp", LB_INTERNAL);
    }
    char key_file[sizeof(key_path) + sizeof("/key")];
    snprintf(key_file, sizeof(key_file), "%s/key", key_path);
    require("key", people_open(key_file, true, random_system(), &bench->people));
    unlink(key_file);
    rmdir(key_path);
    bench_open_store(bench, directory);
    bench->log = log_to_file(stderr, clock_system(), LOG_WARN);
    const struct engine_ports ports = {.store = bench->store,
                                       .people = bench->people,
                                       .clock = clock_system(),
                                       .log = &bench->log,
                                       .stop = bench_stopped};
    require("engine", engine_open(&config, &ports, &bench->engine));
    struct engine_status status;
    engine_status(bench->engine, &status);
    bench->today_day = status.today_day;
    pthread_mutex_init(&bench->lock, NULL);
    pthread_cond_init(&bench->is_done, NULL);
}

static void bench_close(struct bench *bench)
{
    engine_close(bench->engine);
    bench->store->ops->close(bench->store);
    people_close(bench->people);
    pthread_cond_destroy(&bench->is_done);
    pthread_mutex_destroy(&bench->lock);
}

static void bench_done(struct engine_write *write)
{
    struct bench *bench = write->context;
    pthread_mutex_lock(&bench->lock);
    bench->done = true;
    pthread_cond_signal(&bench->is_done);
    pthread_mutex_unlock(&bench->lock);
}

static void bench_submit(struct bench *bench, struct engine_write *write)
{
    bench->done = false;
    require("submit", engine_write_submit(bench->engine, write));
    pthread_mutex_lock(&bench->lock);
    while (!bench->done) {
        pthread_cond_wait(&bench->is_done, &bench->lock);
    }
    pthread_mutex_unlock(&bench->lock);
    require("write", write->verdict.code);
}

/* One payload all the way; every command of it must be done. */
static void bench_write(struct bench *bench, struct bytes payload, bool is_counted)
{
    struct arena arena;
    struct wire_write_request request;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    uint64_t begin_ns = cpu_ns();
    require("decode", wire_write_request_decode(payload, &arena, &request).code);
    uint64_t decoded_ns = cpu_ns();
    struct engine_write write = {.commands = request.commands,
                                 .command_count = request.command_count,
                                 .actor = bench->actor,
                                 .arena = &arena,
                                 .done = bench_done,
                                 .context = bench};
    bench_submit(bench, &write);
    uint64_t written_ns = cpu_ns();
    struct wire_write_result *results =
        arena_take_zeroed(&arena, write.command_count, sizeof(*results));
    for (size_t i = 0; i < write.command_count; i++) {
        const struct engine_result *from = &write.results[i];
        require("command", from->verdict.code);
        results[i] = (struct wire_write_result){.verdict = from->verdict,
                                                .entry = from->entry,
                                                .balances = from->balances,
                                                .balance_count = from->balance_count,
                                                .lines = from->lines,
                                                .line_count = from->line_count,
                                                .earning = from->earning};
    }
    struct bytes packed;
    require("encode",
            wire_write_response_encode(&request, &write.verdict, results, &arena, &packed));
    if (is_counted) {
        bench->decode_ns += decoded_ns - begin_ns;
        bench->engine_ns += written_ns - decoded_ns;
        bench->encode_ns += cpu_ns() - written_ns;
    }
    arena_fini(&arena);
}

/* ---- commands ---- */

/* A command and what hangs on it, packed as one part of a request. */
struct part {
    struct id id;
    Lovebank__V1__Command command;
    Lovebank__V1__MemberRef member;
    Lovebank__V1__ServiceRecord service;
    Lovebank__V1__Redeem redeem;
    Lovebank__V1__RedeemLine line;
    Lovebank__V1__RedeemLine *line_pointer;
};

static void part_init(struct bench *bench, struct part *part)
{
    static const uint64_t epoch = UINT64_C(0x0190000000007000); /* as UUIDv7: time first */
    uint64_t front = epoch + ((bench->next_id / 64) << 16);
    uint64_t back = random_seeded_next(&bench->random);
    for (int i = 0; i < 8; i++) {
        part->id.bytes[i] = (uint8_t)(front >> (56 - 8 * i));
        part->id.bytes[8 + i] = (uint8_t)(back >> (56 - 8 * i));
    }
    bench->next_id++;
    lovebank__v1__command__init(&part->command);
    part->command.id = (ProtobufCBinaryData){sizeof(part->id.bytes), part->id.bytes};
    lovebank__v1__member_ref__init(&part->member);
    part->member.member = 1 + bench->next_id * STRIDE % bench->members;
}

static void part_service(struct bench *bench, struct part *part)
{
    part_init(bench, part);
    lovebank__v1__service_record__init(&part->service);
    uint64_t dice = random_seeded_next(&bench->random);
    part->service.member = &part->member;
    part->service.category = CATEGORY;
    part->service.minutes = 30 + dice % 4;
    part->command.has_day = true;
    part->command.day = bench->today_day - (int32_t)(dice / 8 % DAYS);
    part->command.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    part->command.service_record = &part->service;
}

static void part_redeem(struct bench *bench, struct part *part)
{
    part_init(bench, part);
    lovebank__v1__redeem__init(&part->redeem);
    lovebank__v1__redeem_line__init(&part->line);
    part->line.item = RICE;
    part->line.quantity = 1;
    part->line_pointer = &part->line;
    part->redeem.member = &part->member;
    part->redeem.counter = COUNTER;
    part->redeem.lines = &part->line_pointer;
    part->redeem.n_lines = 1;
    part->command.act_case = LOVEBANK__V1__COMMAND__ACT_REDEEM;
    part->command.redeem = &part->redeem;
}

typedef void part_fill_fn(struct bench *bench, struct part *part);

/* Requests of one command each, one after the other, are one request of them all. */
static struct bytes make_payload(struct bench *bench, part_fill_fn *fill, size_t count)
{
    uint8_t *data = malloc(count * 128);
    size_t size = 0;
    for (size_t i = 0; data != NULL && i < count; i++) {
        struct part part;
        fill(bench, &part);
        Lovebank__V1__Command *pointer = &part.command;
        Lovebank__V1__WriteRequest request = LOVEBANK__V1__WRITE_REQUEST__INIT;
        request.commands = &pointer;
        request.n_commands = 1;
        size += protobuf_c_message_pack(&request.base, data + size);
    }
    if (data == NULL) {
        fail("payload", LB_MEMORY);
    }
    return bytes_of(data, size);
}

/* ---- a street ---- */

static void write_commands(struct bench *bench, struct command *commands, size_t count)
{
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct part part;
        part_init(bench, &part);
        commands[i].id = part.id;
        commands[i].day = bench->today_day - 365;
    }
    struct engine_write write = {.commands = commands,
                                 .command_count = count,
                                 .actor = bench->actor,
                                 .arena = &arena,
                                 .done = bench_done,
                                 .context = bench};
    bench_submit(bench, &write);
    for (size_t i = 0; i < count; i++) {
        require("street", write.results[i].verdict.code);
    }
    arena_fini(&arena);
}

static void make_street(struct bench *bench)
{
    struct command commands[] = {
        {.kind = ACT_ORG_OPEN,
         .act.org_open = {.org = ORG, .kind = ORG_COMMUNITY, .name = BYTES_LITERAL("幸福社区")}},
        {.kind = ACT_TARIFF_SET,
         .act.tariff_set = {.category = CATEGORY,
                            .name = BYTES_LITERAL("家政"),
                            .points_per_hour_centi = 100,
                            .coefficient_permille = 1000,
                            .rounding_minutes = 30,
                            .expiry_kind = EXPIRY_YEAR_END,
                            .expiry_years = 1,
                            .day_minutes_max = LB_DAY_MINUTES}},
        {.kind = ACT_COUNTER_OPEN,
         .act.counter_open = {.counter = COUNTER, .org = ORG, .name = BYTES_LITERAL("爱心超市")}},
        {.kind = ACT_ITEM_SET,
         .act.item_set = {.item = RICE,
                          .kind = ITEM_GOODS,
                          .name = BYTES_LITERAL("大米"),
                          .unit = BYTES_LITERAL("袋"),
                          .price_centi = 1}},
        {.kind = ACT_STOCK_RECEIVE,
         .act.stock_receive = {.counter = COUNTER,
                               .lines = {{RICE, LB_QUANTITY_MAX, DAY_NONE}},
                               .line_count = 1}},
    };
    write_commands(bench, commands, sizeof(commands) / sizeof(commands[0]));
}

static void make_members(struct bench *bench, size_t batch)
{
    struct command *commands = calloc(batch, sizeof(*commands));
    if (commands == NULL) {
        fail("members", LB_MEMORY);
    }
    for (uint64_t made = 0; made < bench->members;) {
        size_t count = bench->members - made < batch ? (size_t)(bench->members - made) : batch;
        for (size_t i = 0; i < count; i++, made++) {
            commands[i] = (struct command){.kind = ACT_MEMBER_REGISTER};
            commands[i].act.member_register = (struct act_member_register){
                .org = ORG, .person = {.name = BYTES_LITERAL("李明"), .birth_day = DAY_NONE}};
        }
        write_commands(bench, commands, count);
    }
    free(commands);
}

/* From now on a device acts. */
static void make_desk(struct bench *bench, enum role role)
{
    struct command commands[] = {
        {.kind = ACT_DEVICE_OPEN,
         .act.device_open = {.name = BYTES_LITERAL("前台"), .org = ORG, .token_hash = {1}}},
        {.kind = ACT_ROLE_SET,
         .act.role_set = {.principal = 1, .roles = {.items = {{role, ORG}}, .count = 1}}},
    };
    write_commands(bench, commands, sizeof(commands) / sizeof(commands[0]));
    bench->actor = (struct actor){.principal = 1};
}

static void bench_run(struct bench *bench, part_fill_fn *fill, size_t batches, size_t batch,
                      bool is_counted)
{
    for (size_t i = 0; i < batches; i++) {
        struct bytes payload = make_payload(bench, fill, batch);
        bench_write(bench, payload, is_counted);
        free((void *)(uintptr_t)payload.data);
    }
}

static void report(const char *part, uint64_t ns, size_t entries)
{
    printf("%-8s %8.0f\n", part, (double)ns / (double)entries);
}

/* Of the store's main file, once all that is durable is in it. */
static uint64_t stored_bytes(struct bench *bench)
{
    const struct store_ops *ops = bench->store->ops;
    struct store_stats stats;
    if (ops->checkpoint != NULL) {
        require("checkpoint", ops->checkpoint(bench->store));
    }
    ops->stats(bench->store, &stats);
    return stats.map_used_bytes;
}

int main(int argc, char **argv)
{
    bool is_desk = argc > 1 && strcmp(argv[1], "desk") == 0;
    argc -= is_desk;
    argv += is_desk;
    bool is_redeem = argc > 1 && strcmp(argv[1], "redeem") == 0;
    struct bench bench = {.actor = {.peer = 1001, .is_trusted = true},
                          .members = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000,
                          .random.state = SEED};
    size_t batches = argc > 3 ? strtoull(argv[3], NULL, 10) : 100;
    size_t batch = argc > 4 ? strtoull(argv[4], NULL, 10) : 1000;
    if (bench.members == 0 || batches == 0 || batch == 0 || batch > LB_BATCH_COMMANDS_MAX) {
        fprintf(stderr, "usage: engine_cost [desk] [service|redeem] [MEMBERS [BATCHES [COMMANDS "
                        "[DIRECTORY]]]]\n");
        return 2;
    }
    bench_open(&bench, argc > 5 ? argv[5] : NULL);
    make_street(&bench);
    make_members(&bench, batch);
    if (is_redeem) { /* everybody has points first */
        bench_run(&bench, part_service, 2 * bench.members / batch + 1, batch, false);
    }
    if (is_desk) {
        make_desk(&bench, is_redeem ? ROLE_COUNTER : ROLE_DESK);
    }
    uint64_t bytes_before = stored_bytes(&bench);
    bench_run(&bench, is_redeem ? part_redeem : part_service, batches, batch, true);
    uint64_t bytes_after = stored_bytes(&bench);
    size_t entries = batches * batch;
    printf("seed %llu, %llu members, %zu entries in batches of %zu; of each entry\n",
           (unsigned long long)SEED, (unsigned long long)bench.members, entries, batch);
    printf("%-8s %8s\n", "part", "cpu ns");
    report("decode", bench.decode_ns, entries);
    report("engine", bench.engine_ns, entries);
    report("encode", bench.encode_ns, entries);
    if (argc > 5) {
        printf("bytes in data.mdb: %.0f\n", (double)(bytes_after - bytes_before) / (double)entries);
    }
    bench_close(&bench);
    return 0;
}
