/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The yardstick's journal; see journal.h. */
#include "journal.h"

#include "../lib/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <xxhash.h>

#define JOURNAL_FILE_BYTES_MIN (64U << 20)
#define JOURNAL_FILL_BYTES     (1U << 20)

size_t journal_padded_bytes(size_t record_bytes)
{
    return (record_bytes + JOURNAL_ALIGN_BYTES - 1) / JOURNAL_ALIGN_BYTES * JOURNAL_ALIGN_BYTES;
}

uint8_t *journal_buffer(size_t bytes)
{
    void *buffer = NULL;
    errno = posix_memalign(&buffer, JOURNAL_ALIGN_BYTES, bytes);
    if (errno != 0) {
        measure_fail("memory for the journal");
    }
    memset(buffer, 0, bytes);
    return buffer;
}

static void journal_fill(const struct journal *journal)
{
    uint8_t *zeros = journal_buffer(JOURNAL_FILL_BYTES);
    for (size_t offset = 0; offset < journal->file_bytes; offset += JOURNAL_FILL_BYTES) {
        if (pwrite(journal->fd, zeros, JOURNAL_FILL_BYTES, (off_t)offset) != JOURNAL_FILL_BYTES) {
            measure_fail("filling the journal");
        }
    }
    if (fsync(journal->fd) != 0) {
        measure_fail("syncing the journal");
    }
    free(zeros);
}

void journal_open(struct journal *journal, const char *directory, size_t record_bytes_max,
                  enum journal_sync sync)
{
    *journal = (struct journal){.sync = sync, .file_bytes = JOURNAL_FILE_BYTES_MIN};
    while (journal->file_bytes < 4 * journal_padded_bytes(record_bytes_max)) {
        journal->file_bytes *= 2;
    }
    char name[4096];
    int length = snprintf(name, sizeof(name), "%s/limit-journal.XXXXXX", directory);
    if (length < 0 || (size_t)length >= sizeof(name)) {
        errno = ENAMETOOLONG;
        measure_fail(directory);
    }
    journal->fd = mkstemp(name);
    if (journal->fd < 0 || unlink(name) != 0) {
        measure_fail(name);
    }
    journal_fill(journal);
    if (sync == JOURNAL_DIRECT) {
        char again[64];
        (void)snprintf(again, sizeof(again), "/proc/self/fd/%d", journal->fd);
        int fd = open(again, O_RDWR | O_DIRECT | O_DSYNC | O_CLOEXEC);
        if (fd < 0) {
            measure_fail("opening the journal with O_DIRECT");
        }
        (void)close(journal->fd);
        journal->fd = fd;
    }
}

/* Magic, generation, group, bytes, checksum: what a real record needs, so that it costs the same.
 */
static void journal_fill_header(struct journal *journal, uint8_t *record, size_t record_bytes)
{
    uint64_t header[4] = {0x4c42, ++journal->group, record_bytes, 0};
    header[3] = XXH3_64bits_withSeed(record + JOURNAL_HEADER_BYTES,
                                     record_bytes - JOURNAL_HEADER_BYTES, journal->group);
    memcpy(record, header, sizeof(header));
}

void journal_write(struct journal *journal, uint8_t *record, size_t record_bytes)
{
    size_t align = journal->sync == JOURNAL_DIRECT ? JOURNAL_ALIGN_BYTES : JOURNAL_RECORD_ALIGN;
    size_t padded = (record_bytes + align - 1) / align * align;
    journal_fill_header(journal, record, record_bytes);
    memset(record + record_bytes, 0, padded - record_bytes);
    if (journal->offset + padded > journal->file_bytes) {
        journal->offset = 0;
    }
    struct iovec part = {record, padded};
    int flags = journal->sync == JOURNAL_DSYNC ? RWF_DSYNC : 0;
    ssize_t written = pwritev2(journal->fd, &part, 1, (off_t)journal->offset, flags);
    if (written != (ssize_t)padded) {
        measure_fail("writing the journal");
    }
    if (journal->sync == JOURNAL_FDATASYNC && fdatasync(journal->fd) != 0) {
        measure_fail("fdatasync of the journal");
    }
    journal->offset += padded;
}

void journal_close(struct journal *journal)
{
    (void)close(journal->fd);
}
