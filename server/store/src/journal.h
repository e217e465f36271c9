/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journal: what makes a group durable with one write and one sync. Files of the data directory,
 * filled with zeros once and used again; see docs/storage-format.md for their bytes. It knows
 * groups as numbers with bytes, not what the bytes say.
 *
 * A record holds one group or several that were waiting together, and is written only when the one
 * before it is synced. So only the newest record can be torn; what damages an older one, or one
 * that a marker confirms, is found at the next open, because what follows it stands without it.
 *
 * Threads: reserve on the writer's; write and mark on the committer's; free, prepare and hold on
 * any. Opening and closing: one thread.
 */
#ifndef STORE_SRC_JOURNAL_H
#define STORE_SRC_JOURNAL_H

#include "base/bytes.h"
#include "base/id.h"
#include "lovebank/result.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_SEGMENT_BYTES_LEAST 8192
#define JOURNAL_GROUPS_MAX          16 /* in one record */
#define JOURNAL_LENGTH_BYTES        4  /* in front of each group; the journal's to fill in */

struct journal_segment;

/*
 * Invariants: `used` is in the order of use, its last segment the one that takes reservations;
 * groups of a segment are all above those of the segments before it. left_bytes is what is not
 * reserved of that last one.
 */
struct journal {
    int directory_fd; /* the caller's */
    struct id book;
    uint32_t segment_bytes;
    bool is_read_only;
    uint64_t life; /* from one opening to the next; later ones are higher */
    void (*report)(void *context, const char *message);
    void *report_context;

    pthread_mutex_t lock; /* guards all of this block */
    struct journal_segment *used;
    struct journal_segment *spare;
    uint64_t left_bytes;
    uint64_t next_serial;
    uint64_t serial_kept; /* the last that journal_serial_needed told */
    uint32_t next_file;
    unsigned holds;

    struct journal_segment *at; /* the committer's: where it writes */
    uint64_t at_serial;         /* the same file may come back under another */
    uint64_t at_offset;
};

struct journal_options {
    int directory_fd;
    struct id book;
    uint32_t segment_bytes; /* of new files; a larger group gets a larger one */
    bool is_read_only;      /* nothing is written, nor made ready to */
    uint64_t applied;       /* groups up to this one are not needed any more */
    uint64_t serial_needed; /* a segment of this serial must be there; 0: none */
    void (*report)(void *context, const char *message); /* for the operator; may be NULL */
    void *report_context;
    /* Takes the groups after `applied`, in order. Anything but LB_OK ends the opening. */
    enum lb_result (*replay)(void *context, uint64_t number, struct bytes group);
    void *replay_context;
};

/* Reads what is there, replays, writes the newest record again and syncs it (a sync before may have
 * failed), and confirms it. LB_OK; STORAGE_CORRUPT: damaged, incomplete or another
 * book's; FORMAT_NEWER; STORAGE_FULL, STORAGE_FAULT, MEMORY. *newest: the last group there is. */
LB_MUST_CHECK enum lb_result journal_open(const struct journal_options *options,
                                          struct journal *journal, uint64_t *newest);
void journal_close(struct journal *journal);

/* Room for the group of that number, the next one. LB_OK; STORAGE_FULL, STORAGE_FAULT: nothing
 * changed. *segment: to be told at the write. */
LB_MUST_CHECK enum lb_result journal_reserve(struct journal *journal, uint64_t number,
                                             size_t group_bytes, struct journal_segment **segment);

struct journal_group {
    struct journal_segment *segment;
    uint8_t *bytes; /* the first JOURNAL_LENGTH_BYTES are written here */
    size_t size;    /* these among them */
};
/* Writes the groups, all of one segment, `first` and on, as one record, and syncs it. LB_OK:
 * durable. STORAGE_FULL: not written, and there was no sync: the same or other groups may be
 * written in their place. STORAGE_FAULT: not known. */
LB_MUST_CHECK enum lb_result journal_write(struct journal *journal, uint64_t first,
                                           const struct journal_group *groups, size_t count);
/* Confirms that all groups before `next` are there, if there is room; else as journal_write. */
LB_MUST_CHECK enum lb_result journal_mark(struct journal *journal, uint64_t next);

/* The serial of the oldest segment that is needed when all groups up to `applied` are not. */
uint64_t journal_serial_needed(struct journal *journal, uint64_t applied);
/* Makes spares of the segments whose groups are all applied, and removes the files of more spares
 * than `keep`. */
LB_MUST_CHECK enum lb_result journal_free(struct journal *journal, uint64_t applied, unsigned keep);
/* Makes a spare if there is none. */
LB_MUST_CHECK enum lb_result journal_prepare(struct journal *journal);
/* While held, no segment is freed. */
void journal_hold(struct journal *journal);
void journal_release(struct journal *journal);
/* Copies all files that hold groups into the directory, and syncs them. While held. */
LB_MUST_CHECK enum lb_result journal_copy(struct journal *journal, int directory_fd);

uint64_t journal_bytes(struct journal *journal); /* of all files */

#endif
