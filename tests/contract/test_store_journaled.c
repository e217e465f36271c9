/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The journaled store's life: closing, dying, starting, reading only, damage, a full disk. */
#include "../unit/store/file_limit.h"
#include "journaled.h"

#define LARGE_BYTES 20000

static uint64_t recent_bytes(struct fixture *fixture)
{
    struct store_stats stats;
    fixture->ops->stats(fixture->store, &stats);
    return stats.recent_bytes;
}

static void checkpoint(struct fixture *fixture)
{
    assert_int_equal(fixture->ops->checkpoint(fixture->store), LB_OK);
}

/* ---- accepts ---- */

static void what_was_committed_is_there_after_closing_and_opening(void **state)
{
    struct fixture *fixture = *state;
    open_quietly(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    commit_row(fixture, TABLE_META, "gone", "value");
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "gone");
    commit(fixture, group);
    commit(fixture, begin(fixture)); /* without changes */
    fixture_close(fixture);
    fixture->lmdb.book = (struct id){{9, 9, 9}}; /* of no use for a book that exists */
    open_quietly(fixture);
    assert_int_equal(recent_bytes(fixture), 0); /* closing made a checkpoint */
    assert_row(fixture, TABLE_META, "key", "value");
    assert_row(fixture, TABLE_META, "gone", NULL);
    struct id book = store_journaled_book(fixture->store);
    assert_true(id_equal(&book, &(struct id){{1, 2, 3}}));
}

static void what_was_committed_is_there_after_a_crash_with_and_without_a_checkpoint(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "first", "1");
    commit_row(fixture, TABLE_META, "changed", "before");
    crash_and_open(fixture, &options);
    assert_true(recent_bytes(fixture) > 0);
    assert_row(fixture, TABLE_META, "first", "1");
    checkpoint(fixture);
    commit_row(fixture, TABLE_META, "changed", "after");
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "first");
    commit(fixture, group);
    crash_and_open(fixture, &options);
    assert_row(fixture, TABLE_META, "first", NULL);
    assert_row(fixture, TABLE_META, "changed", "after");
    checkpoint(fixture);
    crash_and_open(fixture, &options);
    assert_int_equal(recent_bytes(fixture), 0);
    assert_row(fixture, TABLE_META, "first", NULL);
    assert_row(fixture, TABLE_META, "changed", "after");
}

static void a_row_of_crashes_loses_nothing_and_takes_no_more_space(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "key", "value");
    struct store_stats first = {0};
    for (unsigned i = 0; i < 10; i++) {
        crash_and_open(fixture, &options);
        assert_row(fixture, TABLE_META, "key", "value");
        struct store_stats stats;
        fixture->ops->stats(fixture->store, &stats);
        first = i == 0 ? stats : first;
        assert_int_equal(stats.journal_bytes, first.journal_bytes);
    }
}

static void a_checkpoint_frees_memory_and_journal(void **state)
{
    struct fixture *fixture = *state;
    open_quietly(fixture);
    static char large[LARGE_BYTES + 1];
    memset(large, 'x', LARGE_BYTES);
    for (char key = 'a'; key <= 'z'; key++) {
        commit_row(fixture, TABLE_META, (char[]){key, '\0'}, large);
    }
    struct store_stats before, after;
    fixture->ops->stats(fixture->store, &before);
    checkpoint(fixture);
    checkpoint(fixture); /* nothing to do */
    fixture->ops->stats(fixture->store, &after);
    assert_true(before.recent_bytes >= 26 * LARGE_BYTES);
    assert_true(before.journal_bytes >= 26 * LARGE_BYTES);
    assert_int_equal(after.recent_bytes, 0);
    assert_int_equal(after.checkpoints, before.checkpoints + 1);
    assert_row(fixture, TABLE_META, "q", large);
    fixture_close(fixture); /* by when the files are freed */
    open_quietly(fixture);
    fixture->ops->stats(fixture->store, &after);
    assert_true(after.journal_bytes < before.journal_bytes / 2);
}

