/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Forgetting a member: which rows of personal data go when a MEMBER_ERASE is recorded. The writer
 * deletes the sealed rows, verify what the entries committed to, both by this one rule. Not the
 * keys: those are people's. No state; the thread of its caller.
 */
#ifndef ENGINE_SRC_ERASE_H
#define ENGINE_SRC_ERASE_H

#include "entry_reader.h"

/* Done, and it forgets a member. */
bool erase_is_due(const struct entry *entry);

/*
 * Deletes the member's PERSON row and the MEMO rows of all its entries before the erasing one,
 * whose own memo says why and stays. Reads the member's whole chain. LB_OK, STORAGE_CORRUPT (the
 * chain is broken), and what fails the reader.
 */
LB_MUST_CHECK enum lb_result erase_texts(struct entry_reader *reader, struct views views,
                                         const struct entry *erasing);

#endif
