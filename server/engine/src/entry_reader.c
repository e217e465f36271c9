/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reading and decoding entries. Threading: see entry_reader.h.
 */
#include "entry_reader.h"

#include "entry/codec.h"
#include "rows.h"

bool entry_reader_packed(const struct entry_reader *reader, uint64_t number, struct bytes *packed)
{
    struct rows_key key = rows_key_of(number);
    return views_get(reader->views, TABLE_ENTRY, rows_key_bytes(&key), packed);
}

const struct entry *entry_reader_get(struct entry_reader *reader, uint64_t number)
{
    struct bytes packed;
    if (*reader->fault != LB_OK || !entry_reader_packed(reader, number, &packed)) {
        return NULL;
    }
    if (reader->owns_arena) {
        arena_reset(reader->arena);
    }
    enum lb_result result = entry_unpack(packed, reader->arena, &reader->entry);
    if (result != LB_OK) {
        *reader->fault = result == LB_MEMORY ? LB_MEMORY : LB_STORAGE_CORRUPT;
        return NULL;
    }
    return &reader->entry;
}

static const struct entry *entry_reader_port_get(void *context, uint64_t number)
{
    return entry_reader_get(context, number);
}

static uint64_t entry_reader_port_find(void *context, const struct id *id)
{
    struct entry_reader *reader = context;
    uint64_t number = rows_find_request(reader->views, id);
    if (number == UINT64_MAX) {
        *reader->fault = LB_STORAGE_CORRUPT;
        return 0;
    }
    return number;
}

struct entry_log entry_reader_port(struct entry_reader *reader)
{
    return (struct entry_log){entry_reader_port_get, entry_reader_port_find, reader};
}
