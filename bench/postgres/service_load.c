/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The load on the stored functions of bench/postgres: prepared statements in binary on many
 * connections, each with one call under way, no pipeline. The records are those of
 * `lovebank bench`: each member in turn, a minute a day, then the next day. A batch of 1 calls
 * record_service, a larger one record_services, --kind balance asks balance_of. An answer that is
 * not a good one ends the program.
 *
 * Counted is what is answered between the end of the warm-up and the end of the time, or the last
 * of --count. Threads: each has an event loop and its share of the connections; what they share is
 * atomic or does not change while they run.
 */
#include "../lib/measure.h"
#include "../lib/postgres_binary.h"

#include <event2/event.h>
#include <getopt.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 1024
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
    uint64_t waiting;
    uint64_t random;
    uint64_t done;
    int64_t last_ns;
    struct histogram latencies;
    pthread_t thread;
};

struct link {
    struct worker *worker;
    PGconn *connection;
    struct event *readable;
    struct event *writable; /* added while libpq has bytes to send */
    int64_t sent_ns;
    char *values[PARAMETERS]; /* numbers, or arrays of them, as libpq sends them */
    int lengths[PARAMETERS];
};

_Noreturn static void link_fail(const struct link *link, const char *what)
{
    fprintf(stderr, "service_load: %s: %s\n", what, PQerrorMessage(link->connection));
    exit(4);
}

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
        return size + postgres_put_64(to + size, n % load->members);
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
        link->lengths[0] = (int)postgres_put_64(link->values[0], first % load->members);
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

static void link_flush(struct link *link)
{
    int left = PQflush(link->connection);
    if (left < 0) {
        link_fail(link, "sending");
    }
    if (left > 0 && event_add(link->writable, NULL) != 0) {
        measure_fail("watching a socket");
    }
}

/* The next call of the connection, unless the load is over. */
static void link_send(struct link *link)
{
    struct load *load = link->worker->load;
    static const int formats[PARAMETERS] = {1, 1, 1, 1, 1};
    link->sent_ns = measure_now_ns();
    if (link->sent_ns >= load->ends_ns) {
        return;
    }
    uint64_t first = atomic_fetch_add(&load->sent, load->batch);
    if (load->count > 0 && first >= load->count) {
        return;
    }
    link_fill(link, first);
    if (PQsendQueryPrepared(link->connection, "call", load->is_balance ? 1 : PARAMETERS,
                            (const char *const *)link->values, link->lengths, formats, 1) != 1) {
        link_fail(link, "sending");
    }
    link->worker->waiting++;
    link_flush(link);
}

/* ---- what is answered ---- */

static void link_check(const struct link *link, const PGresult *result)
{
    const struct load *load = link->worker->load;
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        link_fail(link, "the call failed");
    }
    if ((uint64_t)PQntuples(result) != load->batch) {
        link_fail(link, "not as many answers as lines");
    }
    for (int row = 0; !load->is_balance && row < PQntuples(result); row++) {
        static const char done[sizeof(uint32_t)];
        if (memcmp(PQgetvalue(result, row, 0), done, sizeof(done)) != 0) {
            link_fail(link, "a line was refused");
        }
    }
}

static void link_answered(struct link *link)
{
    struct worker *worker = link->worker;
    const struct load *load = worker->load;
    int64_t now_ns = measure_now_ns();
    worker->waiting--;
    if (now_ns >= load->counts_from_ns && now_ns <= load->ends_ns) {
        worker->done += load->batch;
        worker->last_ns = now_ns;
        histogram_add(&worker->latencies, now_ns - link->sent_ns, 1);
    }
    link_send(link);
}

static void link_on_readable(evutil_socket_t fd, short what, void *context)
{
    struct link *link = context;
    (void)fd;
    (void)what;
    if (PQconsumeInput(link->connection) != 1) {
        link_fail(link, "reading");
    }
    while (PQisBusy(link->connection) == 0) {
        PGresult *result = PQgetResult(link->connection);
        if (result == NULL) {
            link_answered(link);
            return;
        }
        link_check(link, result);
        PQclear(result);
    }
}

static void link_on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    link_flush(context);
}

/* ---- connections and threads ---- */

static void link_prepare(struct link *link)
{
    const struct load *load = link->worker->load;
    const char *statement = "SELECT * FROM record_service($1, $2, $3, $4, $5)";
    if (load->is_balance) {
        statement = "SELECT * FROM balance_of($1)";
    } else if (load->batch > 1) {
        statement = "SELECT * FROM record_services($1, $2, $3, $4, $5)";
    }
    PGresult *result = PQprepare(link->connection, "call", statement, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK || PQsetnonblocking(link->connection, 1) != 0) {
        link_fail(link, "preparing");
    }
    PQclear(result);
}

