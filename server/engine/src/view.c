/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Views of one committed state, for queries. Threading: see engine/engine.h.
 */
#include "engine_private.h"

#include "base/assert.h"
#include "entry/codec.h"
#include "move_run.h"
#include "people_rows.h"
#include "snapshot_views.h"
#include "tree_rows.h"

#include <stdlib.h>

struct view_state {
    struct engine *engine;
    struct snapshot_views snapshot;
    struct entry_reader reader;
    struct merkle_tree *tree; /* of head_entry leaves; NULL until it is asked for */
};

/* Waits until the state of `head` entries is published. false: it never will be. */
static bool view_wait_published(struct engine *engine, uint64_t head)
{
    pthread_mutex_lock(&engine->lock);
    while (engine->durable_entry < head && !engine->is_stopped) {
        pthread_cond_wait(&engine->is_published, &engine->lock);
    }
    bool is_stopped = engine->is_stopped;
    pthread_mutex_unlock(&engine->lock);
    return !is_stopped;
}

static bool view_is_published(struct engine *engine, uint64_t head)
{
    pthread_mutex_lock(&engine->lock);
    bool is_published = engine->durable_entry >= head && !engine->is_stopped;
    pthread_mutex_unlock(&engine->lock);
    return is_published;
}

/* Of which state it is; or why it is none to be seen. */
static enum lb_result view_read_head(const struct engine *engine, struct snapshot_views *snapshot,
                                     struct rows_head *head)
{
    const struct views views = snapshot_views_port(snapshot);
    if (engine->is_shared && move_is_under_way(views)) {
        return LB_STORE_UNREACHABLE; /* half a bank */
    }
    return rows_head_read(views, head);
}

/*
 * A snapshot may show a commit that the writer, or who answers, has not published yet: then waits
 * for that (holding no snapshot, as the store demands) and looks again. It is a moment: nothing but
 * memory is between the two.
 */
static enum lb_result view_open_snapshot(struct engine *engine, struct snapshot_views *snapshot,
                                         uint64_t *head_entry)
{
    for (;;) {
        enum lb_result result = snapshot_views_open(snapshot, engine->ports.store);
        if (result != LB_OK) {
            return result;
        }
        struct rows_head head;
        result = view_read_head(engine, snapshot, &head);
        if (result == LB_OK && view_is_published(engine, head.entries)) {
            *head_entry = head.entries;
            return LB_OK;
        }
        snapshot_views_close(snapshot);
        if (result != LB_OK) {
            return result;
        }
        if (!view_wait_published(engine, head.entries)) {
            return LB_SHUTTING_DOWN;
        }
    }
}

enum lb_result engine_view_open(struct engine *engine, struct arena *arena,
                                struct engine_view *view)
{
    struct view_state *state = calloc(1, sizeof(*state));
    if (state == NULL) {
        return LB_MEMORY;
    }
    state->engine = engine;
    uint64_t head_entry = 0;
    enum lb_result result = view_open_snapshot(engine, &state->snapshot, &head_entry);
    if (result != LB_OK) {
        free(state);
        return result;
    }
    state->reader = (struct entry_reader){
        .views = snapshot_views_port(&state->snapshot),
        .arena = arena,
        .fault = &state->snapshot.fault,
    };
    *view = (struct engine_view){
        .bank = {.views = state->reader.views, .log = entry_reader_port(&state->reader)},
        .head_entry = head_entry,
        .arena = arena,
        .private_state = state,
    };
    return LB_OK;
}

void engine_view_close(struct engine_view *view)
{
    struct view_state *state = view->private_state;
    snapshot_views_close(&state->snapshot);
    free(state->tree);
    free(state);
    view->private_state = NULL;
}

/* What a reading that found nothing means. */
static enum lb_result view_absent(const struct engine_view *view, enum lb_result absent)
{
    enum lb_result fault = views_fault(view->bank.views);
    return fault != LB_OK ? fault : absent;
}

enum lb_result engine_view_entry(struct engine_view *view, uint64_t number, struct bytes *packed,
                                 struct entry *entry)
{
    struct view_state *state = view->private_state;
    if (!entry_reader_packed(&state->reader, number, packed)) {
        return view_absent(view, LB_ENTRY_UNKNOWN);
    }
    enum lb_result result = entry_unpack(*packed, view->arena, entry);
    return result == LB_MALFORMED ? LB_STORAGE_CORRUPT : result;
}

/* The tree of the view's state, made of the engine's, which may be ahead of it or behind. */
static enum lb_result view_load_tree(struct engine_view *view)
{
    struct view_state *state = view->private_state;
    if (state->tree != NULL) {
        return LB_OK;
    }
    state->tree = malloc(sizeof(*state->tree));
    if (state->tree == NULL) {
        return LB_MEMORY;
    }
    log_tree_copy(&state->engine->tree, state->tree);
    enum lb_result result =
        tree_result(tree_resize(state->tree, view->head_entry, view->bank.views), view->bank.views);
    if (result != LB_OK) {
        free(state->tree);
        state->tree = NULL;
    }
    return result;
}

