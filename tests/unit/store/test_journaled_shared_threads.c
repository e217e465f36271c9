/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Three stores at once over one log that fails now and then, each with a writer, a reader and
 * checkpoints: each writer counts up one row that all share, and leaves an id with each count, by
 * which it knows whether one of which it was told nothing got through. The seed is printed;
 * LB_TEST_SEED runs the same faults again.
 */
#include "shared_fixture.h"

#include "../../contract/model.h"

#include <sched.h>
#include <stdatomic.h>

#define COUNTS     250 /* of each writer */
#define TRIES_MAX  1000
#define TURN_MS    20000
#define COUNT_KEY  BYTES_LITERAL("count")
#define COUNT_SIZE 4

struct load {
    struct shared_fixture *fixture;
    struct worker {
        struct load *load;
        struct server *server;
        struct random_seeded random;
        uint8_t number;
    } workers[SERVERS];
    atomic_bool is_over;
    atomic_uint failures; /* cmocka's asserts are for the main thread only */
    atomic_uint retries;
    atomic_uint snapshots;
};

static void load_expect(struct load *load, bool is_true)
{
    if (!is_true) {
        atomic_fetch_add(&load->failures, 1);
    }
}

static uint32_t number_of(struct bytes bytes)
{
    struct wire_reader reader = {.left = bytes};
    return wire_get_u32(&reader);
}

static struct bytes bytes_of_number(uint32_t number, uint8_t bytes[COUNT_SIZE])
{
    struct wire_writer writer = {.data = bytes, .cap = COUNT_SIZE};
    wire_put_u32(&writer, number);
    return bytes_of(bytes, writer.size);
}

static void maybe_fail(struct worker *worker)
{
    static const enum shared_log_memory_fault faults[] = {
        MEMORY_FAULT_UNREACHABLE, MEMORY_FAULT_TURN_CUT,     MEMORY_FAULT_WRITE_LOST,
        MEMORY_FAULT_WRITE_KEPT,  MEMORY_FAULT_WRITE_PROVEN, MEMORY_FAULT_FULL,
    };
    struct shared_log_memory *memory = worker->load->fixture->memory;
    size_t event = random_below(&worker->random, 30);
    if (event < sizeof(faults) / sizeof(faults[0])) {
        shared_log_memory_fail(memory, faults[event],
                               1 + (unsigned)random_below(&worker->random, 4));
    } else if (event == 29) {
        shared_log_memory_fail_over(memory);
    }
}

/* ---- writing ---- */

/* The next count under that id, unless it is there already. */
static enum lb_result count_once(struct worker *worker, struct bytes id)
{
    const struct store_ops *ops = worker->server->ops;
    uint8_t count[COUNT_SIZE];
    struct store_group *group = NULL;
    struct bytes found = {0};
    enum lb_result result = ops->group_begin(worker->server->store, &group);
    if (result != LB_OK) {
        return result;
    }
    result = ops->group_get(group, TABLE_REQUEST, id, &found);
    if (result == LB_ENTRY_UNKNOWN) {
        result = ops->group_get(group, TABLE_META, COUNT_KEY, &found);
        uint32_t before = result == LB_OK ? number_of(found) : 0;
        result = ops->group_put(group, TABLE_META, COUNT_KEY, bytes_of_number(before + 1, count));
        load_expect(worker->load, result == LB_OK);
        result = ops->group_put(group, TABLE_REQUEST, id, bytes_of_number(before + 1, count));
    }
    load_expect(worker->load, result == LB_OK);
    struct store_wait wait;
    enum lb_result why = LB_OK;
    store_wait_init(&wait);
    enum store_outcome outcome = store_wait_commit(&wait, ops, group, &why);
    store_wait_fini(&wait);
    load_expect(worker->load, (outcome == STORE_COMMITTED) == (why == LB_OK));
    return why;
}

static void *write_counts(void *context)
{
    struct worker *worker = context;
    for (uint8_t i = 0; i < COUNTS; i++) {
        const uint8_t id[2] = {worker->number, i};
        enum lb_result result = LB_STORAGE_CONFLICT;
        for (unsigned tries = 0; result != LB_OK && tries < TRIES_MAX; tries++) {
            maybe_fail(worker);
            atomic_fetch_add(&worker->load->retries, tries > 0);
            result = count_once(worker, bytes_of(id, sizeof(id)));
            load_expect(worker->load, result == LB_OK || result == LB_STORE_UNREACHABLE ||
                                          result == LB_STORAGE_CONFLICT ||
                                          result == LB_STORAGE_FULL);
        }
        load_expect(worker->load, result == LB_OK);
        if (random_below(&worker->random, 4) == 0) {
            result = server_look(worker->server);
            load_expect(worker->load, result == LB_OK || result == LB_STORE_UNREACHABLE);
        }
    }
    return NULL;
}

