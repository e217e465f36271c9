/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What seen.c and seen_server.c share. Not for others. One thread.
 */
#ifndef CLI_SEEN_FILE_H
#define CLI_SEEN_FILE_H

#include "seen.h"

/* Under the spool's lock. Tells nothing: what could not be kept is asked for again. */
void seen_write(struct spool *spool, const struct seen *seen);
/* Of cli's token, or of none; for whom it acts is not filled in. */
struct seen_who seen_who_of(const struct cli *cli);
bool seen_who_is_same(const struct seen_who *a, const struct seen_who *b);

#endif
