/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The sentence of a result: the text of the result list with its numbers and its {s} put in. The
 * pages have the same in client/web/src/lib/result.ts. Pure; safe from any thread.
 */
#ifndef BASE_RESULT_SENTENCE_H
#define BASE_RESULT_SENTENCE_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESULT_SENTENCE_BYTES_MAX 1024

/*
 * Without the full stop at the end. `thing` is the text of {s} as the reader shall see it; "": it
 * is not known. Cut at a whole character when it does not fit (cap >= 1, with the NUL). false:
 * there is no such result, and out is "".
 */
LB_MUST_CHECK bool result_sentence_format(char *out, size_t cap, bool is_chinese, int result,
                                          const int64_t numbers[static 3], const char *thing);

#endif
