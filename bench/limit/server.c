/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The yardstick's server. One thread reads and decides; what it read in a turn joins the group that
 * is being filled. A second thread takes that group whenever a turn is over and the one before is
 * durable: one journal record, one sync, then the replies, one write a connection. Balances are
 * answered by the first thread in the turn that asked. No bank rules, no error replies: a request
 * that is not what limit/client.c sends ends the program.
 *
 * The lock covers `filling` and the group it names; the first thread holds it for a whole turn.
 */
#include "limit.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES_MIN 65536

struct request {
    uint32_t connection;
    uint32_t id;
};

struct group {
    uint8_t *record;
    size_t record_bytes;
    struct request *requests;
    size_t request_count;
};

struct connection {
    struct server *server;
    struct event *event;
    int fd;
    uint32_t index;
    uint8_t *in;
    size_t in_used;
    uint8_t *out;
    size_t out_used;
};

struct server {
    const struct limit_config *config;
    struct event_base *base;
    struct connection *connections;
    uint64_t open_count;
    size_t in_cap;
    int64_t *balances; /* of the members; the first thread's */
    uint64_t entries;  /* decided; the first thread's */
    bool in_turn;      /* the first thread holds the lock */

    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct group groups[2];
    struct group *filling;
    bool is_idle; /* the second thread waits */
    bool is_over;

    struct journal journal;       /* from here on the second thread's */
    struct connection **answered; /* connections with replies to write */
    uint64_t answered_entries;
};

/* Writes all that is in `out`. The client reads whatever else it does, so waiting cannot hang. */
static void connection_write(struct connection *connection)
{
    size_t written = 0;
    while (written < connection->out_used) {
        ssize_t n =
            write(connection->fd, connection->out + written, connection->out_used - written);
        if (n > 0) {
            written += (size_t)n;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {.fd = connection->fd, .events = POLLOUT};
            (void)poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            measure_fail("writing a reply");
        }
    }
    connection->out_used = 0;
}

/* A response's header at the end of `out`; returns where its payload goes. */
static uint8_t *connection_reply(struct connection *connection, uint32_t id, size_t payload_bytes)
{
    uint8_t *reply = connection->out + connection->out_used;
    memset(reply, 0, FRAME_HEADER_BYTES);
    put_be32(reply, (uint32_t)payload_bytes);
    put_be32(reply + 4, id);
    reply[10] = 2;
    connection->out_used += FRAME_HEADER_BYTES + payload_bytes;
    return reply + FRAME_HEADER_BYTES;
}

static void server_reply_group(struct server *server, const struct group *group)
{
    size_t answered = 0;
    for (size_t i = 0; i < group->request_count; i++) {
        struct connection *connection = &server->connections[group->requests[i].connection];
        if (connection->out_used == 0) {
            server->answered[answered++] = connection;
        }
        size_t records = server->config->batch;
        uint8_t *result =
            connection_reply(connection, group->requests[i].id, records * RECORD_REPLY_BYTES);
        for (size_t k = 0; k < records; k++, result += RECORD_REPLY_BYTES) {
            memset(result, 0, RECORD_REPLY_BYTES);
            server->answered_entries++;
            memcpy(result, &server->answered_entries, sizeof(server->answered_entries));
        }
    }
    for (size_t i = 0; i < answered; i++) {
        connection_write(server->answered[i]);
    }
}

static void group_clear(struct group *group)
{
    group->record_bytes = JOURNAL_HEADER_BYTES;
    group->request_count = 0;
}

/* Waits for a group with requests, takes it and leaves the other one, empty, to be filled. NULL:
 * the server is over. */
static struct group *server_take_group(struct server *server)
{
    struct group *group = NULL;
    pthread_mutex_lock(&server->lock);
    while (server->filling->request_count == 0 && !server->is_over) {
        server->is_idle = true;
        pthread_cond_wait(&server->has_work, &server->lock);
    }
    server->is_idle = false;
    if (server->filling->request_count > 0) {
        group = server->filling;
        server->filling = &server->groups[group == &server->groups[0]];
        group_clear(server->filling);
    }
    pthread_mutex_unlock(&server->lock);
    return group;
}

