/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The delimiter by what the first lines hold outside of quotation marks. A full-width comma is
 * text, never a delimiter. Pure; safe from any thread.
 */
#include "delimiter.h"

#include "lines.h"

#include <strings.h>

#define DELIMITER_LINES_MAX 64 /* looked at */

static const char delimiters[] = {',', '\t', ';'}; /* the first of equals is taken */

#define DELIMITERS sizeof(delimiters)

struct delimiter_count {
    size_t lines;  /* that have it */
    size_t same;   /* the most lines that have the same number of it */
    size_t in_all; /* how often it occurs */
};

bool delimiter_read_line(struct bytes line, char *delimiter)
{
    const char *text = (const char *)line.data;
    size_t size = line.size;
    if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
        text++;
        size -= 2;
    }
    if (size != 5 || strncasecmp(text, "sep=", 4) != 0 ||
        memchr(delimiters, text[4], DELIMITERS) == NULL) {
        return false;
    }
    *delimiter = text[4];
    return true;
}

static size_t delimiter_count_in(struct bytes line, char delimiter)
{
    size_t count = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < line.size; i++) {
        is_quoted ^= line.data[i] == '"';
        count += !is_quoted && line.data[i] == (uint8_t)delimiter;
    }
    return count;
}

static struct delimiter_count delimiter_count(struct bytes text, char delimiter)
{
    struct delimiter_count count = {0};
    size_t found[DELIMITER_LINES_MAX];
    struct bytes line;
    for (size_t n = 0; n < DELIMITER_LINES_MAX && line_next(&text, &line); n++) {
        size_t here = delimiter_count_in(line, delimiter);
        if (here == 0) {
            continue;
        }
        found[count.lines++] = here;
        count.in_all += here;
        size_t same = 0;
        for (size_t i = 0; i < count.lines; i++) {
            same += found[i] == here;
        }
        count.same = same > count.same ? same : count.same;
    }
    return count;
}

static bool delimiter_is_better(const struct delimiter_count *a, const struct delimiter_count *b)
{
    if (a->lines != b->lines) {
        return a->lines > b->lines;
    }
    return a->same != b->same ? a->same > b->same : a->in_all > b->in_all;
}

char delimiter_detect(struct bytes text)
{
    char best = delimiters[0];
    struct delimiter_count best_count = delimiter_count(text, best);
    for (size_t i = 1; i < DELIMITERS; i++) {
        struct delimiter_count count = delimiter_count(text, delimiters[i]);
        if (delimiter_is_better(&count, &best_count)) {
            best = delimiters[i];
            best_count = count;
        }
    }
    return best;
}
