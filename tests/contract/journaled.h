/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What tests of the journaled store share beside fixture.h: opening it so that nothing happens in
 * its own time, and crashes, by copying its files while it is open.
 */
#ifndef TESTS_CONTRACT_JOURNALED_H
#define TESTS_CONTRACT_JOURNALED_H

#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define NEVER_MS        (60u * 60 * 1000)
#define COPY_FILE_BYTES (64u << 20)

/* Small segments; checkpoints and markers only when they are asked for. */
static inline struct store_journaled_options quiet_options(struct fixture *fixture)
{
    struct store_journaled_options options = fixture_journaled_options(fixture);
    options.checkpoint_ms = NEVER_MS;
    options.idle_ms = NEVER_MS;
    return options;
}

static inline enum lb_result try_open(const struct store_journaled_options *options)
{
    struct store *store = NULL;
    enum lb_result result = store_journaled_open(options, &store);
    if (result == LB_OK) {
        store->ops->close(store);
    }
    return result;
}

static inline void open_with(struct fixture *fixture, const struct store_journaled_options *options)
{
    struct store *store = NULL;
    assert_int_equal(store_journaled_open(options, &store), LB_OK);
    fixture_use(fixture, store);
}

static inline void open_quietly(struct fixture *fixture)
{
    struct store_journaled_options options = quiet_options(fixture);
    open_with(fixture, &options);
}

static inline void path_in(const char *directory, const char *name, char path[PATH_MAX])
{
    int size = snprintf(path, PATH_MAX, "%s/%s", directory, name);
    assert_true(size > 0 && size < PATH_MAX);
}

/* false: it is not there any more. */
static inline bool copy_file(const char *from_directory, const char *to_directory, const char *name)
{
    char from[PATH_MAX], to[PATH_MAX];
    path_in(from_directory, name, from);
    path_in(to_directory, name, to);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        assert_int_equal(errno, ENOENT);
        return false;
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(out >= 0);
    uint8_t *bytes = malloc(COPY_FILE_BYTES);
    assert_non_null(bytes);
    ssize_t size = read(in, bytes, COPY_FILE_BYTES);
    assert_true(size >= 0 && size < (ssize_t)COPY_FILE_BYTES);
    assert_int_equal(write(out, bytes, (size_t)size), size);
    free(bytes);
    assert_int_equal(close(out), 0);
    assert_int_equal(close(in), 0);
    return true;
}

/* The directory's files as they are, as a crash would leave them; no checkpoint is under way.
 * data.mdb first: what a journal file that goes away meanwhile held is in there. */
static inline void copy_files(const char *from_directory, const char *to_directory)
{
    assert_true(copy_file(from_directory, to_directory, "data.mdb"));
    assert_true(copy_file(from_directory, to_directory, "LOCK"));
    DIR *directory = opendir(from_directory);
    assert_non_null(directory);
    for (struct dirent *each = readdir(directory); each != NULL; each = readdir(directory)) {
        if (strncmp(each->d_name, "journal-", strlen("journal-")) == 0) {
            (void)copy_file(from_directory, to_directory, each->d_name);
        }
    }
    (void)closedir(directory);
}

static inline void remove_directory(const char *path)
{
    (void)nftw(path, fixture_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The store goes on in a copy of its directory as it is now; what it had in memory only is lost. */
static inline void crash_and_open(struct fixture *fixture,
                                  const struct store_journaled_options *options)
{
    char before[PATH_MAX];
    memcpy(before, fixture->directory, sizeof(before));
    struct store_lmdb_options lmdb = fixture->lmdb;
    fixture_make_directory(fixture);
    lmdb.directory = fixture->directory;
    fixture->lmdb = lmdb;
    copy_files(before, fixture->directory);
    fixture_close(fixture);
    remove_directory(before);
    struct store_journaled_options here = *options;
    here.lmdb.directory = fixture->directory;
    open_with(fixture, &here);
}

#endif
