/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The key of a spelling, and initials, which are taken from it: so 單 reads as the surname 单 does.
 * Pure; safe from any thread.
 */
#include "clean.h"
#include "surnames.h"
#include "tables.h"
#include "text/text.h"

#include <string.h>

static bool is_ignored(uint32_t point)
{
    return point == ' ' || code_point_is_middle_dot(point);
}

/* false: no memory. */
static bool fold_code_points(struct arena *arena, struct bytes in, struct code_points *points)
{
    unsigned changes = 0;
    if (!clean_code_points(arena, in, points, &changes)) {
        return false;
    }
    uint32_t *items = points->items;
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        if (is_ignored(items[i])) {
            continue;
        }
        const uint32_t point = table_fold(items[i]);
        const bool is_community = point == U'群' && kept > 0 && items[kept - 1] == U'社';
        items[kept++] = is_community ? U'区' : point;
    }
    points->count = kept;
    return true;
}

bool text_fold(struct arena *arena, struct bytes in, struct bytes *out)
{
    struct code_points points;
    *out = (struct bytes){NULL, 0};
    return fold_code_points(arena, in, &points) && code_points_encode(arena, points, out);
}

/* 0: it has none. */
static char initial_of(uint32_t point)
{
    const bool is_itself = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
    return is_itself ? (char)point : table_initial(point);
}

bool text_initials(struct arena *arena, struct bytes in, struct bytes *out)
{
    struct code_points points;
    *out = (struct bytes){NULL, 0};
    if (!fold_code_points(arena, in, &points)) {
        return false;
    }
    uint8_t *initials = arena_take(arena, points.count);
    if (initials == NULL) {
        return false;
    }
    const char *surname = surname_initials(points.items, points.count);
    size_t size = strlen(surname);
    memcpy(initials, surname, size);
    for (size_t i = size; i < points.count; i++) {
        const char initial = initial_of(points.items[i]);
        if (initial != 0) {
            initials[size++] = (uint8_t)initial;
        }
    }
    *out = bytes_of(initials, size);
    return true;
}
