/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The tree that grows behind the groups. Threading: see log_tree.h.
 */
#include "log_tree.h"

#include "base/assert.h"
#include "tree_rows.h"

#include <stdlib.h>

#define LOCKED_LEAVES 64 /* hashed at a time: a view that copies the tree waits no longer */

void log_tree_init(struct log_tree *tree)
{
    *tree = (struct log_tree){.spare_count = 0};
    tree->tiles_end = &tree->tiles;
    merkle_tree_init(&tree->tree, tree_hasher());
    int failed = pthread_mutex_init(&tree->lock, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fail with default attributes */
}

static void log_tree_free_tiles(struct log_tile *tiles)
{
    while (tiles != NULL) {
        struct log_tile *next = tiles->next;
        free(tiles);
        tiles = next;
    }
}

void log_tree_fini(struct log_tree *tree)
{
    log_tree_free_tiles(tree->tiles);
    log_tree_free_tiles(tree->spare);
    pthread_mutex_destroy(&tree->lock);
}

static void log_tree_spare(struct log_tree *tree, struct log_tile *tile)
{
    tile->next = tree->spare;
    tree->spare = tile;
    tree->spare_count++;
}

bool log_tree_reserve(struct log_tree *tree, size_t leaves)
{
    /* Each level fills one tile more than whole ones fit, at most; all levels above the first
     * together less than one for each of the first. */
    size_t wanted = leaves / MERKLE_TILE_HASHES * 2 + MERKLE_TILE_LEVELS;
    while (tree->spare_count < wanted) {
        struct log_tile *tile = malloc(sizeof(*tile));
        if (tile == NULL) {
            return false;
        }
        log_tree_spare(tree, tile);
    }
    return true;
}

static bool log_tree_keep_tile(void *context, unsigned level, uint64_t index,
                               const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    struct log_tree *tree = context;
    struct log_tile *tile = tree->spare;
    LB_ASSERT(tile != NULL);
    tree->spare = tile->next;
    tree->spare_count--;
    tile->next = NULL;
    tile->full_at = tree->tree.size + 1;
    tile->level = level;
    tile->index = index;
    memcpy(tile->hashes, hashes, sizeof(tile->hashes));
    *tree->tiles_end = tile;
    tree->tiles_end = &tile->next;
    return true;
}

static void log_tree_append_locked(struct log_tree *tree, const struct bytes *packed, size_t count,
                                   struct merkle_frontier *frontier)
{
    const struct merkle_sink sink = {log_tree_keep_tile, tree};
    struct merkle_hasher hasher = tree_hasher();
    for (size_t i = 0; i < count; i++) {
        struct merkle_hash leaf;
        merkle_hash_leaf(&hasher, packed[i], &leaf);
        enum merkle_outcome outcome = merkle_tree_append_both(&tree->tree, frontier, &leaf, &sink);
        LB_ASSERT(outcome == MERKLE_OK); /* the sink refuses nothing */
    }
}

void log_tree_append(struct log_tree *tree, const struct bytes *packed, size_t count,
                     struct merkle_frontier *frontier)
{
    LB_ASSERT(frontier->size == tree->tree.size);
    for (size_t done = 0; done < count;) {
        size_t part = count - done < LOCKED_LEAVES ? count - done : LOCKED_LEAVES;
        pthread_mutex_lock(&tree->lock);
        log_tree_append_locked(tree, packed + done, part, frontier);
        pthread_mutex_unlock(&tree->lock);
        done += part;
    }
}

void log_tree_put(const struct log_tree *tree, uint64_t stored, struct views views)
{
    for (const struct log_tile *each = tree->tiles; each != NULL; each = each->next) {
        if (each->full_at > stored) {
            tree_tile_put(views, each->level, each->index, each->hashes);
        }
    }
}

void log_tree_forget(struct log_tree *tree, uint64_t stored)
{
    while (tree->tiles != NULL && tree->tiles->full_at <= stored) {
        struct log_tile *tile = tree->tiles;
        tree->tiles = tile->next;
        log_tree_spare(tree, tile);
    }
    if (tree->tiles == NULL) {
        tree->tiles_end = &tree->tiles;
    }
}

/* Hashes of the edge are overwritten only once their tile was full: then it is in the list. */
void log_tree_cut(struct log_tree *tree, uint64_t size)
{
    LB_ASSERT(size <= tree->tree.size);
    if (size == tree->tree.size) {
        return;
    }
    struct log_tile **link = &tree->tiles;
    while (*link != NULL && (*link)->full_at <= size) {
        link = &(*link)->next;
    }
    struct log_tile *tile = *link;
    *link = NULL;
    tree->tiles_end = link;
    pthread_mutex_lock(&tree->lock);
    while (tile != NULL) {
        struct log_tile *next = tile->next;
        if (tile->index == tree_tile_index(size, tile->level)) {
            memcpy(tree->tree.edge[tile->level], tile->hashes, sizeof(tile->hashes));
        }
        log_tree_spare(tree, tile);
        tile = next;
    }
    tree->tree.size = size;
    pthread_mutex_unlock(&tree->lock);
}

void log_tree_copy(struct log_tree *tree, struct merkle_tree *copy)
{
    pthread_mutex_lock(&tree->lock);
    *copy = tree->tree;
    pthread_mutex_unlock(&tree->lock);
}
