/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The way of requests between HTTP's thread and the loop's: what travels, how much may, and both
 * threads at once. Waiting is for the other thread's signal, with a deadline.
 */
#include "app/web_queue.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ITEMS     4
#define BYTES_MAX 10000
#define LARGE     4096 /* counted, as it is not kept with its item */
#define WAIT_S    10

static int queue_setup(void **state)
{
    struct web_queue *queue = calloc(1, sizeof(*queue));
    assert_non_null(queue);
    assert_int_equal(web_queue_init(queue, ITEMS, BYTES_MAX), LB_OK);
    *state = queue;
    return 0;
}

static int queue_teardown(void **state)
{
    struct web_queue *queue = *state;
    web_queue_fini(queue);
    const size_t left = atomic_load(&queue->bytes);
    free(queue);
    return left == 0 ? 0 : -1;
}

static struct web_item *ask(struct web_queue *queue, uint64_t serial, struct bytes payload)
{
    const struct http_request request = {
        .token = {.slot = serial % ITEMS, .serial = serial},
        .method = 7,
        .payload = payload,
        .peer = {.family = 4, .bytes = {127, 0, 0, 1}},
        .credentials = {.has_token = true, .token = {0xaa}},
    };
    return web_queue_take(queue, &request);
}

static struct bytes payload_of(size_t size)
{
    static const uint8_t data[BYTES_MAX + 1] = {1};
    return bytes_of(data, size);
}

/* --- accepts --- */

static void a_request_arrives_as_it_was_asked(void **state)
{
    struct web_queue *queue = *state;
    struct web_item *item = ask(queue, 5, BYTES_LITERAL("hello"));
    assert_non_null(item);
    assert_true(web_list_push(&queue->asked, item));
    assert_true(web_queue_has_next(queue));
    assert_ptr_equal(web_queue_next(queue), item);
    assert_int_equal(item->token.serial, 5);
    assert_int_equal(item->method, 7);
    assert_int_equal(item->peer.bytes[0], 127);
    assert_int_equal(item->credentials.token[0], 0xaa);
    assert_true(
        bytes_equal(bytes_of(item->request.data, item->request.size), BYTES_LITERAL("hello")));
    assert_null(web_queue_next(queue));
    assert_false(web_queue_has_next(queue));
}

static void requests_come_in_the_order_of_asking_and_the_first_wakes(void **state)
{
    struct web_queue *queue = *state;
    for (uint64_t i = 1; i <= 3; i++) {
        assert_int_equal(web_list_push(&queue->asked, ask(queue, i, payload_of(1))), i == 1);
    }
    assert_int_equal(web_queue_next(queue)->token.serial, 1);
    assert_true(web_list_push(&queue->asked, ask(queue, 4, payload_of(1)))); /* it was taken */
    for (uint64_t i = 2; i <= 4; i++) {
        assert_int_equal(web_queue_next(queue)->token.serial, i);
    }
    assert_null(web_queue_next(queue));
}

static void a_reply_finds_its_request_and_no_other(void **state)
{
    struct web_queue *queue = *state;
    assert_true(web_list_push(&queue->asked, ask(queue, 1, payload_of(1))));
    struct web_item *item = web_queue_next(queue);
    const uint64_t serial = item->serial;
    const uint32_t place = web_queue_place(queue, item);
    assert_ptr_equal(web_queue_find(queue, place, serial), item);
    assert_null(web_queue_find(queue, place, serial + 1));
    assert_null(web_queue_find(queue, place, 0));
    assert_null(web_queue_find(queue, ITEMS, serial));
    item->serial = 0; /* it was answered */
    assert_null(web_queue_find(queue, place, serial));
    web_queue_give(queue, item);
    assert_true(web_list_push(&queue->asked, ask(queue, 2, payload_of(1))));
    assert_ptr_equal(web_queue_next(queue), item); /* the same place */
    assert_null(web_queue_find(queue, place, serial));
    assert_ptr_equal(web_queue_find(queue, place, item->serial), item);
}

static void what_an_item_held_is_overwritten(void **state)
{
    static const uint8_t zeros[LB_TOKEN_BYTES] = {0};
    struct web_queue *queue = *state;
    struct web_item *item = ask(queue, 1, BYTES_LITERAL("password"));
    assert_true(web_bytes_set(queue, &item->reply, BYTES_LITERAL("token")));
    memset(item->cookie, 0xbb, sizeof(item->cookie));
    web_queue_give(queue, item);
    assert_memory_equal(item->request.data, zeros, strlen("password"));
    assert_memory_equal(item->reply.data, zeros, strlen("token"));
    assert_memory_equal(item->credentials.token, zeros, sizeof(zeros));
    assert_false(item->credentials.has_token);
    assert_memory_equal(item->cookie, zeros, sizeof(zeros));
}

/* --- rejects --- */

static void there_are_no_more_items_than_there_are(void **state)
{
    struct web_queue *queue = *state;
    struct web_item *items[ITEMS];
    for (uint64_t i = 0; i < ITEMS; i++) {
        items[i] = ask(queue, i, payload_of(1));
        assert_non_null(items[i]);
    }
    assert_null(ask(queue, 9, payload_of(1)));
    web_queue_give(queue, items[2]);
    assert_ptr_equal(ask(queue, 9, payload_of(1)), items[2]);
}

