/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Proof codes. Pure; safe from any thread.
 */
#include "proof_code.h"

#include <ctype.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#define PROOF_CODE_LETTERS 8
#define PROOF_CODE_HALF    4

static const char proof_code_alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The nth letter has its place before or behind the hyphen. */
static size_t proof_code_place(size_t nth)
{
    return nth < PROOF_CODE_HALF ? nth : nth + 1;
}

static void proof_code_frame(char code[PROOF_CODE_BYTES])
{
    code[PROOF_CODE_HALF] = '-';
    code[PROOF_CODE_BYTES - 1] = '\0';
}

void proof_code_of(struct bytes stored, char code[PROOF_CODE_BYTES])
{
    static const uint8_t leaf = 0x00; /* RFC 6962, 2.1: leaves are told from nodes */
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    uint64_t bits = 0;
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, &leaf, 1);
    (void)crypto_hash_sha256_update(&state, stored.data, stored.size);
    (void)crypto_hash_sha256_final(&state, hash);
    for (size_t i = 0; i < 5; i++) {
        bits = bits << 8 | hash[i];
    }
    for (size_t i = 0; i < PROOF_CODE_LETTERS; i++) {
        const size_t shift = 5 * (PROOF_CODE_LETTERS - 1 - i);
        code[proof_code_place(i)] = proof_code_alphabet[bits >> shift & 31];
    }
    proof_code_frame(code);
}

static char proof_code_letter(char typed)
{
    const char letter = (char)toupper((unsigned char)typed);
    switch (letter) {
    case 'O':
        return '0';
    case 'I':
    case 'L':
        return '1';
    default:
        return letter;
    }
}

bool proof_code_parse(const char *text, char code[PROOF_CODE_BYTES])
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == ' ') {
            continue;
        }
        const char letter = proof_code_letter(*text);
        if (count == PROOF_CODE_LETTERS || strchr(proof_code_alphabet, letter) == NULL) {
            return false;
        }
        code[proof_code_place(count++)] = letter;
    }
    proof_code_frame(code);
    return count == PROOF_CODE_LETTERS;
}
