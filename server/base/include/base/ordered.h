/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * An ordered map from bytes to bytes (a skip list): the memory store and the write set of a group
 * are made of it. Keys are in memcmp order. All memory comes from the port given at init.
 * Not for concurrent use.
 */
#ifndef BASE_ORDERED_H
#define BASE_ORDERED_H

#include "base/arena.h"
#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>

#define ORDERED_LEVELS_MAX 20

struct ordered_node;

struct ordered {
    const struct arena_memory *memory;
    struct ordered_node *heads[ORDERED_LEVELS_MAX];
    size_t count;
    uint64_t height_state; /* pseudo-random heights, the same in every run */
};

/* A place in the map. Valid until that node is removed or its value replaced. */
struct ordered_place {
    const struct ordered_node *node; /* NULL: no such place */
    struct bytes key;
    struct bytes value;
    bool is_tombstone; /* see ordered_put_tombstone */
};

void ordered_init(struct ordered *map, const struct arena_memory *memory);
void ordered_fini(struct ordered *map);
void ordered_clear(struct ordered *map);

/* Copies key and value; replaces an earlier value. false: no memory, and the map is unchanged. */
LB_MUST_CHECK bool ordered_put(struct ordered *map, struct bytes key, struct bytes value);
/* Remembers that the key is gone: found by get and seek, with is_tombstone set. */
LB_MUST_CHECK bool ordered_put_tombstone(struct ordered *map, struct bytes key);
/* Takes the key out altogether. Nothing happens when it is not there. */
void ordered_remove(struct ordered *map, struct bytes key);

/* false: not there. */
bool ordered_get(const struct ordered *map, struct bytes key, struct ordered_place *place);
/* First key at or after / last key at or before `key`. false: none. */
bool ordered_seek_ge(const struct ordered *map, struct bytes key, struct ordered_place *place);
bool ordered_seek_le(const struct ordered *map, struct bytes key, struct ordered_place *place);
/* The place after this one. false: none. */
bool ordered_next(struct ordered_place *place);

#endif
