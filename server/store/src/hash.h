/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * XXH3 of rows' keys and values, compiled in: keys are short, and a call would cost more than the
 * hash. Pure.
 */
#ifndef STORE_SRC_HASH_H
#define STORE_SRC_HASH_H

#include "base/bytes.h"
#include "ledger/views.h"

#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t hash_seeded(struct bytes bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.data, bytes.size, seed);
}

/* The first bytes of a key that name its family; the whole key where the table has no families. */
static inline struct bytes hash_family_prefix(enum ledger_table table, struct bytes key)
{
    size_t bytes = ledger_family_bytes(table);
    return bytes_of(key.data, bytes == 0 || bytes > key.size ? key.size : bytes);
}

/* Of a family of rows, or of a key where the table has no families. */
static inline uint64_t hash_family(enum ledger_table table, struct bytes prefix)
{
    return hash_seeded(prefix, (uint64_t)table);
}

#endif
