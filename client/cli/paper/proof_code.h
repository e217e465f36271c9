/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The proof code of an entry: 8 characters on a receipt, "K7QF-M2XD", that bind the paper to the
 * stored bytes. They are the first 40 bits of the entry's leaf hash in the Merkle tree,
 * SHA-256(0x00 ‖ stored bytes), in Crockford's base32, whose letters cannot be mistaken for digits.
 *
 * What it proves: paper that has the code of entry N was printed from these very bytes; an entry
 * altered later has another code, but for 1 chance in 10^12. What it does not: who printed it, that
 * the entry still stands (it may be reversed), or, to somebody who can try 2^40 entries, that no
 * second entry has the same code. For that the whole hash and its path in the tree are needed
 * (`lovebank explain`). Why not more characters: it is read out over the telephone.
 *
 * Pure; safe from any thread.
 */
#ifndef CLI_PROOF_CODE_H
#define CLI_PROOF_CODE_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>

#define PROOF_CODE_BYTES 10 /* "K7QF-M2XD" and NUL */

void proof_code_of(struct bytes stored, char code[PROOF_CODE_BYTES]);
/*
 * A code as somebody typed it, written as proof_code_of writes it: lower case and O, I, L are read
 * as 0, 1, 1; hyphens and spaces are left out. false: not 8 characters of the alphabet.
 */
LB_MUST_CHECK bool proof_code_parse(const char *text, char code[PROOF_CODE_BYTES]);

#endif
