/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Hot copies: data.mdb as LMDB copies it, then the journal's files, which meanwhile are all kept.
 * The copy of data.mdb may show a checkpoint halfway; the journal beside it has all that it lacks,
 * as after a crash. Made under another name and renamed when all is on the disk and was checked.
 * Any thread but the store's own; holding no snapshot.
 */
#include "base/assert.h"
#include "base/test_point.h"
#include "journal_private.h"
#include "journaled.h"
#include "lmdb_inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_MODE 0700
#define FILE_MODE      0600
#define COPIES_MAX     4 /* of data.mdb, until one was not in the way of the map's growth */

static enum lb_result backup_failed(const struct store_journaled *store, const char *what,
                                    int error)
{
    return journal_failed(&store->journal, what, error);
}

/* ---- removing ---- */

static bool backup_is_ours(const char *name)
{
    uint32_t file = 0;
    return strcmp(name, "data.mdb") == 0 || strcmp(name, "LOCK") == 0 ||
           journal_segment_file(name, &file);
}

/* Removes the files of a copy and its directory, if that is all there is. false: some is left. */
static bool backup_remove(const char *partial, int directory_fd)
{
    int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    const struct dirent *entry = readdir(directory);
    while (entry != NULL) {
        if (backup_is_ours(entry->d_name)) {
            (void)unlinkat(directory_fd, entry->d_name, 0); /* one that stays keeps the directory */
        }
        entry = readdir(directory);
    }
    (void)closedir(directory);
    return rmdir(partial) == 0;
}

/* Opens the directory and locks it: nobody else makes or removes this copy. */
static enum lb_result backup_hold(const struct store_journaled *store, const char *partial,
                                  int *directory_fd)
{
    int fd = open(partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOTDIR || errno == ELOOP ? LB_ALREADY_EXISTS
                                                  : backup_failed(store, "backup", errno);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        enum lb_result result =
            errno == EWOULDBLOCK ? LB_TRY_LATER : backup_failed(store, "backup", errno);
        (void)close(fd);
        return result;
    }
    *directory_fd = fd;
    return LB_OK;
}

