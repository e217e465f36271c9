/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The headers of a request that somebody here reads, found in one walk. Pure.
 */
#ifndef HTTP_SRC_HEADERS_H
#define HTTP_SRC_HEADERS_H

#include <stdbool.h>
#include <stdint.h>

struct evkeyvalq;

/* NULL: not there. The texts are evhttp's, and live as long as the request. */
struct http_headers {
    const char *host;
    const char *origin;
    const char *fetch_site;
    const char *authorization;
    const char *cookie;
    const char *content_type;
    const char *content_encoding;
    const char *protocol_version;
    const char *timeout_ms;
    const char *wants_cookies;
    const char *forwarded_for;
    const char *accept_encoding;
    const char *if_none_match;
    const char *last_event_id;
    bool says_close;  /* Connection, in any of its lines */
    bool is_repeated; /* one that may stand there once only stands there twice */
};

/* The first `count` lines: those that follow came after the body, and are nobody's. */
void http_headers_read(const struct evkeyvalq *lines, uint32_t count, struct http_headers *headers);

#endif
