/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A views port for tests: every table an ordered map, with a fault that can be planted at the nth
 * read or write. Not a store: nothing rolls back. Single thread.
 */
#ifndef TESTS_UNIT_LEDGER_VIEWS_FOR_TESTS_H
#define TESTS_UNIT_LEDGER_VIEWS_FOR_TESTS_H

#include "base/ordered.h"
#include "ledger/views.h"

#define MAP_VIEWS_NO_FAULT SIZE_MAX

struct map_views {
    struct ordered tables[LEDGER_TABLE_NUMBER_MAX + 1];
    size_t until_fault; /* reads and writes that still succeed before one fails */
    enum lb_result fault;
    size_t changes; /* puts and deletes that were done */
};

/* Counts one read or write. true: it must not happen. */
static inline bool map_views_fails(struct map_views *map)
{
    if (map->fault != LB_OK) {
        return true;
    }
    if (map->until_fault == 0) {
        map->fault = LB_STORAGE_FAULT;
        return true;
    }
    if (map->until_fault != MAP_VIEWS_NO_FAULT) {
        map->until_fault--;
    }
    return false;
}

static inline bool map_views_get(void *context, enum ledger_table table, struct bytes key,
                                 struct bytes *value)
{
    struct map_views *map = context;
    struct ordered_place place;
    if (map_views_fails(map) || !ordered_get(&map->tables[table], key, &place)) {
        return false;
    }
    *value = place.value;
    return true;
}

static inline bool map_views_seek_ge(void *context, enum ledger_table table, struct bytes key,
                                     size_t within, struct bytes *found_key, struct bytes *value)
{
    struct map_views *map = context;
    struct ordered_place place;
    if (map_views_fails(map) || !ordered_seek_ge(&map->tables[table], key, &place)) {
        return false;
    }
    *found_key = place.key;
    *value = place.value;
    return bytes_has_prefix(place.key, bytes_of(key.data, within));
}

static inline bool map_views_seek_le(void *context, enum ledger_table table, struct bytes key,
                                     size_t within, struct bytes *found_key, struct bytes *value)
{
    struct map_views *map = context;
    struct ordered_place place;
    if (map_views_fails(map) || !ordered_seek_le(&map->tables[table], key, &place)) {
        return false;
    }
    *found_key = place.key;
    *value = place.value;
    return bytes_has_prefix(place.key, bytes_of(key.data, within));
}

static inline void map_views_put(void *context, enum ledger_table table, struct bytes key,
                                 struct bytes value)
{
    struct map_views *map = context;
    if (map_views_fails(map)) {
        return;
    }
    if (!ordered_put(&map->tables[table], key, value)) {
        map->fault = LB_MEMORY;
        return;
    }
    map->changes++;
}

static inline void map_views_del(void *context, enum ledger_table table, struct bytes key)
{
    struct map_views *map = context;
    if (!map_views_fails(map)) {
        ordered_remove(&map->tables[table], key);
        map->changes++;
    }
}

static inline enum lb_result map_views_fault(const void *context)
{
    const struct map_views *map = context;
    return map->fault;
}

static const struct views_ops map_views_ops = {
    .get = map_views_get,
    .seek_ge = map_views_seek_ge,
    .seek_le = map_views_seek_le,
    .put = map_views_put,
    .del = map_views_del,
    .fault = map_views_fault,
};

static inline struct views map_views_init(struct map_views *map)
{
    *map = (struct map_views){.until_fault = MAP_VIEWS_NO_FAULT, .fault = LB_OK};
    for (size_t i = 0; i <= LEDGER_TABLE_NUMBER_MAX; i++) {
        ordered_init(&map->tables[i], arena_memory_heap());
    }
    return (struct views){&map_views_ops, map};
}

static inline void map_views_fini(struct map_views *map)
{
    for (size_t i = 0; i <= LEDGER_TABLE_NUMBER_MAX; i++) {
        ordered_fini(&map->tables[i]);
    }
}

#endif
