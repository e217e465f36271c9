/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the files of this module share: the keys and the index, and the key file. Not for others.
 * Keys and index are each guarded by their lock.
 */
#ifndef PEOPLE_PRIVATE_H
#define PEOPLE_PRIVATE_H

#include "base/ordered.h"
#include "people/people.h"

#include <limits.h>
#include <pthread.h>

#define PEOPLE_KEY_BYTES         32
#define PEOPLE_EPOCH_FIRST       1
#define PEOPLE_INDEX_ARENA_BYTES (256u << 10) /* folding the longest name takes a tenth */

struct people_key {
    uint32_t epoch;
    uint8_t key[PEOPLE_KEY_BYTES];
};

/* Invariant of one in use: count is at least 1, epochs rise, the newest is the last. */
struct people_keys {
    struct people_key items[PEOPLE_KEYS_MAX];
    size_t count;
};

struct people {
    const struct random_source *random;
    char key_path[PATH_MAX];       /* without symbolic links; "": a credential, never written */
    bool is_key_made;              /* by opening */
    pthread_mutex_t rotation_lock; /* one change of the file at a time */

    pthread_rwlock_t keys_lock;
    struct people_keys keys;

    pthread_rwlock_t index_lock;
    struct ordered names;     /* member u64 -> what is compared of the name; see index.c */
    struct ordered words;     /* folded name or initials, which, member u64 -> nothing */
    struct arena index_arena; /* of one change */
    bool index_is_ready;
};

/* ---- keys.c ---- */

/* A copy, which the caller is to wipe. false: there is none of that epoch; 0 is the newest. */
LB_MUST_CHECK bool people_key_copy(struct people *people, uint32_t epoch, struct people_key *key);

/* ---- key_file.c ---- */

/* As people_open, the keys alone; `by_group`: its group may read it. */
LB_MUST_CHECK enum lb_result people_key_file_read(const char *path, bool by_group,
                                                  struct people_keys *keys);
/* Makes the first key and the file, durably. An existing file is not touched: KEY_MISSING. */
LB_MUST_CHECK enum lb_result people_key_file_make(const char *path,
                                                  const struct random_source *random,
                                                  struct people_keys *keys);
/* Puts a file with these keys in the place of the one there, durably, and wipes that. false: the
 * one there stands, or its successor does but may not survive a power cut. */
LB_MUST_CHECK bool people_key_file_replace(const char *path, const struct people_keys *keys);

#endif
