/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Live streams over a socket.
 */
#include "fixture.h"

/* The request of a stream, read up to the end of its head. */
static int stream_open(const struct fixture *fixture, const char *path, const char *headers)
{
    const int fd = client_open(fixture);
    char text[1024];
    struct response response;
    (void)snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path,
                   headers);
    client_send(fd, text);
    client_receive(fd, &response);
    assert_int_equal(response.status, 200);
    assert_true(response_has(&response, "Content-Type: text/event-stream\r\n"));
    assert_true(response_has(&response, "Cache-Control: no-store\r\n"));
    assert_false(response_has(&response, "Content-Length"));
    return fd;
}

static void stream_expect(int fd, const char *text)
{
    char got[1024];
    const size_t size = strlen(text);
    size_t read = 0;
    assert_true(size < sizeof(got));
    while (read < size) {
        const size_t more = client_read(fd, got + read, size - read);
        assert_true(more > 0);
        read += more;
    }
    got[read] = '\0';
    assert_string_equal(got, text);
}

static void stream_expect_entries(int fd, unsigned from, unsigned to)
{
    for (unsigned i = from; i <= to; i++) {
        char text[256];
        (void)snprintf(text, sizeof(text),
                       "id: %u\nevent: entry\ndata: {\"entry\":{\"number\":\"%u\"}%s}\n\n", i, i,
                       i % 2 == 0 ? ",\"reversedBy\":\"9\"" : "");
        stream_expect(fd, text);
    }
}

static void book_grow(struct fixture *fixture, uint64_t entries)
{
    pthread_mutex_lock(&fixture->lock);
    fixture->entries = entries;
    pthread_mutex_unlock(&fixture->lock);
    http_news(fixture->server, entries);
}

static void a_stream_brings_all_from_a_number_on_and_then_what_is_new(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 8;
    const int fd = stream_open(fixture, "/events?from=2", "");
    stream_expect_entries(fd, 2, 8);
    book_grow(fixture, 12);
    stream_expect_entries(fd, 9, 12);
    assert_int_equal(http_server_stats(fixture->server).streams, 1);
    assert_int_equal(close(fd), 0);
}

static void a_stream_goes_on_behind_the_last_one_that_was_had(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 8;
    const int fd = stream_open(fixture, "/events?from=1", "Last-Event-ID: 6\r\n");
    stream_expect_entries(fd, 7, 8);
    assert_int_equal(close(fd), 0);
}

static void a_stream_from_beyond_the_end_waits_until_that_entry_is_there(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 3;
    const int from = stream_open(fixture, "/events?from=6", "");
    const int behind = stream_open(fixture, "/events", "Last-Event-ID: 6\r\n");
    fixture_await(fixture, &fixture->submitted, 2);
    for (uint64_t entries = 4; entries <= 8; entries++) {
        book_grow(fixture, entries);
    }
    stream_expect_entries(from, 6, 8);
    stream_expect_entries(behind, 7, 8);
    assert_int_equal(close(from) | close(behind), 0);
}

static void a_stream_from_nowhere_brings_what_comes_next(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 8;
    const int fd = stream_open(fixture, "/events", "");
    fixture_await(fixture, &fixture->answered, 1);
    book_grow(fixture, 9);
    stream_expect_entries(fd, 9, 9);
    assert_int_equal(close(fd), 0);
}

static int64_t now_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void news_that_cannot_be_read_yet_are_asked_for_at_a_walk(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 3;
    const int fd = stream_open(fixture, "/events?from=1", "");
    stream_expect_entries(fd, 1, 3);
    const int64_t start_ms = now_ms();
    http_news(fixture->server, 9);
    fixture_await(fixture, &fixture->submitted, 1 + 4);
    assert_true(now_ms() - start_ms >= 190); /* the last two a sweep after the one before */
    book_grow(fixture, 9);
    stream_expect_entries(fd, 4, 9);
    assert_int_equal(close(fd), 0);
}

static void a_stream_that_is_refused_ends_with_the_reason(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 1;
    fixture->fails = LB_LOGIN_REQUIRED;
    const int fd = stream_open(fixture, "/events?from=1", "");
    stream_expect(fd, "event: end\ndata: {\"code\":\"unauthenticated\"");
    client_expect_end(fd);
}

static void a_stop_ends_streams_with_a_word(void **state)
{
    struct fixture *fixture = fixture_start(state);
    const int fd = stream_open(fixture, "/events?from=1", "");
    fixture_set(fixture, &fixture->holds, true);
    book_grow(fixture, 1);
    fixture_await(fixture, &fixture->held_count, 1);
    http_server_stop(fixture->server, WAIT_MS);
    stream_expect(fd, "event: end\ndata: {\"code\":\"unavailable\"");
    client_expect_end(fd);
}

static void more_streams_than_may_be_are_told_to_try_later(void **state)
{
    const struct fixture *fixture = fixture_start(state);
    struct response response;
    const int first = stream_open(fixture, "/events", "");
    const int second = stream_open(fixture, "/events", "");
    const int third = client_open(fixture);
    client_request(third, "GET /events", "", "");
    client_receive(third, &response);
    assert_int_equal(response.status, 503);
    assert_int_equal(close(first) | close(second) | close(third), 0);
}

static void a_reader_that_leaves_while_it_is_asked_for_is_forgotten(void **state)
{
    struct fixture *fixture = fixture_start(state);
    fixture->entries = 3;
    fixture_set(fixture, &fixture->holds, true);
    const int fd = stream_open(fixture, "/events?from=1", "");
    fixture_await(fixture, &fixture->held_count, 1);
    assert_int_equal(close(fd), 0);
    fixture_await(fixture, &fixture->closed, 1);
    fixture_set(fixture, &fixture->holds, false);
    fixture_release(fixture);
    const int again = stream_open(fixture, "/events?from=1", "");
    stream_expect_entries(again, 1, 3);
    assert_int_equal(close(again), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SERVER(a_stream_brings_all_from_a_number_on_and_then_what_is_new),
        ON_SERVER(a_stream_goes_on_behind_the_last_one_that_was_had),
        ON_SERVER(a_stream_from_beyond_the_end_waits_until_that_entry_is_there),
        ON_SERVER(a_stream_from_nowhere_brings_what_comes_next),
        ON_SERVER(news_that_cannot_be_read_yet_are_asked_for_at_a_walk),
        ON_SERVER(a_stream_that_is_refused_ends_with_the_reason),
        ON_SERVER(a_stop_ends_streams_with_a_word),
        ON_SERVER(more_streams_than_may_be_are_told_to_try_later),
        ON_SERVER(a_reader_that_leaves_while_it_is_asked_for_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
