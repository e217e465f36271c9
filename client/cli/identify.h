/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Ids of the rows of sheets: made from what the row says, so that loading the same file again makes
 * the same ids and the server answers as the first time. Not secret, and made without personal
 * data: an id stays in the ledger for ever. Pure; safe from any thread.
 */
#ifndef CLI_IDENTIFY_H
#define CLI_IDENTIFY_H

#include "base/id.h"
#include "lovebank/v1/commands.pb-c.h"

#include <stdbool.h>

/* Of a row that has a receipt: by form kind and receipt alone. */
struct id identify_receipt(const char *kind, const char *receipt);
/*
 * Of what a row asks for: the packed command without its id, person and memo, which may hold
 * personal data. Rows that say the same have the same content; see occurrences. false: no memory.
 */
LB_MUST_CHECK bool identify_content(const char *kind, const Lovebank__V1__Command *command,
                                    struct id *content);
/* Of the nth row (1 first) with that content in one file. */
struct id identify_occurrence(const char *kind, const struct id *content, uint32_t nth);

/* How often each content was met. Invariant: at least half of the slots are empty. */
struct occurrences {
    struct occurrence *slots;
    size_t cap; /* 0 or a power of two */
    size_t count;
};
/* Counts one more: 1 for the first. false: no memory. */
LB_MUST_CHECK bool occurrences_add(struct occurrences *occurrences, const struct id *content,
                                   uint32_t *nth);
void occurrences_fini(struct occurrences *occurrences);

#endif
