/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The key of a book that several servers write. Each has a key file of its own, which should hold
 * the same keys; so the book itself says, in the row "key" of META, the newest epoch that rows of
 * personal data may be sealed under: epoch u32, and the key's mark. A group that is sealed under a
 * newer one says so with it, and every server sees the row in its turn before it decides. Hence
 *
 *   - who lacks that key seals nothing and erases nobody, until its file was replaced; it looks
 *     into the file each time;
 *   - from the group on that holds the row, nothing more is sealed under an older key. So an older
 *     key may be destroyed once the row is durable and no row is under it.
 *
 * A book in files has no such row. No state; the thread of its caller.
 */
#ifndef ENGINE_SRC_BOOK_KEY_H
#define ENGINE_SRC_BOOK_KEY_H

#include "ledger/views.h"
#include "people/people.h"

#define BOOK_KEY_ROW_KEY BYTES_LITERAL("key")

struct book_key {
    uint32_t epoch; /* 0: nothing was sealed by a server of several yet */
    uint8_t mark[PEOPLE_MARK_BYTES];
};

/* LB_OK, STORAGE_CORRUPT (the row is none), and the views' fault. */
LB_MUST_CHECK enum lb_result book_key_read(struct views views, struct book_key *key);
/* Says that the newest key of this server is the book's. */
void book_key_put(struct views views, struct people *people);
/* This server has it, or there is none. */
bool book_key_is_here(const struct book_key *key, struct people *people);
/* The opposite, of the row, for who could not open another: that may be why. */
bool book_key_is_missing(struct views views, struct people *people);
/* LB_OK: this server has it; *is_reloaded: only since it looked into its file just now. Else
 * KEY_OUTDATED. */
LB_MUST_CHECK enum lb_result book_key_check(const struct book_key *key, struct people *people,
                                            bool *is_reloaded);
/* This server has a newer one: what it seals is to say so. */
bool book_key_is_older(const struct book_key *key, struct people *people);

#endif
