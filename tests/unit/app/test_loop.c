/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * That no callback can keep the loop from its sockets.
 */
#include "app/loop.h"
#include "base/clock.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS INT64_C(10000)

struct busy {
    struct event *again;
    int fd;
    bool is_written;
    int64_t until_ms;
    bool is_seen; /* the socket's callback ran */
};

/* Has always more to do, as who has sent a thousand requests. */
static void busy_on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct busy *busy = arg;
    (void)fd;
    (void)what;
    if (!busy->is_written) {
        busy->is_written = true; /* only now: before it ran anything the loop looked */
        assert_int_equal(eventfd_write(busy->fd, 1), 0);
    }
    if (!busy->is_seen && clock_monotonic_ms(clock_system()) < busy->until_ms) {
        event_active(busy->again, EV_TIMEOUT, 0);
    }
}

static void busy_on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct busy *busy = arg;
    (void)fd;
    (void)what;
    busy->is_seen = true;
}

static void a_socket_is_seen_while_a_callback_goes_on_and_on(void **state)
{
    struct busy busy = {.until_ms = clock_monotonic_ms(clock_system()) + PATIENCE_MS};
    struct event_base *base = loop_new();
    const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    (void)state;
    assert_non_null(base);
    assert_true(fd >= 0);
    busy.fd = fd;
    busy.again = event_new(base, -1, EV_PERSIST, busy_on_turn, &busy);
    struct event *socket = event_new(base, fd, EV_READ, busy_on_socket, &busy);
    assert_non_null(busy.again);
    assert_non_null(socket);
    assert_int_equal(event_add(socket, NULL), 0);
    event_active(busy.again, EV_TIMEOUT, 0);
    while (!busy.is_seen && event_base_loop(base, EVLOOP_ONCE) == 0) {
    }
    assert_true(busy.is_seen);
    assert_true(clock_monotonic_ms(clock_system()) < busy.until_ms);
    event_free(socket);
    event_free(busy.again);
    event_base_free(base);
    assert_int_equal(close(fd), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_is_seen_while_a_callback_goes_on_and_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
