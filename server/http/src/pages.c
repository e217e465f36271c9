/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Answering with pages. Pure.
 */
#include "pages.h"

#include "text.h"

#include <string.h>
#include <strings.h>

static const char *page_type(const char *path)
{
    static const struct {
        const char *ending;
        const char *type;
    } rows[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".webp", "image/webp"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(ending, rows[i].ending) == 0) {
            return rows[i].type;
        }
    }
    return "application/octet-stream";
}

/* "q=0", "q=0.0" */
static bool weight_is_zero(const char *weight, size_t size)
{
    while (size > 0 && (*weight == ' ' || *weight == '\t')) {
        weight++;
        size--;
    }
    if (size < 3 || (*weight != 'q' && *weight != 'Q') || weight[1] != '=' || weight[2] != '0') {
        return false;
    }
    for (size_t i = 3; i < size && weight[i] != ' '; i++) {
        if (weight[i] != '0' && weight[i] != '.') {
            return false;
        }
    }
    return true;
}

bool http_encoding_is_accepted(const char *accept_encoding, const char *coding)
{
    const char *left = accept_encoding == NULL ? "" : accept_encoding;
    while (*left != '\0') {
        left += strspn(left, " \t,");
        const size_t item = strcspn(left, ",");
        const size_t name = strcspn(left, ";, \t");
        if (name == strlen(coding) && strncasecmp(left, coding, name) == 0) {
            const char *semicolon = memchr(left, ';', item);
            return semicolon == NULL ||
                   !weight_is_zero(semicolon + 1, item - (size_t)(semicolon - left) - 1);
        }
        left += item;
    }
    return false;
}

bool http_etag_matches(const char *if_none_match, const char *etag)
{
    return if_none_match != NULL &&
           (strcmp(if_none_match, "*") == 0 || strstr(if_none_match, etag) != NULL);
}

static const struct http_page *pages_look_up(const struct http_pages *pages, struct bytes path)
{
    size_t low = 0;
    size_t high = pages->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int side = bytes_compare(path, bytes_of_text(pages->pages[middle].path));
        if (side == 0) {
            return &pages->pages[middle];
        }
        if (side < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

static const struct http_variant *page_choose(const struct http_page *page,
                                              const char *accept_encoding, const char **coding)
{
    if (page->brotli.content.data != NULL && http_encoding_is_accepted(accept_encoding, "br")) {
        *coding = "br";
        return &page->brotli;
    }
    if (page->gzip.content.data != NULL && http_encoding_is_accepted(accept_encoding, "gzip")) {
        *coding = "gzip";
        return &page->gzip;
    }
    *coding = NULL;
    return &page->plain;
}

bool http_pages_find(const struct http_pages *pages, struct bytes path, const char *accept_encoding,
                     const char *if_none_match, struct http_answer *answer,
                     char lines[static HTTP_PAGE_LINES_BYTES])
{
    const struct http_page *page = pages_look_up(pages, path);
    if (page == NULL && (path.size == 0 || memchr(path.data, '.', path.size) == NULL)) {
        page = pages_look_up(pages, BYTES_LITERAL("/index.html"));
    }
    if (page == NULL) {
        return false;
    }
    const char *coding = NULL;
    const struct http_variant *variant = page_choose(page, accept_encoding, &coding);
    const bool is_fresh = http_etag_matches(if_none_match, variant->etag);
    const bool is_named_by_content = strncmp(page->path, "/assets/", strlen("/assets/")) == 0;
    struct http_text more = http_text_of(lines, HTTP_PAGE_LINES_BYTES - 1);
    http_text_add(&more, "ETag: ");
    http_text_add(&more, variant->etag);
    http_text_add(&more, "\r\n");
    if (page->brotli.content.data != NULL || page->gzip.content.data != NULL) {
        http_text_add(&more, "Vary: Accept-Encoding\r\n");
    }
    if (coding != NULL && !is_fresh) {
        http_text_add(&more, "Content-Encoding: ");
        http_text_add(&more, coding);
        http_text_add(&more, "\r\n");
    }
    lines[more.size] = '\0';
    *answer = (struct http_answer){
        .status = is_fresh ? 304 : 200,
        .type = is_fresh ? NULL : page_type(page->path),
        .cache = is_named_by_content ? "public, max-age=31536000, immutable" : "no-cache",
        .lines = lines,
        .body = is_fresh ? bytes_of(NULL, 0) : variant->content,
        .is_lasting = true,
    };
    return true;
}
