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

/* `body` is salt and plaintext. */
static void row_encrypt(const struct people *people, const uint8_t bound[ROW_BOUND_BYTES],
                        const uint8_t row_key[PEOPLE_KEY_BYTES], struct bytes body, uint8_t *row)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(row + ROW_KEY_OFFSET, NULL, row_key,
                                               PEOPLE_KEY_BYTES, bound, ROW_BOUND_BYTES, NULL,
                                               row + ROW_NONCE_OFFSET, people->epoch_key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(row + ROW_BODY_OFFSET, NULL, body.data, body.size,
                                               bound, ROW_BOUND_BYTES, NULL, row_body_nonce,
                                               row_key);
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
    uint8_t row_key[PEOPLE_KEY_BYTES];
    enum lb_result result = LB_INTERNAL;
    if (random_fill(people->random, row_key, sizeof(row_key)) &&
        random_fill(people->random, body, ROW_SALT_BYTES) &&
        random_fill(people->random, sealed + ROW_NONCE_OFFSET, ROW_NONCE_BYTES)) {
        if (plaintext.size > 0) {
            memcpy(body + ROW_SALT_BYTES, plaintext.data, plaintext.size);
        }
        uint8_t bound[ROW_BOUND_BYTES];
        row_bind(bound, ROW_ALGORITHM, people->epoch, kind, owner);
        memcpy(sealed, bound, ROW_NONCE_OFFSET); /* algorithm and epoch */
        row_encrypt(people, bound, row_key, bytes_of(body, ROW_SALT_BYTES + plaintext.size),
                    sealed);
        row_commit(body, plaintext, commitment);
        *row = bytes_of(sealed, row_bytes);
        result = LB_OK;
    }
    sodium_memzero(row_key, sizeof(row_key));
    sodium_memzero(body, ROW_SALT_BYTES + plaintext.size);
    return result;
}

/* `body` has room for salt and plaintext. false: not sealed so, by this key, or altered. */
static bool row_decrypt(const struct people *people, const uint8_t bound[ROW_BOUND_BYTES],
                        struct bytes row, uint8_t *body)
{
    uint8_t row_key[PEOPLE_KEY_BYTES];
    bool is_genuine =
        crypto_aead_xchacha20poly1305_ietf_decrypt(
            row_key, NULL, NULL, row.data + ROW_KEY_OFFSET, PEOPLE_KEY_BYTES + ROW_TAG_BYTES, bound,
            ROW_BOUND_BYTES, row.data + ROW_NONCE_OFFSET, people->epoch_key) == 0 &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(body, NULL, NULL, row.data + ROW_BODY_OFFSET,
                                                   row.size - ROW_BODY_OFFSET, bound,
                                                   ROW_BOUND_BYTES, row_body_nonce, row_key) == 0;
    sodium_memzero(row_key, sizeof(row_key));
    return is_genuine;
}

enum lb_result people_open_row(struct people *people, enum people_kind kind, uint64_t owner,
                               struct bytes row, struct arena *arena, struct bytes *plaintext,
                               uint8_t commitment[LB_HASH_BYTES])
{
    if (row.size < ROW_BYTES_MIN) {
        return LB_STORAGE_CORRUPT;
    }
    struct wire_reader reader = {.left = row};
    uint8_t algorithm = wire_get_u8(&reader);
    uint32_t epoch = wire_get_u32(&reader);
    if (algorithm != ROW_ALGORITHM || epoch != people->epoch) {
        return LB_STORAGE_CORRUPT;
    }
    size_t plaintext_bytes = row.size - ROW_BYTES_MIN;
    uint8_t *body = arena_take(arena, ROW_SALT_BYTES + plaintext_bytes);
    if (body == NULL) {
        return LB_MEMORY;
    }
    uint8_t bound[ROW_BOUND_BYTES];
    row_bind(bound, algorithm, epoch, kind, owner);
    if (!row_decrypt(people, bound, row, body)) {
        return LB_STORAGE_CORRUPT;
    }
    *plaintext = bytes_of(body + ROW_SALT_BYTES, plaintext_bytes);
    row_commit(body, *plaintext, commitment);
    return LB_OK;
}
