/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data at rest: epoch keys, sealing and opening rows, commitments, the name index, keys of
 * ID numbers. Knows bytes, not what a person is; the engine packs persons, memos and credentials
 * and keeps the rows in its store. What of a person may be shown: people/mask.h.
 *
 * A sealed row: algorithm u8 (1: XChaCha20-Poly1305, SHA-256 commitment), epoch u32, then a random
 * row key wrapped by the epoch key, then salt and plaintext under the row key; algorithm, epoch,
 * kind and owner are authenticated with both. The row key and the salt die with the row.
 *
 * An epoch is the time of one key. The keys stand in a file outside the data directory. Rows are
 * sealed under the newest; older ones are kept only while rows may be under them, and their being
 * there is what says that a rotation is not over. See docs/personal-data.md, storage-format.md.
 *
 * Threads: any; keys and index lock themselves.
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

enum people_kind { PEOPLE_PERSON = 1, PEOPLE_MEMO = 2, PEOPLE_CREDENTIAL = 3 };

/* Reads the keys from a regular file that neither group nor others may read, or makes the first one
 * if `create` and the file is absent. LB_OK, KEY_MISSING (absent, not readable, no keys, or open to
 * others), MEMORY, INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result people_open(const char *key_path, bool create,
                                         const struct random_source *random,
                                         struct people **people);
/* The same with a file that somebody else keeps and guards, as systemd its credentials: it is never
 * written, so that keys cannot be rotated; its group may read it. */
LB_MUST_CHECK enum lb_result people_open_credential(const char *key_path,
                                                    const struct random_source *random,
                                                    struct people **people);
/* Takes away the key file that opening made, unless another has taken its place: of a key that
 * never sealed anything that counts. */
void people_discard_new_key(struct people *people);
void people_close(struct people *people);

/* ---- epochs ---- */

#define PEOPLE_KEYS_MAX 16 /* at a time: each rotation begun before another is over adds one */

/* The newest: what rows are sealed under. */
uint32_t people_epoch(struct people *people);
/* There are older keys: their rows are to be sealed again, and then they are to be destroyed. */
bool people_is_rotating(struct people *people);
/* Begins a new epoch: its key is in the file, durably, when this returns. LB_OK, TRY_LATER (too
 * many rotations are not over), KEY_UNWRITABLE (a credential, or the file cannot be replaced; then
 * all is as before), INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result people_rotate(struct people *people);
/* What tells keys of one epoch apart: a hash under the key, from which nothing of it follows.
 * false: there is no key of that epoch. */
#define PEOPLE_MARK_BYTES 16
LB_MUST_CHECK bool people_key_mark(struct people *people, uint32_t epoch,
                                   uint8_t mark[PEOPLE_MARK_BYTES]);
/* Reads the file again, which somebody else replaced, and takes what is in it if the key of that
 * epoch and mark is. LB_OK, KEY_MISSING (it is not, or not readable; all is as before). */
LB_MUST_CHECK enum lb_result people_reload(struct people *people, uint32_t epoch,
                                           const uint8_t mark[PEOPLE_MARK_BYTES]);
/* The rotation to `epoch` is over: the keys before it are destroyed, in the file and in memory. The
 * old file's bytes are overwritten, which a disk that writes elsewhere, as flash does, or a file
 * system with copies need not obey. LB_OK, KEY_UNWRITABLE (they are kept). */
LB_MUST_CHECK enum lb_result people_forget_before(struct people *people, uint32_t epoch);

/* ---- rows ---- */

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
/* 0: not a sealed row. */
uint32_t people_row_epoch(struct bytes row);
/* A row under a key that was destroyed: what a reader sees who began before a rotation was over. */
bool people_row_is_outdated(struct people *people, struct bytes row);
/* Opens the row and seals the same under the newest key: salt and commitment stay, the row key is a
 * new one. LB_OK, STORAGE_CORRUPT, MEMORY, INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result people_reseal(struct people *people, enum people_kind kind,
                                           uint64_t owner, struct bytes row, struct arena *arena,
                                           struct bytes *resealed);

/* ---- ID numbers ---- */

/* The key under which a number's holder stands: algorithm u8 (1: BLAKE2b-256, keyed), epoch u32,
 * hash of base/id_number.h's normal form. Who has no key of the epoch cannot try numbers. */
#define PEOPLE_ID_NUMBER_BYTES 37
struct people_id_number {
    uint8_t bytes[PEOPLE_ID_NUMBER_BYTES];
};
/* false: there is no key of that epoch, or no number. */
LB_MUST_CHECK bool people_id_number(struct people *people, uint32_t epoch, struct bytes number,
                                    struct people_id_number *out);
/* Under each epoch there is a key of, the newest first; the count, 0 when there is no number. */
size_t people_id_numbers(struct people *people, struct bytes number,
                         struct people_id_number out[PEOPLE_KEYS_MAX]);

/* ---- names ---- */

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

#endif
