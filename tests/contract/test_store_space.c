/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* A map that grows, alone and below readers; a disk that is full, by rule and in fact. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define GROWTH_ROWS        400
#define GROWTH_VALUE_BYTES 3000

/* Values that stay for as long as a group lasts. */
static const uint8_t growth_value[GROWTH_VALUE_BYTES] = {7};

static void key_of_number(unsigned number, uint8_t key[4])
{
    key[0] = (uint8_t)(number >> 24);
    key[1] = (uint8_t)(number >> 16);
    key[2] = (uint8_t)(number >> 8);
    key[3] = (uint8_t)number;
}

/* One group of rows first .. first + count - 1. */
static struct ending commit_rows(struct fixture *fixture, unsigned first, unsigned count)
{
    static uint8_t keys[GROWTH_ROWS][4]; /* they live until the group is over */
    assert_true(count <= GROWTH_ROWS);
    struct store_group *group = begin(fixture);
    for (unsigned i = 0; i < count; i++) {
        key_of_number(first + i, keys[i]);
        assert_int_equal(fixture->ops->group_put(group, TABLE_ENTRY, bytes_of(keys[i], 4),
                                                 bytes_of(growth_value, sizeof(growth_value))),
                         LB_OK);
    }
    struct ending ending = {0};
    fixture->ops->group_commit(group, note_ending, &ending);
    assert_int_equal(ending.calls, 1);
    return ending;
}

static unsigned count_rows(struct fixture *fixture, struct store_snapshot *snapshot)
{
    unsigned count = 0;
    uint8_t key[4] = {0};
    struct bytes found;
    struct bytes value;
    while (fixture->ops->snapshot_get(snapshot, TABLE_ENTRY, bytes_of(key, 4), &value) == LB_OK) {
        assert_true(bytes_equal(value, bytes_of(growth_value, sizeof(growth_value))));
        key_of_number(++count, key);
    }
    /* No gap: nothing lies beyond the first missing row. */
    assert_int_equal(fixture->ops->snapshot_seek(snapshot, TABLE_ENTRY, bytes_of(key, 4), true, 0,
                                                 &found, &value),
                     LB_ENTRY_UNKNOWN);
    return count;
}

/* ---- the map ---- */

static void the_map_grows_in_the_middle_of_a_group_and_loses_no_row(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 0; /* the least there is */
    fixture_open_lmdb(fixture);
    struct store_stats before;
    fixture->ops->stats(fixture->store, &before);
    assert_int_equal(commit_rows(fixture, 0, GROWTH_ROWS).outcome, STORE_COMMITTED);
    struct store_stats after;
    fixture->ops->stats(fixture->store, &after);
    assert_true(after.map_bytes >= 8 * before.map_bytes);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_int_equal(count_rows(fixture, snapshot), GROWTH_ROWS);
    fixture->ops->snapshot_close(snapshot);
}

static void deletes_are_made_again_after_growth(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 0;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "doomed", "value");
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "doomed");
    del(fixture, group, TABLE_META, "never there");
    static uint8_t large[1 << 20];
    assert_int_equal(fixture->ops->group_put(group, TABLE_TILE, BYTES_LITERAL("large"),
                                             bytes_of(large, sizeof(large))),
                     LB_OK);
    commit(fixture, group);
    assert_row(fixture, TABLE_META, "doomed", NULL);
}

static void a_map_at_its_greatest_size_is_a_full_store_that_still_reads(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 0;
    fixture->lmdb.map_bytes_max = 256u << 10;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    static uint8_t large[1 << 20];
    struct store_group *group = begin(fixture);
    assert_int_equal(fixture->ops->group_put(group, TABLE_TILE, BYTES_LITERAL("large"),
                                             bytes_of(large, sizeof(large))),
                     LB_STORAGE_FULL);
    fixture->ops->group_abort(group);
    assert_row(fixture, TABLE_META, "key", "value");
    commit_row(fixture, TABLE_META, "small", "still fits");
    assert_row(fixture, TABLE_META, "small", "still fits");
}

struct readers {
    struct fixture *fixture;
    atomic_bool is_over;
    atomic_uint snapshots;
    atomic_uint failures; /* cmocka's asserts are for the main thread only */
};

static void *read_until_over(void *context)
{
    struct readers *readers = context;
    const struct store_ops *ops = readers->fixture->ops;
    while (!atomic_load(&readers->is_over)) {
        struct store_snapshot *snapshot = NULL;
        if (ops->snapshot_open(readers->fixture->store, &snapshot) != LB_OK) {
            atomic_fetch_add(&readers->failures, 1);
            break;
        }
        struct store_stats stats;
        ops->stats(readers->fixture->store, &stats);
        uint8_t key[4];
        struct bytes value;
        for (unsigned i = 0; i < 50; i++) {
            key_of_number(i * 7, key);
            enum lb_result result =
                ops->snapshot_get(snapshot, TABLE_ENTRY, bytes_of(key, 4), &value);
            bool is_right = result == LB_OK ? value.size == GROWTH_VALUE_BYTES && value.data[0] == 7
                                            : result == LB_ENTRY_UNKNOWN;
            if (!is_right) {
                atomic_fetch_add(&readers->failures, 1);
            }
        }
        ops->snapshot_close(snapshot);
        atomic_fetch_add(&readers->snapshots, 1);
    }
    return NULL;
}

