/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The files of the journal: made of zeros that are really written, so that a record never waits for
 * space or for the file system's own records of it. Threading: see journal.h.
 */
#include "journal_private.h"

#include "base/assert.h"
#include "base/test_point.h"
#include "store/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE   0600
#define ZEROS_BYTES (256u << 10)

void journal_report(const struct journal *journal, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    store_report_line(journal->report, journal->report_context, format, arguments);
    va_end(arguments);
}

enum lb_result journal_failed(const struct journal *journal, const char *what, int error)
{
    journal_report(journal, "journal: %s: %s", what, strerror(error));
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
        return LB_STORAGE_FULL;
    }
    return error == ENOMEM ? LB_MEMORY : LB_STORAGE_FAULT;
}

void journal_segment_name(uint32_t file, char name[JOURNAL_NAME_BYTES])
{
    (void)snprintf(name, JOURNAL_NAME_BYTES, JOURNAL_NAME_PREFIX "%06u", (unsigned)file);
}

bool journal_segment_file(const char *name, uint32_t *file)
{
    size_t prefix_bytes = strlen(JOURNAL_NAME_PREFIX);
    if (strncmp(name, JOURNAL_NAME_PREFIX, prefix_bytes) != 0) {
        return false;
    }
    char *end = NULL;
    unsigned long number = strtoul(name + prefix_bytes, &end, 10);
    char again[JOURNAL_NAME_BYTES];
    if (number > UINT32_MAX) {
        return false;
    }
    *file = (uint32_t)number;
    journal_segment_name(*file, again);
    return *end == '\0' && strcmp(name, again) == 0;
}

int journal_pwrite(int fd, struct iovec *parts, int count, uint64_t offset)
{
    while (count > 0) {
        ssize_t written = pwritev(fd, parts, count, (off_t)offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written < 0 ? errno : ENOSPC;
        }
        offset += (uint64_t)written;
        size_t left = (size_t)written;
        while (count > 0 && left >= parts->iov_len) {
            left -= parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + left;
            parts->iov_len -= left;
        }
    }
    return 0;
}

