/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The directory of a book: made, checked for its file system, and locked. It knows no LMDB but the
 * names of its files. One thread, at open and close.
 */
#include "lmdb_store.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define DIRECTORY_MODE 0700
#define FILE_MODE      0600
#define LOCK_NAME      "LOCK"
#define READERS_NAME   "lock.mdb"
/* What LMDB makes of lock.mdb: 64 bytes for each reader, and a header before them. */
#define READERS_BYTES (STORE_LMDB_SNAPSHOTS_MAX * 64 + 128)

/* What LMDB writes of a new data.mdb before anything is committed, at most. */
#define FIRST_PAGES_BYTES 16384

static const char *const directory_names[] = {"data.mdb", READERS_NAME, LOCK_NAME};

/* Numbers of statfs(2), linux/magic.h and the file systems' own sources. User-space (FUSE) ones
 * are refused as a whole: most are remote, and none says what its fdatasync does. */
enum store_lmdb_filesystem store_lmdb_filesystem_of(uint64_t magic)
{
    switch (magic) {
    case UINT64_C(0x00006969): /* NFS */
    case UINT64_C(0x0000517B): /* SMB */
    case UINT64_C(0xFF534D42): /* CIFS */
    case UINT64_C(0xFE534D42): /* SMB2 */
    case UINT64_C(0x0000564C): /* NCP */
    case UINT64_C(0x01021997): /* 9p */
    case UINT64_C(0x5346414F): /* AFS */
    case UINT64_C(0x6B414653): /* AFS of the kernel */
    case UINT64_C(0x73757245): /* Coda */
    case UINT64_C(0x00C36400): /* Ceph */
    case UINT64_C(0x01161970): /* GFS2 */
    case UINT64_C(0x7461636F): /* OCFS2 */
    case UINT64_C(0x0BD00BD0): /* Lustre */
    case UINT64_C(0x47504653): /* GPFS */
    case UINT64_C(0x19830326): /* BeeGFS */
    case UINT64_C(0x786F4256): /* folders shared by VirtualBox */
    case UINT64_C(0x65735546): /* FUSE */
        return STORE_LMDB_FILESYSTEM_NETWORK;
    case UINT64_C(0x794C7630): /* overlayfs */
        return STORE_LMDB_FILESYSTEM_LAYERED;
    default:
        return STORE_LMDB_FILESYSTEM_LOCAL;
    }
}

static enum lb_result directory_check_filesystem(const struct store_lmdb *store, const char *path)
{
    struct statfs about;
    if (fstatfs(store->directory_fd, &about) != 0) {
        return lmdb_failed(store, "fstatfs of the data directory", errno);
    }
    /* Some of the numbers have their top bit set: no sign extension. */
    enum store_lmdb_filesystem kind = store_lmdb_filesystem_of((uint32_t)about.f_type);
    if (kind == STORE_LMDB_FILESYSTEM_NETWORK) {
        lmdb_report(store, "%s is on a network file system (magic number %#x)", path,
                    (unsigned)about.f_type);
        return LB_DIRECTORY_NETWORK;
    }
    if (kind == STORE_LMDB_FILESYSTEM_LAYERED) {
        lmdb_report(store,
                    "%s is on overlayfs: what is written there dies with the container; "
                    "mount a volume",
                    path);
    }
    return LB_OK;
}

static void directory_warn_of_mode(const struct store_lmdb *store, const char *path)
{
    struct stat about;
    if (fstat(store->directory_fd, &about) == 0 && (about.st_mode & 077) != 0) {
        lmdb_report(store, "%s is open to others (mode %04o): chmod 700 it", path,
                    (unsigned)(about.st_mode & 07777));
    }
}

/* A server holds the lock alone; readers share it, so that no server starts below them. A reader
 * needs no write permission for that, and makes no LOCK in a copy that has none. */
