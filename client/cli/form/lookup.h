/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which number a key has: texts and ids to numbers. base/ordered.h, with a client's way of having
 * no memory (the program ends with a sentence). One thread.
 */
#ifndef CLI_LOOKUP_H
#define CLI_LOOKUP_H

#include "cli.h"

#include "base/ordered.h"

/* Zero: empty. */
struct lookup {
    struct ordered map;
    bool is_begun;
};

/* false: the key is not there, *number is untouched. */
bool lookup_get(const struct lookup *lookup, struct bytes key, uint64_t *number);
/* Replaces an earlier number. */
void lookup_put(struct cli *cli, struct lookup *lookup, struct bytes key, uint64_t number);
void lookup_fini(struct lookup *lookup);

/* Two spellings of a name have the same key (text/text.h); in memory of the arena. A text that is
 * no UTF-8 is its own key. */
struct bytes lookup_name(struct cli *cli, const char *name);

#endif