/* Rows of the log have the entry's number for a key. */
static void commit_entry(struct fixture *fixture, uint8_t number)
{
    const uint8_t key[8] = {[7] = number};
    struct store_group *group = begin(fixture);
    assert_int_equal(fixture->ops->group_put(group, TABLE_ENTRY, bytes_of(key, sizeof(key)),
                                             BYTES_LITERAL("entry")),
                     LB_OK);
    commit(fixture, group);
}

static struct store_stats stats_of(struct fixture *fixture)
{
    struct store_stats stats;
    fixture->ops->stats(fixture->store, &stats);
    return stats;
}

static void the_newest_entry_of_the_last_checkpoint_is_known_before_and_after_a_crash(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    assert_int_equal(stats_of(fixture).checkpoint_entry, 0);
    assert_int_equal(stats_of(fixture).checkpoint_ms, 0);
    commit_entry(fixture, 1);
    commit_entry(fixture, 2);
    assert_int_equal(stats_of(fixture).checkpoint_entry, 0);
    checkpoint(fixture);
    assert_int_equal(stats_of(fixture).checkpoint_entry, 2);
    assert_true(stats_of(fixture).checkpoint_ms > 0);
    commit_row(fixture, TABLE_META, "key", "value");
    checkpoint(fixture); /* without entries */
    assert_int_equal(stats_of(fixture).checkpoint_entry, 2);
    commit_entry(fixture, 3);
    crash_and_open(fixture, &options);
    assert_int_equal(stats_of(fixture).checkpoint_entry, 2); /* the third is in the journal */
    assert_int_equal(stats_of(fixture).checkpoint_ms, 0);
    fixture_close(fixture); /* which makes a checkpoint */
    open_with(fixture, &options);
    assert_int_equal(stats_of(fixture).checkpoint_entry, 3);
}

static void many_rows_in_memory_call_for_a_checkpoint(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    options.recent_bytes_max = 1u << 20;
    open_with(fixture, &options);
    static char large[LARGE_BYTES + 1];
    memset(large, 'x', LARGE_BYTES);
    char key[8];
    for (unsigned i = 0; i < 300; i++) { /* six times as much as there may be */
        assert_true(snprintf(key, sizeof(key), "%u", i) > 0);
        commit_row(fixture, TABLE_META, key, large);
        assert_true(recent_bytes(fixture) <= 2 * options.recent_bytes_max + (2u << 20));
    }
    checkpoint(fixture); /* then none is under way */
    crash_and_open(fixture, &options);
    for (unsigned i = 0; i < 300; i++) {
        assert_true(snprintf(key, sizeof(key), "%u", i) > 0);
        assert_row(fixture, TABLE_META, key, large);
    }
}

static void a_book_of_lmdb_alone_gets_a_journal(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "old", "value");
    fixture_close(fixture);
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "new", "value");
    crash_and_open(fixture, &options);
    assert_row(fixture, TABLE_META, "old", "value");
    assert_row(fixture, TABLE_META, "new", "value");
}

/* data.mdb is there and a journal file half made, but not the row that names one. */
static void a_first_start_that_was_cut_short_is_made_good(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    fixture_close(fixture);
    char path[PATH_MAX];
    path_in(fixture->directory, "journal-000001", path);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    static const uint8_t zeros[1000];
    assert_int_equal(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
    assert_int_equal(close(fd), 0);
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "key", "value");
    crash_and_open(fixture, &options);
    assert_row(fixture, TABLE_META, "key", "value");
}

/* ---- rejects ---- */

static void a_directory_is_opened_by_one_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    open_quietly(fixture);
    struct store_journaled_options options = quiet_options(fixture);
    assert_int_equal(try_open(&options), LB_DIRECTORY_LOCKED);
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&options), LB_DIRECTORY_LOCKED);
    commit_row(fixture, TABLE_META, "key", "value");
    assert_row(fixture, TABLE_META, "key", "value");
}

