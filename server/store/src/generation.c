/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rows by family, versions by group. Threading: see generation.h: each pointer that readers follow
 * is published once its target is complete.
 */
#include "generation_private.h"

#include "base/assert.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_TAG_SHIFT 48 /* addresses of user space have no more bits */

/* ---- finding ---- */

/* A slot is a family's address below the first bits of its hash; 0: empty. */
static struct generation_family *slot_family(uint64_t slot)
{
    return (struct generation_family *)(uintptr_t)(slot & ((UINT64_C(1) << SLOT_TAG_SHIFT) - 1));
}

static uint64_t slot_of(struct generation_family *family)
{
    uint64_t address = (uint64_t)(uintptr_t)family;
    LB_ASSERT(address >> SLOT_TAG_SHIFT == 0);
    return family->hash >> SLOT_TAG_SHIFT << SLOT_TAG_SHIFT | address;
}

static bool family_is(const struct generation_family *family, uint64_t hash,
                      enum ledger_table table, struct bytes prefix)
{
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    return family->hash == hash && family->table == table && family->prefix_bytes == prefix.size &&
           bytes_has_prefix(generation_row_key(row), prefix);
}

static struct generation_family *family_find(const struct generation *generation, uint64_t hash,
                                             enum ledger_table table, struct bytes prefix)
{
    const struct generation_slots *slots =
        atomic_load_explicit(&generation->slots, memory_order_acquire);
    for (size_t i = hash & (slots->count - 1);; i = (i + 1) & (slots->count - 1)) {
        uint64_t slot = atomic_load_explicit(&slots->slots[i], memory_order_acquire);
        if (slot == 0) {
            return NULL;
        }
        if (slot >> SLOT_TAG_SHIFT == hash >> SLOT_TAG_SHIFT &&
            family_is(slot_family(slot), hash, table, prefix)) {
            return slot_family(slot);
        }
    }
}

static struct generation_family *family_of(const struct generation *generation,
                                           enum ledger_table table, struct bytes key)
{
    struct bytes prefix = hash_family_prefix(table, key);
    return family_find(generation, hash_family(table, prefix), table, prefix);
}

uint64_t generation_hash(enum ledger_table table, struct bytes key)
{
    return hash_family(table, hash_family_prefix(table, key));
}

void generation_prefetch(const struct generation *generation, uint64_t hash,
                         enum generation_step step)
{
    const struct generation_slots *slots =
        atomic_load_explicit(&generation->slots, memory_order_acquire);
    const _Atomic uint64_t *place = &slots->slots[hash & (slots->count - 1)];
    if (step == GENERATION_STEP_SLOT) {
        __builtin_prefetch(place);
        return;
    }
    const uint64_t slot = atomic_load_explicit(place, memory_order_acquire);
    if (slot == 0 || slot >> SLOT_TAG_SHIFT != hash >> SLOT_TAG_SHIFT) {
        return; /* a neighbour's at most */
    }
    const struct generation_family *family = slot_family(slot);
    if (step == GENERATION_STEP_FAMILY) {
        __builtin_prefetch(family);
        return;
    }
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    if (step == GENERATION_STEP_ROW) {
        __builtin_prefetch(row);
        return;
    }
    __builtin_prefetch(atomic_load_explicit(&row->newest, memory_order_acquire));
}

bool generation_row_place(const struct generation_row *row, uint64_t number,
                          struct generation_place *place)
{
    const struct generation_version *version =
        atomic_load_explicit(&row->newest, memory_order_acquire);
    while (version != NULL && version->number > number) {
        version = version->older;
    }
    if (version == NULL) {
        return false;
    }
    *place = (struct generation_place){
        .key = generation_row_key(row),
        .value = bytes_of(version->data, version->size),
        .is_deleted = version->is_deleted,
    };
    return true;
}

bool generation_get(const struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct generation_place *place)
{
    const struct generation_family *family = family_of(generation, table, key);
    if (family == NULL) {
        return false;
    }
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    for (; row != NULL; row = atomic_load_explicit(&row->next, memory_order_acquire)) {
        int order = bytes_compare(generation_row_key(row), key);
        if (order >= 0) {
            return order == 0 && generation_row_place(row, number, place);
        }
    }
    return false;
}

/* ---- slots ---- */

