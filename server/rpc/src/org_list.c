/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * org_list: the tree of orgs on a day, each parent before its children, siblings by number.
 */
#include "call.h"

#include "bank/records.h"
#include "base/date.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "registry_info.h"

#include <stdlib.h>

struct org_list {
    struct org_row *rows; /* by number */
    size_t count;
    uint32_t *children; /* indexes of rows, by (parent, number) */
};

static int compare_children(const void *left, const void *right, void *context)
{
    const struct org_row *rows = context;
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    if (rows[a].parent != rows[b].parent) {
        return rows[a].parent < rows[b].parent ? -1 : 1;
    }
    return rows[a].org < rows[b].org ? -1 : rows[a].org > rows[b].org;
}

static bool org_list_collect(struct rpc_call *call, int32_t day, struct org_list *list)
{
    const struct views views = call->view.bank.views;
    struct dated_row row;
    size_t count = 0;
    for (uint64_t at = 0; dated_next(views, DATED_ORG, at, 0, INT32_MIN, &row); at = row.id + 1) {
        count++;
    }
    list->rows = arena_take_zeroed(&call->arena, count, sizeof(*list->rows));
    list->children = arena_take_zeroed(&call->arena, count, sizeof(*list->children));
    if (count > 0 && (list->rows == NULL || list->children == NULL)) {
        return false;
    }
    for (uint64_t at = 0; dated_next(views, DATED_ORG, at, 0, INT32_MIN, &row); at = row.id + 1) {
        if (org_on(views, row.id, day, &list->rows[list->count])) {
            list->children[list->count] = (uint32_t)list->count;
            list->count++;
        }
    }
    qsort_r(list->children, list->count, sizeof(*list->children), compare_children, list->rows);
    return true;
}

/* The first place in `children` whose parent is not below the given one. */
static size_t org_list_first_child(const struct org_list *list, uint64_t parent)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->rows[list->children[middle]].parent < parent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool org_list_add(struct rpc_call *call, const struct org_row *row, struct rpc_rows *rows)
{
    Lovebank__V1__Org *org = rpc_rows_add(call, rows, &lovebank__v1__org__descriptor);
    if (org == NULL) {
        return false;
    }
    org->org = row->org;
    org->parent = row->parent;
    org->kind = (Lovebank__V1__OrgKind)row->kind;
    org->name = entry_text_to_pb(&call->arena, row->name);
    org->closed = row->is_closed;
    org->from_day = row->from_day;
    return true;
}

/* Everything below `top`: a stack of places in `children`, one for each level. */
static bool org_list_walk(struct rpc_call *call, const struct org_list *list, uint64_t top,
                          struct rpc_rows *rows)
{
    size_t *places = arena_take_zeroed(&call->arena, list->count + 1, sizeof(*places));
    uint64_t *parents = arena_take_zeroed(&call->arena, list->count + 1, sizeof(*parents));
    if (places == NULL || parents == NULL) {
        return false;
    }
    size_t depth = 0;
    parents[0] = top;
    places[0] = org_list_first_child(list, top);
    for (;;) {
        const size_t place = places[depth];
        const bool has_one =
            place < list->count && list->rows[list->children[place]].parent == parents[depth];
        if (!has_one) {
            if (depth == 0) {
                return true;
            }
            depth--;
            continue;
        }
        const struct org_row *row = &list->rows[list->children[place]];
        places[depth]++;
        if (!org_list_add(call, row, rows)) {
            return false;
        }
        depth++;
        parents[depth] = row->org;
        places[depth] = org_list_first_child(list, row->org);
    }
}

bool rpc_orgs_below(struct rpc_call *call, uint64_t top, int32_t day, struct rpc_rows *rows)
{
    struct org_list list = {0};
    return org_list_collect(call, day, &list) && org_list_walk(call, &list, top, rows);
}

enum lb_result rpc_org_list(struct rpc_call *call)
{
    const Lovebank__V1__OrgListRequest *request =
        (const Lovebank__V1__OrgListRequest *)call->request;
    const int32_t day = request->has_day ? request->day : rpc_today(call);
    Lovebank__V1__OrgListResponse *response = rpc_call_respond(call);
    struct rpc_rows rows = {0};
    if (response == NULL) {
        return LB_MEMORY;
    }
    if (request->under != 0) {
        struct org_row top;
        if (!org_on(call->view.bank.views, request->under, day, &top)) {
            const struct verdict unknown = {.code = LB_ORG_UNKNOWN, .a = (int64_t)request->under};
            return rpc_call_fail(call, unknown);
        }
        if (!org_list_add(call, &top, &rows)) {
            return LB_MEMORY;
        }
    }
    if (!rpc_orgs_below(call, request->under, day, &rows)) {
        return LB_MEMORY;
    }
    response->orgs = (Lovebank__V1__Org **)rows.items;
    response->n_orgs = rows.count;
    return LB_OK;
}
