/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Journals that were torn, damaged, cut or mixed up: what is told and what a start may leave out.
 * The fixture's replay fails a test whenever a group comes that was not written so.
 */
#include "journal_fixture.h"

#include "../../contract/model.h"

#include <xxhash.h>

#define SMALL_GROUPS  5
#define TORN_BYTES    2000 /* of the group that is torn: four units and a bit */
#define HEADER_SUMMED 32   /* bytes of a segment's header below its checksum */

/* Two records of one group, one of three; the last record is at *offset of *name. */
static void write_small(struct fixture *fixture, char name[JOURNAL_NAME_BYTES], uint64_t *offset)
{
    write_group(fixture, 1, 700);
    write_group(fixture, 2, 300);
    *offset = fixture->journal.at_offset;
    write_together(fixture, 3, 3, 100);
    name_at(fixture, name);
}

static void open_read_only(struct fixture *fixture, uint64_t newest)
{
    fixture->options.is_read_only = true;
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, newest);
    fixture_close(fixture);
    fixture->options.is_read_only = false;
}

static void assert_refused(struct fixture *fixture, bool is_read_only)
{
    fixture->options.is_read_only = is_read_only;
    fixture->reports = 0;
    assert_int_equal(fixture_try_open(fixture), LB_STORAGE_CORRUPT);
    assert_true(fixture->reports > 0);
    fixture->options.is_read_only = false;
}

/* ---- accepts: a torn end was never acknowledged ---- */

/* What a group of TORN_BYTES behind group 1 left of itself, wherever writing it ended. */
static void the_last_record_cut_at_any_byte_is_as_if_it_had_not_been(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t whole[SEGMENT_BYTES], cut[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 600);
    uint64_t begin = fixture->journal.at_offset;
    write_group(fixture, 2, TORN_BYTES);
    uint64_t end = begin + JOURNAL_HEADER_BYTES + JOURNAL_LENGTH_BYTES + TORN_BYTES;
    name_at(fixture, name);
    fixture_close(fixture);
    assert_int_equal(file_read(fixture, name, whole, sizeof(whole)), sizeof(whole));
    for (uint64_t at = begin; at < end; at++) {
        memcpy(cut, whole, sizeof(cut));
        memset(cut + at, 0, (size_t)(end - at));
        file_write(fixture, name, 0, cut, sizeof(cut));
        bool is_same = memcmp(cut, whole, sizeof(cut)) == 0; /* what was cut off was zeros */
        open_read_only(fixture, is_same ? 2 : 1);
    }
    file_write(fixture, name, 0, whole, sizeof(whole));
    open_read_only(fixture, 2);
}

static void the_last_record_without_any_of_its_units_is_left_out_and_its_number_used(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t whole[SEGMENT_BYTES], torn[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 600);
    uint64_t begin = fixture->journal.at_offset;
    write_group(fixture, 2, TORN_BYTES);
    unsigned units = (unsigned)((fixture->journal.at_offset - begin) / JOURNAL_UNIT_BYTES);
    name_at(fixture, name);
    fixture_close(fixture);
    assert_int_equal(file_read(fixture, name, whole, sizeof(whole)), sizeof(whole));
    for (unsigned missing = 1; missing < 1u << units; missing++) {
        memcpy(torn, whole, sizeof(torn));
        for (unsigned unit = 0; unit < units; unit++) {
            if ((missing >> unit & 1) != 0) {
                memset(torn + begin + (size_t)unit * JOURNAL_UNIT_BYTES, 0, JOURNAL_UNIT_BYTES);
            }
        }
        file_write(fixture, name, 0, torn, sizeof(torn));
        open_read_only(fixture, 1);
    }
    fixture_reopen(fixture);
    write_group(fixture, 2, 50);
    write_group(fixture, 3, 50);
    fixture_reopen(fixture); /* what is left of the torn one stays where it is */
    assert_int_equal(fixture->newest, 3);
}