struct generation_slots *generation_slots_new(size_t count)
{
    struct generation_slots *slots = malloc(sizeof(*slots) + count * sizeof(slots->slots[0]));
    if (slots == NULL) {
        return NULL;
    }
    slots->older = NULL;
    slots->count = count;
    /* Not calloc: it gives pages that cost twice when they are read before they are written. */
    for (size_t i = 0; i < count; i++) {
        atomic_store_explicit(&slots->slots[i], 0, memory_order_relaxed);
    }
    return slots;
}

static void slots_put(struct generation_slots *slots, struct generation_family *family)
{
    size_t i = family->hash & (slots->count - 1);
    while (atomic_load_explicit(&slots->slots[i], memory_order_relaxed) != 0) {
        i = (i + 1) & (slots->count - 1);
    }
    atomic_store_explicit(&slots->slots[i], slot_of(family), memory_order_release);
}

/* At least half of the slots stay empty. Readers may still be in the old ones, which have all that
 * they may see. */
bool generation_slots_reserve(struct generation *generation, size_t more)
{
    struct generation_slots *slots = atomic_load_explicit(&generation->slots, memory_order_relaxed);
    size_t count = slots->count;
    while (count < (generation->family_count + more) * 2) {
        count *= 2;
    }
    if (count == slots->count) {
        return true;
    }
    struct generation_slots *grown = generation_slots_new(count);
    if (grown == NULL) {
        return false;
    }
    for (size_t i = 0; i < slots->count; i++) {
        uint64_t slot = atomic_load_explicit(&slots->slots[i], memory_order_relaxed);
        if (slot != 0) {
            slots_put(grown, slot_family(slot));
        }
    }
    grown->older = slots;
    atomic_store_explicit(&generation->slots, grown, memory_order_release);
    return true;
}

/* ---- putting ---- */

static struct generation_row *row_new(struct generation *generation, enum ledger_table table,
                                      struct bytes key)
{
    struct generation_row *row = generation_allocate(generation, sizeof(*row) + key.size);
    atomic_init(&row->newest, NULL);
    atomic_init(&row->next, NULL);
    row->key_bytes = (uint8_t)key.size;
    memcpy(row->key, key.data, key.size);
    struct generation_table *of = &generation->tables[table];
    row->older_in_table = atomic_load_explicit(&of->newest, memory_order_relaxed);
    return row;
}

/* Once the row is in its family: an index made from here on has it. */
static void row_list(struct generation *generation, enum ledger_table table,
                     struct generation_row *row)
{
    struct generation_table *of = &generation->tables[table];
    row->place_in_table = ++of->count;
    atomic_store_explicit(&of->newest, row, memory_order_release);
}

/* The row of the key, made if there is none. */
static struct generation_row *row_get(struct generation *generation, enum ledger_table table,
                                      struct bytes key)
{
    struct bytes prefix = hash_family_prefix(table, key);
    uint64_t hash = hash_family(table, prefix);
    struct generation_family *family = family_find(generation, hash, table, prefix);
    if (family == NULL) {
        family = generation_allocate(generation, sizeof(*family));
        *family = (struct generation_family){
            .hash = hash, .table = (uint8_t)table, .prefix_bytes = (uint8_t)prefix.size};
        struct generation_row *row = row_new(generation, table, key);
        atomic_init(&family->rows, row);
        slots_put(atomic_load_explicit(&generation->slots, memory_order_relaxed), family);
        generation->family_count++;
        row_list(generation, table, row);
        return row;
    }
    _Atomic(struct generation_row *) *link = &family->rows;
    struct generation_row *next = atomic_load_explicit(link, memory_order_relaxed);
    while (next != NULL) {
        int order = bytes_compare(generation_row_key(next), key);
        if (order == 0) {
            return next;
        }
        if (order > 0) {
            break;
        }
        link = &next->next;
        next = atomic_load_explicit(link, memory_order_relaxed);
    }
    struct generation_row *row = row_new(generation, table, key);
    atomic_init(&row->next, next);
    atomic_store_explicit(link, row, memory_order_release);
    row_list(generation, table, row);
    return row;
}

