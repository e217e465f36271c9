/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The head of a request, a byte at a time. Pure.
 */
#include "scan.h"

#include "base/assert.h"

#include <string.h>

#define LENGTH_DIGITS_MAX 18

void http_scan_init(struct http_scan *scan)
{
    *scan = (struct http_scan){.place = HTTP_SCAN_REQUEST_LINE};
}

static bool scan_is_token(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') ||
           (byte != '\0' && strchr("!#$%&'*+-.^_`|~", byte) != NULL);
}

static uint8_t scan_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

static void scan_keep(struct http_scan *scan, uint8_t byte)
{
    if (scan->word_size < sizeof(scan->word)) {
        scan->word[scan->word_size] = (char)byte;
    }
    /* One that is too long equals no name. */
    scan->word_size = (uint8_t)(scan->word_size + (scan->word_size <= sizeof(scan->word)));
}

static bool scan_word_is(const struct http_scan *scan, const char *name)
{
    return scan->word_size == strlen(name) && memcmp(scan->word, name, scan->word_size) == 0;
}

static bool scan_word_begins(const struct http_scan *scan, const char *name)
{
    const size_t size = strlen(name);
    return scan->word_size >= size && memcmp(scan->word, name, size) == 0;
}

/* --- the request line --------------------------------------------------------------------------
 */

static bool scan_method_is_known(const struct http_scan *scan)
{
    static const char *const methods[] = {"GET ",   "HEAD ",    "POST ",  "PUT ",
                                          "PATCH ", "OPTIONS ", "DELETE "};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (scan_word_begins(scan, methods[i])) {
            return true;
        }
    }
    return false;
}

/* "GET /path HTTP/1.1": nothing else will do. */
static enum http_scan_verdict scan_end_request_line(struct http_scan *scan)
{
    const char *path = memchr(scan->word, ' ', sizeof(scan->word));
    if (scan->spaces != 2 || path == NULL || path == scan->word) {
        return HTTP_SCAN_MALFORMED;
    }
    if (!scan_method_is_known(scan)) {
        return HTTP_SCAN_METHOD_UNKNOWN;
    }
    scan->is_head = scan_word_begins(scan, "HEAD ");
    scan->is_http10 = memcmp(scan->last, " HTTP/1.0", 9) == 0;
    /* "//name" may be a place, of which evhttp wants to know more. */
    if (path[1] != '/' || path[2] == '/' ||
        (!scan->is_http10 && memcmp(scan->last, " HTTP/1.1", 9) != 0)) {
        return HTTP_SCAN_MALFORMED;
    }
    scan->place = HTTP_SCAN_LINE_FEED;
    return HTTP_SCAN_MORE;
}

static enum http_scan_verdict scan_request_line(struct http_scan *scan, uint8_t byte)
{
    if (byte == '\r') {
        return scan_end_request_line(scan);
    }
    if (byte < ' ' || byte > '~' || (byte == ' ' && scan->spaces == 2)) {
        return HTTP_SCAN_MALFORMED;
    }
    scan->spaces = (uint8_t)(scan->spaces + (byte == ' '));
    scan_keep(scan, byte);
    if (scan->spaces == 2) {
        /* The version and the blank before it. */
        const size_t used = strnlen(scan->last, sizeof(scan->last));
        if (used >= sizeof(scan->last) - 1) {
            return HTTP_SCAN_MALFORMED;
        }
        scan->last[used] = (char)byte;
    }
    return HTTP_SCAN_MORE;
}

/* --- fields -------------------------------------------------------------------------------------
 */

static enum http_scan_verdict scan_line_start(struct http_scan *scan, uint8_t byte)
{
    if (byte == '\r') {
        scan->place = HTTP_SCAN_LAST_LINE_FEED;
        return HTTP_SCAN_MORE;
    }
    if (!scan_is_token(byte)) {
        return HTTP_SCAN_MALFORMED; /* a line that goes on as well */
    }
    scan->field_count++;
    scan->word_size = 0;
    scan_keep(scan, scan_lower(byte));
    scan->place = HTTP_SCAN_NAME;
    return HTTP_SCAN_MORE;
}

/* The fields that say for whom a request is, and where it ends, stand there once. */
static bool scan_note_once(bool *has)
{
    const bool is_first = !*has;
    *has = true;
    return is_first;
}

static enum http_scan_verdict scan_name(struct http_scan *scan, uint8_t byte)
{
    if (byte != ':') {
        scan_keep(scan, scan_lower(byte));
        return scan_is_token(byte) ? HTTP_SCAN_MORE : HTTP_SCAN_MALFORMED;
    }
    bool is_good = true;
    scan->in_length = scan_word_is(scan, "content-length");
    scan->wanted = NULL;
    if (scan->in_length) {
        is_good = scan_note_once(&scan->has_length);
    } else if (scan_word_is(scan, "transfer-encoding")) {
        is_good = scan_note_once(&scan->has_encoding);
        scan->wanted = "chunked"; /* there is no other encoding */
    } else if (scan_word_is(scan, "expect")) {
        scan->wanted = "100-continue";
    } else if (scan_word_is(scan, "host")) {
        is_good = scan_note_once(&scan->has_host);
    }
    scan->word_size = 0; /* counts the digits of a length from now on */
    scan->wanted_size = 0;
    scan->place = HTTP_SCAN_VALUE;
    return is_good && !(scan->has_length && scan->has_encoding) ? HTTP_SCAN_MORE
                                                                : HTTP_SCAN_MALFORMED;
}

