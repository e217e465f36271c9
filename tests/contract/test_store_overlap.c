/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journaled store with several groups under way, readers, checkpoints and a map that grows, all
 * at once. Group n leaves its number in all of a set of rows, and adds the entry n: so every state
 * that may be seen tells by itself whether it is one.
 */
#include "../unit/store/file_limit.h"
#include "journaled.h"
#include "model.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define LOAD_ROWS        48
#define LOAD_GROUPS      600
#define LOAD_READERS     3
#define ENTRY_BYTES_MAX  30000
#define UNDER_WAY_MAX    (STORE_JOURNALED_COMMITS_MAX - 1)
#define GROUPS_MAX       1024
#define LIMIT_FILE_BYTES 4096

/* The groups of a test, in the order of their commits. */
struct load {
    struct fixture *fixture;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct group_note {
        struct load *load;
        uint64_t number; /* in what the group puts */
        uint8_t key[8];
        enum store_outcome outcome;
        enum lb_result why;
        bool is_ended;
    } notes[GROUPS_MAX];
    unsigned committed; /* handed over */
    unsigned ended;
    bool is_out_of_order;
    _Atomic uint64_t begun; /* the newest number handed over */
    _Atomic uint64_t done;  /* the newest number known as durable */
    atomic_bool is_over;
    atomic_uint failures; /* cmocka's asserts are for the main thread only */
    atomic_uint snapshots;
    atomic_uint checkpoints;
};

static struct load *load_new(struct fixture *fixture)
{
    struct load *load = calloc(1, sizeof(*load));
    assert_non_null(load);
    load->fixture = fixture;
    assert_int_equal(pthread_mutex_init(&load->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&load->moved, NULL), 0);
    return load;
}

static void load_free(struct load *load)
{
    assert_false(load->is_out_of_order);
    assert_int_equal(atomic_load(&load->failures), 0);
    assert_int_equal(load->ended, load->committed);
    (void)pthread_cond_destroy(&load->moved);
    (void)pthread_mutex_destroy(&load->lock);
    free(load);
}

static void number_bytes(uint64_t number, uint8_t bytes[8])
{
    for (int i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)number;
        number >>= 8;
    }
}

static void load_is_done(enum store_outcome outcome, enum lb_result why, void *context)
{
    struct group_note *note = context;
    struct load *load = note->load;
    if (outcome == STORE_COMMITTED) {
        atomic_store(&load->done, note->number);
    }
    pthread_mutex_lock(&load->lock);
    load->is_out_of_order = load->is_out_of_order || note != &load->notes[load->ended];
    note->outcome = outcome;
    note->why = why;
    note->is_ended = true;
    load->ended++;
    pthread_cond_broadcast(&load->moved);
    pthread_mutex_unlock(&load->lock);
}

static void load_wait(struct load *load, unsigned under_way)
{
    pthread_mutex_lock(&load->lock);
    while (load->committed - load->ended > under_way) {
        pthread_cond_wait(&load->moved, &load->lock);
    }
    pthread_mutex_unlock(&load->lock);
}

static const uint8_t entry_bytes[ENTRY_BYTES_MAX] = {1, 2, 3};

/* Begins a group, when there is a place, and hands it over; does not wait for its end. */
static void load_commit(struct load *load, uint64_t number, size_t entry_size)
{
    static uint8_t rows[LOAD_ROWS];
    load_wait(load, UNDER_WAY_MAX);
    const struct store_ops *ops = load->fixture->ops;
    struct store_group *group = begin(load->fixture);
    assert_true(load->committed < GROUPS_MAX);
    struct group_note *note = &load->notes[load->committed];
    note->load = load;
    note->number = number;
    number_bytes(number, note->key);
    struct bytes key = bytes_of(note->key, sizeof(note->key));
    for (size_t i = 0; i < LOAD_ROWS; i++) {
        rows[i] = (uint8_t)i;
        assert_int_equal(ops->group_put(group, TABLE_MEMBER, bytes_of(&rows[i], 1), key), LB_OK);
    }
    assert_int_equal(ops->group_put(group, TABLE_ENTRY, key, bytes_of(entry_bytes, entry_size)),
                     LB_OK);
    atomic_store(&load->begun, number);
    pthread_mutex_lock(&load->lock);
    load->committed++;
    pthread_mutex_unlock(&load->lock);
    ops->group_commit(group, load_is_done, note);
}

