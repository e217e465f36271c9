/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * SHA-256 (FIPS 180-4) for the Merkle tests, which link no library. Plain and
 * slow: not for use outside tests. Pure.
 */
#ifndef TESTS_UNIT_LEDGER_SHA256_FOR_TESTS_H
#define TESTS_UNIT_LEDGER_SHA256_FOR_TESTS_H

#include "ledger/merkle.h"

struct sha256 {
    uint32_t state[8];
    uint8_t block[64];
    uint64_t size; /* bytes fed so far */
};

static inline uint32_t sha256_rotate(uint32_t word, unsigned bits)
{
    return word >> bits | word << (32 - bits);
}

static inline void sha256_schedule(const uint8_t block[64], uint32_t words[64])
{
    for (int i = 0; i < 16; i++) {
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t early = words[i - 15];
        uint32_t late = words[i - 2];
        early = sha256_rotate(early, 7) ^ sha256_rotate(early, 18) ^ early >> 3;
        late = sha256_rotate(late, 17) ^ sha256_rotate(late, 19) ^ late >> 10;
        words[i] = words[i - 16] + early + words[i - 7] + late;
    }
}

static inline void sha256_compress(struct sha256 *sha)
{
    static const uint32_t constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2,
    };
    uint32_t words[64];
    sha256_schedule(sha->block, words);
    uint32_t s[8];
    memcpy(s, sha->state, sizeof(s));
    for (int i = 0; i < 64; i++) {
        uint32_t mix = sha256_rotate(s[4], 6) ^ sha256_rotate(s[4], 11) ^ sha256_rotate(s[4], 25);
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t first = s[7] + mix + choice + constants[i] + words[i];
        mix = sha256_rotate(s[0], 2) ^ sha256_rotate(s[0], 13) ^ sha256_rotate(s[0], 22);
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        memmove(s + 1, s, 7 * sizeof(s[0]));
        s[4] += first;
        s[0] = first + mix + majority;
    }
    for (int i = 0; i < 8; i++) {
        sha->state[i] += s[i];
    }
}

static inline void sha256_feed(struct sha256 *sha, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sha->block[sha->size++ % 64] = data[i];
        if (sha->size % 64 == 0) {
            sha256_compress(sha);
        }
    }
}

static inline void sha256_finish(struct sha256 *sha, uint8_t out[32])
{
    uint64_t bits = sha->size * 8;
    uint8_t byte = 0x80;
    do {
        sha256_feed(sha, &byte, 1);
        byte = 0;
    } while (sha->size % 64 != 56);
    for (int i = 56; i >= 0; i -= 8) {
        byte = (uint8_t)(bits >> i);
        sha256_feed(sha, &byte, 1);
    }
    for (int i = 0; i < 32; i++) {
        out[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}

/* A merkle_digest_fn; the context is not used. */
static inline void sha256_digest(void *context, const struct bytes *parts, size_t count,
                                 struct merkle_hash *out)
{
    (void)context;
    struct sha256 sha = {.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                   0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    for (size_t i = 0; i < count; i++) {
        sha256_feed(&sha, parts[i].data, parts[i].size);
    }
    sha256_finish(&sha, out->bytes);
}

static const struct merkle_hasher sha256_hasher = {sha256_digest, NULL};

#endif
