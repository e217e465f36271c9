/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The changes of a group as bytes, the same in the journal and in a shared log: packed as they are
 * put, and read back into a generation. Threads: the writer's.
 */
#include "journaled.h"

#include "base/assert.h"
#include "base/wire.h"

#include <stdlib.h>

#define CHANGE_HEAD_BYTES  6 /* table, key's size, value's size */
#define CHANGE_DELETED     0x80u
#define CHANGES_AHEAD      16
#define COMMIT_BYTES_START (64u << 10)
#define COMMIT_BYTES_MAX   (UINT64_C(1) << 31)

/* ---- packing ---- */

bool journaled_commit_grow(struct journaled_commit *commit, size_t bytes)
{
    size_t wanted = commit->size + bytes;
    if (wanted <= commit->cap) {
        return true;
    }
    size_t cap = commit->cap == 0 ? COMMIT_BYTES_START : commit->cap;
    while (cap < wanted) {
        cap *= 2;
    }
    uint8_t *grown = cap > COMMIT_BYTES_MAX ? NULL : realloc(commit->bytes, cap);
    if (grown == NULL) {
        return false;
    }
    commit->bytes = grown;
    commit->cap = cap;
    return true;
}

static enum lb_result group_change(struct store_group *group, enum ledger_table table,
                                   struct bytes key, struct bytes value, bool is_deleted)
{
    struct journaled_commit *commit = group->commit;
    LB_ASSERT(group->is_open && key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX);
    LB_ASSERT(value.size <= STORE_VALUE_BYTES_MAX);
    if (!journaled_commit_grow(commit, CHANGE_HEAD_BYTES + key.size + value.size)) {
        return LB_MEMORY;
    }
    struct wire_writer writer = {.data = commit->bytes, .size = commit->size, .cap = commit->cap};
    wire_put_u8(&writer, (uint8_t)((unsigned)table | (is_deleted ? CHANGE_DELETED : 0)));
    wire_put_u8(&writer, (uint8_t)key.size);
    wire_put_u32(&writer, (uint32_t)value.size);
    wire_put_bytes(&writer, key);
    wire_put_bytes(&writer, value);
    LB_ASSERT(!writer.overflow);
    commit->size = writer.size;
    commit->row_count++;
    return LB_OK;
}

enum lb_result journaled_group_put(struct store_group *group, enum ledger_table table,
                                   struct bytes key, struct bytes value)
{
    enum lb_result result = group_change(group, table, key, value, false);
    if (result == LB_OK && table == TABLE_ENTRY) {
        struct wire_reader reader = {.left = key};
        group->commit->entry = wire_get_u64(&reader);
        group->commit->entry_count++;
    }
    return result;
}

enum lb_result journaled_group_del(struct store_group *group, enum ledger_table table,
                                   struct bytes key)
{
    return group_change(group, table, key, (struct bytes){NULL, 0}, true);
}

/* ---- unpacking ---- */

static bool table_is_known(unsigned table)
{
#define X(symbol, number, name, kind) | UINT64_C(1) << (number)
    const uint64_t known = 0 LEDGER_TABLE_LIST(X);
#undef X
    return table <= LEDGER_TABLE_NUMBER_MAX && (known >> table & 1) != 0;
}

bool journaled_change_next(struct wire_reader *reader, struct journaled_change *change)
{
    uint8_t table_number = wire_get_u8(reader);
    uint8_t key_bytes = wire_get_u8(reader);
    uint32_t value_bytes = wire_get_u32(reader);
    change->key = wire_get_bytes(reader, key_bytes);
    change->value = wire_get_bytes(reader, value_bytes);
    change->is_deleted = (table_number & CHANGE_DELETED) != 0;
    change->table = (enum ledger_table)(table_number & ~CHANGE_DELETED);
    return !reader->bad && table_is_known((unsigned)change->table) && change->key.size > 0 &&
           change->key.size <= LEDGER_KEY_BYTES_MAX && change->value.size <= STORE_VALUE_BYTES_MAX;
}

/* A few at a time: what is met on the way to all of them is asked for before the first is used. */
void journaled_put_reserved(struct generation *generation, uint64_t number, struct bytes changes)
{
    struct journaled_change ahead[CHANGES_AHEAD];
    uint64_t hashes[CHANGES_AHEAD];
    struct wire_reader reader = {.left = changes};
    generation_reach(generation, number);
    while (reader.left.size > 0) {
        size_t count = 0;
        while (count < CHANGES_AHEAD && reader.left.size > 0) {
            LB_ASSERT(journaled_change_next(&reader, &ahead[count]));
            hashes[count] = generation_hash(ahead[count].table, ahead[count].key);
            generation_prefetch(generation, hashes[count], GENERATION_STEP_SLOT);
            count++;
        }
        for (unsigned step = GENERATION_STEP_FAMILY; step < GENERATION_STEPS; step++) {
            for (size_t i = 0; i < count; i++) {
                generation_prefetch(generation, hashes[i], (enum generation_step)step);
            }
        }
        for (size_t i = 0; i < count; i++) {
            generation_put(generation, number, ahead[i].table, ahead[i].key, ahead[i].value,
                           ahead[i].is_deleted);
        }
    }
}

enum lb_result journaled_put_changes(struct generation *generation, uint64_t number,
                                     struct bytes changes)
{
    struct wire_reader reader = {.left = changes};
    size_t row_count = 0;
    while (reader.left.size > 0) {
        struct journaled_change change;
        if (!journaled_change_next(&reader, &change)) {
            return LB_STORAGE_CORRUPT;
        }
        row_count++;
    }
    if (!generation_reserve(generation, row_count, changes.size)) {
        return LB_MEMORY;
    }
    journaled_put_reserved(generation, number, changes);
    return LB_OK;
}
