/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The simulated event loop. libevent's struct event is public; its fields are used as there. */
#include "sim_loop.h"

#include "base/assert.h"
#include "sim_net.h"

#include <event2/event_struct.h>

/* The names that libevent's own sources give them. */
#define ev_flags    ev_evcallback.evcb_flags
#define ev_callback ev_evcallback.evcb_cb_union.evcb_callback
#define ev_arg      ev_evcallback.evcb_arg

static int64_t ms_of(const struct timeval *time)
{
    return (int64_t)time->tv_sec * 1000 + time->tv_usec / 1000;
}

static void base_remove(struct event *event)
{
    struct event_base *base = event->ev_base;
    size_t i = 0;
    while (i < base->count && base->added[i] != event) {
        i++;
    }
    LB_ASSERT(i < base->count);
    base->added[i] = base->added[--base->count];
}

static void base_add(struct event *event, int flag)
{
    struct event_base *base = event->ev_base;
    if ((event->ev_flags & (EVLIST_INSERTED | EVLIST_TIMEOUT | EVLIST_ACTIVE)) == 0) {
        LB_ASSERT(base->count < SIM_EVENTS_MAX);
        base->added[base->count++] = event;
    }
    event->ev_flags |= (short)flag;
}

int event_assign(struct event *event, struct event_base *base, evutil_socket_t fd, short events,
                 event_callback_fn callback, void *context)
{
    *event = (struct event){.ev_base = base, .ev_fd = fd, .ev_events = events};
    event->ev_callback = callback;
    event->ev_arg = context;
    event->ev_flags = EVLIST_INIT;
    return 0;
}

int event_add(struct event *event, const struct timeval *timeout)
{
    if (timeout != NULL) {
        const int64_t due_ms = event->ev_base->clock->monotonic_ms + ms_of(timeout);
        event->ev_timeout = (struct timeval){due_ms / 1000, (suseconds_t)(due_ms % 1000) * 1000};
        event->ev_.ev_io.ev_timeout = *timeout;
        base_add(event, EVLIST_TIMEOUT);
    }
    if ((event->ev_events & (EV_READ | EV_WRITE)) != 0) {
        base_add(event, EVLIST_INSERTED);
    }
    return 0;
}

int event_del(struct event *event)
{
    const int anywhere = EVLIST_INSERTED | EVLIST_TIMEOUT | EVLIST_ACTIVE;
    if ((event->ev_flags & anywhere) != 0) {
        base_remove(event);
        event->ev_flags &= (short)~anywhere;
    }
    return 0;
}

void event_active(struct event *event, int what, short calls)
{
    (void)what;
    (void)calls;
    base_add(event, EVLIST_ACTIVE);
}

/* What it is due for; 0: nothing. */
static short event_is_due(const struct event *event)
{
    const struct sim_net *net = sim_net_in_use();
    if ((event->ev_flags & EVLIST_ACTIVE) != 0) {
        return EV_TIMEOUT;
    }
    if ((event->ev_flags & EVLIST_TIMEOUT) != 0 &&
        ms_of(&event->ev_timeout) <= event->ev_base->clock->monotonic_ms) {
        return EV_TIMEOUT;
    }
    if ((event->ev_flags & EVLIST_INSERTED) != 0) {
        if ((event->ev_events & EV_READ) != 0 && sim_net_is_readable(net, event->ev_fd)) {
            return EV_READ;
        }
        if ((event->ev_events & EV_WRITE) != 0 && sim_net_is_writable(net, event->ev_fd)) {
            return EV_WRITE;
        }
    }
    return 0;
}

/* As libevent does before it calls back. */
static void event_rearm(struct event *event, short what)
{
    if ((event->ev_flags & EVLIST_ACTIVE) != 0 &&
        (event->ev_flags & (EVLIST_INSERTED | EVLIST_TIMEOUT)) != 0) {
        event->ev_flags &= (short)~EVLIST_ACTIVE;
    } else if ((event->ev_events & EV_PERSIST) == 0 || (event->ev_flags & EVLIST_ACTIVE) != 0) {
        (void)event_del(event);
    } else if (what == EV_TIMEOUT) {
        (void)event_add(event, &event->ev_.ev_io.ev_timeout);
    }
}

bool sim_loop_run(struct event_base *base, struct random_seeded *random)
{
    if (base->count == 0) {
        return false;
    }
    const size_t from = (size_t)(random_seeded_next(random) % base->count);
    for (size_t i = 0; i < base->count; i++) {
        struct event *event = base->added[(from + i) % base->count];
        const short what = event_is_due(event);
        if (what != 0) {
            event_rearm(event, what);
            event->ev_callback(event->ev_fd, what, event->ev_arg);
            return true;
        }
    }
    return false;
}
