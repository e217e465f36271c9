/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * principal_list: operators and devices by number, with the roles they have today, as far as they
 * are in the caller's scope. A page looks at a bounded number of them, so it may be short, even
 * empty, and yet not be the last.
 */
#include "authorise.h"
#include "lovebank/v1/queries.pb-c.h"
#include "principal_info.h"

#define PRINCIPAL_ROWS_DEFAULT 100
#define PRINCIPAL_LOOKS_MAX    LB_PAGE_ROWS_MAX

static bool principal_is_in_scope(struct rpc_call *call, uint64_t org)
{
    return rpc_may(call, RIGHT_READ_PRINCIPALS, org, rpc_today(call));
}

static bool principal_is_opened_by_caller(struct rpc_call *call, const struct principal_row *row)
{
    struct bytes packed;
    struct entry entry;
    return engine_view_entry(&call->view, row->entry, &packed, &entry) == LB_OK &&
           rpc_is_own(call, &entry);
}

/* Oneself, those with a role in the caller's scope, devices there; and those whom the caller has
 * opened, as they may have no role yet. */
static bool principal_is_shown(struct rpc_call *call, const struct principal_row *row)
{
    struct roles roles;
    const uint64_t home = row->kind == PRINCIPAL_DEVICE ? row->org : 0;
    bool is_shown = row->principal == call->actor.principal || principal_is_in_scope(call, home);
    roles_on(call->view.bank.views, row->principal, rpc_today(call), &roles);
    for (size_t i = 0; i < roles.count && !is_shown; i++) {
        is_shown = principal_is_in_scope(call, roles.items[i].org);
    }
    return is_shown || principal_is_opened_by_caller(call, row);
}

static bool principal_add(struct rpc_call *call, const struct principal_row *row,
                          struct rpc_rows *rows)
{
    Lovebank__V1__PrincipalInfo *info =
        rpc_rows_add(call, rows, &lovebank__v1__principal_info__descriptor);
    return info != NULL && rpc_principal_info(call, row, info);
}

enum lb_result rpc_principal_list(struct rpc_call *call)
{
    const Lovebank__V1__PrincipalListRequest *request =
        (const Lovebank__V1__PrincipalListRequest *)call->request;
    const struct views views = call->view.bank.views;
    const uint32_t wanted = request->limit == 0 ? PRINCIPAL_ROWS_DEFAULT : request->limit;
    const uint32_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    Lovebank__V1__PrincipalListResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct rpc_rows rows = {0};
    struct principal_row row = {.principal = request->after};
    bool has_more = row.principal < UINT32_MAX && principal_next(views, row.principal + 1, &row);
    for (unsigned i = 0; has_more && rows.count < limit && i < PRINCIPAL_LOOKS_MAX; i++) {
        if (principal_is_shown(call, &row) && !principal_add(call, &row, &rows)) {
            return LB_MEMORY;
        }
        response->next = row.principal;
        has_more = row.principal < UINT32_MAX && principal_next(views, row.principal + 1, &row);
    }
    response->next = has_more ? response->next : 0;
    response->principals = (Lovebank__V1__PrincipalInfo **)rows.items;
    response->n_principals = rows.count;
    return LB_OK;
}
