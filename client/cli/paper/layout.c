/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lines of a fixed width. Pure; safe from any thread.
 */
#include "layout.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <string.h>

void layout_init(struct layout *layout, char *text, size_t cap, size_t columns)
{
    LB_ASSERT(cap > 0 && columns >= 2);
    *layout = (struct layout){.text = text, .cap = cap, .columns = columns};
    text[0] = '\0';
}

static void layout_put(struct layout *layout, const char *text, size_t size)
{
    size_t room = layout->cap - 1 - layout->size;
    if (size > room) {
        size = room;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
            size--; /* not in the middle of a character */
        }
    }
    memcpy(layout->text + layout->size, text, size);
    layout->size += size;
    layout->text[layout->size] = '\0';
}

void layout_add(struct layout *layout, const char *text)
{
    layout_put(layout, text, strlen(text));
}

static void layout_fill(struct layout *layout, char mark, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        layout_put(layout, &mark, 1);
    }
}

static size_t layout_width(const char *text, size_t size)
{
    return utf8_width(bytes_of(text, size));
}

size_t layout_fit(const char *text, size_t columns)
{
    struct bytes left = bytes_of_text(text);
    const size_t size = left.size;
    size_t fit = 0;
    while (left.size > 0) {
        uint32_t code_point;
        if (!utf8_next(&left, &code_point)) {
            left = bytes_of(left.data + 1, left.size - 1); /* no character: one byte of it */
        }
        if (layout_width(text, size - left.size) > columns) {
            break;
        }
        fit = size - left.size;
    }
    return fit;
}

/* All full lines of a text; what is left stands on the line not ended yet. Gives its width. */
static size_t layout_flow(struct layout *layout, const char *text)
{
    size_t fit = layout_fit(text, layout->columns);
    while (text[fit] != '\0' && fit > 0) {
        layout_put(layout, text, fit);
        layout_add(layout, "\n");
        text += fit;
        fit = layout_fit(text, layout->columns);
    }
    layout_put(layout, text, fit);
    return layout_width(text, fit);
}

void layout_line(struct layout *layout, const char *text)
{
    (void)layout_flow(layout, text);
    layout_add(layout, "\n");
}

void layout_pair(struct layout *layout, const char *left, const char *right)
{
    const size_t width = layout_width(right, strlen(right));
    size_t used = layout_flow(layout, left);
    if (width == 0) {
        layout_add(layout, "\n");
        return;
    }
    if (used > 0 && used + 1 + width > layout->columns) {
        layout_add(layout, "\n");
        used = 0;
    }
    layout_fill(layout, ' ', used + width < layout->columns ? layout->columns - used - width : 0);
    layout_line(layout, right);
}

void layout_middle(struct layout *layout, const char *text)
{
    const size_t width = layout_width(text, strlen(text));
    layout_fill(layout, ' ', width < layout->columns ? (layout->columns - width) / 2 : 0);
    layout_line(layout, text);
}

void layout_rule(struct layout *layout, char mark)
{
    layout_fill(layout, mark, layout->columns);
    layout_add(layout, "\n");
}

void layout_cell(struct layout *layout, const char *text, size_t columns)
{
    const size_t fit = layout_fit(text, columns);
    layout_put(layout, text, fit);
    layout_fill(layout, ' ', columns - layout_width(text, fit));
}

void layout_cell_right(struct layout *layout, const char *text, size_t columns)
{
    const size_t fit = layout_fit(text, columns);
    layout_fill(layout, ' ', columns - layout_width(text, fit));
    layout_put(layout, text, fit);
}
