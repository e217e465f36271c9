/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of the journal share: one in a directory of its own, groups whose bytes tell their
 * number, and a replay that checks them.
 */
#ifndef TESTS_UNIT_STORE_JOURNAL_FIXTURE_H
#define TESTS_UNIT_STORE_JOURNAL_FIXTURE_H

#include "../../../server/store/src/journal_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define GROUPS_MAX    4096
#define SEGMENT_BYTES JOURNAL_SEGMENT_BYTES_LEAST

struct fixture {
    char directory[PATH_MAX];
    struct journal_options options;
    struct journal journal;
    bool is_open;
    size_t sizes[GROUPS_MAX]; /* of the groups written, by number */
    uint64_t replayed;        /* the last group that came */
    uint64_t newest;          /* what the last opening said */
    unsigned reports;
    uint64_t digest; /* of the files, where a test takes it */
};

static inline uint8_t group_byte(uint64_t number, size_t i)
{
    return (uint8_t)(number * 31 + i * 7 + (i >> 8));
}

static inline void fixture_report(void *context, const char *message)
{
    (void)message;
    ((struct fixture *)context)->reports++;
}

/* Each group once, in order, with the bytes it was written with. */
static inline enum lb_result fixture_replay(void *context, uint64_t number, struct bytes group)
{
    struct fixture *fixture = context;
    assert_int_equal(number, fixture->replayed + 1);
    assert_true(number < GROUPS_MAX);
    assert_int_equal(group.size, fixture->sizes[number]);
    for (size_t i = 0; i < group.size; i++) {
        assert_true(group.data[i] == group_byte(number, i));
    }
    fixture->replayed = number;
    return LB_OK;
}

static inline enum lb_result fixture_try_open(struct fixture *fixture)
{
    assert_false(fixture->is_open);
    fixture->replayed = fixture->options.applied;
    enum lb_result result = journal_open(&fixture->options, &fixture->journal, &fixture->newest);
    fixture->is_open = result == LB_OK;
    if (result == LB_OK) {
        assert_int_equal(fixture->replayed, fixture->newest);
    }
    return result;
}

static inline void fixture_close(struct fixture *fixture)
{
    if (fixture->is_open) {
        journal_close(&fixture->journal);
        fixture->is_open = false;
    }
}

/* As after a crash: nothing is done at a close. */
static inline void fixture_reopen(struct fixture *fixture)
{
    fixture_close(fixture);
    assert_int_equal(fixture_try_open(fixture), LB_OK);
}

static inline int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    const char *parent = getenv("TMPDIR");
    (void)snprintf(fixture->directory, sizeof(fixture->directory), "%s/lovebank-test-XXXXXX",
                   parent != NULL ? parent : "/tmp");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->options = (struct journal_options){
        .directory_fd = open(fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        .book = {{1, 2, 3}},
        .segment_bytes = SEGMENT_BYTES,
        .report = fixture_report,
        .report_context = fixture,
        .replay = fixture_replay,
        .replay_context = fixture,
    };
    assert_true(fixture->options.directory_fd >= 0);
    assert_int_equal(fixture_try_open(fixture), LB_OK);
    *state = fixture;
    return 0;
}

/* Calls `act` for each file of the journal. How many there are. */
static inline unsigned fixture_each_file(struct fixture *fixture,
                                         void (*act)(struct fixture *, const char *name))
{
    DIR *directory = opendir(fixture->directory);
    assert_non_null(directory);
    unsigned count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        count++;
        if (act != NULL) {
            act(fixture, entry->d_name);
        }
    }
    (void)closedir(directory);
    return count;
}

static inline void fixture_remove(struct fixture *fixture, const char *name)
{
    assert_int_equal(unlinkat(fixture->options.directory_fd, name, 0), 0);
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    (void)fixture_each_file(fixture, fixture_remove);
    assert_int_equal(rmdir(fixture->directory), 0);
    assert_int_equal(close(fixture->options.directory_fd), 0);
    free(fixture);
    return 0;
}

#define ON_JOURNAL(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ---- groups ---- */

/* A group with room for its length in front; free its bytes. */
static inline struct journal_group group_make(struct fixture *fixture, uint64_t number, size_t size)
{
    struct journal_group group = {.size = JOURNAL_LENGTH_BYTES + size};
    group.bytes = malloc(group.size);
    assert_non_null(group.bytes);
    for (size_t i = 0; i < size; i++) {
        group.bytes[JOURNAL_LENGTH_BYTES + i] = group_byte(number, i);
    }
    assert_true(number < GROUPS_MAX);
    fixture->sizes[number] = size;
    return group;
}

static inline enum lb_result try_write_group(struct fixture *fixture, uint64_t number, size_t size)
{
    struct journal_group group = group_make(fixture, number, size);
    enum lb_result result = journal_reserve(&fixture->journal, number, group.size, &group.segment);
    if (result == LB_OK) {
        result = journal_write(&fixture->journal, number, &group, 1);
    }
    free(group.bytes);
    return result;
}

static inline void write_group(struct fixture *fixture, uint64_t number, size_t size)
{
    assert_int_equal(try_write_group(fixture, number, size), LB_OK);
}

/* Groups first … first + count - 1 of that size, as few records as their segments allow. */
static inline void write_together(struct fixture *fixture, uint64_t first, size_t count,
                                  size_t size)
{
    struct journal_group groups[JOURNAL_GROUPS_MAX];
    assert_true(count <= JOURNAL_GROUPS_MAX);
    for (size_t i = 0; i < count; i++) {
        groups[i] = group_make(fixture, first + i, size);
        assert_int_equal(
            journal_reserve(&fixture->journal, first + i, groups[i].size, &groups[i].segment),
            LB_OK);
    }
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && groups[end].segment == groups[begin].segment) {
            end++;
        }
        assert_int_equal(
            journal_write(&fixture->journal, first + begin, &groups[begin], end - begin), LB_OK);
        begin = end;
    }
    for (size_t i = 0; i < count; i++) {
        free(groups[i].bytes);
    }
}

/* ---- bytes on the disk ---- */

static inline size_t file_read(const struct fixture *fixture, const char *name, uint8_t *bytes,
                               size_t cap)
{
    int fd = openat(fixture->options.directory_fd, name, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t size = read(fd, bytes, cap);
    assert_true(size >= 0);
    assert_int_equal(close(fd), 0);
    return (size_t)size;
}

static inline void file_write(const struct fixture *fixture, const char *name, size_t offset,
                              const void *bytes, size_t size)
{
    int fd = openat(fixture->options.directory_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, (off_t)offset), size);
    assert_int_equal(close(fd), 0);
}

/* The name of the file that the committer writes to. */
static inline void name_at(const struct fixture *fixture, char name[JOURNAL_NAME_BYTES])
{
    assert_non_null(fixture->journal.at);
    journal_segment_name(fixture->journal.at->file, name);
}

#endif
