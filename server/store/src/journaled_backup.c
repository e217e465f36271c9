/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Hot copies: data.mdb as LMDB copies it, then the journal's files, which meanwhile are all kept.
 * The copy of data.mdb may show a checkpoint halfway; the journal beside it has all that it lacks,
 * as after a crash. Made under another name and renamed when all is on the disk. Any thread but the
 * store's own; holding no snapshot.
 */
#include "base/test_point.h"
#include "journal_private.h"
#include "journaled.h"
#include "lmdb_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_MODE 0700
#define FILE_MODE      0600
#define PARTIAL_SUFFIX ".partial"

static enum lb_result backup_failed(const struct store_journaled *store, const char *what,
                                    int error)
{
    return journal_failed(&store->journal, what, error);
}

static enum lb_result backup_copy_data(struct store_journaled *store, int directory_fd)
{
    int fd = openat(directory_fd, "data.mdb", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return backup_failed(store, "backup: data.mdb", errno);
    }
    enum lb_result result = lmdb_inner_copy(store->inner, fd);
    (void)close(fd); /* it is synced */
    return result;
}

static enum lb_result backup_fill(struct store_journaled *store, int directory_fd)
{
    journal_hold(&store->journal);
    enum lb_result result = backup_copy_data(store, directory_fd);
    if (result == LB_OK) {
        result = journal_copy(&store->journal, directory_fd);
    }
    journal_release(&store->journal);
    if (result == LB_OK) {
        result = lmdb_inner_mark_copy(store->inner, directory_fd);
    }
    if (result == LB_OK && fsync(directory_fd) != 0) {
        result = backup_failed(store, "backup: syncing the directory", errno);
    }
    return result;
}

/* Gives the finished copy its name, durably. */
static enum lb_result backup_name(const struct store_journaled *store, const char *partial,
                                  const char *directory, int directory_fd)
{
    /* Over an empty directory a rename would go through: nothing may be there. */
    if (renameat2(AT_FDCWD, partial, AT_FDCWD, directory, RENAME_NOREPLACE) != 0) {
        return errno == EEXIST ? LB_ALREADY_EXISTS
                               : backup_failed(store, "backup: naming the copy", errno);
    }
    int parent_fd = openat(directory_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = parent_fd < 0 || fsync(parent_fd) != 0 ? errno : 0;
    if (parent_fd >= 0) {
        (void)close(parent_fd);
    }
    return error == 0 ? LB_OK : backup_failed(store, "backup: syncing the directory above", error);
}

enum lb_result journaled_backup(struct store *base, const char *directory)
{
    struct store_journaled *store = journaled_of(base);
    char partial[PATH_MAX];
    int size = snprintf(partial, sizeof(partial), "%s" PARTIAL_SUFFIX, directory);
    if (size < 0 || (size_t)size >= sizeof(partial)) {
        return backup_failed(store, "backup", ENAMETOOLONG);
    }
    enum lb_result result =
        journaled_checkpoint(base); /* so that there is little journal to copy */
    if (result != LB_OK) {
        return result;
    }
    if (mkdir(partial, DIRECTORY_MODE) != 0) {
        return errno == EEXIST ? LB_ALREADY_EXISTS : backup_failed(store, "backup", errno);
    }
    int directory_fd = open(partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_fd < 0) {
        return backup_failed(store, "backup", errno);
    }
    result = backup_fill(store, directory_fd);
    if (result == LB_OK) {
        TEST_POINT(backup_copied);
        result = backup_name(store, partial, directory, directory_fd);
    }
    (void)close(directory_fd);
    return result;
}
