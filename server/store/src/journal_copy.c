/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Copies of the journal while it is written. A record is written only when the one before it is
 * synced; so what is read from the newest place back to the oldest, in units that belong to one
 * record each, holds, where it shows the head of a record, all records before it whole. Read
 * forwards it could show a record whose forerunner was not there yet when its place was read, which
 * recovery takes for damage. Any thread; while held.
 */
#include "journal_private.h"

#include "base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define COPY_BYTES (1u << 20) /* a multiple of the unit */
#define FILE_MODE  0600

/* So many bytes of the segment from `at` on, its last unit first. 0, or errno. */
static int copy_read_backwards(const struct journal_segment *segment, uint64_t at, size_t bytes,
                               uint8_t *buffer)
{
    int error = 0;
    while (bytes > 0 && error == 0) {
        size_t tail = bytes % JOURNAL_UNIT_BYTES;
        size_t unit = tail == 0 ? JOURNAL_UNIT_BYTES : tail;
        bytes -= unit;
        error = journal_pread(segment->fd, buffer + bytes, unit, at + bytes);
    }
    return error;
}

static int copy_segment(const struct journal_segment *segment, int to_fd, uint8_t *buffer)
{
    int error = 0;
    uint64_t left = segment->bytes;
    while (left > 0 && error == 0) {
        uint64_t tail = left % COPY_BYTES;
        struct iovec part = {buffer, tail == 0 ? COPY_BYTES : (size_t)tail};
        left -= part.iov_len;
        error = copy_read_backwards(segment, left, part.iov_len, buffer);
        error = error != 0 ? error : journal_pwrite(to_fd, &part, 1, left);
    }
    if (error == 0 && fdatasync(to_fd) != 0) {
        error = errno;
    }
    return error;
}

static int copy_file(const struct journal_segment *segment, int directory_fd, uint8_t *buffer)
{
    char name[JOURNAL_NAME_BYTES];
    journal_segment_name(segment->file, name);
    int fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return errno;
    }
    int error = copy_segment(segment, fd, buffer);
    (void)close(fd);
    return error;
}

/* The segment before that one, or with NULL the newest. While held none in use goes away. NULL:
 * there is none. */
static const struct journal_segment *copy_before(struct journal *journal,
                                                 const struct journal_segment *next)
{
    LB_ASSERT(pthread_mutex_lock(&journal->lock) == 0);
    const struct journal_segment *segment = journal->used == next ? NULL : journal->used;
    while (segment != NULL && segment->next != next) {
        segment = segment->next;
    }
    LB_ASSERT(pthread_mutex_unlock(&journal->lock) == 0);
    return segment;
}

enum lb_result journal_copy(struct journal *journal, int directory_fd)
{
    uint8_t *buffer = malloc(COPY_BYTES);
    if (buffer == NULL) {
        return LB_MEMORY;
    }
    int error = 0;
    const struct journal_segment *segment = copy_before(journal, NULL);
    while (segment != NULL && error == 0) {
        error = copy_file(segment, directory_fd, buffer);
        segment = copy_before(journal, segment);
    }
    free(buffer);
    return error == 0 ? LB_OK : journal_failed(journal, "copying a segment", error);
}
