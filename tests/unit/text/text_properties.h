/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What must hold of any well-formed text; the random test and the fuzz target ask the same.
 * Safe from any thread.
 */
#ifndef TEXT_PROPERTIES_H
#define TEXT_PROPERTIES_H

#include "base/utf8.h"
#include "text/text.h"

static inline bool text_is_well_formed(struct bytes text)
{
    uint32_t point = 0;
    while (utf8_next(&text, &point)) {
    }
    return text.size == 0;
}

static inline size_t text_count_between(struct bytes text, uint8_t first, uint8_t last)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] >= first && text.data[i] <= last;
    }
    return count;
}

/* Small letters may only have been pinyin. */
static inline bool text_keeps_letters_and_digits(struct bytes in, struct bytes clean,
                                                 unsigned changes)
{
    const bool keeps_small =
        text_count_between(clean, 'a', 'z') >= text_count_between(in, 'a', 'z');
    return text_count_between(clean, '0', '9') >= text_count_between(in, '0', '9') &&
           text_count_between(clean, 'A', 'Z') >= text_count_between(in, 'A', 'Z') &&
           (keeps_small || (changes & TEXT_CHANGED_PINYIN) != 0);
}

/* NULL: everything holds. Otherwise what does not. */
static inline const char *text_broken_property(struct arena *arena, struct bytes in)
{
    struct bytes clean, again, folded, folded_clean, initials;
    unsigned changes = 0;
    unsigned changes_again = 0;
    if (!text_clean(arena, in, &clean, &changes) ||
        !text_clean(arena, clean, &again, &changes_again) || !text_fold(arena, in, &folded) ||
        !text_fold(arena, clean, &folded_clean) || !text_initials(arena, in, &initials)) {
        return "there is memory";
    }
    if (!bytes_equal(clean, again) || changes_again != 0) {
        return "cleaning twice changes nothing more";
    }
    if ((changes == 0) != bytes_equal(in, clean)) {
        return "what was changed is said";
    }
    if (!bytes_equal(folded, folded_clean)) {
        return "a text and its clean form have one key";
    }
    if (!text_is_well_formed(clean) || !text_is_well_formed(folded)) {
        return "what comes out is well-formed";
    }
    if (!text_keeps_letters_and_digits(in, clean, changes)) {
        return "letters and digits never vanish";
    }
    if (text_has_private(clean)) {
        return "no private character is left";
    }
    if (text_count_between(initials, 'a', 'z') + text_count_between(initials, '0', '9') !=
        initials.size) {
        return "initials are small letters and digits";
    }
    return NULL;
}

#endif
