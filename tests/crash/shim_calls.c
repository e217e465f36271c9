/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The calls that stand before the C library's. The kernel is called directly, with the lock held,
 * so that the log's order is the order in which it happened; but for a sync, which others may
 * overtake, and which here is nothing but a pause.
 */
#include "shim_state.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SYNC_YIELDS 20 /* what a sync waits, so that other threads come to run */

/* The headers of the C library give some of these other names or attributes; the linker finds
 * functions by name alone. */
int open64(const char *path, int flags, ...);
int openat64(int at, const char *path, int flags, ...);
int __open_2(const char *path, int flags);             /* NOLINT(bugprone-reserved-identifier) */
int __open64_2(const char *path, int flags);           /* NOLINT(bugprone-reserved-identifier) */
int __openat_2(int at, const char *path, int flags);   /* NOLINT(bugprone-reserved-identifier) */
int __openat64_2(int at, const char *path, int flags); /* NOLINT(bugprone-reserved-identifier) */
ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset);
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset);
ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off_t offset, int flags);
int ftruncate64(int fd, off_t size);
int fallocate64(int fd, int mode, off_t offset, off_t size);
int posix_fallocate64(int fd, off_t offset, off_t size);

static int fail(int error)
{
    errno = error;
    return -1;
}

/* ---- opening ---- */

static int open_named(int at, const char *path, int flags, mode_t mode, const char *name)
{
    bool is_there = syscall(SYS_faccessat, at, path, F_OK) == 0;
    bool makes = !is_there && (flags & O_CREAT) != 0;
    int error = makes ? shim_fault_meet(SHIM_CALL_NAMES, true) : 0;
    if (error != 0) {
        return fail(error == SHIM_SHORT ? EIO : error);
    }
    int fd = (int)syscall(SYS_openat, at, path, flags, mode);
    if (fd < 0) {
        return fd;
    }
    uint32_t file = shim_file_find(name);
    if (file == 0 || makes) {
        shim_file_unlink(name);
        file = shim_file_add(name);
        (void)shim_log_put(
            (struct shim_event){
                .op = SHIM_FILE, .file = file, .is_made = makes, .size = strlen(name) + 1},
            name);
    }
    if (is_there && (flags & O_TRUNC) != 0) {
        (void)shim_log_put((struct shim_event){.op = SHIM_SIZE, .file = file}, NULL);
    }
    shim_descriptor_set(
        fd, (struct shim_descriptor){.kind = SHIM_OF_FILE, .file = file, .flags = flags});
    return fd;
}

static int open_any(int at, const char *path, int flags, mode_t mode)
{
    shim_lock();
    const char *name = shim_name_of(at, path);
    int fd = 0;
    if (name != NULL && (flags & O_DIRECTORY) == 0) {
        fd = open_named(at, path, flags, mode, name);
    } else {
        fd = (int)syscall(SYS_openat, at, path, flags, mode);
        enum shim_descriptor_kind kind = shim_is_directory(path) ? SHIM_DIRECTORY : SHIM_OTHER;
        if (fd >= 0) {
            shim_descriptor_set(fd, (struct shim_descriptor){.kind = kind});
        }
    }
    shim_unlock();
    return fd;
}

/* The mode is there when something may be made. */
#define OPEN_WITH_MODE(at, path, flags)                               \
    mode_t mode = 0;                                                  \
    if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) != 0) {         \
        va_list arguments;                                            \
        va_start(arguments, flags);                                   \
        mode = (mode_t)va_arg(arguments, int); /* as it was passed */ \
        va_end(arguments);                                            \
    }                                                                 \
    return open_any(at, path, flags, mode)

int open(const char *path, int flags, ...)
{
    OPEN_WITH_MODE(AT_FDCWD, path, flags);
}

int open64(const char *path, int flags, ...)
{
    OPEN_WITH_MODE(AT_FDCWD, path, flags);
}

int openat(int at, const char *path, int flags, ...)
{
    OPEN_WITH_MODE(at, path, flags);
}

int openat64(int at, const char *path, int flags, ...)
{
    OPEN_WITH_MODE(at, path, flags);
}

