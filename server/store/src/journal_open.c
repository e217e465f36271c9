/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Recovery. All records of all files are looked for, wherever they stand; the groups after the ones
 * applied must follow each other without a gap. A record that is missing or damaged below one that
 * is whole is damage; only behind the last one may a torn record lie, that was never acknowledged.
 * What a later life of the store did not find, and wrote anew, counts as that life wrote it.
 * One thread.
 */
#include "journal_private.h"

#include "base/assert.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A record that holds groups beyond the ones applied, or a marker for such. */
struct found_record {
    struct journal_segment *segment;
    uint64_t offset;
    uint64_t bytes;
    uint64_t life;
    uint64_t first;
    uint32_t group_count;
};

struct recovery {
    struct journal *journal;
    const struct journal_options *options;
    struct journal_segment *segments; /* all, in no order */
    struct found_record *records;
    size_t record_count;
    size_t record_cap;
    uint64_t serial_max;
};

static enum lb_result recovery_add(struct recovery *recovery, const struct found_record *record)
{
    if (recovery->record_count == recovery->record_cap) {
        size_t cap = recovery->record_cap == 0 ? 256 : recovery->record_cap * 2;
        struct found_record *records =
            reallocarray(recovery->records, cap, sizeof(recovery->records[0]));
        if (records == NULL) {
            return LB_MEMORY;
        }
        recovery->records = records;
        recovery->record_cap = cap;
    }
    recovery->records[recovery->record_count++] = *record;
    return LB_OK;
}

static void note_serial(struct recovery *recovery, uint64_t serial)
{
    recovery->serial_max = serial > recovery->serial_max ? serial : recovery->serial_max;
}

static enum lb_result segment_scan(struct recovery *recovery, struct journal_segment *segment,
                                   struct bytes whole)
{
    const struct journal *journal = recovery->journal;
    uint64_t at = JOURNAL_UNIT_BYTES;
    while (at + JOURNAL_UNIT_BYTES <= whole.size) {
        struct journal_record_header header;
        struct bytes groups[JOURNAL_GROUPS_MAX];
        struct bytes rest = bytes_of(whole.data + at, whole.size - at);
        if (!journal_record_read(&journal->book, rest, &header, groups)) {
            at += JOURNAL_UNIT_BYTES;
            continue;
        }
        uint64_t bytes = JOURNAL_HEADER_BYTES + header.payload_bytes;
        uint64_t last = header.first + header.group_count - 1; /* of a marker: the one before it */
        note_serial(recovery, header.serial);
        note_serial(recovery, header.life);
        bool is_marker = header.group_count == 0;
        if ((is_marker ? header.first : last) > recovery->options->applied) {
            const struct found_record record = {.segment = segment,
                                                .offset = at,
                                                .bytes = bytes,
                                                .life = header.life,
                                                .first = header.first,
                                                .group_count = header.group_count};
            enum lb_result result = recovery_add(recovery, &record);
            if (result != LB_OK) {
                return result;
            }
            if (!is_marker && last > segment->last_group) {
                segment->last_group = last; /* for a marker alone a segment need not stay */
            }
        }
        at += journal_round_up(bytes);
    }
    return LB_OK;
}

static enum lb_result segment_read(struct recovery *recovery, uint32_t file)
{
    struct journal_segment *segment = NULL;
    enum lb_result result = journal_segment_open(recovery->journal, file, &segment);
    if (result != LB_OK) {
        return result;
    }
    segment->next = recovery->segments;
    recovery->segments = segment;
    note_serial(recovery, segment->serial);
    if (file >= recovery->journal->next_file) {
        recovery->journal->next_file = file + 1;
    }
    uint8_t *whole = malloc(segment->bytes + 1);
    if (whole == NULL) {
        return LB_MEMORY;
    }
    int error = journal_pread(segment->fd, whole, segment->bytes, 0);
    result = error != 0 ? journal_failed(recovery->journal, "reading a segment", error)
                        : segment_scan(recovery, segment, bytes_of(whole, segment->bytes));
    free(whole);
    return result;
}

static enum lb_result recovery_read_all(struct recovery *recovery)
{
    int fd = openat(recovery->journal->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (directory == NULL) {
        int error = errno;
        if (fd >= 0) {
            (void)close(fd);
        }
        return journal_failed(recovery->journal, "listing the data directory", error);
    }
    enum lb_result result = LB_OK;
    errno = 0;
    const struct dirent *entry = readdir(directory);
    while (entry != NULL && result == LB_OK) {
        uint32_t file = 0;
        if (journal_segment_file(entry->d_name, &file)) {
            result = segment_read(recovery, file);
        }
        errno = 0;
        entry = readdir(directory);
    }
    if (result == LB_OK && errno != 0) {
        result = journal_failed(recovery->journal, "listing the data directory", errno);
    }
    (void)closedir(directory);
    return result;
}

/* As they were written: life by life, by group; a marker comes after the record it confirms. */
static int record_order(const void *left, const void *right)
{
    const struct found_record *a = left;
    const struct found_record *b = right;
    if (a->life != b->life) {
        return a->life < b->life ? -1 : 1;
    }
    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }
    return (a->group_count > 0) - (b->group_count > 0);
}

