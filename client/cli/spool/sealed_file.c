/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sealed files. One thread.
 */
#include "sealed_file.h"

#include "base/assert.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALED_SUM_BYTES crypto_hash_sha256_BYTES

_Static_assert(SEALED_EXTRA_BYTES == SEALED_MAGIC_BYTES + SEALED_SUM_BYTES, "magic and checksum");

static ssize_t sealed_system_write(void *context, int fd, const void *data, size_t size)
{
    (void)context;
    return write(fd, data, size);
}

static int sealed_system_sync(void *context, int fd)
{
    (void)context;
    return fsync(fd);
}

const struct sealed_disk *sealed_disk_system(void)
{
    static const struct sealed_disk system = {.write = sealed_system_write,
                                              .sync = sealed_system_sync};
    return &system;
}

bool sealed_open(struct bytes file, const char *magic, struct bytes *body)
{
    uint8_t sum[SEALED_SUM_BYTES];
    if (file.size < SEALED_EXTRA_BYTES || memcmp(file.data, magic, SEALED_MAGIC_BYTES) != 0) {
        return false;
    }
    const size_t size = file.size - SEALED_SUM_BYTES;
    (void)crypto_hash_sha256(sum, file.data, size);
    if (memcmp(sum, file.data + size, SEALED_SUM_BYTES) != 0) {
        return false;
    }
    *body = bytes_of(file.data + SEALED_MAGIC_BYTES, size - SEALED_MAGIC_BYTES);
    return true;
}

static enum sealed_answer sealed_read_fd(struct arena *arena, int fd, const char *magic,
                                         size_t bytes_max, struct bytes *body)
{
    struct stat file;
    if (fstat(fd, &file) != 0) {
        return SEALED_FAILED;
    }
    if (!S_ISREG(file.st_mode) || file.st_uid != geteuid() || file.st_size < SEALED_EXTRA_BYTES ||
        (uint64_t)file.st_size - SEALED_EXTRA_BYTES > bytes_max) {
        return SEALED_DAMAGED;
    }
    const size_t size = (size_t)file.st_size;
    uint8_t *data = arena_take(arena, size);
    if (data == NULL) {
        errno = ENOMEM;
        return SEALED_FAILED;
    }
    /* short: the file became shorter meanwhile */
    return fd_read_whole(fd, data, size) == (ssize_t)size &&
                   sealed_open(bytes_of(data, size), magic, body)
               ? SEALED_GOOD
               : SEALED_DAMAGED;
}

enum sealed_answer sealed_file_read(struct arena *arena, int folder, const char *name,
                                    const char *magic, size_t bytes_max, struct bytes *body)
{
    const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT  ? SEALED_NONE
               : errno == ELOOP ? SEALED_DAMAGED /* a link */
                                : SEALED_FAILED;
    }
    const enum sealed_answer answer = sealed_read_fd(arena, fd, magic, bytes_max, body);
    (void)close(fd);
    return answer;
}

static bool sealed_write_all(const struct sealed_disk *disk, int fd, struct bytes bytes)
{
    for (size_t put = 0; put < bytes.size;) {
        const ssize_t part = disk->write(disk->context, fd, bytes.data + put, bytes.size - put);
        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part <= 0) {
            errno = part == 0 ? ENOSPC : errno;
            return false;
        }
        put += (size_t)part;
    }
    return true;
}

/* The whole file, on the disk; false: errno. */
static bool sealed_put(const struct sealed_disk *disk, int fd, const char *magic, struct bytes body)
{
    uint8_t sum[SEALED_SUM_BYTES];
    crypto_hash_sha256_state state;
    const struct bytes head = bytes_of(magic, SEALED_MAGIC_BYTES);
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, head.data, head.size);
    (void)crypto_hash_sha256_update(&state, body.data, body.size);
    (void)crypto_hash_sha256_final(&state, sum);
    return sealed_write_all(disk, fd, head) && sealed_write_all(disk, fd, body) &&
           sealed_write_all(disk, fd, bytes_of(sum, sizeof(sum))) &&
           disk->sync(disk->context, fd) == 0;
}

/* errno survives. */
static bool sealed_give_up(int folder, const char *name)
{
    const int error = errno;
    (void)unlinkat(folder, name, 0);
    errno = error;
    return false;
}

bool sealed_file_write(const struct sealed_disk *disk, int folder, const char *name,
                       const char *magic, struct bytes body)
{
    char part[SEALED_NAME_BYTES];
    const int size = snprintf(part, sizeof(part), ".%s" SEALED_PART_SUFFIX, name);
    LB_ASSERT(size > 0 && (size_t)size < sizeof(part));
    (void)unlinkat(folder, part, 0);
    const int fd = openat(folder, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool is_put = sealed_put(disk, fd, magic, body);
    const int error = errno;
    is_put = close(fd) == 0 && is_put;
    errno = error;
    if (!is_put || renameat(folder, part, folder, name) != 0) {
        return sealed_give_up(folder, part);
    }
    /* Whoever is told that it is not there must not find it later. */
    return disk->sync(disk->context, folder) == 0 || sealed_give_up(folder, name);
}
