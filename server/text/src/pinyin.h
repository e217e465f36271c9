/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Finding pinyin that someone's word processor put after Han characters. Not for other modules.
 * Pure; safe from any thread.
 *
 * The rule stands in text/text.h. Syllables are those of standard pinyin; in brackets spaces or
 * apostrophes may part them.
 */
#ifndef TEXT_PINYIN_H
#define TEXT_PINYIN_H

#include <stddef.h>
#include <stdint.h>

/* How many code points at the beginning of `text`, brackets included, are pinyin of the Han
 * characters at the end of `before`; 0: none. */
size_t pinyin_inserted(const uint32_t *text, size_t count, const uint32_t *before,
                       size_t before_count);

#endif