static enum lb_result directory_lock(struct store_lmdb *store, const char *path)
{
    int flags = store->is_read_only ? O_RDONLY : O_RDWR | O_CREAT;
    store->lock_fd =
        openat(store->directory_fd, LOCK_NAME, flags | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (store->lock_fd < 0) {
        if (store->is_read_only && errno == ENOENT) {
            return LB_OK;
        }
        return lmdb_failed(store, "opening LOCK in the data directory", errno);
    }
    int kind = store->is_read_only ? LOCK_SH : LOCK_EX;
    if (flock(store->lock_fd, kind | LOCK_NB) == 0) {
        return LB_OK;
    }
    if (errno == EWOULDBLOCK) {
        lmdb_report(store, "%s is in use by another process", path);
        return LB_DIRECTORY_LOCKED;
    }
    return lmdb_failed(store, "locking the data directory", errno);
}

/* LMDB takes a missing or empty data.mdb for a new one. Where LOCK says that a book was made, it is
 * a book that was lost. */
static enum lb_result directory_check_book(const struct store_lmdb *store, const char *path)
{
    struct stat lock;
    struct stat data = {.st_size = 0};
    if (fstat(store->lock_fd, &lock) != 0) {
        return lmdb_failed(store, "looking at LOCK in the data directory", errno);
    }
    (void)fstatat(store->directory_fd, "data.mdb", &data, AT_SYMLINK_NOFOLLOW);
    if (lock.st_size > 0 && data.st_size == 0) {
        lmdb_report(store, "%s held a book, but its data.mdb is missing or empty", path);
        return LB_STORAGE_CORRUPT;
    }
    return LB_OK;
}

static const char directory_mark[] = "book\n";

enum lb_result lmdb_directory_mark_book(const struct store_lmdb *store)
{
    struct stat lock;
    if (fstat(store->lock_fd, &lock) != 0 ||
        (lock.st_size == 0 &&
         (pwrite(store->lock_fd, directory_mark, sizeof(directory_mark) - 1, 0) < 0 ||
          fsync(store->lock_fd) != 0))) {
        return lmdb_failed(store, "marking LOCK in the data directory", errno);
    }
    return LB_OK;
}

enum lb_result lmdb_directory_mark_copy(const struct store_lmdb *store, int directory_fd)
{
    int fd = openat(directory_fd, LOCK_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    int error = 0;
    if (fd < 0 || pwrite(fd, directory_mark, sizeof(directory_mark) - 1, 0) < 0 || fsync(fd) != 0) {
        error = errno;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return lmdb_failed(store, "marking LOCK in the copy", error);
}

/* LMDB writes lock.mdb through a map, where a disk without space is a SIGBUS rather than an error:
 * so all its blocks are there before LMDB opens it. */
static enum lb_result directory_reserve_readers(const struct store_lmdb *store)
{
    int fd = openat(store->directory_fd, READERS_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                    FILE_MODE);
    if (fd < 0) {
        return lmdb_failed(store, "opening lock.mdb in the data directory", errno);
    }
    int rc = posix_fallocate(fd, 0, READERS_BYTES);
    (void)close(fd); /* before LMDB has it: closing drops the locks of the whole process */
    return lmdb_failed(store, "reserving lock.mdb in the data directory", rc);
}

enum lb_result lmdb_directory_open(struct store_lmdb *store, const char *path,
                                   enum store_lmdb_mode mode)
{
    if (mode == STORE_LMDB_SERVER && mkdir(path, DIRECTORY_MODE) != 0 && errno != EEXIST) {
        return lmdb_failed(store, "making the data directory", errno);
    }
    store->directory_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->directory_fd < 0) {
        return lmdb_failed(store, "opening the data directory", errno);
    }
    enum lb_result result = directory_check_filesystem(store, path);
    if (result != LB_OK) {
        return result;
    }
    if (mode == STORE_LMDB_SERVER) {
        directory_warn_of_mode(store, path);
    }
    result = directory_lock(store, path);
    if (result == LB_OK && mode == STORE_LMDB_SERVER) {
        result = directory_check_book(store, path);
    }
    return result != LB_OK || store->is_read_only ? result : directory_reserve_readers(store);
}

/* A crash while the book was made: LOCK says that none was, and there is no more than LMDB's first
 * pages. true: what was there is gone, and LMDB may begin anew. */
bool lmdb_directory_drop_unmade(const struct store_lmdb *store)
{
    struct stat lock;
    struct stat data;
    return fstat(store->lock_fd, &lock) == 0 && lock.st_size == 0 &&
           fstatat(store->directory_fd, "data.mdb", &data, AT_SYMLINK_NOFOLLOW) == 0 &&
           data.st_size > 0 && data.st_size <= FIRST_PAGES_BYTES &&
           unlinkat(store->directory_fd, "data.mdb", 0) == 0;
}

enum lb_result lmdb_directory_sync(const struct store_lmdb *store, const char *path)
{
    if (fsync(store->directory_fd) != 0) {
        return lmdb_failed(store, "syncing the data directory", errno);
    }
    int parent_fd = openat(store->directory_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent_fd < 0 && errno == EACCES) {
        return LB_OK; /* then we did not make the directory either */
    }
    int rc = parent_fd < 0 || fsync(parent_fd) != 0 ? errno : 0;
    if (parent_fd >= 0) {
        (void)close(parent_fd);
    }
    if (rc != 0) {
        lmdb_report(store, "the directory above %s cannot be synced", path);
    }
    return lmdb_failed(store, "syncing the directory above", rc);
}

void lmdb_directory_close(struct store_lmdb *store)
{
    if (store->lock_fd >= 0) {
        (void)close(store->lock_fd); /* gives the lock up */
        store->lock_fd = -1;
    }
    if (store->directory_fd >= 0) {
        (void)close(store->directory_fd);
        store->directory_fd = -1;
    }
}

void lmdb_directory_unlink(const struct store_lmdb *store, const char *path)
{
    for (size_t i = 0; i < sizeof(directory_names) / sizeof(directory_names[0]); i++) {
        (void)unlinkat(store->directory_fd, directory_names[i], 0); /* may be missing */
    }
    if (rmdir(path) != 0) {
        lmdb_report(store, "the scratch directory %s cannot be removed", path);
    }
}
