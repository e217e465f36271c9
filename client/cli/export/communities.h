/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The communities (社区) below an org on a day, and which of them a grid, a team or a community
 * itself lies in: a workbook has a sheet for each. One thread.
 */
#ifndef CLI_COMMUNITIES_H
#define CLI_COMMUNITIES_H

#include "cli.h"
#include "lovebank/v1/queries.pb-c.h"

struct communities {
    uint64_t top; /* the org they are below of */
    Lovebank__V1__OrgListResponse
        *orgs; /* the top and all below it, with their names that day; NULL: not open */
    const Lovebank__V1__Org **by_number; /* the same, rising; in memory of the arena */
};

/* Asks the server. false: told. An org that was not open that day has none. */
LB_MUST_CHECK bool communities_load(struct communities *communities, struct cli *cli, uint64_t top,
                                    int32_t day, enum cli_exit *exit);
/* The community that an org is or lies in, strictly below the top; NULL: none. Lives as long as the
 * communities. */
const Lovebank__V1__Org *communities_of(const struct communities *communities, uint64_t org);
/* An org at or below the top; NULL: it is not. */
const Lovebank__V1__Org *communities_find(const struct communities *communities, uint64_t org);
void communities_free(struct communities *communities);

#endif
