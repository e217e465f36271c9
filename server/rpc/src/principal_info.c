/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Gathers what is shown of a principal from the views. No state.
 */
#include "principal_info.h"

#include "entry/message.h"

static bool principal_roles(struct rpc_call *call, uint32_t principal,
                            Lovebank__V1__PrincipalInfo *info)
{
    struct roles roles;
    struct rpc_rows rows = {0};
    roles_on(call->view.bank.views, principal, rpc_today(call), &roles);
    for (size_t i = 0; i < roles.count; i++) {
        Lovebank__V1__RoleInOrg *role =
            rpc_rows_add(call, &rows, &lovebank__v1__role_in_org__descriptor);
        if (role == NULL) {
            return false;
        }
        role->role = (Lovebank__V1__Role)roles.items[i].role;
        role->org = roles.items[i].org;
    }
    info->roles = (Lovebank__V1__RoleInOrg **)rows.items;
    info->n_roles = rows.count;
    return true;
}

bool rpc_principal_info(struct rpc_call *call, const struct principal_row *row,
                        Lovebank__V1__PrincipalInfo *info)
{
    info->principal = row->principal;
    info->is_device = row->kind == PRINCIPAL_DEVICE;
    info->name = entry_text_to_pb(&call->arena, row->name);
    info->state = (Lovebank__V1__PrincipalState)row->state;
    info->member = row->member;
    info->org = row->org;
    info->counter = row->counter;
    info->entry = row->entry;
    return !call->arena.exhausted && principal_roles(call, row->principal, info);
}

bool rpc_principal_name(struct rpc_call *call, uint32_t principal, char **text)
{
    struct principal_row row;
    if (principal == 0 || !principal_get(call->view.bank.views, principal, &row)) {
        return true;
    }
    *text = entry_text_to_pb(&call->arena, row.name);
    return !call->arena.exhausted;
}