enum lb_result engine_view_root(struct engine_view *view, uint64_t size,
                                uint8_t root[LB_HASH_BYTES])
{
    enum lb_result result = view_load_tree(view);
    if (result != LB_OK) {
        return result;
    }
    const struct view_state *state = view->private_state;
    struct tree_source source = {.views = view->bank.views};
    struct merkle_reader reader = tree_reader(&source);
    struct merkle_hash hash;
    result = tree_result(merkle_tree_root_at(state->tree, &reader, size, &hash), view->bank.views);
    if (result == LB_OK) {
        memcpy(root, hash.bytes, LB_HASH_BYTES);
    }
    return result;
}

enum lb_result engine_view_proof(struct engine_view *view, uint64_t number, uint64_t size,
                                 uint8_t proof[64][LB_HASH_BYTES], size_t *count)
{
    if (number == 0) {
        return LB_ENTRY_UNKNOWN;
    }
    enum lb_result result = view_load_tree(view);
    if (result != LB_OK) {
        return result;
    }
    const struct view_state *state = view->private_state;
    struct tree_source source = {.views = view->bank.views};
    struct merkle_reader reader = tree_reader(&source);
    struct merkle_proof made;
    result = tree_result(merkle_prove_inclusion(state->tree, &reader, number - 1, size, &made),
                         view->bank.views);
    if (result == LB_OK) {
        LB_ASSERT(made.count <= 64); /* the height of the largest tree is 63 */
        memcpy(proof, made.hashes, made.count * LB_HASH_BYTES);
        *count = made.count;
    }
    return result;
}

/* The plaintext of a sealed row. LB_ENTRY_UNKNOWN: there is no row. */
static enum lb_result view_open_row(struct engine_view *view, enum ledger_table table,
                                    enum people_kind kind, uint64_t owner, struct bytes *plaintext)
{
    const struct view_state *state = view->private_state;
    struct rows_key key = rows_key_of(owner);
    struct bytes row;
    uint8_t commitment[LB_HASH_BYTES];
    if (!views_get(view->bank.views, table, rows_key_bytes(&key), &row)) {
        return view_absent(view, LB_ENTRY_UNKNOWN);
    }
    struct people *people = state->engine->ports.people;
    enum lb_result result =
        people_open_row(people, kind, owner, row, view->arena, plaintext, commitment);
    if (result != LB_STORAGE_CORRUPT) {
        return result;
    }
    if (book_key_is_missing(view->bank.views, people)) {
        return LB_KEY_OUTDATED; /* another server sealed it, maybe */
    }
    /* This view may be older than the end of a rotation. */
    return people_row_is_outdated(people, row) ? LB_TRY_LATER : result;
}

enum lb_result engine_view_memo(struct engine_view *view, uint64_t entry, struct bytes *text)
{
    enum lb_result result = view_open_row(view, TABLE_MEMO, PEOPLE_MEMO, entry, text);
    if (result == LB_ENTRY_UNKNOWN) {
        *text = (struct bytes){NULL, 0};
        return LB_OK;
    }
    return result;
}

enum lb_result engine_view_person(struct engine_view *view, uint64_t member, struct person *person)
{
    struct bytes packed;
    enum lb_result result = view_open_row(view, TABLE_PERSON, PEOPLE_PERSON, member, &packed);
    if (result == LB_ENTRY_UNKNOWN) {
        return LB_MEMBER_UNKNOWN;
    }
    if (result == LB_OK) {
        result = entry_unpack_person(packed, view->arena, person);
    }
    return result == LB_MALFORMED ? LB_STORAGE_CORRUPT : result;
}

enum lb_result engine_view_find_id_number(struct engine_view *view, struct bytes number,
                                          uint64_t *member)
{
    const struct view_state *state = view->private_state;
    struct people *people = state->engine->ports.people;
    struct book_key key;
    if (people_rows_find_id_number(people, view->bank.views, number, member)) {
        return LB_OK;
    }
    const enum lb_result result = book_key_read(view->bank.views, &key);
    if (result != LB_OK) {
        return result;
    }
    return view_absent(view, book_key_is_here(&key, people) ? LB_MEMBER_UNKNOWN : LB_KEY_OUTDATED);
}

enum lb_result engine_view_credential(struct engine_view *view, uint32_t principal,
                                      struct credential *credential)
{
    struct bytes packed;
    enum lb_result result =
        view_open_row(view, TABLE_CREDENTIAL, PEOPLE_CREDENTIAL, principal, &packed);
    if (result == LB_ENTRY_UNKNOWN) {
        return LB_PRINCIPAL_UNKNOWN;
    }
    if (result == LB_OK) {
        result = entry_unpack_credential(packed, view->arena, credential);
    }
    return result == LB_MALFORMED ? LB_STORAGE_CORRUPT : result;
}