static void server_make_durable(struct server *server, struct group *group)
{
    journal_write(&server->journal, group->record, group->record_bytes);
    server_reply_group(server, group);
}

static void *server_run_second(void *context)
{
    struct server *server = context;
    for (struct group *group; (group = server_take_group(server)) != NULL;) {
        server_make_durable(server, group);
    }
    return NULL;
}

/* The member a request names: any four bytes are one. */
static int64_t *server_balance(struct server *server, const uint8_t *bytes)
{
    return &server->balances[get_be32(bytes) % server->config->members];
}

static void connection_record(struct connection *connection, uint32_t id, const uint8_t *records)
{
    struct server *server = connection->server;
    struct group *group = server->filling;
    size_t entry_bytes = server->config->entry_bytes;
    uint8_t *entry = group->record + group->record_bytes;
    for (uint64_t i = 0; i < server->config->batch; i++) {
        int64_t *balance = server_balance(server, records + LIMIT_MEMBER_OFFSET);
        *balance += 1;
        server->entries++;
        memset(entry, 0x5a, entry_bytes);
        memcpy(entry, records, RECORD_REQUEST_BYTES);
        memcpy(entry + RECORD_REQUEST_BYTES, &server->entries, sizeof(server->entries));
        memcpy(entry + RECORD_REQUEST_BYTES + sizeof(server->entries), balance, sizeof(*balance));
        records += RECORD_REQUEST_BYTES;
        entry += entry_bytes;
    }
    group->record_bytes += server->config->batch * entry_bytes;
    group->requests[group->request_count++] = (struct request){connection->index, id};
}

static void connection_balance(struct connection *connection, uint32_t id, const uint8_t *member)
{
    uint8_t *answer = connection_reply(connection, id, BALANCE_REPLY_BYTES);
    memset(answer, 0, BALANCE_REPLY_BYTES);
    memcpy(answer, server_balance(connection->server, member), sizeof(int64_t));
}

/* Takes whole requests off the front of `in` and keeps the rest. */
static void connection_split(struct connection *connection)
{
    const struct limit_config *config = connection->server->config;
    size_t frame_bytes = limit_request_bytes(config);
    const uint8_t *frame = connection->in;
    size_t left = connection->in_used;
    for (; left >= frame_bytes; frame += frame_bytes, left -= frame_bytes) {
        if (get_be32(frame) != frame_bytes - FRAME_HEADER_BYTES) {
            errno = EPROTO;
            measure_fail("reading a request");
        }
        if (config->kind == LIMIT_RECORD) {
            connection_record(connection, get_be32(frame + 4), frame + FRAME_HEADER_BYTES);
        } else {
            connection_balance(connection, get_be32(frame + 4), frame + FRAME_HEADER_BYTES);
        }
    }
    memmove(connection->in, frame, left);
    connection->in_used = left;
}

static void connection_on_readable(evutil_socket_t fd, short what, void *context)
{
    struct connection *connection = context;
    struct server *server = connection->server;
    (void)what;
    ssize_t n =
        read(fd, connection->in + connection->in_used, server->in_cap - connection->in_used);
    if (n <= 0) {
        if (n == 0 || errno == ECONNRESET) {
            event_del(connection->event);
            server->open_count--;
        }
        return;
    }
    connection->in_used += (size_t)n;
    if (server->config->kind == LIMIT_RECORD && !server->in_turn) {
        server->in_turn = true;
        pthread_mutex_lock(&server->lock);
    }
    connection_split(connection);
    if (server->config->kind == LIMIT_BALANCE) { /* otherwise `out` may be the second thread's */
        connection_write(connection);
    }
}

/* Hands the group over. A lone request that finds the second thread waiting is made durable here
 * and now: waking a thread on an idle core costs more than there is to overlap. */
