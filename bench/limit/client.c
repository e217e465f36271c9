/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The yardstick's load: one thread for all connections. What a turn's replies make room for is sent
 * in one write a connection. Replies are counted by their length; their bytes are not looked at.
 */
#include "limit.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES (256U << 10)

struct link {
    struct load *load;
    struct event *readable;
    struct event *writable; /* added while `out` waits */
    int fd;
    uint8_t *out; /* room for a request in each slot */
    size_t out_used;
    size_t out_sent;
    uint64_t waiting;   /* requests without a reply */
    uint64_t got_bytes; /* of the reply that is being read */
    int64_t *sent_ns;   /* of the waiting ones, a ring in the order of the replies */
    uint64_t oldest;
};

struct load {
    const struct limit_config *config;
    struct event_base *base;
    struct link *links;
    uint8_t *in;
    uint64_t request_bytes;
    uint64_t reply_bytes;
    uint64_t random;
    uint64_t sent;    /* records or balances */
    uint64_t waiting; /* requests of all links */
    uint64_t replies;
    int64_t ends_ns;
    struct histogram *latencies;
};

/* A record: an id of its own, a member by chance, and bytes that stand for the rest. */
static void load_fill_record(struct load *load, uint8_t *record)
{
    uint64_t id[2] = {load->random, ++load->sent};
    memset(record, 1, RECORD_REQUEST_BYTES);
    memcpy(record + LIMIT_ID_OFFSET, id, LIMIT_ID_BYTES);
    put_be32(record + LIMIT_MEMBER_OFFSET, (uint32_t)measure_random(&load->random));
}

static void link_add_request(struct link *link, int64_t now_ns)
{
    struct load *load = link->load;
    const struct limit_config *config = load->config;
    uint64_t slot = (link->oldest + link->waiting) % config->in_flight;
    uint8_t *frame = link->out + link->out_used;
    memset(frame, 0, FRAME_HEADER_BYTES);
    put_be32(frame, (uint32_t)(load->request_bytes - FRAME_HEADER_BYTES));
    put_be32(frame + 4, (uint32_t)slot + 1);
    frame[10] = 1;
    frame += FRAME_HEADER_BYTES;
    if (config->kind == LIMIT_RECORD) {
        for (uint64_t i = 0; i < config->batch; i++, frame += RECORD_REQUEST_BYTES) {
            load_fill_record(load, frame);
        }
    } else {
        load->sent++;
        memset(frame, 1, BALANCE_REQUEST_BYTES);
        put_be32(frame, (uint32_t)measure_random(&load->random));
    }
    link->sent_ns[slot] = now_ns;
    link->out_used += load->request_bytes;
    link->waiting++;
    load->waiting++;
}

static void link_write(struct link *link)
{
    while (link->out_sent < link->out_used) {
        ssize_t n = write(link->fd, link->out + link->out_sent, link->out_used - link->out_sent);
        if (n < 0 && errno == EAGAIN) {
            if (event_add(link->writable, NULL) != 0) {
                measure_fail("watching a socket");
            }
            return;
        }
        if (n < 0 && errno != EINTR) {
            measure_fail("writing a request");
        }
        link->out_sent += n > 0 ? (size_t)n : 0;
    }
    link->out_sent = 0;
    link->out_used = 0;
}

/* Fills the free slots, if the load goes on and nothing waits to be written. */
static void link_send(struct link *link, int64_t now_ns)
{
    const struct limit_config *config = link->load->config;
    if (link->out_used > 0 || now_ns >= link->load->ends_ns || link->waiting == config->in_flight) {
        return;
    }
    while (link->waiting < config->in_flight) {
        link_add_request(link, now_ns);
    }
    link_write(link);
}

static void link_on_writable(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    link_write(context);
    link_send(context, measure_now_ns());
}

static void link_on_readable(evutil_socket_t fd, short what, void *context)
{
    struct link *link = context;
    struct load *load = link->load;
    (void)what;
    ssize_t n = read(fd, load->in, READ_BYTES);
    if (n <= 0) {
        measure_fail("reading a reply"); /* the server never closes first */
    }
    int64_t now_ns = measure_now_ns();
    link->got_bytes += (uint64_t)n;
    while (link->got_bytes >= load->reply_bytes && link->waiting > 0) {
        histogram_add(load->latencies, now_ns - link->sent_ns[link->oldest], 1);
        link->got_bytes -= load->reply_bytes;
        link->oldest = (link->oldest + 1) % load->config->in_flight;
        link->waiting--;
        load->waiting--;
        load->replies++;
    }
    link_send(link, now_ns);
}

static void load_open(struct load *load, const int *sockets)
{
    const struct limit_config *config = load->config;
    load->base = event_base_new();
    load->in = measure_memory(1, READ_BYTES);
    load->links = measure_memory(config->connections, sizeof(*load->links));
    for (uint64_t i = 0; i < config->connections; i++) {
        struct link *link = &load->links[i];
        *link = (struct link){.load = load, .fd = sockets[i]};
        link->out = measure_memory(config->in_flight, load->request_bytes);
        link->sent_ns = measure_memory(config->in_flight, sizeof(*link->sent_ns));
        link->readable =
            event_new(load->base, link->fd, EV_READ | EV_PERSIST, link_on_readable, link);
        link->writable = event_new(load->base, link->fd, EV_WRITE, link_on_writable, link);
        if (link->readable == NULL || link->writable == NULL ||
            event_add(link->readable, NULL) != 0) {
            measure_fail("watching a socket");
        }
    }
}

static void load_close(struct load *load)
{
    for (uint64_t i = 0; i < load->config->connections; i++) {
        event_free(load->links[i].readable);
        event_free(load->links[i].writable);
        free(load->links[i].out);
        free(load->links[i].sent_ns);
    }
    event_base_free(load->base);
    free(load->links);
    free(load->in);
}

void limit_load(const struct limit_config *config, const int *sockets, uint64_t *done,
                int64_t *took_ns, struct histogram *latencies)
{
    struct load load = {.config = config,
                        .request_bytes = limit_request_bytes(config),
                        .reply_bytes = limit_reply_bytes(config),
                        .random = 500,
                        .latencies = latencies};
    load_open(&load, sockets);
    int64_t started_ns = measure_now_ns();
    load.ends_ns = started_ns + (int64_t)config->seconds * 1000000000;
    for (uint64_t i = 0; i < config->connections; i++) {
        link_send(&load.links[i], started_ns);
    }
    while (load.waiting > 0 && event_base_loop(load.base, EVLOOP_ONCE) == 0) {
    }
    *took_ns = measure_now_ns() - started_ns;
    *done = load.replies * (config->kind == LIMIT_RECORD ? config->batch : 1);
    load_close(&load);
}
