/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bodies of many at once: how much of them is kept, and who gives way. The room is for 16 of the
 * largest.
 */
#include "fixture.h"

#define BODY_BYTES ((size_t)4 << 20)
#define MANY       17

/* The end of a head, and what of its body comes with it. */
static int upload_begin(const struct fixture *fixture, const char *body)
{
    const int fd = client_open(fixture);
    char text[256];
    (void)snprintf(text, sizeof(text), "POST " STATUS " HTTP/1.1\r\nHost: localhost\r\n" JSON "%s",
                   body);
    client_send(fd, text);
    return fd;
}

static void upload_end(int fd, const char *rest)
{
    struct response response;
    client_send(fd, rest);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_int_equal(close(fd), 0);
}

static void bodies_that_are_announced_only_push_nobody_out(void **state)
{
    struct fixture *fixture = *state;
    int fds[MANY + 3];
    fixture->config.body_bytes_max = BODY_BYTES;
    (void)fixture_start(state);
    const int slow = upload_begin(fixture, "Content-Length: 2\r\n\r\n{");
    for (size_t i = 0; i < MANY + 3; i++) {
        fds[i] = upload_begin(fixture, i % 2 == 0 ? "Content-Length: 4194304\r\n\r\n"
                                                  : "Transfer-Encoding: chunked\r\n\r\n");
    }
    const int last = upload_begin(fixture, "Content-Length: 0\r\n\r\n");
    struct response response;
    client_receive(last, &response); /* all before it have been read */
    upload_end(slow, "}");
    for (size_t i = 0; i < MANY + 3; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    assert_int_equal(close(last), 0);
}

static void of_bodies_that_are_too_much_the_largest_gives_way(void **state)
{
    struct fixture *fixture = *state;
    char *most = test_calloc(1, BODY_BYTES);
    int fds[MANY];
    memset(most, ' ', BODY_BYTES);
    fixture->config.body_bytes_max = BODY_BYTES;
    (void)fixture_start(state);
    const int slow = upload_begin(fixture, "Content-Length: 2\r\n\r\n{");
    const int chunks = upload_begin(fixture, "Transfer-Encoding: chunked\r\n\r\n3\r\n{  ");
    for (size_t i = 0; i < MANY; i++) {
        fds[i] = upload_begin(fixture, "Content-Length: 4194304\r\n\r\n");
        client_send_bytes(fds[i], most, BODY_BYTES - 1);
    }
    fixture_await(fixture, &fixture->closed, 1);
    upload_end(slow, "}");
    upload_end(chunks, "\r\n1\r\n}\r\n0\r\n\r\n");
    assert_int_equal(http_server_stats(fixture->server).refused, 1);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
    test_free(most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(bodies_that_are_announced_only_push_nobody_out),
        ON_SERVER(of_bodies_that_are_too_much_the_largest_gives_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
