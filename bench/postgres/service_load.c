/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The load on the stored functions of bench/postgres: prepared statements in binary on many
 * connections, each with one call under way, no pipeline. The records are those of
 * `lovebank bench`: each member in turn, a minute a day, then the next day. A batch of 1 calls
 * record_service, a larger one record_services, --kind balance asks balance_of. An answer that is
 * not a good one ends the program.
 *
 * With more --callers than connections, it is a pooler too, one that costs nothing: callers wait
 * in a queue for the next free connection, and their time counts from when they began to wait.
 *
 * With --begin-at it begins when the machine's monotonic clock is there, in µs: so that loads side
 * by side begin together.
 *
 * Counted is what is answered between the end of the warm-up and the end of the time, or the last
 * of --count. Threads: each has an event loop and its share of the connections; what they share is
 * atomic or does not change while they run.
 */
#include "../lib/measure.h"
#include "../lib/postgres_binary.h"
#include "../lib/postgres_link.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECTIONS_MAX 1024
#define CALLERS_MAX     65536
#define THREADS_MAX     64
#define BATCH_MAX       8190
#define SECONDS_MAX     3600
#define DAY_FIRST       1043 /* 2002-11-09, since 2000-01-01 */
#define DAYS            3650
#define CATEGORY        1
#define MINUTES         1
#define PARAMETERS      5

struct load {
    const char *where;
    bool is_balance;
    uint64_t batch;
    uint64_t members;
    uint64_t first; /* the first member's number */
    uint64_t count; /* calls times batch; 0: no end but that in time */
    uint64_t id_base;
    int64_t counts_from_ns;
    int64_t ends_ns;
    atomic_uint_fast64_t sent;
};

/* A thread and what it counted. */
struct worker {
    struct load *load;
    struct event_base *base;
    struct link *links;
    uint64_t link_count;
    int64_t *queue; /* callers that wait for a connection: when each began; a ring, always full */
    uint64_t queue_count;
    uint64_t queue_head;
    uint64_t waiting; /* calls under way */
    uint64_t random;
    uint64_t done; /* in the time that counts */
    uint64_t all;
    int64_t last_ns;
    struct histogram latencies;
    pthread_t thread;
};

struct link {
    struct worker *worker;
    struct postgres_link postgres;
    int64_t begun_ns;         /* when its caller began */
    char *values[PARAMETERS]; /* numbers, or arrays of them, as libpq sends them */
    int lengths[PARAMETERS];
};

/* ---- what is asked ---- */

static const enum postgres_oid parameter_types[PARAMETERS] = {
    POSTGRES_OID_UUID, POSTGRES_OID_INT8, POSTGRES_OID_INT4, POSTGRES_OID_DATE, POSTGRES_OID_INT4};

static size_t parameter_bytes(int parameter)
{
    switch (parameter_types[parameter]) {
    case POSTGRES_OID_UUID:
        return POSTGRES_UUID_BYTES;
    case POSTGRES_OID_INT8:
        return sizeof(uint64_t);
    case POSTGRES_OID_INT4:
    case POSTGRES_OID_DATE:
        break;
    }
    return sizeof(uint32_t);
}

/* One parameter of record number n, behind its length where it stands in an array. */
static size_t put_parameter(struct worker *worker, int parameter, uint64_t n, bool in_array,
                            char *to)
{
    const struct load *load = worker->load;
    size_t size = in_array ? postgres_put_32(to, parameter_bytes(parameter)) : 0;
    switch (parameter) {
    case 0: /* ids that rise, as UUIDv7 do */
        size += postgres_put_64(to + size, load->id_base + n);
        return size + postgres_put_64(to + size, measure_random(&worker->random));
    case 1:
        return size + postgres_put_64(to + size, load->first + n % load->members);
    case 2:
        return size + postgres_put_32(to + size, CATEGORY);
    case 3:
        return size + postgres_put_32(to + size, DAY_FIRST + n / load->members % DAYS);
    default:
        return size + postgres_put_32(to + size, MINUTES);
    }
}

static void link_fill(struct link *link, uint64_t first)
{
    const struct load *load = link->worker->load;
    if (load->is_balance) {
        link->lengths[0] =
            (int)postgres_put_64(link->values[0], load->first + first % load->members);
        return;
    }
    bool is_batch = load->batch > 1;
    for (int i = 0; i < PARAMETERS; i++) {
        char *to = link->values[i];
        size_t size = is_batch ? postgres_put_array(to, parameter_types[i], load->batch) : 0;
        for (uint64_t n = first; n < first + load->batch; n++) {
            size += put_parameter(link->worker, i, n, is_batch, to + size);
        }
        link->lengths[i] = (int)size;
    }
}

/* The call of a caller who began then, unless the load is over. */
static void link_send(struct link *link, int64_t begun_ns, int64_t now_ns)
{
    struct load *load = link->worker->load;
    link->begun_ns = begun_ns;
    if (now_ns >= load->ends_ns) {
        return;
    }
    uint64_t first = atomic_fetch_add(&load->sent, load->batch);
    if (load->count > 0 && first >= load->count) {
        return;
    }
    link_fill(link, first);
    link->worker->waiting++;
    postgres_link_send(&link->postgres, load->is_balance ? 1 : PARAMETERS,
                       (const char *const *)link->values, link->lengths);
}