/* What a fortified build calls where no mode is given. */
int __open_2(const char *path, int flags)
{
    return open_any(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_any(AT_FDCWD, path, flags, 0);
}

int __openat_2(int at, const char *path, int flags)
{
    return open_any(at, path, flags, 0);
}

int __openat64_2(int at, const char *path, int flags)
{
    return open_any(at, path, flags, 0);
}

int creat(const char *path, mode_t mode)
{
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int close(int fd)
{
    shim_lock();
    shim_descriptor_set(fd, (struct shim_descriptor){.kind = SHIM_OTHER});
    shim_unlock();
    return (int)syscall(SYS_close, fd);
}

/* ---- writing ---- */

static off_t file_size(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 ? about.st_size : 0;
}

/* A write of which `bytes` were asked for; the kernel is given less if it is to fall short. */
static ssize_t write_followed(int fd, struct shim_descriptor to, const void *bytes, size_t size,
                              off_t offset)
{
    int error = shim_fault_meet(SHIM_CALL_WRITE, offset + (off_t)size > file_size(fd));
    struct shim_event event = {
        .op = SHIM_WRITE, .file = to.file, .offset = (uint64_t)offset, .size = size};
    if (error > 0) {
        event.op = SHIM_LOST_WRITE;
        (void)shim_log_put(event, bytes);
        return fail(error);
    }
    ssize_t written =
        syscall(SYS_pwrite64, fd, bytes, error == SHIM_SHORT ? size / 2 : size, offset);
    if (written <= 0) {
        return written;
    }
    event.size = (uint64_t)written;
    uint64_t number = shim_log_put(event, bytes);
    if ((to.flags & O_DSYNC) != 0) { /* O_SYNC has that bit too */
        (void)shim_log_put(
            (struct shim_event){.op = SHIM_SYNC_ONE, .file = to.file, .begun = number}, NULL);
    }
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    shim_lock();
    struct shim_descriptor to = shim_descriptor_of(fd);
    ssize_t written = to.kind == SHIM_OF_FILE ? write_followed(fd, to, bytes, size, offset)
                                              : syscall(SYS_pwrite64, fd, bytes, size, offset);
    shim_unlock();
    return written;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    shim_lock();
    struct shim_descriptor to = shim_descriptor_of(fd);
    ssize_t written = 0;
    if (to.kind == SHIM_OF_FILE) {
        bool is_append = (to.flags & O_APPEND) != 0;
        off_t offset = is_append ? file_size(fd) : lseek(fd, 0, SEEK_CUR);
        written = write_followed(fd, to, bytes, size, offset);
        if (written > 0) {
            (void)lseek(fd, offset + written, SEEK_SET);
        }
    } else {
        written = syscall(SYS_write, fd, bytes, size);
    }
    shim_unlock();
    return written;
}

/* Parts, as one write: that is what the kernel makes of them. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, const off_t *offset)
{
    size_t size = 0;
    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }
    uint8_t *bytes = malloc(size == 0 ? 1 : size);
    if (bytes == NULL) {
        return fail(ENOMEM);
    }
    size_t filled = 0;
    for (int i = 0; i < count; i++) {
        memcpy(bytes + filled, parts[i].iov_base, parts[i].iov_len);
        filled += parts[i].iov_len;
    }
    ssize_t written = offset == NULL ? write(fd, bytes, size) : pwrite(fd, bytes, size, *offset);
    int error = errno;
    free(bytes);
    errno = error;
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite(fd, bytes, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return write_parts(fd, parts, count, NULL);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return write_parts(fd, parts, count, &offset);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset)
{
    return write_parts(fd, parts, count, &offset);
}

/* The flags ask for speed, or for a sync that is then called for as well: none is promised here. */
ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    (void)flags;
    return write_parts(fd, parts, count, offset == -1 ? NULL : &offset);
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
    return pwritev2(fd, parts, count, offset, flags);
}

/* ---- sizes ---- */

static int resize(int fd, off_t size)
{
    shim_lock();
    struct shim_descriptor to = shim_descriptor_of(fd);
    int error = to.kind == SHIM_OF_FILE ? shim_fault_meet(SHIM_CALL_SIZE, size > file_size(fd)) : 0;
    int result = error == 0 ? (int)syscall(SYS_ftruncate, fd, size)
                            : fail(error == SHIM_SHORT ? EIO : error);
    if (result == 0 && to.kind == SHIM_OF_FILE) {
        (void)shim_log_put(
            (struct shim_event){.op = SHIM_SIZE, .file = to.file, .offset = (uint64_t)size}, NULL);
    }
    shim_unlock();
    return result;
}

int ftruncate(int fd, off_t size)
{
    return resize(fd, size);
}

int ftruncate64(int fd, off_t size)
{
    return resize(fd, size);
}

static int allocate(int fd, int mode, off_t offset, off_t size)
{
    shim_lock();
    struct shim_descriptor to = shim_descriptor_of(fd);
    int error = to.kind == SHIM_OF_FILE ? shim_fault_meet(SHIM_CALL_SIZE, true) : 0;
    if (to.kind == SHIM_OF_FILE && (mode & ~FALLOC_FL_KEEP_SIZE) != 0) {
        error = EOPNOTSUPP; /* holes and the like: not in the model */
    }
    off_t before = file_size(fd);
    int result = error == 0 ? (int)syscall(SYS_fallocate, fd, mode, offset, size)
                            : fail(error == SHIM_SHORT ? EIO : error);
    if (result == 0 && to.kind == SHIM_OF_FILE && mode == 0 && offset + size > before) {
        (void)shim_log_put((struct shim_event){.op = SHIM_SIZE,
                                               .file = to.file,
                                               .offset = (uint64_t)(offset + size)},
                           NULL);
    }
    shim_unlock();
    return result;
}

int fallocate(int fd, int mode, off_t offset, off_t size)
{
    return allocate(fd, mode, offset, size);
}

int fallocate64(int fd, int mode, off_t offset, off_t size)
{
    return allocate(fd, mode, offset, size);
}

int posix_fallocate(int fd, off_t offset, off_t size)
{
    return allocate(fd, 0, offset, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off_t offset, off_t size)
{
    return posix_fallocate(fd, offset, size);
}

/* ---- syncing ---- */

static int sync_followed(int fd, long call)
{
    shim_lock();
    struct shim_descriptor of = shim_descriptor_of(fd);
    if (of.kind == SHIM_OTHER) {
        shim_unlock();
        return (int)syscall(call, fd);
    }
    struct shim_event event = {.op = SHIM_SYNC, .file = of.file, .begun = shim_position()};
    int error = shim_fault_meet(SHIM_CALL_SYNC, false);
    shim_unlock();
    for (int i = 0; i < SYNC_YIELDS; i++) {
        (void)sched_yield();
    }
    shim_lock();
    if (of.kind == SHIM_DIRECTORY) {
        event.op = SHIM_SYNC_NAMES;
    }
    if (error != 0) {
        event.op = SHIM_SYNC_LOST;
    }
    (void)shim_log_put(event, NULL);
    shim_unlock();
    return error == 0 ? 0 : fail(error == SHIM_SHORT ? EIO : error);
}

int fsync(int fd)
{
    return sync_followed(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_followed(fd, SYS_fdatasync);
}

/* Promises nothing: no size, no journal of the file system, no cache of the disk. */
int sync_file_range(int fd, off_t offset, off_t size, unsigned flags)
{
    (void)offset;
    (void)size;
    (void)flags;
    return fd < 0 ? fail(EBADF) : 0;
}

/* ---- names ---- */

static void log_names(enum shim_op op, const char *from, const char *to)
{
    char names[2 * SHIM_NAME_BYTES] = {0};
    size_t from_bytes = strlen(from) + 1;
    size_t to_bytes = strlen(to) + 1;
    memcpy(names, from, from_bytes);
    memcpy(names + from_bytes, to, to_bytes);
    (void)shim_log_put((struct shim_event){.op = op, .size = from_bytes + to_bytes}, names);
}

static int move_name(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    shim_lock();
    const char *from_name = shim_name_of(from_at, from);
    const char *to_name = shim_name_of(to_at, to);
    bool is_followed = from_name != NULL && to_name != NULL && flags == 0;
    int error = is_followed ? shim_fault_meet(SHIM_CALL_NAMES, false) : 0;
    if (!is_followed && (from_name != NULL || to_name != NULL)) {
        error = EXDEV; /* into or out of the directory, or an exchange: not in the model */
    }
    int result = error == 0 ? (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags)
                            : fail(error == SHIM_SHORT ? EIO : error);
    if (result == 0 && is_followed) {
        log_names(SHIM_RENAME, from_name, to_name);
        shim_file_rename(from_name, to_name);
    }
    shim_unlock();
    return result;
}

int rename(const char *from, const char *to)
{
    return move_name(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    return move_name(from_at, from, to_at, to, 0);
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    return move_name(from_at, from, to_at, to, flags);
}

int unlinkat(int at, const char *path, int flags)
{
    shim_lock();
    const char *name = shim_name_of(at, path);
    int error = name != NULL ? shim_fault_meet(SHIM_CALL_NAMES, false) : 0;
    int result = error != 0 ? fail(error == SHIM_SHORT ? EIO : error)
                            : (int)syscall(SYS_unlinkat, at, path, flags);
    if (result == 0 && name != NULL) {
        log_names(SHIM_UNLINK, name, "");
        shim_file_unlink(name);
    }
    shim_unlock();
    return result;
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

/* ---- what is left ---- */

int fstatvfs(int fd, struct statvfs *about)
{
    struct statfs raw;
    int result = (int)syscall(SYS_fstatfs, fd, &raw);
    if (result != 0) {
        return result;
    }
    shim_lock();
    bool is_full = shim_disk_is_full();
    shim_unlock();
    *about = (struct statvfs){
        .f_bsize = (unsigned long)raw.f_bsize,
        .f_frsize = (unsigned long)raw.f_frsize,
        .f_blocks = raw.f_blocks,
        .f_bfree = is_full ? 0 : raw.f_bfree,
        .f_bavail = is_full ? 0 : raw.f_bavail,
    };
    return 0;
}
