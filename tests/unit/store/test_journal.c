/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The journal in use: groups, records, markers, room, segments that come back, what a start reads.
 */
#include "journal_fixture.h"

#include "../../contract/model.h"

/* ---- accepts ---- */

static void groups_are_replayed_in_order_at_the_next_start(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture->newest, 0);
    write_group(fixture, 1, 0);
    write_group(fixture, 2, 1);
    write_group(fixture, 3, 468); /* with its header and length one unit */
    write_group(fixture, 4, 469);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 4);
    write_group(fixture, 5, 100);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 5);
    assert_int_equal(fixture->reports, 0);
}

static void groups_that_wait_together_are_one_record(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 10);
    uint64_t before = fixture->journal.at_offset;
    write_together(fixture, 2, 6, 70);
    assert_int_equal(fixture->journal.at_offset - before, 512); /* 40 + 6 × 74 bytes */
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 7);
}

static void groups_that_were_applied_are_not_replayed_though_in_one_record_with_others(void **state)
{
    struct fixture *fixture = *state;
    write_together(fixture, 1, 6, 50);
    fixture->options.applied = 4;
    fixture_reopen(fixture); /* the replay demands 5, then 6 */
    assert_int_equal(fixture->newest, 6);
    fixture->options.applied = 9; /* LMDB has more than the journal */
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 9);
}

static void a_group_larger_than_a_segment_gets_a_larger_one(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    write_group(fixture, 2, 5 * SEGMENT_BYTES + 13);
    write_group(fixture, 3, 100);
    write_group(fixture, 4, SEGMENT_BYTES - 512 - 512 - 40 - 4); /* just fits, with a marker */
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 4);
    fixture->options.applied = 4;
    fixture_reopen(fixture);
    assert_int_equal(journal_bytes(&fixture->journal) % SEGMENT_BYTES, 0); /* it is gone */
}

static void markers_take_no_number_and_groups_go_on_behind_them(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t number = 1; number <= 40; number++) {
        write_group(fixture, number, number * 20);
        assert_int_equal(journal_mark(&fixture->journal, number + 1), LB_OK);
    }
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 40);
}

static void there_is_room_for_a_marker_behind_the_last_group_of_a_segment(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t number = 1; number <= 200; number++) {
        write_group(fixture, number, 100);
        assert_true(fixture->journal.left_bytes >= 512);
        if (fixture->journal.left_bytes < 1024) { /* the next group will not fit */
            assert_int_equal(journal_mark(&fixture->journal, number + 1), LB_OK);
            assert_int_equal(fixture->journal.left_bytes, 0);
            assert_int_equal(journal_mark(&fixture->journal, number + 1), LB_OK); /* no room */
        }
    }
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 200);
}

static void room_is_enough_whatever_the_sizes_and_how_many_wait_together(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = random_start();
    uint64_t number = 0;
    for (unsigned i = 0; i < 400; i++) {
        size_t count = 1 + random_below(&random, 4);
        bool is_large = random_below(&random, 30) == 0;
        write_together(fixture, number + 1, count,
                       random_below(&random, is_large ? 3 * SEGMENT_BYTES : 1100));
        number += count;
        if (random_below(&random, 5) == 0) {
            assert_int_equal(journal_mark(&fixture->journal, number + 1), LB_OK);
        }
        if (random_below(&random, 20) == 0) { /* a checkpoint */
            fixture->options.applied = number - random_below(&random, 3) % number;
            fixture->options.serial_needed =
                journal_serial_needed(&fixture->journal, fixture->options.applied);
            assert_int_equal(journal_free(&fixture->journal, fixture->options.applied,
                                          (unsigned)random_below(&random, 4)),
                             LB_OK);
        }
        if (random_below(&random, 20) == 0) {
            fixture_reopen(fixture);
            assert_int_equal(fixture->newest, number);
        }
    }
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, number);
}

