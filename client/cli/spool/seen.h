/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a server said last, for when it cannot be reached: the book's zone and day, names of orgs
 * and categories, and for whom each token acts. Beside the rows in the spool's folder; no members,
 * no tokens (a hash of each tells them apart). Only a memory: without it nothing is lost but the
 * chance to type offline. One thread.
 */
#ifndef CLI_SEEN_H
#define CLI_SEEN_H

#include "spool.h"

#include "lovebank/v1/queries.pb-c.h"

#define SEEN_WHOS_MAX   8
#define SEEN_HASH_BYTES 32

struct seen_who {
    bool has_token; /* else of a server that asks for no log-in */
    uint8_t hash[SEEN_HASH_BYTES];
    struct spool_who who;
};

struct seen {
    int64_t when_ms; /* by this computer's clock */
    int32_t zone_east_s;
    int32_t today;                       /* the book's day then */
    struct seen_who whos[SEEN_WHOS_MAX]; /* the newest first */
    size_t who_count;
    Lovebank__V1__OrgListResponse *orgs;        /* number and name of each */
    Lovebank__V1__CatalogueResponse *catalogue; /* the categories: number and name */
};

/* As bytes and back. Pure but for the arena; false: no memory, or no such thing. */
LB_MUST_CHECK bool seen_encode(struct arena *arena, const struct seen *seen, struct bytes *body);
LB_MUST_CHECK bool seen_decode(struct bytes body, struct seen *seen);

/* To be freed. false: nothing was seen yet, or what was kept of it cannot be read. */
LB_MUST_CHECK bool seen_read(struct spool *spool, struct seen *seen);
void seen_free(struct seen *seen);

/* For whom cli's token acts, by what was seen; NULL: not known. */
const struct spool_who *seen_find_who(const struct cli *cli, const struct seen *seen);

/* Asks the connected server and keeps the answers, unless they are fresh or `is_due`. Tells
 * nothing: what fails is done another time. */
void seen_refresh(struct cli *cli, bool is_due);

#endif