static enum lb_result recovery_check_serial(const struct recovery *recovery)
{
    uint64_t needed = recovery->options->serial_needed;
    bool is_there = needed == 0;
    for (const struct journal_segment *each = recovery->segments; each != NULL; each = each->next) {
        is_there = is_there || each->serial == needed;
    }
    if (!is_there) {
        journal_report(recovery->journal,
                       "journal: the segment of serial %llu is missing or damaged: restore the "
                       "journal files of this directory, or a backup",
                       (unsigned long long)needed);
    }
    return is_there ? LB_OK : LB_STORAGE_CORRUPT;
}

static uint64_t record_last(const struct found_record *record)
{
    return record->first + record->group_count - 1; /* of a marker: the group before it */
}

/* Leaves out the records that end at `first` or behind, of lives before `life`: a disk that failed
 * to write them can show them later all the same, when another life has gone on without them.
 * *newest: the last group of the others. false: some of them cannot be left out. */
static bool records_cut(const struct recovery *recovery, size_t *kept, uint64_t life,
                        uint64_t first, uint64_t *newest)
{
    while (*kept > 0 && record_last(&recovery->records[*kept - 1]) >= first) {
        const struct found_record *stale = &recovery->records[*kept - 1];
        if (stale->life == life || stale->first < first) {
            return false;
        }
        --*kept;
    }
    uint64_t applied = recovery->options->applied;
    *newest = *kept == 0 ? applied : record_last(&recovery->records[*kept - 1]);
    return true;
}

/* Keeps the records of the groups that there are. *newest: the last of them. */
static enum lb_result recovery_check_order(struct recovery *recovery, uint64_t *newest)
{
    size_t kept = 0;
    *newest = recovery->options->applied;
    if (recovery->record_count > 0) {
        qsort(recovery->records, recovery->record_count, sizeof(recovery->records[0]),
              record_order);
    }
    for (size_t i = 0; i < recovery->record_count; i++) {
        const struct found_record record = recovery->records[i];
        bool is_good = record.first <= *newest + 1;
        if (is_good && record.first <= *newest && record.first > recovery->options->applied) {
            is_good = records_cut(recovery, &kept, record.life, record.first, newest);
        }
        if (!is_good) {
            journal_report(recovery->journal,
                           "journal: group %llu is missing or damaged, but there are later ones: "
                           "restore a backup, or ask for help before anything is written",
                           (unsigned long long)*newest + 1);
            return LB_STORAGE_CORRUPT;
        }
        if (record.group_count > 0) {
            recovery->records[kept++] = record;
            *newest = record_last(&record);
        }
    }
    recovery->record_count = kept;
    return LB_OK;
}

/* Reads the record again, and hands on its groups that are not applied yet. */
static enum lb_result recovery_replay_record(const struct recovery *recovery,
                                             const struct found_record *record, uint8_t **kept)
{
    const struct journal *journal = recovery->journal;
    uint8_t *bytes = malloc(record->bytes);
    if (bytes == NULL) {
        return LB_MEMORY;
    }
    int error = journal_pread(record->segment->fd, bytes, record->bytes, record->offset);
    struct journal_record_header header = {.first = 0};
    struct bytes groups[JOURNAL_GROUPS_MAX];
    enum lb_result result = LB_OK;
    if (error != 0) {
        result = journal_failed(journal, "reading a record", error);
    } else if (!journal_record_read(&journal->book, bytes_of(bytes, record->bytes), &header,
                                    groups)) {
        result = LB_STORAGE_CORRUPT; /* it was whole a moment ago */
    }
    const struct journal_options *options = recovery->options;
    for (uint32_t i = 0; i < header.group_count && result == LB_OK; i++) {
        if (header.first + i > options->applied) {
            struct bytes group = bytes_of(groups[i].data + JOURNAL_LENGTH_BYTES,
                                          groups[i].size - JOURNAL_LENGTH_BYTES);
            result = options->replay(options->replay_context, header.first + i, group);
        }
    }
    free(*kept);
    *kept = bytes;
    return result;
}