/* A reservation that came to nothing leaves a hole, and its number is used again. */
static void room_that_was_not_used_does_no_harm(void **state)
{
    struct fixture *fixture = *state;
    struct journal_segment *segment = NULL;
    for (uint64_t number = 1; number <= 60; number++) {
        assert_int_equal(journal_reserve(&fixture->journal, number, number * 100, &segment), LB_OK);
        write_group(fixture, number, 300);
    }
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 60);
}

/* ---- segments that come back ---- */

static void checkpoint(struct fixture *fixture, uint64_t applied, unsigned keep)
{
    fixture->options.applied = applied;
    fixture->options.serial_needed = journal_serial_needed(&fixture->journal, applied);
    assert_int_equal(journal_free(&fixture->journal, applied, keep), LB_OK);
}

static void segments_of_applied_groups_are_used_again_and_their_old_records_pass_by(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t number = 1; number <= 1000; number++) {
        write_group(fixture, number, 100 + number % 7 * 300);
        if (number % 50 == 0) {
            checkpoint(fixture, number - 10, 16);
        }
        if (number % 210 == 0) {
            fixture_reopen(fixture);
            assert_int_equal(fixture->newest, number);
        }
    }
    assert_in_range(fixture_each_file(fixture, NULL), 2, 40);
    assert_true(fixture->journal.next_file < 60); /* the same ones, again and again */
}

static void
the_segment_that_a_checkpoint_named_stays_though_groups_went_on_to_the_next(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    fixture->options.applied = 1;
    fixture->options.serial_needed = journal_serial_needed(&fixture->journal, 1);
    write_group(fixture, 2, SEGMENT_BYTES - 2048); /* before anything was freed */
    assert_int_equal(journal_free(&fixture->journal, 1, 4), LB_OK);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

static void a_file_that_came_back_is_begun_at_its_beginning(void **state)
{
    struct fixture *fixture = *state;
    struct journal_segment *first = NULL;
    struct journal_segment *unused = NULL;
    write_group(fixture, 1, 2000);
    first = fixture->journal.at;
    /* Room in the next segment for a group that was refused for another reason. */
    assert_int_equal(journal_reserve(&fixture->journal, 2, 7000, &unused), LB_OK);
    assert_ptr_not_equal(unused, first);
    checkpoint(fixture, 1, 4);
    write_group(fixture, 2, 7000); /* too large for what is left there */
    assert_ptr_equal(fixture->journal.at, first);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

static void nothing_is_freed_while_it_is_held(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t number = 1; number <= 20; number++) {
        write_group(fixture, number, 4000);
    }
    uint64_t bytes = journal_bytes(&fixture->journal);
    journal_hold(&fixture->journal);
    checkpoint(fixture, 20, 0);
    assert_int_equal(journal_bytes(&fixture->journal), bytes);
    journal_release(&fixture->journal);
    checkpoint(fixture, 20, 0);
    assert_int_equal(journal_bytes(&fixture->journal), SEGMENT_BYTES);
    assert_int_equal(fixture_each_file(fixture, NULL), 1);
}

static void a_spare_is_made_ahead_once(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(journal_prepare(&fixture->journal), LB_OK);
    assert_int_equal(journal_prepare(&fixture->journal), LB_OK);
    assert_int_equal(journal_bytes(&fixture->journal), 2 * SEGMENT_BYTES);
    write_group(fixture, 1, SEGMENT_BYTES - 2048); /* more than is left in the first */
    assert_int_equal(journal_bytes(&fixture->journal), 2 * SEGMENT_BYTES);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
}

/* ---- starts ---- */

static void a_row_of_starts_without_a_checkpoint_takes_no_space(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    fixture_reopen(fixture);
    unsigned files = fixture_each_file(fixture, NULL);
    for (unsigned i = 0; i < 20; i++) {
        fixture_reopen(fixture);
        assert_int_equal(fixture->newest, 1);
    }
    assert_int_equal(fixture_each_file(fixture, NULL), files);
}

static void what_an_interrupted_making_of_a_segment_left_is_used_or_removed(void **state)
{
    struct fixture *fixture = *state;
    static const uint8_t zeros[SEGMENT_BYTES];
    write_group(fixture, 1, 100);
    fixture_close(fixture);
    file_write(fixture, "journal-000100", 0, zeros, 700);           /* cut short */
    file_write(fixture, "journal-000101", 0, zeros, 0);             /* only made */
    file_write(fixture, "journal-000102", 0, zeros, sizeof(zeros)); /* without a header */
    file_write(fixture, "journal-1", 0, zeros, 10);                 /* not a name that we give */
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
    write_group(fixture, 2, 20000);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
    assert_int_equal(faccessat(fixture->options.directory_fd, "journal-000100", F_OK, 0), -1);
    assert_int_equal(faccessat(fixture->options.directory_fd, "journal-1", F_OK, 0), 0);
}

static void another_size_of_segments_is_taken_over_bit_by_bit(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 3000);
    fixture_close(fixture);
    fixture->options.segment_bytes = 4 * SEGMENT_BYTES;
    fixture_reopen(fixture);
    write_group(fixture, 2, 3000);
    checkpoint(fixture, 2, 4);
    assert_int_equal(journal_bytes(&fixture->journal), 4 * SEGMENT_BYTES);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 2);
}

