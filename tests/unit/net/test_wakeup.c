/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bell between threads.
 */
#include "net/wakeup.h"

#include <event2/event.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define THREADS       4
#define JOBS_PER_EACH 2000

struct bell {
    struct event_base *base;
    struct net_wakeup *wakeup;
    size_t calls;
    bool signals_itself;

    pthread_mutex_t lock;
    size_t queued; /* jobs put in by the threads, under the lock */
    size_t done;
};

static void bell_on_woken(void *ctx)
{
    struct bell *bell = ctx;

    bell->calls++;
    if (bell->signals_itself) {
        bell->signals_itself = false;
        net_wakeup_signal(bell->wakeup);
    }
    assert_int_equal(pthread_mutex_lock(&bell->lock), 0);
    bell->done += bell->queued;
    bell->queued = 0;
    assert_int_equal(pthread_mutex_unlock(&bell->lock), 0);
}

static int bell_setup(void **state)
{
    static struct bell bell;

    bell = (struct bell){.base = event_base_new()};
    assert_non_null(bell.base);
    assert_int_equal(pthread_mutex_init(&bell.lock, NULL), 0);
    assert_int_equal(net_wakeup_new(bell.base, bell_on_woken, &bell, &bell.wakeup), LB_OK);
    *state = &bell;
    return 0;
}

static int bell_teardown(void **state)
{
    struct bell *bell = *state;

    net_wakeup_free(bell->wakeup);
    event_base_free(bell->base);
    return pthread_mutex_destroy(&bell->lock);
}

static void many_signals_are_one_call(void **state)
{
    struct bell *bell = *state;

    for (int i = 0; i < 100; i++) {
        net_wakeup_signal(bell->wakeup);
    }
    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(bell->calls, 1);
}

static void a_signal_comes_at_its_time_and_asking_again_moves_it(void **state)
{
    struct bell *bell = *state;
    struct timeval begun;
    struct timeval ended;

    net_wakeup_signal_after(bell->wakeup, 3600000);
    net_wakeup_signal_after(bell->wakeup, 30);
    assert_int_equal(event_base_gettimeofday_cached(bell->base, &begun), 0);
    while (bell->calls == 0) {
        assert_int_equal(event_base_loop(bell->base, EVLOOP_ONCE), 0);
    }
    assert_int_equal(event_base_gettimeofday_cached(bell->base, &ended), 0);
    assert_in_range((ended.tv_sec - begun.tv_sec) * 1000000 + ended.tv_usec - begun.tv_usec, 25000,
                    10000000);
    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(bell->calls, 1);
}

static void without_a_signal_there_is_no_call(void **state)
{
    struct bell *bell = *state;

    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(bell->calls, 0);
}

static void a_signal_during_the_call_is_another_call(void **state)
{
    struct bell *bell = *state;

    bell->signals_itself = true;
    net_wakeup_signal(bell->wakeup);
    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(event_base_loop(bell->base, EVLOOP_NONBLOCK), 0);
    assert_int_equal(bell->calls, 2);
}

static void *put_jobs(void *arg)
{
    struct bell *bell = arg;

    for (int i = 0; i < JOBS_PER_EACH; i++) {
        (void)pthread_mutex_lock(&bell->lock);
        bell->queued++;
        (void)pthread_mutex_unlock(&bell->lock);
        net_wakeup_signal(bell->wakeup);
    }
    return NULL;
}

/* If one signal were lost, the loop would wait for ever and the test's deadline would tell. */
static void no_signal_of_any_thread_is_lost(void **state)
{
    struct bell *bell = *state;
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, put_jobs, bell), 0);
    }
    while (bell->done < (size_t)THREADS * JOBS_PER_EACH) {
        assert_int_equal(event_base_loop(bell->base, EVLOOP_ONCE), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(bell->done, THREADS * JOBS_PER_EACH);
    assert_true(bell->calls <= (size_t)THREADS * JOBS_PER_EACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bell_setup, bell_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_signals_are_one_call),
        TEST(a_signal_comes_at_its_time_and_asking_again_moves_it),
        TEST(without_a_signal_there_is_no_call),
        TEST(a_signal_during_the_call_is_another_call),
        TEST(no_signal_of_any_thread_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
