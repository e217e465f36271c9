/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A body in chunks, looked at before evhttp sees it, as its head was (scan.h): evhttp takes sizes
 * that others in front of us may read otherwise ("0x1", "+1", none of the line ends that belong
 * there), and answers what is too large in its own words. Pure.
 */
#ifndef HTTP_SRC_CHUNKS_H
#define HTTP_SRC_CHUNKS_H

#include "base/bytes.h"
#include "scan.h"

#include <stdbool.h>
#include <stddef.h>

#define HTTP_CHUNKS_BYTES_MAX 16384 /* of a body, beyond its bytes */

enum http_chunks_place {
    HTTP_CHUNKS_SIZE,
    HTTP_CHUNKS_SIZE_LINE_FEED,
    HTTP_CHUNKS_DATA,
    HTTP_CHUNKS_DATA_RETURN,
    HTTP_CHUNKS_DATA_LINE_FEED,
    HTTP_CHUNKS_LINE_START, /* of the fields after the last chunk, which nobody reads */
    HTTP_CHUNKS_LINE,
    HTTP_CHUNKS_LINE_FEED,
    HTTP_CHUNKS_LAST_LINE_FEED,
    HTTP_CHUNKS_END,
};

struct http_chunks {
    enum http_chunks_place place;
    bool may_end;      /* the line: a digit, or a colon, was there */
    size_t left;       /* of the chunk */
    size_t body_room;  /* for chunks */
    size_t frame_room; /* for what is around them */
    size_t line_room;  /* for the fields after them */
};

void http_chunks_init(struct http_chunks *chunks, size_t body_bytes_max, size_t line_bytes_max);
/* The next bytes; those after the body are left alone. MORE, DONE, MALFORMED or BODY_TOO_LARGE;
 * after another than MORE only http_chunks_init may follow. */
enum http_scan_verdict http_chunks_feed(struct http_chunks *chunks, struct bytes bytes);

#endif
