/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Catching up with other servers. Threading: see others.h.
 */
#include "others.h"

#include "base/assert.h"
#include "engine_private.h"
#include "entry/codec.h"
#include "erase.h"
#include "move_run.h"
#include "snapshot_views.h"
#include "tree_rows.h"

#include <stdlib.h>

#define OTHERS_CHUNK           64 /* entries hashed at a time */
#define OTHERS_NAMES_BYTES_MAX (UINT64_C(256) << 20)
#define OTHERS_ENTRY_BYTES_MAX (UINT64_C(4) << 20)
#define OTHERS_NAMES_CAP       64

void others_init(struct others *others)
{
    *others = (struct others){.first = 0};
    arena_init(&others->names_arena, arena_memory_heap(), OTHERS_NAMES_BYTES_MAX);
    arena_init(&others->entry_arena, arena_memory_heap(), OTHERS_ENTRY_BYTES_MAX);
}

void others_fini(struct others *others)
{
    free(others->names);
    arena_fini(&others->names_arena);
    arena_fini(&others->entry_arena);
}

void others_reset(struct others *others)
{
    others->first = 0;
    others->last = 0;
    others->name_count = 0;
    others->is_name_lost = false;
    arena_reset(&others->names_arena);
}

/* ---- names ---- */

static bool others_grow_names(struct others *others)
{
    if (others->name_count < others->name_cap) {
        return true;
    }
    size_t cap = others->name_cap == 0 ? OTHERS_NAMES_CAP : others->name_cap * 2;
    struct group_name *grown = realloc(others->names, cap * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    others->names = grown;
    others->name_cap = cap;
    return true;
}

/* The name in the member's row, empty where there is none. A row that does not open has no name
 * either: verify finds it. But where its key is not here yet, or is destroyed already and what was
 * sealed again is to come, nobody can say that there is none. Nor where they are so many that the
 * arena is full: the index is built again. */
static enum lb_result others_read_name(struct others *others, struct people *people,
                                       struct views views, uint64_t member, struct bytes *name)
{
    struct rows_key key = rows_key_of(member);
    struct bytes row;
    struct bytes packed;
    struct person person;
    uint8_t commitment[LB_HASH_BYTES];
    *name = (struct bytes){NULL, 0};
    if (!views_get(views, TABLE_PERSON, rows_key_bytes(&key), &row)) {
        return views_fault(views);
    }
    enum lb_result result = people_open_row(people, PEOPLE_PERSON, member, row,
                                            &others->entry_arena, &packed, commitment);
    if (result == LB_OK) {
        result = entry_unpack_person(packed, &others->entry_arena, &person);
    }
    if (result == LB_OK && arena_copy(&others->names_arena, person.name, name)) {
        return LB_OK;
    }
    others->is_name_lost = others->is_name_lost || result == LB_OK ||
                           people_row_is_outdated(people, row) ||
                           book_key_is_missing(views, people);
    return result == LB_MEMORY ? LB_MEMORY : LB_OK;
}

/* If the entry changed a member's name, whatever that is now. */
static enum lb_result others_take_name(struct others *others, struct people *people,
                                       struct views views, struct bytes packed)
{
    struct bytes name;
    if (!entry_may_change_person(packed)) {
        return LB_OK;
    }
    arena_reset(&others->entry_arena);
    enum lb_result result = entry_unpack(packed, &others->entry_arena, &others->entry);
    if (result != LB_OK) {
        return result == LB_MEMORY ? LB_MEMORY : LB_STORAGE_CORRUPT;
    }
    if (!others->entry.person_commitment.is_set && !erase_is_due(&others->entry)) {
        return LB_OK;
    }
    if (others->entry.link_count == 0) { /* whose name? Such an entry nobody makes */
        return LB_STORAGE_CORRUPT;
    }
    if (!others_grow_names(others)) {
        return LB_MEMORY;
    }
    const uint64_t member = others->entry.links[0].member;
    result = others_read_name(others, people, views, member, &name);
    if (result == LB_OK) {
        others->names[others->name_count++] = (struct group_name){member, name};
    }
    return result;
}

/* ---- catching up ---- */

/* A chunk of the entries up to `end`. */
static enum lb_result others_take(struct others *others, struct people *people, struct views views,
                                  uint64_t end, struct log_tree *tree,
                                  struct merkle_frontier *frontier)
{
    struct bytes packed[OTHERS_CHUNK];
    size_t count = 0;
    for (; count < OTHERS_CHUNK && frontier->size + count < end; count++) {
        struct rows_key key = rows_key_of(frontier->size + count + 1);
        if (!views_get(views, TABLE_ENTRY, rows_key_bytes(&key), &packed[count])) {
            enum lb_result fault = views_fault(views);
            return fault != LB_OK ? fault : LB_STORAGE_CORRUPT;
        }
        enum lb_result result = others_take_name(others, people, views, packed[count]);
        if (result != LB_OK) {
            return result;
        }
    }
    if (!log_tree_reserve(tree, count)) {
        return LB_MEMORY;
    }
    log_tree_append(tree, packed, count, frontier);
    return LB_OK;
}

/* Who wrote the head had this very tree. */
static bool others_have_tree(const struct merkle_frontier *theirs,
                             const struct merkle_frontier *ours)
{
    struct merkle_hasher hasher = tree_hasher();
    struct merkle_hash their_root;
    struct merkle_hash our_root;
    merkle_frontier_root(theirs, &hasher, &their_root);
    merkle_frontier_root(ours, &hasher, &our_root);
    return merkle_hash_equal(&their_root, &our_root);
}

enum lb_result others_catch_up(struct others *others, struct people *people, struct views views,
                               struct log_tree *tree, struct group_ground *ground)
{
    struct merkle_frontier *frontier = &ground->frontier;
    struct rows_head head;
    LB_ASSERT(frontier->size == ground->entries);
    if (move_is_under_way(views)) {
        return LB_STORE_UNREACHABLE;
    }
    enum lb_result result = rows_head_read(views, &head);
    if (result == LB_OK && head.entries < ground->entries) {
        result = LB_STORAGE_CORRUPT;
    }
    if (result == LB_OK && head.entries > ground->entries) {
        others->first = ground->entries + 1;
        others->last = head.entries;
    }
    /* Who wrote the head had hashed all before its own group: there is its frontier, which may be
     * where we are. */
    while (result == LB_OK) {
        const uint64_t hashed = head.frontier.size;
        if (frontier->size == hashed && !others_have_tree(&head.frontier, frontier)) {
            result = LB_STORAGE_CORRUPT;
        }
        if (result != LB_OK || frontier->size == head.entries) {
            break;
        }
        const uint64_t end = frontier->size < hashed ? hashed : head.entries;
        result = others_take(others, people, views, end, tree, frontier);
    }
    if (result == LB_OK) {
        ground->entries = head.entries;
        ground->recorded_ms = head.recorded_ms;
        ground->stored_leaves = head.frontier.size;
    }
    return result;
}

/* ---- publishing ---- */

void others_publish_names(struct engine *engine, const struct others *others)
{
    if (others->is_name_lost) {
        engine->has_lost_names = true;
        names_lose(engine);
    }
    if (others->name_count > 0) {
        names_publish(engine, others->names, others->name_count);
    }
}

void others_tell(struct engine *engine, const struct others *others)
{
    if (others->first == 0) {
        return;
    }
    pthread_mutex_lock(&engine->lock);
    engine_followed_fn *followed = engine->followed;
    void *context = engine->followed_context;
    pthread_mutex_unlock(&engine->lock);
    if (followed != NULL) {
        followed(context, others->first, others->last);
    }
}

void others_note_key(struct engine *engine, enum lb_result result, bool is_reloaded)
{
    struct people *people = engine->ports.people;
    if (result != engine->key_result && result != LB_OK) {
        log_warn(engine->ports.log, "key_outdated", log_uint("epoch", people_epoch(people)),
                 log_text("remedy", "copy the key file of the server that began a newer key here; "
                                    "nothing needs a restart"));
    }
    engine->key_result = result;
    if (is_reloaded) {
        log_info(engine->ports.log, "key_reloaded", log_uint("epoch", people_epoch(people)));
    }
    if (is_reloaded || (result == LB_OK && engine->has_lost_names)) {
        engine->has_lost_names = false;
        names_find_lost(engine);
    }
}

/* The state becomes the one that views and status see. */
static void others_publish(struct engine *engine, const struct group_ground *ground)
{
    others_publish_names(engine, &engine->others);
    pthread_mutex_lock(&engine->lock);
    engine->tip = *ground;
    engine->durable_entry = ground->entries;
    engine->durable_ms = ground->recorded_ms;
    engine->durable_leaves = ground->stored_leaves;
    engine->frontier = ground->frontier;
    pthread_cond_broadcast(&engine->is_published);
    pthread_mutex_unlock(&engine->lock);
    others_tell(engine, &engine->others);
    reseal_wake(engine);
}

static enum lb_result others_check_key(struct engine *engine, struct views views)
{
    struct book_key key;
    bool is_reloaded = false;
    enum lb_result result = book_key_read(views, &key);
    if (result == LB_OK) {
        result = book_key_check(&key, engine->ports.people, &is_reloaded);
        others_note_key(engine, result, is_reloaded);
    }
    return result == LB_KEY_OUTDATED ? LB_OK : result;
}

/* Whoever reads here is answered as of the end; what is to be recorded is refused. */
static void others_note_moved(struct engine *engine, struct views views)
{
    const bool is_moved = move_is_elsewhere(views);
    if (is_moved && !engine->is_moved) {
        log_error(engine->ports.log, "book_moved",
                  log_text("remedy", "stop this server; its next start says where the book is"));
    }
    engine->is_moved = is_moved;
}

/* What a look came to, beside its result. */
struct look {
    bool is_all;
    bool is_moving; /* a bank is being moved into the book */
};

/* Nothing is new in the book, but there may be in the key file. */
static enum lb_result others_look_again(struct engine *engine, struct look *look)
{
    struct snapshot_views snapshot;
    enum lb_result result = snapshot_views_open(&snapshot, engine->ports.store);
    if (result == LB_OK) {
        const struct views views = snapshot_views_port(&snapshot);
        look->is_moving = move_is_under_way(views);
        result = others_check_key(engine, views);
        snapshot_views_close(&snapshot);
    }
    return result;
}

/* *ground: after what the store's group shows. */
static enum lb_result others_read(struct engine *engine, struct store_group *shown,
                                  struct group_ground *ground)
{
    pthread_mutex_lock(&engine->lock);
    *ground = engine->tip;
    const uint64_t stored = engine->durable_leaves;
    pthread_mutex_unlock(&engine->lock);
    log_tree_forget(&engine->tree, stored);
    log_tree_cut(&engine->tree, ground->entries);
    struct overlay *overlay = engine->ring[0].overlay; /* its group is not open */
    overlay_reset(overlay, engine->ports.store->ops, shown, NULL);
    const struct views views = overlay_views(overlay);
    enum lb_result result = others_check_key(engine, views); /* names may be under it */
    if (result == LB_OK) {
        result =
            others_catch_up(&engine->others, engine->ports.people, views, &engine->tree, ground);
    }
    if (result == LB_OK) {
        others_note_moved(engine, views);
    }
    return result;
}

/* A bank that is being moved into the book is half there for a while: that is gone through without
 * being published (views show none of it), for only behind it there is something to catch up with.
 */
static enum lb_result others_take_page(struct engine *engine, struct store_group *shown,
                                       struct look *look)
{
    const struct store_ops *ops = engine->ports.store->ops;
    struct group_ground ground;
    enum lb_result result = others_read(engine, shown, &ground);
    look->is_moving = result == LB_STORE_UNREACHABLE;
    if (result != LB_OK && !look->is_moving) {
        ops->group_abort(shown);
        return result;
    }
    if (store_wait_commit(&engine->ring[0].wait, ops, shown, &result) != STORE_COMMITTED) {
        return result;
    }
    if (!look->is_moving) {
        others_publish(engine, &ground);
    }
    return LB_OK;
}

static enum lb_result others_look_page(struct engine *engine, struct look *look)
{
    struct store *store = engine->ports.store;
    struct store_group *shown = NULL;
    others_reset(&engine->others);
    const enum lb_result result = store->ops->look(store, &shown, &look->is_all);
    if (result != LB_OK) {
        return result;
    }
    return shown == NULL ? others_look_again(engine, look) : others_take_page(engine, shown, look);
}

static void others_note_reach(struct engine *engine, enum lb_result result)
{
    if (result == engine->look_result || result == LB_SHUTTING_DOWN) {
        return;
    }
    if (result == LB_OK) {
        log_info(engine->ports.log, "store_reached",
                 log_text("after", lb_result_name((int)engine->look_result)));
    } else if (engine->look_result == LB_OK) {
        log_warn(engine->ports.log, "store_not_reached",
                 log_text("why", lb_result_name((int)result)));
    }
    engine->look_result = result;
}

enum lb_result others_look(struct engine *engine)
{
    enum lb_result result = LB_OK;
    struct look look = {.is_all = false};
    while (result == LB_OK && !look.is_all) {
        result = others_look_page(engine, &look);
    }
    if (result == LB_OK && look.is_moving) {
        result = LB_STORE_UNREACHABLE;
    }
    if (result != LB_OK && group_outcome_of(result).end == GROUP_STOPPED) {
        ring_halt(engine, result);
    } else {
        others_note_reach(engine, result);
    }
    return result;
}
