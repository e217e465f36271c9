/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bytes of records and segment headers. Checksums are seeded with the book's id, so that no
 * other book's record, and none that a client makes up inside its data, is taken for one.
 * Any thread.
 */
#include "journal_private.h"

#include "base/assert.h"
#include "base/wire.h"
#include "hash.h"

#include <string.h>

#define RECORD_MAGIC         UINT32_C(0x4C424A52) /* LBJR */
#define SEGMENT_MAGIC        UINT32_C(0x4C424A53) /* LBJS */
#define SEGMENT_FILLED_BYTES (4 + 4 + LB_REQUEST_ID_BYTES + 8 + 8)

static uint64_t book_seed(const struct id *book)
{
    return hash_seeded(bytes_of(book->bytes, sizeof(book->bytes)), 0);
}

static size_t header_pack(const struct journal_record_header *header,
                          uint8_t out[JOURNAL_HEADER_BYTES])
{
    struct wire_writer writer = {.data = out, .cap = JOURNAL_HEADER_BYTES};
    wire_put_u32(&writer, RECORD_MAGIC);
    wire_put_u32(&writer, header->group_count);
    wire_put_u64(&writer, header->serial);
    wire_put_u64(&writer, header->life);
    wire_put_u64(&writer, header->first);
    wire_put_u64(&writer, header->payload_bytes);
    return writer.size;
}

uint64_t journal_record_checksum(const struct id *book, const struct journal_record_header *header,
                                 const struct bytes *groups)
{
    uint8_t packed[JOURNAL_HEADER_BYTES];
    size_t packed_bytes = header_pack(header, packed);
    uint64_t checksum = hash_seeded(bytes_of(packed, packed_bytes), book_seed(book));
    for (uint32_t i = 0; i < header->group_count; i++) {
        checksum = hash_seeded(groups[i], checksum);
    }
    return checksum;
}

void journal_record_put_length(uint8_t *group, size_t size)
{
    LB_ASSERT(size >= JOURNAL_LENGTH_BYTES && size <= UINT32_MAX);
    struct wire_writer writer = {.data = group, .cap = JOURNAL_LENGTH_BYTES};
    wire_put_u32(&writer, (uint32_t)(size - JOURNAL_LENGTH_BYTES));
}

void journal_record_encode(const struct journal_record_header *header,
                           uint8_t out[JOURNAL_HEADER_BYTES])
{
    memset(out, 0, JOURNAL_HEADER_BYTES);
    struct wire_writer writer = {
        .data = out, .size = header_pack(header, out), .cap = JOURNAL_HEADER_BYTES};
    wire_put_u64(&writer, header->checksum);
    LB_ASSERT(!writer.overflow);
}

/* The groups of a payload, each with its length in front. false: they do not fill it. */
static bool payload_split(struct bytes payload, uint32_t group_count,
                          struct bytes groups[JOURNAL_GROUPS_MAX])
{
    struct wire_reader reader = {.left = payload};
    if (group_count > JOURNAL_GROUPS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < group_count; i++) {
        const uint8_t *begin = reader.left.data;
        size_t bytes = wire_get_u32(&reader);
        (void)wire_get_bytes(&reader, bytes);
        groups[i] = bytes_of(begin, JOURNAL_LENGTH_BYTES + bytes);
    }
    return wire_reader_is_done(&reader);
}

bool journal_record_read(const struct id *book, struct bytes bytes,
                         struct journal_record_header *header,
                         struct bytes groups[JOURNAL_GROUPS_MAX])
{
    struct wire_reader reader = {.left = bytes};
    if (bytes.size < JOURNAL_HEADER_BYTES || wire_get_u32(&reader) != RECORD_MAGIC) {
        return false;
    }
    header->group_count = wire_get_u32(&reader);
    header->serial = wire_get_u64(&reader);
    header->life = wire_get_u64(&reader);
    header->first = wire_get_u64(&reader);
    header->payload_bytes = wire_get_u64(&reader);
    header->checksum = wire_get_u64(&reader);
    if (header->payload_bytes > bytes.size - JOURNAL_HEADER_BYTES) {
        return false;
    }
    struct bytes payload = bytes_of(bytes.data + JOURNAL_HEADER_BYTES, header->payload_bytes);
    return payload_split(payload, header->group_count, groups) &&
           header->checksum == journal_record_checksum(book, header, groups);
}

static uint64_t segment_checksum(const uint8_t header[JOURNAL_UNIT_BYTES])
{
    return hash_seeded(bytes_of(header, SEGMENT_FILLED_BYTES - 8), 0);
}

void journal_record_segment_header(const struct journal *journal, uint64_t serial,
                                   uint8_t out[JOURNAL_UNIT_BYTES])
{
    memset(out, 0, JOURNAL_UNIT_BYTES);
    struct wire_writer writer = {.data = out, .cap = JOURNAL_UNIT_BYTES};
    wire_put_u32(&writer, SEGMENT_MAGIC);
    wire_put_u32(&writer, JOURNAL_FORMAT);
    wire_put_bytes(&writer, bytes_of(journal->book.bytes, sizeof(journal->book.bytes)));
    wire_put_u64(&writer, serial);
    wire_put_u64(&writer, segment_checksum(out));
    LB_ASSERT(!writer.overflow && writer.size == SEGMENT_FILLED_BYTES);
}

enum journal_header_state journal_record_read_segment_header(const struct journal *journal,
                                                             const uint8_t in[JOURNAL_UNIT_BYTES],
                                                             uint64_t *serial)
{
    struct wire_reader reader = {.left = bytes_of(in, JOURNAL_UNIT_BYTES)};
    bool is_segment = wire_get_u32(&reader) == SEGMENT_MAGIC;
    uint32_t format = wire_get_u32(&reader);
    struct bytes book = wire_get_bytes(&reader, sizeof(journal->book.bytes));
    *serial = wire_get_u64(&reader);
    uint64_t checksum = wire_get_u64(&reader);
    if (!is_segment || checksum != segment_checksum(in)) {
        return JOURNAL_HEADER_NONE;
    }
    if (format > JOURNAL_FORMAT) {
        return JOURNAL_HEADER_NEWER;
    }
    bool is_ours = bytes_equal(book, bytes_of(journal->book.bytes, sizeof(journal->book.bytes)));
    return is_ours ? JOURNAL_HEADER_VALID : JOURNAL_HEADER_OTHER;
}
