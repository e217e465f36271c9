/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The sentence of a result (base/result_sentence.h) as the terminal says it. Pure; safe from any
 * thread.
 */
#ifndef CLI_SENTENCE_H
#define CLI_SENTENCE_H

#include "base/result_sentence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SENTENCE_BYTES_MAX RESULT_SENTENCE_BYTES_MAX

/* `thing` is the server's {s}: the name of a field is put in the reader's words. A result that is
 * not in the list gets a sentence too, and a remedy the command for it. */
void sentence_format(char *out, size_t cap, bool is_chinese, int result, const int64_t numbers[3],
                     const char *thing);

/* Cuts a sentence after what is wrong, before what to do. */
void sentence_cut_remedy(char *sentence, bool is_chinese);

#endif
