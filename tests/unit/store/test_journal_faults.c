/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Disks that have no space or fail below the journal. No space is a limit on the size of files,
 * which is of the whole process: one test at a time.
 */
#include "file_limit.h"
#include "journal_fixture.h"

/* The file that is written to becomes another: a device with its own way to fail. */
static void replace_file(struct fixture *fixture, const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(dup2(fd, fixture->journal.at->fd), fixture->journal.at->fd);
    assert_int_equal(close(fd), 0);
}

/* ---- no space ---- */

static void without_space_for_a_segment_the_group_is_refused_and_nothing_left_behind(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 5000);
    unsigned files = fixture_each_file(fixture, NULL);
    set_file_bytes_max(4096);
    for (unsigned i = 0; i < 3; i++) {
        struct journal_segment *segment = NULL;
        assert_int_equal(journal_reserve(&fixture->journal, 2, 5000, &segment), LB_STORAGE_FULL);
        assert_int_equal(journal_prepare(&fixture->journal), LB_STORAGE_FULL);
    }
    set_file_bytes_max(RLIM_INFINITY);
    assert_int_equal(fixture_each_file(fixture, NULL), files);
    write_group(fixture, 2, 5000);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

/* The first unit of the record is written, and more is not: it is wiped. */
static void a_record_that_found_no_space_never_was_and_another_takes_its_place(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    set_file_bytes_max(fixture->journal.at_offset + JOURNAL_UNIT_BYTES);
    assert_int_equal(try_write_group(fixture, 2, 2000), LB_STORAGE_FULL);
    set_file_bytes_max(RLIM_INFINITY);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
    set_file_bytes_max(fixture->journal.at_offset + JOURNAL_UNIT_BYTES);
    assert_int_equal(try_write_group(fixture, 2, 2000), LB_STORAGE_FULL);
    set_file_bytes_max(RLIM_INFINITY);
    write_group(fixture, 2, 100);
    write_group(fixture, 3, 1200);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 3);
}

static void a_marker_that_fails_takes_no_group_with_it(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    replace_file(fixture, "/dev/full", O_RDWR);
    assert_int_equal(journal_mark(&fixture->journal, 2), LB_STORAGE_FAULT); /* it may be there */
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
}

static void without_space_a_start_still_reads_and_groups_are_taken_when_there_is_some(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    fixture_close(fixture);
    set_file_bytes_max(4096); /* the file that is there can be written at its beginning */
    assert_int_equal(fixture_try_open(fixture), LB_OK);
    assert_int_equal(fixture->newest, 1);
    assert_int_equal(try_write_group(fixture, 2, 100), LB_STORAGE_FULL);
    assert_int_equal(journal_mark(&fixture->journal, 2), LB_OK); /* nowhere to put one */
    set_file_bytes_max(RLIM_INFINITY);
    write_group(fixture, 2, 100);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

static void without_space_a_new_journal_is_not_begun(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    (void)fixture_each_file(fixture, fixture_remove);
    set_file_bytes_max(4096);
    assert_int_equal(fixture_try_open(fixture), LB_STORAGE_FULL);
    set_file_bytes_max(RLIM_INFINITY);
    assert_int_equal(fixture_each_file(fixture, NULL), 0);
    fixture_reopen(fixture);
    write_group(fixture, 1, 100);
}

/* ---- failures ---- */

static void a_record_that_cannot_be_wiped_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    replace_file(fixture, "/dev/full", O_RDWR);
    assert_int_equal(try_write_group(fixture, 2, 100), LB_STORAGE_FAULT);
    assert_true(fixture->reports > 0);
}

static void a_write_that_fails_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    replace_file(fixture, "/dev/null", O_RDONLY);
    assert_int_equal(try_write_group(fixture, 2, 100), LB_STORAGE_FAULT);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
}

static void a_sync_that_fails_is_not_known_though_the_write_went_well(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    replace_file(fixture, "/dev/null", O_RDWR); /* takes all, and cannot be synced */
    assert_int_equal(try_write_group(fixture, 2, 100), LB_STORAGE_FAULT);
    assert_int_equal(journal_mark(&fixture->journal, 2), LB_STORAGE_FAULT);
}

static void a_segment_that_cannot_be_renewed_is_a_fault(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 5000);
    replace_file(fixture, "/dev/null", O_RDWR);
    struct journal_segment *segment = NULL;
    assert_int_equal(journal_reserve(&fixture->journal, 2, 5000, &segment), LB_OK);
    assert_int_equal(journal_free(&fixture->journal, 1, 4), LB_STORAGE_FAULT);
    fixture_reopen(fixture); /* the file itself was never touched */
    assert_int_equal(fixture->newest, 1);
}

static enum lb_result replay_without_memory(void *context, uint64_t number, struct bytes group)
{
    (void)context;
    (void)group;
    return number == 2 ? LB_MEMORY : LB_OK;
}

static void a_replay_that_fails_ends_the_start_and_the_next_one_begins_anew(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    write_group(fixture, 2, 100);
    fixture_close(fixture);
    fixture->options.replay = replay_without_memory;
    assert_int_equal(fixture_try_open(fixture), LB_MEMORY);
    fixture->options.replay = fixture_replay;
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_JOURNAL(without_space_for_a_segment_the_group_is_refused_and_nothing_left_behind),
        ON_JOURNAL(a_record_that_found_no_space_never_was_and_another_takes_its_place),
        ON_JOURNAL(a_marker_that_fails_takes_no_group_with_it),
        ON_JOURNAL(without_space_a_start_still_reads_and_groups_are_taken_when_there_is_some),
        ON_JOURNAL(without_space_a_new_journal_is_not_begun),
        ON_JOURNAL(a_record_that_cannot_be_wiped_is_not_known),
        ON_JOURNAL(a_write_that_fails_is_not_known),
        ON_JOURNAL(a_sync_that_fails_is_not_known_though_the_write_went_well),
        ON_JOURNAL(a_segment_that_cannot_be_renewed_is_a_fault),
        ON_JOURNAL(a_replay_that_fails_ends_the_start_and_the_next_one_begins_anew),
    };
    return cmocka_run_group_tests_name("journal, faults", tests, NULL, NULL);
}