/* ---- reading ---- */

/* The count, if there are as many ids; UINT32_MAX: that is no state of the book. */
static uint32_t snapshot_count(const struct store_ops *ops, struct store_snapshot *snapshot)
{
    static const uint8_t zero = 0;
    uint8_t after[3] = {0};
    struct bytes found = {0};
    struct bytes key = {0};
    enum lb_result result = ops->snapshot_get(snapshot, TABLE_META, COUNT_KEY, &found);
    uint32_t count = result == LB_OK ? number_of(found) : 0;
    uint32_t ids = 0;
    result = ops->snapshot_seek(snapshot, TABLE_REQUEST, bytes_of(&zero, 1), true, 0, &key, &found);
    while (result == LB_OK && key.size == 2 && number_of(found) <= count) {
        ids++;
        memcpy(after, key.data, key.size);
        result =
            ops->snapshot_seek(snapshot, TABLE_REQUEST, bytes_of(after, 3), true, 0, &key, &found);
    }
    return result == LB_ENTRY_UNKNOWN && ids == count ? count : UINT32_MAX;
}

static void *read_counts(void *context)
{
    struct worker *worker = context;
    const struct store_ops *ops = worker->server->ops;
    uint32_t least = 0;
    while (!atomic_load(&worker->load->is_over)) {
        struct store_snapshot *snapshot = NULL;
        if (ops->snapshot_open(worker->server->store, &snapshot) != LB_OK) {
            load_expect(worker->load, false);
            break;
        }
        uint32_t count = snapshot_count(ops, snapshot);
        ops->snapshot_close(snapshot);
        load_expect(worker->load, count != UINT32_MAX && count >= least);
        least = count;
        atomic_fetch_add(&worker->load->snapshots, 1);
        sched_yield();
    }
    return NULL;
}

static void *make_checkpoints(void *context)
{
    struct worker *worker = context;
    while (!atomic_load(&worker->load->is_over)) {
        load_expect(worker->load, worker->server->ops->checkpoint(worker->server->store) == LB_OK);
        sched_yield();
    }
    return NULL;
}

/* ---- all at once ---- */

static void what_many_count_at_once_is_counted_once_each(void **state)
{
    static struct load load;
    struct shared_fixture *fixture = *state;
    struct random_seeded random = random_start();
    pthread_t writers[SERVERS], readers[SERVERS], checkpointer;
    fixture->memory->turn_wait_ms = TURN_MS;
    fixture->servers[1].options.recent_bytes_max = 1;
    fixture->servers[2].options.checkpoint_ms = 1;
    load.fixture = fixture;
    for (uint8_t i = 0; i < SERVERS; i++) {
        server_open(fixture, i);
        load.workers[i] = (struct worker){
            &load, &fixture->servers[i], {random_seeded_next(&random)}, (uint8_t)(i + 1)};
    }
    for (size_t i = 0; i < SERVERS; i++) {
        assert_int_equal(pthread_create(&writers[i], NULL, write_counts, &load.workers[i]), 0);
        assert_int_equal(pthread_create(&readers[i], NULL, read_counts, &load.workers[i]), 0);
    }
    assert_int_equal(pthread_create(&checkpointer, NULL, make_checkpoints, &load.workers[0]), 0);
    for (size_t i = 0; i < SERVERS; i++) {
        assert_int_equal(pthread_join(writers[i], NULL), 0);
    }
    atomic_store(&load.is_over, true);
    for (size_t i = 0; i < SERVERS; i++) {
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    }
    assert_int_equal(pthread_join(checkpointer, NULL), 0);
    assert_int_equal(atomic_load(&load.failures), 0);
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_NONE, 0);
    for (size_t i = 0; i < SERVERS; i++) {
        struct server *server = &fixture->servers[i];
        struct store_snapshot *snapshot = NULL;
        assert_int_equal(server_look(server), LB_OK);
        assert_int_equal(server->ops->snapshot_open(server->store, &snapshot), LB_OK);
        assert_int_equal(snapshot_count(server->ops, snapshot), SERVERS * COUNTS);
        server->ops->snapshot_close(snapshot);
    }
    print_message("  %u tries again, %u snapshots\n", atomic_load(&load.retries),
                  atomic_load(&load.snapshots));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_SERVERS(what_many_count_at_once_is_counted_once_each),
    };
    return cmocka_run_group_tests_name("store over a shared log, threads", tests, NULL, NULL);
}
