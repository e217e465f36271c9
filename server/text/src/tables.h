/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tables that server/text/tables/make_tables.c writes at build time, and how they are read.
 * Constant; safe from any thread. Not for other modules.
 */
#ifndef TEXT_TABLES_H
#define TEXT_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* A compatibility form becomes at most so many code points for each byte of its UTF-8. */
#define TEXT_COMPAT_GROWTH 2

/* The Han characters that have a place in the tables of initials: the basic plane from extension A
 * to the end of the first block, and the planes beyond. */
#define TEXT_HAN_FIRST        0x3400
#define TEXT_HAN_LAST         0x9fff
#define TEXT_HAN_BEYOND_FIRST 0x20000
#define TEXT_HAN_BEYOND_LAST  0x323af

struct text_compat_row {
    uint32_t from;
    uint16_t at; /* in text_compat_pool */
    uint16_t count;
};

struct text_fold_row {
    uint32_t from;
    uint32_t to;
};

/* Sorted by `from`. */
extern const struct text_compat_row text_compat_rows[];
extern const size_t text_compat_row_count;
extern const uint32_t text_compat_pool[];
/* Sorted by `from`; no `to` is a `from`. */
extern const struct text_fold_row text_fold_rows[];
extern const size_t text_fold_row_count;
/* A letter a to z, or 0. */
extern const char text_han_initials[TEXT_HAN_LAST - TEXT_HAN_FIRST + 1];
extern const char text_han_beyond_initials[TEXT_HAN_BEYOND_LAST - TEXT_HAN_BEYOND_FIRST + 1];

/* What NFKC makes of one code point: *count code points, 1 and itself when it changes nothing.
 * `self` is room for itself; the result points there or into the tables. */
const uint32_t *table_compat(uint32_t code_point, uint32_t *self, size_t *count);
/* Simplified and lower case. */
uint32_t table_fold(uint32_t code_point);
/* The first letter of the usual pinyin of a Han character, a to z; 0: none is known. */
char table_initial(uint32_t code_point);

#endif