/* ---- rejects: each byte ---- */

/* Flips one bit of each byte of the file, one byte at a time; a start may then say what is wrong,
 * or replay all, or, only where may_lose, leave out the last record. */
static void flip_each_byte(struct fixture *fixture, const char *name, bool may_lose,
                           unsigned *refused)
{
    static uint8_t whole[SEGMENT_BYTES];
    assert_int_equal(file_read(fixture, name, whole, sizeof(whole)), sizeof(whole));
    fixture->options.is_read_only = true;
    for (size_t i = 0; i < sizeof(whole); i++) {
        uint8_t flipped = (uint8_t)(whole[i] ^ 1u << i % 8);
        file_write(fixture, name, i, &flipped, 1);
        enum lb_result result = fixture_try_open(fixture);
        if (result == LB_OK) {
            bool is_all = fixture->newest == SMALL_GROUPS;
            assert_true(is_all || (may_lose && fixture->newest == 2));
            fixture_close(fixture);
        } else {
            assert_int_equal(result, LB_STORAGE_CORRUPT);
            (*refused)++;
        }
        file_write(fixture, name, i, &whole[i], 1);
    }
    fixture->options.is_read_only = false;
}

static void a_flipped_bit_is_told_or_harmless_once_a_marker_stands_behind(void **state)
{
    struct fixture *fixture = *state;
    char name[JOURNAL_NAME_BYTES];
    uint64_t offset = 0;
    write_small(fixture, name, &offset);
    assert_int_equal(journal_mark(&fixture->journal, SMALL_GROUPS + 1), LB_OK);
    fixture->options.serial_needed = fixture->journal.at->serial;
    fixture_close(fixture);
    unsigned refused = 0;
    flip_each_byte(fixture, name, false, &refused);
    /* All of the headers and payloads: 40 of the segment's, and of the records. */
    const unsigned head = JOURNAL_HEADER_BYTES;
    const unsigned all = head + JOURNAL_LENGTH_BYTES;
    assert_int_equal(refused, 40 + (all + 700) + (all + 300) + (head + 3 * 104));
    open_read_only(fixture, SMALL_GROUPS);
}

static void
a_flipped_bit_in_the_last_record_is_a_torn_end_while_no_marker_stands_behind(void **state)
{
    struct fixture *fixture = *state;
    char name[JOURNAL_NAME_BYTES];
    uint64_t offset = 0;
    write_small(fixture, name, &offset);
    fixture_close(fixture);
    unsigned refused = 0;
    flip_each_byte(fixture, name, true, &refused);
    const unsigned all = JOURNAL_HEADER_BYTES + JOURNAL_LENGTH_BYTES;
    assert_int_equal(refused, (all + 700) + (all + 300));
}

/* The next start's marker is in another file. */
static void a_start_confirms_the_last_record(void **state)
{
    struct fixture *fixture = *state;
    char name[JOURNAL_NAME_BYTES];
    uint64_t offset = 0;
    write_small(fixture, name, &offset);
    fixture_reopen(fixture);
    fixture_close(fixture);
    uint8_t byte = 0xee;
    file_write(fixture, name, (size_t)offset + 50, &byte, 1);
    assert_refused(fixture, true);
    assert_refused(fixture, false);
}

/* ---- rejects: gaps and files ---- */

static void a_record_that_is_gone_below_another_is_told_and_nothing_is_changed(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t before[SEGMENT_BYTES], after[SEGMENT_BYTES];
    static const uint8_t zeros[512];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    uint64_t second = fixture->journal.at_offset;
    write_group(fixture, 2, 100);
    write_group(fixture, 3, 100);
    name_at(fixture, name);
    fixture_close(fixture);
    file_write(fixture, name, (size_t)second, zeros, sizeof(zeros));
    size_t size = file_read(fixture, name, before, sizeof(before));
    assert_refused(fixture, true);
    assert_refused(fixture, false);
    assert_int_equal(file_read(fixture, name, after, sizeof(after)), size);
    assert_memory_equal(before, after, size);
}

