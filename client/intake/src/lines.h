/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The lines of a text in UTF-8, as editors count them: LF, CR LF and CR alone (old Macs) end one.
 * Private to intake. Pure; safe from any thread.
 */
#ifndef INTAKE_LINES_H
#define INTAKE_LINES_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>

/* Takes the first line off `left`; *line is without its end. false: nothing is left. */
static inline LB_MUST_CHECK bool line_next(struct bytes *left, struct bytes *line)
{
    if (left->size == 0) {
        return false;
    }
    size_t size = 0;
    while (size < left->size && left->data[size] != '\n' && left->data[size] != '\r') {
        size++;
    }
    *line = bytes_of(left->data, size);
    size_t taken = size;
    if (taken < left->size) {
        bool is_pair =
            left->data[taken] == '\r' && left->size - taken > 1 && left->data[taken + 1] == '\n';
        taken += is_pair ? 2 : 1;
    }
    *left = bytes_of(left->data + taken, left->size - taken);
    return true;
}

/* Nothing but spaces, tabs and page breaks. */
static inline bool line_is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] == '\0' || strchr(" \t\v\f", line.data[i]) == NULL) {
            return false;
        }
    }
    return true;
}

#endif
