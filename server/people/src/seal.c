/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sealing and opening one row. Layout, offsets in bytes:
 *     0  algorithm u8
 *     1  epoch u32
 *     5  nonce of the wrapping, 24
 *    29  row key under the epoch key, 32 + 16
 *    77  salt and plaintext under the row key, 16 + n + 16
 * A row key seals one row only, so the nonce of the body is zero. Both ciphertexts authenticate
 * algorithm, epoch, kind and owner: a row moved to another member or table does not open.
 * Safe from any thread, one arena per thread.
 */
#include "people_private.h"

#include "base/checked.h"
#include "base/wire.h"

#include <sodium.h>

#define ROW_ALGORITHM    1
#define ROW_NONCE_BYTES  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define ROW_TAG_BYTES    crypto_aead_xchacha20poly1305_ietf_ABYTES
#define ROW_SALT_BYTES   16
#define ROW_NONCE_OFFSET 5
#define ROW_KEY_OFFSET   (ROW_NONCE_OFFSET + ROW_NONCE_BYTES)
#define ROW_BODY_OFFSET  (ROW_KEY_OFFSET + PEOPLE_KEY_BYTES + ROW_TAG_BYTES)
#define ROW_BYTES_MIN    (ROW_BODY_OFFSET + ROW_SALT_BYTES + ROW_TAG_BYTES)
#define ROW_BOUND_BYTES  14

_Static_assert(ROW_BYTES_MIN == 109, "the offsets above");

static const uint8_t row_body_nonce[ROW_NONCE_BYTES];

/* What both ciphertexts are bound to. */
static void row_bind(uint8_t out[ROW_BOUND_BYTES], uint8_t algorithm, uint32_t epoch,
                     enum people_kind kind, uint64_t owner)
{
    struct wire_writer writer = {.data = out, .cap = ROW_BOUND_BYTES};
    wire_put_u8(&writer, algorithm);
    wire_put_u32(&writer, epoch);
    wire_put_u8(&writer, (uint8_t)kind);
    wire_put_u64(&writer, owner);
}

static void row_commit(const uint8_t *salt, struct bytes plaintext,
                       uint8_t commitment[LB_HASH_BYTES])
{
    const struct bytes parts[] = {bytes_of(salt, ROW_SALT_BYTES), plaintext};
    people_sha256(parts, 2, commitment);
}

/* `body` is salt and plaintext. Makes a row under the newest key. */
static enum lb_result row_encrypt(struct people *people, enum people_kind kind, uint64_t owner,
                                  struct bytes body, uint8_t *row)
{
    struct people_key key;
    uint8_t row_key[PEOPLE_KEY_BYTES];
    if (!people_key_copy(people, 0, &key)) {
        return LB_INTERNAL; /* never: there is a newest one */
    }
    enum lb_result result = LB_INTERNAL;
    if (random_fill(people->random, row_key, sizeof(row_key)) &&
        random_fill(people->random, row + ROW_NONCE_OFFSET, ROW_NONCE_BYTES)) {
        uint8_t bound[ROW_BOUND_BYTES];
        row_bind(bound, ROW_ALGORITHM, key.epoch, kind, owner);
        memcpy(row, bound, ROW_NONCE_OFFSET); /* algorithm and epoch */
        crypto_aead_xchacha20poly1305_ietf_encrypt(row + ROW_KEY_OFFSET, NULL, row_key,
                                                   PEOPLE_KEY_BYTES, bound, ROW_BOUND_BYTES, NULL,
                                                   row + ROW_NONCE_OFFSET, key.key);
        crypto_aead_xchacha20poly1305_ietf_encrypt(row + ROW_BODY_OFFSET, NULL, body.data,
                                                   body.size, bound, ROW_BOUND_BYTES, NULL,
                                                   row_body_nonce, row_key);
        result = LB_OK;
    }
    sodium_memzero(row_key, sizeof(row_key));
    sodium_memzero(&key, sizeof(key));
    return result;
}

enum lb_result people_seal(struct people *people, enum people_kind kind, uint64_t owner,
                           struct bytes plaintext, struct arena *arena, struct bytes *row,
                           uint8_t commitment[LB_HASH_BYTES])
{
    size_t row_bytes = 0;
    if (!checked_add_size(plaintext.size, ROW_BYTES_MIN, &row_bytes)) {
        return LB_MEMORY;
    }
    uint8_t *sealed = arena_take(arena, row_bytes);
    uint8_t *body = arena_take(arena, ROW_SALT_BYTES + plaintext.size);
    if (sealed == NULL || body == NULL) {
        return LB_MEMORY;
    }
    enum lb_result result = LB_INTERNAL;
    if (random_fill(people->random, body, ROW_SALT_BYTES)) {
        if (plaintext.size > 0) {
            memcpy(body + ROW_SALT_BYTES, plaintext.data, plaintext.size);
        }
        result = row_encrypt(people, kind, owner, bytes_of(body, ROW_SALT_BYTES + plaintext.size),
                             sealed);
        row_commit(body, plaintext, commitment);
        *row = bytes_of(sealed, row_bytes);
    }
    sodium_memzero(body, ROW_SALT_BYTES + plaintext.size);
    return result;
}

