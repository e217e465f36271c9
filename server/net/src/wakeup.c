/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bell: an eventfd in the loop, and a flag that spares a system call when it rings already.
 * net_wakeup_signal is safe from any thread; the rest is for the loop's.
 */
#include "net/wakeup.h"

#include "base/assert.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct net_wakeup {
    int fd;
    /* The bell rings, or is about to: whoever sets it writes to fd. Setting and clearing are
     * exchanges, so that what was done before a signal is visible in the call after it. */
    atomic_bool ringing;
    net_wakeup_fn *woken;
    void *ctx;
    struct event event;
    struct event alarm;
};

static void wakeup_on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct net_wakeup *wakeup = arg;
    uint64_t count = 0;

    (void)what;
    /* First silent, then not ringing: the other way round, a signal between the two would leave
     * the flag set and nothing to read, and the bell would never ring again. */
    const ssize_t got = read((int)fd, &count, sizeof(count));
    LB_ASSERT(got == (ssize_t)sizeof(count) || errno == EAGAIN || errno == EINTR);
    (void)atomic_exchange(&wakeup->ringing, false);
    wakeup->woken(wakeup->ctx);
}

static void wakeup_on_alarm(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    net_wakeup_signal(arg);
}

enum lb_result net_wakeup_new(struct event_base *base, net_wakeup_fn *woken, void *ctx,
                              struct net_wakeup **out)
{
    struct net_wakeup *wakeup = calloc(1, sizeof(*wakeup));
    if (wakeup == NULL) {
        return LB_MEMORY;
    }
    wakeup->woken = woken;
    wakeup->ctx = ctx;
    atomic_init(&wakeup->ringing, false);
    wakeup->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wakeup->fd < 0) {
        goto free_wakeup;
    }
    if (event_assign(&wakeup->event, base, wakeup->fd, EV_READ | EV_PERSIST, wakeup_on_readable,
                     wakeup) != 0 ||
        evtimer_assign(&wakeup->alarm, base, wakeup_on_alarm, wakeup) != 0 ||
        event_add(&wakeup->event, NULL) != 0) {
        goto close_fd;
    }
    *out = wakeup;
    return LB_OK;

close_fd:
    (void)close(wakeup->fd);
free_wakeup:
    free(wakeup);
    return LB_MEMORY;
}

void net_wakeup_free(struct net_wakeup *wakeup)
{
    if (wakeup == NULL) {
        return;
    }
    (void)event_del(&wakeup->event);
    (void)event_del(&wakeup->alarm);
    (void)close(wakeup->fd);
    free(wakeup);
}

void net_wakeup_signal_after(struct net_wakeup *wakeup, int64_t ms)
{
    const struct timeval time = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    if (event_add(&wakeup->alarm, &time) != 0) {
        net_wakeup_signal(wakeup); /* no memory: better too early than never */
    }
}

void net_wakeup_signal(struct net_wakeup *wakeup)
{
    const uint64_t one = 1;
    ssize_t written = 0;

    if (atomic_exchange(&wakeup->ringing, true)) {
        return;
    }
    do {
        written = write(wakeup->fd, &one, sizeof(one));
    } while (written < 0 && errno == EINTR);
    LB_ASSERT(written == (ssize_t)sizeof(one)); /* it counts to 2^64, and we count to 1 */
}
