/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What people's writing means, character by character: cleaned, compared, shortened to pinyin
 * initials. Server and client use the same functions, so that a name typed at a desk meets the name
 * in the index. The tables are made at build time (server/text/tables); nothing is loaded when the
 * program starts. Not collation, not layout (base/utf8.h). Pure; safe from any thread.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>

/* What cleaning changed; a set of bits. */
enum text_change {
    TEXT_CHANGED_WIDTH = 1,  /* full-width and compatibility forms: ２ to 2, （ to (, ㍿ … */
    TEXT_CHANGED_SPACE = 2,  /* at the ends, doubled, no-break, ideographic, inside a Han name */
    TEXT_CHANGED_PINYIN = 4, /* pinyin put after Han characters: 社區(qū), 社區qū to 社區 */
    TEXT_CHANGED_PRIVATE = 8, /* private-use characters taken out */
    TEXT_CHANGED_INVISIBLE =
        16 /* zero-width characters, byte order marks, soft hyphens, controls */
};

/*
 * The same text as it was meant: compatibility forms replaced (NFKC, but for raised and lowered
 * characters and fractions: 5² is not 52), invisible and private-use characters and inserted pinyin
 * taken out, spaces trimmed and single, none between two Han characters. Traditional characters
 * stay. `in` must be well-formed UTF-8. *out lives in the arena
 * (or is `in` itself when nothing changed); *changes tells what was done. false: no memory.
 * Cleaning twice changes nothing more.
 *
 * Inserted pinyin is what nobody can have meant as text: lower-case syllables directly after at
 * least as many Han characters, with a tone mark (锦绣(jǐn xiù), 社區qū), or in brackets and with
 * the very initials of the characters before it (社区(qu), 平安(an)). Else it stays: 培训(app),
 * 维修(B), 训(ai), 社区qu.
 */
LB_MUST_CHECK bool text_clean(struct arena *arena, struct bytes in, struct bytes *out,
                              unsigned *changes);

/*
 * The key by which two spellings are the same: cleaned, traditional to simplified, lower case, no
 * spaces or middle dots, 社群 as 社区. For comparing only, never shown or stored. A text and its
 * clean form have one key.
 */
LB_MUST_CHECK bool text_fold(struct arena *arena, struct bytes in, struct bytes *out);

/*
 * Pinyin initials of a name, lower case: 张小明 gives "zxm"; surnames read as surnames (单 s, 曾 z,
 * 解 x). Letters A to Z and digits stay, in lower case; what has no reading is left out. `in`
 * must be well-formed UTF-8. *out lives in the arena. false: no memory.
 */
LB_MUST_CHECK bool text_initials(struct arena *arena, struct bytes in, struct bytes *out);

/* All characters are Han (with middle dots between them). */
bool text_is_han(struct bytes text);
/* Letters A to Z and a to z only, at least one: it may be initials. */
bool text_is_letters(struct bytes text);
/* Has a private-use character. */
bool text_has_private(struct bytes text);

#endif
