/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The default adapter of the store port: a journal before LMDB, in a directory of a local disk.
 *
 * A group is durable with one write and one sync of the journal, together with those that waited
 * beside it. What groups changed is kept in memory as well, and written into LMDB behind them, in
 * small parts, as a checkpoint; the journal holds what the last checkpoint lacks, and the next
 * start reads that back. Reads see memory over LMDB as one state and wait for no checkpoint;
 * snapshots see durable groups only. The directory holds what store/lmdb.h says, and the journal's
 * files beside. See docs/durability.md.
 *
 * Commits complete on a thread of the store, in order. Outcomes: no space for a group in the
 * journal is RETRY with STORAGE_FULL, and the groups begun upon it get RETRY; any other error of a
 * write, or any of a sync, is UNKNOWN or FATAL, after which every call answers STORAGE_FAULT:
 * close, open again, look. While a checkpoint finds no space, groups go on until memory is full of
 * them, and then get STORAGE_FULL.
 *
 * A backup is made as DIRECTORY.partial, synced, checked, and then renamed. One that fails leaves
 * nothing, but one that the check calls STORAGE_CORRUPT, which becomes DIRECTORY.damaged (if there
 * is no such thing already). What an earlier one left that was killed is removed first.
 * ALREADY_EXISTS: something is at DIRECTORY, or at DIRECTORY.partial what no backup left.
 * STORAGE_FULL: no space there, or none here for a checkpoint. TRY_LATER: another backup is making
 * that directory, or the map kept growing meanwhile. SHUTTING_DOWN, STORAGE_FAULT, MEMORY, and what
 * the check says. The book itself suffers from none of them.
 *
 * Threads: as store/store.h.
 */
#ifndef STORE_JOURNALED_H
#define STORE_JOURNALED_H

#include "lovebank/result.h"
#include "store/lmdb.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_JOURNALED_COMMITS_MAX 4

/* What a backup's directory is called before it is one, and when it turned out not to be. */
#define STORE_JOURNALED_PARTIAL_SUFFIX ".partial"
#define STORE_JOURNALED_DAMAGED_SUFFIX ".damaged"

struct store_journaled_options {
    struct store_lmdb_options lmdb; /* the mode is SERVER or READ_ONLY */
    uint32_t segment_bytes;         /* of a journal file; a multiple of 512, 8192 at least */
    uint64_t
        recent_bytes_max;   /* of rows in memory that call for a checkpoint; twice that at most */
    uint32_t checkpoint_ms; /* the longest that a change waits for one */
    uint32_t idle_ms;       /* after so long without a group the last one is confirmed */
};

/* Those of LMDB; segments of 8 MiB, 48 MiB in memory, a checkpoint every 5 s, 50 ms. */
struct store_journaled_options store_journaled_options_default(const char *directory);

/* As store_lmdb_open. STORAGE_CORRUPT too when the journal is damaged or incomplete. Closing makes
 * a last checkpoint. READ_ONLY reads the journal into memory and writes nothing. DIRECTORY_EXISTS:
 * it is the cache of a book that is kept in a database; READ_ONLY shows that as of its last
 * checkpoint, or STORAGE_FAULT where that was cut off. */
LB_MUST_CHECK enum lb_result store_journaled_open(const struct store_journaled_options *options,
                                                  struct store **store);

struct id store_journaled_book(const struct store *store);
/* It holds what a book in a database came to, and may lack what that has. */
bool store_journaled_is_cache(const struct store *store);

#endif
