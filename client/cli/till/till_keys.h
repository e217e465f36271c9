/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bytes from a terminal or scanner as keys of the till: characters of UTF-8, Enter, arrows.
 * Control characters and sequences that mean nothing here are passed over, and CR LF is one Enter:
 * the second would book. Pure; one thread.
 */
#ifndef CLI_TILL_KEYS_H
#define CLI_TILL_KEYS_H

#include "lovebank/result.h"
#include "till.h"

#define TILL_KEYS_BYTES 4096

/* Invariant: at <= size <= TILL_KEYS_BYTES. */
struct till_keys {
    uint8_t bytes[TILL_KEYS_BYTES];
    size_t at;
    size_t size;
    bool is_after_cr;
};

/* Where bytes that were read go, and how many fit. */
uint8_t *till_keys_room(struct till_keys *keys, size_t *room);
void till_keys_came(struct till_keys *keys, size_t size);
/* The next key. false: more bytes are needed; with is_all none will come, and an Esc that began
 * something is the key itself. */
LB_MUST_CHECK bool till_keys_next(struct till_keys *keys, bool is_all, struct till_key *key);
/* What has come begins a key. */
bool till_keys_are_begun(const struct till_keys *keys);

#endif
