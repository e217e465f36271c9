/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * ID numbers as keys of an index that tells nothing without the epoch key: there are so few numbers
 * that a plain hash of them could be tried out. Safe from any thread.
 */
#include "people_private.h"

#include "base/id_number.h"
#include "base/wire.h"

#include <sodium.h>

#define ALGORITHM     1
#define HASH_BYTES    32
#define SUBKEY_NUMBER 1
#define SUBKEY_USE    "id_index" /* crypto_kdf's context: 8 bytes */

_Static_assert(PEOPLE_KEY_BYTES == crypto_kdf_KEYBYTES, "subkeys are derived from an epoch key");
_Static_assert(sizeof(SUBKEY_USE) == crypto_kdf_CONTEXTBYTES + 1, "the context's size");
_Static_assert(PEOPLE_ID_NUMBER_BYTES == 1 + 4 + HASH_BYTES, "algorithm, epoch, hash");

static void id_number_hash(const struct people_key *key, const struct id_number *number,
                           struct people_id_number *out)
{
    uint8_t subkey[crypto_generichash_KEYBYTES];
    struct wire_writer writer = {.data = out->bytes, .cap = sizeof(out->bytes)};
    wire_put_u8(&writer, ALGORITHM);
    wire_put_u32(&writer, key->epoch);
    crypto_kdf_derive_from_key(subkey, sizeof(subkey), SUBKEY_NUMBER, SUBKEY_USE, key->key);
    crypto_generichash(&out->bytes[sizeof(out->bytes) - HASH_BYTES], HASH_BYTES,
                       (const uint8_t *)number->text, number->size, subkey, sizeof(subkey));
    sodium_memzero(subkey, sizeof(subkey));
}

bool people_id_number(struct people *people, uint32_t epoch, struct bytes number,
                      struct people_id_number *out)
{
    struct id_number normal = id_number_normal(number);
    struct people_key key;
    const bool is_made = normal.size > 0 && people_key_copy(people, epoch, &key);
    if (is_made) {
        id_number_hash(&key, &normal, out);
        sodium_memzero(&key, sizeof(key));
    }
    sodium_memzero(&normal, sizeof(normal));
    return is_made;
}

size_t people_id_numbers(struct people *people, struct bytes number,
                         struct people_id_number out[PEOPLE_KEYS_MAX])
{
    struct id_number normal = id_number_normal(number);
    size_t count = 0;
    if (normal.size > 0) {
        pthread_rwlock_rdlock(&people->keys_lock);
        for (size_t i = people->keys.count; i > 0; i--) {
            id_number_hash(&people->keys.items[i - 1], &normal, &out[count++]);
        }
        pthread_rwlock_unlock(&people->keys_lock);
    }
    sodium_memzero(&normal, sizeof(normal));
    return count;
}
