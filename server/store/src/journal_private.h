/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the files of the journal share: journal.c (use), journal_segment.c (files), journal_record.c
 * (bytes), journal_open.c (recovery), journal_copy.c (hot copies).
 */
#ifndef STORE_SRC_JOURNAL_PRIVATE_H
#define STORE_SRC_JOURNAL_PRIVATE_H

#include "journal.h"

#include <sys/uio.h>

#define JOURNAL_UNIT_BYTES  512u /* records and the header of a segment begin at multiples of it */
#define JOURNAL_FORMAT      1u
#define JOURNAL_NAME_PREFIX "journal-"
#define JOURNAL_NAME_BYTES  32

#define JOURNAL_HEADER_BYTES 48 /* of a record */

struct journal_segment {
    struct journal_segment *next;
    uint32_t file;
    int fd;
    uint64_t bytes;
    uint64_t serial;
    uint64_t last_group; /* the highest reserved here; 0: none */
};

static inline uint64_t journal_round_up(uint64_t bytes)
{
    return (bytes + JOURNAL_UNIT_BYTES - 1) / JOURNAL_UNIT_BYTES * JOURNAL_UNIT_BYTES;
}

void journal_report(const struct journal *journal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Tells the operator; no space is STORAGE_FULL, all else STORAGE_FAULT. */
enum lb_result journal_failed(const struct journal *journal, const char *what, int error);

/* ---- journal_segment.c ---- */

void journal_segment_name(uint32_t file, char name[JOURNAL_NAME_BYTES]);
/* false: not the name of a segment. */
LB_MUST_CHECK bool journal_segment_file(const char *name, uint32_t *file);
/* A new file of zeros, synced, with its header. */
LB_MUST_CHECK enum lb_result journal_segment_make(struct journal *journal, uint64_t bytes,
                                                  struct journal_segment **out);
/* Opens one that is there. serial 0: its header is not valid. */
LB_MUST_CHECK enum lb_result journal_segment_open(const struct journal *journal, uint32_t file,
                                                  struct journal_segment **out);
/* Gives it the next serial, durably. */
LB_MUST_CHECK enum lb_result journal_segment_renew(struct journal *journal,
                                                   struct journal_segment *segment);
void journal_segment_close(struct journal_segment *segment);
void journal_segment_remove(const struct journal *journal, struct journal_segment *segment);
/* All of it, whatever is interrupted. 0, or errno. */
LB_MUST_CHECK int journal_pwrite(int fd, struct iovec *parts, int count, uint64_t offset);
LB_MUST_CHECK int journal_pread(int fd, void *data, size_t bytes, uint64_t offset);

/* ---- journal_record.c ---- */

struct journal_record_header {
    uint64_t serial;
    uint64_t life;
    uint64_t first;       /* group; of a marker: the next one */
    uint32_t group_count; /* 0: a marker */
    uint64_t payload_bytes;
    uint64_t checksum;
};
/* Over the header's other fields and header->group_count groups, each with its length in front. */
LB_MUST_CHECK uint64_t journal_record_checksum(const struct id *book,
                                               const struct journal_record_header *header,
                                               const struct bytes *groups);
void journal_record_encode(const struct journal_record_header *header,
                           uint8_t out[JOURNAL_HEADER_BYTES]);
/* Writes the length in front of a group of so many bytes, its own four among them. */
void journal_record_put_length(uint8_t *group, size_t size);
/* The record at the beginning of `bytes`. false: there is none that is whole. */
LB_MUST_CHECK bool journal_record_read(const struct id *book, struct bytes bytes,
                                       struct journal_record_header *header,
                                       struct bytes groups[JOURNAL_GROUPS_MAX]);
/* The segment's header, and whether what is there is one. */
void journal_record_segment_header(const struct journal *journal, uint64_t serial,
                                   uint8_t out[JOURNAL_UNIT_BYTES]);
enum journal_header_state {
    JOURNAL_HEADER_VALID,
    JOURNAL_HEADER_NONE,
    JOURNAL_HEADER_NEWER,
    JOURNAL_HEADER_OTHER, /* of another book */
};
enum journal_header_state journal_record_read_segment_header(const struct journal *journal,
                                                             const uint8_t in[JOURNAL_UNIT_BYTES],
                                                             uint64_t *serial);

#endif
