/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The epoch key's file: 64 hex digits and a newline, for its owner alone. Not key management:
 * rotation adds epochs later. Safe from any thread.
 */
#include "people_private.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_TEXT_BYTES (2 * PEOPLE_KEY_BYTES + 1) /* digits and the newline; sodium puts a NUL */

/* Reads up to `cap` bytes; the count, or -1. */
static ssize_t key_file_read_bytes(int file, uint8_t *out, size_t cap)
{
    size_t size = 0;
    while (size < cap) {
        ssize_t got = read(file, out + size, cap - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        size += (size_t)got;
    }
    return (ssize_t)size;
}

static bool key_file_write_bytes(int file, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(file, data, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static bool key_file_is_private(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
           (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static bool key_parse(const char *text, size_t size, uint8_t key[PEOPLE_KEY_BYTES])
{
    size_t key_bytes = 0;
    return size == KEY_TEXT_BYTES && text[size - 1] == '\n' &&
           sodium_hex2bin(key, PEOPLE_KEY_BYTES, text, size - 1, NULL, &key_bytes, NULL) == 0 &&
           key_bytes == PEOPLE_KEY_BYTES;
}

enum lb_result people_key_file_read(const char *path, uint8_t key[PEOPLE_KEY_BYTES])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return LB_KEY_MISSING;
    }
    char text[KEY_TEXT_BYTES + 1]; /* one more, so that a longer file is noticed */
    bool is_key = false;
    if (key_file_is_private(file)) {
        ssize_t size = key_file_read_bytes(file, (uint8_t *)text, sizeof(text));
        is_key = size >= 0 && key_parse(text, (size_t)size, key);
    }
    sodium_memzero(text, sizeof(text));
    close(file);
    return is_key ? LB_OK : LB_KEY_MISSING;
}

/* The file's name must survive a power cut too, or rows sealed with the key would be lost. */
static bool key_file_sync_directory(const char *path)
{
    char copy[PATH_MAX];
    if (strlen(path) >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, path, strlen(path) + 1);
    int directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return false;
    }
    bool is_synced = fsync(directory) == 0;
    close(directory);
    return is_synced;
}

static bool key_file_write(const char *path, const uint8_t key[PEOPLE_KEY_BYTES])
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return false;
    }
    char text[KEY_TEXT_BYTES];
    sodium_bin2hex(text, sizeof(text), key, PEOPLE_KEY_BYTES);
    text[KEY_TEXT_BYTES - 1] = '\n';
    bool is_durable = key_file_write_bytes(file, text, sizeof(text)) && fsync(file) == 0;
    sodium_memzero(text, sizeof(text));
    return close(file) == 0 && is_durable;
}

/* Written under another name and linked when it is whole: a crash leaves no half key that would
 * stand in the way of the next start. The link is refused where there is a key already. */
enum lb_result people_key_file_make(const char *path, const struct random_source *random,
                                    uint8_t key[PEOPLE_KEY_BYTES])
{
    char draft[PATH_MAX];
    int size = snprintf(draft, sizeof(draft), "%s.new", path);
    if (size < 0 || (size_t)size >= sizeof(draft)) {
        return LB_KEY_MISSING;
    }
    if (!random_fill(random, key, PEOPLE_KEY_BYTES)) {
        return LB_INTERNAL;
    }
    (void)unlink(draft); /* of a start that was cut short */
    bool is_linked = key_file_write(draft, key) && link(draft, path) == 0;
    (void)unlink(draft);
    if (is_linked && !key_file_sync_directory(path)) {
        (void)unlink(path); /* nothing was sealed with it yet */
        is_linked = false;
    }
    return is_linked ? LB_OK : LB_KEY_MISSING;
}
