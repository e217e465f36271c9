/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The process to the system. Threading: see process.h.
 */
#include "app/process.h"

#include "base/assert.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

void process_limit_memory(void)
{
    (void)mallopt(M_ARENA_MAX, 2);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 20);
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 18);
}

void process_keep_to_itself(bool is_kept)
{
    (void)prctl(PR_SET_DUMPABLE, is_kept ? 0 : 1, 0, 0, 0);
}

void process_hold_signals(bool is_held)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)sigaddset(&set, numbers[i]);
    }
    (void)pthread_sigmask(is_held ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
    for (size_t i = 0; is_held && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)signal(numbers[i], SIG_IGN);
    }
}

/* --- asked to end while it starts ------------------------------------------------------------- */

static void watch_tell(int fd)
{
    const uint64_t one = 1;
    const ssize_t written = write(fd, &one, sizeof(one));
    LB_ASSERT(written == (ssize_t)sizeof(one)); /* nobody counts so far that it is full */
}

/* The signal is not read: whoever handles signals after the start gets it. */
static void *watch_main(void *context)
{
    struct process_watch *watch = context;
    struct pollfd waits[] = {{.fd = watch->signals_fd, .events = POLLIN},
                             {.fd = watch->over_fd, .events = POLLIN}};
    int ready = 0;
    do {
        ready = poll(waits, sizeof(waits) / sizeof(waits[0]), -1);
    } while (ready < 0 && (errno == EINTR || errno == ENOMEM));
    if (waits[0].revents != 0) {
        watch->was_asked = true;
        watch_tell(watch->told_fd);
    }
    return NULL;
}

static void watch_close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static void watch_close(struct process_watch *watch)
{
    watch_close_fd(&watch->signals_fd);
    watch_close_fd(&watch->over_fd);
    watch_close_fd(&watch->told_fd);
}

void process_watch_begin(struct process_watch *watch)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    *watch = (struct process_watch){
        .signals_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
        .over_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
        .told_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
    };
    if (watch->signals_fd < 0 || watch->over_fd < 0 || watch->told_fd < 0 ||
        pthread_create(&watch->thread, NULL, watch_main, watch) != 0) {
        watch_close(watch);
    }
}

bool process_watch_end(struct process_watch *watch)
{
    if (watch->told_fd >= 0) {
        watch_tell(watch->over_fd);
        (void)pthread_join(watch->thread, NULL);
    }
    watch_close(watch);
    return watch->was_asked;
}
