/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The LMDB adapter of the store port: a book in a directory of a local disk.
 *
 * The directory (mode 0700, files 0600) holds data.mdb and lock.mdb of LMDB, and LOCK, whose flock
 * says that a process uses the directory. Each ledger table is one LMDB database of the table's
 * name; one more, "store", holds the format version and the book's id. Every value ends with an
 * 8-byte checksum over table, key and value, which each read verifies. See docs/storage-format.md.
 *
 * Commits are synchronous: group_commit returns after `done` was called, and there is no overlap.
 * The map grows by itself, in a put, delete or commit, once all snapshots are closed. Outcomes:
 * no space before anything was synced is RETRY with STORAGE_FULL; any other error of a commit is
 * UNKNOWN, after which every call answers STORAGE_FAULT: close, open again, look.
 *
 * Threads: as store/store.h. Open after fork and never use a store in a child: LMDB's locks belong
 * to the process. Never open data.mdb or lock.mdb otherwise while a store is open on them (closing
 * any descriptor of theirs drops LMDB's locks); copy a directory only while no server uses it.
 */
#ifndef STORE_LMDB_H
#define STORE_LMDB_H

#include "base/id.h"
#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_LMDB_FORMAT        1 /* the newest format this program knows, and the one it makes */
#define STORE_LMDB_SNAPSHOTS_MAX 1024 /* open at once; the next gets TRY_LATER */

enum store_lmdb_mode {
    /* Reads and writes; makes the directory and the book when they are not there. */
    STORE_LMDB_SERVER,
    /* Reads an existing directory that no server uses, or a copy; needs no write permission and
     * changes nothing. A copy without LOCK is not locked. A group cannot be begun: STORAGE_FAULT.
     */
    STORE_LMDB_READ_ONLY,
    /* An empty book under `directory` that is unlinked at once and dies with the process; never
     * synced. */
    STORE_LMDB_SCRATCH,
};

struct store_lmdb_options {
    const char *directory;
    enum store_lmdb_mode mode;
    struct id book;          /* of a new book; otherwise unused */
    uint64_t map_bytes;      /* address space mapped at first; it grows by doubling */
    uint64_t map_bytes_max;  /* and no further: then the store is full */
    uint64_t free_bytes_min; /* space a commit must leave free on the file system; 0: no check */
    /* What an operator should read, in English, without personal data: faults with LMDB's own
     * words, and warnings. Called on any thread; may be NULL. */
    void (*report)(void *context, const char *message);
    void *report_context;
};

/* Server mode, a map of 1 GiB that may grow to 1 TiB, 16 MiB to stay free, no reports. */
struct store_lmdb_options store_lmdb_options_default(const char *directory);

/* DIRECTORY_LOCKED: a server, or a reader, uses it. DIRECTORY_NETWORK: its file system is not
 * local. FORMAT_NEWER: made by a newer program. STORAGE_CORRUPT: not a book, or one cut short.
 * STORAGE_FULL, MEMORY, STORAGE_FAULT: else. The options need not outlive the call. Closed by its
 * ops, with no group or snapshot left. */
LB_MUST_CHECK enum lb_result store_lmdb_open(const struct store_lmdb_options *options,
                                             struct store **store);

/* For the process: a fatal signal, which is what a damaged data.mdb comes to inside LMDB, says on
 * stderr what to do before it ends the process as ever. Before threads are started. */
void store_lmdb_explain_signals(void);

struct id store_lmdb_book(const struct store *store);
uint32_t store_lmdb_format(const struct store *store);

/* What is known of a file system, by the magic number of statfs(2). */
enum store_lmdb_filesystem {
    STORE_LMDB_FILESYSTEM_LOCAL,   /* or one we never heard of */
    STORE_LMDB_FILESYSTEM_LAYERED, /* overlayfs: allowed with a warning; use a volume */
    STORE_LMDB_FILESYSTEM_NETWORK, /* shared, or in user space where sync may mean nothing */
};
enum store_lmdb_filesystem store_lmdb_filesystem_of(uint64_t magic);

#endif
