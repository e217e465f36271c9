/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Looking things up in the generated tables. Pure; safe from any thread.
 */
#include "tables.h"

#define COMPAT_FIRST \
    0xa0 /* what is below has no compatibility form, nor have most Han characters */
#define IDEOGRAPHIC_ZERO 0x3007

static const struct text_compat_row *compat_row(uint32_t code_point)
{
    size_t low = 0;
    size_t high = text_compat_row_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (text_compat_rows[middle].from < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct text_compat_row *row = &text_compat_rows[low];
    return low < text_compat_row_count && row->from == code_point ? row : NULL;
}

const uint32_t *table_compat(uint32_t code_point, uint32_t *self, size_t *count)
{
    *self = code_point;
    *count = 1;
    if (code_point < COMPAT_FIRST ||
        (code_point >= TEXT_HAN_FIRST && code_point <= TEXT_HAN_LAST)) {
        return self;
    }
    const struct text_compat_row *row = compat_row(code_point);
    if (row == NULL) {
        return self;
    }
    *count = row->count;
    return &text_compat_pool[row->at];
}

uint32_t table_fold(uint32_t code_point)
{
    size_t low = 0;
    size_t high = text_fold_row_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (text_fold_rows[middle].from < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct text_fold_row *row = &text_fold_rows[low];
    return low < text_fold_row_count && row->from == code_point ? row->to : code_point;
}

char table_initial(uint32_t code_point)
{
    if (code_point >= TEXT_HAN_FIRST && code_point <= TEXT_HAN_LAST) {
        return text_han_initials[code_point - TEXT_HAN_FIRST];
    }
    if (code_point >= TEXT_HAN_BEYOND_FIRST && code_point <= TEXT_HAN_BEYOND_LAST) {
        return text_han_beyond_initials[code_point - TEXT_HAN_BEYOND_FIRST];
    }
    return code_point == IDEOGRAPHIC_ZERO ? 'l' : 0;
}
