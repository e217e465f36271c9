/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The journal in use: room, records, markers, segments that come back. Threading: see journal.h.
 */
#include "journal_private.h"

#include "base/assert.h"
#include "base/test_point.h"

#include <errno.h>
#include <unistd.h>

static void journal_lock(struct journal *journal)
{
    LB_ASSERT(pthread_mutex_lock(&journal->lock) == 0);
}

static void journal_unlock(struct journal *journal)
{
    LB_ASSERT(pthread_mutex_unlock(&journal->lock) == 0);
}

static struct journal_segment *used_last(const struct journal *journal)
{
    struct journal_segment *segment = journal->used;
    while (segment != NULL && segment->next != NULL) {
        segment = segment->next;
    }
    return segment;
}

static void list_append(struct journal_segment **list, struct journal_segment *segment)
{
    while (*list != NULL) {
        list = &(*list)->next;
    }
    segment->next = NULL;
    *list = segment;
}

/* ---- room ---- */

static uint64_t record_bytes(size_t group_bytes)
{
    return journal_round_up(JOURNAL_HEADER_BYTES + group_bytes);
}

/* With the lock held. A spare large enough, taken off the list; NULL: none. */
static struct journal_segment *spare_take(struct journal *journal, uint64_t bytes)
{
    struct journal_segment **link = &journal->spare;
    while (*link != NULL && (*link)->bytes < bytes) {
        link = &(*link)->next;
    }
    struct journal_segment *segment = *link;
    if (segment != NULL) {
        *link = segment->next;
    }
    return segment;
}

enum lb_result journal_reserve(struct journal *journal, uint64_t number, size_t group_bytes,
                               struct journal_segment **out)
{
    uint64_t wanted = record_bytes(group_bytes);
    /* What stays free at the end of a segment is for a marker. */
    uint64_t segment_bytes = JOURNAL_UNIT_BYTES + wanted + JOURNAL_UNIT_BYTES;
    journal_lock(journal);
    struct journal_segment *segment = used_last(journal);
    if (segment == NULL || journal->left_bytes < wanted + JOURNAL_UNIT_BYTES) {
        segment = spare_take(journal, segment_bytes);
        if (segment == NULL) {
            journal_unlock(journal);
            uint64_t usual = journal->segment_bytes;
            enum lb_result result = journal_segment_make(
                journal, segment_bytes > usual ? segment_bytes : usual, &segment);
            if (result != LB_OK) {
                return result;
            }
            journal_lock(journal);
        }
        list_append(&journal->used, segment);
        journal->left_bytes = segment->bytes - JOURNAL_UNIT_BYTES;
    }
    journal->left_bytes -= wanted;
    segment->last_group = number;
    journal_unlock(journal);
    *out = segment;
    return LB_OK;
}

/* ---- writing ---- */

static void journal_go_to(struct journal *journal, struct journal_segment *segment)
{
    if (journal->at_serial != segment->serial) {
        journal->at = segment;
        journal->at_serial = segment->serial;
        journal->at_offset = JOURNAL_UNIT_BYTES;
    }
}

/* A write that failed for lack of space may have left a whole record all the same, of groups that
 * will be refused. false: it may still be there. */
static bool journal_wipe(struct journal *journal)
{
    static const uint8_t zeros[JOURNAL_UNIT_BYTES];
    struct iovec part = {(void *)(uintptr_t)zeros, sizeof(zeros)};
    return journal_pwrite(journal->at->fd, &part, 1, journal->at_offset) == 0 &&
           fdatasync(journal->at->fd) == 0;
}

/* Writes a record where the committer is, and syncs it. */
static enum lb_result journal_append(struct journal *journal, struct journal_record_header *header,
                                     const struct bytes *groups)
{
    static const uint8_t zeros[JOURNAL_UNIT_BYTES];
    uint8_t packed[JOURNAL_HEADER_BYTES];
    struct iovec parts[JOURNAL_GROUPS_MAX + 2];
    header->serial = journal->at->serial;
    header->life = journal->life;
    header->checksum = journal_record_checksum(&journal->book, header, groups);
    journal_record_encode(header, packed);
    uint64_t bytes = sizeof(packed) + header->payload_bytes;
    uint64_t whole = journal_round_up(bytes);
    LB_ASSERT(journal->at_offset + whole <= journal->at->bytes);
    int count = 0;
    parts[count++] = (struct iovec){packed, sizeof(packed)};
    for (uint32_t i = 0; i < header->group_count; i++) {
        parts[count++] = (struct iovec){(void *)(uintptr_t)groups[i].data, groups[i].size};
    }
    if (whole > bytes) {
        parts[count++] = (struct iovec){(void *)(uintptr_t)zeros, whole - bytes};
    }
    TEST_POINT(journal_before);
    int error = journal_pwrite(journal->at->fd, parts, count, journal->at_offset);
    if (error != 0) {
        enum lb_result result = journal_failed(journal, "writing a record", error);
        return result == LB_STORAGE_FULL && journal_wipe(journal) ? result : LB_STORAGE_FAULT;
    }
    TEST_POINT(journal_written);
    if (fdatasync(journal->at->fd) != 0) {
        (void)journal_failed(journal, "syncing a record", errno);
        return LB_STORAGE_FAULT; /* of whatever kind: what is durable is not known */
    }
    if (journal->at_offset == JOURNAL_UNIT_BYTES) {
        TEST_POINT(segment_begun);
    }
    TEST_POINT(journal_synced);
    journal->at_offset += whole;
    return LB_OK;
}

