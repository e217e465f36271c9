/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold, page by page: a page of entries is read under one snapshot of the book and applied to
 * the write set; the snapshot is closed; the write set is flushed to the scratch store.
 */
#include "report/as_of.h"

#include "bank/bank.h"
#include "base/arena.h"
#include "store/wait.h"

#define PAGE_ENTRIES     2000
#define PAGE_ARENA_BYTES (4u << 20) /* a page ends early when its entries take this much */
#define ARENA_BYTES_MAX  (16u << 20)

/* Applies entries from *next on, at most a page. */
static enum lb_result fold_page(struct engine *engine, struct arena *arena, struct overlay *overlay,
                                uint64_t *next, uint64_t last)
{
    struct engine_view view;
    enum lb_result result = engine_view_open(engine, arena, &view);
    if (result != LB_OK) {
        return result;
    }
    const struct bank bank = {.views = overlay_views(overlay), .log = view.bank.log};
    for (unsigned i = 0; i < PAGE_ENTRIES && *next <= last; i++) {
        struct bytes packed;
        struct entry entry;
        result = engine_view_entry(&view, *next, &packed, &entry);
        if (result == LB_OK) {
            result = bank_apply(&bank, &entry);
        }
        if (result == LB_OK) {
            result = views_fault(bank.views);
        }
        if (result != LB_OK) {
            break;
        }
        ++*next;
        if (arena->used_bytes > PAGE_ARENA_BYTES) {
            break;
        }
    }
    engine_view_close(&view);
    return result;
}

static enum lb_result fold(const struct as_of_source *source, struct arena *arena,
                           struct overlay *overlay, struct store_wait *wait, uint64_t last)
{
    const struct store_ops *ops = source->scratch->ops;
    uint64_t next = 1;
    while (next <= last) {
        if (source->is_stopped(source->context)) {
            return LB_SHUTTING_DOWN;
        }
        struct store_group *group = NULL;
        enum lb_result result = ops->group_begin(source->scratch, &group);
        if (result != LB_OK) {
            return result;
        }
        overlay_reset(overlay, ops, group, NULL);
        result = fold_page(source->engine, arena, overlay, &next, last);
        if (result != LB_OK) {
            ops->group_abort(group);
            return result;
        }
        result = store_wait_flush(wait, ops, group, overlay);
        if (result != LB_OK) {
            return result;
        }
        arena_reset(arena);
    }
    return LB_OK;
}

enum lb_result as_of_open(const struct as_of_source *source, uint64_t entry, struct as_of *as_of)
{
    struct arena arena;
    struct store_wait wait;
    struct overlay *overlay = NULL;
    enum lb_result result = overlay_new(source->memory, &overlay);
    if (result != LB_OK) {
        return result;
    }
    arena_init(&arena, source->memory, ARENA_BYTES_MAX);
    store_wait_init(&wait);
    result = fold(source, &arena, overlay, &wait, entry);
    store_wait_fini(&wait);
    arena_fini(&arena);
    if (result != LB_OK) {
        goto free_overlay;
    }
    struct store_snapshot *snapshot = NULL;
    result = source->scratch->ops->snapshot_open(source->scratch, &snapshot);
    if (result != LB_OK) {
        goto free_overlay;
    }
    overlay_reset(overlay, source->scratch->ops, NULL, snapshot);
    *as_of = (struct as_of){
        .views = overlay_views(overlay),
        .scratch = source->scratch,
        .snapshot = snapshot,
        .overlay = overlay,
    };
    return LB_OK;

free_overlay:
    overlay_free(overlay);
    return result;
}

void as_of_close(struct as_of *as_of)
{
    overlay_free(as_of->overlay);
    as_of->scratch->ops->snapshot_close(as_of->snapshot);
}