/* Takes away what a backup left that was killed, if somebody made none of it his own. */
static enum lb_result backup_clear(const struct store_journaled *store, const char *partial)
{
    int directory_fd = -1;
    enum lb_result result = backup_hold(store, partial, &directory_fd);
    if (result != LB_OK) {
        return result;
    }
    int lock_fd = openat(directory_fd, "LOCK", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool is_free = lock_fd < 0 ? errno == ENOENT : flock(lock_fd, LOCK_EX | LOCK_NB) == 0;
    bool is_gone = is_free && backup_remove(partial, directory_fd);
    if (lock_fd >= 0) {
        (void)close(lock_fd);
    }
    (void)close(directory_fd);
    return is_gone ? LB_OK : LB_ALREADY_EXISTS;
}

static enum lb_result backup_make(const struct store_journaled *store, const char *partial,
                                  int *directory_fd)
{
    int made = mkdir(partial, DIRECTORY_MODE);
    if (made != 0 && errno == EEXIST) {
        enum lb_result result = backup_clear(store, partial);
        if (result != LB_OK) {
            return result;
        }
        made = mkdir(partial, DIRECTORY_MODE);
    }
    return made == 0 ? backup_hold(store, partial, directory_fd)
                     : backup_failed(store, "backup: making the directory", errno);
}

/* ---- copying ---- */

static enum lb_result backup_copy_data(struct store_journaled *store, int directory_fd)
{
    int fd = openat(directory_fd, "data.mdb", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return backup_failed(store, "backup: data.mdb", errno);
    }
    enum lb_result result = LB_TRY_LATER;
    for (unsigned i = 0; i < COPIES_MAX && result == LB_TRY_LATER; i++) {
        result = ftruncate(fd, 0) != 0 ? backup_failed(store, "backup: data.mdb", errno)
                                       : lmdb_inner_copy(store->inner, fd);
    }
    (void)close(fd); /* it is synced */
    return result;
}

/* The copy of the journal may hold groups that were not durable yet. They are of the book once they
 * are; should they come to nothing, so does the copy. */
static enum lb_result backup_settle(struct store_journaled *store)
{
    journaled_lock(store);
    uint64_t begun = store->begun;
    while (store->durable < begun && store->undo_from == 0 && !store->is_ending &&
           !atomic_load(&store->is_broken)) {
        LB_ASSERT(pthread_cond_wait(&store->moved, &store->lock) == 0);
    }
    enum lb_result result = store->durable >= begun ? LB_OK : LB_STORAGE_FULL;
    journaled_unlock(store);
    return atomic_load(&store->is_broken) ? LB_STORAGE_FAULT : result;
}

static enum lb_result backup_copy(struct store_journaled *store, int directory_fd)
{
    journal_hold(&store->journal);
    enum lb_result result = backup_copy_data(store, directory_fd);
    if (result == LB_OK) {
        result = journal_copy(&store->journal, directory_fd);
    }
    journal_release(&store->journal);
    if (result == LB_OK) {
        result = backup_settle(store);
    }
    if (result == LB_OK) {
        result = lmdb_inner_mark_copy(store->inner, directory_fd);
    }
    if (result == LB_OK && fsync(directory_fd) != 0) {
        result = backup_failed(store, "backup: syncing the directory", errno);
    }
    return result;
}

/* ---- naming ---- */

/* Over an empty directory a rename would go through: nothing may be there. */
static enum lb_result backup_rename(const struct store_journaled *store, const char *partial,
                                    const char *name, int directory_fd)
{
    if (renameat2(AT_FDCWD, partial, AT_FDCWD, name, RENAME_NOREPLACE) != 0) {
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

/* A copy that is not sound is kept, to be looked at. false: its name is taken. */
static bool backup_keep_damaged(const struct store_journaled *store,
                                const struct store_backup *backup, const char *partial,
                                int directory_fd)
{
    char damaged[PATH_MAX];
    int size =
        snprintf(damaged, sizeof(damaged), "%s" STORE_JOURNALED_DAMAGED_SUFFIX, backup->directory);
    return size > 0 && (size_t)size < sizeof(damaged) &&
           backup_rename(store, partial, damaged, directory_fd) == LB_OK;
}

/* Fills the directory and gives it its name; one that is of no use goes. */
static enum lb_result backup_finish(struct store_journaled *store,
                                    const struct store_backup *backup, const char *partial,
                                    int directory_fd)
{
    enum lb_result result = backup_copy(store, directory_fd);
    if (result == LB_OK) {
        TEST_POINT(backup_copied);
        result = backup->check == NULL ? LB_OK : backup->check(backup->check_context, partial);
    }
    if (result == LB_OK) {
        result = backup_rename(store, partial, backup->directory, directory_fd);
    } else if (result == LB_STORAGE_CORRUPT &&
               backup_keep_damaged(store, backup, partial, directory_fd)) {
        return result;
    }
    if (result != LB_OK && access(partial, F_OK) == 0 && !backup_remove(partial, directory_fd)) {
        (void)backup_failed(store, partial, ENOTEMPTY); /* names what is left */
    }
    return result;
}

enum lb_result journaled_backup(struct store *base, const struct store_backup *backup)
{
    struct store_journaled *store = journaled_of(base);
    char partial[PATH_MAX];
    int size =
        snprintf(partial, sizeof(partial), "%s" STORE_JOURNALED_PARTIAL_SUFFIX, backup->directory);
    if (size < 0 || (size_t)size >= sizeof(partial)) {
        return backup_failed(store, "backup", ENAMETOOLONG);
    }
    struct stat about;
    if (lstat(backup->directory, &about) == 0) {
        return LB_ALREADY_EXISTS;
    }
    enum lb_result result =
        journaled_checkpoint(base); /* so that there is little journal to copy */
    if (result != LB_OK) {
        return result;
    }
    int directory_fd = -1;
    result = backup_make(store, partial, &directory_fd);
    if (result == LB_OK) {
        result = backup_finish(store, backup, partial, directory_fd);
        (void)close(directory_fd);
    }
    return result;
}
