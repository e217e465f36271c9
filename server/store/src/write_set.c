/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Families in a chained hash table that grows with them, their rows in short lists. All in one
 * arena. One thread at a time.
 */
#include "write_set.h"

#include "base/assert.h"
#include "hash.h"

#include <string.h>

struct write_family {
    struct write_family *next; /* of the bucket */
    struct write_row *rows;    /* never empty; the first bytes of any tell the family's */
    uint64_t hash;
    size_t prefix_bytes;
};

void write_set_reset(struct write_set *set, struct arena *arena)
{
    *set = (struct write_set){.arena = arena, .bucket_count = WRITE_SET_BUCKETS_LEAST};
    set->buckets = set->buckets_least;
}

static struct write_family *family_find(const struct write_set *set, enum ledger_table table,
                                        struct bytes prefix, uint64_t hash)
{
    struct write_family *family = set->buckets[hash & (set->bucket_count - 1)];
    while (family != NULL &&
           (family->hash != hash || family->rows->table != (uint8_t)table ||
            !bytes_equal(bytes_of(family->rows->key, family->prefix_bytes), prefix))) {
        family = family->next;
    }
    return family;
}

/* Twice the buckets; without memory for them the lists just become longer. */
static void write_set_grow(struct write_set *set)
{
    size_t count = 2 * set->bucket_count;
    struct write_family **buckets =
        arena_take_zeroed(set->arena, count, sizeof(struct write_family *));
    if (buckets == NULL) {
        return;
    }
    for (size_t i = 0; i < set->bucket_count; i++) {
        struct write_family *family = set->buckets[i];
        while (family != NULL) {
            struct write_family *next = family->next;
            struct write_family **bucket = &buckets[family->hash & (count - 1)];
            family->next = *bucket;
            *bucket = family;
            family = next;
        }
    }
    set->buckets = buckets;
    set->bucket_count = count;
}

static void family_add(struct write_set *set, struct write_family *family)
{
    if (set->family_count == set->bucket_count) {
        write_set_grow(set);
    }
    struct write_family **bucket = &set->buckets[family->hash & (set->bucket_count - 1)];
    family->next = *bucket;
    *bucket = family;
    set->family_count++;
}

/* Where a row of that key is, or would be, in its family. */
static struct write_row **family_place(struct write_family *family, struct bytes key)
{
    struct write_row **place = &family->rows;
    while (*place != NULL && bytes_compare(write_row_key(*place), key) < 0) {
        place = &(*place)->after;
    }
    return place;
}

static bool place_has(struct write_row *const *place, struct bytes key)
{
    return *place != NULL && bytes_equal(write_row_key(*place), key);
}

const struct write_row *write_set_find(const struct write_set *set, enum ledger_table table,
                                       struct bytes key)
{
    struct bytes prefix = hash_family_prefix(table, key);
    struct write_family *family = family_find(set, table, prefix, hash_family(table, prefix));
    if (family == NULL) {
        return NULL;
    }
    struct write_row **place = family_place(family, key);
    return place_has(place, key) ? *place : NULL;
}

static struct write_row *row_new(struct write_set *set, enum ledger_table table, struct bytes key)
{
    LB_ASSERT(key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX);
    struct write_row *row = arena_take(set->arena, sizeof(*row) + key.size);
    if (row == NULL) {
        return NULL;
    }
    *row = (struct write_row){
        .state = WRITE_ABSENT, .table = (uint8_t)table, .key_bytes = (uint8_t)key.size};
    memcpy(row->key, key.data, key.size);
    return row;
}

static void row_add(struct write_set *set, struct write_row *row)
{
    if (set->newest == NULL) {
        set->oldest = row;
    } else {
        set->newest->newer = row;
    }
    set->newest = row;
}

struct write_row *write_set_take(struct write_set *set, enum ledger_table table, struct bytes key)
{
    struct bytes prefix = hash_family_prefix(table, key);
    uint64_t hash = hash_family(table, prefix);
    struct write_family *family = family_find(set, table, prefix, hash);
    struct write_row **place = family == NULL ? NULL : family_place(family, key);
    if (place != NULL && place_has(place, key)) {
        return *place;
    }
    struct write_row *row = row_new(set, table, key);
    if (row == NULL) {
        return NULL;
    }
    if (place == NULL) {
        family = arena_take(set->arena, sizeof(*family));
        if (family == NULL) {
            return NULL;
        }
        *family = (struct write_family){.rows = row, .hash = hash, .prefix_bytes = prefix.size};
        family_add(set, family);
    } else {
        row->after = *place;
        *place = row;
    }
    row_add(set, row);
    return row;
}

/* Whether the row is one that the seek may find. */
static bool seek_takes(const struct write_seek *seek, const struct write_row *row)
{
    if (row->state == WRITE_ABSENT ||
        !bytes_has_prefix(write_row_key(row), bytes_of(seek->key.data, seek->within))) {
        return false;
    }
    int order = bytes_compare(write_row_key(row), seek->key);
    if (order == 0) {
        return !seek->is_beyond;
    }
    return seek->at_or_after ? order > 0 : order < 0;
}

static const struct write_row *seek_family(const struct write_set *set,
                                           const struct write_seek *seek)
{
    struct bytes prefix = hash_family_prefix(seek->table, seek->key);
    const struct write_family *family =
        family_find(set, seek->table, prefix, hash_family(seek->table, prefix));
    const struct write_row *best = NULL;
    for (const struct write_row *row = family == NULL ? NULL : family->rows; row != NULL;
         row = row->after) {
        if (seek_takes(seek, row)) {
            best = row;
            if (seek->at_or_after) {
                break;
            }
        }
    }
    return best;
}

static const struct write_row *seek_all(const struct write_set *set, const struct write_seek *seek)
{
    const struct write_row *best = NULL;
    for (const struct write_row *row = set->oldest; row != NULL; row = row->newer) {
        if (row->table == (uint8_t)seek->table && seek_takes(seek, row)) {
            int order = best == NULL ? 0 : bytes_compare(write_row_key(row), write_row_key(best));
            bool is_nearer = seek->at_or_after ? order < 0 : order > 0;
            best = best == NULL || is_nearer ? row : best;
        }
    }
    return best;
}

const struct write_row *write_set_seek(const struct write_set *set, const struct write_seek *seek)
{
    LB_ASSERT(seek->within <= seek->key.size);
    size_t family_bytes = ledger_family_bytes(seek->table);
    bool is_in_family = family_bytes > 0 && seek->within >= family_bytes;
    return is_in_family ? seek_family(set, seek) : seek_all(set, seek);
}
