/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * principal_list: operators and devices by number, with the roles they have today.
 */
#include "lovebank/v1/queries.pb-c.h"
#include "principal_info.h"

#define PRINCIPAL_ROWS_DEFAULT 100

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
    while (has_more && rows.count < limit) {
        Lovebank__V1__PrincipalInfo *info =
            rpc_rows_add(call, &rows, &lovebank__v1__principal_info__descriptor);
        if (info == NULL || !rpc_principal_info(call, &row, info)) {
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
