/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random clients against a random dispatcher with tight caps: pieces of any size, replies late and
 * in any order, clients that vanish. Every client that stays gets each of its replies, once.
 */
#include "fixture.h"

#define STORM_CLIENTS     4
#define STORM_STEPS       20000
#define STORM_OUTSTANDING 16
#define STORM_BYTES       65536

struct storm_client {
    int fd;                   /* -1: not there */
    uint8_t out[STORM_BYTES]; /* to be sent */
    size_t out_size;
    uint8_t in[STORM_BYTES]; /* received and not taken apart */
    size_t in_size;
    uint32_t outstanding[STORM_OUTSTANDING]; /* request ids without a reply; 0: none */
    uint32_t next_id;
};

struct storm {
    struct fixture *fixture;
    struct storm_client clients[STORM_CLIENTS];
    uint64_t random;
    size_t replies;
};

static size_t storm_random(struct storm *storm, size_t below)
{
    storm->random = storm->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(storm->random >> 33) % below;
}

static void storm_put(struct storm *storm, struct storm_client *client, uint16_t method)
{
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)storm_random(storm, 400),
        .request_id = client->next_id,
        .method = method,
        .kind = LB_FRAME_REQUEST,
    };
    const size_t bytes = LB_FRAME_HEADER_BYTES + header.payload_bytes;

    if (bytes > sizeof(client->out) - client->out_size) {
        return;
    }
    for (size_t i = 0; i < STORM_OUTSTANDING; i++) {
        if (client->outstanding[i] == 0) {
            client->outstanding[i] = client->next_id++;
            lb_frame_header_encode(&header, client->out + client->out_size);
            memset(client->out + client->out_size + LB_FRAME_HEADER_BYTES, 'x',
                   header.payload_bytes);
            client->out_size += bytes;
            return;
        }
    }
}

static void storm_send(struct storm_client *client, size_t size)
{
    const ssize_t sent = send(client->fd, client->out,
                              size < client->out_size ? size : client->out_size, MSG_NOSIGNAL);
    if (sent > 0) {
        client->out_size -= (size_t)sent;
        memmove(client->out, client->out + sent, client->out_size);
    }
}

static void storm_take_reply(struct storm *storm, struct storm_client *client, uint32_t request_id)
{
    for (size_t i = 0; i < STORM_OUTSTANDING; i++) {
        if (client->outstanding[i] == request_id) {
            client->outstanding[i] = 0;
            storm->replies++;
            return;
        }
    }
    fail_msg("a reply to request %u, which is not outstanding", request_id);
}

static void storm_receive(struct storm *storm, struct storm_client *client)
{
    const ssize_t got =
        recv(client->fd, client->in + client->in_size, sizeof(client->in) - client->in_size, 0);
    struct lb_frame frame = {0};
    size_t at = 0;
    size_t frame_bytes = 0;

    client->in_size += got > 0 ? (size_t)got : 0;
    do {
        assert_int_equal(lb_frame_split(client->in + at, client->in_size - at,
                                        LB_FRAME_PAYLOAD_BYTES_MAX, &frame, &frame_bytes),
                         LB_OK);
        if (frame_bytes > 0) {
            assert_int_equal(frame.header.kind, LB_FRAME_RESPONSE);
            storm_take_reply(storm, client, frame.header.request_id);
        }
        at += frame_bytes;
    } while (frame_bytes > 0);
    client->in_size -= at;
    memmove(client->in, client->in + at, client->in_size);
}

/* Answers one request in flight, whoever's it is, present or gone. */
static void storm_reply(struct storm *storm)
{
    struct fixture *fixture = storm->fixture;
    static const uint8_t payload[700];

    if (fixture->request_count > 0) {
        const size_t chosen = storm_random(storm, fixture->request_count);
        const struct net_token token = fixture->requests[chosen].token;
        fixture->requests[chosen] = fixture->requests[--fixture->request_count];
        net_reply(fixture->server, token, LB_FRAME_RESPONSE, payload,
                  storm_random(storm, sizeof(payload)));
    }
}

static void storm_come_or_go(struct storm *storm, struct storm_client *client)
{
    if (client->fd >= 0) {
        assert_int_equal(close(client->fd), 0);
        client->fd = -1;
        return;
    }
    *client = (struct storm_client){.fd = client_connect(storm->fixture), .next_id = 1};
    storm_put(storm, client, LB_FRAME_METHOD_HELLO);
}

static void storm_step(struct storm *storm)
{
    struct storm_client *client = &storm->clients[storm_random(storm, STORM_CLIENTS)];
    const size_t dice = storm_random(storm, 200);

    if (client->fd < 0 || dice == 0) {
        storm_come_or_go(storm, client);
    } else if (dice < 60) {
        storm_put(storm, client, FIXTURE_METHOD);
    } else if (dice < 110) {
        storm_send(client, 1 + storm_random(storm, 600));
    } else if (dice < 140) {
        storm_receive(storm, client);
    } else if (dice < 180) {
        storm_reply(storm);
    } else {
        (void)event_base_loop(storm->fixture->base, EVLOOP_NONBLOCK);
    }
}

/* Everything that is on its way arrives. */
static void storm_settle(struct storm *storm)
{
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < STORM_CLIENTS; i++) {
            if (storm->clients[i].fd >= 0) {
                storm_send(&storm->clients[i], STORM_BYTES);
                storm_receive(storm, &storm->clients[i]);
            }
        }
        fixture_turn(storm->fixture);
        while (storm->fixture->request_count > 0) {
            storm_reply(storm);
        }
        fixture_turn(storm->fixture);
    }
}

static void every_client_that_stays_gets_each_reply_once(void **state)
{
    struct fixture *fixture = *state;
    struct storm *storm = calloc(1, sizeof(*storm));

    assert_non_null(storm);
    storm->fixture = fixture;
    storm->random = 20160101;
    print_message("seed %llu\n", (unsigned long long)storm->random);
    fixture->config.connections_max = 64; /* those that went may still have requests in flight */
    fixture->config.inflight_max = 3;
    fixture->config.inflight_bytes_max = 500;
    fixture->config.out_bytes_max = 1000;
    fixture_start(state);
    for (size_t i = 0; i < STORM_CLIENTS; i++) {
        storm->clients[i].fd = -1;
    }
    for (int step = 0; step < STORM_STEPS; step++) {
        storm_step(storm);
    }
    storm_settle(storm);
    for (size_t i = 0; i < STORM_CLIENTS; i++) {
        struct storm_client *client = &storm->clients[i];
        for (size_t j = 0; client->fd >= 0 && j < STORM_OUTSTANDING; j++) {
            assert_int_equal(client->outstanding[j], 0);
        }
        if (client->fd >= 0) {
            client_close(fixture, client->fd);
        }
    }
    assert_int_equal(net_server_stats(fixture->server).connections, 0);
    assert_true(storm->replies > 1000);
    assert_true(fixture->closed_count > 50);
    free(storm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_client_that_stays_gets_each_reply_once, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
