/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Answers that nobody takes.
 */
#include "fixture.h"

#define LARGE_BYTES ((off_t)32 << 20) /* more than the buffers on the way can hold */
#define MANY        31                /* of them are far more than may wait together: 256 MiB */
#define ALLOWED     10

/* A server with one large page, as `fixture` is configured. */
static void serve_large_page(struct fixture *fixture, char *dir)
{
    char path[128];
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/large.txt", dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), LARGE_BYTES), 0);
    assert_int_equal(fclose(file), 0);
    fixture->config.web_dir = dir;
    (void)fixture_start((void **)&fixture);
    assert_int_equal(unlink(path), 0); /* it was read */
    assert_int_equal(rmdir(dir), 0);
}

static int ask_for_large_page(const struct fixture *fixture)
{
    const int fd = client_open(fixture);
    const int little = 4096;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little)), 0);
    client_send(fd, "GET /large.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return fd;
}

static void who_takes_no_answer_is_closed(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    char dir[] = "/tmp/lb-http-XXXXXX";
    fixture->config.write_stall_ms = 300;
    serve_large_page(fixture, dir);
    const int fd = ask_for_large_page(fixture);
    fixture_await(fixture, &fixture->closed, 1);
    assert_int_equal(close(fd), 0);
    const int good = client_open(fixture);
    client_request(good, "GET /health", "", "");
    client_receive(good, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(good), 0);
}

static int64_t now_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In one look, not one at each: they may grow faster than that. */
static void answers_that_wait_are_cut_until_they_are_few_enough(void **state)
{
    struct fixture *fixture = *state;
    char dir[] = "/tmp/lb-http-XXXXXX";
    int fds[MANY];
    serve_large_page(fixture, dir);
    for (int i = 0; i < MANY; i++) {
        fds[i] = ask_for_large_page(fixture);
    }
    fixture_await(fixture, &fixture->closed, 1);
    const int64_t start_ms = now_ms();
    fixture_await(fixture, &fixture->closed, MANY - ALLOWED);
    assert_true(now_ms() - start_ms < 1500); /* 20 looks would take longer */
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
}

static void slow_readers_give_way_when_they_are_all_there_are(void **state)
{
    struct fixture *fixture = *state;
    struct response response;
    char dir[] = "/tmp/lb-http-XXXXXX";
    int fds[3];
    char first = '\0';
    fixture->config.connections_max = 3;
    serve_large_page(fixture, dir);
    for (int i = 0; i < 3; i++) {
        fds[i] = ask_for_large_page(fixture);
        assert_int_equal(client_read(fds[i], &first, 1), 1); /* it is being sent */
    }
    const int fd = client_open(fixture);
    client_request(fd, "GET /health", "", "");
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(http_server_stats(fixture->server).refused, 1);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(who_takes_no_answer_is_closed),
        ON_SERVER(answers_that_wait_are_cut_until_they_are_few_enough),
        ON_SERVER(slow_readers_give_way_when_they_are_all_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
