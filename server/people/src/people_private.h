/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the files of this module share: the keys and the index, and the key file. Not for others.
 * The key never changes after people_open; the index is guarded by its lock.
 */
#ifndef PEOPLE_PRIVATE_H
#define PEOPLE_PRIVATE_H

#include "base/ordered.h"
#include "people/people.h"

#include <pthread.h>

#define PEOPLE_KEY_BYTES         32
#define PEOPLE_EPOCH_FIRST       1            /* the only one until keys are rotated */
#define PEOPLE_INDEX_ARENA_BYTES (256u << 10) /* folding the longest name takes a tenth */

struct people {
    uint8_t epoch_key[PEOPLE_KEY_BYTES];
    uint32_t epoch;
    const struct random_source *random;

    pthread_rwlock_t index_lock;
    struct ordered names;     /* member u64 -> what is compared of the name; see index.c */
    struct ordered words;     /* folded name or initials, which, member u64 -> nothing */
    struct arena index_arena; /* of one change */
    bool index_is_ready;
};

/* As people_open, the key alone. */
LB_MUST_CHECK enum lb_result people_key_file_read(const char *path, uint8_t key[PEOPLE_KEY_BYTES]);
/* Makes the key and the file, durably. An existing file is not touched: KEY_MISSING. */
LB_MUST_CHECK enum lb_result people_key_file_make(const char *path,
                                                  const struct random_source *random,
                                                  uint8_t key[PEOPLE_KEY_BYTES]);

#endif
