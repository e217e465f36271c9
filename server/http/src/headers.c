/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The walk over a request's headers. Pure.
 */
#include "headers.h"

#include <event2/keyvalq_struct.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

struct header_row {
    const char *name;
    uint8_t size;
    bool may_repeat; /* the last one is taken */
    size_t offset;
};

#define ROW(text, field, repeats)                                                 \
    {                                                                             \
        (text), sizeof(text) - 1, (repeats), offsetof(struct http_headers, field) \
    }

static const struct header_row header_rows[] = {
    ROW("Host", host, false),
    ROW("Origin", origin, false),
    ROW("Sec-Fetch-Site", fetch_site, false),
    ROW("Authorization", authorization, false),
    ROW("Cookie", cookie, false),
    ROW("Content-Type", content_type, false),
    ROW("Content-Encoding", content_encoding, false),
    ROW("Connect-Protocol-Version", protocol_version, false),
    ROW("Connect-Timeout-Ms", timeout_ms, false),
    ROW("Lovebank-Cookies", wants_cookies, false),
    ROW("X-Forwarded-For", forwarded_for, true),
    ROW("Accept-Encoding", accept_encoding, true),
    ROW("If-None-Match", if_none_match, true),
    ROW("Last-Event-ID", last_event_id, false),
};

/* One of the words of a list separated by commas. */
static bool list_has(const char *list, const char *word)
{
    while (*list != '\0') {
        list += strspn(list, " \t,");
        const size_t size = strcspn(list, " \t,");
        if (size == strlen(word) && strncasecmp(list, word, size) == 0) {
            return true;
        }
        list += size;
    }
    return false;
}

static void headers_note(struct http_headers *headers, const char *name, const char *value)
{
    const size_t size = strlen(name);
    for (size_t i = 0; i < sizeof(header_rows) / sizeof(header_rows[0]); i++) {
        const struct header_row *row = &header_rows[i];
        if (row->size == size && strcasecmp(row->name, name) == 0) {
            const char **place = (const char **)((char *)headers + row->offset);
            headers->is_repeated = headers->is_repeated || (*place != NULL && !row->may_repeat);
            *place = value;
            return;
        }
    }
}

void http_headers_read(const struct evkeyvalq *lines, uint32_t count, struct http_headers *headers)
{
    const struct evkeyval *line = NULL;
    *headers = (struct http_headers){0};
    TAILQ_FOREACH(line, lines, next)
    {
        if (count == 0) {
            return;
        }
        count--;
        headers_note(headers, line->key, line->value);
        if (strcasecmp(line->key, "Connection") == 0 && list_has(line->value, "close")) {
            headers->says_close = true;
        }
    }
}
