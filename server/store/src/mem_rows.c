/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Chains of versions in ordered maps; the caller holds the lock. */
#include "mem_rows.h"

#include "base/assert.h"
#include "store/key.h"

#include <string.h>

void mem_rows_init(struct mem_rows *rows, const struct arena_memory *memory)
{
    rows->memory = memory;
    for (size_t i = 0; i <= LEDGER_TABLE_NUMBER_MAX; i++) {
        ordered_init(&rows->tables[i], memory);
    }
}

static void rows_release(const struct mem_rows *rows, void *block)
{
    if (block != NULL) {
        rows->memory->release(rows->memory->context, block);
    }
}

/* What the map holds for a key. */
struct row_link {
    struct mem_row *row;
};

static struct mem_row *row_at(const struct ordered_place *place)
{
    struct row_link link;
    LB_ASSERT(place->value.size == sizeof(link));
    memcpy(&link, place->value.data, sizeof(link));
    return link.row;
}

static void row_release_from(const struct mem_rows *rows, struct mem_version *version)
{
    while (version != NULL) {
        struct mem_version *older = version->older;
        rows_release(rows, version);
        version = older;
    }
}

void mem_rows_fini(struct mem_rows *rows)
{
    for (size_t i = 0; i <= LEDGER_TABLE_NUMBER_MAX; i++) {
        struct ordered_place place;
        bool is_found = ordered_seek_ge(&rows->tables[i], (struct bytes){NULL, 0}, &place);
        while (is_found) {
            struct mem_row *row = row_at(&place);
            row_release_from(rows, row->newest);
            rows_release(rows, row);
            is_found = ordered_next(&place);
        }
        ordered_fini(&rows->tables[i]);
    }
}

struct mem_row *mem_rows_acquire(struct mem_rows *rows, enum ledger_table table, struct bytes key)
{
    LB_ASSERT(key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX);
    struct ordered *map = &rows->tables[table];
    struct ordered_place place;
    if (ordered_get(map, key, &place)) {
        return row_at(&place);
    }
    struct mem_row *row = rows->memory->allocate(rows->memory->context, sizeof(*row));
    if (row == NULL) {
        return NULL;
    }
    *row = (struct mem_row){.table = table, .key_size = key.size};
    memcpy(row->key, key.data, key.size);
    const struct row_link link = {row};
    if (!ordered_put(map, key, bytes_of(&link, sizeof(link)))) {
        rows_release(rows, row);
        return NULL;
    }
    return row;
}

/* NULL: the row is not there at that version. */
static const struct mem_version *row_see(const struct mem_row *row, uint64_t number)
{
    const struct mem_version *version = row->newest;
    while (version != NULL && version->number > number) {
        version = version->older;
    }
    return version == NULL || version->is_deleted ? NULL : version;
}

enum lb_result mem_rows_get(const struct mem_rows *rows, uint64_t number, enum ledger_table table,
                            struct bytes key, struct bytes *value)
{
    struct ordered_place place;
    if (!ordered_get(&rows->tables[table], key, &place)) {
        return LB_ENTRY_UNKNOWN;
    }
    const struct mem_version *version = row_see(row_at(&place), number);
    if (version == NULL) {
        return LB_ENTRY_UNKNOWN;
    }
    *value = bytes_of(version->data, version->size);
    return LB_OK;
}

static bool rows_step(const struct ordered *map, bool at_or_after, struct ordered_place *place)
{
    if (at_or_after) {
        return ordered_next(place);
    }
    struct key_buffer buffer;
    struct bytes before;
    return key_before(place->key, &buffer, &before) && ordered_seek_le(map, before, place);
}

enum lb_result mem_rows_seek(const struct mem_rows *rows, uint64_t number, enum ledger_table table,
                             struct bytes key, bool at_or_after, size_t within,
                             struct bytes *found_key, struct bytes *value)
{
    const struct ordered *map = &rows->tables[table];
    struct ordered_place place;
    bool is_found =
        at_or_after ? ordered_seek_ge(map, key, &place) : ordered_seek_le(map, key, &place);
    while (is_found) {
        struct mem_row *row = row_at(&place);
        const struct mem_version *version = row_see(row, number);
        if (!bytes_has_prefix(place.key, bytes_of(key.data, within))) {
            break;
        }
        if (version != NULL) {
            *found_key = bytes_of(row->key, row->key_size);
            *value = bytes_of(version->data, version->size);
            return LB_OK;
        }
        is_found = rows_step(map, at_or_after, &place);
    }
    return LB_ENTRY_UNKNOWN;
}

struct mem_version *mem_version_new(const struct mem_rows *rows, struct bytes value,
                                    bool is_deleted)
{
    struct mem_version *version =
        rows->memory->allocate(rows->memory->context, sizeof(*version) + value.size);
    if (version == NULL) {
        return NULL;
    }
    *version = (struct mem_version){.is_deleted = is_deleted, .size = value.size};
    if (value.size > 0) {
        memcpy(version->data, value.data, value.size);
    }
    return version;
}

void mem_version_free(const struct mem_rows *rows, struct mem_version *version)
{
    rows_release(rows, version);
}

void mem_row_push(struct mem_row *row, uint64_t number)
{
    LB_ASSERT(row->pending != NULL);
    LB_ASSERT(row->newest == NULL || row->newest->number < number);
    row->pending->number = number;
    row->pending->older = row->newest;
    row->newest = row->pending;
    row->pending = NULL;
}

struct mem_version *mem_row_pop(struct mem_row *row, uint64_t number)
{
    struct mem_version *version = row->newest;
    LB_ASSERT(version != NULL && version->number == number);
    // cppcheck-suppress nullPointerRedundantCheck ; it does not see that the assertion ends here
    row->newest = version->older;
    return version;
}

void mem_row_trim(struct mem_rows *rows, struct mem_row *row, uint64_t oldest, bool can_remove)
{
    struct mem_version *seen = row->newest;
    while (seen != NULL && seen->number > oldest) {
        seen = seen->older;
    }
    if (seen != NULL) {
        row_release_from(rows, seen->older);
        seen->older = NULL;
    }
    LB_ASSERT(!can_remove || row->pending == NULL);
    bool is_gone = row->newest == NULL || (row->newest == seen && seen->is_deleted);
    if (is_gone && can_remove) {
        row_release_from(rows, row->newest);
        ordered_remove(&rows->tables[row->table], bytes_of(row->key, row->key_size));
        rows_release(rows, row);
    }
}