static void server_end_turn(struct server *server)
{
    if (!server->in_turn) {
        return;
    }
    struct group *group = server->filling;
    bool wakes = server->is_idle && group->request_count > 0;
    if (wakes && group->request_count == 1) {
        server_make_durable(server, group);
        group_clear(group);
        wakes = false;
    }
    server->in_turn = false;
    pthread_mutex_unlock(&server->lock);
    if (wakes) {
        pthread_cond_signal(&server->has_work);
    }
}

static void server_open_group(const struct limit_config *config, struct group *group)
{
    uint64_t requests = config->connections * config->in_flight;
    uint64_t bytes = JOURNAL_HEADER_BYTES + requests * config->batch * config->entry_bytes;
    group->record = journal_buffer(journal_padded_bytes(bytes));
    group->record_bytes = JOURNAL_HEADER_BYTES;
    group->requests = measure_memory(requests, sizeof(*group->requests));
}

static void server_open(struct server *server, const int *sockets)
{
    const struct limit_config *config = server->config;
    server->base = event_base_new();
    server->connections = measure_memory(config->connections, sizeof(*server->connections));
    server->answered = measure_memory(config->connections, sizeof(struct connection *));
    server->balances = measure_memory(config->members, sizeof(*server->balances));
    server->in_cap = limit_request_bytes(config) * config->in_flight + READ_BYTES_MIN;
    server->open_count = config->connections;
    for (uint32_t i = 0; i < config->connections; i++) {
        struct connection *connection = &server->connections[i];
        *connection = (struct connection){.server = server, .fd = sockets[i], .index = i};
        connection->in = measure_memory(1, server->in_cap);
        connection->out = measure_memory(1, limit_reply_bytes(config) * config->in_flight);
        connection->event = event_new(server->base, sockets[i], EV_READ | EV_PERSIST,
                                      connection_on_readable, connection);
        if (connection->event == NULL || event_add(connection->event, NULL) != 0) {
            measure_fail("watching a socket");
        }
    }
}

static void server_close(struct server *server)
{
    for (uint64_t i = 0; i < server->config->connections; i++) {
        event_free(server->connections[i].event);
        free(server->connections[i].in);
        free(server->connections[i].out);
    }
    event_base_free(server->base);
    free(server->connections);
    free(server->answered);
    free(server->balances);
}

static void server_loop(struct server *server)
{
    while (server->open_count > 0 && event_base_loop(server->base, EVLOOP_ONCE) == 0) {
        server_end_turn(server);
    }
}

static void server_open_journal(struct server *server)
{
    const struct limit_config *config = server->config;
    server_open_group(config, &server->groups[0]);
    server_open_group(config, &server->groups[1]);
    server->filling = &server->groups[0];
    journal_open(&server->journal, config->directory,
                 JOURNAL_HEADER_BYTES +
                     config->connections * config->in_flight * config->batch * config->entry_bytes,
                 config->sync);
}

static void server_close_journal(struct server *server)
{
    journal_close(&server->journal);
    for (int i = 0; i < 2; i++) {
        free(server->groups[i].record);
        free(server->groups[i].requests);
    }
}

/* The loop with the second thread beside it. */
static void server_loop_with_journal(struct server *server)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, server_run_second, server) != 0) {
        measure_fail("starting a thread");
    }
    server_loop(server);
    pthread_mutex_lock(&server->lock);
    server->is_over = true;
    pthread_cond_signal(&server->has_work);
    pthread_mutex_unlock(&server->lock);
    (void)pthread_join(thread, NULL);
}

void limit_serve(const struct limit_config *config, const int *sockets, int ready_fd)
{
    struct server server = {
        .config = config, .lock = PTHREAD_MUTEX_INITIALIZER, .has_work = PTHREAD_COND_INITIALIZER};
    server_open(&server, sockets);
    if (config->kind == LIMIT_RECORD) {
        server_open_journal(&server);
        (void)close(ready_fd);
        server_loop_with_journal(&server);
        server_close_journal(&server);
    } else {
        (void)close(ready_fd);
        server_loop(&server);
    }
    server_close(&server);
}
