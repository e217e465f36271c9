/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A disk whose power fails: from what a directory held and what the shim recorded since, the
 * directories that a crash may leave. The model, at a moment between two events:
 *   - What a sync covered is there. A sync covers the writes and sizes of its file that were done
 *     before it began; an O_DSYNC write covers itself; a sync of the directory covers names.
 *     A sync of a file covers no name: some file systems do that, this one need not.
 *   - Of a write that nothing covered, any part may be there: all, any of its sectors of 512 bytes,
 *     or any of its pages of 4 KiB (one of these for an image). Sectors are written or not, never
 *     in between. Writes reach the disk in any order, so of two to one sector the older may be
 * left.
 *   - A size that nothing covered is there or not; a file that is longer than what was written is
 *     zero there.
 *   - Names made, moved and taken away that nothing covered: any of them may be there, as an older
 *     file system had it, or only the first ones, as a journaling one has it.
 *   - A sync that failed covers nothing, and what was written before it is never covered later: the
 *     kernel may have dropped it and call the page clean.
 * What it does not model: disks that say they wrote and did not, and garbage in torn sectors.
 * One thread.
 */
#ifndef TESTS_CRASH_DISK_H
#define TESTS_CRASH_DISK_H

#include "base/random.h"
#include "shim.h"

#include <stdbool.h>
#include <stdint.h>

struct disk;

/* The files of the directory as they are now, all durable. */
struct disk *disk_of_directory(const char *directory);
void disk_free(struct disk *disk);
/* Takes in the log's events up to that moment (exclusive), which only rises. */
void disk_advance(struct disk *disk, const struct shim_log *log, uint64_t moment);
/* Writes an image of that moment into an empty directory. false: errno says why. */
bool disk_make_image(const struct disk *disk, struct random_seeded *random, const char *directory);

#endif
