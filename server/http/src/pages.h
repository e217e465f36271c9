/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The staff's pages: files as they were built, read once, answered from memory. What is asked for
 * is looked up by its name among them; no path of a request ever reaches the file system. Read-only
 * after http_pages_load.
 */
#ifndef HTTP_SRC_PAGES_H
#define HTTP_SRC_PAGES_H

#include "answer.h"
#include "base/bytes.h"
#include "http/http.h"

#include <stdbool.h>
#include <stddef.h>

#define HTTP_PAGE_LINES_BYTES 256
#define HTTP_PAGE_ETAG_BYTES  36
#define HTTP_PAGES_MAX        1024
#define HTTP_PAGES_BYTES_MAX  ((size_t)64 << 20) /* of all */
#define HTTP_PAGES_DEPTH_MAX  4

/* A file as it is sent. size 0 and data NULL: not there. */
struct http_variant {
    struct bytes content;
    char etag[HTTP_PAGE_ETAG_BYTES]; /* with its quotes */
};

struct http_page {
    char *path; /* "/assets/main.js" */
    struct http_variant plain;
    struct http_variant brotli; /* from "main.js.br" beside it */
    struct http_variant gzip;   /* "main.js.gz" */
};

struct http_pages {
    struct http_page *pages; /* by path */
    size_t count;
    size_t bytes;
};

/* A directory that is not there has no pages. LB_OK; LB_CONFIG_INVALID, LB_MEMORY. */
LB_MUST_CHECK enum lb_result http_pages_load(const char *directory, struct http_pages *pages,
                                             char error_text[static HTTP_ERROR_TEXT_BYTES]);
void http_pages_free(struct http_pages *pages);

/* The answer to a path; the headers of the request may be NULL. Any path without a dot is the
 * application's own, and gets index.html. lines is its memory. false: there is no such page. */
bool http_pages_find(const struct http_pages *pages, struct bytes path, const char *accept_encoding,
                     const char *if_none_match, struct http_answer *answer,
                     char lines[static HTTP_PAGE_LINES_BYTES]);

/* Whether a coding may be used, by Accept-Encoding. */
bool http_encoding_is_accepted(const char *accept_encoding, const char *coding);
/* Whether If-None-Match names it. */
bool http_etag_matches(const char *if_none_match, const char *etag);

#endif
