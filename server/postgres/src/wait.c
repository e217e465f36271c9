/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Waiting for a socket, or for a while, until a deadline comes or somebody stops the log, which any
 * thread may do. Otherwise one thread.
 */
#include "postgres_private.h"

#include "base/assert.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>

#define NS_PER_MS      INT64_C(1000000)
#define PAUSE_MS_FIRST 50
#define PAUSE_MS_MAX   1000
#define POLL_MS_MAX    60000 /* then the clock is looked at again */

int64_t postgres_deadline(int64_t ms)
{
    return clock_system_monotonic_ns() + ms * NS_PER_MS;
}

/* Rounded up: a poll that ends too early would only be repeated. */
static int poll_ms(int64_t deadline_ns)
{
    int64_t left_ns = deadline_ns - clock_system_monotonic_ns();
    int64_t left_ms = left_ns <= 0 ? 0 : (left_ns + NS_PER_MS - 1) / NS_PER_MS;
    return left_ms < POLL_MS_MAX ? (int)left_ms : POLL_MS_MAX;
}

enum lb_result postgres_wait(struct postgres_log *log, int fd, bool want_read, bool want_write,
                             int64_t deadline_ns)
{
    for (;;) {
        struct pollfd waits[] = {
            {.fd = fd, .events = (short)((want_read ? POLLIN : 0) | (want_write ? POLLOUT : 0))},
            {.fd = log->is_patient ? -1 : log->stop_fd, .events = POLLIN},
        };
        int ready = poll(waits, sizeof(waits) / sizeof(waits[0]), poll_ms(deadline_ns));
        LB_ASSERT(ready >= 0 || errno == EINTR || errno == ENOMEM);
        if (ready > 0 && waits[1].revents != 0) {
            return LB_SHUTTING_DOWN;
        }
        if (ready > 0) {
            return LB_OK;
        }
        if (clock_system_monotonic_ns() >= deadline_ns) {
            return LB_STORE_UNREACHABLE;
        }
    }
}

enum lb_result postgres_pause(struct postgres_log *log, int64_t *pause_ms, int64_t deadline_ns)
{
    *pause_ms = *pause_ms == 0 ? PAUSE_MS_FIRST : *pause_ms * 2;
    if (*pause_ms > PAUSE_MS_MAX) {
        *pause_ms = PAUSE_MS_MAX;
    }
    int64_t until_ns = postgres_deadline(*pause_ms);
    bool is_last = until_ns >= deadline_ns;
    enum lb_result result = postgres_wait(log, -1, false, false, is_last ? deadline_ns : until_ns);
    return result == LB_STORE_UNREACHABLE && !is_last ? LB_OK : result;
}