/* ---- what is answered ---- */

static void link_check(void *context, const PGresult *result)
{
    const struct link *link = context;
    const struct load *load = link->worker->load;
    if ((uint64_t)PQntuples(result) != load->batch) {
        postgres_link_fail(&link->postgres, "not as many answers as lines");
    }
    for (int row = 0; !load->is_balance && row < PQntuples(result); row++) {
        static const char done[sizeof(uint32_t)];
        if (memcmp(PQgetvalue(result, row, 0), done, sizeof(done)) != 0) {
            postgres_link_fail(&link->postgres, "a line was refused");
        }
    }
}

/* The caller of an answered call calls again at once, behind those who wait: begun when. */
static int64_t worker_next_caller(struct worker *worker, int64_t now_ns)
{
    if (worker->queue_count == 0) {
        return now_ns;
    }
    int64_t begun_ns = worker->queue[worker->queue_head];
    worker->queue[worker->queue_head] = now_ns;
    worker->queue_head = (worker->queue_head + 1) % worker->queue_count;
    return begun_ns;
}

static void link_answered(void *context)
{
    struct link *link = context;
    struct worker *worker = link->worker;
    const struct load *load = worker->load;
    int64_t now_ns = measure_now_ns();
    worker->waiting--;
    worker->all += load->batch;
    if (now_ns >= load->counts_from_ns && now_ns <= load->ends_ns) {
        worker->done += load->batch;
        worker->last_ns = now_ns;
        histogram_add(&worker->latencies, now_ns - link->begun_ns, 1);
    }
    link_send(link, worker_next_caller(worker, now_ns), now_ns);
}

/* ---- connections and threads ---- */

static const char *load_statement(const struct load *load)
{
    if (load->is_balance) {
        return "SELECT * FROM balance_of($1)";
    }
    return load->batch > 1 ? "SELECT * FROM record_services($1, $2, $3, $4, $5)"
                           : "SELECT * FROM record_service($1, $2, $3, $4, $5)";
}

static void link_open(struct link *link, struct worker *worker)
{
    *link = (struct link){
        .worker = worker,
        .postgres = {.on_result = link_check, .on_answered = link_answered, .context = link}};
    for (int i = 0; i < PARAMETERS; i++) {
        size_t bytes = sizeof(uint32_t) + parameter_bytes(i);
        link->values[i] =
            measure_memory(1, POSTGRES_ARRAY_HEADER_BYTES + worker->load->batch * bytes);
    }
    postgres_link_open(&link->postgres, worker->base, worker->load->where,
                       load_statement(worker->load));
}

static void link_close(struct link *link)
{
    postgres_link_close(&link->postgres);
    for (int i = 0; i < PARAMETERS; i++) {
        free(link->values[i]);
    }
}

static void *worker_run(void *context)
{
    struct worker *worker = context;
    int64_t now_ns = measure_now_ns();
    for (uint64_t i = 0; i < worker->queue_count; i++) {
        worker->queue[i] = now_ns;
    }
    for (uint64_t i = 0; i < worker->link_count; i++) {
        link_send(&worker->links[i], now_ns, now_ns);
    }
    while (worker->waiting > 0 && event_base_loop(worker->base, EVLOOP_ONCE) == 0) {
    }
    return NULL;
}

static void worker_open(struct worker *worker, struct load *load, uint64_t connections,
                        uint64_t callers)
{
    worker->load = load;
    worker->link_count = connections;
    worker->queue_count = callers > connections ? callers - connections : 0;
    worker->queue = measure_memory(worker->queue_count + 1, sizeof(*worker->queue));
    worker->base = event_base_new();
    worker->links = measure_memory(connections, sizeof(*worker->links));
    if (worker->base == NULL) {
        measure_fail("memory");
    }
    for (uint64_t i = 0; i < connections; i++) {
        link_open(&worker->links[i], worker);
    }
}

static void worker_close(struct worker *worker)
{
    for (uint64_t i = 0; i < worker->link_count; i++) {
        link_close(&worker->links[i]);
    }
    event_base_free(worker->base);
    free(worker->queue);
    free(worker->links);
}

static void tell(const struct load *load, const struct worker *workers, uint64_t threads)
{
    struct histogram all = {0};
    uint64_t done = 0;
    uint64_t of_all = 0;
    int64_t last_ns = load->counts_from_ns;
    for (uint64_t i = 0; i < threads; i++) {
        const struct histogram *one = &workers[i].latencies;
        done += workers[i].done;
        of_all += workers[i].all;
        last_ns = workers[i].last_ns > last_ns ? workers[i].last_ns : last_ns;
        all.count += one->count;
        all.max_ns = one->max_ns > all.max_ns ? one->max_ns : all.max_ns;
        for (size_t class = 0; class < MEASURE_CLASSES; class ++) {
            all.classes[class] += one->classes[class];
        }
    }
    bool was_count = load->count > 0 && load->sent >= load->count;
    measure_print_window(done, of_all, load->counts_from_ns, was_count ? last_ns : load->ends_ns,
                         &all);
}

