/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * SHA-256, by libcrypto: it uses the processor's own instructions where libsodium does not (a leaf
 * of 200 bytes: 230 ns against 1,000). The calls are the low-level ones, which OpenSSL 3 calls
 * deprecated and keeps: their state is on the stack, so they allocate nothing, cannot fail and need
 * nothing kept for each thread. Any thread.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "people/people.h"

#include "base/assert.h"

#include <openssl/sha.h>

_Static_assert(LB_HASH_BYTES == SHA256_DIGEST_LENGTH, "one hash size");

void people_sha256(const struct bytes *parts, size_t part_count, uint8_t hash[LB_HASH_BYTES])
{
    SHA256_CTX state;
    int is_done = SHA256_Init(&state);
    for (size_t i = 0; i < part_count; i++) {
        is_done &= SHA256_Update(&state, parts[i].data, parts[i].size);
    }
    is_done &= SHA256_Final(hash, &state);
    LB_ASSERT(is_done == 1); /* they only ever answer 1 */
}
