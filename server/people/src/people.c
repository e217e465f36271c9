/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening and closing: the epoch key in locked memory, an empty index. Threading: see
 * people/people.h; nothing else may run during people_close.
 */
#include "people_private.h"

#include "base/assert.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

_Static_assert(PEOPLE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one key size");

static enum lb_result people_load_key(struct people *people, const char *key_path, bool create)
{
    bool is_absent = access(key_path, F_OK) != 0 && errno == ENOENT;
    if (create && is_absent) {
        return people_key_file_make(key_path, people->random, people->epoch_key);
    }
    return people_key_file_read(key_path, people->epoch_key);
}

enum lb_result people_open(const char *key_path, bool create, const struct random_source *random,
                           struct people **people)
{
    *people = NULL;
    if (sodium_init() < 0) {
        return LB_INTERNAL;
    }
    struct people *opened = calloc(1, sizeof(*opened));
    if (opened == NULL) {
        return LB_MEMORY;
    }
    /* Best effort: where RLIMIT_MEMLOCK forbids it the key may reach the swap, no more. */
    (void)sodium_mlock(opened->epoch_key, sizeof(opened->epoch_key));
    opened->epoch = PEOPLE_EPOCH_FIRST;
    opened->random = random;
    ordered_init(&opened->names, arena_memory_heap());
    ordered_init(&opened->words, arena_memory_heap());
    arena_init(&opened->index_arena, arena_memory_heap(), PEOPLE_INDEX_ARENA_BYTES);
    int failed = pthread_rwlock_init(&opened->index_lock, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fails with default attributes */
    enum lb_result result = people_load_key(opened, key_path, create);
    if (result != LB_OK) {
        people_close(opened);
        return result;
    }
    *people = opened;
    return LB_OK;
}

void people_close(struct people *people)
{
    if (people == NULL) {
        return;
    }
    ordered_fini(&people->names);
    ordered_fini(&people->words);
    arena_fini(&people->index_arena);
    pthread_rwlock_destroy(&people->index_lock);
    sodium_munlock(people->epoch_key, sizeof(people->epoch_key)); /* zeroes it too */
    free(people);
}
