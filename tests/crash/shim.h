/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A layer between a program and the kernel's files: it stands before the C library's calls that
 * change files, for the files of one directory (none below its subdirectories), and
 *   records what is done, with the bytes, in one order, into a log that outlives the process;
 *   makes the nth call of a kind fail.
 * A shared library, linked before all others (or preloaded). It does not see what is written
 * through maps, through stdio or by other processes; nor descriptors made by dup, nor links.
 *
 * Any thread, once shim_start has returned. Never real syncs: the log says what would be durable.
 */
#ifndef TESTS_CRASH_SHIM_H
#define TESTS_CRASH_SHIM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHIM_NAME_BYTES 64
#define SHIM_FILES_MAX  255 /* ever seen by a process; their numbers begin at 1 */

enum shim_op {
    SHIM_FILE,       /* the first open of a file: its name, and whether it was made; no sync */
    SHIM_WRITE,      /* offset and bytes */
    SHIM_LOST_WRITE, /* it failed: some of it may be there, and no sync will ever cover it */
    SHIM_SIZE,       /* truncated or grown to `offset` bytes */
    SHIM_SYNC,       /* all of the file that was done before event `begun` is durable */
    SHIM_SYNC_ONE,   /* event `begun`, a write, is durable: O_SYNC, O_DSYNC */
    SHIM_SYNC_LOST,  /* failed: what was not durable before will never be, whatever is synced */
    SHIM_RENAME,     /* of the name in the bytes, to the name behind its NUL */
    SHIM_UNLINK,     /* of the name in the bytes */
    SHIM_SYNC_NAMES, /* names made or taken away before `begun` are durable */
};

struct shim_event {
    enum shim_op op;
    uint32_t file; /* from 1, in the order of first use; 0: the directory */
    uint64_t begun;
    uint64_t offset;
    uint64_t size; /* bytes that follow, then padding to 8 */
    bool is_made;  /* SHIM_FILE: it was not there before */
};

static inline const uint8_t *shim_event_bytes(const struct shim_event *event)
{
    return (const uint8_t *)(event + 1);
}

/* In memory that processes share. Made zero but for bytes_max. */
struct shim_log {
    uint64_t bytes_max;
    atomic_uint_least64_t used;
    atomic_uint_least64_t count; /* events */
    _Alignas(8) uint8_t events[];
};

enum shim_call {
    SHIM_CALL_WRITE,
    SHIM_CALL_SYNC,
    SHIM_CALL_SIZE,  /* ftruncate, fallocate */
    SHIM_CALL_NAMES, /* makes, renames or removes a name */
    SHIM_CALL_KINDS,
};

/* The nth call of that kind from now on (0: the next) fails. A disk that is full then stays so:
 * whatever would take space fails, until shim_fault(NULL). */
struct shim_fault {
    enum shim_call call;
    uint64_t nth;
    int error;         /* 0, for a write only: it falls short */
    bool is_disk_full; /* with ENOSPC */
};

/* Records the files of the directory, an absolute path without links, from here on. log may be
 * NULL: nothing is recorded. No other thread may be running. */
void shim_start(const char *directory, struct shim_log *log);
/* Events so far: an answer given now rests on these. 0 without a log. */
uint64_t shim_position(void);

void shim_fault(const struct shim_fault *fault);
bool shim_fault_was_met(void);

#endif
