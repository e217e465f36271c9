/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The yardstick's command line: options, sockets, the server in a process of its own. */
#include "limit.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096
#define GROUP_BYTES_MAX (256U << 20)
#define SOCKET_BYTES    (1 << 20)

enum limit_mode {
    LIMIT_RUN,
    LIMIT_SYNCS,
    LIMIT_TRACE_SYNCS,
};

static void usage(void)
{
    (void)fputs(
        "usage: limit [--kind record|balance] [--connections N] [--in-flight N] [--batch N]\n"
        "             [--seconds N] [--members N] [--entry-bytes N]\n"
        "             [--sync fdatasync|dsync|direct] [--directory DIR]\n"
        "       limit --syncs [--directory DIR]     how long a durable write takes\n"
        "       limit --trace-syncs [--seconds N] [--batch N] [--sync …] [--directory DIR]\n"
        "                                           the same over time, as CSV\n",
        stderr);
    exit(2);
}

static unsigned choice(const char *text, const char *const *names, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0) {
            return i;
        }
    }
    usage();
    return 0;
}

static void read_options(int argc, char **argv, struct limit_config *config, enum limit_mode *mode)
{
    static const char *const kinds[] = {"record", "balance"};
    static const char *const syncs[] = {"fdatasync", "dsync", "direct"};
    static const struct option options[] = {{"kind", required_argument, NULL, 'k'},
                                            {"connections", required_argument, NULL, 'c'},
                                            {"in-flight", required_argument, NULL, 'f'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"members", required_argument, NULL, 'm'},
                                            {"entry-bytes", required_argument, NULL, 'e'},
                                            {"sync", required_argument, NULL, 'y'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"syncs", no_argument, NULL, 'p'},
                                            {"trace-syncs", no_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    int option;
    int index = 0;
    while ((option = getopt_long(argc, argv, "", options, &index)) != -1) {
        const char *name = options[index].name;
        switch (option) {
        case 'k':
            config->kind = choice(optarg, kinds, 2);
            break;
        case 'c':
            config->connections = measure_number(name, optarg, CONNECTIONS_MAX);
            break;
        case 'f':
            config->in_flight = measure_number(name, optarg, 1024);
            break;
        case 'b':
            config->batch = measure_number(name, optarg, 65536);
            break;
        case 's':
            config->seconds = measure_number(name, optarg, 3600);
            break;
        case 'm':
            config->members = measure_number(name, optarg, 100000000);
            break;
        case 'e':
            config->entry_bytes = measure_number(name, optarg, 4096);
            break;
        case 'y':
            config->sync = choice(optarg, syncs, 3);
            break;
        case 'd':
            config->directory = optarg;
            break;
        case 'p':
            *mode = LIMIT_SYNCS;
            break;
        case 't':
            *mode = LIMIT_TRACE_SYNCS;
            break;
        default:
            usage();
        }
    }
    uint64_t least = RECORD_REQUEST_BYTES + 2 * sizeof(uint64_t);
    if (optind != argc || config->entry_bytes < least ||
        config->connections * config->in_flight * config->batch * config->entry_bytes >
            GROUP_BYTES_MAX) {
        fprintf(stderr,
                "limit: all that is in flight must fit into %u bytes of journal, an entry "
                "has at least %d bytes\n",
                GROUP_BYTES_MAX, (int)least);
        exit(2);
    }
}

/* A pair for each connection: [i] the client's end, [connections + i] the server's. */
static int *open_sockets(uint64_t connections)
{
    struct rlimit files = {2 * connections + 64, 2 * connections + 64};
    int *sockets = measure_memory(2 * connections, sizeof(*sockets));
    if (connections > 400 && setrlimit(RLIMIT_NOFILE, &files) != 0) {
        measure_fail("room for the connections");
    }
    for (uint64_t i = 0; i < connections; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
            measure_fail("a pair of sockets");
        }
        for (int k = 0; k < 2; k++) {
            int bytes = SOCKET_BYTES;
            (void)setsockopt(pair[k], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
            sockets[(uint64_t)k * connections + i] = pair[k];
        }
    }
    return sockets;
}

static void close_sockets(const int *sockets, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        (void)close(sockets[i]);
    }
}

static int run(const struct limit_config *config)
{
    int *sockets = open_sockets(config->connections);
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) != 0) {
        measure_fail("a pipe");
    }
    pid_t server = fork();
    if (server < 0) {
        measure_fail("starting the server");
    }
    if (server == 0) {
        close_sockets(sockets, config->connections);
        (void)close(ready[0]);
        limit_serve(config, sockets + config->connections, ready[1]);
        free(sockets);
        return 0;
    }
    close_sockets(sockets + config->connections, config->connections);
    (void)close(ready[1]);
    char nothing;
    if (read(ready[0], &nothing, 1) != 0) { /* its end is closed when the server is ready */
        measure_fail("waiting for the server");
    }
    (void)close(ready[0]);
    uint64_t done = 0;
    int64_t took_ns = 0;
    struct histogram latencies = {0};
    limit_load(config, sockets, &done, &took_ns, &latencies);
    close_sockets(sockets, config->connections);
    free(sockets);
    int status = 0;
    if (waitpid(server, &status, 0) != server || status != 0) {
        (void)fputs("limit: the server failed\n", stderr);
        return 4;
    }
    measure_print(done, took_ns, &latencies);
    return 0;
}

int main(int argc, char **argv)
{
    const char *temporary = getenv("TMPDIR");
    struct limit_config config = {.kind = LIMIT_RECORD,
                                  .sync = JOURNAL_FDATASYNC,
                                  .directory = temporary != NULL ? temporary : "/tmp",
                                  .connections = 1,
                                  .in_flight = 1,
                                  .batch = 1,
                                  .seconds = 3,
                                  .members = 100000,
                                  .entry_bytes = JOURNAL_ENTRY_BYTES};
    enum limit_mode mode = LIMIT_RUN;
    read_options(argc, argv, &config, &mode);
    switch (mode) {
    case LIMIT_RUN:
        return run(&config);
    case LIMIT_SYNCS:
        limit_print_syncs(config.directory);
        break;
    case LIMIT_TRACE_SYNCS:
        limit_trace_syncs(&config);
        break;
    }
    return 0;
}