/* The number that a snapshot's rows tell, if it is one state; UINT64_MAX: it is none. */
static uint64_t snapshot_number(const struct store_ops *ops, struct store_snapshot *snapshot)
{
    uint8_t number[8] = {0};
    for (uint8_t i = 0; i < LOAD_ROWS; i++) {
        struct bytes value;
        enum lb_result result = ops->snapshot_get(snapshot, TABLE_MEMBER, bytes_of(&i, 1), &value);
        bool is_first = i == 0;
        if (result == LB_ENTRY_UNKNOWN && is_first) {
            return 0;
        }
        if (result != LB_OK || value.size != sizeof(number) ||
            (!is_first && memcmp(number, value.data, sizeof(number)) != 0)) {
            return UINT64_MAX;
        }
        memcpy(number, value.data, sizeof(number));
    }
    struct bytes found, value;
    struct bytes last = BYTES_LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff");
    enum lb_result result =
        ops->snapshot_seek(snapshot, TABLE_ENTRY, last, false, 0, &found, &value);
    if (result != LB_OK || !bytes_equal(found, bytes_of(number, sizeof(number)))) {
        return UINT64_MAX;
    }
    uint64_t told = 0;
    for (size_t i = 0; i < sizeof(number); i++) {
        told = told << 8 | number[i];
    }
    return told;
}

static void assert_number(struct fixture *fixture, uint64_t number)
{
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_int_equal(snapshot_number(fixture->ops, snapshot), number);
    for (uint64_t i = 1; i <= number; i++) {
        uint8_t key[8];
        struct bytes value;
        number_bytes(i, key);
        assert_int_equal(
            fixture->ops->snapshot_get(snapshot, TABLE_ENTRY, bytes_of(key, 8), &value), LB_OK);
        assert_true(bytes_equal(value, bytes_of(entry_bytes, value.size)));
    }
    fixture->ops->snapshot_close(snapshot);
}

/* ---- accepts ---- */

static void commits_under_way_together_end_in_their_order_and_are_all_there(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = random_start();
    struct store_journaled_options options = quiet_options(fixture);
    options.idle_ms = 1; /* markers in between */
    open_with(fixture, &options);
    struct load *load = load_new(fixture);
    for (uint64_t number = 1; number <= LOAD_GROUPS; number++) {
        bool is_small = random_below(&random, 3) > 0; /* the writer's own, or the committer's */
        load_commit(load, number, random_below(&random, is_small ? 1000 : ENTRY_BYTES_MAX));
        if (random_below(&random, 10) == 0) {
            load_wait(load, 0);
            assert_int_equal(atomic_load(&load->done), number);
        }
    }
    load_wait(load, 0);
    for (unsigned i = 0; i < LOAD_GROUPS; i++) {
        assert_int_equal(load->notes[i].outcome, STORE_COMMITTED);
    }
    crash_and_open(fixture, &options);
    assert_number(fixture, LOAD_GROUPS);
    load_free(load);
}

