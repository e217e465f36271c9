/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A text as an array of code points, and what kind of character each is. Not for other modules.
 * Pure; safe from any thread.
 */
#ifndef TEXT_CODE_POINTS_H
#define TEXT_CODE_POINTS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct code_points {
    uint32_t *items; /* in the arena */
    size_t count;
};

/* As UTF-8 in the arena. false: no memory. */
LB_MUST_CHECK bool code_points_encode(struct arena *arena, struct code_points points,
                                      struct bytes *out);

bool code_point_is_han(uint32_t code_point);
/* U+0020, tab and line ends included. */
bool code_point_is_space(uint32_t code_point);
bool code_point_is_private(uint32_t code_point);
/* Shows nothing: zero-width characters, variation selectors, direction marks, soft hyphens,
 * controls that are no space. */
bool code_point_is_invisible(uint32_t code_point);
/* The dot between the parts of a name: 阿卜杜·热西提. */
bool code_point_is_middle_dot(uint32_t code_point);

#endif