static void the_same_group_twice_is_told(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t record[512];
    static uint8_t bytes[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    uint64_t second = fixture->journal.at_offset;
    write_group(fixture, 2, 100);
    uint64_t end = fixture->journal.at_offset;
    name_at(fixture, name);
    fixture_close(fixture);
    (void)file_read(fixture, name, bytes, sizeof(bytes));
    memcpy(record, bytes + second, sizeof(record));
    file_write(fixture, name, (size_t)end, record, sizeof(record));
    assert_refused(fixture, true);
}

static void a_file_that_is_missing_is_told_when_it_is_needed(void **state)
{
    struct fixture *fixture = *state;
    char names[3][JOURNAL_NAME_BYTES];
    for (uint64_t i = 0; i < 3; i++) { /* each in a file of its own */
        write_group(fixture, i + 1, SEGMENT_BYTES - 1500);
        name_at(fixture, names[i]);
    }
    fixture->options.serial_needed = journal_serial_needed(&fixture->journal, 0);
    fixture_close(fixture);
    assert_int_equal(
        renameat(fixture->options.directory_fd, names[1], fixture->options.directory_fd, "aside"),
        0);
    assert_refused(fixture, true); /* the second of three */
    assert_int_equal(
        renameat(fixture->options.directory_fd, "aside", fixture->options.directory_fd, names[1]),
        0);
    open_read_only(fixture, 3);
    (void)fixture_each_file(fixture, fixture_remove);
    assert_refused(fixture, true); /* all of them, though the checkpoint names one */
    assert_refused(fixture, false);
}

static void the_files_of_another_book_are_told_and_left_alone(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t before[SEGMENT_BYTES], after[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    name_at(fixture, name);
    fixture_close(fixture);
    (void)file_read(fixture, name, before, sizeof(before));
    fixture->options.book = (struct id){{9, 9, 9}};
    assert_refused(fixture, true);
    assert_refused(fixture, false);
    (void)file_read(fixture, name, after, sizeof(after));
    assert_memory_equal(before, after, sizeof(before));
}

/* As if a client knew the bytes of a record and had them stored: the seed is the book's. */
static void the_record_of_another_book_is_no_record(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t record[512], header[JOURNAL_HEADER_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    uint64_t end = fixture->journal.at_offset;
    name_at(fixture, name);
    struct journal_group group = group_make(fixture, 2, 100);
    journal_record_put_length(group.bytes, group.size);
    struct bytes bytes = bytes_of(group.bytes, group.size);
    struct journal_record_header about = {.serial = fixture->journal.at->serial,
                                          .life = fixture->journal.life,
                                          .first = 2,
                                          .group_count = 1,
                                          .payload_bytes = group.size};
    const struct id other = {{9, 9, 9}};
    about.checksum = journal_record_checksum(&other, &about, &bytes);
    journal_record_encode(&about, header);
    memcpy(record, header, sizeof(header));
    memcpy(record + sizeof(header), group.bytes, group.size);
    fixture_close(fixture);
    file_write(fixture, name, (size_t)end, record, sizeof(record));
    open_read_only(fixture, 1);
    /* The same under our own book would be one. */
    about.checksum = journal_record_checksum(&fixture->options.book, &about, &bytes);
    journal_record_encode(&about, header);
    file_write(fixture, name, (size_t)end, header, sizeof(header));
    open_read_only(fixture, 2);
    free(group.bytes);
}

/* A write that failed, was not there at the next start, and is there after all later: what the next
 * start wrote in its place counts, and nothing of the old one. */
static void a_record_that_comes_back_from_an_earlier_life_is_left_out(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t stale[4 * JOURNAL_UNIT_BYTES], whole[SEGMENT_BYTES];
    static const uint8_t zeros[sizeof(stale)];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    name_at(fixture, name);
    size_t end = fixture->journal.at_offset;
    write_group(fixture, 2, 1000);
    fixture_close(fixture);
    (void)file_read(fixture, name, whole, sizeof(whole));
    memcpy(stale, whole + end, sizeof(stale));
    file_write(fixture, name, end, zeros, sizeof(zeros));
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 1);
    file_write(fixture, name, end, stale, sizeof(stale));
    fixture_reopen(fixture); /* the marker of the start before says that there was no group 2 */
    assert_int_equal(fixture->newest, 1);
    write_group(fixture, 2, 200);
    write_group(fixture, 3, 200);
    fixture_reopen(fixture);
    assert_int_equal(fixture->newest, 3);
}

static void a_newer_format_is_told(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t bytes[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    write_group(fixture, 1, 100);
    name_at(fixture, name);
    fixture_close(fixture);
    (void)file_read(fixture, name, bytes, sizeof(bytes));
    bytes[7]++; /* the format's last byte */
    uint64_t checksum = XXH3_64bits(bytes, HEADER_SUMMED);
    for (size_t i = 0; i < 8; i++) {
        bytes[HEADER_SUMMED + i] = (uint8_t)(checksum >> (56 - 8 * i));
    }
    file_write(fixture, name, 0, bytes, JOURNAL_UNIT_BYTES);
    assert_int_equal(fixture_try_open(fixture), LB_FORMAT_NEWER);
    assert_true(fixture->reports > 0);
}

/* ---- random damage ---- */

static void whatever_bytes_are_overwritten_no_group_comes_that_was_not_written(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = random_start();
    static uint8_t whole[SEGMENT_BYTES], hurt[SEGMENT_BYTES];
    char name[JOURNAL_NAME_BYTES];
    uint64_t offset = 0;
    write_small(fixture, name, &offset);
    fixture_close(fixture);
    (void)file_read(fixture, name, whole, sizeof(whole));
    for (unsigned i = 0; i < 2000; i++) {
        memcpy(hurt, whole, sizeof(hurt));
        for (size_t j = random_below(&random, 3); j < 3; j++) {
            size_t from = random_below(&random, sizeof(hurt));
            size_t to = random_below(&random, sizeof(hurt));
            size_t left = sizeof(hurt) - (from > to ? from : to);
            memmove(hurt + to, hurt + from, random_below(&random, left + 1));
        }
        file_write(fixture, name, 0, hurt, sizeof(hurt));
        fixture->options.is_read_only = true;
        enum lb_result result = fixture_try_open(fixture);
        assert_true(result == LB_OK || result == LB_STORAGE_CORRUPT);
        fixture_close(fixture);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_JOURNAL(the_last_record_cut_at_any_byte_is_as_if_it_had_not_been),
        ON_JOURNAL(the_last_record_without_any_of_its_units_is_left_out_and_its_number_used),
        ON_JOURNAL(a_flipped_bit_is_told_or_harmless_once_a_marker_stands_behind),
        ON_JOURNAL(a_flipped_bit_in_the_last_record_is_a_torn_end_while_no_marker_stands_behind),
        ON_JOURNAL(a_start_confirms_the_last_record),
        ON_JOURNAL(a_record_that_is_gone_below_another_is_told_and_nothing_is_changed),
        ON_JOURNAL(the_same_group_twice_is_told),
        ON_JOURNAL(a_file_that_is_missing_is_told_when_it_is_needed),
        ON_JOURNAL(the_files_of_another_book_are_told_and_left_alone),
        ON_JOURNAL(the_record_of_another_book_is_no_record),
        ON_JOURNAL(a_record_that_comes_back_from_an_earlier_life_is_left_out),
        ON_JOURNAL(a_newer_format_is_told),
        ON_JOURNAL(whatever_bytes_are_overwritten_no_group_comes_that_was_not_written),
    };
    return cmocka_run_group_tests_name("journal, damage", tests, NULL, NULL);
}
