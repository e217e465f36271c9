/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reading: what groups changed lies over LMDB, newest first. Any thread, each view by one at a
 * time.
 */
#include "journaled.h"

#include "base/assert.h"
#include "store/key.h"

#define HINTS_A_STEP 8

_Static_assert(HINTS_A_STEP *GENERATION_STEPS <= JOURNALED_HINTS, "they are all in the ring");

/*
 * LMDB is looked at before memory, so it can only be older. It may lack rows only if a generation
 * was dropped in between, having gone into LMDB for good: then once more.
 */
static bool view_take_generations(struct store_journaled *store, bool with_begun, uint64_t drops,
                                  struct journaled_view *view)
{
    journaled_lock(store);
    bool is_same = store->drops == drops;
    if (is_same) {
        view->number = with_begun ? store->begun : store->durable;
        struct generation *const generations[] = {store->active, store->frozen};
        for (size_t i = 0; i < JOURNALED_GENERATIONS; i++) {
            if (generations[i] != NULL && generation_newest(generations[i]) > 0) {
                view->generations[i] = generations[i];
                generation_take(generations[i]);
            }
        }
    }
    journaled_unlock(store);
    return is_same;
}

enum lb_result journaled_view_open(struct store_journaled *store, bool with_begun,
                                   struct journaled_view *view)
{
    *view = (struct journaled_view){.inner_ops = store->inner->ops};
    if (atomic_load(&store->is_broken)) {
        return LB_STORAGE_FAULT;
    }
    for (;;) {
        journaled_lock(store);
        uint64_t drops = store->drops;
        journaled_unlock(store);
        enum lb_result result = view->inner_ops->snapshot_open(store->inner, &view->inner);
        if (result != LB_OK) {
            return result;
        }
        if (view_take_generations(store, with_begun, drops, view)) {
            return LB_OK;
        }
        view->inner_ops->snapshot_close(view->inner);
    }
}

void journaled_view_close(struct journaled_view *view)
{
    for (size_t i = 0; i < JOURNALED_GENERATIONS; i++) {
        if (view->generations[i] == NULL) {
            continue;
        }
        for (size_t table = 0; table <= LEDGER_TABLE_NUMBER_MAX; table++) {
            generation_index_give(view->indexes[i][table]);
        }
        generation_give(view->generations[i]);
    }
    view->inner_ops->snapshot_close(view->inner);
    view->inner = NULL;
}

/* Main memory takes as long as several hints; the steps of one hint are as far apart. */
void journaled_view_hint(const struct journaled_view *view, struct journaled_hints *hints,
                         enum ledger_table table, struct bytes key)
{
    const unsigned newest = hints->next++ % JOURNALED_HINTS;
    hints->hashes[newest] = generation_hash(table, key);
    for (unsigned step = 0; step < GENERATION_STEPS; step++) {
        const unsigned at = (newest - step * HINTS_A_STEP) % JOURNALED_HINTS;
        for (size_t i = 0; i < JOURNALED_GENERATIONS; i++) {
            if (view->generations[i] != NULL) {
                generation_prefetch(view->generations[i], hints->hashes[at],
                                    (enum generation_step)step);
            }
        }
    }
}

enum lb_result journaled_view_get(struct journaled_view *view, enum ledger_table table,
                                  struct bytes key, struct bytes *value)
{
    for (size_t i = 0; i < JOURNALED_GENERATIONS; i++) {
        struct generation_place place;
        if (view->generations[i] != NULL &&
            generation_get(view->generations[i], view->number, table, key, &place)) {
            *value = place.value;
            return place.is_deleted ? LB_ENTRY_UNKNOWN : LB_OK;
        }
    }
    return view->inner_ops->snapshot_get(view->inner, table, key, value);
}

/* The nearest row changed in memory; of two with the same key the newer. */
static enum lb_result view_seek_memory(struct journaled_view *view,
                                       const struct generation_seek *seek,
                                       struct generation_place *nearest)
{
    enum lb_result found = LB_ENTRY_UNKNOWN;
    for (size_t i = 0; i < JOURNALED_GENERATIONS; i++) {
        struct generation_place place;
        if (view->generations[i] == NULL) {
            continue;
        }
        enum lb_result result =
            generation_seek(view->generations[i], seek, &view->indexes[i][seek->table], &place);
        if (result != LB_OK && result != LB_ENTRY_UNKNOWN) {
            return result;
        }
        if (result != LB_OK) {
            continue;
        }
        int order = found == LB_OK ? bytes_compare(place.key, nearest->key) : 0;
        if (found != LB_OK || (seek->at_or_after ? order < 0 : order > 0)) {
            *nearest = place;
            found = LB_OK;
        }
    }
    return found;
}

/* The row of LMDB beyond the one that was passed by. */
static enum lb_result view_step_below(struct journaled_view *view,
                                      const struct generation_seek *passed, struct bytes *found_key,
                                      struct bytes *value)
{
    struct key_buffer buffer;
    struct bytes next;
    bool has_next = passed->at_or_after ? key_after(passed->key, &buffer, &next)
                                        : key_before(passed->key, &buffer, &next);
    if (!has_next || !bytes_has_prefix(next, bytes_of(passed->key.data, passed->within))) {
        return LB_ENTRY_UNKNOWN;
    }
    return view->inner_ops->snapshot_seek(view->inner, passed->table, next, passed->at_or_after,
                                          passed->within, found_key, value);
}

/* What lies in memory hides the row of LMDB with its key; a deleted one is then passed by. */
enum lb_result journaled_view_seek(struct journaled_view *view, enum ledger_table table,
                                   struct bytes key, bool at_or_after, size_t within,
                                   struct bytes *found_key, struct bytes *value)
{
    struct generation_seek seek = {view->number, table, key, within, at_or_after, false};
    struct bytes below = {0};
    struct bytes below_value = {0};
    enum lb_result in_lmdb = view->inner_ops->snapshot_seek(view->inner, table, key, at_or_after,
                                                            within, &below, &below_value);
    for (;;) {
        struct generation_place place = {.is_deleted = false};
        enum lb_result in_memory = view_seek_memory(view, &seek, &place);
        if (in_memory != LB_OK && in_memory != LB_ENTRY_UNKNOWN) {
            return in_memory;
        }
        if (in_lmdb != LB_OK && in_lmdb != LB_ENTRY_UNKNOWN) {
            return in_lmdb;
        }
        int order = in_memory == LB_OK && in_lmdb == LB_OK ? bytes_compare(place.key, below) : 0;
        bool is_below_nearer = at_or_after ? order > 0 : order < 0;
        if (in_memory != LB_OK || is_below_nearer) {
            *found_key = below;
            *value = below_value;
            return in_lmdb;
        }
        if (!place.is_deleted) {
            *found_key = place.key;
            *value = place.value;
            return LB_OK;
        }
        seek.key = place.key;
        seek.is_beyond = true;
        if (in_lmdb == LB_OK && order == 0) {
            in_lmdb = view_step_below(view, &seek, &below, &below_value);
        }
    }
}
