/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The yardstick's journal: a file that was filled with zeros once and is written round and round,
 * one record a group. Nobody reads it back. Used by one thread.
 */
#ifndef LIMIT_JOURNAL_H
#define LIMIT_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_ALIGN_BYTES  4096 /* of buffers, and of records in the mode `direct` */
#define JOURNAL_RECORD_ALIGN 512
#define JOURNAL_HEADER_BYTES 32

enum journal_sync {
    JOURNAL_FDATASYNC, /* pwrite, then fdatasync */
    JOURNAL_DSYNC,     /* pwritev2 with RWF_DSYNC */
    JOURNAL_DIRECT,    /* O_DIRECT and O_DSYNC: past the page cache, in one call */
};

struct journal {
    int fd;
    enum journal_sync sync;
    size_t file_bytes;
    size_t offset;
    uint64_t group;
};

/* Makes a file without a name in the directory, large enough for several records of so many
 * bytes. Ends the program when it cannot. */
void journal_open(struct journal *journal, const char *directory, size_t record_bytes_max,
                  enum journal_sync sync);
/* Writes the record and makes it durable. The first JOURNAL_HEADER_BYTES of `record` are the
 * journal's to fill; the buffer is aligned and has room for the padding (journal_padded_bytes). */
void journal_write(struct journal *journal, uint8_t *record, size_t record_bytes);
void journal_close(struct journal *journal);

size_t journal_padded_bytes(size_t record_bytes);
/* Aligned memory for a record; free() it. */
uint8_t *journal_buffer(size_t bytes);

#endif
