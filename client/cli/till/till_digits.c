/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Large digits. Pure; safe from any thread.
 */
#include "till_digits.h"

#include "base/assert.h"

#include <stdbool.h>
#include <string.h>

/* Three dots wide, but for the point. */
static const char *const digits_dots[][DIGITS_ROWS] = {
    {"###", "# #", "# #", "# #", "###"}, {"  #", "  #", "  #", "  #", "  #"},
    {"###", "  #", "###", "#  ", "###"}, {"###", "  #", "###", "  #", "###"},
    {"# #", "# #", "###", "  #", "  #"}, {"###", "#  ", "###", "  #", "###"},
    {"###", "#  ", "###", "# #", "###"}, {"###", "  #", "  #", "  #", "  #"},
    {"###", "# #", "###", "# #", "###"}, {"###", "# #", "###", "  #", "###"},
};
static const char *const digits_point[DIGITS_ROWS] = {" ", " ", " ", " ", "#"};
static const char *const digits_minus[DIGITS_ROWS] = {"   ", "   ", "###", "   ", "   "};

static const char *const *digits_of(char c)
{
    if (c >= '0' && c <= '9') {
        return digits_dots[c - '0'];
    }
    return c == '-' ? digits_minus : digits_point;
}

/* Columns, when each dot takes so many, with a gap behind each character. */
static size_t digits_width(const char *number, size_t dot)
{
    size_t width = 0;
    for (; *number != '\0'; number++) {
        width += (strlen(digits_of(*number)[0]) + 1) * dot;
    }
    return width == 0 ? 0 : width - dot;
}

static void digits_repeat(struct layout *layout, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        layout_add(layout, text);
    }
}

void till_digits_add(struct layout *layout, const char *number, size_t row, size_t columns)
{
    LB_ASSERT(row < DIGITS_ROWS);
    const size_t dot = digits_width(number, 2) <= columns ? 2 : 1;
    const size_t width = digits_width(number, dot);
    if (width > columns) {
        layout_cell_right(layout, row == DIGITS_ROWS / 2 ? number : "", columns);
        return;
    }
    digits_repeat(layout, " ", columns - width);
    for (; *number != '\0'; number++) {
        const char *dots = digits_of(*number)[row];
        for (; *dots != '\0'; dots++) {
            const bool is_lit = *dots == '#';
            layout_add(layout, is_lit ? "\x1b[7m" : "");
            digits_repeat(layout, " ", dot);
            layout_add(layout, is_lit ? "\x1b[0m" : "");
        }
        digits_repeat(layout, " ", number[1] == '\0' ? 0 : dot);
    }
}
