/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A file's bytes as UTF-8. Private to intake; the names of encodings are in intake/rows.h.
 * One thread.
 */
#ifndef INTAKE_ENCODING_H
#define INTAKE_ENCODING_H

#include "intake/rows.h"

/* U+FFFD in UTF-8: stands for what is no text, here and in programs that wrote the file. */
#define ENCODING_REPLACEMENT "\xef\xbf\xbd"

/*
 * *text is well-formed UTF-8 in the arena, without a mark; a byte that is no text in the file's
 * encoding is U+FFFD. Detection: a mark tells; else valid UTF-8 is UTF-8; else UTF-8 still, when it
 * fits most lines that are not ASCII (other text hardly ever fits by chance); else the encoding
 * with fewer bad lines. LB_OK; LB_TEXT_INVALID: no text but a spreadsheet, an archive, a web page,
 * or it holds NULs; LB_MEMORY; LB_INTERNAL: this system's iconv has no such encoding.
 */
LB_MUST_CHECK enum lb_result encoding_decode(struct arena *arena, struct bytes file,
                                             enum rows_encoding wanted, struct bytes *text,
                                             enum rows_encoding *encoding);

#endif