static void a_group_reads_what_those_under_way_before_it_put(void **state)
{
    struct fixture *fixture = *state;
    open_quietly(fixture);
    struct load *load = load_new(fixture);
    for (uint64_t number = 1; number <= 100; number++) {
        load_commit(load, number, ENTRY_BYTES_MAX);
        load_wait(load, UNDER_WAY_MAX);
        struct store_group *group = begin(fixture);
        uint8_t key[8], row = 0;
        struct bytes found, value;
        number_bytes(number, key);
        assert_int_equal(fixture->ops->group_get(group, TABLE_MEMBER, bytes_of(&row, 1), &value),
                         LB_OK);
        assert_memory_equal(value.data, key, sizeof(key));
        assert_int_equal(
            fixture->ops->group_seek(group, TABLE_ENTRY, bytes_of(key, 8), true, 0, &found, &value),
            LB_OK);
        assert_int_equal(value.size, ENTRY_BYTES_MAX);
        fixture->ops->group_abort(group);
    }
    load_wait(load, 0);
    load_free(load);
}

static void closing_with_commits_under_way_ends_them_first(void **state)
{
    struct fixture *fixture = *state;
    struct load *load = load_new(fixture);
    uint64_t number = 0;
    for (unsigned i = 0; i < 20; i++) {
        open_quietly(fixture);
        for (unsigned j = 0; j < UNDER_WAY_MAX; j++) {
            load_commit(load, ++number, j % 2 == 0 ? ENTRY_BYTES_MAX : 10);
        }
        fixture_close(fixture);
        assert_int_equal(load->ended, number);
        assert_int_equal(load->notes[number - 1].outcome, STORE_COMMITTED);
    }
    open_quietly(fixture);
    assert_number(fixture, number);
    load_free(load);
}

static void *checkpoint_once(void *context)
{
    struct fixture *fixture = context;
    return fixture->ops->checkpoint(fixture->store) == LB_OK ? context : NULL;
}

/* From another thread, though the map need not grow: who waits holds no snapshot. */
static void a_snapshot_stays_as_it_was_through_checkpoints(void **state)
{
    struct fixture *fixture = *state;
    open_quietly(fixture);
    struct load *load = load_new(fixture);
    load_commit(load, 1, 100);
    load_wait(load, 0);
    struct store_snapshot *first = snapshot_open(fixture);
    for (uint64_t number = 2; number <= 6; number++) {
        load_commit(load, number, 100);
        load_wait(load, 0);
        struct store_snapshot *before = snapshot_open(fixture);
        pthread_t thread;
        void *result = NULL;
        assert_int_equal(pthread_create(&thread, NULL, checkpoint_once, fixture), 0);
        assert_int_equal(pthread_join(thread, &result), 0);
        assert_non_null(result);
        assert_int_equal(snapshot_number(fixture->ops, first), 1);
        assert_int_equal(snapshot_number(fixture->ops, before), number);
        fixture->ops->snapshot_close(before);
        assert_number(fixture, number);
    }
    fixture->ops->snapshot_close(first);
    load_free(load);
}

/* ---- all at once ---- */

static void *load_reader(void *context)
{
    struct load *load = context;
    const struct store_ops *ops = load->fixture->ops;
    while (!atomic_load(&load->is_over)) {
        uint64_t least = atomic_load(&load->done);
        struct store_snapshot *snapshot = NULL;
        if (ops->snapshot_open(load->fixture->store, &snapshot) != LB_OK) {
            atomic_fetch_add(&load->failures, 1);
            return NULL;
        }
        uint64_t most = atomic_load(&load->begun);
        uint64_t number = snapshot_number(ops, snapshot);
        uint64_t again = snapshot_number(ops, snapshot);
        ops->snapshot_close(snapshot);
        if (number < least || number > most || number != again) {
            atomic_fetch_add(&load->failures, 1);
        }
        atomic_fetch_add(&load->snapshots, 1);
    }
    return NULL;
}

static void *load_checkpointer(void *context)
{
    struct load *load = context;
    while (!atomic_load(&load->is_over)) {
        if (load->fixture->ops->checkpoint(load->fixture->store) != LB_OK) {
            atomic_fetch_add(&load->failures, 1);
            return NULL;
        }
        atomic_fetch_add(&load->checkpoints, 1);
        struct store_stats stats;
        load->fixture->ops->stats(load->fixture->store, &stats);
        (void)sched_yield();
    }
    return NULL;
}