int journal_pread(int fd, void *data, size_t bytes, uint64_t offset)
{
    uint8_t *at = data;
    while (bytes > 0) {
        ssize_t got = pread(fd, at, bytes, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? errno : EIO;
        }
        at += got;
        bytes -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

static int segment_fill(int fd, uint64_t bytes)
{
    void *zeros = calloc(1, ZEROS_BYTES);
    if (zeros == NULL) {
        return ENOMEM;
    }
    int error = 0;
    for (uint64_t at = 0; at < bytes && error == 0; at += ZEROS_BYTES) {
        uint64_t left = bytes - at;
        struct iovec part = {zeros, left < ZEROS_BYTES ? (size_t)left : ZEROS_BYTES};
        error = journal_pwrite(fd, &part, 1, at);
    }
    free(zeros);
    return error;
}

static int segment_write_header(const struct journal *journal, int fd, uint64_t serial)
{
    uint8_t header[JOURNAL_UNIT_BYTES];
    journal_record_segment_header(journal, serial, header);
    struct iovec part = {header, sizeof(header)};
    int error = journal_pwrite(fd, &part, 1, 0);
    if (error == 0 && fdatasync(fd) != 0) {
        error = errno;
    }
    return error;
}

static uint64_t take_serial(struct journal *journal)
{
    LB_ASSERT(pthread_mutex_lock(&journal->lock) == 0);
    uint64_t serial = journal->next_serial++;
    LB_ASSERT(pthread_mutex_unlock(&journal->lock) == 0);
    return serial;
}

static uint32_t take_file(struct journal *journal)
{
    LB_ASSERT(pthread_mutex_lock(&journal->lock) == 0);
    uint32_t file = journal->next_file++;
    LB_ASSERT(pthread_mutex_unlock(&journal->lock) == 0);
    return file;
}

static struct journal_segment *segment_new(uint32_t file, int fd, uint64_t bytes, uint64_t serial)
{
    struct journal_segment *segment = malloc(sizeof(*segment));
    if (segment != NULL) {
        *segment =
            (struct journal_segment){.file = file, .fd = fd, .bytes = bytes, .serial = serial};
    }
    return segment;
}

enum lb_result journal_segment_make(struct journal *journal, uint64_t bytes,
                                    struct journal_segment **out)
{
    uint32_t file = take_file(journal);
    uint64_t serial = take_serial(journal);
    char name[JOURNAL_NAME_BYTES];
    journal_segment_name(file, name);
    int fd = openat(journal->directory_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                    FILE_MODE);
    if (fd < 0) {
        return journal_failed(journal, "making a segment", errno);
    }
    int error = segment_fill(fd, bytes);
    error = error != 0 ? error : segment_write_header(journal, fd, serial);
    if (error == 0 && (fsync(fd) != 0 || fsync(journal->directory_fd) != 0)) {
        error = errno;
    }
    struct journal_segment *segment = error == 0 ? segment_new(file, fd, bytes, serial) : NULL;
    if (segment == NULL) { /* nothing in it was ever needed, whatever became of it */
        (void)close(fd);
        (void)unlinkat(journal->directory_fd, name, 0);
        return error == 0 ? LB_MEMORY : journal_failed(journal, "filling a segment", error);
    }
    TEST_POINT(segment_prepared);
    *out = segment;
    return LB_OK;
}

enum lb_result journal_segment_open(const struct journal *journal, uint32_t file,
                                    struct journal_segment **out)
{
    char name[JOURNAL_NAME_BYTES];
    journal_segment_name(file, name);
    int flags = (journal->is_read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW;
    int fd = openat(journal->directory_fd, name, flags);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0) {
        int error = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return journal_failed(journal, name, error);
    }
    uint64_t serial = 0;
    enum journal_header_state state = JOURNAL_HEADER_NONE;
    uint8_t header[JOURNAL_UNIT_BYTES];
    if (about.st_size >= (off_t)sizeof(header)) {
        int error = journal_pread(fd, header, sizeof(header), 0);
        if (error != 0) {
            (void)close(fd);
            return journal_failed(journal, name, error);
        }
        state = journal_record_read_segment_header(journal, header, &serial);
    }
    if (state == JOURNAL_HEADER_NEWER) {
        journal_report(journal, "%s has a newer format than this program knows", name);
        (void)close(fd);
        return LB_FORMAT_NEWER;
    }
    if (state == JOURNAL_HEADER_OTHER) { /* which is not to be used up */
        journal_report(journal,
                       "%s belongs to another book than data.mdb: files were mixed up, bring "
                       "those together again that belong together",
                       name);
        (void)close(fd);
        return LB_STORAGE_CORRUPT;
    }
    *out =
        segment_new(file, fd, (uint64_t)about.st_size, state == JOURNAL_HEADER_VALID ? serial : 0);
    if (*out == NULL) {
        (void)close(fd);
    }
    return *out == NULL ? LB_MEMORY : LB_OK;
}

enum lb_result journal_segment_renew(struct journal *journal, struct journal_segment *segment)
{
    uint64_t serial = take_serial(journal);
    int error = segment_write_header(journal, segment->fd, serial);
    if (error != 0) {
        return journal_failed(journal, "renewing a segment", error);
    }
    segment->serial = serial;
    segment->last_group = 0;
    TEST_POINT(segment_prepared);
    return LB_OK;
}

void journal_segment_close(struct journal_segment *segment)
{
    (void)close(segment->fd);
    free(segment);
}

void journal_segment_remove(const struct journal *journal, struct journal_segment *segment)
{
    char name[JOURNAL_NAME_BYTES];
    journal_segment_name(segment->file, name);
    (void)unlinkat(journal->directory_fd, name, 0); /* one that stays is reused at the next start */
    journal_segment_close(segment);
}