void generation_put(struct generation *generation, uint64_t number, enum ledger_table table,
                    struct bytes key, struct bytes value, bool is_deleted)
{
    LB_ASSERT(key.size > 0 && key.size <= LEDGER_KEY_BYTES_MAX && value.size <= UINT32_MAX);
    struct generation_row *row = row_get(generation, table, key);
    struct generation_version *version =
        generation_allocate(generation, sizeof(*version) + value.size);
    version->older = atomic_load_explicit(&row->newest, memory_order_relaxed);
    LB_ASSERT(version->older == NULL || version->older->number <= number);
    version->number = number;
    version->size = (uint32_t)value.size;
    version->is_deleted = is_deleted;
    if (value.size > 0) {
        memcpy(version->data, value.data, value.size);
    }
    atomic_store_explicit(&row->newest, version, memory_order_release);
}

void generation_reach(struct generation *generation, uint64_t number)
{
    atomic_store_explicit(&generation->newest, number, memory_order_release);
}

/* Readers of earlier groups pass these versions by; the bytes stay until the generation goes. */
void generation_undo(struct generation *generation, uint64_t from)
{
    if (generation_newest(generation) < from) {
        return;
    }
    for (size_t i = 0; i < GENERATION_TABLES; i++) {
        struct generation_row *row =
            atomic_load_explicit(&generation->tables[i].newest, memory_order_relaxed);
        for (; row != NULL; row = row->older_in_table) {
            struct generation_version *version =
                atomic_load_explicit(&row->newest, memory_order_relaxed);
            while (version != NULL && version->number >= from) {
                version = version->older;
            }
            atomic_store_explicit(&row->newest, version, memory_order_release);
        }
    }
    atomic_store_explicit(&generation->newest, from - 1, memory_order_release);
}

/* ---- seeking ---- */

static bool seek_fits(const struct generation_seek *seek, struct bytes found)
{
    int order = bytes_compare(found, seek->key);
    return order == 0 ? !seek->is_beyond : (order > 0) == seek->at_or_after;
}

static bool seek_in_family(const struct generation *generation, const struct generation_seek *seek,
                           struct generation_place *place)
{
    const struct generation_family *family = family_of(generation, seek->table, seek->key);
    if (family == NULL) {
        return false;
    }
    bool is_found = false;
    const struct generation_row *row = atomic_load_explicit(&family->rows, memory_order_acquire);
    for (; row != NULL; row = atomic_load_explicit(&row->next, memory_order_acquire)) {
        struct generation_place here;
        if (!generation_row_place(row, seek->number, &here)) {
            continue;
        }
        bool fits = seek_fits(seek, here.key);
        if (fits) {
            *place = here;
            is_found = true;
        }
        if (fits == seek->at_or_after) { /* the first that fits; the first that does not any more */
            break;
        }
    }
    return is_found;
}

/* The first row at or after the key, or after it. */
static size_t index_bound(const struct generation_index *index, struct bytes key, bool is_after)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = bytes_compare(generation_row_key(index->rows[middle]), key);
        bool is_before = is_after ? order <= 0 : order < 0;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

static bool seek_in_index(const struct generation_index *index, const struct generation_seek *seek,
                          struct generation_place *place)
{
    size_t at = index_bound(index, seek->key, seek->at_or_after == seek->is_beyond);
    if (seek->at_or_after) {
        while (at < index->count && !generation_row_place(index->rows[at], seek->number, place)) {
            at++;
        }
        return at < index->count;
    }
    while (at > 0 && !generation_row_place(index->rows[at - 1], seek->number, place)) {
        at--;
    }
    return at > 0;
}

enum lb_result generation_seek(struct generation *generation, const struct generation_seek *seek,
                               struct generation_index **index, struct generation_place *place)
{
    size_t family_bytes = ledger_family_bytes(seek->table);
    bool is_found = false;
    if (seek->key.size > 0 && family_bytes > 0 && seek->within >= family_bytes) {
        is_found = seek_in_family(generation, seek, place);
    } else {
        if (*index == NULL) {
            *index = generation_index_take(generation, seek->table);
        }
        if (*index == NULL) {
            return LB_MEMORY;
        }
        is_found = seek_in_index(*index, seek, place);
    }
    bool is_within =
        is_found && bytes_has_prefix(place->key, bytes_of(seek->key.data, seek->within));
    return is_within ? LB_OK : LB_ENTRY_UNKNOWN;
}
