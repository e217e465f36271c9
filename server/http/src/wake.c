/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bell. net has one like it, which this module may not use, nor the other way round.
 */
#include "wake.h"

#include "base/assert.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct http_wake {
    int fd;
    atomic_bool is_ringing;
    void (*woken)(void *ctx);
    void *ctx;
    struct event event;
};

static void wake_on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct http_wake *wake = arg;
    uint64_t count = 0;
    (void)what;
    /* First silent, then not ringing: the other way round a ring between the two would be lost. */
    const ssize_t got = read((int)fd, &count, sizeof(count));
    LB_ASSERT(got == (ssize_t)sizeof(count) || errno == EAGAIN || errno == EINTR);
    (void)atomic_exchange(&wake->is_ringing, false);
    wake->woken(wake->ctx);
}

struct http_wake *http_wake_new(struct event_base *base, void (*woken)(void *ctx), void *ctx)
{
    struct http_wake *wake = calloc(1, sizeof(*wake));
    if (wake == NULL) {
        return NULL;
    }
    wake->woken = woken;
    wake->ctx = ctx;
    atomic_init(&wake->is_ringing, false);
    wake->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake->fd < 0) {
        free(wake);
        return NULL;
    }
    if (event_assign(&wake->event, base, wake->fd, EV_READ | EV_PERSIST, wake_on_readable, wake) !=
            0 ||
        event_add(&wake->event, NULL) != 0) {
        (void)close(wake->fd);
        free(wake);
        return NULL;
    }
    return wake;
}

void http_wake_free(struct http_wake *wake)
{
    if (wake != NULL) {
        (void)event_del(&wake->event);
        (void)close(wake->fd);
        free(wake);
    }
}

void http_wake_ring(struct http_wake *wake)
{
    const uint64_t one = 1;
    ssize_t written = 0;
    if (atomic_exchange(&wake->is_ringing, true)) {
        return;
    }
    do {
        written = write(wake->fd, &one, sizeof(one));
    } while (written < 0 && errno == EINTR);
    LB_ASSERT(written == (ssize_t)sizeof(one));
}