static void large_ones_have_a_bound_together_which_small_ones_do_not_meet(void **state)
{
    struct web_queue *queue = *state;
    struct web_item *first = ask(queue, 1, payload_of(LARGE));
    struct web_item *second = ask(queue, 2, payload_of(LARGE));
    assert_non_null(first);
    assert_non_null(second);
    assert_null(ask(queue, 3, payload_of(LARGE)));
    struct web_item *small = ask(queue, 4, payload_of(100));
    assert_non_null(small);
    assert_false(web_bytes_set(queue, &small->reply, payload_of(LARGE))); /* replies count too */
    assert_true(web_bytes_set(queue, &small->reply, payload_of(100)));
    web_queue_give(queue, first);
    assert_non_null(ask(queue, 5, payload_of(LARGE)));
    assert_null(ask(queue, 6, payload_of(BYTES_MAX + 1)));
}

static void a_request_that_is_refused_takes_no_item(void **state)
{
    struct web_queue *queue = *state;
    for (int i = 0; i < 3 * ITEMS; i++) {
        assert_null(ask(queue, 1, payload_of(BYTES_MAX + 1)));
    }
    for (uint64_t i = 0; i < ITEMS; i++) {
        assert_non_null(ask(queue, i, payload_of(0)));
    }
}

/* --- two threads --- */

#define ROUNDS UINT64_C(50000)

struct two {
    struct web_queue queue;
    sem_t asked; /* posted when a push says that somebody must be woken */
    sem_t answered;
    uint64_t served;
    bool is_ordered;
};

static bool wait_for(sem_t *signal)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    return sem_timedwait(signal, &until) == 0;
}

/* The loop: each request comes back as its own reply. */
static void *two_serve(void *context)
{
    struct two *two = context;
    while (two->served < ROUNDS && wait_for(&two->asked)) {
        struct web_item *item = NULL;
        while ((item = web_queue_next(&two->queue)) != NULL) {
            const struct bytes payload = bytes_of(item->request.data, item->request.size);
            two->served++;
            two->is_ordered = two->is_ordered && item->token.serial == two->served &&
                              item->serial == two->served &&
                              web_bytes_set(&two->queue, &item->reply, payload);
            item->serial = 0;
            if (web_list_push(&two->queue.answered, item)) {
                (void)sem_post(&two->answered);
            }
        }
    }
    return NULL;
}

/* HTTP: as many as there is room for, then what was answered. Returns how many were. */
static uint64_t two_collect(struct two *two, uint64_t had, bool *is_good)
{
    struct web_item *item = web_list_take(&two->queue.answered);
    while (item != NULL) {
        struct web_item *next = item->next;
        uint64_t number = 0;
        had++;
        memcpy(&number, item->reply.data, sizeof(number));
        *is_good = *is_good && number == had && item->token.serial == had;
        web_queue_give(&two->queue, item);
        item = next;
    }
    return had;
}

static void two_threads_lose_nothing_and_keep_the_order(void **state)
{
    struct two two = {.is_ordered = true};
    pthread_t loop;
    uint64_t asked = 0;
    uint64_t answered = 0;
    bool is_good = true;
    (void)state;
    assert_int_equal(web_queue_init(&two.queue, ITEMS, BYTES_MAX), LB_OK);
    assert_int_equal(sem_init(&two.asked, 0, 0) | sem_init(&two.answered, 0, 0), 0);
    assert_int_equal(pthread_create(&loop, NULL, two_serve, &two), 0);
    while (answered < ROUNDS && is_good) {
        struct web_item *item = NULL;
        uint64_t number = asked + 1;
        while (asked < ROUNDS &&
               (item = ask(&two.queue, number, bytes_of(&number, sizeof(number)))) != NULL) {
            number = ++asked + 1;
            if (web_list_push(&two.queue.asked, item)) {
                (void)sem_post(&two.asked);
            }
        }
        is_good = wait_for(&two.answered);
        answered = two_collect(&two, answered, &is_good);
    }
    assert_int_equal(pthread_join(loop, NULL), 0);
    assert_true(is_good && two.is_ordered);
    assert_int_equal(answered, ROUNDS);
    assert_int_equal(two.served, ROUNDS);
    (void)sem_destroy(&two.asked);
    (void)sem_destroy(&two.answered);
    web_queue_fini(&two.queue);
}

#define ON_QUEUE(name) cmocka_unit_test_setup_teardown(name, queue_setup, queue_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_QUEUE(a_request_arrives_as_it_was_asked),
        ON_QUEUE(requests_come_in_the_order_of_asking_and_the_first_wakes),
        ON_QUEUE(a_reply_finds_its_request_and_no_other),
        ON_QUEUE(what_an_item_held_is_overwritten),
        ON_QUEUE(there_are_no_more_items_than_there_are),
        ON_QUEUE(large_ones_have_a_bound_together_which_small_ones_do_not_meet),
        ON_QUEUE(a_request_that_is_refused_takes_no_item),
        cmocka_unit_test(two_threads_lose_nothing_and_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
