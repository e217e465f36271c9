/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tiles and leaves through views. Threading: see tree_rows.h.
 */
#include "tree_rows.h"

#include "base/wire.h"
#include "people/people.h"
#include "rows.h"

#define TILE_BYTES (MERKLE_TILE_HASHES * LB_HASH_BYTES)

_Static_assert(sizeof(struct merkle_hash) == LB_HASH_BYTES, "a tile's value is an array of them");

static void tree_digest(void *context, const struct bytes *parts, size_t count,
                        struct merkle_hash *out)
{
    (void)context;
    people_sha256(parts, count, out->bytes);
}

struct merkle_hasher tree_hasher(void)
{
    return (struct merkle_hasher){tree_digest, NULL};
}

size_t tree_tile_key(unsigned level, uint64_t index, uint8_t key[TREE_TILE_KEY_BYTES])
{
    struct wire_writer writer = {.data = key, .cap = TREE_TILE_KEY_BYTES};
    wire_put_u8(&writer, (uint8_t)level);
    wire_put_u64(&writer, index);
    return writer.size;
}

static const struct merkle_hash *tree_tile_read(void *context, unsigned level, uint64_t index)
{
    const struct views *views = context;
    uint8_t key[TREE_TILE_KEY_BYTES];
    size_t key_bytes = tree_tile_key(level, index, key);
    struct bytes value;
    if (!views_get(*views, TABLE_TILE, bytes_of(key, key_bytes), &value) ||
        value.size != TILE_BYTES) {
        return NULL;
    }
    return (const struct merkle_hash *)value.data;
}

static bool tree_leaf_read(void *context, uint64_t index, struct merkle_hash *leaf)
{
    const struct views *views = context;
    struct rows_key key = rows_key_of(index + 1);
    struct bytes packed;
    if (!views_get(*views, TABLE_ENTRY, rows_key_bytes(&key), &packed)) {
        return false;
    }
    struct merkle_hasher hasher = tree_hasher();
    merkle_hash_leaf(&hasher, packed, leaf);
    return true;
}

static bool tree_tile_full(void *context, unsigned level, uint64_t index,
                           const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    const struct views *views = context;
    uint8_t key[TREE_TILE_KEY_BYTES];
    size_t key_bytes = tree_tile_key(level, index, key);
    views_put(*views, TABLE_TILE, bytes_of(key, key_bytes), bytes_of(hashes, TILE_BYTES));
    return views_fault(*views) == LB_OK;
}

struct merkle_reader tree_reader(struct views *views)
{
    return (struct merkle_reader){tree_tile_read, tree_leaf_read, views};
}

struct merkle_sink tree_sink(struct views *views)
{
    return (struct merkle_sink){tree_tile_full, views};
}

enum lb_result tree_result(enum merkle_outcome outcome, struct views views)
{
    switch (outcome) {
    case MERKLE_OK:
        return LB_OK;
    case MERKLE_OUT_OF_RANGE:
        return LB_ENTRY_UNKNOWN;
    case MERKLE_UNREADABLE:
        return views_fault(views) != LB_OK ? views_fault(views) : LB_STORAGE_CORRUPT;
    }
    return LB_INTERNAL;
}
