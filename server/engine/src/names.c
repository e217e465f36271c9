/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of names follows the book: built once at the start, page by page, while groups go on.
 *
 * The builder opens each page's snapshot under names_lock and puts its names before it lets go. A
 * group puts its names under the same lock after its commit: either the page's snapshot holds that
 * commit already, or the group comes after the page and has the last word. What other servers wrote
 * is put in the same way.
 *
 * A name under a key that is not here cannot be put: rather no answer than a wrong one, until the
 * key is, and the index was built again.
 */
#include "engine_private.h"

#include "entry/codec.h"
#include "snapshot_views.h"

#define NAMES_PAGE_ROWS       256 /* about a millisecond: a group may wait that long */
#define NAMES_ARENA_BYTES_MAX (UINT64_C(1) << 20)

void names_publish(struct engine *engine, const struct group_name *names, size_t name_count)
{
    struct people *people = engine->ports.people;
    pthread_mutex_lock(&engine->names_lock);
    for (size_t i = 0; i < name_count; i++) {
        if (people_index_put(people, names[i].member, names[i].name) != LB_OK) {
            engine->is_name_lost = true; /* rather no answer than a wrong one */
            people_index_set_ready(people, false);
            log_error(engine->ports.log, "name_index_incomplete",
                      log_uint("member", names[i].member));
        }
    }
    pthread_mutex_unlock(&engine->names_lock);
}

void names_lose(struct engine *engine)
{
    pthread_mutex_lock(&engine->names_lock);
    engine->is_name_lost = true;
    people_index_set_ready(engine->ports.people, false);
    pthread_mutex_unlock(&engine->names_lock);
}

void names_find_lost(struct engine *engine)
{
    pthread_mutex_lock(&engine->names_lock);
    const bool is_lost = engine->is_name_lost;
    engine->is_name_lost = false;
    pthread_mutex_lock(&engine->lock);
    engine->is_index_due = engine->is_index_due || is_lost;
    pthread_cond_signal(&engine->worker_wakes);
    pthread_mutex_unlock(&engine->lock);
    pthread_mutex_unlock(&engine->names_lock);
}

static enum lb_result names_put_row(struct people *people, uint64_t member, struct bytes row,
                                    struct arena *arena)
{
    struct bytes packed;
    struct person person;
    uint8_t commitment[LB_HASH_BYTES];
    arena_reset(arena);
    enum lb_result result =
        people_open_row(people, PEOPLE_PERSON, member, row, arena, &packed, commitment);
    if (result == LB_OK) {
        result = entry_unpack_person(packed, arena, &person);
    }
    return result == LB_OK ? people_index_put(people, member, person.name) : result;
}

/* Puts one page from `member` on, and moves it. *is_end: there are no more rows. A row that does
 * not open is told and left out: verify finds it, and the others can be found meanwhile. */
static enum lb_result names_put_page(struct engine *engine, struct views views, uint64_t *member,
                                     struct arena *arena, bool *is_end)
{
    for (int i = 0; i < NAMES_PAGE_ROWS; i++) {
        struct rows_key from = rows_key_of(*member);
        struct bytes key;
        struct bytes row;
        if (!views_seek_ge(views, TABLE_PERSON, rows_key_bytes(&from), 0, &key, &row)) {
            *is_end = true;
            break;
        }
        if (!rows_number(key, member)) {
            return LB_STORAGE_CORRUPT;
        }
        enum lb_result result = names_put_row(engine->ports.people, *member, row, arena);
        if (result == LB_MEMORY) {
            return result;
        }
        if (result != LB_OK) {
            log_error(engine->ports.log, "person_row_unreadable", log_uint("member", *member));
            engine->is_name_lost =
                engine->is_name_lost || book_key_is_missing(views, engine->ports.people);
        }
        ++*member;
    }
    return views_fault(views);
}

static bool names_may_go_on(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    bool may_go_on = !engine->is_closing;
    pthread_mutex_unlock(&engine->lock);
    return may_go_on;
}

/* Unless one was lost; or it is to be built again, with what was found. */
static void names_are_built(struct engine *engine)
{
    pthread_mutex_lock(&engine->names_lock);
    pthread_mutex_lock(&engine->lock);
    const bool is_whole = !engine->is_name_lost && !engine->is_index_due;
    pthread_mutex_unlock(&engine->lock);
    people_index_set_ready(engine->ports.people, is_whole);
    pthread_mutex_unlock(&engine->names_lock);
}

void names_build(struct engine *engine)
{
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), NAMES_ARENA_BYTES_MAX);
    uint64_t member = 0;
    bool is_end = false;
    enum lb_result result = LB_OK;
    while (!is_end && result == LB_OK && names_may_go_on(engine)) {
        struct snapshot_views snapshot;
        pthread_mutex_lock(&engine->names_lock);
        result = snapshot_views_open(&snapshot, engine->ports.store);
        if (result == LB_OK) {
            result =
                names_put_page(engine, snapshot_views_port(&snapshot), &member, &arena, &is_end);
            snapshot_views_close(&snapshot);
        }
        pthread_mutex_unlock(&engine->names_lock);
    }
    arena_fini(&arena);
    if (result != LB_OK) {
        log_error(engine->ports.log, "name_index_failed",
                  log_text("why", lb_result_name((int)result)));
    } else if (is_end) {
        names_are_built(engine);
    }
}