static void reading_only_sees_the_journal_and_cannot_change_anything(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "stored", "1");
    checkpoint(fixture);
    commit_row(fixture, TABLE_META, "recent", "2");
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    crash_and_open(fixture, &options);
    assert_row(fixture, TABLE_META, "stored", "1");
    assert_row(fixture, TABLE_META, "recent", "2");
    struct store_group *group = NULL;
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_STORAGE_FAULT);
    assert_int_equal(fixture->ops->checkpoint(fixture->store), LB_STORAGE_FAULT);
    fixture_close(fixture);
    open_with(fixture, &options); /* as often as one likes */
    assert_row(fixture, TABLE_META, "recent", "2");
}

static void flip(const char *path, off_t offset)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    uint8_t byte = 0;
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, offset), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
    assert_int_equal(close(fd), 0);
}

/* A copy of the directory as after a crash, with two records behind the start's marker. */
static void make_crashed(struct fixture *fixture, struct store_journaled_options *options)
{
    *options = quiet_options(fixture);
    open_with(fixture, options);
    commit_row(fixture, TABLE_META, "first", "1");
    commit_row(fixture, TABLE_META, "second", "2");
    char before[PATH_MAX];
    memcpy(before, fixture->directory, sizeof(before));
    fixture_make_directory(fixture);
    options->lmdb.directory = fixture->directory;
    copy_files(before, fixture->directory);
    fixture_close(fixture);
    remove_directory(before);
}

static void a_damaged_record_is_told_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options;
    make_crashed(fixture, &options);
    char path[PATH_MAX];
    path_in(fixture->directory, "journal-000001", path);
    flip(path, 1024 + 45); /* header, marker, record of group 1 */
    assert_int_equal(try_open(&options), LB_STORAGE_CORRUPT);
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&options), LB_STORAGE_CORRUPT);
    flip(path, 1024 + 45);
    options.lmdb.mode = STORE_LMDB_SERVER;
    open_with(fixture, &options);
    assert_row(fixture, TABLE_META, "second", "2");
}

static void a_missing_journal_is_told_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options;
    make_crashed(fixture, &options);
    char path[PATH_MAX];
    path_in(fixture->directory, "journal-000001", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(try_open(&options), LB_STORAGE_CORRUPT);
    assert_int_equal(try_open(&options), LB_STORAGE_CORRUPT); /* not forgotten */
}

static void files_of_two_books_are_not_taken_together(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options;
    make_crashed(fixture, &options);
    struct fixture *other = fixture_new();
    fixture_make_directory(other);
    other->lmdb.book = (struct id){{7, 7, 7}};
    open_quietly(other);
    commit_row(other, TABLE_META, "other", "book");
    fixture_close(other);
    assert_true(copy_file(other->directory, fixture->directory, "data.mdb"));
    assert_int_equal(try_open(&options), LB_STORAGE_CORRUPT);
    void *state_of_other = other;
    assert_int_equal(teardown(&state_of_other), 0);
}

/* ---- faults: no space ---- */

static void commit_large(struct fixture *fixture, const char *key, enum store_outcome *outcome,
                         enum lb_result *why)
{
    static char large[LARGE_BYTES + 1];
    memset(large, 'x', LARGE_BYTES);
    struct store_wait wait;
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, key, large);
    store_wait_init(&wait);
    *outcome = store_wait_commit(&wait, fixture->ops, group, why);
    store_wait_fini(&wait);
}

static void a_disk_with_too_little_left_refuses_groups_and_checkpoints_and_reads_on(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "key", "value");
    options.lmdb.free_bytes_min = UINT64_MAX;
    crash_and_open(fixture, &options);
    enum store_outcome outcome;
    enum lb_result why;
    commit_large(fixture, "large", &outcome, &why);
    assert_int_equal(outcome, STORE_RETRY);
    assert_int_equal(why, LB_STORAGE_FULL);
    assert_row(fixture, TABLE_META, "key", "value");
    assert_row(fixture, TABLE_META, "large", NULL);
    commit(fixture, begin(fixture)); /* a group without changes needs no space */
    assert_int_equal(fixture->ops->checkpoint(fixture->store), LB_STORAGE_FULL);
    fixture_close(fixture); /* without a last checkpoint: the journal keeps what it lacks */
    options.lmdb.free_bytes_min = 0;
    options.lmdb.directory = fixture->directory;
    open_with(fixture, &options);
    assert_row(fixture, TABLE_META, "key", "value");
    assert_true(recent_bytes(fixture) > 0);
    checkpoint(fixture);
    commit_large(fixture, "large", &outcome, &why);
    assert_int_equal(outcome, STORE_COMMITTED);
}

