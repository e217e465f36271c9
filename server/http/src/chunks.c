/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Chunks, a byte at a time but for what they hold. Pure.
 */
#include "chunks.h"

#include "base/assert.h"

void http_chunks_init(struct http_chunks *chunks, size_t body_bytes_max, size_t line_bytes_max)
{
    *chunks = (struct http_chunks){
        .place = HTTP_CHUNKS_SIZE,
        .body_room = body_bytes_max,
        .frame_room = HTTP_CHUNKS_BYTES_MAX,
        .line_room = line_bytes_max,
    };
}

static enum http_scan_verdict chunks_go_on(struct http_chunks *chunks, bool is_good,
                                           enum http_chunks_place place)
{
    chunks->place = place;
    return is_good ? HTTP_SCAN_MORE : HTTP_SCAN_MALFORMED;
}

/* 16: not a digit. */
static size_t chunks_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - (size_t)'0';
    }
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - (size_t)'a' + 10 : 16;
}

/* Nothing follows the digits: evhttp takes no extension. */
static enum http_scan_verdict chunks_size(struct http_chunks *chunks, uint8_t byte)
{
    const size_t digit = chunks_digit(byte);
    if (byte == '\r') {
        return chunks_go_on(chunks, chunks->may_end, HTTP_CHUNKS_SIZE_LINE_FEED);
    }
    if (digit == 16) {
        return HTTP_SCAN_MALFORMED;
    }
    if (chunks->left > chunks->body_room / 16) {
        return HTTP_SCAN_BODY_TOO_LARGE;
    }
    chunks->left = chunks->left * 16 + digit;
    chunks->may_end = true;
    return chunks->left > chunks->body_room ? HTTP_SCAN_BODY_TOO_LARGE : HTTP_SCAN_MORE;
}

static enum http_scan_verdict chunks_begin_data(struct http_chunks *chunks, uint8_t byte)
{
    chunks->body_room -= chunks->left;
    chunks->may_end = false;
    return chunks_go_on(chunks, byte == '\n',
                        chunks->left == 0 ? HTTP_CHUNKS_LINE_START : HTTP_CHUNKS_DATA);
}

static enum http_scan_verdict chunks_line(struct http_chunks *chunks, uint8_t byte)
{
    const bool is_first = chunks->place == HTTP_CHUNKS_LINE_START;
    if (chunks->line_room == 0) {
        return HTTP_SCAN_BODY_TOO_LARGE;
    }
    chunks->line_room--;
    if (byte == '\r') {
        return chunks_go_on(chunks, is_first || chunks->may_end,
                            is_first ? HTTP_CHUNKS_LAST_LINE_FEED : HTTP_CHUNKS_LINE_FEED);
    }
    chunks->may_end = !is_first && (chunks->may_end || byte == ':');
    const bool is_good = is_first ? byte > ' ' && byte < 0x7f && byte != ':'
                                  : (byte >= ' ' && byte != 0x7f) || byte == '\t';
    return chunks_go_on(chunks, is_good, HTTP_CHUNKS_LINE);
}

static enum http_scan_verdict chunks_byte(struct http_chunks *chunks, uint8_t byte)
{
    switch (chunks->place) {
    case HTTP_CHUNKS_SIZE:
        return chunks_size(chunks, byte);
    case HTTP_CHUNKS_SIZE_LINE_FEED:
        return chunks_begin_data(chunks, byte);
    case HTTP_CHUNKS_DATA_RETURN:
        return chunks_go_on(chunks, byte == '\r', HTTP_CHUNKS_DATA_LINE_FEED);
    case HTTP_CHUNKS_DATA_LINE_FEED:
        return chunks_go_on(chunks, byte == '\n', HTTP_CHUNKS_SIZE);
    case HTTP_CHUNKS_LINE_START:
    case HTTP_CHUNKS_LINE:
        return chunks_line(chunks, byte);
    case HTTP_CHUNKS_LINE_FEED:
        return chunks_go_on(chunks, byte == '\n', HTTP_CHUNKS_LINE_START);
    case HTTP_CHUNKS_LAST_LINE_FEED:
        chunks->place = HTTP_CHUNKS_END;
        return byte == '\n' ? HTTP_SCAN_DONE : HTTP_SCAN_MALFORMED;
    case HTTP_CHUNKS_DATA:
    case HTTP_CHUNKS_END:
        break;
    }
    return HTTP_SCAN_MALFORMED;
}

/* What the chunk in hand has of it. */
static size_t chunks_pass(struct http_chunks *chunks, size_t size)
{
    const size_t passed = size < chunks->left ? size : chunks->left;
    chunks->left -= passed;
    if (chunks->left == 0) {
        chunks->place = HTTP_CHUNKS_DATA_RETURN;
    }
    return passed;
}

enum http_scan_verdict http_chunks_feed(struct http_chunks *chunks, struct bytes bytes)
{
    enum http_scan_verdict verdict = HTTP_SCAN_MORE;
    size_t used = 0;
    LB_ASSERT(chunks->place != HTTP_CHUNKS_END);
    while (verdict == HTTP_SCAN_MORE && used < bytes.size) {
        if (chunks->place == HTTP_CHUNKS_DATA) {
            used += chunks_pass(chunks, bytes.size - used);
        } else if (chunks->frame_room == 0) {
            verdict = HTTP_SCAN_BODY_TOO_LARGE;
        } else {
            chunks->frame_room--;
            verdict = chunks_byte(chunks, bytes.data[used++]);
        }
    }
    return verdict;
}
