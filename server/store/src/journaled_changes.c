/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The changes of a group: gathered as they are put, and taken into a generation. Threads: the
 * writer's.
 */
#include "journaled.h"

#include "base/assert.h"

#include <stdlib.h>

#define CHANGES_AHEAD      16
#define COMMIT_BYTES_START (64u << 10)
#define COMMIT_BYTES_MAX   (UINT64_C(1) << 31)

/* ---- gathering ---- */

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
    if (!journaled_commit_grow(commit, STORE_CHANGE_HEAD_BYTES + key.size + value.size)) {
        return LB_MEMORY;
    }
    struct wire_writer writer = {.data = commit->bytes, .size = commit->size, .cap = commit->cap};
    store_change_put(&writer, &(struct store_change){table, is_deleted, key, value});
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

/* ---- taking in ---- */

/* A few at a time: what is met on the way to all of them is asked for before the first is used. */
void journaled_put_reserved(struct generation *generation, uint64_t number, struct bytes changes)
{
    struct store_change ahead[CHANGES_AHEAD];
    uint64_t hashes[CHANGES_AHEAD];
    struct wire_reader reader = {.left = changes};
    generation_reach(generation, number);
    while (reader.left.size > 0) {
        size_t count = 0;
        while (count < CHANGES_AHEAD && reader.left.size > 0) {
            LB_ASSERT(store_change_next(&reader, &ahead[count]));
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
        struct store_change change;
        if (!store_change_next(&reader, &change)) {
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
