/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lines of text of a fixed width, for paper and for screens: what stands left, right and in the
 * middle. Chinese characters take two columns (base/utf8.h). It writes into a buffer of the
 * caller's and never beyond it. Pure; safe from any thread.
 */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include <stddef.h>

struct layout {
    char *text; /* always ends with NUL */
    size_t cap;
    size_t size;
    size_t columns; /* of a line */
};

/* The caller's buffer, of at least one byte; it must outlive the layout. */
void layout_init(struct layout *layout, char *text, size_t cap, size_t columns);
/* Adds text as it is, as much of it as there is room for. */
void layout_add(struct layout *layout, const char *text);
/* The bytes of the longest beginning of a text, in whole characters, that fits so many columns. */
size_t layout_fit(const char *text, size_t columns);

/* Lines of paper, each with its line end. A text that is too long goes on below. */
void layout_line(struct layout *layout, const char *text);
/* `right` stands at the right edge, on a line of its own when both do not fit. */
void layout_pair(struct layout *layout, const char *left, const char *right);
void layout_middle(struct layout *layout, const char *text);
void layout_rule(struct layout *layout, char mark);

/* A cell of a row: cut or filled up to exactly so many columns, no line end. */
void layout_cell(struct layout *layout, const char *text, size_t columns);
void layout_cell_right(struct layout *layout, const char *text, size_t columns);

#endif