/* The kernel refuses the second page of the record: what was written is wiped. */
static void a_group_whose_record_found_no_space_never_was_and_the_next_goes_on(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    options.lmdb.free_bytes_min = 0;
    open_with(fixture, &options);
    enum store_outcome outcome;
    enum lb_result why;
    for (unsigned i = 0; i < 3; i++) {
        set_file_bytes_max(4096);
        commit_large(fixture, "refused", &outcome, &why);
        set_file_bytes_max(RLIM_INFINITY);
        assert_int_equal(outcome, STORE_RETRY);
        assert_int_equal(why, LB_STORAGE_FULL);
    }
    assert_row(fixture, TABLE_META, "refused", NULL);
    commit_row(fixture, TABLE_META, "small", "value");
    commit_large(fixture, "large", &outcome, &why);
    assert_int_equal(outcome, STORE_COMMITTED);
    checkpoint(fixture);
    assert_row(fixture, TABLE_META, "refused", NULL);
    commit_row(fixture, TABLE_META, "small", "again");
    crash_and_open(fixture, &options);
    assert_row(fixture, TABLE_META, "refused", NULL);
    assert_row(fixture, TABLE_META, "small", "again");
}

static void a_group_that_was_refused_last_is_not_in_the_checkpoint_of_the_close(void **state)
{
    struct fixture *fixture = *state;
    struct store_journaled_options options = quiet_options(fixture);
    options.lmdb.free_bytes_min = 0;
    open_with(fixture, &options);
    commit_row(fixture, TABLE_META, "small", "value");
    enum store_outcome outcome;
    enum lb_result why;
    set_file_bytes_max(4096);
    commit_large(fixture, "refused", &outcome, &why);
    set_file_bytes_max(RLIM_INFINITY);
    assert_int_equal(outcome, STORE_RETRY);
    fixture_close(fixture);
    open_with(fixture, &options);
    assert_int_equal(recent_bytes(fixture), 0); /* the close made one all the same */
    assert_row(fixture, TABLE_META, "small", "value");
    assert_row(fixture, TABLE_META, "refused", NULL);
}

int main(void)
{
#define IN_DIRECTORY(name) cmocka_unit_test_setup_teardown(name, setup_directory, teardown)
    static const struct CMUnitTest tests[] = {
        IN_DIRECTORY(what_was_committed_is_there_after_closing_and_opening),
        IN_DIRECTORY(what_was_committed_is_there_after_a_crash_with_and_without_a_checkpoint),
        IN_DIRECTORY(a_row_of_crashes_loses_nothing_and_takes_no_more_space),
        IN_DIRECTORY(a_checkpoint_frees_memory_and_journal),
        IN_DIRECTORY(the_newest_entry_of_the_last_checkpoint_is_known_before_and_after_a_crash),
        IN_DIRECTORY(many_rows_in_memory_call_for_a_checkpoint),
        IN_DIRECTORY(a_book_of_lmdb_alone_gets_a_journal),
        IN_DIRECTORY(a_first_start_that_was_cut_short_is_made_good),
        IN_DIRECTORY(a_directory_is_opened_by_one_at_a_time),
        IN_DIRECTORY(reading_only_sees_the_journal_and_cannot_change_anything),
        IN_DIRECTORY(a_damaged_record_is_told_at_the_start),
        IN_DIRECTORY(a_missing_journal_is_told_at_the_start),
        IN_DIRECTORY(files_of_two_books_are_not_taken_together),
        IN_DIRECTORY(a_disk_with_too_little_left_refuses_groups_and_checkpoints_and_reads_on),
        IN_DIRECTORY(a_group_whose_record_found_no_space_never_was_and_the_next_goes_on),
        IN_DIRECTORY(a_group_that_was_refused_last_is_not_in_the_checkpoint_of_the_close),
    };
    return cmocka_run_group_tests_name("store, journaled", tests, NULL, NULL);
}