static void link_open(struct link *link, struct worker *worker)
{
    *link = (struct link){.worker = worker, .connection = PQconnectdb(worker->load->where)};
    if (PQstatus(link->connection) != CONNECTION_OK) {
        link_fail(link, "connecting");
    }
    for (int i = 0; i < PARAMETERS; i++) {
        size_t bytes = sizeof(uint32_t) + parameter_bytes(i);
        link->values[i] =
            measure_memory(1, POSTGRES_ARRAY_HEADER_BYTES + worker->load->batch * bytes);
    }
    link_prepare(link);
    int fd = PQsocket(link->connection);
    link->readable = event_new(worker->base, fd, EV_READ | EV_PERSIST, link_on_readable, link);
    link->writable = event_new(worker->base, fd, EV_WRITE, link_on_writable, link);
    if (link->readable == NULL || link->writable == NULL || event_add(link->readable, NULL) != 0) {
        measure_fail("watching a socket");
    }
}

static void link_close(struct link *link)
{
    event_free(link->readable);
    event_free(link->writable);
    PQfinish(link->connection);
    for (int i = 0; i < PARAMETERS; i++) {
        free(link->values[i]);
    }
}

static void *worker_run(void *context)
{
    struct worker *worker = context;
    for (uint64_t i = 0; i < worker->link_count; i++) {
        link_send(&worker->links[i]);
    }
    while (worker->waiting > 0 && event_base_loop(worker->base, EVLOOP_ONCE) == 0) {
    }
    return NULL;
}

/* Thread number i of so many gets every so manyth connection. */
static void worker_open(struct worker *worker, struct load *load, uint64_t connections)
{
    worker->load = load;
    worker->link_count = connections;
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
    free(worker->links);
}

static void tell(const struct load *load, const struct worker *workers, uint64_t threads)
{
    struct histogram all = {0};
    uint64_t done = 0;
    int64_t last_ns = load->counts_from_ns;
    for (uint64_t i = 0; i < threads; i++) {
        const struct histogram *one = &workers[i].latencies;
        done += workers[i].done;
        last_ns = workers[i].last_ns > last_ns ? workers[i].last_ns : last_ns;
        all.count += one->count;
        all.max_ns = one->max_ns > all.max_ns ? one->max_ns : all.max_ns;
        for (size_t class = 0; class < MEASURE_CLASSES; class ++) {
            all.classes[class] += one->classes[class];
        }
    }
    bool was_count = load->count > 0 && load->sent >= load->count;
    measure_print(done, (was_count ? last_ns : load->ends_ns) - load->counts_from_ns, &all);
}

static void run(struct load *load, uint64_t connections, uint64_t threads, uint64_t seconds,
                uint64_t warm_up)
{
    struct worker *workers = measure_memory(threads, sizeof(*workers));
    for (uint64_t i = 0; i < threads; i++) {
        workers[i].random = 500 + i;
        worker_open(&workers[i], load, connections / threads + (i < connections % threads));
    }
    int64_t started_ns = measure_now_ns();
    load->id_base = (uint64_t)started_ns; /* no other run's ids */
    load->counts_from_ns = started_ns + (int64_t)warm_up * 1000000000;
    load->ends_ns = load->counts_from_ns + (int64_t)seconds * 1000000000;
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
                "                    [--connections N] [--threads N] [--batch N] [--members N]\n"
                "                    [--seconds N] [--warm-up SECONDS] [--count N]\n",
                stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"batch", required_argument, NULL, 'b'},   {"connections", required_argument, NULL, 'c'},
        {"count", required_argument, NULL, 'n'},   {"kind", required_argument, NULL, 'k'},
        {"connect", required_argument, NULL, 'w'}, {"members", required_argument, NULL, 'm'},
        {"seconds", required_argument, NULL, 's'}, {"threads", required_argument, NULL, 't'},
        {"warm-up", required_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
    struct load load = {.batch = 1, .members = 1000};
    uint64_t connections = 1;
    uint64_t threads = 1;
    uint64_t seconds = 3;
    uint64_t warm_up = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'b') {
            load.batch = measure_number("batch", optarg, BATCH_MAX);
        } else if (option == 'c') {
            connections = measure_number("connections", optarg, CONNECTIONS_MAX);
        } else if (option == 'n') {
            load.count = measure_number("count", optarg, 1000000000);
        } else if (option == 'k') {
            load.is_balance = strcmp(optarg, "balance") == 0;
            if (!load.is_balance && strcmp(optarg, "record") != 0) {
                usage();
            }
        } else if (option == 'm') {
            load.members = measure_number("members", optarg, 100000000);
        } else if (option == 's') {
            seconds = measure_number("seconds", optarg, SECONDS_MAX);
        } else if (option == 't') {
            threads = measure_number("threads", optarg, THREADS_MAX);
        } else if (option == 'u') {
            warm_up = measure_number("warm-up", optarg, SECONDS_MAX);
        } else if (option == 'w') {
            load.where = optarg;
        } else {
            usage();
        }
    }
    if (load.where == NULL || optind != argc || threads > connections ||
        (load.is_balance && load.batch > 1)) {
        usage();
    }
    run(&load, connections, threads, seconds, warm_up);
    return 0;
}