/* The newest record was perhaps never synced, though it can be read. */
static enum lb_result recovery_sync_again(const struct recovery *recovery,
                                          const struct found_record *record, uint8_t *bytes)
{
    struct iovec part = {bytes, record->bytes};
    int error = journal_pwrite(record->segment->fd, &part, 1, record->offset);
    if (error == 0 && fdatasync(record->segment->fd) != 0) {
        error = errno;
    }
    return error == 0 ? LB_OK
                      : journal_failed(recovery->journal, "syncing the newest record", error);
}

static enum lb_result recovery_replay(const struct recovery *recovery)
{
    enum lb_result result = LB_OK;
    const struct found_record *newest = NULL;
    uint8_t *newest_bytes = NULL;
    for (size_t i = 0; i < recovery->record_count && result == LB_OK; i++) {
        newest = &recovery->records[i];
        result = recovery_replay_record(recovery, newest, &newest_bytes);
    }
    if (result == LB_OK && newest != NULL && !recovery->journal->is_read_only) {
        result = recovery_sync_again(recovery, newest, newest_bytes);
    }
    free(newest_bytes);
    return result;
}

/* Segments with groups that are not applied stay as they are; the others can be used again. */
static enum lb_result recovery_sort_segments(struct recovery *recovery)
{
    struct journal *journal = recovery->journal;
    struct journal_segment *segment = recovery->segments;
    enum lb_result result = LB_OK;
    recovery->segments = NULL;
    while (segment != NULL) {
        struct journal_segment *next = segment->next;
        segment->next = NULL;
        bool is_needed = segment->last_group > 0 || journal->is_read_only ||
                         (segment->serial != 0 && /* a file without a header is no segment yet */
                          segment->serial == recovery->options->serial_needed);
        if (is_needed) {
            struct journal_segment **link = &journal->used;
            while (*link != NULL && (*link)->last_group <= segment->last_group) {
                link = &(*link)->next;
            }
            segment->next = *link;
            *link = segment;
        } else if (segment->bytes != journal->segment_bytes || result != LB_OK) {
            journal_segment_remove(journal, segment);
        } else {
            result = journal_segment_renew(journal, segment);
            segment->next = journal->spare;
            journal->spare = segment;
        }
        segment = next;
    }
    return result;
}

static enum lb_result recovery_run(struct recovery *recovery, uint64_t *newest)
{
    enum lb_result result = recovery_read_all(recovery);
    if (result == LB_OK) {
        result = recovery_check_serial(recovery);
    }
    if (result == LB_OK) {
        result = recovery_check_order(recovery, newest);
    }
    if (result == LB_OK) {
        result = recovery_replay(recovery);
    }
    recovery->journal->life = recovery->serial_max + 1;
    recovery->journal->next_serial = recovery->serial_max + 2;
    if (result == LB_OK) {
        result = recovery_sort_segments(recovery);
    }
    return result;
}

/* From here on groups go to a segment of their own, and what was found is confirmed there. Without
 * space for one the book can be read, and each group tries again. */
static enum lb_result journal_begin(struct journal *journal, uint64_t newest)
{
    struct journal_segment *segment = NULL;
    enum lb_result result = journal_reserve(journal, newest, 0, &segment);
    if (result == LB_STORAGE_FULL && journal->used != NULL) {
        return LB_OK;
    }
    return result == LB_OK ? journal_mark(journal, newest + 1) : result;
}

static void close_all(struct journal_segment *segment)
{
    while (segment != NULL) {
        struct journal_segment *next = segment->next;
        journal_segment_close(segment);
        segment = next;
    }
}

enum lb_result journal_open(const struct journal_options *options, struct journal *journal,
                            uint64_t *newest)
{
    LB_ASSERT(options->segment_bytes >= JOURNAL_SEGMENT_BYTES_LEAST &&
              options->segment_bytes % JOURNAL_UNIT_BYTES == 0);
    *journal = (struct journal){
        .directory_fd = options->directory_fd,
        .book = options->book,
        .segment_bytes = options->segment_bytes,
        .is_read_only = options->is_read_only,
        .report = options->report,
        .report_context = options->report_context,
        .next_file = 1,
        .next_serial = 1,
    };
    if (pthread_mutex_init(&journal->lock, NULL) != 0) {
        return LB_MEMORY;
    }
    struct recovery recovery = {.journal = journal, .options = options};
    enum lb_result result = recovery_run(&recovery, newest);
    free(recovery.records);
    close_all(recovery.segments);
    if (result == LB_OK && !options->is_read_only) {
        result = journal_begin(journal, *newest);
    }
    if (result != LB_OK) {
        journal_close(journal);
    }
    return result;
}

void journal_close(struct journal *journal)
{
    close_all(journal->used);
    close_all(journal->spare);
    journal->used = NULL;
    journal->spare = NULL;
    (void)pthread_mutex_destroy(&journal->lock);
}
