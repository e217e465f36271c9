/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole reads and writes: through a pipe that takes and gives less at a time, and over signals.
 */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#define LARGE_BYTES ((size_t)300 << 10) /* more than a pipe holds */

static uint8_t sent[LARGE_BYTES];
static uint8_t received[LARGE_BYTES + 1];

struct writing {
    int fd;
    bool is_written;
};

static void *write_large(void *context)
{
    struct writing *writing = context;
    writing->is_written = fd_write_whole(writing->fd, sent, sizeof(sent));
    (void)close(writing->fd);
    return NULL;
}

static void on_alarm(int number)
{
    (void)number;
}

/* accepts */

static void what_does_not_fit_at_once_arrives_whole_whatever_interrupts(void **state)
{
    (void)state;
    int ends[2];
    pthread_t thread;
    const struct sigaction interrupt = {.sa_handler = on_alarm}; /* calls are not restarted */
    const struct itimerval often = {.it_interval.tv_usec = 100, .it_value.tv_usec = 100};
    const struct itimerval never = {.it_value.tv_usec = 0};
    for (size_t i = 0; i < sizeof(sent); i++) {
        sent[i] = (uint8_t)(i * 7 + i / 256);
    }
    assert_int_equal(pipe(ends), 0);
    struct writing writing = {.fd = ends[1]};
    assert_int_equal(sigaction(SIGALRM, &interrupt, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(pthread_create(&thread, NULL, write_large, &writing), 0);
    const ssize_t got = fd_read_whole(ends[0], received, sizeof(received));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_true(writing.is_written);
    assert_int_equal(got, sizeof(sent));
    assert_memory_equal(received, sent, sizeof(sent));
    (void)close(ends[0]);
}

static void no_more_is_read_than_asked_for(void **state)
{
    (void)state;
    char text[8] = "......";
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_true(fd_write_whole(ends[1], "abcdef", 6));
    assert_int_equal(fd_read_whole(ends[0], text, 4), 4);
    assert_string_equal(text, "abcd..");
    (void)close(ends[1]);
    assert_int_equal(fd_read_whole(ends[0], text, 4), 2);
    assert_int_equal(fd_read_whole(ends[0], text, 4), 0);
    assert_true(fd_write_whole(-1, "", 0));
    (void)close(ends[0]);
}

/* faults */

static void errors_are_told(void **state)
{
    (void)state;
    char byte = 'x';
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    assert_false(fd_write_whole(full, &byte, 1));
    assert_int_equal(errno, ENOSPC);
    (void)close(full);
    assert_int_equal(fd_read_whole(-1, &byte, 1), -1);
    assert_int_equal(errno, EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_at_once_arrives_whole_whatever_interrupts),
        cmocka_unit_test(no_more_is_read_than_asked_for),
        cmocka_unit_test(errors_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
