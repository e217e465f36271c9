/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data at rest: sealing and opening rows, commitments, the name index. Knows bytes, not
 * what a person is; the engine packs persons and memos and keeps the rows in its store.
 *
 * A sealed row: algorithm u8 (1: XChaCha20-Poly1305, SHA-256 commitment), epoch u32, then a random
 * row key wrapped by the epoch key, then salt and plaintext under the row key; algorithm, epoch,
 * kind and owner are authenticated with both. The row key and the salt die with the row; the epoch
 * key stands in a file outside the data directory. See docs/storage-format.md.
 *
 * Threads: sealing and opening from any; the index locks itself.
 */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/random.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

struct people;

enum people_kind { PEOPLE_PERSON = 1, PEOPLE_MEMO = 2 };

/* Reads the epoch key (64 hex digits and a newline) from a regular file that neither group nor
 * others may read, or makes it if `create` and the file is absent. LB_OK, KEY_MISSING (absent, not
 * readable, not a key, or open to others), MEMORY, INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result people_open(const char *key_path, bool create,
                                         const struct random_source *random,
                                         struct people **people);
void people_close(struct people *people);

/* Makes the row and the commitment SHA-256(salt ‖ plaintext). *row lives in the arena. LB_OK,
 * MEMORY, INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result people_seal(struct people *people, enum people_kind kind,
                                         uint64_t owner, struct bytes plaintext,
                                         struct arena *arena, struct bytes *row,
                                         uint8_t commitment[LB_HASH_BYTES]);
/* LB_OK, STORAGE_CORRUPT (not sealed by this key, for this owner, or altered), MEMORY.
 * *plaintext lives in the arena; commitment is what the entry must hold. */
LB_MUST_CHECK enum lb_result people_open_row(struct people *people, enum people_kind kind,
                                             uint64_t owner, struct bytes row, struct arena *arena,
                                             struct bytes *plaintext,
                                             uint8_t commitment[LB_HASH_BYTES]);
/* The index of names, compared as text/text.h folds them, and of their initials. Put replaces the
 * member's earlier name; an empty name takes the member out. The name must be well-formed UTF-8.
 * LB_MEMORY: the index no longer knows the member, or by a wrong name. */
LB_MUST_CHECK enum lb_result people_index_put(struct people *people, uint64_t member,
                                              struct bytes name);

struct people_query {
    struct bytes text; /* well-formed UTF-8 */
    bool is_whole;     /* the whole name or all its initials, not a part */
    bool is_name;      /* no initials */
    size_t limit;
    /* NULL: takes all. Called under the index's lock. */
    bool (*takes)(void *context, uint64_t member);
    void *context;
};
struct people_found {
    uint64_t *members; /* in the arena */
    size_t count;
    bool more; /* than the limit */
};
/* Members whose name is the text; then, if it is letters only, those whose initials are; then those
 * whose name or initials hold it; each by number. A text of which nothing is compared (a dot) is
 * nobody's. LB_OK, MEMORY. */
LB_MUST_CHECK enum lb_result people_index_find(struct people *people,
                                               const struct people_query *query,
                                               struct arena *arena, struct people_found *found);
void people_index_set_ready(struct people *people, bool ready);
bool people_index_is_ready(struct people *people);

/* SHA-256 over a list of views: the one hash of the book, leaf and node of the tree included. */
void people_sha256(const struct bytes *parts, size_t part_count, uint8_t hash[LB_HASH_BYTES]);

/* Of each word (spaces and middle dots part them) the first character, a star for each between, the
 * last: 张*明, 欧**华, A**a S***h; of two characters the first, 李*; one alone is a star. Writes
 * whole characters and a NUL, as many as fit in cap. */
void people_mask_name(struct bytes name, char *masked, size_t cap);

#endif
