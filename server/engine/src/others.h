/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What other servers wrote to the book, where several write it. The store shows it at the beginning
 * of a group, and when the writer looks, because nobody asks for anything or because it is much;
 * the engine's ground, its tree and its names are brought up to it. What a group caught up with is
 * durable, and published, only with that group: if it fails the ground is what it was, and the next
 * attempt cuts the tree. So it is with a look, of which snapshots show nothing before the engine
 * has caught up with it: who opens a view never waits for a database.
 *
 * An entry of this server's own is among them too when the answer to its commit was lost.
 *
 * The writer's thread; what a group holds of it belongs to who publishes the group.
 */
#ifndef ENGINE_SRC_OTHERS_H
#define ENGINE_SRC_OTHERS_H

#include "bank/entry.h"
#include "base/arena.h"
#include "ledger/views.h"
#include "people/people.h"

struct engine;
struct group_ground;
struct group_name;
struct log_tree;

/* Entries first to last were not known; first 0: none. */
struct others {
    uint64_t first;
    uint64_t last;
    struct group_name *names; /* name_count of them; what the members' rows say at the end of it */
    size_t name_count;
    size_t name_cap;
    bool is_name_lost;        /* one is sealed under a key that is not here now; or too many */
    struct arena names_arena; /* their texts */
    struct arena entry_arena;
    struct entry entry;
};

void others_init(struct others *others);
void others_fini(struct others *others);
/* There are none. */
void others_reset(struct others *others);

/* Moves ground, which is hashed, and the tree to the state of the views. LB_OK; STORE_UNREACHABLE
 * (a move into the book is under way, see engine/move.h: nothing is moved here). STORAGE_CORRUPT
 * (the book is shorter than it was, has a gap, an entry that is none, or another tree than its head
 * says), FORMAT_NEWER, MEMORY and the views' fault: then ground and tree stand somewhere between.
 */
LB_MUST_CHECK enum lb_result others_catch_up(struct others *others, struct people *people,
                                             struct views views, struct log_tree *tree,
                                             struct group_ground *ground);

/* Puts the names into the index, before the state is published. */
void others_publish_names(struct engine *engine, const struct others *others);
/* Tells who follows entries, after it. */
void others_tell(struct engine *engine, const struct others *others);

/* What a check of the book's key came to: tells the operator when that changes, and reads names
 * that were sealed under a key that was not here. */
void others_note_key(struct engine *engine, enum lb_result result, bool is_reloaded);

/* With no group of the store open: looks what there is, catches up and publishes, page by page, so
 * that what came is seen even if the next does not come. LB_OK: that is all. A fault stops the
 * engine; that the store cannot be reached is told once, and once when it can be again. */
LB_MUST_CHECK enum lb_result others_look(struct engine *engine);

#endif
