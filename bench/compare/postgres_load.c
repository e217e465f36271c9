/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The load on the peer in PostgreSQL: prepared statements in binary on many connections, each with
 * one request under way. A batch of 1 calls record_service, a larger one record_services
 * (postgres.sql). One thread, libpq without blocking on libevent.
 */
#include "../lib/measure.h"
#include "../lib/postgres_binary.h"
#include "../lib/postgres_link.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 1024
#define BATCH_MAX       8192
#define POSTGRES_DAY    3000 /* since 2000-01-01 */

struct load {
    struct event_base *base;
    struct histogram latencies;
    uint64_t batch;
    uint64_t members;
    uint64_t done;
    uint64_t sent;
    uint64_t waiting;
    uint64_t random;
    int64_t ends_ns;
};

struct link {
    struct load *load;
    struct postgres_link postgres;
    int64_t sent_ns;
    char *requests; /* a uuid, or an array of them, as libpq sends it */
    char *members;
    size_t requests_bytes;
    size_t members_bytes;
};

/* The next requests: ids that rise, as UUIDv7 do, members by chance. */
static void link_fill(struct link *link)
{
    struct load *load = link->load;
    char *request = link->requests;
    char *member = link->members;
    if (load->batch > 1) {
        request += postgres_put_array(request, POSTGRES_OID_UUID, load->batch);
        member += postgres_put_array(member, POSTGRES_OID_INT8, load->batch);
    }
    for (uint64_t i = 0; i < load->batch; i++) {
        if (load->batch > 1) {
            request += postgres_put_32(request, POSTGRES_UUID_BYTES);
            member += postgres_put_32(member, sizeof(uint64_t));
        }
        request += postgres_put_64(request, ++load->sent);
        request += postgres_put_64(request, measure_random(&load->random));
        member += postgres_put_64(member, measure_random(&load->random) % load->members);
    }
    link->requests_bytes = (size_t)(request - link->requests);
    link->members_bytes = (size_t)(member - link->members);
}

static void link_send(struct link *link)
{
    struct load *load = link->load;
    link->sent_ns = measure_now_ns();
    if (link->sent_ns >= load->ends_ns) {
        return;
    }
    link_fill(link);
    char category[4];
    char day[4];
    char minutes[4];
    (void)postgres_put_32(category, 1);
    (void)postgres_put_32(day, POSTGRES_DAY);
    (void)postgres_put_32(minutes, 60);
    const char *values[] = {link->requests, link->members, category, day, minutes};
    const int lengths[] = {(int)link->requests_bytes, (int)link->members_bytes, 4, 4, 4};
    load->waiting++;
    postgres_link_send(&link->postgres, 5, values, lengths);
}

static void link_on_result(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static void link_on_answered(void *context)
{
    struct link *link = context;
    struct load *load = link->load;
    histogram_add(&load->latencies, measure_now_ns() - link->sent_ns, 1);
    load->done += load->batch;
    load->waiting--;
    link_send(link);
}

static void link_open(struct link *link, struct load *load, const char *where)
{
    const char *statement = load->batch > 1 ? "SELECT record_services($1, $2, $3, $4, $5)"
                                            : "SELECT * FROM record_service($1, $2, $3, $4, $5)";
    size_t bytes = POSTGRES_ARRAY_HEADER_BYTES + load->batch * (4 + POSTGRES_UUID_BYTES);
    *link = (struct link){.load = load,
                          .postgres = {.on_result = link_on_result,
                                       .on_answered = link_on_answered,
                                       .context = link}};
    link->requests = measure_memory(1, bytes);
    link->members = measure_memory(1, bytes);
    postgres_link_open(&link->postgres, load->base, where, statement);
}

static void link_close(struct link *link)
{
    postgres_link_close(&link->postgres);
    free(link->requests);
    free(link->members);
}

static void run(struct load *load, const char *where, uint64_t connections, uint64_t seconds)
{
    struct link *links = measure_memory(connections, sizeof(*links));
    load->base = event_base_new();
    if (load->base == NULL) {
        measure_fail("memory");
    }
    for (uint64_t i = 0; i < connections; i++) {
        link_open(&links[i], load, where);
    }
    /* Ids of this run begin where no other run's are. */
    load->sent = (uint64_t)measure_now_ns();
    int64_t started_ns = measure_now_ns();
    load->ends_ns = started_ns + (int64_t)seconds * 1000000000;
    for (uint64_t i = 0; i < connections; i++) {
        link_send(&links[i]);
    }
    while (load->waiting > 0 && event_base_loop(load->base, EVLOOP_ONCE) == 0) {
    }
    measure_print(load->done, measure_now_ns() - started_ns, &load->latencies);
    for (uint64_t i = 0; i < connections; i++) {
        link_close(&links[i]);
    }
    event_base_free(load->base);
    free(links);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"batch", required_argument, NULL, 'b'},   {"connections", required_argument, NULL, 'c'},
        {"connect", required_argument, NULL, 'w'}, {"members", required_argument, NULL, 'm'},
        {"seconds", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
    struct load load = {.batch = 1, .members = 100000, .random = 500};
    const char *where = NULL;
    uint64_t connections = 1;
    uint64_t seconds = 3;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'b') {
            load.batch = measure_number("batch", optarg, BATCH_MAX);
        } else if (option == 'c') {
            connections = measure_number("connections", optarg, CONNECTIONS_MAX);
        } else if (option == 'w') {
            where = optarg;
        } else if (option == 'm') {
            load.members = measure_number("members", optarg, 100000000);
        } else if (option == 's') {
            seconds = measure_number("seconds", optarg, 3600);
        } else {
            where = NULL;
            break;
        }
    }
    if (where == NULL || optind != argc) {
        (void)fputs(
            "usage: postgres_load --connect 'host=… dbname=…' [--connections N] [--batch N]\n"
            "                     [--members N] [--seconds N]\n",
            stderr);
        return 2;
    }
    run(&load, where, connections, seconds);
    return 0;
}