/* `body` has room for salt and plaintext. false: not sealed so, by this key, or altered. */
static bool row_decrypt_with(const struct people_key *key, const uint8_t bound[ROW_BOUND_BYTES],
                             struct bytes row, uint8_t *body)
{
    uint8_t row_key[PEOPLE_KEY_BYTES];
    bool is_genuine =
        crypto_aead_xchacha20poly1305_ietf_decrypt(
            row_key, NULL, NULL, row.data + ROW_KEY_OFFSET, PEOPLE_KEY_BYTES + ROW_TAG_BYTES, bound,
            ROW_BOUND_BYTES, row.data + ROW_NONCE_OFFSET, key->key) == 0 &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(body, NULL, NULL, row.data + ROW_BODY_OFFSET,
                                                   row.size - ROW_BODY_OFFSET, bound,
                                                   ROW_BOUND_BYTES, row_body_nonce, row_key) == 0;
    sodium_memzero(row_key, sizeof(row_key));
    return is_genuine;
}

uint32_t people_row_epoch(struct bytes row)
{
    struct wire_reader reader = {.left = row};
    const uint8_t algorithm = wire_get_u8(&reader);
    const uint32_t epoch = wire_get_u32(&reader);
    return row.size < ROW_BYTES_MIN || algorithm != ROW_ALGORITHM ? 0 : epoch;
}

bool people_row_is_outdated(struct people *people, struct bytes row)
{
    const uint32_t epoch = people_row_epoch(row);
    pthread_rwlock_rdlock(&people->keys_lock);
    const bool is_outdated = epoch != 0 && epoch < people->keys.items[0].epoch;
    pthread_rwlock_unlock(&people->keys_lock);
    return is_outdated;
}

/* Salt and plaintext, in the arena. LB_OK, STORAGE_CORRUPT, MEMORY. */
static enum lb_result row_decrypt(struct people *people, enum people_kind kind, uint64_t owner,
                                  struct bytes row, struct arena *arena, uint8_t **body)
{
    const uint32_t epoch = people_row_epoch(row);
    struct people_key key;
    if (epoch == 0 || !people_key_copy(people, epoch, &key)) {
        return LB_STORAGE_CORRUPT;
    }
    *body = arena_take(arena, row.size - ROW_BYTES_MIN + ROW_SALT_BYTES);
    enum lb_result result = LB_MEMORY;
    if (*body != NULL) {
        uint8_t bound[ROW_BOUND_BYTES];
        row_bind(bound, ROW_ALGORITHM, epoch, kind, owner);
        result = row_decrypt_with(&key, bound, row, *body) ? LB_OK : LB_STORAGE_CORRUPT;
    }
    sodium_memzero(&key, sizeof(key));
    return result;
}

enum lb_result people_open_row(struct people *people, enum people_kind kind, uint64_t owner,
                               struct bytes row, struct arena *arena, struct bytes *plaintext,
                               uint8_t commitment[LB_HASH_BYTES])
{
    uint8_t *body = NULL;
    enum lb_result result = row_decrypt(people, kind, owner, row, arena, &body);
    if (result == LB_OK) {
        *plaintext = bytes_of(body + ROW_SALT_BYTES, row.size - ROW_BYTES_MIN);
        row_commit(body, *plaintext, commitment);
    }
    return result;
}

enum lb_result people_reseal(struct people *people, enum people_kind kind, uint64_t owner,
                             struct bytes row, struct arena *arena, struct bytes *resealed)
{
    uint8_t *body = NULL;
    enum lb_result result = row_decrypt(people, kind, owner, row, arena, &body);
    if (result != LB_OK) {
        return result;
    }
    const size_t body_bytes = row.size - ROW_BYTES_MIN + ROW_SALT_BYTES;
    uint8_t *sealed = arena_take(arena, row.size);
    result = sealed == NULL ? LB_MEMORY
                            : row_encrypt(people, kind, owner, bytes_of(body, body_bytes), sealed);
    sodium_memzero(body, body_bytes);
    *resealed = bytes_of(sealed, row.size);
    return result;
}
