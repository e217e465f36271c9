/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Skip list: each node is one allocation that holds its links, its key and its value, so a put
 * either has its one allocation or changes nothing. Not for concurrent use.
 */
#include "base/ordered.h"

#include "base/assert.h"
#include "base/checked.h"

/* Layout of one allocation: the struct, `height` links, the key, the value. */
struct ordered_node {
    size_t key_size;
    size_t value_size;
    uint8_t height; /* 1..ORDERED_LEVELS_MAX */
    bool is_tombstone;
    struct ordered_node *next[];
};

/* For each level the last node before the key sought; NULL stands for the head of that level. */
struct ordered_path {
    struct ordered_node *before[ORDERED_LEVELS_MAX];
};

static uint8_t *node_key_data(struct ordered_node *node)
{
    return (uint8_t *)&node->next[node->height];
}

static uint8_t *node_value_data(struct ordered_node *node)
{
    return node_key_data(node) + node->key_size;
}

static struct bytes node_key(struct ordered_node *node)
{
    return bytes_of(node_key_data(node), node->key_size);
}

static struct ordered_node *ordered_after(const struct ordered *map, struct ordered_node *before,
                                          int level)
{
    return before == NULL ? map->heads[level] : before->next[level];
}

/* Fills the path and returns the first node at or after the key, or NULL. */
static struct ordered_node *ordered_find(const struct ordered *map, struct bytes key,
                                         struct ordered_path *path)
{
    struct ordered_node *before = NULL;
    struct ordered_node *after = NULL;
    for (int level = ORDERED_LEVELS_MAX - 1; level >= 0; level--) {
        after = ordered_after(map, before, level);
        while (after != NULL && bytes_compare(node_key(after), key) < 0) {
            before = after;
            after = before->next[level];
        }
        path->before[level] = before;
    }
    return after;
}

static bool node_has_key(struct ordered_node *node, struct bytes key)
{
    return node != NULL && bytes_equal(node_key(node), key);
}

static bool ordered_give(struct ordered_node *node, struct ordered_place *place)
{
    *place = (struct ordered_place){.node = node};
    if (node == NULL) {
        return false;
    }
    place->key = node_key(node);
    place->value = bytes_of(node_value_data(node), node->value_size);
    place->is_tombstone = node->is_tombstone;
    return true;
}

void ordered_init(struct ordered *map, const struct arena_memory *memory)
{
    LB_ASSERT(memory != NULL);
    *map = (struct ordered){.memory = memory, .height_state = UINT64_C(0x9e3779b97f4a7c15)};
}

void ordered_clear(struct ordered *map)
{
    struct ordered_node *node = map->heads[0];
    while (node != NULL) {
        struct ordered_node *next = node->next[0];
        map->memory->release(map->memory->context, node);
        node = next;
    }
    memset(map->heads, 0, sizeof(map->heads));
    map->count = 0;
}

void ordered_fini(struct ordered *map)
{
    ordered_clear(map);
}

/* Heights fall off by 4 from level to level: 1.33 links a node. xorshift64, never zero. */
static uint8_t ordered_draw_height(struct ordered *map)
{
    uint64_t state = map->height_state;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    map->height_state = state;
    int height = 1 + __builtin_ctzll(state) / 2;
    return (uint8_t)(height < ORDERED_LEVELS_MAX ? height : ORDERED_LEVELS_MAX);
}

static struct ordered_node *ordered_make_node(const struct ordered *map, uint8_t height,
                                              struct bytes key, struct bytes value)
{
    size_t total = sizeof(struct ordered_node) + height * sizeof(struct ordered_node *);
    if (!checked_add_size(total, key.size, &total) ||
        !checked_add_size(total, value.size, &total)) {
        return NULL;
    }
    struct ordered_node *node = map->memory->allocate(map->memory->context, total);
    if (node == NULL) {
        return NULL;
    }
    node->key_size = key.size;
    node->value_size = value.size;
    node->height = height;
    if (key.size > 0) {
        memcpy(node_key_data(node), key.data, key.size);
    }
    if (value.size > 0) {
        memcpy(node_value_data(node), value.data, value.size);
    }
    return node;
}

static void ordered_set_link(struct ordered *map, const struct ordered_path *path, int level,
                             struct ordered_node *node)
{
    struct ordered_node *before = path->before[level];
    if (before == NULL) {
        map->heads[level] = node;
    } else {
        before->next[level] = node;
    }
}

static bool ordered_store(struct ordered *map, struct bytes key, struct bytes value,
                          bool is_tombstone)
{
    struct ordered_path path;
    struct ordered_node *old = ordered_find(map, key, &path);
    bool is_replacement = node_has_key(old, key);
    if (is_replacement && old->value_size == value.size) {
        if (value.size > 0) {
            memmove(node_value_data(old), value.data, value.size);
        }
        old->is_tombstone = is_tombstone;
        return true;
    }
    uint8_t height = is_replacement ? old->height : ordered_draw_height(map);
    struct ordered_node *node = ordered_make_node(map, height, key, value);
    if (node == NULL) {
        return false;
    }
    node->is_tombstone = is_tombstone;
    for (int level = 0; level < height; level++) {
        node->next[level] =
            is_replacement ? old->next[level] : ordered_after(map, path.before[level], level);
        ordered_set_link(map, &path, level, node);
    }
    if (is_replacement) {
        map->memory->release(map->memory->context, old);
    } else {
        map->count++;
    }
    return true;
}

bool ordered_put(struct ordered *map, struct bytes key, struct bytes value)
{
    return ordered_store(map, key, value, false);
}

bool ordered_put_tombstone(struct ordered *map, struct bytes key)
{
    return ordered_store(map, key, (struct bytes){NULL, 0}, true);
}

void ordered_remove(struct ordered *map, struct bytes key)
{
    struct ordered_path path;
    struct ordered_node *node = ordered_find(map, key, &path);
    if (!node_has_key(node, key)) {
        return;
    }
    LB_ASSERT(map->count > 0);
    for (int level = 0; level < node->height; level++) {
        ordered_set_link(map, &path, level, node->next[level]);
    }
    map->memory->release(map->memory->context, node);
    map->count--;
}

bool ordered_get(const struct ordered *map, struct bytes key, struct ordered_place *place)
{
    struct ordered_path path;
    struct ordered_node *node = ordered_find(map, key, &path);
    return ordered_give(node_has_key(node, key) ? node : NULL, place);
}

bool ordered_seek_ge(const struct ordered *map, struct bytes key, struct ordered_place *place)
{
    struct ordered_path path;
    return ordered_give(ordered_find(map, key, &path), place);
}

bool ordered_seek_le(const struct ordered *map, struct bytes key, struct ordered_place *place)
{
    struct ordered_path path;
    struct ordered_node *node = ordered_find(map, key, &path);
    return ordered_give(node_has_key(node, key) ? node : path.before[0], place);
}

bool ordered_next(struct ordered_place *place)
{
    LB_ASSERT(place->node != NULL);
    return ordered_give(place->node->next[0], place);
}
