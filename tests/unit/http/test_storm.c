/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Many clients at once who do all of it at random: whole requests, damaged ones, parts, pauses,
 * ends and resets, with answers that come at once, late or never. Nothing is lost or left behind.
 */
#include "fixture.h"

#define CLIENTS 24
#define STEPS   4000

static const char *const storm_texts[] = {
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Content-Length: 2\r\n\r\n{}",
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "Connect-Timeout-Ms: 1\r\n"
    "Content-Length: 2\r\n\r\n{}",
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
    "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON
    "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
    "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "GET /health HTTP/1.0\r\n\r\n",
    "GET /events?from=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n",
    "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
};
#define TEXTS (sizeof(storm_texts) / sizeof(storm_texts[0]))

struct storm {
    struct fixture *fixture;
    unsigned seed;
    int fds[CLIENTS]; /* -1: not connected */
};

static unsigned storm_pick(struct storm *storm, unsigned count)
{
    return (unsigned)rand_r(&storm->seed) % count;
}

static void storm_send(struct storm *storm, int fd)
{
    char text[512];
    const char *chosen = storm_texts[storm_pick(storm, TEXTS)];
    size_t size = strlen(chosen);
    memcpy(text, chosen, size);
    if (storm_pick(storm, 4) == 0) {
        text[storm_pick(storm, (unsigned)size)] = (char)storm_pick(storm, 256);
    }
    if (storm_pick(storm, 4) == 0) {
        size = storm_pick(storm, (unsigned)size);
    }
    /* The server may have closed it already. */
    (void)send(fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void storm_close(struct storm *storm, int *fd)
{
    const struct linger reset = {.l_onoff = 1};
    if (storm_pick(storm, 2) == 0) {
        assert_int_equal(setsockopt(*fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), 0);
    }
    assert_int_equal(close(*fd), 0);
    *fd = -1;
}

static void storm_step(struct storm *storm)
{
    struct fixture *fixture = storm->fixture;
    int *fd = &storm->fds[storm_pick(storm, CLIENTS)];
    char waste[4096];
    if (*fd < 0) {
        *fd = client_open(fixture);
    }
    switch (storm_pick(storm, 8)) {
    case 0:
        storm_close(storm, fd);
        break;
    case 1:
        (void)shutdown(*fd, SHUT_WR);
        break;
    case 2:
    case 3:
        (void)recv(*fd, waste, sizeof(waste), MSG_DONTWAIT);
        break;
    default:
        storm_send(storm, *fd);
        break;
    }
    if (storm_pick(storm, 16) == 0) {
        fixture_set(fixture, &fixture->holds, storm_pick(storm, 2) == 0);
        fixture_release(fixture);
        http_news(fixture->server, storm_pick(storm, 10));
    }
}

static void a_storm_leaves_a_server_that_serves(void **state)
{
    struct fixture *fixture = *state;
    struct storm storm = {.fixture = fixture, .seed = (unsigned)time(NULL)};
    struct response response;
    fixture->config.connections_max = CLIENTS - 4;
    fixture->config.header_ms = 500;
    fixture->config.body_ms = 500;
    fixture->entries = 5;
    (void)fixture_start(state);
    print_message("seed %u\n", storm.seed);
    for (int i = 0; i < CLIENTS; i++) {
        storm.fds[i] = -1;
    }
    for (int i = 0; i < STEPS; i++) {
        storm_step(&storm);
    }
    for (int i = 0; i < CLIENTS; i++) {
        if (storm.fds[i] >= 0) {
            storm_close(&storm, &storm.fds[i]);
        }
    }
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture);
    const int fd = client_open(fixture);
    client_send(fd, storm_texts[0]);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
    pthread_mutex_lock(&fixture->lock);
    const uint32_t opened = fixture->opened;
    pthread_mutex_unlock(&fixture->lock);
    fixture_await(fixture, &fixture->closed, opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(a_storm_leaves_a_server_that_serves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