static void the_map_grows_while_other_threads_read(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 0;
    fixture_open_lmdb(fixture);
    struct readers readers = {.fixture = fixture};
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, read_until_over, &readers), 0);
    }
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(commit_rows(fixture, i * 50, 50).outcome, STORE_COMMITTED);
    }
    while (atomic_load(&readers.snapshots) < 10 && atomic_load(&readers.failures) == 0) {
        (void)sched_yield();
    }
    atomic_store(&readers.is_over, true);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&readers.failures), 0);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_int_equal(count_rows(fixture, snapshot), 1000);
    fixture->ops->snapshot_close(snapshot);
}

/* ---- the disk ---- */

static void a_commit_that_would_leave_too_little_space_is_refused_early(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    fixture_close(fixture);
    fixture->lmdb.free_bytes_min = UINT64_MAX;
    fixture_open_lmdb(fixture);
    struct ending ending = commit_rows(fixture, 0, 1);
    assert_int_equal(ending.outcome, STORE_RETRY);
    assert_int_equal(ending.why, LB_STORAGE_FULL);
    assert_row(fixture, TABLE_META, "key", "value"); /* reading goes on */
    commit(fixture, begin(fixture));                 /* a group without changes needs no space */
}

static bool set_file_bytes_max(rlim_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = bytes;
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/* In a process whose files may not grow: the kernel refuses the pages in the middle of
 * mdb_txn_commit. A limit on a page's border makes writes fail rather than fall short. */
static void run_out_of_space(struct fixture *fixture)
{
    fixture->lmdb.free_bytes_min = 0;
    fixture_open_lmdb(fixture);
    assert_int_equal(commit_rows(fixture, 0, 10).outcome, STORE_COMMITTED);
    char path[PATH_MAX];
    assert_true(snprintf(path, sizeof(path), "%s/data.mdb", fixture->directory) < PATH_MAX);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_true(set_file_bytes_max((rlim_t)about.st_size));
    for (unsigned i = 0; i < 3; i++) {
        struct ending ending = commit_rows(fixture, 10, 5);
        if (ending.outcome == STORE_COMMITTED) {
            continue; /* it fitted into pages that were free */
        }
        assert_int_equal(ending.outcome, STORE_RETRY);
        assert_int_equal(ending.why, LB_STORAGE_FULL);
    }
    struct ending ending = commit_rows(fixture, 10, 200);
    assert_int_equal(ending.outcome, STORE_RETRY);
    assert_int_equal(ending.why, LB_STORAGE_FULL);
    assert_true(set_file_bytes_max(RLIM_INFINITY));
    assert_int_equal(commit_rows(fixture, 10, 200).outcome, STORE_COMMITTED);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_int_equal(count_rows(fixture, snapshot), 210);
    fixture->ops->snapshot_close(snapshot);
    fixture_close(fixture);
}

/* The same with a limit in the middle of a page: LMDB sees a short write, and calls it EIO. */
static void meet_short_write(struct fixture *fixture)
{
    fixture->lmdb.free_bytes_min = 0;
    fixture_open_lmdb(fixture);
    assert_int_equal(commit_rows(fixture, 0, 10).outcome, STORE_COMMITTED);
    char path[PATH_MAX];
    assert_true(snprintf(path, sizeof(path), "%s/data.mdb", fixture->directory) < PATH_MAX);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_true(set_file_bytes_max((rlim_t)about.st_size + 1000));
    struct ending ending = commit_rows(fixture, 10, 200);
    assert_int_equal(ending.outcome, STORE_UNKNOWN);
    assert_int_equal(ending.why, LB_STORAGE_FAULT);
    struct store_group *group = NULL;
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_STORAGE_FAULT);
    assert_int_equal(fixture->ops->snapshot_open(fixture->store, &snapshot), LB_STORAGE_FAULT);
    fixture_close(fixture);
    assert_true(set_file_bytes_max(RLIM_INFINITY));
    fixture_open_lmdb(fixture);
    snapshot = snapshot_open(fixture);
    assert_int_equal(count_rows(fixture, snapshot), 10);
    fixture->ops->snapshot_close(snapshot);
    assert_int_equal(commit_rows(fixture, 10, 200).outcome, STORE_COMMITTED);
    fixture_close(fixture);
}

/* Files' limits are of the whole process, so such tests have one of their own. Then all 210 rows
 * are there. */
static void assert_in_child(struct fixture *fixture, void (*act)(struct fixture *))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        act(fixture);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    fixture_open_lmdb(fixture);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    assert_int_equal(count_rows(fixture, snapshot), 210);
    fixture->ops->snapshot_close(snapshot);
}

static void
a_commit_that_fails_in_another_way_is_unknown_until_the_store_is_opened_again(void **state)
{
    assert_in_child(*state, meet_short_write);
}

static void a_disk_that_fills_up_loses_nothing_and_writing_goes_on_when_there_is_space(void **state)
{
    assert_in_child(*state, run_out_of_space);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_DIRECTORY(the_map_grows_in_the_middle_of_a_group_and_loses_no_row),
        ON_DIRECTORY(deletes_are_made_again_after_growth),
        ON_DIRECTORY(a_map_at_its_greatest_size_is_a_full_store_that_still_reads),
        ON_DIRECTORY(the_map_grows_while_other_threads_read),
        ON_DIRECTORY(a_commit_that_would_leave_too_little_space_is_refused_early),
        ON_DIRECTORY(a_commit_that_fails_in_another_way_is_unknown_until_the_store_is_opened_again),
        ON_DIRECTORY(a_disk_that_fills_up_loses_nothing_and_writing_goes_on_when_there_is_space),
    };
    return cmocka_run_group_tests_name("store, space", tests, NULL, NULL);
}