/* What the command line says of the load's extent. */
struct extent {
    uint64_t connections;
    uint64_t callers; /* 0: as many */
    uint64_t threads;
    uint64_t seconds;
    uint64_t warm_up;
    uint64_t begin_at_us; /* 0: at once */
};

/* Part number i of so many. */
static uint64_t part_of(uint64_t all, uint64_t i, uint64_t parts)
{
    return all / parts + (i < all % parts);
}

static void wait_until(uint64_t us)
{
    const struct timespec until = {.tv_sec = (time_t)(us / 1000000),
                                   .tv_nsec = (long)(us % 1000000 * 1000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
    }
}

static void run(struct load *load, const struct extent *extent)
{
    uint64_t threads = extent->threads;
    struct worker *workers = measure_memory(threads, sizeof(*workers));
    for (uint64_t i = 0; i < threads; i++) {
        workers[i].random = 500 + load->first + i; /* loads side by side take other members */
        worker_open(&workers[i], load, part_of(extent->connections, i, threads),
                    part_of(extent->callers, i, threads));
    }
    wait_until(extent->begin_at_us);
    int64_t started_ns = measure_now_ns();
    load->id_base = (uint64_t)started_ns; /* no other run's ids */
    load->counts_from_ns = started_ns + (int64_t)extent->warm_up * 1000000000;
    load->ends_ns = load->counts_from_ns + (int64_t)extent->seconds * 1000000000;
    for (uint64_t i = 0; i < threads; i++) {
        if (pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]) != 0) {
            measure_fail("starting a thread");
        }
    }
    for (uint64_t i = 0; i < threads; i++) {
        (void)pthread_join(workers[i].thread, NULL);
    }
    tell(load, workers, threads);
    for (uint64_t i = 0; i < threads; i++) {
        worker_close(&workers[i]);
    }
    free(workers);
}

_Noreturn static void usage(void)
{
    (void)fputs("usage: service_load --connect 'host=… dbname=…' [--kind record|balance]\n"
                "                    [--connections N] [--callers N] [--threads N] [--batch N]\n"
                "                    [--members N] [--first MEMBER] [--seconds N]\n"
                "                    [--warm-up SECONDS] [--count N] [--begin-at US]\n",
                stderr);
    exit(2);
}

/* false: there is no such option. */
static bool take_option(int option, const char *value, struct load *load, struct extent *extent)
{
    if (option == 'b') {
        load->batch = measure_number("batch", value, BATCH_MAX);
    } else if (option == 'c') {
        extent->connections = measure_number("connections", value, CONNECTIONS_MAX);
    } else if (option == 'a') {
        extent->callers = measure_number("callers", value, CALLERS_MAX);
    } else if (option == 'n') {
        load->count = measure_number("count", value, 1000000000);
    } else if (option == 'k' && strcmp(value, "balance") == 0) {
        load->is_balance = true;
    } else if (option == 'k' && strcmp(value, "record") == 0) {
        load->is_balance = false;
    } else if (option == 'm') {
        load->members = measure_number("members", value, 100000000);
    } else if (option == 'f') {
        load->first = strcmp(value, "0") == 0 ? 0 : measure_number("first", value, 100000000);
    } else if (option == 'g') {
        extent->begin_at_us = measure_number("begin-at", value, INT64_MAX);
    } else if (option == 's') {
        extent->seconds = measure_number("seconds", value, SECONDS_MAX);
    } else if (option == 't') {
        extent->threads = measure_number("threads", value, THREADS_MAX);
    } else if (option == 'u') {
        extent->warm_up = measure_number("warm-up", value, SECONDS_MAX);
    } else if (option == 'w') {
        load->where = value;
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"batch", required_argument, NULL, 'b'},
                                            {"connections", required_argument, NULL, 'c'},
                                            {"callers", required_argument, NULL, 'a'},
                                            {"connect", required_argument, NULL, 'w'},
                                            {"count", required_argument, NULL, 'n'},
                                            {"first", required_argument, NULL, 'f'},
                                            {"begin-at", required_argument, NULL, 'g'},
                                            {"kind", required_argument, NULL, 'k'},
                                            {"members", required_argument, NULL, 'm'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"warm-up", required_argument, NULL, 'u'},
                                            {NULL, 0, NULL, 0}};
    struct load load = {.batch = 1, .members = 1000};
    struct extent extent = {.connections = 1, .threads = 1, .seconds = 3};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (!take_option(option, optarg, &load, &extent)) {
            usage();
        }
    }
    if (load.where == NULL || optind != argc || extent.threads > extent.connections ||
        (extent.callers > 0 && extent.callers < extent.connections) ||
        (load.is_balance && load.batch > 1)) {
        usage();
    }
    run(&load, &extent);
    return 0;
}
