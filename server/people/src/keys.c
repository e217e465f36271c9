/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The epoch keys at run time. The file is changed first, then what is in memory: nothing is sealed
 * under a key that a power cut could take away. Safe from any thread.
 */
#include "people_private.h"

#include "base/assert.h"

#include <sodium.h>
#include <string.h>

static const struct people_key *keys_newest(const struct people_keys *keys)
{
    return &keys->items[keys->count - 1];
}

bool people_key_copy(struct people *people, uint32_t epoch, struct people_key *key)
{
    bool is_there = false;
    pthread_rwlock_rdlock(&people->keys_lock);
    const struct people_keys *keys = &people->keys;
    const uint32_t wanted = epoch == 0 ? keys_newest(keys)->epoch : epoch;
    for (size_t i = 0; i < keys->count && !is_there; i++) {
        is_there = keys->items[i].epoch == wanted;
        if (is_there) {
            *key = keys->items[i];
        }
    }
    pthread_rwlock_unlock(&people->keys_lock);
    return is_there;
}

uint32_t people_epoch(struct people *people)
{
    pthread_rwlock_rdlock(&people->keys_lock);
    const uint32_t epoch = keys_newest(&people->keys)->epoch;
    pthread_rwlock_unlock(&people->keys_lock);
    return epoch;
}

bool people_is_rotating(struct people *people)
{
    pthread_rwlock_rdlock(&people->keys_lock);
    const bool is_rotating = people->keys.count > 1;
    pthread_rwlock_unlock(&people->keys_lock);
    return is_rotating;
}

/* Of the keys from `first` on, and one more if it is given. */
static void keys_list(const struct people_keys *from, size_t first, const struct people_key *more,
                      struct people_keys *list)
{
    list->count = 0;
    for (size_t i = first; i < from->count; i++) {
        list->items[list->count++] = from->items[i];
    }
    if (more != NULL) {
        list->items[list->count++] = *more;
    }
}

/* With the rotation lock held, so that `keys` is read by others only. */
static void keys_set(struct people *people, const struct people_keys *list)
{
    pthread_rwlock_wrlock(&people->keys_lock);
    sodium_memzero(&people->keys, sizeof(people->keys));
    people->keys = *list;
    pthread_rwlock_unlock(&people->keys_lock);
}

/* The file, then memory. The same. */
static enum lb_result keys_replace(struct people *people, const struct people_keys *list)
{
    if (people->key_path[0] == '\0' || !people_key_file_replace(people->key_path, list)) {
        return LB_KEY_UNWRITABLE;
    }
    keys_set(people, list);
    return LB_OK;
}

/* ---- marks ---- */

static void key_mark(const struct people_key *key, uint8_t mark[PEOPLE_MARK_BYTES])
{
    static const uint8_t text[] = "lovebank key mark";
    /* Fails for sizes it does not take only. */
    int failed =
        crypto_generichash(mark, PEOPLE_MARK_BYTES, text, sizeof(text), key->key, sizeof(key->key));
    LB_ASSERT(failed == 0);
}

bool people_key_mark(struct people *people, uint32_t epoch, uint8_t mark[PEOPLE_MARK_BYTES])
{
    struct people_key key;
    const bool is_there = epoch != 0 && people_key_copy(people, epoch, &key);
    if (is_there) {
        key_mark(&key, mark);
        sodium_memzero(&key, sizeof(key));
    }
    return is_there;
}

static bool keys_have(const struct people_keys *keys, uint32_t epoch,
                      const uint8_t mark[PEOPLE_MARK_BYTES])
{
    bool is_there = false;
    for (size_t i = 0; i < keys->count && !is_there; i++) {
        uint8_t found[PEOPLE_MARK_BYTES];
        key_mark(&keys->items[i], found);
        is_there = keys->items[i].epoch == epoch &&
                   memcmp(found, mark, sizeof(found)) == 0; /* a mark is no secret */
    }
    return is_there;
}

enum lb_result people_reload(struct people *people, uint32_t epoch,
                             const uint8_t mark[PEOPLE_MARK_BYTES])
{
    struct people_keys list;
    enum lb_result result = LB_KEY_MISSING;
    pthread_mutex_lock(&people->rotation_lock);
    if (people->key_path[0] != '\0') {
        result = people_key_file_read(people->key_path, false, &list);
    }
    if (result == LB_OK && !keys_have(&list, epoch, mark)) {
        result = LB_KEY_MISSING;
    }
    if (result == LB_OK) {
        keys_set(people, &list);
    }
    sodium_memzero(&list, sizeof(list));
    pthread_mutex_unlock(&people->rotation_lock);
    return result;
}

/* ---- epochs ---- */

enum lb_result people_rotate(struct people *people)
{
    struct people_keys list;
    struct people_key next;
    pthread_mutex_lock(&people->rotation_lock);
    enum lb_result result = people->keys.count < PEOPLE_KEYS_MAX ? LB_OK : LB_TRY_LATER;
    if (result == LB_OK && !random_fill(people->random, next.key, sizeof(next.key))) {
        result = LB_INTERNAL;
    }
    if (result == LB_OK) {
        next.epoch = keys_newest(&people->keys)->epoch + 1;
        keys_list(&people->keys, 0, &next, &list);
        result = keys_replace(people, &list);
        sodium_memzero(&list, sizeof(list));
    }
    sodium_memzero(&next, sizeof(next));
    pthread_mutex_unlock(&people->rotation_lock);
    return result;
}

enum lb_result people_forget_before(struct people *people, uint32_t epoch)
{
    struct people_keys list;
    enum lb_result result = LB_OK;
    pthread_mutex_lock(&people->rotation_lock);
    LB_ASSERT(epoch <= keys_newest(&people->keys)->epoch);
    size_t first = 0;
    while (people->keys.items[first].epoch < epoch) {
        first++;
    }
    if (first > 0) {
        keys_list(&people->keys, first, NULL, &list);
        result = keys_replace(people, &list);
        sodium_memzero(&list, sizeof(list));
    }
    pthread_mutex_unlock(&people->rotation_lock);
    return result;
}
