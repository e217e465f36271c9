/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opening and closing: the epoch keys in locked memory, an empty index. Threading: see
 * people/people.h; nothing else may run during people_close.
 */
#include "people_private.h"

#include "base/assert.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

_Static_assert(PEOPLE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one key size");

static enum lb_result people_load_keys(struct people *people, const char *key_path, bool create)
{
    bool is_absent = access(key_path, F_OK) != 0 && errno == ENOENT;
    people->is_key_made = create && is_absent;
    enum lb_result result = people->is_key_made
                                ? people_key_file_make(key_path, people->random, &people->keys)
                                : people_key_file_read(key_path, false, &people->keys);
    if (result == LB_OK && realpath(key_path, people->key_path) == NULL) {
        result = LB_KEY_MISSING; /* taken away meanwhile */
    }
    return result;
}

static void people_init(struct people *people, const struct random_source *random)
{
    /* Best effort: where RLIMIT_MEMLOCK forbids it the keys may reach the swap, no more. */
    (void)sodium_mlock(&people->keys, sizeof(people->keys));
    people->random = random;
    ordered_init(&people->names, arena_memory_heap());
    ordered_init(&people->words, arena_memory_heap());
    arena_init(&people->index_arena, arena_memory_heap(), PEOPLE_INDEX_ARENA_BYTES);
    int failed = pthread_rwlock_init(&people->index_lock, NULL) |
                 pthread_rwlock_init(&people->keys_lock, NULL) |
                 pthread_mutex_init(&people->rotation_lock, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fail with default attributes */
}

static enum lb_result people_new(const struct random_source *random, struct people **people)
{
    *people = NULL;
    if (sodium_init() < 0) {
        return LB_INTERNAL;
    }
    *people = calloc(1, sizeof(**people));
    if (*people == NULL) {
        return LB_MEMORY;
    }
    people_init(*people, random);
    return LB_OK;
}

static enum lb_result people_give(enum lb_result result, struct people *opened,
                                  struct people **people)
{
    *people = result == LB_OK ? opened : NULL;
    if (result != LB_OK) {
        people_close(opened);
    }
    return result;
}

enum lb_result people_open(const char *key_path, bool create, const struct random_source *random,
                           struct people **people)
{
    struct people *opened = NULL;
    enum lb_result result = people_new(random, &opened);
    if (result == LB_OK) {
        result = people_load_keys(opened, key_path, create);
    }
    return people_give(result, opened, people);
}

enum lb_result people_open_credential(const char *key_path, const struct random_source *random,
                                      struct people **people)
{
    struct people *opened = NULL;
    enum lb_result result = people_new(random, &opened);
    if (result == LB_OK) {
        result = people_key_file_read(key_path, true, &opened->keys);
    }
    return people_give(result, opened, people);
}

void people_discard_new_key(struct people *people)
{
    struct people_keys there;
    const struct people_key *made = &people->keys.items[0];
    if (people->is_key_made && people_key_file_read(people->key_path, false, &there) == LB_OK &&
        there.count == 1 && sodium_memcmp(there.items[0].key, made->key, PEOPLE_KEY_BYTES) == 0) {
        (void)unlink(people->key_path);
    }
    sodium_memzero(&there, sizeof(there));
}

void people_close(struct people *people)
{
    if (people == NULL) {
        return;
    }
    ordered_fini(&people->names);
    ordered_fini(&people->words);
    arena_fini(&people->index_arena);
    pthread_mutex_destroy(&people->rotation_lock);
    pthread_rwlock_destroy(&people->keys_lock);
    pthread_rwlock_destroy(&people->index_lock);
    sodium_munlock(&people->keys, sizeof(people->keys)); /* zeroes them too */
    free(people);
}
