/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The head of a request, byte by byte as it comes, before evhttp sees it: evhttp takes what others
 * in front of us may read otherwise (lengths given twice, control characters, lines that go on),
 * has no count of what it takes, and answers in its own words. Here such heads are found out. Pure.
 */
#ifndef HTTP_SRC_SCAN_H
#define HTTP_SRC_SCAN_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_scan_verdict {
    HTTP_SCAN_MORE, /* so far it is good */
    HTTP_SCAN_DONE, /* the head is complete and good */
    HTTP_SCAN_MALFORMED,
    HTTP_SCAN_METHOD_UNKNOWN,
    HTTP_SCAN_HEAD_TOO_LARGE,
    HTTP_SCAN_BODY_TOO_LARGE,
};

struct http_scan_limits {
    size_t head_bytes_max;
    size_t body_bytes_max;
};

enum http_scan_place {
    HTTP_SCAN_REQUEST_LINE,
    HTTP_SCAN_LINE_START,
    HTTP_SCAN_NAME,
    HTTP_SCAN_VALUE,
    HTTP_SCAN_LINE_FEED, /* a carriage return was there */
    HTTP_SCAN_LAST_LINE_FEED,
    HTTP_SCAN_END,
};

/* word: of the request line its beginning, of a field its name in lower case, as far as it fits. */
struct http_scan {
    enum http_scan_place place;
    size_t head_bytes;
    uint32_t field_count;
    char word[20];
    uint8_t word_size;
    uint8_t spaces; /* of the request line */
    char last[10];  /* the last bytes of the request line: the version */
    bool is_http10;
    bool is_head; /* the method HEAD */
    bool has_host;
    bool has_length;
    bool has_encoding;
    bool in_length;      /* the value of Content-Length is being read */
    const char *wanted;  /* the one value that the field may have; NULL: any */
    uint8_t wanted_size; /* of it that has come */
    uint64_t length;     /* of the body, as it is announced */
};

void http_scan_init(struct http_scan *scan);
/* The next bytes; those after the head are left alone. After another verdict than MORE only
 * http_scan_init may follow. */
enum http_scan_verdict http_scan_feed(struct http_scan *scan, const struct http_scan_limits *limits,
                                      struct bytes bytes);

#endif