static void
readers_see_durable_groups_while_others_commit_checkpoints_run_and_the_map_grows(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 0; /* the least there is */
    struct store_journaled_options options = quiet_options(fixture);
    options.idle_ms = 1;
    open_with(fixture, &options);
    struct load *load = load_new(fixture);
    pthread_t threads[LOAD_READERS + 1];
    for (size_t i = 0; i <= LOAD_READERS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, i == 0 ? load_checkpointer : load_reader, load), 0);
    }
    for (uint64_t number = 1; number <= LOAD_GROUPS; number++) {
        load_commit(load, number, number % 5 == 0 ? ENTRY_BYTES_MAX : 500);
    }
    load_wait(load, 0);
    while ((atomic_load(&load->checkpoints) < 2 || atomic_load(&load->snapshots) < 20) &&
           atomic_load(&load->failures) == 0) {
        (void)sched_yield();
    }
    atomic_store(&load->is_over, true);
    for (size_t i = 0; i <= LOAD_READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    struct store_stats stats;
    fixture->ops->stats(fixture->store, &stats);
    assert_true(stats.map_bytes > 1u << 20);
    assert_number(fixture, LOAD_GROUPS);
    crash_and_open(fixture, &options);
    assert_number(fixture, LOAD_GROUPS);
    load_free(load);
}

/* ---- faults ---- */

/* The first of a row finds no space. Those that were begun before that was known are refused with
 * it; one begun later may find none itself. */
static void groups_begun_upon_one_that_found_no_space_are_refused_with_it(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    options.lmdb.free_bytes_min = 0;
    open_with(fixture, &options);
    struct load *load = load_new(fixture);
    uint64_t durable = 0;
    for (unsigned round = 0; round < 15; round++) {
        unsigned first = load->committed;
        set_file_bytes_max(LIMIT_FILE_BYTES);
        for (unsigned i = 0; i < UNDER_WAY_MAX; i++) {
            load_commit(load, durable + 1 + i, ENTRY_BYTES_MAX);
        }
        load_wait(load, 0);
        set_file_bytes_max(RLIM_INFINITY);
        for (unsigned i = first; i < load->committed; i++) {
            const struct group_note *note = &load->notes[i];
            assert_int_equal(note->outcome, STORE_RETRY);
            assert_true(note->why == LB_STORAGE_FULL ||
                        (i > first && note->why == LB_STORAGE_CONFLICT));
        }
        assert_number(fixture, durable);
        if (round % 5 == 4) { /* what is refused is in no checkpoint */
            load_commit(load, ++durable, 10);
            load_wait(load, 0);
            assert_int_equal(fixture->ops->checkpoint(fixture->store), LB_OK);
        }
    }
    crash_and_open(fixture, &options);
    assert_number(fixture, durable);
    load_commit(load, durable + 1, ENTRY_BYTES_MAX);
    load_wait(load, 0);
    assert_number(fixture, durable + 1);
    load_free(load);
}

int main(void)
{
#define IN_DIRECTORY(name) cmocka_unit_test_setup_teardown(name, setup_directory, teardown)
    static const struct CMUnitTest tests[] = {
        IN_DIRECTORY(commits_under_way_together_end_in_their_order_and_are_all_there),
        IN_DIRECTORY(a_group_reads_what_those_under_way_before_it_put),
        IN_DIRECTORY(closing_with_commits_under_way_ends_them_first),
        IN_DIRECTORY(a_snapshot_stays_as_it_was_through_checkpoints),
        IN_DIRECTORY(
            readers_see_durable_groups_while_others_commit_checkpoints_run_and_the_map_grows),
        IN_DIRECTORY(groups_begun_upon_one_that_found_no_space_are_refused_with_it),
    };
    return cmocka_run_group_tests_name("store, overlap", tests, NULL, NULL);
}
