/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bytes of the log: entry rows without a gap, and the Merkle tree over them, built afresh and
 * compared with the stored tiles and frontier. It goes before the fold, so that the fold only sees
 * bytes that the tree vouches for. Threading: see verify_run.h.
 */
#include "verify_run.h"

#include "store/key.h"
#include "tree_rows.h"

/* The stored tile must be the one that follows from the entries. */
static void verify_tile(struct verify_run *run, unsigned level, uint64_t index,
                        const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    struct views views = snapshot_views_port(&run->book);
    uint8_t key[TREE_TILE_KEY_BYTES];
    struct bytes key_bytes = bytes_of(key, tree_tile_key(level, index, key));
    const struct merkle_hash *stored = tree_tile_stored(views, level, index);
    if (stored == NULL) {
        verify_problem_row(run, TABLE_TILE, key_bytes, 0, "树的分块缺失或长度不对",
                           "a tile of the tree is missing or has the wrong size");
        return;
    }
    for (uint64_t i = 0; i < MERKLE_TILE_HASHES; i++) {
        if (merkle_hash_equal(&stored[i], &hashes[i])) {
            continue;
        }
        if (level == 0) {
            verify_problem_entry(run, index * MERKLE_TILE_HASHES + i + 1,
                                 "内容与树中的散列值不符（表 tile）",
                                 "its bytes are not those that the tree holds (table tile)");
        } else {
            verify_problem_row(run, TABLE_TILE, key_bytes, 0, "树的分块与记账不符",
                               "a tile of the tree does not follow from the entries");
        }
        break;
    }
}

/* A full tile, as built. Hashing runs behind: beyond the head record's frontier none is stored, and
 * it is compared at the end. Never refuses: problems are told. */
static bool verify_tile_full(void *context, unsigned level, uint64_t index,
                             const struct merkle_hash hashes[MERKLE_TILE_HASHES])
{
    struct verify_run *run = context;
    if (run->tree.size < run->head.frontier.size) {
        verify_tile(run, level, index, hashes);
    } else if (run->tree.size < run->compared) {
        run->compared = run->tree.size;
    }
    return true;
}

/* The tiles that were not stored yet when they were built. */
static void verify_tiles_behind(struct verify_run *run)
{
    struct views views = snapshot_views_port(&run->book);
    uint64_t stored = run->head.frontier.size;
    for (unsigned level = 0; level < MERKLE_TILE_LEVELS && run->compared < stored; level++) {
        uint64_t index = tree_tile_index(run->compared, level);
        for (; tree_tile_full_at(level, index) <= stored && !run->has_problem; index++) {
            struct merkle_hash hashes[MERKLE_TILE_HASHES];
            if (!tree_tile_compute(views, level, index, hashes)) {
                return; /* a fault of the book: every entry was there */
            }
            verify_tile(run, level, index, hashes);
        }
    }
    run->compared = stored;
}

/* The first entry row behind those in the tree, whatever its key is. */
static bool verify_tree_seek(struct verify_run *run, struct bytes *key, struct bytes *packed)
{
    struct rows_key last = rows_key_of(run->tree.size);
    struct key_buffer buffer;
    struct bytes from = {NULL, 0};
    if (run->tree.size > 0 && !key_after(rows_key_bytes(&last), &buffer, &from)) {
        return false;
    }
    return views_seek_ge(snapshot_views_port(&run->book), TABLE_ENTRY, from, 0, key, packed);
}

/* The row behind the last one must be the next entry's. */
static bool verify_tree_next(struct verify_run *run, struct bytes *packed)
{
    struct rows_key wanted = rows_key_of(run->tree.size + 1);
    struct bytes key;
    if (!verify_tree_seek(run, &key, packed)) {
        verify_problem_entry(run, run->tree.size + 1, "缺失（表 entry）",
                             "it is missing (table entry)");
        return false;
    }
    if (!bytes_equal(key, rows_key_bytes(&wanted))) {
        verify_problem_row(run, TABLE_ENTRY, key, run->tree.size + 1, "编号不连续",
                           "the numbers have a gap, or this row is not an entry's");
        return false;
    }
    return true;
}

enum lb_result verify_tree_extend(struct verify_run *run, uint64_t last)
{
    struct merkle_sink sink = {verify_tile_full, run};
    struct merkle_hasher hasher = tree_hasher();
    while (run->tree.size < last && !run->has_problem) {
        struct bytes packed;
        struct merkle_hash leaf;
        if (!verify_tree_next(run, &packed)) {
            break;
        }
        merkle_hash_leaf(&hasher, packed, &leaf);
        if (merkle_tree_append(&run->tree, &leaf, &sink) != MERKLE_OK) {
            return LB_INTERNAL; /* the sink never refuses */
        }
    }
    return run->book.fault;
}

/* Every full tile up to the frontier was compared: there must be no others. */
static void verify_tile_count(struct verify_run *run)
{
    struct views views = snapshot_views_port(&run->book);
    struct key_buffer buffer;
    struct bytes from = {NULL, 0};
    struct bytes key;
    struct bytes value;
    uint64_t tiles = 0;
    uint64_t expected = 0;
    for (unsigned level = 0; level < MERKLE_TILE_LEVELS; level++) {
        expected += tree_tile_index(run->head.frontier.size, level);
    }
    while (views_seek_ge(views, TABLE_TILE, from, 0, &key, &value)) {
        tiles++;
        if (tiles > expected) {
            verify_problem_row(run, TABLE_TILE, key, 0, "多出的分块", "there are too many tiles");
            return;
        }
        if (!key_after(key, &buffer, &from)) {
            return;
        }
    }
}

/* The recorded frontier must be the tree's at the frontier's own size. */
static enum lb_result verify_frontier(struct verify_run *run)
{
    const struct merkle_frontier *frontier = &run->head.frontier;
    struct merkle_hasher hasher = tree_hasher();
    struct tree_source source = {.views = snapshot_views_port(&run->book)};
    struct merkle_reader reader = tree_reader(&source);
    struct merkle_hash built;
    struct merkle_hash stored;
    enum lb_result result =
        tree_result(merkle_tree_root_at(&run->tree, &reader, frontier->size, &built), source.views);
    if (result != LB_OK) {
        return result;
    }
    merkle_frontier_root(frontier, &hasher, &stored);
    if (!merkle_hash_equal(&built, &stored)) {
        verify_problem_row(run, TABLE_META, ROWS_HEAD_KEY, frontier->size,
                           "树根与记录的不符：此条及其前 255 条之一，或树的边缘已被改动",
                           "the root is not the recorded one: this entry, one of the 255 before "
                           "it, or the tree's edge, was altered");
    }
    return LB_OK;
}

enum lb_result verify_tree_finish(struct verify_run *run)
{
    struct merkle_hash root;
    merkle_tree_root(&run->tree, &root);
    memcpy(run->report->tree_root, root.bytes, sizeof(run->report->tree_root));
    struct bytes key;
    struct bytes value;
    if (verify_tree_seek(run, &key, &value)) {
        verify_problem_row(run, TABLE_ENTRY, key, 0, "超出最后一条记账",
                           "a row behind the newest entry");
    }
    verify_tiles_behind(run);
    verify_tile_count(run);
    if (run->has_problem || run->book.fault != LB_OK) {
        return run->book.fault;
    }
    return verify_frontier(run);
}
