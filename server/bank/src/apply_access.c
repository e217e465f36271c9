/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold of acts on operators, devices, credentials and roles. Pure.
 */
#include "apply.h"

#include "bank/records.h"
#include "bank/roles.h"
#include "records_write.h"

static void apply_operator(struct views views, const struct entry *entry)
{
    const struct act_operator_open *act = &entry->command.act.operator_open;
    uint32_t principal = (uint32_t)entry->assigned;
    principal_put(views, &(struct principal_row){.principal = principal,
                                                 .kind = PRINCIPAL_OPERATOR,
                                                 .state = PRINCIPAL_ACTIVE,
                                                 .entry = entry->number,
                                                 .member = act->member,
                                                 .name = act->login});
    login_put(views, act->login, principal);
    sequence_raise(views, SEQUENCE_PRINCIPAL, principal);
}

static void apply_device(struct views views, const struct entry *entry)
{
    const struct act_device_open *act = &entry->command.act.device_open;
    uint32_t principal = (uint32_t)entry->assigned;
    principal_put(views, &(struct principal_row){.principal = principal,
                                                 .kind = PRINCIPAL_DEVICE,
                                                 .state = PRINCIPAL_ACTIVE,
                                                 .entry = entry->number,
                                                 .org = act->org,
                                                 .counter = act->counter,
                                                 .name = act->name});
    token_put(views, act->token_hash, principal);
    sequence_raise(views, SEQUENCE_PRINCIPAL, principal);
}

static void apply_principal(struct views views, const struct entry *entry)
{
    const struct act_principal_set *act = &entry->command.act.principal_set;
    struct principal_row row;
    if (!principal_get(views, act->principal, &row)) {
        return;
    }
    if (act->state != PRINCIPAL_UNSPECIFIED) {
        row.state = act->state;
    }
    if (act->member != 0) {
        row.member = act->member;
    }
    principal_put(views, &row);
}

/* The list holds from its day on: what was set before for later days is void, so that roles taken
 * away do not come back by themselves. */
static void apply_roles(struct views views, const struct entry *entry)
{
    const struct act_role_set *act = &entry->command.act.role_set;
    struct dated_row later;
    while (dated_from(views, DATED_ROLES, act->principal, 0, entry->day + 1, &later)) {
        dated_del(views, &later);
    }
    roles_put(views, act->principal, entry->day, &act->roles, entry->number);
}

void apply_access(const struct bank *bank, const struct entry *entry)
{
    struct views views = bank->views;
    if (bank->power_memo != NULL) {
        bank->power_memo->is_set = false;
    }
    if (entry->command.kind == ACT_OPERATOR_OPEN) {
        apply_operator(views, entry);
    } else if (entry->command.kind == ACT_DEVICE_OPEN) {
        apply_device(views, entry);
    } else if (entry->command.kind == ACT_PRINCIPAL_SET) {
        apply_principal(views, entry);
    } else if (entry->command.kind == ACT_ROLE_SET) {
        apply_roles(views, entry);
    } /* a credential stands beside the ledger: the engine puts it there */
}
