/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Ids of the rows of files: made from what the row says, so that importing the same file again
 * makes the same ids and the server answers as the first time. Not secret, and made without
 * personal data: an id stays in the ledger for ever. Pure; safe from any thread.
 */
#ifndef CLI_IDENTIFY_H
#define CLI_IDENTIFY_H

#include "base/id.h"
#include "lovebank/v1/commands.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

/* Of an act that has a receipt: by form kind and receipt alone. */
struct id identify_receipt(const char *kind, const char *receipt);
/*
 * Of what a row asks for: the packed command without its id, import and desk, without person and
 * memo, which may hold personal data, and without the number of the activity, which `activity`, the
 * id of the act that opens it, stands for (NULL: none, and the number counts); of an opening
 * balance without its day, for a passbook is taken over once, whenever that is. `sheet` is the
 * number of the paper it stood on, "" when it had none. Rows that say the same have the same
 * content. false: no memory.
 */
LB_MUST_CHECK bool identify_content(const char *kind, const Lovebank__V1__Command *command,
                                    const struct id *activity, const char *sheet,
                                    struct id *content);
/* Of the nth row (1 first) with that content in one import. */
struct id identify_occurrence(const char *kind, const struct id *content, uint32_t nth);
/* The same act entered once more, after it was refused or reversed: `first` is its first id, and
 * its id in attempt 1. */
struct id identify_attempt(const struct id *first, uint32_t attempt);
/* Of the import of these rows, in whatever order they came; sorts them. */
struct id identify_import(const char *kind, struct id *rows, size_t count);
/* Of the act that takes an entry of an import back. */
struct id identify_undo(uint64_t entry);

#endif
