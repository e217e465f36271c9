/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Finding pinyin that someone's word processor put after Han characters. Not for other modules.
 * Pure; safe from any thread.
 *
 * It is pinyin only if nobody can have meant it as text. All of it are lower-case syllables of
 * standard pinyin (spaces or apostrophes may part them), no more than Han characters stand before
 * it, and either
 *   - a letter bears a tone mark: 社區(qū), 社區qū, 锦绣(jǐn xiù); or
 *   - it stands in brackets and its syllables begin with the very initials of as many characters
 *     before it: 社区(qu) and 平安(an), but not 培训(app), 训(ai), 维修(B) or 社区qu.
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
