/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Communities below an org. One thread.
 */
#include "communities.h"

#include <stdlib.h>

static int communities_compare(const void *one, const void *other)
{
    const Lovebank__V1__Org *const *a = one;
    const Lovebank__V1__Org *const *b = other;
    return ((*a)->org > (*b)->org) - ((*a)->org < (*b)->org);
}

bool communities_load(struct communities *communities, struct cli *cli, uint64_t top, int32_t day,
                      enum cli_exit *exit)
{
    Lovebank__V1__OrgListRequest request = LOVEBANK__V1__ORG_LIST_REQUEST__INIT;
    request.under = top;
    request.day = day;
    request.has_day = true;
    ProtobufCMessage *response = NULL;
    *communities = (struct communities){.top = top};
    if (!cli_connect(cli, exit)) {
        return false;
    }
    const int result = cli_session_call(cli, LB_METHOD_ORG_LIST, &request.base,
                                        &lovebank__v1__org_list_response__descriptor, &response);
    if (result == LB_ORG_UNKNOWN) {
        return true; /* not open that day; whether it exists at all, the query tells */
    }
    if (result != LB_OK) {
        *exit = cli_fail(cli, result, lb_session_numbers(cli->session), "");
        return false;
    }
    communities->orgs = (Lovebank__V1__OrgListResponse *)response;
    const size_t count = communities->orgs->n_orgs;
    communities->by_number = cli_take(cli, count + 1, sizeof(const Lovebank__V1__Org *));
    for (size_t i = 0; i < count; i++) {
        communities->by_number[i] = communities->orgs->orgs[i];
    }
    qsort(communities->by_number, count, sizeof(const Lovebank__V1__Org *), communities_compare);
    return true;
}

const Lovebank__V1__Org *communities_find(const struct communities *communities, uint64_t org)
{
    const size_t count = communities->orgs == NULL ? 0 : communities->orgs->n_orgs;
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (communities->by_number[middle]->org < org) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_there = low < count && communities->by_number[low]->org == org;
    return is_there ? communities->by_number[low] : NULL;
}

const Lovebank__V1__Org *communities_of(const struct communities *communities, uint64_t org)
{
    const size_t count = communities->orgs == NULL ? 0 : communities->orgs->n_orgs;
    const Lovebank__V1__Org *at = NULL;
    /* The tree is no deeper than it has orgs. */
    for (size_t i = 0; i < count && org != communities->top; i++) {
        at = communities_find(communities, org);
        if (at == NULL || at->kind == LOVEBANK__V1__ORG_KIND__ORG_KIND_COMMUNITY) {
            return at;
        }
        org = at->parent;
    }
    return NULL;
}

void communities_free(struct communities *communities)
{
    if (communities->orgs != NULL) {
        cli_free_response(&communities->orgs->base);
    }
    *communities = (struct communities){0};
}