static bool scan_length_digit(struct http_scan *scan, uint8_t byte)
{
    if (byte == ' ' && scan->word_size == 0) {
        return true;
    }
    if (byte < '0' || byte > '9' || scan->word_size >= LENGTH_DIGITS_MAX) {
        return false;
    }
    scan->word_size++;
    scan->length = scan->length * 10 + (uint64_t)(byte - '0');
    return true;
}

static bool scan_wanted_byte(struct http_scan *scan, uint8_t byte)
{
    if (byte == ' ' && scan->wanted_size == 0) {
        return true;
    }
    const char wanted = scan->wanted[scan->wanted_size];
    if (wanted == '\0' || scan_lower(byte) != (uint8_t)wanted) {
        return false;
    }
    scan->wanted_size++;
    return true;
}

static enum http_scan_verdict scan_value(struct http_scan *scan,
                                         const struct http_scan_limits *limits, uint8_t byte)
{
    if (byte == '\r') {
        if ((scan->in_length && scan->word_size == 0) ||
            (scan->wanted != NULL && scan->wanted[scan->wanted_size] != '\0')) {
            return HTTP_SCAN_MALFORMED;
        }
        scan->place = HTTP_SCAN_LINE_FEED;
        return scan->length > limits->body_bytes_max ? HTTP_SCAN_BODY_TOO_LARGE : HTTP_SCAN_MORE;
    }
    const bool is_good = scan->in_length        ? scan_length_digit(scan, byte)
                         : scan->wanted != NULL ? scan_wanted_byte(scan, byte)
                                                : (byte >= ' ' && byte != 0x7f) || byte == '\t';
    return is_good ? HTTP_SCAN_MORE : HTTP_SCAN_MALFORMED;
}

static enum http_scan_verdict scan_line_feed(struct http_scan *scan, uint8_t byte)
{
    const bool is_last = scan->place == HTTP_SCAN_LAST_LINE_FEED;
    /* evhttp takes the body of a HEAD for the next request; chunks came with HTTP/1.1. */
    const bool is_odd = (scan->is_head && (scan->length > 0 || scan->has_encoding)) ||
                        (scan->is_http10 && scan->has_encoding);
    if (byte != '\n' || (is_last && is_odd)) {
        return HTTP_SCAN_MALFORMED;
    }
    scan->place = is_last ? HTTP_SCAN_END : HTTP_SCAN_LINE_START;
    return is_last ? HTTP_SCAN_DONE : HTTP_SCAN_MORE;
}

static enum http_scan_verdict scan_byte(struct http_scan *scan,
                                        const struct http_scan_limits *limits, uint8_t byte)
{
    switch (scan->place) {
    case HTTP_SCAN_REQUEST_LINE:
        return scan_request_line(scan, byte);
    case HTTP_SCAN_LINE_START:
        return scan_line_start(scan, byte);
    case HTTP_SCAN_NAME:
        return scan_name(scan, byte);
    case HTTP_SCAN_VALUE:
        return scan_value(scan, limits, byte);
    case HTTP_SCAN_LINE_FEED:
    case HTTP_SCAN_LAST_LINE_FEED:
        return scan_line_feed(scan, byte);
    case HTTP_SCAN_END:
        break;
    }
    return HTTP_SCAN_MALFORMED;
}

/* The plain part of a value is passed over at once. */
static size_t scan_skip(const struct http_scan *scan, struct bytes left)
{
    size_t size = 0;
    if (scan->place == HTTP_SCAN_VALUE && !scan->in_length && scan->wanted == NULL) {
        while (size < left.size && left.data[size] >= ' ' && left.data[size] < 0x7f) {
            size++;
        }
    }
    return size;
}

enum http_scan_verdict http_scan_feed(struct http_scan *scan, const struct http_scan_limits *limits,
                                      struct bytes bytes)
{
    enum http_scan_verdict verdict = HTTP_SCAN_MORE;
    size_t used = 0;
    LB_ASSERT(scan->place != HTTP_SCAN_END);
    while (verdict == HTTP_SCAN_MORE && used < bytes.size) {
        const size_t plain = scan_skip(scan, bytes_of(bytes.data + used, bytes.size - used));
        used += plain;
        scan->head_bytes += plain;
        if (used < bytes.size) {
            verdict = scan_byte(scan, limits, bytes.data[used]);
            used++;
            scan->head_bytes++;
        }
        if (scan->head_bytes > limits->head_bytes_max &&
            (verdict == HTTP_SCAN_MORE || verdict == HTTP_SCAN_DONE)) {
            return HTTP_SCAN_HEAD_TOO_LARGE;
        }
    }
    return verdict;
}