enum lb_result journal_write(struct journal *journal, uint64_t first,
                             const struct journal_group *groups, size_t count)
{
    LB_ASSERT(count > 0 && count <= JOURNAL_GROUPS_MAX);
    struct journal_record_header header = {.first = first, .group_count = (uint32_t)count};
    struct bytes bytes[JOURNAL_GROUPS_MAX];
    for (size_t i = 0; i < count; i++) {
        LB_ASSERT(groups[i].segment == groups[0].segment);
        journal_record_put_length(groups[i].bytes, groups[i].size);
        bytes[i] = bytes_of(groups[i].bytes, groups[i].size);
        header.payload_bytes += groups[i].size;
    }
    journal_go_to(journal, groups[0].segment);
    return journal_append(journal, &header, bytes);
}

enum lb_result journal_mark(struct journal *journal, uint64_t next)
{
    journal_lock(journal);
    struct journal_segment *last = used_last(journal);
    /* A group may have room reserved where the committer is, and another behind it already in a
     * segment of its own: then they confirm what was before them. */
    bool is_here = journal->at == NULL || journal->at == last;
    bool has_room = last != NULL && is_here && journal->left_bytes >= JOURNAL_UNIT_BYTES;
    if (has_room) {
        journal->left_bytes -= JOURNAL_UNIT_BYTES;
        journal->holds++; /* all its groups may be applied, and a next one go elsewhere meanwhile */
    }
    journal_unlock(journal);
    if (!has_room) {
        return LB_OK;
    }
    journal_go_to(journal, last);
    struct journal_record_header header = {.first = next};
    const struct bytes none = {NULL, 0};
    enum lb_result result = journal_append(journal, &header, &none);
    journal_release(journal);
    if (result == LB_OK) {
        TEST_POINT(idle_marked);
    }
    return result;
}

/* ---- segments that come back ---- */

uint64_t journal_serial_needed(struct journal *journal, uint64_t applied)
{
    journal_lock(journal);
    struct journal_segment *segment = journal->used;
    while (segment != NULL && segment->next != NULL && segment->last_group <= applied) {
        segment = segment->next;
    }
    uint64_t serial = segment == NULL ? 0 : segment->serial;
    journal->serial_kept = serial;
    journal_unlock(journal);
    return serial;
}

/* The first used segment, if nothing in it is needed; off the list. */
static struct journal_segment *used_take(struct journal *journal, uint64_t applied)
{
    journal_lock(journal);
    struct journal_segment *segment = journal->used;
    bool is_free = journal->holds == 0 && segment != NULL && segment->next != NULL &&
                   segment->last_group <= applied && segment->serial != journal->serial_kept;
    if (is_free) {
        journal->used = segment->next;
    }
    journal_unlock(journal);
    return is_free ? segment : NULL;
}

static void spare_add(struct journal *journal, struct journal_segment *segment)
{
    journal_lock(journal);
    list_append(&journal->spare, segment);
    journal_unlock(journal);
}

static unsigned spare_count(struct journal *journal)
{
    unsigned count = 0;
    journal_lock(journal);
    for (const struct journal_segment *each = journal->spare; each != NULL; each = each->next) {
        count++;
    }
    journal_unlock(journal);
    return count;
}

enum lb_result journal_free(struct journal *journal, uint64_t applied, unsigned keep)
{
    struct journal_segment *segment = used_take(journal, applied);
    for (; segment != NULL; segment = used_take(journal, applied)) {
        if (spare_count(journal) >= keep || segment->bytes != journal->segment_bytes) {
            journal_segment_remove(journal, segment);
        } else {
            enum lb_result result = journal_segment_renew(journal, segment);
            if (result != LB_OK) {
                journal_segment_close(segment);
                return LB_STORAGE_FAULT; /* a sync failed, or a write where there is room */
            }
            spare_add(journal, segment);
        }
        TEST_POINT(segment_freed);
    }
    while (spare_count(journal) > keep) {
        journal_lock(journal);
        segment = spare_take(journal, 0);
        journal_unlock(journal);
        if (segment != NULL) {
            journal_segment_remove(journal, segment);
        }
    }
    return LB_OK;
}

enum lb_result journal_prepare(struct journal *journal)
{
    struct journal_segment *segment = NULL;
    if (spare_count(journal) > 0) {
        return LB_OK;
    }
    enum lb_result result = journal_segment_make(journal, journal->segment_bytes, &segment);
    if (result == LB_OK) {
        spare_add(journal, segment);
    }
    return result;
}

void journal_hold(struct journal *journal)
{
    journal_lock(journal);
    journal->holds++;
    journal_unlock(journal);
}

void journal_release(struct journal *journal)
{
    journal_lock(journal);
    LB_ASSERT(journal->holds > 0);
    journal->holds--;
    journal_unlock(journal);
}

uint64_t journal_bytes(struct journal *journal)
{
    uint64_t bytes = 0;
    journal_lock(journal);
    for (const struct journal_segment *each = journal->used; each != NULL; each = each->next) {
        bytes += each->bytes;
    }
    for (const struct journal_segment *each = journal->spare; each != NULL; each = each->next) {
        bytes += each->bytes;
    }
    journal_unlock(journal);
    return bytes;
}