/* Names, lengths and bytes. */
static void digest_file(struct fixture *fixture, const char *name)
{
    static uint8_t bytes[4 * SEGMENT_BYTES];
    size_t size = file_read(fixture, name, bytes, sizeof(bytes));
    uint64_t digest = size;
    for (const char *at = name; *at != '\0'; at++) {
        digest = digest * 31 + (uint8_t)*at;
    }
    for (size_t i = 0; i < size; i++) {
        digest = digest * UINT64_C(1099511628211) + bytes[i];
    }
    fixture->digest += digest;
}

static void reading_only_replays_all_and_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    write_group(fixture, 1, 100);
    write_group(fixture, 2, SEGMENT_BYTES);
    write_group(fixture, 3, 100);
    fixture_close(fixture);
    (void)fixture_each_file(fixture, digest_file);
    uint64_t before = fixture->digest;
    fixture->options.is_read_only = true;
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 3);
    fixture_close(fixture);
    fixture->digest = 0;
    (void)fixture_each_file(fixture, digest_file);
    assert_int_equal(fixture->digest, before);
}

static void reading_only_needs_no_journal_at_all(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    (void)fixture_each_file(fixture, fixture_remove);
    fixture->options.is_read_only = true;
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 0);
    fixture_close(fixture);
    assert_int_equal(fixture_each_file(fixture, NULL), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_JOURNAL(groups_are_replayed_in_order_at_the_next_start),
        ON_JOURNAL(groups_that_wait_together_are_one_record),
        ON_JOURNAL(groups_that_were_applied_are_not_replayed_though_in_one_record_with_others),
        ON_JOURNAL(a_group_larger_than_a_segment_gets_a_larger_one),
        ON_JOURNAL(markers_take_no_number_and_groups_go_on_behind_them),
        ON_JOURNAL(there_is_room_for_a_marker_behind_the_last_group_of_a_segment),
        ON_JOURNAL(room_is_enough_whatever_the_sizes_and_how_many_wait_together),
        ON_JOURNAL(room_that_was_not_used_does_no_harm),
        ON_JOURNAL(segments_of_applied_groups_are_used_again_and_their_old_records_pass_by),
        ON_JOURNAL(the_segment_that_a_checkpoint_named_stays_though_groups_went_on_to_the_next),
        ON_JOURNAL(a_file_that_came_back_is_begun_at_its_beginning),
        ON_JOURNAL(nothing_is_freed_while_it_is_held),
        ON_JOURNAL(a_spare_is_made_ahead_once),
        ON_JOURNAL(a_row_of_starts_without_a_checkpoint_takes_no_space),
        ON_JOURNAL(what_an_interrupted_making_of_a_segment_left_is_used_or_removed),
        ON_JOURNAL(another_size_of_segments_is_taken_over_bit_by_bit),
        ON_JOURNAL(reading_only_replays_all_and_changes_nothing),
        ON_JOURNAL(reading_only_needs_no_journal_at_all),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
